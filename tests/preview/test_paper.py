"""The plan on paper is made when somebody asks for it."""

from __future__ import annotations

from tests.build.small import Small
from tests.preview.running import Running


def test_the_pdf_is_made_when_it_is_asked_for(running: Running) -> None:
    """It takes its moment, and the pages need not wait for it."""
    assert not (running.output("acme") / "plan.pdf").exists()
    answer = running.ask(f"{running.site('acme')}plan.pdf")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.body.startswith(b"%PDF-")


MISSING = "import planmark.build.worker as worker\nworker.why_no_pdf = lambda: 'Pango is missing'"


def test_where_no_pdf_can_be_made_the_terminal_says_why(small: Small) -> None:
    with Running(small.root, before=MISSING) as running:
        assert running.ask(f"{running.site('acme')}plan.pdf").status == 404
        assert [line for line in running.said if "Pango is missing" in line]


MEANWHILE = """
import time
from planmark.preview.rebuilding import Rebuilding

def make_pdf(self, deal, make_pdf=Rebuilding.make_pdf):
    made = make_pdf(self, deal)
    self.touch([self._root / "content"])
    while list(self._root.glob("build/.planmark/preview/sites/*/plan.pdf")):
        time.sleep(0.01)
    return made

Rebuilding.make_pdf = make_pdf
"""


def test_a_build_right_after_it_does_not_take_it_from_whoever_asked(small: Small) -> None:
    """As at the start, when all that may have changed meanwhile is looked at once more: such a build leaves no PDF."""
    with Running(small.root, before=MEANWHILE) as running:
        assert running.ask(f"{running.site('acme')}plan.pdf").status == 200
