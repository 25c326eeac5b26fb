"""The work, as a theme sees it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from planmark.plan.words import Act, Gate, Side, Status
from planmark.site.view.acts import By, Said
from planmark.site.view.html import Html
from planmark.site.view.people import Owner, Picture, Quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Embed:
    """What can be shown in place of a link, once a reader asks for it: the attributes of an `<iframe>`. Nothing is loaded before."""

    provider: str
    """Whose it is, as people know them."""
    kind: str
    """video, deck, document, form, meeting, tour or board."""
    src: str
    allow: str
    referrer: str
    sandbox: str
    hosts: tuple[str, ...]
    """The hosts that the page's policy lets frames come from for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """Something to read, watch, fill in or book. Without `href` it is on request from its owner."""

    id: str
    title: str
    kind: str
    href: str | None = None
    is_file: bool = False
    media_type: str | None = None
    size: int = 0
    """Bytes of a file; 0 of an image, which is made anew for the page."""
    host: str | None = None
    """Where an address leads."""
    embed: Embed | None = None
    """What can be shown on the page itself in place of the address."""
    block: str | None = None
    """A widget's template: `blocks/<name>.html` of the theme."""
    captions: str | None = None
    picture: Picture | None = None
    """What it looks like: itself where it is an image, else its poster."""
    pages: int | None = None
    """Of a PDF."""
    length: str | None = None
    lang: str | None = None
    """The language of it, its title and its texts, where it isn't the plan's."""
    alt: str | None = None
    owner: Owner | None = None
    about: Html | None = None
    text: Html | None = None
    """The whole of it, where it is a text of the deal's own: a case study in Markdown."""
    quote: Quote | None = None
    acts: tuple[Act, ...] = ()
    said: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLink:
    """Another task, to jump to."""

    id: str
    title: str
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A small step inside a task."""

    id: str
    title: str
    done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """When and where a task takes place."""

    time: dt.time | None = None
    end: dt.time | None = None
    place: str | None = None
    link: str | None = None
    with_: tuple[Owner, ...] = ()
    agenda: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One thing that one person answers for by one day. `due` is None where the date is still to be agreed."""

    id: str
    title: str
    stage: str
    owners: tuple[Owner, ...]
    sides: tuple[Side, ...]
    """Of its owners, the first owner's first; empty without owners."""
    status: Status
    late: bool
    start: dt.date | None = None
    due: dt.date | None = None
    takes: int | None = None
    """Business days of work, where written."""
    done_on: dt.date | None = None
    priority: str = "normal"
    risk: str | None = None
    milestone: bool = False
    critical: bool = False
    """Whether it is on the critical path: nothing that leads to its target has less time to spare."""
    standing: str = "on_track"
    """done, on_track, at_risk, off_track or stalled, on the day of the build."""
    worked_back: bool = False
    """Whether `due` is not written, but worked back from what follows, or from the target."""
    gate: Gate | None = None
    evidence: str | None = None
    why: str | None = None
    detail: Html | None = None
    after: tuple[TaskLink, ...] = ()
    steps: tuple[Step, ...] = ()
    resources: tuple[Resource, ...] = ()
    meeting: Meeting | None = None
    buyer_can: tuple[Act, ...] = ()
    acts: tuple[Act, ...] = ()
    """What the buyer's side can do with it."""
    said: tuple[Said, ...] = ()
    done_by: By | None = None
    """Who said that it is done, where somebody did so on the page or by a command."""
    date_agreed: tuple[By, ...] = ()
    """Who said that the date, as it is now, works for them."""
    rev: str = ""
    """The digest of its facts, which an approval is bound to; empty where nobody approves it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitCriterion:
    """How both sides know that a stage is over: a success criterion to jump to, or a text."""

    text: str
    criterion: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A part of the way. `state` is done, current or later; `total` leaves dropped tasks out."""

    id: str
    title: str
    kind: str | None
    state: str
    done: int
    total: int
    owners: tuple[Owner, ...] = ()
    goal: str | None = None
    exit_criteria: tuple[ExitCriterion, ...] = ()
    start: dt.date | None = None
    """The first date in it."""
    end: dt.date | None = None
    """The last date in it."""
    standing: str = "on_track"
    """done, on_track, at_risk, off_track or stalled, on the day of the build."""
    tasks: tuple[Task, ...] = ()
