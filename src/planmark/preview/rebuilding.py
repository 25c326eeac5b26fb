"""Builds after changes: one at a time, on a thread of its own, what somebody looks at first."""

from __future__ import annotations

import gc
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Condition, Thread

from planmark.build.build import Options, build
from planmark.build.closing import page_of
from planmark.build.making import FEW
from planmark.build.preview import Preview
from planmark.build.report import Report
from planmark.content.closing import closing
from planmark.content.layout import BUILD, CONTENT, LIBRARY, THEMES
from planmark.preview.picture import DEFECT, Picture
from planmark.preview.terminal import Say, clean, say_built
from planmark.problems import Location, PlanmarkError, Problem
from planmark.site.pdf import PDF_FILE

OUTPUT = f"{BUILD}/.planmark/preview"
"""The preview's own tree of sites, so that it never meets with what `planmark build` keeps."""
QUARTER_HOUR = 900
"""Wherever the workspace is, its day begins on a quarter of an hour."""
_OF_PAPER = ("PM610", "PM612", "PM613")
"""Why there is no PDF."""


@dataclass(frozen=True)
class _Work:
    """One build to come: of `deals`, or of all where none is named."""

    deals: frozenset[str]
    paths: tuple[str, ...]
    """The changes that led to it."""
    edition: int


class _OvertakenError(Exception):
    """A build of everything gives way to something that is waited for."""


