"""PDFs: what one costs beside the same HTML through plain WeasyPrint with an untuned style sheet, how large it is, and two workers.

Both are made in one process, in turn, so that what drifts falls on both alike; seconds are of the processor, which neighbours hardly
change, and each starts without the other's garbage. The untuned style sheet is that of the peers' pages (sites/plan.css).
"""

from __future__ import annotations

import gc
import json
import shutil
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from . import formats
from .generators import PLANMARK
from .measure import Bench, Spread, Subject, ratios, walls
from .report import Figure, Section, Table, seconds

PDFS = 20
SHARE = 0.6
LARGEST = 150_000
SPEED_UP = 1.7
TODAY = date(2026, 11, 22)
UNTUNED = Path(__file__).parent / "sites" / "plan.css"


def measure(bench: Bench, deals: int, runs: int) -> Section:
    """`deals` is not used: there is one deal of 30 tasks for the ratio, and 20 for the workers."""
    del deals
    one, twenty = bench.work / "paper-1", bench.work / f"paper-{PDFS}"
    for folder, count in ((one, 1), (twenty, PDFS)):
        shutil.rmtree(folder, ignore_errors=True)
        formats.write_workspace(count, folder)
    child = Subject("in one process", [sys.executable, "-m", "tests.benchmarks.papers", str(one), str(runs)], Path.cwd())
    bench.quiet.wait()
    found = json.loads(bench.output(child).strip().rpartition("\n")[2])
    ours, theirs = Spread.of(found["ours"]), Spread.of(found["theirs"])
    share = Spread.of(a / b for a, b in zip(found["ours"], found["theirs"], strict=True))
    crews = [_build(twenty, workers) for workers in (1, 2)]
    built = bench.in_turn(crews, max(1, runs // 2))
    alone, together = (built[crew.name] for crew in crews)
    faster = ratios(alone, together)
    return Section(
        "PDFs: a plan of 30 tasks",
        [
            Figure(
                "Processor time of a PDF, as a share of plain WeasyPrint's for the same HTML",
                f"≤ {SHARE}",
                f"{share.median:.2f} ({share.low:.2f}–{share.high:.2f})",
                share.median <= SHARE,
            ),
            Figure("Size of it", f"≤ {LARGEST // 1000} kB", f"{found['size'] / 1000:.0f} kB", found["size"] <= LARGEST),
            Figure(
                f"{PDFS} PDFs: one worker's wall time over two workers'",
                f"≥ {SPEED_UP}",
                f"{faster.median:.2f} ({faster.low:.2f}–{faster.high:.2f})",
                faster.median >= SPEED_UP,
            ),
        ],
        [
            Table(
                "One PDF, processor time in a warm process",
                ("What", "Median", "Low", "High", "Size"),
                [
                    ("ours, tagged", *_times(ours), f"{found['size'] / 1000:.0f} kB"),
                    ("the same HTML, plain", *_times(theirs), f"{found['their_size'] / 1000:.0f} kB"),
                ],
            ),
            Table(
                f"{PDFS} deals with their pages and PDFs, wall time of `planmark build`",
                ("Workers", "Median", "Low", "High"),
                [("1", *_times(walls(alone))), ("2", *_times(walls(together)))],
            ),
        ],
        [
            "Plain means: WeasyPrint's defaults, no tags, and the style sheet of the peers' pages, not written with its cost in mind.",
            "What ours saves: fixed column widths, signs that are letters and not boxes, values in place of custom properties, few "
            "elements, a parser of XML, and no search for garbage during a layout. Tags cost it about 5 %. What each leaves behind is "
            "cleared between the runs, outside the time.",
        ],
        tuple(found["versions"]),
    )


def _times(found: Spread) -> tuple[str, str, str]:
    return seconds(found.median), seconds(found.low), seconds(found.high)


def _build(folder: Path, workers: int) -> Subject:
    def prepare() -> None:
        shutil.rmtree(folder / "build", ignore_errors=True)

    return Subject(f"{workers} workers", [*PLANMARK, "build", "--workers", str(workers), "--today", TODAY.isoformat()], folder, prepare)


def _in_this_process(root: Path, runs: int) -> dict[str, object]:
    """Both PDFs again and again, in turn."""
    from importlib.metadata import version

    import weasyprint

    from planmark.content.acting import load_one
    from planmark.content.layout import deal_names
    from planmark.problems import Location
    from planmark.site.environment import environment
    from planmark.site.pages import with_content
    from planmark.site.paper.sheet import paper_of
    from planmark.site.pdf import make_pdf
    from planmark.site.projection import project
    from planmark.site.theme import load_theme

    where = Location("bench")
    deal = load_one(root, deal_names(root, [])[0])
    theme = load_theme(root, deal.theme, where)
    view = with_content(project(deal, TODAY, deal.history).view)
    paper = paper_of(view, deal, theme, environment(theme, deal.locale))
    untuned = UNTUNED.read_text(encoding="utf-8")

    def plain() -> bytes:
        data: bytes = weasyprint.HTML(string=paper.html).write_pdf(stylesheets=[weasyprint.CSS(string=untuned)])
        return data

    def timed(make: Callable[[], bytes]) -> tuple[float, int]:
        gc.collect()  # neither pays for what the other left behind
        began = time.process_time()
        size = len(make())
        return time.process_time() - began, size

    pairs = [(timed(lambda: make_pdf(paper, where)), timed(plain)) for _ in range(runs + 1)][1:]
    return {
        "ours": [ours[0] for ours, _ in pairs],
        "theirs": [theirs[0] for _, theirs in pairs],
        "size": pairs[0][0][1],
        "their_size": pairs[0][1][1],
        "versions": [f"WeasyPrint {version('weasyprint')}", f"pydyf {version('pydyf')}", f"Python {sys.version.split()[0]}"],
    }


if __name__ == "__main__":
    print(json.dumps(_in_this_process(Path(sys.argv[1]), int(sys.argv[2]))))
