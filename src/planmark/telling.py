"""Telling people of the team that buyers did something: a command, a webhook, or mail. Off unless somebody turns it on, and batched.

What buyers wrote stays text all the way: a command gets it on standard input as JSON, never as arguments; a mail's headers hold none of it.
"""

from __future__ import annotations

import json
import re
import shlex
import smtplib
import ssl
import subprocess
import urllib.request
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from email.message import EmailMessage
from http.client import HTTPException
from urllib.parse import urlsplit

from planmark.problems import Location, Problem

TIMEOUT = 20.0
"""Seconds for each way."""
MOST_LINES = 50
SUBJECT = "{plan}: {count}"
TEXT = "{news}\n\nTake it in with: planmark pull\n"


@dataclass(frozen=True, slots=True)
class News:
    """One act that somebody should hear of: in which plan, whom it concerns, and a sentence."""

    plan: str
    to: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class Ways:
    """How to tell. Whatever is empty is not used; with nothing set nobody is told."""

    command: str = ""
    """Run with the news as JSON on its standard input."""
    webhook: str = ""
    """Gets the news as a POST of JSON."""
    smtp: str = ""
    """`mail.example:587`; STARTTLS is used, and must be offered but on this machine."""
    sender: str = ""
    """The From of mails."""
    user: str = ""
    password: str = field(default="", repr=False)
    subject: str = SUBJECT
    """Of mails, with {plan} and {count}."""
    text: str = TEXT
    """Of mails, with {plan}, {count} and {news}."""

    def __bool__(self) -> bool:
        return bool(self.command or self.webhook or self.smtp)


class Batch:
    """News that are told together: the first waits `every` seconds for others. `clock` gives seconds.

    Each way has its own list of what waits, so that whoever was told once is not told again because another way is away.
    """

    def __init__(self, ways: Ways, every: float, clock: Callable[[], float]) -> None:
        self.ways, self.every, self.clock = ways, every, clock
        self.waiting: dict[str, list[News]] = {}
        """By way."""
        self.since = 0.0

    def add(self, news: Iterable[News]) -> None:
        """Take news in."""
        fresh = list(news)
        names = [name for name in WAYS if getattr(self.ways, name)]
        if fresh and names and not any(self.waiting.values()):
            self.since = self.clock()
        for name in names:
            mine = fresh if name != "smtp" else [replace(one, to=(address,)) for one in fresh for address in one.to]
            self.waiting.setdefault(name, []).extend(mine)

    def due(self) -> bool:
        """Whether it is time to tell."""
        return any(self.waiting.values()) and self.clock() - self.since >= self.every

    def tell(self) -> list[Problem]:
        """Tell all that waits. What could not be told is a problem, and waits on: news are never lost to a server that is away."""
        self.since = self.clock()
        return [problem for name in WAYS if (problem := _told(self.ways, name, self.waiting.get(name, [])))]


WAYS = ("command", "webhook", "smtp")


def _told(ways: Ways, name: str, waiting: list[News]) -> Problem | None:
    """Tell in one way, and take off the list what was told."""
    if not waiting or not getattr(ways, name):
        waiting.clear()
        return None
    try:
        if name == "smtp":
            _mail(ways, waiting)
        elif name == "command":
            _run(ways.command, _data(waiting))
        else:
            _post(ways.webhook, _data(waiting))
    except (OSError, ValueError, subprocess.SubprocessError, smtplib.SMTPException, HTTPException) as error:
        text = f"the news could not be told by {name}: {_short(error)}"
        return Problem("PM713", text, Location(f"notify.{name}"), "it is tried again; see whether it is reachable", "warning")
    waiting.clear()
    return None


def _data(news: Sequence[News]) -> bytes:
    most = MOST_LINES * 10
    return json.dumps({"news": [asdict(one) for one in news[:most]], "more": max(0, len(news) - most)}, ensure_ascii=False).encode()


def _by_person(news: Iterable[News]) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for one in news:
        for address in one.to:
            found.setdefault((address, one.plan), []).append(one.sentence)
    return found


def _message(ways: Ways, address: str, plan: str, sentences: list[str]) -> EmailMessage:
    count = "1 new act" if len(sentences) == 1 else f"{len(sentences)} new acts"
    lines = [f"- {' '.join(one.split())}" for one in sentences[:MOST_LINES]]
    lines += [f"… and {len(sentences) - MOST_LINES} more"] if len(sentences) > MOST_LINES else []
    values = {"plan": plan, "count": count, "news": "\n".join(lines)}
    message = EmailMessage()
    message["From"], message["To"] = ways.sender, address
    message["Subject"] = " ".join(_filled(ways.subject, {**values, "news": ""}).split())
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_filled(ways.text, values))
    return message


def _filled(template: str, values: Mapping[str, str]) -> str:
    """Placeholders replaced in one pass: what was put in is not looked at again."""
    return re.sub(r"\{(plan|count|news)\}", lambda match: values[match[1]], template)


def _run(command: str, data: bytes) -> None:
    """Run the team's own command, as planmark.yaml or the receiver's settings have it; what buyers wrote is only on its input."""
    done = subprocess.run(shlex.split(command), input=data, timeout=TIMEOUT, check=False, stdout=subprocess.DEVNULL)  # noqa: S603 - theirs
    if done.returncode:
        raise ValueError(f"it ended with {done.returncode}")


def _post(url: str, data: bytes) -> None:
    if urlsplit(url).scheme not in ("http", "https"):
        raise ValueError("its address does not begin with https://")
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method="POST")  # noqa: S310  (checked above)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=TIMEOUT):
        pass


def _mail(ways: Ways, waiting: list[News]) -> None:
    """Send a mail to each person, and take off the list what was sent; somebody whose address is refused keeps no other from theirs."""
    refused: list[Exception] = []
    host, _, port = ways.smtp.rpartition(":") if re.search(r":\d+$", ways.smtp) else (ways.smtp, "", "587")
    host = host.strip("[]")
    with smtplib.SMTP(host, int(port), timeout=TIMEOUT) as server:
        if host not in ("localhost", "127.0.0.1", "::1"):
            server.starttls(context=ssl.create_default_context())
        if ways.user:
            server.login(ways.user, ways.password)
        for (address, plan), sentences in _by_person(waiting).items():
            try:
                server.send_message(_message(ways, address, plan, sentences))
            except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused, ValueError) as error:
                refused.append(error)
                continue
            waiting[:] = [one for one in waiting if (one.to, one.plan) != ((address,), plan)]
    if refused:
        raise refused[0]


def _short(error: Exception) -> str:
    return " ".join(str(getattr(error, "strerror", "") or error).split())[:200]
