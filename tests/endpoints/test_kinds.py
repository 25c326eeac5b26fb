"""Settings that make no sense are told at once, all of them; and others can add a kind."""

from __future__ import annotations

import importlib.metadata
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from tests.endpoints.likenesses import LIKENESSES, PLAN

from planmark.endpoints.kinds import KINDS, endpoint_of, settings_problems
from planmark.extensions import ENDPOINTS, Answer, Endpoint, Fetch, Form, Record, Request, Secret, SentFile, Settings
from planmark.problems import Location, PlanmarkError

WHERE = Location("planmark.yaml", 7, 3)
FITTING: dict[str, list[dict[str, str]]] = {
    "planmark": [{"url": "https://forms.seller.example"}, {"url": "http://127.0.0.1:8080/sub/"}],
    "formspree": [{"form": "xaykzqbd"}, {"form": "xaykzqbd", "files": "no"}],
    "netlify": [{}, {"site": "plans.netlify.app"}, {"form_name": "plans", "form_id": "6f1c"}],
    "basin": [{"form": "1a1d2b97c41f"}],
    "web3forms": [{"access_key": "1f6c"}, {"access_key": "1f6c", "form_id": "0a1b"}],
    "formspark": [{"form": "1mGwgZpqX"}],
    "apps-script": [{"script": "AKfycbx"}, {"url": "https://script.google.com/macros/s/AKfycbx/exec"}],
    "generic": [{"url": "https://forms.seller.example/x?y=1", "next_field": "then", "honeypot": "trap", "files": "yes"}],
}


def told(settings: dict[str, str]) -> list[str]:
    found = settings_problems(endpoint_of(settings, WHERE), settings, WHERE)
    assert {(one.code, one.location) for one in found} <= {("PM701", WHERE)}
    assert all(one.hint for one in found)
    return [f"{one.message}: {one.hint}" for one in found]


def test_every_kind_ships_with_a_likeness() -> None:
    assert set(KINDS) == set(LIKENESSES) == set(FITTING)
    assert all(isinstance(one, Endpoint) and one.kind == kind for kind, one in KINDS.items())
    assert {kind for kind, one in KINDS.items() if one.standing == "verified"} == {"planmark"}


@pytest.mark.parametrize("kind", FITTING)
def test_settings_that_fit(kind: str) -> None:
    for settings in FITTING[kind]:
        assert told({"kind": kind, **settings}) == []


@pytest.mark.parametrize("kind", FITTING)
def test_a_form_says_all_that_a_page_must_know(kind: str) -> None:
    form = KINDS[kind].form({"kind": kind, **FITTING[kind][0]}, PLAN)
    assert form.same_site == (kind == "netlify")
    if form.same_site:
        assert (form.action, form.connect, form.form_action) == ("/", (), ())
    else:
        assert form.action.startswith("https://")
        assert form.action.startswith(form.connect[0])
        assert form.connect == form.form_action
    assert bool(form.live) == (kind == "planmark")
    assert PLAN in form.action + form.live or kind != "planmark"


def test_the_script_of_google_leads_through_two_hosts() -> None:
    form = KINDS["apps-script"].form({"kind": "apps-script", "script": "AKfycbx"}, PLAN)
    assert form.connect == ("https://script.google.com", "https://script.googleusercontent.com")


def test_what_stands_in_a_setting_stays_in_its_part_of_an_address() -> None:
    assert KINDS["formspree"].form({"form": "a/../b?c#d"}, PLAN).action == "https://formspree.io/f/a%2F..%2Fb%3Fc%23d"


def test_all_mistakes_are_told_at_once() -> None:
    found = told({"kind": "formspree", "from": "xaykzqbd", "url": "http://formspree.io/f/x", "api": "formspree.io"})
    assert len(found) == 4
    assert "`form` is missing" in found[0]
    assert "has no `from`: did you mean `form`?" in found[1]
    assert "`url` cannot be used: the address starts with http://" in found[2]
    assert "`api` cannot be used: the address does not start with https://" in found[3]


@pytest.mark.parametrize(
    "url",
    [
        *(
            "http://forms.example",
            "forms.example",
            "https://",
            "javascript:alert(1)",
            "https://a:b@forms.example",
            "https://forms.example/a b",
        ),
        *(
            "https://[::1",
            "https://forms.example:port",
            "https://förms.example",
            "//forms.example",
            "https://forms.example/\n",
            "http://[fe80::1]/",
        ),
    ],
)
@pytest.mark.parametrize("kind", ["planmark", "generic"])
def test_addresses_that_cannot_be_used(kind: str, url: str) -> None:
    assert len(told({"kind": kind, "url": url})) == 1


