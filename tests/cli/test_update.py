"""`planmark update`: mails that are ready to send, with nothing in them but what the buyer sees."""

from __future__ import annotations

from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.dates import format_date
from tests.build.complete import SECRET_SHOWN, Complete, complete
from tests.cli.running import planmark
from tests.conftest import MakeWorkspace, write

from planmark.content.secrets import keep_key, new_key
from planmark.plan.scalars import LANGUAGES
from planmark.plan.tokens import fingerprint

DAY = ("--today", "2026-11-24")
SITE = "https://plans.halyard.example/acme-k00m9x4c3hq5d8rj6p1t0bn2v/"
WORKSPACE = """\
seller: Halyard Planning
people: [{id: dana, name: Dana Whitfield, email: dana@halyard.example}]
contact: dana
"""
PUBLISHED = 'publish: {live: {kind: directory, url: "https://plans.halyard.example"}}\n'
ENDPOINT = "endpoint: {kind: formspree, form: xaykzqbd}\n"
PLAN = """\
account: Northwind
title: Rollout
target: {target}
share_key: k00m9x4c3hq5d8rj6p1t0bn2v
locale: {locale}
people:
  - {{id: maria, name: Maria Lindqvist, email: maria@northwind.example}}
  - {{id: ruben, name: Ruben Bakker, email: ruben@northwind.example}}
  - {{id: pieter, name: Pieter Mulder}}
  - {{id: henk, name: Henk Vos, email: henk@northwind.example, left: 2026-11-01}}
  - {{id: claire, name: Claire Orr, email: claire@fenwick.example, party: fenwick}}
parties: [{{id: fenwick, name: Fenwick Orr, side: partner}}]
stages:
  - title: Evaluate
    tasks:
      - {{id: nda, title: Sign the NDA, owner: maria, due: {due}}}
      - {{id: orders, title: Send a week of orders, owner: [ruben, maria], due: 2026-11-20}}
      - {{id: contract, title: Return the contract, owner: claire, due: 2026-11-30}}
      - {{id: prices, title: Send prices, owner: dana, due: 2026-11-26}}
      - {{id: later, title: Train the planners, owner: maria, due: 2027-01-12}}
      - {{id: board, title: Tell the board, owner: buyer, due: 2026-11-27}}
"""


def plan(due: str = "2026-11-27", target: str = "2027-01-29", locale: str = "en-GB") -> str:
    return PLAN.format(due=due, target=target, locale=locale)


@pytest.fixture
def acme(workspace: MakeWorkspace) -> Path:
    """A workspace of one deal with a version of 12 November, before a date moved; its sites are published, and there is an endpoint."""
    key = new_key()
    keep_key(key)
    settings = f'{WORKSPACE}{PUBLISHED}{ENDPOINT}key: "{fingerprint(key)}"\n'
    root = workspace({"planmark.yaml": settings, "content/acme/plan.yaml": plan(due="2026-11-25")})
    assert planmark(root, "snapshot", "acme", "--today", "2026-11-12").code == 0
    write(root, {"content/acme/plan.yaml": plan()})
    return root


