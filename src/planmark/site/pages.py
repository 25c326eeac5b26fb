"""Which files a deal's site is made of, and what stands in each."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment

from planmark.content.deal import Deal
from planmark.content.layout import CONTENT
from planmark.content.pictures import Making
from planmark.plan.headers import policy
from planmark.problems import Location, PlanmarkError, Problem, did_you_mean
from planmark.site.calendar import CALENDAR_FILE, PlanCalendar
from planmark.site.data import SCHEMA_FILE, as_data, plan_json, schema_json
from planmark.site.pdf import PDF_FILE, Paper, PdfWish
from planmark.site.render import render
from planmark.site.scripts import Script, script
from planmark.site.sheets import Styles, styles
from planmark.site.signs import signs
from planmark.site.theme import Theme
from planmark.site.timeline import Timeline
from planmark.site.view import BuyerView, Page, Resource, Section

if TYPE_CHECKING:
    from planmark.site.fonts import Faces
    from planmark.site.forms import Forms
    from planmark.site.language import Language


@dataclass(frozen=True)
class Output:
    """One file of a site: its path, and its bytes or the file they are copied from, with that file's digest."""

    path: str
    data: bytes | None = None
    source: Path | None = None
    digest: str = ""
    paper: Paper | None = None
    """What a PDF is made from, in place of its bytes."""
    making: Making | None = None
    """What a picture is made from, in place of its bytes, which its path stands for."""
    draw: Callable[[], bytes] | None = None
    """What draws a picture, likewise."""
    needs: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """What a page loads: directive to sources."""
    public: bool = False
    """Whether it is the same for every plan, so that a protected one does not seal it: a script, which pages may load from files alone."""


_CONTENT: dict[str, Callable[[BuyerView], object]] = {
    "where_we_are": lambda plan: plan.total,
    "next_steps": lambda plan: plan.next_steps,
    "changes": lambda plan: plan.changes,
    "summary": lambda plan: (
        plan.summary
        or plan.objective
        or plan.in_their_words
        or plan.challenges
        or plan.outcomes
        or plan.deliverables
        or plan.scope_in
        or plan.scope_out
        or any(party.benefit for party in (plan.buyer, plan.seller, *plan.parties))
    ),
    "plan": lambda plan: plan.total or plan.stages,
    "timeline": lambda plan: plan.key_dates or any(task.due for stage in plan.stages for task in stage.tasks),
    "success_criteria": lambda plan: plan.success_criteria,
    "key_dates": lambda plan: plan.key_dates,
    "constraints": lambda plan: plan.constraints or plan.freezes,
    "risks": lambda plan: plan.risks,
    "people": lambda plan: plan.people,
    "responsibilities": lambda plan: plan.responsibilities,
    "allocation": lambda plan: plan.allocation,
    "pricing": lambda plan: plan.pricing,
    "review": lambda plan: plan.review,
    "meeting_notes": lambda plan: plan.notes,
    "feedback": lambda plan: plan.feedback,
    "faq": lambda plan: plan.faq,
    "sign_off": lambda plan: plan.sign_off,
}


def has_content(plan: BuyerView, section: Section) -> bool:
    """Whether there is anything to show in a section; one without content doesn't exist."""
    if section.name == "markdown":
        return bool(section.html)
    if section.name == "resources":
        return bool(chosen(plan, section))
    return bool(_CONTENT[section.name](plan))


def with_content(plan: BuyerView) -> BuyerView:
    """The plan with only those sections on its pages that have something in them."""
    pages = (replace(page, sections=tuple(one for one in page.sections if has_content(plan, one))) for page in plan.pages)
    return replace(plan, pages=tuple(pages))


def chosen(plan: BuyerView, section: Section) -> list[Resource]:
    """The resources that a section of them shows: all, or those of its choice."""
    choice = section.resources or section.kinds
    return [one for one in plan.resources if not choice or one.id in section.resources or one.kind in section.kinds]


def embeds(plan: BuyerView, page: Page) -> bool:
    """Whether a page shows anything that is embedded from elsewhere."""
    return any(one.embed for section in page.sections if section.name == "resources" for one in chosen(plan, section))


