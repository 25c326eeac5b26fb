"""A team's own theme: colours, style sheets and templates, laid over the one that ships."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from tests.conftest import Files, write
from tests.media import font

from planmark.build.build import Options, build
from planmark.plan.people import Brand
from planmark.problems import Location, PlanmarkError
from planmark.site.environment import environment
from planmark.site.sheets import styles
from planmark.site.theme import DEFAULT, available, load_theme

PLAN = """\
account: Acme
title: Rollout
target: 2027-01-29
people: [{id: maria, name: Maria}]
stages: [{id: start, title: Start, tasks: [{id: sign, title: Sign}]}]
responsibilities: [{party: buyer, what: Bring the data}]
"""
WHERE = Location("planmark.yaml")
WOFF2 = font()


class Site:
    """A workspace of one deal, and its site as it was built."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def build(self, files: Files, plan: str = PLAN) -> Site:
        """Write files, and build."""
        write(self.root, {"planmark.yaml": "theme: own\n", "content/acme/plan.yaml": plan, **files})
        report = build(self.root, Options(today=date(2026, 11, 22), workers=1, pdf="none"))
        assert report.problems == []
        return self

    @property
    def folder(self) -> Path:
        """Where the site is."""
        (found,) = (self.root / "build" / "sites").iterdir()
        return found

    def page(self, name: str = "index.html") -> str:
        """A page's HTML."""
        return (self.folder / name).read_text(encoding="utf-8")

    @property
    def css(self) -> str:
        """The style sheet that the page loads."""
        named = re.search(r'<link rel="stylesheet" href="(assets/plan\.[0-9a-f]{10}\.css)">', self.page())
        assert named
        return (self.folder / named[1]).read_text(encoding="utf-8")

    def colour(self, name: str, dark: bool = False) -> str:
        """A colour of the page by day or by night."""
        block = self.css.split("@media (prefers-color-scheme:dark)", 1)[dark]
        found = re.search(rf"--{name}:([^;}}]+)", block)
        assert found
        return found[1]


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_a_theme_of_one_line_is_the_default_in_another_colour(site: Site) -> None:
    site.build({"themes/own/theme.yaml": 'light: {accent: "#7A1F5C"}\n'})
    assert site.colour("accent") == "#7a1f5c"
    assert site.colour("paper") == "#ffffff"
    assert "Bring the data" in site.page()


def test_dark_paper_takes_from_light_what_it_does_not_say(site: Site) -> None:
    theme = 'light: {paper: "#fffdf8", accent: "#7A1F5C", line: "#112233"}\ndark: {paper: "#14120e"}\n'
    site.build({"themes/own/theme.yaml": theme})
    assert (site.colour("paper"), site.colour("paper", dark=True)) == ("#fffdf8", "#14120e")
    assert site.colour("accent", dark=True) == "#7a1f5c"
    assert site.colour("line") == "#112233"
    assert site.colour("line", dark=True) != "#112233"


def test_a_brand_goes_over_the_theme_and_the_deals_over_the_workspaces(site: Site) -> None:
    theme = {"themes/own/theme.yaml": 'light: {accent: "#7A1F5C", second: "#334455"}\n'}
    brand = {"planmark.yaml": 'theme: own\nbrand: {accent: "#1B4FC4", second: "#0E5468"}\n'}
    site.build({**theme, **brand})
    assert (site.colour("accent"), site.colour("second")) == ("#1b4fc4", "#0e5468")
    site.build({**theme, **brand}, PLAN + 'brand: {accent: "#8B0000"}\n')
    assert (site.colour("accent"), site.colour("second")) == ("#8b0000", "#0e5468")
    assert site.colour("accent", dark=True) == "#8b0000"


def test_tokens_are_custom_properties_and_new_ones_may_be_made(site: Site) -> None:
    site.build({"themes/own/theme.yaml": 'tokens: {radius: 0, font-head: "Charter, serif", own-shade: 12px}\n'})
    assert site.colour("radius") == "0"
    assert site.colour("font-head") == "Charter,serif"
    assert site.colour("own-shade") == "12px"
    assert site.colour("measure") == "64ch"


def test_style_sheets_follow_those_of_the_theme_below_in_order(site: Site) -> None:
    site.build(
        {
            "themes/own/theme.yaml": "extends: base\nstyles: [one.css, two.css]\nprint: print.css\n",
            "themes/own/assets/one.css": ".one { color: red }",
            "themes/own/assets/two.css": ".two { color: red }",
            "themes/own/assets/print.css": ".on-paper { color: red }",
            "themes/base/theme.yaml": "styles: base-own.css\n",
            "themes/base/assets/base-own.css": ".base-own { color: red }",
        }
    )
    places = [site.css.index(text) for text in ("--paper", ".masthead", ".base-own", ".one{", ".two{")]
    assert places == sorted(places)
    assert "@layer tokens,default,base,own;" in site.css
    assert re.search(r"@layer base\{\.base-own\{.*@layer own\{\.one\{", site.css)
    assert ".on-paper" not in site.css
    assert any(".on-paper" in path.read_text(encoding="utf-8") for path in site.folder.glob("assets/print.*.css"))


