"""Files that are missing, unreadable, elsewhere, or not what they say: each is told once, with its place and what to do."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from planmark.content.load import load_deal
from planmark.content.team import load_team
from planmark.content.tree import scan

PLAN = "content/acme/plan.yaml"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'
Files = Mapping[str, str | bytes]
MakePlan = Callable[[str], str]
Mistakes = Callable[[Files], list[str]]

THE_PLAN_ITSELF: dict[str, tuple[Files, str]] = {
    "an empty plan": (
        {PLAN: ""},
        f"{PLAN}:1:1 PM111 write account, title, target, people and stages; `planmark new` starts a plan for you",
    ),
    "a plan of comments": (
        {PLAN: "# to be written\n\n# soon\n"},
        f"{PLAN}:1:1 PM111 write account, title, target, people and stages; `planmark new` starts a plan for you",
    ),
    "a folder without a plan": (
        {"content/acme/overview.md": "Hello"},
        "content/acme PM605 write one; or remove the folder, and start with `planmark new acme`",
    ),
    "plan.yml": ({"content/acme/plan.yml": "title: Rollout"}, "content/acme PM605 rename plan.yml to plan.yaml"),
    "Plan.yaml": ({"content/acme/Plan.yaml": "title: Rollout"}, "content/acme PM605 rename Plan.yaml to plan.yaml"),
    "a list at the top": ({PLAN: "- Rollout\n- Acme\n"}, f"{PLAN}:1:1 PM112 it starts with keys: `title: …`"),
    "a lone text at the top": ({PLAN: "Rollout\n"}, f"{PLAN}:1:1 PM112 it starts with keys: `title: …`"),
    "a picture called plan.yaml": ({PLAN: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"}, f"{PLAN}:1:1 PM110 save it as UTF-8"),
    "UTF-16 with its mark": ({PLAN: "title: Rollout\n".encode("utf-16")}, f"{PLAN}:1:1 PM110 save it as UTF-8"),
    "UTF-16 without its mark": ({PLAN: "title: Rollout\n".encode("utf-16-le")}, f"{PLAN}:1:1 PM110 save it as UTF-8 text"),
    "Latin-1": ({PLAN: "plan_name: Plan\ntitle: Einführung\n".encode("latin-1")}, f"{PLAN}:2:1 PM110 save it as UTF-8"),
    "a NUL": ({PLAN: "plan_name: Plan\ntitle: Roll\0out\n"}, f"{PLAN}:2:1 PM110 save it as UTF-8 text"),
    "a file of five megabytes": ({PLAN: "#" * 5_000_000}, f"{PLAN} PM109 split it, or move long texts elsewhere"),
    "a hundred thousand brackets": ({PLAN: "title: " + "[" * 100_000}, f"{PLAN}:1:1007 PM108 a plan needs no more than ten"),
    "too many values": (
        {PLAN: "title: [" + "x,\n" * 200_001 + "]"},
        f"{PLAN}:199998:1 PM104 write the values themselves instead of `&` and `*`",
    ),
    "a folder that is no name": (
        {"content/Acme Corp/plan.yaml": "title: Rollout"},
        "content/Acme Corp PM214 rename the folder: lower-case letters, digits, `-` and `_`, such as `acme-corp`",
    ),
}


@pytest.mark.parametrize("mistake", THE_PLAN_ITSELF)
def test_a_plan_that_cannot_be_read_is_one_problem(mistake: str, mistakes: Mistakes) -> None:
    files, problem = THE_PLAN_ITSELF[mistake]
    assert mistakes(files) == [problem]


def demo(name: str) -> str:
    """A plan that names a file, in single quotes."""
    return f"resources: [{{title: Demo, file: '{name}'}}]"


LEAVES = "1:33 PM402 copy the file into the deal's folder and write its path from there, with `/`"
HIDDEN = "1:33 PM404 give it a name that does not start with a dot"
UNSAFE = "1:33 PM404 use letters, digits, `-` and `_`"
MISSING = "PM401 put it into the deal's folder, or into content/_library"
ADDRESS = "1:33 PM402 write it under `url`, or save the file into the deal's folder"

FILES_IT_NAMES: dict[str, tuple[str, Files, str]] = {
    "a path upwards": (demo("../demo.pdf"), {"content/demo.pdf": "%PDF-"}, LEAVES),
    "a path upwards on the way": (demo("files/../../demo.pdf"), {}, LEAVES),
    "an absolute path": (demo("/etc/passwd"), {}, LEAVES),
    "a backslash": (demo("files\\demo.pdf"), {"content/acme/files/demo.pdf": "%PDF-"}, LEAVES),
    "somebody's home": (demo("~/demo.pdf"), {}, LEAVES),
    "a drive": (demo("C:/demo.pdf"), {}, LEAVES),
    "an address": (demo("https://acme.example/demo.pdf"), {}, ADDRESS),
    "a file address": (demo("file:///etc/passwd"), {}, ADDRESS),
    "a hidden file": (demo(".demo.pdf"), {"content/acme/.demo.pdf": "%PDF-"}, HIDDEN),
    "a hidden folder": (demo("files/.old/demo.pdf"), {}, HIDDEN),
    "a device": (demo("files/con.pdf"), {"content/acme/files/con.pdf": "%PDF-"}, UNSAFE),
    "a device in capitals": (demo("files/NUL.tar.pdf"), {}, UNSAFE),
    "a question mark": (demo("files/demo?.pdf"), {}, UNSAFE),
    "a folder": (demo("files/"), {"content/acme/files/demo.pdf": "%PDF-"}, UNSAFE),
    "a missing file": (demo("files/demo.pdf"), {}, f"1:33 {MISSING}"),
    "a misspelt file": (
        demo("files/dem.pdf"),
        {"content/acme/files/demo.pdf": "%PDF-"},
        "1:33 PM401 did you mean `files/demo.pdf`?",
    ),
    "a missing file, and one of another kind that is called nearly so": (
        demo("files/deck.pdf"),
        {"content/acme/files/desk.vtt": "WEBVTT"},
        f"1:33 {MISSING}",
    ),
    "another ending": (
        demo("files/demo.pfd"),
        {"content/acme/files/demo.pdf": "%PDF-"},
        "1:33 PM401 did you mean `files/demo.pdf`?",
    ),
    "wrong capitals": (
        demo("files/Demo.pdf"),
        {"content/acme/files/demo.pdf": "%PDF-"},
        "1:33 PM401 write `files/demo.pdf`: capitals matter where the page is served",
    ),
    "a web page": (
        demo("demo.html"),
        {"content/acme/demo.html": "<p>"},
        "1:33 PM405 turn it into a PDF, an image or an office document",
    ),
    "no ending": (demo("demo"), {"content/acme/demo": "Demo"}, "1:33 PM405 turn it into a PDF, an image or an office document"),
    "a text that says it is a PDF": (
        demo("demo.pdf"),
        {"content/acme/demo.pdf": "Hello"},
        "1:33 PM405 save it anew in that format, or give it its own ending",
    ),
    "a web page that says it is a drawing": (
        "account: {name: Acme, logo: acme.svg}",
        {"content/acme/acme.svg": "<html></html>"},
        "1:29 PM405 save it as SVG, or give it its own ending",
    ),
    "a drawing with a script": (
        "account: {name: Acme, logo: acme.svg}",
        {"content/acme/acme.svg": "<svg><script>alert(1)</script></svg>"},
        "1:29 PM405 save it as a plain SVG, or as PNG",
    ),
    "a PDF for a logo": (
        "account: {name: Acme, logo: acme.pdf}",
        {"content/acme/acme.pdf": "%PDF-"},
        "1:29 PM405 use a file ending in .avif, .gif, .jpeg, .jpg, .png, .svg, .webp",
    ),
    "a text for captions": (
        "resources: [{title: Demo, captions: demo.txt}]",
        {"content/acme/demo.txt": "Hello"},
        "1:37 PM405 use a file ending in .vtt",
    ),
    "a missing Markdown file": ("summary: overview.md", {}, f"1:10 {MISSING}"),
    "a Markdown file with a capital": (
        "summary: Overview.md",
        {"content/acme/overview.md": "Hello"},
        "1:10 PM401 write `overview.md`: capitals matter where the page is served",
    ),
}


@pytest.mark.parametrize("mistake", FILES_IT_NAMES)
def test_a_file_that_cannot_be_used_is_told_where_it_is_named(mistake: str, acme: MakePlan, mistakes: Mistakes) -> None:
    lines, files, problem = FILES_IT_NAMES[mistake]
    assert mistakes({PLAN: acme(lines), **files}) == [f"{PLAN}:{problem}"]


@pytest.mark.parametrize("name", ["files/demo.pdf", "./files/demo.pdf", "files/Übersicht 2026.pdf", "library.pdf"])
def test_ordinary_names_are_no_mistake(name: str, acme: MakePlan, mistakes: Mistakes) -> None:
    files = {f"content/acme/files/{one}": "%PDF-" for one in ("demo.pdf", "Übersicht 2026.pdf")}
    assert mistakes({PLAN: acme(demo(name)), "content/_library/library.pdf": "%PDF-", **files}) == []


@pytest.mark.parametrize(
    "drawing",
    [
        "<svg onload='alert(1)'/>",
        "<svg><x:script xmlns:x='http://www.w3.org/2000/svg'>alert(1)</x:script></svg>",
        "<svg><foreignObject><b/></foreignObject></svg>",
        "<svg><a href='https://acme.example'/></svg>",
        "<svg><a xlink:href='javascript:alert(1)'/></svg>",
        "<svg><a><animate attributeName='href' to='&#106;avascript:alert(1)'/></a></svg>",
        "<svg><image href='https://acme.example/spy.png'/></svg>",
        "<svg><style>@import 'https://acme.example/spy.css'</style></svg>",
        "<svg><rect fill='url(https://acme.example/spy.svg#a)'/></svg>",
        "<!DOCTYPE svg [<!ENTITY x 'y'>]><svg/>",
        "<?xml-stylesheet href='spy.css'?><svg/>",
        "<?xml version='1.0' encoding='iso-2022-jp'?><svg><scr\x1b(Bipt/></svg>",
    ],
)
def test_a_drawing_that_runs_or_loads_something_is_refused(drawing: str, acme: MakePlan, mistakes: Mistakes) -> None:
    files = {PLAN: acme("account: {name: Acme, logo: acme.svg}"), "content/acme/acme.svg": drawing}
    assert mistakes(files) == [f"{PLAN}:1:29 PM405 save it as a plain SVG, or as PNG"]


def test_a_drawing_with_gradients_and_parts_of_its_own_is_fine(acme: MakePlan, mistakes: Mistakes) -> None:
    drawing = (
        "<?xml version='1.0' encoding='UTF-8'?><svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'>"
        "<defs><linearGradient id='a'/></defs><rect fill='url(#a)'/><use xlink:href='#a'/><image href='data:image/png;base64,AA=='/></svg>"
    )
    assert mistakes({PLAN: acme("account: {name: Acme, logo: acme.svg}"), "content/acme/acme.svg": drawing}) == []


def test_names_that_differ_only_in_capitals_are_told(acme: MakePlan, mistakes: Mistakes) -> None:
    found = mistakes({PLAN: acme(""), "content/acme/files/a.svg": SVG, "content/acme/files/A.svg": SVG})
    assert found == ["content/acme/files/a.svg PM404 rename one of them: some systems cannot keep both"]


def test_symbolic_links_are_not_followed(acme: MakePlan, mistakes: Mistakes, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "deal").mkdir(parents=True)
    (elsewhere / "deal" / "plan.yaml").write_text(acme(""), encoding="utf-8")
    (elsewhere / "demo.pdf").write_text("%PDF-", encoding="utf-8")
    content = tmp_path / "content"
    for folder in ("acme/files", "beta", "_library"):
        (content / folder).mkdir(parents=True)
    (content / "linked").symlink_to(elsewhere / "deal")
    (content / "acme" / "files" / "demo.pdf").symlink_to(elsewhere / "demo.pdf")
    (content / "acme" / "behind").symlink_to(elsewhere)
    (content / "beta" / "plan.yaml").symlink_to(elsewhere / "deal" / "plan.yaml")
    found = mistakes({PLAN: acme("resources:\n- {title: One, file: files/demo.pdf}\n- {title: Two, file: behind/demo.pdf}")})
    assert found == [
        f"{PLAN}:2:22 PM403 put the file itself there",
        f"{PLAN}:3:22 PM403 put the folder itself there",
        "content/beta/plan.yaml PM403 put the file itself there",
        "content/linked PM403 put the folder itself there",
    ]


@contextmanager
def somebody_else() -> Iterator[None]:
    """Whoever may read everything becomes somebody who may not."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="this system has no permissions of that kind")
