"""What is otherwise in a plan than it was, in the forms in which a team passes it on: text, Markdown, HTML for a mail, data."""

from __future__ import annotations

import html
import re
from dataclasses import asdict
from typing import Any

from planmark.build.versions import Differences
from planmark.plan.changes import Change, told


def as_text(found: Differences) -> str:
    """Lines for a terminal. Titles and names are as they stand in the plan: what a terminal would obey is still in them."""
    lines = [found.title, _since(found)]
    for heading, changes in told.grouped(found.changes):
        lines += ["", heading, *(f"  {told.line(change)}" for change in changes)]
    return "\n".join([*lines, "", _history(found), *(f"  {move}" for move in _moves(found))])


def as_markdown(found: Differences) -> str:
    """The same as Markdown; whatever a title holds is read as a text."""
    lines = [f"## {_plain(found.title)}", "", _since(found)]
    for heading, changes in told.grouped(found.changes):
        lines += ["", f"### {heading}", "", *(f"- {_plain(told.line(change))}" for change in changes)]
    moves = [f"- {_plain(move)}" for move in _moves(found)]
    return "\n".join([*lines, "", _history(found), *(["", *moves] if moves else [])])


def as_html(found: Differences) -> str:
    """The same as a piece of HTML that stands alone, to be pasted into a mail: no style, no script, nothing loaded."""
    parts = [f"<p><strong>{html.escape(found.title)}</strong><br>{_since(found)}</p>"]
    for heading, changes in told.grouped(found.changes):
        parts += [f"<p><strong>{heading}</strong></p>", _list(map(_item, changes))]
    moves = list(map(html.escape, _moves(found)))
    parts.append(f"<p>{_history(found)}</p>")
    return "\n".join(["<div>", *parts, *([_list(moves)] if moves else []), "</div>"])


def as_data(found: Differences) -> dict[str, Any]:
    """The same as plain values; `text` is the line that people read."""
    changes = [
        {name: value for name, value in asdict(change).items() if value not in ("", None, ())}
        | {"group": change.group, "text": told.line(change)}
        for change in found.changes
    ]
    moves = [
        {
            "day": one.day.isoformat(),
            "was": one.was.isoformat(),
            "now": one.now.isoformat(),
            "days": one.days,
            "by": one.by,
            "note": one.note,
        }
        for one in found.target_moves
    ]
    return {
        "plan": found.title,
        "since": {"version": found.since.name, "day": found.since.day.isoformat()},
        "changes": changes,
        "target": {"date": found.target.isoformat(), "moves": moves},
    }


def _since(found: Differences) -> str:
    day = told.in_words(found.since.day.isoformat())
    return f"Since {day}" if found.changes else f"Nothing has changed since {day}."


def _history(found: Differences) -> str:
    if found.target_moves:
        return f"{told.history(found.target_moves)}:"
    return f"The target date has not moved: {told.in_words(found.target.isoformat())}."


def _moves(found: Differences) -> list[str]:
    return [told.moved_target(one, found.now.people.get(one.by, "")) for one in found.target_moves]


def _item(change: Change) -> str:
    name, what = html.escape(told.subject(change)), html.escape(told.detail(change))
    return f"<strong>{name}</strong>: {what}" if name and what else f"<strong>{name}</strong>" if name else what


def _list(items: Any) -> str:
    return "<ul>\n" + "".join(f"<li>{one}</li>\n" for one in items) + "</ul>"


def _plain(text: str) -> str:
    """A text that Markdown shows as it stands."""
    marked = re.sub(r"([\\`*_\[\]<>~&])", r"\\\1", text)
    return re.sub(r"^(\d*)([-+#=.)])", r"\1\\\2", marked)
