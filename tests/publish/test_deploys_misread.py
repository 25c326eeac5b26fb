"""A host that answers with other things than its API does: one message that says so, and never a traceback."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from random import Random
from typing import Any

import pytest
from tests.publish.fakes.hosting import Fake
from tests.publish.hosted import LIKENESSES, put, target
from tests.publish.published import release, site

from planmark.endpoints.connection import Reply
from planmark.extensions import Request
from planmark.problems import PlanmarkError
from planmark.targets import asking

ODD: dict[str, Any] = {"nothing": None, "a number": 7, "a text": "\x1b]0;x\x07", "a list": ["x"], "a dictionary": {"x": 1}}
ANSWERS = 14
"""So many a publish hears of the host at most."""
TRIALS = ANSWERS if os.environ.get("PLANMARK_TRIALS") == "full" else 4


@pytest.mark.parametrize("depth", ["all of it", "what is in it", "its leaves"])
@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("kind", LIKENESSES, ids=lambda one: one.kind)
def test_whatever_it_answers_is_no_traceback(kind: type[Fake], odd: str, depth: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of each answer that a publish hears: it goes out all the same, or is refused in words. The next one works."""
    real = asking.exchange
    with kind() as fake:
        for number in sorted(Random(f"{kind.kind} {odd} {depth}").sample(range(ANSWERS), TRIALS)):
            heard = []

            def exchange(request: Request, timeout: float, limit: int, number: int = number, heard: list[str] = heard) -> Reply:
                reply = real(request, timeout, limit)
                heard.append(request.url)
                return Reply(reply.status, reply.headers, _other(reply.body, ODD[odd], depth)) if len(heard) == number + 1 else reply

            monkeypatch.setattr(asking, "exchange", exchange)
            with suppress(PlanmarkError):
                put(fake, release(2 * number + 2, site(1), _out(fake)))
            monkeypatch.undo()
            put(fake, release(2 * number + 3, site(2), _out(fake)))
            assert _out(fake) == 2 * number + 3


def _out(fake: Fake) -> int:
    """The number of the version that is out; 0 where none is."""
    return next((int(one.version[13:15]) for one in target(fake).published(fake.place())), 0)


def _other(body: bytes, odd: Any, depth: str) -> bytes:
    """An answer in which something is of another type."""
    try:
        said = json.loads(body)
    except ValueError:
        return body

    def other(value: Any) -> Any:
        if not isinstance(value, (dict, list)):
            return odd
        deeper = other if depth == "its leaves" else lambda one: odd
        return {name: deeper(one) for name, one in value.items()} if isinstance(value, dict) else [deeper(one) for one in value]

    return json.dumps(odd if depth == "all of it" else other(said)).encode()
