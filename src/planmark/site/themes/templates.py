"""A theme's own templates: can they be read, is there what they name, and are they still like the originals they were made from?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import get_args

from jinja2 import Environment, TemplateSyntaxError, nodes

from planmark.content.tree import digest_bytes
from planmark.plan.words import SectionName
from planmark.problems import Location, Problem, did_you_mean
from planmark.site.theme import Theme
from planmark.site.words import WORDS

ROOTS = (
    *("page.html", "privacy.html", "sent.html", "paper.html", "mail/update.html", "mail/reminder.html"),
    *("bundle/note.html", "bundle/privacy.html", "bundle/reply.html", "lock/page.html"),
)
"""The templates that a build or a mail asks for by name; all others are asked for by these."""
_STAMP = re.compile(r"\{#-?\s*from ([a-z0-9][a-z0-9_-]*) ([0-9a-f]{10})\b[^#]*#\}\n?")


@dataclass(frozen=True)
class Stamp:
    """What a template was made from: the theme, and a digest of its template as it was then."""

    theme: str
    digest: str


def stamp_in(text: str) -> Stamp | None:
    """The stamp that a template carries."""
    found = _STAMP.search(text)
    return Stamp(found[1], found[2]) if found else None


def stamped(text: str, theme: str, original: str) -> str:
    """The template with a stamp of the original as it is now, in place of an older one."""
    return f"{{# from {theme} {digest_of(original)}: `planmark theme check` says when that one changes #}}\n" + _STAMP.sub(
        "", text, count=1
    )


def digest_of(text: str) -> str:
    """A template's digest, its own stamp and line ends aside."""
    return digest_bytes(_STAMP.sub("", text.replace("\r\n", "\n"), count=1).encode())[:10]


def templates_in(folder: Path) -> list[str]:
    """The templates of one theme's folder, by their path in it."""
    found = (path.relative_to(folder) for path in folder.rglob("*.html"))
    return sorted(path.as_posix() for path in found if path.parts[0] != "assets" and not any(part.startswith(".") for part in path.parts))


def original_of(theme: Theme, name: str) -> tuple[str, Path] | None:
    """The template of that path in the nearest theme below, with that theme's name."""
    below = zip(theme.names[1:], theme.folders[1:], strict=True)
    return next(((one, folder / name) for one, folder in below if (folder / name).is_file()), None)


def template_problems(theme: Theme, env: Environment) -> Iterator[Problem]:
    """What is wrong with the templates of the theme's own folder, and what all of its templates together lack."""
    names = set(env.list_templates())
    asked: set[str] = set(ROOTS)
    open_ended: set[str] = set()
    for folder in theme.folders[1:]:
        for name in templates_in(folder):
            tree = _parsed(env, folder / name)
            if isinstance(tree, nodes.Template):
                asked |= {one for one, _ in _references(tree, open_ended)}
    own, unread = theme.folders[0], False
    for name in templates_in(own):
        shown = f"themes/{theme.name}/{name}"
        tree = _parsed(env, own / name)
        if isinstance(tree, nodes.Template):
            for one, line in _references(tree, open_ended):
                asked.add(one)
                if one not in names:
                    hint = did_you_mean(one, names, "add it, or take out the line that asks for it")
                    yield Problem("PM505", f"the theme has no template `{one}`", Location(shown, line, 1), hint)
            yield from _stamp_problems(theme, name, shown)
        else:
            unread = True
            yield tree
    for section in (*get_args(SectionName), "markdown"):
        for kind in ("blocks", "paper"):
            if f"{kind}/{section}.html" not in names and (kind == "blocks" or "paper.html" in names):
                where = Location(f"themes/{theme.name}")
                yield Problem(
                    "PM505", f"the section `{section}` has no template `{kind}/{section}.html`", where, "add it, or extend `default`"
                )
    known = asked | {f"{kind}/{section}.html" for kind in ("blocks", "paper") for section in (*get_args(SectionName), "markdown")}
    below = {name for folder in theme.folders[1:] for name in templates_in(folder)}
    for name in templates_in(own) if not unread else ():
        if name not in known | below and not any(name.startswith(start) for start in open_ended - {"blocks/", "paper/"}):
            near = get_close_matches(Path(name).stem, {Path(one).stem for one in below}, n=1, cutoff=0.75)
            if name.startswith("blocks/") and not near:
                continue  # a plan may name it: a resource's `block` is a template of the team's own
            hint = f"did you mean `{Path(name).with_stem(near[0]).as_posix()}`?" if near else "remove it, or include it somewhere"
            yield Problem("PM508", f"nothing asks for the template `{name}`", Location(f"themes/{theme.name}/{name}"), hint, "warning")


def _parsed(env: Environment, path: Path) -> nodes.Template | Problem:
    shown = f"themes/{'/'.join(path.parts[path.parts.index('themes') + 1 :])}" if "themes" in path.parts else path.name
    try:
        return env.parse(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        return Problem("PM110", "the template is not UTF-8", Location(shown), "save it as UTF-8")
    except TemplateSyntaxError as error:
        hint = "compare it with the theme's own template"
        return Problem("PM502", f"the template cannot be read: {error.message}", Location(shown, error.lineno, 1), hint)


def _references(tree: nodes.Template, open_ended: set[str]) -> Iterator[tuple[str, int]]:
    """The templates that a template names, with the line; the beginnings of names that it makes up go to `open_ended`."""
    for node in tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
        asked = getattr(node, "template", None)  # find_all says no more than what all of them have in common
        if isinstance(node, nodes.Include) and node.ignore_missing:
            continue
        if isinstance(asked, nodes.Const) and isinstance(asked.value, str):
            yield asked.value, node.lineno
        elif isinstance(asked, nodes.Concat) and isinstance(asked.nodes[0], nodes.Const):
            open_ended.add(str(asked.nodes[0].value))


def _stamp_problems(theme: Theme, name: str, shown: str) -> Iterator[Problem]:
    stamp = stamp_in((theme.folders[0] / name).read_text(encoding="utf-8"))
    original = original_of(theme, name)
    if stamp is None:
        return
    if original is None:
        text = f"it was made from `{name}` of the theme `{stamp.theme}`, which has none any more"
        yield Problem("PM507", text, Location(shown, 1, 1), "see whether it is still of use", "warning")
    elif stamp.digest != digest_of(original[1].read_text(encoding="utf-8")):
        hint = f"`planmark theme override {theme.name} {name} --diff` shows how they differ; with --keep yours counts as up to date"
        yield Problem("PM507", f"the original in `{original[0]}` has changed since", Location(shown, 1, 1), hint, "warning")


def messages_of(theme: Theme, env: Environment) -> set[str]:
    """Every English text of the interface that the theme's templates say, in one form or both."""
    found = set(WORDS.values())
    for folder in theme.folders:
        for name in templates_in(folder):
            try:
                extracted = env.extract_translations((folder / name).read_text(encoding="utf-8"))  # type: ignore[attr-defined]  # the extension's
            except (TemplateSyntaxError, UnicodeDecodeError):
                continue
            for _, _, message in extracted:
                found |= {one for one in (message if isinstance(message, tuple) else (message,)) if one}
    return found
