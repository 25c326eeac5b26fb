"""Where things are in a workspace, and what its folders may be called. Imports nothing heavy: an idle build stops here."""

from __future__ import annotations

import os
import re
from pathlib import Path

from planmark.problems import Location, PlanmarkError, Problem, did_you_mean

WORKSPACE_FILE = "planmark.yaml"
CONTENT = "content"
LIBRARY = "_library"
TEMPLATES = "_templates"
INBOX = "_inbox"
PLAN_FILE = "plan.yaml"
THEMES = "themes"
BUILD = "build"
INTERNAL = "internal"
"""The folder below `build/` of what is the seller's own. No site is in it, and publishing takes nothing from it."""
INTERNAL_MARK = '<meta name="planmark" content="internal">'
"""What the head of every internal page holds, so that one is known wherever it has got to: nothing that goes out may have it."""

DEAL_NAME = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?")


def find_workspace(start: Path) -> Path:
    """The nearest folder with a planmark.yaml, from `start` upwards. Raises PlanmarkError where there is none."""
    for folder in (start, *start.parents):
        if (folder / WORKSPACE_FILE).is_file():
            return folder
    raise PlanmarkError(
        Problem(
            "PM603",
            "there is no planmark.yaml here or above",
            Location(WORKSPACE_FILE),
            "go to your workspace's folder, or start one with `planmark init`",
        )
    )


def internal_folder(root: Path, deal: str) -> Path:
    """Where the seller's own files of a deal are written: `build/internal/<deal>/`."""
    return root / BUILD / INTERNAL / deal


def deal_names(root: Path, problems: list[Problem]) -> list[str]:
    """The deal folders of a workspace, sorted. Those that cannot be one are problems."""
    found = []
    try:
        entries = sorted(os.scandir(root / CONTENT), key=lambda entry: entry.name)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise PlanmarkError(
            Problem("PM408", f"the folder cannot be read: {error.strerror}", Location(CONTENT), "check its permissions")
        ) from None
    for entry in entries:
        if entry.name.startswith((".", "_")):
            continue
        where = Location(f"{CONTENT}/{entry.name}")
        if entry.is_symlink():
            problems.append(Problem("PM403", "the deal's folder is a symbolic link", where, "put the folder itself there"))
        elif entry.is_dir():
            if DEAL_NAME.fullmatch(entry.name):
                found.append(entry.name)
            else:
                problems.append(
                    Problem(
                        "PM214",
                        f"`{entry.name}` cannot be a deal's name",
                        where,
                        f"rename the folder: lower-case letters, digits, `-` and `_`, such as `{_tidy(entry.name)}`",
                    )
                )
    return found


def chosen(names: list[str], asked: tuple[str, ...]) -> list[str]:
    """The deals that were asked for; all of them when none was. Raises PlanmarkError for a name that is none."""
    unknown = [name for name in asked if name not in names]
    if unknown:
        raise PlanmarkError(
            Problem(
                "PM604",
                f"there is no deal `{name}`",
                Location(f"{CONTENT}/{name}"),
                did_you_mean(name, names, f"start one with `planmark new {_tidy(name)}`"),
            )
            for name in unknown
        )
    return list(dict.fromkeys(asked)) or names


def _tidy(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "deal"
