"""Whose request it is, as far as that can be known: the address that rates are counted by."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from starlette.requests import Request

from planmark.receiver.config import Network

_FAR = 20
"""So many hops of X-Forwarded-For are looked at."""


def address_of(request: Request, proxies: tuple[Network, ...]) -> str:
    """The client's address: the connection's, or what the configured proxies say of it. Of IPv6 the network, as people get a whole one."""
    peer = request.client.host if request.client else ""
    hops = [*_forwarded(request), peer]
    known = [_read(hop) for hop in hops[-_FAR:]]
    for hop in reversed(known):
        if hop is None:
            return "unknown"
        if not any(hop in network for network in proxies if network.version == hop.version):
            return _counted(hop)
    return _counted(known[0]) if known[0] else "unknown"


def _forwarded(request: Request) -> list[str]:
    return [hop.strip() for line in request.headers.getlist("x-forwarded-for") for hop in line.split(",")]


def _read(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text.strip("[]").partition("%")[0])
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found


def _counted(address: IPv4Address | IPv6Address) -> str:
    if isinstance(address, IPv6Address):
        return str(ip_network((address, 64), strict=False))
    return str(address)
