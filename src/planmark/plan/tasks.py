"""The work: stages, their tasks, steps and meetings."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from planmark.plan.item import Internal, Item, Line, Many, Part
from planmark.plan.scalars import (
    BusinessDays,
    Clock,
    Date,
    OwnerRef,
    PersonRef,
    Prose,
    ResourceRef,
    TaskRef,
    Text,
    Url,
    YesNo,
)
from planmark.plan.words import Act, Gate, Level, StageKind, Status, TaskRisk


class StepFields(Part):
    """What is optional about a step."""

    done: YesNo = False
    """Whether it is."""


class StepInternal(StepFields, Internal):
    """What only the seller sees of a step."""


class Step(StepFields, Item):
    """A small step inside a task; a lone text stands for its title."""

    shorthand: ClassVar[str] = "title"

    title: Text
    """What is done."""
    internal: StepInternal | None = None
    """Never leaves the workspace."""


class MeetingFields(Part):
    """When and where a task takes place."""

    time: Clock | None = None
    """When it starts, in the plan's time zone."""
    end: Clock | None = None
    """When it ends."""
    place: Text | None = None
    """Where."""
    link: Url | None = None
    """Where to join, or to book."""
    with_: Many[PersonRef] = Field(default=(), alias="with")
    """Who takes part."""
    agenda: Many[Line] = ()
    """What is spoken about."""


class MeetingInternal(MeetingFields, Internal):
    """What only the seller sees of a meeting."""


class Meeting(MeetingFields):
    """When and where a task takes place; a lone address is where to book it."""

    shorthand: ClassVar[str] = "link"

    internal: MeetingInternal | None = None
    """Never leaves the workspace."""


class TaskFields(Part):
    """What is optional about a task."""

    owner: Many[OwnerRef] = ()
    """People or parties. The first answers for it; their sides are the task's."""
    start: Date | None = None
    """The first day of work."""
    due: Date | None = None
    """The last day; left out: agreed later."""
    takes: BusinessDays | None = None
    """Business days of work: 3d. Left out: 1d, and 0d for a milestone."""
    after: Many[TaskRef] = ()
    """What has to be done before, in any stage."""
    status: Status | None = None
    """todo, doing, done, blocked or dropped."""
    done_on: Date | None = None
    """The day it was done."""
    priority: Level = "normal"
    """high, normal or low."""
    risk: TaskRisk | None = None
    """on_track, at_risk or off_track; derived when left out."""
    milestone: YesNo = False
    """One of the 8-12 outcomes that matter. Without a status it is done when all of `after` are."""
    gate: Gate | None = None
    """The approval that this task is: security, legal, procurement, budget, executive, signature."""
    evidence: Text | None = None
    """How both sides know that it is done."""
    why: Text | None = None
    """Why it is needed, and why then."""
    detail: Prose | None = None
    """Markdown."""
    steps: Many[Step] = ()
    """The small steps inside."""
    resources: Many[ResourceRef] = ()
    """Resources that belong to it."""
    meeting: Meeting | None = None
    """When and where it takes place."""
    buyer_can: Many[Act] = ()
    """What the buyer can do beside checking off and commenting."""


class TaskInternal(TaskFields, Internal):
    """What only the seller sees of a task."""


class Task(TaskFields, Item):
    """One thing that one person answers for by one day."""

    title: Text
    """What is done, as the buyer would say it."""
    internal: TaskInternal | None = None
    """Never leaves the workspace."""


class StageFields(Part):
    """What is optional about a stage."""

    kind: StageKind | None = None
    """discovery, proof_of_value, business_case, procurement_legal, signature or onboarding."""
    owner: Many[OwnerRef] = ()
    """Who answers for the stage."""
    goal: Text | None = None
    """What is true at its end."""
    exit_criteria: Many[Line] = ()
    """How both sides know: ids of success criteria, or texts."""


class StageInternal(StageFields, Internal):
    """What only the seller sees of a stage."""


class Stage(StageFields, Item):
    """A part of the way, with its tasks."""

    title: Text
    """Its name."""
    tasks: Many[Task] = ()
    """What is done in it, in order."""
    internal: StageInternal | None = None
    """Never leaves the workspace."""
