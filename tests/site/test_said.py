"""What people did, as the buyer sees it: named as far as it is known, and nothing that waits, was rejected, or is internal."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.plan.doing import event, seller

from planmark.build.build import Options, build
from planmark.content.acting import load_one
from planmark.content.activity import append_events
from planmark.plan.agreement import criterion_digest, terms_digest
from planmark.plan.events import Event, Upload
from planmark.plan.shared import shared
from planmark.plan.tokens import person_ref, plan_digest
from planmark.site.data import as_data
from planmark.site.projection import project

MakeWorkspace = Callable[[Mapping[str, str | bytes]], Path]
WORKSPACE = """\
seller: {name: Lumen Software, short: Lumen}
people: [{id: dana, name: Dana Whitfield}]
contact: dana
timezone: Europe/London
endpoint: {kind: generic, url: "https://forms.example/x"}
"""
PLAN = """\
account: {name: Acme Tools, short: Acme}
title: Rollout
target: 2027-01-29
share_key: k00m9x4c3hq5d8rj6p1t0bn2v
people: [{id: maria, name: Maria Lindqvist}, {id: jo, name: Jo}]
success_criteria: [{id: fast, criterion: Quotes in a day}]
risks: [{id: delay, title: Delay}, {id: cold, title: They go cold, audience: internal}]
sign_off: {statement: We mean to do this., by: [dana, maria]}
stages:
  - title: Start
    tasks:
      - {id: nda, title: Sign, owner: maria, due: 2026-11-20}
      - {id: fire-them, title: Fire them, owner: dana, audience: internal}
"""
TODAY = date(2026, 11, 9)
ONE, TWO, THREE = (f"2026-11-0{day}T10:00:00Z" for day in (3, 4, 5))


class Shown:
    """A plan, what people did, and what the buyer sees of it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, *events: Event) -> None:
        append_events(self.root / "content/acme", events)

    def edit(self, old: str, new: str) -> None:
        path = self.root / "content/acme/plan.yaml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    @property
    def view(self) -> Any:
        return project(load_one(self.root, "acme"), TODAY).view

    @property
    def task(self) -> Any:
        return self.view.stages[0].tasks[0]

    @property
    def text(self) -> str:
        return json.dumps(as_data(self.view), ensure_ascii=False)

    def terms(self) -> str:
        return terms_digest(shared(load_one(self.root, "acme").plan))


@pytest.fixture
def shown(workspace: MakeWorkspace) -> Shown:
    return Shown(workspace({"planmark.yaml": WORKSPACE, "content/acme/plan.yaml": PLAN}))


def test_who_it_was_is_said_as_far_as_it_is_known(shown: Shown) -> None:
    loose = event(kind="comment", text="Two", proof="", by="", name="Ann", at=TWO)
    shown.put(
        event(kind="comment", text="One", at=ONE),
        loose,
        seller(kind="commented", text="Three", at=THREE),
        event(kind="comment", text="Four", by="gone", at=THREE),
    )
    shown.put(seller(kind="accepted", of=loose.id, at=THREE))
    said = {one.text: one.by for one in shown.task.said}
    ref = person_ref(plan_digest("k00m9x4c3hq5d8rj6p1t0bn2v"), "maria")
    assert [(text, by.name, by.how, by.side, by.ref) for text, by in said.items() if text != "Four"] == [
        ("One", "Maria Lindqvist", "link", "buyer", ref),
        ("Two", "Ann", "named", "buyer", ""),
        ("Three", "Dana Whitfield", "seller", "seller", ""),
    ]
    assert (said["Four"].name, said["Four"].how, said["Four"].ref) == ("Acme", "link", "")


def test_nothing_that_waits_or_was_rejected_is_shown_anywhere(shown: Shown) -> None:
    waits = event(kind="comment", text="Hush-waits", proof="", by="", name="Hush-name")
    rejected = event(kind="comment", text="Hush-rejected", proof="", by="", name="Hush-name")
    lapsed = event(kind="done", text="Hush-lapsed", proof="", by="", lapsed="revoked maria")
    signed = event("plan", "signed", proof="", by="", name="Hush-signer", text="Hush-statement", rev=shown.terms())
    shown.put(waits, rejected, lapsed, signed, event("plan", "comment", text="Hush-plan", proof="", by=""))
    shown.put(seller(kind="rejected", of=rejected.id, text="Hush-why", at=THREE))
    assert "Hush" not in shown.text
    assert shown.task.status == "todo"
    assert shown.view.sign_off.signatures == ()
    report = build(shown.root, Options(today=TODAY, workers=1, pdf="none"))
    assert report.failed == []
    assert not [path for path in (shown.root / "build/sites").rglob("*") if path.is_file() and b"Hush" in path.read_bytes()]


def test_nothing_internal_is_shown_though_people_acted_on_it(shown: Shown) -> None:
    shown.put(seller("task/fire-them", kind="status", value="doing", was="", text="Hush"), seller("risk/cold", "commented", text="Hush"))
    shown.put(event("task/fire-them", "comment", text="Hush"))
    assert not [word for word in ("Hush", "fire-them", "cold") if word in shown.text]
    build(shown.root, Options(today=TODAY, workers=1, pdf="none"))
    files = [path for path in (shown.root / "build/sites").rglob("*") if path.is_file()]
    assert not [path for path in files for word in (b"Hush", b"fire-them", b"risk/cold") if word in path.read_bytes()]


def test_a_date_works_only_while_it_is_that_date(shown: Shown) -> None:
    shown.put(
        event(kind="agreed", value="2026-11-20"),
        event(kind="agreed", value="2026-11-20", by="jo"),
        event(kind="agreed", value="2026-11-13"),
    )
    assert [one.name for one in shown.task.date_agreed] == ["Maria Lindqvist", "Jo"]
    shown.put(seller(kind="due", value="2026-11-27", was="2026-11-20", at=THREE))
    assert shown.task.date_agreed == ()
    shown.edit("due: 2026-11-20", "due: 2026-11-13")
    assert [one.name for one in shown.task.date_agreed] == ["Maria Lindqvist"]


