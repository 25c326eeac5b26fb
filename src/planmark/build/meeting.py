"""The walk-through of a call: lines for a terminal, and a page to show. With what is internal it is the team's own, and marked so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING

from planmark.build.closing import fact_lines, note_lines
from planmark.content.layout import CONTENT, PLAN_FILE
from planmark.problems import Location, Problem

if TYPE_CHECKING:
    from planmark.build.standing import Standing
    from planmark.plan.closing import ClosePlan
    from planmark.plan.closing.lines import PersonLine, WorkLine
    from planmark.plan.closing.private import Fact
    from planmark.site.briefing import Decision, Worry
    from planmark.site.view import Task

PAGE = "meeting.html"
INTERNAL_PAGE = "meeting-internal.html"
"""Another file, so that nobody shows one in place of the other."""
WIDE = 80
"""Columns of a terminal that everybody has."""
MOST = 6
"""So many tasks of a side are told in the terminal and on the page; the plan has the others."""
_DAY = 13


@dataclass(frozen=True)
class Meeting:
    """What a call goes through. `ours` is what is internal; None where the walk-through is for both sides."""

    standing: Standing
    spare: int | None
    """Business days that what leads to the target can still slip, as the buyer's tasks are dated; None where nothing leads there."""
    ours: ClosePlan | None


def meeting_of(
    root: Path, name: str, today: date, since: str = "", internal: bool = False, warnings: list[Problem] | None = None
) -> Meeting:
    """The walk-through of the deal in `content/<name>` on `today`. `since` is what it is compared with, as `standing_of` takes it.

    Only with `internal` is anything in it that the buyer doesn't see. Raises PlanmarkError as `standing_of` does.
    """
    from planmark.build.standing import standing_of

    standing = standing_of(root, name, today, since, warnings)
    slots = standing.deal.schedule.tasks
    shown = [slots[task.id] for stage in standing.view.stages for task in stage.tasks if task.id in slots]
    ours = None
    if internal:
        from planmark.content.closing import closing

        ours = closing(root, name, today).plan
    return Meeting(standing, min((slot.slack for slot in shown if slot.toward == "target"), default=None), ours)


def page_of(meeting: Meeting, root: Path) -> bytes:
    """The walk-through as one HTML file that loads nothing: in the plan's language, or in English with what is internal in it."""
    from planmark.site.briefing.points import LATELY
    from planmark.site.internal import internal_sheet
    from planmark.site.theme import load_theme

    deal, view, today = meeting.standing.deal, meeting.standing.view, meeting.standing.today
    theme = load_theme(root, deal.theme, Location(f"{CONTENT}/{deal.name}/{PLAN_FILE}"))
    english = deal.locale if deal.locale.startswith("en") else "en-GB"
    context = {
        "title": view.title,
        "plan": view,
        "said": meeting.standing.points,
        "today": today,
        "lately": today - LATELY,
        "spare": meeting.spare,
        "moves": view.changes.target_moves if view.changes else (),
        "ours": meeting.ours,
        "most": MOST,
    }
    return internal_sheet(PAGE, deal, theme, context, marked=meeting.ours is not None, locale=english if meeting.ours else deal.locale)


def as_text(meeting: Meeting) -> Iterator[str]:
    """Lines of 80 columns for a terminal; headings are those that no space begins. What a terminal would obey is still in them."""
    view = meeting.standing.view
    yield from wrap(f"{view.title} ({' × '.join(filter(None, (view.buyer.short, view.seller.short)))})", WIDE)
    if meeting.ours:
        yield "  Internal, not for the buyer."
    for heading, lines in _parts(meeting):
        said = list(lines)
        if said:
            yield ""
            yield heading
            yield from said


def _parts(meeting: Meeting) -> Iterator[tuple[str, Iterable[str]]]:
    view, said = meeting.standing.view, meeting.standing.points
    yield "Where we are", _where(meeting)
    yield "Agenda", (line for at, one in enumerate(view.review.agenda if view.review else (), 1) for line in _line(f"{at}.", one, 4))
    since = f"since {_day(said.since)}" if said.since else "in the last 14 days"
    yield f"Done {since}", (line for task in said.done for line in _task(task, task.done_on))
    if said.since:
        yield f"Changed {since}", _changes(meeting)
    if not view.resting:
        yield "Late or at risk", _worries(said.worries)
    names = {"buyer": view.buyer.short, "seller": view.seller.short or "the seller", "partner": "partners"}
    for side, tasks in said.next:
        yield f"Next for {names[side]}", _next(tasks)
    yield "To be decided", (line for one in said.decisions for line in _decision(one))
    if meeting.ours:
        yield from _ours(meeting.ours)


