"""What each command says, and its exit code: 0 clean, 1 problems, 2 wrong usage."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from tests.cli.running import PLAN, TODAY, UNJUDGED, environment, planmark
from tests.conftest import MakeWorkspace

from planmark.cli import COMMANDS
from planmark.cli.next_steps import next_steps


def suggested(text: str) -> list[list[str]]:
    """The commands that a text tells one to run, without those that never end and those with a blank to fill in."""
    found = [line.partition("planmark ")[2].partition("   ")[0].split() for line in text.splitlines() if "planmark " in line]
    return [words for words in found if words[0] != "serve" and "NAME" not in words]


# `planmark` alone, in the three situations


def test_alone_where_there_is_no_workspace(tmp_path: Path) -> None:
    """It says how to start one."""
    said = planmark(tmp_path)
    assert said.code == 0
    assert "There is no workspace here yet." in said.out
    assert "planmark init" in said.out


def test_alone_in_a_workspace_without_deals(workspace: MakeWorkspace) -> None:
    """It says how to start a plan."""
    said = planmark(workspace({}))
    assert said.code == 0
    assert "The workspace has no deals yet." in said.out
    assert "planmark new" in said.out


def test_the_target_that_is_suggested_lies_ahead(
    workspace: MakeWorkspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whenever it is asked for: a plan that is worked back from a day that is past is a mistake from the start."""

    class Later(date):
        @classmethod
        def today(cls) -> Later:
            return cls(2031, 3, 1)

    monkeypatch.setattr("planmark.cli.next_steps.date", Later)
    next_steps(workspace({}))
    assert "planmark new acme --template enterprise --target 2031-08-29 " in capsys.readouterr().out


def test_alone_in_a_workspace_with_deals(deals: Path) -> None:
    """It names them, and what can be done."""
    said = planmark(deals / "content/acme")
    assert said.code == 0
    assert said.out.startswith("2 deals: acme, beta\n")
    assert ["show", "acme"] in suggested(said.out)


def test_from_an_empty_folder_to_a_site(tmp_path: Path) -> None:
    """A newcomer who does exactly what each answer suggests meets no mistake."""
    said = planmark(tmp_path)
    for _ in range(3):
        steps = suggested(said.out)
        assert steps
        for step in steps:
            done = planmark(tmp_path, *step)
            assert done.code == 0, f"planmark {' '.join(step)}: {done.all}"
            if step[0] == "new":
                plan = tmp_path / "content" / step[1]
                plan.rename(plan.with_name(f"{step[1]}-{len(list(plan.parent.iterdir()))}"))
        said = planmark(tmp_path)
    assert said.out.startswith("2 deals: ")
    assert len(list((tmp_path / "build/sites").iterdir())) == 2


def test_init_then_new_then_check_then_build(tmp_path: Path) -> None:
    """The four commands of the first minute, in a folder that does not exist yet."""
    assert planmark(tmp_path, "init", "plans", "--seller", "Lumen: Security", "--timezone", "Europe/London").code == 0
    root = tmp_path / "plans"
    new = planmark(root, "new", "acme", "--template", "smb", "--target", "2027-01-29", "--account", 'Acme "and" Sons', *TODAY)
    assert new.code == 0, new.err
    assert "wrote content/acme/plan.yaml" in new.out
    said = planmark(root, "check", *TODAY)
    assert (said.code, said.out.splitlines()[0]) == (0, "0 errors, 1 warning: 1 deal.")
    assert "R4  nobody is named yet for `lead_user`" in said.err
    built = planmark(root, "build", "--no-pdf", *TODAY)
    assert built.out.startswith("1 of 1 deal built: ")
    (page,) = root.glob("build/sites/acme-*/index.html")
    assert "Lumen: Security" in page.read_text(encoding="utf-8")
    assert "Acme &#34;and&#34; Sons" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("template", ["complete", "enterprise", "essentials", "onboarding", "smb", "workspace"])
