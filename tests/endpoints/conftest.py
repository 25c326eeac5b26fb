"""Fixtures for endpoints: each kind beside its likeness, and in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from tests.endpoints.buying import SECRETS, MakePlace, Place, placed
from tests.endpoints.clicking import Window
from tests.endpoints.likenesses import LIKENESSES, WITH_API, Tried
from tests.page.conftest import browser

__all__ = ["browser"]


@pytest.fixture(params=list(LIKENESSES))
def tried(request: pytest.FixtureRequest) -> Iterator[Tried]:
    """Every kind, one after the other."""
    with LIKENESSES[request.param]() as fake:
        yield Tried(fake)


@pytest.fixture(params=WITH_API)
def read(request: pytest.FixtureRequest) -> Iterator[Tried]:
    """Every kind that is read by an API."""
    with LIKENESSES[request.param]() as fake:
        yield Tried(fake)


@pytest.fixture
def place_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MakePlace]:
    """A function that gives a place of a kind, with all secrets in the environment."""
    with ExitStack() as started:

        def make(kind: str) -> Place:
            place = placed(tmp_path, kind, LIKENESSES[kind], started)
            for name, value in {**SECRETS, "PLANMARK_ENDPOINT_TOKEN": place.service.token}.items():
                monkeypatch.setenv(name, value)
            return place

        yield make


@pytest.fixture
def window(browser: Browser) -> Iterator[Window]:
    """A buyer's browser."""
    made = Window(browser)
    yield made
    made.close()
