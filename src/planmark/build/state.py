"""What the last build knew: for every deal its inputs, its outputs and its problems. One JSON file under `build/.planmark/`.

It is written after the outputs. When it cannot be read, or was written by another version, everything is built anew: no more.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from planmark import __version__
from planmark.content.tree import Stamp, digest_bytes
from planmark.plan.succession import Entry
from planmark.problems import Location, Problem

FORMAT = 4
_HEAD, _MIDDLE = b'{"digest":"', b'","state":'
"""What stands before and after the digest of all that follows: what a disk garbled is not believed."""
LIBRARIES = (
    "PIL",
    "babel",
    "holidays",
    "jinja2",
    "markdown_it",
    "markupsafe",
    "mdit_py_plugins",
    "pydantic",
    "pydantic_core",
    "yaml",
)


class Written(NamedTuple):
    """An output as it was written: its digest, and what `stat` says of an untouched file."""

    digest: str
    size: int
    mtime_ns: int


@dataclass
class Record:
    """What is remembered of one deal."""

    trees: dict[str, str] = field(default_factory=dict)
    """The digest of every folder or file that the deal was made from; empty for one that is not there."""
    options: str = ""
    """A digest of what else went in: the program, its libraries, the build's options."""
    since: str = ""
    until: str = ""
    """The days, ISO, from which and up to which (not included) the outputs are right; `until` is empty where no day changes them."""
    problems: list[Problem] = field(default_factory=list)
    failed: bool = False
    """The deal has errors; `site` and `outputs` are those of its last good build."""
    site: str = ""
    outputs: dict[str, Written] = field(default_factory=dict)
    pdf_key: str = ""
    """What the PDF was made from."""
    summary: dict[str, str] = field(default_factory=dict)
    """site, share_key, continues, title, account: what is compared between deals. Of a previewed one its standing, too; of a protected one
    what it is sealed with: the mark of its key, the digest and size of its PDF, and its pictures, a line each."""

    @property
    def drawn(self) -> list[str]:
        """Paths in the site under which the store may have a picture. Of a protected site its files do not say them."""
        return [*self.outputs, *self.summary.get("sealed_pictures", "").split("\n")]


@dataclass
class TeamRecord:
    """What is remembered of planmark.yaml and the library. `key` is the digest of both."""

    key: str = ""
    timezone: str = "UTC"
    locale: str = "en"
    problems: list[Problem] = field(default_factory=list)

    @property
    def has_forms(self) -> bool:
        """Whether nothing is wrong with the endpoint. What is may be mended elsewhere: by installing the package that adds its kind."""
        return not any(problem.code in ("PM701", "PM703", "PM704") for problem in self.problems)


@dataclass
class State:
    """Everything remembered. `stamps` are the folders as last scanned, by name."""

    deals: dict[str, Record] = field(default_factory=dict)
    stamps: dict[str, dict[str, Stamp]] = field(default_factory=dict)
    saved_ns: int = 0
    """When the scan behind `stamps` began."""
    team: TeamRecord = field(default_factory=TeamRecord)
    entries: dict[str, tuple[str, Entry]] = field(default_factory=dict)
    """What decides about each deal's link, by folder, with the digest of the plan.yaml that says so."""
    fresh: bool = True
    """Nothing was remembered."""


def load_state(path: Path) -> State:
    """The remembered state; an empty one where there is none that can be used."""
    try:
        text = path.read_bytes()
        digest, body = text[len(_HEAD) :][:32], text[len(_HEAD) + 32 + len(_MIDDLE) : -1]
        if digest != digest_bytes(body).encode():
            return State()
        data = json.loads(body)
        if data["format"] != FORMAT:
            return State()
        return State(
            deals={name: _record(one) for name, one in data["deals"].items()},
            stamps={name: {file: Stamp(*stamp) for file, stamp in tree.items()} for name, tree in data["stamps"].items()},
            saved_ns=data["saved_ns"],
            team=_team(data["team"]),
            entries={name: (digest, Entry(name, *entry)) for name, (digest, *entry) in data["entries"].items()},
            fresh=False,
        )
    except (OSError, ValueError, KeyError, TypeError):
        return State()


def _team(data: list[Any]) -> TeamRecord:
    key, timezone, locale, problems = data
    return TeamRecord(key, timezone, locale, [_problem(one) for one in problems])


def _record(data: dict[str, Any]) -> Record:
    return Record(
        trees=data["trees"],
        options=data["options"],
        since=data["since"],
        until=data["until"],
        failed=data["failed"],
        site=data["site"],
        outputs={path: Written(*one) for path, one in data["outputs"].items()},
        summary=data["summary"],
        pdf_key=data["pdf_key"],
        problems=[_problem(one) for one in data["problems"]],
    )


def _problem(data: list[Any]) -> Problem:
    code, message, where, hint, severity = data
    return Problem(code, message, Location(*where), hint, severity)


def _problem_data(problem: Problem) -> tuple[Any, ...]:
    where = problem.location
    return problem.code, problem.message, (where.path, where.line, where.column), problem.hint, problem.severity


def save_state(path: Path, state: State) -> None:
    """Write the state whole, or leave the old one."""
    data = {
        "format": FORMAT,
        "saved_ns": state.saved_ns,
        "team": (state.team.key, state.team.timezone, state.team.locale, [_problem_data(one) for one in state.team.problems]),
        "stamps": state.stamps,
        "entries": {name: (digest, one.id, one.share_key, one.continues) for name, (digest, one) in state.entries.items()},
        "deals": {
            name: {
                "trees": one.trees,
                "options": one.options,
                "since": one.since,
                "until": one.until,
                "failed": one.failed,
                "site": one.site,
                "outputs": one.outputs,
                "summary": one.summary,
                "pdf_key": one.pdf_key,
                "problems": [_problem_data(problem) for problem in one.problems],
            }
            for name, one in state.deals.items()
        },
    }
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    temporary = path.with_name(path.name + ".new")
    temporary.write_bytes(_HEAD + digest_bytes(body).encode() + _MIDDLE + body + b"}")
    temporary.replace(path)


def program() -> str:
    """A digest of the program itself and of the libraries whose versions shape its output."""
    found = [__version__]
    package = Path(__file__).parents[1]
    for folder, _, names in os.walk(package):
        for name in sorted(names):
            if name.endswith((".py", ".json", ".mo")):
                said = os.stat(os.path.join(folder, name))  # noqa: PTH116, PTH118  (a hundred files, at every start)
                found.append(f"{os.path.relpath(folder, package)}/{name} {said.st_size} {said.st_mtime_ns}")
    for library in LIBRARIES:
        spec = find_spec(library)
        if spec and spec.origin:
            said = Path(spec.origin).stat()
            found.append(f"{library} {said.st_size} {said.st_mtime_ns}")
    return digest_bytes("\n".join(sorted(found)).encode())
