"""What one value of a plan says about another: references, circles, contradictions. Judgement on the plan itself is `rules`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from planmark.plan.ids import RESERVED_PARTIES, slug
from planmark.plan.plan import Plan
from planmark.plan.walk import Mark
from planmark.problems import Finding, Path, did_you_mean


@dataclass(frozen=True)
class Known:
    """What a plan may refer to beside what it holds itself: the team's people and the library's resources, by id."""

    people: frozenset[str] = frozenset()
    resources: frozenset[str] = frozenset()


_KINDS = {
    "person": ("PM301", "nobody here has the id", "add them to `people`"),
    "owner": (
        "PM301",
        "no person or party here has the id",
        "add them to `people`; TBD is written by leaving the owner out",
    ),
    "party": ("PM301", "no party here has the id", "write buyer, seller or the id of one of `parties`"),
    "task": ("PM302", "no task has the id", "write the id of a task of any stage"),
    "stage": ("PM304", "no stage has the id", "write the id of a stage"),
    "work": ("PM304", "no stage or task has the id", "write the id of a stage or a task"),
    "resource": ("PM303", "no resource has the id", "add it to `resources` or to content/_library/resources.yaml"),
}


def contradictions(plan: Plan, marks: Iterable[Mark], known: Known) -> Iterator[Finding]:
    """Everything in the plan that refers to nothing, goes in circles, or cannot both be true. The plan's dates are resolved."""
    yield from _references(plan, marks, known)
    yield from _circles(plan)
    yield from _orders(plan)
    yield from _either_or(plan, known)


def _references(plan: Plan, marks: Iterable[Mark], known: Known) -> Iterator[Finding]:
    people = {person.id for person in plan.people} | known.people
    parties = {party.id for party in plan.parties} | set(RESERVED_PARTIES)
    tasks = {task.id for stage in plan.stages for task in stage.tasks}
    stages = {stage.id for stage in plan.stages}
    ids: dict[str, set[str]] = {
        "person": people,
        "party": parties,
        "owner": people | parties,
        "task": tasks,
        "stage": stages,
        "work": stages | tasks,
        "resource": {resource.id for resource in plan.resources} | known.resources,
    }
    for path, marker, value in marks:
        if marker in ids and value not in ids[marker]:
            code, message, otherwise = _KINDS[marker]
            yield Finding(code, path, f"{message} `{value}`", did_you_mean(str(value), sorted(ids[marker]), otherwise))
    criteria = {criterion.id for criterion in plan.success_criteria}
    for number, stage in enumerate(plan.stages):
        for index, line in enumerate(stage.exit_criteria):
            near = did_you_mean(line.text, criteria, "-") if " " not in line.text and line.text not in criteria else "-"
            if near.startswith("did you mean"):
                yield Finding(
                    "PM309",
                    ("stages", number, "exit_criteria", index),
                    f"no success criterion has the id `{line.text}`",
                    near,
                )


def _circles(plan: Plan) -> Iterator[Finding]:
    """Each circle of `after` once, named by its whole loop. Of two tasks with one id, which is told of, the first counts."""
    after: dict[str, tuple[str, ...]] = {}
    paths: dict[str, Path] = {}
    for number, stage in enumerate(plan.stages):
        for index, task in enumerate(stage.tasks):
            after.setdefault(task.id, task.after)
            paths.setdefault(task.id, ("stages", number, "tasks", index, "after"))
    for loop in circles(after):
        names = " → ".join([*loop, loop[0]])
        yield Finding("PM306", paths[loop[0]], f"these tasks wait for each other: {names}", "take one of them out of `after`")


def circles(after: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, ...]]:
    """The loops of a graph, one for each edge that closes one, found without recursion."""
    done: set[str] = set()
    for root in after:
        stack: list[tuple[str, Iterator[str]]] = [(root, iter(after[root]))] if root not in done else []
        trail = {root: None}
        while stack:
            node, following = stack[-1]
            step = next((name for name in following if name in after and name not in done), None)
            if step is None:
                done.add(node)
                stack.pop()
                trail.popitem()
            elif step in trail:
                names = list(trail)
                yield tuple(names[names.index(step) :])
            else:
                stack.append((step, iter(after[step])))
                trail[step] = None


