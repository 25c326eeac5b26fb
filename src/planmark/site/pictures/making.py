"""One file made from one image, by Pillow: turned upright, in sRGB, as large as a page shows it, with pixels in it and nothing else.

WebP: every browser since 2020 reads it. AVIF would save a seventh of a photo's bytes, and takes two to six times as long to make.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from planmark.content.images import MOST_PIXELS
from planmark.content.pictures import Making
from planmark.problems import Location, PlanmarkError, Problem

if TYPE_CHECKING:
    from PIL.Image import Image

QUALITY = 80
"""Of WebP: no fault is seen in a photo at arm's length."""
PAGE_QUALITY = 70
"""Of a document's page, which is looked at and not read."""
_FEW_COLOURS = 256
"""With no more colours than these an image is a drawing, and every pixel of it counts."""


def made(making: Making, where: Location) -> bytes:
    """The file. Raises PlanmarkError where the image is broken; `where` is its place."""
    with _told(where):
        image = _opened(making)
        if making.output.endswith(".jpg"):
            return _jpeg(image)
        return _webp(image, PAGE_QUALITY if making.use == "page" else QUALITY)


def for_paper(making: Making, where: Location) -> bytes:
    """The same picture for a PDF, which cannot hold WebP: a JPEG, or a PNG where something shows through."""
    with _told(where):
        image = _opened(making)
        if image.mode == "RGB" and not _is_drawing(image):
            return _jpeg(image)
        buffer = io.BytesIO()
        image.save(buffer, "PNG", optimize=True)
        return buffer.getvalue()


@contextmanager
def _told(where: Location) -> Iterator[None]:
    """Whatever goes wrong in a decoder is the image's fault, and is said so."""
    from PIL.Image import DecompressionBombError

    try:
        yield
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError, DecompressionBombError) as error:
        why = "it ends in the middle" if "truncated" in str(error) else "it cannot be read as an image"
        raise PlanmarkError(Problem("PM409", f"the image is broken: {why}", where, "save it anew, or export it again")) from error


def _opened(making: Making) -> Image:
    """The image's pixels, upright, in sRGB, in the size that is wanted. Of one that moves, the first."""
    import warnings

    from PIL import Image, ImageFile, ImageOps

    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint turns it on for a whole process; then half a photo would pass for one
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what libraries say of odd files is nothing that a rep could act on
        with Image.open(_file(making)) as source:
            if source.width * source.height > MOST_PIXELS:
                raise ValueError("too many pixels")
            longest = max(making.width, making.height) * (2 if making.use == "portrait" else 1)
            if source.format == "JPEG":
                source.draft(None, (longest, longest))  # decodes to a half, a quarter… where that is enough
            source.load()
            image: Image.Image = ImageOps.exif_transpose(source)
        image = _in_srgb(image)
        size = (making.width, making.height)
        if making.use == "portrait":
            return ImageOps.fit(image, size, Image.Resampling.LANCZOS, centering=(0.5, 0.4))
        if image.size != size:
            image = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
        return image


def _file(making: Making) -> str | io.BytesIO:
    """What the picture is decoded from: the image, or the drawing of a page."""
    if making.use != "page":
        return making.source
    from planmark.site.pictures.documents import drawn

    return io.BytesIO(drawn(making.source)[1])


def _in_srgb(image: Image) -> Image:
    """RGB, or RGBA where something shows through, by the profile that the image carries."""
    from PIL import ImageCms

    profile = image.info.get("icc_profile")
    clear = image.has_transparency_data
    if profile and image.mode in ("RGB", "RGBA", "CMYK", "L"):
        alpha = image.getchannel("A") if image.mode == "RGBA" else None
        with suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):  # a broken profile says nothing of the colours
            given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            colours = image if alpha is None else image.convert("RGB")
            done = ImageCms.profileToProfile(colours, given, ImageCms.createProfile("sRGB"), outputMode="RGB")
            if done is not None:
                image = done
                if alpha is not None:
                    image.putalpha(alpha)
    if image.mode in ("I;16", "I;16B", "I;16L", "I", "F"):
        low, high = (0, 65535) if image.mode != "F" else (0, 255)
        image = image.convert("F").point(lambda value: (value - low) * 255 / (high - low)).convert("L")
    return image.convert("RGBA" if clear else "RGB")


def _is_drawing(image: Image) -> bool:
    return image.getcolors(_FEW_COLOURS) is not None


def _webp(image: Image, quality: int) -> bytes:
    buffer = io.BytesIO()
    if _is_drawing(image):
        image.save(buffer, "WEBP", lossless=True, quality=75, method=4, exif=b"", icc_profile=b"", xmp=b"")
    else:
        image.save(buffer, "WEBP", quality=quality, method=4, exif=b"", icc_profile=b"", xmp=b"")
    return buffer.getvalue()


def _jpeg(image: Image) -> bytes:
    buffer = io.BytesIO()
    image.convert("RGB").save(buffer, "JPEG", quality=85, optimize=True, progressive=True, exif=b"", icc_profile=b"", comment=b"")
    return buffer.getvalue()
