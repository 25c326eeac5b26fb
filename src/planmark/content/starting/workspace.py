"""Starting a workspace."""

from __future__ import annotations

from pathlib import Path

from planmark.content.emit import quoted
from planmark.content.layout import CONTENT, LIBRARY, WORKSPACE_FILE
from planmark.content.secrets import keep_key, new_key
from planmark.content.starting.beginning import (
    Started,
    schema_line,
    write_new,
    write_schemas,
)
from planmark.plan.tokens import fingerprint
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
# endpoint: {{kind: planmark, url: https://inbox.example.com}}   # where forms are sent; without it, plans are for reading
# publish: {{live: {{kind: directory, path: /var/www/plans, url: https://plans.example.com}}}}   # where `planmark publish` puts them
key: "{key}"                        # fingerprint of the team's signing key; `planmark key` moves the key itself to colleagues
"""


def start_workspace(folder: Path, seller: str, timezone: str) -> Started:
    """Write planmark.yaml, the folders and the schemas. Raises PlanmarkError where a workspace is already."""
    if (folder / WORKSPACE_FILE).exists():
        raise PlanmarkError(
            Problem("PM607", "there is a workspace here already", Location(WORKSPACE_FILE), "go on with `planmark new NAME`")
        )
    started = Started()
    (folder / CONTENT / LIBRARY / "files").mkdir(parents=True, exist_ok=True)
    key = new_key()
    text = _WORKSPACE.format(seller=quoted(seller), person="me", name="Your Name", timezone=timezone, key=fingerprint(key))
    started.notes.append(f"the key that signs personal links is in {keep_key(key)}; colleagues need it, too: planmark key show")
    write_new(folder, WORKSPACE_FILE, schema_line("planmark", 0) + text, started)
    write_new(folder, ".gitignore", "/build/*\n", started, keep=True)
    write_new(folder, ".gitattributes", "activity*.jsonl merge=union\n", started, keep=True)
    write_schemas(folder, started)
    return started
