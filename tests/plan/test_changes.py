"""What differs between two versions: each thing that somebody changed is said once, and nothing else is."""

from __future__ import annotations

import contextlib
import copy
import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.plan.seen import DAYS, LEVELS, STATUSES, View, owners, task, tasks_of, view, views, without

from planmark.plan.changes import Change, NotAViewError, changes_between, digest_of, facts_of, stored


def changes(old: View, new: View) -> tuple[Change, ...]:
    """What differs between two views as data."""
    return changes_between(facts_of(old), facts_of(new))


def only(old: View, new: View) -> Change:
    """The one thing that differs."""
    (found,) = changes(old, new)
    return found


def test_a_date_that_moved_says_by_how_many_days() -> None:
    found = only(view(task(due="2026-12-01")), view(task(due="2026-12-06")))
    assert found == Change(kind="moved", on="task/nda", title="Task nda", was="2026-12-01", now="2026-12-06", days=5)
    assert only(view(task(due="2026-12-06")), view(task(due="2026-12-01"))).days == -5


def test_a_date_that_came_or_went_moved_by_no_number_of_days() -> None:
    found = only(view(without(task(), "due")), view(task()))
    assert (found.was, found.now, found.days) == ("", "2026-12-01", None)
    found = only(view(task()), view(without(task(), "due")))
    assert (found.was, found.now, found.days) == ("2026-12-01", "", None)


def test_the_target_and_the_signature_have_their_own_place() -> None:
    old, new = view(contract_signature="2026-12-18"), view(target="2027-02-05", contract_signature="2026-12-20")
    target, signature = changes(old, new)
    assert (target.kind, target.on, target.days, target.group) == ("target", "plan", 7, "target")
    assert (signature.kind, signature.on, signature.days, signature.group) == ("moved", "signature", 2, "moved")


@pytest.mark.parametrize(("was", "now", "group"), [("todo", "done", "done"), ("done", "todo", "status"), ("doing", "blocked", "status")])
def test_a_status_says_what_it_was(was: str, now: str, group: str) -> None:
    found = only(view(task(status=was)), view(task(status=now)))
    assert (found.kind, found.was, found.now, found.group) == ("status", was, now, group)


def test_who_did_it_is_named_where_somebody_did() -> None:
    done = task(status="done", done_by={"name": "Maria Lindqvist", "how": "link"})
    assert only(view(task()), view(done)).who == ("Maria Lindqvist",)
    assert only(view(done), view(task())).who == ()


def test_other_owners_are_named_and_their_order_is_not_news() -> None:
    found = only(view(task(owners=owners("anna"))), view(task(owners=owners("ben", "cleo"))))
    assert (found.kind, found.before, found.who) == ("owner", ("Anna",), ("Ben", "Cleo"))
    assert not changes(view(task(owners=owners("anna", "ben"))), view(task(owners=owners("ben", "anna"))))


def test_new_and_gone_say_what_it_was_and_when() -> None:
    found = only(view(), view(task()))
    assert found == Change(kind="new", on="task/nda", title="Task nda", now="2026-12-01", who=("Anna",))
    found = only(view(task()), view())
    assert found == Change(kind="gone", on="task/nda", title="Task nda", was="2026-12-01", before=("Anna",))


def test_a_task_that_changed_its_stage_is_the_same_task() -> None:
    old = view(stages=[{"tasks": [task()]}, {"tasks": []}])
    assert not changes(old, view(stages=[{"tasks": []}, {"tasks": [task()]}]))


def test_risks_are_told_together() -> None:
    risk = {"id": "late", "title": "Late", "status": "open", "probability": "low", "impact": "high"}
    old, new = view(risks=[risk]), view(risks=[risk | {"status": "closed", "probability": "medium"}])
    probability, status = changes(old, new)
    assert {probability.group, status.group} == {"risks"}
    assert (probability.kind, probability.was, probability.now) == ("probability", "low", "medium")
    assert (status.kind, status.was, status.now) == ("status", "open", "closed")


def test_both_sides_agreeing_is_one_change_of_both() -> None:
    one = {"id": "fast", "criterion": "Quotes in a day"}
    both = one | {"agreed_buyer": "2026-10-23", "agreed_seller": "2026-10-26"}
    found = only(view(success_criteria=[one]), view(success_criteria=[both]))
    assert (found.kind, found.now, found.who, found.of) == ("agreed", "2026-10-26", ("Acme", "Halyard"), "buyer seller")
    named = one | {"agreed_buyer": "2026-10-23", "agreed_by": {"name": "Maria Lindqvist"}}
    found = only(view(success_criteria=[one]), view(success_criteria=[named]))
    assert (found.who, found.of) == (("Maria Lindqvist",), "buyer")
    lost = changes(view(success_criteria=[both]), view(success_criteria=[one]))
    assert [(change.kind, change.now, change.of) for change in lost] == [("agreed", "", "buyer"), ("agreed", "", "seller")]


