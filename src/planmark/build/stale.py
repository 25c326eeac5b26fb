"""Which deals a build would make anew, without building anything: what publishing looks at first."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from planmark.build.build import STATE, Options, day_of
from planmark.build.inputs import Inputs, Shape, reason_to_build, reason_to_look
from planmark.build.state import Record, load_state, program
from planmark.content.layout import deal_names


@dataclass(frozen=True)
class Standing:
    """What was built, and what is no longer true of it."""

    records: dict[str, Record]
    """What is remembered of each deal that was built."""
    stale: dict[str, str]
    """Why a deal would be built, by deal."""


def standing(root: Path, options: Options, wanted: tuple[str, ...]) -> Standing:
    """How the `wanted` deals stand to their sources on a day."""
    place = root / options.output
    state = load_state(place / STATE / "state.json")
    inputs = Inputs(root, state)
    inputs.look_at_links(deal_names(root, []), wanted, state.entries)
    shape = Shape(program(), f"pdf-{options.pdf} forms-{state.team.has_forms}")
    today = options.today or day_of(state.team.timezone)
    stale = {}
    for name in wanted:
        reason = reason_to_look(inputs, name, state.deals.get(name), shape)
        reason = reason or reason_to_build(state.deals[name], shape, today, place / "sites")
        if reason:
            stale[name] = reason
    return Standing(state.deals, stale)