def read(path: Path) -> EmailMessage:
    message = message_from_bytes(path.read_bytes(), policy=default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body
    return str(body.get_content())


class Tags(HTMLParser):
    """The links of a mail, and everything that it would load."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.start: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.start.append((tag, given))
        if tag == "a":
            self.links.append(given["href"] or "")
        if tag in ("img", "link", "script", "iframe", "object", "video") or "url(" in (given.get("style") or "") or "src" in given:
            self.loads.append(tag)


def test_one_mail_for_each_person(acme: Path) -> None:
    """A draft, from the contact to that person: their tasks first, then the others', and their own link in both parts."""
    said = planmark(acme, "update", "acme", "--to", "maria", "--to", "claire", *DAY)
    folder = acme / "build/internal/acme/mail"
    assert said.code == 0
    assert not said.err
    assert said.out.splitlines() == [
        "build/internal/acme/mail/update-2026-11-24-maria.eml, to Maria Lindqvist <maria@northwind.example>",
        "build/internal/acme/mail/update-2026-11-24-claire.eml, to Claire Orr <claire@fenwick.example>",
    ]
    links = planmark(acme, "links", "acme", *DAY).out.split()
    for person in ("maria", "claire"):
        message = read(folder / f"update-2026-11-24-{person}.eml")
        assert message["X-Unsent"] == "1"
        assert message["Date"] is None
        assert message["From"] == "Dana Whitfield <dana@halyard.example>"
        assert message["Subject"] == "Rollout: where we are on 24 November 2026"
        assert [one.get_content_type() for one in message.iter_parts()] == ["text/plain", "text/html"]
        (link,) = Tags(part(message, "html")).links
        assert link in links
        assert link.startswith(f"{SITE}#t=")
        assert f"Open the plan: {link}" in part(message, "plain").splitlines()


def test_what_a_mail_says(acme: Path) -> None:
    said = planmark(acme, "update", "acme", "--to", "maria", "--format", "text", *DAY)
    link = next(line for line in said.out.splitlines() if line.startswith("Open the plan: "))
    assert (
        said.out.replace(link, "Open the plan: LINK")
        == """\
Subject: Rollout: where we are on 24 November 2026

Hello Maria Lindqvist,

This is where “Rollout” stands on 24 November 2026.

- Target date: 29 January 2027
  As things stand, this date holds.
- State: At risk · 0 of 6 done
  “Send a week of orders” is late

Your next steps

- 20 Nov 2026: Send a week of orders
  Late
- 27 Nov 2026: Sign the NDA
- 12 Jan 2027: Train the planners

Open the plan: LINK

The link is yours alone: what is done with it is done in your name.

Late or at risk

- 20 Nov 2026: Send a week of orders
  Ruben Bakker, Maria Lindqvist · Late

Since 12 November 2026

- Moved: Sign the NDA
  2 days later: 27 Nov 2026, no longer 25 Nov 2026

Next for Northwind

- 27 Nov 2026: Tell the board
  Northwind

Next for Halyard Planning

- 26 Nov 2026: Send prices
  Dana Whitfield

Next for Partners

- 30 Nov 2026: Return the contract
  Claire Orr

Dana Whitfield, Halyard Planning
"""
    )


def test_without_people_it_is_one_mail_to_the_buyers_side(acme: Path) -> None:
    """To all whose address the plan has and who are still there, with the address that is nobody's own."""
    said = planmark(acme, "update", "acme", *DAY)
    assert said.code == 0
    assert "no mail address of Pieter Mulder" in said.err
    message = read(acme / "build/internal/acme/mail/update-2026-11-24.eml")
    assert [one.addr_spec for one in message["To"].addresses] == ["maria@northwind.example", "ruben@northwind.example"]
    assert Tags(part(message, "html")).links == [SITE]
    assert "yours alone" not in part(message, "plain")


@pytest.mark.parametrize(
    ("settings", "links", "note"),
    [
        (WORKSPACE, [], "names no public address"),
        (WORKSPACE + PUBLISHED, [SITE], ""),
        (WORKSPACE + PUBLISHED + ENDPOINT, [SITE], "names no signing key"),
        (WORKSPACE + PUBLISHED + ENDPOINT + 'key: "0badcafe"\n', [SITE], "is not on this machine"),
    ],
)
def test_a_link_that_cannot_be_is_told(workspace: MakeWorkspace, settings: str, links: list[str], note: str) -> None:
    root = workspace({"planmark.yaml": settings, "content/acme/plan.yaml": plan()})
    said = planmark(root, "update", "acme", "--to", "maria", *DAY)
    assert said.code == 0
    assert note in said.err
    assert bool(said.err) == bool(note)
    message = read(root / "build/internal/acme/mail/update-2026-11-24-maria.eml")
    assert Tags(part(message, "html")).links == links
    assert ("https://" in part(message, "plain")) == bool(links)


def test_a_version_put_out_just_now_hides_nothing(acme: Path) -> None:
    assert planmark(acme, "snapshot", "acme", *DAY).code == 0
    out = planmark(acme, "update", "acme", "--format", "text", *DAY).out
    assert "Since 12 November 2026" in out
    assert "2 days later" in out
    out = planmark(acme, "update", "acme", "--since", "2026-11-24", "--format", "text", *DAY).out
    assert "Nothing has changed since 24 November 2026." in out


def test_reminders_go_to_those_who_have_something_due(acme: Path) -> None:
    """To nobody for what is due later, nor to the contact, who sends them; what has no name on it is told."""
    said = planmark(acme, "update", "acme", "--due", "7d", *DAY)
    assert sorted(path.name for path in (acme / "build/internal/acme/mail").iterdir()) == [
        "reminder-2026-11-24-claire.eml",
        "reminder-2026-11-24-maria.eml",
        "reminder-2026-11-24-ruben.eml",
    ]
    assert "“Tell the board” is due 2026-11-27" in said.err
    message = read(acme / "build/internal/acme/mail/reminder-2026-11-24-maria.eml")
    assert message["Subject"] == "Rollout: 2 tasks are due"
    text = part(message, "plain")
    assert "- 20 Nov 2026: Send a week of orders\n  Late\n- 27 Nov 2026: Sign the NDA\n" in text.replace("\r\n", "\n")
    assert "Train the planners" not in text
    said = planmark(acme, "update", "acme", "--due", "7d", "--to", "dana", "--format", "text", *DAY)
    assert "Send prices" in said.out


def test_nothing_due_is_no_mail(acme: Path) -> None:
    said = planmark(acme, "update", "acme", "--due", "7d", "--to", "pieter", *DAY)
    assert (said.code, said.out) == (0, "")
    assert "Nothing is due" in said.err
    assert not (acme / "build").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--to", "mara"), 1, "did you mean `maria`?"),
        (("--to", "henk"), 1, "no longer there"),
        (("--since", "2026-01-01"), 1, "PM715"),
        (("--due", "soon"), 2, "such as 7d or 2w"),
        (("--due", "7d", "--since", "2026-11-12"), 2, "leave --since out"),
        (("--to", "maria", "--to", "ruben", "--format", "text"), 2, "name one person with --to"),
        (("--output", "build/sites"), 1, "PM615"),
        (("--output", "content/acme/mails"), 1, "PM615"),
    ],
)
def test_what_cannot_be_asked_is_told(acme: Path, arguments: tuple[str, ...], code: int, said: str) -> None:
    found = planmark(acme, "update", "acme", *arguments, *DAY)
    assert found.code == code
    assert said in found.err
    assert not (acme / "build").exists()


