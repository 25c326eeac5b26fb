"""Options and help that several commands share."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import click


class DayType(click.ParamType[Any]):
    """A date on the command line, written as in a plan."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day, or a usage error that says how to write one."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"`{value}` is not a date: write year-month-day, such as 2027-01-29", param, ctx)


DAY = DayType()


class Whole(click.Group):
    """A group whose help says in whole sentences what each of its commands does; click alone would cut them off."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What each command's own help begins with."""
        found = [(name, self.commands[name]) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl([(name, " ".join((one.help or "").partition("\n\n")[0].split())) for name, one in found])


class LengthType(click.ParamType[Any]):
    """A length of time on the command line, in days: 7d, 2w."""

    name = "length"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The days, or a usage error that says how to write them."""
        if isinstance(value, int):
            return value
        found = re.fullmatch(r"([0-9]{1,3}) ?([dw])", value)
        if not found:
            self.fail(f"`{value}` is no length: write days or weeks, such as 7d or 2w", param, ctx)
        return int(found[1]) * (7 if found[2] == "w" else 1)


LENGTH = LengthType()


def complete_deals(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Names of deals for the shell's completion."""
    from pathlib import Path

    from planmark.content.layout import deal_names, find_workspace
    from planmark.problems import PlanmarkError

    del ctx, param
    try:
        return [name for name in deal_names(find_workspace(Path.cwd()), []) if name.startswith(incomplete)]
    except PlanmarkError:
        return []
