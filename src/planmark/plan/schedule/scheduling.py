"""From a plan to its schedule. Pure: the same plan gives the same schedule on any day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import get_args

from planmark.plan.plan import Plan
from planmark.plan.progress import statuses
from planmark.plan.scalars import When
from planmark.plan.schedule.network import Node, backward, forward, in_order, join
from planmark.plan.schedule.slots import Anchor, Conflict, Schedule, Slot
from planmark.plan.schedule.working import Working
from planmark.plan.tasks import Stage, Task
from planmark.plan.words import Status


def schedule(plan: Plan, working: Working, status: Mapping[str, Status] | None = None) -> Schedule:
    """The schedule of a plan whose dates are resolved. `status` is what `statuses` gives.

    Tasks in a circle, which are an error, have no slot. Work in stages after the target leads to no target and holds none up. Raises
    OverflowError where what they take leads out of the calendar.
    """
    status = statuses(plan) if status is None else status
    nodes = network(plan, working, status)
    targets = _targets(plan)
    _bind(plan, nodes, targets)
    order = in_order(list(nodes.values()))
    backward(order)
    forward(order, _origin(plan, order))
    slacks = {node.name: _slacks(node) for node in order}
    critical = _critical(order, slacks)
    slots = {node.name: _slot(node, slacks[node.name], node.name in critical) for node in order}
    return Schedule(
        {name: slots[name] for name in nodes if name in slots},
        tuple(_conflicts(order)),
        {anchor: date.fromordinal(day) for anchor, day in targets.items()},
    )


def with_dates(plan: Plan, found: Schedule) -> Plan:
    """The plan with the worked-back date of each task that is written without one. Nothing is written with it: agreements don't change."""
    if not any(slot.worked_back for slot in found.tasks.values()):
        return plan
    stages = []
    for stage in plan.stages:
        tasks = tuple(_dated(task, found.tasks.get(task.id)) for task in stage.tasks)
        stages.append(stage.model_copy(update={"tasks": tasks}))
    return plan.model_copy(update={"stages": tuple(stages)})


def _dated(task: Task, slot: Slot | None) -> Task:
    if slot is None or not slot.worked_back:
        return task
    return task.model_copy(update={"due": When("", day=slot.due)})


def network(plan: Plan, working: Working, status: Mapping[str, Status]) -> dict[str, Node]:
    """A node for each task that is not dropped; what is dropped holds nobody up."""
    nodes: dict[str, Node] = {}
    for stage, task in _tasks(plan):
        if status[task.id] == "dropped" or task.id in nodes:
            continue
        calendar = working.of(stage, task)
        due = task.due.day.toordinal() if task.due and task.due.day else 0
        begins = task.start.day.toordinal() if task.start and task.start.day else 0
        takes = task.takes if task.takes is not None else 0 if task.milestone else 1
        if task.takes is None and begins and begins <= due:
            takes = max(1, calendar.apart(begins - 1, due))
        done = 0
        if status[task.id] == "done":
            done = task.done_on.day.toordinal() if task.done_on and task.done_on.day else due
        nodes[task.id] = Node(task.id, takes, calendar, task.takes is not None, done, due, begins)
        if status[task.id] == "done" and not done:
            del nodes[task.id]  # done on nobody knows which day: it holds nobody up
    for _, task in _tasks(plan):
        if task.id in nodes:
            for name in dict.fromkeys(task.after):
                if name in nodes:
                    join(nodes[name], nodes[task.id])
    return nodes


def _tasks(plan: Plan) -> Iterator[tuple[Stage, Task]]:
    for stage in plan.stages:
        for task in stage.tasks:
            yield stage, task


def _targets(plan: Plan) -> dict[Anchor, int]:
    found: dict[Anchor, int] = {}
    if plan.contract_signature and plan.contract_signature.day:
        found["contract_signature"] = plan.contract_signature.day.toordinal()
    if plan.target.date.day:
        found["target"] = plan.target.date.day.toordinal()
    return found


