"""A plan becomes a drawing. It is laid out from left to right, and mirrored at the end for languages that are read the other way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from planmark.plan.calendars import BusinessCalendar
from planmark.site.timeline.drawing import Band, Bar, Drawing, Elbow, Frost, Label, Moment, Now, Tick
from planmark.site.timeline.rows import Rows, Spot
from planmark.site.timeline.scale import DAY, Scale, said, span, ticks
from planmark.site.timeline.widths import in_lines, width
from planmark.site.view import BuyerView, KeyDate, Stage, Task

WORKDAYS = BusinessCalendar()


@dataclass(frozen=True, slots=True)
class Sheet:
    """How large a drawing is, in its own units: its width, that of the stages' titles, its text, a row, a mark, the longest text."""

    width: int
    titles: int
    size: float
    row: int
    mark: int
    longest: int
    edge: int = 4
    face: float = 1
    """How wide its font is beside that of the table of widths."""

    @property
    def em(self) -> float:
        """The size by which the widths of its texts are worked out."""
        return self.size * self.face


DESK = Sheet(width=1104, titles=196, size=13, row=26, mark=14, longest=460)
# On paper the fonts that ship are known: the widest of them, a serif, is narrower.
PORTRAIT = Sheet(width=640, titles=122, size=10, row=17, mark=10, longest=370, face=0.95)
LANDSCAPE = Sheet(width=970, titles=146, size=10, row=17, mark=10, longest=430, face=0.95)


def drawn(plan: BuyerView, sheet: Sheet, locale: str, now: date | None, now_text: str, mirrored: bool = False) -> Drawing | None:
    """The drawing, or none where no more than one day would be on it. `now` is a day to be named on it, with its text."""
    days = _days(plan)
    return _Layout(plan, sheet, locale, days, mirrored).drawing(plan.stages, now, now_text) if len(set(days)) > 1 else None


def in_pieces(
    plan: BuyerView, sheet: Sheet, highest: int, locale: str, now: date | None, now_text: str, mirrored: bool = False
) -> tuple[Drawing, ...]:
    """The same cut between stages, so that no piece is higher than `highest`, unless one stage alone is. Key dates stand on the first."""
    whole = drawn(plan, sheet, locale, now, now_text, mirrored)
    if whole is None or whole.height <= highest or len(whole.bands) < 2:
        return (whole,) if whole else ()
    stages = {stage.id: stage for stage in plan.stages}
    layout = _Layout(plan, sheet, locale, _days(plan), mirrored)
    pieces: list[list[Stage]] = [[]]
    height = whole.height - sum(band.height for band in whole.bands)
    for band in whole.bands:
        if pieces[-1] and height + band.height > highest:
            pieces.append([])
            height = sheet.row * 3
        pieces[-1].append(stages[band.stage])
        height += band.height
    return tuple(layout.drawing(piece, now, now_text, index == 0) for index, piece in enumerate(pieces))


def begins(task: Task) -> date | None:
    """The first day of a task's bar: where it starts, or as many business days back as it takes. None: it is known only when it is due."""
    if task.start and task.due and task.start <= task.due:
        return task.start
    if task.due and task.takes and task.takes > 1:
        return WORKDAYS.add(task.due, 1 - min(task.takes, 2600))
    return None


def dated(stage: Stage) -> list[Task]:
    """The tasks of a stage that stand on the timeline."""
    return [task for task in stage.tasks if task.due and task.status != "dropped"]


def _days(plan: BuyerView) -> list[date]:
    """Every day that must be within the drawing. Days without work are drawn where they meet it."""
    found = [plan.start] if plan.start else []
    for one in plan.key_dates:
        if one.kind != "freeze":
            found += [one.date, one.end or one.date]
    for stage in plan.stages:
        for task in dated(stage):
            found += [day for day in (begins(task), task.due) if day]
    return found or [day for one in plan.key_dates for day in (one.date, one.end or one.date)]