def test_a_signature_is_told_by_the_name_that_was_typed() -> None:
    signed = {"sign_off": {"signatures": [{"id": "e1", "person": "maria", "typed": "M. Lindqvist"}]}}
    found = only(view(), view(**signed))
    assert (found.kind, found.on, found.who, found.group) == ("signed", "sign_off", ("M. Lindqvist",), "agreed")
    again = {"sign_off": {"signatures": [{"id": "e2", "person": "maria", "typed": "Maria L."}]}}
    assert only(view(**signed), view(**again)).now == "Maria L."
    assert only(view(**signed), view()).was == "M. Lindqvist"


def test_key_dates_constraints_freezes_and_documents_count() -> None:
    old = view(
        key_dates=[{"id": "fair", "kind": "event", "title": "Fair", "date": "2026-11-12"}, {"id": "target", "kind": "target"}],
        constraints=[{"id": "year", "title": "Budget year", "date": "2026-12-31"}],
        freezes=[{"id": "winter", "start": "2026-12-21", "end": "2027-01-03", "why": "Shutdown"}],
        resources=[],
    )
    new = view(
        key_dates=[{"id": "fair", "kind": "event", "title": "Fair", "date": "2026-11-13"}],
        constraints=[],
        freezes=[{"id": "winter", "start": "2026-12-21", "end": "2027-01-05", "why": "Shutdown"}],
        resources=[{"id": "deck", "title": "The deck"}],
    )
    assert {(one.kind, one.on, one.days) for one in changes(old, new)} == {
        ("moved", "event/fair", 1),
        ("gone", "constraint/year", None),
        ("end", "freeze/winter", 2),
        ("new", "resource/deck", None),
    }


def test_what_the_day_changes_and_what_people_say_is_no_change() -> None:
    said = [{"id": "e1", "kind": "comment", "text": "Hello"}]
    late = view(task(late=True, said=said), late=1, version="2026-11-20", expired=True, said=said)
    assert not changes(view(task()), late)
    assert digest_of(view(task())) == digest_of(late)


def test_the_address_and_the_history_are_not_kept() -> None:
    found = stored(view(key="k", guests=[{"ref": "r"}], changes={"since": "2026-11-12"}))
    assert found == view()


@given(views())
def test_nothing_changed_nothing_said(found: View) -> None:
    assert changes(found, copy.deepcopy(found)) == ()


@given(views(), views(), st.randoms(use_true_random=False))
def test_the_order_of_items_says_nothing(old: View, new: View, chance: random.Random) -> None:
    expected = changes(old, new)
    for found in (old, new):
        for items in (*(stage["tasks"] for stage in found["stages"]), found["stages"], *(found[name] for name in LISTS)):
            chance.shuffle(items)
    assert changes(old, new) == expected


LISTS = ("risks", "success_criteria", "key_dates", "freezes", "resources")


@given(views(), views())
def test_backwards_is_the_mirror(old: View, new: View) -> None:
    there, back = changes(old, new), changes(new, old)

    def told(found: tuple[Change, ...], kinds: dict[str, str], sign: int) -> set[Any]:
        return {
            (kinds[one.kind], one.on, (one.now, one.was) if sign < 0 else (one.was, one.now), one.days and sign * one.days)
            for one in found
            if one.kind in kinds
        }

    same = {kind: kind for kind in ("moved", "target", "end", "status", "probability", "impact", "goal", "state")}
    assert told(there, same | {"new": "new", "gone": "gone"}, 1) == told(back, same | {"new": "gone", "gone": "new"}, -1)


def _task_edit(name: str, value: st.SearchStrategy[Any]) -> Callable[[st.DataObject, View], tuple[str, str]]:
    def edit(data: st.DataObject, found: View) -> tuple[str, str]:
        one = data.draw(st.sampled_from(tasks_of(found)))
        one[name] = data.draw(value.filter(lambda other: other != one.get(name)))
        return {"due": "moved", "status": "status", "title": "renamed"}[name], f"task/{one['id']}"

    return edit


def _hand_over(data: st.DataObject, found: View) -> tuple[str, str]:
    one = data.draw(st.sampled_from(tasks_of(found)))
    one["owners"] = owners("eve", *(other["id"] for other in one["owners"]))
    del data
    return "owner", f"task/{one['id']}"


