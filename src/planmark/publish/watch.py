"""`planmark watch`: pull, build and publish, again and again, unattended.

It may be ended and started at any moment: all it knows is on disk, or at the target.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, SimpleQueue

from planmark.build.build import Options, build
from planmark.content.acting import load_one
from planmark.content.addresses import continued_deals
from planmark.content.ending import last_day
from planmark.content.layout import deal_names
from planmark.content.secrets import secret
from planmark.content.team import workspace_of
from planmark.endpoints.connected import connected, pull, tell_receiver
from planmark.endpoints.pull import Pulled
from planmark.plan.events import Event
from planmark.plan.registration import to_tell
from planmark.plan.told import sentence, titles
from planmark.plan.workspace import Notify, Workspace
from planmark.problems import Location, PlanmarkError, Problem
from planmark.publish.publishing import Wish, publish
from planmark.publish.there import There, there_of
from planmark.telling import Batch, News, Ways

LONGEST = 900.0
"""Seconds between two tries, however long the endpoint is away."""
SOONEST = 2.0
"""Seconds between two rounds, however often somebody knocks."""


@dataclass(frozen=True)
class Round:
    """One round: the line that it prints, and whether the endpoint was there."""

    line: str
    problems: tuple[Problem, ...] = ()
    away: bool = False


class Watch:
    """Rounds of pulling, building and publishing. `say` gets a line a round.

    `knock` and `end` may be called by any thread and any signal's handler.
    """

    def __init__(self, root: Path, interval: float, say: Callable[[Round], None]) -> None:
        self.root, self.interval, self.say = root, interval, say
        self.ended = False
        self.bell: SimpleQueue[None] = SimpleQueue()  # a threading.Event may not be set by a handler that interrupts a wait for it
        self.batch: Batch | None = None
        self.wait = interval
        self.registered = False
        """Whether the receiver was told of every plan since the watch began; then it hears of those that change."""

    def run(self) -> None:
        """Go round until `end` is called."""
        while not self.ended:
            self.say(self.round())
            self._rest()

    def _rest(self) -> None:
        begun, pause = time.monotonic(), self.wait
        while not self.ended and (left := begun + pause - time.monotonic()) > 0:
            with suppress(Empty):
                self.bell.get(timeout=left)
                pause = min(pause, SOONEST)

    def knock(self) -> None:
        """Begin the next round now, or as soon as the one before is long enough ago."""
        if self.bell.empty():
            self.bell.put(None)

    def end(self) -> None:
        """Begin no further round."""
        self.ended = True
        self.bell.put(None)

    def round(self) -> Round:
        """Pull, build what that made stale, publish it, tell whom it concerns.

        Nothing that is wrong in a workspace ends the watch. Where nothing can be pulled, what was edited goes out all the same, and what
        has ended is taken down; without an endpoint there is nothing to pull.
        """
        try:
            workspace = workspace_of(self.root)
        except (PlanmarkError, OSError) as error:
            return self._away("", _problems(error))
        try:
            pulled = pull(self.root, workspace) if workspace.endpoint else Pulled()
        except (PlanmarkError, OSError) as error:
            pulled = Pulled(problems=_problems(error))
        self.wait = self.wait if pulled.problems else self.interval
        try:
            done = self._after(pulled, workspace)
        except (PlanmarkError, OSError) as error:
            done = Round(_new(pulled), _problems(error))
        return self._away(f"{done.line}; ", (*done.problems, *pulled.problems)) if pulled.problems else done

    def _away(self, before: str, problems: tuple[Problem, ...]) -> Round:
        """A round in which not all could be pulled: the next one waits twice as long."""
        self.wait = min(LONGEST, self.wait * 2)
        why = "the endpoint is away" if any(one.code == "PM705" for one in problems) else "not all could be pulled"
        return Round(f"{before}{why}; again in {self.wait:.0f} s", (*problems, *self._tell()), away=True)

    def _after(self, pulled: Pulled, workspace: Workspace) -> Round:
        problems: list[Problem] = []
        self._batch(workspace.notify, problems).add(self._news(pulled))
        report = build(self.root, Options())
        problems += [one for one in report.problems if one.severity == "error"]
        problems += self._tell()
        if workspace.endpoint and workspace.endpoint.kind == "planmark" and not pulled.problems:
            stale = {*pulled.events, *report.reasons} if self.registered else set(deal_names(self.root, [])).difference(report.continued)
            problems += self._register(workspace, sorted(stale - set(report.failed)))
        changed = len(report.reasons) - len(set(report.failed) & set(report.reasons))
        came = f"{_new(pulled)}, " if workspace.endpoint else ""
        return Round(f"{came}{changed} built{self._publish(workspace, problems)}", tuple(problems))

    def _publish(self, workspace: Workspace, problems: list[Problem]) -> str:
        """Publish what has changed of the deals that are out; how many there were, for the line. A target that is only an address is none.

        What never was out, was taken down or was rolled back stays as it is: that is for people to decide. What has ended is taken down.
        """
        target = workspace.publish and workspace.publish.targets.get(workspace.publish.usual)
        if not target or target.is_only_address:
            return ""
        there = there_of(self.root)
        past, names = continued_deals(self.root), deal_names(self.root, [])
        out = [
            one for one in there.out().values() if one.owner == there.owner and not one.gone and one.deal in names and one.deal not in past
        ]
        live = {one.deal for one in out if not (one.draft or one.again)}
        deals = tuple(sorted(live | {name for name in {one.deal for one in out} - live if _has_ended(there, name)}))
        outcomes = publish(there, Wish(deals), datetime.now(UTC), lambda done, of, name: None) if deals else []
        told = {str(problem) for problem in problems}
        problems += [problem for one in outcomes for problem in one.problems if str(problem) not in told]
        down = sum(bool(one.last_day and one.retired) for one in outcomes)
        return f", {sum(one.result == 'published' for one in outcomes)} published" + (f", {down} taken down" if down else "")

    def _news(self, pulled: Pulled) -> list[News]:
        found: list[News] = []
        for name, events in pulled.events.items():
            try:
                deal = load_one(self.root, name)
            except PlanmarkError:  # the build tells what is wrong with it
                continue
            names, concerns = titles(deal.plan), to_tell(deal.plan, deal.contact)
            found += [News(name, _whom(event, concerns), sentence(event, names)) for event in events]
        return found

    def _batch(self, notify: Notify | None, problems: list[Problem]) -> Batch:
        """The batch of news; what planmark.yaml says of it may change between rounds."""
        ways = _ways(notify, problems) if notify else Ways()
        every = float(notify.every * 60) if notify else 0.0
        if self.batch is None:
            self.batch = Batch(ways, every, time.monotonic)
        self.batch.ways, self.batch.every = ways, every
        return self.batch

    def _tell(self) -> list[Problem]:
        return self.batch.tell() if self.batch and self.batch.due() else []

    def told(self) -> list[Problem]:
        """Tell what waits for other news, as there will be none: nothing of it is on disk."""
        return self.batch.tell() if self.batch else []

    def _register(self, workspace: Workspace, deals: Iterable[str]) -> list[Problem]:
        """Tell the receiver anew what it may take in for these deals. Whoever only reads has no token for it, and no need of it."""
        there = connected(workspace)
        for name in deals:
            try:
                tell_receiver(there, load_one(self.root, name))
            except PlanmarkError as error:
                if any(one.code == "PM702" for one in error.problems):
                    break
                return list(error.problems)
        self.registered = True
        return []


def _has_ended(there: There, deal: str) -> bool:
    """Whether a deal's last day is past, there where it is published from."""
    day = last_day(there.team, deal)
    return day is not None and day < there.today(None)


