"""Folders as digests: what a deal is made from, and whether any of it has changed. Opens nothing that hasn't."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

RACY_NS = 2_000_000_000
"""A file changed so shortly before it was looked at may have been changed again within its clock's tick; its digest is not trusted."""


class Stamp(NamedTuple):
    """A file's digest, and what `stat` said when it was made. `digest` is `link`, `odd` or `unreadable` where there is none."""

    digest: str
    size: int = 0
    mtime_ns: int = 0
    ctime_ns: int = 0
    inode: int = 0


Tree = Mapping[str, Stamp]
"""Files below a folder by their path in it, with `/`."""

NO_CONTENT = ("link", "odd", "unreadable")


def digest_bytes(data: bytes) -> str:
    """The digest that names contents everywhere: BLAKE2b, 128 bits, hexadecimal."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def scan(root: str | Path, known: Tree | None = None, trusted_before_ns: int = 0, follow_root: bool = False) -> dict[str, Stamp]:
    """Every file below `root`, dotfiles aside, with its digest. Links are noted and not followed. Empty where there is no folder.

    A root that is itself a link is `.` alone, unless `follow_root`.
    A file whose size, times and inode are those of `known` is not read again, unless it changed after `trusted_before_ns`.
    """
    found: dict[str, Stamp] = {}
    known = known or {}
    if not follow_root and Path(root).is_symlink():
        return {".": Stamp("link")}
    pending = [("", str(root))]
    while pending:
        prefix, folder = pending.pop()
        try:
            entries = list(os.scandir(folder))
        except FileNotFoundError:
            continue
        except NotADirectoryError:
            continue
        except OSError:
            found[prefix.rstrip("/") or "."] = Stamp("unreadable")
            continue
        for entry in entries:
            name = entry.name
            if name.startswith("."):
                continue
            path = prefix + name
            if entry.is_symlink():
                found[path] = Stamp("link")
            elif entry.is_dir(follow_symlinks=False):
                pending.append((path + "/", entry.path))
            else:
                found[path] = _stamp(entry.path, known.get(path), trusted_before_ns)
    return found


def scan_file(path: str | Path, known: Tree | None = None, trusted_before_ns: int = 0) -> dict[str, Stamp]:
    """One file as a tree of its own, under its name; empty where there is none."""
    target = Path(path)
    if target.is_symlink():
        return {target.name: Stamp("link")}
    if not target.exists():
        return {}
    return {target.name: _stamp(str(target), (known or {}).get(target.name), trusted_before_ns)}


def _stamp(path: str, before: Stamp | None, trusted_before_ns: int) -> Stamp:
    try:
        said = os.stat(path, follow_symlinks=False)  # noqa: PTH116  (as below)
        if not stat.S_ISREG(said.st_mode):
            return Stamp("odd")
        if (
            before is not None
            and before.ctime_ns == said.st_ctime_ns
            and before.mtime_ns == said.st_mtime_ns
            and before.size == said.st_size
            and before.inode == said.st_ino
            and max(said.st_ctime_ns, said.st_mtime_ns) < trusted_before_ns
            and before.digest not in NO_CONTENT
        ):
            return before
        with open(path, "rb") as file:  # noqa: PTH123  (a path here is text: thousands are looked at)
            digest = hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
    except OSError:
        return Stamp("unreadable")
    return Stamp(digest, said.st_size, said.st_mtime_ns, said.st_ctime_ns, said.st_ino)


def tree_digest(tree: Tree) -> str:
    """One digest for the names and contents of a tree."""
    return digest_bytes("\n".join(f"{path}\0{tree[path][0]}" for path in sorted(tree)).encode("utf-8", "surrogateescape"))
