"""Reading a service's list so that nothing is missed, though it is newest first, moves meanwhile, and was read before.

A read goes back to a day before the newest that the last one saw. Where pages have numbers, what is deleted between two requests moves
its neighbours past us; so such a list is walked until two walks in a row agree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from planmark.endpoints.identity import record_key
from planmark.endpoints.paging import Paging, Query
from planmark.endpoints.records import Paths, items_of, parsed, record_of, unexpected
from planmark.extensions import Answer, Record

OVERLAP = timedelta(hours=24)
WALKS = 5
"""A list that never holds still is walked so often; then the next read starts where this one did."""
MOST_PAGES = 10_000
REPEATS = 20
"""So many pages in a row without anything new: the service does not turn them at all."""

Ask = Callable[[Query], bytes]
"""Asks for a page: takes what to add to the query, gives the answer's bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A part of what the service has, by a query: all that is well, or what it holds for spam."""

    query: Query = ()
    suspect: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a service's list is asked for, turned over and taken apart."""

    paths: Paths
    paging: Paging
    folders: tuple[Folder, ...] = (Folder(),)
    """What is well comes first."""
    newest_first: bool = True
    """Whether what follows a page is older, so that a walk may stop."""
    since: str = ""
    """The parameter that leaves out what is older; empty where there is none."""


def read_since(reading: Reading, ask: Ask, cursor: str, now: datetime, source: str) -> Iterator[Answer]:
    """Every answer since the cursor. Only the last one moves the cursor, so a read that breaks off is done again.

    `source` tells one form from another: another form's cursor counts as none.
    """
    newest = _newest_of(cursor, source)
    floor = newest - OVERLAP if newest else None
    pending: Answer | None = None
    settled = True
    given: set[bytes] = set()
    clean: set[str] = set()
    for folder in reading.folders:
        walks: list[list[str]] = []
        for _ in range(WALKS):
            pages = 0
            walks.append([])
            for raw, records in _walk(reading, folder, ask, floor):
                pages += 1
                walks[-1] += map(record_key, records)
                newest = max([one.received for one in records] + ([newest] if newest else []), default=None)
                if sha256(raw).digest() in given:
                    continue
                given.add(sha256(raw).digest())
                if pending:
                    yield pending
                # A folder for spam may hold all the rest, too.
                ours = tuple(one for one in records if one.fields and not (folder.suspect and record_key(one) in clean))
                pending = Answer(raw=raw, records=ours, cursor=cursor)
            if pages == 1 or reading.paging.steady or walks[-2:-1] == walks[-1:]:
                break
        else:
            settled = False
        clean.update(key for walk in walks for key in walk)
    if pending:
        # A clock that runs ahead at the service must not make the next read skip what comes until then.
        yield replace(pending, cursor=f"{source}.{min(newest, now).isoformat()}") if newest and settled else pending


def _walk(reading: Reading, folder: Folder, ask: Ask, floor: datetime | None) -> Iterator[tuple[bytes, list[Record]]]:
    """One walk over a folder, page by page, as far as something new may come."""
    since = ((reading.since, floor.strftime("%Y-%m-%dT%H:%M:%S")),) if reading.since and floor else ()
    place = reading.paging.first
    seen: set[str] = set()
    repeats = 0
    for _ in range(MOST_PAGES):
        raw = ask((*folder.query, *since, *reading.paging.query(place)))
        answer = parsed(raw)
        records = [record_of(item, reading.paths, folder.suspect) for item in items_of(answer, reading.paths)]
        yield raw, records
        if floor and reading.newest_first and _ends_before(floor, records):
            return
        keys = set(map(record_key, records))
        repeats = repeats + 1 if keys <= seen else 0
        seen |= keys
        place = reading.paging.following(place, answer, len(records))
        if not place:
            return
        if repeats > REPEATS:
            raise unexpected("it gives the same page again and again")
    raise unexpected(f"it has more than {MOST_PAGES:,} pages")


def _ends_before(floor: datetime, records: Sequence[Record]) -> bool:
    """Whether a page is newest first, as it should be, and its last record is old."""
    times = [one.received for one in records]
    return bool(times) and times == sorted(times, reverse=True) and times[-1] < floor


def _newest_of(cursor: str, source: str) -> datetime | None:
    """The newest that the last read saw; none where the cursor is another form's, or cannot be read: then all is read."""
    theirs, _, text = cursor.partition(".")
    try:
        found = datetime.fromisoformat(text) if theirs == source else None
    except ValueError:
        return None
    return found.astimezone(UTC) if found and found.tzinfo else None
