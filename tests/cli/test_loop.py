"""The whole way as people go it: forms sent, pulled, answered, acted on, signed, links printed, keys handed on."""

from __future__ import annotations

import json
import os
import pty
import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tests.build.small import THEMED
from tests.cli.running import Said, environment, planmark
from tests.endpoints.coming import DIGEST, FILES, KEY, OLD_KEY, SHARE, WORKSPACE, MakeWorkspace, fields, token
from tests.endpoints.fakes.receiver import OwnReceiver
from tests.plan.doing import event

from planmark.content.acting import load_one
from planmark.content.activity import append_events
from planmark.content.secrets import written_key
from planmark.plan.tokens import fingerprint

HOSTILE = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202egnp.exe"
RAW = ("\x1b", "\x07", "\x9b", "\u202e")
ENDPOINT_TOKEN = "key-of-the-team"


class Team:
    """A workspace, its endpoint, and what the team says to it."""

    def __init__(self, root: Path, service: OwnReceiver) -> None:
        self.root, self.service = root, service
        self.variables = {"PLANMARK_CONFIG": str(root / "config"), "PLANMARK_ENDPOINT_TOKEN": ENDPOINT_TOKEN}
        self.variables |= {"PLANMARK_KEY": written_key(KEY), "PLANMARK_REGISTER_TOKEN": service.register_token}

    def __call__(self, *arguments: str, **changes: str) -> Said:
        said = planmark(self.root, *arguments, **{**self.variables, **changes})
        assert not set(said.all) & set(RAW)
        return said

    def send(self, deal: str = "acme", **changes: str) -> None:
        self.service.keep(fields(deal, **changes), [])

    def refused(self, *arguments: str, code: int = 1, **changes: str) -> str:
        """What a command that cannot be done says: one problem on one line, with its hint."""
        said = self(*arguments, **changes)
        assert (said.code, said.out) == (code, "")
        if code == 1:
            assert len(said.err.splitlines()) == 1
            assert re.match(r"\S+  PM\d{3}  \S.*  \S", said.err), said.err
        return said.err

    def status(self, name: str = "nda") -> str | None:
        return next(one.status for one in load_one(self.root, "acme").plan.stages[0].tasks if one.id == name)

    def waiting(self) -> list[dict[str, object]]:
        found: list[dict[str, object]] = json.loads(self("inbox", "--json").out)
        return found


@pytest.fixture
def team(workspace: MakeWorkspace) -> Iterator[Team]:
    with OwnReceiver() as service:
        lines = f'{WORKSPACE}theme: plain\nkey: "{fingerprint(KEY)}"\nendpoint: {{kind: planmark, url: "{service.url}"}}\n'
        publish = (
            'publish: {live: {kind: directory, url: "https://plans.lumen.example"}}\nrules: {R8: off}\n'  # plans age with the calendar
        )
        yield Team(workspace({**FILES, **THEMED, "planmark.yaml": lines + publish}), service)


# Pulling


def test_a_pull_says_who_did_what_and_how_much_there_was(team: Team) -> None:
    team.send()
    team.send("beta", pm_kind="comment", pm_text="Two\nlines", pm_item="plan")
    team.send(pm_kind="test", pm_item="plan")
    said = team("pull")
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines() == [
        "acme: Maria Lindqvist checked off “Sign”",
        "beta: Maria Lindqvist commented on the plan: Two lines",
        "2 new acts of 3 submissions read, 1 test arrived.",
    ]
    assert team("pull").out == "0 new acts of 0 submissions read.\n"
    assert team.status() == "done"


def test_what_waits_or_could_not_be_applied_leads_to_the_inbox(team: Team) -> None:
    team.send(pm_token="", pm_name="Ann")
    team.send(pm_item="task/gone")
    team.send(pm_plan="f" * 32)
    said = team("pull")
    assert said.code == 0
    assert "“Ann” (unverified) checked off “Sign”" in said.out
    assert said.out.endswith("planmark inbox\n")
    assert len(said.err.splitlines()) == 2
    assert all("not applied: " in line for line in said.err.splitlines())
    listed = team("inbox").out.splitlines()
    assert len(listed) == 4
    assert "“Ann” (unverified)" in listed[0]
    assert listed[-1] == "1 thing waits for an answer: planmark inbox accept DEAL ID, or reject."


def test_only_some_deals_are_pulled(team: Team) -> None:
    team.send()
    team.send("beta")
    assert team("pull", "beta").out.startswith("beta: ")
    assert team.status() is None
    assert team("pull").out.startswith("acme: ")


