"""The standing meeting as one entry that recurs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import get_args

from planmark.plan.words import Weekday
from planmark.site.calendar.entry import EVERYBODY, HOUR, Entry, Words
from planmark.site.calendar.reading import Data, clock, day, many, number, one, text, texts
from planmark.site.calendar.zones import zone_of

_WEEKDAYS: tuple[str, ...] = get_args(Weekday)
_RULES = {"week": "FREQ=WEEKLY", "2 weeks": "FREQ=WEEKLY;INTERVAL=2", "month": "FREQ=MONTHLY"}


def review(plan: Data, words: Words, until: date, began: date) -> Entry | None:
    """The review meeting from the plan's start, or `began`, up to `until`; none where its rhythm or its day of the week is open.

    It begins on the first such weekday. One that is held every month keeps that weekday's place in the month; a fifth one is the last.
    """
    source = one(plan, "review")
    every, weekday = text(source, "every"), text(source, "day")
    if every not in _RULES or weekday not in _WEEKDAYS:
        return None
    start = day(plan, "start") or began
    first = start + timedelta(days=(_WEEKDAYS.index(weekday) - start.weekday()) % 7)
    if first > until:
        return None
    which = -1 if first.day > 28 else (first.day - 1) // 7 + 1
    begins, people, link, say = clock(source, "time"), many(source, "with"), text(source, "link"), words.language.gettext
    return Entry(
        name="review",
        title=words.with_plan(say("Review meeting")),
        first=first,
        last=first,
        time=begins,
        minutes=number(source, "duration") or HOUR,
        zone=zone_of(text(plan, "timezone")).key if begins else "UTC",
        rule=f"{_RULES[every]};BYDAY={which if every == 'month' else ''}{weekday[:2].upper()}",
        until=until,
        busy=bool(begins),
        place=text(source, "place"),
        link=link,
        about=words.about(
            words.gathered(people),
            words.agenda(texts(source, "agenda")),
            words.labelled(say("Join the meeting"), link),
            words.labelled(say("If it is urgent"), text(source, "urgent")),
        ),
        people=frozenset(text(person, "id") for person in people) or EVERYBODY,
    )
