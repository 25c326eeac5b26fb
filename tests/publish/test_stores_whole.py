"""Publishing to object stores as people do it: a workspace, a front that shows the bucket, colleagues, and what planmark.yaml says."""

from __future__ import annotations

import base64
import hmac
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from http.client import HTTPConnection
from http.server import SimpleHTTPRequestHandler
from io import BytesIO
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from tests.build.small import WORKSPACE, environment, files
from tests.build.small import Small as Workspace
from tests.publish.contract import Shown, put, shows
from tests.publish.published import Handler, Publisher, got, name, release, serving, site
from tests.publish.stores import AZURE_KEY, Server, ask, azurite, google, google_key, more, moto, rclone, secret_of

from planmark.extensions.targets import Place
from planmark.plan.headers import FOREVER, FRESH
from planmark.problems import PlanmarkError
from planmark.publish.undoing import published, rollback, unpublish
from planmark.targets.kinds import KINDS
from planmark.targets.objects import Objects


@pytest.fixture(autouse=True)
def claims(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What publishers leave on this machine to be known by, in a folder of its own."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Server]]:
    """All of them."""
    folder = tmp_path_factory.mktemp
    with moto() as one, rclone(folder("rclone")) as other, azurite(folder("azurite")) as azure, google() as gcs:
        yield {"moto": one, "rclone": other, "azurite": azure, "google": gcs}


@contextmanager
def front(server: Server, prefix: str, hides: bool = True) -> Iterator[str]:
    """What stands before a bucket, such as CloudFront: it finds a folder's page, and says the headers."""

    class Front(Handler):
        """From the store."""

        def send_head(self) -> BytesIO | None:
            """As readers without credentials get it."""
            path = unquote(self.path.lstrip("/"))
            path += "index.html" if path.endswith("/") else ""
            data = None if self.hides and path.startswith(".") else server.read(prefix + path)
            if data is None:
                self.send_error(404)
                return None
            self.send_response(200)
            self.send_header("Content-Type", self.guess_type(path))
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            return BytesIO(data)

    assert issubclass(Front, SimpleHTTPRequestHandler)
    with serving(Path("/nowhere"), like=Front, hides=hides) as url:
        yield url


def machine(folder: Path, server: Server, prefix: str, url: str, deals: tuple[str, ...], **more: str) -> Publisher:
    """A checkout that publishes there, which knows nothing but what is in it."""
    small = Workspace(folder)
    small.write(files(deals))
    settings = {"kind": server.kind, "url": url, "prefix": prefix, **server.settings, **more}
    small.write({"planmark.yaml": f"{WORKSPACE}publish:\n  live: {json.dumps(settings)}\n"})
    return Publisher(small, folder, url)


@pytest.fixture
def secrets(stores: Mapping[str, Server], monkeypatch: pytest.MonkeyPatch) -> None:
    """In the environment, as commands find them. Addresses that stand there too lead nobody away."""
    for server in stores.values():
        for key, value in server.secrets.items():
            monkeypatch.setenv(key, value)
    for other in ("AWS_ENDPOINT", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "GOOGLE_BASE_URL", "AZURE_STORAGE_ENDPOINT"):
        monkeypatch.setenv(other, "http://127.0.0.1:9")


@pytest.mark.parametrize("which", ["moto", "azurite"])
@pytest.mark.usefixtures("secrets")
def test_a_workspace_is_published_taken_back_and_taken_down(stores: Mapping[str, Server], which: str, tmp_path: Path) -> None:
    """Every page over HTTP; only what changed is sent; a fresh checkout knows what is out."""
    server, prefix = stores[which], f"whole/{which}/"
    with front(server, prefix) as url:
        ours = machine(tmp_path / "one", server, prefix, url, ("acme", "beta"))
        first, second = ours.publish("acme", "beta")
        assert (first.problems, second.problems) == ([], [])
        assert first.address.startswith(f"{url}/acme-")
        status, page = got(first.address)
        assert (status, b"Sign the agreement" in page) == (200, True)
        (again,) = ours.publish("acme")
        assert (again.result, again.sent) == ("unchanged", [])
        ours.small.replace("content/acme/plan.yaml", "Sign the agreement", "Sign soon")
        changed = ours.one()
        assert 0 < len(changed.sent) < len(first.sent)
        assert b"Sign soon" in got(first.address)[1]
        other = machine(tmp_path / "two", server, prefix, url, ("acme", "beta"))
        assert {row.deal: row.version for row in published(other.there())} == {
            "acme": changed.release.published.version if changed.release else "",
            "beta": second.release.published.version if second.release else "",
        }
        assert rollback(other.there(), "acme", "", ours.tick()).problems == ()
        assert b"Sign the agreement" in got(first.address)[1]
        assert unpublish(other.there(), "acme", ours.tick()).problems == ()
        assert b"Sign" not in got(first.address)[1]
        assert got(first.address, "plan.json")[0] == 404
        assert got(second.address)[0] == 200


@pytest.mark.parametrize("which", ["moto", "rclone", "google"])
@pytest.mark.usefixtures("secrets")
def test_two_deals_from_two_empty_machines_are_both_found(stores: Mapping[str, Server], which: str, tmp_path: Path) -> None:
    server, prefix = stores[which], f"two/{which}/"
    with front(server, prefix) as url:
        (first,) = machine(tmp_path / "a", server, prefix, url, ("acme",)).publish("acme")
        (second,) = machine(tmp_path / "b", server, prefix, url, ("beta",)).publish("beta")
        warned = [problem.code for outcome in (first, second) for problem in outcome.problems]
        assert warned == (["PM809"] * 2 if which == "rclone" else [])
        assert [got(one.address)[0] for one in (first, second)] == [200, 200]
        third = machine(tmp_path / "c", server, prefix, url, ("acme",)).there()
        assert {one.deal for one in third.out().values()} == {"acme", "beta"}


@pytest.mark.usefixtures("secrets")
def test_what_is_remembered_is_kept_from_readers_in_a_bucket_of_its_own(stores: Mapping[str, Server], tmp_path: Path) -> None:
    """In the bucket that they read, somebody who knows the link could find what earlier versions said; publish tells so."""
    server = stores["moto"]
    with front(server, "open/", hides=False) as url:
        (outcome,) = machine(tmp_path / "open", server, "open/", url, ("acme",)).publish("acme")
        assert "what Planmark remembers" in str(outcome.problems)
    with front(server, "shut/", hides=False) as url:
        ours = machine(tmp_path / "shut", server, "shut/", url, ("acme",), state="state")
        assert ours.one().result == "published"
        there = ours.there()
        assert [one.deal for one in there.out().values()] == ["acme"]
        assert isinstance(there.target, Objects)
        assert [one.path for one in there.target.opened(there.place).public.list("") if one.path.startswith(".")] == []


@pytest.mark.usefixtures("secrets")
def test_a_bucket_that_everybody_may_list_is_an_error(stores: Mapping[str, Server], tmp_path: Path) -> None:
    """Its list has the link of every plan. Without a front there are no headers either, and no page for a folder."""
    server, port = stores["moto"], int(stores["moto"].url.rpartition(":")[2])
    listing = {"Effect": "Allow", "Principal": "*", "Action": ["s3:ListBucket", "s3:GetObject"], "Resource": "arn:aws:s3:::listed*"}
    ask(port, "PUT", "/listed")
    ask(port, "PUT", "/listed?policy", body=json.dumps({"Version": "2012-10-17", "Statement": [listing]}).encode())
    (outcome,) = machine(tmp_path / "w", server, "", f"{server.url}/listed", ("acme",), bucket="listed").publish("acme")
    assert [problem.severity for problem in outcome.problems if "a list of the plans" in problem.message] == ["error"]


@pytest.mark.parametrize("which", ["rclone", "azurite", "google"])
def test_every_kind_keeps_what_it_remembers_in_another_bucket(stores: Mapping[str, Server], which: str) -> None:
    there = stores[which].shown(state="state")
    for version in (1, 2):
        put(there, release(version, more(version), before=version - 1))
    assert [one.version for one in there.target.versions(there.place, "acme-k")] == [name(2), name(1)]
    assert isinstance(there.target, Objects)
    assert not [one for one in there.target.opened(there.place).public.list("") if one.path.startswith(".")]
    assert [one.version for one in there.target.published(there.place)] == [name(2)]


def test_files_have_their_types_and_say_how_long_they_may_be_kept(stores: Mapping[str, Server]) -> None:
    """As the store itself sends them; rclone keeps no Cache-Control."""
    for which, server in stores.items():
        if which == "rclone":
            continue
        there = server.shown()
        put(there, release(1, more(1)))
        host, _, folder = server.url.removeprefix("http://").partition("/")
        below = f"{f'/{folder}' if folder else ''}/plans/{there.place.settings['prefix']}acme-k"
        with closing(HTTPConnection(host, timeout=10)) as line:
            for path, kind, cache in (("index.html", "text/html", FRESH), ("assets/a.1.css", "text/css", FOREVER)):
                line.request("GET", f"{below}/{path}")
                reply = line.getresponse()
                assert reply.read() == more(1)[path]
                assert (reply.headers["Content-Type"], reply.headers["Cache-Control"]) == (f"{kind}; charset=utf-8", cache), which


@pytest.mark.parametrize("which", ["moto", "rclone", "azurite"])
def test_a_large_file_goes_in_pieces_and_arrives_whole(stores: Mapping[str, Server], which: str) -> None:
    there, film = stores[which].shown(), bytes(range(256)) * 50_000
    put(there, release(1, {"assets/film.mp4": film, **site(1)}))
    shows(there, {"assets/film.mp4": film})
    steps = put(there, release(2, {"assets/film.mp4": film, **site(2)}, before=1))
    assert "assets/film.mp4" in [step.path for step in steps if step.what == "kept"]


@pytest.mark.parametrize("which", ["moto", "rclone", "azurite", "google"])
def test_without_a_prefix_sites_are_at_the_root(stores: Mapping[str, Server], which: str) -> None:
    server = stores[which]
    there = Shown(KINDS[server.kind], server.place(""), lambda site, path: server.read(f"{site}/{path}"))
    put(there, release(1, site(1)))
    shows(there, site(1))
    assert [one.version for one in there.target.published(there.place)] == [name(1)]


def test_azure_by_a_token_for_one_container(stores: Mapping[str, Server]) -> None:
    """A shared access signature, which is all that a machine needs to be given."""
    said = ["rwdlc", "", "2099-01-01T00:00:00Z", "/blob/devstoreaccount1/plans", "", "", "", "2021-06-08", "c", *[""] * 7]
    signature = base64.b64encode(hmac.digest(base64.b64decode(AZURE_KEY), "\n".join(said).encode(), "sha256")).decode()
    token = f"sp=rwdlc&se=2099-01-01T00%3A00%3A00Z&sv=2021-06-08&sr=c&sig={quote(signature, safe='')}"
    server = stores["azurite"]
    for written in (token, f"?{token}"):
        there = server.shown()
        there = replace(there, place=replace(there.place, secret=secret_of({"AZURE_STORAGE_SAS_TOKEN": written})))
        put(there, release(1, more(1)))
        put(there, release(2, more(2), before=1, keep=0))
        shows(there, more(2))
        wrong = replace(there.place, secret=secret_of({"AZURE_STORAGE_SAS_TOKEN": written[:-12]}))
        with pytest.raises(PlanmarkError, match="PM702") as error:
            list(there.target.published(wrong))
        assert "AZURE_STORAGE_SAS_TOKEN" in str(error.value)
        assert "sig=" not in str(error.value)


def test_google_by_a_file_of_credentials(stores: Mapping[str, Server], tmp_path: Path) -> None:
    (tmp_path / "key.json").write_text(google_key()[0], encoding="utf-8")
    there = stores["google"].shown()
    secret = secret_of({"GOOGLE_APPLICATION_CREDENTIALS": str(tmp_path / "key.json")})
    put(replace(there, place=replace(there.place, secret=secret)), release(1, more(1)))
    shows(there, more(1))


AT_ONCE = """
import json, os, sys
from pathlib import Path
from tests.publish.published import release
from tests.publish.stores import more, secret_of
from planmark.extensions.targets import Place
from planmark.problems import PlanmarkError
from planmark.targets.kinds import KINDS

asked = json.loads(sys.stdin.read())
for prefix in asked["prefixes"]:
    gun, start = os.pipe()
    children = []
    for version in (2, 3):
        if not (child := os.fork()):
            os.close(start)
            settings = {**asked["settings"], "prefix": prefix}
            place = Place(name="live", settings=settings, workspace=Path("/"), secret=secret_of(asked["secrets"]))
            os.read(gun, 1)
            try:
                for step in KINDS[settings["kind"]].publish(place, release(version, more(version), before=1)):
                    pass
            except PlanmarkError as error:
                os._exit(4 if [one.code for one in error.problems] == ["PM804"] else 5)
            os._exit(0)
        children.append(child)
    os.close(start)
    print(*(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children), flush=True)
"""


@pytest.mark.parametrize("which", ["moto", "azurite", "google"])
def test_of_two_machines_at_once_one_wins(stores: Mapping[str, Server], which: str) -> None:
    """The other is told; the pages are all of the one that won."""
    server = stores[which]
    there = [server.shown() for _ in range(4)]
    for one in there:
        put(one, release(1, more(1)))
    prefixes = [one.place.settings["prefix"] for one in there]
    asked = {"settings": dict(there[0].place.settings), "secrets": dict(server.secrets), "prefixes": prefixes}
    done = subprocess.run(
        [sys.executable, "-c", AT_ONCE],
        input=json.dumps(asked),
        env=environment(PYTHONPATH=f"{Path(__file__).parents[2]}"),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for one, codes in zip(there, done.stdout.splitlines(), strict=True):
        assert sorted(codes.split()) == ["0", "4"], codes
        won = 2 if codes.startswith("0") else 3
        shows(one, more(won))
        (found,) = one.target.published(one.place)
        assert found.version == name(won)


S3, GCS, AZURE = (
    {"kind": "s3", "bucket": "plans", "region": "eu-central-1"},
    {"kind": "gcs", "bucket": "plans"},
    {"kind": "azure", "account": "acmeplans"},
)


@pytest.mark.parametrize(
    ("settings", "changed", "told"),
    [
        (S3, {}, ""),
        (GCS, {"prefix": "plans/of/acme/", "state": "acme-state"}, ""),
        (AZURE, {"container": "plans", "state": "planmark-state"}, ""),
        (S3, {"bucket": ""}, "write `bucket:` at `live`"),
        (S3, {"bucket": "s3://plans"}, "write another `bucket:` at `live`"),
        (S3, {"region": ""}, "write `region:` at `live`"),
        (S3, {"region": "", "endpoint": "https://acme.r2.cloudflarestorage.com"}, ""),
        (S3, {"region": "Frankfurt (Germany)"}, "write another `region:` at `live`"),
        (S3, {"endpoint": "http://store.example"}, "everybody on the way could read along"),
        (S3, {"endpoint": "store.example"}, "does not start with https://"),
        (S3, {"state": "../state"}, "write another `state:` at `live`"),
        (GCS, {"bucket": ""}, "write `bucket:` at `live`"),
        (GCS, {"prefix": "/plans"}, "write another `prefix:` at `live`"),
        (GCS, {"prefix": "../plans"}, "write another `prefix:` at `live`"),
        (GCS, {"prefix": "plans//acme"}, "write another `prefix:` at `live`"),
        (GCS, {"prefix": ".planmark"}, "write another `prefix:` at `live`"),
        (AZURE, {"account": ""}, "write `account:` at `live`"),
        (AZURE, {"account": "Acme Plans"}, "write another `account:` at `live`"),
        (AZURE, {"container": "Plans"}, "write another `container:` at `live`"),
        (AZURE, {"endpoint": "http://10.0.0.1"}, "everybody on the way"),
    ],
)
def test_settings_that_cannot_be_are_said_to_be_so(settings: Mapping[str, str], changed: Mapping[str, str], told: str) -> None:
    place = Place(name="live", settings={**settings, **changed}, workspace=Path("/w"), secret=secret_of({}))
    wrong = KINDS[settings["kind"]].wrong(place)
    assert (told in wrong) if told else wrong == ""


@pytest.mark.parametrize("settings", [S3, GCS, AZURE])
def test_without_the_library_it_is_said_what_to_install(settings: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("obstore", "obstore.store", "obstore.exceptions"):
        monkeypatch.setitem(sys.modules, module, None)
    place = Place(name="live", settings=settings, workspace=Path("/w"), secret=secret_of({}))
    with pytest.raises(PlanmarkError) as error:
        list(KINDS[settings["kind"]].published(place))
    (problem,) = error.value.problems
    assert (problem.code, problem.hint) == ("PM801", 'pip install "planmark[stores]"')


def test_the_secret_that_is_missing_is_the_one_that_the_documentation_names_first() -> None:
    place = Place(name="live", settings=AZURE, workspace=Path("/w"), secret=secret_of({}))
    with pytest.raises(PlanmarkError) as error:
        list(KINDS["azure"].published(place))
    assert "AZURE_STORAGE_SAS_TOKEN" in str(error.value)
