"""What the plans of the states say, and what was said in them."""

from __future__ import annotations

from pathlib import Path

from planmark.plan.events import Event

_PLANS = Path(__file__).with_name("plans")

EMPTY, FIVE, LONG, ARABIC, JAPANESE = (
    (_PLANS / f"{name}.yaml").read_text(encoding="utf-8") for name in ("empty", "five", "long", "arabic", "japanese")
)

_CONTACT = "email: dana@halyard.example"
SELLER = f"""\
seller: {{name: Halyard Planning Ltd, short: Halyard}}
people: [{{id: dana, name: Dana Whitfield, title: Account executive, {_CONTACT}, phone: "+44 113 496 0142"}}]
contact: dana
"""
ARABIC_SELLER = f"""\
seller: {{name: شركة حليار للتخطيط, short: حليار}}
people: [{{id: dana, name: دانة الحداد, title: مديرة الحساب, {_CONTACT}, phone: "+971 4 496 0142"}}]
contact: dana
"""
JAPANESE_SELLER = f"""\
seller: {{name: ハリヤード計画株式会社, short: ハリヤード}}
people: [{{id: dana, name: 田中 美咲, title: 営業担当, {_CONTACT}, phone: "+81 3 4960 0142"}}]
contact: dana
"""

DONE = (
    FIVE.replace("due: 2026-11-19", "due: 2026-11-19\n        status: done\n        done_on: 2026-11-19")
    .replace("status: doing", "status: done, done_on: 2026-11-20")
    .replace("status: blocked", "status: done, done_on: 2026-11-20")
    .replace("owner: dana, after: [decide]", "owner: dana, status: done, done_on: 2026-11-20, after: [decide]")
)
"""The plan of five tasks when all of them are done."""


def _act(number: int, on: str, kind: str, **fields: object) -> Event:
    moment = f"2026-11-{10 + number:02}T09:{number:02}:44.120Z"
    return Event(**{"id": f"event-{number:08}", "plan": "five", "on": on, "kind": kind, "received": moment} | fields)  # type: ignore[arg-type]


_ASKED = "Our counsel asks whether clause 4 may name the country.\nShe is back on Friday."
SAID = (
    _act(1, "task/nda", "comment", proof="link", by="joost", text=_ASKED),
    _act(2, "task/nda", "commented", proof="seller", by="dana", text="It may. The new copy is in the folder."),
    _act(3, "task/trial", "proposed", proof="link", by="maria", what="date", value="2026-12-09", text="Two of us are away."),
    _act(4, "plan", "comment", name="Ruben", text="Who tells the field?"),
    _act(5, "risk/holidays", "comment", proof="link", by="maria", text="The stockroom closes on the 18th."),
    _act(6, "plan", "signed", proof="link", by="joost", name="J. van den Berg", value="2026-11-16", rev="1a2b3c4d" * 4, text="We agree"),
)
"""What people did in the plan of five tasks."""