def _check_widgets(plan: BuyerView, deal: Deal, theme: Theme) -> None:
    """Raise PlanmarkError where a widget's block is none of the theme's."""
    missing = []
    for one in plan.resources:
        if one.block and not any((folder / "blocks" / f"{one.block}.html").is_file() for folder in theme.folders):
            there = sorted(path.stem for folder in theme.folders for path in (folder / "blocks").glob("*.html"))
            text = f"the theme `{theme.name}` has no block `{one.block}`, which the widget `{one.id}` shows"
            hint = did_you_mean(one.block, there, f"put it at themes/{theme.name}/blocks/{one.block}.html")
            missing.append(Problem("PM505", text, Location(f"{CONTENT}/{deal.name}/plan.yaml"), hint))
    if missing:
        raise PlanmarkError(missing)


def outputs(
    plan: BuyerView,
    deal: Deal,
    theme: Theme,
    env: Environment,
    forms: Forms | None = None,
    pdf: PdfWish = "none",
    address: str = "",
    faces: Faces | None = None,
) -> Iterator[Output]:
    """Every file of the deal's site. `forms` say where what the buyer does is sent; `pdf` says what becomes of the plan on paper.

    `address` is that of the live page, for paper and for the card of a shared link; empty where nobody knows it. A hidden one has no card.
    `faces` are the brand's own fonts; left out: the theme's.
    """
    _check_widgets(plan, deal, theme)
    sheets = styles(theme, deal.brand, faces.css if faces else "")
    sign = signs(theme, deal.brand, plan.title, "" if deal.address.hidden else address)
    language: Language = env.globals["language"]  # type: ignore[assignment]  # `environment` put it there
    data = None
    has_links = forms is not None  # a plan that ended takes nothing more, but tells the calendars that follow it
    if forms:
        from planmark.site.forms import SENT_FILE, can_send, page_data

        forms = forms if can_send(plan) else None
        data = page_data(plan, forms, deal.acts, deal.former) if forms else None
    scripts: list[Script] = [*script(theme, "plan.js"), *(script(theme, "plan.js", "act.js") if forms else ())]
    embedding = script(theme, "embed.js") if any(one.embed for one in plan.resources) else ()
    visiting = script(theme, "visit.js") if forms else ()
    ending = script(theme, "ended.js") if plan.expires and not plan.expired else ()
    shown = with_content(plan)
    common = {
        "plan": shown,
        "timeline": Timeline(shown, plan.locale, language.direction == "rtl"),
        "locale": plan.locale,
        "css": sheets.first.path,
        "later_css": sheets.later.path if sheets.later else None,
        "print_css": sheets.printed.path if sheets.printed else None,
        "icon": sign.icon,
        "touch_icon": sign.touch,
        "card": address + sign.card.output if sign.card else None,
        "papers": sign.papers,
        "font": faces.files[0][0] if faces else None,
        "pdf": PDF_FILE if pdf != "none" else None,
        "scripts": [one.path for one in scripts],
        "embed_script": None,
        "visit_script": next((one.path for one in visiting), None),
        "protected": deal.address.hidden,
        "end_script": next((one.path for one in ending), None),
        "forms": forms,
        "data": data,
    }
    made = []
    for page in shown.pages:
        own = {"page": page, "embed_script": next((one.path for one in embedding if embeds(plan, page)), None)}
        made.append(_page(page.file, "page.html", common | own, env, theme, sheets, forms))
    yield from made
    privacy = Page(file="privacy.html", title=language.gettext("Privacy and security"), sections=())
    yield _page(privacy.file, "privacy.html", {**common, "page": privacy}, env, theme, sheets, forms)
    if forms:
        sent = Page(file=SENT_FILE, title=language.gettext("Sent"), sections=())
        yield _page(sent.file, "sent.html", {**common, "page": sent}, env, theme, sheets, forms)
    values = as_data(plan)
    yield Output("plan.json", plan_json(plan, values))
    yield Output(SCHEMA_FILE, schema_json())
    calendar = PlanCalendar(values, [one.view for one in deal.versions], language)
    yield Output(CALENDAR_FILE, calendar.whole())
    yield from (Output(path, data) for path, data in (calendar.personal() if has_links else ()))
    yield from (Output(one.path, one.css) for one in sheets)
    yield Output(sign.icon, sign.drawing)
    yield from (Output(path, draw=draw) for path, draw in (*sign.drawings(), *(faces.files if faces else ())))
    used = [one for one in (*ending, *visiting) if any(one.path.encode() in (page.data or b"") for page in made)]
    yield from (Output(one.path, one.data, public=True) for one in (*scripts, *embedding, *used))
    loads = {target: source for one in sheets for target, source in one.loads.items()}
    yield from (Output(target, data=source.read_bytes()) for target, source in loads.items())
    brands = [deal.brand, *filter(None, (deal.workspace.brand,))]
    fonts = {deal.assets[name].source for one in brands for name in (one.font, one.font_bold) if name and name in deal.assets}
    for path, asset in sorted({asset.output: asset for asset in deal.assets.values()}.items()):
        if path not in loads and not asset.is_made and asset.source not in fonts:
            yield Output(path, source=Path(asset.source), digest=asset.digest)
    yield from (Output(path, making=making) for path, making in sorted(deal.makings.items()))
    if pdf == "made":
        from planmark.site.paper.sheet import paper_of

        yield Output(PDF_FILE, paper=paper_of(shown, deal, theme, env, address))


