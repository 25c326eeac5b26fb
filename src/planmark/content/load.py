"""From a deal's folder to a `Deal`: the only place where plain values become a plan, with every problem on the way."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path as FilePath
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from planmark.content.access.record import read_access
from planmark.content.addresses import succession_of
from planmark.content.deal import Deal
from planmark.content.files import Files
from planmark.content.kinds import uses_for
from planmark.content.layout import CONTENT, LIBRARY, PLAN_FILE
from planmark.content.models import problem_at, read_model, without_echoes
from planmark.content.places import Document
from planmark.content.team import Team, read_document
from planmark.content.texts import Texts, is_internal
from planmark.content.tree import Tree
from planmark.plan.acts import Acts
from planmark.plan.checks import Known, contradictions
from planmark.plan.dates import resolved
from planmark.plan.ids import with_ids
from planmark.plan.people import Brand, Organisation
from planmark.plan.plan import Plan
from planmark.plan.resources import Resource
from planmark.plan.schedule import Schedule, Working, schedule, with_dates, working
from planmark.plan.succession import Entry, Succession
from planmark.plan.walk import Mark, marked
from planmark.problems import Finding, Location, PlanmarkError, Problem

if TYPE_CHECKING:
    from planmark.plan.changes import Version
    from planmark.plan.events import Event


@dataclass
class Loaded:
    """What reading a deal gave. `deal` is None where it has errors."""

    deal: Deal | None = None
    problems: list[Problem] = field(default_factory=list)
    asked_library: bool = False
    """Whether anything of the library was looked for."""
    prose: dict[str, str] = field(default_factory=dict)
    """Its Markdown files that the buyer reads, as written, by the name that the plan uses."""
    places: Callable[[Finding], Problem] | None = None
    """The place in the files of what is found out about the deal; None where there is none."""
    expires: date | None = None
    """The last day on which it is out, as far as it can be told; also of a deal that has errors."""

    def sound(self) -> Deal:
        """The deal. Raises PlanmarkError with its errors where it has some."""
        if self.deal is None:
            raise PlanmarkError(problem for problem in self.problems if problem.severity == "error")
        return self.deal


def load_deal(team: Team, name: str, tree: Tree, previewed: Sequence[Event] = (), look_only: bool = False) -> Loaded:
    """The deal in `content/<name>/`, whose scanned folder is `tree`, with every problem of its files.

    `previewed` are events that were made in a preview; they count as if they were proven, and are marked. With `look_only`, Markdown that
    can hold no problem stays without its HTML: such a deal is for judging, not for showing.
    """
    loaded = Loaded()
    folder = team.root / CONTENT / name
    shown = f"{CONTENT}/{name}/{PLAN_FILE}"
    if "." in tree:
        loaded.problems.append(Problem("PM408", "the deal's folder cannot be read", Location(f"{CONTENT}/{name}"), "check its permissions"))
        return loaded
    if PLAN_FILE not in tree:
        near = [path for path in tree if path.lower() in (PLAN_FILE, "plan.yml")]
        hint = f"rename {near[0]} to plan.yaml" if near else f"write one; or remove the folder, and start with `planmark new {name}`"
        loaded.problems.append(Problem("PM605", "the deal has no plan.yaml", Location(f"{CONTENT}/{name}"), hint))
        return loaded
    document = read_document(folder / PLAN_FILE, shown, loaded.problems)
    if document is None:
        return loaded
    if not document.value and not loaded.problems:
        hint = "write account, title, target, people and stages; `planmark new` starts a plan for you"
        loaded.problems.append(Problem("PM111", "the plan is empty", Location(shown, 1, 1), hint))
        return loaded
    findings: list[Finding] = []
    plan, whole = read_model(Plan, document, findings)
    if plan is not None:
        later: list[Finding] = []
        reading = _Reading(team, name, folder, tree, later, shown, previewed, look_only)
        deal = reading.deal(plan)
        loaded.expires = deal.plan.expires.day if deal.plan.expires else None
        said = [one.severity for one in later] + [one.severity for one in (*reading.problems, *loaded.problems)]
        told = without_echoes(later, findings, document)
        if not team.library_whole:
            told = [one for one in told if one.code != "PM303" and (one.code, one.path[:1]) != ("PM202", ("resources",))]
        loaded.problems.extend(reading.problems)
        loaded.problems.extend(reading.problem(document, finding) for finding in told)
        loaded.asked_library = reading.files.asked_library or reading.private.asked_library
        if whole and "error" not in said:
            loaded.deal, loaded.prose, loaded.places = deal, reading.texts.shared, partial(reading.problem, document)
    loaded.problems.extend(problem_at(document, finding) for finding in findings)
    return loaded


class _Reading:
    """One deal on its way from a validated plan to a `Deal`."""

    def __init__(
        self,
        team: Team,
        name: str,
        folder: FilePath,
        tree: Tree,
        findings: list[Finding],
        shown: str,
        previewed: Sequence[Event],
        look_only: bool,
    ) -> None:
        self.team, self.name, self.tree, self.findings, self.shown, self.previewed = team, name, tree, findings, shown, previewed
        self.files = Files(folder, tree, team.root / CONTENT / LIBRARY, team.library_tree)
        self.private = Files(folder, tree, team.root / CONTENT / LIBRARY, team.library_tree)
        """For what only the seller may see: none of these goes out."""
        self.texts = Texts(team.root, name, tree, self.files, self.private, findings, look_only)
        self.problems = self.texts.problems
        self.folder = folder
        self.borrowed: dict[int, tuple[str, Collection[str]]] = {}
        """Resources that the library has: by index their id, and the fields that the plan gives itself."""

    def deal(self, plan: Plan) -> Deal:
        workspace = self.team.workspace
        plain = with_ids(plan, self.findings)
        plan, acts = self._with_activity(plain)
        marks = tuple(marked(plan))
        works = working(plan, workspace)
        plan = resolved(plan, marks, works.at, self.findings)
        known = Known(frozenset(person.id for person in workspace.people), frozenset(self.team.library))
        self.findings.extend(contradictions(plan, marks, known))
        works = replace(works, plan=plan)
        times = self._schedule(plan, works)
        plan = with_dates(plan, times)
        plan = self._with_library(self._with_team(plan, marks), marks)
        plan = self.texts.filled(plan)
        self._team_files()
        for one, other in self.files.collisions():
            self.problems.append(
                Problem(
                    "PM404",
                    f"`{one}` and `{other}` differ only in capitals",
                    Location(f"{CONTENT}/{self.name}/{other}"),
                    "rename one of them: some systems cannot keep both",
                )
            )
        line = succession_of(self.team.root, Entry(self.name, plan.id or self.name, plan.share_key or "", plan.continues or ""))
        self.findings.extend([line.wrong] if line.wrong else ())
        versions = self._versions()
        notes, texts = self.texts.notes(), self.texts.resources(plan)  # they name files as well, so they come before the assets
        return Deal(
            name=self.name,
            plan=plan.model_copy(update={"id": plan.id or self.name}),
            written=plain,
            workspace=workspace,
            seller=workspace.seller or Organisation.model_construct(name=""),
            notes=notes,
            assets=dict(self.files.used),
            makings=dict(self.files.makings),
            locale=plan.locale or workspace.locale,
            timezone=plan.timezone or workspace.timezone,
            theme=plan.theme or workspace.theme,
            brand=_over(workspace.brand, plan.brand),
            contact=plan.contact or workspace.contact,
            review=plan.review or workspace.review,
            history=self._history(versions, acts, ZoneInfo(plan.timezone or workspace.timezone)),
            versions=versions,
            texts=texts,
            acts=acts,
            address=replace(line.address, hidden=plan.access != "link"),
            access=read_access(self.folder, f"{CONTENT}/{self.name}", self.problems) if plan.access != "link" else None,
            former=self._former(line),
            working=works,
            schedule=times,
        )

    def _former(self, line: Succession) -> tuple[Event, ...]:
        """What was done in the plans that this one continues."""
        if not line.before:
            return ()
        from planmark.content.activity import events_in

        return tuple(event for one in line.before for event in events_in(self.team.root / CONTENT / one.folder))

    def _schedule(self, plan: Plan, works: Working) -> Schedule:
        """The schedule; an empty one where a mistake leaves no date to count from, or no time to count in."""
        if any(one.severity == "error" for one in self.findings):
            return Schedule({})
        try:
            return schedule(plan, works)
        except OverflowError:
            text = "what the tasks take does not fit before the target: worked back, the plan begins before the calendar does"
            self.findings.append(Finding("PM222", ("target",), text, "check what each task `takes`, and `freezes`"))
            return Schedule({})

    def _with_activity(self, plan: Plan) -> tuple[Plan, Acts]:
        """The plan with what people did folded over it. A date that was set has its day already; those that count from it follow."""
        if not self.previewed and not any(path.startswith("activity") for path in self.tree):
            return plan, Acts()
        from planmark.content.activity import activity_files, activity_problems, day_in, others_problems, read_activity
        from planmark.plan.activity import folded

        names = activity_files(self.tree)
        recorded = read_activity(self.folder, names, f"{CONTENT}/{self.name}", self.problems)
        mine = plan.id or self.name
        events = [event for event in (*recorded.events, *self.previewed) if event.plan == mine]
        zone = ZoneInfo(plan.timezone or self.team.workspace.timezone)
        folded_plan, acts = folded(plan, events, lambda received: day_in(received, zone), [event.id for event in self.previewed])
        self.problems.extend(others_problems(mine, recorded))
        self.problems.extend(activity_problems(plan, recorded, acts))
        return folded_plan, acts

    def _versions(self) -> tuple[Version, ...]:
        """The plan's versions, oldest first."""
        if not any(path.startswith("versions/") for path in self.tree):
            return ()
        from planmark.content.versions import read_versions

        return read_versions(self.folder, self.tree, f"{CONTENT}/{self.name}", self.problems)

    def _history(self, versions: tuple[Version, ...], acts: Acts, zone: ZoneInfo) -> tuple[date, ...]:
        """The dates that a version may take: those of `versions` and of the newest act that counts."""
        newest = [event.received for event in acts.counting if event.id not in acts.previewed][-1:]
        days = (datetime.fromisoformat(received).astimezone(zone).date() for received in newest)
        return (*(one.day for one in versions), *days)

    def _with_team(self, plan: Plan, marks: Iterable[Mark]) -> Plan:
        """People of planmark.yaml that the plan names, with this deal's role; those it only refers to follow at the end."""
        team = {person.id: person for person in self.team.workspace.people}
        people = []
        for person in plan.people:
            theirs = team.pop(person.id, None)
            if theirs is not None:
                person = theirs.model_copy(update={"party": "seller", **{name: getattr(person, name) for name in person.model_fields_set}})
            people.append(person if person.party else person.model_copy(update={"party": "buyer"}))
        asked = ((path, value) for path, marker, value in marks if marker in ("person", "owner") and value in team)
        named = {value for path, value in asked if not is_internal(plan, path)}
        named |= {self.team.workspace.contact} if not plan.contact else set()
        review = plan.review or self.team.workspace.review
        named |= {*review.with_, review.contact} if review else set()
        people.extend(person.model_copy(update={"party": person.party or "seller"}) for person in team.values() if person.id in named)
        return plan.model_copy(update={"people": tuple(people)})

    def _with_library(self, plan: Plan, marks: Iterable[Mark]) -> Plan:
        """Resources of the library that the plan names; those that only its tasks or pages name follow at the end."""
        library = dict(self.team.library)
        resources: list[Resource] = []
        own = {resource.id for resource in plan.resources}
        if plan.resources or any(marker == "resource" for _, marker, _ in marks):
            self.files.asked_library = True  # whatever it says of these ids, now or later, holds here
        for resource in plan.resources:
            theirs = library.get(resource.id)
            if theirs is not None:
                self.borrowed[len(resources)] = theirs.id, frozenset(resource.model_fields_set)
                resource = theirs.model_copy(update={name: getattr(resource, name) for name in resource.model_fields_set})
            resources.append(resource)
        asked = [value for path, marker, value in marks if marker == "resource" and value not in own and not is_internal(plan, path)]
        for name in dict.fromkeys(asked):
            if name in library:
                self.borrowed[len(resources)] = name, frozenset()
                resources.append(library[name])
        return plan.model_copy(update={"resources": tuple(resources)})

    def problem(self, document: Document, finding: Finding) -> Problem:
        """The finding at its place in plan.yaml, or in the library where it is about something borrowed from there."""
        match finding.path:
            case ("resources", int(index), str(name), *rest) if name not in self.borrowed.get(index, ("", (name,)))[1]:
                library, number = self.team.library_places[self.borrowed[index][0]]
                return problem_at(library, replace(finding, path=("resources", number, name, *rest)))
        return problem_at(document, finding)

    def _team_files(self) -> None:
        """The workspace's own files that this deal shows: its logos and font."""
        for part in (self.team.workspace.seller, self.team.workspace.brand):
            for path, marker, value in marked(part) if part else ():
                if marker == "file" and "internal" not in path:
                    self.files.asset(value, uses=uses_for(path))


def _over(below: Brand | None, above: Brand | None) -> Brand:
    """The plan's brand over the workspace's."""
    if below is None or above is None:
        return above or below or Brand.model_construct()
    return below.model_copy(update={name: getattr(above, name) for name in above.model_fields_set})
