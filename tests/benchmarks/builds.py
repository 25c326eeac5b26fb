"""Group `builds`: how long builds and rebuilds take beside the peers, what they load, and how soon an edit shows."""

from __future__ import annotations

import itertools
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from statistics import median

from . import formats, generators, latency, peers
from .corpus import slug_of
from .generators import PLANMARK, Generator
from .latency import Latency
from .machine import versions
from .measure import Bench, Run, Spread, Subject, ratios, walls
from .report import Figure, Section, Table, mebibytes, seconds, spread_of_ratios, spread_of_seconds
from .startup import start_up

EDITS = 10
NO_CHANGE_SHARE = 0.10
ONE_CHANGE_SHARE = 0.15
COLD_SHARE = 2.0
VERSION_SECONDS = 0.15
MEMORY_MIB = 250
NOT_FOR_NO_CHANGE = ("pydantic", "jinja2")
LIBRARIES = ("click", "pydantic", "jinja2", "markdown-it-py", "pyyaml", "watchfiles", "livereload")

SERVER_HEAD = ("Server", "Edit of data", "Edit of prose", "Start to first page", "Memory")
NOTES = (
    "Targets are for 1,000 deals and 5 runs.",
    "Medians, lowest to highest in brackets; ratios are medians of ratios of two builds run right after one another.",
    "Cold: no output and no cache of the generator's own. File-system cache and bytecode are warm for all.",
    "The peers render one page a deal, of the same content. Planmark renders all of a deal's files but the PDF, "
    "checks the plan and keeps what the next build needs.",
    "Start-up: a process that only imports what that build imports and builds the same pydantic models.",
    f"Save to page: a deal's page is asked for every 2 ms after the save; medians of {EDITS} edits. Memory of servers: "
    "proportional set size with child processes.",
    "Peak memory: highest of up to 3 cold builds with the default number of workers.",
)
# Counted over all edits: a title given twice would be no change, whatever the file's date says.
_EDIT_NUMBERS = itertools.count(1)

Runs = Mapping[str, Sequence[Run]]


def measure(bench: Bench, deals: int, runs: int) -> Section:
    """All figures of this group, from builds in turn (Eleventy, Hugo, Planmark, Eleventy, ...) in one go."""
    installed = peers.install(bench.work)
    hugo = generators.hugo(bench.work, deals, installed)
    planmark = generators.planmark(bench.work, deals)
    # Hugo right before Planmark: these two are compared pair by pair
    everyone: list[Generator] = [generators.eleventy(bench.work, deals, installed), hugo, planmark]

    def in_turn(name: str, subjects: Sequence[Subject]) -> Runs:
        _say(f"{name}: {runs} x {len(subjects)} runs")
        return bench.in_turn(subjects, runs)

    _say("warming up")
    for generator in everyone:
        bench.run(_cold(generator))
    cold = in_turn("cold", [_cold(g) for g in everyone])
    sizes = [_size(g) for g in everyone]
    unchanged = in_turn("no change", [_no_change(g) for g in everyone])
    changed = in_turn("one deal changed", [_one_change(g) for g in everyone])

    loaded = _imported(bench, _no_change(planmark))
    started = in_turn("start-up", [start_up(bench, _one_change(planmark)), _one_change(planmark)])
    ask_version = Subject("version", [*PLANMARK, "--version"], planmark.folder)
    version = in_turn("version", [ask_version])["version"]
    _say("memory")
    memory = [bench.peak_together(_cold(planmark)) for _ in range(min(runs, 3))]
    served: dict[str, Latency] = {}
    for generator in everyone:
        _say(f"edit to page: {generator.name}")
        served[generator.name] = latency.measure(bench, generator, EDITS)

    ours, theirs = served[planmark.name], served[hugo.name]
    share = ratios(started["start-up"], started[planmark.name])
    figures = [
        _compared("No-change build", NO_CHANGE_SHARE, unchanged),
        _compared("Build after one deal changed", ONE_CHANGE_SHARE, changed),
        _compared("Cold build", COLD_SHARE, cold),
        _quick_version(walls(version)),
        _light_imports(loaded),
        Figure("Start-up's share of a build after one change", "-", f"{spread_of_ratios(share)} of its time"),
        _modest_memory(memory),
        _prompt("Save to page, an edit of data", ours.data, theirs.data),
        _prompt("Save to page, an edit of prose", ours.body, theirs.body),
    ]
    kinds = {"Cold": cold, "No change": unchanged, "One deal changed": changed}
    builds = [_row(kind, name, found[name]) for kind, found in kinds.items() for name in found]
    return Section(
        title=f"Builds: {deals:,} deals of 30 tasks, no PDFs",
        figures=figures,
        tables=[
            Table("Builds, medians", ("Build", "Generator", "Wall", "CPU", "Largest process"), builds, names=2),
            Table("Development servers", SERVER_HEAD, [_server_row(name, found) for name, found in served.items()]),
        ],
        notes=[*NOTES, _sizes_note(sizes), *_load_notes(bench, [cold, unchanged, changed, started])],
        versions=[
            f"Planmark {bench.output(ask_version).split()[-1]}",
            *versions(LIBRARIES),
            f"Hugo {peers.HUGO} extended",
            f"Eleventy {peers.ELEVENTY}",
            f"Node {peers.NODE}",
        ],
    )


