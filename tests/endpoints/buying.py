"""A deal whose built site lies on a host of its own, the service that its forms lead to."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from tests.cli.running import planmark
from tests.conftest import write
from tests.endpoints.coming import KEY
from tests.endpoints.fakes.netlify import Netlify
from tests.endpoints.fakes.serving import Asked, Fake, Said
from tests.page.conftest import PATIENCE
from tests.page.fake import Host
from tests.ports import free_port
from tests.receiver.running import READ, REGISTER, Receiving

from planmark.build.build import Options, build
from planmark.content.acting import load_one
from planmark.content.activity import read_activity
from planmark.content.secrets import written_key
from planmark.content.team import workspace_of
from planmark.endpoints.connected import pull
from planmark.endpoints.pull import Pulled
from planmark.plan.events import Event
from planmark.plan.links import personal_links
from planmark.plan.shared import shared
from planmark.plan.tokens import fingerprint

TODAY = date(2026, 11, 9)
SITE = "acme-k00m9x4c3hq5d8rj6p1t0bn2v"
WORKSPACE = f"""\
seller: {{name: Lumen}}
people: [{{id: dana, name: Dana Whitfield, email: dana@lumen.example}}]
contact: dana
key: "{fingerprint(KEY)}"
"""
PLAN = """\
account: Acme
title: Rollout
target: 2099-01-29
share_key: k00m9x4c3hq5d8rj6p1t0bn2v
people: [{id: maria, name: Maria Lindqvist}, {id: jo, name: Jo}]
stages:
  - title: Start
    tasks:
      - {id: nda, title: Sign the agreement, owner: maria, due: 2098-11-20, buyer_can: [upload]}
      - {id: trial, title: Try it, owner: maria, due: 2098-12-20}
"""
SECRETS = {"PLANMARK_KEY": written_key(KEY), "PLANMARK_REGISTER_TOKEN": REGISTER}


class Likeness:
    """A likeness of a service. It can be told to answer late, or to refuse what is sent to it."""

    def __init__(self, fake: Fake) -> None:
        self.fake, self.token, self.url = fake, fake.token, fake.url
        self.go = threading.Event()
        self.go.set()
        self.refusal: Said | None = None
        self.lost = 0
        """So many answers are lost, though the service took what it was sent."""
        self.reply = fake.reply
        fake.reply = self.answer  # type: ignore[method-assign]

    def answer(self, asked: Asked) -> Said:
        """What the service says, later, or something else."""
        if asked.method != "POST":
            return self.reply(asked)
        said = self.refusal or self.reply(asked)
        if self.lost:
            self.lost -= 1
            said = Said(502)
        assert self.go.wait(PATIENCE / 1000)
        return said

    def settings(self) -> dict[str, str]:
        """The endpoint's block in planmark.yaml."""
        return self.fake.settings()

    def published(self, root: Path) -> None:
        """What there is to do once the site is built."""
        if isinstance(self.fake, Netlify):
            sites = root / "build/sites"
            self.fake.deploy({f"/{one.relative_to(sites).as_posix()}": one.read_bytes() for one in sites.rglob("*") if one.is_file()})

    def hold(self) -> None:
        """Take what is sent, and do not answer yet."""
        self.go.clear()

    def refuse(self, status: int) -> None:
        """Take nothing any more."""
        self.refusal = Said(status, b"{}", {"Content-Type": "application/json"})

    def resume(self) -> None:
        """All is well again."""
        self.refusal = None
        self.go.set()

    def export(self, root: Path, kind: str) -> bytes:
        """What its export writes."""
        return self.fake.export_csv() if kind == "csv" else self.fake.export_json()

    def end(self) -> None:
        """Let nobody wait."""
        self.go.set()


