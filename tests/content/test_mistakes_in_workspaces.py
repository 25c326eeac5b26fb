"""Mistakes in planmark.yaml, in themes and their templates, and between deals; and several of them at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest
from tests.wrong import wrong

from planmark.build.build import Options, build
from planmark.problems import in_order

PLAN = "content/acme/plan.yaml"
OTHER = "content/beta/plan.yaml"
KEY = "share_key: k7w2m9x4c3hq5d8rj6p1t0bn2v"
Files = Mapping[str, str | bytes]
MakePlan = Callable[[str], str]
MakeWorkspace = Callable[[Files], Path]
Mistakes = Callable[[Files], list[str]]

THE_WORKSPACE: dict[str, tuple[str, ...]] = {
    "a misspelt key": ("seler: Lumen", "1:1 PM201 did you mean `seller`?"),
    "a person without an id": ("people:\n  - {name: Dana Whitfield}", "2:5 PM202 plans name this person by it: `id: dana`"),
    "a person's id twice": (
        "people: [{id: dana, name: Dana}, {id: dana, name: Dan}]",
        "1:39 PM305 give one of the two another id",
    ),
    "a contact who is nobody": ("people: [{id: dana, name: Dana}]\ncontact: dan", "2:10 PM301 did you mean `dana`?"),
    "a contact whose id is wrong, told once": ("people: [{ide: dana, name: Dana}]\ncontact: dana", "1:11 PM201 did you mean `id`?"),
    "a city for a time zone": ("timezone: New York", "1:11 PM217 did you mean `America/New_York`?"),
    "a rule that does not exist": ("rules: {R99: off}", "1:9 PM204 rules are R1 to R30"),
    "a severity that does not exist": ("rules: {R2: loud}", "1:13 PM204 write one of: off, warning, error"),
    "days without a unit": ("rules: {R8: {warn_after: 7}}", "1:26 PM209 write days or weeks: 7d or 3w"),
    "a key twice": ("theme: default\ntheme: default", "2:1 PM103 keep one of the two"),
    "a logo that is not there": (
        "seller: {name: Lumen, logo: files/lumen.svg}",
        "1:29 PM401 put it into the deal's folder, or into content/_library; planmark.yaml names files of content/_library",
    ),
    "a list": ("- Lumen", "1:1 PM112 it starts with keys: `title: …`"),
    "several": (
        "seler: Lumen\nlocale: pl\ncontact: dana",
        "1:1 PM201 did you mean `seller`?",
        "2:9 PM216 write one of en, de, fr, es, nl, pt, it, sv, ja, ar, with a country where it matters: en-GB",
        "3:10 PM301 add them to `people`",
    ),
}


@pytest.mark.parametrize("mistake", THE_WORKSPACE)
def test_a_mistake_in_the_workspace_file_is_shown_there(mistake: str, acme: MakePlan, mistakes: Mistakes) -> None:
    text, *problems = THE_WORKSPACE[mistake]
    found = [one for one in mistakes({"planmark.yaml": text, PLAN: acme("")}) if one.startswith("planmark.yaml")]
    assert found == [f"planmark.yaml:{one}" for one in problems]


def test_an_empty_workspace_file_and_no_deals_are_fine(mistakes: Mistakes) -> None:
    assert mistakes({}) == []


OWN = "themes/own/theme.yaml"
THEMES: dict[str, tuple[Files, str, str, str]] = {
    "a theme that does not exist": ({}, PLAN, "PM501", "a theme is a folder below themes/ with a theme.yaml"),
    "a misspelt theme": ({"themes/on/theme.yaml": ""}, PLAN, "PM501", "did you mean `on`?"),
    "a theme that extends itself": ({OWN: "extends: own"}, PLAN, "PM501", "let one of them extend `default`"),
    "themes that extend each other": (
        {OWN: "extends: two", "themes/two/theme.yaml": "extends: own"},
        PLAN,
        "PM501",
        "let one of them extend `default`",
    ),
    "a colour that is none": ({OWN: "light: {accent: teal}"}, f"{OWN}:1:17", "PM215", 'write six hexadecimal digits in quotes: "#0F5C5C"'),
    "a theme that is no YAML": ({OWN: "name: Own: ours"}, f"{OWN}:1:10", "PM107", "put the text in quotes"),
    "a style sheet that is not there": ({OWN: "styles: [own.css]"}, OWN, "PM401", "put it there, or take it out of `styles`"),
    "a template's syntax": (
        {OWN: "", "themes/own/page.html": "<p>\n\n{% if %}\n"},
        "themes/own/page.html:3:1",
        "PM502",
        "compare it with the theme's own template",
    ),
    "an unknown filter": (
        {OWN: "", "themes/own/page.html": "<p>\n{{ plan.title|shout }}\n"},
        "themes/own/page.html:2:1",
        "PM502",
        "compare it with the theme's own template",
    ),
    "an unknown name": (
        {OWN: "", "themes/own/page.html": "\n\n{{ deal.title }}"},
        "themes/own/page.html:3:1",
        "PM503",
        "docs/themes.md lists what a template receives",
    ),
    "a misspelt field, in a block that the default's page includes": (
        {OWN: "", "themes/own/blocks/footer.html": "<p>\n{{ plan.titel }}\n"},
        "themes/own/blocks/footer.html:2:1",
        "PM503",
        "docs/themes.md lists what a template receives",
    ),
    "a template that fails": (
        {OWN: "", "themes/own/page.html": "\n{{ 1 / 0 }}"},
        "themes/own/page.html:2:1",
        "PM504",
        "docs/themes.md lists what a template receives",
    ),
    "a template that is not there": (
        {OWN: "", "themes/own/page.html": "\n{% include 'blocks/mine.html' %}"},
        "themes/own/page.html:2:1",
        "PM505",
        "add it to themes/own, or extend `default`",
    ),
}
WIDGETS = {
    "a block that is near": ("sharse", "did you mean `shares`?"),
    "a block of one's own": ("overtime", "put it at themes/own/blocks/overtime.html"),
}


@pytest.mark.parametrize("mistake", WIDGETS)
def test_a_widget_without_its_block_is_told(mistake: str, acme: MakePlan, workspace: MakeWorkspace) -> None:
    name, hint = WIDGETS[mistake]
    lines = f"theme: own\nresources: [{{id: sum, title: Sum, kind: widget, block: {name}}}]"
    root = workspace({PLAN: acme(lines), OWN: ""})
    (problem,) = build(root, Options(today=date(2026, 11, 22), workers=1)).problems
    assert (problem.code, problem.hint, problem.location.path) == ("PM505", hint, PLAN)
    assert problem.message == f"the theme `own` has no block `{name}`, which the widget `sum` shows"
    (root / f"themes/own/blocks/{name}.html").parent.mkdir()
    (root / f"themes/own/blocks/{name}.html").write_text("<p>{{ resource.title }}, {{ plan.title }}: 1 &times; 2</p>")
    assert build(root, Options(today=date(2026, 11, 22), workers=1)).problems == []
    (page,) = (root / "build/sites").glob("*/index.html")
    assert re.search(r'<div class="widget">\s*<p>Sum, [^<]*: 1 &times; 2</p>', page.read_text())


@pytest.mark.parametrize("mistake", THEMES)
def test_a_theme_that_cannot_be_used_is_told_where_it_is_wrong(mistake: str, acme: MakePlan, workspace: MakeWorkspace) -> None:
    files, place, code, hint = THEMES[mistake]
    root = workspace({PLAN: acme("theme: own"), **files})
    (problem,) = build(root, Options(today=date(2026, 11, 22), workers=1)).problems
    assert str(problem.location).startswith(place)
    assert (problem.code, problem.hint) == (code, hint)
    assert not list((root / "build").glob("sites/*/*"))


def test_the_team_own_default_cannot_extend_the_one_that_ships(acme: MakePlan, mistakes: Mistakes) -> None:
    (found,) = mistakes({"themes/default/theme.yaml": "extends: default", PLAN: acme("")})
    assert found.endswith("PM501 give your theme another name")


def test_two_deals_with_one_link_are_both_told(acme: MakePlan, mistakes: Mistakes) -> None:
    found = mistakes({PLAN: acme(KEY), OTHER: acme(KEY), "content/gamma/plan.yaml": acme("")})
    assert [one.split()[:2] for one in found] == [[PLAN, "PM601"], [OTHER, "PM601"]]
    assert all("`planmark new`" in one and "`continues:`" in one for one in found)


def test_a_deal_that_goes_on_under_the_same_link_is_fine(acme: MakePlan, mistakes: Mistakes) -> None:
    assert mistakes({PLAN: acme(KEY), OTHER: acme("continues: acme")}) == []


def test_two_deals_with_one_id_and_no_key_are_both_told(acme: MakePlan, mistakes: Mistakes) -> None:
    found = mistakes({PLAN: acme("id: beta"), OTHER: acme("")})
    assert [(*one.split()[:2], one.partition("PM602 ")[2]) for one in found] == [
        (PLAN, "PM602", "give one of the two another `id`"),
        (OTHER, "PM602", "give one of the two another `id`"),
    ]


@pytest.mark.parametrize(
    ("first", "second", "collides"),
    [("Plan", "Index", True), ("Plan", "Privacy", True), ("Plan", "Prices!", True), ("Prices", "Plan", False)],
)
def test_two_pages_of_one_name_are_told_at_the_second(first: str, second: str, collides: bool, acme: MakePlan, mistakes: Mistakes) -> None:
    pages = [{"title": first}, {"title": "Prices"}, {"title": second}]
    lines = "pages:\n" + "".join(f"  - {{title: {page['title']}, sections: [people]}}\n" for page in pages)
    found = mistakes({PLAN: acme(lines)})
    assert found == ([f"{PLAN}:4:13 PM602 give it another title"] if collides else [])


def test_a_circle_of_tasks_is_named_whole(acme: MakePlan, workspace: MakeWorkspace) -> None:
    tasks = "[{id: a, title: A, after: [c]}, {id: b, title: B, after: [a]}, {id: c, title: C, after: [b]}]"
    (problem,) = wrong(workspace({PLAN: acme(f"stages: [{{title: S, tasks: {tasks}}}]")}))
    assert problem.message == "these tasks wait for each other: a → c → b → a"


def test_a_circle_of_dates_is_named_whole(acme: MakePlan, workspace: MakeWorkspace) -> None:
    task = "{id: sign, title: A, due: 3d after start}"
    lines = f"start: 5d before target\ntarget: 5d after sign\nstages: [{{title: S, tasks: [{task}]}}]"
    (problem,) = wrong(workspace({PLAN: acme(lines)}))
    assert problem.message == "`5d before target` counts from itself: target → sign → start → target"


def test_every_file_is_told_about_at_once_and_in_order(acme: MakePlan, mistakes: Mistakes) -> None:
    found = mistakes(
        {
            "content/_library/resources.yaml": "- {id: demo, title: Demo, kind: film}\n",
            OTHER: acme("objectiv: Fast\nsummary: overview.md\nkept_by: mara\nlocale: pl\ntarget: someday"),
            "content/beta/overview.md": "# Hello\n\n[x](javascript:alert(1))\n",
            "content/beta/meetings/2026-11-03-kickoff.md": "[x](a.pdf)",
            PLAN: "title: Rollout\ntitle: Roll-out\naccount: {nam: Acme}\n",
            "content/gamma/plan.yaml": "title: 'Rollout\n",
            "content/Delta/plan.yaml": acme(""),
        }
    )
    assert [" ".join(one.split()[:-1][:3]) if one.startswith("content/Delta") else one for one in found] == [
        "content/Delta PM214 rename",
        "content/_library/resources.yaml:1:33 PM204 write one of: video, recording, deck, image, document, sheet, case_study, "
        "review, tour, training, security, price_quote, form, meeting, link, widget",
        f"{PLAN}:1:1 PM202 write at least one person: `people: [{{id: maria, name: Maria Lindqvist, party: buyer}}]`",
        f"{PLAN}:1:1 PM202 write at least one stage with one task",
        f"{PLAN}:1:1 PM202 write the date that both sides work back from: `target: 2027-01-29`",
        f"{PLAN}:2:1 PM103 keep one of the two",
        f"{PLAN}:3:11 PM201 did you mean `name`?",
        "content/beta/meetings/2026-11-03-kickoff.md:1:5 PM401 put it into the deal's folder, or into content/_library",
        "content/beta/overview.md:3:5 PM406 link to https://, mailto:, tel: or a file of the deal",
        f"{OTHER}:1:1 PM201 did you mean `objective`?",
        f"{OTHER}:3:10 PM301 did you mean `maria`?",
        f"{OTHER}:4:9 PM216 write one of en, de, fr, es, nl, pt, it, sv, ja, ar, with a country where it matters: en-GB",
        f"{OTHER}:5:9 PM205 write 2026-11-03, a month (2026-11), or something like `10d before target`",
        "content/gamma/plan.yaml:1:8 PM101 close it",
    ]


def test_problems_come_in_the_order_of_the_file(acme: MakePlan, workspace: MakeWorkspace) -> None:
    lines = "".join(f"unknown_{number}: x\n" for number in range(12)) + "kept_by: nobody\ncontact: nobody"
    found = wrong(workspace({PLAN: acme(lines)}))
    assert [problem.location.line for problem in found] == list(range(1, 15))
    assert found == in_order(reversed(found))
