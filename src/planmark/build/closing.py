"""A close plan in the forms in which a seller reads it: lines for a terminal, data, and a page of its own, which goes into no site."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planmark.content.layout import BUILD, CONTENT, INTERNAL, PLAN_FILE, THEMES, internal_folder
from planmark.problems import Location, PlanmarkError, Problem

if TYPE_CHECKING:
    from planmark.content.closing import Closing
    from planmark.plan.closing import ClosePlan
    from planmark.plan.closing.lines import DateLine, PersonLine, StageLine, WorkLine
    from planmark.plan.closing.private import Fact

PAGE = "close-plan.html"
_PICTURE = re.compile(r'<img [^>]*alt="([^"]*)"[^>]*>')
_FILE = re.compile(r'<a href="assets/[^"]*"[^>]*>(.*?)</a>', re.DOTALL)
_BLOCK_END = re.compile(r"</(?:p|li|h[1-6]|tr|pre|dd|dt)>")


def page_of(found: Closing, root: Path, previewed: str = "") -> bytes:
    """The close plan as one HTML file, which loads nothing and is marked as internal.

    `previewed` is the folder of the deal's site in a preview: there, and only there, it links to what the buyer sees.
    """
    from planmark.plan.health.told import STANDINGS
    from planmark.site.internal import internal_sheet
    from planmark.site.theme import load_theme

    deal, close = found.deal, found.plan
    theme = load_theme(root, deal.theme, Location(f"{CONTENT}/{deal.name}/{PLAN_FILE}"))
    context = {
        "title": f"Close plan: {close.account}",
        "close": close,
        "name": deal.name,
        "previewed": previewed,
        "standings": STANDINGS,
        "doubts": _doubts(close),
    }
    context["noted"] = _noted
    english = deal.locale if deal.locale.startswith("en") else "en-GB"
    return internal_sheet("close-plan.html", deal, theme, context, locale=english)


def place_for(root: Path, deal: str, asked: str = "", page: str = PAGE) -> Path:
    """Where a page of the seller's own is written; left out: `build/internal/<deal>/`. Raises PlanmarkError as `outside_sites` does."""
    if asked:
        return outside_sites(root, asked)
    place = internal_folder(root, deal)
    place.mkdir(parents=True, exist_ok=True)
    return place / page


def outside_sites(root: Path, asked: str) -> Path:
    """The path that was asked for. Raises PlanmarkError for a place where sites are made, or made from."""
    place, whole = Path(asked).resolve(), root.resolve()
    parts = place.relative_to(whole).parts if place.is_relative_to(whole) else ()
    if parts and parts[0] in (BUILD, CONTENT, THEMES) and parts[:2] != (BUILD, INTERNAL):
        hint = f"leave it out, and it goes below {BUILD}/{INTERNAL}/; or write it outside of {BUILD}/, {CONTENT}/ and {THEMES}/"
        raise PlanmarkError(Problem("PM615", "what is the team's own must not lie where sites are made", Location(asked), hint))
    return Path(asked)


def as_data(close: ClosePlan) -> dict[str, Any]:
    """The close plan as plain values: days as ISO dates, amounts as texts."""
    data: dict[str, Any] = _plain(close)
    data["standing"] = close.standing.standing if close.standing else None
    data["forecast"]["doubts"] = _doubts(close)
    data["dates"] = [_plain(line) | {"holds": line.holds} for line in close.dates]
    data["critical"] = [line.id for line in close.critical]
    return {"internal": True, **data}


def as_text(close: ClosePlan) -> Iterator[str]:
    """Lines for a terminal; headings are those that no space begins. What a terminal would obey is still in them."""
    yield f"{close.account}: {close.title}"
    yield f"  Internal, not for the buyer. As on {close.today}."
    for heading, lines in _parts(close):
        said = list(lines)
        if said:
            yield ""
            yield heading
            yield from (f"  {line}" for line in said)


def _parts(close: ClosePlan) -> Iterator[tuple[str, Iterable[str]]]:
    yield f"Health: {_standing(close.standing.standing) if close.standing else f'the plan rests ({close.state})'}", _health(close)
    yield "Stages", (line for stage in close.stages for line in _stage(stage))
    yield "Forecast", _forecast(close)
    yield "Dates", map(_date, close.dates)
    yield "Critical path", (f"{_day(line.day)}  {line.title} ({_owners(line)})" for line in close.critical)
    yield "Gaps in the buying group", (f"{one.text}. {one.hint}." for one in close.gaps)
    yield "People", (line for person in close.people for line in _person(person))
    yield "What has to be done", (line for task in close.tasks for line in _task(task))
    yield "Waits for your answer (planmark inbox)", (f"{one.id[:13]}  {one.text}" for one in close.waits)
    yield "Rules broken (planmark check)", (f"{one.code:4} {one.message}  {one.hint}" for one in close.broken)
    yield "Notes", (line for one in close.notes for line in note_lines(one.kind, one.title, one.facts))


def _standing(word: str) -> str:
    from planmark.plan.health.told import STANDINGS

    return STANDINGS[word]


