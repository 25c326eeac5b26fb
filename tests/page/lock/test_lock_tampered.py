"""A single bit that isn't as it was sealed: the plan isn't opened, and nothing of it is shown."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.everyone.conftest import FULL
from tests.page.lock.conftest import Reader, enter, is_locked, is_open
from tests.page.lock.sealing import KEY, Locked, put

from planmark.content.access.keys import PlanKey
from planmark.site.sealed.objects import Sealing

DAMAGED = "This plan could not be opened: a part of it is damaged, or is not its sender’s. Please tell whoever sent you the link."
REVOKED = "This link opens the plan no longer. Please enter the passphrase, or ask for a new link."
OF_THE_PLAN = re.compile("Quotes out|Acme|Halyard|confidentiality|Lindqvist")

Change = Callable[[bytes], bytes]


def flipped(at: int) -> Change:
    """With one bit changed in the byte at that place."""
    return lambda data: bytes([*data[:at], data[at] ^ 1, *data[at:][1:]]) if at >= 0 else data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


CHANGES: dict[str, Change] = {
    "another format": flipped(2),
    "another digest": flipped(10),
    "another text": flipped(60),
    "another tag": flipped(-3),
    "cut off": lambda data: data[:-1],
    "cut off early": lambda data: data[:30],
    "empty": lambda data: b"",
    "longer": lambda data: data + b"\0",
    "a page of the host's": lambda data: b"<!doctype html><title>Welcome</title>",
}


def is_damaged(page: Page) -> None:
    """The page says so, to screen readers as well, and shows nothing of the plan."""
    trouble = page.locator("div.lock-trouble")
    expect(trouble).to_be_visible()
    expect(trouble.locator("p")).to_have_text(DAMAGED)
    expect(trouble).to_be_focused()
    expect(page.locator("form")).to_have_count(1)
    expect(page.get_by_label("Passphrase", exact=True)).to_be_hidden()
    assert not OF_THE_PLAN.search(page.content())
    assert page.title() == "This plan is protected"


ALL = [(path, change) for path in ("index.html", "assets/plan.*.css") for change in CHANGES]
SOME = [*ALL[1:5], ALL[len(CHANGES) - 1], ALL[len(CHANGES) + 2]]


@pytest.mark.parametrize(("path", "change"), ALL if FULL else SOME)
def test_whatever_is_changed_in_what_is_shown_first(locked: Locked, reader: Reader, path: str, change: str) -> None:
    folder, link = locked.copy("meddled")
    at = folder / locked.name(path)
    put(at, CHANGES[change](at.read_bytes()))
    is_damaged(reader.open(link))


@pytest.mark.parametrize("change", CHANGES if FULL else ["another text"])
def test_in_the_manifest(locked: Locked, reader: Reader, change: str) -> None:
    folder, link = locked.copy("meddled")
    at = folder / locked.name("manifest")
    put(at, CHANGES[change](at.read_bytes()))
    is_damaged(reader.open(link))


@pytest.mark.parametrize(
    "path", ["assets/later.*.css", "assets/print.*.css", "assets/letters.*.woff2", "assets/terms.*-160.webp", "assets/icon.*.svg"]
)
def test_in_what_the_page_loads(locked: Locked, reader: Reader, path: str) -> None:
    """Also where the plan was shown already: it goes again."""
    folder, link = locked.copy("meddled")
    at = folder / locked.name(path)
    put(at, flipped(-20)(at.read_bytes()))
    is_damaged(reader.open(link))


@pytest.mark.parametrize("way", ["file", "film", "page"])
def test_in_what_is_fetched_later(locked: Locked, reader: Reader, way: str) -> None:
    path = {"file": "plan.ics", "film": "assets/monday.*.mp4", "page": "who-and-how.html"}[way]
    folder, link = locked.copy("meddled")
    at = folder / locked.name(path)
    put(at, flipped(100)(at.read_bytes()))
    page = reader.open(link)
    is_open(page)
    if way == "file":
        page.get_by_role("link", name="The dates in your calendar").click()
    elif way == "film":
        page.locator("video").evaluate("(one) => { one.play().catch(() => {}); }")
    else:
        page.get_by_role("link", name="Who and how").first.click()
    is_damaged(page)


@pytest.mark.parametrize(
    ("one", "other"), [("index.html", "privacy.html"), ("plan.ics", "plan.json"), ("assets/plan.*.css", "assets/print.*.css")]
)
def test_one_file_in_the_place_of_another(locked: Locked, reader: Reader, one: str, other: str) -> None:
    """Both are the sender's own, whole and of this plan."""
    folder, link = locked.copy("meddled")
    put(folder / locked.name(one), (folder / locked.name(other)).read_bytes())
    page = reader.open(link)
    if one == "plan.ics":
        is_open(page)
        page.get_by_role("link", name="The dates in your calendar").click()
    is_damaged(page)


