"""What the team reads: everything that was taken in, in the order of its commits."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, select

from planmark.receiver import limits
from planmark.receiver.faults import BouncedError
from planmark.receiver.tables import COUNTER, EVENTS, FILES


def events_after(connection: Connection, after: int, most: int) -> dict[str, Any]:
    """The next events past a number, never skipping one that is committed later: numbers are given under a lock held until the commit.

    BouncedError 422 past the last number there ever was: the database is an older one than the reader knows, and must be read anew.
    """
    if after > connection.execute(select(COUNTER.c.seq)).scalar_one():
        raise BouncedError(422, "cursor", "The database is older than what was read from it before. Read it from the beginning: after=0.")
    columns = (EVENTS.c.seq, EVENTS.c.plan, EVENTS.c.received, EVENTS.c.standing, EVENTS.c.spam, EVENTS.c.fields)
    wanted = select(*columns).where(EVENTS.c.seq > after).order_by(EVENTS.c.seq).limit(most + 1)
    found: list[dict[str, Any]] = []
    size, more = 0, False
    with connection.execute(wanted.execution_options(yield_per=100)) as rows:
        for row in rows:
            size += len(row.fields)
            if len(found) == most or (found and size > limits.PAGE_BYTES):
                more = True
                break
            told = {name: getattr(row, name) for name in ("seq", "plan", "received", "standing", "spam")}
            found.append({**told, "fields": json.loads(row.fields), "files": []})
    if found:
        by_number = {one["seq"]: one for one in found}
        wanted_files = select(FILES).where(FILES.c.seq.between(found[0]["seq"], found[-1]["seq"])).order_by(FILES.c.seq, FILES.c.position)
        for file in connection.execute(wanted_files):
            if file.seq in by_number:
                told = {name: getattr(file, name) for name in ("name", "type", "size", "digest")}
                by_number[file.seq]["files"].append(told)
    return {"events": found, "next_after": found[-1]["seq"] if found else after, "has_more": more}
