"""What is done in a previewed page: it counts there within a moment, and nowhere else."""

from __future__ import annotations

import json
import re
import socket
import sys
from html import unescape
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

import pytest
from playwright.sync_api import Page, expect
from tests.build.small import Small, tree
from tests.preview.running import Running, eventually

from planmark.plan.links import personal_links
from planmark.plan.shared import shared
from planmark.preview.acts import Acts

ACTIVITY = "build/.planmark/preview/activity.jsonl"


@pytest.fixture
def acted(small: Small) -> Small:
    """The workspace with the theme that ships, and a key whose links count."""
    small.replace("planmark.yaml", "theme: plain", "theme: default")
    return small


def forms(page: str, kind: str) -> list[tuple[str, dict[str, str]]]:
    """The forms of a page that send a kind of act, and their hidden fields."""
    found = []
    for action, body in re.findall(r'<form[^>]*action="([^"]+)"[^>]*>(.*?)</form>', page, re.DOTALL):
        if f'name="pm_kind" value="{kind}"' in body:
            hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', body)
            found.append((unescape(action), {name: unescape(value) for name, value in hidden} | {"pm_kind": kind}))
    return found


def send(action: str, fields: dict[str, str], **headers: str) -> int:
    """Post a form as a browser without JavaScript does, and give the status after all redirects."""
    request = Request(action, urlencode(fields).encode(), {"Accept": "text/html", **headers})
    try:
        with build_opener(ProxyHandler({})).open(request, timeout=20) as answer:
            return int(answer.status)
    except HTTPError as error:
        error.close()
        return error.code


def status(running: Running, deal: str = "acme", task: str = "sign-the-agreement") -> str:
    """The status of a task, as the previewed plan's data has it."""
    plan = json.loads(running.ask(f"{running.site(deal)}plan.json").text)
    return next(one["status"] for stage in plan["stages"] for one in stage["tasks"] if one["id"] == task)


def check_off(running: Running) -> None:
    """Check the first task of acme off."""
    action, fields = forms(running.ask(running.site("acme")).text, "done")[0]
    assert send(action, {**fields, "pm_name": "Somebody"}) == 200
    eventually(lambda: status(running) == "done", "it is not done in the preview")


def test_an_act_counts_in_the_preview_alone(acted: Small) -> None:
    """`content/` is as it was, and so is what `planmark build` makes of it."""
    before = tree(acted.root / "content")
    with Running(acted.root) as running:
        check_off(running)
    assert tree(acted.root / "content") == before
    assert acted.build().ok
    assert '"status":"done"' not in (acted.site("acme") / "plan.json").read_text()


def test_it_is_still_there_tomorrow_until_it_is_reset(acted: Small) -> None:
    with Running(acted.root) as running:
        check_off(running)
    with Running(acted.root) as running:
        assert status(running) == "done"
    with Running(acted.root, before="from planmark.preview.acts import reset\nreset(Path(sys.argv[1]))") as running:
        assert status(running) == "todo"
    assert not (acted.root / ACTIVITY).exists()


def test_the_page_reloads_with_it(acted: Small, page: Page) -> None:
    """A click in the page is seen, rebuilt and shown: the page that was built from it takes the place of the one that was clicked in."""
    with Running(acted.root) as running:
        page.goto(running.url + "sites/acme/")
        page.locator('#next-steps [data-item="task/sign-the-agreement"] .act-check button').click()
        name = page.locator("input[name=pm_name]:visible").first
        if name.count():
            name.fill("Maria")
            page.keyboard.press("Enter")
        eventually(lambda: running.joined(running.site("acme").split("/")[2]) == 2, "the page does not reload")
        expect(page.locator("#task-sign-the-agreement.is-done")).to_have_count(1)


def test_where_its_receiver_ends_the_terminal_says_why_and_plans_are_shown(acted: Small) -> None:
    """As where another preview of the workspace is open: nobody waits for it."""
    with Running(acted.root) as first:
        first.ask(first.site("acme"))
        with Running(acted.root) as second:
            eventually(lambda: any("another receiver uses this" in line for line in second.said), "nothing is said")
            assert second.ask(second.site("acme")).status == 200


