"""A manifest comes back as it was written; one that somebody else wrote leads nowhere."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from planmark.extensions.targets import Published, SiteFile
from planmark.targets.manifest import manifest_json, read_manifest

FILE = SiteFile(path="assets/plan.css", sha256="a" * 64, size=3, media_type="text/css", cache="max-age=1")
WHOLE = Published(
    site="acme_2-k7w2m9x4c3hq5d8rj6p1t0bN_V",
    version="20261109T101500.123Z",
    deal="acme",
    owner="o",
    day="2026-11-09",
    tool="planmark 1",
    built="b",
    files=(FILE,),
    kept=(FILE,),
    sealed="c" * 32,
)


def test_it_comes_back_as_it_was_written() -> None:
    assert read_manifest(manifest_json(WHOLE)) == WHOLE


def test_one_from_before_there_were_protected_plans_is_of_an_open_one() -> None:
    held = json.loads(manifest_json(WHOLE))
    del held["sealed"]
    found = read_manifest(json.dumps(held).encode())
    assert found == replace(WHOLE, sealed="")


@pytest.mark.parametrize(
    "change",
    [
        {"site": "../acme"},
        {"site": ""},
        {"site": 7},
        {"version": "../../20261109T101500.123Z"},
        {"version": "yesterday"},
        {"version": "20269999T999999.999Z"},
        {"version": "99991231T235959.999Z"},
        {"deal": "\ud800"},
        {"format": 2},
        *(
            {name: {path: {}}}
            for name in ("files", "kept")
            for path in ("..", "assets/../../x", "/etc/passwd", "a//b", "a\\b", "a\0b", "", "./x")
        ),
    ],
    ids=repr,
)
def test_one_that_leads_elsewhere_is_none(change: dict[str, Any]) -> None:
    data = json.loads(manifest_json(WHOLE))
    for name, value in change.items():
        given = next(iter(data["files"].values()))
        data[name] = dict.fromkeys(value, given) if isinstance(value, dict) else value
    assert read_manifest(json.dumps(data).encode()) is None


@pytest.mark.parametrize("name", ["files", "kept"])
@pytest.mark.parametrize(
    "change",
    [{"sha256": "../../../x"}, {"sha256": "a" * 63}, {"size": -1}, {"size": "1e9"}, {"type": "text/css\r\nX: y"}, {"cache": "\ud800"}],
    ids=repr,
)
def test_one_with_a_file_that_cannot_be_is_none(name: str, change: dict[str, Any]) -> None:
    """A digest is part of paths, a type and a rule for caches are sent as headers."""
    data = json.loads(manifest_json(WHOLE))
    next(iter(data[name].values())).update(change)
    assert read_manifest(json.dumps(data).encode()) is None


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff", b"[" * 100_000, b'{"format": 1}'])
def test_what_is_no_manifest_is_none(data: bytes) -> None:
    assert read_manifest(data) is None
