"""What changes in a workspace's files, told as it happens."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from threading import Event, Lock, Thread

from watchfiles import watch

from planmark.content.layout import CONTENT, THEMES, WORKSPACE_FILE

FOLDERS = (CONTENT, THEMES)
QUIET_MS = 10
"""A burst of saves is one change once nothing has followed for so long."""
QUIET_ROOT_MS = 40
"""The same for planmark.yaml, which is rarely saved."""
LONGEST_MS = 60
"""A burst is told after so long, whether or not it goes on."""
ANSWER_MS = 400
"""How long it takes at most to notice that watching shall end."""

Tell = Callable[[Iterable[Path]], None]
Say = Callable[[str], None]


class Watching:
    """Watches planmark.yaml, `content/` and `themes/`, and folders, never single files: editors put a new file in the old one's place.

    The root itself is watched without what lies in it, so that `build/`, `.git/` or `node_modules/` cost nothing. `content/` and
    `themes/` may come and go. Nothing is lost between two watches: each begins with the news that its folders may have changed.
    """

    def __init__(self, root: Path, tell: Tell, *, poll: bool, say: Say) -> None:
        self._root, self._tell, self._poll, self._say = root, tell, poll, say
        self._polls = Lock()
        self._stop = Event()
        self._again = Event()
        """The set of folders is another one."""
        self._threads = [Thread(target=run, name="planmark-watches", daemon=True) for run in (self._watch_root, self._watch_folders)]

    def start(self) -> None:
        """Begin; whatever has changed since the last build is told, too."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End; returns when nothing more will be told."""
        self._stop.set()
        self._again.set()
        for thread in self._threads:
            thread.join(5)

    def _watch_root(self) -> None:
        wanted = {self._root / name for name in (WORKSPACE_FILE, *FOLDERS)}
        while not self._stop.is_set():
            for paths in self._changes([self._root], self._stop, recursive=False):
                found = paths & wanted
                if any(path.name in FOLDERS for path in found):
                    self._again.set()
                if found:
                    self._tell(found)

    def _watch_folders(self) -> None:
        while not self._stop.is_set():
            self._again.clear()
            folders = [self._root / name for name in FOLDERS if (self._root / name).is_dir()]
            if self._stop.is_set():  # set before the line above cleared its sign
                return
            if not folders:
                self._again.wait()
            first = True
            for paths in self._changes(folders, self._again, recursive=True) if folders else ():
                found = {path for path in paths if not _hidden(path.relative_to(self._root))}
                if first:
                    found.update(folders)
                    first = False
                if found:
                    self._tell(found)

    def _changes(self, folders: list[Path], stop: Event, *, recursive: bool) -> Iterator[set[Path]]:
        """The places that changed, time and again until `stop`; an empty set when nothing did. Ends, too, where a folder has gone."""
        try:
            for changes in watch(
                *folders,
                watch_filter=None,
                debounce=LONGEST_MS,
                step=QUIET_MS if recursive else QUIET_ROOT_MS,
                stop_event=stop,
                rust_timeout=ANSWER_MS,
                yield_on_timeout=True,
                raise_interrupt=False,
                force_polling=self._poll or None,
                recursive=recursive,
                ignore_permission_denied=True,
            ):
                yield {Path(path) for _, path in changes}
        except FileNotFoundError:
            stop.wait(0.2)
        except (OSError, RuntimeError) as error:
            with self._polls:  # both threads find out at once, and one says it
                found_out, self._poll = not self._poll, True
            if found_out:
                self._say(f"The system cannot watch these folders, so they are looked at from time to time instead: {error}")
            stop.wait(1)


def _hidden(path: Path) -> bool:
    """Whether a build would not look at it: editors keep their own files under such names."""
    return any(part.startswith(".") for part in path.parts)
