"""The workspace and its library: what all deals stand on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path as FilePath
from typing import Any

from planmark.content.files import Files
from planmark.content.kinds import Refusal, endings_for
from planmark.content.layout import CONTENT, LIBRARY, WORKSPACE_FILE
from planmark.content.models import problem_at, read_model, without_echoes
from planmark.content.places import Document, Place
from planmark.content.tree import Tree, scan
from planmark.content.yamltext import read_yaml
from planmark.plan.item import Item
from planmark.plan.resources import Resource
from planmark.plan.walk import marked
from planmark.plan.workspace import Library, Workspace
from planmark.problems import Finding, Location, PlanmarkError, Problem, did_you_mean


@dataclass(frozen=True)
class Team:
    """What all deals of a workspace stand on: `planmark.yaml` and the library, as read."""

    root: FilePath
    workspace: Workspace
    library: Mapping[str, Resource]
    library_tree: Tree
    document: Document
    """planmark.yaml, for places."""
    library_places: Mapping[str, tuple[Document, int]]
    """Where each item of the library stands: its file, and its number in it."""
    library_whole: bool
    """Whether the library could be read; without it, what a deal names of it is missing, which is no mistake of the deal."""


def load_team(root: FilePath, library_tree: Tree, problems: list[Problem]) -> Team | None:
    """The workspace and its library. None where planmark.yaml cannot be used."""
    own: list[Problem] = []
    document = read_document(root / WORKSPACE_FILE, WORKSPACE_FILE, own)
    if document is None:
        problems.extend(own)
        return None
    findings: list[Finding] = []
    workspace, _ = read_model(Workspace, document, findings)
    if workspace:
        later: list[Finding] = []
        people = {person.id for person in workspace.people}
        for path, marker, value in marked(workspace):
            if marker == "person" and value not in people:
                hint = did_you_mean(str(value), people, "add them to `people`")
                later.append(Finding("PM301", path, f"nobody here has the id `{value}`", hint))
        _have_ids(workspace.people, "people", "person", "dana", later)
        if workspace.rules:
            from planmark.plan.rules import wrong_settings

            later.extend(wrong_settings(workspace.rules))
        files = Files(root / CONTENT / LIBRARY, library_tree, root / CONTENT / LIBRARY, library_tree)
        for path, marker, value in marked(workspace):
            if marker == "file":
                found = files.asset(value, *endings_for(path))
                if isinstance(found, Refusal):
                    later.append(replace(found.at(path), hint=f"{found.hint}; planmark.yaml names files of {CONTENT}/{LIBRARY}"))
        findings += without_echoes(later, findings, document)
    own.extend(problem_at(document, finding) for finding in findings)
    of_library: list[Problem] = []
    if "." in library_tree:
        where = Location(f"{CONTENT}/{LIBRARY}")
        if library_tree["."].digest == "link":
            of_library.append(Problem("PM403", "the library is a symbolic link", where, "put the folder itself there"))
        else:
            of_library.append(Problem("PM408", "the library cannot be read", where, "check its permissions"))
    library, places = _load_library(root, library_tree, of_library)
    problems.extend(own + of_library)
    if workspace is None or any(problem.severity == "error" for problem in own):
        return None
    return Team(root, workspace, {} if of_library else library, library_tree, document, places, not of_library)


def team_of(root: FilePath) -> Team:
    """The workspace and its library. Raises PlanmarkError with its problems where planmark.yaml cannot be used."""
    problems: list[Problem] = []
    team = load_team(root, scan(root / CONTENT / LIBRARY), problems)
    if team is None:
        raise PlanmarkError(problems)
    return team


def workspace_of(root: FilePath) -> Workspace:
    """planmark.yaml alone. Raises PlanmarkError with its problems where it has errors."""
    return team_of(root).workspace


def _have_ids(items: Sequence[Item], key: str, noun: str, example: str, findings: list[Finding]) -> None:
    """What plans name by its id has one, and not that of another."""
    taken: set[str] = set()
    for index, item in enumerate(items):
        if not item.id:
            findings.append(Finding("PM202", (key, index), "`id` is missing", f"plans name this {noun} by it: `id: {example}`"))
        elif item.id in taken:
            findings.append(Finding("PM305", (key, index, "id"), f"the id `{item.id}` is taken already", "give one of the two another id"))
        taken.add(item.id)


def _load_library(root: FilePath, tree: Tree, problems: list[Problem]) -> tuple[dict[str, Resource], dict[str, tuple[Document, int]]]:
    """The library's items by id, and where each stands."""
    if "resources.yaml" not in tree:
        return {}, {}
    name = f"{CONTENT}/{LIBRARY}/resources.yaml"
    document = read_document(root / name, name, problems)
    if document is None:
        return {}, {}
    value: Any = (
        document.value if isinstance(document.value, dict) and "resources" in document.value else {"resources": document.value or []}
    )
    place = document.root if value is document.value else Place(0, 0, {"resources": document.root})
    document = Document(name, value, place, document.text)
    findings: list[Finding] = []
    library, _ = read_model(Library, document, findings)
    resources = library.resources if library else ()
    later: list[Finding] = []
    _have_ids(resources, "resources", "resource", "demo", later)
    for index, resource in enumerate(resources):
        if resource.id and not resource.title:
            later.append(Finding("PM202", ("resources", index), "`title` is missing", "write how the buyer would call it"))
    findings += without_echoes(later, findings, document)
    problems.extend(problem_at(document, finding) for finding in findings)
    named = [(resource, number) for number, resource in enumerate(resources) if resource.id]
    return {one.id: one for one, _ in reversed(named)}, {one.id: (document, number) for one, number in reversed(named)}


def read_document(path: FilePath, shown: str, problems: list[Problem]) -> Document | None:
    """A YAML file as read; None, and its problem, where it is missing or cannot be used."""
    if path.is_symlink():
        problems.append(Problem("PM403", "the file is a symbolic link", Location(shown), "put the file itself there"))
        return None
    if path.exists() and not path.is_file():  # a pipe would be waited for
        problems.append(Problem("PM408", "this is not a file", Location(shown), "put a text file there"))
        return None
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        problems.append(Problem("PM401", "the file is missing", Location(shown), "`planmark init` writes one"))
        return None
    except OSError as error:
        problems.append(Problem("PM408", f"the file cannot be read: {error.strerror}", Location(shown), "check its permissions"))
        return None
    return read_yaml(data, shown, problems)
