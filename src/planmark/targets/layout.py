"""What targets lay out alike: their store, the order of files, the page that lists nothing, and the assets that earlier versions need."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from planmark.extensions.targets import Published, SiteFile

STORE = ".planmark"
"""The folder of versions and manifests, beside the sites."""


def _page(title: str, more: str) -> bytes:
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="robots" content="noindex">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">'
        f"<title>{title}</title></head>\n"
        f"<body><p>{title}{more}</p></body></html>\n"
    ).encode()


NOTHING = _page("Nothing is listed here", ". Whoever was given a link can follow it.")
"""What a server shows in place of a list of all plans."""
NOT_FOUND = _page("There is no page here", ". See that the link is whole.")
"""What comes where nothing is, at hosts that take such a page."""


def order(path: str) -> int:
    """Where a file comes as a version goes out: assets, other files, pages, the entry page. Each of them needs those before it."""
    if path == "index.html":
        return 3
    return 0 if path.startswith("assets/") else 2 if path.endswith(".html") else 1


def assets_before(before: Sequence[Published], files: Iterable[SiteFile]) -> tuple[SiteFile, ...]:
    """What readers of earlier versions (newest first) load, each path once; the new version's own files come before those."""
    own = {file.path for file in files}
    theirs = (file for one in reversed(before) for file in one.files if file.path.startswith("assets/") and file.path not in own)
    return tuple({file.path: file for file in theirs}.values())
