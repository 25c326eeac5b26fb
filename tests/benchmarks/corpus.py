"""The seeded corpus: deal k is the same mutual action plan on every machine and for any number of deals.

One deal has 12 stakeholders, 5 stages with 30 tasks of one to three lines of Markdown, 10 resources, 4 risks,
8 success criteria, 6 key dates, and 6-7 KB of Markdown prose. `formats` writes it as each generator reads it.

Every draw below comes from one random stream a deal, so the order of the calls is part of the corpus: moving one
changes all that follow, and with them the comparison with figures taken before.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from random import Random

SEED = 20260101


def _words(text: str) -> list[str]:
    return text.split()


NOUNS = _words(
    "pipeline migration security review rollout adoption champion budget procurement legal redline pilot "
    "sandbox integration workflow analytics retention forecast onboarding enablement platform identity access "
    "audit region latency payload schema connector dashboard sponsor committee approval signature kickoff "
    "baseline outcome handover training playbook milestone blocker dependency renewal expansion discount "
    "quarter compliance residency encryption tenant provisioning warehouse contract amendment finance"
)
VERBS = _words(
    "confirms drafts reviews signs schedules validates maps agrees closes shares escalates measures publishes "
    "prepares approves hands documents tests"
)
FIRST_NAMES = _words(
    "Ada Ben Chen Dana Elif Farid Greta Hana Ivo June Kofi Lena Marta Noor Oscar Priya Quinn Rosa Sam Tariq Uma Vera Wen Yara Zoe"
)
LAST_NAMES = _words(
    "Abbott Brandt Castro Dietz Engel Fischer Gupta Haddad Ito Jensen Kaur Lopez Meyer Novak Okafor Petrov Quist "
    "Rossi Suzuki Tanaka Usman Vega Weber Yilmaz Zhou"
)
COMPANY_NAMES = _words(
    "Northwind Acme Blue Cobalt Delta Ember Fjord Granite Harbor Indigo Juniper Kestrel Lumen Meridian Nimbus "
    "Orchid Pioneer Quartz River Summit"
)
COMPANY_TRADES = _words("Logistics Health Bank Energy Retail Foods Robotics Insurance Media Telecom Airlines Pharma Motors Labs Systems")
ROLES = (
    "Economic buyer",
    "Champion",
    "Security lead",
    "Legal counsel",
    "Procurement",
    "End-user lead",
    "Account executive",
    "Solutions engineer",
    "Customer success",
    "Executive sponsor",
    "IT architect",
    "Finance",
)
SELLER_ROLES = range(6, 10)
STAGES = ("Discovery & alignment", "Technical validation", "Business case", "Legal & security", "Launch & value")
TASKS_A_STAGE = 6
DONE_TASKS = 7
STATUSES = ("done", "done", "in-progress", "not-started", "not-started", "blocked")
RESOURCE_KINDS = ("deck", "video", "doc", "pricing", "security", "case-study")
LEVELS = ("high", "medium", "low")


@dataclass(frozen=True)
class Person:
    name: str
    role: str
    side: str
    email: str
    influence: str


@dataclass(frozen=True)
class Task:
    id: str
    title: str
    owner: str
    side: str
    due: dt.date
    status: str
    depends: list[str]
    description: str


@dataclass(frozen=True)
class Stage:
    id: int
    name: str
    goal: str
    tasks: list[Task]


@dataclass(frozen=True)
class Resource:
    title: str
    kind: str
    url: str
    note: str


@dataclass(frozen=True)
class Risk:
    title: str
    severity: str
    owner: str
    mitigation: str


@dataclass(frozen=True)
class Criterion:
    metric: str
    baseline: str
    target: str
    measure: str


@dataclass(frozen=True)
class KeyDate:
    date: dt.date
    label: str


@dataclass(frozen=True)
class Plan:
    """A deal's data. The fields stand in the order in which the peers' files write them."""

    account: str
    opportunity: str
    value: int
    currency: str
    target_date: dt.date
    seller: str
    stakeholders: list[Person]
    stages: list[Stage]
    resources: list[Resource]
    risks: list[Risk]
    success_criteria: list[Criterion]
    key_dates: list[KeyDate]


@dataclass(frozen=True)
class Deal:
    slug: str
    title: str
    plan: Plan
    body: str


def slug_of(k: int) -> str:
    """The folder or file name of deal k."""
    return f"deal-{k:05d}"


def deal(k: int) -> Deal:
    """Deal k, complete: its plan and its prose."""
    r = Random(SEED * 1_000_003 + k)
    account = f"{r.choice(COMPANY_NAMES)} {r.choice(COMPANY_TRADES)}"
    start = dt.date(2026, 1, 5) + dt.timedelta(days=r.randint(0, 200))
    people = [_person(r, i, role) for i, role in enumerate(ROLES)]
    stages = [_stage(r, i, name, people, start) for i, name in enumerate(STAGES)]
    plan = Plan(
        account=account,
        opportunity=f"{r.choice(NOUNS).capitalize()} & {r.choice(NOUNS)} platform",
        value=r.randint(40, 900) * 1000,
        currency=r.choice(("USD", "EUR", "GBP")),
        target_date=start + dt.timedelta(days=110),
        seller="Planmark Inc",
        stakeholders=people,
        stages=stages,
        resources=[
            Resource(
                title=f"{r.choice(NOUNS).capitalize()} {r.choice(NOUNS)}",
                kind=r.choice(RESOURCE_KINDS),
                url=f"https://example.com/r/{k}/{i}",
                note=_sentence(r, rich=False),
            )
            for i in range(10)
        ],
        risks=[
            Risk(
                title=_sentence(r, rich=False),
                severity=r.choice(LEVELS),
                owner=r.choice(people).name,
                mitigation=_sentence(r, rich=False),
            )
            for _ in range(4)
        ],
        success_criteria=[
            Criterion(
                metric=f"{r.choice(NOUNS)} {r.choice(NOUNS)}",
                baseline=f"{r.randint(1, 60)} %",
                target=f"{r.randint(61, 99)} %",
                measure=_sentence(r, rich=False),
            )
            for _ in range(8)
        ],
        key_dates=[KeyDate(start + dt.timedelta(days=i * 20), f"{r.choice(NOUNS).capitalize()} {r.choice(NOUNS)}") for i in range(6)],
    )
    return Deal(slug_of(k), f"{account} mutual action plan", plan, _overview(r))


def _person(r: Random, index: int, role: str) -> Person:
    first, last = r.choice(FIRST_NAMES), r.choice(LAST_NAMES)
    return Person(
        name=f"{first} {last}",
        role=role,
        side="seller" if index in SELLER_ROLES else "buyer",
        email=f"{first}.{last}@example.com".lower(),
        influence=r.choice(LEVELS),
    )


def _stage(r: Random, index: int, name: str, people: list[Person], start: dt.date) -> Stage:
    first = index * TASKS_A_STAGE + 1
    tasks = [_task(r, number, people, start) for number in range(first, first + TASKS_A_STAGE)]
    return Stage(index + 1, name, _sentence(r, rich=False), tasks)


def _task(r: Random, number: int, people: list[Person], start: dt.date) -> Task:
    owner = r.choice(people)
    return Task(
        id=f"T{number:02d}",
        title=f"{r.choice(VERBS).capitalize()} {r.choice(NOUNS)} {r.choice(NOUNS)}",
        owner=owner.name,
        side=owner.side,
        due=start + dt.timedelta(days=number * 3 + r.randint(0, 2)),
        status="done" if number <= DONE_TASKS else r.choice(STATUSES),
        depends=[f"T{d:02d}" for d in sorted(r.sample(range(1, number), min(number - 1, r.randint(0, 2))))],
        description="\n".join(_sentence(r) for _ in range(r.randint(1, 3))),
    )


def _sentence(r: Random, *, rich: bool = True) -> str:
    """8-16 words and a full stop; a rich one has, half the time, one word in bold, italics, code or a link."""
    words = [r.choice(NOUNS) if r.random() < 0.7 else r.choice(VERBS) for _ in range(r.randint(8, 16))]
    if rich:
        k, x = r.randrange(len(words)), r.random()
        word = words[k]
        if x < 0.22:
            words[k] = f"**{word}**"
        elif x < 0.38:
            words[k] = f"*{word}*"
        elif x < 0.50:
            words[k] = f"`{word}_id`"
        elif x < 0.64:
            words[k] = f"[{word}](https://example.com/{word}/{r.randint(1, 999)})"
    if words[0][0].isalpha():
        words[0] = words[0].capitalize()
    return " ".join(words) + "."


def _paragraph(r: Random) -> str:
    return " ".join(_sentence(r) for _ in range(r.randint(3, 5)))


def _overview(r: Random) -> str:
    """Five sections of prose: two with lists, one each with a table, numbered steps, a quotation, a code block."""
    extras = ([_bullets], [_table], [_steps], [_bullets, _quotation], [_code])
    lines: list[str] = []
    for blocks in extras:
        lines += [f"## {r.choice(NOUNS).capitalize()} and {r.choice(NOUNS)}", "", _paragraph(r), ""]
        for block in blocks:
            lines += [*block(r), ""]
        lines += [_paragraph(r), ""]
    return "\n".join(lines)


def _bullets(r: Random) -> list[str]:
    return [*(f"- {_sentence(r)}" for _ in range(4)), f"  - {_sentence(r, rich=False)}"]


def _table(r: Random) -> list[str]:
    rows = [f"| {r.choice(NOUNS)} {r.choice(NOUNS)} | {r.randint(1, 90)} % | **{r.randint(50, 99)} %** |" for _ in range(5)]
    return ["| Metric | Today | Target |", "| --- | ---: | ---: |", *rows]


def _steps(r: Random) -> list[str]:
    return [f"### {r.choice(NOUNS).capitalize()} steps", "", *(f"{n}. {_sentence(r)}" for n in range(1, 5))]


def _quotation(r: Random) -> list[str]:
    return [f"> {_sentence(r)}" for _ in range(2)]


def _code(r: Random) -> list[str]:
    region, scopes = r.randint(1, 4), f"{r.choice(NOUNS)}, {r.choice(NOUNS)}"
    return ["```yaml", "integration:", f"  region: eu-{region}", f"  scopes: [{scopes}]", "  dry_run: false", "```"]
