"""One HTTP request, and no more than that: no proxies, no redirects, no cookies; bounded in time and in size."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from planmark.extensions import Request

_CHUNK = 65_536


class TooLargeError(Exception):
    """The body has more bytes than are allowed."""


class PrivateAddressError(Exception):
    """The host's name leads into a private network, or to this machine."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server said; the names of headers in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def exchange(request: Request, timeout: float, limit: int) -> Reply:
    """Send a request and read the reply. Raises OSError, HTTPException, ValueError, TooLargeError and PrivateAddressError.

    The whole exchange takes no longer than twice the timeout, however slowly the body drips.
    """
    parts = urlsplit(request.url)
    host = parts.hostname or ""
    end = time.monotonic() + 2 * timeout
    connection = _connection(parts.scheme, host, parts.port, timeout, request.own)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(request.method, path, request.body, dict(request.headers))
        response = connection.getresponse()
        body = bytearray()
        while chunk := response.read1(_CHUNK):
            body += chunk
            if len(body) > limit:
                raise TooLargeError
            if time.monotonic() > end:
                raise TimeoutError
        if response.length:
            raise http.client.IncompleteRead(bytes(body), response.length)
        return Reply(response.status, {name.lower(): value for name, value in response.getheaders()}, bytes(body))
    finally:
        connection.close()


def _connection(scheme: str, host: str, port: int | None, timeout: float, own: bool) -> http.client.HTTPConnection:
    """A connection to be opened. To a host that planmark.yaml does not name, it is open already, to an address that was looked at."""
    if scheme == "http":
        return http.client.HTTPConnection(host, port, timeout=timeout)
    context = ssl.create_default_context()
    connection = http.client.HTTPSConnection(host, port, timeout=timeout, context=context)
    if not own:
        address = _public_address(host, port or 443)
        # Connected by address, so that the name cannot lead elsewhere a moment later.
        connection.sock = context.wrap_socket(socket.create_connection((address, port or 443), timeout), server_hostname=host)
    return connection


def _public_address(host: str, port: int) -> str:
    """An address of the host. Raises PrivateAddressError where any of them is not public."""
    found = [str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    for text in found:
        address = ipaddress.ip_address(text.partition("%")[0])
        inner = getattr(address, "ipv4_mapped", None) or address
        if not inner.is_global or inner.is_multicast:
            raise PrivateAddressError(host)
    return found[0]
