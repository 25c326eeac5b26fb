"""`planmark pull` of many events from a real receiver, as a whole process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from tests.receiver.running import READ, Receiving, registration

from planmark.plan.tokens import plan_digest

SHARE_KEY = "k00m9x4c3hq5d8rj6p1t0bn2v7"
PLAN = f"""\
account: Northwind
title: Rollout
target: 2027-01-29
share_key: {SHARE_KEY}
people: [{{id: maria, name: Maria Lindqvist}}]
stages: [{{title: Evaluate, tasks: [{{id: nda, title: Sign the agreement, owner: maria, due: 2026-11-20}}]}}]
"""


def pulled(work: Path, events: int) -> float:
    """The seconds that a pull of so many events takes, all of them new."""
    digest = plan_digest(SHARE_KEY)
    with Receiving(work / "receiver", PLANMARK_RECEIVER_PER_ADDRESS="1000000", PLANMARK_RECEIVER_PER_PLAN="1000000") as receiver:
        items = registration()["items"]
        assert receiver.register(digest, items=items, keys={}, people={}).status == 200
        connection = HTTPConnection("127.0.0.1", receiver.port)
        for number in range(events):
            said = {"pm_v": "1", "pm_plan": digest, "pm_event": f"event-{number:06}", "pm_kind": "comment", "pm_item": "task/nda"}
            body = urlencode({**said, "pm_name": "Maria", "pm_text": f"Comment {number}: all is well in Rotterdam"})
            head = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
            connection.request("POST", f"/v1/plans/{digest}/events", body, head)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 201, answer.status
        root = work / "workspace"
        (root / "content" / "northwind").mkdir(parents=True)
        (root / "planmark.yaml").write_text(f"endpoint: {{kind: planmark, url: {json.dumps(receiver.url)}}}\n", encoding="utf-8")
        (root / "content" / "northwind" / "plan.yaml").write_text(PLAN, encoding="utf-8")
        began = time.perf_counter()
        environ = {**os.environ, "PLANMARK_ENDPOINT_TOKEN": READ}
        done = subprocess.run([sys.executable, "-m", "planmark", "pull"], cwd=root, env=environ, capture_output=True, text=True, check=True)
        took = time.perf_counter() - began
        assert f"{events:,} new acts" in done.stdout, done.stdout[-300:] + done.stderr
        return took
