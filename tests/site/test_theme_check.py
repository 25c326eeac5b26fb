"""`planmark theme check`: what is wrong with a theme is said with its place, and with what to write instead."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import Files, write

from planmark.content.yamltext import read_yaml
from planmark.plan.themes import ThemeFile
from planmark.problems import PlanmarkError
from planmark.shipped import THEMES
from planmark.site.colour import contrast
from planmark.site.environment import LOGO_AREA, optical
from planmark.site.language import Language
from planmark.site.themes.accents import accents_in
from planmark.site.themes.checking import check_theme
from planmark.site.themes.pairs import PAIRS, Brands, names_of
from planmark.site.themes.rules import FILLED, colour_of, rules
from planmark.site.themes.starting import difference, override, start_theme

HARD = [Brands(f"brand {colour}", colour, colour) for colour in ("#ffe600", "#39ff14", "#000000", "#808080", "#ffffff", "#d50000")]
"""Brands that a theme has to bear."""
Said = Callable[..., list[str]]


@pytest.fixture
def said(tmp_path: Path) -> Said:
    """What the check says of the theme `own`, one line a problem; what it says of the default is for the first test."""

    def check(files: Files, brands: list[Brands] | None = None, rendered: bool = False) -> list[str]:
        write(tmp_path, files)
        problems = check_theme(tmp_path, "own", brands or [], rendered=rendered)
        return [str(problem) for problem in problems if not problem.location.path.startswith("themes/default/")]

    return check


SHIPPED = sorted(path.name for path in THEMES.iterdir() if (path / "theme.yaml").is_file())


@pytest.mark.parametrize("name", SHIPPED)
def test_the_themes_that_ship_have_nothing_wrong_whatever_the_brand(name: str, tmp_path: Path) -> None:
    assert [str(problem) for problem in check_theme(tmp_path, name, HARD)] == []


def test_a_colour_that_cannot_be_read_is_named_with_the_nearest_that_can(said: Said) -> None:
    found = said({"themes/own/theme.yaml": 'light:\n  muted: "#8d979a"\n'})
    line = (
        "themes/own/theme.yaml:2:10  PM506  on light paper `muted` (#8d979a) on `paper` (#ffffff) is 2.98:1 and needs 4.5:1: "
        "quiet text  the nearest that passes is #6e787a"
    )
    assert line in found
    assert {line.split("  ")[0] for line in found} == {"themes/own/theme.yaml:2:10"}
    assert any("`muted` (#8d979a) on `paper` (#ffffff) is 2.98:1 and needs 3:1: the mark of an open task" in line for line in found)
    assert any("edges of fields" in line for line in found)


def test_the_brand_that_fares_worst_is_named(said: Said) -> None:
    files: Files = {"themes/own/theme.yaml": 'light: {ink: "#5c5c5c"}\n'}
    found = said(files, [Brands("content/acme/plan.yaml", "#ffffff"), Brands("content/other/plan.yaml", "#000000")])
    assert any("`ink` (#5c5c5c) on `accent-line`" in line and ", with the accent #" in line for line in found), found


def test_a_rule_of_the_themes_own_is_measured_at_its_place(said: Said) -> None:
    css = ".masthead { background: #1b4fc4; }\n.kicker {\n  background: #ffe600; color: #ffffff }\n.lead { color: #fafafa }\n"
    found = said({"themes/own/theme.yaml": "styles: own.css\n", "themes/own/assets/own.css": css})
    assert found[0] == (
        "themes/own/assets/own.css:2:1  PM506  on light paper `#ffffff` (#ffffff) on `#ffe600` (#ffe600) is 1.26:1 and needs 4.5:1: .kicker"
        "  the nearest that passes is #666666"
    )
    assert [line.split("  ")[0] for line in found] == ["themes/own/assets/own.css:2:1"]


def test_a_part_with_colours_of_its_own_is_a_paper_of_its_own(said: Said) -> None:
    dark = ".masthead { --paper: #202020; --ink: #f0f0f0; --muted: #606060; background: var(--paper); color: var(--ink); }"
    files: Files = {"themes/own/theme.yaml": "styles: own.css\n", "themes/own/assets/own.css": dark}
    assert any("`muted` (#606060) on `paper` (#202020)" in line for line in said(files))


TEMPLATES: dict[str, tuple[Files, list[str]]] = {
    "a template that cannot be read": (
        {"blocks/footer.html": "<footer>\n{% if plan %}\n"},
        ["themes/own/blocks/footer.html:2:1  PM502"],
    ),
    "no UTF-8": ({"blocks/footer.html": b"\xff\xfe"}, ["themes/own/blocks/footer.html  PM110"]),
    "something that is not there": (
        {"blocks/footer.html": '\n{% include "blocks/taks.html" %}'},
        ["themes/own/blocks/footer.html:2:1  PM505  the theme has no template `blocks/taks.html`  did you mean `blocks/task.html`?"],
    ),
    "a name that a template does not receive": (
        {"blocks/footer.html": "\n\n{{ plan.colour }}"},
        ["themes/own/blocks/footer.html:3:1  PM503"],
    ),
    "a template that fails": ({"blocks/footer.html": "{{ plan.title / 2 }}"}, ["themes/own/blocks/footer.html:1:1  PM504"]),
    "a block that nothing asks for": (
        {"blocks/taks.html": "x"},
        ["themes/own/blocks/taks.html  PM508  nothing asks for the template `blocks/taks.html`  did you mean `blocks/task.html`?"],
    ),
    "a part of a block of ones own": ({"blocks/footer.html": '{% include "blocks/colours.html" %}', "blocks/colours.html": "x"}, []),
    "a stamp of another original": (
        {"blocks/footer.html": "{# from default 0123456789: stamped #}\n<footer></footer>"},
        ["themes/own/blocks/footer.html:1:1  PM507  the original in `default` has changed since  `planmark theme override own"],
    ),
    "a stamp of an original that is gone": (
        {"blocks/footer.html": '{% include "blocks/old.html" %}', "blocks/old.html": "{# from default 0123456789 #}\nx"},
        ["themes/own/blocks/old.html:1:1  PM507  it was made from `blocks/old.html` of the theme `default`, which has none any more"],
    ),
    "a token that nothing uses": (
        {"theme.yaml": "tokens: {radus: 2px, own-shade: 3px}", "assets/own.css": "p { gap: var(--own-shade) }"},
        ["themes/own/theme.yaml:1:10  PM508  nothing uses the token `radus`  did you mean `radius`?"],
    ),
    "words for what nobody says": (
        {"theme.yaml": "voice: {en: {Your next step: What is next, Your next steps: Over to you}, xx: {a: b}}"},
        [
            "themes/own/theme.yaml:1:14  PM508  no template says `Your next step`  did you mean `Your next steps`?",
            "themes/own/theme.yaml:1:75  PM508  the pages do not speak `xx`",
        ],
    ),
}


@pytest.mark.parametrize("name", TEMPLATES)
def test_templates_tokens_and_words(name: str, said: Said) -> None:
    files, wanted = TEMPLATES[name]
    own = {"theme.yaml": "", "assets/own.css": "", **files}
    own["theme.yaml"] = f"{own['theme.yaml']}\nstyles: own.css"
    found = said({f"themes/own/{path}": text for path, text in own.items()}, rendered=True)
    assert len(found) == len(wanted), found
    for line, start in zip(found, wanted, strict=True):
        assert line.startswith(start), line


def test_a_theme_that_lacks_a_section_says_which(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "themes/default/theme.yaml": 'light: {paper: "#fff", accent: "#123456"}',
            "themes/default/page.html": "x",
            "themes/default/blocks/plan.html": "x",
        },
    )
    found = [str(problem) for problem in check_theme(tmp_path, "default", [])]
    assert "themes/default  PM505  the section `summary` has no template `blocks/summary.html`  add it, or extend `default`" in found
    assert not any("`plan`" in line for line in found)


HOSTILE: dict[str, tuple[str, str]] = {
    "a rule in a token": ("tokens: {radius: '0; } body { display: none'}", "PM221"),
    "an end of the sheet in a token": ("tokens: {radius: '</style><script>'}", "PM221"),
    "a name that ends the rule": ("tokens: {'a: red; b': x}", "PM214"),
    "HTML in a voice": ('voice: {en: {Your next steps: "<script>alert(1)</script>"}}', "PM221"),
    "a place that nothing fills": ('voice: {en: {Your next steps: "%(secret)s"}}', "PM221"),
    "a lone per cent": ('voice: {en: {Your next steps: "100 % yours"}}', "PM221"),
    "a colour that is a rule": ('light: {ink: "red; } * { display: none"}', "PM215"),
    "a logo that is none": ("logo: 38px", "PM203"),
    "an unknown key": ("colours: {}", "PM201"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_theme_file_is_refused(name: str, tmp_path: Path) -> None:
    text, code = HOSTILE[name]
    write(tmp_path, {"themes/own/theme.yaml": text})
    with pytest.raises(PlanmarkError) as caught:
        check_theme(tmp_path, "own", [])
    assert [problem.code for problem in caught.value.problems] == [code]
    assert str(caught.value.problems[0].location).startswith("themes/own/theme.yaml:1:")


def test_a_folder_whose_name_is_no_layer_is_no_theme(tmp_path: Path) -> None:
    write(tmp_path, {"themes/2026 own/theme.yaml": ""})
    with pytest.raises(PlanmarkError) as caught:
        check_theme(tmp_path, "2026 own", [])
    assert caught.value.problems[0].code == "PM214"


# The table of pairs is whole: whatever the default's sheets draw is in it, or is said to be decoration.

ASSETS = THEMES / "default" / "assets"
DOCUMENT = read_yaml((THEMES / "default" / "theme.yaml").read_bytes(), "theme.yaml", [])
assert DOCUMENT
FILE = ThemeFile.model_validate(DOCUMENT.value)
SHEETS = [ASSETS / name for name in (*FILE.styles, *FILE.later)]
DRAWN = frozenset(
    (
        *("border", "border-color", "outline", "outline-color", "fill", "stroke", "text-decoration-color", "accent-color", "column-rule"),
        *(
            f"border-{side}{what}"
            for side in ("block", "inline", "block-start", "block-end", "inline-start", "inline-end", "top", "right", "bottom", "left")
            for what in ("", "-color")
        ),
    )
)
"""Properties that colour lines and shapes."""
DECOR = frozenset(
    (
        *("line", "accent-line", "accent", "panel", "accent-tint"),
        "color-mix(in srgb, var(--accent-ink) 50%, transparent)",  # the hollow ring around initials that are read
        "color-mix(in srgb, var(--accent-ink) 14%, transparent)",  # under the pointer
        "color-mix(in oklab, var(--accent-line) 70%, var(--accent-ink))",  # a field of the matrix; its numbers have a ground of their own
        "color-mix(in srgb, var(--muted) 60%, var(--paper))",  # bars of the timeline, whose dates stand in the list below it
        "color-mix(in srgb, var(--accent-ink) 50%, var(--paper))",  # those that are done
        "color-mix(in srgb, var(--second) 60%, var(--paper))",  # and their milestones
        "color-mix(in srgb, currentcolor 35%, transparent)",  # the line under a link, which has a colour of its own
    )
)
"""What is drawn and says nothing that is not said beside it: hairlines, tints, the brand's own colour as it is."""


