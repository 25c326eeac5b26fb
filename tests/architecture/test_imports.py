"""The house's rules, read off its sources: who may import whom, what stays light, how large a module grows, what it promises."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "src" / "planmark"

ROOMS = [
    "problems",
    "plan",
    "extensions",
    "telling",
    "content",
    "endpoints",
    "targets",
    "site",
    "build",
    "receiver",
    "publish",
    "preview",
    "cli",
]
"""In order: a room may import those before it."""
LEAVES = {
    "__init__": set[str](),  # the version
    "shipped": set[str](),  # where the themes and starting plans are that ship
    "__main__": {"cli"},
}
"""Modules beside the rooms, with the rooms that they may import. Every room may import the version and what ships."""
ONLY = {"receiver": {"problems", "plan", "extensions", "telling"}}
"""Rooms that deploy alone, and all that they may import."""
ALL = {"preview", "cli"}
"""Rooms that may import every other."""

OUTSIDE_OF_PLAN = {"os", "pathlib", "io", "yaml", "jinja2", "markdown_it", "shutil", "tempfile", "http", "urllib.request", "socket"}
HEAVY = {"pydantic", "jinja2", "yaml", "babel", "holidays", "markdown_it", "weasyprint", "rich", "tornado", "livereload", "watchfiles"}
LIGHT = {"build", "cli", "problems", "shipped", "__init__", "__main__"}
"""Rooms that an idle build goes through, or `planmark --version`: they import heavy libraries where they are used."""
SAYING_NOTHING = {"utils", "util", "helpers", "helper", "manager", "managers", "base", "common", "misc", "core", "stuff", "tools"}
LONGEST = 300
LONGER: dict[str, str] = {}
"""Modules that may be longer, and why."""


@dataclass(frozen=True)
class Import:
    """One import statement: of what, and whether it runs when the module is imported."""

    name: str
    line: int
    at_once: bool


@dataclass(frozen=True)
class Module:
    """One source file."""

    path: Path
    tree: ast.Module

    @property
    def shown(self) -> str:
        """Its path in the package."""
        return self.path.relative_to(PACKAGE).as_posix()

    @property
    def room(self) -> str:
        """The room that it belongs to: the first folder, or the file's own name."""
        return Path(self.shown).with_suffix("").parts[0]

    @property
    def dotted(self) -> str:
        """Its name in import statements."""
        return ".".join(["planmark", *Path(self.shown).with_suffix("").parts]).removesuffix(".__init__")

    def imports(self) -> Iterator[Import]:
        """Every import, those for the type checker aside."""
        yield from _imports(self.tree, at_once=True)


def _imports(node: ast.AST, at_once: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        if isinstance(child, ast.Import):
            for alias in child.names:
                yield Import(alias.name, child.lineno, at_once)
        elif isinstance(child, ast.ImportFrom):
            assert not child.level, "imports are written in full"
            for alias in child.names:
                yield Import(f"{child.module}.{alias.name}", child.lineno, at_once)
        else:
            yield from _imports(child, at_once and not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)))


MODULES = [Module(path, ast.parse(path.read_text(encoding="utf-8"))) for path in sorted(PACKAGE.rglob("*.py"))]


def room_of(name: str) -> str:
    """The room that an import of our own leads to; empty for others'. `planmark.__version__` is the package's own."""
    package, _, rest = name.partition(".")
    if package != "planmark":
        return ""
    first = rest.partition(".")[0]
    return first if first in ROOMS or first in LEAVES else "__init__"


def allowed_in(room: str) -> set[str]:
    """The rooms that a room may import; the version, what ships and itself are always among them."""
    above = LEAVES[room] if room in LEAVES else ONLY.get(room, set(ROOMS if room in ALL else ROOMS[: ROOMS.index(room)]))
    return above | {room, "__init__", "shipped", ""}


def test_every_module_is_in_a_room() -> None:
    """A new folder or file has its place in the order of rooms."""
    assert {module.room for module in MODULES} <= {*ROOMS, *LEAVES}


def test_a_room_imports_only_rooms_above_it() -> None:
    """A change in one room cannot reach those above it."""
    wrong = [
        f"{module.shown}:{one.line} imports {one.name}"
        for module in MODULES
        for one in module.imports()
        if room_of(one.name) not in allowed_in(module.room)
    ]
    assert not wrong


def test_the_domain_knows_no_files_and_no_formats() -> None:
    """`plan/` is pure: it opens nothing, and asks neither the system nor the clock."""
    domain = [module for module in MODULES if module.room == "plan"]
    wrong = [
        f"{module.shown}:{one.line} imports {one.name}"
        for module in domain
        for one in module.imports()
        if any(f"{one.name}.".startswith(f"{outside}.") for outside in OUTSIDE_OF_PLAN)
    ]
    for module in domain:
        called = [(node.lineno, ast.unparse(node.func)) for node in ast.walk(module.tree) if isinstance(node, ast.Call)]
        wrong += [
            f"{module.shown}:{line} calls {name}"
            for line, name in called
            if name in ("open", "print", "input") or name.endswith((".today", ".now", ".utcnow"))
        ]
    assert not wrong


def test_heavy_libraries_are_imported_where_they_are_used() -> None:
    """Not at the top of what an idle build goes through."""
    wrong = [
        f"{module.shown}:{one.line} imports {one.name}"
        for module in MODULES
        if module.room in LIGHT
        for one in module.imports()
        if one.at_once and one.name.partition(".")[0] in HEAVY
    ]
    assert not wrong


def test_what_an_idle_build_imports_brings_nothing_heavy_in() -> None:
    """Not by way of another room, either."""
    names = [module.dotted for module in MODULES if module.room in LIGHT and module.room != "__main__"]
    code = f"import sys, importlib\nfor name in {names}: importlib.import_module(name)\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {name.partition(".")[0] for name in done.stdout.split()} & HEAVY


def test_a_long_module_is_two_modules() -> None:
    """Past 300 lines it has two subjects; exceptions say why."""
    long = {module.shown: lines for module in MODULES if (lines := len(module.path.read_text(encoding="utf-8").splitlines())) > LONGEST}
    assert set(long) == set(LONGER), long


def test_names_say_what_is_in_them() -> None:
    """No file is named after nothing."""
    parts = {part.strip("_") for module in MODULES for part in Path(module.shown).with_suffix("").parts}
    assert not parts & SAYING_NOTHING


def test_what_is_public_says_what_it_promises() -> None:
    """Every module with something in it, and every public class and function, has a docstring."""
    wrong = [f"{module.shown} itself" for module in MODULES if module.tree.body and not ast.get_docstring(module.tree)]
    wrong += [
        f"{module.shown}:{node.lineno} {node.name}"
        for module in MODULES
        for node in module.tree.body
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert not wrong