class Own:
    """Our own receiver, the real one. Answering late is a process that stands still; refusing is one that is not there."""

    def __init__(self, data: Path, origin: str) -> None:
        self.data, self.origin, self.token = data, origin, READ
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.there: Receiving | None = None
        self.still = False
        self.resume()

    def settings(self) -> dict[str, str]:
        """The endpoint's block in planmark.yaml."""
        return {"kind": "planmark", "url": self.url}

    def published(self, root: Path) -> None:
        """The plan is made known."""
        assert planmark(root, "receiver", "register").code == 0

    def hold(self) -> None:
        """Stand still."""
        assert self.there
        self.there.process.send_signal(signal.SIGSTOP)
        self.still = True

    def refuse(self, status: int) -> None:
        """Be away, whatever the status: nobody answers."""
        self.end()

    def resume(self) -> None:
        """All is well again, with what was there before."""
        if self.still and self.there:
            self.there.process.send_signal(signal.SIGCONT)
            self.still = False
            return
        self.end()
        self.start()

    def start(self, **changes: str) -> None:
        """Begin, at the same address."""
        self.there = Receiving(self.data, "", "--origin", self.origin, "--port", str(self.port), **changes)

    def export(self, root: Path, kind: str) -> bytes:
        """What `planmark receiver export` prints."""
        said = planmark(root, "receiver", "export", *(["--csv"] if kind == "csv" else []))
        assert said.code == 0, said.all
        return said.out.encode()

    def end(self) -> None:
        """Be gone."""
        if self.there:
            if self.still:
                self.there.process.send_signal(signal.SIGCONT)
            self.there.stop()
        self.there, self.still = None, False


@dataclass
class Place:
    """A workspace with one deal, built, on its host. `origins` are all that its pages may speak to."""

    root: Path
    service: Likeness | Own
    host: str
    copies: Iterator[int] = field(default_factory=lambda: iter(range(99)))

    @property
    def kind(self) -> str:
        """The endpoint's kind."""
        return self.service.settings()["kind"]

    @property
    def fake(self) -> Fake:
        """The likeness."""
        assert isinstance(self.service, Likeness)
        return self.service.fake

    @property
    def url(self) -> str:
        """The plan's address."""
        return f"{self.host}/{SITE}/"

    @property
    def origins(self) -> set[str]:
        """The site and the endpoint."""
        return {self.host, self.service.url}

    def link(self, person: str = "maria") -> str:
        """A personal link, as `planmark links` prints it."""
        deal = load_one(self.root, "acme")
        links = personal_links(shared(deal.plan), deal.address.digest, KEY, TODAY)
        return self.url + next(one.fragment for one in links if one.person == person)

    def make(self, **changes: str) -> None:
        """Write the workspace, with changes to the endpoint's settings, build it and put it on its host."""
        lines = [f"  {name}: {value}" for name, value in {**self.service.settings(), **changes}.items()]
        publish = f"publish: {{live: {{kind: directory, url: {self.host}}}}}"
        write(self.root, {"planmark.yaml": "\n".join([WORKSPACE + publish, "endpoint:", *lines, ""]), "content/acme/plan.yaml": PLAN})
        report = build(self.root, Options(today=TODAY, workers=1, pdf="none"))
        assert not report.problems
        self.service.published(self.root)

    def export(self, kind: str) -> Path:
        """The service's export, in a file."""
        path = self.root.parent / f"export.{kind}"
        path.write_bytes(self.service.export(self.root, kind))
        return path

    def pull(self, route: str) -> Pulled:
        """`planmark pull` by the API, or from an export."""
        return pull(self.root, workspace_of(self.root), export=None if route == "api" else self.export(route))

    def fresh(self) -> Place:
        """The same workspace, as if nothing had been pulled."""
        root = self.root.parent / f"copy-{next(self.copies)}"
        write(root, {name: (self.root / name).read_bytes() for name in ("planmark.yaml", "content/acme/plan.yaml")})
        return replace(self, root=root)

    @property
    def activity(self) -> list[Event]:
        """What is in content/acme/activity.jsonl, receipts to the second: not every export tells more."""
        found = read_activity(self.root / "content/acme", ["activity.jsonl"], "", []).events
        return sorted((replace(one, received=one.received[:19]) for one in found), key=lambda one: one.id)

    @property
    def received(self) -> list[bytes]:
        """The files that came."""
        return [one.read_bytes() for one in sorted((self.root / "content/acme/received").glob("*")) if one.is_file()]

    def status(self, task: str) -> str | None:
        """A task's status, as `planmark show` says it."""
        return next(one.status for one in load_one(self.root, "acme").plan.stages[0].tasks if one.id == task)


MakePlace = Callable[[str], Place]


def placed(folder: Path, kind: str, make: Callable[[], Fake], started: ExitStack) -> Place:
    """A place of that kind, not built yet. How to end what was started for it goes into `started`."""
    host = Host(folder / "workspace/build/sites")
    started.callback(host.stop)
    if kind == "planmark":
        service: Likeness | Own = Own(folder / "receiver", host.origin)
    else:
        service = Likeness(started.enter_context(make()))
    started.callback(service.end)
    return Place(folder / "workspace", service, service.url if kind == "netlify" else host.origin)