def test_what_cannot_be_read_is_told_and_the_rest_is_read(acme: MakePlan) -> None:
    closed = ["content/acme/files/demo.pdf", "content/acme/closed", "content/beta/plan.yaml", "content/gamma"]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        root.chmod(0o755)
        lines = "resources:\n- {title: One, file: files/demo.pdf}\n- {title: Two, file: closed/demo.pdf}"
        for path, text in {
            "planmark.yaml": "",
            PLAN: acme(lines),
            "content/acme/files/demo.pdf": "%PDF-",
            "content/acme/closed/demo.pdf": "%PDF-",
            "content/beta/plan.yaml": acme(""),
            "content/gamma/plan.yaml": acme(""),
        }.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
        for path in closed:
            (root / path).chmod(0)
        problems: list[str] = []
        with somebody_else():
            team = load_team(root, {}, [])
            assert team is not None
            for name in ("acme", "beta", "gamma"):
                problems += [
                    f"{one.location} {one.code} {one.hint}" for one in load_deal(team, name, scan(root / "content" / name)).problems
                ]
        for path in closed:
            (root / path).chmod(0o755)
    assert problems == [
        f"{PLAN}:2:22 PM408 check its permissions",
        f"{PLAN}:3:22 PM408 check its permissions",
        "content/beta/plan.yaml PM408 check its permissions",
        "content/gamma PM408 check its permissions",
    ]
