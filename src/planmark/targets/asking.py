"""Asking a host's API, and fetching what a host shows: with bounded waiting, and every refusal as a problem that says what to do.

The token goes to the API alone, in a header; no message shows it.
"""

from __future__ import annotations

import http.client
import json
import ssl
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from planmark import __version__
from planmark.endpoints.addresses import wrong_address
from planmark.endpoints.connection import Reply, TooLargeError, exchange
from planmark.endpoints.times import pause_of
from planmark.extensions import Request
from planmark.problems import Location, PlanmarkError, Problem
from planmark.targets.refusals import cannot_read, cannot_write

TIMEOUT = 60.0
"""Seconds, for each step of an exchange."""
TRIES = 5
LONGEST_WAIT = 120.0
"""Seconds: a host that wants a longer pause is told of, not waited for."""
LIMIT = 64 * 1024 * 1024
"""Bytes of an answer."""
_BUSY = (429, 500, 502, 503, 504)
Sleep = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Answer:
    """What an API said, as JSON; None where it is none."""

    status: int
    data: Any


@dataclass(frozen=True)
class Api:
    """A host's API. `named` is what planmark.yaml calls that which a 404 stands for: ``site`` or ``project``."""

    host: str
    address: str
    token: str = field(repr=False)
    secret: str
    named: str
    sleep: Sleep = time.sleep
    timeout: float = TIMEOUT

    def __post_init__(self) -> None:
        if not self.token.isascii() or not self.token.isprintable() or " " in self.token:
            text = f"the secret {self.secret} holds signs that no token has"
            raise PlanmarkError(Problem("PM702", text, Location(self.secret), f"copy it anew from {self.host}"))

    def ask(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: bytes | None = None,
        send: object = None,
        headers: Mapping[str, str] | None = None,
        token: str = "",
        expected: Collection[int] = (),
        wants: Sequence[str] | None = None,
    ) -> Answer:
        """Ask, and ask again where the host is busy or the line was cut. `send` goes out as JSON; `expected` are refusals to return.

        `wants` are the keys that the answer must have; none of them: it must be a list.
        """
        url = self.address + path + (f"?{urlencode(query)}" if query else "")
        said = {"Authorization": f"Bearer {token or self.token}", "Accept": "application/json", "User-Agent": f"planmark/{__version__}"}
        if send is not None:
            body, said["Content-Type"] = json.dumps(send).encode(), "application/json"
        request = Request(url, {**said, **(headers or {})}, method, body)
        reply = _answered(self.host, request, self.sleep, self.timeout)
        answer = Answer(reply.status, _data(reply))
        if not 200 <= reply.status < 300 and reply.status not in expected:
            raise PlanmarkError(self.refusal(method, answer))
        if wants is not None and answer.status not in expected:
            self.require(answer.data, wants)
        return answer

    def require(self, data: Any, wants: Sequence[str]) -> None:
        """PlanmarkError where data lack a key that they must have, or are no list though no key is wanted."""
        if not (isinstance(data, dict) and all(name in data for name in wants) if wants else isinstance(data, list)):
            raise PlanmarkError(_something_else(self.host))

    def refused(self, why: str, hint: str) -> PlanmarkError:
        """The host did not do what it was asked for."""
        return PlanmarkError(cannot_write(self.host, why, hint))

    def wait(self, seconds: float) -> None:
        """Give the host time."""
        self.sleep(seconds)

    def refusal(self, method: str, answer: Answer) -> Problem:
        """What an answer means that is none that was hoped for."""
        status, words = answer.status, self.words(answer.data)
        if status == 401:
            text = f"{self.host} does not accept the secret {self.secret}"
            return Problem("PM702", text, Location(self.secret), "it may be mistyped, expired or revoked: make a new one there")
        problem = cannot_read if method == "GET" else cannot_write
        if status == 403:
            hint = f"the token {self.secret} is mistyped, expired, or lacks rights: docs/publishing.md says which it needs"
            return problem(self.host, f"{self.host} does not allow it (403){words}", hint)
        if status in (404, 410):
            hint = f"check the `{self.named}` in planmark.yaml, and that the token {self.secret} may see it"
            return problem(self.host, f"{self.host} knows nothing there ({status}){words}", hint)
        if status in (402, 413):
            return problem(
                self.host, f"{self.host} takes no more ({status}){words}", "see what you pay for there, and what could be taken down"
            )
        if status in _BUSY:
            what = "is still busy" if status == 429 else "has trouble of its own"
            return problem(self.host, f"{self.host} {what} ({status}) after {TRIES} tries{words}", "publish again in some minutes")
        return problem(self.host, f"{self.host} refuses the request ({status}){words}", "see what it says, and the target's settings")

    def words(self, data: Any) -> str:
        """The host's own words, made safe to print."""
        found: object = None
        if isinstance(data, dict):
            error = data.get("error")
            errors = data.get("errors")
            found = error.get("message") if isinstance(error, dict) else data.get("message")
            if isinstance(errors, list) and errors and isinstance(errors[0], dict):
                found = errors[0].get("message")
        text = "".join(char for char in str(found or "") if char.isprintable()).replace(self.token, "…")
        return f": {text[:200]}" if text else ""


