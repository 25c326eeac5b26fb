"""Where a workspace publishes to: a target of planmark.yaml, with all that the commands need to go there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from planmark.build.build import Options, day_of
from planmark.content.access.keys import derived
from planmark.content.layout import BUILD, CONTENT, PLAN_FILE, WORKSPACE_FILE, deal_names
from planmark.content.secrets import secret, team_keys
from planmark.content.team import Team, team_of
from planmark.content.tree import digest_bytes
from planmark.extensions.targets import Going, Place, Published, Release, Step, Target, Together
from planmark.plan.workspace import Target as Settings
from planmark.problems import Location, PlanmarkError, Problem, did_you_mean
from planmark.targets.kinds import settings_problems, target_of
from planmark.targets.layout import STORE

HIDDEN = "~"
"""What the name of a protected deal begins with at a target."""


@dataclass(frozen=True)
class There:
    """A target, and who publishes to it. `owner` tells this seller's deals from others' with the same name."""

    root: Path
    team: Team
    target: Target
    place: Place
    url: str
    owner: str

    @property
    def options(self) -> Options:
        """How its sites are built: another target than the usual one has other addresses on its pages, so it has a folder of its own."""
        publish = self.team.workspace.publish
        usual = publish is not None and self.place.name == publish.usual
        return Options(output=BUILD if usual else f"{BUILD}/sites@{self.place.name}", target=self.place.name)

    def address(self, site: str) -> str:
        """The link to a site."""
        return self._settings.address(site)

    def state(self, published: Published) -> str:
        """Where a version's manifest would be if the server showed what Planmark remembers. It must not."""
        return f"{self.url.rstrip('/')}/{STORE}/{published.site}/{published.version}.json"

    @property
    def patience(self) -> float:
        """Seconds that the host may take until it shows what it was given; most show it at once."""
        return float(getattr(self.target, "patience", 0))

    @property
    def _settings(self) -> Settings:
        """Its block in planmark.yaml."""
        publish = self.team.workspace.publish
        assert publish is not None
        return publish.targets[self.place.name]

    def require_name(self, site: str, deal: str) -> None:
        """Raise PlanmarkError where a site cannot have an address there: not every name of a folder can be a subdomain."""
        if not self._settings.fits(site):
            text = f"`{site}` cannot be a subdomain: that takes at most 63 letters from a to z, digits and hyphens"
            hint = "write a shorter `id`, without `_`, and a `share_key` as Planmark makes them; or leave `subdomains` out of planmark.yaml"
            raise PlanmarkError(Problem("PM802", text, Location(f"{CONTENT}/{deal}/{PLAN_FILE}"), hint))

    def today(self, today: date | None) -> date:
        """The day that is meant where none is named."""
        return today or day_of(self.team.workspace.timezone)

    def out(self) -> dict[str, Published]:
        """What is out there, by site."""
        found = list(self.target.published(self.place))
        names = self._hidden_names() if any(one.sealed for one in found) else {}
        return {one.site: replace(one, deal=names.get(one.deal, one.deal)) for one in found}

    @property
    def together(self) -> bool:
        """Whether all that goes out had better go at once."""
        return isinstance(self.target, Together)

    def publish(self, release: Release) -> Iterator[Step]:
        """Put a version out. Of a protected plan not even the folder's name is told there."""
        yield from self.target.publish(self.place, self._without_name(release))

    def publish_all(self, releases: Sequence[Release]) -> Going:
        """The same of several, at once where the target can do that. What stops one of them alone stands in the place of its steps."""
        if isinstance(self.target, Together):
            yield from self.target.publish_together(self.place, [self._without_name(release) for release in releases])
            return
        for release in releases:
            try:
                for step in self.publish(release):
                    yield release.published.site, step
            except PlanmarkError as error:
                yield release.published.site, error

    def _without_name(self, release: Release) -> Release:
        new = release.published
        if not new.sealed or new.deal.startswith(HIDDEN):
            return release
        name = _hidden(team_keys(self.team.workspace.key).signing, new.deal)
        return replace(release, published=replace(new, deal=name))

    def _hidden_names(self) -> dict[str, str]:
        """The deals of this workspace by what they are called at the target where they are protected; none without the team's key."""
        with suppress(PlanmarkError):
            keys = team_keys(self.team.workspace.key).keys.values()
            return {_hidden(key, name): name for name in deal_names(self.root, []) for key in keys}
        return {}

    def said(self, steps: Iterable[Step]) -> list[Problem]:
        """What the target tells the publisher while it goes through its steps, as warnings."""
        return [Problem("PM809", step.path, Location(self.place.name), severity="warning") for step in steps if step.what == "said"]

    def of_deal(self, deal: str, out: dict[str, Published]) -> list[Published]:
        """What is out of a deal of ours; what is gone aside."""
        return [one for one in out.values() if one.deal == deal and one.owner == self.owner and not one.gone]

    def of_line(self, deal: str, out: dict[str, Published], heirs: Mapping[str, str]) -> list[Published]:
        """What is out of a deal, and of those whose link it goes on from: nobody else takes that down. `heirs` are `continued_deals`."""
        past = [name for name, heir in heirs.items() if heir == deal]
        return [one for name in (deal, *past) for one in self.of_deal(name, out)]


def _hidden(key: bytes, deal: str) -> str:
    """What stands for a protected deal's name, for those who have the team's key."""
    return HIDDEN + derived(key, f"deal\0{deal}", 16).hex()


def _which(name: str) -> str:
    return f"write `default: {name}` there, or name one: `publish --to {name}`, of other commands `--at {name}`"


def target_names(root: Path) -> list[str]:
    """The targets that planmark.yaml names."""
    publish = team_of(root).workspace.publish
    return list(publish.targets) if publish else []


def there_of(root: Path, name: str = "") -> There:
    """The target of that name, or the usual one. PlanmarkError where there is none, or nothing can be published to it."""
    team = team_of(root)
    publish = team.workspace.publish
    if publish is None or not publish.targets:
        hint = "write one into planmark.yaml: publish: {live: {kind: directory, path: /var/www/plans, url: https://plans.example.com}}"
        raise PlanmarkError(Problem("PM801", "planmark.yaml names no place to publish to", Location(WORKSPACE_FILE), hint))
    where = team.document.at(("publish",))
    chosen = name or publish.usual
    if chosen not in publish.targets:
        text = f"there is no target `{chosen}`" if chosen else "planmark.yaml names several targets and no `default`"
        hint = did_you_mean(chosen, publish.targets) if chosen else _which(next(iter(publish.targets)))
        raise PlanmarkError(Problem("PM801", text, where, hint))
    where = team.document.at(("publish", chosen))
    settings = publish.targets[chosen].settings
    if wrong := settings_problems(chosen, settings, where):
        raise PlanmarkError(wrong)
    target = target_of(settings, where)
    place = Place(name=chosen, settings=settings, workspace=root, secret=secret)
    if not settings.get("url"):
        hint = f"write `url:` at `{chosen}`: the address that the web server answers at, such as https://plans.example.com"
        raise PlanmarkError(Problem("PM801", "the target has no public address, so there would be no link", where, hint))
    if hint := target.wrong(place):
        raise PlanmarkError(Problem("PM801", f"nothing can be published to `{chosen}`", where, hint))
    seller = team.workspace.seller.name if team.workspace.seller else ""
    return There(root, team, target, place, settings["url"], digest_bytes(seller.encode())[:16])
