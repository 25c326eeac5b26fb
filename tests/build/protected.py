"""Workspaces with a protected plan in them, and a team's key for it."""

from __future__ import annotations

import base64
import html
import json
import re
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from tests.build.small import TODAY, WORKSPACE, Small, key, plan, tree

from planmark.content.access.giving import Change, give
from planmark.content.access.keys import PlanKey
from planmark.content.access.slots import of_link, opened
from planmark.content.secrets import written_key
from planmark.plan.tokens import fingerprint
from planmark.site.sealed.reading import in_the_open

TEAM_KEY = bytes(range(64, 96))
OTHER_KEY = bytes(range(96, 128))
KEYS = f"{written_key(TEAM_KEY)} {written_key(OTHER_KEY)}"
"""What the variable PLANMARK_KEY holds."""
SETTINGS = WORKSPACE.replace("theme: plain\n", "") + f'key: ["{fingerprint(TEAM_KEY)}"]\n'
PLAN = "content/acme/plan.yaml"
SITE = key(0)


def with_key(patch: pytest.MonkeyPatch) -> None:
    """The team's keys are on this machine, and passphrases take a moment less than they do."""
    patch.setenv("PLANMARK_KEY", KEYS)
    for module in ("giving", "record"):
        patch.setattr(f"planmark.content.access.{module}.ITERATIONS", 10_000)


def protected(root: Path, more: str = "") -> Small:
    """A workspace in a folder, whose one plan asks for a passphrase."""
    small = Small(root)
    small.write({"planmark.yaml": SETTINGS + more, PLAN: plan("Rollout for acme", more="access: passphrase")})
    return small


def given(small: Small, person: str = "maria", today: date = TODAY) -> Change:
    """Access for somebody."""
    return give(small.root, "acme", person, today)


def lock_of(site: Path) -> dict[str, Any]:
    """What the lock page of a site holds."""
    found = re.search(r'data-lock="([^"]*)"', (site / "index.html").read_text(encoding="utf-8"))
    assert found
    lock: dict[str, Any] = json.loads(html.unescape(found[1]))
    return lock


def key_by_link(site: Path, change: Change) -> PlanKey | None:
    """The key that somebody's link gets out of a site's lock."""
    assert change.kept
    lock = lock_of(site)
    return opened(map(base64.b64decode, lock["slots"]), lock["plan"], of_link(change.kept.link_key))


def read_with(site: Path, key: PlanKey) -> dict[str, bytes]:
    """The site as somebody reads it who has its key."""
    return dict(in_the_open(tree(site), lambda path: (site / path).read_bytes(), key))


def traces(folder: Path, words: list[str]) -> list[str]:
    """Where any of some words stands below a folder, in the names or bytes of files, in whatever spelling and case.

    Sealed bytes have a short word by chance, once in some hundred sites: in files that counts where it stands by itself, as it is written.
    """
    spelled = {spelling for word in words for spelling in _spellings(word)}
    found = []
    for place in sorted(folder.rglob("*")):
        path, data = place.relative_to(folder).as_posix(), place.read_bytes() if place.is_file() else b""
        name, lowered = path.lower().encode(), data.lower()
        found += [f"{path}: {one!r}" for one in spelled if one in name or _stands(one, data, lowered)]
    return found


def _stands(word: bytes, data: bytes, lowered: bytes) -> bool:
    if len(word) < 6:
        return re.search(rb"(?<![A-Za-z0-9])" + re.escape(word) + rb"(?![A-Za-z0-9])", data) is not None
    return word in lowered or word in data


def _spellings(word: str) -> set[bytes]:
    plain = word.encode()
    found = {plain.lower(), quote(word, safe="").lower().encode(), html.escape(word).lower().encode(), plain.hex().encode()}
    found |= {json.dumps(word)[1:-1].lower().encode(), word.lower().encode("utf-16-le"), word.lower().encode("utf-16-be")}
    for shift in range(3):  # wherever the word begins in what is encoded
        coded = base64.b64encode(bytes(shift) + plain)[4 if shift else 0 : -4].rstrip(b"=")
        found |= {coded, coded.replace(b"+", b"-").replace(b"/", b"_")} if len(coded) >= 8 else set()
    return found
