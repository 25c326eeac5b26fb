"""`python tests/benchmarks/putting_out.py` in a workspace: publish all its deals, without PDFs.

Those take most of a first publish and would hide what publishing itself takes.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from planmark.build.build import Options
from planmark.publish.publishing import Wish, publish
from planmark.publish.there import There, there_of


class WithoutPaper(There):
    """A target whose sites are built without them."""

    @property
    def options(self) -> Options:
        """As ever, but for those."""
        return replace(super().options, pdf="none")


def main() -> None:
    """Say what became of the deals."""
    found = there_of(Path.cwd())
    there = WithoutPaper(found.root, found.team, found.target, found.place, found.url, found.owner)
    outcomes = publish(there, Wish(), datetime.now(UTC), lambda done, of, name: None)
    sent = sum(len(one.sent) for one in outcomes)
    print(f"{sum(one.result == 'published' for one in outcomes)} published, {sent} files sent")


if __name__ == "__main__":
    main()