def test_a_theme_may_stand_on_another_of_the_teams_own(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "themes/own/theme.yaml": 'extends: base\nlight: {accent: "#111111"}\ntokens: {radius: 1px}\n',
            "themes/own/blocks/footer.html": "own footer",
            "themes/base/theme.yaml": 'light: {accent: "#222222", second: "#333333"}\ntokens: {radius: 2px, bar: 3px}\n',
            "themes/base/blocks/footer.html": "base footer",
            "themes/base/blocks/people.html": "base people",
        },
    )
    theme = load_theme(tmp_path, "own", WHERE)
    assert theme.names == ("own", "base", "default")
    assert (theme.light["accent"], theme.light["second"], theme.light["paper"]) == ("#111111", "#333333", "#ffffff")
    assert (theme.tokens["radius"], theme.tokens["bar"], theme.tokens["measure"]) == ("1px", "3px", "64ch")
    env = environment(theme)
    names = ("blocks/footer.html", "blocks/people.html", "base:blocks/footer.html")
    assert [env.get_template(name).render() for name in names] == ["own footer", "base people", "base footer"]
    assert env.get_template("page.html").filename == env.get_template("default:page.html").filename


def test_a_block_of_ones_own_takes_the_place_of_the_defaults(site: Site) -> None:
    block = "<ul>{% for one in plan.responsibilities %}<li>{{ one.party.short }}: {{ one.what }}!</li>{% endfor %}</ul>"
    site.build({"themes/own/theme.yaml": "", "themes/own/blocks/responsibilities.html": block})
    assert "<ul><li>Acme: Bring the data!</li></ul>" in site.page()
    assert 'id="task-sign"' in site.page()


def test_a_skeleton_of_ones_own_keeps_what_it_does_not_change(site: Site) -> None:
    page = '{% extends "default:page.html" %}{% block footer %}<p>Acme Ltd, Leeds</p>{{ super() }}{% endblock %}'
    site.build({"themes/own/theme.yaml": "", "themes/own/page.html": page})
    for name in ("index.html", "privacy.html"):
        assert site.page(name).count("<p>Acme Ltd, Leeds</p>") == 1
        assert "<footer" in site.page(name)


def test_a_template_that_is_edited_changes_the_page(site: Site) -> None:
    files = {"themes/own/theme.yaml": "", "themes/own/blocks/footer.html": "<footer>First</footer>"}
    assert "<footer>First</footer>" in site.build(files).page()
    later = site.build({**files, "themes/own/blocks/footer.html": "<footer>Second, and longer</footer>"}).page()
    assert "<footer>Second, and longer</footer>" in later
    assert "First" not in later


def test_a_style_sheet_that_is_edited_has_another_name(site: Site) -> None:
    files = {"themes/own/theme.yaml": "styles: own.css\n", "themes/own/assets/own.css": "p { margin: 0 }"}
    before = {path.name for path in site.build(files).folder.glob("assets/plan.*.css")}
    after = {
        path.name for path in site.build({**files, "themes/own/assets/own.css": "p { margin: 10px }"}).folder.glob("assets/plan.*.css")
    }
    assert len(before) == len(after) == 1
    assert before != after


@pytest.mark.parametrize("written", ['url("mark.svg")', "url('mark.svg')", "url(mark.svg)"])
def test_a_picture_that_a_style_sheet_names_goes_along_under_its_digest(written: str, site: Site) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg"/>'
    css = f"h1 {{ background: {written} }} h2 {{ background: url(data:image/png;base64,AAAA) }} h3 {{ background: url(gone.svg) }}"
    site.build({"themes/own/theme.yaml": "styles: own.css\n", "themes/own/assets/own.css": css, "themes/own/assets/mark.svg": svg})
    named = re.search(r'h1\{background:url\("(mark\.[0-9a-f]{10}\.svg)"\)\}', site.css)
    assert named
    assert (site.folder / "assets" / named[1]).read_text(encoding="utf-8") == svg
    assert "url(data:image/png;base64,AAAA)" in site.css
    assert "url(gone.svg)" in site.css
    assert "img-src 'self'" in unescape(site.page())


def test_a_picture_of_the_theme_below_is_found_and_ones_own_goes_before_it(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "themes/own/theme.yaml": "extends: base\nstyles: own.css\n",
            "themes/own/assets/own.css": "a { background: url(one.svg) } b { background: url(two.svg) }",
            "themes/own/assets/two.svg": "own",
            "themes/base/theme.yaml": "",
            "themes/base/assets/one.svg": "base",
            "themes/base/assets/two.svg": "base",
        },
    )
    theme = load_theme(tmp_path, "own", WHERE)
    loads = styles(theme, Brand()).first.loads
    assert sorted(path.read_text(encoding="utf-8") for path in loads.values()) == ["base", "own"]


