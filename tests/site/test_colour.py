"""Any brand's colours give a page that can be read, on light paper and on dark."""

from __future__ import annotations

import re
from functools import cache
from math import pi

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planmark.plan.people import Brand
from planmark.problems import Location
from planmark.shipped import THEMES
from planmark.site.colour import contrast, from_oklch, legible, oklch, on, rgb, tint
from planmark.site.paper.style import paper_values
from planmark.site.sheets import styles
from planmark.site.theme import Theme, load_theme

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
PAPERS = ["#ffffff", "#fff", "#fbfaf7", "#f3f4f6", "#16181d", "#101418", "#000000"]


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000", "#fff", 21.0),
        ("#fff", "#000", 21.0),
        ("#fff", "#fff", 1.0),
        ("#767676", "#fff", 4.54),
        ("#777777", "#ffffff", 4.48),
        ("#FF0000", "#ffffff", 4.00),
        ("#0000ff", "#fff", 8.59),
        ("#00ff00", "#fff", 1.37),
        ("#595959", "#FFFFFF", 7.00),
        ("#ffff00", "#0000ff", 8.00),
        ("#959595", "#000", 7.01),
    ],
)
def test_contrast_as_the_guidelines_count_it(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)
    assert contrast(other, one) == contrast(one, other)


def test_three_digits_are_short_for_six() -> None:
    assert rgb("#0fc") == rgb("#00FFCC") == (0.0, 1.0, 0.8)


@pytest.mark.parametrize(
    ("colour", "lightness", "chroma", "hue"),
    [("#ff0000", 0.628, 0.258, 29.23), ("#00ff00", 0.866, 0.295, 142.50), ("#0000ff", 0.452, 0.313, 264.05), ("#808080", 0.600, 0.0, None)],
)
def test_lightness_chroma_and_hue_of_known_colours(colour: str, lightness: float, chroma: float, hue: float | None) -> None:
    found = oklch(colour)
    assert found[:2] == pytest.approx((lightness, chroma), abs=0.001)
    if hue is not None:
        assert found[2] * 180 / pi % 360 == pytest.approx(hue, abs=0.05)


@given(COLOURS)
def test_a_colour_comes_back_as_it_was(colour: str) -> None:
    back = from_oklch(*oklch(colour))
    assert all(abs(one - other) * 255 <= 2 for one, other in zip(rgb(colour), rgb(back), strict=True))


@given(st.floats(0.2, 1), st.floats(0, 0.5), st.floats(-pi, pi))
def test_a_colour_that_no_screen_can_show_is_made_paler(lightness: float, chroma: float, hue: float) -> None:
    found = from_oklch(lightness, chroma, hue)
    assert len(found) == 7
    assert all(0 <= part <= 1 for part in rgb(found))
    assert oklch(found)[0] == pytest.approx(lightness, abs=0.02)
    assert oklch(found)[1] <= chroma + 0.02


@settings(deadline=None, max_examples=150)
@given(COLOURS, st.sampled_from(PAPERS), st.sampled_from([3.0, 4.5, 7.0]))
def test_every_colour_can_be_read_on_every_paper(colour: str, paper: str, ratio: float) -> None:
    assert contrast(legible(colour, paper, ratio), paper) >= ratio


@settings(deadline=None, max_examples=150)
@given(COLOURS, COLOURS)
def test_text_can_be_read_on_any_colour_at_all(colour: str, paper: str) -> None:
    assert contrast(legible(colour, paper), paper) >= 4.5
    assert contrast(on(paper), paper) >= 4.5


@given(COLOURS, st.sampled_from(PAPERS))
def test_a_colour_that_can_be_read_stays_what_the_brand_chose(colour: str, paper: str) -> None:
    if contrast(colour, paper) >= 4.5:
        assert legible(colour.upper(), paper) == colour


@settings(deadline=None, max_examples=100)
@given(COLOURS, st.sampled_from(PAPERS))
def test_it_goes_no_further_than_it_must_and_keeps_its_hue(colour: str, paper: str) -> None:
    found = legible(colour, paper)
    if found != colour:
        assert found not in ("#000000", "#ffffff")
        lightness, chroma, hue = oklch(found)
        back = 0.012 if contrast(paper, "#fff") < contrast(paper, "#000") else -0.012
        assert contrast(from_oklch(lightness + back, chroma, hue), paper) < 4.5
        if chroma > 0.04:
            assert abs((oklch(colour)[2] - hue + pi) % (2 * pi) - pi) < 0.15


def test_white_is_kept_for_what_white_can_be_read_on() -> None:
    assert [on(colour) for colour in ("#0F5C5C", "#000", "#fff", "#ffd400", "#767676", "#777777")] == [
        *("#ffffff", "#ffffff", "#000000", "#000000", "#ffffff", "#000000")
    ]


def test_a_tint_has_the_colours_hue_and_no_more_chroma_than_asked() -> None:
    found = tint("#0000ff", 0.9, 0.03)
    lightness, chroma, hue = oklch(found)
    assert lightness == pytest.approx(0.9, abs=0.01)
    assert chroma <= 0.035
    assert hue == pytest.approx(oklch("#0000ff")[2], abs=0.25)
    grey = oklch(tint("#808080", 0.9, 0.03))
    assert grey[1] < 0.005


@cache
def theme() -> Theme:
    """The theme that ships."""
    return load_theme(THEMES.parent, "default", Location("planmark.yaml"))


def colours_of(css: str) -> dict[str, str]:
    """The custom properties of one block."""
    return dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{3,6})\b", css))


@settings(deadline=None, max_examples=60)
@given(COLOURS, COLOURS)
def test_a_page_in_any_brand_can_be_read_by_day_by_night_and_on_paper(accent: str, second: str) -> None:
    sheet = styles(theme(), Brand(accent=accent, second=second), None).first.css.decode()
    light, rest = sheet.split("@media (prefers-color-scheme:dark){", 1)
    dark = rest.split("}", 1)[0]
    printed = paper_values(theme(), accent, second, False)
    for found in (colours_of(light), colours_of(dark), printed):
        for ground in ("paper", "panel", "accent-tint"):
            assert contrast(found["accent-ink"], found[ground]) >= 4.5
        assert contrast(found["on-accent"], found["accent-fill"]) >= 4.5
        assert contrast(found["ink"], found["paper"]) >= 7
        assert contrast(found["muted"], found["paper"]) >= 4.5
        assert contrast(found["second"], found["paper"]) >= 3
