"""How large an image is, read from its first bytes: what a page must know of it before it is drawn.

Sizes are in pixels, `(width, height)`, as the image is looked at: a camera's note that it was held upright counts.
Sources: PNG (ISO/IEC 15948, 11.2.2), JPEG (ITU-T T.81, B.2.2; Exif 2.32, tag 0x0112), GIF89a (18), WebP (RFC 9649), SVG 2 (8.2).
"""

from __future__ import annotations

import re
import struct
from pathlib import Path
from typing import BinaryIO

Size = tuple[int, int]

MOST_PIXELS = 64_000_000
"""An image may have no more: decoding it would take more than 200 MB."""
_MOST_SEGMENTS = 4096
_STARTS_OF_FRAME = frozenset((0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF))
_ORIENTATION = 0x0112
_TURNED = (5, 6, 7, 8)
_SVG_TAG = re.compile(rb"<svg\b[^>]*>", re.IGNORECASE)
_IS = rb"[ \t\r\n]*=[ \t\r\n]*[\"']"
_NUMBER = rb"[ \t\r\n]*([0-9]*\.?[0-9]+)(?:px)?[ \t\r\n]*"


def image_size(path: Path, ending: str) -> Size | None:
    """The size of the image in the file; None where it is broken. An SVG that says nothing has the size that browsers give it."""
    with path.open("rb") as file:
        try:
            match ending:
                case "svg":
                    return svg_size(file.read())
                case "png":
                    head = file.read(24)
                    found = struct.unpack(">II", head[16:24]) if head[12:16] == b"IHDR" else None
                case "gif":
                    found = struct.unpack("<HH", file.read(10)[6:10])
                case "webp":
                    found = _webp(file.read(16 + 14))
                case "avif":
                    return _by_decoder(path)
                case _:
                    found = _jpeg(file)
        except (struct.error, ValueError):
            return None
    return (found[0], found[1]) if found and found[0] and found[1] else None


def svg_size(source: bytes) -> Size:
    """What an SVG says of its size: its width and height, else those of its view box, else 300 × 150."""
    tag = _SVG_TAG.search(source)
    said = tag[0] if tag else b""
    width, height = (
        re.search(rb"\b" + name + rb"[ \t\r\n]*=[ \t\r\n]*[\"']" + _NUMBER + rb"[\"']", said) for name in (b"width", b"height")
    )
    box = re.search(rb"\bviewBox" + _IS + rb"([^\"']*)[\"']", said)
    if width and height:
        wide, high = float(width[1]), float(height[1])
    else:
        try:
            wide, high = [float(one) for one in re.split(rb"[\s,]+", box[1].strip())][2:4] if box else (300.0, 150.0)
        except ValueError:
            wide, high = 300.0, 150.0
        if width and wide > 0:
            wide, high = float(width[1]), high * float(width[1]) / wide
        elif height and high > 0:
            wide, high = wide * float(height[1]) / high, float(height[1])
    if not (0 < wide < 1e6 and 0 < high < 1e6):
        return 300, 150
    return max(1, round(wide)), max(1, round(high))


def _webp(head: bytes) -> Size | None:
    """The canvas of an extended WebP, else the frame of a lossy or a lossless one."""
    kind, data = head[12:16], head[20:]
    if kind == b"VP8X":
        return 1 + int.from_bytes(data[4:7], "little"), 1 + int.from_bytes(data[7:10], "little")
    if kind == b"VP8 " and data[3:6] == b"\x9d\x01\x2a":
        wide, high = struct.unpack("<HH", data[6:10])
        return wide & 0x3FFF, high & 0x3FFF
    if kind == b"VP8L" and data[:1] == b"\x2f":
        bits = int.from_bytes(data[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return None


def _jpeg(file: BinaryIO) -> Size | None:
    """The frame's size, turned where the Exif data says so. Segments are stepped over, not read."""
    file.seek(2)
    turned = False
    for _ in range(_MOST_SEGMENTS):
        mark = file.read(1)
        while mark and mark != b"\xff":
            mark = file.read(1)
        while mark == b"\xff":
            mark = file.read(1)
        if not mark or mark in (b"\xd9", b"\xda"):
            return None
        kind = mark[0]
        if kind == 0x01 or 0xD0 <= kind <= 0xD8:  # these stand alone
            continue
        (length,) = struct.unpack(">H", file.read(2))
        if kind in _STARTS_OF_FRAME:
            high, wide = struct.unpack(">xHH", file.read(5))
            return (high, wide) if turned else (wide, high)
        if length < 2:
            return None
        if kind == 0xE1:
            data = file.read(length - 2)
            if data.startswith(b"Exif\0\0"):
                turned = _orientation(data[6:]) in _TURNED
        else:
            file.seek(length - 2, 1)
    return None


def _orientation(tiff: bytes) -> int:
    """How a camera was held, 1 to 8; 1 where nothing or nonsense is said."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None:
        return 1
    try:
        (start,) = struct.unpack(order + "I", tiff[4:8])
        (count,) = struct.unpack(order + "H", tiff[start : start + 2])
        for entry in range(start + 2, min(start + 2 + 12 * count, len(tiff)), 12):
            tag, kind, _, value = struct.unpack(order + "HHIH", tiff[entry : entry + 10])
            if tag == _ORIENTATION:
                return int(value) if kind == 3 and 1 <= value <= 8 else 1
    except struct.error:
        pass
    return 1


def _by_decoder(path: Path) -> Size | None:
    """The size that Pillow finds. AVIF says it in many places; no page pays for this but those with such an image."""
    from PIL import Image, ImageOps

    try:
        with Image.open(path) as image:
            wide, high = image.size
            if wide * high > MOST_PIXELS:
                return wide, high
            return ImageOps.exif_transpose(image).size
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
