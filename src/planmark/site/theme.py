"""Themes: a folder with `theme.yaml`, templates and assets; one may extend another; a team's own stand before those that ship."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from planmark.content.models import problem_at, read_model
from planmark.content.tree import digest_bytes
from planmark.content.yamltext import read_yaml
from planmark.plan.people import Brand
from planmark.plan.themes import ThemeFile
from planmark.problems import Finding, Location, PlanmarkError, Problem, did_you_mean
from planmark.shipped import THEMES
from planmark.site.colour import legible, on, tint

THEME_FILE = "theme.yaml"
DEFAULT = "default"


@dataclass(frozen=True, eq=False)
class Theme:
    """A theme with those it extends. `folders` come first to last in the order in which a file is looked for."""

    name: str
    folders: tuple[Path, ...]
    names: tuple[str, ...]
    light: Mapping[str, str]
    dark: Mapping[str, str]
    tokens: Mapping[str, str]
    styles: tuple[Path, ...]
    print: tuple[Path, ...]
    paper: tuple[Path, ...]

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
    folders: list[Path] = []
    names: list[str] = []
    files: list[ThemeFile] = []
    following: str | None = name
    while following:
        if following in names:
            loop = " → ".join([*names, following])
            raise PlanmarkError(Problem("PM501", f"these themes extend each other: {loop}", where, "let one of them extend `default`"))
        own, shipped = roots(workspace, following)
        folder = next((place for place in (own, shipped) if (place / THEME_FILE).is_file()), None)
        if folder is None:
            raise PlanmarkError(
                Problem(
                    "PM501",
                    f"there is no theme `{following}`",
                    where,
                    did_you_mean(following, available(workspace), "a theme is a folder below themes/ with a theme.yaml"),
                )
            )
        file = _read_theme(folder, workspace)
        folders.append(folder)
        names.append(following)
        files.append(file)
        if folder is own and shipped != own and following == name and (shipped / THEME_FILE).is_file() and file.extends == name:
            raise PlanmarkError(Problem("PM501", f"the theme `{name}` extends itself", where, "give your theme another name"))
        following = file.extends or (DEFAULT if following != DEFAULT else None)
    light: dict[str, str] = {}
    dark: dict[str, str] = {}
    tokens: dict[str, str] = {}
    styles: list[Path] = []
    printed: list[Path] = []
    paper: list[Path] = []
    for folder, file in reversed(list(zip(folders, files, strict=True))):
        light |= {key: value for key, value in file.light if value}
        dark |= {key: value for key, value in file.dark if value}
        tokens |= file.tokens
        styles += [folder / "assets" / style for style in file.styles]
        printed += [folder / "assets" / style for style in file.print]
        paper += [folder / "assets" / style for style in file.paper]
    missing = [key for key in ("paper", "accent") if key not in light]
    if missing:
        hint = f"name it under `light`, or give your theme another name than `{name}`: then it is laid over the one that ships"
        raise PlanmarkError(Problem("PM501", f"the theme `{name}` has no colour `{missing[0]}`", where, hint))
    return Theme(name, tuple(folders), tuple(names), light, dark, tokens, tuple(styles), tuple(printed), tuple(paper))


def _read_theme(folder: Path, workspace: Path) -> ThemeFile:
    path = folder / THEME_FILE
    shown = path.relative_to(workspace).as_posix() if path.is_relative_to(workspace) else f"themes/{folder.name}/{THEME_FILE}"
    problems: list[Problem] = []
    document = read_yaml(path.read_bytes(), shown, problems)
    findings: list[Finding] = []
    file, whole = read_model(ThemeFile, document, findings) if document else (None, False)
    if document:
        problems += [problem_at(document, finding) for finding in findings]
    if file is None or not whole:
        raise PlanmarkError(problems)
    for style in (*file.styles, *file.print, *file.paper):
        try:
            (folder / "assets" / style).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            where = Location(f"{shown.removesuffix(THEME_FILE)}assets/{style}")
            raise PlanmarkError(Problem("PM110", "the style sheet is not UTF-8", where, "save it as UTF-8")) from None
        except OSError:
            hint = "put it there, or take it out of `styles`"
            raise PlanmarkError(Problem("PM401", f"there is no style sheet `assets/{style}`", Location(shown), hint)) from None
    return file


@dataclass(frozen=True)
class Style:
    """The one style sheet of a deal: theme, tokens and brand. `loads` are files it names, by their path in the site."""

    path: str
    css: bytes
    loads: Mapping[str, Path]


def style(theme: Theme, brand: Brand, font: tuple[str, Path] | None) -> Style:
    """The style sheet of a theme in a brand. `font` is the brand font's path in the site and on this machine."""
    return _style(theme, brand.accent, brand.second, font)


