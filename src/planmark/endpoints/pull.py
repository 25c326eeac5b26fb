"""`planmark pull`: what buyers did, from the endpoint into the plans. It may be killed at any byte, run twice, or run at once elsewhere.

The raw answer is kept first; then events are appended, what cannot be applied is set aside with its reason, and only when all of an
answer is where it belongs is it remembered how far reading got. Whatever is read again is recognised.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from planmark.content.activity import ACTIVITY, RECEIVED, append_events, events_in
from planmark.content.addresses import continued_deals, deals_by_digest, read_entry, succession_in
from planmark.content.deal import Deal
from planmark.content.inbox import Inbox, keep_file, quarantine, record_data, record_of, set_aside
from planmark.content.layout import BUILD, CONTENT, INBOX, LIBRARY
from planmark.content.load import load_deal
from planmark.content.lock import alone
from planmark.content.team import Team, load_team
from planmark.content.tree import scan
from planmark.endpoints.identity import event_id
from planmark.endpoints.judging import RETRIED, Bench, Quarantined, bench, judged
from planmark.extensions import Answer, Record, SentFile
from planmark.plan.events import Event, Upload, event_line
from planmark.plan.shared import shared
from planmark.plan.submissions import HONEYPOT, RefusedError, clean_line, read_submission
from planmark.plan.tokens import plan_key
from planmark.problems import PlanmarkError, Problem

Came = tuple[str, Record]
"""A record with the kind of endpoint it came through."""
GetFile = Callable[[SentFile], bytes]
"""Fetches a file that came with a submission. Raises RefusedError where it cannot be had."""


@dataclass
class Pulled:
    """What a pull brought, by deal. `waiting` are among `events`: nobody vouches for them yet."""

    events: dict[str, list[Event]] = field(default_factory=dict)
    set_aside: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """What could not be applied; under an empty name what belongs to no deal here."""
    tests: int = 0
    read: int = 0
    problems: tuple[Problem, ...] = ()
    """Why reading broke off after that; the next pull goes on there."""

    @property
    def new(self) -> int:
        """How many events were appended."""
        return sum(map(len, self.events.values()))


class Pull:
    """One pull into a workspace. `keys` are the team's signing keys by fingerprint."""

    def __init__(self, root: Path, kind: str, keys: Mapping[str, bytes], get_file: GetFile, deals: Iterable[str] = ()) -> None:
        self.root, self.kind, self.keys, self.get_file = root, kind, keys, get_file
        past = continued_deals(root) if deals else {}
        self.wanted = frozenset(past.get(name, name) for name in deals)
        """Only these; all of them when empty."""
        self.pulled = Pulled()
        self.deals = deals_by_digest(root)
        self.benches: dict[str, Bench | None] = {}
        self.known: dict[str, Known] = {}
        """By deal, the events that it has already."""
        self.team: Team | None = None

    def take(self, answers: Iterable[Answer], inbox: Inbox) -> Pulled:
        """Take in all answers, and what was set aside before and may be applied by now.

        Raises PlanmarkError where reading broke off before anything was taken in.
        """
        with alone(self.root / BUILD / ".planmark", name="pull"):
            self._again()
            try:
                self._take(answers, inbox)
            except PlanmarkError as error:
                if not self.pulled.events and not self.pulled.set_aside:
                    raise
                self.pulled.problems = error.problems
        return self.pulled

    def _take(self, answers: Iterable[Answer], inbox: Inbox) -> None:
        for answer in answers:
            if answer.records:
                inbox.keep(answer.raw)
            self.pulled.read += len(answer.records)
            oldest_first = sorted(answer.records, key=lambda record: record.received)  # of what was sent twice, the first receipt counts
            self._put([(self.kind, record) for record in oldest_first])
            if not self.wanted:
                inbox.cursor = answer.cursor

    def _again(self) -> None:
        """Judge what was set aside for a reason that may have passed."""
        folders = [self.root / CONTENT / INBOX, *(self.root / CONTENT / name for name in self.deals.values())]
        found = [
            (str(one.get("via", self.kind)), record)
            for folder in folders
            for one in quarantine(folder)
            if one.get("code") in RETRIED and (record := record_of(one.get("record")))
        ]
        self._put(found)

    def _put(self, records: list[Came]) -> None:
        """Judge records, and put each where it belongs."""
        lost: list[dict[str, Any]] = []
        by_deal: dict[str, list[Came]] = {}
        for kind, record in records:
            name = self.deals.get(_plan_of(record))
            if name is None:
                reason = "no plan here has this link; it may have been changed since, or the plan is elsewhere"
                lost.append(_entry(kind, record, Quarantined(event_id(kind, record), "another-plan", reason)))
            elif not self.wanted or name in self.wanted:
                by_deal.setdefault(name, []).append((kind, record))
        for name, mine in by_deal.items():
            self._put_into(name, mine)
        fresh = set_aside(self.root / CONTENT / INBOX, lost)
        if fresh:
            self.pulled.set_aside.setdefault("", []).extend(fresh)

    def _put_into(self, name: str, records: list[Came]) -> None:
        folder = self.root / CONTENT / name
        if name not in self.known:
            self.known[name] = Known([*events_in(folder), *self._former(name)])
        known = self.known[name]
        here = self._bench(name)
        events: list[Event] = []
        aside: list[dict[str, Any]] = []
        for kind, record in records:
            found = self._judged(kind, record, here, folder, known) if here else _unjudged(kind, record)
            if found is None:
                self.pulled.tests += 1
            elif isinstance(found, Quarantined):
                if found.id not in known.ids:  # what is in the plan was judged when it came; the plan may have changed since
                    aside.append(_entry(kind, record, found))
            elif known.add(found):
                events.append(found)
        append_events(folder, events, ACTIVITY)
        if events:
            self.pulled.events.setdefault(name, []).extend(events)
        fresh = set_aside(folder, aside)
        if fresh:
            self.pulled.set_aside.setdefault(name, []).extend(fresh)

    def _former(self, name: str) -> Iterator[Event]:
        """What came for the plans that a deal continues, as if it were for this one: it is theirs, even if all is read again."""
        mine = read_entry(self.root, name)
        if mine and mine.continues:
            for one in succession_in(self.root, name).before:
                yield from (replace(event, plan=mine.id) for event in events_in(self.root / CONTENT / one.folder))

    def _bench(self, name: str) -> Bench | None:
        """What the deal's records are judged by; none where the deal has errors."""
        if name not in self.benches:
            deal = self._deal(name)
            self.benches[name] = None
            if deal:
                key = next(digest for digest, one in self.deals.items() if one == name)
                keys = {mark: plan_key(secret, key) for mark, secret in self.keys.items()}
                self.benches[name] = bench(shared(deal.plan), key, keys)
        return self.benches[name]

    def _deal(self, name: str) -> Deal | None:
        if self.team is None:
            self.team = load_team(self.root, scan(self.root / CONTENT / LIBRARY), [])
        return load_deal(self.team, name, scan(self.root / CONTENT / name)).deal if self.team else None

    def _judged(self, kind: str, record: Record, here: Bench, folder: Path, known: Known) -> Event | Quarantined | None:
        """The record as it is judged. The file of an event that the deal has is not fetched again at each pull."""
        found = judged(kind, record, here, _name_only)
        if not isinstance(found, Event) or not found.file:
            return found
        try:
            file = known.uploads.get(_sent(found)) or self._kept(record.files[0], found.file.name, folder)
        except RefusedError as error:
            return Quarantined(found.id, error.code, error.message)
        return replace(found, file=file)

    def _kept(self, sent: SentFile, name: str, folder: Path) -> Upload:
        data = self.get_file(sent)
        ending = Path(name).suffix.lower()
        digest = keep_file(folder / RECEIVED, data, ending if ending.isascii() and ending[1:].isalnum() and len(ending) < 8 else "")
        return Upload(name, digest, len(data))


