"""What every target says in one voice when it cannot do what it was asked for. Nothing is half done then."""

from __future__ import annotations

from planmark.problems import Location, Problem

_STILL = "what was out is out still"


def somebody_else(where: str) -> Problem:
    """Another publisher holds the site, or was quicker."""
    return Problem(
        "PM804", "somebody else is publishing this plan, or just did", Location(where), "see `planmark published`, and publish again"
    )


def others_all_the_time(where: str) -> Problem:
    """Others were quicker each time, with plans of their own."""
    return Problem("PM804", "others publish to the same place all the time", Location(where), "publish again when they are done")


def cannot_read(where: str, why: str, hint: str) -> Problem:
    """What is out there cannot be told. `why` is the host's or the system's own word, `hint` what to do about it."""
    return Problem("PM805", f"the target cannot be read: {why}", Location(where), hint)


def cannot_write(where: str, why: str, hint: str) -> Problem:
    """Nothing can be put there; likewise."""
    return Problem("PM805", f"the target cannot be written: {why}", Location(where), f"{hint}; {_STILL}")


def changed_on_the_way(where: str, by: str) -> Problem:
    """What was sent is not what arrived. `by` is what to look into: the disk, the connection."""
    return Problem("PM806", "what was written is not what is there", Location(where), f"see to {by}, and publish again; {_STILL}")
