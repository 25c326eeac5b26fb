"""The workspace's own endpoint: reading it into the plans, telling it about plans, and trying it out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from planmark.content.addresses import deals_by_digest
from planmark.content.deal import Deal
from planmark.content.inbox import Inbox
from planmark.content.layout import WORKSPACE_FILE
from planmark.content.secrets import secret, team_keys
from planmark.endpoints.fetching import fetch, fetch_file
from planmark.endpoints.kinds import endpoint_of, settings_problems
from planmark.endpoints.own import register
from planmark.endpoints.pull import Pull, Pulled
from planmark.extensions import Answer, Endpoint, Fetch, Record, Request, Secret, SentFile, Settings
from planmark.plan.registration import registration, to_tell
from planmark.plan.shared import shared
from planmark.plan.submissions import HONEYPOT, TEST, VERSION, RefusedError
from planmark.plan.tokens import plan_digest
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


def pull(root: Path, workspace: Workspace, deals: Iterable[str] = (), export: Path | None = None) -> Pulled:
    """Bring what buyers did into the plans: from the endpoint, or from a file that its export wrote."""
    keys = team_keys(workspace.key).keys if workspace.key else {}
    if export and workspace.endpoint is None:
        there = Connected(endpoint_of({"kind": "generic"}, WHERE), {"kind": "generic"})
    else:
        there = connected(workspace)
    kind = there.endpoint.kind
    inbox = Inbox(root, kind, there.settings.get("url", "") or kind)
    answers: Iterable[Answer]
    if export:
        try:
            data = export.read_bytes()
        except OSError as error:
            text = f"the export cannot be read: {error.strerror}"
            raise PlanmarkError(Problem("PM706", text, Location(str(export)), "give the file that the service's export wrote")) from None
        answers = [Answer(raw=data, records=tuple(there.endpoint.exported(data)))]
    else:
        answers = there.answers(inbox.cursor)
    return Pull(root, kind, keys, there.file, deals).take(answers, inbox)


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
    digest = plan_digest(plan.share_key or plan.id)
    keys = team_keys(deal.workspace.key).keys if deal.workspace.key else {}
    return digest, registration(plan, deal.acts, digest, keys, deal.seller.name, to_tell(deal.plan, deal.contact))


def send_test(there: Connected, digest: str, mark: str) -> None:
    """Send one submission that goes into no plan, as the page's script would."""
    form = there.endpoint.form(there.settings, digest)
    payload = {"pm_v": VERSION, "pm_plan": digest, "pm_event": mark, "pm_kind": TEST, "pm_item": "plan"}
    fields = {**dict(form.fields), **payload, form.honeypot: "", HONEYPOT: ""}
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    there.fetch(Request(form.action, headers, "POST", urlencode(fields).encode()))


def found_test(there: Connected, mark: str, cursor: str) -> Record | None:
    """The test submission, read back; none where it has not come yet."""
    for answer in there.answers(cursor):
        for record in answer.records:
            if mark == record.fields.get("pm_event", ""):
                return record
    return None


def digest_of(root: Path, name: str) -> str:
    """The digest that endpoints know a deal by."""
    return next(digest for digest, one in deals_by_digest(root).items() if one == name)
