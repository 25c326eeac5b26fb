"""What changed, in English: a line that says it, whatever it is."""

from __future__ import annotations

from datetime import date
from typing import get_args

import pytest
from hypothesis import given
from tests.plan.seen import View, views

from planmark.plan.changes import Change, TargetMove, changes_between, facts_of, told
from planmark.plan.changes.between import Group

ON = {"on": "task/nda", "title": "Sign the NDA"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (Change(kind="moved", was="2026-12-01", now="2026-12-06", days=5, **ON), "Sign the NDA: 6 Dec 2026, 5 days later (was 1 Dec 2026)"),
        (
            Change(kind="moved", was="2026-12-02", now="2026-12-01", days=-1, **ON),
            "Sign the NDA: 1 Dec 2026, 1 day earlier (was 2 Dec 2026)",
        ),
        (Change(kind="moved", now="2026-12-01", **ON), "Sign the NDA: now has a date, 1 Dec 2026"),
        (Change(kind="moved", was="2026-12-01", **ON), "Sign the NDA: date to be agreed (was 1 Dec 2026)"),
        (
            Change(kind="moved", on="signature", was="2026-12-01", now="2026-12-02", days=1),
            "Contract signature: 2 Dec 2026, 1 day later (was 1 Dec 2026)",
        ),
        (Change(kind="target", on="plan", was="2027-01-15", now="2027-01-29", days=14), "29 Jan 2027, 14 days later (was 15 Jan 2027)"),
        (
            Change(kind="end", on="freeze/w", title="Shutdown", was="2027-01-03", now="2027-01-05", days=2),
            "Shutdown: now ends on 5 Jan 2027, 2 days later (was 3 Jan 2027)",
        ),
        (Change(kind="end", on="event/w", title="Fair", now="2027-01-05"), "Fair: now ends on 5 Jan 2027"),
        (Change(kind="end", on="event/w", title="Fair", was="2027-01-05"), "Fair: now one day, ended on 5 Jan 2027"),
        (Change(kind="status", was="todo", now="done", **ON), "Sign the NDA"),
        (Change(kind="status", was="todo", now="done", who=("Maria",), **ON), "Sign the NDA: by Maria"),
        (Change(kind="status", was="done", now="doing", **ON), "Sign the NDA: not done after all"),
        (Change(kind="status", was="blocked", now="todo", **ON), "Sign the NDA: no longer blocked"),
        (Change(kind="status", was="dropped", now="todo", **ON), "Sign the NDA: taken up again"),
        (Change(kind="status", was="todo", now="doing", **ON), "Sign the NDA: in progress"),
        (Change(kind="status", was="open", now="closed", on="risk/late", title="Late"), "Late: closed"),
        (Change(kind="owner", who=("Anna", "Ben"), before=("Cleo",), **ON), "Sign the NDA: Anna and Ben in place of Cleo"),
        (Change(kind="owner", who=("Anna", "Ben"), before=("Ben",), **ON), "Sign the NDA: Anna as well"),
        (Change(kind="owner", who=("Anna",), before=("Anna", "Ben"), **ON), "Sign the NDA: no longer Ben"),
        (Change(kind="owner", who=("Anna",), **ON), "Sign the NDA: Anna"),
        (Change(kind="owner", before=("Anna",), **ON), "Sign the NDA: nobody yet, no longer Anna"),
        (Change(kind="renamed", was="NDA", now="Sign the NDA", **ON), "Sign the NDA: was called “NDA”"),
        (Change(kind="new", now="2026-12-01", who=("Anna", "Ben", "Cleo"), **ON), "Sign the NDA: by 1 Dec 2026, Anna, Ben and Cleo"),
        (Change(kind="new", on="risk/late", title="Late"), "Late: new"),
        (Change(kind="gone", **ON), "Sign the NDA"),
        (Change(kind="gone", on="resource/deck", title="Deck"), "Deck: no longer in the plan"),
        (Change(kind="probability", was="low", now="high", on="risk/late", title="Late"), "Late: probability high, was low"),
        (Change(kind="impact", now="high", on="risk/late", title="Late"), "Late: impact high, was open"),
        (Change(kind="goal", now="10", was="9", on="criterion/fast", title="Fast"), "Fast: the goal is “10”, was “9”"),
        (
            Change(kind="agreed", now="2026-10-26", who=("Acme", "Halyard"), on="criterion/fast", title="Fast"),
            "Fast: agreed by Acme and Halyard",
        ),
        (Change(kind="agreed", was="2026-10-26", who=("Acme",), on="criterion/fast", title="Fast"), "Fast: no longer agreed by Acme"),
        (Change(kind="signed", on="sign_off", now="M. L.", who=("M. L.",)), "M. L. signed"),
        (Change(kind="signed", on="sign_off", was="M. L.", who=("M. L.",)), "the signature of M. L. is gone"),
        (Change(kind="state", on="plan", was="selling", now="won"), "now agreed, was in evaluation"),
    ],
)
def test_a_change_is_a_line_under_its_heading(change: Change, said: str) -> None:
    assert told.line(change) == said


def test_the_target_dates_history_is_a_sentence_and_its_moves() -> None:
    move = TargetMove(date(2026, 11, 12), date(2027, 1, 15), date(2027, 1, 29), "dana", "budget round")
    assert told.moved_target(move, "Dana") == "29 Jan 2027, 14 days later (was 15 Jan 2027), on 12 Nov 2026 by Dana: budget round"
    assert [told.history([move] * number) for number in (1, 2, 3)] == [
        "The target date has moved once",
        "The target date has moved twice",
        "The target date has moved 3 times",
    ]


def test_every_group_has_a_heading() -> None:
    assert set(told.HEADINGS) == set(get_args(Group))


@given(views(), views())
def test_whatever_changed_is_told_on_one_line_and_under_one_heading(old: View, new: View) -> None:
    found = changes_between(facts_of(old), facts_of(new))
    headings = [heading for heading, _ in told.grouped(found)]
    assert len(headings) == len(set(headings))
    assert sum(len(them) for _, them in told.grouped(found)) == len(found)
    for change in found:
        line = told.line(change)
        assert line.strip(": ") or not change.title.strip(": ")
        assert "\n" not in line
