"""Which pages may read answers, and be led back to: those of the origins that the receiver was told, and of nobody else."""

from __future__ import annotations

import re
from collections.abc import Collection

EACH_PLAN = "://*."
"""In a configured origin: every plan has a subdomain of its own there, `https://*.plans.example.com`."""
_SITE = re.compile(r"[a-z0-9][a-z0-9-]{20,61}[a-z0-9]")
"""One label, and as long as a share key at least: `www` or `mail` beside the plans is none."""


def is_ours(origin: str, origins: Collection[str]) -> bool:
    """Whether an origin, as browsers write it, is one of the configured ones, or one plan's subdomain of one.

    Nothing is matched by its end: what stands behind the first label must be a configured origin to the letter, with scheme and port.
    """
    if origin in origins:
        return EACH_PLAN not in origin
    scheme, _, host = origin.partition("://")
    site, _, parent = host.partition(".")
    return bool(_SITE.fullmatch(site)) and f"{scheme}{EACH_PLAN}{parent}" in origins
