"""What a browser does with a form: fields and a file into bytes, with a script or without, and the request that carries them."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urljoin, urlsplit

from planmark.extensions import Form
from planmark.plan.submissions import FIELDS, FILE

NEXT = "http://127.0.0.1:9/plans/acme/sent.html"
BOUNDARY = "----planmark7MA4YWxkTrZu0gW"


@dataclass(frozen=True)
class Upload:
    """A file that a person chose."""

    name: str
    type: str
    data: bytes


@dataclass(frozen=True)
class Got:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def with_script(form: Form, fields: Mapping[str, str], event: str, upload: Upload | None = None, site: str = "") -> Got:
    """As the page's script sends it: flat fields, and all of it again as one JSON text. Not followed further."""
    whole = {"pm_v": "1", "pm_event": event, **fields}
    return _sent(form, {**whole, "pm_payload": json.dumps(whole, ensure_ascii=False)}, upload, site, "application/json")


def without_script(form: Form, fields: Mapping[str, str], upload: Upload | None = None, site: str = "", following: str = NEXT) -> Got:
    """As a form without a script is sent: every field that stands in it, empty ones too, and where to lead the reader."""
    leading = {form.next_field: following} if form.next_field else {}
    return _sent(form, {"pm_v": "1", **fields, form.honeypot: "", **leading}, upload, site, "text/html")


def counts(form: Form, got: Got) -> bool:
    """Whether the script takes the answer for a yes."""
    if not 200 <= got.status < 300:
        return False
    return not form.ok_key or json.loads(got.body).get(form.ok_key) in (True, "true")


def follow(form: Form, got: Got, site: str = "") -> Got:
    """Follow redirects, as `fetch` does."""
    while got.status in (302, 303):
        got = ask("GET", urljoin(urljoin(site, form.action), got.headers["Location"]))
    return got


def skeleton(form: Form) -> bytes:
    """A page with the form that a service must find in it, every field with it."""
    hidden = "".join(f'<input name="{name}">' for name in (*(name for name, _ in form.fields), *FIELDS, form.honeypot))
    name = dict(form.fields)["form-name"]
    opening = f'<form name="{name}" method="post" data-netlify="true" netlify-honeypot="{form.honeypot}" hidden>'
    return f'<!doctype html>{opening}{hidden}<input type="file" name="{FILE}"></form>'.encode()


def ask(method: str, url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Got:
    """One request."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=20)
    try:
        connection.request(method, parts.path + (f"?{parts.query}" if parts.query else ""), body, dict(headers or {}))
        response = connection.getresponse()
        return Got(response.status, dict(response.getheaders()), response.read())
    finally:
        connection.close()


def _sent(form: Form, fields: Mapping[str, str], upload: Upload | None, site: str, accept: str) -> Got:
    every = {**dict(form.fields), **fields}
    if form.files:
        body, kind = _multipart(every, upload), f"multipart/form-data; boundary={BOUNDARY}"
    else:
        body, kind = urlencode(every).encode(), "application/x-www-form-urlencoded"
    return ask("POST", urljoin(site, form.action), body, {"Content-Type": kind, "Accept": accept})


def _multipart(fields: Mapping[str, str], upload: Upload | None) -> bytes:
    parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
    name, kind, data = (upload.name, upload.type, upload.data) if upload else ("", "application/octet-stream", b"")
    written = name.replace('"', "%22")
    head = f'Content-Disposition: form-data; name="{FILE}"; filename="{written}"\r\nContent-Type: {kind}\r\n\r\n'
    parts.append(head.encode() + data)
    return b"".join(f"--{BOUNDARY}\r\n".encode() + part + b"\r\n" for part in parts) + f"--{BOUNDARY}--\r\n".encode()
