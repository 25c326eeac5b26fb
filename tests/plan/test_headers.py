"""A page's policy allows exactly what the page needs, and nothing that nobody asked for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from planmark.plan.headers import policy

NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
DIRECTIVES = st.sampled_from(["style-src", "script-src", "img-src", "media-src", "font-src", "connect-src", "frame-src", "form-action"])
SOURCES = st.sampled_from(["'self'", "https://inbox.lumen.example", "https://player.example", "data:"])


def directives(text: str) -> dict[str, list[str]]:
    """A policy taken apart as a browser does: the first of two directives counts."""
    found: dict[str, list[str]] = {}
    for part in text.split(";"):
        name, *sources = part.split()
        found.setdefault(name, sources)
    return found


def test_a_page_that_needs_nothing_gets_nothing() -> None:
    assert policy({}) == NOTHING


def test_a_page_gets_what_it_needs_in_a_fixed_order() -> None:
    needs = {"style-src": ["'self'"], "connect-src": ["https://inbox.lumen.example"], "img-src": ["'self'"]}
    assert policy(needs) == (
        "default-src 'none'; base-uri 'none'; form-action 'none'; connect-src https://inbox.lumen.example; img-src 'self'; "
        "style-src 'self'; require-trusted-types-for 'script'"
    )
    assert policy(dict(reversed(needs.items()))) == policy(needs)


def test_forms_go_only_where_they_are_sent() -> None:
    assert "form-action 'none'" in policy({"img-src": ["'self'"]})
    assert "form-action 'none'" in policy({"form-action": []})
    assert directives(policy({"form-action": ["https://inbox.lumen.example"]}))["form-action"] == ["https://inbox.lumen.example"]


def test_a_source_that_is_asked_for_twice_stands_once() -> None:
    assert directives(policy({"img-src": ["'self'", "data:", "'self'"]}))["img-src"] == ["'self'", "data:"]


def test_nothing_is_said_about_framing_which_a_page_cannot_forbid() -> None:
    assert "frame-ancestors" not in policy({"frame-src": ["https://player.example"]})


def test_asking_changes_nothing_of_what_is_asked_with() -> None:
    needs = {"form-action": ["'self'"], "img-src": ["'self'"]}
    policy(needs)
    assert needs == {"form-action": ["'self'"], "img-src": ["'self'"]}


@given(st.dictionaries(DIRECTIVES, st.lists(SOURCES, max_size=3)))
def test_a_policy_says_what_is_needed_and_no_more(needs: dict[str, list[str]]) -> None:
    found = directives(policy(needs))
    always = {"default-src": ["'none'"], "base-uri": ["'none'"], "form-action": ["'none'"], "require-trusted-types-for": ["'script'"]}
    assert found == always | {name: list(dict.fromkeys(sources)) for name, sources in needs.items() if sources}
