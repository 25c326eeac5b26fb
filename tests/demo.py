"""`./run demo --once`: build the example deals, serve them, and look at every page, with the standard library alone."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import HTTPError
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
    for wrong in seen.wrong:
        print(wrong, file=sys.stderr)
    print(
        f"{len(report['sites'])} deals, {seen.pages} pages, " + (f"{len(seen.wrong)} wrong" if seen.wrong else "every page as it should be")
    )
    return 1 if seen.wrong or not seen.pages else 0


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