@pytest.mark.parametrize("form", ["--csv", "--json"])
def test_an_export_is_read_from_a_file(team: Team, form: str) -> None:
    team.send(pm_kind="comment", pm_text="=1+1", pm_item="plan")
    said = team("receiver", "export", *(["--csv"] if form == "--csv" else []))
    assert said.code == 0
    (team.root / "export.txt").write_text(said.out, encoding="utf-8", newline="")
    assert "commented on the plan: =1+1" in team("pull", "--from", "export.txt").out
    assert team("pull").out == "0 new acts of 1 submission read.\n"


# What buyers write never reaches the terminal as it is


def test_no_text_of_a_buyer_speaks_to_the_terminal(team: Team) -> None:
    for kind, more in (("comment", {}), ("declined", {}), ("proposed", {"pm_what": "owner", "pm_value": HOSTILE})):
        team.send(pm_kind=kind, pm_text=HOSTILE, pm_name=HOSTILE, pm_token="", **more)
    team.send(pm_kind="comment", pm_text="x", pm_item=f"task/{HOSTILE}")
    # a copy of the file that came by another way than a pull was never cleaned
    append_events(team.root / "content/acme", [event(kind="comment", proof="", by="", name=HOSTILE, text=HOSTILE)])
    (team.root / "content/acme/quarantine.jsonl").write_text(json.dumps({"id": HOSTILE, "reason": HOSTILE}) + "\n", encoding="utf-8")
    for command in (["pull"], ["inbox"], ["inbox", "--json"], ["show", "acme"], ["show", "acme", "--json"], ["check"]):
        assert team(*command).code in (0, 1)
    (wait,) = [one for one in team.waiting() if "proposes" in str(one["text"])]
    team("inbox", "reject", "acme", str(wait["id"]), "--text", "No\x1b[2J")


# Answering


def test_what_waits_is_accepted_and_rejected_by_the_beginning_of_its_id(team: Team) -> None:
    team.send(pm_event="0193-first-1", pm_token="", pm_name="Ann")
    team.send(pm_event="0194-second-1", pm_token="", pm_kind="comment", pm_text="Buy pills")
    team("pull")
    assert [(one["id"], one["answerable"]) for one in team.waiting()] == [("0193-first-1", True), ("0194-second-1", True)]
    said = team("inbox", "accept", "acme", "0193")
    assert (said.code, said.out) == (0, "accepted: “Ann” (unverified) checked off “Sign”\n")
    assert team("inbox", "reject", "acme", "0194-second-1", "--text", "Not here").code == 0
    assert team.status() == "done"
    assert team.waiting() == []
    assert team("inbox").out == "Nothing waits.\n"


def test_a_proposed_date_and_owner_hold_once_they_are_accepted(team: Team) -> None:
    team.send(pm_event="date-0001", pm_kind="proposed", pm_what="date", pm_value="2026-12-01")
    team.send(pm_event="owner-001", pm_kind="proposed", pm_what="owner", pm_value="Ann")
    team("pull")
    assert team("inbox", "accept", "acme", "date-").code == 0
    assert "PM301" in team.refused("inbox", "accept", "acme", "owner-")
    assert team("inbox", "accept", "acme", "owner-", "--owner", "jo").code == 0
    task = load_one(team.root, "acme").plan.stages[0].tasks[0]
    assert task.due
    assert (task.due.written, task.owner) == ("2026-12-01", ("jo",))


