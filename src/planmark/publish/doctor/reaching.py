"""One request to an address, as the doctor makes it: what answers, and what it says the time is."""

from __future__ import annotations

import http.client
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from types import MappingProxyType
from urllib.parse import urlsplit

from planmark import __version__
from planmark.publish.answers import TIMEOUT, why
from planmark.publish.doctor.found import Found, fine, warned

NO_HEADERS: Mapping[str, str] = MappingProxyType({})
SKEW = 300.0
"""Seconds that two clocks may differ by."""


@dataclass(frozen=True)
class Reply:
    """What answered. `fault` is why nothing did."""

    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    fault: str = ""


def asked(address: str, method: str = "GET", headers: Mapping[str, str] = NO_HEADERS) -> Reply:
    """Ask once. No redirect is followed, and of the body nothing is read."""
    parts = urlsplit(address)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    try:
        with closing(kind(parts.hostname or "", parts.port, timeout=TIMEOUT)) as line:
            line.request(method, parts.path or "/", headers={"User-Agent": f"planmark/{__version__}", **headers})
            reply = line.getresponse()
            return Reply(reply.status, {name.lower(): value for name, value in reply.getheaders()})
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Reply(fault=why(error))


def clock(about: str, reply: Reply, now: datetime) -> Iterator[Found]:
    """Whether the server's clock and this machine's agree: versions and links are dated by ours, and the last day of a link by theirs."""
    try:
        theirs = parsedate_to_datetime(reply.headers.get("date", ""))
    except ValueError:
        return
    apart = (theirs - now).total_seconds()
    if abs(apart) > SKEW:
        text = f"the server's clock is {abs(apart) / 60:.0f} minutes {'ahead of' if apart > 0 else 'behind'} this machine's"
        yield warned(about, text, "set the one that is wrong: `timedatectl set-ntp true` keeps a clock right")
    else:
        yield fine(about, "the server's clock and this machine's agree")
