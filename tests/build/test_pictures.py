"""What a reader gets of a deal's images, documents and fonts: small, upright, with nothing of their makers in them, and the same twice."""

from __future__ import annotations

import io
import json
import re
import shutil
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from PIL import Image, ImageCms, ImageFile
from tests.build.small import TODAY
from tests.media import PNG, font, pdf

from planmark.build.build import Options, build
from planmark.build.report import Report

PLAN = """\
account: Northwind
title: One build plan
target: 2027-01-29
people:
  - {id: maria, name: Maria, photo: files/photo.jpg}
stages:
  - {title: Evaluate, tasks: [{title: Sign, owner: maria}]}
contact: maria
summary: |
  ![The line](files/photo.jpg)
resources:
  - {id: photo, title: The line, file: files/photo.jpg}
  - {id: paper, title: The paper, file: files/paper.pdf}
"""
HERE = (51, 55, 0), (4, 28, 0)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    files = tmp_path / "content" / "northwind" / "files"
    files.mkdir(parents=True)
    (tmp_path / "planmark.yaml").touch()
    (files.parent / "plan.yaml").write_text(PLAN, encoding="utf-8")
    (files / "photo.jpg").write_bytes(photo((1600, 900)))
    (files / "paper.pdf").write_bytes(pdf(3))
    return tmp_path


