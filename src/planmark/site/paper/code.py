"""The QR code of a plan's address, as one path of an SVG."""

from __future__ import annotations

from typing import NamedTuple

QUIET = 4
"""Modules of white around it, which readers of such codes ask for."""


class Code(NamedTuple):
    """A code to draw: `path` in a square of `side` modules, the white around it included."""

    path: str
    side: int


def qr_code(address: str) -> Code:
    """The QR code of a web address, at a level that a seventh of it may be unreadable."""
    import segno

    rows = list(segno.make_qr(address, error="m").matrix)
    strokes = []
    for y, row in enumerate(rows, QUIET):
        x = 0
        while x < len(row):
            length = 0
            while x + length < len(row) and row[x + length]:
                length += 1
            if length:
                strokes.append(f"M{x + QUIET} {y}h{length}v1h-{length}z")
            x += length or 1
    return Code("".join(strokes), len(rows) + 2 * QUIET)
