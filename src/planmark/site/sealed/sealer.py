"""A protected deal's site: its files are sealed before anything is written, and a page that asks for the passphrase stands in front."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from planmark.content.access.opening import plan_key, plan_place, require_access
from planmark.content.access.slots import filled_up
from planmark.content.kinds import media_type
from planmark.content.starting import new_share_key
from planmark.problems import PlanmarkError, Problem
from planmark.site.pdf import PDF_FILE
from planmark.site.sealed.lock import lock_page
from planmark.site.sealed.manifest import MANIFEST, Lock, manifest_text
from planmark.site.sealed.objects import Sealed, Sealing

if TYPE_CHECKING:
    from jinja2 import Environment

    from planmark.content.deal import Deal
    from planmark.site.forms import Forms
    from planmark.site.pages import Output
    from planmark.site.theme import Theme

Take = Callable[[str, bytes], None]
"""`(path, data)`: takes one file of the site to the staging folder."""
MARK, _PAPER, _PICTURES = "sealed", "sealed_paper", "sealed_pictures"
"""What is remembered of a protected deal, by its name in the record's summary."""


class Sealer:
    """Seals the files of one deal as they come, and makes the lock in front of them."""

    def __init__(self, deal: Deal, take: Take, noted: Mapping[str, str]) -> None:
        """`noted` is what was remembered of the deal's last build. PlanmarkError where there is no key, or nobody has access."""
        if not deal.address.share_key[:1].isalnum():  # some hosts hide folders that begin with a sign
            text = "a protected plan needs a share key that begins with a letter or a digit, for that is all of its address"
            hint = f"write this into it: share_key: {new_share_key()}"
            raise PlanmarkError(Problem("PM802", text, plan_place(deal), hint))
        self.deal, self.take, self.access, self.key = deal, take, require_access(deal), plan_key(deal)
        self.sealing = Sealing(self.key)
        mark = self.key.mark(self.access.epoch)
        self.noted = noted if noted.get(MARK) == mark else {}
        self.files: list[tuple[Sealed, str]] = []
        self.needs: dict[str, list[str]] = {}
        self.notes = {MARK: mark}
        """What is to be remembered of the deal."""

    def put(self, output: Output, data: bytes) -> None:
        """Seal a file; what is the same for every plan goes out as it is."""
        if output.public:
            self.take(output.path, data)
            return
        for directive, sources in output.needs.items():
            self.needs[directive] = list(dict.fromkeys([*self.needs.get(directive, ()), *sources]))
        try:
            sealed = self.sealing.seal(output.path, data)
        except ValueError as error:
            hint = "make it smaller, or link to where it lies"
            raise PlanmarkError(Problem("PM808", f"`{output.path}` cannot be encrypted: {error}", plan_place(self.deal), hint)) from None
        self.take(sealed.name, sealed.data)
        if output.making or output.draw:
            self.notes[_PICTURES] = "\n".join(filter(None, (self.notes.get(_PICTURES), output.path)))
        self.note(output, sealed)

    def paper(self) -> Sealed | None:
        """The PDF as it was sealed in the last build, without its bytes; None where that was under another key."""
        written, _, size = self.noted.get(_PAPER, "").partition(" ")
        digest = bytes.fromhex(written)
        return Sealed(PDF_FILE, self.sealing.name(PDF_FILE, digest), digest, int(size), b"") if digest else None

    def note(self, output: Output, sealed: Sealed) -> None:
        """Take a file that is sealed into the manifest."""
        self.files.append((replace(sealed, data=b""), media_type(output.path)))
        if output.paper:
            self.notes[_PAPER] = f"{sealed.digest.hex()} {sealed.size}"

    def close(self, day: str, theme: Theme, env: Environment, forms: Forms | None) -> None:
        """Seal the manifest, and put the lock in front. `theme` is the team's, never the deal's: that one may be the buyer's own."""
        manifest = self.sealing.seal(MANIFEST, manifest_text(day, self.files))
        self.take(manifest.name, manifest.data)
        access, brand = self.access, self.deal.workspace.brand
        lock = Lock(access.plan, access.salt, access.iterations, manifest.name, filled_up(access.slots, self.key))
        for path, data in lock_page(theme, env, lock, self.needs, forms, brand.accent if brand else None).items():
            self.take(path, data)
