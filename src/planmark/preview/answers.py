"""What the pages are told, and what is put into them: values in, bytes and plain data out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from planmark.preview.picture import INTERNAL, Picture
from planmark.problems import Problem

SCRIPT = b'<script src="/_planmark/preview.js" defer></script>'
INTERNAL_PAGES = "/_planmark/internal/"
"""Where the internal page of each deal is, by its name."""
MOST = 40
"""So many problems are told; the rest are counted."""

_HEAD_END = re.compile(rb"</head\s*>", re.IGNORECASE)
_POLICY = re.compile(
    rb"""<meta\s[^>]*http-equiv=["']?content-security-policy["']?[^>]*?\bcontent=(["'])(.*?)\1""", re.IGNORECASE | re.DOTALL
)


def with_script(page: bytes) -> bytes:
    """A built page with the preview's script: the same bytes, and one tag before the end of the head.

    A page without any script of its own has a policy that allows none; only that is widened, to scripts of its own address.
    """
    policy = _POLICY.search(page)
    if policy and b"script-src" not in policy[2]:
        page = (
            page[: policy.end(2)]
            + (b"; script-src &#39;self&#39;" if policy[1] == b"'" else b"; script-src 'self'")
            + page[policy.end(2) :]
        )
    head = _HEAD_END.search(page)
    at = head.start() if head else len(page)
    return page[:at] + SCRIPT + page[at:]


def site_of(path: str) -> str:
    """The folder of the site that a page's path lies in, `internal/<deal>` of an internal page; empty for all else: the list of deals."""
    parts = path.split("/")
    if path.startswith(INTERNAL_PAGES) and len(parts) > 3:
        return f"{INTERNAL}/{parts[3]}"
    return parts[2] if len(parts) > 2 and parts[0] == "" and parts[1] == "sites" else ""


def state(picture: Picture, folder: str, begun: str, here: bool = False) -> dict[str, Any]:
    """What a page in `folder` must know: which version it should be, what blocks it, and what else is wrong.

    Where it is open `here`, on the server's own machine, a plan's page is also told where the close plan is.
    """
    deal = picture.deal_of(folder)
    blocking = picture.blocking(deal) if folder else []  # the list of deals says it all itself
    others = _others(picture, deal, blocking) if folder else []
    return {
        "command": "planmark",
        "version": version(picture, folder, begun),
        "built": folder in picture.sites.values(),
        "blocking": [_shown(one, picture) for one in blocking[:MOST]],
        "others": [_shown(one, picture) for one in others[:MOST]],
        "more": max(0, len(blocking) - MOST) + max(0, len(others) - MOST),
        "badge": badge(others, deal),
        "internal": f"{INTERNAL_PAGES}{deal}/" if here and folder in picture.sites.values() else "",
    }


def version(picture: Picture, folder: str, begun: str) -> str:
    """A page's version: it differs from what it was as soon as the page would. `begun` tells one run of the server from another."""
    return f"{begun}-{picture.version(folder)}"


def badge(problems: Iterable[Problem], deal: str | None) -> str:
    """Problems that stop nothing here, in few words: `1 error elsewhere, 2 warnings`."""
    found = list(problems)
    errors = sum(one.severity == "error" for one in found)
    warnings = len(found) - errors
    parts = [f"{errors} {'error' if errors == 1 else 'errors'}{' elsewhere' if deal else ''}"] if errors else []
    parts += [f"{warnings} {'warning' if warnings == 1 else 'warnings'}"] if warnings else []
    return ", ".join(parts)


def _others(picture: Picture, deal: str | None, blocking: list[Problem]) -> list[Problem]:
    """Every error that blocks nothing here, and the warnings that concern this page."""
    near = {*picture.shared, *picture.own.get(deal or "", ())}
    found = [one for one in picture.problems() if one not in blocking and (one.severity == "error" or one in near)]
    return sorted(found, key=lambda one: (one.severity, one not in near))


def _shown(problem: Problem, picture: Picture) -> dict[str, Any]:
    return {
        "place": str(problem.location),
        "code": problem.code,
        "severity": problem.severity,
        "message": problem.message,
        "hint": problem.hint,
        "column": problem.location.column,
        "lines": [[line.number, line.text, line.marked] for line in picture.sources.get(problem.location, ())],
    }
