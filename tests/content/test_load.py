"""A deal ready to be shown: the workspace's defaults, the team's people, the library, notes, dates and texts, all in their places."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from tests.media import PNG, font

from planmark.content.deal import Deal
from planmark.content.load import load_deal
from planmark.content.team import load_team
from planmark.content.tree import scan
from planmark.problems import Problem

PLAN = "content/acme/plan.yaml"
LIBRARY = "content/_library/resources.yaml"
SVG = '<svg xmlns="http://www.w3.org/2000/svg"/>'
Files = Mapping[str, str | bytes]
Load = Callable[..., Deal]


@pytest.fixture
def load(workspace: Callable[[Files], Path], acme: Callable[[str], str]) -> Load:
    """The deal of a plan that starts with some lines, in a workspace with some files; there must be no problem."""

    def load(lines: str = "", workspace_file: str = "", **files: Any) -> Deal:
        root = workspace({"planmark.yaml": workspace_file, PLAN: acme(lines), **files.get("files", {})})
        problems: list[Problem] = []
        team = load_team(root, scan(root / "content" / "_library"), problems)
        assert team is not None
        found = load_deal(team, "acme", scan(root / "content" / "acme"))
        assert [str(problem) for problem in (*problems, *found.problems) if problem.severity == "error"] == []
        assert found.deal is not None
        return found.deal

    return load


TEAM = """\
seller: {name: Lumen, holidays: GB}
people:
  - {id: dana, name: Dana, title: Account executive, email: dana@lumen.example}
  - {id: owen, name: Owen, role: solutions_engineer, holidays: GB-SCT}
  - {id: priya, name: Priya}
