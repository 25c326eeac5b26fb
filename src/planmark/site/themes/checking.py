"""`planmark theme check`: what is wrong with a theme, each with its place and what to write instead."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from planmark.content.layout import THEMES
from planmark.content.places import Document
from planmark.content.yamltext import read_yaml
from planmark.plan.themes import TOKENS, Colours
from planmark.problems import Location, PlanmarkError, Problem, did_you_mean, in_order
from planmark.site.environment import environment
from planmark.site.language import SPOKEN
from planmark.site.theme import THEME_FILE, Theme, available, load_theme
from planmark.site.themes.pairs import Brands, TooClose, names_of, too_close
from planmark.site.themes.rules import names_in
from planmark.site.themes.templates import messages_of, template_problems, templates_in

if TYPE_CHECKING:
    from jinja2 import Environment

OF_THE_ACCENT = {"accent-ink", "accent-deep", "accent-fill", "on-accent", "accent-tint", "accent-line"}
"""Colours that are made from the accent, which is where to change them."""


def check_theme(workspace: Path, name: str, brands: list[Brands], rendered: bool = True) -> list[Problem]:
    """Every problem of the theme, in its own accent and in those of `brands`. PlanmarkError where it cannot be read at all.

    With `rendered`, also what goes wrong while it shows the sample plan.
    """
    theme = load_theme(workspace, name, Location(f"themes/{name}"))
    env = environment(theme)
    documents = _documents(theme, workspace)
    problems = list(template_problems(theme, env))
    problems += [_told(theme, one, documents) for one in too_close(theme, [Brands("the theme's own"), *brands])]
    problems += _unused_tokens(theme, documents[theme.name])
    problems += _unknown_words(theme, env, documents[theme.name])
    if rendered and not any(problem.severity == "error" and problem.code != "PM506" for problem in problems):
        problems += _rendered(theme)
    return in_order(problems)


def _rendered(theme: Theme) -> list[Problem]:
    """What goes wrong when the theme shows the sample plan, in which every block has something to show."""
    from planmark.site.themes.sample import shown_in

    try:
        shown_in(theme)
    except PlanmarkError as error:
        return list(error.problems)
    return []


def _documents(theme: Theme, workspace: Path) -> dict[str, Document]:
    """The `theme.yaml` of the theme and of those below, for places. They could be read before."""
    found = {}
    for name, folder in zip(theme.names, theme.folders, strict=True):
        path = folder / THEME_FILE
        shown = path.relative_to(workspace).as_posix() if path.is_relative_to(workspace) else f"themes/{name}/{THEME_FILE}"
        document = read_yaml(path.read_bytes(), shown, [])
        assert document is not None
        found[name] = document
    return found


def _told(theme: Theme, one: TooClose, documents: dict[str, Document]) -> Problem:
    paper = "dark" if one.dark else "light"
    whose = "" if one.brand.accent is None else f", with the accent {one.brand.accent.lower()} of {one.brand.where}"
    named = _shown(one.pair.colour), _shown(one.pair.ground)
    text = (
        f"on {paper} paper {named[0]} ({one.colour}) on {named[1]} ({one.ground}) is {_ratio(one.found)}:1 and needs "
        f"{one.pair.ratio:g}:1{whose}: {one.pair.where}"
    )
    return Problem("PM506", text, _place(theme, one, documents, paper), f"the nearest that passes is {one.nearest}")


def _ratio(found: float) -> str:
    """Rounded down: 4.499 is not 4.5."""
    return f"{int(found * 100) / 100:g}"


def _shown(colour: str) -> str:
    names = names_of(colour)
    return f"`{names[0]}`" if len(names) == 1 and "mix" not in colour else "+".join(f"`{name}`" for name in names) or f"`{colour}`"


def _place(theme: Theme, one: TooClose, documents: dict[str, Document], paper: str) -> Location:
    if one.sheet and one.rule:
        return Location(f"themes/{one.sheet.theme}/assets/{one.sheet.path.name}", one.rule.line, one.rule.column)
    names = [*names_of(one.pair.colour), *names_of(one.pair.ground)]
    for name in ["accent" if name in OF_THE_ACCENT else name for name in names]:
        for document in documents.values():
            for key in (paper, "light"):
                if name in Colours.model_fields and name in ((document.value or {}).get(key) or {}):
                    return document.at((key, name))
    return Location(documents[theme.name].path)


def _unused_tokens(theme: Theme, document: Document) -> Iterator[Problem]:
    """A token that no style sheet and no template asks for does nothing."""
    tokens = (document.value or {}).get("tokens") or {}
    strange = [name for name in tokens if name not in TOKENS]
    if not strange:
        return
    used = set(TOKENS)
    for sheet in (*theme.styles, *theme.later, *theme.print, *theme.paper):
        used |= set(names_in(sheet.css()))
    for folder in theme.folders:
        for name in templates_in(folder):
            used |= set(names_in((folder / name).read_text(encoding="utf-8", errors="replace")))
    for name in strange:
        if name not in used:
            hint = did_you_mean(name, used, f"use it in a style sheet: var(--{name})")
            yield Problem("PM508", f"nothing uses the token `{name}`", document.at(("tokens", name), at_key=True), hint, "warning")


def _unknown_words(theme: Theme, env: Environment, document: Document) -> Iterator[Problem]:
    """Words for a text that the interface doesn't say are never shown."""
    voice = (document.value or {}).get("voice") or {}
    known = messages_of(theme, env) if voice else set()
    for language, words in voice.items():
        if language not in SPOKEN:
            where = document.at(("voice", language), at_key=True)
            yield Problem("PM508", f"the pages do not speak `{language}`", where, "write one of: " + ", ".join(SPOKEN), "warning")
            continue
        for message in words:
            if message not in known:
                where = document.at(("voice", language, message), at_key=True)
                hint = did_you_mean(message, known, "write the English text just as the template has it")
                yield Problem("PM508", f"no template says `{message}`", where, hint, "warning")


def own_themes(workspace: Path) -> list[str]:
    """The themes below the workspace's own `themes/`."""
    return [name for name in available(workspace) if (workspace / THEMES / name / THEME_FILE).is_file()]
