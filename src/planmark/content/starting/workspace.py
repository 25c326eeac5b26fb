"""Starting a workspace."""

from __future__ import annotations

from pathlib import Path

from planmark.content.emit import quoted
from planmark.content.layout import CONTENT, LIBRARY, WORKSPACE_FILE
from planmark.content.starting.beginning import (
    Started,
    schema_line,
    write_new,
    write_schemas,
)
from planmark.problems import Location, PlanmarkError, Problem

_WORKSPACE = """\
# The workspace: who sells, and what holds for all plans. Every key is explained in docs/content.md.
seller: {{name: {seller}}}
people:                                # your team; shown only where a plan names them
  - {{id: {person}, name: {name}, title: Account executive, email: {person}@example.com}}
contact: {person}                            # whom buyers call, unless a plan says otherwise
brand: {{accent: "#0F5C5C"}}
theme: default
locale: en-GB
timezone: {timezone}
"""


def start_workspace(folder: Path, seller: str, timezone: str) -> Started:
    """Write planmark.yaml, the folders and the schemas. Raises PlanmarkError where a workspace is already."""
    if (folder / WORKSPACE_FILE).exists():
        raise PlanmarkError(
            Problem("PM607", "there is a workspace here already", Location(WORKSPACE_FILE), "go on with `planmark new NAME`")
        )
    started = Started()
    (folder / CONTENT / LIBRARY / "files").mkdir(parents=True, exist_ok=True)
    text = _WORKSPACE.format(seller=quoted(seller), person="me", name="Your Name", timezone=timezone)
    write_new(folder, WORKSPACE_FILE, schema_line("planmark", 0) + text, started)
    write_new(folder, ".gitignore", "/build/*\n", started, keep=True)
    write_new(folder, ".gitattributes", "activity*.jsonl merge=union\n", started, keep=True)
    write_schemas(folder, started)
    return started
