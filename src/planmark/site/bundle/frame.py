"""What only a plan has that is one file: words around it, a style sheet and a script, of its theme and in its language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planmark.site.bundle.bundle import Frame
from planmark.site.forms import can_send
from planmark.site.render import render
from planmark.site.scripts import script
from planmark.site.sheets import small

if TYPE_CHECKING:
    from jinja2 import Environment

    from planmark.site.forms import Forms
    from planmark.site.theme import Theme
    from planmark.site.view import BuyerView


def frame_of(plan: BuyerView, theme: Theme, env: Environment, forms: Forms | None, address: str) -> Frame:
    """The frame of a plan. `address` is that of its live site, with a `/` at its end; empty where nobody knows it."""
    forms = forms if forms and can_send(plan) else None
    file = f"planmark-reply-{plan.id}.json"
    context = {"plan": plan, "forms": forms, "address": address, "file": file}
    sheet = theme.asset("bundle.css")
    css = sheet.read_text(encoding="utf-8") if sheet else ""
    saving = script(theme, "bundle.js")
    return Frame(
        note=render(env, theme, "bundle/note.html", context),
        title=env.globals["language"].gettext("Privacy and security"),  # type: ignore[attr-defined]  # `environment` put it there
        privacy=render(env, theme, "bundle/privacy.html", context),
        reply=render(env, theme, "bundle/reply.html", context) if forms else "",
        style=small(f"@layer default {{\n{css}}}\n"),
        script=saving[0].data.decode() if saving else "",
        address=address,
    )
