"""The Nu HTML checker finds no error on any page of any theme in any state."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path

from tests.everyone.conftest import Sites, by_turns, checker, nothing

ROOT = Path(__file__).parents[2]
"""The workspace of the examples."""


def errors(places: list[Path]) -> list[str]:
    """What the checker says about all HTML files in these folders; a line for each error."""
    command = ["java", "-jar", str(checker("vnu-jar/build/dist/vnu.jar")), "--errors-only", "--format", "gnu", "--skip-non-html"]
    done = subprocess.run([*command, *map(str, places)], capture_output=True, text=True, encoding="utf-8")
    said = [line for line in (done.stdout + done.stderr).splitlines() if line]
    assert bool(said) == bool(done.returncode), done
    return said


def test_no_error_in_the_markup(sites: Sites) -> None:
    """All at once: starting Java takes longer than checking a page."""
    nothing(errors([sites.site(theme, state) for theme, state in by_turns("five-forms", "northwind-forms", "harbour")]))


def test_no_error_in_mails_walk_throughs_and_the_lock(tmp_path: Path) -> None:
    """They are pages, too: for programs that read mail, for the screen of a call, and before a protected plan."""
    from planmark.build.mail import reminders, updates
    from planmark.build.meeting import meeting_of, page_of
    from planmark.problems import Location
    from planmark.site.environment import environment
    from planmark.site.sealed.lock import lock_page
    from planmark.site.sealed.manifest import Lock
    from planmark.site.theme import load_theme

    day = date(2026, 11, 24)
    for deal in ("northwind", "harbour", "juniper"):
        for one in (*updates(ROOT, deal, day).mails, *reminders(ROOT, deal, day, 14).mails):
            (tmp_path / f"{deal}-{one.name}.html").write_text(one.letter.html, encoding="utf-8")
        for internal in (False, True):
            page = page_of(meeting_of(ROOT, deal, day, internal=internal), ROOT)
            (tmp_path / f"{deal}-meeting-{internal}.html").write_bytes(page)
    for locale in ("en-GB", "ar"):
        theme = load_theme(ROOT, "default", Location("planmark.yaml"))
        lock = Lock("0" * 32, bytes(16), 1_000_000, "assets/none.bin", (bytes(60),))
        (tmp_path / f"lock-{locale}.html").write_bytes(lock_page(theme, environment(theme, locale), lock, {})["index.html"])
    nothing(errors([tmp_path]))


def test_an_error_would_be_found(tmp_path: Path) -> None:
    """The checker checks."""
    (tmp_path / "page.html").write_text("<!doctype html><html lang=en><title>A page</title><p><ul><li><b>Not closed</ul>", encoding="utf-8")
    assert any("Unclosed element" in line for line in errors([tmp_path]))
