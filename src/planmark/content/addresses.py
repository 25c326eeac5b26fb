"""Which deal a link or an endpoint means, found without reading whole plans: by ids, share keys, and what continues what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from planmark.content.layout import CONTENT, PLAN_FILE, deal_names
from planmark.plan.succession import Entry, Succession, by_id, continued, succession
from planmark.problems import Location, PlanmarkError, Problem

_SHARE_KEY = re.compile(r"\nshare_key[ \t]*:\s*[\"']?([A-Za-z0-9_-]{22,64})(?![A-Za-z0-9_-])")
_ID = re.compile(r"\nid[ \t]*:\s*[\"']?([a-z0-9](?:[a-z0-9_-]*[a-z0-9])?)(?![A-Za-z0-9_-])")
_CONTINUES = re.compile(r"\ncontinues[ \t]*:\s*[\"']?([a-z0-9](?:[a-z0-9_-]*[a-z0-9])?)(?![A-Za-z0-9_-])")
"""They begin with the end of the line before, which is found faster than a beginning."""

_ODD = re.compile(r"\n(?:[\"'](?:id|share_key|continues)\b|\?)")
"""Written in a way that the patterns above don't see, as are braces around the whole plan: then it is read as YAML."""
_KEY = re.compile(r"\bcontinues[\"']?\s*:")


def deals_by_digest(root: Path) -> dict[str, str]:
    """The folder of each deal by the digest of its link. A link that went on leads to the deal that has it now.

    A link that two deals have leads to neither: nobody knows which one is meant.
    """
    entries = {one.folder: one for one in _entries(root)}
    ids, past = by_id(entries.values()), continued(entries)
    found: dict[str, list[str]] = {}
    for one in entries.values():
        line = succession(one, ids.get)
        if one.folder not in past and not line.wrong:
            found.setdefault(line.address.digest, []).append(one.folder)
    return {digest: folders[0] for digest, folders in found.items() if len(folders) == 1}


def deals_by_id(root: Path) -> dict[str, str]:
    """The folder of each deal by its plan's id, which events name."""
    return {one.id: one.folder for one in _entries(root)}


def continued_deals(root: Path) -> dict[str, str]:
    """The deals whose link another one has by now, each with the one that has it."""
    return continued({one.folder: one for one in _entries(root)})


def require_own_link(root: Path, deal: str, command: str) -> None:
    """Raise PlanmarkError where the link of a deal has gone on to another; `command` is the one to give with that one's name."""
    heir = continued_deals(root).get(deal)
    if heir:
        place = Location(f"{CONTENT}/{deal}/{PLAN_FILE}")
        raise PlanmarkError(Problem("PM614", f"the link of `{deal}` goes on with `{heir}`", place, f"take that one: {command} {heir}"))


def succession_of(root: Path, own: Entry) -> Succession:
    """What a deal goes on from, and its address. Only the plans that it continues are read, where their folders are called by their ids."""
    every: dict[str, Entry] = {}

    def find(name: str) -> Entry | None:
        near = own if name == own.folder else read_entry(root, name)
        if near is not None and near.id == name:
            return near
        if not every:
            every.update(by_id([own if one.folder == own.folder else one for one in _entries(root)]))
        return every.get(name)

    return succession(own, find, lambda: every)


def succession_in(root: Path, folder: str) -> Succession:
    """What the deal in a folder goes on from, and its address."""
    return succession_of(root, read_entry(root, folder) or Entry(folder, folder))


def read_entry(root: Path, folder: str) -> Entry | None:
    """What of a deal's plan.yaml decides about its link; None where there is no such file."""
    path = root / CONTENT / folder / PLAN_FILE
    if not path.is_file():  # a pipe would be waited for
        return None
    try:
        text = "\n" + path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    key, name, before = _SHARE_KEY.search(text), _ID.search(text), _CONTINUES.search(text)
    unseen = (not key and "share_key" in text) or (not before and "continues" in text and _KEY.search(text))
    if text.lstrip().startswith("{") or unseen or _ODD.search(text):
        from planmark.content.yamltext import read_yaml

        document = read_yaml(text.encode(), PLAN_FILE, [])
        plan = document.value if document and isinstance(document.value, dict) else {}
        said = {field: str(plan.get(field) or "") for field in ("id", "share_key", "continues")}
        return Entry(folder, said["id"] or folder, said["share_key"], said["continues"])
    return Entry(folder, name[1] if name else folder, key[1] if key else "", before[1] if before else "")


def _entries(root: Path) -> Iterator[Entry]:
    return entries_of(root, deal_names(root, []))


def entries_of(root: Path, folders: Iterable[str]) -> Iterator[Entry]:
    """The entries of some deals; those without a plan.yaml are missing."""
    for folder in folders:
        entry = read_entry(root, folder)
        if entry is not None:
            yield entry
