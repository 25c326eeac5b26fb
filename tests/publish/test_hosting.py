"""What hosts are told: whole, from the one source, as it was looked at.

`planmark headers HOST > tests/publish/headers/HOST` takes a change over.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from planmark.plan.headers import FOREVER, FRESH, HEADERS, HSTS, cache_of
from planmark.targets.hosting import HOSTS
from planmark.targets.subdomains import SUBDOMAINS

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


def said_to(host: str) -> set[tuple[str, str]]:
    """The headers, with their values, that a host is told for all files; caching aside."""
    text = HOSTS[host]()
    shapes = {
        "nginx": r'(?m)^    add_header (\S+) "(.*)" always;$',
        "caddy": r'(?m)^\t(\S+) "(.*)"$',
        "apache": r'(?m)^Header always set (\S+) "(.*)"$',
        "netlify": r"(?m)^  (?!Cache-Control)(\S+): (.*)$",
        "cloudflare": r"(?m)^  (?!Cache-Control)(\S+): (.*)$",
    }
    if host in shapes:
        return set(re.findall(shapes[host], text))
    data = json.loads(text)
    if host == "vercel":
        (rule,) = [one for one in data["headers"] if one["source"] == "/(.*)"]
        return {(one["key"], one["value"]) for one in rule["headers"]}
    fixed = data["SecurityHeadersConfig"]
    assert fixed["ContentTypeOptions"] == {"Override": True}
    return {
        ("Content-Security-Policy", fixed["ContentSecurityPolicy"]["ContentSecurityPolicy"]),
        ("X-Frame-Options", fixed["FrameOptions"]["FrameOption"]),
        ("Referrer-Policy", fixed["ReferrerPolicy"]["ReferrerPolicy"]),
        ("X-Content-Type-Options", "nosniff"),
        ("Strict-Transport-Security", f"max-age={fixed['StrictTransportSecurity']['AccessControlMaxAgeSec']}"),
        *((one["Header"], one["Value"]) for one in data["CustomHeadersConfig"]["Items"]),
    }


@pytest.mark.parametrize("host", HOSTS)
def test_all_hosts_are_told_the_same(host: str) -> None:
    """What the one source has, no less and no more; tests/receiver/test_live.py asks the receiver for it."""
    assert said_to(host) == {*HEADERS.items(), HSTS}


def test_nginx_says_all_of_them_in_each_place() -> None:
    """There a header in a location takes the place of all those around it."""
    places = HOSTS["nginx"]().split("location ")[1:]
    assert len(places) == 3
    for one in places:
        assert all(f"add_header {name} " in one for name in HEADERS)
        assert "Cache-Control" in one or "return 404" in one


@pytest.mark.parametrize(
    ("host", "lead"),
    [
        ("nginx", "server_name ~^(?<site>[a-z0-9][a-z0-9-]*)\\.plans\\.example\\.com$;\nroot /var/www/plans/$site;\n"),
        ("caddy", "root * /var/www/plans/{labels.3}\nfile_server\n"),
        (
            "apache",
            "ServerAlias *.plans.example.com\nUseCanonicalName Off\nVirtualDocumentRoot /var/www/plans/%1\n<Directory /var/www/plans>\n",
        ),
    ],
)
def test_with_subdomains_it_is_the_same_below_each_name(host: str, lead: str) -> None:
    """The folder is read off the name; assets are found where they are then."""
    said, plain = SUBDOMAINS[host]().partition("\n")[2], HOSTS[host]().partition("\n")[2]
    assert said.startswith(lead)
    assert "^/assets/" in said
    assert plain in said.replace("^/assets/", "^/[^/]+/assets/")


def test_files_of_json_are_json() -> None:
    assert json.loads(HOSTS["vercel"]())["headers"]
    assert json.loads(HOSTS["cloudfront"]())["Name"]


def test_only_what_is_named_after_its_contents_is_kept() -> None:
    assert cache_of("assets/plan.1a2b.css") == FOREVER
    assert cache_of("index.html") == cache_of("plan.pdf") == FRESH
