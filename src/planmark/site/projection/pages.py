"""Which pages the site has, and which sections stand on them."""

from __future__ import annotations

from typing import get_args

from planmark.plan.ids import slug
from planmark.plan.plan import Plan, Section
from planmark.plan.words import SectionName
from planmark.site import view
from planmark.site.projection.values import html


def pages(plan: Plan) -> tuple[view.Page, ...]:
    if not plan.pages:
        return (
            view.Page(
                file="index.html",
                title=plan.title,
                sections=tuple(view.Section(id=name.replace("_", "-"), name=name) for name in get_args(SectionName)),
            ),
        )
    pages = []
    taken = {"privacy"}
    for number, page in enumerate(plan.pages):
        name = made = slug(page.title)
        count = 1
        while name in taken:
            count += 1
            name = f"{made}-{count}"
        taken.add(name)
        ids: set[str] = set()
        sections = []
        for index, source in enumerate(page.sections):
            section = _section(source, index)
            if section.id in ids:
                section = view.Section(
                    **{
                        **{key: getattr(section, key) for key in section.__slots__},
                        "id": f"{section.id}-{index + 1}",
                    }
                )
            ids.add(section.id)
            sections.append(section)
        pages.append(view.Page(file="index.html" if number == 0 else f"{name}.html", title=page.title, sections=tuple(sections)))
    return tuple(pages)


def _section(source: Section, index: int) -> view.Section:
    name = source.section or ("plan" if source.stages else "resources" if source.resources else "markdown")
    plain = bool(source.section)
    return view.Section(
        id=name.replace("_", "-") if plain else slug(source.title) if source.title else f"{name}-{index + 1}",
        name=name,
        title=source.title,
        stages=source.stages,
        resources=source.resources.ids if source.resources else (),
        kinds=source.resources.kind if source.resources else (),
        html=html(source.markdown),
    )