def _whom(event: Event, concerns: dict[str, list[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*concerns.get("", ()), *concerns.get(event.on, ())]))


def _new(pulled: Pulled) -> str:
    aside = sum(map(len, pulled.set_aside.values()))
    return f"{pulled.new} new" + (f", {aside} set aside" if aside else "")


def _problems(error: PlanmarkError | OSError) -> tuple[Problem, ...]:
    if isinstance(error, PlanmarkError):
        return error.problems
    text = f"this cannot be read or written: {error.strerror or error}"
    return (Problem("PM408", text, Location(str(error.filename or ".")), "check what it is, its permissions, and the free space"),)


def _ways(notify: Notify, problems: list[Problem]) -> Ways:
    """How to tell. Without its password a mail server refuses what it is given; then mails wait until somebody brings it."""
    password = ""
    if notify.smtp and notify.user:
        try:
            password = secret("PLANMARK_SMTP_PASSWORD")
        except PlanmarkError as error:
            problems += error.problems
    told = Ways()
    return Ways(
        command=notify.command or "",
        webhook=notify.webhook or "",
        smtp=notify.smtp or "",
        sender=notify.sender or "planmark@localhost",
        user=notify.user or "",
        password=password,
        subject=notify.subject or told.subject,
        text=notify.text.written if notify.text else told.text,
    )
