"""Group `unlock`: how long a protected plan takes from its passphrase, or from its link, until it is read."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .machine import versions
from .measure import Bench, Spread
from .report import Figure, Section, Table, seconds, spread_of_seconds

if TYPE_CHECKING:
    from playwright.sync_api import Browser

UNLOCK = 1.5
"""Seconds."""
PLANS = {"thirty": "thirty tasks", "northwind-forms": "the example, with all that people can do"}
TIMES = 5
"""Openings for each run that is asked for."""
NOTES = (
    "By the passphrase: from the form's submission until the plan's title has been painted. By the link: from the navigation on, with the "
    "lock page and its script fetched. In between the manifest, the page, its style sheets and fonts are fetched and decrypted; pictures "
    "follow. What PBKDF2 takes of that, everybody who guesses has to pay, too.",
    "Headless Chromium, from a server on the same machine, nothing in its cache. Medians, lowest to highest in brackets.",
)
BY_PASSPHRASE = """async (passphrase) => {
  const form = document.querySelector("form.lock-form");
  form.elements[0].value = passphrase;
  const begun = performance.now();
  form.requestSubmit();
  while (!document.querySelector(".masthead h1")) await new Promise(requestAnimationFrame);
  await new Promise((go) => requestAnimationFrame(() => setTimeout(go)));
  return (performance.now() - begun) / 1000;
}"""
BY_LINK = """async () => {
  while (!document.querySelector(".masthead h1")) await new Promise(requestAnimationFrame);
  await new Promise((go) => requestAnimationFrame(() => setTimeout(go)));
  return performance.now() / 1000;
}"""
ROUNDS = """async (rounds) => {
  const key = await crypto.subtle.importKey("raw", new Uint8Array(20), "PBKDF2", false, ["deriveBits"]);
  const begun = performance.now();
  await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt: new Uint8Array(16), iterations: rounds }, key, 256);
  return (performance.now() - begun) / 1000;
}"""


@dataclass(frozen=True)
class _Opened:
    """Seconds that the openings of one plan took."""

    size: int
    by_passphrase: Spread
    by_link: Spread


def measure(bench: Bench, deals: int, runs: int) -> Section:
    """All figures of this group. The number of deals plays no part in it."""
    del deals
    # here, not above: the other groups' figures of memory want a small parent
    from playwright.sync_api import sync_playwright
    from tests.looking.states import build, states
    from tests.page.lock.sealing import ITERATIONS, protect
    from tests.preview.conftest import CHROMIUM, SWITCHES
    from tests.publish.published import serving

    work = bench.work / "unlock"
    shutil.rmtree(work, ignore_errors=True)
    (work / "sealed").mkdir(parents=True)
    opened: dict[str, _Opened] = {}
    with serving(work / "sealed") as origin, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        chromium = browser.version
        for state, name in PLANS.items():
            site = build(states()[state], "default", work / "scratch", work / "open" / state)
            link = protect(site, work / "sealed" / state).link
            page = (site / "index.html").stat().st_size
            opened[name] = _opened(browser, f"{origin}/{state}/", link, page, runs * TIMES)
        rounds = Spread.of(_rounds(browser, f"{origin}/{state}/", ITERATIONS) for _ in range(runs))
        browser.close()
    slowest = max((one.by_passphrase for one in opened.values()), key=lambda one: one.median)
    return Section(
        title="Protected plans: until one is read",
        figures=[
            Figure("Unlock by the passphrase", f"≤ {seconds(UNLOCK)}", spread_of_seconds(slowest), slowest.median <= UNLOCK),
            Figure(f"PBKDF2, {ITERATIONS:,} rounds, of that", "-", spread_of_seconds(rounds)),
        ],
        tables=[
            Table(
                "Plans",
                ("Plan", "HTML", "By the passphrase", "By the link"),
                [
                    [name, f"{one.size / 1024:.0f} KiB", spread_of_seconds(one.by_passphrase), spread_of_seconds(one.by_link)]
                    for name, one in opened.items()
                ],
            )
        ],
        notes=NOTES,
        versions=[*versions(("playwright", "cryptography")), f"Chromium {chromium}"],
    )


def _opened(browser: Browser, address: str, link: str, size: int, times: int) -> _Opened:
    from tests.page.lock.sealing import PASSPHRASE

    by_passphrase, by_link = [], []
    for _ in range(times):
        for found, at, script, given in (
            (by_passphrase, address, BY_PASSPHRASE, PASSPHRASE),
            (by_link, f"{address}#{link}", BY_LINK, None),
        ):
            context = browser.new_context()
            page = context.new_page()
            page.goto(at, wait_until="domcontentloaded")
            if given:
                page.wait_for_selector("form.lock-form:not([hidden])")
            found.append(float(page.evaluate(script, given)))
            context.close()
    return _Opened(size, Spread.of(by_passphrase), Spread.of(by_link))


def _rounds(browser: Browser, address: str, rounds: int) -> float:
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    found = float(page.evaluate(ROUNDS, rounds))
    context.close()
    return found
