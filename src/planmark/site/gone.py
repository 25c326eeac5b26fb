"""The page for those who come to a plan that is no longer here: calm, in their language, and about nothing else."""

from __future__ import annotations

from html import escape

from planmark.content.tree import digest_bytes
from planmark.plan.headers import policy
from planmark.site.language import Language

STYLE = b""":root{color-scheme:light dark}
body{margin:0;min-height:100vh;display:grid;place-content:center;padding:2rem;font:1.125rem/1.6 system-ui,sans-serif;text-align:center}
h1{font-size:1.5rem;line-height:1.3;margin:0 0 .5rem;text-wrap:balance}
p{margin:0;max-width:32rem}
"""


def gone_page(locale: str) -> dict[str, bytes]:
    """The whole site, by path. It names neither the plan nor whose it was."""
    language = Language(locale)
    sheet = f"assets/gone.{digest_bytes(STYLE)[:10]}.css"
    title = language.gettext("This plan is no longer here")
    text = language.gettext("Please ask whoever sent you the link where it is now.")
    page = f"""<!doctype html>
<html lang="{escape(locale)}" dir="{language.direction}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{escape(policy({"style-src": ["'self'"]}))}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<title>{escape(title)}</title><link rel="stylesheet" href="{sheet}"></head>
<body><main><h1>{escape(title)}</h1><p>{escape(text)}</p></main></body></html>
"""
    return {sheet: STYLE, "index.html": page.encode()}
