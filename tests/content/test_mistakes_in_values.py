"""Values that are not what they should be, references to nothing, and contradictions.

Each row: what the rep did, the first lines of plan.yaml, and every problem with its `line:column`, its code and its hint.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

InPlan = Callable[[str], list[str]]

VALUES: dict[str, tuple[str, ...]] = {
    "a day that does not exist": ("target: 2027-02-30", "1:9 PM205 check the month and the day: year-month-day"),
    "a month that does not exist": (
        "target: 2027-13",
        "1:9 PM205 write 2026-11-03, a month (2026-11), or something like `10d before target`",
    ),
    "a day of a month that does not exist": ("target: 2027-13-01", "1:9 PM205 check the month and the day: year-month-day"),
    "a date in words": ("target: 29 January 2027", "1:9 PM205 write 2026-11-03, a month (2026-11), or something like `10d before target`"),
    "a date with points": ("target: 29.01.2027", "1:9 PM205 write 2027-01-29"),
    "a date without its noughts": ("target: 2027-1-9", "1:9 PM205 write 2027-01-09"),
    "a date with a time": ("target: 2027-01-29T10:00:00Z", "1:9 PM205 write 2027-01-29"),
    "a date with the month first": ("target: 01/29/2027", "1:9 PM205 write 2027-01-29"),
    "a date with the day first": ("target: 29/01/2027", "1:9 PM205 write 2027-01-29"),
    "a date that may be two": (
        "target: 01/02/2027",
        "1:9 PM205 write 2026-11-03, a month (2026-11), or something like `10d before target`",
    ),
    "a day with points that does not exist": (
        "target: 30.02.2027",
        "1:9 PM205 write 2026-11-03, a month (2026-11), or something like `10d before target`",
    ),
    "a misspelt relative date": (
        "target: 5d befor start",
        "1:9 PM205 write 2026-11-03, a month (2026-11), or something like `10d before target`",
    ),
    "a relative date in words": ("target: 5 days after start", "1:9 PM205 write `5d after start`"),
    "relative weeks in words": ("target: 2 weeks before start", "1:9 PM205 write `2w before start`"),
    "a date that counts from nothing": (
        "target: 5d before lunch",
        "1:9 PM307 count from target, start, contract_signature, a task or a key date",
    ),
    "a date that counts from a misspelt anchor": ("start: 2026-11-01\ntarget: 5d after strat", "2:9 PM307 did you mean `start`?"),
    "a date that counts from a start that is not there": (
        "target: 5d after start",
        "1:9 PM307 write `start: 2026-11-03` as well, or count from something else",
    ),
    "dates that count from each other": (
        "start: 5d before target\ntarget: 5d after sign\nstages: [{title: S, tasks: [{id: sign, title: A, due: 3d after start}]}]",
        "1:8 PM307 give one of them a date of its own",
    ),
    "a date that counts from itself": (
        "stages: [{title: S, tasks: [{id: sign, title: A, due: 3d after sign}]}]",
        "1:55 PM307 give one of them a date of its own",
    ),
    "a relative date where a day is meant": ("version: 5d before target", "1:10 PM205 write year-month-day: 2026-11-03"),
    "a month where a day is meant": ("version: 2026-11", "1:10 PM205 write year-month-day: 2026-11-03"),
    "a whole number with a separator": ("people: [{id: maria, link: 1_000}]", "1:28 PM206 write digits only: 4"),
    "a whole number with a point": ("people: [{id: maria, link: 4.0}]", "1:28 PM206 write digits only: 4"),
    "a whole number with an exponent": ("people: [{id: maria, link: 1e3}]", "1:28 PM206 write digits only: 4"),
    "a hexadecimal whole number": ("people: [{id: maria, link: 0x1F}]", "1:28 PM206 write digits only: 4"),
    "a negative whole number": ("people: [{id: maria, link: -1}]", "1:28 PM206 write digits only: 4"),
    "a number with a separator": (
        "pricing: {currency: EUR, options: [{name: A, lines: [{item: S, unit: 1_000}]}]}",
        "1:70 PM207 write digits with a point: 40 or 0.5",
    ),
    "a number that is none": (
        "pricing: {currency: EUR, options: [{name: A, lines: [{item: S, unit: nan}]}]}",
        "1:70 PM207 write digits with a point: 40 or 0.5",
    ),
    "a number with a comma": (
        'pricing: {currency: EUR, options: [{name: A, lines: [{item: S, unit: "1,5"}]}]}',
        "1:70 PM207 write digits with a point: 40 or 0.5",
    ),
    "an amount without a currency": ("value: 120000", "1:8 PM208 write digits and the currency, without separators: 120000 EUR"),
    "an amount with a separator": ("value: 1_000 EUR", "1:8 PM208 write digits and the currency, without separators: 120000 EUR"),
    "an amount with a thousands comma": ("value: 120,000 EUR", "1:8 PM208 write digits and the currency, without separators: 120000 EUR"),
    "an amount with the currency first": ("value: EUR 120000", "1:8 PM208 write digits and the currency, without separators: 120000 EUR"),
    "an amount that is none": ("value: nan EUR", "1:8 PM208 write digits and the currency, without separators: 120000 EUR"),
    "an unknown currency": ("value: 120000 XYZ", "1:8 PM208 write its three letters: EUR, USD, GBP"),
    "a percentage without its sign": ("pricing: {currency: EUR, options: [{name: A, discount: 10}]}", "1:56 PM219 write it as 10 %"),
    "a percentage above 100": ("pricing: {currency: EUR, options: [{name: A, discount: 110 %}]}", "1:56 PM219 write it as 10 %"),
    "y for yes": ("stages: [{title: S, tasks: [{title: A, milestone: y}]}]", "1:51 PM210 write yes or no"),
    "on for yes": ("stages: [{title: S, tasks: [{title: A, milestone: on}]}]", "1:51 PM210 write yes or no"),
    "a time without minutes": ("review: {time: 15}", '1:16 PM211 write hours and minutes in quotes: "09:30"'),
    "a time of day that does not exist": ('review: {time: "25:00"}', '1:16 PM211 write hours and minutes in quotes: "09:30"'),
    "a time in American": ("review: {time: 3pm}", '1:16 PM211 write hours and minutes in quotes: "09:30"'),
    "a duration without a unit": ("review: {duration: 25}", "1:20 PM209 write minutes or hours: 25m or 1h 30m"),
    "a duration of nothing": ("review: {duration: 0m}", "1:20 PM209 write minutes or hours: 25m or 1h 30m"),
    "business days without a unit": (
        "stages: [{title: S, tasks: [{title: A, takes: 3}]}]",
        "1:47 PM209 write business days or weeks: 3d or 2w",
    ),
    "a colour in words": ("brand: {accent: teal}", '1:17 PM215 write six hexadecimal digits in quotes: "#0F5C5C"'),
    "a colour without its sign": ("brand: {accent: 0b6e4f}", '1:17 PM215 write six hexadecimal digits in quotes: "#0F5C5C"'),
    "a language that does not ship": (
        "locale: pl",
        "1:9 PM216 write one of en, de, fr, es, nl, pt, it, sv, ja, ar, with a country where it matters: en-GB",
    ),
    "a time zone that is a city": ("timezone: London", "1:11 PM217 did you mean `Europe/London`?"),
    "a time zone that is misspelt": ("timezone: Europe/Londn", "1:11 PM217 did you mean `Europe/London`?"),
    "a country that is none": ("holidays: UK", "1:11 PM218 write its two letters, with a region where it matters: GB, DE-BY"),
    "a region that is none": ("holidays: NL-ZH", "1:11 PM218 write one of: Midden, Noord, Zuid"),
    "a mail address without a domain": ("people: [{id: maria, email: maria}]", "1:29 PM213 write it as name@company.example"),
    "a mail address with a name": (
        "people: [{id: maria, email: Maria <maria@acme.example>}]",
        "1:29 PM213 write it as name@company.example",
    ),
    "a web address without https": (
        "account: {name: Acme, site: www.acme.example}",
        "1:29 PM212 write it whole, starting with https://, mailto: or tel:",
    ),
    "a web address that runs something": (
        'account: {name: Acme, site: "javascript:alert(1)"}',
        "1:29 PM212 write it whole, starting with https://, mailto: or tel:",
    ),
    "an id with capitals": ("people: [{id: Maria, name: Maria}]", "1:15 PM214 use lower-case letters, digits, `-` and `_`, 64 at the most"),
    "an id with a space": ("id: acme corp", "1:5 PM214 use lower-case letters, digits, `-` and `_`, 64 at the most"),
    "a share key that can be guessed": (
        "share_key: acme",
        "1:12 PM220 it is at least 22 letters and digits, made by chance: `planmark new` writes one",
    ),
    "a share key with a sign": (
        "share_key: k7w2m9x4c3hq5d8rj6p1t0bn2v!",
        "1:12 PM220 it is at least 22 letters and digits, made by chance: `planmark new` writes one",
    ),
    "a word that does not fit": (
        "stages: [{title: S, tasks: [{title: A, status: finished}]}]",
        "1:48 PM204 write one of: todo, doing, done, blocked, dropped",
    ),
    "a word in capitals": ("stages: [{title: S, tasks: [{title: A, status: Done}]}]", "1:48 PM204 did you mean `done`?"),
    "a section that does not exist": ("pages: [{title: P, sections: [sumary]}]", "1:31 PM204 did you mean `summary`?"),
    "a gate that does not exist": ("not_needed: {secrity: No data is kept}", "1:23 PM204 did you mean `security`?"),
}

REFERENCES: dict[str, tuple[str, ...]] = {
    "an unknown person": ("kept_by: peter", "1:10 PM301 add them to `people`"),
    "a misspelt person": ("kept_by: mara", "1:10 PM301 did you mean `maria`?"),
    "a person by their name": (
        "people: [{id: mlq, name: Maria Lindqvist}]\nkept_by: Maria Lindqvist",
        "2:10 PM214 write the id: `mlq`",
    ),
    "a task by its title": (
        "stages: [{title: S, tasks: [{id: sign, title: Sign it}, {title: B, after: Sign it}]}]",
        "1:75 PM214 write the id: `sign`",
    ),
    "a date that counts from an id that two tasks have": (
        "stages: [{title: S, tasks: [{id: a, title: A, due: 2026-12-01}, {id: a, title: B, due: 2d after a}]}]",
        "1:70 PM305 give one of the two another id",
    ),
    "a task that waits for an id that two tasks have": (
        "stages: [{title: S, tasks: [{id: a, title: A}, {id: a, title: B, after: a}]}]",
        "1:53 PM305 give one of the two another id",
    ),
    "an unknown owner": (
        "risks: [{title: Late, owner: [maria, peter]}]",
        "1:38 PM301 add them to `people`; TBD is written by leaving the owner out",
    ),
    "an unknown party": ("people: [{id: maria, party: fenwick}]", "1:29 PM301 write buyer, seller or the id of one of `parties`"),
    "a misspelt party": ("people: [{id: maria, party: byer}]", "1:29 PM301 did you mean `buyer`?"),
    "an unknown task": ("stages: [{title: S, tasks: [{title: A, after: [kickoff]}]}]", "1:48 PM302 write the id of a task of any stage"),
    "a misspelt task": ("stages: [{title: S, tasks: [{id: sign, title: A}, {title: B, after: sgin}]}]", "1:69 PM302 did you mean `sign`?"),
    "an unknown stage": ("pages: [{title: P, sections: [{stages: [install]}]}]", "1:41 PM304 write the id of a stage"),
    "an unknown stage or task in a freeze": (
        "freezes: [{start: 2026-12-21, end: 2027-01-03, why: Shutdown, stops: [install]}]",
        "1:71 PM304 write the id of a stage or a task",
    ),
    "an unknown resource": (
        "stages: [{title: S, tasks: [{title: A, resources: [demo]}]}]",
        "1:52 PM303 add it to `resources` or to content/_library/resources.yaml",
    ),
    "a misspelt resource": (
        "resources: [{id: demo, title: Demo}]\nstages: [{title: S, tasks: [{title: A, resources: demmo}]}]",
        "2:51 PM303 did you mean `demo`?",
    ),
    "a resource without a title that the library does not have": (
        "resources: [demo]",
        "1:13 PM202 write how the buyer would call it, or the id of a library resource",
    ),
    "a misspelt criterion": (
        "success_criteria: [{id: speed, criterion: Fast}]\nstages: [{title: S, exit_criteria: [spede], tasks: [{title: A}]}]",
        "2:37 PM309 did you mean `speed`?",
    ),
    "an unknown meeting guest": ("review: {with: [maria, peter]}", "1:24 PM301 add them to `people`"),
    "an id twice in a list": ("people: [{id: maria, name: Maria}, {id: maria, name: Mary}]", "1:41 PM305 give one of the two another id"),
    "a task's id twice in two stages": (
        "stages: [{title: S, tasks: [{id: a, title: A}]}, {title: T, tasks: [{id: a, title: B}]}]",
        "1:74 PM305 give one of the two another id",
    ),
    "a party called buyer": ("parties: [{id: buyer, name: Fenwick}]", "1:16 PM305 give this party another id"),
    "two titles that make one id": (
        "risks: [{title: Late}, {title: Late!}]",
        "1:24 PM308 give it an id of its own: `id: late-2` (warning)",
    ),
    "tasks that wait for each other": (
        "stages: [{title: S, tasks: [{id: a, title: A, after: [c]}, {id: b, title: B, after: [a]}, {id: c, title: C, after: [b]}]}]",
        "1:54 PM306 take one of them out of `after`",
    ),
    "a task that waits for itself": (
        "stages: [{title: S, tasks: [{id: a, title: A, after: a}]}]",
        "1:54 PM306 take one of them out of `after`",
    ),
    "a freeze that ends before it starts": (
        "freezes: [{start: 2027-01-03, end: 2026-12-21, why: Shutdown}]",
        "1:36 PM222 check both dates",
    ),
    "a period that ends before it starts": ("key_dates: [{date: 2027-01-03, end: 2027-01-01, title: Fair}]", "1:37 PM222 check both dates"),
    "a task that is due before it starts": (
        "stages: [{title: S, tasks: [{title: A, start: 2027-01-03, due: 2027-01-01}]}]",
        "1:64 PM222 check both dates",
    ),
    "a meeting that ends before it starts": (
        'stages: [{title: S, tasks: [{title: A, meeting: {time: "10:00", end: "09:00"}}]}]',
        "1:70 PM222 check `time` and `end`",
    ),
    "a target before the start": ("start: 2027-02-01\ntarget: 2027-01-29", "2:9 PM222 check both dates"),
    "a block that is no widget": (
        "resources: [{title: Sum, kind: video, block: shares}]",
        "1:46 PM222 write `kind: widget` with `block`, or leave `block` out",
    ),
    "a block with an address": (
        "resources: [{title: Sum, url: https://acme.example/sum, block: shares}]",
        "1:64 PM222 write `kind: widget` with `block`, or leave `block` out",
    ),
    "a widget without a block": (
        "resources: [{title: Sum, kind: widget}]",
        "1:13 PM202 write `block:` with the name of a block of your theme: overtime for themes/<theme>/blocks/overtime.html",
    ),
    "a block that leaves its folder": (
        "resources: [{title: Sum, block: ../page}]",
        "1:33 PM214 use lower-case letters, digits, `-` and `_`, 64 at the most",
    ),
    "an address and a file": (
        "resources: [{title: Demo, url: https://acme.example/demo, file: overview.md}]",
        "1:65 PM222 keep `url` or `file`",
        "1:65 PM401 put it into the deal's folder, or into content/_library",
    ),
    "a section that names two things": (
        "pages: [{title: P, sections: [{stages: [start], markdown: Hello}]}]",
        "1:31 PM222 write a section's name, or one of stages, resources, markdown; `title` may stand beside it",
    ),
    "a section that names nothing": (
        "pages: [{title: P, sections: [{title: Hello}]}]",
        "1:31 PM222 write a section's name, or one of stages, resources, markdown; `title` may stand beside it",
    ),
    "a share key beside continues": (
        "share_key: k7w2m9x4c3hq5d8rj6p1t0bn2v\ncontinues: other",
        "1:12 PM222 remove `share_key`; the link of the first plan goes on",
        "2:12 PM310 write the id of the plan whose link goes on; its folder stays, as history",
    ),
}

ECHOES: dict[str, tuple[str, ...]] = {
    "owners of people that are missing": ("people:\nkept_by: maria", "1:1 PM106 write one, or remove the line"),
    "owners of somebody whose id is wrong": (
        "people: [{id: Maria, name: Maria}]\nkept_by: maria",
        "1:15 PM214 use lower-case letters, digits, `-` and `_`, 64 at the most",
    ),
    "a freeze of a stage that is wrong": (
        "stages: [Start, {title: Go, tasks: [{title: T}]}]\nfreezes: [{start: 2026-12-21, end: 2027-01-03, why: Shutdown, stops: [start]}]",
        "1:10 PM203 write `{title: Start}`",
    ),
    "dates that count from a date that is wrong": (
        "start: 2026-13-01\nstages: [{title: S, tasks: [{title: T, due: 3d after start}]}]",
        "1:8 PM205 check the month and the day: year-month-day",
    ),
    "dates that count from a target that is wrong": (
        "target: 2027-13-01\nstages: [{title: S, tasks: [{title: T, due: 3d before target}]}]",
        "1:9 PM205 check the month and the day: year-month-day",
    ),
    "a section whose key is misspelt": ("pages: [{title: P, sections: [{stges: [start]}]}]", "1:32 PM201 did you mean `stages`?"),
}


@pytest.mark.parametrize("mistake", VALUES)
def test_a_value_that_is_none_says_what_to_write(mistake: str, in_plan: InPlan) -> None:
    lines, *problems = VALUES[mistake]
    assert in_plan(lines) == problems


@pytest.mark.parametrize("mistake", REFERENCES)
def test_a_reference_or_a_contradiction_is_told_with_the_nearest_known_word(mistake: str, in_plan: InPlan) -> None:
    lines, *problems = REFERENCES[mistake]
    assert in_plan(lines) == problems


@pytest.mark.parametrize("mistake", ECHOES)
def test_what_one_mistake_leads_to_is_not_told_as_well(mistake: str, in_plan: InPlan) -> None:
    lines, *problems = ECHOES[mistake]
    assert in_plan(lines) == problems
