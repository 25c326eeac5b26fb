"""The drawing of a timeline: nothing touches anything, nothing leaves the canvas, and from right to left it is the mirror image."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from planmark.content.load import load_deal
from planmark.content.team import load_team
from planmark.content.tree import scan
from planmark.problems import Location
from planmark.site.environment import environment
from planmark.site.projection import project
from planmark.site.theme import load_theme
from planmark.site.timeline import Timeline
from planmark.site.timeline.drawing import Drawing, Label
from planmark.site.timeline.layout import DESK, LANDSCAPE, PORTRAIT, Sheet, begins, drawn
from planmark.site.timeline.scale import Scale, span
from planmark.site.timeline.widths import in_lines, shortened, width
from planmark.site.view import BuyerView, Freeze, KeyDate, Section, Stage, Task, TaskLink

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 25)
DAY = timedelta(days=1)
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@cache
def shown(name: str = "juniper") -> BuyerView:
    """One of the deals that come along, as its buyer sees it."""
    team = load_team(ROOT, scan(ROOT / "content" / "_library"), [])
    assert team is not None
    deal = load_deal(team, name, scan(ROOT / "content" / name)).deal
    assert deal is not None
    return project(deal, TODAY, deal.history).view


def task(number: int, title: str = "Sign it", due: date | None = TODAY, **other: object) -> Task:
    """A task with the least that there is."""
    fields = {"stage": "a", "owners": (), "sides": (), "status": "todo", "late": False}
    return Task(id=f"t{number}", title=title, due=due, **(fields | other))  # type: ignore[arg-type]


def plan(*stages: list[Task], key_dates: tuple[KeyDate, ...] = (), freezes: tuple[Freeze, ...] = (), target: date = TODAY) -> BuyerView:
    """A plan of nothing but these."""
    goal = KeyDate(id="target", kind="target", date=target, title="Go-live in the plant", past=target < TODAY)
    return replace(
        shown(),
        start=None,
        target=target,
        key_dates=tuple(sorted((goal, *key_dates), key=lambda one: one.date)),
        freezes=freezes,
        stages=tuple(
            Stage(
                id=f"s{number}", title=f"Stage {number} of them", kind=None, state="current", done=0, total=len(tasks), tasks=tuple(tasks)
            )
            for number, tasks in enumerate(stages)
        ),
    )


days = st.dates(date(2026, 1, 1), date(2027, 12, 31)) | st.dates(date(1990, 1, 1), date(2060, 1, 1))
titles = st.text("abc defgh WMI", min_size=1, max_size=90) | st.sampled_from(
    [
        "Sign it",
        "秘密保持契約に署名する" * 4,
        "توقيع اتفاقية السرية " * 3,
        "Grundstücksverkehrsgenehmigungszuständigkeitsübertragung" * 2,
        "👩‍💻 Ship",
    ]
)


@st.composite
def tasks(draw: st.DrawFn, number: int) -> Task:
    """Any task."""
    due = draw(days)
    return task(
        number,
        draw(titles),
        due if draw(st.integers(0, 9)) else None,
        start=draw(st.none() | st.integers(-20, 200).map(lambda back: due - DAY * back)),
        takes=draw(st.none() | st.integers(0, 400)),
        milestone=draw(st.booleans()),
        critical=draw(st.booleans()),
        status=draw(st.sampled_from(["todo", "doing", "done", "blocked", "dropped"])),
        late=draw(st.booleans()),
        after=tuple(TaskLink(id=f"t{one}", title="", status="todo") for one in draw(st.sets(st.integers(0, 20), max_size=3))),
    )


@st.composite
def plans(draw: st.DrawFn) -> BuyerView:
    """Any plan."""
    sizes = draw(st.lists(st.integers(0, 12), max_size=5))
    stages = [[draw(tasks(sum(sizes[:index]) + number)) for number in range(size)] for index, size in enumerate(sizes)]
    kinds = st.sampled_from(["event", "signature", "constraint", "freeze"])
    key_dates = tuple(
        KeyDate(
            id=f"k{number}", kind=draw(kinds), date=first, title=draw(titles), past=False, end=draw(st.none() | st.just(first + DAY * 9))
        )
        for number, first in enumerate(draw(st.lists(days, max_size=8)))
    )
    freezes = tuple(Freeze(id=one.id, start=one.date, end=one.end or one.date) for one in key_dates if one.kind == "freeze")
    return plan(*stages, key_dates=key_dates, freezes=freezes, target=draw(days))


def box(label: Label, size: float, mirrored: bool) -> Box:
    """What a text covers at most."""
    left = label.x - label.width if label.ends != mirrored else label.x
    return left, label.y - size * 0.95, left + label.width, label.y + size * 0.3


def labels(drawing: Drawing, mirrored: bool) -> Iterator[tuple[str, Box]]:
    """Every text of a drawing, with its place."""
    for moment in drawing.moments:
        yield moment.label.text, box(moment.label, drawing.size, mirrored)
    for band in drawing.bands:
        for line in band.title:
            yield line.text, box(line, drawing.size, mirrored)
        for bar in band.bars:
            yield bar.label.text, box(bar.label, drawing.size, mirrored)
    for tick in drawing.ticks:
        if tick.text:
            left = tick.label - tick.width if mirrored else tick.label
            yield tick.text, (left, drawing.top + 1, left + tick.width, drawing.top + drawing.size * 1.3)


def marks(drawing: Drawing, sheet: Sheet) -> Iterator[tuple[str, Box]]:
    """Every mark with its bar."""
    half = sheet.mark / 2
    for one in (*drawing.moments, *(bar for band in drawing.bands for bar in band.bars)):
        low, high = sorted((one.x, one.x - one.length))
        yield one.label.text, (low - 2 if one.length else low - half, one.y - half, high + half, one.y + half)


def touch(one: Box, other: Box) -> bool:
    """Whether two boxes share more than a rounded edge."""
    return one[0] + 1 < other[2] and other[0] + 1 < one[2] and one[1] + 1 < other[3] and other[1] + 1 < one[3]


@pytest.mark.parametrize("sheet", [DESK, PORTRAIT, LANDSCAPE], ids=["desk", "portrait", "landscape"])
@settings(max_examples=25, deadline=None)
@given(plans(), st.sampled_from(["en-GB", "de", "ja", "ar"]), st.booleans())
def test_no_two_texts_touch_and_nothing_leaves_the_canvas(sheet: Sheet, view: BuyerView, locale: str, mirrored: bool) -> None:
    """Whatever is in the plan; and no text lies on a mark."""
    drawing = drawn(view, sheet, locale, TODAY, "Today", mirrored)
    if drawing is None:
        return
    texts = list(labels(drawing, mirrored))
    for index, (text, place) in enumerate(texts):
        assert -1 <= place[0] <= place[2] <= drawing.width + 1, text
        assert 0 <= place[1] <= place[3] <= drawing.height + 1, text
        for other, there in texts[index + 1 :]:
            assert not touch(place, there), (text, other)
    for _, place in marks(drawing, sheet):
        assert place[0] >= -8
        assert place[2] <= drawing.width + 8
        assert place[3] <= drawing.height
        for text, there in texts:
            assert not touch((place[0] + 2, place[1] + 3, place[2] - 2, place[3] - 3), there), text


@settings(max_examples=25, deadline=None)
@given(plans())
def test_from_right_to_left_it_is_the_mirror_image(view: BuyerView) -> None:
    """Every place, every length."""
    one, other = (drawn(view, DESK, "en", TODAY, "Today", mirrored) for mirrored in (False, True))
    if one is None or other is None:
        assert one is other
        return
    assert [(tick.text, one.width - tick.x) for tick in one.ticks] == [(tick.text, tick.x) for tick in other.ticks]
    assert one.height == other.height
    for here, there in zip(one.bands, other.bands, strict=True):
        assert (here.y, one.width - here.x, -here.length) == (there.y, there.x, there.length)
        for bar, turned in zip(here.bars, there.bars, strict=True):
            assert (one.width - bar.x, bar.y, -bar.length) == (turned.x, turned.y, turned.length)
            assert (one.width - bar.label.x, bar.label.ends, bar.label.text) == (turned.label.x, turned.label.ends, turned.label.text)
            assert [(-way.x, way.y) for way in bar.elbows] == [(way.x, way.y) for way in turned.elbows]
    assert one.now
    assert other.now
    assert (one.width - one.now.x, -one.now.shift) == (other.now.x, other.now.shift)


@given(st.lists(days, min_size=1, max_size=20), st.booleans())
def test_the_scale_runs_evenly_and_in_one_direction(several: list[date], mirrored: bool) -> None:
    """A later day is never nearer to the beginning, and every day has its place."""
    first, last = span(several)
    scale = Scale(first, last, *((900.0, 100.0) if mirrored else (100.0, 900.0)))
    places = [scale.at(day) for day in sorted(several)]
    assert places == sorted(places, reverse=mirrored)
    assert all(100 < place < 900 for place in places)
    assert scale.edge(first) == (900 if mirrored else 100)


@pytest.mark.parametrize(
    ("start", "takes", "expected"),
    [
        (None, None, None),
        (date(2026, 11, 20), None, date(2026, 11, 20)),
        (None, 1, None),
        (None, 3, date(2026, 11, 23)),
        (None, 4, date(2026, 11, 20)),  # over a weekend
        (date(2026, 12, 1), None, None),  # after it is due: nobody knows what that means
    ],
)
def test_a_bar_begins_where_work_begins(start: date | None, takes: int | None, expected: date | None) -> None:
    """Where it is written, or as many business days back as it takes: 25 November 2026 is a Wednesday."""
    assert begins(task(1, due=TODAY, start=start, takes=takes)) == expected


def test_each_dated_thing_is_in_the_list_once_in_the_order_of_days() -> None:
    """Tasks, key dates and stages; not what was dropped or has no date."""
    view = shown("northwind")
    timeline = Timeline(view, "en-GB")
    entries = [one for month in timeline.months() for one in month.entries]
    assert [one.date for one in entries] == sorted(one.date for one in entries)
    named = sorted(one.title for one in entries if one.kind not in ("stage", "now"))
    every = [one for stage in view.stages for one in stage.tasks]
    assert named == sorted([one.title for one in view.key_dates] + [one.title for one in every if one.due and one.status != "dropped"])
    assert len(named) > 30
    (now,) = [one for one in entries if one.kind == "now"]
    assert all(one.date < TODAY for one in entries[: entries.index(now)])
    assert all(one.date >= view.version for one in entries[entries.index(now) :])
    drawing = timeline.drawing("Today")
    assert drawing
    assert sorted(bar.task for band in drawing.bands for bar in band.bars) == sorted(
        one.task for one in entries if one.kind in ("task", "milestone")
    )


def test_the_critical_path_is_drawn_and_the_other_ways_wait() -> None:
    """Only between two tasks that are on it. Without one there is none."""
    link = TaskLink(id="t1", title="", status="todo")
    on, off = task(1, due=TODAY, critical=True), task(2, due=TODAY + DAY * 9, critical=True, after=(link,))
    aside = task(3, due=TODAY + DAY * 20, after=(link,))
    drawing = drawn(plan([on, off, aside]), DESK, "en", None, "")
    assert drawing
    assert drawing.has_path
    bars = {bar.task: bar for band in drawing.bands for bar in band.bars}
    assert [len(bars[name].elbows) for name in ("t1", "t2", "t3")] == [0, 0, 1]
    assert [len(bars[name].path) for name in ("t1", "t2", "t3")] == [0, 1, 0]
    way = bars["t2"].path[0]
    assert (bars["t2"].x + way.x, bars["t2"].y + way.y) == (bars["t1"].x, bars["t1"].y), "from the one before"
    plain = drawn(plan([replace(on, critical=False), aside]), DESK, "en", None, "")
    assert plain
    assert not plain.has_path
    assert all(not bar.path for band in plain.bands for bar in band.bars)


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_script_can_move_today(mirrored: bool) -> None:
    """From the places of the first and the last day; a day outside is there, unseen."""
    view = plan([task(1, due=date(2026, 10, 5)), task(2, due=date(2027, 1, 29))])
    drawing = drawn(view, DESK, "en", TODAY, "Today", mirrored)
    assert drawing
    assert drawing.now
    assert drawing.now.shown
    first, last = date.fromisoformat(drawing.now.first), date.fromisoformat(drawing.now.last)
    share = (TODAY - first) / (last - first)
    assert abs(drawing.now.start + (drawing.now.end - drawing.now.start) * share - drawing.now.x) <= 1
    later = drawn(view, DESK, "en", date(2030, 1, 1), "Today", mirrored)
    assert later
    assert later.now
    assert not later.now.shown
    assert 0 <= later.now.x <= later.width


def test_one_day_alone_is_no_drawing() -> None:
    """A list says it better."""
    assert drawn(plan(), DESK, "en", TODAY, "Today") is None
    assert drawn(plan([task(1, due=None)]), DESK, "en", TODAY, "Today") is None
    assert drawn(plan([task(1, due=TODAY + DAY)]), DESK, "en", TODAY, "Today") is not None


def test_paper_is_turned_or_takes_a_second_page_when_it_must() -> None:
    """Few tasks stand upright; long titles lie across; what is too high is cut between stages, and every task is there once."""
    few = Timeline(plan([task(number, due=TODAY + DAY * number * 5) for number in range(6)]), "en").figures("This version")
    assert [one.width for one in few] == [PORTRAIT.width]
    title = "Agree with everybody on what is to be measured in the plant and by whom"
    long = [task(number, title, TODAY + DAY * number * 5) for number in range(12)]
    assert [one.width for one in Timeline(plan(long), "en").figures("This version")] == [LANDSCAPE.width]
    many = [[task(100 * stage + number, title, TODAY + DAY * (stage * 20 + number)) for number in range(10)] for stage in range(9)]
    pieces = Timeline(plan(*many), "en").figures("This version")
    assert len(pieces) > 1
    assert all(one.height <= 860 for one in pieces)
    assert [bar.task for one in pieces for band in one.bands for bar in band.bars] == [one.id for stage in many for one in stage]
    assert [bool(one.moments) for one in pieces] == [True] + [False] * (len(pieces) - 1)


@example("Sign it", 5.0)
@given(titles, st.floats(5, 400))
def test_a_shortened_text_fits_and_says_so(text: str, room: float) -> None:
    """It begins like the whole one and ends with an ellipsis; at least a letter is left."""
    found = shortened(text, 13, room)
    if width(text, 13) <= room:
        assert found == text
    else:
        assert found.endswith("…")
        assert text.startswith(found[:-1])
        assert width(found, 13) <= room or len(found) <= 3
    lines = in_lines(text, 13, room, 3)
    assert len(lines) <= 3
    assert "".join("".join(lines).split()).rstrip("…")[:1] == "".join(text.split())[:1]


def test_widths_are_upper_bounds() -> None:
    """What real fonts need is never more: DejaVu Sans is the widest that a page is shown in."""
    from PIL import ImageFont

    try:
        font = ImageFont.truetype("DejaVuSans.ttf", 100)
        bold = ImageFont.truetype("DejaVuSans-Bold.ttf", 100)
    except OSError:
        pytest.skip("needs DejaVu Sans")
    for text in (
        "Sign the mutual confidentiality agreement",
        "Grundstücksverkehr prüfen",
        "Übergabe: 1,400 routings (NR-7)",
        "Élan œuvre",
        "توقيع اتفاقية السرية",
    ):
        assert font.getlength(text) <= width(text, 100) * 1.01, text
        assert bold.getlength(text) <= width(text, 100, bold=True) * 1.03, text


def test_the_page_says_what_is_critical_and_marks_no_other_way() -> None:
    """In the drawing and in the list: a class for the accent, and lines that are always there."""
    theme = load_theme(ROOT, "default", Location("planmark.yaml"))
    env = environment(theme, "en-GB")
    link = TaskLink(id="t1", title="", status="todo")
    first, second = task(1, due=TODAY), task(2, due=TODAY + DAY * 9, after=(link,))

    def page(critical: bool) -> str:
        view = plan([replace(one, critical=critical) for one in (first, second)])
        given = {
            "plan": view,
            "timeline": Timeline(view, "en-GB"),
            "homes": {"t1": ""},
            "section": Section(id="timeline", name="timeline"),
        }
        return env.get_template("blocks/timeline.html").render(given)

    with_path, without = page(True), page(False)
    assert len(re.findall(r'<a href="#task-t1" tabindex="-1" class="is-todo critical"', with_path)) == 1
    assert len(re.findall(r'<g class="is-todo critical"', with_path)) == 1, "a task that stands on no page is no link"
    assert len(re.findall(r'<li class="is-todo critical">', with_path)) == 2
    assert len(re.findall(r'<path class="path" d="M', with_path)) == 1
    assert "critical" not in without
    assert 'class="path"' not in without
    assert 'class="way"' in without
