"""A site that lies open becomes a protected one: every file sealed, behind the page that asks for the passphrase."""

from __future__ import annotations

import html
import os
import random
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatch
from pathlib import Path

from tests.looking.states import CHECKOUT, State, build
from tests.page.conftest import PLAN, WORKSPACE
from tests.page.fake import Receiver
from tests.publish.published import serving

from planmark.content.access.keys import PlanKey
from planmark.content.access.slots import filled_up, in_link, of_link, of_passphrase, wrapped
from planmark.content.kinds import media_type
from planmark.plan import tokens
from planmark.plan.headers import FRESH, HEADERS
from planmark.problems import Location
from planmark.shipped import THEMES
from planmark.site.environment import environment
from planmark.site.pdf import PDF_FILE
from planmark.site.sealed.lock import lock_page
from planmark.site.sealed.manifest import MANIFEST, Lock, manifest_text
from planmark.site.sealed.objects import Sealed, Sealing
from planmark.site.theme import load_theme

PASSPHRASE = "h7kq-2mfp-x9ta-c4wn"
LINK = bytes(range(16))
SALT = bytes(range(16, 32))
ITERATIONS = 1_000_000
KEY = PlanKey("0123456789abcdef0123456789abcdef", bytes(range(32, 64)))
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')
_PUBLIC = re.compile(r"assets/[\w.-]+\.js")


@dataclass(frozen=True)
class Protected:
    """What became of a site: the objects by the path that each was sealed under, and the paths of all public files."""

    objects: Mapping[str, Sealed]
    public: frozenset[str]
    link: str = f"k={in_link(LINK)}"


def protect(
    site: Path,
    to: Path,
    theme: str = "default",
    locale: str = "en-GB",
    workspace: Path = Path(),
    passphrase: str = PASSPHRASE,
    iterations: int = ITERATIONS,
    more: Mapping[str, bytes] | None = None,
    key: PlanKey = KEY,
) -> Protected:
    """Seal the files of a site, with `more` of them, into a folder."""
    files = {path.relative_to(site).as_posix(): path.read_bytes() for path in sorted(site.rglob("*")) if path.is_file()} | dict(more or {})
    public = {path: data for path, data in files.items() if _PUBLIC.fullmatch(path)}
    sealing = Sealing(key)
    objects = {path: sealing.seal(path, data) for path, data in files.items() if path not in public}
    text = manifest_text("2026-11-22", [(one, media_type(path)) for path, one in objects.items()])
    objects[MANIFEST] = sealing.seal(MANIFEST, text)
    slots = filled_up([wrapped(key, of_passphrase(passphrase, SALT, iterations)), wrapped(key, of_link(LINK))], key)
    lock = Lock(key.plan, SALT, iterations, objects[MANIFEST].name, slots)
    looks = load_theme(workspace, theme, Location("planmark.yaml"))
    public |= lock_page(looks, environment(looks, locale), lock, _needs(files))
    for path, data in {**public, **{one.name: one.data for one in objects.values()}}.items():
        put(to / path, data)
    return Protected(objects, frozenset(public))


def put(path: Path, data: bytes) -> None:
    """A file in place of the one that is there, which others may share."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_bytes(data)


def _needs(files: Mapping[str, bytes]) -> dict[str, list[str]]:
    """What all pages load together, as their own policies say it."""
    found: dict[str, list[str]] = {}
    for path, data in files.items():
        if path.endswith(".html") and (policy := _POLICY.search(data.decode())):
            for part in html.unescape(policy[1]).split("; "):
                name, *sources = part.split(" ")
                if name not in ("default-src", "base-uri", "require-trusted-types-for") and sources != ["'none'"]:
                    found.setdefault(name, []).extend(sources)
    return found


TWO_PAGES = """\
pages:
  - {title: Plan, sections: [next_steps, plan, resources]}
  - {title: Who and how, sections: [people, risks, sign_off]}
