"""Which deal an endpoint means: deals by the digest of their share key, found without reading whole plans."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from planmark.content.layout import CONTENT, PLAN_FILE, deal_names
from planmark.content.yamltext import read_yaml
from planmark.plan.tokens import plan_digest

_SHARE_KEY = re.compile(r"^share_key[ \t]*:\s*[\"']?([A-Za-z0-9_-]{22,64})(?![A-Za-z0-9_-])", re.MULTILINE)
_ID = re.compile(r"^id[ \t]*:\s*[\"']?([a-z0-9](?:[a-z0-9_-]*[a-z0-9])?)(?![A-Za-z0-9_-])", re.MULTILINE)

_IN_QUOTES = re.compile(r"^[\"'](?:id|share_key)\b", re.MULTILINE)
"""Written in a way that the patterns above don't see, as are braces around the whole plan: then it is read as YAML."""


def deals_by_digest(root: Path) -> dict[str, str]:
    """The folder of each deal by its plan's digest. A plan without a share key is known by its id."""
    return {plan_digest(key or name): folder for folder, name, key in _deals(root)}


def deals_by_id(root: Path) -> dict[str, str]:
    """The folder of each deal by its plan's id, which events name."""
    return {name: folder for folder, name, _ in _deals(root)}


def _deals(root: Path) -> Iterator[tuple[str, str, str]]:
    """Folder, id and share key of each deal."""
    for folder in deal_names(root, []):
        try:
            text = (root / CONTENT / folder / PLAN_FILE).read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        key, name = _SHARE_KEY.search(text), _ID.search(text)
        if text.lstrip().startswith("{") or (not key and "share_key" in text) or _IN_QUOTES.search(text):
            document = read_yaml(text.encode(), PLAN_FILE, [])
            plan = document.value if document and isinstance(document.value, dict) else {}
            yield folder, str(plan.get("id") or folder), str(plan.get("share_key") or "")
        else:
            yield folder, name[1] if name else folder, key[1] if key else ""
