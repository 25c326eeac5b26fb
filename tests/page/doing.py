"""How a reader does each act, with their own hands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page


def opened(page: Page, task: str) -> Locator:
    """A task's line, open."""
    line = page.locator(f'.task-line[data-item="task/{task}"]')
    if not line.locator(f"#task-{task}").evaluate("(one) => one.open"):
        line.locator(".task > summary").click()
    return line


def asked(place: Locator, words: str) -> Locator:
    """The fields behind one of the quiet words, open."""
    ask = place.locator(".ask").filter(has=place.page.locator("summary", has_text=words))
    ask.locator("summary").click()
    return ask


def item(page: Page, on: str) -> Locator:
    """Where a criterion, a risk or a resource stands; the plan's own place."""
    return page.locator("#anything-missing" if on == "plan" else f"#{on.replace('/', '-')}")


def send(form: Locator, button: str, name: str = "") -> None:
    """Press a form's button; where a name is asked for, give it first. Behind a quiet word it is asked for as soon as that is open."""
    field = form.get_by_label("Your name", exact=True)
    if name and (form.evaluate("(one) => !!one.closest('.ask')") or field.count()):
        field.first.fill(name)
    form.get_by_role("button", name=button).click()


Doing = Callable[[Page, str], None]
UPLOAD = Path(__file__)


def check(page: Page, name: str) -> None:
    """Done, by the button in the open task."""
    send(opened(page, "nda").locator(".act-here"), "Mark as done", name)


def uncheck(page: Page, name: str) -> None:
    """Not done after all."""
    send(opened(page, "kickoff").locator(".act-here"), "Not done after all", name)


def step(page: Page, name: str) -> None:
    """Done, from the next steps."""
    send(page.locator('.step[data-item="task/nda"]'), "Mark as done", name)


def comment(page: Page, name: str) -> None:
    """A comment on a task."""
    form = asked(opened(page, "nda"), "Comment")
    form.get_by_label("Your comment").fill("Two words\nare missing <b>here</b>")
    send(form, "Send", name)


def comment_on(on: str) -> Doing:
    """A comment on something else."""

    def do(page: Page, name: str) -> None:
        form = asked(item(page, on), "Ask or comment" if on == "plan" else "Comment")
        form.locator("textarea").fill("And this?")
        send(form, "Send", name)

    return do


def comment_on_section(page: Page, name: str) -> None:
    """A comment on a section of the plan, from the place for what is about all of it."""
    form = asked(item(page, "plan"), "Ask or comment")
    form.get_by_label("About").select_option("Who is who")
    form.locator("textarea").fill("Ruben is missing")
    send(form, "Send", name)


def propose_date(page: Page, name: str) -> None:
    """Another date."""
    form = asked(opened(page, "nda"), "Propose a change").locator("form").first
    form.get_by_label("Another date").fill("2027-01-20")
    form.get_by_label("Why").fill("Our counsel is away")
    send(form, "Propose this date", name)


def propose_owner(page: Page, name: str) -> None:
    """Somebody else."""
    form = asked(opened(page, "nda"), "Propose a change").locator("form").nth(1)
    form.get_by_label("Somebody else").fill("Maria Lindqvist")
    send(form, "Propose them", name)


def propose_task(page: Page, name: str) -> None:
    """A task that is missing."""
    form = asked(item(page, "plan"), "Propose a task")
    form.get_by_label("What should be done").fill("Ask the works council")
    send(form, "Propose the task", name)


def propose_colleague(page: Page, name: str) -> None:
    """Somebody who is missing."""
    form = asked(item(page, "plan"), "Bring in a colleague")
    form.get_by_label("Name and what they do").fill("Ruben Bakker, ERP")
    send(form, "Propose them", name)


def agree_date(page: Page, name: str) -> None:
    """This date works."""
    send(opened(page, "nda").locator(".act-agree"), "This date works", name)


def agree_criterion(page: Page, name: str) -> None:
    """We agree to this."""
    send(item(page, "criterion/speed").locator(".act-agree"), "We agree to this", name)


