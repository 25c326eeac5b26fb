"""The pages of a site one after another in one HTML file, which loads nothing: style sheets, scripts and files are in it.

It is made from the site's own files, so that it can hold nothing that the site does not. The policy in its head names each script and
style sheet by its digest, and of what the site's pages may reach it keeps the endpoint alone.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from planmark.plan.headers import policy
from planmark.problems import Location, PlanmarkError, Problem
from planmark.site.bundle.loads import Loads, saved_as
from planmark.site.bundle.markup import Tag, parts, without
from planmark.site.forms import SENT_FILE, data_island

PRIVACY = "privacy.html"
_NOWHERE = "blob:planmark"
"""Where the script sends what only the site's own host would take: to nothing, at once and without a word to anybody."""
_REFERENCES = ("for", "form", "list", "headers", "aria-labelledby", "aria-describedby", "aria-controls")
_LEFT = re.compile(r"assets/(?:visit|embed)\.")
"""Scripts that need the site around them: personal calendars are files of it, and players refuse to work in a file."""
_ONCE = {"planmark-data", "planmark-status", "planmark-people", "planmark-words"}
_SYMBOL = re.compile(r'<symbol id="([^"]+)".*?</symbol>\n?', re.DOTALL)
_POLICY = "@@policy@@"


@dataclass(frozen=True)
class Frame:
    """What only a bundle has: words (HTML, in the plan's language), a style sheet and a script. `address` is that of the live plan."""

    note: str
    """At the head of the plan: what this file is."""
    title: str
    """Of the part about privacy."""
    privacy: str
    """In place of the site's page about privacy, which speaks of a server."""
    reply: str
    """Where the script offers to save what could not be sent; empty where nothing can be sent."""
    style: str
    script: str
    address: str = ""


@dataclass(frozen=True)
class Bundle:
    """The file, and what of the site is not in it, being too large: paths with their sizes in bytes."""

    html: bytes
    left_out: Mapping[str, int]


def bundled(files: Mapping[str, bytes], pages: Sequence[tuple[str, str]], frame: Frame) -> Bundle:
    """The site in `files` (by path) as one file. `pages` are the plan's pages in order, each with its title; the first one leads.

    Raises PlanmarkError where the theme's pages have no `<main>`.
    """
    return _Making(files, pages, frame).make()


