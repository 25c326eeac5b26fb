"""The tree of sites: finished files move in whole, what no longer belongs moves out, and no reader meets half a file."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from planmark.build.jobs import Made
from planmark.build.state import Record, Written


@dataclass(frozen=True)
class Change:
    """What became of one output."""

    path: str
    """In the tree of sites: `northwind-k7w2…/index.html`."""
    action: str
    """created, updated, identical or removed."""


def install(made: Made, record: Record | None, staging: Path | None, sites: Path) -> tuple[dict[str, Written], list[Change]]:
    """Move a deal's staged files into its site: what pages load first, its entry page after all others, removals last.

    Without `staging`, only say what would change.
    """
    before = record.outputs if record and record.site == made.site else {}
    changes = [Change(f"{made.site}/{path}", "identical") for path in sorted(made.outputs) if path not in made.staged]
    changes += [Change(f"{made.site}/{path}", "updated" if path in before else "created") for path in sorted(made.staged, key=_order)]
    written = {path: made.staged.get(path) or before[path] for path in made.outputs}
    folder = sites / made.site
    if staging is not None and len(made.staged) == len(made.outputs) and not os.path.lexists(folder):
        sites.mkdir(parents=True, exist_ok=True)
        (staging / made.name).rename(folder)  # a new site comes whole
        return written, changes
    if staging is not None:
        _move_in(made, staging, folder)
    for path in _strays(folder, made.outputs):
        changes.append(Change(f"{made.site}/{path}", "removed"))
        if staging is not None:
            remove(folder / path, staging)
    return written, changes


def _move_in(made: Made, staging: Path, folder: Path) -> None:
    """The staged files take their places one by one, each whole."""
    _make_folders(folder, made.outputs)
    for path in sorted(made.staged, key=_order):
        target = folder / path
        if target.is_dir() and not target.is_symlink():
            shutil.rmtree(target)
        (staging / made.name / path).replace(target)


def _make_folders(site: Path, outputs: Iterable[str]) -> None:
    """The folders of a site. A link or a file in the place of one goes: nothing is written through it."""
    for folder in sorted({site / parent for path in outputs for parent in Path(path).parents}):
        if folder.is_symlink() or folder.is_file():
            folder.unlink()
        folder.mkdir(parents=True, exist_ok=True)


def _order(path: str) -> tuple[int, str]:
    if path == "index.html":
        return 2, path
    return (1 if path.endswith(".html") else 0), path


def _strays(folder: Path, outputs: Iterable[str]) -> list[str]:
    """Files and folders of a site that are none of its outputs."""
    known = set(outputs)
    parents = {parent for path in known for parent in Path(path).parents}
    found = []
    for place, folders, names in os.walk(folder):
        here = Path(place).relative_to(folder)
        found += [(here / name).as_posix() for name in names if (here / name).as_posix() not in known]
        for name in list(folders):
            if here / name not in parents:
                found.append((here / name).as_posix())
                folders.remove(name)
    return sorted(found)


def remove(path: Path, staging: Path) -> None:
    """Take a file or a folder out of the tree at once: nobody meets half of a site on its way out."""
    if path.is_dir() and not path.is_symlink():
        aside = staging / ".gone"
        shutil.rmtree(aside, ignore_errors=True)
        staging.mkdir(parents=True, exist_ok=True)
        path.replace(aside)
        shutil.rmtree(aside, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def prune(sites: Path, gone: set[str], keep: set[str], all_known: bool, staging: Path | None) -> list[Change]:
    """Remove the sites of deals that are gone, and, where every deal's site is known, all others that belong to none.

    A failing deal whose site is not known, as after the loss of the state, may have its last good one among them.
    """
    changes = []
    for entry in sorted(os.scandir(sites), key=lambda entry: entry.name) if sites.is_dir() else ():
        if entry.name not in keep and (all_known or entry.name in gone):
            changes.append(Change(entry.name, "removed"))
            if staging is not None:
                remove(Path(entry.path), staging)
    return changes
