"""The generators that are compared, each with the corpus as its site: how to build, serve, clean, edit and check it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from . import formats
from .formats import Part
from .measure import CommandError, environment
from .peers import Peers

SITES = Path(__file__).parent / "sites"


@dataclass(frozen=True)
class Generator(ABC):
    """One generator in one folder that holds a site of `deals` deals."""

    folder: Path
    deals: int

    name: ClassVar[str]
    leftovers: ClassVar[tuple[str, ...]]  # output and the generator's own caches, all of them

    @abstractmethod
    def build(self) -> list[str]:
        """The command that builds the whole site."""

    @abstractmethod
    def serve(self, port: int) -> list[str]:
        """The command of the development server."""

    @abstractmethod
    def source(self, slug: str, part: Part) -> Path:
        """The file to edit for a change of a deal's data or prose."""

    @abstractmethod
    def pages(self) -> Sequence[Path]:
        """The deals' pages in the output."""

    @abstractmethod
    def url(self, slug: str) -> str:
        """Where the development server has a deal's page."""

    def clean(self) -> None:
        """Back to the sources alone: the next build is a cold one."""
        for name in self.leftovers:
            path = self.folder / name
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)

    def check(self) -> None:
        """Every deal has its page; otherwise the time of the build means nothing."""
        if (found := len(self.pages())) != self.deals:
            raise CommandError(f"{self.name}: {found} pages of {self.deals} deals")

    def check_shows(self, token: str, slug: str) -> None:
        """The page of `slug` has the last edit in it."""
        page = next(path for path in self.pages() if path.parent.name.startswith(slug))
        if token not in page.read_text(encoding="utf-8"):
            raise CommandError(f"{self.name}: {page} does not show the last edit")


@dataclass(frozen=True)
class Hugo(Generator):
    peers: Peers

    name = "Hugo"
    leftovers = ("out", "public", "resources", ".hugo_build.lock")

    def build(self) -> list[str]:
        return [*self.peers.hugo, "--destination", "out", "--quiet"]

    def serve(self, port: int) -> list[str]:
        return [*self.peers.hugo, "server", "--port", str(port), "--bind", "127.0.0.1"]

    def source(self, slug: str, part: Part) -> Path:
        return self.folder / "content" / f"{slug}.md"

    def pages(self) -> Sequence[Path]:
        return list((self.folder / "out").glob("deal-*/index.html"))

    def url(self, slug: str) -> str:
        return f"/{slug}/"


@dataclass(frozen=True)
class Eleventy(Generator):
    peers: Peers

    name = "Eleventy"
    leftovers = ("out", ".cache")

    def build(self) -> list[str]:
        return [*self.peers.eleventy, "--quiet"]

    def serve(self, port: int) -> list[str]:
        return [*self.build(), "--serve", "--incremental", f"--port={port}"]

    def source(self, slug: str, part: Part) -> Path:
        return self.folder / "content" / f"{slug}.md"

    def pages(self) -> Sequence[Path]:
        return list((self.folder / "out").glob("deal-*/index.html"))

    def url(self, slug: str) -> str:
        return f"/{slug}/"


@dataclass(frozen=True)
class Planmark(Generator):
    """The Planmark of the running interpreter; `options` turn PDFs off when building, as no peer makes any."""

    options: tuple[str, ...]

    name = "Planmark"
    leftovers = ("build",)

    def build(self) -> list[str]:
        return [*PLANMARK, "build", *self.options]

    def serve(self, port: int) -> list[str]:
        return [*PLANMARK, "serve", "--port", str(port)]

    def source(self, slug: str, part: Part) -> Path:
        return self.folder / "content" / slug / ("plan.yaml" if part == "data" else "overview.md")

    def pages(self) -> Sequence[Path]:
        return list((self.folder / "build" / "sites").glob("deal-*/index.html"))

    def url(self, slug: str) -> str:
        preview = self.folder / "build" / ".planmark" / "preview" / "sites"
        written = next(preview.glob(f"{slug}*"), None)
        return f"/sites/{written.name if written else f'{slug}-{formats.share_key(slug)}'}/"


PLANMARK = [sys.executable, "-m", "planmark"]


def hugo(work: Path, deals: int, peers: Peers) -> Hugo:
    """Hugo with the corpus in `work`; sites of an earlier run are written anew, as runs leave edits in them."""
    folder = _fresh(work / f"hugo-{deals}", "hugo")
    shutil.copy(SITES / "plan.css", _made(folder / "static"))
    formats.write_pages(deals, folder, formats.hugo_page)
    return Hugo(folder, deals, peers)


def eleventy(work: Path, deals: int, peers: Peers) -> Eleventy:
    """Eleventy with the corpus. Its site lies beside its packages, where Node looks for them."""
    folder = _fresh(peers.node_home / f"eleventy-{deals}", "eleventy")
    shutil.copy(SITES / "plan.css", folder)
    (folder / "package.json").write_text(json.dumps({"type": "module", "private": True}), encoding="utf-8")
    formats.write_pages(deals, folder, formats.eleventy_page)
    return Eleventy(folder, deals, peers)


def planmark(work: Path, deals: int) -> Planmark:
    """Planmark with the corpus as a workspace."""
    folder = _fresh(work / f"planmark-{deals}")
    formats.write_workspace(deals, folder)
    # a Planmark that makes no PDFs has no option to leave them out
    usage = subprocess.run([*PLANMARK, "build", "--help"], env=environment(), capture_output=True, text=True, check=True)
    return Planmark(folder, deals, ("--no-pdf",) if "--no-pdf" in usage.stdout else ())


def _fresh(folder: Path, template: str | None = None) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    if template:
        shutil.copytree(SITES / template, folder)
    return folder


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
