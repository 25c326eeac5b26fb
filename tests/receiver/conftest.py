"""Fixtures of the receiver's tests: receivers on both databases."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest
from tests.receiver.cluster import Cluster
from tests.receiver.running import Receiving

MANY = {"PLANMARK_RECEIVER_PER_ADDRESS": "1000000", "PLANMARK_RECEIVER_PER_PLAN": "1000000"}
"""Tests send more than people do."""


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server, once for all tests of a process."""
    made = Cluster()
    yield made
    made.remove()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh database; empty for the SQLite file that is made by itself."""
    return request.getfixturevalue("cluster").new() if request.param == "postgresql" else ""


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiving]:
    """A receiver for tests that need no more than a plan of their own."""
    database = request.getfixturevalue("cluster").new() if request.param == "postgresql" else ""
    with Receiving(tmp_path_factory.mktemp("receiver"), database, **MANY) as made:
        yield made


@pytest.fixture
def plan(server: Receiving) -> str:
    """A registered plan that nothing has come for."""
    made = secrets.token_hex(16)
    assert server.register(made, deal=made).status == 200
    return made
