"""The team's signing key: whether planmark.yaml names one, and this machine has it and keeps it to itself."""

from __future__ import annotations

from collections.abc import Iterator

from planmark.content.secrets import key_file, team_keys
from planmark.plan.workspace import Workspace
from planmark.problems import PlanmarkError
from planmark.publish.doctor.found import Found, fine, told_by, warned

ABOUT = "key"


def signing_key(workspace: Workspace) -> Iterator[Found]:
    """Keys are told by their fingerprints, and by nothing else of them."""
    if not workspace.key:
        if workspace.endpoint:
            hint = "make one with `planmark key rotate`, and write the line that it prints into planmark.yaml"
            yield warned(ABOUT, "planmark.yaml names no signing key, so nobody can have a personal link", hint)
        return
    try:
        here = team_keys(workspace.key).keys
    except (PlanmarkError, OSError) as error:
        yield from told_by(ABOUT, error)
        return
    yield fine(ABOUT, f"{workspace.key[0]} is on this machine, and signs new links; its file is {key_file()}")
    for name in workspace.key[1:]:
        if name not in here:
            hint = "bring it with `planmark key add`, or take it out of planmark.yaml: then its links count no longer"
            yield warned(ABOUT, f"the old key {name} is not on this machine, so what its links send waits for you", hint)