def approve(page: Page, name: str) -> None:
    """Approved."""
    send(opened(page, "nda").locator(".act-approve"), "Approve", name)


def decline(page: Page, name: str) -> None:
    """Declined, with a reason."""
    form = asked(opened(page, "nda"), "Decline")
    form.get_by_label("What stands in the way").fill("Clause 7")
    send(form, "Decline", name)


def upload(page: Page, name: str) -> None:
    """A file."""
    form = asked(opened(page, "nda"), "Send a file")
    form.get_by_label("File").set_input_files(UPLOAD)
    form.get_by_label("A word about it").fill("Signed by both")
    send(form, "Send the file", name)


def sign(page: Page, name: str) -> None:
    """The sign-off."""
    form = asked(page.locator("#sign_off, .section-sign_off").first, "Sign")
    form.get_by_label("Your full name").fill("J. van den Berg")
    form.get_by_label("Date").fill("2026-11-21")
    send(form, "Sign this plan")


ACTS: dict[str, tuple[Doing, dict[str, str]]] = {
    "check": (check, {"pm_kind": "done", "pm_item": "task/nda"}),
    "uncheck": (uncheck, {"pm_kind": "reopened", "pm_item": "task/kickoff"}),
    "step": (step, {"pm_kind": "done", "pm_item": "task/nda"}),
    "comment": (comment, {"pm_kind": "comment", "pm_item": "task/nda", "pm_text": "Two words\nare missing <b>here</b>"}),
    "criterion": (comment_on("criterion/speed"), {"pm_kind": "comment", "pm_item": "criterion/speed", "pm_text": "And this?"}),
    "risk": (comment_on("risk/holidays"), {"pm_kind": "comment", "pm_item": "risk/holidays", "pm_text": "And this?"}),
    "resource": (comment_on("resource/guide"), {"pm_kind": "comment", "pm_item": "resource/guide", "pm_text": "And this?"}),
    "plan": (comment_on("plan"), {"pm_kind": "comment", "pm_item": "plan", "pm_text": "And this?"}),
    "section": (comment_on_section, {"pm_kind": "comment", "pm_item": "section/people", "pm_text": "Ruben is missing"}),
    "date": (
        propose_date,
        {"pm_kind": "proposed", "pm_item": "task/nda", "pm_what": "date", "pm_value": "2027-01-20", "pm_text": "Our counsel is away"},
    ),
    "owner": (propose_owner, {"pm_kind": "proposed", "pm_item": "task/nda", "pm_what": "owner", "pm_value": "Maria Lindqvist"}),
    "task": (propose_task, {"pm_kind": "proposed", "pm_item": "plan", "pm_what": "task", "pm_value": "Ask the works council"}),
    "colleague": (propose_colleague, {"pm_kind": "proposed", "pm_item": "plan", "pm_what": "colleague", "pm_value": "Ruben Bakker, ERP"}),
    "agree-date": (agree_date, {"pm_kind": "agreed", "pm_item": "task/nda", "pm_value": "2027-01-08"}),
    "agree-criterion": (agree_criterion, {"pm_kind": "agreed", "pm_item": "criterion/speed", "pm_rev": "criterion"}),
    "approve": (approve, {"pm_kind": "approved", "pm_item": "task/nda", "pm_rev": "task"}),
    "decline": (decline, {"pm_kind": "declined", "pm_item": "task/nda", "pm_text": "Clause 7", "pm_rev": "task"}),
    "upload": (upload, {"pm_kind": "upload", "pm_item": "task/nda", "pm_text": "Signed by both"}),
    "sign": (
        sign,
        {
            "pm_kind": "signed",
            "pm_item": "plan",
            "pm_name": "J. van den Berg",
            "pm_value": "2026-11-21",
            "pm_text": "We have read this plan, and we work to its dates.",
            "pm_rev": "plan",
        },
    ),
}
"""Every act by what it is called here: how it is done, and the fields that it must send. `pm_rev` says of what it is the digest."""
