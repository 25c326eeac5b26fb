"""Passphrases: made by chance, and of somebody's own only where they cannot be guessed. Whoever has the files may guess for years."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable

from planmark.content.access.slots import tidied

LETTERS = "23456789abcdefghjkmnpqrstvwxyz"
"""Nothing in it is mistaken for anything else, on paper or read aloud."""
_GROUPS, _IN_A_GROUP = 4, 4
SHORTEST = 16
"""Letters of an own passphrase, beside what can be known of the deal."""
_DIFFERENT = 8
_MOST = 200
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "0123456789", "qwertyuiop", "qwertzuiop", "azertyuiop", "asdfghjkl", "zxcvbnm", "yxcvbnm")


def new_passphrase() -> str:
    """A passphrase by chance, of 78 bits: `h7kq-2mfp-x9ta-c4wn`."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(_IN_A_GROUP)) for _ in range(_GROUPS))


def why_weak(passphrase: str, known: Iterable[str]) -> str:
    """Why a passphrase could be guessed, as a phrase; empty where it could not. `known` are names that anybody would try: the account's."""
    text = tidied(passphrase).casefold()
    if len(text) > _MOST:
        return f"it has {len(text)} letters, {_MOST} are allowed"
    names = {word for name in known for word in re.findall(r"\w{3,}", tidied(name).casefold())}
    for name in sorted(names, key=lambda name: (-len(name), name)):
        text = text.replace(name, "")
    for row in (*_ROWS, *(row[::-1] for row in _ROWS)):
        text = _without_runs(text, row)
    text = re.sub(r"(.{2,}?)\1+", r"\1", text)
    if len(re.sub(r"\s", "", text)) < SHORTEST:
        return f"names from the plan, rows of keys and repetitions aside, it has fewer than {SHORTEST} letters"
    if len(set(text)) < _DIFFERENT:
        return f"it has fewer than {_DIFFERENT} different letters"
    return ""


def _without_runs(text: str, row: str) -> str:
    """The text without what somebody types along a row of keys, four and more."""
    found, start = [], 0
    while start < len(text):
        end = start + 1
        while end < len(text) and text[start : end + 1] in row:
            end += 1
        found.append(text[start] if end - start >= 4 else text[start:end])
        start = end
    return "".join(found)
