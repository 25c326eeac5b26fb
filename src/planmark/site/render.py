"""A template and its context into text; what goes wrong in a template gets the template's own place."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, TemplateError, TemplateNotFound, TemplateSyntaxError, UndefinedError

from planmark.problems import Location, PlanmarkError, Problem
from planmark.site.theme import Theme


def render(env: Environment, theme: Theme, name: str, context: Mapping[str, object]) -> str:
    """The template filled in. Raises PlanmarkError with the template's path and line."""
    try:
        return env.get_template(name).render(context)
    except TemplateSyntaxError as error:
        raise PlanmarkError(
            Problem(
                "PM502",
                f"the template cannot be read: {error.message}",
                Location(_shown(theme, error.filename), error.lineno, 1),
                "compare it with the theme's own template",
            )
        ) from None
    except TemplateNotFound as error:
        where = _frame(error, theme) or Location(f"themes/{theme.name}")
        raise PlanmarkError(
            Problem(
                "PM505",
                f"the theme has no template `{error.name}`",
                where,
                f"add it to themes/{theme.name}, or extend `default`",
            )
        ) from None
    except UndefinedError as error:
        where = _frame(error, theme) or Location(f"themes/{theme.name}")
        raise PlanmarkError(
            Problem(
                "PM503",
                f"the template asks for something that isn't there: {error.message}",
                where,
                "docs/themes.md lists what a template receives",
            )
        ) from None
    except (
        TemplateError,
        TypeError,
        ValueError,
        ZeroDivisionError,
        AttributeError,
        KeyError,
        IndexError,
        RecursionError,
    ) as error:
        place = _frame(error, theme)
        if place is None:  # not a template's fault: a defect of ours must not look like one
            raise
        raise PlanmarkError(
            Problem("PM504", f"the template fails: {error}", place, "docs/themes.md lists what a template receives")
        ) from None


def _frame(error: BaseException, theme: Theme) -> Location | None:
    """The last template line on the way to the error."""
    folders = tuple(str(folder) for folder in theme.folders)
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if frame.filename.startswith(folders):
            return Location(_shown(theme, frame.filename), frame.lineno or 0, 1)
    return None


def _shown(theme: Theme, filename: str | None) -> str:
    """A template's path as people find it: `themes/<name>/blocks/task.html`."""
    for name, folder in zip(theme.names, theme.folders, strict=True):
        if filename and Path(filename).is_relative_to(folder):
            return f"themes/{name}/{Path(filename).relative_to(folder).as_posix()}"
    return filename or f"themes/{theme.name}"
