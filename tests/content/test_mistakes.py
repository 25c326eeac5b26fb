"""What YAML takes apart, and plans of the wrong shape: each mistake is told once, where it is, with what to write instead.

Each row: what the rep did, the first lines of plan.yaml, and every problem with its `line:column`, its code and its hint.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

InPlan = Callable[[str], list[str]]

WHAT_YAML_TAKES_APART: dict[str, tuple[str, ...]] = {
    "a comma inside {} cuts a text": (
        "in_their_words: {text: We want to know in minutes, not on Monday, by: maria}",
        "1:52 PM107 put the text in quotes",
    ),
    "a comma inside {} cuts a name, and what is left of it is not judged": (
        "value: {amount: 120,000 EUR}",
        "1:21 PM107 put the text in quotes",
    ),
    "a list in braces": ("outcomes: {One, Two}", "1:11 PM107 a list stands in `[]`; a text that starts with `{` is put in quotes"),
    "a colon inside a text": ("objective: Two things: speed and calm", "1:22 PM107 put the text in quotes"),
    "a colon at the end of a text": ("title: Rollout:", "1:15 PM107 put the text in quotes"),
    "a colon inside an item of a list": (
        "outcomes:\n  - Speed: a plan in a week",
        '2:5 PM107 a text with `: ` in it is put in quotes: "Speed: a plan in a week"',
    ),
    "a colon inside an item of a list in brackets": (
        "outcomes: [One, Two: three, Four]",
        '1:17 PM107 a text with `: ` in it is put in quotes: "Two: three"',
    ),
    "a colon inside a text in braces": ("stages: [{title: Sign: the NDA, tasks: [{title: x}]}]", "1:22 PM107 put the text in quotes"),
    "a number sign after a space": ("objective: It is #1", "1:18 PM107 put the text in quotes"),
    "a number sign after a space, in a list": (
        "outcomes:\n  - one # a comment, as it is meant\n  - two #note",
        "3:9 PM107 put the text in quotes",
    ),
    "a leading number sign": ("objective: #1 in Europe", "1:12 PM107 write one; where the text itself starts with `#`, put it in quotes"),
    "a leading number sign in a list": (
        "outcomes:\n  - #1 in Europe",
        "2:5 PM107 write one; where the text itself starts with `#`, put it in quotes",
    ),
    "a colour without quotes": ("brand: {accent: #0b6e4f}", "1:17 PM107 put the text in quotes"),
    "a number sign in braces swallows the line": (
        "people:\n  - {id: maria, name: Maria #1, party: buyer}",
        "2:29 PM107 put the text in quotes",
    ),
    "a leading star": ("objective: *fast", "1:12 PM107 where the text itself starts with `*`, put it in quotes"),
    "a leading star and a space": ("objective: * fast", "1:12 PM107 put the text in quotes"),
    "a leading ampersand": ("objective: &fast growth", "1:12 PM107 put the text in quotes"),
    "a lone ampersand word": ("objective: &fast", "1:12 PM107 put the text in quotes"),
    "a leading exclamation mark": ("objective: !fast", "1:12 PM105 remove it; where the text itself starts with `!`, put it in quotes"),
    "a leading at sign": ("objective: @home", "1:12 PM107 put the text in quotes"),
    "a leading percent sign": ("objective: %of", "1:12 PM107 put the text in quotes"),
    "a leading greater-than sign": ("objective: > fast", "1:12 PM107 put the text in quotes, or start the text on the next line"),
    "a leading bar": ("objective: |fast", "1:12 PM107 put the text in quotes, or start the text on the next line"),
    "a leading backtick": ("objective: `fast`", "1:12 PM107 put the text in quotes"),
    "a leading question mark": ("objective: ? fast", "1:12 PM107 put the text in quotes"),
    "a leading dash": ("objective: - fast", "1:12 PM107 put the text in quotes, or start the list on the next line"),
    "a leading bracket that closes": ("objective: ] fast", "1:12 PM107 put the text in quotes"),
    "a key without a value": ("objective:", "1:1 PM106 write one, or remove the line"),
    "a required key without a value": ("title:", "1:1 PM106 write one, or remove the line"),
    "an item without a text": ("outcomes:\n  - One\n  -\n  - Three", "3:4 PM106 write something after the `-`, or remove it"),
    "two commas in a row": ("outcomes: [One, , Three]", "1:17 PM101 write it, or remove the comma"),
    "a missing comma": ("outcomes: ['One' 'Two']", "1:18 PM101 write it before this"),
    "a bracket that is not closed": ("outcomes: [One, Two\nchallenges: [Three]", "1:11 PM101 close it with `]`"),
    "a brace that is not closed": ("target:\n  {date: 2027-01-29, label: Go-live\ntitle: Rollout", "2:3 PM101 close it with `}`"),
    "a quotation mark that is not closed": ('objective: "Fast', "1:12 PM101 close it"),
    "an apostrophe that is not closed": ("objective: 'Fast", "1:12 PM101 close it"),
    "a backslash in double quotes": (
        'objective: "C:\\Users"',
        "1:15 PM107 write it twice, or put the text in single quotes",
    ),
    "a tab after a dash": ("outcomes:\n-\tOne", "2:2 PM102 use spaces: two for each level"),
    "words after a quoted text": (
        'objective: "Fast" and calm',
        "1:19 PM101 give lines of one level the same number of spaces, and quote texts whole",
    ),
    "a line that is indented too far": (
        "people:\n  - id: maria\n    name: Maria\n     party: buyer",
        "4:6 PM101 check its indentation, and the colon of the line above",
    ),
    "a line that is not indented enough": (
        "outcomes:\n  - One\n - Two",
        "3:2 PM101 give lines of one level the same number of spaces, and quote texts whole",
    ),
    "a missing colon": ("title Rollout", "2:1 PM101 check its indentation, and the colon of the line above"),
    "a line without a colon": ("objective: Fast\nand calm", "2:1 PM101 write `key: value`, and indent what belongs to the line above"),
    "a colon without a space": ("objective:Fast\nplan_name: Plan", "1:1 PM101 write `objective: …` with a space after the colon"),
    "a colon before what only looks like a space": (
        "objective:\u00a0Fast\nplan_name: Plan",
        "1:1 PM101 write `objective: …` with a space after the colon",
    ),
    "a full-width colon": ("objective： Fast\nplan_name: Plan", "1:1 PM101 write `objective: …` with a plain colon and a space"),
    "a merge that was left halfway": (
        "objective: Fast\n<<<<<<< HEAD\nplan_name: Plan\n=======\nplan_name: Way\n>>>>>>> other",
        "2:1 PM101 keep what holds of the two, and remove the lines with <<<<<<<, ======= and >>>>>>>",
    ),
    "keys that are to be merged": (
        "target:\n  <<: {label: Go-live}\n  date: 2027-01-29",
        "2:3 PM201 write the keys themselves, in place of `<<`",
    ),
    "tasks without a value": ("stages:\n  - title: S\n    tasks:", "3:5 PM106 write one, or remove the line"),
    "a tab": ("people:\n\t- maria", "2:1 PM102 use two spaces for each level"),
    "a tab after spaces": ("people:\n  \t- maria", "2:3 PM102 use two spaces for each level"),
    "a key twice": ("objective: Fast\nobjective: Calm", "2:1 PM103 keep one of the two"),
    "a key twice in braces": ("target: {date: 2027-01-29, date: 2027-01-30}", "1:28 PM103 keep one of the two"),
    "a python tag": (
        "objective: !!python/object/apply:os.system [ls]",
        "1:12 PM105 remove it; where the text itself starts with `!`, put it in quotes",
    ),
    "a tag of YAML's own": ("title: !!str Rollout", "1:8 PM105 remove it; where the text itself starts with `!`, put it in quotes"),
    "a list as a key": ("[a, b]: c", "1:1 PM112 write a word and a colon, or put the text in quotes"),
    "a mapping as a key": ("? {a: b}\n: c", "1:3 PM112 write a word and a colon, or put the text in quotes"),
    "an alias as a key": ("plan_name: &a x\n*a : y", "2:1 PM112 write the key itself"),
    "two documents": ("---\nobjective: Fast\n---\nobjective: Calm", "3:1 PM113 keep one plan in one file: remove the `---`"),
    "an alias bomb": (
        "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
        + "".join(f"{name}: &{name} [{', '.join([f'*{inner}'] * 10)}]\n" for inner, name in zip("abcde", "bcdef", strict=True)),
        "6:8 PM104 write the values themselves instead of `&` and `*`",
    ),
    "nested too deep": ("objective: " + "[" * 40 + "]" * 40, "1:43 PM108 a plan needs no more than ten"),
    "an alias of nothing": ("objective: *nothing", "1:12 PM107 where the text itself starts with `*`, put it in quotes"),
    "a control character": ("objective: Fast\ntitle: Rollout", "2:12 PM110 delete it and type the words anew"),
}

OF_THE_WRONG_SHAPE: dict[str, tuple[str, ...]] = {
    "a list where a text is meant": ("title: [Rollout]", "1:8 PM203 write one value"),
    "keys where a text is meant": ("title: {en: Rollout, de: Einführung}", "1:8 PM203 write one value"),
    "keys where a number is meant": ("people: [{id: maria, link: {at: 2, of: 3}}]", "1:28 PM203 write one value"),
    "a text where keys are meant": ("risks: [Security review]", "1:9 PM203 write `{title: Security review}`"),
    "a text where a list of items is meant": ("stages: Start", "1:9 PM203 write `{title: Start}`"),
    "a list where keys are meant": ("not_needed: [security]", "1:13 PM203 write `key: value` pairs, one a line or inside {}"),
    "an unknown key": ("rhythm: weekly", "1:1 PM201 remove it"),
    "a misspelt key": ("objectiv: Fast", "1:1 PM201 did you mean `objective`?"),
    "misspelt people and stages are not missing as well": (
        "poeple: [{id: maria, name: Maria}]\nstage: [{title: S, tasks: [{title: T}]}]",
        "1:1 PM201 did you mean `people`?",
        "2:1 PM201 did you mean `stages`?",
    ),
    "a misspelt required key is not missing as well": ("account: {nam: Acme}", "1:11 PM201 did you mean `name`?"),
    "a misspelt key in an item": ("stages: [{title: S, tasks: [{title: T, onwer: maria}]}]", "1:40 PM201 did you mean `owner`?"),
    "one value that stands for a list is shown at its own place": ("people: {id: maria, nmae: Maria}", "1:21 PM201 did you mean `name`?"),
    "a key that only the seller may see": (
        "forecast: commit",
        "1:1 PM201 only the seller may see it: write it under `internal:`, as `internal: {forecast: …}`",
    ),
    "a stance beside a person": (
        "people: [{id: maria, stance: supporter}]",
        "1:22 PM201 only the seller may see it: write it under `internal:`, as `internal: {stance: …}`",
    ),
    "an unknown key under internal": ("internal: {forcast: commit}", "1:12 PM201 did you mean `forecast`?"),
    "a missing key": ("freezes: [{start: 2027-01-03, why: Shutdown}]", "1:11 PM202 write its last day: 2027-01-03"),
    "nobody takes part": ("people: []", "1:9 PM202 write who answers for the first task"),
    "nothing to do": ("stages: [{title: Start}]", "1:9 PM202 write the first thing that has to be done"),
    "an empty text": ('objective: ""', "1:12 PM221 write something or remove the key"),
    "an invisible character": ('objective: "Fast\\u0007"', "1:12 PM221 delete it and type the words anew"),
}


@pytest.mark.parametrize("mistake", WHAT_YAML_TAKES_APART)
def test_what_yaml_takes_apart_is_told_where_it_happens(mistake: str, in_plan: InPlan) -> None:
    lines, *problems = WHAT_YAML_TAKES_APART[mistake]
    assert in_plan(lines) == problems


@pytest.mark.parametrize("mistake", OF_THE_WRONG_SHAPE)
def test_a_plan_of_the_wrong_shape_says_what_is_expected(mistake: str, in_plan: InPlan) -> None:
    lines, *problems = OF_THE_WRONG_SHAPE[mistake]
    assert in_plan(lines) == problems
