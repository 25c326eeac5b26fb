"""Where every plan has a subdomain, each of them is ours, and nothing that only looks like one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.receiver.running import PLAN, Receiving, fields

from planmark.problems import PlanmarkError
from planmark.receiver.config import from_environment, origin_of
from planmark.receiver.origins import is_ours

SITE = "northwind-k7w2m9x4c3hq5d8rj6p1t0bn2v"
EACH = "https://*.plans.example.com"
OURS = f"https://{SITE}.plans.example.com"
NOT_OURS = [
    "",
    "null",
    "https://plans.example.com",
    "https://*.plans.example.com",
    "https://www.plans.example.com",
    "http" + OURS.removeprefix("https"),
    f"{OURS}:8443",
    f"{OURS}.",
    f"{OURS}.evil.example",
    f"https://{SITE}.evil.example",
    f"https://{SITE}.evilplans.example.com",
    f"https://{SITE}-plans.example.com",
    f"https://a.{SITE}.plans.example.com",
    f"https://{SITE}..plans.example.com",
    f"https://{SITE.upper()}.plans.example.com",
    f"https://{SITE}_.plans.example.com",
    f"https://-{SITE}.plans.example.com",
    f"https://{'k' * 64}.plans.example.com",
    f"https://evil.example/{SITE}.plans.example.com",
    f"https://evil.example\\{SITE}.plans.example.com",
]


@pytest.fixture(scope="module")
def each(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiving]:
    """A receiver of plans that have a subdomain each."""
    with Receiving(tmp_path_factory.mktemp("each"), "", "--origin", EACH) as server:
        server.register(PLAN)
        yield server


def test_a_plans_own_subdomain_is_ours() -> None:
    assert is_ours(OURS, {EACH})
    assert is_ours(OURS, (EACH, "null"))


@pytest.mark.parametrize("origin", NOT_OURS)
def test_what_looks_like_one_is_not(origin: str) -> None:
    assert not is_ours(origin, {EACH})


@given(st.text(alphabet="abz019-.*:/@#?%\\_ K", max_size=80), st.sampled_from(["{}", "https://{}", "https://{}.plans.example.com"]))
def test_only_one_label_before_the_very_host_is_ours(text: str, shape: str) -> None:
    """By another rule than ours: the parts of the host, counted."""
    origin = shape.format(text)
    if is_ours(origin, {EACH}):
        assert origin_of(origin) == origin
        first, *others = origin.removeprefix("https://").split(".")
        assert others == ["plans", "example", "com"]
        assert 22 <= len(first) <= 63
        assert set(first) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


@pytest.mark.parametrize(
    "text", ["https://*", "https://*.com", "https://*.*.example.com", "https://plans.*.com", "*.example.com", "https://a*.example.com"]
)
def test_an_origin_that_stands_for_more_is_refused(text: str) -> None:
    tokens = {"PLANMARK_RECEIVER_READ_TOKEN": "r" * 24, "PLANMARK_RECEIVER_REGISTER_TOKEN": "w" * 24}
    with pytest.raises(PlanmarkError, match="ORIGINS"):
        from_environment({**tokens, "PLANMARK_RECEIVER_ORIGINS": text})


def test_the_configured_one_is_kept_as_browsers_write_it() -> None:
    tokens = {"PLANMARK_RECEIVER_READ_TOKEN": "r" * 24, "PLANMARK_RECEIVER_REGISTER_TOKEN": "w" * 24}
    found = from_environment({**tokens, "PLANMARK_RECEIVER_ORIGINS": "https://*.Plans.example.com:443/, http://*.x.test:8000"})
    assert found.origins == (EACH, "http://*.x.test:8000")


def test_its_scripts_may_read_answers_and_its_forms_are_led_back(each: Receiving) -> None:
    path = f"/v1/plans/{PLAN}/state"
    assert each.ask(path, Origin=OURS).headers["access-control-allow-origin"] == OURS
    for origin in NOT_OURS[3:]:
        assert "access-control-allow-origin" not in each.ask(path, Origin=origin.replace("\\", "")).headers, origin
    html = "text/html,*/*;q=0.8"
    said = each.post({**fields(PLAN), "pm_next": f"{OURS}/sent.html"}, PLAN, Accept=html)
    assert (said.status, said.headers["location"]) == (303, f"{OURS}/sent.html")
    for origin in (one for one in NOT_OURS[3:] if one == one.lower()):  # hosts in a link may be written in capitals
        other = each.post({**fields(PLAN), "pm_next": f"{origin}/sent.html"}, PLAN, Accept=html)
        assert (other.status, "location" in other.headers) == (200, False), origin
