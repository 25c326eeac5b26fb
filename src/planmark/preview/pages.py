"""The preview's own pages: the list of deals, and what stands where no page is. Everything in them is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from urllib.parse import quote

from planmark.plan.headers import policy
from planmark.plan.health.told import STANDINGS
from planmark.preview.answers import INTERNAL_PAGES, SCRIPT
from planmark.preview.picture import Picture
from planmark.preview.terminal import counted
from planmark.problems import Problem
from planmark.site.collation import sort_key

POLICY = policy({"script-src": ["'self'"], "style-src": ["'self'"], "img-src": ["'self'"]}) + "; frame-ancestors 'none'"


def list_page(picture: Picture, here: bool = False) -> bytes:
    """All deals by account, with what is wrong with each; those without a site after them.

    `here`, on the server's own machine, each has how it stands and the way to its close plan.
    """
    deals = sorted(picture.sites, key=lambda name: ([sort_key(text, picture.locale) for text in picture.titles[name]], name))
    unbuilt = sorted(picture.failed.difference(picture.sites))
    named = set(deals) | set(unbuilt)
    shared = [*picture.shared, *(one for name in sorted(picture.own) if name not in named for one in picture.own[name])]
    body = [f'<p class="count">{counted(len(deals) + len(unbuilt), "plan")}</p>', "<h1>Your plans</h1>"]
    body += ['<section class="shared">', "<h2>In the workspace</h2>", _problems(shared), "</section>"] if shared else []
    body += ['<ul class="deals">', *(_deal(name, picture, here) for name in deals), "</ul>"] if deals else []
    if unbuilt:
        body += ["<h2>Not built yet</h2>", '<ul class="deals">']
        body += [_item(name, name, "", picture.own.get(name, ()), picture.own.get(name, ())) for name in unbuilt]
        body.append("</ul>")
    if not named:
        body.append("<p>There are no plans yet. <code>planmark new northwind</code> starts one, and it appears here.</p>")
    return _page("Your plans", body)


def missing_page() -> bytes:
    """For an address that leads nowhere."""
    return _page("Not found", ["<h1>There is no such page</h1>", '<p>It may have been renamed or removed. <a href="/">All plans</a></p>'])


def unbuilt_page() -> bytes:
    """For a page that cannot be built yet: the problems come over it, and the page itself once they are mended."""
    return _page(
        "Not built yet", ["<h1>There is no page yet</h1>", '<p>It appears as soon as the plan can be built. <a href="/">All plans</a></p>']
    )


def _deal(name: str, picture: Picture, here: bool) -> str:
    account, title = picture.titles[name]
    problems = picture.own.get(name, ())
    told = [one for one in problems if one.severity == "error"]
    return _item(picture.sites[name], account or name, title, problems, told, _internal(name, picture) if here else "")


def _internal(name: str, picture: Picture) -> str:
    """How a deal stands, and the way to its close plan."""
    standing = picture.standings.get(name, "")
    word = f'<em class="{standing}">{escape(STANDINGS.get(standing, standing))}</em> ' if standing else ""
    return f' <span class="internal">{word}<a href="{INTERNAL_PAGES}{quote(name)}/">Close plan</a></span>'


def _item(folder: str, name: str, title: str, problems: Sequence[Problem], told: Sequence[Problem], internal: str = "") -> str:
    link = f'<a href="/sites/{quote(folder)}/"><strong>{escape(name)}</strong> <span>{escape(title)}</span></a>'
    return f"<li>{link}{_counts(problems)}{internal}{_problems(told)}</li>"


def _counts(problems: Sequence[Problem]) -> str:
    errors = sum(one.severity == "error" for one in problems)
    warnings = len(problems) - errors
    found = f' <em class="error">{counted(errors, "error")}</em>' if errors else ""
    return found + (f' <em class="warning">{counted(warnings, "warning")}</em>' if warnings else "")


def _problems(problems: Iterable[Problem]) -> str:
    found = [
        f'<li class="{one.severity}"><code>{escape(str(one.location))}</code> <span>{escape(one.message)}</span>'
        f" <small>{escape(one.hint)}</small></li>"
        for one in problems
    ]
    return f'<ul class="problems">{"".join(found)}</ul>' if found else ""


def _page(title: str, body: Iterable[str]) -> bytes:
    head = [
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        f"<title>{escape(title)} · Planmark</title>",
        '<link rel="icon" href="/_planmark/icon.svg" type="image/svg+xml">',
        '<link rel="stylesheet" href="/_planmark/preview.css">',
        SCRIPT.decode(),
    ]
    lines = [
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        *head,
        "</head>",
        "<body>",
        "<main>",
        *body,
        "</main>",
        "</body>",
        "</html>",
        "",
    ]
    return "\n".join(lines).encode()