def _add(data: st.DataObject, found: View) -> tuple[str, str]:
    data.draw(st.sampled_from(found["stages"]))["tasks"].append(task("another"))
    return "new", "task/another"


def _drop(data: st.DataObject, found: View) -> tuple[str, str]:
    stage = data.draw(st.sampled_from([stage for stage in found["stages"] if stage["tasks"]]))
    return "gone", f"task/{stage['tasks'].pop()['id']}"


def _move_target(data: st.DataObject, found: View) -> tuple[str, str]:
    days = data.draw(st.integers(1, 400))
    found["target"] = (date.fromisoformat(found["target"]) + timedelta(days)).isoformat()
    return "target", "plan"


def _risk_edit(name: str) -> Callable[[st.DataObject, View], tuple[str, str]]:
    def edit(data: st.DataObject, found: View) -> tuple[str, str]:
        assume(found["risks"])
        one = data.draw(st.sampled_from(found["risks"]))
        one[name] = data.draw(st.sampled_from([level for level in LEVELS if level != one.get(name)]))
        return name, f"risk/{one['id']}"

    return edit


def _agree(side: str) -> Callable[[st.DataObject, View], tuple[str, str]]:
    def edit(data: st.DataObject, found: View) -> tuple[str, str]:
        assume(found["success_criteria"])
        one = data.draw(st.sampled_from(found["success_criteria"]))
        one[f"agreed_{side}"] = "2031-01-01"
        return "agreed", f"criterion/{one['id']}"

    return edit


def _sign(data: st.DataObject, found: View) -> tuple[str, str]:
    del data
    found["sign_off"]["signatures"].append({"id": "signed-now", "person": "eve", "typed": "Eve"})
    return "signed", "sign_off"


def _publish(data: st.DataObject, found: View) -> tuple[str, str]:
    del data
    found["resources"].append({"id": "another", "title": "Another"})
    return "new", "resource/another"


EDITS = {
    "due": _task_edit("due", DAYS),
    "status": _task_edit("status", st.sampled_from(STATUSES)),
    "title": _task_edit("title", st.just("Called otherwise")),
    "owner": _hand_over,
    "new": _add,
    "gone": _drop,
    "target": _move_target,
    "probability": _risk_edit("probability"),
    "impact": _risk_edit("impact"),
    "buyer agrees": _agree("buyer"),
    "seller agrees": _agree("seller"),
    "signature": _sign,
    "document": _publish,
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
@settings(max_examples=20)
@given(views(), st.data())
def test_every_edit_is_said_once(edit: Callable[[st.DataObject, View], tuple[str, str]], old: View, data: st.DataObject) -> None:
    """Whatever the rest of the plan is like, and nothing beside it."""
    assume(tasks_of(old))
    new = copy.deepcopy(old)
    kind, on = edit(data, new)
    assert [(one.kind, one.on) for one in changes(old, new)] == [(kind, on)]
    assert digest_of(old) != digest_of(new)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "target", "stages", "tasks", "due"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(JSON)
def test_data_that_is_no_view_is_refused_in_one_way(data: Any) -> None:
    """And in no other: whatever a file holds, nothing else is raised."""
    with contextlib.suppress(NotAViewError):
        facts_of(data)


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ([], "`view` should be an object"),
        (without(view(), "target"), "`view.target` should be a day such as 2026-11-03"),
        (view(target="2027-02-30"), "`view.target` should be a day such as 2026-11-03"),
        (view(target=20270130), "`view.target` should be a day such as 2026-11-03"),
        (view(task(), task("other", due="soon")), "`view.stages[0].tasks[1].due` should be a day such as 2026-11-03"),
        (view(task(title=["x"])), "`view.stages[0].tasks[0].title` should be a text"),
        (view(task(title="a\x1b[31m")), "`view.stages[0].tasks[0].title` should be a text"),
        (view(task(title="half \ud800")), "`view.stages[0].tasks[0].title` should be a text"),
        (view(without(task(), "id")), "`view.stages[0].tasks[0].id` should be an id"),
        (view(stages={"tasks": []}), "`view.stages` should be a list"),
        (view(risks=["late"]), "`view.risks[0]` should be an object"),
        (view(sign_off=[]), "`view.sign_off` should be an object"),
    ],
)
def test_a_broken_view_says_where(broken: Any, said: str) -> None:
    with pytest.raises(NotAViewError) as caught:
        facts_of(broken)
    assert str(caught.value) == said
