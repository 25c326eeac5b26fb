"""What a page loads, as `data:` addresses; what is too large for that stays where it is."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from planmark.content.kinds import media_type

LARGEST = 5_000_000
"""Bytes of one file that still goes along. Larger ones (recordings, mostly) would make a file that no mail carries."""
_URL = re.compile(r"url\((\"[^\"]*\"|'[^']*'|[^)\"']*)\)")
_DIGEST = re.compile(r"\.[0-9a-f]{10}(?=[.-]|$)")


class Loads:
    """The files of a site by path, each as an address that needs no network. `left_out` are those that were asked for and too large."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self.left_out: dict[str, int] = {}

    def data(self, path: str) -> str | None:
        """The address of a file; None for one that is too large, or not there."""
        if path not in self.files:
            return None
        data = self.files[path]
        if len(data) > LARGEST:
            self.left_out[path] = len(data)
            return None
        kind = media_type(path).replace(" ", "")
        return f"data:{kind};base64,{base64.b64encode(data).decode()}"

    def sheet(self, path: str) -> str:
        """A style sheet with all that it loads."""
        folder = PurePosixPath(path).parent

        def inline(found: re.Match[str]) -> str:
            address = self.data(str(folder / found[1].strip("\"'")))
            return f'url("{address}")' if address else found[0]

        return _URL.sub(inline, self.files[path].decode()).replace("\r\n", "\n")


def saved_as(path: str) -> str:
    """What a file is called when somebody saves it: its name without the digest."""
    return _DIGEST.sub("", PurePosixPath(path).name, count=1)
