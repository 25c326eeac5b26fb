"""How one page of a service's list leads to the next: by number, by offset, or by a cursor that each answer gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from planmark.endpoints.records import JsonPath, as_text, at, unexpected

Query = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """How a service's list is turned over."""

    by: Literal["number", "offset", "cursor"]
    param: str
    """The parameter that says which page."""
    size: Query = ()
    """The parameter that says how many are on a page, with its highest value."""
    next: JsonPath = ()
    """By cursor: where an answer holds the one of the next page."""
    more: JsonPath = ()
    """By cursor: where an answer says whether there is one."""

    @property
    def steady(self) -> bool:
        """Whether nothing is missed when the list moves during a walk: a cursor stays where it is, a number does not."""
        return self.by == "cursor"

    @property
    def first(self) -> str:
        """The place of the first page."""
        return {"number": "1", "offset": "0", "cursor": ""}[self.by]

    def query(self, place: str) -> Query:
        """What asks for the page at a place."""
        return (*self.size, (self.param, place)) if place else self.size

    def following(self, place: str, answer: Any, count: int) -> str:
        """The place after a page of so many items; empty after the last one, which by number and offset is an empty page.

        A short page is not taken for the last one: the service may have its own idea of how many are on a page.
        """
        if self.by != "cursor":
            return str(int(place) + (1 if self.by == "number" else count)) if count else ""
        if at(answer, self.more) is not True:
            return ""
        following = as_text(at(answer, self.next))
        if not following or following == place:
            raise unexpected("it says that there is more, and not where")
        return following
