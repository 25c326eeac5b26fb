"""What a page may load, and what a host says with every file, as data: the one source of both.

A page's own policy is its meta element, exactly what it needs. Headers carry what is equal for all pages, so that a host needs one rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), display-capture=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""What a host says with every file of every site. The policy is in force beside the page's own; of the two the stricter counts."""
HSTS = ("Strict-Transport-Security", "max-age=63072000")
"""Over https alone. Without its subdomains: they are not ours to decide about."""
FRESH, FOREVER = "private, no-cache", "public, max-age=31536000, immutable"


def cache_of(path: str) -> str:
    """The Cache-Control of a file of a site: what is named after its contents is kept for a year, all else is asked for anew."""
    return FOREVER if path.startswith("assets/") else FRESH


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