def _orders(plan: Plan) -> Iterator[Finding]:
    """Periods that end before they begin."""
    periods: list[tuple[Path, str, date | None, date | None]] = [
        (("target",), "the target date is before the plan's start", plan.start.day if plan.start else None, plan.target.date.day)
    ]
    for index, freeze in enumerate(plan.freezes):
        periods.append((("freezes", index, "end"), "the freeze ends before it starts", freeze.start.day, freeze.end.day))
    for index, key_date in enumerate(plan.key_dates):
        if key_date.end:
            periods.append((("key_dates", index, "end"), "the period ends before it starts", key_date.date.day, key_date.end.day))
    for index, allocation in enumerate(plan.allocation):
        if allocation.start and allocation.end:
            periods.append(
                (
                    ("allocation", index, "end"),
                    "the allocation ends before it starts",
                    allocation.start.day,
                    allocation.end.day,
                )
            )
    for number, stage in enumerate(plan.stages):
        for index, task in enumerate(stage.tasks):
            path: Path = ("stages", number, "tasks", index)
            if task.start and task.due:
                periods.append(((*path, "due"), f"`{task.id}` is due before it starts", task.start.day, task.due.day))
            meeting = task.meeting
            if meeting and meeting.time and meeting.end and meeting.end <= meeting.time:
                yield Finding("PM222", (*path, "meeting", "end"), "the meeting ends before it starts", "check `time` and `end`")
    for where, message, first, last in periods:
        if first and last and last < first:
            yield Finding("PM222", where, f"{message} ({first} to {last})", "check both dates")


def _either_or(plan: Plan, known: Known) -> Iterator[Finding]:
    if not plan.people:
        yield Finding("PM202", ("people",), "a plan has at least one person", "write who answers for the first task")
    if not any(stage.tasks for stage in plan.stages):
        yield Finding(
            "PM202",
            ("stages",),
            "a plan has at least one stage with one task",
            "write the first thing that has to be done",
        )
    if plan.share_key and plan.continues:
        yield Finding(
            "PM222",
            ("share_key",),
            "`continues` takes the place of a share key",
            "remove `share_key`; the link of the first plan goes on",
        )
    for index, resource in enumerate(plan.resources):
        if resource.url and resource.file:
            yield Finding(
                "PM222",
                ("resources", index, "file"),
                "a resource has an address or a file, not both",
                "keep `url` or `file`",
            )
        if resource.block and (resource.url or resource.file or resource.kind not in (None, "widget")):
            yield Finding(
                "PM222",
                ("resources", index, "block"),
                "a block of the theme is a widget, and has neither an address nor a file",
                "write `kind: widget` with `block`, or leave `block` out",
            )
        if resource.kind == "widget" and not (resource.block or resource.url or resource.file or resource.id in known.resources):
            hint = "write `block:` with the name of a block of your theme: overtime for themes/<theme>/blocks/overtime.html"
            yield Finding("PM202", ("resources", index), "the widget needs a `block`", hint)
        if not resource.title and resource.id not in known.resources:
            yield Finding(
                "PM202",
                ("resources", index),
                "the resource needs a `title`",
                did_you_mean(resource.id, known.resources, "write how the buyer would call it, or the id of a library resource"),
            )
    files = {"privacy": "the privacy page"}
    for number, page in enumerate(plan.pages):
        name = slug(page.title) if number else "index"
        if name in files:
            message = f"the page would be {name}.html, which is that of {files[name]}"
            yield Finding("PM602", ("pages", number, "title"), message, "give it another title")
        files.setdefault(name, f"`{page.title}`")
        for index, section in enumerate(page.sections):
            named = [section.section, section.stages or None, section.resources, section.markdown]
            if sum(one is not None for one in named) != 1:
                yield Finding(
                    "PM222",
                    ("pages", number, "sections", index),
                    "a section is one thing",
                    "write a section's name, or one of stages, resources, markdown; `title` may stand beside it",
                )
