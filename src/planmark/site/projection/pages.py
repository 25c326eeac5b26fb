"""Which pages the site has, and which sections stand on them."""

from __future__ import annotations

from typing import get_args

from planmark.plan.ids import slug
from planmark.plan.plan import Plan, Section
from planmark.plan.words import SectionName
from planmark.site import view
from planmark.site.projection.values import html


def pages(plan: Plan) -> tuple[view.Page, ...]:
    """The pages of a plan; one with every section where it names none."""
    if not plan.pages:
        return (
            view.Page(
                file="index.html",
                title=plan.title,
                sections=tuple(view.Section(id=name.replace("_", "-"), name=name) for name in get_args(SectionName)),
            ),
        )
    return tuple(
        view.Page(
            file=f"{slug(page.title)}.html" if number else "index.html",
            title=page.title,
            sections=_sections([one for section in page.sections if (one := _of_what_is_shared(section, plan))]),
        )
        for number, page in enumerate(plan.pages)
    )


def _of_what_is_shared(section: Section, plan: Plan) -> Section | None:
    """The section without stages and resources that are internal; None where nothing is left of its choice."""
    if section.stages:
        stages = {stage.id for stage in plan.stages}
        kept = tuple(name for name in section.stages if name in stages)
        return section.model_copy(update={"stages": kept}) if kept else None
    if section.resources and section.resources.ids:
        resources = {resource.id for resource in plan.resources}
        ids = tuple(name for name in section.resources.ids if name in resources)
        choice = section.resources.model_copy(update={"ids": ids})
        return section.model_copy(update={"resources": choice}) if ids or choice.kind else None
    return section


def _sections(sources: list[Section]) -> tuple[view.Section, ...]:
    taken: set[str] = set()
    found = []
    for index, source in enumerate(sources, 1):
        made = source.section.replace("_", "-") if source.section else slug(source.title) if source.title else f"section-{index}"
        name = f"{made}-{index}" if made in taken else made
        taken.add(name)
        found.append(_section(source, name))
    return tuple(found)


def _section(source: Section, anchor: str) -> view.Section:
    name = source.section or ("plan" if source.stages else "resources" if source.resources else "markdown")
    return view.Section(
        id=anchor,
        name=name,
        title=source.title,
        stages=source.stages,
        resources=source.resources.ids if source.resources else (),
        kinds=source.resources.kind if source.resources else (),
        html=html(source.markdown),
    )
