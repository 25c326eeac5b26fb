"""The texts and files that a plan names: Markdown becomes HTML, files are looked for, meeting notes are read.

What only the seller may see is read too, so that its mistakes are told, but through a second set of files, of which none goes out.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path as FilePath
from typing import Any

from markupsafe import Markup

from planmark.content.deal import Note
from planmark.content.files import Files
from planmark.content.kinds import Refusal, endings_for, uses_for
from planmark.content.layout import CONTENT
from planmark.content.markdown import Prose, is_harmless
from planmark.content.textfile import read_text
from planmark.content.tree import NO_CONTENT, Tree
from planmark.plan.plan import Plan
from planmark.plan.scalars import Markdown
from planmark.plan.walk import Change, changed, marked
from planmark.problems import Finding, Location, Path, Problem


class Texts:
    """The texts of one deal. What is wrong goes into `findings` (places in plan.yaml) and `problems` (places in other files)."""

    def __init__(
        self, root: FilePath, name: str, tree: Tree, files: Files, private: Files, findings: list[Finding], look_only: bool = False
    ) -> None:
        self.root, self.name, self.tree, self.files, self.private = root, name, tree, files, private
        self.findings, self.look_only = findings, look_only
        self.problems: list[Problem] = []
        self.shared: dict[str, str] = {}
        """The files that the buyer reads, as written, by the name that the plan uses."""

    def filled(self, plan: Plan) -> Plan:
        """The plan with its Markdown as HTML; every file that it names is looked for."""
        put = self._put(plan)
        if not self.look_only:
            return changed(plan, put)
        for path, marker, value in marked(plan):
            put(path, marker, value)
        return plan

    def _put(self, plan: Plan) -> Change:

        def put(path: Path, marker: str, value: Any) -> Any:
            if marker not in ("file", "prose") or (marker == "prose" and self.look_only and not value.file and is_harmless(value.written)):
                return value
            files = self.private if is_internal(plan, path) else self.files
            if marker == "file":
                if not (path[-1] == "file" and value.endswith(".md")):
                    found = files.asset(value, *endings_for(path), uses_for(path))
                    if isinstance(found, Refusal):
                        self.findings.append(found.at(path))
                return value
            assert isinstance(value, Markdown)
            level = 3 if path[0] in ("summary", "pages") else 4
            prefix = "-".join(_by_ids(plan, path))
            if not value.file:
                return replace(value, html=self._prose(files, self.findings).render(value.written, path, level, prefix))
            text = self._read(value.file, path)
            return value if text is None else replace(value, html=self._render(value.file, text, level, prefix, files))

        return put

    def resources(self, plan: Plan) -> dict[str, Markup]:
        """Case studies and other resources that are written in Markdown, by the name that the plan uses."""
        found = {}
        for index, resource in enumerate(plan.resources):
            if resource.file and resource.file.endswith(".md"):
                text = self._read(resource.file, ("resources", index, "file"))
                files = self.private if resource.audience == "internal" else self.files
                if text is not None:
                    found[resource.file] = self._render(resource.file, text, 4, f"resource-{resource.id}", files)
        return found

    def notes(self) -> tuple[Note, ...]:
        """Meeting notes, newest first."""
        notes = []
        for path in sorted((path for path in self.tree if re.fullmatch(r"meetings/[^/]+\.md", path)), reverse=True):
            match = re.fullmatch(r"meetings/(\d{4}-\d\d-\d\d)-(.+)\.md", path)
            if self.tree[path].digest in NO_CONTENT:
                where = Location(f"{CONTENT}/{self.name}/{path}")
                self.problems.append(Problem("PM408", "the notes cannot be read", where, "put the file itself there, readable"))
                continue
            text = self._read(path, ())
            if text is None:
                continue
            heading = re.match(r"\s*#\s+(.+?)\s*#*\s*\n", text + "\n")
            body = text[heading.end() :] if heading else text
            offset = "\n" * text[: heading.end()].count("\n") if heading else ""
            stem = FilePath(path).stem
            title = heading[1] if heading else (match[2] if match else stem).replace("-", " ").capitalize()
            notes.append(Note(stem, _day(match), title, self._render(path, offset + body, 4, f"note-{stem}", self.files)))
        return tuple(notes)

    def _read(self, name: str, path: Path) -> str | None:
        found = self.files.find(name)
        if isinstance(found, Refusal):
            self.findings.append(found.at(path))
            return None
        return read_text(found[0].read_bytes(), self._shown(found[0]), self.problems)

    def _render(self, name: str, text: str, level: int, prefix: str, files: Files) -> Markup:
        """A .md file as HTML; what is wrong with it has its place in that file."""
        found = files.find(name)
        shown = name if isinstance(found, Refusal) else self._shown(found[0])
        if files is self.files:
            self.shared[name] = text
        findings: list[Finding] = []
        html = self._prose(files, findings).render(text, (), level, prefix)
        for one in findings:
            where = Location(shown, one.offset[0] + 1, one.offset[1] + 1)
            self.problems.append(Problem(one.code, one.message, where, one.hint, one.severity))
        return html

    def _prose(self, files: Files, findings: list[Finding]) -> Prose:
        return Prose(files, findings, self.look_only)

    def _shown(self, path: FilePath) -> str:
        return path.relative_to(self.root).as_posix()


def _day(name: re.Match[str] | None) -> date | None:
    """The day that a file's name begins with, where it is one."""
    try:
        return date.fromisoformat(name[1]) if name else None
    except ValueError:
        return None


def is_internal(plan: Plan, path: Path) -> bool:
    """Whether what stands at `path` is the seller's own."""
    part: Any = plan
    for step in path:
        if step == "internal" or getattr(part, "audience", None) == "internal":
            return True
        part = part[step] if isinstance(step, int) else getattr(part, _attribute(str(step)), None)
    return False


def _by_ids(plan: Plan, path: Path) -> list[str]:
    """The path with each index replaced by the id that stands there."""
    part: Any = plan
    steps = []
    for step in path:
        part = part[step] if isinstance(step, int) else getattr(part, _attribute(str(step)), None)
        steps.append(getattr(part, "id", None) or str(step) if isinstance(step, int) else str(step))
    return steps


def _attribute(key: str) -> str:
    return key + "_" if key in ("in", "is", "with") else key
