"""The scripts of a page: the theme's own files, as small as they can be, two of them as one where both are needed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from planmark.content.tree import digest_bytes
from planmark.site.theme import Theme


@dataclass(frozen=True)
class Script:
    """A script of a site."""

    path: str
    data: bytes


@lru_cache(maxsize=16)
def script(theme: Theme, *names: str) -> tuple[Script, ...]:
    """The theme's files of those names as one script in a scope of its own, called as the last of them; empty where the theme has none."""
    from rjsmin import jsmin

    sources = [source for source in map(theme.asset, names) if source]
    if not sources:
        return ()
    small = "\n".join(jsmin(source.read_text(encoding="utf-8")) for source in sources)
    data = f'(()=>{{"use strict";{small}}})();'.encode()
    return (Script(f"assets/{sources[-1].stem}.{digest_bytes(data)[:10]}.js", data),)