def test_an_older_version_of_a_file(locked: Locked, reader: Reader) -> None:
    """Sealed by the sender under that path and with that key: the manifest says which one it is."""
    folder, link = locked.copy("meddled")
    older = locked.data("index.html").replace(b"Quotes out in a day", b"Quotes out in a min")
    put(folder / locked.name("index.html"), Sealing(KEY).seal("index.html", older).data)
    is_damaged(reader.open(link))


def test_a_page_of_another_plan_of_the_same_sender(locked: Locked, reader: Reader) -> None:
    folder, link = locked.copy("meddled")
    put(folder / locked.name("index.html"), Sealing(PlanKey("f" * 32, KEY.key)).seal("index.html", locked.data("index.html")).data)
    is_damaged(reader.open(link))


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("format", 2, DAMAGED),
        ("plan", "0123456789abcdef0123456789abcdee", REVOKED),
        ("slots", [], REVOKED),
        ("slots", ["", "AAAA", "?"], REVOKED),
        ("manifest", "index.html", DAMAGED),
        ("manifest", "assets/none.bin", "The plan could not be fetched. Please check your connection and try again."),
    ],
)
def test_what_the_page_says_of_the_lock(locked: Locked, reader: Reader, name: str, value: object, says: str) -> None:
    folder, link = locked.copy("meddled")
    _relock(folder, {name: value})
    page = reader.open(link)
    if says == REVOKED:
        is_locked(page, says)
    else:
        expect(page.locator("div.lock-trouble p")).to_have_text(says)
    assert not OF_THE_PLAN.search(page.content())


@pytest.mark.parametrize("change", [{"salt": "AAAAAAAAAAAAAAAAAAAAAA=="}, {"iterations": 1000}])
def test_a_lock_that_asks_for_another_key(locked: Locked, reader: Reader, change: dict[str, object]) -> None:
    """The right passphrase is a wrong one there."""
    folder, _ = locked.copy("meddled")
    _relock(folder, change)
    page = reader.open(f"{locked.origin}/meddled/")
    enter(page)
    is_locked(page, "This is not the passphrase. Please check it and try again.")


def test_a_lock_that_cannot_be_read(locked: Locked, reader: Reader) -> None:
    folder, link = locked.copy("meddled")
    page = (folder / "index.html").read_text(encoding="utf-8")
    put(folder / "index.html", re.sub('data-lock="[^"]*"', 'data-lock="{"', page).encode())
    expect(reader.open(link).locator("div.lock-trouble p")).to_have_text(DAMAGED)


@pytest.mark.parametrize("path", ["manifest", "index.html", "assets/later.*.css"])
def test_what_is_not_reached_is_no_damage(locked: Locked, reader: Reader, path: str) -> None:
    """It can be tried again, and then the plan is there."""
    folder, link = locked.copy("slow")
    at = folder / locked.name(path)
    whole = at.read_bytes()
    at.unlink()
    page = reader.open(link)
    again = page.get_by_role("button", name="Try again")
    expect(page.locator("div.lock-trouble p")).to_have_text("The plan could not be fetched. Please check your connection and try again.")
    assert not OF_THE_PLAN.search(page.content())
    put(at, whole)
    again.click()
    is_open(page)


def test_a_cut_connection_after_the_passphrase(locked: Locked, reader: Reader) -> None:
    """What was typed is right: it need not be typed again."""
    page = reader.open(locked.url)
    is_locked(page)
    page.context.set_offline(True)
    enter(page)
    expect(page.locator("div.lock-trouble p")).to_have_text("The plan could not be fetched. Please check your connection and try again.")
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    is_open(page)


def _relock(folder: Path, change: dict[str, Any]) -> None:
    text = (folder / "index.html").read_text(encoding="utf-8")
    found = re.search('data-lock="([^"]*)"', text)
    assert found
    lock = {**json.loads(html.unescape(found[1])), **change}
    put(folder / "index.html", text.replace(found[1], html.escape(json.dumps(lock))).encode())
