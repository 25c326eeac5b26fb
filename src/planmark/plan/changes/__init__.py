"""What differs between two versions of a plan as the buyer sees it: plain data in, changes as data out, and the words for them.

A version is what `plan.json` held on a day. `facts_of` reads of it what can change; `changes_between` compares two of those; `told` says a
change in English; `versions` knows which version a day is compared with, and how the target date moved from version to version.
"""

from planmark.plan.changes.between import Change, changes_between
from planmark.plan.changes.digest import digest_of, stored
from planmark.plan.changes.facts import Facts, NotAViewError, facts_of
from planmark.plan.changes.versions import TargetMove, Version, news, on_day, out_before, target_moves

__all__ = [
    "Change",
    "Facts",
    "NotAViewError",
    "TargetMove",
    "Version",
    "changes_between",
    "digest_of",
    "facts_of",
    "news",
    "on_day",
    "out_before",
    "stored",
    "target_moves",
]