@lru_cache(maxsize=64)
def paper_style(theme: Theme, brand_accent: str | None, brand_second: str | None, letter: bool) -> bytes:
    """The style sheet of the PDF: the colours of light paper, the theme's sheets for it, and the format of the page."""
    accent = brand_accent or theme.light["accent"]
    colours = _palette(theme.light, accent, brand_second or theme.light.get("second", accent))
    sheets = [path.read_text(encoding="utf-8") for path in theme.paper]
    size = "@page { size: letter }\n" if letter else "@page { size: A4 }\n"
    return "\n".join([_properties(":root", colours | dict(theme.tokens)), *sheets, size]).encode()


@lru_cache(maxsize=64)
def print_style(theme: Theme) -> Style | None:
    """The style sheet for printing from the browser."""
    css = "\n".join(path.read_text(encoding="utf-8") for path in theme.print).encode()
    return Style(f"assets/print.{digest_bytes(css)[:10]}.css", css, {}) if css else None


@lru_cache(maxsize=64)  # the deals of a build share their theme, and mostly their brand
def _style(theme: Theme, accent: str | None, second: str | None, font: tuple[str, Path] | None) -> Style:
    light, dark = dict(theme.light), dict(theme.dark)
    lead = accent or light["accent"]
    other = second or light.get("second", lead)
    parts = [
        _properties(":root", _palette(light, lead, other) | dict(theme.tokens)),
        "@media (prefers-color-scheme: dark) {\n"
        + _properties(
            ":root",
            _palette({**light, **dark}, accent or dark.get("accent", lead), second or dark.get("second", other)),
        )
        + "}\n",
    ]
    if font:
        families = {"font-body": '"Brand", ui-sans-serif, system-ui, sans-serif', "font-head": "var(--font-body)"}
        parts.append(
            f'@font-face {{ font-family: "Brand"; src: url("{Path(font[0]).name}") format("woff2"); font-display: swap; }}\n'
            + _properties(":root", {key: value for key, value in families.items() if key not in theme.tokens})
        )
    loads: dict[str, Path] = {font[0]: font[1]} if font else {}

    def hashed(match: re.Match[str]) -> str:
        source = theme.asset(match[1])
        if source is None:
            return match[0]
        target = f"assets/{source.stem}.{digest_bytes(source.read_bytes())[:10]}{source.suffix}"
        loads[target] = source
        return f'url("{Path(target).name}")'

    parts += [re.sub(r"url\([\"']?([A-Za-z0-9_./-]+)[\"']?\)", hashed, path.read_text(encoding="utf-8")) for path in theme.styles]
    css = "\n".join(parts).encode()
    return Style(f"assets/plan.{digest_bytes(css)[:10]}.css", css, loads)


def _palette(colours: Mapping[str, str], accent: str, second: str) -> dict[str, str]:
    """All colours of one paper; those made from the accent are legible whatever the brand chose."""
    paper = colours["paper"]
    dark = on(paper) == "#ffffff"
    tinted = tint(accent, 0.27 if dark else 0.965, 0.03)
    ink = legible(legible(accent, colours.get("panel", paper)), tinted)
    return dict(colours) | {
        "accent": accent.lower(),
        "accent-ink": ink,
        "accent-fill": ink if dark else legible(accent, "#ffffff"),
        "on-accent": on(ink) if dark else "#ffffff",
        "accent-tint": tinted,
        "accent-line": tint(accent, 0.42 if dark else 0.86, 0.06),
        "second": legible(second, paper, 3.0),
    }


def _properties(selector: str, values: Mapping[str, str]) -> str:
    return f"{selector} {{\n" + "".join(f"  --{key}: {value};\n" for key, value in values.items()) + "}\n"
