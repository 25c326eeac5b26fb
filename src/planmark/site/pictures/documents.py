"""What a deal's PDFs look like: their first pages as pictures, and how many pages they have. Drawn once for each file, ever."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from planmark.content.deal import Deal
from planmark.content.files import Asset
from planmark.content.pictures import Document, document_key, pages_of
from planmark.plan.ids import slug
from planmark.site.pictures.store import Store

SECONDS = 10.0
"""A page that takes longer to draw has no picture."""
MOST_BYTES = 256 * 1024**2
"""Neither has a file that is larger."""


def with_documents(deal: Deal, store: Store) -> Deal:
    """The deal, knowing what its PDFs look like. Those that cannot be drawn, and files that are no PDF, look like nothing."""
    found = {}
    for resource in deal.plan.resources:
        asset = deal.assets.get(resource.file or "")
        if asset and asset.media_type == "application/pdf" and asset.size <= MOST_BYTES and resource.audience != "internal":
            found[resource.file or ""] = _document(asset, store)
    shown = {resource.file for resource in deal.plan.resources if not resource.poster}
    makings = {one.output: one for name, document in found.items() if name in shown for one in document.makings}
    return replace(deal, documents=found, makings={**deal.makings, **makings}) if found else deal


def _document(asset: Asset, store: Store) -> Document:
    name = f"{document_key(asset.digest)}.json"
    try:
        facts = json.loads(store.get(name, lambda: json.dumps(_facts(asset)).encode()) or b"{}")
        stem = slug(Path(asset.source).stem)
        return Document(facts["pages"], tuple(pages_of(stem, asset.source, asset.digest, (facts["width"], facts["height"]))))
    except (ValueError, KeyError, TypeError):
        return Document(None, ())


def _facts(asset: Asset) -> Mapping[str, int]:
    return drawn(asset.source)[0]


@lru_cache(maxsize=2)  # what is known of a page and the files made of it are asked for one after the other
def drawn(path: str) -> tuple[Mapping[str, int], bytes]:
    """How many pages a PDF has and how large its first is drawn, and that drawing, as PNG; nothing of one that cannot be drawn."""
    try:
        program = [sys.executable, "-m", "planmark.site.pictures.drawing", path]
        said = subprocess.run(program, capture_output=True, timeout=SECONDS, stdin=subprocess.DEVNULL, check=True).stdout  # noqa: S603  (ours)
    except (subprocess.SubprocessError, OSError):
        return {}, b""
    head, _, picture = said.partition(b"\n")
    try:
        return json.loads(head), picture
    except ValueError:
        return {}, b""
