"""The targets `s3`, `gcs` and `azure` keep what every target promises, at real servers and likenesses of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.publish.contract import PROMISES, Promise
from tests.publish.stores import Server, azurite, google, moto, rclone


@pytest.fixture(scope="module", params=["moto", "rclone", "azurite", "google"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Each of the stores."""
    if request.param in ("moto", "google"):
        with moto() if request.param == "moto" else google() as here:
            yield here
    else:
        folder = tmp_path_factory.mktemp("store")
        with rclone(folder) if request.param == "rclone" else azurite(folder) as here:
            yield here


@pytest.mark.parametrize("promise", PROMISES)
def test_a_promise_is_kept(promise: Promise, server: Server) -> None:
    promise(server.shown())
