"""What of a view a version keeps, and the digest that decides whether there is a new one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

_OF_THE_ADDRESS = frozenset({"key", "guests"})
"""What belongs to the plan's address and to its personal links, and nothing that anybody reads."""
_OF_THE_HISTORY = frozenset({"changes"})
"""What comes of other versions."""
_OF_THE_DAY = frozenset({"version", "late", "expired", "past", "has_left", "resting", "health", "standing", "next_steps", "next_milestone"})
"""What changes with the day, or is only chosen from the rest."""
_TALK = frozenset({"said"})
"""Comments and proposals: kept in the activity, and no change of the plan."""


def stored(view: Mapping[str, Any]) -> dict[str, Any]:
    """What a version keeps of a view as data."""
    return {name: value for name, value in view.items() if name not in _OF_THE_ADDRESS | _OF_THE_HISTORY}


def digest_of(view: Mapping[str, Any]) -> str:
    """The digest of all in a view that somebody changed: the day, comments and the history aside. 32 hexadecimal digits."""
    text = json.dumps(_kept(stored(view)), ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()[:32]


def _kept(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _kept(one) for name, one in value.items() if name not in _OF_THE_DAY | _TALK}
    return [_kept(one) for one in value] if isinstance(value, list) else value
