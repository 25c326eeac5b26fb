"""Those who wait for a plan's state to change: woken at once by what this process takes in, within a second by what others do."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from planmark.receiver.faults import BouncedError
from planmark.receiver.limits import LOOK_SECONDS, WAITING, WAITING_PER_PLAN


@dataclass(slots=True, eq=False)
class Waiter:
    """One request that waits. `seen` is the number of the change that it knows of."""

    plan: str
    seen: int
    _woken: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        """Let it look again."""
        self._woken.set()

    async def woken(self, seconds: float) -> bool:
        """Whether something happened within so many seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(max(seconds, 0)):
                await self._woken.wait()
        happened = self._woken.is_set()
        self._woken.clear()
        return happened


class Waiting:
    """All who wait, a bounded number. `changes` asks the database for the last change of some plans."""

    def __init__(self, changes: Callable[[Sequence[str]], Awaitable[dict[str, int]]]) -> None:
        self._changes = changes
        self._waiters: dict[str, set[Waiter]] = {}
        self._count = 0
        self._looking: asyncio.Task[None] | None = None
        self.closed = False

    def join(self, plan: str, seen: int) -> Waiter | None:
        """Wait from now on; None where too many do already."""
        others = self._waiters.get(plan, set())
        if self.closed or self._count >= WAITING or len(others) >= WAITING_PER_PLAN:
            return None
        waiter = Waiter(plan, seen)
        self._waiters.setdefault(plan, set()).add(waiter)
        self._count += 1
        if self._looking is None:
            self._looking = asyncio.create_task(self._look())
        return waiter

    def leave(self, waiter: Waiter) -> None:
        """Wait no longer."""
        others = self._waiters[waiter.plan]
        others.discard(waiter)
        self._count -= 1
        if not others:
            del self._waiters[waiter.plan]
        if not self._waiters and self._looking:
            self._looking.cancel()
            self._looking = None

    def wake(self, plans: Iterable[str]) -> None:
        """Something happened to these plans."""
        for plan in plans:
            for waiter in self._waiters.get(plan, ()):
                waiter.wake()

    def close(self) -> None:
        """Let everybody go, and nobody wait any more."""
        self.closed = True
        self.wake(list(self._waiters))

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            with suppress(BouncedError):  # the database does not answer: they go on waiting
                found = await self._changes(list(self._waiters))
                for plan, changed in found.items():
                    for waiter in self._waiters.get(plan, ()):
                        if waiter.seen != changed:
                            waiter.wake()