def _drawn(value: str) -> str:
    """The colour in a value, as the table writes it."""
    mix = re.search(r"color-mix\(.*\)", value)
    if mix:
        return mix[0]
    found = re.findall(r"var\(--(?!bar\b)([\w-]+)", value)
    return found[0] if found else "" if not re.search(r"#[0-9a-f]{3}", value) else value


def test_every_colour_that_the_default_draws_is_in_the_table_of_pairs() -> None:
    assert len(SHEETS) > 1
    inks, grounds = {pair.colour for pair in PAIRS}, {pair.ground for pair in PAIRS}
    both = {(pair.colour, pair.ground) for pair in PAIRS}
    missing = []
    every = [(sheet, rule) for sheet in SHEETS for rule in rules(sheet.read_text(encoding="utf-8"))]
    handed_on = {name[2:] for _, rule in every for name in rule.values if name.startswith("--")} - inks - DECOR
    for sheet, rule in every:
        if rule.on_screen:
            text = _drawn(rule.values.get("color", ""))
            ground = next((_drawn(rule.values[name]) for name in FILLED if name in rule.values), "")
            drawn = [_drawn(value) for name, value in rule.values.items() if name in DRAWN or name[2:] in handed_on]
            where = f"{sheet.name}:{rule.line} {rule.selector[:60]}"
            missing += [f"{where}: text {text}"] if text and text not in inks | DECOR | handed_on else []
            missing += [f"{where}: ground {ground}"] if ground and ground not in grounds | DECOR | inks else []
            missing += [f"{where}: {text} on {ground}"] if text and ground and text not in handed_on and (text, ground) not in both else []
            missing += [f"{where}: line {one}" for one in drawn if one and one not in inks | DECOR | handed_on]
    assert not missing, "neither in PAIRS of site/themes/pairs.py nor in DECOR:\n" + "\n".join(missing)