def _health(close: ClosePlan) -> Iterator[str]:
    yield from close.reasons
    buyer = close.buyer
    days = f"{close.work_done} of {close.work} days of work ({_percent(close.work_done, close.work)})"
    yield f"{close.done} of {close.total} tasks are done, {days}"
    yield f"The buyer's side answers for {buyer.tasks} of {close.total} tasks ({round(buyer.share * 100)} %), and has done {buyer.done}"
    if buyer.last:
        who = "one person" if buyer.people == 1 else f"{buyer.people} people"
        yield f"Their last act was on {buyer.last}; {buyer.acts} in the last 14 days; {who} ever acted"
    else:
        yield "Nobody of theirs has acted in the plan yet"


def _stage(line: StageLine) -> Iterator[str]:
    why = f": {'; '.join(line.reasons)}" if line.reasons else ""
    yield f"{_standing(line.standing) if line.standing else '–':10} {line.title}  {line.done}/{line.total}{why}"
    yield from fact_lines(line.facts, 11 * " ")


def _forecast(close: ClosePlan) -> Iterator[str]:
    one = close.forecast
    amount = " ".join(filter(None, (str(one.amount), one.note, "" if one.is_internal else "(the buyer sees it)"))) if one.amount else ""
    day = f"closes on {one.close}" if one.close else ""
    yield ", ".join(filter(None, (one.word or "no forecast", amount, day)))
    if one.signed:
        yield "It is signed"
    elif one.signature:
        first = f"; from today on, {one.earliest} is the first day on which it can be done" if one.earliest else ""
        yield f"The plan signs on {one.signature}{first}"
    yield from _doubts(close)


def _doubts(close: ClosePlan) -> list[str]:
    from planmark.plan.closing.told import doubt_told

    return [doubt_told(one) for one in close.forecast.doubts]


def _date(line: DateLine) -> str:
    if line.last > line.day:
        return f"{line.day}  {line.label}: does not hold; the last task before it is due on {line.last}"
    if line.earliest and not line.holds:
        return f"{line.day}  {line.label}: cannot hold; from today on, what leads to it can be done by {line.earliest} at the earliest"
    if line.slack is None:
        return f"{line.day}  {line.label}: nothing before it is open"
    room = f"it can hold {_business(line.slack)} of delay" if line.slack > 0 else "nothing before it can slip by a day"
    return f"{line.day}  {line.label}: {room}"


def _person(line: PersonLine) -> Iterator[str]:
    about = ", ".join(filter(None, (line.title, line.party, *line.roles)))
    marks = [line.stance or "", "internal" if line.internal else "", f"left on {line.left}" if line.left else ""]
    yield f"{line.name} ({about})" + "".join(f" [{mark}]" for mark in marks if mark)
    if line.needs:
        yield f"  needs: {'; '.join(line.needs)}"
    if line.decides:
        yield f"  decides: {'; '.join(line.decides)}"
    if line.acted:
        yield f"  last act: {line.acted}, {line.did}"
    elif line.open and line.side != "seller":
        yield "  never acted in the plan"
    yield from fact_lines(line.facts, "  ")


def _task(line: WorkLine) -> Iterator[str]:
    marks = ["internal" if line.internal else "", "critical path" if line.critical else ""]
    why = f"  {_standing(line.standing)}: {', '.join(line.reasons)}" if line.reasons else ""
    yield f"{_day(line.day)}  {line.title} ({_owners(line)})" + "".join(f" [{mark}]" for mark in marks if mark) + why
    yield from fact_lines(line.facts, 12 * " ")


def note_lines(kind: str, title: str, facts: Iterable[Fact]) -> Iterator[str]:
    """What is internal of one part of a plan, under what it is of."""
    about = ": ".join(filter(None, (kind or "the plan", title)))
    yield about
    yield from fact_lines(facts, "  ")


def fact_lines(facts: Iterable[Fact], indent: str) -> Iterator[str]:
    """Each fact on a line; a longer text on lines of its own."""
    for fact in facts:
        first, *more = _lines(fact.html) if fact.html else [fact.text]
        yield f"{indent}{fact.key}: {first}"
        yield from (f"{indent}  {line}" for line in more)


def _lines(html: str) -> list[str]:
    """The paragraphs, headings and items of a text, without what Markdown made of them."""
    from markupsafe import Markup

    return [text for part in _BLOCK_END.split(_noted(html)) if (text := Markup(part).striptags())] or [""]


def _noted(html: str) -> str:
    """A text's HTML for a page without files beside it: a picture is what it shows, and a file is only named."""
    return _FILE.sub(r"\1", _PICTURE.sub(r"[\1]", html))


def _owners(line: WorkLine) -> str:
    return ", ".join(line.owners) or "no owner yet"


def _day(day: date | None) -> str:
    return day.isoformat() if day else "no date   "


def _business(days: int) -> str:
    return "1 business day" if days == 1 else f"{days} business days"


def _percent(part: int, whole: int) -> str:
    return f"{round(100 * part / whole) if whole else 0} %"


def _plain(value: Any) -> Any:
    """Dataclasses as mappings, days and amounts as texts."""
    if isinstance(value, (date, Decimal)):
        return str(value)
    if isinstance(value, Problem):
        return {
            "code": value.code,
            "severity": value.severity,
            "place": str(value.location),
            "message": value.message,
            "hint": value.hint,
        }
    if is_dataclass(value):
        plain = {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
        html = plain.pop("html", "")
        return plain | {"text": " ".join(_lines(html))} if html else plain
    if isinstance(value, (tuple, list)):
        return [_plain(one) for one in value]
    return value
