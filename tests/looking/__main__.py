"""`python -m tests.looking FOLDER`: screenshots of every theme, state, width and scheme, and contact sheets of them, to be looked at.

FOLDER/THEME/STATE/PAGE-WIDTH-SCHEME.png     the whole page
FOLDER/sheets/THEME-STATE.png                the first of it at all widths and schemes beside each other
FOLDER/sheets/THEME-STATE-PAGE-WIDTH-SCHEME-N.png   the whole page in columns, to be read (with --read)
"""

from __future__ import annotations

import argparse
import itertools
import sys
import tempfile
from datetime import datetime, time
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright
from tests.looking.sheets import contact_sheet, in_columns
from tests.looking.states import State, build, chosen, pages, states, themes
from tests.page.fake import Host
from tests.preview.conftest import CHROMIUM, SWITCHES

WIDTHS = {360: 740, 768: 1024, 1280: 800}
SCHEMES = ("light", "dark")
EAGER = """() => Promise.all([...document.images].map((one) => { one.loading = "eager"; return one.decode().catch(() => null); }))"""
"""Pictures that are below the window come, too."""
LOOKS = ("closed", "open", "print", "forced", "plain", "rtl")


def main() -> int:
    """Build, take pictures, and say where they are."""
    options = _options()
    out: Path = options.out
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        for theme, name in itertools.product(chosen(options.theme, themes()), chosen(options.state, states())):
            state = states()[name]
            site = build(state, theme, Path(scratch), Path(scratch) / "sites" / theme / name)
            _look(browser, site, state, out, f"{theme}-{name}", options)
            print(f"{out}/sheets/{theme}-{name}.png", flush=True)
        browser.close()
    return 0


def _look(browser: Browser, site: Path, state: State, out: Path, title: str, options: argparse.Namespace) -> None:
    host = Host(site)
    firsts: list[Path] = []
    try:
        for width, scheme in itertools.product(options.width, options.scheme):
            context = browser.new_context(
                viewport={"width": width, "height": WIDTHS.get(width, 900)},
                color_scheme=scheme,
                forced_colors="active" if options.look == "forced" else "none",
                java_script_enabled=options.look != "plain",
            )
            page = context.new_page()
            if options.look != "plain":
                page.clock.set_fixed_time(datetime.combine(state.today, time(12)))
            for name in pages(site) if options.pages else ["index.html"]:
                page.goto(f"{host.origin}/{name}")
                if options.look == "open":
                    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
                if options.look == "print":
                    page.emulate_media(media="print")
                if options.look == "rtl":
                    page.evaluate("document.documentElement.dir = 'rtl'")
                look = "" if options.look == "closed" else f"-{options.look}"
                picture = out / title.replace("-", "/", 1) / f"{Path(name).stem}-{width}-{scheme}{look}.png"
                picture.parent.mkdir(parents=True, exist_ok=True)
                page.evaluate(EAGER)
                page.screenshot(path=picture, full_page=True, animations="disabled")
                if name == "index.html":
                    firsts.append(picture)
                if options.read:
                    in_columns(picture, out / "sheets" / f"{title}-{picture.stem}")
            context.close()
    finally:
        host.stop()
    look = "" if options.look == "closed" else f"-{options.look}"
    contact_sheet(firsts, out / "sheets" / f"{title}{look}.png")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.looking", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path, metavar="FOLDER")
    parser.add_argument("--theme", action="append", default=[], help="only this theme (may be given again)")
    parser.add_argument("--state", action="append", default=[], help=f"only this state (may be given again): {', '.join(states())}")
    parser.add_argument("--width", action="append", type=int, help="360, 768 and 1280 when left out")
    parser.add_argument("--scheme", action="append", choices=SCHEMES, help="both when left out")
    parser.add_argument(
        "--look", choices=LOOKS, default="closed", help="all details open, as printed, in forced colours, without JavaScript, or mirrored"
    )
    parser.add_argument("--pages", action="store_true", help="all pages of a site, not only the first")
    parser.add_argument("--read", action="store_true", help="also the whole pages in columns")
    options = parser.parse_args()
    options.width = options.width or list(WIDTHS)
    options.scheme = options.scheme or list(SCHEMES)
    return options


if __name__ == "__main__":
    sys.exit(main())
