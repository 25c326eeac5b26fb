"""Where others add to Planmark without touching it: protocols that take and return values, found by entry points.

A third party registers, for example, `[project.entry-points."planmark.endpoints"] acme = "acme_planmark:ENDPOINT"`; the name is the
`kind` in planmark.yaml. Targets are in `extensions.targets`. What ships is registered in the same way, by name, in the room that holds it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

from planmark.problems import Location, PlanmarkError, Problem, did_you_mean

Settings = Mapping[str, str]
"""An endpoint's block in planmark.yaml, every value as written, `kind` and `url` with it."""
Secret = Callable[[str], str]
"""A secret by the name of its environment variable: `secret("PLANMARK_ENDPOINT_TOKEN")`. PlanmarkError where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How a form of one plan reaches its service: all that the page needs to know, script or no script."""

    action: str
    """The address that it is posted to."""
    fields: tuple[tuple[str, str], ...] = ()
    """Hidden fields that the service itself wants, such as an access key. None of them is secret: they stand in the page."""
    next_field: str = ""
    """The field in which the service takes the address of the confirmation page; empty where it takes none."""
    honeypot: str = "pm_website"
    """The field that people do not see; the service's own name for it where it has one."""
    ok_key: str = ""
    """A key of the JSON answer that must be true (or "true") for the answer to count; empty where the status says it."""
    files: bool = False
    """Whether the service takes files. Such a form is sent as multipart."""
    same_site: bool = False
    """Whether the form is posted to the plan's own site, so that its action is a path."""
    register: bool = False
    """Whether the service finds the form in the page and must see every field of it there."""
    connect: tuple[str, ...] = ()
    """Origins that the script speaks to, redirects included."""
    form_action: tuple[str, ...] = ()
    """Origins that a form may lead to, redirects included."""
    live: str = ""
    """The address of what others did since the page was built; empty where the service cannot tell."""


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that came with a submission: where to fetch it, and by what name it was sent."""

    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One submission as a service tells it: untrusted fields, and what the service itself says of them."""

    source_id: str
    """The service's own id; empty where it has none."""
    received: datetime
    """By the service's clock, with a time zone."""
    fields: Mapping[str, str]
    files: tuple[SentFile, ...] = ()
    suspect: bool = False
    """Held for spam, or not verified by the service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer of a service: its raw bytes, kept before anything else is done with them, and how to go on from there."""

    raw: bytes
    records: tuple[Record, ...]
    cursor: str = ""
    """Handed to the next `read`, once all of this answer is in the plans."""


@dataclass(frozen=True, slots=True)
class Request:
    """What an endpoint asks of the outside world: always https or loopback, to a host of its own."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "GET"
    body: bytes | None = None
    hosts: tuple[str, ...] = ()
    """Further hosts that a redirect may lead to, whole or as `.ending`. The headers go to none of them."""
    own: bool = True
    """Whether planmark.yaml names the host: only then may its address be a private one, or this machine's."""


Fetch = Callable[[Request], bytes]
"""Does a request and gives the body; waits where the service says so, and raises PlanmarkError in words a rep understands."""


@runtime_checkable
class Endpoint(Protocol):
    """A service that takes forms and gives them back. It is handed values and returns values; it keeps nothing."""

    @property
    def kind(self) -> str:
        """Its name in planmark.yaml."""
        ...

    @property
    def standing(self) -> Literal["verified", "documented"]:
        """verified: tried against the real thing. documented: built from its documentation, tried against a likeness of it."""
        ...

    @property
    def wants(self) -> tuple[str, ...]:
        """Settings without which it cannot work, beside `kind`."""
        ...

    @property
    def takes(self) -> tuple[str, ...]:
        """Further settings that it knows."""
        ...

    def form(self, settings: Settings, plan: str) -> Form:
        """How the forms of the plan with that digest reach the service."""
        ...

    def read(self, settings: Settings, secret: Secret, fetch: Fetch, cursor: str) -> Iterator[Answer]:
        """All that came since `cursor` (all there is, where empty), folders for spam and the unverified with it, oldest first or not.

        Raises PlanmarkError where the service has nothing to read from; the hint says which export `pull --from` takes.
        """
        ...

    def file(self, settings: Settings, secret: Secret, sent: SentFile) -> Request:
        """How to ask for a file that came with a submission. Raises PlanmarkError where it lies on a host that the service does not use."""
        ...

    def exported(self, data: bytes) -> Iterator[Record]:
        """The submissions in a file that the service's own export wrote: CSV or JSON. Raises PlanmarkError where it holds none."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A web address in its parts, as plain as one that people share: https, no user, no port, nothing encoded that would be structure."""

    host: str
    """In lower case, letters of ASCII."""
    path: str
    """Without the slashes around it: `watch`, `d/abc/edit`."""
    query: Mapping[str, str] = field(default_factory=dict)
    """Each key once, every value as written."""


EmbedKind = Literal["video", "deck", "document", "form", "meeting", "tour", "board"]


@runtime_checkable
class Embed(Protocol):
    """A site whose players, decks or forms may stand in a plan's page once a reader asks for them. It is handed an address and returns one.

    What it returns is checked again: https, a host of `frames`, an address of letters, digits and `-_=./?&` alone.
    """

    @property
    def name(self) -> str:
        """As people know it: YouTube."""
        ...

    @property
    def kind(self) -> EmbedKind:
        """What it shows. Videos, decks, tours and boards are wide; documents, forms and meetings are tall."""
        ...

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts of addresses that people share, whole (`vimeo.com`) or as `.ending` (any one label before it)."""
        ...

    @property
    def frames(self) -> tuple[str, ...]:
        """The hosts of what is shown, likewise, redirects included. The page may load frames from the one shown and the whole ones."""
        ...

    @property
    def allow(self) -> tuple[str, ...]:
        """What the frame may do beside filling the screen: of `autoplay`, `encrypted-media`, `picture-in-picture`, `clipboard-write`."""
        ...

    @property
    def tells_origin(self) -> bool:
        """Whether it must be told on which site it is shown (the site, never the page); else it is told nothing."""
        ...

    def shown(self, address: Address) -> str | None:
        """The address of what is shown, made anew from what `address` holds; None where it is not one that it knows."""
        ...


ENDPOINTS = "planmark.endpoints"
"""The group of entry points for endpoints."""
EMBEDS = "planmark.embeds"
"""The group of entry points for embeds."""


def added(group: str, name: str, ours: Mapping[str, object], noun: str, where: Location) -> object:
    """What is called `name`: of those that ship, or added by an entry point. PlanmarkError where there is none, or two."""
    from importlib.metadata import entry_points

    theirs = {one.name: one for one in entry_points(group=group)}
    if name in ours and name in theirs:
        raise PlanmarkError(
            Problem("PM704", f"a package adds the {noun} `{name}`, which Planmark has already", where, f"remove {theirs[name].value}")
        )
    if name in ours:
        return ours[name]
    if name not in theirs:
        raise PlanmarkError(Problem("PM703", f"there is no {noun} `{name}`", where, did_you_mean(name, [*ours, *theirs])))
    try:
        return theirs[name].load()
    except Exception as error:
        text = f"the {noun} `{name}` of another package cannot be loaded: {error}"
        raise PlanmarkError(Problem("PM704", text, where, f"see to {theirs[name].value}")) from None