def _name_only(record: Record) -> Upload:
    """The file of a record before it is fetched: by a name that can do no harm."""
    if not record.files:
        raise RefusedError("no-file", "no file came with it")
    name = clean_line(record.files[0].name.replace("\\", "/").rpartition("/")[2])[:150] or "file"
    return Upload(name, "", 0)


def _entry(kind: str, record: Record, found: Quarantined) -> dict[str, Any]:
    return {**asdict(found), "via": kind, "record": record_data(record)}


def _unjudged(kind: str, record: Record) -> Quarantined:
    return Quarantined(event_id(kind, record), "plan", "the plan has errors: mend them, and the next pull takes this in")


def _plan_of(record: Record) -> str:
    """The plan's digest, wherever in the record it stands."""
    try:
        return read_submission({**record.fields, HONEYPOT: ""}).plan
    except RefusedError:
        return record.fields.get("pm_plan", "")


class Known:
    """The events that a deal has already: what comes again, or by another way, is the same event."""

    def __init__(self, events: Iterable[Event]) -> None:
        self.ids: set[str] = set()
        self.bodies: set[tuple[str, str]] = set()
        self.proven: set[tuple[str, str]] = set()
        self.uploads: dict[str, Upload] = {}
        for event in events:
            self.add(event)

    def add(self, event: Event) -> bool:
        """Take an event in. False where it says nothing new; what was proven once is not in doubt because its link was revoked since."""
        body, claim = (event.id, _body(event)), (event.id, _claim(event))
        if body in self.bodies or (not event.proof and claim in self.proven):
            return False
        self.ids.add(event.id)
        self.bodies.add(body)
        if event.proof:
            self.proven.add(claim)
        if event.file:
            self.uploads[_sent(event)] = event.file
        return True


def _body(event: Event) -> str:
    """What an event says and what proves it, without the way it came by."""
    return event_line(replace(event, received="", via="", spam=False))


def _sent(event: Event) -> str:
    """What an event with a file says, whatever is in the file."""
    return _body(replace(event, file=Upload(event.file.name, "", 0) if event.file else None))


def _claim(event: Event) -> str:
    """What an event says."""
    return _body(replace(event, proof="", by="", key="", link=0, lapsed=""))