def test_every_name_in_the_table_is_a_colour_of_the_default() -> None:
    css = "".join(sheet.read_text(encoding="utf-8") for sheet in SHEETS)
    for pair in PAIRS:
        for name in (*names_of(pair.colour), *names_of(pair.ground)):
            assert f"var(--{name})" in css, name


COLOURS = {"ink": "#101010", "paper": "#ffffff", "deep": "color-mix(in srgb, var(--ink) 50%, #ffffff)"}


@pytest.mark.parametrize(
    ("value", "colour"),
    [
        ("var(--ink)", "#101010"),
        ("1px solid var(--ink)", "#101010"),
        ("#ABC", "#AABBCC"),
        ("var(--none)", None),
        ("currentcolor", None),
        ("white", "#ffffff"),
        ("color-mix(in srgb, var(--ink) 50%, transparent)", "#888888"),
        ("color-mix(in srgb, var(--ink), var(--paper))", "#888888"),
        ("color-mix(in srgb, var(--ink), var(--paper) 100%)", "#ffffff"),
        ("color-mix(in oklab, #000000 100%, #ffffff)", "#000000"),
        ("color-mix(in lch, var(--none) 10%, #fff)", None),
        ("color-mix(in oklab, color-mix(in srgb, #000 50%, #fff) 100%, #fff)", "#808080"),
        ("var(--ink, #ff0000)", "#101010"),
    ],
)
def test_a_value_comes_to_a_colour(value: str, colour: str | None) -> None:
    assert colour_of(value, COLOURS, "#ffffff") == colour