def test_a_brands_font_goes_along_and_a_themes_own_goes_before_it(site: Site) -> None:
    files: dict[str, str | bytes] = {"planmark.yaml": "theme: own\nbrand: {font: files/brand.woff2}\n"}
    files |= {"themes/own/theme.yaml": "", "content/_library/files/brand.woff2": WOFF2}
    css = site.build(files).css
    named = re.search(r'@font-face\{font-family:"Brand";src:url\("(brand\.[0-9a-f]{10}\.woff2)"\)', css)
    assert named
    assert (site.folder / "assets" / named[1]).read_bytes()[:4] == b"wOF2"
    assert f'<link rel="preload" href="assets/{named[1]}" as="font" type="font/woff2" crossorigin>' in site.page()
    assert "font-src 'self'" in unescape(site.page())
    fonts = r"--(font-body|font-head):([^;}]+)"
    brands = {"font-body": '"Brand","Brand stand-in",ui-sans-serif,system-ui,sans-serif', "font-head": "var(--font-body)"}
    assert dict(re.findall(fonts, css)) == brands
    css = site.build({**files, "themes/own/theme.yaml": 'tokens: {font-head: "Charter, serif"}'}).css
    assert dict(re.findall(fonts, css)) == brands | {"font-head": "Charter,serif"}


Refused = Callable[[Files, str], tuple[str, str, str]]


@pytest.fixture
def refused(tmp_path: Path) -> Refused:
    """Code, place and message of the only problem that a theme has."""

    def load(files: Files, name: str) -> tuple[str, str, str]:
        write(tmp_path, files)
        with pytest.raises(PlanmarkError) as caught:
            load_theme(tmp_path, name, WHERE)
        (problem,) = caught.value.problems
        return problem.code, str(problem.location), problem.message

    return load


ROWS: dict[str, tuple[Files, str, tuple[str, str, str]]] = {
    "no theme": ({}, "own", ("PM501", "planmark.yaml", "there is no theme `own`")),
    "a folder without theme.yaml": ({"themes/own/page.html": ""}, "own", ("PM501", "planmark.yaml", "there is no theme `own`")),
    "an unknown theme below": ({"themes/own/theme.yaml": "extends: base"}, "own", ("PM501", "planmark.yaml", "there is no theme `base`")),
    "a theme elsewhere": ({"theme.yaml": ""}, "..", ("PM501", "planmark.yaml", "there is no theme `..`")),
    "a loop": (
        {"themes/a/theme.yaml": "extends: b", "themes/b/theme.yaml": "extends: c", "themes/c/theme.yaml": "extends: a"},
        "a",
        ("PM501", "planmark.yaml", "these themes extend each other: a → b → c → a"),
    ),
    "a default of ones own that is not whole": (
        {"themes/default/theme.yaml": "name: Ours"},
        DEFAULT,
        ("PM501", "planmark.yaml", "the theme `default` has no colour `paper`"),
    ),
    "a missing sheet": (
        {"themes/own/theme.yaml": "print: print.css"},
        "own",
        ("PM401", "themes/own/theme.yaml", "there is no style sheet `assets/print.css`"),
    ),
    "a sheet that is no text": (
        {"themes/own/theme.yaml": "styles: own.css", "themes/own/assets/own.css": b"\xff\xfep"},
        "own",
        ("PM110", "themes/own/assets/own.css", "the style sheet is not UTF-8"),
    ),
    "a colour that is none": (
        {"themes/own/theme.yaml": "dark: {accent: teal}"},
        "own",
        ("PM215", "themes/own/theme.yaml:1:16", "`teal` is not a colour"),
    ),
    "a key twice": (
        {"themes/own/theme.yaml": "name: One\nname: Two\n"},
        "own",
        ("PM103", "themes/own/theme.yaml:2:1", "`name` stands here twice (line 1)"),
    ),
}


@pytest.mark.parametrize("name", ROWS)
def test_a_theme_that_cannot_be_used_says_why(name: str, refused: Refused) -> None:
    files, theme, said = ROWS[name]
    assert refused(files, theme) == said


def test_all_themes_at_hand_are_known_by_name(tmp_path: Path) -> None:
    write(tmp_path, {"themes/own/theme.yaml": "", "themes/draft/page.html": ""})
    assert available(tmp_path) == ["default", "folio", "own", "poster"]


def test_a_sheet_of_the_same_name_takes_the_place_of_the_one_below(site: Site) -> None:
    site.build(
        {
            "themes/own/theme.yaml": "extends: base\nstyles: [two.css, own.css]\n",
            "themes/own/assets/two.css": ".own-two { top: 0 }",
            "themes/own/assets/own.css": ".own { top: 0 }",
            "themes/base/theme.yaml": "styles: [one.css, two.css, three.css]\n",
            "themes/base/assets/one.css": ".base-one { top: 0 }",
            "themes/base/assets/two.css": ".base-two { top: 0 }",
            "themes/base/assets/three.css": ".base-three { top: 0 }",
        }
    )
    places = [site.css.index(text) for text in (".base-one", ".own-two", ".base-three", ".own{")]
    assert places == sorted(places)
    assert ".base-two" not in site.css
    assert site.css.count(".own-two") == 1
