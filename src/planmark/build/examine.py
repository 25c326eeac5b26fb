"""What is wrong in a workspace, and which rules its plans break. Nothing is built; what a check found is remembered on its own."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from pathlib import Path

from planmark.build.build import STATE, day_of
from planmark.build.inputs import Inputs, Shape, reason_of_day, reason_to_look
from planmark.build.looking import Examiner
from planmark.build.making import Progress, make
from planmark.build.settling import refuse_shared_links
from planmark.build.state import Record, load_state, program, save_state
from planmark.build.team import changed_team
from planmark.content.layout import BUILD, chosen, deal_names
from planmark.problems import Problem, in_order

CHECKED = "check.json"


def examine(
    root: Path, deals: tuple[str, ...] = (), progress: Progress = lambda done, of, deal: None, today: date | None = None
) -> list[Problem]:
    """Every problem of the workspace, the library, the themes and the deals, or of some deals, by file and line; and every rule broken.

    A deal is looked at again when anything its answers rest on changed: its files, what they share, the program, or the day.
    """
    place = root / BUILD / STATE
    state = load_state(place / CHECKED)
    inputs = Inputs(root, state)
    problems: list[Problem] = []
    names = deal_names(root, problems)
    past = inputs.look_at_links(names, chosen(names, deals), state.entries)
    wanted = [name for name in chosen(names, deals) if name not in past]
    team = changed_team(inputs, state)
    today = today or day_of(state.team.timezone)
    shape = Shape(program(), "check")
    reasons = {}
    for name in wanted:
        reason = reason_to_look(inputs, name, state.deals.get(name), shape)
        reason = reason or reason_of_day(state.deals[name], today)
        if reason:
            reasons[name] = reason
    if reasons and (team := team or changed_team(inputs, state, again=True)):
        made = make(Examiner(team, today, place), reasons, inputs, state, place, 0, progress)
        problems += refuse_shared_links(state, made, [name for name in names if name not in past])
        for one in made:
            trees, options = inputs.of_deal(one.name, one.themes, one.asked_library), "" if one.retry else shape.digest
            state.deals[one.name] = Record(
                trees, options, today.isoformat(), one.until, in_order(one.problems), not one.ok, summary=one.summary
            )
    for name in () if deals else set(state.deals) - set(names):
        del state.deals[name]
    problems += state.team.problems
    for name in wanted:
        if name in state.deals and (team or name not in reasons):  # without a team nothing was looked at
            problems += state.deals[name].problems
    if reasons or inputs.news:
        inputs.remember(state, everything=not deals)
        with suppress(OSError):  # where nothing can be written, every check looks at everything
            place.mkdir(parents=True, exist_ok=True)
            save_state(place / CHECKED, state)
    return in_order(problems)
