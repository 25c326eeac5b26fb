"""The internal pages of a preview: for the seller, on the seller's own machine, and for nobody else."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from tests.build.small import Small, tree
from tests.preview.running import Running, eventually

from planmark.content.layout import INTERNAL_MARK
from planmark.preview.names import FORWARDED, is_here

HUSH = "hush hush about Maria"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Small:
    """A workspace in which acme has internal notes."""
    from tests.build.small import files

    made = Small(tmp_path_factory.mktemp("internal") / "workspace")
    made.write(files())
    made.replace("content/acme/plan.yaml", "stages:", f"internal: {{notes: {HUSH}, forecast: commit}}\nstages:")
    return made


@pytest.fixture
def serving(small: Small) -> Small:
    """The same, for tests that change it."""
    small.replace("content/acme/plan.yaml", "stages:", f"internal: {{notes: {HUSH}}}\nstages:")
    return small


@pytest.fixture(scope="module")
def here(kept: Small) -> object:
    """A server on it, which also answers to a name of the network's."""
    with Running(kept.root, "plans.local") as running:
        yield running


def test_the_close_plan_of_each_deal(here: Running) -> None:
    """It holds what is internal, is marked so, and is not kept."""
    answer = here.ask("/_planmark/internal/acme/")
    assert answer.status == 200
    assert HUSH in answer.text
    assert INTERNAL_MARK in answer.text
    assert "Not for the buyer" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert here.ask("/_planmark/internal/nobody/").status == 404
    assert here.ask("/_planmark/internal/..%2facme/").status == 404


@pytest.mark.parametrize("header", FORWARDED)
def test_nothing_internal_through_a_proxy(here: Running, header: str) -> None:
    """Whoever passes a preview on to others passes on the plans, and no more."""
    passed = {header.replace("-", "_"): "203.0.113.7"}
    answer = here.ask("/_planmark/internal/acme/", **passed)
    assert answer.status == 403
    assert HUSH not in answer.text
    assert "internal" not in here.ask("/", **passed).text
    assert here.ask("/", **passed).status == 200


def test_nothing_internal_under_another_name(here: Running) -> None:
    """A name that was allowed may be a tunnel's."""
    answer = here.ask("/_planmark/internal/acme/", Host="plans.local")
    assert answer.status == 403
    assert HUSH not in answer.text
    listed = here.ask("/", Host="plans.local").text
    assert "Rollout for acme" in listed
    assert "Close plan" not in listed
    assert "on track" not in listed


@pytest.mark.parametrize(
    ("address", "host", "said"),
    [
        ("127.0.0.1", "localhost:8000", True),
        ("127.8.0.1", "127.0.0.1:8000", True),
        ("::1", "[::1]:8000", True),
        ("::ffff:127.0.0.1", "localhost", True),
        ("192.168.1.7", "localhost:8000", False),
        ("::ffff:192.168.1.7", "localhost:8000", False),
        ("fe80::1%eth0", "localhost:8000", False),
        ("172.17.0.1", "localhost:8000", False),
        ("127.0.0.1", "192.168.1.7:8000", False),
        ("127.0.0.1", "plans.local", False),
        ("127.0.0.1", "", False),
        ("", "localhost", False),
        ("somewhere", "localhost", False),
    ],
)
def test_what_is_this_machine(address: str, host: str, said: bool) -> None:
    """A loopback address and a loopback name, both."""
    assert is_here(address, host, {}) is said


def test_the_list_says_how_each_deal_stands(here: Running) -> None:
    """In a word, with the way to its close plan."""
    listed = here.ask("/").text
    assert listed.count("Close plan") == 3
    assert listed.count(">on track<") == 3
    assert 'href="/_planmark/internal/acme/"' in listed


def test_nothing_internal_is_in_a_previewed_site(here: Running, kept: Small) -> None:
    """Neither in its bytes nor in its answers; nor is a file of it anywhere below `build/`."""
    here.ask("/_planmark/internal/acme/")
    for path, data in tree(kept.root / "build").items():
        if "/sites/" in f"/{path}" or path.endswith(".html"):
            assert HUSH.encode() not in data, path
            assert INTERNAL_MARK.encode() not in data, path
    for place in (here.site("acme"), "/", "/_planmark/preview.js"):
        assert HUSH not in here.ask(place).text


def test_it_follows_every_save(serving: Small, page: Page) -> None:
    """Also of what changes nothing for the buyer; and what is wrong stands over it until it is mended."""
    with Running(serving.root) as running:
        page.goto(f"{running.url}_planmark/internal/acme/")
        expect(page.get_by_text(HUSH)).to_be_visible()
        eventually(lambda: running.joined("internal/acme"))
        serving.replace("content/acme/plan.yaml", HUSH, "Maria wants one number")
        expect(page.get_by_text("Maria wants one number")).to_be_visible()
        serving.replace("content/acme/plan.yaml", "2027-01-29", "2027-13-29")
        expect(page.locator("planmark-problems section")).to_contain_text("1 error to mend")
        serving.replace("content/acme/plan.yaml", "2027-13-29", "2027-02-26")
        expect(page.get_by_text("Feb 26, 2027")).to_be_visible()
        expect(page.locator("planmark-problems")).to_have_count(0)


def test_the_way_there_and_back(here: Running, page: Page) -> None:
    """From a plan's preview to its close plan, and to what the buyer sees."""
    page.goto(here.url + here.site("acme").lstrip("/"))
    page.locator("planmark-internal a").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Close plan: Northwind")
    expect(page.locator("planmark-internal")).to_have_count(0)
    page.get_by_role("link", name="What the buyer sees").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Rollout for acme")
