"""What can be wrong with what a rep wrote, as data: one list feeds the terminal, JSON, SARIF and the preview."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]
Path = tuple[str | int, ...]
"""Keys and indexes from a document's root to a value: `("stages", 0, "tasks", 2, "due")`."""


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a file: `path` relative to the workspace, `line` and `column` from 1; 0 where there is none."""

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        if not self.line:
            return self.path
        return f"{self.path}:{self.line}:{self.column}"

    def __reduce__(self) -> tuple[type[Location], tuple[str, int, int]]:
        return Location, (self.path, self.line, self.column)  # from a worker to the build, at a third of what dataclasses do by themselves


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, where, and what to write instead. `code` is a key of `CODES` and never changes its meaning."""

    code: str
    message: str
    location: Location
    hint: str = ""
    severity: Severity = "error"

    def __str__(self) -> str:
        """`path:line:col  code  message  hint`, on one line."""
        return "  ".join(part for part in (str(self.location), self.code, self.message, self.hint) if part)

    def __reduce__(self) -> tuple[type[Problem], tuple[str, str, Location, str, Severity]]:
        return Problem, (self.code, self.message, self.location, self.hint, self.severity)  # as a location does


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem before its place in a file is known: `path` leads to the value inside the document."""

    code: str
    path: Path
    message: str
    hint: str = ""
    severity: Severity = "error"
    at_key: bool = False
    """The key is what is wrong, not its value."""
    offset: tuple[int, int] = (0, 0)
    """Line (from 0) and column (from 0) inside a Markdown text."""


class PlanmarkError(Exception):
    """The command cannot go on. Carries every problem found so far; never shown as a traceback."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type[PlanmarkError], tuple[tuple[Problem, ...]]]:
        return PlanmarkError, (self.problems,)  # from a worker to the build


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """The problems by file, line and column, each once."""

    def place(problem: Problem) -> tuple[str, int, int, str, str]:
        where = problem.location
        return where.path, where.line, where.column, problem.code, problem.message

    return sorted(set(problems), key=place)


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """A hint with the known word nearest to `word`; the known words themselves where none is near and they are few."""
    names = list(dict.fromkeys(known))
    lowered = {name.lower(): name for name in names}
    near = difflib.get_close_matches(word.lower(), lowered, n=1, cutoff=0.6)
    if near:
        return f"did you mean `{lowered[near[0]]}`?"
    if otherwise or not names or len(names) > 24:
        return otherwise
    return "write one of: " + ", ".join(names)


CODES: dict[str, str] = {
    "PM101": "The file is not valid YAML",
    "PM102": "A tab indents a line",
    "PM103": "A key appears twice",
    "PM104": "The file expands to too many values",
    "PM105": "A YAML tag",
    "PM106": "A key without a value",
    "PM107": "A text that YAML takes apart needs quotes",
    "PM108": "Nested too deeply",
    "PM109": "The file is too large",
    "PM110": "The file is not UTF-8 text",
    "PM111": "The file is empty",
    "PM112": "The file has the wrong shape",
    "PM113": "More than one YAML document",
    "PM201": "An unknown key",
    "PM202": "A required key is missing",
    "PM203": "A value of the wrong kind",
    "PM204": "Not one of the words that fit",
    "PM205": "Not a date",
    "PM206": "Not a whole number",
    "PM207": "Not a number",
    "PM208": "Not an amount of money",
    "PM209": "Not a duration",
    "PM210": "Neither yes nor no",
    "PM211": "Not a time of day",
    "PM212": "Not a web address",
    "PM213": "Not a mail address",
    "PM214": "Not an id",
    "PM215": "Not a colour",
    "PM216": "Not a language that ships",
    "PM217": "Not a time zone",
    "PM218": "Not a holiday calendar",
    "PM219": "Not a percentage",
    "PM220": "Not a share key",
    "PM221": "Not a usable text",
    "PM222": "Values that contradict each other",
    "PM301": "An unknown person or party",
    "PM302": "An unknown task",
    "PM303": "An unknown resource",
    "PM304": "An unknown stage",
    "PM305": "An id appears twice",
    "PM306": "Tasks that wait for each other in a circle",
    "PM307": "A relative date that leads nowhere",
    "PM308": "Two items made the same id",
    "PM309": "An unknown success criterion",
    "PM310": "A plan continues one that is not there",
    "PM311": "Plans that continue each other in a circle",
    "PM312": "A task that can no longer be done in time",
    "PM401": "A file is missing",
    "PM402": "A path leaves its folder",
    "PM403": "A symbolic link",
    "PM404": "A file name that does not work everywhere",
    "PM405": "A file is not what its name says",
    "PM406": "A link that is not allowed",
    "PM407": "HTML in Markdown",
    "PM408": "A file cannot be read",
    "PM409": "An image that cannot be used",
    "PM410": "A font that cannot be used",
    "PM411": "A font that may not be embedded",
    "PM501": "An unknown theme",
    "PM502": "A template's syntax",
    "PM503": "A template uses an unknown name",
    "PM504": "A template fails",
    "PM505": "A theme without a template",
    "PM506": "Colours too close to be read or told apart",
    "PM507": "A template made from an original that has changed",
    "PM508": "Something in a theme that nothing uses",
    "PM601": "Two deals share one link",
    "PM602": "Two outputs with one path",
    "PM603": "No workspace",
    "PM604": "An unknown deal",
    "PM605": "A deal without a plan",
    "PM606": "An unknown starting plan",
    "PM607": "The place is taken",
    "PM608": "The output cannot be written",
    "PM610": "A PDF cannot be made",
    "PM611": "The preview cannot listen there",
    "PM612": "A PDF takes too long, or too much memory",
    "PM613": "A build process came to a sudden end",
    "PM614": "The link has gone on with another plan",
    "PM615": "An internal page where sites are made",
    "PM616": "A page that cannot become a part of one file",
    "PM701": "The endpoint's settings do not fit its kind",
    "PM702": "A secret is missing, or is not accepted",
    "PM703": "An unknown kind of endpoint or target, or provider of embeds",
    "PM704": "An extension that cannot be used",
    "PM705": "The endpoint does not answer as it should",
    "PM706": "An export that cannot be read",
    "PM707": "The signing key is missing, or another one",
    "PM708": "A line of the activity that cannot be read",
    "PM709": "The activity names an item that is gone",
    "PM710": "plan.yaml overrules what was done by a command",
    "PM711": "An unknown act, or one that cannot be done",
    "PM712": "The receiver cannot run",
    "PM713": "A message that could not be sent",
    "PM714": "A version that cannot be read",
    "PM715": "An unknown version, or none yet",
    "PM801": "The target's settings do not fit, or there is no target",
    "PM802": "A plan that cannot go out",
    "PM803": "Something internal or secret in what would go out",
    "PM804": "Somebody else is publishing",
    "PM805": "The target cannot be read or written",
    "PM806": "What was published is not what is there",
    "PM807": "Nothing is out, or not that version",
    "PM808": "A protected plan that cannot be encrypted, or opened by anybody",
    "PM809": "Something that a target cannot do",
}
"""Every problem code with what it stands for. `docs/problems.md` explains each."""
