"""A plan that continues another: the buyer's link goes on, and shows the newest of them; those before it are history."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from planmark.plan.tokens import plan_digest
from planmark.problems import Finding, did_you_mean


@dataclass(frozen=True, slots=True)
class Address:
    """What a buyer's link is made of: the id and the share key of the plan that it was first given for."""

    id: str
    share_key: str = ""
    hidden: bool = False
    """Whether the link tells nothing but the share key: the plan is protected."""

    @property
    def site(self) -> str:
        """The folder of the site: `northwind-k7w2…`, of a protected plan `k7w2…`."""
        return self.share_key if self.hidden and self.share_key else "-".join(filter(None, (self.id, self.share_key)))

    @property
    def digest(self) -> str:
        """What endpoints and tokens know the plan by."""
        return plan_digest(self.share_key or self.id)


@dataclass(frozen=True, slots=True)
class Entry:
    """What of a deal's plan.yaml decides about its link. `folder` is the deal's, `id` the plan's."""

    folder: str
    id: str
    share_key: str = ""
    continues: str = ""


@dataclass(frozen=True, slots=True)
class Succession:
    """The plans that one continues, nearest first, and the address that comes of them; `wrong` says why there is none."""

    address: Address
    before: tuple[Entry, ...] = ()
    wrong: Finding | None = None


def succession(entry: Entry, by_id: Callable[[str], Entry | None], known: Callable[[], Iterable[str]] = tuple) -> Succession:
    """What an entry goes on from. `known` are the ids that it may have meant, asked for only where there is no such plan."""
    before: list[Entry] = []
    last = entry
    while last.continues:
        found = by_id(last.continues)
        if found is None:
            ids = [name for name in known() if name != entry.id]
            hint = did_you_mean(last.continues, ids, "write the id of the plan whose link goes on; its folder stays, as history")
            return _wrong(entry, before, "PM310", f"no plan here has the id `{last.continues}`", hint)
        if found == entry or found in before:
            names = " → ".join([entry.id, *(one.id for one in before), found.id])
            return _wrong(
                entry, before, "PM311", f"these plans continue each other: {names}", "the first of them has a `share_key` instead"
            )
        before.append(found)
        last = found
    return Succession(Address(last.id, last.share_key), tuple(before))


def _wrong(entry: Entry, before: list[Entry], code: str, message: str, hint: str) -> Succession:
    return Succession(Address(entry.id, entry.share_key), tuple(before), Finding(code, ("continues",), message, hint))


def by_id(entries: Iterable[Entry]) -> dict[str, Entry]:
    """Entries by id. Of two with one id it is the one whose folder is called so, else the first."""
    found: dict[str, Entry] = {}
    for one in entries:
        if one.id not in found or one.folder == one.id:
            found[one.id] = one
    return found


def continued(entries: Mapping[str, Entry]) -> dict[str, str]:
    """The deals whose link another one has by now, each with the one that has it. `entries` are all deals by folder."""
    ids = by_id(entries.values())
    found: dict[str, str] = {}
    for one in entries.values():
        if one.continues:
            line = succession(one, ids.get)
            if line.wrong is None:
                for before in line.before:
                    found.setdefault(before.folder, one.folder)
    while any(later in found for later in found.values()):  # of an onboarding of an onboarding, the newest
        found = {name: found.get(later, later) for name, later in found.items()}
    return found
