"""Nothing that was acknowledged is lost, and nothing is there twice, however often the receiver or its database is killed."""

from __future__ import annotations

import os
from pathlib import Path

from tests.receiver.cluster import Cluster
from tests.receiver.killing import EACH, Trial

KILLS = 200 if os.environ.get("PLANMARK_TRIALS") == "full" else 20


def test_killed_on_sqlite(tmp_path: Path) -> None:
    found = Trial(tmp_path, "", instances=1, seed=1).run(KILLS)
    assert (found.lost, found.doubled, found.wrong) == (0, 0, ())
    assert found.acknowledged >= EACH * KILLS


def test_killed_on_postgresql(cluster: Cluster, tmp_path: Path) -> None:
    """Either of two instances, and sometimes PostgreSQL itself."""
    found = Trial(tmp_path, cluster.new(), instances=2, seed=2, cluster=cluster).run(KILLS)
    assert (found.lost, found.doubled, found.wrong) == (0, 0, ())
    assert found.acknowledged >= EACH * KILLS
