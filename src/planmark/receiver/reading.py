"""What the team reads: everything that was taken in, in the order of its commits."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, select

from planmark.receiver.limits import PAGE_BYTES
from planmark.receiver.tables import EVENTS, FILES


def events_after(connection: Connection, after: int, most: int) -> dict[str, Any]:
    """The next events past a number, never skipping one that is committed later: numbers are given under a lock held until the commit."""
    columns = (EVENTS.c.seq, EVENTS.c.plan, EVENTS.c.received, EVENTS.c.standing, EVENTS.c.spam, EVENTS.c.fields)
    wanted = select(*columns).where(EVENTS.c.seq > after).order_by(EVENTS.c.seq).limit(most + 1)
    found: list[dict[str, Any]] = []
    size, more = 0, False
    with connection.execute(wanted.execution_options(yield_per=100)) as rows:
        for row in rows:
            size += len(row.fields)
            if len(found) == most or (found and size > PAGE_BYTES):
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
