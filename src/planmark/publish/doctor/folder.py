"""The workspace itself: whether its plans can be read, what of it git would take along, and what its settings need."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

from planmark.content.access.keys import why_nothing_is_sealed
from planmark.content.deal import Deal
from planmark.content.layout import BUILD, CONTENT
from planmark.content.load import load_deal
from planmark.content.team import Team
from planmark.content.tree import scan
from planmark.publish.doctor.found import Found, fine, warned, wrong

ABOUT = "workspace"
SOON = timedelta(days=14)


def readable(team: Team, names: Sequence[str]) -> tuple[list[Deal], list[Found]]:
    """The deals without errors, and how many have some."""
    loaded = [load_deal(team, name, scan(team.root / CONTENT / name), look_only=True).deal for name in names]
    deals = [deal for deal in loaded if deal]
    if len(deals) == len(names):
        return deals, [fine(ABOUT, f"planmark.yaml and {len(names)} {'plan' if len(names) == 1 else 'plans'} can be read")]
    text = f"{len(names) - len(deals)} of {len(names)} plans have errors, and are not published anew"
    return deals, [warned(ABOUT, text, "`planmark check` says which, and what to write")]


def needs(deals: Iterable[Deal]) -> Iterator[Found]:
    """What plans ask for and this machine may lack."""
    protected = [deal.name for deal in deals if deal.plan.access == "passphrase"]
    if protected and why_nothing_is_sealed():
        text = f"{protected[0]} asks for a passphrase, and what encrypts is not installed"
        yield wrong(ABOUT, text, 'pip install "planmark[protected]"')


def ending(deals: Iterable[Deal], today: date) -> Iterator[Found]:
    """Plans whose last day is near: somebody may want it to be a later one."""
    for deal in deals:
        day = deal.plan.expires.day if deal.plan.expires else None
        if day and today <= day <= today + SOON:
            text = f"{deal.name} ends on {day}, and is taken down after that"
            yield warned(ABOUT, text, f"write a later day into `expires` of {CONTENT}/{deal.name}/plan.yaml, if it should stay")


def ignored(root: Path) -> Iterator[Found]:
    """Whether git leaves out what is built: a repository need not hold it twice, and internal pages not at all."""
    program = shutil.which("git")
    if program is None:
        return
    inside = _said(program, root, "rev-parse", "--is-inside-work-tree")
    if inside is None or inside.returncode:
        return
    found = _said(program, root, "check-ignore", "-q", f"{BUILD}/")
    if found is not None and found.returncode == 1:
        yield warned(ABOUT, f"git does not leave out {BUILD}/, in which internal pages are, too", f"write `/{BUILD}/` into .gitignore")
    elif found is not None:
        yield fine(ABOUT, f"git leaves out {BUILD}/")


def _said(program: str, root: Path, *arguments: str) -> subprocess.CompletedProcess[bytes] | None:
    try:
        return subprocess.run([program, *arguments], cwd=root, capture_output=True, timeout=20, check=False)  # noqa: S603 - git, asked only
    except (OSError, subprocess.TimeoutExpired):
        return None
