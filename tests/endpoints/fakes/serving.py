"""What all likenesses of form services have in common: a server on loopback, what was sent to it, and its export as CSV."""

from __future__ import annotations

import csv
import io
import json
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, ClassVar, Self
from urllib.parse import parse_qsl, quote, unquote, urlsplit

START = datetime(2026, 11, 3, 9, 12, 44, 120_000, tzinfo=UTC)
STEP = timedelta(seconds=7)
FORMULA = tuple("'=+-@\t\r\n\0＝＋－＠")


@dataclass(frozen=True)
class File:
    """A file as it was sent."""

    field: str
    name: str
    type: str
    data: bytes


@dataclass
class Sent:
    """A submission as a service keeps it."""

    id: str
    received: datetime
    fields: dict[str, str]
    files: list[File] = field(default_factory=list)
    spam: bool = False

    @property
    def moment(self) -> str:
        """The receipt with milliseconds and a zone."""
        return self.received.strftime("%Y-%m-%dT%H:%M:%S.") + f"{self.received.microsecond // 1000:03d}Z"


@dataclass(frozen=True)
class Asked:
    """A request."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def type(self) -> str:
        """The media type of the body, without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def wants_json(self) -> bool:
        """Whether a script asks."""
        return "application/json" in self.headers.get("accept", "")

    def form(self) -> tuple[dict[str, str], list[File]]:
        """Fields and files of a body in any of the three encodings."""
        if self.type == "application/json":
            found = json.loads(self.body)
            return {name: value for name, value in found.items() if isinstance(value, str)}, []
        if self.type == "multipart/form-data":
            return _parts(self.body, self.headers["content-type"].partition("boundary=")[2].strip('"'))
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True)), []


def _parts(body: bytes, boundary: str) -> tuple[dict[str, str], list[File]]:
    fields: dict[str, str] = {}
    files: list[File] = []
    for part in body.split(b"--" + boundary.encode())[1:-1]:
        head, _, data = part.partition(b"\r\n\r\n")
        lines = dict(line.split(": ", 1) for line in head.decode().strip().split("\r\n"))
        said = dict(one.split("=", 1) for one in lines["Content-Disposition"].split("; ")[1:])
        name = said["name"].strip('"')
        if "filename" not in said:
            fields[name] = data[:-2].decode()
        elif filename := said["filename"].strip('"').replace("%22", '"'):  # an empty one means that no file was chosen
            files.append(File(name, filename, lines.get("Content-Type", "application/octet-stream"), data[:-2]))
    return fields, files