class _Layout:
    """One drawing while it is made."""

    def __init__(self, plan: BuyerView, sheet: Sheet, locale: str, days: list[date], mirrored: bool) -> None:
        self.plan, self.sheet, self.locale, self.mirrored = plan, sheet, locale, mirrored
        self.left = sheet.titles if any(dated(stage) for stage in plan.stages) else 0
        self.right = sheet.width - sheet.edge
        self.scale = Scale(*span(days), self.left, sheet.width)
        self.has_path = any(task.critical for stage in plan.stages for task in dated(stage))

    def drawing(self, stages: Iterable[Stage], now: date | None, now_text: str, with_dates: bool = True) -> Drawing:
        """From top to bottom: the day that is named, the months, key dates, a band for each stage."""
        sheet = self.sheet
        top = round(sheet.row * 0.85)
        y = top + round(sheet.row * 1.15)
        dates_y = y + sheet.row // 2 + round(sheet.size * 0.36)
        moments, rows = self._moments(y) if with_dates else ((), 0)
        y += rows * sheet.row + round(sheet.row * 0.4)
        bands = []
        for stage in stages:
            if dated(stage):
                band = self._band(stage, y)
                bands.append(band)
                y += band.height
        target = next((one for one in moments if one.kind == "target"), None)
        return Drawing(
            width=sheet.width,
            height=y,
            size=sheet.size,
            left=0 if self.mirrored else self.left,
            right=sheet.width - self.left if self.mirrored else sheet.width,
            start=self._x(0),
            top=top,
            dates_y=dates_y,
            ticks=self._ticks(),
            frosts=tuple(self._frosts()),
            moments=moments,
            bands=self._joined(bands),
            now=self._now(now, now_text) if now else None,
            target=self._x(self.scale.at(self.plan.target)),
            target_y=target.y if target else top,
            has_path=self.has_path,
        )

    def _x(self, x: float) -> int:
        return self.sheet.width - round(x) if self.mirrored else round(x)

    def _way(self, start: float, end: float) -> int:
        """How far it is from one place to another, to the right."""
        return self._x(end) - self._x(start)

    def _is_bar(self, start: float, end: float) -> bool:
        """Whether more than its mark is seen of it."""
        return end - start >= self.sheet.mark

    def _label(self, spot: Spot, text: str, mark: float, y: int) -> Label:
        """The text of a spot. Its line runs a little below the middle of the row."""
        whole = text if spot.text != text else ""
        at = y + round(self.sheet.size * 0.36) - (spot.row - spot.text_row) * round(self.sheet.row * 0.8)
        if spot.row == spot.text_row and not spot.ends:  # always as far from its mark
            x = self._x(mark) + (-1 if self.mirrored else 1) * round(spot.start - mark)
        else:
            x = self._x(spot.start)
        return Label(text=spot.text, x=x, y=at, width=spot.width, ends=spot.ends, whole=whole)

    def _ticks(self) -> tuple[Tick, ...]:
        found: list[Tick] = []
        free: float = self.left
        pad = self.sheet.size * 0.4
        days, long, short = ticks(self.scale.first, self.scale.last)
        for index, day in enumerate(days):
            inside = day > self.scale.first or not self.left
            x = self.scale.edge(day)
            at = x + pad if inside else x
            following = self.scale.edge(days[index + 1]) if index + 1 < len(days) else self.right
            text = said(day, long if day.month == 1 or not any(one.text for one in found) else short, self.locale)
            wide = width(text, self.sheet.em)
            shown = at >= free and at + wide <= self.right and (inside or at + wide + pad <= following)
            if shown:
                free = at + wide + pad * 2
            found.append(Tick(x=self._x(x), text=text if shown else "", label=self._x(at), width=wide, inside=inside))
        return tuple(found)

    def _frosts(self) -> list[Frost]:
        found = []
        for one in self.plan.freezes:
            if one.end >= self.scale.first and one.start <= self.scale.last and one.end >= one.start:
                start = self._x(self.scale.edge(one.start))
                end = self._x(self.scale.edge(one.end + DAY) if one.end < date.max else self.scale.end)
                found.append(Frost(x=min(start, end), width=max(abs(end - start), 2)))
        return found

    def _moments(self, y: int) -> tuple[tuple[Moment, ...], int]:
        """Key dates, soonest first. The target is in the row nearest to the work, for a line leads down from it."""
        sheet, half, pad = self.sheet, self.sheet.mark / 2, self.sheet.mark / 2
        rows = Rows(self.left, self.right, sheet.em, sheet.size, sheet.longest)
        placed: list[tuple[KeyDate, float, float, Spot]] = []
        shown = [one for one in self.plan.key_dates if (one.end or one.date) >= self.scale.first and one.date <= self.scale.last]
        for one in sorted(shown, key=lambda one: (one.kind == "target", one.date)):
            start = self.scale.at(one.date)
            end = self.scale.at(one.end) if one.end and self._is_bar(start, self.scale.at(one.end)) else start
            lowest = rows.count - 1 if one.kind == "target" else 0
            placed.append((one, start, end, rows.put(start - half, end + half, one.title, pad, one.kind == "target", lowest)))
        found = []
        for one, start, end, spot in sorted(placed, key=lambda item: item[0].date):
            at = y + spot.row * sheet.row + sheet.row // 2
            label = self._label(spot, one.title, end, at)
            found.append(Moment(kind=one.kind, past=one.past, x=self._x(end), y=at, length=self._way(start, end), label=label))
        return tuple(found), rows.count

    def _band(self, stage: Stage, y: int) -> Band:
        sheet, half, pad = self.sheet, self.sheet.mark / 2, self.sheet.mark / 2
        rows = Rows(self.left, self.right, sheet.em, sheet.size * 1.4, sheet.longest)
        air = round(sheet.row * 0.42)
        bars: list[Bar] = []
        for task in sorted(dated(stage), key=lambda one: one.due or date.max):
            due = self.scale.at(task.due or date.max)
            first = begins(task)
            start = self.scale.edge(first) if first and self._is_bar(self.scale.edge(first), due) else due
            spot = rows.put(min(start - half / 2, due - half), due + half, task.title, pad)
            at = y + air + spot.row * sheet.row + sheet.row // 2
            bars.append(
                Bar(
                    task=task.id,
                    state="late" if task.late else task.status,
                    milestone=task.milestone,
                    critical=task.critical,
                    x=self._x(due),
                    y=at,
                    length=self._way(start, due),
                    label=self._label(spot, task.title, due, at),
                    elbows=(),
                    path=(),
                )
            )
        lines = in_lines(stage.title, sheet.em, self.left - sheet.size * 1.2, 3, bold=True)
        step = round(sheet.size * 1.35)
        base = y + air + sheet.row // 2 + round(sheet.size * 0.36)
        title = tuple(
            Label(text=line, x=self._x(0), y=base + index * step, width=width(line, sheet.em, True)) for index, line in enumerate(lines)
        )
        days = [bar.x for bar in bars] + [bar.x - bar.length for bar in bars]
        start, end = (max(days), min(days)) if self.mirrored else (min(days), max(days))
        height = 2 * air + max(rows.count * sheet.row, (len(lines) + 1) * step + sheet.row // 3)
        return Band(
            stage=stage.id,
            state=stage.state,
            done=stage.done,
            total=stage.total,
            title=title,
            y=y,
            height=height,
            x=start,
            length=end - start,
            facts_y=base + len(lines) * step,
            bars=tuple(bars),
        )

    def _joined(self, bands: list[Band]) -> tuple[Band, ...]:
        """The bands, with the lines from each task to those that wait for it. What is done waits for nothing any more."""
        places = {bar.task: bar for band in bands for bar in band.bars}
        before = {task.id: task.after for stage in self.plan.stages for task in stage.tasks}
        found = []
        for band in bands:
            bars = []
            for bar in band.bars:
                others = [places[one.id] for one in before[bar.task] if one.id in places and bar.state != "done"]
                if not others:
                    bars.append(bar)
                    continue
                ways = [(bar.critical and one.critical, Elbow(x=one.x - bar.x, y=one.y - bar.y)) for one in others]
                path, elbows = ([way for is_one, way in ways if is_one == wanted] for wanted in (True, False))
                bars.append(replace(bar, elbows=tuple(elbows), path=tuple(path)))
            found.append(replace(band, bars=tuple(bars)))
        return tuple(found)

    def _now(self, day: date, text: str) -> Now:
        """The line of a day. Its text stands on its middle, as far as the drawing's edges let it."""
        x, wide = self.scale.at(day), width(text, self.sheet.em, True)
        middle = min(max(x, wide / 2), self.sheet.width - wide / 2)
        first, last = self.scale.first, self.scale.last
        return Now(
            x=self._x(x),
            shown=first <= day <= last,
            shift=self._way(x, middle),
            text=text,
            width=wide,
            first=first.isoformat(),
            last=last.isoformat(),
            start=self._x(self.scale.at(first)),
            end=self._x(self.scale.at(last)),
        )
