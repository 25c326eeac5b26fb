"""A connection whose head must come within a time and a size: uvicorn itself waits for one that never ends."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from planmark.receiver.limits import HEAD_BYTES, HEAD_SECONDS

_SLOW = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class Connection(HttpToolsProtocol):
    """uvicorn's own, that cuts off who sends a head too slowly, or one that is too large."""

    _head_size = 0
    _in_head = True
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn narrows it, too
        super().connection_made(transport)
        self._begin()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._in_head:
            self._head_size += len(data)
        super().data_received(data)
        if self._in_head and self._head_size > HEAD_BYTES:
            self._cut(_LARGE)

    def on_message_begin(self) -> Any:
        if not self._in_head:
            self._begin()
        return super().on_message_begin()

    def on_headers_complete(self) -> Any:
        self._end()
        return super().on_headers_complete()

    def _begin(self) -> None:
        self._in_head, self._head_size = True, 0
        self._timer = self.loop.call_later(HEAD_SECONDS, self._cut, _SLOW)

    def _end(self) -> None:
        self._in_head = False
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _cut(self, answer: bytes) -> None:
        self._end()
        if self.transport and not self.transport.is_closing():
            self.transport.write(answer)
            self.transport.close()