@dataclass(frozen=True)
class Said:
    """A reply."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int = 0
    """So many bytes are promised and never sent."""


def data(value: object, status: int = 200, **headers: str) -> Said:
    """A reply in JSON."""
    return Said(
        status, json.dumps(value).encode(), {"Content-Type": "application/json", **{k.replace("_", "-"): v for k, v in headers.items()}}
    )


def page(text: str, status: int = 200) -> Said:
    """A reply in HTML."""
    return Said(status, f"<!doctype html><title>{text}</title><h1>{text}</h1>".encode(), {"Content-Type": "text/html; charset=utf-8"})


def redirect(url: str, status: int = 302) -> Said:
    """A reply that leads on."""
    return Said(status, headers={"Location": url})


class Fake:
    """A service on a loopback port: `with Formspree() as fake:`. `faults` come before anything else that a reader is told."""

    cors: ClassVar[bool] = True
    """Whether a script of another site may read what it is told."""

    def __init__(self) -> None:
        self.stored: list[Sent] = []
        self.registered: dict[str, bytes] = {}
        self.faults: deque[Said] = deque()
        self.asked: list[Asked] = []
        self.before_read: Callable[[], None] = lambda: None
        """Done before each answer to a reader: what comes or goes meanwhile."""
        self.now = START
        self.token = "key-of-the-team"
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one_request(self) -> None:
                try:
                    super().handle_one_request()
                except (ConnectionError, TimeoutError):
                    self.close_connection = True

            def do(self) -> None:
                parts = urlsplit(self.path)
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                asked = Asked(self.command, parts.path, dict(parse_qsl(parts.query, keep_blank_values=True)), headers, body)
                fake.asked.append(asked)
                said = fake.faults.popleft() if fake.faults and asked.method != "POST" else fake.reply(asked)
                self.send_response(said.status)
                for name, value in said.headers.items():
                    self.send_header(name, value)
                if fake.cors and "Access-Control-Allow-Origin" not in said.headers:
                    self.send_header("Access-Control-Allow-Origin", "*")
                self.send_header("Content-Length", str(len(said.body) + said.cut))
                if said.cut:
                    self.send_header("Connection", "close")
                    self.close_connection = True
                self.end_headers()
                self.wfile.write(said.body)

            do_GET = do_POST = do_PUT = do_OPTIONS = do_HEAD = do  # noqa: N815

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def reply(self, asked: Asked) -> Said:
        """What the service says. A likeness defines `post` and `get`."""
        if asked.method == "OPTIONS":
            return self.preflight(asked)
        if asked.method == "POST":
            return self.post(asked)
        if asked.path.startswith("/files/"):
            return self._file(asked.path)
        return self.get(asked)

    def preflight(self, asked: Asked) -> Said:
        """A browser's question before a request that is not simple."""
        allowed = {"Access-Control-Allow-Methods": "POST", "Access-Control-Allow-Headers": "accept, content-type"}
        return Said(204, headers=allowed)

    def post(self, asked: Asked) -> Said:
        """A form comes in."""
        raise NotImplementedError

    def get(self, asked: Asked) -> Said:
        """Somebody reads."""
        raise NotImplementedError

    def settings(self) -> dict[str, str]:
        """The endpoint's block in planmark.yaml."""
        raise NotImplementedError

    def columns(self, sent: Sent) -> dict[str, str]:
        """A row of the service's CSV."""
        raise NotImplementedError

    def export_json(self) -> bytes:
        """The service's own export as JSON."""
        raise NotImplementedError

    def export_csv(self, delimiter: str = ",", bom: bool = False) -> bytes:
        """The service's own export as CSV."""
        return csv_of([self.columns(one) for one in self.kept(newest_first=True)], delimiter, bom)

    def keep(self, fields: Mapping[str, str], files: Iterable[File] = (), spam: bool = False) -> Sent:
        """Store a submission, a moment after the one before."""
        self.now += STEP
        sent = Sent(f"sub_{len(self.stored) + 1:06d}", self.now, dict(fields), list(files), spam)
        self.stored.append(sent)
        return sent

    def kept(self, spam: bool | None = None, newest_first: bool = False) -> list[Sent]:
        """What is stored: all of it, or what is spam, or what is not."""
        found = [one for one in self.stored if spam is None or one.spam == spam]
        return sorted(found, key=lambda one: one.received, reverse=newest_first)

    def file_url(self, sent: Sent, file: File) -> str:
        """Where a file can be fetched."""
        return f"{self.url}/files/{sent.id}/{quote(file.name)}"

    def _file(self, path: str) -> Said:
        _, _, number, name = path.split("/", 3)
        found = [file for one in self.stored if one.id == number for file in one.files if file.name == unquote(name)]
        return Said(200, found[0].data, {"Content-Type": found[0].type}) if found else page("Not found", 404)


def csv_of(rows: list[dict[str, str]], delimiter: str = ",", bom: bool = False) -> bytes:
    """Rows as CSV, the union of their names on top; cells that a spreadsheet would run get a `'` before them."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(names)
    writer.writerows([escaped(row.get(name, "")) for name in names] for row in rows)
    return (b"\xef\xbb\xbf" if bom else b"") + out.getvalue().encode()


def escaped(cell: str) -> str:
    """A cell that no spreadsheet runs, and that can be told from one that was like that before."""
    return "'" + cell if cell.startswith(FORMULA) else cell


def moment(text: str) -> datetime:
    """A moment as an API's parameter says it, UTC where it says no zone."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def whole(values: Mapping[str, Any], name: str, otherwise: int, most: int) -> int:
    """A number in a query, no more than the service allows."""
    return min(int(values.get(name, otherwise)), most)