brand: {accent: "#111111", second: "#222222"}
contact: dana
theme: default
locale: en-GB
timezone: Europe/London
holidays: NL
review: {every: week, day: Tuesday, with: priya}
"""


def test_what_the_plan_does_not_say_the_workspace_does(load: Load) -> None:
    deal = load("", TEAM)
    assert (deal.locale, deal.theme, deal.timezone, deal.contact) == ("en-GB", "default", "Europe/London", "dana")
    assert (deal.brand.accent, deal.brand.second) == ("#111111", "#222222")
    assert deal.review is not None
    assert deal.review.day == "Tuesday"
    assert deal.seller.name == "Lumen"


def test_what_the_plan_says_comes_first(load: Load) -> None:
    lines = 'locale: en\ntimezone: Europe/Paris\ncontact: owen\nbrand: {accent: "#333333"}\nreview: {every: month}\n'
    deal = load(lines, TEAM)
    assert (deal.locale, deal.timezone, deal.contact) == ("en", "Europe/Paris", "owen")
    assert (deal.brand.accent, deal.brand.second) == ("#333333", "#222222")
    assert deal.review is not None
    assert (deal.review.every, deal.review.day) == ("month", None)


def test_an_empty_workspace_is_enough(load: Load) -> None:
    deal = load()
    assert (deal.locale, deal.theme, deal.timezone, deal.contact, deal.review) == ("en", "default", "UTC", None, None)
    assert (deal.plan.id, deal.seller.name, deal.notes, deal.history) == ("acme", "", (), ())


def test_the_smallest_plan_may_be_written_without_a_list(load: Load) -> None:
    deal = load("people: maria\nstages: {title: Start, tasks: {title: Sign, owner: maria, steps: Send}}\noutcomes: Fast\n")
    assert [person.id for person in deal.plan.people] == ["maria"]
    assert deal.plan.stages[0].tasks[0].steps[0].title == "Send"
    assert deal.plan.outcomes[0].text == "Fast"


def test_somebody_of_the_team_has_this_deals_role_and_the_team_file_the_rest(load: Load) -> None:
    deal = load("people: [{id: maria, name: Maria}, {id: dana, role: account_executive, title: Your contact}, owen]\n", TEAM)
    people = {person.id: person for person in deal.plan.people}
    assert list(people) == ["maria", "dana", "owen", "priya"]  # priya takes part in the review
    assert (people["dana"].name, people["dana"].title, people["dana"].role) == ("Dana", "Your contact", ("account_executive",))
    assert people["dana"].email == "dana@lumen.example"
    assert people["owen"].role == ("solutions_engineer",)
    assert {name: person.party for name, person in people.items()} == {
        "maria": "buyer",
        "dana": "seller",
        "owen": "seller",
        "priya": "seller",
    }


def test_only_those_of_the_team_whom_the_shared_plan_names_are_shown(load: Load) -> None:
    stages = "stages: [{title: S, tasks: [{title: T, owner: owen}, {title: U, owner: priya, audience: internal}]}]\n"
    deal = load(stages + "internal: {rep: priya}\nreview: {every: month}\n", TEAM)
    assert [person.id for person in deal.plan.people] == ["maria", "dana", "owen"]  # dana is the workspace's contact


def test_a_due_date_counts_in_the_business_days_of_its_first_owner(load: Load) -> None:
    task = "{{id: {0}, title: T, owner: {1}, due: 7d after start}}"
    owners = {"plan": "[]", "owen": "[owen, maria]", "dana": "dana", "maria": "maria", "seller": "seller", "counsel": "counsel"}
    tasks = ", ".join(task.format(name, owner) for name, owner in owners.items())
    lines = (
        "account: {name: Acme, holidays: DE-BY}\nstart: 2026-12-24\n"
        "people: [{id: maria, name: Maria}, dana, {id: owen, role: champion}]\n"
        "parties: [{id: counsel, name: Fenwick, side: buyer, holidays: JP}]\n"
        f"stages: [{{title: S, tasks: [{tasks}]}}]\n"
    )
    deal = load(lines, TEAM.replace("holidays: GB}\npeople", "holidays: BE}\npeople"))
    found = {task.id: task.due and task.due.day and task.due.day.isoformat() for task in deal.plan.stages[0].tasks}
    assert found == {
        "plan": "2027-01-06",  # NL, the workspace's: Christmas and New Year's Day
        "owen": "2027-01-08",  # GB-SCT, his own: two days more
        "dana": "2027-01-06",  # BE, the seller's
        "maria": "2027-01-07",  # DE-BY, the account's: Epiphany as well
        "seller": "2027-01-06",
        "counsel": "2027-01-05",  # JP, the party's: no Christmas
    }


def test_the_library_gives_what_the_plan_leaves_out(load: Load) -> None:
    library = """\
    - {id: demo, title: Demo, kind: video, url: https://lumen.example/demo, about: A *short* one, length: 12 min}
    - {id: deck, title: Deck, url: https://lumen.example/deck}
    - {id: unused, title: Unused, file: unused.pdf}
    """
    lines = (
        "resources: [{id: demo, title: Your demo}, {id: own, title: Own}]\n"
        "stages: [{title: S, tasks: [{title: T, resources: [deck, demo]}, {title: U, resources: unused, audience: internal}]}]\n"
    )
    deal = load(lines, files={LIBRARY: library})
    resources = {resource.id: resource for resource in deal.plan.resources}
    assert list(resources) == ["demo", "own", "deck"]
    assert (resources["demo"].title, resources["demo"].kind, resources["demo"].length) == ("Your demo", "video", "12 min")
    assert resources["demo"].about is not None
    assert resources["demo"].about.html == "<p>A <em>short</em> one</p>\n"


@pytest.mark.parametrize("library", ["resources:\n  - {id: demo, title: Demo}\n", "- {id: demo, title: Demo}\n", "id: demo\ntitle: Demo\n"])
def test_the_library_may_be_a_list_or_have_a_key(library: str, load: Load) -> None:
    assert load("resources: demo\n", files={LIBRARY: library}).plan.resources[0].title == "Demo"


def test_a_file_of_the_deal_comes_before_one_of_the_library(load: Load) -> None:
    lines = "account: {name: Acme, logo: logo.svg}\nresources: [{title: One, file: both.pdf}, {title: Two, file: files/two.pdf}]\n"
    files = {
        "content/acme/logo.svg": SVG,
        "content/acme/both.pdf": "%PDF-deal",
        "content/_library/both.pdf": "%PDF-library",
        "content/_library/files/two.pdf": "%PDF-two",
        "content/_library/unused.pdf": "%PDF-",
    }
    deal = load(lines, files=files)
    assert sorted(deal.assets) == ["both.pdf", "files/two.pdf", "logo.svg"]
    assert Path(deal.assets["both.pdf"].source).read_bytes() == b"%PDF-deal"
    assert deal.assets["files/two.pdf"].output.startswith("assets/two.")
    assert deal.assets["files/two.pdf"].media_type == "application/pdf"
    assert deal.assets["files/two.pdf"].size == 8


def test_the_logo_and_the_font_of_the_workspace_go_out_with_every_deal(load: Load) -> None:
    workspace_file = (
        "seller: {name: Lumen, logo: {light: l.svg, dark: d.svg}}\nbrand: {font: f.woff2}\npeople: [{id: dana, photo: dana.png}]\n"
    )
    files = {f"content/_library/{name}": SVG for name in ("l.svg", "d.svg")}
    deal = load("", workspace_file, files={**files, "content/_library/f.woff2": font(), "content/_library/dana.png": PNG})
    assert sorted(deal.assets) == ["d.svg", "f.woff2", "l.svg"]  # nobody here names dana


def test_a_resource_that_is_a_markdown_file_is_a_text_of_the_page(load: Load) -> None:
    files = {
        LIBRARY: "- {id: story, title: Story, file: story.md}\n",
        "content/_library/story.md": "# Story\n\nIt *worked*. ![x](x.png)\n",
        "content/_library/x.png": PNG,
    }
    deal = load("resources: story\n", files=files)
    assert '<h4 id="resource-story-story">Story</h4>' in deal.texts["story.md"]
    (shown,) = deal.makings
    assert f'src="{shown}"' in deal.texts["story.md"]
    assert "story.md" not in deal.assets


def test_texts_are_markdown_or_the_name_of_a_file(load: Load) -> None:
    lines = (
        "summary: overview.md\nfaq: [{q: Where?, a: In *Frankfurt*}]\nobjective: Not *Markdown*\n"
        "pages: [{title: P, sections: [{markdown: tour.md}]}]\n"
    )
    files = {"content/acme/overview.md": "\ufeff# Why\r\n\r\nBecause.\r\n".encode(), "content/_library/tour.md": "A tour"}
    plan = load(lines, files=files).plan
    assert plan.summary is not None
    assert plan.summary.html == '<h3 id="summary-why">Why</h3>\n<p>Because.</p>\n'
    assert plan.faq[0].a.html == "<p>In <em>Frankfurt</em></p>\n"
    assert plan.objective == "Not *Markdown*"
    assert plan.pages[0].sections[0].markdown is not None
    assert plan.pages[0].sections[0].markdown.html == "<p>A tour</p>\n"


def test_two_texts_with_one_heading_have_anchors_of_their_own(load: Load) -> None:
    deal = load('faq: [{id: one, q: One?, a: "# Why"}, {id: two, q: Two?, a: "# Why"}]\nsummary: "# Why"\n')
    assert deal.plan.summary is not None
    html = [deal.plan.summary.html, *(one.a.html for one in deal.plan.faq)]
    assert html == ['<h3 id="summary-why">Why</h3>\n', '<h4 id="faq-one-a-why">Why</h4>\n', '<h4 id="faq-two-a-why">Why</h4>\n']


def test_meeting_notes_come_newest_first_with_their_day_and_title(load: Load) -> None:
    notes = {
        "2026-11-03-steering.md": "# Steering committee\n\nAgreed.\n",
        "2026-11-17-weekly-review.md": "Nothing new.\n",
        "2026-10-05-kickoff.md": "\n#  Kick-off  #\n\n## Who\n",
        "ideas.md": "Later\n",
        "2026-11-20.txt": "no",
        "old/2026-01-01-x.md": "no",
    }
    deal = load("", files={f"content/acme/meetings/{name}": text for name, text in notes.items()})
    assert [(note.id, note.day, note.title) for note in deal.notes] == [
        ("ideas", None, "Ideas"),
        ("2026-11-17-weekly-review", date(2026, 11, 17), "Weekly review"),
        ("2026-11-03-steering", date(2026, 11, 3), "Steering committee"),
        ("2026-10-05-kickoff", date(2026, 10, 5), "Kick-off"),
    ]
    assert deal.notes[2].html == "<p>Agreed.</p>\n"
    assert deal.notes[3].html == '<h4 id="note-2026-10-05-kickoff-who">Who</h4>\n'


ACT = (
    '{{"id":"event-{day}","plan":"acme","on":"plan","kind":"comment","received":"{day}T09:00:00Z",'
    '"proof":"link","by":"maria","text":"Hello"}}\n'
)


VERSION = '{{"version":"{day}","view":{{"target":"2027-01-29"}}}}'


def test_the_history_is_the_days_of_versions_and_the_newest_act(load: Load) -> None:
    files = {
        "versions/2026-11-03.json": VERSION.format(day="2026-11-03"),
        "versions/2026-11-17-2.json": VERSION.format(day="2026-11-17"),
        "versions/2026-11-30.json": "{}",
        "versions/2026-02-30.json": VERSION.format(day="2026-02-30"),
        "versions/notes.json": "{}",
        "activity.jsonl": ACT.format(day="2026-11-01") + ACT.format(day="2026-11-20") + '{"torn',
        "activity (copy).jsonl": ACT.format(day="2026-11-21"),
        "quarantine.jsonl": '{"received":"2030-01-01T09:00:00Z"}\n',
    }
    deal = load("", files={f"content/acme/{path}": text for path, text in files.items()})
    assert sorted(deal.history) == [date(2026, 11, 3), date(2026, 11, 17), date(2026, 11, 21)]


def test_a_byte_order_mark_and_windows_line_ends_change_nothing(load: Load, acme: Callable[[str], str]) -> None:
    plan = load("review: {time: 09:30}\n").plan
    windows = b"\xef\xbb\xbf" + acme("review: {time: 09:30}\n").replace("\n", "\r\n").encode()
    assert load("", "\ufeffpeople: []\r\n", files={PLAN: windows}).plan == plan
    assert plan.review is not None
    assert plan.review.time == time(9, 30)


def test_markdown_and_files_that_nothing_names_are_not_read(load: Load) -> None:
    files = {
        "content/acme/notes.md": b"\xff\xfe",
        "content/acme/files/secret.html": "<script>",
        "content/acme/internal.md": "[x](javascript:1)",
    }
    assert load("", files=files).assets == {}


def test_internal_texts_are_read_as_well_and_never_published(load: Load) -> None:
    deal = load("internal: {notes: internal.md}\n", files={"content/acme/internal.md": "See [x](x.pdf)", "content/acme/x.pdf": "%PDF-"})
    assert deal.plan.internal is not None
    assert deal.plan.internal.notes is not None
    assert "assets/" in deal.plan.internal.notes.html
    assert deal.assets == {}
