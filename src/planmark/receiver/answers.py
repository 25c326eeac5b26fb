"""What is answered: JSON for scripts, a small page for people whose form was sent without one."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from html import escape

from starlette.datastructures import Headers
from starlette.responses import Response

from planmark.plan.headers import HEADERS, policy
from planmark.receiver.faults import BouncedError

NO_PAGE = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
SAFE: Mapping[str, str] = {
    **{name.lower(): value for name, value in HEADERS.items()},
    "content-security-policy": NO_PAGE,
    "cache-control": "no-store",
}
"""The headers of every answer, where it does not say otherwise: those of all plans, and stricter ones. HSTS is for who has the TLS."""

_STYLE = (
    "html{color-scheme:light dark;font:1.0625rem/1.6 system-ui,sans-serif}body{margin:0 auto;max-width:32rem;padding:18vh 1.5rem 3rem}"
    "h1{font-size:1.5rem;line-height:1.3;font-weight:600;margin:0 0 .75rem}p{margin:0 0 .75rem;overflow-wrap:anywhere}"
)
_PAGE_POLICY = policy({"style-src": [f"'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}'"]}) + "; frame-ancestors 'none'"


def wants_page(headers: Headers) -> bool:
    """Whether a person looks at the answer: a browser that was led here by a form. Scripts send JSON, or ask for it, or for anything."""
    accepted = headers.get("accept", "")
    return "text/html" in accepted and "application/json" not in accepted + headers.get("content-type", "").lower()


def told(data: Mapping[str, object], status: int = 200) -> Response:
    """JSON for a script."""
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Response(body, status, media_type="application/json")


def bounced(error: BouncedError, page: bool) -> Response:
    """Why something was not taken."""
    if page:
        answer = _page("This was not taken in", error.message, error.status)
    else:
        answer = told({"ok": False, "code": error.code, "message": error.message}, error.status)
    if error.retry:
        answer.headers["retry-after"] = str(error.retry)
    if error.status == 401:
        answer.headers["www-authenticate"] = "Bearer"
    if error.status in (408, 413):
        answer.headers["connection"] = "close"  # the rest of the body is not waited for
    return answer


def thanks() -> Response:
    """For a form whose sender has no page of their own to go on to."""
    return _page("Thank you", "It has arrived. You can close this page, or go back to the plan.", 200)


def _page(title: str, text: str, status: int) -> Response:
    said = text[:1].upper() + text[1:]
    said += "" if said.endswith((".", "!", "?")) else "."
    lines = (
        "<!doctype html>",
        '<html lang="en">',
        '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<meta name="robots" content="noindex"><title>{escape(title)}</title><style>{_STYLE}</style></head>',
        f"<body><main><h1>{escape(title)}</h1><p>{escape(said)}</p></main></body>",
        "</html>",
        "",
    )
    return Response("\n".join(lines), status, {"content-security-policy": _PAGE_POLICY}, "text/html")
