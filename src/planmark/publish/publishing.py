"""`planmark publish`: from the plans to links that work. Readers get the old version whole, or the new one."""

from __future__ import annotations

import secrets as chance
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from time import monotonic

from planmark.build.build import STATE, build
from planmark.build.making import Progress
from planmark.build.report import Report
from planmark.build.stale import standing
from planmark.build.state import Record, load_state
from planmark.content.access.keys import took_its_place
from planmark.content.access.record import ACCESS_FILE
from planmark.content.addresses import continued_deals, require_own_link
from planmark.content.ending import language, last_day
from planmark.content.layout import CONTENT, PLAN_FILE, chosen, deal_names
from planmark.extensions.targets import Published
from planmark.problems import Location, PlanmarkError, Problem
from planmark.publish.answers import answers
from planmark.publish.outgoing import Built, Outgoing, each, outgoing, searched
from planmark.publish.release import KEEP, fingerprint, new_version, release_of, release_of_bytes
from planmark.publish.sending import Outcome, Say, sent
from planmark.publish.there import There
from planmark.site.gone import gone_page


@dataclass(frozen=True)
class Wish:
    """What is to be published, and how."""

    deals: tuple[str, ...] = ()
    """All of them when empty."""
    dry_run: bool = False
    """Build, look, and say what would change."""
    draft: bool = False
    """Under a link of its own, beside the one that is out; it becomes no version of the plan."""
    today: date | None = None


def publish(there: There, wish: Wish, now: datetime, progress: Progress, say: Say = lambda deal, step: None) -> list[Outcome]:
    """Publish deals. What stops one of them is in its outcome; PlanmarkError is raised for what stops all."""
    return _Publishing(there, wish, now, say).run(progress)


