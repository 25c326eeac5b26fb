"""Readers of a site that is published again and again: what they meet that should not be."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from tests.build.small import PAGE
from tests.publish.published import Publisher, publisher, wrong_with
from tests.publish.servers import web_server

READERS = 3
VERSIONED = PAGE.replace("<h1>", "<p>Version {{ plan.title }}</p><h1>")


class Reader(threading.Thread):
    """A reader who opens the page, and then all that it loads, as slowly as it comes; what was wrong is collected."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.parts = urlsplit(address)
        self.over = threading.Event()
        self.wrong: list[str] = []
        self.seen: set[str] = set()
        self.answers = 0

    def run(self) -> None:
        """Read until it is over."""
        while not self.over.is_set():
            line = HTTPConnection(self.parts.netloc, timeout=60)
            try:
                self.read(line)
            except Exception as error:
                self.wrong.append(repr(error))
            finally:
                line.close()

    def read(self, line: HTTPConnection) -> None:
        """One page with its assets, each of which says to which version it belongs."""
        status, page = self.get(line, "")
        found = re.search(r"Version Rollout (\d+)", page)
        if status != 200 or not found or not page.rstrip().endswith("</html>"):
            self.wrong.append(f"the page is {status}: {page[-60:]!r}")
            return
        self.seen.add(found[1])
        for path in re.findall(r'(?:src|href)="(assets/[^"#?]+)"', page):
            status, asset = self.get(line, path)
            if status != 200:
                self.wrong.append(f"{path} of version {found[1]} is {status}")
            elif "--version:" in asset and f"--version:{found[1]}" not in asset:
                self.wrong.append(f"{path} of version {found[1]} is another's")

    def get(self, line: HTTPConnection, path: str) -> tuple[int, str]:
        """One file."""
        line.request("GET", self.parts.path + path)
        reply = line.getresponse()
        self.answers += 1
        return reply.status, reply.read().decode("utf-8", "replace")


def change(ours: Publisher, number: int) -> None:
    """The page and its style sheet say the same number."""
    plan = ours.small.root / "content/acme/plan.yaml"
    plan.write_text(re.sub(r"title: Rollout.*", f"title: Rollout {number}", plan.read_text(encoding="utf-8")), encoding="utf-8")
    ours.small.write({"themes/plain/assets/plain.css": f"body {{ --version:{number}; color: var(--ink) }}\n"})


@dataclass(frozen=True)
class Read:
    """What readers met: how many answers they got, in how many versions, and what was wrong."""

    answers: int
    versions: int
    wrong: list[str]


def read_all_along(folder: Path, publishes: int) -> Read:
    """Publish a plan again and again, each time with another style sheet, to a folder that nginx shows, while several read it."""
    with web_server("nginx", folder / "www", folder / "server") as url:
        ours = publisher(folder, url, deals=("acme",))
        ours.small.write({"themes/plain/page.html": VERSIONED})
        change(ours, 0)
        address = ours.one().address
        readers = [Reader(address) for _ in range(READERS)]
        for reader in readers:
            reader.start()
        try:
            for number in range(1, publishes + 1):
                change(ours, number)
                assert ours.one().result == "published"
        finally:
            for reader in readers:
                reader.over.set()
            for reader in readers:
                reader.join()
    wrong = [wrong for reader in readers for wrong in reader.wrong] + wrong_with(ours.www)
    return Read(sum(one.answers for one in readers), len({version for one in readers for version in one.seen}), wrong)
