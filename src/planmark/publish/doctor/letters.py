"""Fonts: whether a brand's own can be read and cut down to the letters of a plan, and whether paper has every letter."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from planmark.content.deal import Deal
from planmark.content.layout import CONTENT
from planmark.problems import Location, PlanmarkError
from planmark.publish.doctor.found import Found, fine, told, told_by, warned

ABOUT = "fonts"
_FEW = 12
"""So many letters are named."""


def brands(root: Path, deals: Iterable[Deal]) -> Iterator[Found]:
    """The fonts of every brand, each made once as a site would send it."""
    from planmark.site.fonts import faces
    from planmark.site.pictures.store import Store

    seen: set[str] = set()
    with tempfile.TemporaryDirectory(prefix="planmark-") as scratch:
        for deal in deals:
            own = {deal.assets[name].source for name in (deal.brand.font, deal.brand.font_bold) if name and name in deal.assets}
            if not own or own <= seen:
                continue
            seen |= own
            shown = ", ".join(_shown(root, source) for source in sorted(own))
            try:
                made = faces(deal, "", deal.locale.partition("-")[0], Store(Path(scratch)), lambda source: Location(_shown(root, source)))
                for _, make in made.files if made else ():
                    make()
                yield from told(ABOUT, made.problems if made else ())
                yield fine(ABOUT, f"{shown} can be read, and cut down to a plan's letters")
            except PlanmarkError as error:
                yield from told_by(ABOUT, error)


def paper(root: Path, names: Iterable[str]) -> Iterator[Found]:
    """Letters of plans that the fonts of paper lack are taken from the machine's own: whether those have them."""
    from planmark.site.paper.fonts import missing_letters

    written: set[str] = set()
    for name in names:
        for path in [*(root / CONTENT / name).glob("*.yaml"), *(root / CONTENT / name).glob("**/*.md")]:
            try:
                written |= set(path.read_text(encoding="utf-8", errors="ignore"))
            except OSError:
                continue  # the plan's own check tells it
    missing = sorted(missing_letters("".join(sorted(written))))
    lacking = [letter for letter in missing if not on_machine(letter)]
    if lacking:
        few = " ".join(lacking[:_FEW]) + (f" and {len(lacking) - _FEW} more" if len(lacking) > _FEW else "")
        hint = "install fonts that have them, such as Noto: apt-get install fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji"
        yield warned(ABOUT, f"no font on this machine has these letters of your plans, so PDFs show boxes: {few}", hint)
    elif missing:
        yield fine(ABOUT, "this machine's fonts have the letters of your plans that the shipped ones lack")
    else:
        yield fine(ABOUT, "the fonts that ship have every letter of your plans")


def on_machine(letter: str) -> bool:
    """Whether a font of this machine has a letter, as fontconfig, which lays PDFs out, knows it."""
    program = shutil.which("fc-list")
    if program is None:
        return False
    try:
        said = subprocess.run(  # noqa: S603 - fontconfig's own list, and a number
            [program, f":charset={ord(letter):x}", "family"], capture_output=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return bool(said.stdout.strip())


def _shown(root: Path, source: str) -> str:
    path = Path(source)
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
