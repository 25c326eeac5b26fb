"""The page before a protected plan: it asks for the passphrase, and its script turns it into the plan. It tells nothing about it."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from planmark.content.tree import digest_bytes
from planmark.plan.headers import policy
from planmark.problems import Location, PlanmarkError, Problem
from planmark.site.render import render
from planmark.site.scripts import script
from planmark.site.sealed.manifest import ENTRY, Lock
from planmark.site.sheets import palettes, properties, small, with_files
from planmark.site.theme import Sheet, Theme

if TYPE_CHECKING:
    from pathlib import Path

    from jinja2 import Environment

    from planmark.site.forms import Forms

TEMPLATE = "lock/page.html"
_POLICY = "@@policy@@"
_OWN: Mapping[str, tuple[str, ...]] = {
    "script-src": ("'self'",),
    "style-src": ("'self'",),
    "connect-src": ("'self'",),
    "img-src": ("'self'", "blob:"),
    "font-src": ("'self'", "blob:"),
    "media-src": ("'self'", "blob:"),
    "trusted-types": ("planmark",),
}
"""What decrypting takes, whatever the plan shows: files are fetched, and what was in them has `blob:` addresses."""


def lock_page(
    theme: Theme,
    env: Environment,
    lock: Lock,
    needs: Mapping[str, Iterable[str]],
    forms: Forms | None = None,
    accent: str | None = None,
) -> dict[str, bytes]:
    """The public files of a protected site but for the scripts of its pages, by path: the page with its style sheet, script and icon.

    `needs` is what all pages of the plan load together (directive to sources), for a policy cannot be widened once the plan is shown.
    `forms` are the plan's: services that look for a form in the page find one. `accent` is the seller's colour; never the deal's own, which
    may be the buyer's. Nothing but `lock`, `needs` and the name of that form differs between two plans of a team in one language.
    """
    loads: dict[str, Path] = {}
    sheet = _style(theme, accent, loads)
    css = f"assets/lock.{digest_bytes(sheet)[:10]}.css"
    opening = script(theme, "lock.js")
    if not opening:
        hint = "add it, or extend `default`"
        raise PlanmarkError(Problem("PM505", "the theme has no script `assets/lock.js`", Location(f"themes/{theme.name}"), hint))
    light, dark = palettes(theme, accent, None)
    drawing = _icon(light["accent-fill"])
    icon = f"assets/lock.{digest_bytes(drawing)[:10]}.svg"
    context = {
        "locale": env.globals["language"].locale,  # type: ignore[attr-defined]  # `environment` put it there
        "lock": lock.as_json(),
        "policy": _POLICY,
        "css": css,
        "script": opening[0].path,
        "icon": icon,
        "papers": (light["paper"], dark["paper"]),
        "forms": forms,
    }
    allowed = policy(_with_own(needs))
    page = render(env, theme, TEMPLATE, context).replace(_POLICY, html.escape(allowed, quote=False).replace('"', "&quot;"), 1)
    files = {css: sheet, opening[0].path: opening[0].data, icon: drawing}
    return {ENTRY: page.encode(), **files, **{path: source.read_bytes() for path, source in loads.items()}}


def _with_own(needs: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    names = dict.fromkeys([*needs, *_OWN])
    return {name: [*_OWN.get(name, ()), *needs.get(name, ())] for name in names}


def _style(theme: Theme, accent: str | None, loads: dict[str, Path]) -> bytes:
    """The page's sheet. Its colours and sizes hold as long as the page is locked: after that the plan's own do."""
    light, dark = palettes(theme, accent, None)
    tokens = {key: value for key, value in theme.tokens.items() if not key.startswith("paper-")}
    source = theme.asset("lock.css")
    text = with_files(Sheet(theme.name, source), theme, loads) if source else ""
    root = ":root.lock"
    colours = properties(root, light | tokens) + f"@media (prefers-color-scheme: dark) {{\n{properties(root, dark)}}}\n"
    return small(colours + text).encode()


def _icon(ground: str) -> bytes:
    """A lock, in the seller's accent: that of every protected plan."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="{ground}"/>'
        '<path d="M11.5 15v-3a4.5 4.5 0 0 1 9 0v3" fill="none" stroke="#fff" stroke-width="2.6"/>'
        '<rect x="8.5" y="14.5" width="15" height="10" rx="2.5" fill="#fff"/></svg>\n'
    ).encode()