@given(st.text(max_size=60))
def test_any_style_sheet_can_be_read(text: str) -> None:
    for rule in rules(text):
        for value in rule.values.values():
            found = colour_of(value, COLOURS, "#ffffff")
            assert found is None or contrast(found, "#ffffff") >= 1


def test_rules_are_found_in_layers_and_conditions() -> None:
    css = "@layer a { .x { color: red; @media print { color: blue } } @media (prefers-color-scheme: dark) { .y { color: #fff } } }"
    found = list(rules(css))
    told = [(rule.selector, rule.on_screen, rule.dark_only) for rule in found]
    assert (told[0], told[-1]) == ((".x", True, False), (".y", True, True))


# Beginning a theme, and taking a template over.


def test_a_theme_that_is_begun_works_at_once_and_is_never_written_over(tmp_path: Path) -> None:
    written = start_theme(tmp_path, "acme", "default")
    assert written == ["themes/acme/theme.yaml", "themes/acme/assets/acme.css"]
    assert check_theme(tmp_path, "acme", HARD) == []
    (tmp_path / written[0]).write_text("name: Mine\n")
    with pytest.raises(PlanmarkError) as caught:
        start_theme(tmp_path, "acme", "default")
    assert caught.value.problems[0].code == "PM607"
    assert (tmp_path / written[0]).read_text() == "name: Mine\n"
    uncommented = start_theme(tmp_path, "other", "acme")[0]
    assert "extends: acme" in (tmp_path / uncommented).read_text()


@pytest.mark.parametrize("name", ["", "..", "a/b", "Acme", "2026", "a b", "-a", "../evil"])
def test_a_name_that_is_none_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(PlanmarkError) as caught:
        start_theme(tmp_path, name, "default")
    assert caught.value.problems[0].code == "PM214"
    assert not (tmp_path / "themes").exists()


def test_every_line_that_a_new_theme_has_commented_out_may_be_used(tmp_path: Path) -> None:
    path = tmp_path / start_theme(tmp_path, "acme", "default")[0]
    lines = path.read_text().splitlines()[5:]
    path.write_text(
        "\n".join(
            line.replace("  # ", "  ", 1) if line.startswith("  # ") else line.removeprefix("# ").removeprefix("#") for line in lines
        ).replace("  radius: 6px\n", "", 1)
    )
    assert [str(problem) for problem in check_theme(tmp_path, "acme", [], rendered=False)] == []


