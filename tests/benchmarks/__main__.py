"""`python -m tests.benchmarks GROUP`: measure a group of figures, print them, and write them into the documentation.

A new group is a module with a `measure` like that of `builds`, and one line in GROUPS.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from . import builds, loop, machine, page, papers, publishing, report, thinking, unlocking
from .measure import Bench, CommandError

GROUPS: dict[str, Callable[[Bench, int, int], report.Section]] = {
    "builds": builds.measure,
    "loop": loop.measure,
    "page": page.measure,
    "pdf": papers.measure,
    "publish": publishing.measure,
    "thinking": thinking.measure,
    "unlock": unlocking.measure,
}


def main() -> int:
    """Exit code 0 when every target is met, 1 when one is missed, 2 when something could not be measured."""
    options = _options()
    work = options.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    try:
        section = GROUPS[options.group](Bench(work, options.patience), options.deals, options.runs)
    except CommandError as failure:
        print(failure, file=sys.stderr)
        return 2
    command = f"python -m tests.benchmarks {options.group} --deals {options.deals} --runs {options.runs}"
    if options.write:
        command += f" --write {options.write.as_posix()}"
    about = (
        f"Machine: {machine.describe()}.",
        f"Measured on {dt.datetime.now(dt.UTC).date()} with `{command}`, from the project's root.",
    )
    text = report.markdown(section, about)
    print(text)
    if options.write:
        report.write_section(options.write, options.group, text)
    return 1 if section.missed else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("group", choices=GROUPS)
    parser.add_argument("--deals", type=int, default=1000, help="size of the corpus (targets are for 1000)")
    parser.add_argument("--runs", type=int, default=5, help="runs of each command; figures are medians")
    parser.add_argument(
        "--work",
        type=Path,
        default=Path(tempfile.gettempdir()) / "planmark-benchmarks",
        help="scratch folder; the peers stay installed in it (about 250 MB)",
    )
    parser.add_argument("--patience", type=float, default=600, help="seconds to wait for quiet moments, in all")
    parser.add_argument("--write", type=Path, metavar="FILE", help="Markdown file whose section to replace")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
