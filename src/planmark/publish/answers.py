"""What a published site answers with, as a reader's browser would get it: bytes, types and headers."""

from __future__ import annotations

import http.client
from collections.abc import Iterable, Set
from contextlib import closing
from hashlib import sha256
from time import monotonic, sleep
from urllib.parse import SplitResult, quote, urlsplit

from planmark import __version__
from planmark.extensions.targets import Published
from planmark.plan.headers import HEADERS, HSTS
from planmark.problems import Location, Problem
from planmark.targets.layout import STORE

TIMEOUT = 10.0
"""Seconds, for each step of an exchange."""
PAUSE = 5.0
"""Seconds between two looks at a host that has not shown yet what it was given."""


_SAYS_WHOSE = 4096
"""Bytes of a manifest in which it has said whose it is."""
_SAYS_ALL = 1 << 20
"""Bytes of a list of plans: of a thousand of them, which is what stores give at a time."""


def answers(address: str, published: Published, paths: Iterable[str], state: str = "", patience: float = 0) -> list[Problem]:
    """What is wrong at a site's address with the files that were sent. An address that cannot be reached from here is a warning.

    `state` is where the version's manifest would be if the server showed it. `patience` are the seconds that a host may take until it shows
    what it was given; so long is it asked again.
    """
    wanted, where, until = {*paths, "index.html"}, Location(address), monotonic() + patience
    try:
        wrong_bytes, wrong_types, missing = _compared(address, published, wanted)
        while wrong_bytes and monotonic() < until:
            sleep(PAUSE)
            wrong_bytes, wrong_types, missing = _compared(address, published, wanted)
    except (OSError, http.client.HTTPException) as error:
        text = f"the address cannot be fetched from here, so only the files themselves were compared: {why(error)}"
        return [Problem("PM806", text, where, "open the link, to see that it answers", "warning")]
    found = []
    if wrong_bytes and patience:
        text = f"the host does not show yet what was published: {_few(wrong_bytes)}"
        hint = "open the link in some minutes; if it is as it was, see what the host says of its last build, and whether `url` is right"
        found.append(Problem("PM806", text, where, hint, "warning"))
    elif wrong_bytes:
        text = f"what answers there is not what was published: {_few(wrong_bytes)}"
        found.append(Problem("PM806", text, where, "see whether `url` is the address of that target, and what stands between"))
    if wrong_types:
        hint = "`planmark headers` prints what to tell the server"
        found.append(Problem("PM806", f"the server gives files another type than theirs: {_few(wrong_types)}", where, hint, "warning"))
    if missing:
        hint = "`planmark headers` prints what to tell the server, if it can be told"
        found.append(Problem("PM806", f"the server does not send all headers: {', '.join(missing)}", where, hint, "warning"))
    return [*found, *(_state_problems(state, published) if state else ())]


def why(error: Exception) -> str:
    """Why a request came to nothing, without the number that it has for programs."""
    return str(getattr(error, "strerror", None) or error) or type(error).__name__


def _compared(address: str, published: Published, wanted: Set[str]) -> tuple[list[str], list[str], list[str]]:
    """Of those files the ones with other bytes, those with another type, and the headers that are missing somewhere."""
    parts = urlsplit(address)
    wrong_bytes: list[str] = []
    wrong_types: list[str] = []
    missing: dict[str, None] = {}
    with closing(_line(parts)) as line:
        for file in published.files:
            if file.path not in wanted:
                continue
            path = "" if file.path == "index.html" else quote(file.path)
            reply = _got(line, parts.path + path)
            data = reply.read(file.size + 1)
            if len(data) > file.size:
                line.close()
            if reply.status != 200 or sha256(data).hexdigest() != file.sha256:
                wrong_bytes.append(f"{file.path} ({reply.status})" if reply.status != 200 else file.path)
                continue
            if _kind(reply.headers.get_content_type()) != _kind(file.media_type.partition(";")[0]):
                wrong_types.append(f"{file.path} ({reply.headers.get_content_type()})")
            said = {**HEADERS, **dict([HSTS] if parts.scheme == "https" else [])}
            missing.update(dict.fromkeys(name for name, value in said.items() if not _has(reply.headers.get_all(name), value)))
    return wrong_bytes, wrong_types, list(missing)


def _got(line: http.client.HTTPConnection, path: str) -> http.client.HTTPResponse:
    """The reply to a reader, who is led on within the server where it shows a page at an address without an ending, as Cloudflare does."""
    headers = {"User-Agent": f"planmark/{__version__}", "Cache-Control": "no-cache"}
    line.request("GET", path, headers=headers)
    reply = line.getresponse()
    location = reply.getheader("Location", "")
    if reply.status in (301, 308) and path.removesuffix(".html") == location:
        reply.read()
        line.request("GET", location, headers=headers)
        reply = line.getresponse()
    return reply


def _state_problems(state: str, published: Published) -> list[Problem]:
    """Whether a version's manifest can be read there by anybody, or all plans be found. A place that cannot be reached shows nothing."""
    parts = urlsplit(state)
    root = parts.path.partition(f"/{STORE}/")[0] + "/"
    try:
        with closing(_line(parts)) as line:
            shown = published.owner.encode() in _beginning(line, parts.path, _SAYS_WHOSE)
            said = _beginning(line, root, _SAYS_ALL)
    except (OSError, http.client.HTTPException):
        return []
    if published.site.encode() in said or b"<ListBucketResult" in said:
        text = "whoever goes to this address gets a list of the plans that are there, with their links"
        hint = "let the server list no folder, and the bucket its objects to nobody (on S3: no `s3:ListBucket` for everybody)"
        return [Problem("PM806", text, Location(f"{parts.scheme}://{parts.netloc}{root}"), hint)]
    text = "the server shows what Planmark remembers of its versions, which is for nobody else"
    hint = "let nothing below `.planmark` answer: `planmark headers` prints how to say so to the server"
    return [Problem("PM806", text, Location(state), hint, "warning")] if shown else []


def _beginning(line: http.client.HTTPConnection, path: str, most: int) -> bytes:
    """What a reader gets there, as far as it matters; nothing where that is a page for what is not there."""
    line.request("GET", path, headers={"User-Agent": f"planmark/{__version__}"})
    reply = line.getresponse()
    data = reply.read(most)
    if not reply.isclosed():
        line.close()  # the rest is not wanted, and the next request begins a new one
    return data if reply.status == 200 else b""


def _line(parts: SplitResult) -> http.client.HTTPConnection:
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    return kind(parts.hostname or "", parts.port, timeout=TIMEOUT)


def _has(values: list[str] | None, wanted: str) -> bool:
    return any(wanted in value for value in values or ())


def _kind(media_type: str) -> str:
    """Types that mean one thing to browsers are one."""
    same = {"application/javascript": "text/javascript", "application/font-woff2": "font/woff2"}
    return same.get(media_type, media_type)


def _few(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
