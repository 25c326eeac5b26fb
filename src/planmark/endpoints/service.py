"""A form service as data: how forms reach it, where its list is, what it takes. What all services do alike is written once, here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Literal
from urllib.parse import urlsplit

from planmark.endpoints.addresses import WHERE, filled, on_hosts, origin, with_query, wrong_address
from planmark.endpoints.credentials import bearer, token
from planmark.endpoints.exports import records_in
from planmark.endpoints.paging import Query
from planmark.endpoints.reading import Reading, read_since
from planmark.endpoints.records import EXPORT
from planmark.extensions import Answer, Fetch, Form, Record, Request, Secret, SentFile, Settings
from planmark.plan.submissions import HONEYPOT
from planmark.problems import PlanmarkError, Problem

_YES_NO = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One form service. Texts with `{name}` are filled from the settings."""

    kind: str
    standing: Literal["verified", "documented"] = "documented"
    wants: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    defaults: Mapping[str, str] = field(default_factory=dict)
    """Settings that are meant when left out."""
    action: str = "{url}"
    """Where forms are posted to; a `url` in the settings takes its place."""
    hidden: tuple[tuple[str, str], ...] = ()
    next_field: str = ""
    honeypot: str = HONEYPOT
    ok_key: str = ""
    files: Literal["always", "never", "asked"] = "never"
    """asked: only where the settings say `files: yes`, for it is a matter of what the team pays for."""
    same_site: bool = False
    register: bool = False
    redirects: tuple[str, ...] = ()
    """Hosts that it leads to by redirect."""
    api: str = ""
    """Where the API is, if not where forms are posted to; an `api` in the settings takes its place."""
    lists: tuple[str, ...] = ()
    """The list's path below the API: the first for which all settings are there."""
    reading: Reading | None = None
    """None where it gives nothing back but by its export."""
    headers: Callable[[str], dict[str, str]] = bearer
    """How the secret is shown."""
    secret_param: str = ""
    """The parameter of the query for the secret, where the service's code sees no headers."""
    file_hosts: tuple[str, ...] = ()
    """Where it keeps files, whole or as `.ending`."""

    def form(self, settings: Settings, plan: str) -> Form:  # noqa: ARG002 - the protocol hands it over
        """How forms reach the service: the same for every plan."""
        given = {**self.defaults, **settings}
        action = given.get("url") or filled(self.action, given)
        origins = () if self.same_site else tuple(dict.fromkeys((origin(action), *(f"https://{host}" for host in self.redirects))))
        return Form(
            action=action,
            fields=tuple((name, filled(value, given, in_address=False)) for name, value in self.hidden),
            next_field=given.get("next_field", self.next_field),
            honeypot=given.get("honeypot", self.honeypot),
            ok_key=self.ok_key,
            files=self._takes_files(given),
            same_site=self.same_site,
            register=self.register,
            connect=origins,
            form_action=origins,
        )

    def read(self, settings: Settings, secret: Secret, fetch: Fetch, cursor: str) -> Iterator[Answer]:
        """All that came since the cursor. PlanmarkError, at once, where the service has no API or the settings do not lead to it."""
        if self.reading is None:
            text = f"an endpoint of the kind `{self.kind}` has no API to read from"
            raise PlanmarkError(Problem("PM705", text, WHERE, EXPORT))
        address = self._list_address({**self.defaults, **settings})
        shown = token(secret)
        headers = {"Accept": "application/json", **self.headers(shown)}
        hidden = ((self.secret_param, shown),) if self.secret_param else ()

        def ask(query: Query) -> bytes:
            return fetch(Request(with_query(address, (*hidden, *query)), headers, hosts=self.redirects))

        return read_since(self.reading, ask, cursor, datetime.now(UTC), sha256(address.encode()).hexdigest()[:8])

    def file(self, settings: Settings, secret: Secret, sent: SentFile) -> Request:  # noqa: ARG002 - not to be used
        """How to ask for a file: never with the secret, for whoever has its address may have it."""
        named = {urlsplit(settings[name]).netloc for name in ("url", "api") if settings.get(name)}
        hosts = (*self.file_hosts, *settings.get("file_hosts", "").replace(",", " ").split())
        parts = urlsplit(sent.url) if not wrong_address(sent.url) else urlsplit("")
        if parts.netloc and parts.netloc in named:
            return Request(sent.url, hosts=hosts)
        if parts.scheme == "https" and parts.port in (None, 443) and on_hosts(parts.hostname or "", hosts):
            return Request(sent.url, hosts=hosts, own=False)
        host = parts.hostname or "an address that cannot be used"
        hint = f"if the service keeps its files there, write `file_hosts: {host}` below `endpoint`" if parts.hostname else EXPORT
        raise PlanmarkError(Problem("PM705", f"a file lies on {host}, which is none of the service's hosts", WHERE, hint))

    def exported(self, data: bytes) -> Iterator[Record]:
        """The submissions in an export, its time and id where the API has them, if it has."""
        paths = self.reading.paths if self.reading else None
        return iter(records_in(data, paths.received[-1:], paths.id[-1:], paths.files) if paths else records_in(data))

    def _list_address(self, given: Settings) -> str:
        base = (given.get("api") or self.api or given.get("url") or filled(self.action, given)).rstrip("/")
        problem: PlanmarkError | None = None
        for path in self.lists:
            try:
                return base + filled(path, given)
            except PlanmarkError as error:
                problem = problem or error
        assert problem, "a service with a reading has a list"
        raise problem

    def _takes_files(self, given: Settings) -> bool:
        if self.files != "asked":
            return self.files == "always"
        said = given.get("files", "no").lower()
        if said not in _YES_NO:
            raise PlanmarkError(Problem("PM701", f"the endpoint's `files` is neither yes nor no: `{said}`", WHERE, "write yes or no"))
        return _YES_NO[said]
