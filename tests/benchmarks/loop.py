"""Group `loop`: how many check-offs the receiver acknowledges, how soon, and whether any is lost when it is killed."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .machine import versions
from .measure import Bench, CommandError, Spread
from .report import Figure, Section, Table, seconds, spread_of_seconds

if TYPE_CHECKING:
    from tests.receiver.killing import Outcome
    from tests.receiver.running import Receiving

LEAST_A_SECOND = 500
FIXED_RATE = 200
SLOWEST = 0.100
KILLS = 200
SCRIPTS = ("plan.js", "act.js")
LARGEST_SCRIPT = 6 * 1024
SEEN = 2.0
PULLED, PULL = 10_000, 5.0
CONNECTIONS = 32
LONG, WARM = 10.0, 2.0
"""Seconds."""
LIBRARIES = ("starlette", "uvicorn", "httptools", "sqlalchemy", "psycopg", "itsdangerous")
NOTES = (
    f"The load comes from another process on the same machine, over {CONNECTIONS} kept connections; each check-off has an id of its own "
    "and a personal link that is verified. Acknowledged: answered with 201, after the commit.",
    "SQLite: write-ahead log, `synchronous=FULL`. PostgreSQL: as Debian sets it up, on the same machine.",
    f"Medians of runs of {LONG:.0f} s, lowest to highest in brackets. At a fixed rate, latency counts from when a check-off was due.",
    "Seen elsewhere: two pages in Chromium, each with a personal link; from the click in one until the other shows the task as done.",
    "Pull: the whole process, from a real receiver into a plan that has none of the events yet.",
    f"Kills: {KILLS} times `kill -9` at random moments under load from four clients that try again and also send files; with PostgreSQL "
    "either of two instances, and every tenth time PostgreSQL itself. Lost: acknowledged, and afterwards missing or changed.",
)


def measure(bench: Bench, deals: int, runs: int) -> Section:
    """All figures of this group. The number of deals plays no part in it."""
    del deals
    # here, not above: the other groups' figures of memory want a small parent
    from tests.receiver.cluster import Cluster

    cluster = Cluster()
    try:
        on_sqlite = _loaded(bench, "", runs)
        on_postgresql = _loaded(bench, cluster.new(), runs)
        killed = {"SQLite": _killed(bench, "", None), "PostgreSQL, two instances": _killed(bench, cluster.new(), cluster)}
    finally:
        cluster.remove()
    figures = [
        _throughput(on_sqlite),
        _latency(on_sqlite),
        *(_losses(name, found) for name, found in killed.items()),
        _script_size(),
        _seen_elsewhere(bench),
        *_pulls(bench, runs),
    ]
    rows = [_row("SQLite", on_sqlite), _row("PostgreSQL", on_postgresql)]
    head = ("Database", "Acknowledged a second", f"p50 at {FIXED_RATE}/s", f"p99 at {FIXED_RATE}/s")
    return Section(
        title="The loop: what buyers send",
        figures=figures,
        tables=[Table("The receiver under load", head, rows)],
        notes=NOTES,
        versions=versions(LIBRARIES),
    )


Loaded = dict[str, Sequence[dict[str, Any]]]


def _loaded(bench: Bench, database: str, runs: int) -> Loaded:
    """Runs as fast as it goes, and runs at a fixed rate, in turn."""
    from tests.receiver.killing import MANY
    from tests.receiver.running import Receiving

    _say(f"load on {'PostgreSQL' if database else 'SQLite'}: {runs} x 2 runs")
    found: dict[str, list[dict[str, Any]]] = {"most": [], "fixed": []}
    with Receiving(_fresh(bench.work / "receiver"), database, **MANY) as server:
        server.register()
        _load(server, WARM, 0)
        for _ in range(runs):
            for name, rate in (("most", 0), ("fixed", FIXED_RATE)):
                bench.quiet.wait()
                found[name].append(_load(server, LONG, rate))
        acknowledged = sum(one["acknowledged"] for name in found for one in found[name])
        if len(server.events()) < acknowledged:
            raise CommandError("fewer events are there than were acknowledged")
    return dict(found)


def _load(server: Receiving, length: float, rate: int) -> dict[str, Any]:
    from tests.receiver.running import PLAN, link

    options = ["--connections", str(CONNECTIONS), "--seconds", str(length), "--rate", str(rate)]
    command = [sys.executable, "-m", "tests.benchmarks.load", str(server.port), PLAN, link(), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CommandError(f"the load failed: {done.stderr}")
    found: dict[str, Any] = json.loads(done.stdout)
    if found["others"]:
        raise CommandError(f"{found['others']} check-offs were not acknowledged")
    return found


def _killed(bench: Bench, database: str, cluster: Any) -> Outcome:
    from tests.receiver.killing import Trial

    _say(f"{KILLS} kills on {'PostgreSQL' if database else 'SQLite'}")
    return Trial(_fresh(bench.work / "killed"), database, 2 if cluster else 1, seed=KILLS, cluster=cluster).run(KILLS)


def _fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    return folder


def _throughput(found: Loaded) -> Figure:
    rate = Spread.of(one["rate"] for one in found["most"])
    measured = f"{_a_second(rate)} a second"
    return Figure("Check-offs acknowledged on SQLite", f"≥ {LEAST_A_SECOND} a second", measured, rate.median >= LEAST_A_SECOND)


def _latency(found: Loaded) -> Figure:
    slowest = Spread.of(one["p99"] for one in found["fixed"])
    name = f"99 of 100 answers at {FIXED_RATE} check-offs a second, SQLite"
    return Figure(name, f"≤ {seconds(SLOWEST)}", spread_of_seconds(slowest), slowest.median <= SLOWEST)


def _losses(name: str, found: Outcome) -> Figure:
    measured = f"{found.lost} lost, {found.doubled} doubled, of {found.acknowledged:,} acknowledged"
    measured += "".join(f"; {one}" for one in found.wrong)
    sound = not found.lost and not found.doubled and not found.wrong
    return Figure(f"Events lost or doubled in {found.kills} kills, {name}", "0", measured, sound)


def _script_size() -> Figure:
    folder = Path(__file__).parents[2] / "themes" / "default" / "assets"
    size = len(gzip.compress(b"".join((folder / name).read_bytes() for name in SCRIPTS), 9))
    return Figure("The page's JavaScript, compressed", f"≤ {LARGEST_SCRIPT:,} bytes", f"{size:,} bytes (gzip)", size <= LARGEST_SCRIPT)


def _seen_elsewhere(bench: Bench) -> Figure:
    from .seeing import seconds_until_seen

    _say("from a check-off to another open page")
    found = Spread.of(seconds_until_seen(_fresh(bench.work / "seeing")))
    return Figure("Check-off to visible in another open page", f"≤ {seconds(SEEN)}", spread_of_seconds(found), found.high <= SEEN)


def _pulls(bench: Bench, runs: int) -> list[Figure]:
    from .pulling import pulled

    found: dict[int, list[float]] = {}
    for _ in range(runs):
        for count in (PULLED // 4, PULLED):
            _say(f"pull of {count:,} events")
            bench.quiet.wait()
            found.setdefault(count, []).append(pulled(_fresh(bench.work / "pull"), count))
    whole = Spread.of(found[PULLED])
    growth = Spread.of(many / few for few, many in zip(found[PULLED // 4], found[PULLED], strict=True))
    return [
        Figure(f"`planmark pull` of {PULLED:,} events", f"≤ {seconds(PULL)}", spread_of_seconds(whole), whole.median <= PULL),
        Figure("The same, beside a quarter of the events", "≤ 4 times as long", f"{growth.median:.2f} times", growth.median <= 4),
    ]


def _row(name: str, found: Loaded) -> tuple[str, ...]:
    rate = Spread.of(one["rate"] for one in found["most"])
    middle, slowest = (Spread.of(one[share] for one in found["fixed"]) for share in ("p50", "p99"))
    return name, _a_second(rate), spread_of_seconds(middle), spread_of_seconds(slowest)


def _a_second(rate: Spread) -> str:
    return f"{rate.median:,.0f} ({rate.low:,.0f} to {rate.high:,.0f})"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
