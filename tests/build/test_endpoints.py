"""The endpoint that planmark.yaml names, from a build's point of view: its mistakes have a place, and none is remembered for ever."""

from __future__ import annotations

from importlib.metadata import EntryPoint

import pytest
from tests.build.small import Small

from planmark import extensions

ACME = EntryPoint("acme", "planmark.endpoints.services:GENERIC", extensions.ENDPOINTS)


def endpoint(small: Small, written: str) -> None:
    """Name an endpoint in planmark.yaml, after what stands there."""
    path = small.root / "planmark.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("theme: plain", "theme: default") + f"endpoint: {written}\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{kind: formspre, form: abc}", "planmark.yaml:6:11 PM703 did you mean `formspree`?"),
        ("{kind: formspree}", "planmark.yaml:6:11 PM701"),
        ('{kind: planmark, url: "http://inbox.example"}', "planmark.yaml:6:11 PM701"),
    ],
)
def test_a_mistake_has_its_place_and_pages_have_no_forms(small: Small, written: str, said: str) -> None:
    endpoint(small, written)
    report = small.build()
    assert next(f"{one.location} {one.code} {one.hint}" for one in report.problems).startswith(said)
    assert b"<form" not in (small.site("acme") / "index.html").read_bytes()


def test_a_package_that_is_installed_later_is_found_without_an_edit(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its kind was unknown at the last build; nothing in the workspace changed since."""
    endpoint(small, '{kind: acme, url: "https://forms.example/acme"}')
    assert [one.code for one in small.build().problems] == ["PM703"]
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: [ACME] if group == extensions.ENDPOINTS else [])
    report = small.build()
    assert report.problems == []
    assert b"https://forms.example/acme" in (small.site("acme") / "index.html").read_bytes()
