"""What is wrong in a workspace, without building: remembered where nothing changed, found anew elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from planmark.build.build import STATE
from planmark.build.inputs import Inputs
from planmark.build.state import load_state, program
from planmark.content.layout import BUILD, CONTENT, LIBRARY, WORKSPACE_FILE, chosen, deal_names
from planmark.content.tree import digest_bytes
from planmark.problems import Location, PlanmarkError, Problem, in_order


def examine(
    root: Path, deals: tuple[str, ...] = (), progress: Callable[[int, int, str], None] = lambda done, of, name: None
) -> list[Problem]:
    """Every problem of the workspace, the library, the themes in use and the deals, or of some deals. Writes nothing."""
    state = load_state(root / BUILD / STATE / "state.json")
    inputs = Inputs(root, state)
    problems: list[Problem] = []
    names = chosen(deal_names(root, problems), deals)
    shape = digest_bytes(f"{program()} {()}".encode())
    stale = []
    for name in names:
        record = state.deals.get(name)
        if record and record.options == shape and all(inputs.digest(tree) == digest for tree, digest in record.trees.items()):
            problems += record.problems
        else:
            stale.append(name)
    if not stale and names:
        return in_order(problems)
    from planmark.content.load import load_deal
    from planmark.content.team import load_team
    from planmark.site.theme import load_theme

    team = load_team(root, inputs.tree(f"{CONTENT}/{LIBRARY}"), problems)
    if team is None:
        return in_order(problems)
    keys: dict[str, str] = {
        record.summary["share_key"]: name
        for name, record in state.deals.items()
        if name in names and name not in stale and record.summary.get("share_key") and not record.summary.get("continues")
    }
    for done, name in enumerate(stale, 1):
        loaded = load_deal(team, name, inputs.tree(f"{CONTENT}/{name}"))
        problems += loaded.problems
        deal = loaded.deal
        if deal:
            where = Location(f"{CONTENT}/{name}/plan.yaml")
            try:
                load_theme(root, deal.theme, where if deal.plan.theme else Location(WORKSPACE_FILE))
            except PlanmarkError as error:
                problems += error.problems
            key = deal.plan.share_key
            if key and key in keys:
                problems.append(
                    Problem(
                        "PM601",
                        f"the share key is also that of `{keys[key]}`",
                        where,
                        "give one of the two a key of its own; or write `continues:`",
                    )
                )
            elif key:
                keys[key] = name
        progress(done, len(stale), name)
    return in_order(problems)
