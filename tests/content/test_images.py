"""How large an image is, as its first bytes say: the same as what decodes it says, for every format and however a camera was held."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from planmark.content.images import image_size, svg_size
from planmark.content.pictures import LARGE, WIDTHS, widths, within

SIDES = st.integers(1, 300)
FILES = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)


def encoded(kind: str, size: tuple[int, int], orientation: int = 1, mode: str = "RGB") -> bytes:
    buffer = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "A camera"
    more = {"exif": exif.tobytes()} if kind in ("JPEG", "WEBP", "PNG", "AVIF") else {}
    Image.new(mode, size, "red" if mode == "RGB" else None).save(buffer, kind, **more)
    return buffer.getvalue()


@FILES
@given(SIDES, SIDES, st.integers(1, 8))
def test_a_photo_has_the_size_in_which_it_is_looked_at(tmp_path: Path, wide: int, high: int, orientation: int) -> None:
    path = tmp_path / "x.jpg"
    path.write_bytes(encoded("JPEG", (wide, high), orientation))
    with Image.open(path) as image:
        assert image_size(path, "jpg") == ImageOps.exif_transpose(image).size


@FILES
@given(SIDES, SIDES, st.sampled_from(("PNG", "GIF", "WEBP")))
def test_other_images_have_the_size_that_their_decoder_finds(tmp_path: Path, wide: int, high: int, kind: str) -> None:
    path = tmp_path / f"x.{kind.lower()}"
    path.write_bytes(encoded(kind, (wide, high)))
    assert image_size(path, kind.lower()) == (wide, high)


@pytest.mark.parametrize("more", [{"lossless": True}, {"lossless": False}])
def test_both_kinds_of_webp(tmp_path: Path, more: dict[str, bool]) -> None:
    path = tmp_path / "x.webp"
    Image.new("RGB", (37, 21), "red").save(path, "WEBP", **more)
    assert image_size(path, "webp") == (37, 21)


def test_an_avif(tmp_path: Path) -> None:
    path = tmp_path / "x.avif"
    path.write_bytes(encoded("AVIF", (40, 30)))
    assert image_size(path, "avif") == (40, 30)


@FILES
@given(st.sampled_from(("png", "jpg", "gif", "webp")), st.binary(max_size=80), st.integers(0, 60))
def test_whatever_is_in_a_file_it_has_a_size_or_none(tmp_path: Path, ending: str, noise: bytes, kept: int) -> None:
    path = tmp_path / "x"
    path.write_bytes(encoded({"jpg": "JPEG"}.get(ending, ending.upper()), (5, 4))[:kept] + noise)
    size = image_size(path, ending)
    assert size is None or min(size) > 0


@pytest.mark.parametrize(
    ("tag", "size"),
    [
        ('<svg width="120" height="40">', (120, 40)),
        ("<svg width='120px' height='40px'>", (120, 40)),
        ('<svg viewBox="0 0 240 80">', (240, 80)),
        ('<svg viewBox="0,0,24,8" width="120">', (120, 40)),
        ('<svg viewBox="0 0 24 8" height="40">', (120, 40)),
        ('<svg width="100%" height="100%" viewBox="0 0 30 10">', (30, 10)),
        ('<svg viewBox="nothing">', (300, 150)),
        ('<svg viewBox="0 0 0 0">', (300, 150)),
        ("<svg>", (300, 150)),
        ('<?xml version="1.0"?>\n<svg\n  viewBox="0 0 9.6 3.2"\n>', (10, 3)),
    ],
)
def test_a_drawing_has_the_size_that_it_says(tag: str, size: tuple[int, int]) -> None:
    assert svg_size(tag.encode()) == size


@given(st.binary(max_size=200))
def test_a_drawing_always_has_a_size(inside: bytes) -> None:
    wide, high = svg_size(b"<svg " + inside + b">")
    assert 0 < wide < 10**6
    assert 0 < high < 10**6


@given(st.integers(1, 20_000))
def test_an_image_is_never_shown_larger_than_it_is(width: int) -> None:
    shown = widths(width)
    assert shown == sorted(set(shown))
    assert shown[-1] == min(width, WIDTHS[-1])


@given(st.integers(1, 20_000), st.integers(1, 20_000))
def test_what_is_made_smaller_fits_and_keeps_its_shape(wide: int, high: int) -> None:
    made = within((wide, high), (LARGE, LARGE))
    assert max(made) <= LARGE
    assert made[0] <= wide
    assert made[1] <= high
    if min(made) > 50:
        assert made[0] / made[1] == pytest.approx(wide / high, rel=0.02)


def test_a_recipe_is_in_every_name() -> None:
    """Two ways of making one image never share a name: the key holds the recipe and what makes it."""
    from planmark.content import pictures

    before = pictures.made_key("digest")
    assert re.fullmatch("[0-9a-f]{10}", before)
    assert pictures.made_key("other") != before
