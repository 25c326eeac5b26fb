"""Mistakes in Markdown, shown where they are written: in the .md file, or inside the text of a YAML file however it is folded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from planmark.build.build import Options, build

PLAN = "content/acme/plan.yaml"
MD = "content/acme/overview.md"
NOTES = "content/acme/meetings/2026-11-03-steering.md"
MISSING = "PM401 put it into the deal's folder, or into content/_library"
LINK = "PM406 link to https://, mailto:, tel: or a file of the deal"
Files = Mapping[str, str | bytes]
MakePlan = Callable[[str], str]
Mistakes = Callable[[Files], list[str]]

IN_A_FILE: dict[str, tuple[str, tuple[str, ...]]] = {
    "a missing image": ("# Hello\n\nThis is ![the line](files/line.png) two.\n", (f"3:21 {MISSING}",)),
    "a missing file": ("See\n[the order form](order-form.pdf)\n", (f"2:18 {MISSING}",)),
    "a link that runs something": ("[x](javascript:alert(1))\n", (f"1:5 {LINK}",)),
    "a link that is data": ("one\n\n* two\n* [x](data:text/html,hello)\n", (f"4:7 {LINK}",)),
    "a link to a file that is not published": (
        "[x](plan.yaml)",
        ("1:5 PM405 turn it into a PDF, an image or an office document",),
    ),
    "a link upwards": (
        "[x](../beta/plan.yaml)",
        ("1:5 PM402 copy the file into the deal's folder and write its path from there, with `/`",),
    ),
    "a link defined elsewhere": ("See [the form][form].\n\n[form]: order-form.pdf\n", (f"3:9 {MISSING}",)),
    "an image from elsewhere": (
        "![x](https://acme.example/x.png)",
        ("1:6 PM406 save it into the deal's folder: the page loads nothing from other sites",),
    ),
    "an image that is data": (
        "![x](data:image/png;base64,AA==)",
        ("1:6 PM406 save it into the deal's folder: the page loads nothing from other sites",),
    ),
    "HTML": (
        "one\n\n<div>\ntwo <b>bold</b>\n</div>\n",
        tuple(f"{at} PM407 use Markdown, or put it in backticks (warning)" for at in ("3:1", "4:5", "5:1")),
    ),
    "an encoded image name": ("![x](files/the%20line.png)", (f"1:6 {MISSING}",)),
    "two in one line": ("[a](a.pdf) and [b](b.pdf)", (f"1:5 {MISSING}", f"1:20 {MISSING}")),
    "the same twice, told once": ("[a](a.pdf) and [a](a.pdf)", (f"1:5 {MISSING}",)),
    "in a table": ("| a | b |\n|---|---|\n| [x](a.pdf) | [y](b.pdf) |\n", (f"3:7 {MISSING}", f"3:20 {MISSING}")),
    "in a list that runs over two lines": ("- one\n  two\n- three\n  [x](a.pdf)\n", (f"4:7 {MISSING}",)),
    "in Latin-1": ("Gruß", ()),
}


@pytest.mark.parametrize("mistake", IN_A_FILE)
def test_a_mistake_in_a_markdown_file_is_shown_there(mistake: str, acme: MakePlan, mistakes: Mistakes) -> None:
    text, problems = IN_A_FILE[mistake]
    assert mistakes({PLAN: acme("summary: overview.md"), MD: text}) == [f"{MD}:{one}" for one in problems]


IN_THE_PLAN: dict[str, tuple[str, str]] = {
    "a line": ("summary: See ![x](files/x.png)", "1:19"),
    "a quoted line": ("summary: 'See ![x](files/x.png)'", "1:20"),
    "a quoted line with an apostrophe": ("summary: 'It''s ![x](files/x.png)'", "1:22"),
    "a quoted line with escapes": ('summary: "A \\"quote\\",\\n\\u00e9, ![x](files/x.png)"', "1:38"),
    "a quoted text of two lines": ("summary: 'See\n\n  and ![x](files/x.png)'", "3:12"),
    "a plain text of two lines": ("summary: See\n  and ![x](files/x.png)", "2:12"),
    "a literal block": ("summary: |\n  # Hello\n\n  See ![x](files/x.png) here\n", "4:12"),
    "a literal block that is indented far": ("summary: |-\n      one\n\n      two ![x](files/x.png)\n", "4:16"),
    "a literal block with an indentation of its own": ("summary: |2\n    one\n  two ![x](files/x.png)\n", "3:12"),
    "a folded block": ("summary: >\n  one\n  two\n  three ![x](files/x.png)\n", "4:14"),
    "a folded block with paragraphs": ("summary: >-\n  one\n  two\n\n  three\n  ![x](files/x.png)\n", "6:8"),
    "a block deep inside": (
        "stages:\n  - title: S\n    tasks:\n      - title: T\n        detail: |\n          one\n\n          [x](files/x.png)\n",
        "8:15",
    ),
    "a text in braces": ("constraints: [{title: One}, {title: Two, detail: 'See [x](files/x.png)'}]", "1:59"),
    "an answer": ("faq:\n  - q: Where?\n    a: |\n      Here: [x](files/x.png)\n", "4:17"),
}


@pytest.mark.parametrize("written", IN_THE_PLAN)
def test_a_mistake_in_a_text_of_the_plan_is_shown_inside_that_text(written: str, acme: MakePlan, mistakes: Mistakes) -> None:
    lines, place = IN_THE_PLAN[written]
    assert mistakes({PLAN: acme(lines)}) == [f"{PLAN}:{place} {MISSING}"]


def test_a_mistake_in_meeting_notes_is_shown_in_the_notes(acme: MakePlan, mistakes: Mistakes) -> None:
    assert mistakes({PLAN: acme(""), NOTES: "\n# Steering\n\nSee [x](a.pdf)\n"}) == [f"{NOTES}:4:9 {MISSING}"]


def test_a_markdown_file_that_is_no_text_is_told_with_its_line(acme: MakePlan, mistakes: Mistakes) -> None:
    files = {PLAN: acme("summary: overview.md"), MD: "eins\nzwei: Gruß\n".encode("latin-1"), NOTES: "Hello".encode("utf-16")}
    assert mistakes(files) == [f"{NOTES}:1:1 PM110 save it as UTF-8", f"{MD}:2:1 PM110 save it as UTF-8"]


def test_a_mistake_in_the_library_is_shown_in_the_library_and_once(acme: MakePlan, mistakes: Mistakes) -> None:
    library = "- {id: other, title: Other}\n- id: demo\n  title: Demo\n  about: See [x](javascript:alert)\n  file: demo.pdf\n"
    found = mistakes(
        {
            "content/_library/resources.yaml": library,
            PLAN: acme("resources: [other, {id: demo, kind: deck}]"),
            "content/beta/plan.yaml": acme("stages: [{title: S, tasks: [{title: T, resources: demo}]}]"),
        }
    )
    assert found == [f"content/_library/resources.yaml:4:18 {LINK}", f"content/_library/resources.yaml:5:9 {MISSING}"]


def test_what_the_plan_says_about_a_library_resource_is_shown_in_the_plan(acme: MakePlan, mistakes: Mistakes) -> None:
    library = "- {id: demo, title: Demo, about: 'See [x](https://acme.example)'}\n"
    lines = "resources: [{id: demo, about: 'See [x](javascript:alert)'}]"
    assert mistakes({"content/_library/resources.yaml": library, PLAN: acme(lines)}) == [f"{PLAN}:1:40 {LINK}"]


@pytest.mark.parametrize("library", ["- {id: demo, titel: Demo}\n", "- {id: demo, title: Demo: it}\n", "- {id: demo}\n"])
def test_a_library_with_a_mistake_is_told_once_and_not_by_every_plan(library: str, acme: MakePlan, mistakes: Mistakes) -> None:
    lines = "resources: [demo]\nstages: [{title: S, tasks: [{title: T, resources: demo}]}]"
    found = mistakes({"content/_library/resources.yaml": library, PLAN: acme(lines), "content/beta/plan.yaml": acme(lines)})
    assert [one.partition(":")[0] for one in found] == ["content/_library/resources.yaml"]


def test_a_deal_that_needs_a_library_with_a_mistake_is_not_built_and_the_others_are(
    acme: MakePlan, workspace: Callable[[Files], Path]
) -> None:
    root = workspace(
        {
            "content/_library/resources.yaml": "- {id: demo, titel: Demo}\n",
            PLAN: acme("stages: [{title: S, tasks: [{title: T, resources: demo}]}]"),
            "content/beta/plan.yaml": acme(""),
        }
    )
    built = build(root, Options(today=date(2026, 11, 22), workers=1, pdf=False))
    assert built.failed == ["acme"]
    assert list(built.sites) == ["beta"]