def test_a_template_taken_over_carries_the_stamp_of_its_original(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "themes/below/theme.yaml": "",
            "themes/below/blocks/footer.html": "<footer>one</footer>\n",
            "themes/own/theme.yaml": "extends: below",
        },
    )
    assert override(tmp_path, "own", "blocks/footer.html") == "themes/own/blocks/footer.html"
    target = tmp_path / "themes/own/blocks/footer.html"
    stamp, text = target.read_text().split("\n", 1)
    assert stamp.startswith("{# from below ")
    assert text == "<footer>one</footer>\n"
    assert check_theme(tmp_path, "own", [], rendered=False) == []
    assert "from below" in difference(tmp_path, "own", "blocks/footer.html")
    with pytest.raises(PlanmarkError) as caught:
        override(tmp_path, "own", "blocks/footer.html")
    assert caught.value.problems[0].code == "PM607"
    write(tmp_path, {"themes/below/blocks/footer.html": "<footer>two</footer>\n"})
    (problem,) = check_theme(tmp_path, "own", [], rendered=False)
    assert (problem.code, problem.severity) == ("PM507", "warning")
    assert "-<footer>two</footer>\n+" in difference(tmp_path, "own", "blocks/footer.html").replace("+{#", "+{#")
    override(tmp_path, "own", "blocks/footer.html", keep=True)
    assert check_theme(tmp_path, "own", [], rendered=False) == []
    assert target.read_text().endswith("<footer>one</footer>\n")
    assert target.read_text().count("{# from") == 1


def test_what_cannot_be_taken_over_says_why(tmp_path: Path) -> None:
    write(tmp_path, {"themes/own/theme.yaml": ""})
    with pytest.raises(PlanmarkError) as caught:
        override(tmp_path, "own", "blocks/taks.html")
    assert (caught.value.problems[0].code, caught.value.problems[0].hint) == ("PM505", "did you mean `blocks/task.html`?")
    with pytest.raises(PlanmarkError):
        override(tmp_path, "own", "../../secret.html")
    with pytest.raises(PlanmarkError):
        override(tmp_path, "own", "blocks/footer.html", keep=True)


# Whose accents, and whose words.


def test_the_accents_of_a_workspace_are_its_own_and_its_deals(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "planmark.yaml": 'theme: own\nbrand: {accent: "#111111", second: "#222222"}',
            "content/a/plan.yaml": 'brand: {accent: "#333333"}\ntheme: other',
            "content/b/plan.yaml": "title: B",
            "content/c/plan.yaml": "brand: {accent: teal}",
            "content/d/plan.yaml": "[",
        },
    )
    brands, themes = accents_in(tmp_path)
    assert brands == [Brands("planmark.yaml", "#111111", "#222222"), Brands("content/a/plan.yaml", "#333333", "#222222")]
    assert themes == ["own", "other"]


def test_a_voice_speaks_in_place_of_the_interface_and_only_in_its_language() -> None:
    voice = {"en": {"Your next steps": "Over to you", "%(num)s task": "%(num)s thing", "%(num)s tasks": "%(num)s things"}}
    english, german = Language("en-GB", voice), Language("de", voice)
    assert english.gettext("Your next steps") == "Over to you"
    assert [english.ngettext("%(num)s task", "%(num)s tasks", count) for count in (1, 2)] == ["%(num)s thing", "%(num)s things"]
    assert german.gettext("Your next steps") != "Over to you"


@given(st.integers(1, 4000), st.integers(1, 4000))
def test_every_logo_covers_the_same_area(width: int, height: int) -> None:
    across = optical(width, height)
    assert across >= 1
    if 20 < across < 2000:
        assert across * across * height / width == pytest.approx(LOGO_AREA, rel=0.06)


def test_the_theme_that_the_docs_show_has_nothing_wrong(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "docs" / "themes.md").read_text(encoding="utf-8")
    files = {path: body for body, path in re.findall(r"```\w+\n((?:#|/\*|\{#) (themes/acme/\S+).*?)```", text, re.DOTALL)}
    assert {"themes/acme/theme.yaml", "themes/acme/assets/acme.css", "themes/acme/blocks/responsibilities.html"} <= set(files)
    write(tmp_path, files)
    assert [str(problem) for problem in check_theme(tmp_path, "acme", HARD)] == []
