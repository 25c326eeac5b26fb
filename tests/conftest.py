"""Fixtures for every test: a workspace of a few files in a folder of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no mistake
settings.load_profile("untimed")

Files = Mapping[str, str | bytes]
"""What a workspace holds: a file's path in it, and its text (which may be indented as a whole) or its bytes."""
MakeWorkspace = Callable[[Files], Path]


def write(root: Path, files: Files) -> None:
    """Write the files below `root`, with the folders they need. Texts keep their line ends on every system."""
    for path, content in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else dedent(content).encode())


@pytest.fixture(autouse=True, scope="session")
def own_keys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Signing keys of the tests go into a folder of theirs: whoever runs them has keys that nothing here may see or touch."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLANMARK_CONFIG", str(tmp_path_factory.mktemp("config")))
        patch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
        patch.delenv("PLANMARK_KEY", raising=False)
        yield


@pytest.fixture
def workspace(tmp_path: Path) -> MakeWorkspace:
    """A function that writes a workspace and gives its folder. Without a planmark.yaml of its own it gets an empty one."""

    def make(files: Files) -> Path:
        write(tmp_path, {"planmark.yaml": "", **files})
        return tmp_path

    return make