class Rebuilding:
    """Takes changes in and gives pictures out. A change to one deal builds that deal; any other builds all.

    Where there are many deals, those that somebody looks at come first, and building the others gives way to whatever comes in:
    nothing is lost by it, for all of them are built again afterwards.
    """

    def __init__(self, root: Path, today: date | None, say: Say, preview: Callable[[], Preview | None] = lambda: None) -> None:
        """`preview` gives what was done in the preview so far."""
        self._root, self._today, self._say, self._preview = root, today, say, preview
        self._publish: Callable[[Picture], None] = lambda picture: None
        self._changed = Condition()
        self._thread = Thread(target=self._run, name="planmark-builds", daemon=True)
        self._stopping = False
        self._paths: list[str] = []
        self._due: set[str] = set()
        self._making: frozenset[str] = frozenset()
        self._sweep = False
        """All deals are to be built, sooner or later."""
        self._old = False
        """Every deal may be old, but for those in `_fresh`."""
        self._fresh: set[str] = set()
        self._edition = 0
        """Counts the changes that concern all deals."""
        self._wishes: set[str] = set()
        self._papers: dict[str, Future[bytes | None]] = {}
        """Deals whose plan on paper somebody waits for."""
        self._open: frozenset[str] = frozenset()
        self._continued: Mapping[str, str] = {}
        """The deals whose link another one has."""
        self.picture = Picture()

    def first(self) -> None:
        """Build everything, in this thread; many deals take worker processes, which other threads would endanger."""
        self._make(_Work(frozenset(), (), 0), workers=0)

    def start(self, publish: Callable[[Picture], None]) -> None:
        """Begin to build what changes. `publish` is called with each picture, on the thread that builds."""
        self._publish = publish
        self._thread.start()

    def stop(self, patience: float = 5.0) -> None:
        """Begin nothing more, and wait for what is being built."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        self._thread.join(patience)

    def touch(self, paths: Iterable[Path]) -> None:
        """Something changed in these places of the workspace."""
        with self._changed:
            for path in paths:
                parts = path.relative_to(self._root).parts
                deal = parts[1] if len(parts) > 1 and parts[0] == CONTENT else ""
                folder = self._root / CONTENT / deal
                if deal.startswith("_") and deal != LIBRARY:
                    continue
                if parts not in ((CONTENT,), (THEMES,)):  # that is only the news that watching begins
                    self._paths.append("/".join(parts))
                if deal in self.picture.deals and folder.is_dir() and not folder.is_symlink():
                    self._due.add(deal)
                else:
                    self._all_old()
            self._changed.notify()

    def acted(self, deal: str) -> None:
        """Somebody did something in the deal's previewed page."""
        with self._changed:
            self._paths.append(f"{deal}: an act in the preview")
            self._due.add(deal)
            self._changed.notify()

    def look_at(self, deals: frozenset[str]) -> None:
        """These deals are open in browsers."""
        with self._changed:
            self._open = deals
            self._changed.notify()

    def wish(self, deal: str) -> None:
        """Somebody waits for this deal."""
        with self._changed:
            self._wishes.add(deal)
            self._changed.notify()

    def is_fresh(self, deal: str) -> bool:
        """Whether all that is known to have changed is in the deal's site."""
        with self._changed:
            return deal not in self._due and deal not in self._making and not (self._old and deal not in self._fresh)

    def _all_old(self) -> None:
        self._sweep = self._old = True
        self._edition += 1
        self._fresh.clear()

    def make_pdf(self, deal: str) -> bytes | None:
        """Make the deal's plan on paper; None where it cannot be. Its bytes are given back: the next build takes the file away again."""
        with self._changed:
            if self._stopping:
                return None
            paper = self._papers.setdefault(deal, Future())
            self._changed.notify()
        return paper.result()

    def _print(self, deal: str) -> None:
        """Make it, and tell who waits. What is wrong with the plan stands over its page; why there is no PDF, in the terminal."""
        made = None
        try:
            report = build(self._root, Options(deals=(deal,), today=self._today, workers=1, output=OUTPUT, preview=self._preview()))
            for problem in report.problems:
                if problem.code in _OF_PAPER:
                    self._say(clean(f"{deal}: {problem}"))
            made = (self._root / OUTPUT / "sites" / self.picture.sites[deal] / PDF_FILE).read_bytes()
        except (PlanmarkError, OSError, KeyError):
            pass
        except Exception:  # the server survives anything
            traceback.print_exc(file=sys.stderr)
        with self._changed:
            self._papers.pop(deal).set_result(made)

    def close_plan(self, deal: str) -> bytes | None:
        """The deal's close plan as a page; None where the deal has errors, which stand over the page that is shown instead."""
        preview = self._preview()
        with suppress(PlanmarkError, OSError):
            found = closing(self._root, deal, self._today, preview.acts(deal) if preview else ())
            return page_of(found, self._root, self.picture.sites.get(deal, ""))
        return None

    def _run(self) -> None:
        self._warm()
        while (work := self._next()) is not None:
            if isinstance(work, str):
                self._print(work)
            else:
                self._make(work, workers=1)

    def _next(self) -> _Work | str | None:
        """What to build now, or the deal to print. Waits for it; None at the end."""
        with self._changed:
            while not self._stopping:
                many = len(self.picture.deals) > FEW
                first = self._due | (self._waited_for() if self._old and many else set())
                if self._papers and not first and (many or not self._sweep):
                    return next(iter(self._papers))
                if first or self._sweep:
                    deals = frozenset() if self._sweep and not many else frozenset(first)
                    if not deals:
                        self._sweep = False
                    self._making = frozenset(first)
                    self._due.clear()
                    paths, self._paths = tuple(dict.fromkeys(self._paths)), []
                    return _Work(deals, paths, self._edition)
                if not self._changed.wait(None if self._today else QUARTER_HOUR - time.time() % QUARTER_HOUR):
                    self._sweep = True
            for paper in self._papers.values():
                paper.set_result(None)
        return None

    def _waited_for(self) -> set[str]:
        return ((self._wishes | self._open) & self.picture.deals) - self._fresh

    def _make(self, work: _Work, workers: int) -> None:
        """Build, whatever comes of it, and publish the picture."""
        began = time.perf_counter()
        report = Report()
        gc.disable()  # a search for circles in the middle costs more than it finds
        try:
            deals, preview = tuple(sorted(work.deals)), self._preview()
            options = Options(deals=deals, today=self._today, workers=workers, output=OUTPUT, pdf="later", preview=preview)
            report = build(self._root, options, self._give_way if workers == 1 and not work.deals else lambda done, of, name: None)
            picture = self.picture.after(report, work.deals, self._root)
        except _OvertakenError:
            with self._changed:
                self._sweep = True
                self._put_back(work)
            return
        except PlanmarkError as error:
            if work.deals and any(problem.code == "PM604" for problem in error.problems):
                with self._changed:  # a deal was removed meanwhile
                    self._all_old()
                    self._put_back(work)
                return
            picture = self.picture.stopped(error.problems, work.deals, self._root)
        except Exception as error:  # the server survives anything: the next save may well mend it
            traceback.print_exc(file=sys.stderr)
            defect = Problem(
                DEFECT, f"a defect in planmark: {type(error).__name__}: {error}", Location(""), "the terminal shows where; please report it"
            )
            picture = self.picture.stopped([defect], work.deals, self._root)
        finally:
            gc.enable()
        with self._changed:
            self._settle(work, picture, report.continued)
        say_built(self._say, work.paths, work.deals, report, picture, time.perf_counter() - began)
        self._publish(picture)

    def _put_back(self, work: _Work) -> None:
        self._due |= self._making & self.picture.deals
        self._due = {name for name in self._due if (self._root / CONTENT / name).is_dir()}
        self._making = frozenset()
        self._paths[:0] = work.paths

    def _settle(self, work: _Work, picture: Picture, continued: Mapping[str, str]) -> None:
        """Remember what is fresh now, and whether all deals need another look."""
        self.picture = picture
        self._making = frozenset()
        if work.edition == self._edition:
            self._fresh |= work.deals
            self._old = self._old and bool(work.deals)
        self._wishes -= self._fresh if self._old else self._wishes
        if work.deals and picture.has_errors_beside(work.deals):
            self._sweep = True  # what was mended here may be what others waited for: a link that two shared, a theme
        if work.deals and continued != self._continued:
            self._sweep = True  # a plan has its link again that another continued
        self._continued = continued

    def _give_way(self, done: int, of: int, name: str) -> None:
        """Called after each deal of a build of everything."""
        del done, name
        with self._changed:
            if self._stopping or (of > FEW and (self._due or self._sweep or self._papers or (self._old and self._waited_for()))):
                raise _OvertakenError

    def _warm(self) -> None:
        """Make one deal in memory, so that the first save finds everything loaded, and loaded for good."""
        deal = next(iter(self.picture.sites), None)
        if deal:
            with suppress(Exception):  # whatever it is, the build that counts will say it
                build(
                    self._root, Options(deals=(deal,), today=self._today, workers=1, dry_run=True, output=f"{OUTPUT}/nothing", pdf="later")
                )
        gc.collect()
        gc.freeze()