def _cold(generator: Generator) -> Subject:
    return Subject(generator.name, generator.build(), generator.folder, generator.clean, generator.check)


def _no_change(generator: Generator) -> Subject:
    return Subject(generator.name, generator.build(), generator.folder, check=generator.check)


def _one_change(generator: Generator) -> Subject:
    """A build right after a deal's first task got another title, which its page must then show."""
    slug = slug_of(generator.deals // 2)
    tokens: list[str] = []

    def prepare() -> None:
        tokens.append(f"Edited{next(_EDIT_NUMBERS)}")
        formats.edit(generator.source(slug, "data"), tokens[-1], "data")

    def check() -> None:
        generator.check()
        generator.check_shows(tokens[-1], slug)

    return Subject(generator.name, generator.build(), generator.folder, prepare, check)


def _imported(bench: Bench, subject: Subject) -> list[str]:
    """Every module that the command and its child processes import."""
    said = bench.output(subject, PYTHONPROFILEIMPORTTIME="1")
    return re.findall(r"^import time:\s*\d+ \|\s*\d+ \|\s+(\S+)$", said, re.MULTILINE)


def _compared(name: str, limit: float, found: Runs) -> Figure:
    ours, theirs = found["Planmark"], found["Hugo"]
    ratio = ratios(ours, theirs)
    measured = f"{spread_of_ratios(ratio)}: {seconds(walls(ours).median)} against {seconds(walls(theirs).median)}"
    return Figure(name, f"≤ {limit:.2f} of Hugo's", measured, ratio.median <= limit)


def _quick_version(found: Spread) -> Figure:
    return Figure(
        "`planmark --version`",
        f"≤ {seconds(VERSION_SECONDS)}",
        spread_of_seconds(found),
        found.median <= VERSION_SECONDS,
    )


def _light_imports(loaded: Sequence[str]) -> Figure:
    packages = {name.partition(".")[0] for name in loaded}
    heavy = [name for name in NOT_FOR_NO_CHANGE if name in packages]
    measured = f"{', '.join(heavy) or 'neither'}; {len(loaded)} modules in all"
    # no module at all would mean that the interpreter's report was not found
    met = not heavy and "planmark" in packages
    return Figure("Of pydantic and jinja2, a no-change build imports", "neither", measured, met)


def _modest_memory(found: Sequence[tuple[float, float]]) -> Figure:
    largest, together = (max(values) for values in zip(*found, strict=True))
    measured = f"{mebibytes(together)} all processes together, {mebibytes(largest)} the largest"
    return Figure("Peak memory of a cold build", f"≤ {MEMORY_MIB} MiB", measured, max(largest, together) <= MEMORY_MIB)


def _prompt(name: str, ours: Spread, theirs: Spread) -> Figure:
    measured = f"{spread_of_seconds(ours)} against {spread_of_seconds(theirs)}"
    return Figure(name, "≤ Hugo's", measured, ours.median <= theirs.median)


def _row(kind: str, name: str, runs: Sequence[Run]) -> list[str]:
    def middle(of: Callable[[Run], float]) -> float:
        return median(map(of, runs))

    cpu, largest = middle(lambda run: run.cpu), middle(lambda run: run.memory)
    return [kind, name, spread_of_seconds(walls(runs)), seconds(cpu), mebibytes(largest)]


def _server_row(name: str, found: Latency) -> list[str]:
    data, body = spread_of_seconds(found.data), spread_of_seconds(found.body)
    return [name, data, body, seconds(found.start), mebibytes(found.memory)]


def _size(generator: Generator) -> str:
    pages = generator.pages()
    files = [path for page in pages for path in page.parent.rglob("*") if path.is_file()]
    page, everything = (sum(p.stat().st_size for p in paths) / len(pages) / 1024 for paths in (pages, files))
    count = len(files) / len(pages)
    return f"{generator.name} {page:.0f} KiB, all that is made for a deal {everything:.0f} KiB in {count:.0f}"


def _sizes_note(sizes: Sequence[str]) -> str:
    return f"A deal's page, and the size and number of its files: {'; '.join(sizes)}."


def _load_notes(bench: Bench, phases: Sequence[Runs]) -> list[str]:
    others = Spread.of(run.others for phase in phases for runs in phase.values() for run in runs)
    notes = [f"Other processes took {others.median:.0%} of a core in the median run, {others.high:.0%} in the worst."]
    if bench.quiet.left <= 0:
        notes.append("The machine was busy: waiting for quiet moments was given up on the way.")
    return notes


def _say(step: str) -> None:
    print(f"  {step}", file=sys.stderr, flush=True)
