"""What is done in previewed pages: a receiver of the preview's own, and a file of acts that only the preview reads.

`content/` never gets an act from a preview. Everything here lies in `build/.planmark/preview/`, and `serve --reset` empties it.
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from threading import Event as Signal
from threading import Lock, Thread

from planmark.build.preview import Preview
from planmark.content.activity import ACTIVITY, append_events, read_activity
from planmark.content.addresses import deals_by_digest, deals_by_id
from planmark.content.inbox import keep_file
from planmark.content.secrets import team_keys
from planmark.endpoints.connected import Connected
from planmark.endpoints.judging import bench, judged
from planmark.endpoints.kinds import endpoint_of
from planmark.endpoints.own import register
from planmark.extensions import Record
from planmark.plan.events import Event, Upload
from planmark.plan.registration import registration
from planmark.plan.shared import shared
from planmark.plan.submissions import RefusedError
from planmark.plan.tokens import plan_key
from planmark.preview.rebuilding import OUTPUT
from planmark.preview.terminal import clean, say
from planmark.problems import Location, PlanmarkError

NEEDED = ("starlette", "uvicorn", "sqlalchemy", "python_multipart")
SOON, LATER = 0.15, 1.0
"""Seconds between two looks at what came: while a page is open, and while none is."""
READY = "Planmark receives at "


def why_no_acts() -> str:
    """Why the preview cannot take anything in; empty where it can."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    return 'forms in the preview need a few more libraries: pip install "planmark[receiver]"' if missing else ""


def reset(root: Path) -> None:
    """Forget everything that was ever done in the preview."""
    folder = root / OUTPUT
    for name in (ACTIVITY, "quarantine.jsonl"):
        with suppress(FileNotFoundError):
            (folder / name).unlink()
    for name in ("receiver", "received"):
        shutil.rmtree(folder / name, ignore_errors=True)


