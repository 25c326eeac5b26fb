"""The accents that a workspace's themes have to bear: those of its own brand and of its deals'."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from planmark.content.layout import CONTENT, PLAN_FILE, WORKSPACE_FILE, deal_names
from planmark.content.yamltext import read_yaml
from planmark.site.themes.pairs import Brands

_COLOUR = re.compile(r"#(?:[0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})")


def accents_in(workspace: Path) -> tuple[list[Brands], list[str]]:
    """Each accent of planmark.yaml and of the deals, once, and the themes that they name. What cannot be read, `planmark check` says."""
    brand, themes = _said(workspace / WORKSPACE_FILE)
    found = {_key(brand): Brands(WORKSPACE_FILE, *_key(brand))} if brand else {}
    for name in deal_names(workspace, []):
        own, theme = _said(workspace / CONTENT / name / PLAN_FILE)
        themes += theme
        over = brand | own
        if own and _key(over) not in found:
            found[_key(over)] = Brands(f"{CONTENT}/{name}/{PLAN_FILE}", *_key(over))
    return [one for one in found.values() if one.accent], list(dict.fromkeys(themes))


def _key(brand: dict[str, str]) -> tuple[str | None, str | None]:
    return brand.get("accent"), brand.get("second")


def _said(path: Path) -> tuple[dict[str, str], list[str]]:
    """The colours of a file's brand, and its theme where it names one."""
    try:
        document = read_yaml(path.read_bytes(), path.name, [])
    except OSError:
        return {}, []
    value: Any = document.value if document else None
    if not isinstance(value, dict):
        return {}, []
    brand, theme = value.get("brand"), value.get("theme")
    colours = {
        key: text for key, text in (brand if isinstance(brand, dict) else {}).items() if isinstance(text, str) and _COLOUR.fullmatch(text)
    }
    return colours, [theme] if isinstance(theme, str) else []
