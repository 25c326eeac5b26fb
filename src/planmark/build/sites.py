"""The tree of sites: finished files move in whole, what no longer belongs moves out, and no reader meets half a file."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from planmark.build.state import Record, Written
from planmark.build.worker import Made
from planmark.problems import Location, PlanmarkError, Problem


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
    written = {path: before[path] for path in made.outputs if path not in made.staged}
    folder = sites / made.site
    for path in sorted(made.staged, key=_order):
        changes.append(Change(f"{made.site}/{path}", "updated" if path in before else "created"))
        if staging is None:
            continue
        target = folder / path
        source = staging / made.name / path
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.is_dir() and not target.is_symlink():
                shutil.rmtree(target)
            source.replace(target)
            said = target.stat()
        except OSError as error:
            raise PlanmarkError(
                Problem(
                    "PM608",
                    f"the file cannot be written: {error.strerror}",
                    Location(f"build/sites/{made.site}/{path}"),
                    "check the folder's permissions and the free space",
                )
            ) from None
        written[path] = Written(made.outputs[path], said.st_size, said.st_mtime_ns)
    for path in _strays(folder, made.outputs):
        changes.append(Change(f"{made.site}/{path}", "removed"))
        if staging is not None:
            _remove(folder / path)
    return written, changes


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


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def prune(sites: Path, keep: set[str], dry_run: bool) -> list[Change]:
    """Remove the sites that belong to no deal."""
    changes = []
    for entry in sorted(os.scandir(sites), key=lambda entry: entry.name) if sites.is_dir() else ():
        if entry.name not in keep:
            changes.append(Change(entry.name, "removed"))
            if not dry_run:
                _remove(Path(entry.path))
    return changes
