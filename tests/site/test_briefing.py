"""What is told of a plan: drafts that mail programs open, a text part that says what the HTML says, points that leave nothing out."""

from __future__ import annotations

from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html import escape

from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import MakeWorkspace

from planmark.content.acting import load_one
from planmark.site.briefing import points
from planmark.site.briefing.draft import Letter, Mailbox, draft
from planmark.site.briefing.plain import plain
from planmark.site.projection import project

HEADERS = {"X-Unsent", "From", "To", "Subject", "MIME-Version", "Content-Type"}
TODAY = date(2026, 11, 24)
TEXTS = st.text(max_size=60).filter(lambda text: not any("\ud800" <= char <= "\udfff" for char in text))
"""Anything that can stand in a file of UTF-8, line breaks and all that is invisible with it."""
ADDRESSES = st.from_regex(r"[a-z0-9.ü+-]{1,12}@[a-zö0-9-]{1,12}\.example", fullmatch=True)


def read(data: bytes) -> EmailMessage:
    """The draft as Python's own parser reads it."""
    message = message_from_bytes(data, policy=default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


@given(subject=TEXTS, name=TEXTS, sender=TEXTS, address=ADDRESSES)
def test_no_text_adds_a_header_or_an_addressee(subject: str, name: str, sender: str, address: str) -> None:
    message = read(draft(Letter(subject, "<p>Hello</p>", "Hello\n"), [Mailbox(name, address)], Mailbox(sender, "dana@halyard.example")))
    assert set(message.keys()) == HEADERS
    written = [
        box.addr_spec.encode("utf-8", "surrogateescape").decode() for box in message["To"].addresses
    ]  # the parser keeps UTF-8 as bytes
    assert written == [address]
    assert [box.addr_spec for box in message["From"].addresses] == ["dana@halyard.example"]
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_a_title_that_looks_like_headers_is_a_subject() -> None:
    title = "Rollout\r\nBcc: everybody@evil.example\r\n\r\nHello"
    message = read(draft(Letter(title, "", ""), [Mailbox("Maria\nX-Evil: yes <evil@evil.example>", "maria@acme.example")], None))
    assert message["Subject"] == "Rollout Bcc: everybody@evil.example Hello"
    assert set(message.keys()) == HEADERS - {"From"}
    assert [box.addr_spec for box in message["To"].addresses] == ["maria@acme.example"]


def test_names_and_subjects_of_every_script_come_back() -> None:
    message = read(draft(Letter("計画: عطاء", "<p>ü</p>", "ü\n"), [Mailbox("Zoë Müller, Dr.", "zoe@acme.example")], None))
    assert message["Subject"] == "計画: عطاء"
    assert message["To"].addresses[0].display_name == "Zoë Müller, Dr."
    body = message.get_body(("plain",))
    assert body
    assert body.get_content() == "ü\r\n"


def test_the_same_mail_is_the_same_bytes() -> None:
    letter = Letter("A", "<p>B</p>", "B\n")
    assert draft(letter, [], None) == draft(letter, [], None)
    assert b"\n" not in draft(letter, [], None).replace(b"\r\n", b"")
    assert b"\nDate:" not in draft(letter, [], None)
    assert b"\nMessage-ID:" not in draft(letter, [], None)


def test_html_as_a_text() -> None:
    html = """<html><head><title>Not said</title><style>p { color: red }</style></head><body><table role="presentation"><tr><td>
    <p>Hello   Maria,</p><h2>Next &amp; later</h2>
    <table><tr class="row"><td>3 Nov</td><td>Sign the NDA<br><span>Maria · <b>Late</b></span></td></tr>
    <tr class="row"><td></td><td>Connect</td></tr></table>
    <p><a href="https://plans.example/x/#t=abc">Open the plan</a></p></td></tr></table></body></html>"""
    assert (
        plain(html)
        == """\
Hello Maria,

Next & later

- 3 Nov: Sign the NDA
  Maria · Late
- 3 Nov: Connect

Open the plan: https://plans.example/x/#t=abc
"""
    )


@given(st.lists(TEXTS.map(lambda text: " ".join(text.split())).filter(lambda text: any(not char.isspace() for char in text)), max_size=5))
def test_no_word_of_a_paragraph_is_lost(said: list[str]) -> None:
    html = "".join(f"<p>{escape(text)}</p>" for text in said)
    assert plain(html).split() == [word for text in said for word in text.split()]


PLAN = """\
account: Northwind
title: Rollout
target: 2027-01-29
people: [{id: maria, name: Maria Lindqvist}, {id: dana, name: Dana Whitfield, party: seller}]
success_criteria: [{id: hours, criterion: Six hours a week, agreed: {seller: 2026-11-02}}]
stages:
  - title: Evaluate
    tasks:
      - {id: old, title: Long done, owner: maria, due: 2026-09-01, done_on: 2026-09-01}
      - {id: new, title: Just done, owner: maria, due: 2026-11-20, done_on: 2026-11-20}
      - {id: late, title: Late, owner: maria, due: 2026-11-20}
      - {id: stuck, title: Stuck, owner: dana, due: 2026-12-04, status: blocked, after: late}
      - {id: nobody, title: Nobody has it, due: 2026-12-10}
      - {id: sign, title: Sign, owner: maria, due: 2026-12-18, buyer_can: [approve]}
      - {id: gone, title: Dropped, owner: maria, due: 2026-11-01, status: dropped}
"""


def test_what_there_is_to_say(workspace: MakeWorkspace) -> None:
    """Each task where somebody looks for it, and nothing twice."""
    root = workspace({"content/acme/plan.yaml": PLAN})
    said = points(project(load_one(root, "acme"), TODAY).view, TODAY, None, ())
    assert [task.id for task in said.done] == ["new"]
    assert {side: [task.id for task in tasks] for side, tasks in said.next} == {"buyer": ["late", "sign"], "seller": ["stuck"]}
    found = {one.task.id: (one.flag, one.days_late, [link.id for link in one.waits_for]) for one in said.worries}
    assert found == {"late": ("late", 4, []), "stuck": ("blocked", 0, ["late"])}
    assert [(one.kind, one.title, one.who) for one in said.decisions] == [
        ("approval", "Sign", ("Maria Lindqvist",)),
        ("criterion", "Six hours a week", ("Northwind",)),
        ("owner", "Nobody has it", ()),
    ]
    assert said.holds is True


def test_a_plan_that_rests_asks_nothing(workspace: MakeWorkspace) -> None:
    root = workspace({"content/acme/plan.yaml": PLAN + "state: paused\n"})
    said = points(project(load_one(root, "acme"), TODAY).view, TODAY, None, ())
    assert (said.next, said.worries, said.decisions, said.holds) == ((), (), (), None)
