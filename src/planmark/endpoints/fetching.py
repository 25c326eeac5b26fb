"""Fetching what an endpoint asks for. What goes wrong is told as a problem, in which no secret ever stands."""

from __future__ import annotations

import http.client
import ssl
import time
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urljoin, urlsplit

from planmark import __version__
from planmark.endpoints.addresses import WHERE, on_hosts, shown, wrong_address
from planmark.endpoints.connection import PrivateAddressError, Reply, TooLargeError, exchange
from planmark.endpoints.credentials import REGISTER_TOKEN, TOKEN
from planmark.endpoints.times import pause_of
from planmark.extensions import Request
from planmark.problems import PlanmarkError, Problem

TIMEOUT = 30.0
"""Seconds, for each step of an exchange."""
LIMIT = 64 * 1024 * 1024
"""Bytes of an answer."""
TRIES = 5
LONGEST_WAIT = 120.0
"""Seconds: a service that wants a longer pause is told of, not waited for."""
_REDIRECTS = 5
_REST = "export the submissions at the service and read them with `planmark pull --from` meanwhile"
Sleep = Callable[[float], None]


def fetch(request: Request, *, sleep: Sleep = time.sleep, timeout: float = TIMEOUT, limit: int = LIMIT) -> bytes:
    """The body of the answer, which is data and no web page. Waits where the service is busy, as long as it says, within reason."""
    for number in range(1, TRIES + 1):
        reply = _followed(request, timeout, limit)
        pause = _pause(reply, number)
        if pause is None:
            return _data(request, reply)
        if pause > LONGEST_WAIT:
            raise _problem(request, "is busy", f"run the command again in {pause / 60:.0f} minutes: it asks for that pause")
        if number < TRIES:
            sleep(pause)
    raise _problem(request, f"is still busy after {TRIES} tries", "run the command again in some minutes")


def fetch_file(request: Request, limit: int, *, timeout: float = TIMEOUT) -> bytes:
    """A file that came with a submission, as `Endpoint.file` asks for it. PlanmarkError where it is larger, gone, or led to elsewhere."""
    reply = _followed(request, timeout, limit)
    if reply.status != 200:
        raise _problem(request, f"does not hand out the file ({reply.status})", "fetch it at the service by hand; it may have been deleted")
    return reply.body


def _followed(request: Request, timeout: float, limit: int) -> Reply:
    """The reply after redirects within the host, or to one of those that the request names."""
    asked = replace(request, headers={"User-Agent": f"planmark/{__version__}", **request.headers})
    for _ in range(_REDIRECTS):
        wrong = wrong_address(asked.url)
        if wrong or (not asked.own and urlsplit(asked.url).scheme != "https"):
            raise _problem(request, f"cannot be asked: the address {wrong or 'is not https'}", "write an address that starts with https://")
        reply = _exchanged(asked, timeout, limit)
        if reply.status not in (301, 302, 303, 307, 308):
            return reply
        asked = _next(request, asked, reply)
    raise _problem(request, "leads from redirect to redirect", "check the endpoint's address in planmark.yaml")


def _next(request: Request, asked: Request, reply: Reply) -> Request:
    location = reply.headers.get("location", "")
    if asked.method not in ("GET", "POST") or not location:
        raise _problem(request, "leads elsewhere", "write the address that it leads to in planmark.yaml")
    try:
        url = urljoin(asked.url, location)
    except ValueError:
        url = ""
    host = ""
    if not wrong_address(url):
        before, parts = urlsplit(asked.url), urlsplit(url)
        if (parts.scheme, parts.netloc) == (before.scheme, before.netloc):
            return replace(asked, url=url, method="GET", body=None)
        host = parts.hostname or ""
        if parts.scheme == "https" and parts.port in (None, 443) and on_hosts(host, request.hosts):
            return Request(url, {"User-Agent": asked.headers["User-Agent"]}, hosts=request.hosts, own=False)
    hint = "a page to sign in usually means a wrong address or key; else write the new address in planmark.yaml"
    raise _problem(request, f"leads to another host{', ' + host if host else ''}", hint)


def _exchanged(request: Request, timeout: float, limit: int) -> Reply:
    try:
        return exchange(request, timeout, limit)
    except TimeoutError:
        raise _problem(request, f"says nothing within {timeout:.0f} seconds", f"try again later; {_REST}") from None
    except ssl.SSLError as error:
        raise _problem(request, f"cannot be trusted: {error.reason or 'TLS'}", "check the address and this machine's clock") from None
    except TooLargeError:
        raise _problem(request, f"sends more than {limit:,} bytes", "nothing of it was kept; fetch it at the service by hand") from None
    except PrivateAddressError:
        raise _problem(request, "leads into a private network", "nothing is fetched from there; ask the sender for the file") from None
    except http.client.IncompleteRead:
        raise _problem(request, "breaks off in the middle of its answer", "run the command again") from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        raise _problem(request, f"cannot be reached: {why}", "check the network and the endpoint's address in planmark.yaml") from None


def _pause(reply: Reply, number: int) -> float | None:
    """The seconds that a busy service wants us to wait; none where it is not busy."""
    said = reply.headers.get("retry-after", "")
    is_busy = reply.status == 429 or (reply.status == 503 and said.strip())
    return pause_of(said, number) if is_busy else None


def _data(request: Request, reply: Reply) -> bytes:
    status = reply.status
    if status == 401:
        name = REGISTER_TOKEN if request.method == "PUT" else TOKEN
        text = f"{shown(request.url)} does not accept the secret {name}"
        hint = "it may be mistyped, expired or revoked: make a new one at the service"
        raise PlanmarkError(Problem("PM702", text, WHERE, hint))
    if status == 403:
        raise _problem(
            request, "does not allow it (403)", f"see whether the key may read this form, and whether what you pay for has an API; {_REST}"
        )
    if status in (404, 410):
        hint = (
            "check the form's id and the addresses in planmark.yaml; a receiver of your own hears of plans by `planmark receiver register`"
        )
        raise _problem(request, f"knows nothing there ({status})", hint)
    if status >= 500:
        raise _problem(request, f"has trouble of its own ({status})", f"try again later; {_REST}")
    if not 200 <= status < 300:
        raise _problem(request, f"refuses the request ({status})", f"check the endpoint's settings in planmark.yaml; {_REST}")
    if reply.headers.get("content-type", "").startswith("text/html") or reply.body.lstrip()[:1] == b"<":
        hint = "check its address and key in planmark.yaml: a page to sign in looks like this"
        raise _problem(request, "answers with a web page instead of data", hint)
    return reply.body


def _problem(request: Request, what: str, hint: str) -> PlanmarkError:
    return PlanmarkError(Problem("PM705", f"{shown(request.url)} {what}", WHERE, hint))
