"""What a page may load, as data: the content security policy of each page, exactly what it needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def policy(needs: Mapping[str, Iterable[str]]) -> str:
    """A content security policy that allows what is in `needs` (directive to sources) and nothing else.

    `frame-ancestors` is missing on purpose: it has no effect in a page and belongs to the host's headers.
    """
    allowed = {name: list(dict.fromkeys(sources)) for name, sources in needs.items()}
    parts = [
        "default-src 'none'",
        "base-uri 'none'",
        f"form-action {' '.join(allowed.pop('form-action', [])) or chr(39) + 'none' + chr(39)}",
    ]
    parts += [f"{name} {' '.join(sources)}" for name, sources in sorted(allowed.items()) if sources]
    return "; ".join([*parts, "require-trusted-types-for 'script'"])