def test_every_starting_plan_starts_without_a_mistake(workspace: MakeWorkspace, template: str) -> None:
    """From far enough ahead, there is nothing to say about it but who has to be named first; and nothing as soon as everybody is."""
    root = workspace({})
    said = planmark(root, "new", "acme", "--template", template, "--target", "2027-06-30", *TODAY)
    assert (said.code, said.err) == (0, "")
    asked = planmark(root, "check", "--format", "json", *TODAY)
    assert {problem["code"] for problem in json.loads(asked.out)} == {"R4"}
    plan = root / "content/acme/plan.yaml"
    named = re.sub(r"^(  - \{id: (\w+), )(party: )", r"\1name: Robin \2, \3", plan.read_text(encoding="utf-8"), flags=re.MULTILINE)
    plan.write_text(named, encoding="utf-8")
    assert planmark(root, "check", "--strict", *TODAY).all == "Nothing is wrong: 1 deal.\n"


def test_new_like_another_deal(deals: Path) -> None:
    """With a key of its own."""
    assert planmark(deals, "new", "gamma", "--like", "acme", "--target", "2027-03-31", *TODAY).code == 0
    assert "share_key: " in (deals / "content/gamma/plan.yaml").read_text(encoding="utf-8")
    assert planmark(deals, "check").code == 0


# check


def test_check_where_nothing_is_wrong(deals: Path) -> None:
    """One line, and exit code 0."""
    assert planmark(deals, "check", *TODAY).all == "Nothing is wrong: 2 deals.\n"


def test_check_writes_nothing_but_what_it_remembers(deals: Path) -> None:
    """No site, and nothing beside the deals."""
    before = sorted(deals.rglob("*"))
    planmark(deals, "check")
    found = {path.relative_to(deals).as_posix() for path in set(deals.rglob("*")) - set(before)}
    assert found == {"build", "build/.planmark", "build/.planmark/check.json"}


def test_check_says_what_is_wrong_with_its_place(deals: Path) -> None:
    """`path:line:column  code  message  hint`, each on a line of its own, and a count."""
    (deals / "content/acme/plan.yaml").write_text(PLAN + "colour: red\n", encoding="utf-8")
    said = planmark(deals, "check")
    assert said.code == 1
    assert re.fullmatch(r"content/acme/plan\.yaml:6:1  PM201  `colour` is not a key here  .+\n", said.err)
    assert said.out == "1 error, 0 warnings: 1 of 2 deals.\n"
    assert planmark(deals, "check", "beta").code == 0


def test_check_strict_counts_warnings(deals: Path) -> None:
    """A warning alone is no reason to stop, unless asked for."""
    (deals / "content/acme/plan.yaml").write_text(PLAN + "summary: Some <b>HTML</b>\n", encoding="utf-8")
    assert planmark(deals, "check").code == 0
    assert planmark(deals, "check").out == "0 errors, 1 warning: 1 of 2 deals.\n"
    assert planmark(deals, "check", "--strict").code == 1


def test_check_knows_of_templates_what_a_build_knows(deals: Path) -> None:
    """A mistake in a theme is found without building."""
    theme = deals / "themes/own"
    theme.mkdir(parents=True)
    (theme / "theme.yaml").write_text("name: Own\n", encoding="utf-8")
    (theme / "page.html").write_text("{{ plan.titel }}\n", encoding="utf-8")
    (deals / "planmark.yaml").write_text(f"theme: own\n{UNJUDGED}", encoding="utf-8")
    for command in (["check"], ["build", "--no-pdf"], ["check"]):
        said = planmark(deals, *command)
        assert said.code == 1
        assert "themes/own/page.html:1:1  PM503" in said.err


def test_check_as_json(deals: Path) -> None:
    """A list of problems with every part of each."""
    assert json.loads(planmark(deals, "check", "--format", "json").out) == []
    (deals / "content/acme/plan.yaml").write_text(PLAN + "colour: red\n", encoding="utf-8")
    said = planmark(deals, "check", "--format", "json")
    (problem,) = json.loads(said.out)
    assert said.code == 1
    assert set(problem) == {"code", "severity", "path", "line", "column", "message", "hint"}
    assert (problem["code"], problem["severity"], problem["path"]) == ("PM201", "error", "content/acme/plan.yaml")
    assert (problem["line"], problem["column"]) == (6, 1)