"""
RESOURCES = """\
resources:
  - {id: film, title: A Monday, kind: video, file: files/monday.mp4, poster: files/monday.jpg, captions: files/monday.vtt}
  - {id: board, title: The board, file: files/board.jpg, alt: The board in week 41}
  - {id: terms, title: The terms, file: files/terms.pdf}
"""
FILES = CHECKOUT / "content"


def workspace_files() -> dict[str, str | bytes]:
    """A plan of two pages with a brand's font, logos, a film, pictures and documents, in which everything can be done."""
    example, library = FILES / "northwind" / "files", FILES / "_library" / "files"
    plan = PLAN[: PLAN.index("resources:")] + RESOURCES + PLAN[PLAN.index("sign_off:") :] + TWO_PAGES
    brand = "brand: {font: files/letters.ttf, logo: {light: files/logo.svg, dark: files/logo-dark.svg}}\n"
    files = {
        "letters.ttf": THEMES / "default" / "fonts" / "serif-regular.ttf",
        "logo.svg": example / "northwind.svg",
        "logo-dark.svg": example / "northwind-dark.svg",
        "monday.mp4": library / "board-basics.mp4",
        "monday.jpg": library / "board-basics.jpg",
        "monday.vtt": library / "board-basics.vtt",
        "board.jpg": example / "board-week-41.jpg",
        "terms.pdf": example / "confidentiality-agreement.pdf",
    }
    return {
        "planmark.yaml": WORKSPACE,
        "content/acme/plan.yaml": plan + brand,
        **{f"content/acme/files/{name}": path.read_bytes() for name, path in files.items()},
    }


@dataclass
class Locked:
    """A protected plan on a host with the headers that hosts are told, beside the same plan as it would lie open, and its receiver."""

    root: Path
    origin: str
    receiver: Receiver
    open: Path
    sealed: Protected

    @property
    def url(self) -> str:
        """The address of the protected plan."""
        return f"{self.origin}/plan/"

    @property
    def link(self) -> str:
        """The same with the key."""
        return f"{self.url}#{self.sealed.link}"

    @property
    def open_url(self) -> str:
        """The address of the open plan."""
        return f"{self.origin}/{self.open.relative_to(self.root).as_posix()}/"

    def copy(self, name: str) -> tuple[Path, str]:
        """The protected plan once more, to be meddled with: its folder and its link."""
        shutil.rmtree(self.root / name, ignore_errors=True)
        return shutil.copytree(self.root / "plan", self.root / name, copy_function=os.link), f"{self.origin}/{name}/#{self.sealed.link}"

    def name(self, path: str) -> str:
        """The name of the object that a file of that path was sealed as; of a path with `*`, the only one that fits."""
        return next(one.name for own, one in self.sealed.objects.items() if fnmatch(own, path))

    def token(self, person: str) -> str:
        """The token of a person's link."""
        found = re.search(r'"plan":"([0-9a-f]+)"', self.data("index.html").decode())
        assert found
        return tokens.made(b"k" * 32, found[1], person, 1, date(2099, 1, 1))

    def data(self, path: str) -> bytes:
        """What was sealed under a path, as it would lie open."""
        return (self.open / path).read_bytes()


BIG = random.Random(4).randbytes(20_000_000)
"""A PDF that nobody mails."""


@contextmanager
def locked_site(folder: Path) -> Iterator[Locked]:
    """Build it, seal it, and show it."""
    receiver = Receiver()
    try:
        with serving(folder, {**HEADERS, "Cache-Control": FRESH}) as origin:
            state = State("acme", workspace_files(), forms=True)
            site = build(state, "default", folder.parent / "scratch", folder / "open", receiver.origin, f"{origin}/plan/")
            (site / PDF_FILE).write_bytes(BIG)
            yield Locked(folder, origin, receiver, site, protect(site, folder / "plan"))
    finally:
        receiver.stop()
