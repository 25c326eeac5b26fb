"""The documentation tells everything there is, and nothing that isn't."""

from __future__ import annotations

import importlib
import re
import tomllib
from pathlib import Path
from typing import get_args

import click
import pytest
from tests.docs.reference import TARGET, reference
from tests.docs.rules import TARGET as RULES_PAGE
from tests.docs.rules import rules_page
from tests.wrong import wrong

from planmark.cli import COMMANDS
from planmark.plan.rules import RULES
from planmark.plan.themes import TOKENS, Colours, LogoCare, ThemeFile
from planmark.plan.words import SectionName
from planmark.problems import CODES

TEXTS = {".py", ".md", ".toml", ".yaml", ".html", ".css", ".js", ".sh", ""}
ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
SOURCES = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "src").rglob("*.py")))


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_documented(name: str) -> None:
    command = getattr(importlib.import_module(COMMANDS[name][0]), name.replace("-", "_"))
    section = re.search(rf"^## planmark {name}\b.*?(?=^## |\Z)", page("commands.md"), re.MULTILINE | re.DOTALL)
    assert section, f"docs/commands.md has no section `## planmark {name}`"
    every = [command, *(command.commands.values() if isinstance(command, click.Group) else ())]
    options = [option for one in every for option in one.params if isinstance(option, click.Option)]
    for one in every[1:]:
        assert one.name in section[0].splitlines()[0], f"{name} {one.name}"
    for option in options:
        assert f"`{option.opts[0]}" in section[0], f"{name} {option.opts[0]}"
    told = set(re.findall(r"^- `(--[a-z-]+)", section[0], re.MULTILINE))
    assert told == {option.opts[0] for option in options if option.opts[0] != "--help"}


def test_the_help_of_the_command_line_names_every_command() -> None:
    for name, (module, _) in COMMANDS.items():
        command = getattr(importlib.import_module(module), name.replace("-", "_"))
        assert isinstance(command, click.Command)
        assert command.help


def test_every_problem_code_is_documented_once_and_in_use() -> None:
    told = re.findall(r"^\| (PM\d{3}) \|", page("problems.md"), re.MULTILINE)
    assert sorted(told) == sorted(CODES)
    used = set(re.findall(r'"(PM\d{3})"', SOURCES.replace(str(CODES), "")))
    table = re.search(r"CODES: dict.*?^}", SOURCES, re.MULTILINE | re.DOTALL)
    assert table
    used = set(re.findall(r'"(PM\d{3})"', SOURCES.replace(table[0], "")))
    assert used == set(CODES), "codes without a use, or uses without a code"


def test_the_reference_is_what_the_models_say() -> None:
    assert TARGET.read_text(encoding="utf-8") == reference(), "run `./run docs`"


def test_every_rule_is_documented_as_it_is() -> None:
    """What it looks at, why, its numbers, and how to answer it: the page is made of the rules' own words."""
    assert RULES_PAGE.read_text(encoding="utf-8") == rules_page(), "run `./run docs`"
    assert re.findall(r"^### (R\d+) ", rules_page(), re.MULTILINE) == list(RULES)


def test_every_section_is_documented() -> None:
    for name in get_args(SectionName):
        assert name in page("content.md"), name


def test_every_theme_key_and_colour_is_documented() -> None:
    for name in (*ThemeFile.model_fields, *Colours.model_fields, *LogoCare.model_fields, *TOKENS):
        assert f"`{name}`" in page("themes.md"), name


def test_every_theme_that_ships_is_documented() -> None:
    for folder in sorted((ROOT / "themes").iterdir()):
        if (folder / "theme.yaml").is_file():
            assert f"| `{folder.name}` |" in page("themes.md"), folder.name


def test_every_block_of_the_default_theme_is_documented() -> None:
    for block in sorted((ROOT / "themes" / "default" / "blocks").glob("*.html")):
        assert f"`{block.stem}`" in page("themes.md"), block.name


def test_the_smallest_plan_of_the_docs_has_no_problems(tmp_path: Path) -> None:
    examples = re.findall(r"```yaml\n(account:.*?)```", page("content.md"), re.DOTALL)
    assert len(examples) == 1
    deal = tmp_path / "content" / "northwind"
    deal.mkdir(parents=True)
    (tmp_path / "planmark.yaml").touch()
    (deal / "plan.yaml").write_text(examples[0], encoding="utf-8")
    assert wrong(tmp_path) == []


def test_every_link_between_the_docs_leads_somewhere() -> None:
    for source in [ROOT / "README.md", *DOCS.glob("*.md")]:
        for target in re.findall(r"\]\(([^)#\s]+)", source.read_text(encoding="utf-8")):
            if not target.startswith(("http", "mailto:")):
                assert (source.parent / target).exists(), f"{source.name}: {target}"


def test_the_readme_opens_with_a_picture_and_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    head = readme[:1800]
    assert re.search(r"!\[[^\]]+\]\(docs/[a-z-]+\.png\)", head)
    assert "./run demo" in head
    assert "./run test" in head


def test_the_readme_tells_what_each_extra_is_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    told = re.findall(r"^\| `([a-z]+)` \|", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(told) == sorted(project["optional-dependencies"].keys() - {"dev"})


def test_nothing_tracked_names_a_machine_or_a_registry() -> None:
    import subprocess

    names = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    words = re.compile(r"/(?:wo" + r"rk|ro" + r"ot|ho" + r"me)/|pypi\.(?:org|python)|registry\.npm", re.IGNORECASE)
    for name in names:
        path = ROOT / name
        if (
            path.is_file()
            and path.suffix in {".py", ".md", ".toml", ".yaml", ".html", ".css", ".js", ".sh", ""}
            and path.stat().st_size < 500_000
        ):
            found = words.search(path.read_text(encoding="utf-8", errors="replace"))
            assert not found, f"{name}: {found[0] if found else ''}"