def test_an_agreement_to_a_criterion_shows_as_earlier_once_the_criterion_changes(shown: Shown) -> None:
    mine = load_one(shown.root, "acme").plan.success_criteria[0]
    shown.put(event("criterion/fast", "agreed", rev=criterion_digest(mine)))
    now = shown.view.success_criteria[0]
    assert now.agreed_by.name == "Maria Lindqvist"
    assert now.agreed_earlier is None
    shown.edit("criterion: Quotes in a day", "criterion: Quotes in an hour")
    later = shown.view.success_criteria[0]
    assert later.agreed_by is None
    assert later.agreed_earlier.name == "Maria Lindqvist"


def test_a_signature_says_whether_the_plan_is_still_as_it_was_signed(shown: Shown) -> None:
    shown.put(event("plan", "signed", name="M. Lindqvist", text="We mean to do this.", value="2026-11-03", rev=shown.terms(), at=ONE))
    (one,) = shown.view.sign_off.signatures
    assert (one.person, one.typed, one.dated, one.day, one.statement, one.current) == (
        "maria",
        "M. Lindqvist",
        date(2026, 11, 3),
        date(2026, 11, 3),
        "We mean to do this.",
        True,
    )
    shown.put(event(at=TWO), event(kind="comment", text="Well", at=TWO))
    shown.edit("share_key: k00", "share_key: k99")
    assert shown.view.sign_off.signatures[0].current
    shown.edit("title: Rollout", "title: Rollout of all")
    assert not shown.view.sign_off.signatures[0].current


def test_a_signature_of_other_words_is_not_one_of_this_plan(shown: Shown) -> None:
    """Whoever sends another statement under today's digest has not signed what the plan says."""
    shown.put(event("plan", "signed", name="Maria", text="We mean to do none of this.", rev=shown.terms()))
    (signed,) = shown.view.sign_off.signatures
    assert (signed.statement, signed.current) == ("We mean to do none of this.", False)


def test_an_approval_shows_as_earlier_once_the_task_is_worded_otherwise(shown: Shown) -> None:
    shown.edit("owner: maria, due", "gate: legal, owner: maria, due")
    shown.put(event(kind="approved", rev=shown.task.rev))
    assert [one.earlier for one in shown.task.said] == [False]
    shown.edit("title: Sign,", "title: Sign and pay,")
    assert [(one.earlier, shown.task.status) for one in shown.task.said] == [(True, "done")]


def test_who_of_the_team_is_named_changes_no_signature(shown: Shown) -> None:
    """A new contact in planmark.yaml is nothing that anybody signed."""
    before = shown.terms()
    path = shown.root / "planmark.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("}]", "}, {id: owen, name: Owen}]", 1).replace("contact: dana", "contact: owen"), encoding="utf-8")
    assert shown.terms() == before


def test_the_newest_signature_of_each_person_counts_and_no_typed_name_takes_its_place(shown: Shown) -> None:
    """Whoever types `maria`, which is an id here, is not Maria."""
    loose = event("plan", "signed", proof="", by="", name="maria", text="We mean to do this.", rev="0" * 32, at=TWO)
    first, again = (event("plan", "signed", name="Maria", text="We mean to do this.", rev=shown.terms(), at=at) for at in (ONE, TWO))
    shown.put(first, again, loose, seller(kind="accepted", on="plan", of=loose.id, at=THREE))
    found = {one.id: (one.by.how, one.person) for one in shown.view.sign_off.signatures}
    assert found == {again.id: ("link", "maria"), loose.id: ("named", "")}


def test_a_proposal_shows_what_became_of_it(shown: Shown) -> None:
    asked = event(kind="proposed", what="owner", value="jo", at=ONE)
    shown.put(asked)
    (said,) = shown.task.said
    assert (said.what, said.value, said.answer) == ("owner", "Jo", "")
    shown.put(seller(kind="rejected", of=asked.id, text="She is away.", at=TWO))
    (said,) = shown.task.said
    assert (said.answer, said.answer_text) == ("rejected", "She is away.")


def test_an_uploads_name_and_size_are_shown_and_not_its_file(shown: Shown) -> None:
    shown.put(event(kind="upload", file=Upload("Angebot.pdf", "ab" * 32, 1234)))
    (said,) = shown.task.said
    assert (said.kind, said.value, said.size) == ("upload", "Angebot.pdf", 1234)
    assert "abab" not in shown.text


def test_the_day_of_what_was_said_is_the_plans_own(shown: Shown) -> None:
    shown.put(event(kind="comment", text="Late", at="2026-07-03T23:30:00Z"))
    assert shown.task.said[0].day == date(2026, 7, 4)


def test_what_a_buyer_wrote_is_text_in_every_file_of_the_site(shown: Shown) -> None:
    vector = "</script><script>alert(1)</script><img src=x onerror=alert(1)> ]]> --> {{ 7*7 }}"
    shown.put(event(kind="comment", text=vector), event("plan", "comment", text=vector), event(kind="declined", text=vector, at=TWO))
    assert build(shown.root, Options(today=TODAY, workers=1, pdf="none")).failed == []
    pages = list((shown.root / "build/sites").rglob("*.html"))
    assert any("&lt;script&gt;alert(1)" in page.read_text(encoding="utf-8") for page in pages)
    assert not [
        page for page in pages if "<script>alert" in page.read_text(encoding="utf-8") or "<img src=x" in page.read_text(encoding="utf-8")
    ]