def _bind(plan: Plan, nodes: Mapping[str, Node], targets: Mapping[Anchor, int]) -> None:
    """Say of each task which date it leads to, where nothing behind it does.

    Up to the stage of the signature that is the signature's, if there is one, else the target. Work after the target leads to none: what a
    stage of onboarding dates after it, and what a stage does that begins after something was to be done on the target's very day.
    """
    target, signature = targets.get("target", 0), targets.get("contract_signature", 0)
    signing = max((n for n, one in enumerate(plan.stages) if one.kind == "signature" or _signs(one)), default=-1) if signature else -1
    reached = False
    for number, stage in enumerate(plan.stages):
        mine = [(task, nodes[task.id]) for task in stage.tasks if task.id in nodes]
        days = [node.fixed for _, node in mine if node.fixed]
        is_later = bool(days) and (max(days) > target if stage.kind == "onboarding" else reached and min(days) > target)
        reached = reached or any(node.fixed == target or not (node.fixed or node.behind) for _, node in mine)
        for task, node in mine:
            if signature and task.gate == "signature":
                node.binds["contract_signature"] = signature
            if number <= signing and node.fixed <= signature:
                node.ends = "contract_signature", signature
            elif target and not (is_later and not 0 < node.fixed <= target):
                node.ends = "target", target
            node.otherwise = max([*days, target])


def _signs(stage: Stage) -> bool:
    return any(task.gate == "signature" for task in stage.tasks)


def _origin(plan: Plan, order: Sequence[Node]) -> int:
    """The day before which nothing begins: the plan's start, else the first day that anything is dated to, else the latest that fits."""
    if plan.start and plan.start.day:
        return plan.start.day.toordinal()
    written = [node.begins or node.start(node.fixed) for node in order if node.fixed]
    return min(written or [node.start(node.due) for node in order if node.due], default=date.max.toordinal())


def _slacks(node: Node) -> dict[Anchor, int]:
    """The business days that a task can be done later than it is planned without moving each date it leads to."""
    return {} if node.done else {anchor: node.calendar.apart(node.earliest, day) for anchor, day in node.latest.items()}


def _critical(order: Sequence[Node], slacks: Mapping[str, Mapping[Anchor, int]]) -> set[str]:
    """The longest way to each target: back from what holds it with the least slack, each time to what it waits for with the least slack.

    Where nothing is dated that is what has the least slack of all. Where dates are written and leave room, it is the chain that drives the
    target all the same (the "longest path" of project software), and its slack says how much room there is.
    """
    found: set[str] = set()
    for anchor in get_args(Anchor):
        ends = [node for node in order if anchor in node.binds and anchor in slacks[node.name]]
        way = {node.name: node for node in _tightest(ends, anchor, slacks)}
        left = list(way.values())
        while left:
            waits = [edge.first for edge in left.pop().before if anchor in slacks[edge.first.name]]
            new = [node for node in _tightest(waits, anchor, slacks) if node.name not in way]
            way.update((node.name, node) for node in new)
            left += new
        found |= way.keys()
    return found


def _tightest(nodes: Sequence[Node], anchor: Anchor, slacks: Mapping[str, Mapping[Anchor, int]]) -> list[Node]:
    least = min((slacks[node.name][anchor] for node in nodes), default=0)
    return [node for node in nodes if slacks[node.name][anchor] == least]


def _slot(node: Node, slacks: Mapping[Anchor, int], critical: bool) -> Slot:
    toward = next(iter(sorted(slacks, key=slacks.__getitem__)), None)
    latest = min(node.latest.values()) if toward else node.due
    start = node.begins if 0 < node.begins <= node.due else node.start(node.due)
    return Slot(
        start=date.fromordinal(start),
        due=date.fromordinal(node.due),
        worked_back=not node.fixed and not node.done,
        earliest_start=date.fromordinal(node.start(node.earliest)),
        earliest=date.fromordinal(node.earliest),
        latest_start=date.fromordinal(node.start(latest)),
        latest=date.fromordinal(latest),
        slack=slacks[toward] if toward else 0,
        critical=critical,
        toward=toward,
        leads_to=tuple(slacks),
    )


def _conflicts(nodes: Sequence[Node]) -> Iterator[Conflict]:
    for node in nodes:
        if node.done or not node.due:
            continue
        due = date.fromordinal(node.due)
        for edge in node.before:
            first = edge.first
            if first.done or not first.due:
                continue
            at = date.fromordinal(first.due)
            if first.due > node.due:
                yield Conflict("order", node.name, due, first.name, at)
            elif node.exact and edge.ahead(first.due) > node.due:
                yield Conflict("room", node.name, due, first.name, at, node.takes)
        for anchor, day in node.binds.items():
            if node.fixed > day:
                yield Conflict("target", node.name, due, anchor, date.fromordinal(day))
        if node.fixed and node.takes and node.last(node.fixed) != node.fixed:
            yield Conflict("closed", node.name, due, at=date.fromordinal(node.last(node.fixed)))