class _Making:
    def __init__(self, files: Mapping[str, bytes], pages: Sequence[tuple[str, str]], frame: Frame) -> None:
        self.files, self.pages, self.frame = files, pages, frame
        self.loads = Loads(files)
        self.texts = {file: files[file].decode() for file, _ in pages}
        self.ids = self._ids()
        self.sheets: set[str] = set()
        self.scripts = [*([frame.script] if frame.reply else []), *self._scripts()]
        self.hashes: dict[str, list[str]] = {"script-src": [], "style-src": []}

    def make(self) -> Bundle:
        """All of it."""
        first, *others = self.pages
        out: list[str] = []
        for one in self._page(first[0]):
            if isinstance(one, Tag) and one.name == "main" and one.end:
                for file, title in others:
                    out.append(_part(_anchor(file), title, "".join(map(str, self._page(file)))))
                out.append(_part(_anchor(PRIVACY), self.frame.title, self.frame.privacy))
            if isinstance(one, Tag) and one.end and one.name == "head":
                out += [
                    self._sheet(tag) for file, _ in self.pages for tag in _sheets(self.texts[file]) if tag.get("href") not in self.sheets
                ]
                out.append(self._hashed("style", self.frame.style))
            if isinstance(one, Tag) and one.end and one.name == "body":
                out.append(self.frame.reply)
                out += [self._hashed("script", script) for script in self.scripts]
            out.append(str(one))
            if isinstance(one, Tag) and one.name == "main" and not one.end:
                out.append(self.frame.note)
        text = self._with_symbols("".join(out))
        allowed = html.escape(policy(self._needs(text)), quote=False).replace('"', "&quot;")
        return Bundle(text.replace(_POLICY, allowed, 1).encode(), dict(sorted(self.loads.left_out.items())))

    def _page(self, file: str) -> Iterator[Tag | str]:
        """A page with everything in it: the first one whole, of the others what stands in their `<main>`."""
        first = file == self.pages[0][0]
        inside = first
        found = False
        for one in without(parts(self.texts[file]), lambda tag: self._is_left_out(tag, first)):
            main = isinstance(one, Tag) and one.name == "main"
            found = found or main
            if main and not first:
                assert isinstance(one, Tag)
                inside = not one.end
            elif inside:
                yield self._changed(one, file) if isinstance(one, Tag) and not one.end else one
        if not found:
            hint = 'put what the page says into `<main id="main-content">`, as themes/default/page.html does'
            raise PlanmarkError(Problem("PM616", f"`{file}` cannot become a part of one file: it has no `<main>`", Location(file), hint))

    def _is_left_out(self, tag: Tag, first: bool) -> bool:
        given = tag.values()
        if tag.name == "nav" and "onward" in given.get("class", "").split():
            return True
        if tag.name == "meta":
            return given.get("property") == "og:image" or given.get("name") == "twitter:card"
        if tag.name == "link":
            return given.get("rel") not in ("icon", "stylesheet") or given.get("href", "") in self.sheets
        if tag.name == "form" and "data-netlify" in given:
            return True  # it speaks to the host that takes the site
        if tag.name == "script" and "src" in given:
            return True  # they stand at the end
        return not first and (given.get("id") in _ONCE or "fates-page" in given.get("class", "").split())

    def _changed(self, tag: Tag, file: str) -> Tag | str:
        given = tag.values()
        if tag.name == "link" and given.get("rel") == "stylesheet":
            return self._sheet(tag)
        if tag.name == "meta" and given.get("http-equiv", "").lower() == "content-security-policy":
            return tag.changed(lambda name, value: _POLICY if name == "content" else value)
        if tag.name == "script" and given.get("id") == "planmark-data":
            return Tag(tag.name, tag.attrs, text=self._data(tag.text or ""))
        if tag.name == "a":
            return self._link(tag, file)
        if tag.name == "form" and given.get("action") == SENT_FILE:
            return tag.changed(lambda name, value: self.frame.address + SENT_FILE if name == "action" and self.frame.address else value)

        def change(name: str, value: str) -> str | None:
            if name in ("srcset", "sizes") and tag.name == "img":
                return None  # one of several is enough, and `src` is the largest
            if name in ("src", "poster", "srcset") or (name == "href" and tag.name == "link"):
                return self.loads.data(value) or (None if value in self.files else value)
            return self._named(name, value, file)

        return tag.changed(change)

    def _link(self, tag: Tag, file: str) -> Tag:
        given = tag.values()
        path, _, fragment = given.get("href", "").partition("#")
        more = ""
        href: str | None = given.get("href", "")
        if path in self.texts or path == PRIVACY or (not path and fragment):
            href = "#" + self._target(path or file, fragment)
        elif path in self.files:
            beside = given.get("tabindex") == "-1"  # the link beside it, which the keyboard reaches, leads to the same
            href = None if beside else self.loads.data(path)
            if href:
                more = f' download="{html.escape(saved_as(path))}"'
            elif self.frame.address and not beside:
                href, more = self.frame.address + path, ' target="_blank" rel="noopener noreferrer nofollow"'

        def change(name: str, value: str) -> str | None:
            if name == "href":
                return href
            if name.startswith("data-") and ("data-src" in given or name == "data-calendar"):
                return None
            if (name == "download" and path in self.files) or (name == "aria-current" and value == "page"):
                return None
            return self._named(name, value, file)

        changed = tag.changed(change)
        return Tag(changed.name, changed.attrs + more)

    def _named(self, name: str, value: str, file: str) -> str:
        """An attribute's value, with the ids of a page as they are called here."""
        if name == "id":
            return self.ids.get((file, value), value)
        if name in _REFERENCES:
            return " ".join(self.ids.get((file, one), one) for one in value.split())
        return value

    def _ids(self) -> dict[tuple[str, str], str]:
        """What each id of each page is called in the one document: as it was, where no page before has it."""
        found: dict[tuple[str, str], str] = {}
        taken = {_anchor(file) for file, _ in self.pages[1:]} | {_anchor(PRIVACY)}
        for file, _ in self.pages:
            stem = PurePosixPath(file).stem
            inside = file == self.pages[0][0]
            for one in parts(self.texts[file]):
                if not isinstance(one, Tag):
                    continue
                if one.name == "main" and file != self.pages[0][0]:
                    inside = not one.end
                elif inside and not one.end and (name := one.get("id")) and (file, name) not in found:
                    new = f"{stem}-{name}" if name in taken and name not in _ONCE else name
                    found[file, name] = new
                    taken.add(new)
        return found

    def _target(self, file: str, fragment: str) -> str:
        """Where a link to a place on a page leads to; to the page itself where it has no such place."""
        if fragment and (file, fragment) in self.ids:
            return self.ids[file, fragment]
        if file == self.pages[0][0]:
            return fragment or "top"
        return _anchor(file)

    def _data(self, text: str) -> str:
        """What the script reads off the page: in a file it asks nobody what others did meanwhile."""
        data: dict[str, Any] = json.loads(text)
        data["live"] = ""
        if data["action"] == SENT_FILE:
            data["action"] = _NOWHERE
        return str(data_island(data))

    def _scripts(self) -> list[str]:
        """The scripts of the first page, in their order."""
        sources = [tag.get("src") or "" for tag in parts(self.texts[self.pages[0][0]]) if isinstance(tag, Tag) and tag.name == "script"]
        return [self.files[source].decode() for source in sources if source in self.files and not _LEFT.match(source)]

    def _sheet(self, link: Tag) -> str:
        """A style sheet in place of the link to it."""
        path = link.get("href") or ""
        self.sheets.add(path)
        return self._hashed("style", self.loads.sheet(path), link.get("media") or "")

    def _hashed(self, name: str, text: str, media: str = "") -> str:
        """A script or a style sheet in the page, by whose digest the policy allows it."""
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        self.hashes[f"{name}-src"].append(f"'sha256-{digest}'")
        return f"<{name}{f' media={chr(34)}{media}{chr(34)}' if media else ''}>{text}</{name}>\n"

    def _with_symbols(self, text: str) -> str:
        """The page with the drawings that only other pages used."""
        known = {found[1] for found in _SYMBOL.finditer(text)}
        wanted = {found[1]: found[0] for page in self.texts.values() for found in _SYMBOL.finditer(page)}
        return text.replace("<symbol ", "".join(wanted[one] for one in wanted if one not in known) + "<symbol ", 1)

    def _needs(self, text: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {name: hashes for name, hashes in self.hashes.items() if hashes}
        found["img-src"] = ["data:"]
        if "@font-face" in text:
            found["font-src"] = ["data:"]
        if "<video" in text or "<audio" in text:
            found["media-src"] = ["data:"]
        for page in self.texts.values():
            for name in ("connect-src", "form-action"):
                found.setdefault(name, []).extend(one for one in _allowed(page, name) if one not in ("'self'", "'none'"))
        if self.frame.reply and _NOWHERE in text:
            found["connect-src"] = ["blob:"]
            found["form-action"] = ["/".join(self.frame.address.split("/")[:3])] if self.frame.address else []
        return found


def _part(name: str, title: str, inner: str) -> str:
    heading = f'<h1 class="leaf-title" id="{name}-title">{html.escape(title)}</h1>'
    begin = f'<div class="leaf" id="{name}" role="group" aria-labelledby="{name}-title">'
    return f'{begin}\n{heading}\n<div class="leaf-body">\n{inner}</div>\n</div>\n'


def _sheets(page: str) -> Iterator[Tag]:
    """The links of a page to style sheets."""
    return (one for one in parts(page) if isinstance(one, Tag) and one.name == "link" and one.get("rel") == "stylesheet")


def _anchor(file: str) -> str:
    return f"page-{PurePosixPath(file).stem}"


def _allowed(page: str, name: str) -> list[str]:
    """What a page's own policy allows."""
    for one in parts(page):
        if isinstance(one, Tag) and one.name == "meta" and (one.get("http-equiv") or "").lower() == "content-security-policy":
            rules = [rule.split() for rule in (one.get("content") or "").split(";")]
            return next((rule[1:] for rule in rules if rule and rule[0] == name), [])
    return []
