"""How soon a check-off in one open page shows in another one, in a real browser, through a real receiver."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import expect, sync_playwright
from tests.preview.conftest import CHROMIUM, SWITCHES
from tests.receiver.running import READ, REGISTER, Receiving

from planmark.content.secrets import new_key, written_key
from planmark.plan.tokens import fingerprint

TASKS = 12
PLAN = """\
account: Northwind
title: Rollout
target: 2099-01-29
share_key: k00m9x4c3hq5d8rj6p1t0bn2v7
people: [{id: maria, name: Maria Lindqvist}, {id: joost, name: Joost van den Berg}]
stages:
  - title: Evaluate
    tasks:
"""


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing about it."""

    def log_message(self, *said: object) -> None:
        """Nothing."""


def seconds_until_seen(work: Path) -> list[float]:
    """The seconds from a click of Maria's until Joost's open page shows the task as done, for each of several tasks."""
    key = new_key()
    environ = {
        **os.environ,
        "PLANMARK_KEY": written_key(key),
        "PLANMARK_ENDPOINT_TOKEN": READ,
        "PLANMARK_REGISTER_TOKEN": REGISTER,
    }
    root = work / "seeing"
    (root / "content" / "northwind").mkdir(parents=True)
    tasks = "".join(f"      - {{id: task-{number}, title: Step {number}, owner: maria, due: 2099-01-10}}\n" for number in range(TASKS))
    (root / "content" / "northwind" / "plan.yaml").write_text(PLAN + tasks, encoding="utf-8")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(root / "build" / "sites"))) as pages:
        threading.Thread(target=pages.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{pages.server_port}"
        with Receiving(work / "seeing-receiver", "", "--origin", address) as receiver:
            settings = f'endpoint: {{kind: planmark, url: "{receiver.url}"}}\nkey: "{fingerprint(key)}"\n'
            settings += f'publish: {{live: {{kind: directory, url: "{address}"}}}}\n'
            (root / "planmark.yaml").write_text(settings, encoding="utf-8")
            said = ""
            for command in (("receiver", "register"), ("build", "--no-pdf"), ("links", "northwind")):
                done = subprocess.run(
                    [sys.executable, "-m", "planmark", *command], cwd=root, env=environ, capture_output=True, text=True, check=True
                )
                said = done.stdout
            maria, joost = re.findall(r"http://\S+", said)
            found = _clicks(maria, joost)
        pages.shutdown()
    return found


def _clicks(maria: str, joost: str) -> list[float]:
    found: list[float] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        acting, watching = browser.new_page(), browser.new_page()
        watching.goto(joost)
        acting.goto(maria)
        acting.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        for number in range(TASKS):
            button = acting.locator(f"#check-task-{number} button.check")
            began = time.perf_counter()
            button.click()
            expect(watching.locator(f"#task-task-{number}.is-done")).to_have_count(1, timeout=20_000)
            found.append(time.perf_counter() - began)
        browser.close()
    return found
