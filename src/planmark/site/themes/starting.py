"""A theme begun, and a template of the theme below taken over into it."""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path

from planmark.content.layout import THEMES
from planmark.plan.ids import slug
from planmark.problems import Location, PlanmarkError, Problem, did_you_mean
from planmark.site.theme import NAME, THEME_FILE, Theme, available, load_theme
from planmark.site.themes.templates import original_of, stamped, templates_in

_THEME = """\
# The theme {name}, laid over `{below}`: it holds only what differs. docs/themes.md explains every key.
# In use with `theme: {name}` in planmark.yaml or in a plan. See it with `planmark theme preview {name}`, and
# `planmark theme check {name}` says what cannot be read, and what nothing uses.
name: {title}
extends: {below}

light:                        # colours on light paper; what is left out is that of `{below}`
  accent: "{accent}"           # the one colour that leads, where no brand names another
{light}
# dark:                       # on dark paper, likewise
{dark}
tokens:                       # sizes and fonts
  # font-head: "Charter, Georgia, serif"
  # head-weight: "600"
  # radius: 0
  radius: {radius}

# logo: {{height: 56px, width: 9.75rem, between: yes}}     # the logos in the masthead; `between` is the × that stands there

# voice:                      # your words in place of the interface's, by language
#   en: {{Your next steps: What we need from you}}

styles: {name}.css            # laid over those of `{below}`: whatever you say there wins
"""
_SHEET = """\
/* The theme {name}. Every rule here wins over those of the theme below, however short its selector: each theme has a layer of its own.
   Take colours from custom properties (var(--ink), var(--accent-ink) …): one written out is wrong on one of the two papers.
   Use logical properties (margin-inline-start), so that the page reads from right to left as well. */

h1 {{ text-wrap: balance; }}
"""


def start_theme(workspace: Path, name: str, below: str) -> list[str]:
    """Write `themes/<name>/` with a theme.yaml and a style sheet of its own. PlanmarkError where it is taken, or the name is none."""
    folder = workspace / THEMES / name
    where = Location(f"{THEMES}/{name}")
    if not NAME.fullmatch(name) or slug(name) != name:
        hint = f"use lower-case letters, digits and `-`, a letter first: `{slug(name).lstrip('0123456789-') or 'own'}`"
        raise PlanmarkError(Problem("PM214", f"`{name}` cannot be a theme's name", where, hint))
    if folder.exists() or name in available(workspace):
        raise PlanmarkError(Problem("PM607", f"there is a theme `{name}` already", where, "choose another name"))
    theme = load_theme(workspace, below, Location("--extends"))
    colours = {
        paper: "".join(f'{mark}{key}: "{value}"\n' for key, value in each.items() if key != "accent")
        for paper, each, mark in (("light", theme.light, "  # "), ("dark", theme.dark, "#   "))
    }
    text = _THEME.format(
        name=name,
        below=below,
        title=name.replace("-", " ").capitalize(),
        accent=theme.light["accent"],
        radius=theme.tokens.get("radius", "6px"),
        **colours,
    )
    files = {THEME_FILE: text, f"assets/{name}.css": _SHEET.format(name=name)}
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8", newline="\n")
    return [f"{THEMES}/{name}/{path}" for path in files]


def _own(workspace: Path, name: str, template: str) -> tuple[Theme, str, Path, Path]:
    """The theme, with the theme below that has the template, the template there, and its place in the theme."""
    theme = load_theme(workspace, name, Location(f"{THEMES}/{name}"))
    if len(theme.folders) < 2:
        text = f"`{name}` lies over no other theme, so there is nothing to take from"
        raise PlanmarkError(Problem("PM501", text, Location(f"{THEMES}/{name}"), "start one with `planmark theme new NAME`"))
    found = original_of(theme, template)
    if found is None:
        below = {one for folder in theme.folders[1:] for one in templates_in(folder)}
        hint = did_you_mean(template, below, "write its path in the theme: blocks/task.html")
        raise PlanmarkError(
            Problem("PM505", f"no theme below `{name}` has a template `{template}`", Location(f"{THEMES}/{name}/{template}"), hint)
        )
    return theme, *found, theme.folders[0] / template


def override(workspace: Path, name: str, template: str, keep: bool = False) -> str:
    """Copy a template of the theme below into the theme, stamped. With `keep`, only stamp the one that is there. The file's path."""
    _, below, original, target = _own(workspace, name, template)
    shown = f"{THEMES}/{name}/{template}"
    if target.exists() != keep:
        if keep:
            raise PlanmarkError(
                Problem("PM401", f"the theme has no `{template}` of its own", Location(shown), "leave --keep out: it is copied then")
            )
        hint = "--diff shows how it differs from the original; --keep says that yours is up to date"
        raise PlanmarkError(Problem("PM607", f"the theme has its own `{template}` already", Location(shown), hint))
    text = original.read_text(encoding="utf-8")
    own = target.read_text(encoding="utf-8") if keep else text
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(stamped(own, below, text), encoding="utf-8", newline="\n")
    return shown


def difference(workspace: Path, name: str, template: str) -> str:
    """What makes the theme's own template another one than the original, as a unified diff; empty where nothing does."""
    _, below, original, target = _own(workspace, name, template)
    own = target.read_text(encoding="utf-8") if target.is_file() else ""
    lines = unified_diff(
        original.read_text(encoding="utf-8").splitlines(keepends=True),
        own.splitlines(keepends=True),
        f"{below}/{template}",
        f"{name}/{template}",
    )
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)
