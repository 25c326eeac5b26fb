"""Manifests: what is remembered of a version that is out, kept at the target beside its files, as JSON.

Others may write there, too, and what a manifest names is read and linked by its path: so no name in it leads out of its version's folder.
"""

from __future__ import annotations

import json
import re
from datetime import datetime

from planmark.extensions.targets import Published, SiteFile

FORMAT = 1
_SITE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_VERSION = re.compile(r"[0-9]{8}T[0-9]{6}\.[0-9]{3}Z")
_PATH = re.compile(r"(?:[^/\\\0]+/)*[^/\\\0]+")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_LAST = 9998
"""The last year of a version: one must be able to come after it."""


def manifest_json(published: Published) -> bytes:
    """The manifest as it is written. `read_manifest` gives back the same."""
    data = {
        "format": FORMAT,
        "tool": published.tool,
        "deal": published.deal,
        "owner": published.owner,
        "site": published.site,
        "version": published.version,
        "day": published.day,
        "built": published.built,
        "draft": published.draft,
        "again": published.again,
        "gone": published.gone,
        "sealed": published.sealed,
        "files": {file.path: _data(file) for file in published.files},
        "kept": {file.path: _data(file) for file in published.kept},
    }
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def read_manifest(data: bytes) -> Published | None:
    """The version that a manifest tells of; None where it is none that this version of Planmark can read."""
    try:
        found = json.loads(data)
        if found["format"] != FORMAT or not (_SITE.fullmatch(found["site"]) and _is_version(found["version"])):
            return None
        read = Published(
            site=str(found["site"]),
            version=str(found["version"]),
            deal=str(found["deal"]),
            owner=str(found["owner"]),
            day=str(found["day"]),
            tool=str(found["tool"]),
            built=str(found["built"]),
            draft=bool(found["draft"]),
            again=str(found["again"]),
            gone=bool(found["gone"]),
            sealed=str(found.get("sealed", "")),
            files=tuple(_file(path, one) for path, one in found["files"].items()),
            kept=tuple(_file(path, one) for path, one in found["kept"].items()),
        )
        if b"\\u" in data:
            manifest_json(read)  # half of a pair of surrogates could be read, and never be written again
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return read


def _is_version(text: str) -> bool:
    """Whether a version could be called so: by a moment that there is. ValueError where there is none."""
    return bool(_VERSION.fullmatch(text)) and datetime.strptime(text, "%Y%m%dT%H%M%S.%fZ").year <= _LAST


def _data(file: SiteFile) -> dict[str, object]:
    return {"sha256": file.sha256, "size": file.size, "type": file.media_type, "cache": file.cache}


def _file(path: str, data: dict[str, object]) -> SiteFile:
    if not _PATH.fullmatch(path) or not {".", ".."}.isdisjoint(path.split("/")):
        raise ValueError("a path that leads elsewhere")
    file = SiteFile(
        path=path, sha256=str(data["sha256"]), size=int(str(data["size"])), media_type=str(data["type"]), cache=str(data["cache"])
    )
    if not _SHA256.fullmatch(file.sha256) or file.size < 0 or not (file.media_type + file.cache).isprintable():
        raise ValueError("what no file has")
    return file