class Acts:
    """The preview's receiver, and what it took in. `acted` is called, on a thread of its own, with each deal that somebody acted in."""

    def __init__(self, root: Path, host: str, named: str, pages: str, origins: Iterable[str], acted: Callable[[str], None]) -> None:
        """`host` is listened at, `named` is how browsers call it, `pages` is the address of the previewed sites."""
        self.root, self.folder, self.acted = root, root / OUTPUT, acted
        self._held = _free_port(host, int(pages.split(":")[-1].partition("/")[0]) + 1)
        self.port = int(self._held.getsockname()[1])
        if sys.platform != "linux":  # elsewhere nobody could listen there as long as it is held
            self._held.close()
        self.settings = {"kind": "planmark", "url": f"http://{named}:{self.port}"}
        self.pages, self.host, self.origins = pages, host, tuple(origins)
        self.tokens = {"PLANMARK_ENDPOINT_TOKEN": secrets.token_urlsafe(32), "PLANMARK_REGISTER_TOKEN": secrets.token_urlsafe(32)}
        self.there = Connected(endpoint_of(self.settings, Location("serve")), self.settings, secret=self.tokens.__getitem__)
        self.looked_at = False
        self._lock = Lock()
        self._by_deal = self._read()
        self._registered: dict[str, bytes] = {}
        self._ended = Signal()
        self._ready = Signal()
        self._process: subprocess.Popen[str] | None = None
        self._threads = [Thread(target=run, name="planmark-acts", daemon=True) for run in (self._listen, self._look)]

    @property
    def preview(self) -> Preview:
        """What a build needs to know of it, as it stands now."""
        with self._lock:
            return Preview(self.settings, self.pages, dict(self._by_deal))

    def start(self) -> None:
        """Start the receiver. Returns at once."""
        environ = {
            **os.environ,
            "PLANMARK_RECEIVER_READ_TOKEN": self.tokens["PLANMARK_ENDPOINT_TOKEN"],
            "PLANMARK_RECEIVER_REGISTER_TOKEN": self.tokens["PLANMARK_REGISTER_TOKEN"],
            "PLANMARK_RECEIVER_PER_ADDRESS": "100000",
            "PLANMARK_RECEIVER_PER_PLAN": "100000",
        }
        data = self.folder / "receiver"
        command = [sys.executable, "-m", "planmark", "receive", "--host", self.host, "--port", str(self.port), "--data", str(data)]
        command += [part for origin in self.origins for part in ("--origin", origin)]
        self._process = subprocess.Popen(  # noqa: S603  (this program itself)
            command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
        )

    def look(self) -> None:
        """Begin to look at what comes, on threads: from now on this process starts no other by forking."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End the receiver, and look no more."""
        self._ended.set()
        self._ready.set()  # whoever waits for that learns that it has ended
        self._held.close()
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(5)
        assert self._process.stdout
        self._process.stdout.close()

    def open(self, deal: str) -> None:
        """Somebody opens the deal's pages: the receiver must know what may be done there."""
        if not self._ready.wait(10) or self._ended.is_set():
            return
        with suppress(PlanmarkError):  # a deal with errors takes nothing; the page says what is wrong with it
            self._register(deal)

    def built(self, deals: Iterable[str]) -> None:
        """These deals were built anew: what may be done in those that were opened may have changed."""
        for deal in deals:
            if deal in self._registered:
                self.open(deal)

    def _register(self, name: str) -> None:
        from planmark.content.acting import load_one

        deal = load_one(self.root, name)
        plan = shared(deal.plan)
        address = replace(deal.address, hidden=False)  # a protected plan lies open in its preview
        document = registration(plan, deal.acts, address, self._keys(deal.workspace.key), deal.seller.name, {})
        if self._registered.get(name) != document:
            register(self.settings, self.there.secret, self.there.fetch, deal.address.digest, document)
            self._registered[name] = document

    def _keys(self, wanted: tuple[str, ...]) -> Mapping[str, bytes]:
        """The team's keys, where this machine has them: with them personal links work in the preview, too."""
        with suppress(PlanmarkError):
            return team_keys(wanted).keys
        return {}

    def _listen(self) -> None:
        """Wait for the receiver's word that it answers, and read on so that it never waits for us. Where it ends, the terminal says why."""
        assert self._process
        assert self._process.stdout
        last = ""
        for line in self._process.stdout:
            if line.startswith(READY):
                self._held.close()
                self._ready.set()
            last = clean(line.strip()) or last
        if not self._ended.is_set():
            say(f"what is done in the pages is not taken in: the preview's receiver has ended. {last}")
            self._ended.set()
            self._ready.set()

    def _look(self) -> None:
        """Take in what comes, time and again."""
        cursor = ""
        self._ready.wait()
        while not self._ended.wait(SOON if self.looked_at else LATER):
            with suppress(PlanmarkError):  # it is starting, or ending
                for answer in self.there.answers(cursor):
                    cursor = answer.cursor
                    if answer.records:
                        self._take(answer.records)

    def _take(self, records: Iterable[Record]) -> None:
        from planmark.content.acting import load_one

        deals = deals_by_digest(self.root)
        by_deal: dict[str, list[Record]] = {}
        for record in records:
            name = deals.get(record.fields.get("pm_plan", ""))
            if name:
                by_deal.setdefault(name, []).append(record)
        for name, mine in by_deal.items():
            try:
                deal = load_one(self.root, name)
            except PlanmarkError:  # it was acted in before it broke; the act is in the receiver, and `serve` will ask again when it starts
                continue
            key = deal.address.digest
            keys = {mark: plan_key(one, key) for mark, one in self._keys(deal.workspace.key).items()}
            here = bench(shared(deal.plan), key, keys)
            events = [found for record in mine if isinstance(found := judged("preview", record, here, self._keep), Event)]
            self._add(name, events)

    def _add(self, name: str, events: list[Event]) -> None:
        with self._lock:
            known = {event.id for event in self._by_deal.get(name, ())}
            fresh = [event for event in events if event.id not in known]
            append_events(self.folder, fresh)
            self._by_deal[name] = [*self._by_deal.get(name, ()), *fresh]
        if fresh:
            self.acted(name)

    def _keep(self, record: Record) -> Upload:
        if not record.files:
            raise RefusedError("no-file", "no file came with it")
        data = self.there.file(record.files[0])
        return Upload(record.files[0].name, keep_file(self.folder / "received", data, ""), len(data))

    def _read(self) -> dict[str, list[Event]]:
        names = [ACTIVITY] if (self.folder / ACTIVITY).is_file() else []
        deals = deals_by_id(self.root)
        found: dict[str, list[Event]] = {}
        for event in read_activity(self.folder, names, OUTPUT, []).events:
            if event.plan in deals:
                found.setdefault(deals[event.plan], []).append(event)
        return found


def _free_port(host: str, wanted: int) -> socket.socket:
    """A free port: the wanted one, so that pages lead to the same place tomorrow, else any.

    It is held: until the receiver listens there, the system gives it to nobody who takes any port, as every connection does.
    """
    held = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        held.bind((host.strip("[]"), wanted if wanted < 65_536 else 0))
    except OSError:
        held.bind((host.strip("[]"), 0))
    return held
