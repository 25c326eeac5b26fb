"""The plan on paper is made when somebody asks for it."""

from __future__ import annotations

from tests.preview.running import Running


def test_the_pdf_is_made_when_it_is_asked_for(running: Running) -> None:
    """It takes its moment, and the pages need not wait for it."""
    assert not (running.output("acme") / "plan.pdf").exists()
    answer = running.ask(f"{running.site('acme')}plan.pdf")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.body.startswith(b"%PDF-")
