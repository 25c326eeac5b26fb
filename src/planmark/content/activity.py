"""The files of what people did: `activity*.jsonl` is read whole and only ever appended to, so that nothing received is lost."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from planmark.content.layout import CONTENT
from planmark.content.tree import NO_CONTENT, Tree
from planmark.plan.acts import Acts
from planmark.plan.events import Event, NotAnEventError, event_line, moment, read_event
from planmark.plan.plan import Plan
from planmark.problems import Location, Problem, did_you_mean

ACTIVITY = "activity.jsonl"
QUARANTINE = "quarantine.jsonl"
RECEIVED = "received"
IS_ACTIVITY = re.compile(r"activity[^/]*\.jsonl")
"""Copies that a synced folder makes are read as well: `activity (Dana's conflicted copy).jsonl`."""
LONGEST_LINE = 200_000


@dataclass
class Recorded:
    """What a deal's activity files hold: the events as they stand there, and where each one is."""

    events: list[Event] = field(default_factory=list)
    places: dict[str, Location] = field(default_factory=dict)


def read_activity(folder: Path, names: Iterable[str], shown: str, problems: list[Problem]) -> Recorded:
    """The events in those files of `folder`. A line that cannot be read is a warning: the others count."""
    recorded = Recorded()
    for name in sorted(names):
        data = (folder / name).read_bytes()
        for number, line in enumerate(data.split(b"\n"), 1):
            if not line.strip():
                continue
            where = Location(f"{shown}/{name}", number, 1)
            try:
                if len(line) > LONGEST_LINE:
                    raise NotAnEventError("the line is too long")
                event = read_event(line.decode("utf-8"))
            except (NotAnEventError, UnicodeDecodeError) as error:
                why = str(error) if isinstance(error, NotAnEventError) else "the line is not UTF-8"
                hint = "it is not counted; what a pull receives again is appended anew, so the line may be removed"
                problems.append(Problem("PM708", why, where, hint, "warning"))
                continue
            recorded.events.append(event)
            recorded.places.setdefault(event.id, where)
    return recorded


def events_in(folder: Path) -> list[Event]:
    """Every event that the activity of a deal's folder holds, as far as it can be read. Nothing else in the folder is looked at."""
    files = (one for one in folder.glob("activity*.jsonl") if IS_ACTIVITY.fullmatch(one.name))
    return read_activity(folder, [one.name for one in files if one.is_file() and not one.is_symlink()], folder.name, []).events


def activity_files(tree: Tree) -> list[str]:
    """The names of a deal's activity files, links and other odd things aside."""
    return [path for path in tree if IS_ACTIVITY.fullmatch(path) and tree[path].digest not in NO_CONTENT]


def others_problems(mine: str, recorded: Recorded) -> Iterable[Problem]:
    """Plans that the activity names and this is none of: a folder that was renamed, a file that was copied."""
    elsewhere: dict[str, list[Event]] = {}
    for event in recorded.events:
        if event.plan != mine:
            elsewhere.setdefault(event.plan, []).append(event)
    for plan, events in elsewhere.items():
        lines = "1 line of it is" if len(events) == 1 else f"{len(events):,} lines of it are"
        text = f"the activity is of the plan `{plan}`, and this is `{mine}`: {lines} not counted"
        hint = f"if the folder was renamed, write `id: {plan}` into plan.yaml; else move the lines to that plan"
        yield Problem("PM708", text, recorded.places[events[0].id], hint, "warning")


def activity_problems(plan: Plan, recorded: Recorded, acts: Acts) -> Iterable[Problem]:
    """Items that the activity names and the plan has lost, and changes by command that plan.yaml overrules. The plan has its ids.

    Resources are left out: those of the library come and go.
    """
    known: dict[str, Collection[str]] = {
        "task": {task.id for stage in plan.stages for task in stage.tasks},
        "criterion": {one.id for one in plan.success_criteria},
        "risk": {one.id for one in plan.risks},
    }
    told: set[str] = set()
    for event in acts.counting:
        kind, _, name = event.on.partition("/")
        if kind not in known or name in known[kind] or event.on in told or event.id in acts.previewed:
            continue
        told.add(event.on)
        near = did_you_mean(name, known[kind], "-")
        keep = f"give the {kind} that took its place `id: {name}`"
        hint = f"{keep}; {near}" if near.startswith("did") else keep + ("; a task that is no longer done stays, with `status: dropped`")
        where = recorded.places.get(event.id, Location(f"{CONTENT}/{event.plan}/{ACTIVITY}"))
        yield Problem("PM709", f"people acted on the {kind} `{name}`, which is gone", where, hint)
    for event in acts.overruled:
        where = recorded.places.get(event.id, Location(f"{CONTENT}/{event.plan}/{ACTIVITY}"))
        said = f"`{event.value or event.kind}` was set when plan.yaml said `{event.was or 'nothing'}`; it says something else now"
        yield Problem(
            "PM710", f"{event.on}: {said}", where, "plan.yaml counts; set it again with `planmark task` if that is not meant", "warning"
        )


def day_in(received: str, zone: ZoneInfo) -> date:
    """The day, in a time zone, of a moment of receipt."""
    return datetime.fromisoformat(received).astimezone(zone).date()


def append(folder: Path, lines: Iterable[str], name: str = ACTIVITY) -> None:
    """Append whole lines in one write, durably. A torn last line, from a write that was cut short, is ended and quarantined first.

    One that only lacks its end counts, as it did before.
    """
    text = "".join(f"{line}\n" for line in lines)
    if not text:
        return
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    torn = _torn(path)
    if torn and name != QUARANTINE and not _is_event(torn):
        begun = re.match(r'\{"id":"([A-Za-z0-9_-]{8,64})"', torn)  # where that one comes again, there is nothing left to look after
        entry = {
            "id": begun[1] if begun else "",
            "at": moment(datetime.now(UTC)),
            "code": "torn",
            "reason": "the line was cut short when it was written",
            "line": torn,
        }
        append(folder, [json_line(entry)], QUARANTINE)
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        data = (("\n" if torn else "") + text).encode()
        while data:
            data = data[os.write(handle, data) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def append_events(folder: Path, events: Iterable[Event], name: str = ACTIVITY) -> None:
    """Append events, one a line."""
    append(folder, map(event_line, events), name)


def _torn(path: Path) -> str:
    """The last line of a file, where it has no end."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            if not size:
                return ""
            file.seek(max(0, size - LONGEST_LINE))
            tail = file.read()
    except FileNotFoundError:
        return ""
    return tail.rpartition(b"\n")[2].decode("utf-8", "replace")


def _is_event(line: str) -> bool:
    try:
        read_event(line)
    except NotAnEventError:
        return False
    return True


def json_line(data: Mapping[str, Any]) -> str:
    """An object as one line of JSON, whatever a stranger sent: halves of characters, which UTF-8 has none of, as escapes."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text if text.isprintable() else json.dumps(data, separators=(",", ":"))


def read_lines(path: Path) -> Iterable[dict[str, Any]]:
    """The objects in a file of JSON lines; whatever is none is left out."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return
    for line in data.splitlines():
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict):
            yield found