class _Publishing:
    def __init__(self, there: There, wish: Wish, now: datetime, say: Say) -> None:
        self.there, self.wish, self.now, self.say = there, wish, now, say
        self.today = there.today(wish.today)
        self.options = replace(there.options, today=self.today)
        self.out = there.out()
        self.heirs = continued_deals(there.root)

    def run(self, progress: Progress) -> list[Outcome]:
        root = self.there.root
        for name in self.wish.deals:
            require_own_link(root, name, "planmark publish")
        names = [name for name in chosen(deal_names(root, []), self.wish.deals) if name not in self.heirs]
        outcomes = {name: Outcome(name) for name in names}
        wanted: list[str] = []
        stood = standing(root, self.options, tuple(names))
        for name in names:
            record = stood.records.get(name)
            with _noted(outcomes[name]):
                sound = record if record and name not in stood.stale and not record.failed else None
                if self._has_ended(name, sound, outcomes[name]):
                    self._end(outcomes[name])
                    continue
                if sound and self._is_out(name, sound, outcomes[name]):
                    self._retire(name, sound, outcomes[name])  # one that was killed may not have come to it
                    continue
                wanted.append(name)
        adds_version = not (self.wish.dry_run or self.wish.draft)
        going = []
        for name, one in zip(wanted, each(partial(outgoing, self.there.team, self.today, adds_version), wanted), strict=True):
            if isinstance(one, PlanmarkError):
                outcomes[name].problems += one.problems
            else:
                going.append(one)
        try:
            self._go(going, outcomes, progress)
        finally:
            for one in going:
                if one.version and outcomes[one.name].result == "refused":
                    one.version.unlink(missing_ok=True)  # nobody has seen it
        for refused in (one for one in outcomes.values() if one.result == "refused"):  # perhaps before it was asked what is out of them
            refused.before = refused.before or next(iter(self.there.of_deal(refused.deal, self.out)), None)
        return list(outcomes.values())

    def _go(self, going: Sequence[Outgoing], outcomes: Mapping[str, Outcome], progress: Progress) -> None:
        """Build what goes out, search it, and send it."""
        if not going:
            return
        report = build(self.there.root, replace(self.options, deals=tuple(one.name for one in going)), progress)
        for problem in report.problems:
            if problem.severity == "warning":
                of = next((one for one in going if problem.location.path.startswith(f"{CONTENT}/{one.name}/")), going[0])
                outcomes[of.name].problems.append(problem)
        records = load_state(self.there.root / self.options.output / STATE / "state.json").deals
        sites = {}
        for one in going:
            outcome, record = outcomes[one.name], records.get(one.name)
            if record is None or one.name in report.failed:
                outcome.problems += _errors_of(one.name, report)
            elif self._is_out(one.name, record, outcome):
                with _noted(outcome):
                    self._retire(one.name, record, outcome)
            else:
                folder = self.there.root / self.options.output / "sites" / record.site
                shown = folder.relative_to(self.there.root).as_posix()
                sites[one.name] = Built(folder, shown, tuple(record.outputs), one.secrets, one.key)
        ready: list[str] = []
        for (name, site), found in zip(sites.items(), each(searched, list(sites.values())), strict=True):
            with _noted(outcomes[name]):
                if isinstance(found, PlanmarkError):
                    raise found
                if found:
                    raise PlanmarkError(found)
                self._prepare(name, site.folder, records[name], outcomes[name])
                ready.append(name)
            if ready and not self.there.together:
                self._put_out(ready, outcomes, records)
                ready = []
        if ready:
            self._put_out(ready, outcomes, records)

    def _has_ended(self, name: str, sound: Record | None, outcome: Outcome) -> bool:
        """Whether the plan's last day is past: as it was built, where nothing has changed since, else as it can be read."""
        said = sound.summary.get("expires", "") if sound else ""
        day = date.fromisoformat(said) if said else None if sound else last_day(self.there.team, name)
        outcome.last_day = day if day and day < self.today else None
        return outcome.last_day is not None

    def _end(self, outcome: Outcome) -> None:
        """Take down all that is out of a plan that has ended, drafts too. Who asks for it by name, and finds nothing there, is told why."""
        name = outcome.deal
        found = self.there.of_line(name, self.out, self.heirs)
        if not found and self.wish.deals:
            text = f"the plan has expired: its last day was {outcome.last_day}"
            raise PlanmarkError(
                Problem("PM802", text, Location(f"{CONTENT}/{name}/{PLAN_FILE}"), "write a later day, or leave it as it is")
            )
        outcome.result = "ended"
        for one in found:
            if not self.wish.dry_run:
                outcome.problems += take_down(self.there, one, language(self.there.team, name), self.now)
            outcome.retired.append(self.there.address(one.site))

    def _site(self, name: str, record: Record) -> str:
        """The folder that a deal goes to: of a draft the one of its last draft, else one that nobody can guess from the link."""
        if not self.wish.draft:
            return record.site
        sealed = _sealed(record)
        earlier = [one.site for one in self.there.of_deal(name, self.out) if one.draft and bool(one.sealed) == bool(sealed)]
        named = "" if sealed else record.site.removesuffix(record.summary["share_key"])
        return earlier[0] if earlier else f"{named}draft-{chance.token_hex(16)}"

    def _is_out(self, name: str, record: Record, outcome: Outcome) -> bool:
        """Whether the deal is out as it was built."""
        site = self._site(name, record)
        before = self.out.get(site)
        if before is None or before.gone or before.built != fingerprint(record) or self._is_left(before):
            return False
        outcome.before, outcome.result, outcome.address = before, "unchanged", self.there.address(site)
        return True

    def _is_left(self, before: Published) -> bool:
        """Whether anything is left of a protected plan as it was before somebody was kept out, though it is no longer out."""
        versions = self.there.target.versions(self.there.place, before.site) if before.sealed else ()
        return any(one.sealed != before.sealed for one in versions)

    def _prepare(self, name: str, folder: Path, record: Record, outcome: Outcome) -> None:
        """Make the release of a deal that has been built and searched."""
        there, site = self.there, self._site(name, record)
        there.require_name(site, name)
        outcome.before = before = self.out.get(site)
        version = before.version if before else ""
        day, built, sealed = self.today.isoformat(), fingerprint(record), _sealed(record)
        self._require_newest(name, site, sealed)
        new = new_version(site, name, there.owner, self.now, version, day, built, self.wish.draft, sealed)
        keep = 0 if before and (before.sealed != sealed or self._is_left(before)) else KEEP
        outcome.release = release_of(folder, new, record.outputs, version, keep)
        outcome.address = there.address(site)

    def _require_newest(self, name: str, site: str, sealed: str) -> None:
        """Raise PlanmarkError where somebody was kept out meanwhile whom the list of this machine would let in again."""
        out = [self.out[site]] if site in self.out else []
        later = next((one.sealed for one in (*out, *self.there.of_deal(name, self.out)) if took_its_place(one.sealed, sealed)), "")
        if sealed and later:
            epoch = later.partition("-")[0]
            text = (
                f"the plan is out under a later list of people, of epoch {epoch}: with this one somebody would be let in who was kept out"
            )
            lost = f"where the later one is lost, until this one's epoch is higher: planmark access {name} renew"
            hint = f"bring it up to date (git pull); {lost}"
            raise PlanmarkError(Problem("PM808", text, Location(f"{CONTENT}/{name}/{ACCESS_FILE}"), hint))

    def _put_out(self, names: Sequence[str], outcomes: Mapping[str, Outcome], records: Mapping[str, Record]) -> None:
        """Send the releases of deals, look at what answers then, and take down what is out of them beside."""
        out = [outcomes[name] for name in names] if self.wish.dry_run else sent(self.there, [outcomes[name] for name in names], self.say)
        until = monotonic() + self.there.patience
        for outcome in out:
            if self.wish.dry_run:
                outcome.result = "would change"
            else:
                assert outcome.release
                new = outcome.release.published
                patience = max(0.0, until - monotonic())
                outcome.problems += answers(self.there.address(new.site), new, outcome.sent, self.there.state(new), patience)
            with _noted(outcome):
                self._retire(outcome.deal, records[outcome.deal], outcome)

    def _retire(self, name: str, record: Record, outcome: Outcome) -> None:
        """After the share key changed, the old address says that the plan is no longer there; so do drafts that others could open."""
        if self.wish.draft:
            return
        sealed = _sealed(record)
        for one in self.there.of_line(name, self.out, self.heirs):
            outdated = bool(sealed) and one.sealed != sealed if one.draft else one.site != record.site
            if outdated:
                outcome.retired.append(self.there.address(one.site))
            if outdated and not self.wish.dry_run:
                outcome.problems += take_down(self.there, one, language(self.there.team, name), self.now)


def _sealed(record: Record) -> str:
    """What tells the key that a built site is encrypted with from others; empty where it lies open."""
    return record.summary.get("sealed", "")


def take_down(there: There, published: Published, locale: str, now: datetime) -> list[Problem]:
    """Put a page there that says the plan is gone, and remove all versions. What is wrong at its address, in what is returned."""
    new = new_version(published.site, published.deal, there.owner, now, published.version, draft=published.draft, sealed=published.sealed)
    release = release_of_bytes(gone_page(locale), new, published.version)
    said = there.said(there.publish(release))
    paths = [file.path for file in release.published.files]
    return said + answers(there.address(published.site), release.published, paths, patience=there.patience)


def _errors_of(name: str, report: Report) -> Iterable[Problem]:
    """Why a deal was not built."""
    errors = [one for one in report.problems if one.severity == "error"]
    own = [one for one in errors if one.location.path.startswith(f"{CONTENT}/{name}/")]
    return own or errors


@contextmanager
def _noted(outcome: Outcome) -> Iterator[None]:
    """Notes what stops one deal; the others go on."""
    try:
        yield
    except PlanmarkError as error:
        outcome.problems += error.problems