@pytest.mark.parametrize(
    "url", ["https://forms.example", "http://127.0.0.1:1", "http://localhost:8000/a", "http://[::1]:9/", "https://10.0.0.7/forms"]
)
def test_addresses_that_can_be_used(url: str) -> None:
    assert told({"kind": "planmark", "url": url}) == []


def test_files_are_asked_for_in_so_many_words() -> None:
    assert not KINDS["formspree"].form({"form": "x"}, PLAN).files
    assert KINDS["formspree"].form({"form": "x", "files": "yes"}, PLAN).files
    assert "neither yes nor no" in told({"kind": "formspree", "form": "x", "files": "some"})[0]


def test_a_script_needs_its_id_or_its_address() -> None:
    assert "`script` is missing" in told({"kind": "apps-script"})[0]


@pytest.mark.parametrize(("settings", "missing"), [({"kind": "netlify"}, "form_id"), ({"kind": "web3forms", "access_key": "x"}, "form_id")])
def test_what_only_reading_needs_is_told_when_reading(settings: dict[str, str], missing: str) -> None:
    assert told(settings) == []
    with pytest.raises(PlanmarkError, match=f"PM701.*`{missing}` is missing"):
        KINDS[settings["kind"]].read(settings, lambda name: "key", lambda request: b"", "")


def test_a_service_without_an_api_says_what_to_do() -> None:
    with pytest.raises(PlanmarkError, match=r"PM705.*no API.*pull --from"):
        KINDS["generic"].read({"kind": "generic", "url": "https://x.example"}, lambda name: "key", lambda request: b"", "")


def test_a_kind_that_is_none() -> None:
    with pytest.raises(PlanmarkError, match=r"PM703.*did you mean `formspree`"):
        endpoint_of({"kind": "formspre"}, WHERE)
    with pytest.raises(PlanmarkError, match=r"PM701.*`kind` is missing"):
        endpoint_of({}, WHERE)


@dataclass(frozen=True)
class Acme:
    """What docs/endpoints.md shows, in short."""

    kind: str = "acme"
    standing: str = "documented"
    wants: tuple[str, ...] = ("box",)
    takes: tuple[str, ...] = ()

    def form(self, settings: Settings, plan: str) -> Form:
        return Form(action=f"https://forms.acme.example/{settings['box']}")

    def read(self, settings: Settings, secret: Secret, fetch: Fetch, cursor: str) -> Iterator[Answer]:
        return iter(())

    def file(self, settings: Settings, secret: Secret, sent: SentFile) -> Request:
        return Request(sent.url)

    def exported(self, data: bytes) -> Iterator[Record]:
        return iter(())


ACME = Acme()
NONE = object()


def installed(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    def entry_points(*, group: str) -> list[importlib.metadata.EntryPoint]:
        return [importlib.metadata.EntryPoint(name, value, group)] if group == ENDPOINTS else []

    monkeypatch.setattr(importlib.metadata, "entry_points", entry_points)


def test_another_package_adds_a_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "acme_planmark", SimpleNamespace(ENDPOINT=ACME))
    installed(monkeypatch, "acme", "acme_planmark:ENDPOINT")
    assert endpoint_of({"kind": "acme"}, WHERE) is ACME
    assert told({"kind": "acme", "box": "7"}) == []
    assert "`box` is missing" in told({"kind": "acme"})[0]
    assert "did you mean `box`?" in told({"kind": "acme", "box": "7", "bax": "7"})[0]


def test_another_package_cannot_take_the_name_of_one_that_ships(monkeypatch: pytest.MonkeyPatch) -> None:
    installed(monkeypatch, "formspree", "acme_planmark:ENDPOINT")
    with pytest.raises(PlanmarkError, match=r"PM704.*which Planmark has already.*remove acme_planmark:ENDPOINT"):
        endpoint_of({"kind": "formspree"}, WHERE)


def test_what_another_package_adds_is_no_endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "acme_planmark", SimpleNamespace(ENDPOINT=NONE))
    installed(monkeypatch, "acme", "acme_planmark:ENDPOINT")
    with pytest.raises(PlanmarkError, match=r"PM704.*lacks what an endpoint has"):
        endpoint_of({"kind": "acme"}, WHERE)
