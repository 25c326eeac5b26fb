"""The workspace: the seller, the team, and what holds for all of its plans."""

from __future__ import annotations

import re
from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field, StringConstraints

from planmark.plan.item import Many, Part
from planmark.plan.people import Brand, Organisation, Person, Review
from planmark.plan.resources import Resource
from planmark.plan.scalars import Days, Email, Fingerprint, Holidays, Id, Locale, Minutes, PersonRef, Prose, Text, Url, Whole, YesNo, Zone


class Endpoint(Part):
    """Where the buyer's forms are sent. What else a kind needs stands beside `kind` and `url`."""

    model_config = ConfigDict(extra="allow")

    kind: Id
    """planmark, formspree, netlify…"""
    url: Url | None = None
    """Where it answers."""

    @property
    def settings(self) -> dict[str, str]:
        """The whole block as texts, which is what an endpoint is handed; lists and mappings are none."""
        extra = {name: value for name, value in (self.__pydantic_extra__ or {}).items() if isinstance(value, str)}
        return {"kind": self.kind, **({"url": self.url} if self.url else {}), **extra}


class Target(Part):
    """A place to publish to. What else a kind needs stands beside `kind` and `url`."""

    model_config = ConfigDict(extra="allow")

    kind: Id
    """directory, ssh, git, s3…"""
    url: Url | None = None
    """The public address."""
    subdomains: YesNo = False
    """Whether each plan has a subdomain of its own at `url` instead of a folder."""

    def address(self, site: str) -> str:
        """The public address of a site, with a `/` at its end; empty where there is no `url`."""
        scheme, _, rest = (self.url or "").rstrip("/").partition("://")
        if not rest:
            return ""
        return f"{scheme}://{site}.{rest}/" if self.subdomains else f"{scheme}://{rest}/{site}/"

    @property
    def is_only_address(self) -> bool:
        """Whether nothing says how to publish there: it is for links and cards alone."""
        return not set(self.settings) - {"kind", "url", "subdomains"}

    def fits(self, site: str) -> bool:
        """Whether a site can have an address: as a subdomain it is a label of the DNS (RFC 1035)."""
        return not self.subdomains or re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", site) is not None

    @property
    def settings(self) -> dict[str, str]:
        """The whole block as texts, which is what a target is handed; lists and mappings are none."""
        extra = {name: value for name, value in (self.__pydantic_extra__ or {}).items() if isinstance(value, str)}
        common = {"kind": self.kind, **({"url": self.url} if self.url else {}), **({"subdomains": "yes"} if self.subdomains else {})}
        return {**common, **extra}


class Publish(Part):
    """The places to publish to, by name."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Target]

    default: Text | None = None
    """The one that is meant when none is named."""

    @property
    def targets(self) -> dict[str, Target]:
        """Each target by its name."""
        return dict(self.__pydantic_extra__ or {})

    @property
    def usual(self) -> str:
        """The name of the target that is meant when none is named: the `default`, else the only one; empty where that is none."""
        return self.default or (next(iter(self.targets)) if len(self.targets) == 1 else "")


class Rule(Part):
    """How a rule of a good plan is judged here. Which numbers a rule has, docs/rules.md says."""

    shorthand: ClassVar[str] = "severity"

    severity: Literal["off", "warning", "error"] | None = None
    """off, warning or error."""
    least: Whole | None = None
    """The fewest."""
    most: Whole | None = None
    """The most."""
    light_least: Whole | None = None
    """The fewest in a light plan."""
    light_most: Whole | None = None
    """The most in a light plan."""
    stages: Whole | None = None
    """The most stages."""
    days: Days | None = None
    """How many days."""
    warn_after: Days | None = None
    """The days after which it warns."""
    error_after: Days | None = None
    """The days after which it is an error."""
    blocks_publish: YesNo = False
    """Whether a plan that breaks it cannot go out."""


class Health(Part):
    """When a task counts as at risk, and when as stalled."""

    at_risk_after: Days = Field(default="1d", validate_default=True)
    """Days late."""
    stalled_after: Days = Field(default="7d", validate_default=True)
    """Days late."""


class Notify(Part):
    """Whom to tell, and how, when buyers did something; `planmark watch` does it. The password comes from PLANMARK_SMTP_PASSWORD."""

    command: Text | None = None
    """A command of yours; it gets the news as JSON on its standard input."""
    webhook: Url | None = None
    """An address that gets the news as a POST of JSON."""
    smtp: Text | None = None
    """A mail server: mail.example:587. Mails go to a plan's contact and to the owners of the task."""
    sender: Email | None = None
    """The From of mails."""
    user: Text | None = None
    """The name to log in with at the mail server."""
    subject: Text | None = None
    """The subject of mails, with {plan} and {count}."""
    text: Prose | None = None
    """The text of mails, with {plan}, {count} and {news}."""
    every: Minutes = Field(default="10m", validate_default=True)
    """How long the first news waits for others."""


RuleCode = Annotated[str, StringConstraints(pattern=r"^R([1-9]|[12][0-9]|30)$")]


class Workspace(Part):
    """`planmark.yaml`. An empty file is a workspace."""

    seller: Organisation | None = None
    """Who sells."""
    people: Many[Person] = ()
    """The seller's team; shown only where a plan names them."""
    brand: Brand | None = None
    """Colours, font and logo over the theme's own."""
    contact: PersonRef | None = None
    """Whom to call, unless a plan says otherwise."""
    theme: Text = "default"
    """The theme, unless a plan says otherwise."""
    locale: Locale = "en"
    """The language, unless a plan says otherwise: en-GB, de, ar…"""
    timezone: Zone = "UTC"
    """Where times of day and `today` are meant."""
    holidays: Holidays | None = None
    """The public holidays: GB, DE-BY."""
    review: Review | None = None
    """How we meet, unless a plan says otherwise."""
    endpoint: Endpoint | None = None
    """Where the buyer's forms are sent; left out: pages show no forms."""
    embeds: Many[Text] = ()
    """Providers of players, decks and forms that other packages add, by name, beside those that are known."""
    notify: Notify | None = None
    """Whom to tell when buyers did something; left out: nobody."""
    publish: Publish | None = None
    """The places to publish to."""
    rules: dict[RuleCode, Rule] = Field(default_factory=dict)
    """How the rules of a good plan are judged here: {R2: off}."""
    health: Health = Health.model_construct(at_risk_after=1, stalled_after=7)
    """When a task counts as at risk, and when as stalled."""
    key: Many[Fingerprint] = ()
    """The fingerprint of the team's signing key; while keys are exchanged the new one first, then those whose links still count."""


class Library(Part):
    """`content/_library/resources.yaml`: a list of resources that any plan may use by id."""

    resources: Many[Resource] = ()
    """The resources."""
