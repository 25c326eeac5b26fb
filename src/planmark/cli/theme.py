"""`planmark theme`: a theme begun, checked and shown."""

from __future__ import annotations

from pathlib import Path

import click

from planmark.cli.options import Whole
from planmark.cli.printing import bar, counted, print_found, safe
from planmark.content.layout import find_workspace


@click.group(cls=Whole)
def theme() -> None:
    """Begin a theme, take a template over into it, check it, and see everything in it."""


def _complete_themes(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    from planmark.problems import PlanmarkError
    from planmark.site.theme import available

    del ctx, param
    try:
        return [name for name in available(find_workspace(Path.cwd())) if name.startswith(incomplete)]
    except PlanmarkError:
        return []


@theme.command()
@click.argument("name")
@click.option(
    "--extends", "below", default="default", show_default=True, shell_complete=_complete_themes, help="The theme that it is laid over."
)
def new(name: str, below: str) -> int:
    """Write themes/NAME/: a theme.yaml with everything to fill in, and a style sheet."""
    from planmark.site.themes.starting import start_theme

    for path in start_theme(find_workspace(Path.cwd()), name, below):
        click.echo(f"wrote {safe(path)}")
    click.echo(f"Write `theme: {safe(name)}` into planmark.yaml or a plan, and see it: planmark theme preview {safe(name)}")
    return 0


@theme.command()
@click.argument("name", shell_complete=_complete_themes)
@click.argument("template")
@click.option("--keep", is_flag=True, help="Yours stays as it is, and counts as up to date with the original of today.")
@click.option("--diff", "differ", is_flag=True, help="Only show how yours differs from the original.")
def override(name: str, template: str, keep: bool, differ: bool) -> int:
    """Copy TEMPLATE (blocks/task.html) of the theme below into the theme NAME, to change it there."""
    from planmark.site.themes.starting import difference
    from planmark.site.themes.starting import override as take

    root = find_workspace(Path.cwd())
    if differ:
        click.echo(safe_lines(difference(root, name, template)), nl=False)
        return 0
    click.echo(f"{'stamped' if keep else 'wrote'} {safe(take(root, name, template, keep))}")
    return 0


def safe_lines(text: str) -> str:
    """Lines without what a terminal would obey."""
    return "".join(f"{safe(line.expandtabs())}\n" for line in text.splitlines())


@theme.command()
@click.argument("name", required=False, shell_complete=_complete_themes)
@click.option("--strict", is_flag=True, help="Warnings count as problems, too.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "sarif"]), default="text", show_default=True, help="How to print what was found."
)
def check(name: str | None, strict: bool, form: str) -> int:
    """Say what is wrong with the theme NAME, or with all of the workspace's own: contrast, templates, tokens, words."""
    from planmark.problems import Problem, in_order
    from planmark.site.themes.accents import accents_in
    from planmark.site.themes.checking import check_theme, own_themes

    root = find_workspace(Path.cwd())
    brands, used = accents_in(root)
    names = [name] if name else own_themes(root) or used or ["default"]
    problems: list[Problem] = []
    with bar("Checking") as progress:
        for number, one in enumerate(names, 1):
            problems += check_theme(root, one, brands)
            progress(number, len(names), one)
    accents = counted(len(brands), "brand's accent", "brands' accents")
    about = f"{', '.join(safe(one) for one in names)}, on light and dark paper, in the theme's own accent and {accents}"
    return print_found(in_order(problems), form, strict, about)


@theme.command()
@click.argument("name", default="default", shell_complete=_complete_themes)
@click.option("--port", type=click.IntRange(0, 65535), default=8010, show_default=True, help="The port; 0 takes any free one.")
@click.option("--once", is_flag=True, help="Only write the pages, and say where they are.")
def preview(name: str, port: int, once: bool) -> int:
    """Show a made-up plan in the theme NAME: every block in every state on one page, and every save as it happens."""
    from planmark.preview.themes import prepare, show_theme, write_theme

    root = find_workspace(Path.cwd())
    sample = prepare(root, name)
    if once:
        for path in write_theme(sample):
            click.echo(safe(str(path)))
        return 0

    def ready(url: str) -> None:
        click.echo(f"Planmark shows the theme {safe(name)} at {url} (stop it with Ctrl-C)")
        for deal, text in sample.deals.items():
            click.echo(f"  {url}sites/{deal}/  {text}")

    show_theme(sample, port, ready)
    return 0
