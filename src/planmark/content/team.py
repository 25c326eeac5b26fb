"""The workspace and its library: what all deals stand on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path as FilePath
from typing import Any

from planmark.content.files import Files, Refusal, endings_for
from planmark.content.layout import CONTENT, LIBRARY, WORKSPACE_FILE
from planmark.content.models import problem_at, read_model
from planmark.content.places import Document, Place
from planmark.content.tree import Tree
from planmark.content.yamltext import read_yaml
from planmark.plan.resources import Resource
from planmark.plan.walk import marked
from planmark.plan.workspace import Library, Workspace
from planmark.problems import Finding, Location, Problem, did_you_mean


@dataclass(frozen=True)
class Team:
    """What all deals of a workspace stand on: `planmark.yaml` and the library, as read."""

    root: FilePath
    workspace: Workspace
    library: Mapping[str, Resource]
    library_tree: Tree
    document: Document
    """planmark.yaml, for places."""


def load_team(root: FilePath, library_tree: Tree, problems: list[Problem]) -> Team | None:
    """The workspace and its library. None where planmark.yaml cannot be used."""
    document = read_document(root / WORKSPACE_FILE, WORKSPACE_FILE, problems)
    if document is None:
        return None
    findings: list[Finding] = []
    workspace, whole = read_model(Workspace, document, findings)
    if workspace:
        people = {person.id for person in workspace.people}
        for path, marker, value in marked(workspace):
            if marker == "person" and value not in people:
                findings.append(
                    Finding(
                        "PM301",
                        path,
                        f"nobody here has the id `{value}`",
                        did_you_mean(str(value), people, "add them to `people`"),
                    )
                )
        for index, person in enumerate(workspace.people):
            if not person.id:
                findings.append(Finding("PM202", ("people", index), "`id` is missing", "plans name this person by it: `id: dana`"))
        files = Files(root / CONTENT / LIBRARY, library_tree, root / CONTENT / LIBRARY, library_tree)
        for path, marker, value in marked(workspace):
            if marker == "file":
                found = files.asset(value, *endings_for(path))
                if isinstance(found, Refusal):
                    findings.append(replace(found.at(path), hint=f"{found.hint}; planmark.yaml names files of {CONTENT}/{LIBRARY}"))
    problems.extend(problem_at(document, finding) for finding in findings)
    library = _load_library(root, library_tree, problems)
    if workspace is None or not whole or any(finding.severity == "error" for finding in findings):
        return None
    return Team(root, workspace, library, library_tree, document)


def _load_library(root: FilePath, tree: Tree, problems: list[Problem]) -> dict[str, Resource]:
    if "resources.yaml" not in tree:
        return {}
    name = f"{CONTENT}/{LIBRARY}/resources.yaml"
    document = read_document(root / name, name, problems)
    if document is None:
        return {}
    value: Any = (
        document.value if isinstance(document.value, dict) and "resources" in document.value else {"resources": document.value or []}
    )
    place = document.root if value is document.value else Place(0, 0, {"resources": document.root})
    document = Document(name, value, place)
    findings: list[Finding] = []
    library, _ = read_model(Library, document, findings)
    items: dict[str, Resource] = {}
    for index, resource in enumerate(library.resources if library else ()):
        if not resource.id:
            findings.append(Finding("PM202", ("resources", index), "`id` is missing", "plans name this resource by it: `id: demo`"))
        elif resource.id in items:
            findings.append(
                Finding(
                    "PM305",
                    ("resources", index, "id"),
                    f"the id `{resource.id}` is taken already",
                    "give one of the two another id",
                )
            )
        elif not resource.title:
            findings.append(Finding("PM202", ("resources", index), "`title` is missing", "write how the buyer would call it"))
        items.setdefault(resource.id, resource)
    problems.extend(problem_at(document, finding) for finding in findings)
    return items


def read_document(path: FilePath, shown: str, problems: list[Problem]) -> Document | None:
    """A YAML file as read; None, and its problem, where it is missing or cannot be used."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        problems.append(Problem("PM401", "the file is missing", Location(shown), "`planmark init` writes one"))
        return None
    except OSError as error:
        problems.append(Problem("PM408", f"the file cannot be read: {error.strerror}", Location(shown), "check its permissions"))
        return None
    return read_yaml(data, shown, problems)