def test_without_its_libraries_the_preview_shows_plans_all_the_same(acted: Small) -> None:
    before = "import planmark.preview.server as server\nserver.why_no_acts = lambda: 'they are missing'"
    with Running(acted.root, before=before) as running:
        page = running.ask(running.site("acme"))
        assert page.status == 200
        assert "<form" not in page.text
    assert "they are missing" in running.said


@pytest.mark.skipif(sys.platform != "linux", reason="other systems let nobody hold a port for somebody else")
def test_the_port_that_pages_name_is_kept_until_the_receiver_listens_there(acted: Small) -> None:
    """Pages are built with it before that, and any connection on the machine could be given it."""
    acts = Acts(acted.root, "127.0.0.1", "127.0.0.1", "http://127.0.0.1:65535/sites", (), lambda deal: None)
    try:
        with socket.socket() as other, pytest.raises(OSError, match="in use"):
            other.bind(("127.0.0.1", acts.port))
        acts.start()
        acts.look()
        acts.open("acme")
        with build_opener(ProxyHandler({})).open(f"{acts.settings['url']}/healthz", timeout=20) as answer:
            assert answer.status == 200
    finally:
        acts.stop()


FORKS = """
import threading
from planmark.preview.rebuilding import Rebuilding

def first(self, first=Rebuilding.first):
    tell("beside it", *(thread.name for thread in threading.enumerate()[1:]))
    first(self)

Rebuilding.first = first
"""


def test_the_first_build_has_the_process_to_itself(acted: Small) -> None:
    """It may start workers by forking, which would inherit what another thread has locked, and nobody to unlock it."""
    with Running(acted.root, before=FORKS) as running:
        assert "beside it" in running.said
        check_off(running)


def test_a_stranger_s_page_cannot_read_what_the_receiver_says(acted: Small) -> None:
    """Its answers carry no permission for other sites, and it answers nobody without its token."""
    with Running(acted.root) as running:
        running.ask(running.site("acme"))
        opener = build_opener(ProxyHandler({}))
        with opener.open(Request(f"{running.acts}/healthz", headers={"Origin": "https://evil.example"}), timeout=20) as answer:
            assert answer.headers["Access-Control-Allow-Origin"] is None
        with pytest.raises(HTTPError) as caught:
            opener.open(f"{running.acts}/v1/events", timeout=20)
        caught.value.close()
        assert caught.value.code == 401


def test_a_personal_link_works_in_the_preview(acted: Small, page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the team's key on this machine, the preview knows whose link it is."""
    from planmark.content.acting import load_one
    from planmark.content.secrets import new_key, written_key
    from planmark.plan.tokens import fingerprint

    key = new_key()
    monkeypatch.setenv("PLANMARK_KEY", written_key(key))
    planmark_yaml = acted.root / "planmark.yaml"
    planmark_yaml.write_text(planmark_yaml.read_text() + f'key: "{fingerprint(key)}"\n')
    with Running(acted.root) as running:
        deal = load_one(acted.root, "acme")
        link = personal_links(shared(deal.plan), deal.address.digest, key, deal.plan.target.date.day)[0]  # type: ignore[arg-type]
        page.goto(running.url + running.site("acme").lstrip("/") + link.fragment)
        page.locator('#next-steps [data-item="task/sign-the-agreement"] .act-check button').click()
        expect(page.locator("#task-sign-the-agreement.is-done")).to_have_count(1)
        arrived = acted.root / ACTIVITY
        eventually(lambda: arrived.is_file() and arrived.read_text().endswith("\n"), "the act does not arrive")  # made, then written to
        said = [json.loads(line) for line in arrived.read_text().splitlines()]
        assert [(one["by"], one["proof"], one["kind"]) for one in said] == [("maria", "link", "done")]
