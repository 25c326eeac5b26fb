"""`python -m tests.benchmarks.load PORT PLAN TOKEN`: check-offs over kept connections, as fast as they are answered or at a rate.

A process of its own, with plain sockets: what it costs is not the receiver's. At a rate, latency counts from the moment at which
a check-off was due, so a receiver that stands still cannot hide it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import secrets
import sys
import time
from urllib.parse import urlencode


def body(plan: str, token: str) -> bytes:
    """A check-off as the page's script sends it, with an id of its own."""
    given = {"pm_v": "1", "pm_plan": plan, "pm_event": secrets.token_hex(16), "pm_kind": "done", "pm_item": "task/nda", "pm_token": token}
    return urlencode({**given, "pm_payload": json.dumps(given)}).encode()


async def post(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, plan: str, token: str) -> int:
    """Send one, and give the status of its answer."""
    sent = body(plan, token)
    head = (
        f"POST /v1/plans/{plan}/events HTTP/1.1\r\nHost: receiver\r\nAccept: application/json\r\nOrigin: https://plans.example.com\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(sent)}\r\n\r\n"
    )
    writer.write(head.encode() + sent)
    said = await reader.readuntil(b"\r\n\r\n")
    length = next(int(line.partition(b":")[2]) for line in said.lower().splitlines() if line.startswith(b"content-length"))
    await reader.readexactly(length)
    return int(said.split(b" ", 2)[1])


async def measure(port: int, plan: str, token: str, connections: int, seconds: float, rate: float) -> dict[str, float]:
    """Acknowledged a second, others, and latencies in seconds."""
    latencies: list[float] = []
    others = 0
    began = time.perf_counter()
    due = iter(range(sys.maxsize))

    async def client() -> None:
        nonlocal others
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while True:
            start = began + next(due) / rate if rate else time.perf_counter()
            if max(start, time.perf_counter()) > began + seconds:
                break
            await asyncio.sleep(max(0, start - time.perf_counter()))
            if await post(reader, writer, plan, token) == 201:
                latencies.append(time.perf_counter() - start)
            else:
                others += 1
        writer.close()

    await asyncio.gather(*(client() for _ in range(connections)))
    took = time.perf_counter() - began
    latencies.sort()
    found = {f"p{share}": latencies[min(len(latencies) - 1, len(latencies) * share // 100)] for share in (50, 99)} if latencies else {}
    return {"acknowledged": len(latencies), "others": others, "rate": len(latencies) / took, **found}


def main() -> None:
    """Print what was measured, as JSON."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.load")
    parser.add_argument("port", type=int)
    parser.add_argument("plan")
    parser.add_argument("token")
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--rate", type=float, default=0, help="check-offs a second; 0: as fast as they are answered")
    given = parser.parse_args()
    print(json.dumps(asyncio.run(measure(given.port, given.plan, given.token, given.connections, given.seconds, given.rate))))


if __name__ == "__main__":
    main()
