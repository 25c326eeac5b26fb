"""The plan as HTML for paper, with its style sheet and the files that belong to it."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment

from planmark.content.deal import Deal
from planmark.content.pictures import Making
from planmark.site.language import Language
from planmark.site.paper.style import is_letter, paper_style, paper_values
from planmark.site.pdf import Paper, paper
from planmark.site.render import render
from planmark.site.theme import Theme
from planmark.site.timeline import Timeline
from planmark.site.view import BuyerView, Person


def paper_of(plan: BuyerView, deal: Deal, theme: Theme, env: Environment, address: str = "", reader: Person | None = None) -> Paper:
    """What the PDF of a plan is made from. `address` is where the live page is, if that is known. For a `reader`, their tasks come first.

    The plan's pages have only sections with something in them.
    """
    named = [name for name in (deal.brand.font, deal.brand.font_bold) if name and name in deal.assets]
    fonts = tuple((deal.assets[name].output, Path(deal.assets[name].source)) for name in named)
    css, loads = paper_style(theme, deal.brand, is_letter(plan.locale), fonts)
    code = None
    if address:
        from planmark.site.paper.code import qr_code

        code = qr_code(address)
    language: Language = env.globals["language"]  # type: ignore[assignment]  # `environment` put it there
    context = {
        "plan": plan,
        "page": plan.pages[0],
        "locale": plan.locale,
        "values": paper_values(theme, deal.brand.accent, deal.brand.second, bool(fonts)),
        "timeline": Timeline(plan, plan.locale, language.direction == "rtl"),
        "address": address,
        "code": code,
        "reader": reader,
    }
    files: dict[str, Path | Making] = {one.output: Path(one.source) for one in deal.assets.values() if not one.is_made}
    return paper(render(env, theme, "paper.html", context), css.encode(), {**files, **deal.makings, **loads})