def _page(
    file: str,
    template: str,
    context: dict[str, Any],
    env: Environment,
    theme: Theme,
    sheets: Styles,
    forms: Forms | None,
) -> Output:
    text = _without_idle_symbols(render(env, theme, template, {**context, "policy": _POLICY}), bool(forms))
    if not _FOR_A_VISIT.search(text):
        text = _VISIT.sub("", text)
    loads = needs(text, context["plan"], sheets, forms)
    allowed = html.escape(policy(loads), quote=False).replace('"', "&quot;")
    return Output(file, text.replace(_POLICY, allowed, 1).encode(), needs=loads)


def _without_idle_symbols(page: str, acting: bool) -> str:
    """The page with those drawings of its sprite that it uses. The script that sends draws marks that the page may not have yet."""
    return _SYMBOL.sub(lambda found: found[0] if f'"#{found[1]}"' in page or (acting and found[1].startswith("mark-")) else "", page)


_SYMBOL = re.compile(r'<symbol id="((?:icon|mark)-[a-z]+)".*?</symbol>\n')
_POLICY = "@@policy@@"
_VISIT = re.compile(r'<script src="assets/visit\.[0-9a-f]+\.js" defer></script>\n')
_FOR_A_VISIT = re.compile(r' data-(?:visit|calendar)="')
"""Where a page has something of these, the script of a reader's visit has something to do."""


def needs(page: str, plan: BuyerView, sheets: Styles, forms: Forms | None = None) -> dict[str, list[str]]:
    """What a page loads, read off the page itself: directive to sources. Of what it embeds, the plan knows the hosts."""
    found: dict[str, list[str]] = {}
    own = ["'self'"]
    css = b"".join(one.css for one in sheets).decode()
    if '<link rel="stylesheet"' in page:
        found["style-src"] = own
    if "<script" in page:
        found["script-src"] = own
    if (
        "<img" in page
        or 'rel="icon"' in page
        or 'poster="' in page
        or re.search(r"url\(\"[^\"]+\.(?:svg|png|jpe?g|webp|avif|gif)\"\)", css)
    ):
        found["img-src"] = own
    if "<video" in page or "<audio" in page:
        found["media-src"] = own
    if "@font-face" in css:
        found["font-src"] = own
    if 'data-src="' in page:
        frames = dict.fromkeys(host for one in plan.resources if one.embed and _data_src(one.embed.src) in page for host in one.embed.hosts)
        found["frame-src"] = [f"https://{host}" for host in frames]
    if forms and "/act." in page:
        found["connect-src"] = own if forms.form.same_site else list(forms.form.connect)
    if forms and "<form" in page:
        found["form-action"] = own if forms.form.same_site else forms.leads_to
    return found


def _data_src(address: str) -> str:
    return f'data-src="{html.escape(address, quote=True)}"'
