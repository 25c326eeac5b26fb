"""Every act of the buyer's reaches the endpoint with the right fields, with the script and without."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from tests.page.conftest import Opening, Site
from tests.page.doing import ACTS, UPLOAD
from tests.page.fake import Post

from planmark.extensions import Form
from planmark.plan.allowed import KINDS
from planmark.plan.submissions import FIELDS, read_submission

NETLIFY = Form(action="/", fields=(("form-name", "plan"),), honeypot="bot-field", same_site=True, register=True)
OURS = ("pm_kind", "pm_item", "pm_rev", "pm_text", "pm_what", "pm_value")


def wanted(site: Site, fields: dict[str, str]) -> dict[str, str]:
    """The fields of an act, with the digests of this plan."""
    view = site.view
    task = next(one for stage in view.stages for one in stage.tasks if one.id == "nda")
    assert view.sign_off
    revs = {"task": task.rev, "criterion": view.success_criteria[0].rev, "plan": view.sign_off.rev, "": ""}
    assert all(revs[name] for name in ("task", "criterion", "plan"))
    given = {name: value for name, value in fields.items() if name in OURS}
    return dict.fromkeys(OURS, "") | given | {"pm_rev": revs[fields.get("pm_rev", "")]}


def given(post: Post) -> dict[str, str]:
    """The fields as they came, line ends as people mean them."""
    return {name: post.fields.get(name, "").replace("\r\n", "\n") for name in OURS}


def test_all_kinds_of_acts_are_tried() -> None:
    """As a check on these tests."""
    assert {fields["pm_kind"] for _, fields in ACTS.values()} == {kind for kinds in KINDS.values() for kind in kinds}


@pytest.mark.parametrize("name", ACTS)
def test_with_the_script(site: Site, visit: Opening, name: str) -> None:
    """Sent in place, with an id, the token of the link, everything once more as JSON, and by the simplest request there is."""
    do, fields = ACTS[name]
    page = visit(site.link("joost"))
    do(page, "")
    expect(page.locator("#planmark-status")).to_have_text(re.compile(r"Sent\.$"))
    expect(page.locator(".fate.is-sent").first).to_contain_text("Sent.")
    (post,) = site.receiver.posts
    assert given(post) == wanted(site, fields)
    assert post.path == f"/v1/plans/{site.view.key}/events"
    assert post.fields["pm_plan"] == site.view.key
    assert post.fields["pm_token"] == site.token("joost")
    assert post.fields["pm_name"] == fields.get("pm_name", "Joost van den Berg")
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", post.fields["pm_event"])
    assert set(post.fields) <= set(FIELDS), "not the confirmation page, not the honeypot"
    assert post.payload == {key: value for key, value in post.fields.items() if key != "pm_payload"}
    assert read_submission(post.fields).kind == fields["pm_kind"]
    assert post.headers["accept"] == "application/json"
    assert post.headers["content-type"].partition(";")[0] in ("application/x-www-form-urlencoded", "multipart/form-data")
    assert "cookie" not in post.headers
    assert "referer" not in post.headers
    assert ({"pm_file": (UPLOAD.name, UPLOAD.read_bytes())} if name == "upload" else {}) == post.files


@pytest.mark.parametrize("name", ACTS)
def test_without_the_script(site: Site, visit: Opening, name: str) -> None:
    """The browser posts the same fields itself, with the name that was asked for, and is led to the confirmation page."""
    do, fields = ACTS[name]
    page = visit(java_script_enabled=False)
    do(page, "Joost")
    expect(page).to_have_url(f"{site.url}sent.html")
    expect(page.locator("main")).to_contain_text("Thank you.")
    (post,) = site.receiver.posts
    assert given(post) == wanted(site, fields)
    assert post.fields["pm_plan"] == site.view.key
    assert post.fields["pm_name"] == fields.get("pm_name", "Joost")
    assert post.fields["pm_next"] == f"{site.url}sent.html"
    assert post.fields["pm_website"] == ""
    assert "pm_event" not in post.fields
    assert read_submission(post.fields).kind == fields["pm_kind"]
    assert ({"pm_file": (UPLOAD.name, UPLOAD.read_bytes())} if name == "upload" else {}) == post.files
    page.get_by_role("link", name="Back to the plan").click()
    expect(page).to_have_url(re.compile(r"/acme/index\.html$"))


def test_the_mark_beside_a_line_is_a_button(site: Site, visit: Opening) -> None:
    """As large as a finger; the line stays closed, and the mark changes only once it has arrived."""
    page = visit(site.link("joost"))
    line = page.locator('.task-line[data-item="task/data"]')
    button = line.get_by_role("button", name="Mark as done: Send the data")
    box = button.bounding_box()
    assert box
    assert box["width"] >= 44
    assert box["height"] >= 44
    button.click()
    expect(line.locator(".task > summary > .mark use")).to_have_attribute("href", "#mark-done")
    assert not line.locator(".task").evaluate("(one) => one.open")
    expect(line.get_by_role("button", name="Not done after all: Send the data")).to_be_visible()
    assert site.receiver.posts[0].fields["pm_kind"] == "done"


def test_a_name_is_asked_for_once_where_no_link_says_it(site: Site, visit: Opening) -> None:
    """Nothing is sent without one; it goes with every later act, and stays no longer than the tab."""
    page = visit()
    line = page.locator('.task-line[data-item="task/data"]')
    line.get_by_role("button", name="Mark as done: Send the data").click()
    name = line.get_by_label("Your name")
    expect(name).to_be_focused()
    expect(line).to_contain_text("Halyard confirms what you send before it counts.")
    assert site.receiver.posts == []
    name.fill("Maria L.")
    name.press("Enter")
    expect(line.locator(".fate")).to_contain_text("Marked as done Sent; waits for confirmation by Halyard.")
    page.locator('.step[data-item="task/trial"]').get_by_role("button", name="Mark as done").click()
    expect(page.locator('.step[data-item="task/trial"] .fate')).to_contain_text("waits for confirmation")
    assert [post.fields["pm_name"] for post in site.receiver.posts] == ["Maria L.", "Maria L."]
    assert page.evaluate("JSON.stringify(localStorage)").count("Maria L.") == 2, "only in what was sent"
    assert "Maria L." in page.evaluate("JSON.stringify(sessionStorage)")


@pytest.mark.parametrize("script", [True, False])
def test_a_service_of_the_same_site(site: Site, visit: Opening, script: bool) -> None:
    """Its forms lead to the confirmation page itself, and it finds every field of a form in the page."""
    site.make(form=lambda key: NETLIFY)
    page = visit(java_script_enabled=script)
    skeleton = page.locator("form[data-netlify]")
    expect(skeleton).to_have_count(1)
    expect(skeleton).to_be_hidden()
    assert skeleton.get_attribute("name") == "plan"
    assert {*FIELDS, "pm_file", "bot-field"} <= set(skeleton.locator("input").evaluate_all("(all) => all.map((one) => one.name)"))
    form = page.locator("form.act").first
    assert form.get_attribute("action") == "sent.html"
    assert form.locator("[name=form-name]").get_attribute("value") == "plan"
    with page.expect_request(lambda request: request.method == "POST") as asked:
        ACTS["risk"][0](page, "Joost")
    assert asked.value.url == f"{site.url}sent.html"
    assert "form-name=plan" in (asked.value.post_data or "")
    assert site.receiver.posts == []
