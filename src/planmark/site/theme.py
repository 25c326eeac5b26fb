"""Themes: a folder with `theme.yaml`, templates and assets; one may extend another; a team's own stand before those that ship."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from planmark.content.models import problem_at, read_model
from planmark.content.yamltext import read_yaml
from planmark.plan.themes import ThemeFile
from planmark.problems import Finding, Location, PlanmarkError, Problem, did_you_mean
from planmark.shipped import THEMES

THEME_FILE = "theme.yaml"
DEFAULT = "default"
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
"""What a theme may be called: its style sheets lie in a layer of that name."""


@dataclass(frozen=True)
class Sheet:
    """One of a theme's style sheets, and the theme whose it is."""

    theme: str
    path: Path

    def css(self) -> str:
        """What it says."""
        return self.path.read_text(encoding="utf-8")


@dataclass(frozen=True, eq=False)
class Theme:
    """A theme with those it extends. `folders` come first to last in the order in which a file is looked for."""

    name: str
    folders: tuple[Path, ...]
    names: tuple[str, ...]
    light: Mapping[str, str]
    dark: Mapping[str, str]
    tokens: Mapping[str, str]
    styles: tuple[Sheet, ...]
    later: tuple[Sheet, ...]
    print: tuple[Sheet, ...]
    paper: tuple[Sheet, ...]
    voice: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By language, the theme's own words in place of the interface's English ones."""

    def asset(self, name: str) -> Path | None:
        """The file `assets/<name>` of the nearest theme that has it."""
        return next((folder / "assets" / name for folder in self.folders if (folder / "assets" / name).is_file()), None)


def roots(workspace: Path, name: str) -> tuple[Path, Path]:
    """Where a theme is looked for: the team's own folder, then the one that ships."""
    return workspace / "themes" / name, THEMES / name


def available(workspace: Path) -> list[str]:
    """The names of all themes at hand."""
    found = set()
    for place in (workspace / "themes", THEMES):
        if place.is_dir():
            found |= {folder.name for folder in place.iterdir() if (folder / THEME_FILE).is_file()}
    return sorted(found)


def load_theme(workspace: Path, name: str, where: Location) -> Theme:
    """The theme with everything it extends. Raises PlanmarkError with every problem of its `theme.yaml` files."""
    chain = _chain(workspace, name, where)
    light: dict[str, str] = {}
    dark: dict[str, str] = {}
    tokens: dict[str, str] = {}
    voice: dict[str, dict[str, str]] = {}
    sheets: dict[str, list[Sheet]] = {"styles": [], "later": [], "print": [], "paper": []}
    for index, (_, _, file) in reversed(list(enumerate(chain))):
        light |= {key: value for key, value in file.light if value}
        dark |= {key: value for key, value in file.dark if value}
        tokens |= file.tokens | file.logo.tokens
        for language, words in file.voice.items():
            voice[language] = voice.get(language, {}) | words
        laid_over = [(one, folder / "assets") for one, folder, _ in chain[: index + 1]]  # from the top: the theme, and those over it
        for kind, found in sheets.items():
            for style in getattr(file, kind):  # one of the same name takes the place of the one below, as templates do
                sheet = next(Sheet(one, assets / style) for one, assets in laid_over if (assets / style).is_file())
                found += [sheet] if sheet not in found else []
    missing = [key for key in ("paper", "accent") if key not in light]
    if missing:
        hint = f"name it under `light`, or give your theme another name than `{name}`: then it is laid over the one that ships"
        raise PlanmarkError(Problem("PM501", f"the theme `{name}` has no colour `{missing[0]}`", where, hint))
    names, folders = tuple(one for one, _, _ in chain), tuple(folder for _, folder, _ in chain)
    return Theme(name, folders, names, light, dark, tokens, **{kind: tuple(found) for kind, found in sheets.items()}, voice=voice)


def _chain(workspace: Path, name: str, where: Location) -> list[tuple[str, Path, ThemeFile]]:
    """The theme and those it extends, from the top, each with its folder and what its `theme.yaml` says."""
    chain: list[tuple[str, Path, ThemeFile]] = []
    following: str | None = name
    while following:
        names = [one for one, _, _ in chain]
        if following in names:
            loop = " → ".join([*names, following])
            raise PlanmarkError(Problem("PM501", f"these themes extend each other: {loop}", where, "let one of them extend `default`"))
        own, shipped = roots(workspace, following)
        folder = next((place for place in (own, shipped) if (place / THEME_FILE).is_file()), None)
        if folder is None:
            hint = did_you_mean(following, available(workspace), "a theme is a folder below themes/ with a theme.yaml")
            raise PlanmarkError(Problem("PM501", f"there is no theme `{following}`", where, hint))
        if not NAME.fullmatch(following):
            hint = "rename its folder: letters, digits, `-` and `_`, a letter first"
            raise PlanmarkError(Problem("PM214", f"`{following}` cannot be a theme's name", where, hint))
        file = _read_theme(folder, workspace)
        chain.append((following, folder, file))
        if folder is own and shipped != own and following == name and (shipped / THEME_FILE).is_file() and file.extends == name:
            raise PlanmarkError(Problem("PM501", f"the theme `{name}` extends itself", where, "give your theme another name"))
        following = file.extends or (DEFAULT if following != DEFAULT else None)
    return chain


def _read_theme(folder: Path, workspace: Path) -> ThemeFile:
    path = folder / THEME_FILE
    shown = path.relative_to(workspace).as_posix() if path.is_relative_to(workspace) else f"themes/{folder.name}/{THEME_FILE}"
    problems: list[Problem] = []
    document = read_yaml(path.read_bytes(), shown, problems)
    findings: list[Finding] = []
    file, whole = read_model(ThemeFile, document, findings) if document else (None, False)
    if document:
        problems += [problem_at(document, finding) for finding in findings]
    if file is None or not whole or any(problem.severity == "error" for problem in problems):
        raise PlanmarkError(problems)
    for style in (*file.styles, *file.later, *file.print, *file.paper):
        try:
            (folder / "assets" / style).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            where = Location(f"{shown.removesuffix(THEME_FILE)}assets/{style}")
            raise PlanmarkError(Problem("PM110", "the style sheet is not UTF-8", where, "save it as UTF-8")) from None
        except OSError:
            hint = "put it there, or take it out of `styles`"
            raise PlanmarkError(Problem("PM401", f"there is no style sheet `assets/{style}`", Location(shown), hint)) from None
    return file
