"""From what a service tells to an event of a plan, or the reason why it cannot be one. Nothing that was received is dropped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC

from planmark.endpoints.identity import event_id
from planmark.extensions import Record
from planmark.plan.allowed import Allowed, allowed, guests, kinds, signers
from planmark.plan.events import Event, Upload, moment
from planmark.plan.plan import Plan
from planmark.plan.submissions import TEST, RefusedError, Submission, read_submission
from planmark.plan.tokens import Verdict, person_ref, verified

RETRIED = {"unknown-key", "item", "plan", "file", "another-plan"}
"""Reasons that may pass: such a record is judged again at each pull."""


@dataclass(frozen=True)
class Quarantined:
    """A record that cannot be applied, with a code for programs and the reason for people."""

    id: str
    code: str
    reason: str


@dataclass(frozen=True)
class Bench:
    """What is needed to judge the records of one plan."""

    plan: str
    """Its id."""
    key: str
    """Its digest."""
    allowed: Allowed
    people: Mapping[str, str]
    """Ids by reference, of everybody who may have a link."""
    versions: Mapping[str, int]
    """Link versions by reference."""
    signers: tuple[str, ...]
    keys: Mapping[str, bytes]
    """Plan keys by fingerprint."""


def bench(shared: Plan, key: str, keys: Mapping[str, bytes]) -> Bench:
    """The bench of a shared plan whose digest is `key`."""
    refs = {person_ref(key, one.id): one for one in guests(shared)}
    return Bench(
        plan=shared.id,
        key=key,
        allowed=allowed(shared),
        people={ref: one.id for ref, one in refs.items()},
        versions={ref: one.link for ref, one in refs.items()},
        signers=signers(shared),
        keys=keys,
    )


Keep = Callable[[Record], Upload]
"""Fetches and keeps the file of a record. Raises RefusedError where it cannot be had."""


def judged(kind: str, record: Record, bench: Bench, keep: Keep) -> Event | Quarantined | None:
    """The record, which came through an endpoint of that kind, as an event; None for one that only tested the way."""
    name = event_id(kind, record)
    try:
        said = read_submission(record.fields)
        if said.kind == TEST:
            return None
        if said.plan != bench.key:
            raise RefusedError("another-plan", "it is of another plan, or of a link that was changed")
        verdict = verified(said.token, bench.keys, bench.versions, record.received.astimezone(UTC).date()) if said.token else Verdict()
        by = bench.people.get(verdict.link.ref, "") if verdict.link else ""
        _refuse(said, verdict, by, bench)
        file = keep(record) if said.kind == "upload" else None
    except RefusedError as error:
        return Quarantined(name, error.code, error.message)
    proven = verdict.link is not None and verdict.failure is None
    return Event(
        id=name,
        plan=bench.plan,
        on=said.on,
        kind=said.kind,
        received=moment(record.received),
        proof="link" if proven else "",
        by=by if proven else "",
        name=said.name,
        text=said.text,
        what=said.what,
        value=said.value,
        rev=said.rev,
        file=file,
        via=kind,
        key=verdict.key if proven else "",
        link=verdict.link.version if proven and verdict.link else 0,
        lapsed=f"{verdict.failure} {by}" if verdict.link and verdict.failure else "",
        spam=record.suspect,
    )


def _refuse(said: Submission, verdict: Verdict, by: str, bench: Bench) -> None:
    """Raise RefusedError for what a buyer could not have done on the page."""
    if verdict.failure == "unknown key":
        raise RefusedError("unknown-key", "a key that this machine doesn't have signed its link")
    if verdict.failure in ("forged", "unreadable"):
        raise RefusedError("forged", "its link was not made by this team's key")
    acts = bench.allowed.get(said.on)
    if acts is None:
        raise RefusedError(
            "item", f"the plan has no {said.on.replace('/', ' `', 1) + ('`' if '/' in said.on else '')} that can be acted on"
        )
    if said.kind not in kinds(acts):
        raise RefusedError("not-allowed", f"`{said.kind}` is not something that the buyer can do there")
    if said.kind == "signed" and by and by not in bench.signers:
        raise RefusedError("not-allowed", f"`{by}` was not asked to sign")
    if said.kind == "agreed" and not (said.value if said.on.startswith("task/") else said.rev):
        raise RefusedError("empty", "it does not say what was agreed to")
