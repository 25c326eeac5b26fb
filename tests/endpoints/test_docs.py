"""docs/endpoints.md tells of every kind and every setting, and its example of a kind of one's own works."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from tests.endpoints.likenesses import PLAN

from planmark.endpoints.identity import event_id
from planmark.endpoints.kinds import KINDS, settings_problems
from planmark.extensions import Endpoint, Request
from planmark.problems import Location

PAGE = (Path(__file__).parents[2] / "docs" / "endpoints.md").read_text(encoding="utf-8")


def section(kind: str) -> str:
    found = re.search(rf"^## {kind}\n.*?(?=^## )", PAGE, re.MULTILINE | re.DOTALL)
    assert found, kind
    return found[0]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_told_of_with_its_label_and_its_settings(kind: str) -> None:
    endpoint = KINDS[kind]
    assert re.search(rf"^\| \[`{kind}`\]\(#{kind}\) \| {endpoint.standing} \|", PAGE, re.MULTILINE)
    for name in (*endpoint.wants, *endpoint.takes):
        assert name in section(kind) or f"`{name}" in PAGE, name
    for word in ("**Set**", "**Lost**", "**Read**"):
        assert word in section(kind) or kind == "apps-script"


@pytest.mark.parametrize("kind", KINDS)
def test_every_example_fits(kind: str) -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", section(kind), re.DOTALL)
    written = yaml.load(example, yaml.BaseLoader)["endpoint"]
    assert written["kind"] == kind
    assert settings_problems(KINDS[kind], written, Location("planmark.yaml")) == []


def test_the_example_of_a_kind_of_ones_own_works() -> None:
    (code,) = re.findall(r"```python\n(# acme_planmark.py.*?)```", PAGE, re.DOTALL)
    names: dict[str, object] = {}
    exec(code, names)
    acme = names["ENDPOINT"]
    assert isinstance(acme, Endpoint)
    settings = {"kind": "acme", "box": "7"}
    assert settings_problems(acme, settings, Location("planmark.yaml")) == []
    items = [{"id": str(n), "at": "2026-11-03T09:12:44+00:00", "spam": False, "fields": {"pm_plan": PLAN, "ip": "x"}} for n in range(3)]

    def fetch(request: Request) -> bytes:
        after = int(request.url.rpartition("=")[2])
        assert request.headers["Authorization"] == "Bearer key"
        return json.dumps({"items": items[after : after + 2], "last": min(after + 2, 3), "more": after + 2 < 3}).encode()

    answers = list(acme.read(settings, lambda name: "key", fetch, ""))
    records = [record for answer in answers for record in answer.records]
    assert [dict(one.fields) for one in records] == [{"pm_plan": PLAN}] * 3
    assert answers[-1].cursor == "3"
    assert list(acme.exported(json.dumps(items).encode())) == records
    assert len({event_id("acme", one) for one in records}) == 3