def answered(team: Team, *keys: str) -> str:
    """Go through the inbox on a terminal, and answer each question as it comes; what stood there."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "planmark", "inbox", "--ask"]
    running = subprocess.Popen(
        command, cwd=team.root, env=environment(TERM="xterm", **team.variables), stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    written, left = b"", list(keys)
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # how Linux says that nobody writes to it any more
            break
        written += part
        if left and written.endswith((b"]: ", b": ")) and not written.endswith(b"\r\n"):
            os.write(ours, f"{left.pop(0)}\n".encode())
    os.close(ours)
    assert running.wait(60) == 0
    return written.decode()


def test_the_inbox_asks_about_each_in_turn(team: Team) -> None:
    for name in ("Ann", "Bo", "Cy", "Di"):
        team.send(pm_event=f"from-{name}-1", pm_token="", pm_name=name, pm_kind="comment", pm_text=HOSTILE + name)
    team("pull")
    text = answered(team, "a", "Thanks", "r", "", "s", "q")
    assert not set(text) & {"\x9b", "\u202e"}
    acts = load_one(team.root, "acme").acts
    assert {one.of: (one.kind, one.text) for one in acts.answers.values()} == {
        "from-Ann-1": ("accepted", "Thanks"),
        "from-Bo-1": ("rejected", ""),
    }
    assert [one.name for one in acts.waiting] == ["Cy", "Di"]


def test_asking_needs_a_terminal(team: Team) -> None:
    assert "--ask needs a terminal" in team.refused("inbox", "--ask", code=2)


# The seller's acts


def test_a_task_is_done_reopened_moved_and_given_to_others(team: Team) -> None:
    plan = (team.root / "content/acme/plan.yaml").read_bytes()
    assert team("task", "acme", "nda", "done").out == "Dana Whitfield set “Sign” to done\n"
    assert team.status() == "done"
    assert team("task", "acme", "nda", "reopened", "--text", "A page is missing").out.startswith(
        "Dana Whitfield set “Sign” to todo: A page"
    )
    assert team.status() == "todo"
    assert team("task", "acme", "nda", "due", "2026-12-01").out == "Dana Whitfield moved “Sign” to 2026-12-01\n"
    assert team("task", "acme", "nda", "owner", "jo", "dana").out == "Dana Whitfield gave “Sign” to Jo, Dana Whitfield\n"
    task = load_one(team.root, "acme").plan.stages[0].tasks[0]
    assert task.due
    assert (task.due.written, task.owner) == ("2026-12-01", ("jo", "dana"))
    assert (team.root / "content/acme/plan.yaml").read_bytes() == plan
    assert team("check").code == 0


def test_check_tells_what_plan_yaml_overrules(team: Team) -> None:
    team("task", "acme", "nda", "due", "2026-12-01")
    path = team.root / "content/acme/plan.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("2026-11-20", "2026-11-27"), encoding="utf-8")
    said = team("check")
    assert "content/acme/activity.jsonl:1:1  PM710" in said.all
    due = load_one(team.root, "acme").plan.stages[0].tasks[0].due
    assert due
    assert due.written == "2026-11-27"


def test_the_seller_signs(team: Team) -> None:
    said = team("sign", "acme")
    assert said.out.splitlines()[0] == "Dana Whitfield signed: We mean to do this."
    assert "`jo`" in team.refused("sign", "acme", "--as", "jo")


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["task", "acme", "ndaa", "done"], "PM302  no task has the id `ndaa`  did you mean `nda`?"),
        (["task", "acmee", "nda", "done"], "PM604"),
        (["task", "acme", "nda", "owner", "marie"], "did you mean `maria`?"),
        (["task", "acme", "nda", "done", "--as", "maria"], "PM301"),
        (["inbox", "accept", "acme", "0193"], "PM711  nothing that waits has an id like `0193`"),
        (["inbox", "--deal", "acmee"], "PM604"),
        (["pull", "acmee"], "did you mean `acme`?"),
        (["links", "acmee"], "PM604"),
        (["pull", "--from", "planmark.yaml"], "PM706"),
    ],
)
def test_what_cannot_be_done_says_why(team: Team, arguments: list[str], part: str) -> None:
    assert part in team.refused(*arguments)


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["task", "acme", "nda", "done", "now"], "`now` is too much"),
        (["task", "acme", "nda", "due"], "takes a date"),
        (["task", "acme", "nda", "due", "tomorrow"], "`tomorrow` is not a date"),
        (["task", "acme", "nda", "due", "2026-12-01", "2026-12-02"], "is not a date"),
        (["task", "acme", "nda", "owner"], "takes the ids"),
        (["task", "acme", "nda", "finished"], "finished"),
        (["inbox", "accept", "acme"], "ID"),
        (["pull", "--from", "no-such-file"], "no-such-file"),
    ],
)
def test_wrong_usage_says_what_fits(team: Team, arguments: list[str], part: str) -> None:
    assert part in team.refused(*arguments, code=2)


def test_an_endpoint_that_is_away_or_refuses_is_told(team: Team) -> None:
    assert "PM702" in team.refused("pull", PLANMARK_ENDPOINT_TOKEN="")
    assert "does not accept the secret" in team.refused("pull", PLANMARK_ENDPOINT_TOKEN="wrong")
    path = team.root / "planmark.yaml"
    there = path.read_text(encoding="utf-8")
    path.write_text(there.replace(team.service.url, "http://127.0.0.1:1"), encoding="utf-8")
    assert "PM705" in team.refused("pull")
    path.write_text(path.read_text(encoding="utf-8").replace("endpoint:", "#"), encoding="utf-8")
    assert "PM701" in team.refused("pull")


# Links


def test_links_are_printed_for_each_guest_and_count_when_they_are_used(team: Team) -> None:
    said = team("links", "acme", "--today", "2026-11-09")
    lines = said.out.splitlines()
    assert [line.partition(",")[0] for line in lines[::2]] == ["Maria Lindqvist", "Jo"]
    address, _, fragment = lines[1].strip().partition("#t=")
    assert address == f"https://plans.lumen.example/acme-{SHARE['acme']}/"
    team.send(pm_token=fragment)
    assert "acme: Maria Lindqvist checked off" in team("pull").out
    assert team("links", "acme", "--today", "2026-12-24").out == said.out


def test_whoever_has_left_by_the_day_of_the_workspace_gets_no_link_wherever_the_machine_is(team: Team) -> None:
    """It is tomorrow already at home, by one clock or the other."""
    zone = "Pacific/Kiritimati"
    there = datetime.now(ZoneInfo(zone)).date().isoformat()
    settings, path = team.root / "planmark.yaml", team.root / "content/acme/plan.yaml"
    lines = [line for line in settings.read_text(encoding="utf-8").splitlines() if not line.startswith("timezone:")]
    settings.write_text("\n".join([*lines, f"timezone: {zone}", ""]), encoding="utf-8")
    path.write_text(path.read_text(encoding="utf-8").replace("Jo}", f"Jo, left: {there}}}"), encoding="utf-8")
    assert "Jo" not in team("links", "acme", TZ="Etc/GMT+12").out


def test_a_revoked_link_counts_no_more_and_whoever_left_gets_none(team: Team) -> None:
    before = team("links", "acme").out
    path = team.root / "content/acme/plan.yaml"
    changed = (
        path.read_text(encoding="utf-8").replace("Maria Lindqvist}", "Maria Lindqvist, link: 2}").replace("Jo}", "Jo, left: 2026-01-01}")
    )
    path.write_text(f"expires: 2027-03-01\n{changed}", encoding="utf-8")
    after = team("links", "acme").out
    assert "Jo" not in after
    assert "until 2027-03-01" in after
    assert not {line for line in before.splitlines() if "#t=" in line} & set(after.splitlines())
    team.send(pm_token=token())
    assert "with a link of Maria Lindqvist that was revoked" in team("pull").out
    assert team.status() is None


def test_an_address_that_nobody_names_is_asked_for(team: Team) -> None:
    path = team.root / "planmark.yaml"
    path.write_text(re.sub("publish:.*", "", path.read_text(encoding="utf-8")), encoding="utf-8")
    said = team("links", "acme")
    assert said.err.startswith("note: planmark.yaml names no public address")
    assert f"  acme-{SHARE['acme']}/#t=" in said.out
    assert "  https://x.example/p/#t=" in team("links", "acme", "--address", "https://x.example/p/").out


# Keys


def test_a_new_workspace_has_a_key_that_only_its_fingerprint_is_written_of(tmp_path: Path) -> None:
    config = {"PLANMARK_CONFIG": str(tmp_path / "config")}
    assert planmark(tmp_path, "init", "ws", **config).code == 0
    keys = tmp_path / "config/keys"
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    written = keys.read_text(encoding="utf-8").strip()
    (name,) = re.findall(r'^key: "([0-9a-f]{8})"', (tmp_path / "ws/planmark.yaml").read_text(encoding="utf-8"), re.MULTILINE)
    assert "activity*.jsonl merge=union" in (tmp_path / "ws/.gitattributes").read_text(encoding="utf-8")
    shown = planmark(tmp_path / "ws", "key", "show", **config)
    assert (shown.code, shown.out.splitlines()[0]) == (0, f"{name}  signs new links")
    assert written not in shown.all
    assert written in planmark(tmp_path / "ws", "key", "show", "--secret", **config).out


def test_a_key_is_handed_to_a_colleague(team: Team, tmp_path: Path) -> None:
    """On another machine links cannot be made until the key is there; then they are the same."""
    other = {"PLANMARK_KEY": "", "PLANMARK_CONFIG": str(tmp_path / "colleague")}
    missing = team.refused("links", "acme", **other)
    assert f"the signing key {fingerprint(KEY)} is not on this machine" in missing
    assert "planmark key add" in missing
    shown = team("key", "show", "--secret").out
    done = subprocess.run(
        [sys.executable, "-m", "planmark", "key", "add"],
        cwd=team.root,
        env=environment(**{**team.variables, **other}),
        input=shown,
        text=True,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout.startswith(f"{fingerprint(KEY)} is on this machine now")) == (0, True)
    assert written_key(KEY) not in done.stdout + done.stderr
    assert team("links", "acme", **other).out == team("links", "acme").out


def test_what_is_no_key_is_not_added_and_not_shown(team: Team) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "planmark", "key", "add"],
        cwd=team.root,
        env=environment(**team.variables),
        input="hunter2\n",
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
    assert "PM707" in done.stderr
    assert "hunter2" not in done.stdout + done.stderr


def test_keys_are_exchanged_and_links_of_the_old_one_count_on(team: Team) -> None:
    old = team("links", "acme").out
    said = team("key", "rotate")
    (line,) = re.findall(r'key: \["[0-9a-f]{8}", "[0-9a-f]{8}"\]', said.out)
    assert "planmark-key-" not in said.all
    path = team.root / "planmark.yaml"
    path.write_text(re.sub("key: .*", line, path.read_text(encoding="utf-8"), count=1), encoding="utf-8")
    assert team("key", "show").out.splitlines()[:2] == [
        f"{re.findall('[0-9a-f]{8}', line)[0]}  signs new links",
        f"{fingerprint(KEY)}  old: its links still count",
    ]
    new = team("links", "acme").out
    assert new != old
    for number, text in enumerate((old, new)):
        team.send(pm_token=text.splitlines()[1].partition("#t=")[2], pm_kind="comment", pm_text=f"Number {number}")
    assert team("pull").out.count("Maria Lindqvist commented") == 2


def test_a_key_file_that_others_can_read_is_refused(team: Team) -> None:
    keys = team.root / "config/keys"
    keys.parent.mkdir()
    keys.write_text(written_key(KEY) + "\n", encoding="utf-8")
    keys.chmod(0o644)
    assert "chmod 600" in team.refused("links", "acme", PLANMARK_KEY="")


def test_what_another_key_signed_is_applied_when_the_key_is_brought(team: Team) -> None:
    team.send(pm_token=token(key=OLD_KEY))
    assert "a key that this machine doesn't have" in team("pull").err
    path = team.root / "planmark.yaml"
    both = f'key: ["{fingerprint(KEY)}", "{fingerprint(OLD_KEY)}"]'
    path.write_text(re.sub("key: .*", both, path.read_text(encoding="utf-8"), count=1), encoding="utf-8")
    assert team("pull").out.startswith("0 new acts")
    assert team("pull", PLANMARK_KEY=f"{written_key(KEY)} {written_key(OLD_KEY)}").out.startswith("acme: Maria")
    assert team.status() == "done"


def test_no_secret_is_in_the_workspace_or_in_what_any_command_says(team: Team) -> None:
    team.send()
    team.send(pm_token="x.y.z")
    secrets = [KEY, written_key(KEY).encode(), KEY.hex().encode(), ENDPOINT_TOKEN.encode(), team.service.register_token.encode()]
    commands = ["pull", "build --no-pdf", "links acme", "links beta", "inbox --json", "show acme --json", "check --format json", "key show"]
    commands += ["receiver register", "task acme nda done", "sign acme", "endpoint test", "watch --once"]
    for command in commands:
        said = team(*command.split())
        assert said.code == 0, (command, said.all)
        assert not [one for one in secrets[1:] if one.decode() in said.all], command
    found = [path for path in team.root.rglob("*") if path.is_file() and any(one in path.read_bytes() for one in secrets)]
    assert found == []
    assert len(list((team.root / "build").rglob("*"))) > 10
    assert DIGEST["acme"].encode() in b"".join(path.read_bytes() for path in (team.root / "build").rglob("plan.json"))


def test_receiver_registers_every_plan_and_goes_on_after_one_with_errors(team: Team) -> None:
    said = team("receiver", "register")
    assert said.out.splitlines() == [f"acme  {DIGEST['acme']}", f"beta  {DIGEST['beta']}", "2 plans are registered."]
    path = team.root / "content/acme/plan.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("owner: maria", "owner: mara"), encoding="utf-8")
    said = team("receiver", "register")
    assert (said.code, said.out.splitlines()) == (1, [f"beta  {DIGEST['beta']}", "1 plan is registered."])
    assert "PM301" in said.err
