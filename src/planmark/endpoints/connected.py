"""The workspace's own endpoint: reading it into the plans, telling it about plans, and trying it out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from planmark.content.addresses import succession_in
from planmark.content.deal import Deal
from planmark.content.inbox import Inbox
from planmark.content.layout import WORKSPACE_FILE
from planmark.content.secrets import secret, team_keys
from planmark.endpoints.fetching import fetch, fetch_file
from planmark.endpoints.kinds import endpoint_of, settings_problems
from planmark.endpoints.own import register
from planmark.endpoints.pull import Pull, Pulled
from planmark.endpoints.replies import replied
from planmark.extensions import Answer, Endpoint, Fetch, Record, Request, Secret, SentFile, Settings
from planmark.plan.registration import registration, to_tell
from planmark.plan.shared import shared
from planmark.plan.submissions import TEST, VERSION, RefusedError
from planmark.plan.workspace import Workspace
from planmark.problems import Location, PlanmarkError, Problem

WHERE = Location(WORKSPACE_FILE)
LARGEST_FILE = 25 * 1024 * 1024
"""Bytes of an upload that a pull takes."""


@dataclass(frozen=True)
class Connected:
    """An endpoint with its settings and its secrets."""

    endpoint: Endpoint
    settings: Settings
    secret: Secret = secret
    fetch: Fetch = fetch

    def answers(self, cursor: str) -> Iterator[Answer]:
        """What came since the cursor."""
        return self.endpoint.read(self.settings, self.secret, self.fetch, cursor)

    def inbox(self, root: Path) -> Inbox:
        """Where its answers are kept, and how far reading got."""
        return Inbox(root, self.endpoint.kind, self.settings.get("url", "") or self.endpoint.kind)

    def file(self, sent: SentFile) -> bytes:
        """A file that came with a submission. Raises RefusedError where it cannot be had, so that it is tried again."""
        try:
            return fetch_file(self.endpoint.file(self.settings, self.secret, sent), LARGEST_FILE)
        except PlanmarkError as error:
            raise RefusedError("file", f"its file cannot be had: {error.problems[0].message}") from None


def connected(workspace: Workspace) -> Connected:
    """The endpoint that planmark.yaml names. Raises PlanmarkError with all that is wrong with it."""
    if workspace.endpoint is None:
        hint = "write `endpoint: {kind: planmark, url: https://…}`; docs/endpoints.md lists every kind"
        raise PlanmarkError(Problem("PM701", "planmark.yaml names no endpoint", WHERE, hint))
    settings = workspace.endpoint.settings
    endpoint = endpoint_of(settings, WHERE)
    problems = settings_problems(endpoint, settings, WHERE)
    if problems:
        raise PlanmarkError(problems)
    return Connected(endpoint, settings)


def pull(root: Path, workspace: Workspace, deals: Iterable[str] = (), export: Path | None = None, afresh: bool = False) -> Pulled:
    """Bring what buyers did into the plans: from the endpoint, or from a file that its export or a reader's bundle wrote.

    With `afresh`, all that the endpoint has is read, not only what came since the last time.
    """
    keys = team_keys(workspace.key).keys if workspace.key else {}
    if export and workspace.endpoint is None:
        there = Connected(endpoint_of({"kind": "generic"}, WHERE), {"kind": "generic"})
    else:
        there = connected(workspace)
    inbox = there.inbox(root)
    answers = _exported(there, export) if export else there.answers("" if afresh else inbox.cursor)
    return Pull(root, there.endpoint.kind, keys, there.file, deals).take(answers, inbox)


def _exported(there: Connected, export: Path) -> list[Answer]:
    """What an export or a reader's reply file holds. Its problems name the file."""
    try:
        data = export.read_bytes()
        records = replied(data, datetime.now(UTC))
        return [Answer(raw=data, records=tuple(there.endpoint.exported(data) if records is None else records))]
    except OSError as error:
        text = f"the export cannot be read: {error.strerror}"
        raise PlanmarkError(Problem("PM706", text, Location(str(export)), "give the file that the service's export wrote")) from None
    except PlanmarkError as error:
        raise PlanmarkError(replace(one, location=replace(one.location, path=str(export))) for one in error.problems) from None


def tell_receiver(there: Connected, deal: Deal) -> str:
    """Register the deal's plan at the team's own receiver, and give the digest that it knows it by."""
    if there.endpoint.kind != "planmark":
        hint = "only our own receiver is told about plans; other services take what comes"
        raise PlanmarkError(Problem("PM701", f"an endpoint of the kind `{there.endpoint.kind}` takes no registrations", WHERE, hint))
    digest, document = registered(deal)
    register(there.settings, there.secret, there.fetch, digest, document)
    return digest


def registered(deal: Deal) -> tuple[str, bytes]:
    """The digest of a deal's plan, and what a receiver is told about it."""
    plan = shared(deal.plan)
    keys = team_keys(deal.workspace.key).keys if deal.workspace.key else {}
    return deal.address.digest, registration(plan, deal.acts, deal.address, keys, deal.seller.name, to_tell(deal.plan, deal.contact))


def send_test(there: Connected, digest: str, mark: str) -> None:
    """Send one submission that goes into no plan, as the page's script would. Raises PlanmarkError where the service does not take it."""
    form = there.endpoint.form(there.settings, digest)
    if form.same_site:
        hint = "publish a plan, check something off in it, and see whether `planmark pull` brings it"
        raise PlanmarkError(Problem("PM701", "these forms are posted to the plan's own site, so they are tried out there", WHERE, hint))
    said = {"pm_v": VERSION, "pm_plan": digest, "pm_event": mark, "pm_kind": TEST, "pm_item": "plan"}
    fields = {**dict(form.fields), **said, "pm_payload": json.dumps(said), form.honeypot: ""}
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    hosts = tuple(urlsplit(one).hostname or "" for one in form.connect)
    raw = there.fetch(Request(form.action, headers, "POST", urlencode(fields).encode(), hosts=hosts))
    if form.ok_key and not _is_ok(raw, form.ok_key):
        raise PlanmarkError(Problem("PM705", "the service answered, but did not take it", WHERE, "see what its own inbox says"))


def _is_ok(raw: bytes, key: str) -> bool:
    try:
        answer = json.loads(raw)
    except (ValueError, RecursionError):
        return False
    return isinstance(answer, dict) and str(answer.get(key)).lower() == "true"


def found_test(there: Connected, mark: str, cursor: str) -> Record | None:
    """The test submission, read back; none where it has not come yet."""
    for answer in there.answers(cursor):
        for record in answer.records:
            if mark == record.fields.get("pm_event", ""):
                return record
    return None


def digest_of(root: Path, name: str) -> str:
    """The digest that endpoints know a deal by."""
    return succession_in(root, name).address.digest