def test_check_as_sarif(deals: Path) -> None:
    """What SARIF 2.1.0 asks of a log: version, tool, rules that results refer to, levels, messages, places that are URIs."""
    odd = deals / "content/beta/odd name é.md"
    odd.write_text("Some <b>HTML</b>\n", encoding="utf-8")
    resource = f"resources: [{{title: A study, file: {odd.name}, owner: maria}}]\n"
    (deals / "content/beta/plan.yaml").write_text(PLAN + resource, encoding="utf-8")
    (deals / "content/acme/plan.yaml").write_text(PLAN + "colour: red\n", encoding="utf-8")
    (deals / "content/gamma").mkdir()
    said = planmark(deals, "check", "--format", "sarif")
    log = json.loads(said.out)
    assert said.code == 1
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-2.1.0.json")
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "planmark"
    assert len({rule["id"] for rule in driver["rules"]}) == len(driver["rules"])
    assert {result["ruleId"] for result in run["results"]} == {"PM201", "PM407", "PM605"}
    for result in run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note", "none")
        assert result["message"]["text"]
        (place,) = result["locations"]
        uri = place["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"[A-Za-z0-9._~/%-]+", uri), uri
        region = place["physicalLocation"].get("region", {"startLine": 1, "startColumn": 1})
        assert region["startLine"] >= 1
        assert region["startColumn"] >= 1


def judged(deals: Path) -> Path:
    """The workspace with two of the rules: both plans break R17, and R8 as an error."""
    (deals / "planmark.yaml").write_text("rules: {R2: off, R10: off, R15: off, R22: off}\n", encoding="utf-8")
    (deals / "content/beta/plan.yaml").write_text(f"version: 2026-10-01\n{PLAN}", encoding="utf-8")
    return deals


def test_check_tells_which_rules_a_plan_breaks(deals: Path) -> None:
    """With place, message and hint as any problem; errors decide about the exit code, and the last line says where to read more."""
    said = planmark(judged(deals), "check", *TODAY)
    assert said.code == 1
    assert [line.split("  ")[:2] for line in said.err.splitlines()] == [
        ["content/acme/plan.yaml:3:9", "R17"],
        ["content/beta/plan.yaml:1:10", "R8"],
        ["content/beta/plan.yaml:4:9", "R17"],
    ]
    assert said.out == ("1 error, 2 warnings: 2 of 2 deals.\nWhy a rule matters, and how to answer it: planmark check --explain R8\n")
    assert planmark(deals, "check", "acme", *TODAY).code == 0
    assert planmark(deals, "check", "acme", "--strict", *TODAY).code == 1
    said = planmark(deals, "check", "beta", "--today", "2026-10-07")
    assert (said.code, said.out.splitlines()[0]) == (0, "0 errors, 1 warning: 1 deal.")


def test_rules_in_json_and_sarif(deals: Path) -> None:
    """With the same codes; SARIF carries the reason and what to write, for those who see no terminal."""
    said = planmark(judged(deals), "check", "--format", "json", *TODAY)
    assert [(one["code"], one["severity"], one["line"]) for one in json.loads(said.out)] == [
        ("R17", "warning", 3),
        ("R8", "error", 1),
        ("R17", "warning", 4),
    ]
    (run,) = json.loads(planmark(deals, "check", "--format", "sarif", *TODAY).out)["runs"]
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert set(rules) == {"R8", "R17"}
    for rule in rules.values():
        assert rule["shortDescription"]["text"]
        assert rule["fullDescription"]["text"].endswith(".")
        assert "not_needed" in rule["help"]["text"]
        assert "not_needed" in rule["help"]["markdown"]
    assert rules["R17"]["defaultConfiguration"] == {"level": "warning"}
    assert [result["level"] for result in run["results"]] == ["warning", "error", "warning"]


def test_explain_tells_why_a_rule_matters(tmp_path: Path) -> None:
    """Its numbers, how to set it and how to answer it; also where there is no workspace."""
    said = planmark(tmp_path, "check", "--explain", "r8")
    assert said.code == 0
    assert said.out.startswith("R8  Updated every week\n")
    for words in ("7 days old", "worse than none", "rules: {R8: {warn_after: 7d, error_after: 21d}}", "not_needed: {R8: "):
        assert words in said.out
    assert "light plans" in planmark(tmp_path, "check", "--explain", "R28").out


def test_explain_knows_the_other_codes_and_suggests(tmp_path: Path) -> None:
    assert "in a circle" in planmark(tmp_path, "check", "--explain", "PM306").out
    said = planmark(tmp_path, "check", "--explain", "PM3006")
    assert said.code == 2
    assert "did you mean `PM306`?" in said.err
    assert "rules are R1 to R30" in planmark(tmp_path, "check", "--explain", "never").err


# build, show, schema


def test_build_says_how_much_it_did(deals: Path) -> None:
    """A count of deals and files, then that there is nothing to do."""
    assert re.fullmatch(r"2 of 2 deals built: \d+ created \(.+ s, build/sites/\)\n", planmark(deals, "build", "--no-pdf").out)
    assert planmark(deals, "build", "--no-pdf").out.startswith("2 deals, nothing to do")


def test_build_does_not_count_as_built_what_failed(deals: Path) -> None:
    """The count is of deals that stand as they were written."""
    (deals / "content/acme/plan.yaml").write_text(PLAN + "colour: red\n", encoding="utf-8")
    said = planmark(deals, "build", "--no-pdf")
    assert said.out.startswith("1 of 2 deals built: ")
    assert said.code == 1


def test_build_as_json_is_json_alone(deals: Path) -> None:
    """Also with problems, and on a second build."""
    (deals / "content/acme/plan.yaml").write_text(PLAN + "colour: red\n", encoding="utf-8")
    for _ in range(2):
        data = json.loads(planmark(deals, "build", "--no-pdf", "--json").out)
        assert data["ok"] is False
        assert data["deals"] == 2
        assert data["failed"] == ["acme"]


def test_show_prints_a_plan(deals: Path) -> None:
    """Stages, tasks, owners and dates, as the buyer sees them."""
    said = planmark(deals, "show", "acme", "--today", "2026-11-30")
    assert said.code == 0
    assert "Rollout" in said.out
    assert re.search(r"○ 2026-11-20 +Sign the agreement +\(Maria Lindqvist\) +10 days late", said.out)


def test_show_as_json_is_what_the_site_holds(deals: Path) -> None:
    """The same bytes as plan.json."""
    planmark(deals, "build", "--no-pdf", *TODAY)
    assert planmark(deals, "show", "acme", "--json", *TODAY).out == (deals / "build/sites/acme/plan.json").read_text(encoding="utf-8")


def test_show_of_a_broken_plan_says_what_is_wrong(deals: Path) -> None:
    """With exit code 1, and nothing shown."""
    (deals / "content/acme/plan.yaml").write_text(PLAN + "colour: red\n", encoding="utf-8")
    said = planmark(deals, "show", "acme")
    assert (said.code, said.out) == (1, "")
    assert "PM201" in said.err


@pytest.mark.parametrize("name", ["plan", "planmark", "resources", "theme"])
def test_schema_prints_a_schema(tmp_path: Path, name: str) -> None:
    """Everywhere, with or without a workspace."""
    said = planmark(tmp_path, "schema", name)
    assert json.loads(said.out)["$schema"].startswith("https://json-schema.org/")


def test_schema_writes_the_schemas_once(deals: Path) -> None:
    """The second time there is nothing to write."""
    assert planmark(deals, "schema").out.count("wrote .planmark/") == 4
    assert planmark(deals, "schema").out == "The schemas are up to date.\n"


# wrong usage


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["bild"], "there is no command `bild`: did you mean `build`?"),
        (["frobnicate"], "there is no command `frobnicate`: `planmark --help` lists all of them\n"),
        (["build", "--nope"], "No such option"),
        (["build", "--today", "soon"], "`soon` is not a date: write year-month-day"),
        (["build", "--today", "2026-02-30"], "is not a date"),
        (["build", "--workers", "0"], "--workers"),
        (["show"], "Missing argument"),
        (["new"], "Missing argument"),
        (["new", "acme", "--template", "smb", "--like", "beta"], "exclude each other"),
        (["check", "--format", "xml"], "'xml' is not one of"),
        (["serve", "--port", "70000"], "--port"),
        (["schema", "deal"], "is not one of"),
    ],
)
def test_wrong_usage(deals: Path, arguments: list[str], part: str) -> None:
    """Exit code 2, what is wrong, and nothing done."""
    said = planmark(deals, *arguments)
    assert said.code == 2
    assert part in said.err
    assert said.out == ""
    assert not (deals / "build").exists()


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["build", "acmee"], "there is no deal `acmee`  did you mean `acme`?"),
        (["check", "zulu"], "there is no deal `zulu`"),
        (["show", "../acme"], "there is no deal `../acme`"),
        (["init"], "PM607  there is a workspace here already"),
        (["new", "acme"], "PM607  there is a deal of this name already"),
        (["new", "Acme Corp"], "use lower-case letters, digits, `-` and `_`: `acme-corp`"),
        (["new", "../outside"], "PM214"),
        (["new", "gamma", "--template", "smbb"], "did you mean `smb`?"),
        (["new", "gamma", "--like", "acmee"], "did you mean `acme`?"),
    ],
)
def test_what_cannot_be_done(deals: Path, arguments: list[str], part: str) -> None:
    """Exit code 1, one line that says why and what to write instead."""
    said = planmark(deals, *arguments)
    assert said.code == 1
    assert part in said.err
    assert len(said.err.splitlines()) == 1
    assert said.out == ""


