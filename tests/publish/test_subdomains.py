"""Every plan at a subdomain of its own: its address everywhere, names that cannot be one, and a browser that goes there and sends."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Page, expect, sync_playwright
from tests.build.small import PAGE, key, plan
from tests.preview.conftest import CHROMIUM, SWITCHES
from tests.publish.published import Handler, Publisher, publisher, serving
from tests.receiver.running import READ, REGISTER, Receiving

from planmark.content.acting import load_one
from planmark.content.secrets import written_key
from planmark.content.team import workspace_of
from planmark.endpoints.connected import connected, tell_receiver
from planmark.plan.tokens import fingerprint
from planmark.plan.workspace import Target
from planmark.problems import Location
from planmark.publish.there import there_of
from planmark.targets.kinds import settings_problems

SITE = f"acme-{key(0)}"
COOP = "Cross-Origin-Opener-Policy header has been ignored"
"""As http is no origin to trust, anywhere but on localhost."""
TEAM_KEY = bytes(range(32))


class ByName(Handler):
    """The folder of a request is the first label of its host, as `planmark headers nginx --subdomains` has it."""

    def translate_path(self, path: str) -> str:
        """Below that folder."""
        site = (self.headers.get("Host") or "").partition(".")[0]
        return super().translate_path(f"/{site}{path}") + (os.sep if path.endswith("/") else "")


@pytest.fixture
def ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    """A workspace with the shipped theme, whose plans are shown at subdomains of plans.test, which is here."""
    (tmp_path / "www").mkdir()
    real = socket.getaddrinfo

    def here(host: str, *others: Any, **more: Any) -> Any:
        return real("127.0.0.1" if str(host).endswith(".plans.test") else host, *others, **more)

    monkeypatch.setattr(socket, "getaddrinfo", here)
    with serving(tmp_path / "www", like=ByName) as url:
        port = url.rpartition(":")[2]
        found = publisher(tmp_path, f"http://plans.test:{port}", ("acme",))
        found.small.replace("planmark.yaml", "{kind: directory,", "{kind: directory, subdomains: yes,")
        yield found


def address_of(ours: Publisher) -> str:
    """Where the plan is."""
    return there_of(ours.small.root).address(SITE)


def test_its_address_is_the_same_everywhere(ours: Publisher) -> None:
    ours.small.write({"themes/plain/page.html": PAGE.replace("<h1>", "<p>{{ card }}</p><h1>")})
    outcome = ours.one()
    assert outcome.address == address_of(ours)
    assert outcome.address.startswith(f"http://{SITE}.plans.test:")
    assert outcome.address.count("/") == 3
    assert f"<p>{outcome.address}assets/" in (ours.www / SITE / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("of", "draft"),
    [(f"id: {'a' * 40}", False), ("id: a_b", False), (f"id: {'a' * 30}", True)],
    ids=["too long", "an underscore", "a draft's is longer"],
)
def test_a_name_that_cannot_be_a_subdomain_is_refused_before_anything_goes_out(ours: Publisher, of: str, draft: bool) -> None:
    ours.small.write({"content/acme/plan.yaml": plan(more=of)})
    (outcome,) = ours.publish("acme", draft=draft)
    assert outcome.result == "refused"
    (problem,) = outcome.problems
    assert problem.code == "PM802"
    assert "cannot be a subdomain" in problem.message
    assert "shorter `id`" in problem.hint
    assert list(ours.www.iterdir()) == []
    assert not (ours.small.root / "content/acme/versions").exists() or not list((ours.small.root / "content/acme/versions").iterdir())


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"kind": "directory", "url": "https://plans.example.com"}, ""),
        ({"kind": "directory", "url": "http://plans.example.com:8080/"}, ""),
        ({"kind": "directory"}, ""),
        ({"kind": "directory", "url": "https://example.com/plans"}, "can have no subdomains"),
        ({"kind": "directory", "url": "http://127.0.0.1:8000"}, "can have no subdomains"),
        ({"kind": "directory", "url": "http://[::1]"}, "can have no subdomains"),
    ],
)
def test_what_can_have_subdomains(settings: dict[str, str], told: str) -> None:
    found = settings_problems("live", {**settings, "subdomains": "yes"}, Location("planmark.yaml"))
    assert [problem.code for problem in found] == (["PM801"] if told else [])
    assert told in " ".join(problem.message for problem in found)


@given(st.text(max_size=70))
def test_every_site_that_fits_is_one_label(site: str) -> None:
    at = Target(kind="directory", url="https://plans.example.com", subdomains=True)  # type: ignore[arg-type]
    if at.fits(site):
        assert 1 <= len(site) <= 63
        assert site.encode("idna").decode() == site
        assert at.address(site) == f"https://{site}.plans.example.com/"


def test_a_buyer_goes_there_and_sends(ours: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With script the answer is read, without it the form is led back: the receiver knows each plan's own name by one line."""
    port = ours.url.rpartition(":")[2]
    monkeypatch.setenv("PLANMARK_KEY", written_key(TEAM_KEY))
    monkeypatch.setenv("PLANMARK_REGISTER_TOKEN", REGISTER)
    monkeypatch.setenv("PLANMARK_ENDPOINT_TOKEN", READ)
    with Receiving(tmp_path / "receiver", "", "--origin", f"http://*.plans.test:{port}") as receiver:
        settings = (ours.small.root / "planmark.yaml").read_text(encoding="utf-8").replace("theme: plain\n", "")
        endpoint = f'endpoint: {{kind: planmark, url: "{receiver.url}"}}\nkey: "{fingerprint(TEAM_KEY)}"\n'
        ours.small.write({"planmark.yaml": settings + endpoint})
        outcome = ours.one()
        tell_receiver(connected(workspace_of(ours.small.root)), load_one(ours.small.root, "acme"))
        with_browser(lambda open_page: _sends(open_page, outcome.address))
        kinds = [event["fields"]["pm_kind"] for event in receiver.events()]
        assert kinds == ["done", "comment"]


Opening = Callable[..., Page]


def _sends(open_page: Opening, address: str) -> None:
    page = open_page(address)
    button = page.locator(".check").first
    button.click()
    page.locator("[name=pm_name]").first.fill("Maria")
    button.click()
    expect(page.locator(".fates li.is-waiting, .fates li.is-sent").first).to_be_visible()
    plain = open_page(f"{address}index.html", java_script_enabled=False)
    ask = plain.locator(".section-missing .ask").first
    ask.locator("summary").click()
    ask.locator("textarea").fill("Who brings the cake?")
    ask.locator("[name=pm_name]").fill("Maria")
    ask.locator("button").click()
    expect(plain).to_have_url(f"{address}sent.html")


def with_browser(do: Callable[[Opening], None]) -> None:
    """Chromium, for which plans.test is this machine. No page may complain."""
    complaints: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*SWITCHES, "--host-resolver-rules=MAP *.plans.test 127.0.0.1"])

        def open_page(address: str, **options: Any) -> Page:
            page = browser.new_context(**options).new_page()
            page.on(
                "console",
                lambda said: complaints.append(said.text) if said.type in ("error", "warning") and COOP not in said.text else None,
            )
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.goto(address)
            return page

        do(open_page)
        browser.close()
    assert complaints == []
