"""`./run demo --once`: build the example deals, serve them, look at every page, and check a task off, with the standard library alone."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, build_opener

ROOT = Path(__file__).parents[1]


class Titles(HTMLParser):
    """Reads the title of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.inside = False
        self.title = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.inside = tag == "title"

    def handle_endtag(self, tag: str) -> None:
        self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.title += data


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing about it."""

    def log_message(self, *said: object) -> None:
        """Nothing."""


@dataclass
class Seen:
    """What was looked at, and what was wrong with it."""

    pages: int = 0
    wrong: list[str] = field(default_factory=list)


def main() -> int:
    """Exit code 0 when every page of every deal answers with its title."""
    built = subprocess.run([sys.executable, "-m", "planmark", "build", "--json"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    report = json.loads(built.stdout or "{}")
    for problem in report.get("problems", []):
        print("{path}:{line}  {code}  {message}".format_map(problem), file=sys.stderr)
    if built.returncode or not report.get("sites"):
        print("The example deals could not be built.", file=sys.stderr)
        return 1
    sites = ROOT / "build" / "sites"
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(sites))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        seen = Seen()
        for deal, site in report["sites"].items():
            before = seen.pages
            look_at(f"http://127.0.0.1:{server.server_port}/{site}", sites / site, seen)
            print(f"{deal}: {seen.pages - before} pages")
        server.shutdown()
    act_in_preview(next(iter(report["sites"])), seen)
    for wrong in seen.wrong:
        print(wrong, file=sys.stderr)
    print(
        f"{len(report['sites'])} deals, {seen.pages} pages, " + (f"{len(seen.wrong)} wrong" if seen.wrong else "every page as it should be")
    )
    return 1 if seen.wrong or not seen.pages else 0


class Checks(HTMLParser):
    """Reads the forms of a page that check a task off: where each leads, and what it sends."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []
        self.open: tuple[str, dict[str, str]] = ("", {})
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.open = (given.get("action", ""), {})
        elif tag == "input" and given.get("name"):
            self.open[1][given["name"]] = given.get("value", "")
        elif tag == "button" and given.get("name") == "pm_kind" and given.get("value") == "done":
            self.forms.append((self.open[0], {**self.open[1], "pm_kind": "done"}))


def act_in_preview(deal: str, seen: Seen) -> None:
    """Check a task off in a previewed page, as a reader without JavaScript does, and see it in the page."""
    with TemporaryDirectory() as folder:
        for name in ("planmark.yaml", "content"):
            (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, Path(folder) / name)
        command = [sys.executable, "-m", "planmark", "serve", "--port", "0"]
        server = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True)
        assert server.stdout
        try:
            address = next((line.split()[-1] for line in server.stdout if f"/sites/{deal}/" in line), "")
            page = fetch(address, seen) or ""
            forms = Checks(page).forms
            if not forms:
                seen.wrong.append(f"{deal} has nothing to check off")
                return
            action, fields = forms[0]
            sent = build_opener(ProxyHandler({})).open(action, urlencode({**fields, "pm_name": "A visitor"}).encode(), timeout=10)
            sent.close()
            item, end = fields.get("pm_item", ""), time.monotonic() + 15
            while not is_done(item, address, seen):
                if time.monotonic() > end:
                    seen.wrong.append(f"{deal} does not show that {item} was checked off")
                    return
                time.sleep(0.1)
            print(f"{deal}: {item} checked off in a preview")
        finally:
            server.terminate()
            server.wait()
            server.stdout.close()


def is_done(item: str, address: str, seen: Seen) -> bool:
    """Whether the plan's data says that a task is done."""
    plan = json.loads(fetch(f"{address}plan.json", seen) or "{}")
    return any(f"task/{task['id']}" == item and task["status"] == "done" for stage in plan["stages"] for task in stage.get("tasks", ()))


def look_at(address: str, folder: Path, seen: Seen) -> None:
    """Fetch every page of one site, those that its data names and those that lie there."""
    plan = json.loads(fetch(f"{address}/plan.json", seen) or "{}")
    named = {page["file"]: page["title"] for page in plan.get("pages", ())}
    for name in sorted({"index.html", *named, *(path.name for path in folder.glob("*.html"))}):
        seen.pages += 1
        page = fetch(f"{address}/{name}", seen)
        title = Titles(page).title if page is not None else ""
        for part in (plan.get("title", "no plan.json"), *([] if name == "index.html" else [named.get(name, "")])):
            if page is not None and part not in title:
                seen.wrong.append(f"{address}/{name} has the title “{title}”, without “{part}”")


def fetch(address: str, seen: Seen) -> str | None:
    """What an address answers; None, and a note, when it does not answer 200."""
    try:
        with build_opener(ProxyHandler({})).open(address, timeout=10) as answer:
            text: str = answer.read().decode("utf-8")
            return text
    except HTTPError as error:
        seen.wrong.append(f"{address} answers {error.code}")
        error.close()
        return None


if __name__ == "__main__":
    sys.exit(main())