IN_A_WORKSPACE = {
    "show": ["acme"],
    "close-plan": ["acme"],
    "handoff": ["acme"],
    "snapshot": ["acme"],
    "diff": ["acme"],
    "update": ["acme"],
    "meeting": ["acme"],
    "slip": ["acme", "trial", "5d"],
    "task": ["acme", "trial", "done"],
    "sign": ["acme"],
    "links": ["acme"],
    "access": ["acme"],
    "key": ["show"],
    "endpoint": ["test"],
    "receiver": ["register"],
    "pdf": ["acme"],
    "calendar": ["acme"],
    "bundle": ["acme"],
    "publish": ["acme"],
    "rollback": ["acme"],
    "unpublish": ["acme"],
    "theme": ["check"],
}
"""What a command takes, where it takes something."""


@pytest.mark.parametrize("command", [name for name in COMMANDS if name not in ("init", "new", "schema", "receive", "headers", "doctor")])
def test_outside_a_workspace(tmp_path: Path, command: str) -> None:
    """It says where to go."""
    said = planmark(tmp_path, command, *IN_A_WORKSPACE.get(command, []))
    assert said.code == 1
    assert "PM603" in said.err
    assert "planmark init" in said.err


@pytest.mark.parametrize("command", [[], *[[name] for name in COMMANDS]], ids=" ".join)
def test_help(tmp_path: Path, command: list[str]) -> None:
    """Every command explains itself, and each of its options."""
    said = planmark(tmp_path, *command, "--help")
    assert said.code == 0
    assert said.out == planmark(tmp_path, *command, "-h").out
    for line in said.out.splitlines():
        assert not re.fullmatch(r"\s+--[a-z-]+( [A-Z]+)?", line), f"no help: {line}"
        assert not re.search(r"[a-z]\.\.\.", line), f"cut off: {line}"


def test_version(tmp_path: Path) -> None:
    """One line."""
    from planmark import __version__

    assert planmark(tmp_path, "--version").out == f"planmark {__version__}\n"


def test_as_a_module_and_as_a_function(deals: Path) -> None:
    """`python -m planmark` is the console script's own function."""
    code = "import sys; from planmark.cli import main; main(sys.argv[1:])"
    done = subprocess.run([sys.executable, "-c", code, "check"], cwd=deals, env=environment(), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "Nothing is wrong: 2 deals.\n")
