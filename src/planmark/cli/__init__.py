"""The command line: one thin file for each group of commands, imported when it is asked for."""

from __future__ import annotations

import gc
import importlib
import os
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import click

from planmark import __version__
from planmark.problems import Location, PlanmarkError, Problem

COMMANDS = {
    "init": ("planmark.cli.start", "Start a workspace in this folder."),
    "new": ("planmark.cli.start", "Start a plan, from a starting plan or like another deal."),
    "handoff": ("planmark.cli.start", "Let a plan go on after the signature, under the buyer's link."),
    "serve": ("planmark.cli.serve", "Show the plans in the browser, and every save as it happens."),
    "check": ("planmark.cli.check", "Say what is wrong, with its place and what to write instead."),
    "build": ("planmark.cli.build", "Build the sites of all deals, or of some."),
    "pdf": ("planmark.cli.pdf", "Make the PDF of one plan, for everybody or for one person."),
    "calendar": ("planmark.cli.calendar", "Write the dates of one plan as a calendar, for everybody or for one person."),
    "bundle": ("planmark.cli.bundle", "Write the whole site of one deal as one file, for mail or a stick."),
    "show": ("planmark.cli.show", "Show a plan in the terminal."),
    "close-plan": ("planmark.cli.close_plan", "Say how a deal can be won: for the seller alone."),
    "snapshot": ("planmark.cli.versions", "Add a plan, as the buyer sees it now, to its versions."),
    "diff": ("planmark.cli.versions", "Say what has changed in a plan since an earlier version."),
    "update": ("planmark.cli.update", "Draft a mail about a plan: what was done, what is next; or reminders."),
    "meeting": ("planmark.cli.meeting", "Go through a plan for a call: in the terminal, and as a page to show."),
    "pull": ("planmark.cli.pull", "Bring what buyers did into the plans."),
    "inbox": ("planmark.cli.inbox", "Answer what waits: proposals, and what nobody vouches for."),
    "task": ("planmark.cli.act", "Say that a task is done, or give it another date or owner."),
    "slip": ("planmark.cli.slip", "Say what else moves when a task slips."),
    "sign": ("planmark.cli.act", "Sign a plan for the seller."),
    "links": ("planmark.cli.links", "Print the personal links of a plan."),
    "access": ("planmark.cli.access", "Say who may open a protected plan, and give or take access."),
    "key": ("planmark.cli.key", "Show, bring or exchange the key that signs personal links."),
    "publish": ("planmark.cli.publish", "Put plans out, and print their links."),
    "rollback": ("planmark.cli.publish", "Put an earlier version of a plan out again."),
    "unpublish": ("planmark.cli.publish", "Take a plan down."),
    "published": ("planmark.cli.publish", "List what is out, where and since when."),
    "headers": ("planmark.cli.publish", "Print what a web server or host is told for plans."),
    "doctor": ("planmark.cli.doctor", "Say what is wrong with the machine, the workspace and its targets."),
    "watch": ("planmark.cli.watch", "Pull, build and publish again and again, unattended."),
    "endpoint": ("planmark.cli.endpoint", "See whether the endpoint works."),
    "receiver": ("planmark.cli.receiver", "Tell the team's own receiver about plans."),
    "receive": ("planmark.cli.receive", "Take in what buyers send: the team's own endpoint."),
    "theme": ("planmark.cli.theme", "Begin a theme, check it, and see everything in it."),
    "schema": ("planmark.cli.schema", "Write the JSON Schemas that editors read."),
}
"""Each command with its module and its one line of help; the module is imported when the command runs."""


class Commands(click.Group):
    """A group whose commands are imported one by one, so that `--version` and an idle build load nothing they don't need."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click's own signature)
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  (as above)
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(COMMANDS[cmd_name][0]), cmd_name.replace("-", "_"))
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  (as above)
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_text) for name, (_, help_text) in COMMANDS.items()])

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS:
            from planmark.problems import did_you_mean

            hint = did_you_mean(args[0], COMMANDS, "`planmark --help` lists all of them")
            raise click.UsageError(f"there is no command `{args[0]}`: {hint}", ctx)
        return super().resolve_command(ctx, args)


@click.command(cls=Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "--version", message="planmark %(version)s")
@click.pass_context
def planmark(ctx: click.Context) -> None:
    """Mutual action plans from a folder of YAML and Markdown."""
    if ctx.invoked_subcommand is None:
        from planmark.cli.next_steps import next_steps

        next_steps(Path.cwd())


def main(args: list[str] | None = None) -> None:
    """Run a command. Exit codes: 0 clean, 1 problems, 2 wrong usage. A rep's mistake never shows a traceback."""
    gc.set_threshold(50_000)  # nearly all that a command makes is freed by counting; looking for circles takes a tenth of its time
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # looking for them costs more than reading a plan
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that cannot show a letter shows that, not a traceback
    try:
        code: Any = planmark.main(args=args, prog_name="planmark", standalone_mode=False)
    except PlanmarkError as error:
        from planmark.cli.printing import print_problems

        print_problems(error.problems)
        sys.exit(1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        from planmark.cli.printing import print_problems

        text = f"this cannot be read or written: {error.strerror or error}"
        print_problems([Problem("PM408", text, Location(str(error.filename or ".")), "check what it is, and its permissions")])
        sys.exit(1)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    sys.exit(code if isinstance(code, int) else 0)