def _where(meeting: Meeting) -> Iterator[str]:
    view, holds, spare = meeting.standing.view, meeting.standing.points.holds, meeting.spare
    told = ""
    if holds is not None:
        room = "" if spare is None else f", with {_counted(spare, 'business day')} to spare" if spare > 0 else ", with not a day to spare"
        told = f": holds{room}" if holds else ": does not hold"
    yield from _line(_day(view.target), f"{view.target_label or 'Target date'}{told}")
    if view.next_milestone:
        yield from _line(_day(view.next_milestone.due), f"Next milestone: {view.next_milestone.title}")
    late = f", {view.late} late" if view.late else ""
    state = f"{_word(view.health.standing)}; " if view.health else f"{_word(view.state)}, and nothing is asked of anybody; "
    yield from _line("", f"{state}{view.done} of {view.total} tasks done{late}")


def _changes(meeting: Meeting) -> Iterator[str]:
    from planmark.plan.changes import told

    found = [change for change in meeting.standing.changes if change.group != "done"]
    groups = told.grouped(found)
    indent = max([_DAY, *(len(heading) + 1 for heading, _ in groups)])
    for heading, changes in groups:
        for at, change in enumerate(changes):
            yield from _line("" if at else heading, told.line(change), indent)
    if not meeting.standing.changes:
        yield "  Nothing has changed."


def _worries(worries: Iterable[Worry]) -> Iterator[str]:
    found = list(worries)
    for one in found:
        why = f"{_counted(one.days_late, 'day')} late" if one.days_late else _word(one.flag)
        waits = "; ".join(f"waits for “{link.title}”" for link in one.waits_for)
        yield from _task(one.task, one.task.due, "; ".join(filter(None, (why, waits))))
    if not found:
        yield "  Nothing."


def _next(tasks: tuple[Task, ...]) -> Iterator[str]:
    for task in tasks[:MOST]:
        yield from _task(task, task.due, "late" if task.late else "blocked" if task.status == "blocked" else "")
    if len(tasks) > MOST:
        yield from _line("", f"and {len(tasks) - MOST} more in the plan")


def _decision(one: Decision) -> Iterator[str]:
    who = ", ".join(one.who) or "nobody yet"
    match one.kind:
        case "proposal" if one.said:
            what = _day(one.said.date) if one.said.date else one.said.value
            text = f": “{' '.join(one.said.text.split())}”" if one.said.text else ""
            yield from _line("proposal", f"{one.title}: {one.said.what} {what}, proposed by {one.said.by.name or 'somebody'}{text}")
        case "approval":
            yield from _line("approval", f"{one.title} ({who}{f', {_day(one.day)}' if one.day else ''})")
        case "criterion":
            yield from _line("criterion", f"{one.title} (not agreed yet by {' and '.join(one.who)})")
        case "owner":
            yield from _line("owner", f"{one.title}: nobody has it yet")
        case _:
            yield from _line("date", f"{one.title} ({who}): no date yet")


def _ours(ours: ClosePlan) -> Iterator[tuple[str, Iterable[str]]]:
    yield "Internal: how it stands", _line("", ours.said) if ours.said else ()
    yield "Internal: waits for our answer", (line for one in ours.waits for line in _line(one.id[: _DAY - 1], one.text))
    for heading, hidden in (("Internal: tasks", True), ("Internal: notes on tasks", False)):
        chosen = [one for one in ours.tasks if one.internal == hidden and (hidden or one.facts)]
        yield heading, (line for one in chosen for line in _work(one))
    yield "Internal: who stands where", (line for one in ours.people if one.stance or one.facts for line in _person(one))
    notes = (line for one in ours.notes for line in note_lines(one.kind, one.title, one.facts))
    yield "Internal: notes", (part for line in notes for part in _wrapped(f"  {line}"))


def _work(one: WorkLine) -> Iterator[str]:
    yield from _line(_day(one.day), f"{one.title} ({', '.join(one.owners) or 'no owner yet'})")
    yield from _told(one.facts)


def _person(one: PersonLine) -> Iterator[str]:
    needs = f", needs {'; '.join(one.needs)}" if one.needs else ""
    yield from _line(one.stance or "", f"{one.name}{needs}")
    yield from _told(one.facts)


def _told(facts: Iterable[Fact]) -> Iterator[str]:
    for line in fact_lines(facts, " " * (_DAY + 2)):
        yield from _wrapped(line)


def _wrapped(line: str) -> list[str]:
    """A line that has its indent already."""
    indent = line[: len(line) - len(line.lstrip())]
    return wrap(line.strip(), WIDE, initial_indent=indent, subsequent_indent=f"{indent}  ", break_on_hyphens=False)


def _task(task: Task, on: date | None, more: str = "") -> Iterator[str]:
    owners = ", ".join(owner.name for owner in task.owners) or "no owner yet"
    yield from _line(_day(on), f"{task.title} ({owners}){f': {more}' if more else ''}")


def _line(first: str, text: str, indent: int = _DAY) -> list[str]:
    """A text behind a word or a day, on as many lines as it takes, all of them under its beginning."""
    head = f"  {first:{indent}}"
    return wrap(text, WIDE, initial_indent=head, subsequent_indent=" " * len(head), break_on_hyphens=False)


def _day(day: date | None) -> str:
    from planmark.plan.changes import told

    return told.in_words(day.isoformat()) if day else "no date"


def _word(word: str) -> str:
    return word.replace("_", " ")


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
