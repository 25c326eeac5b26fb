"""What is wrong in a workspace, without building: remembered where nothing changed, found anew elsewhere."""

from __future__ import annotations

from pathlib import Path

from planmark.build.build import STATE
from planmark.build.inputs import Inputs
from planmark.build.making import Progress
from planmark.build.settling import refuse_shared_links
from planmark.build.state import load_state, program
from planmark.build.team import changed_team
from planmark.build.worker import Made, summary
from planmark.content.layout import BUILD, CONTENT, WORKSPACE_FILE, chosen, deal_names
from planmark.content.tree import digest_bytes
from planmark.problems import Location, PlanmarkError, Problem, in_order


def examine(root: Path, deals: tuple[str, ...] = (), progress: Progress = lambda done, of, deal: None) -> list[Problem]:
    """Every problem of the workspace, the library, the themes in use and the deals, or of some deals. Writes nothing."""
    state = load_state(root / BUILD / STATE / "state.json")
    inputs = Inputs(root, state)
    problems: list[Problem] = []
    names = deal_names(root, problems)
    wanted = chosen(names, deals)
    shape = digest_bytes(f"{program()} {()}".encode())
    stale = []
    for name in wanted:
        record = state.deals.get(name)
        if record and record.options == shape and all(inputs.digest(tree) == digest for tree, digest in record.trees.items()):
            problems += record.problems
        else:
            stale.append(name)
    team = changed_team(inputs, state)
    problems += state.team.problems
    if not stale or not (team := team or changed_team(inputs, state, again=True)):
        return in_order(problems)
    from planmark.content.load import load_deal
    from planmark.site.theme import load_theme

    made = []
    for done, name in enumerate(stale, 1):
        loaded = load_deal(team, name, inputs.tree(f"{CONTENT}/{name}"))
        one = Made(name, loaded.problems, ok=loaded.deal is not None)
        if loaded.deal:
            one.summary = summary(loaded.deal)
            named = f"{CONTENT}/{name}/plan.yaml" if loaded.deal.plan.theme else WORKSPACE_FILE
            try:
                load_theme(root, loaded.deal.theme, Location(named))
            except PlanmarkError as error:
                one.problems += error.problems
        made.append(one)
        progress(done, len(stale), name)
    problems += refuse_shared_links(state, made, names)
    return in_order([*problems, *(problem for one in made for problem in one.problems)])
