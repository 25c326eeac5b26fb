"""A workspace that builds in a blink: deals of two tasks, and a theme of three short templates."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from planmark.build.build import Options, build
from planmark.build.report import Report
from planmark.site.pdf import PdfWish

TODAY = date(2026, 11, 9)
BUILD = ("build", "--no-pdf")
"""The command without PDFs, which take most of its time."""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h8v8H0z" fill="{colour}"/></svg>\n'

WORKSPACE = """\
seller: {name: Halyard Planning}
people: [{id: dana, name: Dana Whitfield}]
contact: dana
theme: plain
timezone: Europe/London
"""
RESOURCES = """\
- {id: tour, title: A tour, url: "https://halyard.example/tour", about: Ten minutes}
- {id: paper, title: A paper, file: files/paper.svg}
"""
THEME = "styles: [plain.css]\n"
PAGE = """\
<!doctype html>
<html lang="{{ locale }}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{{ policy }}"><meta name="robots" content="noindex">
<title>{{ page.title }}</title><link rel="icon" href="{{ icon }}"><link rel="stylesheet" href="{{ css }}"></head><body>
{% block content %}
<h1>{{ plan.title }} for {{ plan.buyer.name }} by {{ plan.seller.name }}</h1>{{ plan.summary or "" }}
{% for note in plan.notes %}{{ note.html }}{% endfor %}
{% for stage in plan.stages %}{% for task in stage.tasks %}
<p id="{{ task.id }}">{{ task.title }}{% if task.late %}, late{% endif %}</p>
{% endfor %}{% endfor %}
{% for one in plan.resources %}{% if one.href %}<a href="{{ one.href }}">{{ one.title }}</a>{% endif %}{{ one.about or "" }}{% endfor %}
{% endblock %}
{% include "blocks/extra.html" ignore missing %}
</body></html>
"""
PRIVACY = '{% extends "page.html" %}{% block content %}<p>Nothing is stored.</p>{% endblock %}\n'
PAPER = '<!doctype html>\n<html lang="en"><head><title>{{ plan.title }}</title></head><body><h1>{{ plan.title }}</h1></body></html>\n'
THEMED = {
    "themes/plain/theme.yaml": THEME,
    "themes/plain/page.html": PAGE,
    "themes/plain/privacy.html": PRIVACY,
    "themes/plain/paper.html": PAPER,
    "themes/plain/assets/plain.css": "body { color: var(--ink) }\n",
}
"""The theme of the small workspaces: path to text."""


def key(number: int) -> str:
    """A share key, another one for each number."""
    return f"k{number:02}m9x4c3hq5d8rj6p1t0bn2v"


def plan(
    title: str = "Rollout",
    *,
    share: int | None = 0,
    tasks: Iterable[str] = ("Sign the agreement", "Connect a plant"),
    due: str = "2026-11-20",
    resources: str = "[]",
    more: str = "",
) -> str:
    """A plan.yaml of one stage."""
    lines = [
        "account: Northwind",
        f"title: {title}",
        "target: 2027-01-29",
        "version: 2026-11-03",
        "people: [{id: maria, name: Maria Lindqvist}]",
        f"resources: {resources}",
        *([] if share is None else [f"share_key: {key(share)}"]),
        *([more] if more else []),
        "stages:",
        "  - title: Evaluate",
        "    tasks:",
        *(f"      - {{title: {task}, owner: maria, due: {due}}}" for task in tasks),
    ]
    return "\n".join(lines) + "\n"


def files(deals: Iterable[str] = ("acme", "beta", "cobalt")) -> dict[str, str]:
    """A whole workspace: path to text. Each deal has a key of its own; only the last one uses the library."""
    found = {
        "planmark.yaml": WORKSPACE,
        "content/_library/resources.yaml": RESOURCES,
        "content/_library/files/paper.svg": SVG.format(colour="#123456"),
        **THEMED,
    }
    names = list(deals)
    for number, name in enumerate(names):
        uses = "[tour, paper]" if name == names[-1] else "[]"
        found[f"content/{name}/plan.yaml"] = plan(f"Rollout for {name}", share=number, resources=uses, more="summary: overview.md")
        found[f"content/{name}/overview.md"] = f"Why *{name}* is here.\n"
    return found


@dataclass(frozen=True)
class Small:
    """A workspace in a folder, with what tests do to it."""

    root: Path

    @property
    def sites(self) -> Path:
        """Where the sites are built."""
        return self.root / "build" / "sites"

    def write(self, contents: Mapping[str, str | bytes]) -> None:
        """Write files, whatever was there."""
        for path, content in contents.items():
            target = self.root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content if isinstance(content, bytes) else content.encode())

    def replace(self, path: str, old: str, new: str) -> None:
        """Change a text inside a file."""
        before = (self.root / path).read_text(encoding="utf-8")
        assert old in before, f"{path} does not hold {old!r}"
        (self.root / path).write_text(before.replace(old, new), encoding="utf-8")

    def remove(self, path: str) -> None:
        """Remove a file or a folder."""
        target = self.root / path
        if target.is_dir():
            shutil.rmtree(target)
        else:
            target.unlink()

    def build(self, *deals: str, today: date = TODAY, workers: int = 1, dry_run: bool = False, pdf: PdfWish = "none") -> Report:
        """Build in this process."""
        return build(self.root, Options(deals, today, workers, dry_run, pdf=pdf))

    def site(self, deal: str) -> Path:
        """The folder of a deal's site."""
        (found,) = (path for path in self.sites.iterdir() if path.name == deal or path.name.startswith(f"{deal}-"))
        return found

    def clean_copy(self, to: Path) -> Small:
        """The same workspace in another folder, with nothing built."""
        shutil.copytree(self.root, to, ignore=lambda folder, names: {"build"} if Path(folder) == self.root else set())
        return Small(to)


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file() or path.is_symlink()
    }


def stamps(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Everything below a folder, folders too, with size, time of change and inode."""
    return {
        path.relative_to(folder).as_posix(): (said.st_size, said.st_mtime_ns, said.st_ino)
        for path in sorted(folder.rglob("*"))
        for said in [path.lstat()]
    }


def environment(**changes: str) -> dict[str, str]:
    """This process's environment for a command, without colours or a day of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "SOURCE_DATE_EPOCH", "FORCE_COLOR"))}
    return {**kept, **changes}


def command(root: Path, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run `planmark` in a workspace, in a process of its own. `changes` are environment variables."""
    return subprocess.run(
        [sys.executable, "-m", "planmark", *arguments],
        cwd=root,
        env=environment(**changes),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
