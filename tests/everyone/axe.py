"""What axe-core finds on a page."""

from __future__ import annotations

from functools import cache

from playwright.sync_api import Page
from tests.everyone.conftest import checker

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
RUN = """async (tags) => {
  const found = await axe.run(document, { runOnly: tags, resultTypes: ["violations"] });
  return found.violations.flatMap((rule) => rule.nodes.map((node) =>
    `${rule.id}: ${node.target.join(" ")}: ${node.failureSummary.split("\\n").slice(1, 2).join(" ").trim()}`));
}"""


@cache
def _source() -> str:
    return checker("axe-core/axe.min.js").read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """Every violation of WCAG 2.2 AA and of best practice on the page as it stands, with its element."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(_source())  # through the debugger: the page's policy allows no script of ours
    found: list[str] = page.evaluate(RUN, TAGS)
    return found
