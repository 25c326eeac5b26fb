"""The work on one deal: what a worker is given, what it answers, and how a finished file gets into the staging folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from planmark.build.state import Written
from planmark.content.tree import Tree, digest_bytes
from planmark.problems import Problem


@dataclass(frozen=True)
class Job:
    """One deal to make. `before` are its outputs as they stand, so that what is the same is not written."""

    name: str
    tree: Tree
    site: str
    before: dict[str, Written]
    pdf_key: str = ""
    """What its PDF was made from."""
    noted: Mapping[str, str] = field(default_factory=dict)
    """What was remembered of its last build."""


@dataclass
class Made:
    """What became of a job. `outputs` is path to digest; `staged` are those that differ and lie in the staging folder."""

    name: str
    problems: list[Problem] = field(default_factory=list)
    themes: tuple[str, ...] = ()
    asked_library: bool = False
    site: str = ""
    until: str = ""
    outputs: dict[str, str] = field(default_factory=dict)
    staged: dict[str, Written] = field(default_factory=dict)
    summary: dict[str, str] = field(default_factory=dict)
    pdf_key: str = ""
    ok: bool = False
    retry: bool = False
    """What it failed for is not among its inputs, so that it is tried again at every build."""


class Stage:
    """The folder of files that are to move into sites; without one, nothing is written."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.made: set[str] = set()

    def take(self, job: Job, made: Made, path: str, data: bytes, digest: str = "", source: Path | None = None) -> None:
        """Write a file of the site, or copy its source, unless the same bytes stand in the site already."""
        digest = digest or digest_bytes(data)
        made.outputs[path] = digest
        before = job.before.get(path)
        if made.site == job.site and before is not None and before.digest == digest:
            return
        if self.folder is None:
            made.staged[path] = Written(digest, 0, 0)
            return
        target = f"{self.folder}/{job.name}/{path}"
        folder = target.rpartition("/")[0]
        if folder not in self.made:
            os.makedirs(folder, exist_ok=True)  # noqa: PTH103  (paths as text: thousands are written)
            self.made.add(folder)
        if source is not None:
            shutil.copyfile(source, target)
        else:
            with open(target, "wb") as file:  # noqa: PTH123  (as above)
                file.write(data)
        said = os.stat(target)  # noqa: PTH116  (as above; moving the file keeps what it says)
        made.staged[path] = Written(digest, said.st_size, said.st_mtime_ns)
