"""However one reads: in forced colours, without motion, on paper, without a script."""

from __future__ import annotations

import io
import re
import subprocess
from pathlib import Path

import pytest
from PIL import Image
from tests.everyone.conftest import FULL, SCHEMES, Visitor, measured, nothing, unfold
from tests.looking.states import chosen, states, themes

DRAWN = "svg.mark, .check, button, .button, .badge, summary, input:not([type=hidden], .trap), select, textarea, .stop, [role=img]"
"""What has to be seen though its colours are taken away."""


FIRSTS = """(drawn) => {
  const firsts = {};
  for (const one of document.querySelectorAll(drawn)) {
    const kind = one.localName + [...one.classList].map((name) => "." + name).join("")
      + (one.querySelector(":scope > use")?.getAttribute("href") || "") + (one.closest("[class*=is-]")?.classList || "");
    const { x, y, width, height } = one.getBoundingClientRect();
    if (!width || !height || !one.checkVisibility({ visibilityProperty: true })) continue;
    firsts[kind] ??= [Math.max(0, x - 2), Math.max(0, y - 2), x + width + 3, y + height + 3].map(Math.floor);
  }
  return firsts;
}"""
"""Where the first of each kind stands, a little around it included."""


@pytest.mark.parametrize("theme", themes())
@pytest.mark.parametrize("scheme", SCHEMES)
def test_everything_drawn_is_seen_in_forced_colours(visitor: Visitor, theme: str, scheme: str) -> None:
    """Marks, checks, badges, buttons and fields: the first that is shown of each kind."""
    page = visitor.open(theme, "five-forms", forced_colors="active", color_scheme=scheme)
    unfold(page)
    picture = Image.open(io.BytesIO(page.screenshot(full_page=True, animations="disabled"))).convert("RGB")
    kinds: dict[str, tuple[int, int, int, int]] = page.evaluate(FIRSTS, DRAWN)
    assert len(kinds) > 10
    nothing([kind for kind, box in kinds.items() if len(picture.crop(box).getcolors(1 << 20) or ()) < 2])


@pytest.mark.parametrize("theme", themes())
@pytest.mark.parametrize("state", ["five-forms", "northwind"])
def test_nothing_moves_for_who_wants_no_motion(visitor: Visitor, theme: str, state: str) -> None:
    """No transition, no animation, no smooth scrolling."""
    page = visitor.open(theme, state, reduced_motion="reduce")
    nothing(measured(page, "moving"))
    page.locator("main summary").first.click()
    nothing(measured(page, "moving"))


@pytest.mark.parametrize("theme", themes())
def test_nothing_moves_by_itself(visitor: Visitor, theme: str) -> None:
    """A page that was loaded stands still."""
    page = visitor.open(theme, "northwind")
    assert page.evaluate("document.getAnimations().length") == 0


FEW = () if FULL else ("five-forms", "long", "northwind", "harbour")


SAID_BY_TASKS = """() => {
  const elsewhere = "form, noscript, .vh, [data-relative]";
  return [...document.querySelectorAll("main details.task :is(p, li, dd, td)")]
    .filter((one) => !one.closest(`${elsewhere}, .ask`) && !one.querySelector(elsewhere))
    .map((one) => one.innerText).filter((text) => text.trim());
}"""


def plain(text: str) -> str:
    """A text without what paper does to it."""
    return (
        re.sub(r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2066-\u2069]+|(?<=\w)-\n", "", text).replace("ﬁ", "fi").replace("ﬂ", "fl").casefold()
    )


@pytest.mark.parametrize("state", chosen(FEW, states()))
@pytest.mark.parametrize("theme", themes())
def test_paper_shows_what_is_closed_on_the_screen(visitor: Visitor, theme: str, state: str, tmp_path: Path) -> None:
    """Printed from the browser, without a script: all that the tasks say is there."""
    page = visitor.open(theme, state)
    unfold(page)
    wanted = page.evaluate(SAID_BY_TASKS)
    assert wanted
    paper = visitor.open(theme, state, java_script_enabled=False).pdf(path=str(tmp_path / "page.pdf"))
    assert paper
    said = subprocess.run(["pdftotext", "-raw", str(tmp_path / "page.pdf"), "-"], check=True, capture_output=True).stdout.decode()
    printed = plain(said)
    missing = [text for text in wanted if not all(plain(word) in printed for word in re.findall(r"\w{1,20}", text))]
    nothing(missing)


@pytest.mark.parametrize("state", chosen(FEW, states()))
@pytest.mark.parametrize("theme", themes())
def test_everything_is_there_without_a_script(visitor: Visitor, theme: str, state: str) -> None:
    """What can be read with it can be read without it."""
    with_script = visitor.open(theme, state)
    unfold(with_script)
    without = visitor.open(theme, state, java_script_enabled=False)
    unfold(without)
    seen = set(measured(without, "texts"))
    nothing([text for text in measured(with_script, "texts") if text not in seen])
