"""What each service refuses, loses or hides: its likeness does so too, and the page's script takes no no for a yes."""

from __future__ import annotations

import json

from tests.endpoints.fakes.apps_script import AppsScript
from tests.endpoints.fakes.formspark import Formspark
from tests.endpoints.fakes.formspree import Formspree
from tests.endpoints.fakes.netlify import Netlify
from tests.endpoints.fakes.receiver import OwnReceiver
from tests.endpoints.fakes.web3forms import Web3Forms
from tests.endpoints.likenesses import PLAN, Tried
from tests.endpoints.sending import Upload, ask, counts, follow, skeleton, with_script, without_script

from planmark.endpoints.kinds import KINDS
from planmark.endpoints.own import register

FIELDS = {"pm_plan": PLAN, "pm_kind": "comment", "pm_item": "task/nda", "pm_text": "Fine"}


def test_a_filled_honeypot_is_kept_by_nobody_as_if_it_were_well(tried: Tried) -> None:
    form = tried.form
    with_script(form, {**FIELDS, form.honeypot: "buy now"}, "event-0001", site=tried.site)
    found = tried.fake.kept(spam=False)
    assert not found or found[0].fields.get("pm_website") == "buy now", "then it is refused when it is read"


def test_formspree_takes_twenty_a_minute() -> None:
    with Formspree() as fake:
        form = Tried(fake).form
        for number in range(20):
            fake.now = fake.now.replace(second=0)
            assert counts(form, with_script(form, FIELDS, f"event-{number:04d}"))
        fake.now = fake.now.replace(second=0)
        got = with_script(form, FIELDS, "event-0020")
        assert got.status == 429
        assert json.loads(got.body)["errors"][0]["code"] == "BLOCKED"
        assert len(fake.stored) == 20


def test_formspree_tells_mistakes_as_json_to_a_script_and_as_a_page_to_a_reader() -> None:
    with Formspree(files=False) as fake:
        form = KINDS["formspree"].form({**fake.settings(), "files": "yes"}, PLAN)
        got = with_script(form, FIELDS, "event-0001", Upload("a.pdf", "application/pdf", b"%PDF"))
        assert (got.status, json.loads(got.body)["errors"][0]["code"]) == (400, "NO_FILE_UPLOADS")
        got = without_script(form, FIELDS, Upload("a.pdf", "application/pdf", b"%PDF"))
        assert (got.status, got.headers["Content-Type"]) == (400, "text/html; charset=utf-8")
        assert not fake.stored


def test_netlify_takes_no_json_no_form_that_it_did_not_find_and_no_field_that_stood_in_none() -> None:
    with Netlify() as fake:
        form = KINDS["netlify"].form(fake.settings(), PLAN)
        assert with_script(form, FIELDS, "event-0001", site=fake.url).status == 404, "nothing was deployed"
        fake.deploy({"/index.html": skeleton(form)})
        got = ask("POST", fake.url + "/", json.dumps({"form-name": "planmark", **FIELDS}).encode(), {"Content-Type": "application/json"})
        assert got.status == 404
        with_script(form, {**FIELDS, "pm_unheard_of": "x"}, "event-0001", site=fake.url)
        (sent,) = fake.stored
        assert "pm_unheard_of" not in sent.fields
        assert "pm_payload" in sent.fields


def test_netlify_lets_no_other_sites_script_read_its_answer() -> None:
    with Netlify() as fake:
        form = Tried(fake).form
        got = with_script(form, FIELDS, "event-0001", site=fake.url)
        assert "Access-Control-Allow-Origin" not in got.headers
        assert form.same_site


def test_a_script_of_google_is_asked_without_a_preflight_and_answers_elsewhere() -> None:
    with AppsScript() as fake:
        form = Tried(fake).form
        assert ask("OPTIONS", form.action).status == 405
        got = with_script(form, FIELDS, "event-0001")
        assert (got.status, got.headers.get("Access-Control-Allow-Origin")) == (302, "*")
        got = follow(form, got)
        assert counts(form, got)
        assert got.headers["Access-Control-Allow-Origin"] == "*"


def test_web3forms_says_no_in_its_json() -> None:
    with Web3Forms() as fake:
        form = KINDS["web3forms"].form({**fake.settings(), "access_key": "another"}, PLAN)
        got = with_script(form, FIELDS, "event-0001")
        assert json.loads(got.body)["success"] is False
        assert not counts(form, got)
        assert not fake.stored


def test_formspark_is_not_told_from_outside_that_it_dropped_something() -> None:
    with Formspark() as fake:
        form = Tried(fake).form
        assert counts(form, with_script(form, {**FIELDS, "_honeypot": "x"}, "event-0001"))
        assert not fake.stored


def test_a_plan_is_made_known_to_our_own_receiver_with_a_key_of_its_own() -> None:
    with OwnReceiver() as fake:
        tried = Tried(fake)
        register(tried.settings, tried.secret, tried.fetch, PLAN, b'{"plan": 1}')
        assert fake.registered == {PLAN: b'{"plan": 1}'}
        assert fake.asked[-1].headers["content-type"] == "application/json"
