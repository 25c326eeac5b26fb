"""planmark.yaml and the library, read only when they changed or a deal has to be made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planmark.build.inputs import Inputs
from planmark.build.state import State, TeamRecord
from planmark.content.layout import CONTENT, LIBRARY, WORKSPACE_FILE
from planmark.problems import Problem

if TYPE_CHECKING:
    from planmark.content.team import Team


def changed_team(inputs: Inputs, state: State, again: bool = False) -> Team | None:
    """The team where planmark.yaml or the library changed, or `again`; its time zone and problems are remembered with it.

    None where nothing changed, and where planmark.yaml cannot be used.
    """
    library = f"{CONTENT}/{LIBRARY}"
    key = f"{inputs.digest(WORKSPACE_FILE)} {inputs.digest(library)}"
    if state.team.key == key and not again and state.team.has_forms:
        return None
    from planmark.build.forms import embed_problems, endpoint_problems, target_problems
    from planmark.content.team import load_team

    problems: list[Problem] = []
    team = load_team(inputs.root, inputs.tree(library), problems)
    workspace = team.workspace if team else None
    problems += [*endpoint_problems(team), *embed_problems(team), *target_problems(team)] if team else []
    state.team = TeamRecord(key, workspace.timezone if workspace else "UTC", workspace.locale if workspace else "en", problems)
    return team