def test_drafts_lie_where_they_were_asked_for(acme: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out" / "of" / "it"
    assert planmark(acme, "update", "acme", "--to", "ruben", "--output", str(folder), *DAY).code == 0
    assert [path.name for path in folder.iterdir()] == ["update-2026-11-24-ruben.eml"]


def test_a_mail_loads_nothing_and_keeps_to_its_column(acme: Path) -> None:
    html = planmark(acme, "update", "acme", "--to", "maria", "--format", "html", *DAY).out
    tags = Tags(html)
    assert not tags.loads
    assert "@import" not in html
    assert any("max-width:600px" in (given.get("style") or "") for tag, given in tags.start if tag == "table")
    assert all(given.get("role") == "presentation" for tag, given in tags.start if tag == "table")


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_mail_speaks_the_plans_language(workspace: MakeWorkspace, code: str) -> None:
    """Dates as its readers write them; right to left where they read so, on the element that mail programs keep."""
    root = workspace({"planmark.yaml": WORKSPACE, "content/acme/plan.yaml": plan(locale=code)})
    for more in ((), ("--due", "7d")):
        said = planmark(root, "update", "acme", "--to", "maria", "--format", "html", *more, *DAY)
        assert said.code == 0
        columns = [given for tag, given in Tags(said.out).start if tag == "table" and given.get("class") == "sheet"]
        assert [(one["lang"], one["dir"]) for one in columns] == [(code, "rtl" if code == "ar" else "ltr")]
        assert "Maria Lindqvist" in said.out
        assert (f"text-align:{'right' if code == 'ar' else 'left'}") in said.out
        assert format_date(date(2026, 12, 1) if more else date(2026, 11, 24), "long", locale=code) in unescape(said.out)


@pytest.mark.parametrize("title", ["<img src=x onerror=alert(1)>", "{{ 7 * 7 }} & “x”", "</td></table><script>alert(1)</script>"])
def test_a_title_is_a_text(acme: Path, title: str) -> None:
    text = (acme / "content/acme/plan.yaml").read_text(encoding="utf-8")
    (acme / "content/acme/plan.yaml").write_text(text.replace("Sign the NDA", f"'{title}'"), encoding="utf-8")
    html = planmark(acme, "update", "acme", "--to", "maria", "--format", "html", *DAY).out
    assert not Tags(html).loads
    assert title in unescape(html)
    assert title in planmark(acme, "update", "acme", "--to", "maria", "--format", "text", *DAY).out


@pytest.fixture(scope="module")
def made() -> Complete:
    """Everything that can be written."""
    return complete()


def test_nothing_internal_is_in_a_mail(made: Complete, tmp_path: Path) -> None:
    """Not in a header, not in a name of a file, not in either part."""
    write(tmp_path, made.files)
    for more in ((), ("--due", "999d"), ("--to", "dana")):
        assert planmark(tmp_path, "update", "complete", *more, "--today", "2026-11-09").code == 0
    found = list((tmp_path / "build/internal/complete/mail").iterdir())
    assert found
    for path in found:
        message = read(path)
        whole = "\n".join([path.name, str(message), part(message, "plain"), part(message, "html")]).lower()
        assert not [where for word, where in made.secret.items() if word in whole]
        assert not [shown for shown in SECRET_SHOWN if shown.lower() in whole]
        assert [word for word in made.shared if word in whole]
