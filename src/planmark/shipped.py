"""Where the themes and starting plans that ship are: inside the installed package, or at the root of a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def _shipped(packaged: str, checkout: str) -> Path:
    inside = _PACKAGE / packaged
    return inside if inside.is_dir() else _PACKAGE.parents[1] / checkout


THEMES = _shipped("_themes", "themes")
TEMPLATES = _shipped("_templates", "content/_templates")
