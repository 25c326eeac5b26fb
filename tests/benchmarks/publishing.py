"""Group `publish`: how long it takes until plans are out, all of them for the first time and one change; what readers meet meanwhile."""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from . import generators
from .corpus import slug_of
from .generators import PLANMARK
from .machine import versions
from .measure import Bench, CommandError, Run, Subject, walls
from .report import Figure, Section, Table, spread_of_seconds

if TYPE_CHECKING:
    from tests.publish.reading import Read

ONE_CHANGE = 1.5
"""Seconds."""
FIRST = 1.3
"""Times a build and a plain copy."""
PUBLISHES = 500
WITH_PAPER = 10
"""With PDFs, one of so many deals: they take a second each."""
LIBRARIES = ("click", "pydantic", "weasyprint")
NOTES = (
    "Targets are for 1,000 deals and 5 runs. Medians, lowest to highest in brackets. To a folder on the same disk, which nginx shows; "
    "what was sent is fetched back over HTTP.",
    "One change: the title of one task of one plan of those that are out; the whole command, with that plan's PDF.",
    "First publish: nothing is built and nothing is out. Each plan is checked, gets its version, is built, searched, copied, made "
    "durable and read back. Beside it: `planmark build`, and `cp -a` of the sites.",
    f"Readers: three at once, without a pause, while one plan is published {PUBLISHES} times, each with another style sheet. A fault is "
    "an answer other than 200, half a page, or a style sheet of another version than its page.",
)


def measure(bench: Bench, deals: int, runs: int) -> Section:
    """All figures of this group."""
    from tests.publish.servers import web_server

    plain, paper = _Published(bench.work, deals), _Published(bench.work, max(1, deals // WITH_PAPER))
    putting_out = [sys.executable, str(Path(__file__).with_name("putting_out.py"))]
    first = {
        f"{deals:,} deals, without PDFs": plain.beside(bench, putting_out, "--no-pdf", runs),
        f"{paper.deals:,} deals, with PDFs": paper.beside(bench, [*PLANMARK, "publish", "--all"], "", max(1, runs // 3)),
    }
    with tempfile.TemporaryDirectory() as own:
        with web_server("nginx", plain.www, Path(own, "server")) as url:
            plain.answers_at(url)
            bench.run(Subject("all are out", putting_out, plain.folder, plain.clean))
            changed = bench.in_turn([plain.one_change(bench)], runs)["one change"]
        read = _read(Path(own, "reading"))
    one = walls(changed)
    return Section(
        title=f"Publishing: {deals:,} plans of 30 tasks",
        figures=[
            Figure("Publish of one change, to a directory", f"≤ {ONE_CHANGE} s", spread_of_seconds(one), one.median <= ONE_CHANGE),
            *(_beside(name, found) for name, found in first.items()),
            Figure(
                f"Faults that readers met in {PUBLISHES} publishes",
                "0",
                f"{len(read.wrong)} in {read.answers:,} answers, {read.versions} versions",
                not read.wrong,
            ),
        ],
        tables=[Table("First publish, medians", ("Deals", "Publish", "Build, and a copy"), [_row(*found) for found in first.items()])],
        notes=NOTES,
        versions=versions(LIBRARIES),
    )


@dataclass
class _Published:
    """A workspace of the corpus's deals, and the folder that it publishes to."""

    work: Path
    deals: int

    def __post_init__(self) -> None:
        corpus = generators.planmark(self.work, self.deals).folder
        self.folder = self.work / f"publish-{self.deals}"
        self.www = self.work / f"www-{self.deals}"
        self.clean()
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(corpus, self.folder, ignore=shutil.ignore_patterns("build"))
        self.settings = (corpus / "planmark.yaml").read_text(encoding="utf-8")
        self.answers_at("http://127.0.0.1:9")

    def answers_at(self, url: str) -> None:
        """Where its folder is shown."""
        target = f"publish: {{live: {{kind: directory, path: {self.www}, url: '{url}'}}}}\n"
        (self.folder / "planmark.yaml").write_text(self.settings + target, encoding="utf-8")

    def clean(self) -> None:
        """Nothing is built, nothing is out, and no plan has a version."""
        for path in (self.folder / "build", self.www, *self.folder.glob("content/*/versions")):
            shutil.rmtree(path, ignore_errors=True)

    def beside(self, bench: Bench, publish: list[str], option: str, runs: int) -> tuple[list[Run], list[Run]]:
        """First publishes, and in turn with them builds with a plain copy of what they made."""
        _say(f"first publish of {self.deals} deals: {runs} x 2 runs")
        copy = f"cp -a build/sites {self.www}"
        build = f"{' '.join(PLANMARK)} build {option}".strip()
        subjects = [
            Subject("publish", publish, self.folder, self.clean, self._all_are_out),
            Subject("build and copy", ["sh", "-c", f"{build} && {copy}"], self.folder, self.clean, self._all_are_out),
        ]
        found = bench.in_turn(subjects, runs)
        return found["publish"], found["build and copy"]

    def _all_are_out(self) -> None:
        if (out := len(list(self.www.glob(f"{slug_of(0)[:5]}*/index.html")))) != self.deals:
            raise CommandError(f"{out} of {self.deals} deals are out")

    def one_change(self, bench: Bench) -> Subject:
        """The title of a task in the middle changes, and its plan is published."""
        slug = slug_of(self.deals // 2)
        plan = self.folder / "content" / slug / "plan.yaml"

        def edit() -> None:
            text = plan.read_text(encoding="utf-8")
            plan.write_text(re.sub(r"(- id: t09\n +title: )", r"\1Now ", text, count=1), encoding="utf-8")

        def is_sent() -> None:
            if f"{slug} is at" not in bench.said():
                raise CommandError(f"{slug} was not published: {bench.said()[-300:]}")

        return Subject("one change", [*PLANMARK, "publish", slug], self.folder, edit, is_sent)


def _read(folder: Path) -> Read:
    from tests.publish.reading import read_all_along

    folder.mkdir()
    _say(f"readers of {PUBLISHES} publishes")
    return read_all_along(folder, PUBLISHES)


def _beside(name: str, found: tuple[list[Run], list[Run]]) -> Figure:
    ratio = walls(found[0]).median / walls(found[1]).median
    return Figure(f"First publish of {name}", f"≤ {FIRST} x build and copy", f"{ratio:.2f} x", ratio <= FIRST)


def _row(name: str, found: tuple[list[Run], list[Run]]) -> tuple[str, str, str]:
    return name, spread_of_seconds(walls(found[0])), spread_of_seconds(walls(found[1]))


def _say(text: str) -> None:
    print(f"publish: {text}", file=sys.stderr, flush=True)
