"""How a page's forms reach the endpoint, and what its script must know to send, to greet and to show what others did since."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from markupsafe import Markup

from planmark.plan.acts import Acts
from planmark.plan.events import moment_key
from planmark.plan.submissions import FIELDS, FILE, VERSION
from planmark.site.view import BuyerView

if TYPE_CHECKING:
    from planmark.extensions import Form
    from planmark.plan.events import Event

SENT_FILE = "sent.html"
"""Where a reader without JavaScript is led after sending."""


@dataclass(frozen=True)
class Forms:
    """The forms of one plan. A template receives it as `forms`; it is none where nothing can be sent."""

    form: Form
    address: str
    """The public address of the deal's site, with a `/` at its end; empty where nobody knows it yet."""
    version: str = VERSION
    fields: tuple[str, ...] = FIELDS
    file: str = FILE

    @property
    def next(self) -> str:
        """The address of the confirmation page, for services that lead back to it."""
        return self.address + SENT_FILE if self.address else ""

    @property
    def leads_to(self) -> list[str]:
        """Where a form may lead to. Browsers ask at redirects, too: a field or the service's own settings may lead back to this site."""
        back = urlsplit(self.address)
        return [*self.form.form_action, "'self'", *([f"{back.scheme}://{back.netloc}"] if back.netloc else [])]

    @property
    def host(self) -> str:
        """Where what is sent goes, in a word."""
        return urlsplit(self.form.action).netloc


def can_send(plan: BuyerView) -> bool:
    """Whether the buyer can do anything on the plan's pages today."""
    if plan.expired or plan.state == "lost":
        return False
    acts = [task.acts for stage in plan.stages for task in stage.tasks]
    acts += [one.acts for one in plan.success_criteria] + [one.acts for one in plan.resources] + [one.acts for one in plan.risks]
    return any((plan.acts, *acts))


def _items(plan: BuyerView) -> set[str]:
    """What the page shows and people can have acted on."""
    found = {"plan", *(f"task/{task.id}" for stage in plan.stages for task in stage.tasks)}
    found |= {f"criterion/{one.id}" for one in plan.success_criteria}
    found |= {f"resource/{one.id}" for one in plan.resources}
    return found | {f"risk/{one.id}" for one in plan.risks}


def page_data(plan: BuyerView, forms: Forms, acts: Acts, former: Sequence[Event] = ()) -> Markup:
    """What the script reads off the page, as JSON that no HTML parser takes for anything else.

    `seen` is the newest receipt of each item that the page already shows: what is newer, the script adds from the live state. `told` are
    the acts of the buyer's side that the page shows or the seller rejected: their senders need not wait for them any longer. `former`
    are the acts in plans that this one continues: they are told, and nothing as old as they are is new here.
    """
    items = _items(plan)
    newest = max((moment_key(event.received) for event in former), default="")
    seen = dict.fromkeys(sorted(items.union(event.on for event in former if event.on.startswith("section/"))), newest) if newest else {}
    for event in acts.counting:
        if event.on not in items and not event.on.startswith("section/"):
            continue  # the seller acts on internal items, too
        seen[event.on] = max(seen.get(event.on, newest), moment_key(event.received))
    service = forms.form
    data = {
        "plan": plan.key,
        "action": SENT_FILE if service.same_site else service.action,
        "fields": dict(service.fields),
        "live": service.live,
        "ok": service.ok_key,
        "files": service.files,
        "people": {one.ref: {"id": one.id, "name": one.name} for one in plan.guests},
        "seller": plan.seller.short,
        "seen": seen,
        "told": [event.id for event in (*former, *acts.counting, *acts.rejected) if not event.from_seller],
    }
    return data_island(data)


def data_island(data: Mapping[str, object]) -> Markup:
    """Values as JSON that no HTML parser takes for anything else."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return Markup(text)
