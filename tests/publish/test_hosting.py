"""What hosts are told: whole, from the one source, as it was looked at.

`planmark headers HOST > tests/publish/headers/HOST` takes a change over.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from planmark.plan.headers import FOREVER, FRESH, HEADERS, HSTS, cache_of
from planmark.targets.hosting import HOSTS

GOLDEN = Path(__file__).parent / "headers"


@pytest.mark.parametrize("host", HOSTS)
def test_it_is_what_was_looked_at(host: str) -> None:
    assert HOSTS[host]() == (GOLDEN / host).read_text(encoding="utf-8")


@pytest.mark.parametrize("host", HOSTS)
def test_every_header_is_told_every_host(host: str) -> None:
    """CloudFront has fields of its own for some, which name the value alone."""
    said = HOSTS[host]()
    for name, value in HEADERS.items():
        assert value in said or name == "X-Content-Type-Options", name
        assert name in said or host == "cloudfront", name
    assert HSTS[1].partition("=")[2] in said
    assert FOREVER in said or host == "cloudfront"


def test_nginx_says_all_of_them_in_each_place() -> None:
    """There a header in a location takes the place of all those around it."""
    places = HOSTS["nginx"]().split("location ")[1:]
    assert len(places) == 3
    for one in places:
        assert all(f"add_header {name} " in one for name in HEADERS)
        assert "Cache-Control" in one or "return 404" in one


def test_files_of_json_are_json() -> None:
    assert json.loads(HOSTS["vercel"]())["headers"]
    assert json.loads(HOSTS["cloudfront"]())["Name"]


def test_only_what_is_named_after_its_contents_is_kept() -> None:
    assert cache_of("assets/plan.1a2b.css") == FOREVER
    assert cache_of("index.html") == cache_of("plan.pdf") == FRESH