@contextmanager
def understood(host: str) -> Iterator[None]:
    """PlanmarkError where what is read here out of an answer is not in it, or is of another type than the API's own."""
    try:
        yield
    except (AttributeError, KeyError, TypeError):
        raise PlanmarkError(_something_else(host)) from None


def _something_else(host: str) -> Problem:
    hint = "see whether something stands between: a proxy, or a page to sign in"
    return cannot_read(host, f"{host} answers with something else than its API does", hint)


def fetched(host: str, url: str, sleep: Sleep, timeout: float) -> bytes:
    """A file that a host shows, fetched without the token."""
    if wrong := wrong_address(url):
        raise PlanmarkError(cannot_read(host, f"the address {wrong}", "see what the host says of its deploys"))
    reply = _answered(host, Request(url, {"User-Agent": f"planmark/{__version__}"}), sleep, timeout)
    if reply.status != 200:
        hint = "see that nothing stands before the deploy's own address: a password, or a login of the team's"
        raise PlanmarkError(cannot_read(host, f"a file of what is out cannot be fetched ({reply.status})", hint))
    return reply.body


def _answered(host: str, request: Request, sleep: Sleep, timeout: float) -> Reply:
    """The host's reply. All that is asked for may be asked twice: files by their digest, a draft more, the same deploy made live."""
    problem = cannot_read if request.method == "GET" else cannot_write
    for number in range(1, TRIES + 1):
        try:
            reply = exchange(request, timeout, LIMIT)
        except TimeoutError:
            raise PlanmarkError(problem(host, f"{host} says nothing within {timeout:.0f} seconds", "publish again later")) from None
        except ssl.SSLError as error:
            hint = "check the address and this machine's clock"
            raise PlanmarkError(problem(host, f"{host} cannot be trusted: {error.reason or 'TLS'}", hint)) from None
        except TooLargeError:
            raise PlanmarkError(problem(host, f"{host} sends more than {LIMIT:,} bytes", "publish to another site")) from None
        except (ConnectionResetError, BrokenPipeError, http.client.HTTPException):
            if number < TRIES:
                sleep(float(2**number))
                continue
            text = f"the connection to {host} broke off {TRIES} times"
            raise PlanmarkError(problem(host, text, "see to the connection, and publish again")) from None
        except OSError as error:
            text = f"{host} cannot be reached: {error.strerror or type(error).__name__}"
            raise PlanmarkError(problem(host, text, "check the network, and publish again")) from None
        if reply.status not in _BUSY or number == TRIES:
            return reply
        pause = pause_of(reply.headers.get("retry-after", ""), number)
        if pause > LONGEST_WAIT:
            hint = f"publish again in {pause / 60:.0f} minutes: it asks for that pause"
            raise PlanmarkError(problem(host, f"{host} is busy ({reply.status})", hint))
        sleep(pause)
    raise AssertionError("the last try returns or raises")


def _data(reply: Reply) -> Any:
    try:
        return json.loads(reply.body)
    except (ValueError, RecursionError):
        return None