def photo(size: tuple[int, int], orientation: int = 6) -> bytes:
    """A photo as a telephone makes it: on its side, with the place where it was taken; its left half is red, its right half blue."""
    image = Image.new("RGB", size, "red")
    image.paste((0, 0, 255), (size[0] // 2, 0, size[0], size[1]))
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = orientation, "SECRET-CAMERA"
    exif.get_ifd(0x8825).update({1: "N", 2: HERE[0], 3: "E", 4: HERE[1]})
    buffer = io.BytesIO()
    image.save(
        buffer,
        "JPEG",
        exif=exif.tobytes(),
        comment=b"SECRET-COMMENT",
        icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
    )
    return buffer.getvalue()


def built(workspace: Path) -> Report:
    return build(workspace, Options(today=TODAY, pdf="none"))


def site(workspace: Path) -> Path:
    (found,) = (workspace / "build" / "sites").iterdir()
    return found


def page(workspace: Path) -> str:
    return (site(workspace) / "index.html").read_text(encoding="utf-8")


def files(workspace: Path) -> dict[str, bytes]:
    return {path.relative_to(site(workspace)).as_posix(): path.read_bytes() for path in site(workspace).rglob("*") if path.is_file()}


def pictures(workspace: Path) -> list[Path]:
    return [path for path in (site(workspace) / "assets").iterdir() if path.suffix in (".webp", ".jpg", ".png")]


def test_nothing_of_the_camera_goes_out(workspace: Path) -> None:
    assert built(workspace).ok
    assert len(pictures(workspace)) > 4
    for path in pictures(workspace):
        with Image.open(path) as image:
            image.load()
            assert dict(image.getexif()) == {}, path.name
            assert not {"icc_profile", "exif", "xmp", "comment"} & set(image.info), path.name
    everything = b"".join(files(workspace).values())
    assert b"SECRET" not in everything
    assert b"Exif" not in everything


def test_a_photo_that_lies_on_its_side_is_turned_upright(workspace: Path) -> None:
    built(workspace)
    (large,) = (site(workspace) / "assets").glob("photo.*.jpg")
    with Image.open(large) as image:
        assert image.size == (900, 1600)
        red, blue = image.convert("RGB").getpixel((450, 100)), image.convert("RGB").getpixel((450, 1500))
    assert isinstance(red, tuple)
    assert isinstance(blue, tuple)
    assert red[0] > 200
    assert blue[2] > 200


def test_every_picture_of_a_page_has_the_size_that_it_says(workspace: Path) -> None:
    built(workspace)
    shown = re.findall(r"<img [^>]*>", page(workspace))
    assert shown
    for tag in shown:
        said = dict(re.findall(r'([a-z-]+)="([^"]*)"', tag))
        with Image.open(site(workspace) / said["src"]) as image:
            assert image.size == (int(said["width"]), int(said["height"]))
        for candidate in filter(None, said.get("srcset", "").split(", ")):
            path, width = candidate.split(" ")
            with Image.open(site(workspace) / path) as image:
                assert f"{image.width}w" == width


def test_only_what_a_page_or_its_data_names_is_made(workspace: Path) -> None:
    built(workspace)
    said = page(workspace) + (site(workspace) / "plan.json").read_text(encoding="utf-8")
    for path in pictures(workspace):
        assert f"assets/{path.name}" in said


def test_colours_of_a_wide_gamut_become_those_of_every_screen(workspace: Path) -> None:
    wide = ImageCms.createProfile("LAB")
    image = Image.new("RGB", (64, 64), (120, 60, 200))
    buffer = io.BytesIO()
    image.save(buffer, "PNG", icc_profile=ImageCms.ImageCmsProfile(wide).tobytes())  # a profile that doesn't fit the pixels
    (workspace / "content/northwind/files/photo.jpg").unlink()
    (workspace / "content/northwind/files/photo.png").write_bytes(buffer.getvalue())
    text = PLAN.replace("photo.jpg", "photo.png")
    (workspace / "content/northwind/plan.yaml").write_text(text, encoding="utf-8")
    assert built(workspace).ok


def test_the_same_bytes_from_the_store_and_without_it(workspace: Path) -> None:
    built(workspace)
    first = files(workspace)
    shutil.rmtree(workspace / "build" / "sites")
    built(workspace)
    assert files(workspace) == first
    shutil.rmtree(workspace / "build")
    built(workspace)
    assert files(workspace) == first


def test_what_no_site_shows_leaves_the_store(workspace: Path) -> None:
    built(workspace)
    store = workspace / "build/.planmark/pictures"
    assert list(store.glob("photo.*"))
    plan = PLAN.replace(", photo: files/photo.jpg", "").replace("![The line](files/photo.jpg)", "The line")
    plan = plan.replace("  - {id: photo, title: The line, file: files/photo.jpg}\n", "")
    (workspace / "content/northwind/plan.yaml").write_text(plan, encoding="utf-8")
    built(workspace)
    assert not list(store.glob("photo.*"))


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("photo.jpg", photo((1600, 900))[:3000], "it ends in the middle"),
        ("photo.jpg", b"\xff\xd8\xff" + b"nonsense", "broken"),
        ("photo.png", PNG[:20], "broken"),
        ("photo.png", PNG[:16] + (60_000).to_bytes(4, "big") * 2 + PNG[24:], "60000 × 60000 pixels"),
        ("photo.gif", b"GIF89a\x05\0\x05\0" + b"nonsense", "it cannot be read"),
    ],
)
def test_an_image_that_cannot_be_used_is_named(workspace: Path, name: str, data: bytes, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also in a process in which WeasyPrint has made Pillow take halves for wholes."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    (workspace / f"content/northwind/files/{name}").write_bytes(data)
    (workspace / "content/northwind/plan.yaml").write_text(PLAN.replace("photo.jpg", name), encoding="utf-8")
    problems = {(one.code, one.message) for one in built(workspace).problems}
    assert {code for code, _ in problems} == {"PM409"}
    assert all(said in message for _, message in problems)
    places = {one.location.path for one in built(workspace).problems}
    assert places <= {"content/northwind/plan.yaml", f"content/northwind/files/{name}"}


# ---- documents ----------------------------------------------------------------------------------------------------------


def test_a_pdf_shows_its_first_page_and_says_how_many_it_has(workspace: Path) -> None:
    built(workspace)
    (paper,) = (one for one in json.loads((site(workspace) / "plan.json").read_text())["resources"] if one["id"] == "paper")
    assert paper["pages"] == 3
    with Image.open(site(workspace) / paper["picture"]["src"]) as image:
        assert image.size == (paper["picture"]["width"], paper["picture"]["height"]) == (960, 1359)


@pytest.mark.parametrize("data", [b"%PDF-1.7\nnothing of the kind", pdf(1)[:200], b"%PDF-"])
def test_a_pdf_that_cannot_be_drawn_is_offered_all_the_same(workspace: Path, data: bytes) -> None:
    (workspace / "content/northwind/files/paper.pdf").write_bytes(data)
    assert built(workspace).ok
    (paper,) = (one for one in json.loads((site(workspace) / "plan.json").read_text())["resources"] if one["id"] == "paper")
    assert "picture" not in paper
    assert (site(workspace) / paper["href"]).read_bytes() == data


def test_a_pdf_that_takes_too_long_has_no_picture(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planmark.site.pictures.documents.SECONDS", 0.001)
    assert built(workspace).ok
    assert "-page-" not in page(workspace)


# ---- the card -----------------------------------------------------------------------------------------------------------


PUBLISHED = "publish: {default: www, www: {kind: directory, url: 'https://plans.acme.example'}}\n"


def test_where_nobody_knows_the_address_there_is_no_card(workspace: Path) -> None:
    """Who shows a link asks for the picture's whole address."""
    built(workspace)
    assert list((site(workspace) / "assets").glob("card.*")) == []
    assert "og:image" not in page(workspace)
    assert '<meta property="og:title" content="One build plan">' in page(workspace)


def test_the_card_says_the_title_and_depends_on_nothing_else_of_the_plan(workspace: Path) -> None:
    (workspace / "planmark.yaml").write_text(PUBLISHED, encoding="utf-8")
    built(workspace)
    (card,) = (site(workspace) / "assets").glob("card.*.png")
    with Image.open(card) as image:
        assert image.size == (1200, 630)
    assert card.stat().st_size < 25_000
    before = card.name, card.read_bytes()
    plan = PLAN.replace("Northwind", "Contoso").replace("2027-01-29", "2027-03-01").replace("Maria", "Marta")
    (workspace / "content/northwind/plan.yaml").write_text(plan, encoding="utf-8")
    built(workspace)
    (card,) = (site(workspace) / "assets").glob("card.*.png")
    assert (card.name, card.read_bytes()) == before
    (workspace / "content/northwind/plan.yaml").write_text(plan.replace("One build plan", "Another plan"), encoding="utf-8")
    built(workspace)
    (card,) = (site(workspace) / "assets").glob("card.*.png")
    assert card.read_bytes() != before[1]


def test_a_shared_link_shows_the_title_and_the_card(workspace: Path) -> None:
    (workspace / "planmark.yaml").write_text(PUBLISHED, encoding="utf-8")
    built(workspace)
    head = page(workspace).partition("</head>")[0]
    assert '<meta property="og:title" content="One build plan">' in head
    assert re.search(
        rf'<meta property="og:image" content="https://plans\.acme\.example/{site(workspace).name}/assets/card\.[0-9a-f]+\.png">', head
    )
    assert "Northwind" not in head


# ---- fonts --------------------------------------------------------------------------------------------------------------


def branded(workspace: Path, data: bytes, name: str = "acme.woff2", more: str = "") -> Report:
    library = workspace / "content/_library/files"
    library.mkdir(parents=True, exist_ok=True)
    (library / name).write_bytes(data)
    (workspace / "planmark.yaml").write_text(f"brand: {{font: files/{name}{more}}}\n", encoding="utf-8")
    return built(workspace)


def sent(workspace: Path) -> TTFont:
    (path,) = (site(workspace) / "assets").glob("acme.*.woff2")
    return TTFont(io.BytesIO(path.read_bytes()))


@pytest.mark.parametrize("flavor", ["woff2", "woff", ""])
def test_a_font_is_cut_down_and_keeps_its_licence(workspace: Path, flavor: str) -> None:
    letters = "".join(map(chr, range(0x20, 0x7F))) + "żЖ漢字"
    assert branded(workspace, font(letters, flavor=flavor), f"acme.{flavor or 'ttf'}").ok
    with sent(workspace) as got:
        assert {chr(one) for one in got.getBestCmap()} == set(letters) - set("Ж漢字")
        assert got["name"].getDebugName(13) == "Free to use: Acme"
        assert got["name"].getDebugName(14) == "https://acme.example/l"


def test_letters_that_a_plan_uses_stay_in_its_font(workspace: Path) -> None:
    plan = PLAN.replace("One build plan", "План 漢")
    (workspace / "content/northwind/plan.yaml").write_text(plan, encoding="utf-8")
    branded(workspace, font("План漢字abc "))
    with sent(workspace) as got:
        assert {chr(one) for one in got.getBestCmap()} == set("План漢abc ")


def test_a_font_has_a_stand_in_of_its_own_measure(workspace: Path) -> None:
    branded(workspace, font(width=912))
    (css,) = (site(workspace) / "assets").glob("plan.*.css")
    said = re.search(
        r'@font-face\{font-family:"Brand stand-in"[^}]*size-adjust:([\d.]+)%;ascent-override:([\d.]+)%;descent-override:([\d.]+)%',
        css.read_text(),
    )
    assert said
    ratio, up, down = (float(one) / 100 for one in said.groups())
    assert ratio == pytest.approx(912 / 442, rel=0.01)  # a letter of Arial is 0.442 of its size wide, on average
    assert (ratio * up, ratio * down) == (pytest.approx(0.9, rel=0.01), pytest.approx(0.3, rel=0.01))


def test_a_bold_is_a_face_of_its_own(workspace: Path) -> None:
    library = workspace / "content/_library/files"
    library.mkdir(parents=True)
    (library / "heavy.woff2").write_bytes(font(width=600))
    assert branded(workspace, font(), more=", font_bold: files/heavy.woff2").ok
    (css,) = (site(workspace) / "assets").glob("plan.*.css")
    assert re.findall(r'font-family:"Brand";font-weight:(\d+);src:url\("(acme|heavy)\.', css.read_text()) == [
        ("400", "acme"),
        ("700", "heavy"),
    ]


@pytest.mark.parametrize(("fs_type", "codes"), [(0, []), (4, []), (8, []), (2, ["PM411"]), (0x200, ["PM411"])])
def test_a_font_that_forbids_to_be_embedded_is_told_of(workspace: Path, fs_type: int, codes: list[str]) -> None:
    report = branded(workspace, font(fs_type=fs_type))
    assert [(one.code, one.severity) for one in report.problems] == [(code, "warning") for code in codes]
    assert report.ok


def test_a_font_that_forbids_to_be_cut_goes_out_whole(workspace: Path) -> None:
    branded(workspace, font("abcЖ", fs_type=0x100))
    with sent(workspace) as got:
        assert {chr(one) for one in got.getBestCmap()} == set("abcЖ")


@pytest.mark.parametrize("data", [b"wOF2" + bytes(60), font()[:-40], b"wOF2"])
def test_a_broken_font_is_told_with_its_name(workspace: Path, data: bytes) -> None:
    report = branded(workspace, data)
    assert [(one.code, str(one.location)) for one in report.problems] == [("PM410", "content/_library/files/acme.woff2")]
