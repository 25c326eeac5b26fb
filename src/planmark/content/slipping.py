"""Trying a slip out: what would move if one task got another date. Nothing is written before it is applied."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from planmark.content.acting import Acting
from planmark.content.activity import append_events
from planmark.content.deal import Deal
from planmark.content.load import load_deal
from planmark.content.team import team_of
from planmark.content.tree import scan
from planmark.plan.events import Event
from planmark.plan.schedule.slipping import Slip, slipped
from planmark.plan.schedule.slots import Slot
from planmark.problems import Location, PlanmarkError, Problem


class Slipping:
    """One task of a deal that would be due on another day: `by` so many business days of its owner's later, or on the day `to`.

    Raises PlanmarkError for a task that is none, or that is done or dropped, and for a day that it has already.
    """

    def __init__(self, root: Path, name: str, task: str, by: int = 0, to: date | None = None, person: str | None = None) -> None:
        self.acting = Acting(root, name, person)
        self.task = task
        self.deal = self.acting.deal
        slot = self._slot()
        stage, mine = next((stage, one) for stage in self.deal.plan.stages for one in stage.tasks if one.id == task)
        self.was = slot.due
        self.now = to or self.deal.working.of(stage, mine).add(slot.due, by)
        if self.now == self.was:
            raise self._wrong(
                f"`{task}` is due on {self.was} already", "write how many business days later, such as 5d, or `--to` another day"
            )
        self.event = self.acting.event(**self.acting.due(task, self.now))
        self.after = self._with(self.event)
        self.slip: Slip = slipped(self.deal.schedule, self.after.plan, self.after.working, task)

    def apply(self, text: str = "") -> int:
        """Append the events that set the dates: of the task, and of all that it pushes. The number of them; all are one write."""
        days = {self.task: self.now} | {move.task: move.now for move in self.slip.moves if move.pushed}
        events = [self.acting.event(**self.acting.due(task, day, text)) for task, day in days.items()]
        append_events(self.acting.folder, events)
        return len(events)

    def _slot(self) -> Slot:
        task = self.acting.task(self.task)
        slot = self.deal.schedule.tasks.get(task.id)
        status = next(one.status for stage in self.deal.plan.stages for one in stage.tasks if one.id == task.id)
        if slot is None or status in ("done", "dropped"):
            said = "dropped" if status == "dropped" else "done already"
            raise self._wrong(f"`{task.id}` is {said}: it cannot slip", "`planmark show` lists what is open")
        return slot

    def _with(self, event: Event) -> Deal:
        root, name = self.acting.root, self.acting.folder.name
        loaded = load_deal(team_of(root), name, scan(self.acting.folder), [event])
        return loaded.sound()

    def _wrong(self, message: str, hint: str) -> PlanmarkError:
        return PlanmarkError(Problem("PM711", message, Location(self.acting.where.path), hint))
