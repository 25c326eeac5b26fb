"""Rules about the people: who answers, who decides, who is missing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from planmark.plan.rules.case import Case
from planmark.plan.rules.rule import Broken, Numbers, QualityRule
from planmark.plan.rules.wording import names_budget, names_nobody, names_team, names_two


def _one_named_person(case: Case, numbers: Numbers) -> Iterator[Broken]:
    """The parties that lead tasks, at each of them; the people who are none, once each."""
    first: dict[str, str] = {}
    soonest: dict[str, str] = {}
    for one in case.open:
        for place, name in enumerate(one.task.owner[:1]):
            if name in case.persons:
                first.setdefault(name, one.task.id)
                if one.day and case.clock.reached(one.day - timedelta(days=numbers["days"])):
                    soonest.setdefault(name, one.task.id)
            elif name in case.sides:
                yield Broken(
                    (*one.path, "owner", place),
                    f"`{one.task.id}` is owned by a party, `{name}`: nobody there has to do it",
                    "write the id of one person of theirs first; the party may stand behind: `owner: [maria, buyer]`",
                )
    for name, task in first.items():
        path, person = case.persons[name]
        if person.audience == "internal":
            continue
        if not person.name:
            if name in soonest:
                due = f"`{soonest[name]}` is due within {numbers['days']} days"
                yield Broken(path, f"nobody is named yet for `{name}`, and {due}", "ask who it is, and write `name:` here")
        elif names_nobody(person.name):
            yield Broken(
                (*path, "name"),
                f"“{person.name}” answers for `{task}`, and is nobody yet",
                "write a name, or leave `name` out until it is known",
            )
        elif names_two(person.name):
            yield Broken(
                (*path, "name"),
                f"“{person.name}” are two people, and one answers for `{task}`",
                "make two entries of it, and name the one who answers",
            )
        elif names_team(person.name):
            yield Broken(
                (*path, "name"),
                f"“{person.name}” is no one person, and answers for `{task}`",
                "write who of them does it; their department goes into `title`",
            )


def _not_single_threaded(case: Case, numbers: Numbers) -> Iterator[Broken]:
    found = len(case.buyers)
    if found < numbers["least"]:
        count = "nobody" if not found else "one person" if found == 1 else f"{found} people"
        yield Broken(
            ("people",),
            f"{count} of the buyer's side: the deal stops when one of them does",
            f"write who else has to say yes, at least {numbers['least']} in all; who isn't known yet stands as a role without a name",
        )


def _budget_decider(case: Case, numbers: Numbers) -> Iterator[Broken]:
    if not any("economic_buyer" in one.role or any(names_budget(line.text) for line in one.decides) for _, one in case.buyers):
        yield Broken(
            ("people",),
            "nobody of the buyer's side decides on the budget here",
            "write `role: economic_buyer` at who does, or `decides: [budget up to 50000 EUR]`",
        )


def _still_there(case: Case, numbers: Numbers) -> Iterator[Broken]:
    for one in case.open:
        for place, name in enumerate(one.task.owner):
            _, person = case.persons.get(name, ((), None))
            if person and case.has_left(person):
                yield Broken(
                    (*one.path, "owner", place),
                    f"{person.name or name} has left, and still answers for `{one.task.id}`",
                    "write who took it over",
                )


def _two_sponsors(case: Case, numbers: Numbers) -> Iterator[Broken]:
    there = [case.sides[one.id] for _, one in case.people if "executive_sponsor" in one.role and not case.has_left(one)]
    missing = [f"the {side}'s" for side in ("buyer", "seller") if side not in there]
    if missing:
        yield Broken(
            ("people",),
            f"{' and '.join(missing)} side {'has' if len(missing) == 1 else 'have'} no sponsor",
            "write `role: executive_sponsor` at one person of each side",
        )


RULES = (
    QualityRule(
        "R4",
        "One named person, not “Legal”",
        "The first owner of an open task is a person with one name: no party, no team, no two names in one, no TBD. Who is a role without "
        "a name gets one {days} days before their first task is due.",
        "A department does not feel asked. One person does, and can be called.",
        "- {id: claire, name: Claire Orr, title: Legal, party: buyer}",
        _one_named_person,
        numbers={"days": 14},
    ),
    QualityRule(
        "R19",
        "More than one thread",
        "The buyer's side has {least} people at the least; those who have left do not count.",
        "Six to ten people decide on a purchase of some size. A plan that knows one of them ends with that person's holiday.",
        "- {id: farah, name: Farah Aziz, title: Information security officer, party: buyer, role: security}",
        _not_single_threaded,
        numbers={"least": 3},
        light=False,
    ),
    QualityRule(
        "R22",
        "Who decides on the budget is on record",
        "Somebody of the buyer's side is the `economic_buyer`, or has the budget among what they decide.",
        "Plans die late where the person with the money first hears of them at the end.",
        "role: economic_buyer",
        _budget_decider,
    ),
    QualityRule(
        "R27",
        "Owners are still there",
        "No open task belongs to somebody who has `left`. An owner who is nobody here is an error of its own (PM301).",
        "Work of people who have left waits until somebody misses it.",
        "owner: ruben",
        _still_there,
    ),
    QualityRule(
        "R30",
        "Two sponsors",
        "Each side has somebody with the role `executive_sponsor`.",
        "When the teams cannot agree, two people have to talk who can. It is too late to look for them then.",
        "- {id: joost, name: Joost van den Berg, party: buyer, role: executive_sponsor}",
        _two_sponsors,
        light=False,
    ),
)
