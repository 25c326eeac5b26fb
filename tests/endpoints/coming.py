"""What comes from buyers: submissions as a service tells them, and a workspace of two deals that they are for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

from planmark.content.acting import load_one
from planmark.content.activity import read_activity, read_lines
from planmark.content.inbox import Inbox
from planmark.endpoints.pull import Pull, Pulled
from planmark.extensions import Answer, Record, SentFile
from planmark.plan.events import Event, event_line, once_each
from planmark.plan.submissions import RefusedError
from planmark.plan.tokens import fingerprint, made, plan_digest

KEY, OLD_KEY = bytes(range(32)), bytes(range(50, 82))
KEYS = {fingerprint(KEY): KEY}
SHARE = {"acme": "k00m9x4c3hq5d8rj6p1t0bn2v", "beta": "k01m9x4c3hq5d8rj6p1t0bn2-"}
DIGEST = {name: plan_digest(key) for name, key in SHARE.items()}
UNTIL = date(2027, 7, 28)
START = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
NUMBERS = count(1)

PLAN = """\
account: Acme
title: Rollout
target: 2027-01-29
share_key: {share}
people: [{{id: maria, name: Maria Lindqvist}}, {{id: jo, name: Jo}}]
sign_off: {{statement: We mean to do this., by: [dana, maria]}}
success_criteria: [{{id: fast, criterion: Quotes in a day}}]
stages:
  - title: Start
    tasks:
      - {{id: nda, title: Sign, owner: maria, due: 2026-11-20, buyer_can: [upload, approve]}}
      - {{id: trial, title: Try, owner: [maria, dana], due: 10d before target}}
      - {{id: ours, title: Set up, owner: dana}}
"""
WORKSPACE = """\
seller: {name: Lumen}
people: [{id: dana, name: Dana Whitfield, email: dana@lumen.example}]
contact: dana
"""
FILES = {"planmark.yaml": WORKSPACE, **{f"content/{name}/plan.yaml": PLAN.format(share=key) for name, key in SHARE.items()}}


def token(person: str = "maria", deal: str = "acme", *, key: bytes = KEY, version: int = 1, until: date = UNTIL) -> str:
    """The token of a person's link."""
    return made(key, DIGEST[deal], person, version, until)


def fields(deal: str = "acme", **changes: str) -> dict[str, str]:
    """What a form sends for Maria, who checks off the NDA."""
    given = {"pm_v": "1", "pm_plan": DIGEST[deal], "pm_event": f"sent-{next(NUMBERS):06}", "pm_kind": "done", "pm_item": "task/nda"}
    return {**given, "pm_token": token(deal=deal), **changes}


def record(
    sent: Mapping[str, str] | None = None, *, after: int = 0, name: str = "", file: SentFile | None = None, spam: bool = False
) -> Record:
    """A submission as a service tells it, so many seconds after the first."""
    files = (file,) if file else ()
    received = START + timedelta(seconds=after)
    return Record(source_id=name, received=received, fields=fields() if sent is None else sent, files=files, suspect=spam)


def answer(*records: Record, cursor: str = "") -> Answer:
    """An answer of a service that holds those."""
    raw = json.dumps([[one.source_id, dict(one.fields), one.received.isoformat()] for one in records]).encode()
    return Answer(raw=raw, records=records, cursor=cursor)


@dataclass
class Desk:
    """A workspace, and pulls into it."""

    root: Path
    keys: Mapping[str, bytes] = field(default_factory=lambda: KEYS)
    asked: list[str] = field(default_factory=list)
    """Files that were fetched."""
    data: dict[str, bytes] = field(default_factory=dict)
    """What the service has of files, by address."""

    @property
    def inbox(self) -> Inbox:
        return Inbox(self.root, "fake", "https://forms.example")

    def get_file(self, sent: SentFile) -> bytes:
        self.asked.append(sent.url)
        if sent.url not in self.data:
            raise RefusedError("file", "its file cannot be had")
        return self.data[sent.url]

    def pull(self, *records: Record, deals: Iterable[str] = (), answers: Iterable[Answer] | None = None) -> Pulled:
        """Pull what one answer holds, or several."""
        given = [answer(*records)] if answers is None else answers
        return Pull(self.root, "fake", self.keys, self.get_file, deals).take(given, self.inbox)

    def folder(self, deal: str = "acme") -> Path:
        return self.root / "content" / deal

    def events(self, deal: str = "acme") -> list[Event]:
        names = [path.name for path in self.folder(deal).glob("activity*.jsonl")]
        return read_activity(self.folder(deal), names, "", []).events

    def aside(self, deal: str = "acme") -> list[str]:
        """The codes of what was set aside."""
        return [one["code"] for one in read_lines(self.folder(deal) / "quarantine.jsonl")]

    def status(self, task: str = "nda", deal: str = "acme") -> str | None:
        return next(one.status for one in load_one(self.root, deal).plan.stages[0].tasks if one.id == task)

    def edit(self, old: str, new: str, deal: str = "acme") -> None:
        path = self.folder(deal) / "plan.yaml"
        before = path.read_text(encoding="utf-8")
        assert old in before
        path.write_text(before.replace(old, new), encoding="utf-8")


def everything(root: Path) -> dict[str, bytes]:
    """Every file below a folder but locks."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file() and path.name != "pull"
    }


def same(events: Iterable[Event]) -> list[str]:
    """Events as they count, whatever way they came."""
    return [event_line(one) for one in once_each(events)]


MakeWorkspace = Callable[[Mapping[str, str | bytes]], Path]
