"""Fixtures for endpoints: each kind beside its likeness."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.endpoints.likenesses import LIKENESSES, WITH_API, Tried


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
