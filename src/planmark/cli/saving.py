"""Writing the one file that a command makes."""

from __future__ import annotations

from pathlib import Path


def save(path: Path, data: bytes) -> None:
    """Write a file whole: whoever looks meets the one before or the new one."""
    half = path.with_name(f".{path.name}.part")
    half.write_bytes(data)
    half.replace(path)
