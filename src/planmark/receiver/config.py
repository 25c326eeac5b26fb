"""How the receiver is set up: from the environment, and from what the command line says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from planmark.problems import Location, PlanmarkError, Problem
from planmark.receiver import limits
from planmark.receiver.origins import EACH_PLAN
from planmark.telling import Ways

PREFIX = "PLANMARK_RECEIVER_"
SETTINGS = (
    *("HOST", "PORT", "DATABASE", "DATA", "ORIGINS", "PROXIES", "READ_TOKEN", "REGISTER_TOKEN", "PER_ADDRESS", "PER_PLAN"),
    *("NOTIFY_COMMAND", "NOTIFY_WEBHOOK", "NOTIFY_SMTP", "NOTIFY_SENDER", "NOTIFY_USER", "NOTIFY_PASSWORD", "NOTIFY_EVERY"),
)
"""Variables of the environment, each after the prefix."""
DATA = "planmark-receiver"
"""The folder for what is received, where none is named."""
NULL_ORIGIN = "null"
"""What browsers call a page that was opened from a file."""

Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything that the receiver needs to know."""

    host: str
    port: int
    database: str
    """An address as SQLAlchemy writes it; SQLite or PostgreSQL."""
    data: Path
    """The folder of the SQLite file and of the files that were sent."""
    origins: tuple[str, ...]
    """Where plans are shown: `https://plans.example.com`, `https://*.plans.example.com` where each has a subdomain."""
    proxies: tuple[Network, ...]
    """Whose X-Forwarded-For is believed."""
    read_token: str
    register_token: str
    per_address: int
    per_plan: int
    ways: Ways
    """How the team is told of new acts; off unless somebody turns it on."""
    tell_every: int
    """Seconds that the first news waits for others."""


def from_environment(
    environ: Mapping[str, str],
    *,
    host: str | None = None,
    port: int | None = None,
    database: str | None = None,
    data: Path | None = None,
    origins: tuple[str, ...] = (),
    proxies: tuple[str, ...] = (),
) -> Config:
    """The configuration in the environment; arguments count before it. PlanmarkError PM712 says what is missing or cannot be used."""
    given = {name: environ.get(PREFIX + name, "").strip() for name in SETTINGS}
    folder = (data or Path(given["DATA"] or DATA)).absolute()
    read, register = _token(given, "READ_TOKEN"), _token(given, "REGISTER_TOKEN")
    if read == register:
        raise _problem("READ_TOKEN", "reading and registering have the same token", "make one for each: who may read need not register")
    return Config(
        host=host or given["HOST"] or "127.0.0.1",
        port=_number(given, "PORT", 8787, 0, 65535) if port is None else port,
        database=_database(database or given["DATABASE"] or f"sqlite:///{folder / 'receiver.db'}"),
        data=folder,
        origins=tuple(dict.fromkeys(_origin(one) for one in origins or _listed(given["ORIGINS"]))),
        proxies=tuple(_network(one) for one in proxies or _listed(given["PROXIES"])),
        read_token=read,
        register_token=register,
        per_address=_number(given, "PER_ADDRESS", limits.PER_ADDRESS, 1, 1_000_000_000),
        per_plan=_number(given, "PER_PLAN", limits.PER_PLAN, 1, 1_000_000_000),
        ways=Ways(
            command=given["NOTIFY_COMMAND"],
            webhook=given["NOTIFY_WEBHOOK"],
            smtp=given["NOTIFY_SMTP"],
            sender=given["NOTIFY_SENDER"] or "planmark@localhost",
            user=given["NOTIFY_USER"],
            password=given["NOTIFY_PASSWORD"],
        ),
        tell_every=_number(given, "NOTIFY_EVERY", limits.TELL_SECONDS, 0, 86_400),
    )


def origin_of(address: str) -> str:
    """The origin of a web address, as browsers write it; empty for anything that is not one, or that could be read in two ways."""
    if not address.isascii() or not address.isprintable() or "\\" in address or " " in address:
        return ""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        return ""
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    standard = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{port}" if port and port != standard else "")


def _listed(text: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in text.split(",") if one.strip())


def _token(given: Mapping[str, str], name: str) -> str:
    found = given[name]
    make = "make one: `python3 -c 'import secrets; print(secrets.token_urlsafe(32))'`"
    if not found:
        raise _problem(name, "the token is missing", make)
    if len(found) < limits.TOKEN_CHARACTERS or not found.isascii():
        raise _problem(name, f"the token is shorter than {limits.TOKEN_CHARACTERS} characters, or has unusual ones", make)
    return found


def _number(given: Mapping[str, str], name: str, otherwise: int, least: int, most: int) -> int:
    try:
        found = int(given[name] or otherwise)
    except ValueError:
        found = least - 1
    if not least <= found <= most:
        raise _problem(name, f"`{given[name]}` cannot be used", f"write a whole number from {least} to {most}")
    return found


def _database(url: str) -> str:
    scheme, _, rest = url.partition("://")
    if scheme in ("postgres", "postgresql", "postgresql+psycopg") and rest:
        return f"postgresql+psycopg://{rest}"
    if scheme == "sqlite" and rest.strip("/") and ":memory:" not in rest:
        return url
    hint = "write sqlite:////path/receiver.db or postgresql+psycopg://user@host/name"
    raise _problem("DATABASE", "the database is neither an SQLite file nor PostgreSQL", hint)  # its address may hold a password


def _origin(text: str) -> str:
    if text == NULL_ORIGIN:
        return text
    plain = text.replace(EACH_PLAN, "://", 1)
    found = origin_of(plain)
    if "*" in plain or (plain != text and "." not in found):
        hint = "write each one: https://plans.example.com; or, where every plan has a subdomain, https://*.plans.example.com"
        raise _problem("ORIGINS", f"`{text}` stands for more than the plans", hint)
    if plain != text:
        found = found.replace("://", EACH_PLAN)
    if not found or urlsplit(text).path not in ("", "/") or "?" in text or "#" in text:
        raise _problem("ORIGINS", f"`{text}` is not an origin", "write what stands before the path: https://plans.example.com")
    return found


def _network(text: str) -> Network:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        raise _problem("PROXIES", f"`{text}` is not an address", "write one such as 127.0.0.1 or 10.0.0.0/8") from None


def _problem(name: str, message: str, hint: str) -> PlanmarkError:
    return PlanmarkError(Problem("PM712", message, Location(PREFIX + name), hint))
