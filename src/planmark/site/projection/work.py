"""The work: stages, tasks, meetings."""

from __future__ import annotations

from collections.abc import Mapping

from planmark.plan import progress, tasks
from planmark.plan.health import Health, StandingOf
from planmark.plan.schedule import Schedule
from planmark.plan.words import Status
from planmark.site import view
from planmark.site.projection.said import Spoken
from planmark.site.projection.values import day, html, texts
from planmark.site.projection.who import Who

TOLD = ("late", "too_late", "target", "blocked", "waits", "said")
"""The reasons that help the buyer."""


class Work:
    """The stages of a plan and their tasks, with the states that they have on the day."""

    def __init__(self, who: Who, status: dict[str, Status], spoken: Spoken, times: Schedule, health: Health) -> None:
        self.who, self.status, self.spoken, self.times, self.judged = who, status, spoken, times, health
        self.rests = progress.rests(who.plan, who.clock)

    def health(self) -> view.Health | None:
        """How the plan stands, and why as far as the buyer sees the tasks that are the reason."""
        whole = self.judged.whole
        if whole is None:
            return None
        told = [one for one in whole.reasons if one.kind in TOLD and (one.kind != "waits" or one.other in self.who.titles)]
        return view.Health(
            standing=whole.standing,
            reasons=tuple(
                view.HealthReason(
                    kind=one.kind,
                    count=one.count,
                    task=self._link(one.task),
                    other=self._link(one.other) if one.kind == "waits" else None,
                    critical=one.critical,
                )
                for one in told
            ),
        )

    def _link(self, name: str) -> view.TaskLink:
        return view.TaskLink(id=name, title=self.who.titles[name], status=self.status[name])

    def _standing(self, judged: Mapping[str, StandingOf], name: str) -> str:
        return judged[name].standing if name in judged and not self.rests else "on_track"

    def stages(self) -> tuple[view.Stage, ...]:
        current = progress.current_stage(self.who.plan, self.status)
        found, reached = [], False
        criteria = {one.id: one.criterion for one in self.who.plan.success_criteria}
        for stage in self.who.plan.stages:
            done, total = progress.counted(stage, self.status)
            reached = reached or stage.id == current
            state = "current" if stage.id == current else "done" if total and done == total else "later" if reached else "done"
            works = tuple(self._task(task, stage) for task in stage.tasks)
            days = [day for task in works if task.status != "dropped" for day in (task.start, task.due) if day]
            found.append(
                view.Stage(
                    id=stage.id,
                    title=stage.title,
                    kind=stage.kind,
                    state=state,
                    done=done,
                    total=total,
                    owners=self.who.owners(stage.owner),
                    goal=stage.goal,
                    exit_criteria=tuple(
                        view.ExitCriterion(
                            text=criteria.get(line.text, line.text),
                            criterion=line.text if line.text in criteria else None,
                        )
                        for line in stage.exit_criteria
                        if line.text not in self.who.hidden
                    ),
                    start=min(days, default=None),
                    end=max(days, default=None),
                    standing=self._standing(self.judged.stages, stage.id),
                    tasks=works,
                )
            )
        return tuple(found)

    def _task(self, task: tasks.Task, stage: tasks.Stage) -> view.Task:
        status: Status = self.status[task.id]
        owners = self.who.owners(task.owner)
        slot = self.times.tasks.get(task.id)
        return view.Task(
            id=task.id,
            title=task.title,
            stage=stage.id,
            owners=owners,
            sides=tuple(dict.fromkeys(owner.side for owner in owners)),
            status=status,
            late=not self.rests and progress.is_late(task, status, self.who.clock),
            start=day(task.start),
            due=day(task.due),
            takes=task.takes,
            done_on=day(task.done_on),
            priority=task.priority,
            risk=task.risk,
            milestone=task.milestone,
            critical=slot is not None and slot.critical,
            standing=self._standing(self.judged.tasks, task.id),
            worked_back=slot is not None and slot.worked_back,
            gate=task.gate,
            evidence=task.evidence,
            why=task.why,
            detail=html(task.detail),
            after=tuple(self._link(name) for name in task.after if name in self.who.titles),
            steps=tuple(view.Step(id=step.id, title=step.title, done=step.done) for step in task.steps),
            resources=tuple(self.who.by_resource[name] for name in task.resources if name in self.who.by_resource),
            meeting=self._meeting(task.meeting),
            buyer_can=task.buyer_can,
            acts=self.spoken.can(f"task/{task.id}"),
            said=self.spoken.said(f"task/{task.id}", self.spoken.task_rev(task)),
            done_by=self.spoken.done_by(task) if status == "done" else None,
            date_agreed=self.spoken.date_agreed(task),
            rev=self.spoken.task_rev(task),
        )

    def _meeting(self, source: tasks.Meeting | None) -> view.Meeting | None:
        if source is None:
            return None
        return view.Meeting(
            time=source.time,
            end=source.end,
            place=source.place,
            link=source.link,
            with_=self.who.owners(source.with_),
            agenda=texts(source.agenda),
        )
