"""Secrets on their way into a request, in each service's way. They go into headers, and into nothing that is ever shown."""

from __future__ import annotations

from base64 import b64encode

from planmark.endpoints.addresses import WHERE
from planmark.extensions import Secret
from planmark.problems import PlanmarkError, Problem

TOKEN = "PLANMARK_ENDPOINT_TOKEN"  # noqa: S105 - the name of a variable
REGISTER_TOKEN = "PLANMARK_REGISTER_TOKEN"  # noqa: S105 - likewise


def token(secret: Secret, name: str = TOKEN) -> str:
    """The secret with that name, ready for a header. PlanmarkError where it is empty or holds what no header may."""
    found = secret(name).strip()
    if not found or not found.isascii() or not found.isprintable():
        text = f"the secret {name} is empty or holds signs that no token has"
        raise PlanmarkError(Problem("PM702", text, WHERE, "copy it anew from the service, without quotes or line ends"))
    return found


def bearer(token: str) -> dict[str, str]:
    """As most services want it."""
    return {"Authorization": f"Bearer {token}"}


def scheme_token(token: str) -> dict[str, str]:
    """As Basin documents it."""
    return {"Authorization": f"Token {token}"}


def basic(token: str) -> dict[str, str]:
    """As a password without a user."""
    return {"Authorization": "Basic " + b64encode(f":{token}".encode()).decode()}


def no_header(_: str) -> dict[str, str]:
    """For a service whose code sees no headers: the secret goes another way."""
    return {}
