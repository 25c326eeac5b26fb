"""The states of a page: small workspaces that each show something else, and how they become sites in this process."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from shutil import copytree
from zlib import adler32

from tests.benchmarks.corpus import deal
from tests.benchmarks.formats import planmark_plan
from tests.conftest import Files, write
from tests.looking import texts
from tests.page.site import TODAY

from planmark.build.build import STATE, Options
from planmark.build.build import build as build_sites
from planmark.build.preview import Preview
from planmark.plan.events import Event
from planmark.shipped import THEMES
from planmark.site.pictures.store import PICTURES
from planmark.site.theme import available

CHECKOUT = Path(__file__).parents[2]
FORMS = "https://forms.halyard.example"
"""Where forms lead in states that have them, unless another place is given. Nothing answers there."""
SHARED = (PICTURES, "templates")
"""What builds keep that is true in any workspace: what was drawn, and compiled templates."""
ADDRESS = "https://plans.halyard.example/plan/"
_OWN_THEME = re.compile("(?m)^theme: .*\n")


@dataclass(frozen=True)
class State:
    """A workspace and the deal in it that is shown. Without `files` it is the example workspace of this repository."""

    deal: str
    files: Files | None = None
    forms: bool = False
    acts: Sequence[Event] = ()
    today: date = TODAY


def themes() -> list[str]:
    """The names of the themes that ship."""
    return available(THEMES.parent)


def states() -> dict[str, State]:
    """Every state by its name, the plainest first."""
    return {
        "empty": State("empty", _workspace("empty", texts.EMPTY)),
        "five": State("five", _workspace("five", texts.FIVE)),
        "five-forms": State("five", _workspace("five", texts.FIVE), forms=True),
        "thirty": State("thirty", bench()),
        "said": State("five", _workspace("five", texts.FIVE), forms=True, acts=texts.SAID),
        "long": State("long", _workspace("long", texts.LONG, "de-DE"), forms=True),
        "arabic": State("arabic", _workspace("arabic", texts.ARABIC, "ar", texts.ARABIC_SELLER), forms=True),
        "japanese": State("japanese", _workspace("japanese", texts.JAPANESE, "ja", texts.JAPANESE_SELLER)),
        "lost": State("five", _workspace("five", texts.FIVE + "state: {is: lost, on: 2026-11-20}\n"), acts=texts.SAID),
        "paused": State("five", _workspace("five", texts.FIVE + "state: {is: paused, on: 2026-11-20}\n")),
        "won": State("five", _workspace("five", texts.DONE + "state: {is: won, on: 2026-11-20}\n")),
        "expired": State("five", _workspace("five", texts.FIVE + "expires: 2026-11-20\n"), forms=True),
        "juniper": State("juniper"),
        "northwind": State("northwind"),
        "northwind-forms": State("northwind", forms=True),
        "harbour": State("harbour", forms=True),
    }


def bench() -> Files:
    """The deal of the benchmarks: thirty tasks."""
    d = deal(0)
    plan = planmark_plan(d)
    return {"planmark.yaml": "seller: {name: Bench Seller}\n", "content/thirty/plan.yaml": plan, "content/thirty/overview.md": d.body}


def build(state: State, theme: str, scratch: Path, to: Path, forms: str = FORMS, address: str = ADDRESS) -> Path:
    """Build a state in a theme, as `planmark build` does but for the PDF, and give the folder of its site, which lies in `to`.

    `scratch` is where workspaces are left, with what is drawn in them; `forms` is the receiver's origin, `address` that of `to`.
    """
    workspace = _workspace_of(state, theme, scratch)
    preview = Preview({"kind": "planmark", "url": forms}, address, {state.deal: state.acts}) if state.forms or state.acts else None
    options = Options(deals=(state.deal,), today=state.today, workers=1, pdf="later", preview=preview)
    report = build_sites(workspace, options)
    wrong = [problem for problem in report.problems if problem.severity == "error"]
    assert not wrong, wrong
    made = next((workspace / "build" / "sites").glob(f"{state.deal}*"))
    return copytree(made, to / made.name)


def _workspace_of(state: State, theme: str, scratch: Path) -> Path:
    """The workspace of a state, written where it is not there yet, with its theme set."""
    if state.files is None:
        workspace = scratch / "examples"
        if not workspace.exists():
            copytree(CHECKOUT / "content", workspace / "content")
            for plan in workspace.glob("content/*/plan.yaml"):  # each has a theme of its own, and is to be seen in all of them
                plan.write_text(_OWN_THEME.sub("", plan.read_text(encoding="utf-8")), encoding="utf-8")
        settings = _OWN_THEME.sub("", (CHECKOUT / "planmark.yaml").read_text(encoding="utf-8"))
    else:
        # two states may have a deal of the same name
        workspace = scratch / f"{state.deal}-{adler32(repr(state.files).encode()):08x}"
        write(workspace, state.files)
        settings = str(state.files["planmark.yaml"])
    write(workspace, {"planmark.yaml": f"theme: {theme}\n{settings}"})
    kept = workspace / "build" / STATE
    if not kept.exists():
        # what takes longest is done once for all of them
        kept.mkdir(parents=True)
        for name in SHARED:
            (scratch / name).mkdir(exist_ok=True)
            (kept / name).symlink_to(scratch / name, target_is_directory=True)
    return workspace


def pages(site: Path) -> list[str]:
    """The names of a site's pages, the plan's first page first."""
    return sorted((path.name for path in site.glob("*.html")), key=lambda name: (name != "index.html", name))


def chosen(wanted: Iterable[str], among: Iterable[str]) -> list[str]:
    """Those that are wanted, in their own order; all of them when nothing is."""
    among, wanted = list(among), set(wanted)
    unknown = wanted.difference(among)
    if unknown:
        raise SystemExit(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(among)}")
    return [one for one in among if not wanted or one in wanted]


def _workspace(name: str, plan: str, locale: str = "en-GB", seller: str = texts.SELLER) -> Files:
    return {"planmark.yaml": f"{seller}locale: {locale}\n", f"content/{name}/plan.yaml": plan}
