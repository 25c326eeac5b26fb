"""Secrets, and where they may be: the environment, the system's keyring, and for signing keys a file in the user's own configuration.

Never in the workspace: what a repository holds, everybody holds.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
import secrets
import stat
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from planmark.content.layout import WORKSPACE_FILE
from planmark.plan.tokens import KEY_BYTES, fingerprint
from planmark.problems import Location, PlanmarkError, Problem

KEY_VARIABLE = "PLANMARK_KEY"
"""One signing key, or several with spaces between them."""
SERVICE = "planmark"
"""The name under which the system's keyring has our secrets."""
PREFIX = "planmark-key-"
"""What a signing key begins with when it is written down, so that whoever finds one knows what it is."""
_WRITTEN = re.compile(rf"{PREFIX}([A-Za-z0-9_-]{{43}})")


def secret(name: str) -> str:
    """The secret called by the name of its environment variable. Raises PlanmarkError where neither place has it."""
    found = os.environ.get(name) or _from_keyring(name)
    if not found:
        keeping = f"`keyring set {SERVICE} {name}`" + ("" if find_spec("keyring") else ', after pip install "planmark[keyring]"')
        hint = f"set the environment variable {name}, or keep it in the system's keyring: {keeping}"
        raise PlanmarkError(Problem("PM702", f"the secret {name} is missing", Location(name), hint))
    return found.strip()


def _from_keyring(name: str) -> str | None:
    """What the system's keyring holds, where there is one and the optional library for it."""
    with suppress(Exception):  # a keyring that is locked, broken or not there is no keyring; the message names the other ways
        import keyring

        return keyring.get_password(SERVICE, name)
    return None


@dataclass(frozen=True)
class TeamKeys:
    """The signing keys that this workspace trusts and this machine has, by fingerprint. The first one signs."""

    keys: Mapping[str, bytes]

    @property
    def signing(self) -> bytes:
        """The key that new links are made with."""
        return next(iter(self.keys.values()))


def key_file() -> Path:
    """The file of signing keys in the user's configuration folder."""
    import click

    return Path(os.environ.get("PLANMARK_CONFIG") or click.get_app_dir("planmark")) / "keys"


def team_keys(wanted: Sequence[str]) -> TeamKeys:
    """The keys that planmark.yaml names. Raises PlanmarkError where it names none, or this machine hasn't the first."""
    where = Location(WORKSPACE_FILE)
    if not wanted:
        hint = "make one with `planmark key rotate`, and write the line that it prints into planmark.yaml"
        raise PlanmarkError(Problem("PM707", "planmark.yaml names no signing key", where, hint))
    here = keys_here()
    if wanted[0] not in here:
        others = f" (here: {', '.join(here)})" if here else ""
        hint = "ask a colleague who has it for `planmark key show --secret`, and bring it with `planmark key add`"
        raise PlanmarkError(Problem("PM707", f"the signing key {wanted[0]} is not on this machine{others}", where, hint))
    return TeamKeys({name: here[name] for name in wanted if name in here})


def keys_here() -> dict[str, bytes]:
    """Every signing key of this machine by its fingerprint. Raises PlanmarkError for a key that cannot be read."""
    named = [(one, KEY_VARIABLE) for one in os.environ.get(KEY_VARIABLE, "").replace(",", " ").split()]
    named += [(one, "keyring") for one in (_from_keyring(KEY_VARIABLE) or "").split()]
    path = key_file()
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        text = ""
    if text and os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        hint = f"close it: chmod 600 {path}"
        raise PlanmarkError(Problem("PM707", "others on this machine can read the key file", Location(str(path)), hint))
    named += [(line, str(path)) for line in text.splitlines() if line.strip() and not line.startswith("#")]
    found: dict[str, bytes] = {}
    for written, where in named:
        key = read_key(written, where)
        found.setdefault(fingerprint(key), key)
    return found


def read_key(written: str, where: str) -> bytes:
    """The key that a text stands for. Raises PlanmarkError, without the text, where it is none."""
    match = _WRITTEN.fullmatch(written.strip())
    with suppress(binascii.Error, ValueError):
        if match and len(key := base64.urlsafe_b64decode(match[1] + "=")) == KEY_BYTES:
            return key
    hint = f"a key begins with {PREFIX} and has 43 letters after it: `planmark key show --secret` prints it whole"
    raise PlanmarkError(Problem("PM707", "what stands there is not a signing key", Location(where), hint))


def written_key(key: bytes) -> str:
    """The key as it is written down and read again."""
    return PREFIX + base64.urlsafe_b64encode(key).decode().rstrip("=")


def keep_key(key: bytes) -> Path:
    """Add a key to the user's key file, which nobody else can read; one that is there already stays once."""
    path = key_file()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    text = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
    if written_key(key) not in text.split():
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(("\n" if text and not text.endswith("\n") else "") + written_key(key) + "\n")
            file.flush()
            os.fsync(file.fileno())
    return path


def new_key() -> bytes:
    """A signing key by chance."""
    return secrets.token_bytes(KEY_BYTES)
