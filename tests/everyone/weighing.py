"""What a page of a plan weighs on the wire, and what a browser says of its loading. Shared with the benchmarks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import brotli
from playwright.sync_api import Page

FIRST_VIEW = 14 * 1024
"""Bytes: the HTML and the style sheets that it waits for before anything is shown, each compressed by brotli at quality 11."""
WHOLE_PAGE = 30 * 1024
"""Bytes: the same with every other style sheet, also print's, and the script; without images."""

SLOW_LINE = {"offline": False, "latency": 100, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
"""Milliseconds, and bytes a second."""
SLOWED = 4
"""How many times slower the processor seems."""
WATCH_JUMPS = """
globalThis.jumps = [];
new PerformanceObserver((list) => jumps.push(...list.getEntries())).observe({ type: "layout-shift", buffered: true });
"""
READ_THROUGH = """async () => {
  await document.fonts.ready;
  for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight) {
    scrollTo(0, y);
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  }
}"""
UNSEEN = 0.001
"""A sum of shifts below which nothing moved that an eye would notice: words that are a few pixels longer than the room kept for them."""
JUMPS = """(unseen) => {
  const all = jumps.filter((one) => one.value > 0 && !one.hadRecentInput);
  return all.reduce((sum, one) => sum + one.value, 0) < unseen ? [] : all.map((one) =>
  `${one.value.toFixed(4)}: ${one.sources.map(({ node, previousRect, currentRect }) => {
    const at = node?.nodeType === 1 ? node : node?.parentElement;
    return `${at ? at.id || at.getAttribute("class") || at.localName : "?"} from ${previousRect.y} to ${currentRect.y}`;
  }).join("; ")}`);
}"""


@dataclass(frozen=True)
class Weight:
    """Bytes after brotli."""

    html: int
    blocking: int
    later: int
    printed: int
    script: int

    @property
    def first(self) -> int:
        """What is needed for the first view."""
        return self.html + self.blocking

    @property
    def whole(self) -> int:
        """Everything but images."""
        return self.html + self.blocking + self.later + self.printed + self.script


def weigh(site: Path, page: str = "index.html") -> Weight:
    """The weight of a page of a site, its style sheets and its script."""
    html = (site / page).read_bytes()
    text = html.decode()
    head, _, body = text.partition("</head>")

    def files(pattern: str, where: str) -> int:
        found = [tag for tag in re.findall(r"<(?:link|script)\b[^>]*>", where) if re.search(pattern, tag)]
        names = [match[1] for tag in found if (match := re.search(r'(?:href|src)="([^"]+)"', tag))]
        return sum(_compressed((site / name).read_bytes()) for name in names)

    sheet = r'rel="?stylesheet"?'
    on_paper = r'media="?print"?'
    for_print, in_head = files(on_paper, text), files(sheet, head)
    printed_in_head = files(on_paper, head)
    return Weight(
        html=_compressed(html),
        blocking=in_head - printed_in_head,
        later=files(sheet, body) - (for_print - printed_in_head),
        printed=for_print,
        script=files(r"\bsrc=", text),
    )


def blocking(page: Page) -> list[str]:
    """The requests that held up the first paint of a page."""
    found: list[str] = page.evaluate(
        """performance.getEntriesByType("resource").filter((one) => one.renderBlockingStatus === "blocking").map((one) => one.name)"""
    )
    return found


def jumps(page: Page, address: str) -> list[str]:
    """Each shift of the layout while a page loads on a slow machine over a slow line, and is then read to its end."""
    page.add_init_script(WATCH_JUMPS)
    line = page.context.new_cdp_session(page)
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW_LINE)
    line.send("Network.setCacheDisabled", {"cacheDisabled": True})
    page.goto("about:blank")
    page.goto(address)
    page.evaluate(READ_THROUGH)
    found: list[str] = page.evaluate(JUMPS, UNSEEN)
    return found


def _compressed(data: bytes) -> int:
    return len(brotli.compress(data, quality=11))
