"""Signing keys and other secrets: found where they may be, refused where others can read them, and never told."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planmark.content.secrets import keep_key, key_file, keys_here, new_key, read_key, secret, team_keys, written_key
from planmark.plan.tokens import fingerprint
from planmark.problems import PlanmarkError, Problem

ONE, OTHER = bytes(range(32)), bytes(range(100, 132))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration folder that is not there yet."""
    monkeypatch.setenv("PLANMARK_CONFIG", str(tmp_path / "config"))
    return tmp_path / "config"


def refused(names: tuple[str, ...] = ()) -> Problem:
    """Why no keys are found."""
    with pytest.raises(PlanmarkError) as error:
        team_keys(names or (fingerprint(ONE),))
    (problem,) = error.value.problems
    assert problem.code == "PM707"
    return problem


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_key_is_kept_where_nobody_else_can_read_it(folder: Path) -> None:
    path = keep_key(ONE)
    assert path == key_file() == folder / "keys"
    assert (mode(path), mode(folder)) == (0o600, 0o700)
    assert keys_here() == {fingerprint(ONE): ONE}


def test_keys_are_added_once_each_and_the_file_stays_closed() -> None:
    for key in (ONE, OTHER, ONE):
        keep_key(key)
    assert list(keys_here().values()) == [ONE, OTHER]
    assert key_file().read_text(encoding="utf-8") == f"{written_key(ONE)}\n{written_key(OTHER)}\n"
    assert mode(key_file()) == 0o600


def test_a_key_added_to_a_file_without_a_last_line_end_spoils_neither() -> None:
    keep_key(ONE)
    key_file().write_text(f"# mine\n\n{written_key(ONE)}", encoding="utf-8")
    keep_key(OTHER)
    assert list(keys_here().values()) == [ONE, OTHER]


@pytest.mark.parametrize("bits", [0o640, 0o604, 0o660, 0o644])
def test_a_key_file_that_others_can_read_is_refused(bits: int) -> None:
    keep_key(ONE)
    key_file().chmod(bits)
    problem = refused()
    assert str(key_file()) in problem.location.path
    assert f"chmod 600 {key_file()}" in problem.hint


@pytest.mark.parametrize("between", [" ", ",", ", ", "\n"])
def test_the_environment_has_one_key_or_several(monkeypatch: pytest.MonkeyPatch, between: str) -> None:
    monkeypatch.setenv("PLANMARK_KEY", f" {written_key(ONE)}{between}{written_key(OTHER)} ")
    assert keys_here() == {fingerprint(ONE): ONE, fingerprint(OTHER): OTHER}


def test_keys_of_the_environment_and_of_the_file_are_all_here(monkeypatch: pytest.MonkeyPatch) -> None:
    keep_key(OTHER)
    monkeypatch.setenv("PLANMARK_KEY", written_key(ONE))
    assert team_keys((fingerprint(OTHER), fingerprint(ONE))).signing == OTHER
    assert team_keys((fingerprint(ONE), fingerprint(OTHER))).signing == ONE


def test_an_old_key_that_is_not_here_is_no_reason_to_stop() -> None:
    keep_key(ONE)
    assert team_keys((fingerprint(ONE), fingerprint(OTHER))).keys == {fingerprint(ONE): ONE}


def test_a_missing_key_says_how_to_bring_it() -> None:
    problem = refused()
    assert fingerprint(ONE) in problem.message
    assert "planmark key show --secret" in problem.hint
    assert "planmark key add" in problem.hint


def test_another_key_says_which_one_is_here() -> None:
    keep_key(OTHER)
    assert f"(here: {fingerprint(OTHER)})" in refused().message


def test_a_workspace_without_a_key_says_how_to_make_one() -> None:
    with pytest.raises(PlanmarkError) as error:
        team_keys(())
    assert "planmark key rotate" in error.value.problems[0].hint


@pytest.mark.parametrize(
    "written",
    [
        "",
        "planmark-key-",
        written_key(ONE)[:-1],
        written_key(ONE) + "A",
        written_key(ONE).replace("planmark-key-", ""),
        "planmark-key-" + "é" * 43,
        "planmark-key-" + "!" * 43,
    ],
)
def test_what_is_no_key_is_refused_without_being_shown(written: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PlanmarkError) as error:
        read_key(written, "here")
    text = str(error.value)
    assert "planmark-key-" in text
    assert not written.removeprefix("planmark-key-") or written.removeprefix("planmark-key-") not in text
    if written:
        monkeypatch.setenv("PLANMARK_KEY", f"{written_key(OTHER)} {written}")
        assert refused().location.path == "PLANMARK_KEY"


def test_a_key_file_of_something_else_is_refused_and_not_shown() -> None:
    key_file().parent.mkdir()
    key_file().write_bytes(b"\xff\xfe\x00hunter2")
    key_file().chmod(0o600)
    assert "hunter2" not in str(refused())


@given(st.binary(min_size=32, max_size=32))
def test_a_key_that_is_written_down_is_the_same_key(key: bytes) -> None:
    assert read_key(f"  {written_key(key)}\n", "here") == key


def test_keys_are_made_by_chance() -> None:
    made = {new_key() for _ in range(20)}
    assert len(made) == 20
    assert {len(one) for one in made} == {32}


def test_a_fingerprint_shows_nothing_of_its_key() -> None:
    assert fingerprint(ONE) not in ONE.hex()
    assert len(fingerprint(ONE)) == 8


def test_a_secret_comes_from_the_environment_and_else_says_where_to_put_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANMARK_ENDPOINT_TOKEN", " t0ken\n")
    assert secret("PLANMARK_ENDPOINT_TOKEN") == "t0ken"
    monkeypatch.delenv("PLANMARK_ENDPOINT_TOKEN")
    with pytest.raises(PlanmarkError) as error:
        secret("PLANMARK_ENDPOINT_TOKEN")
    (problem,) = error.value.problems
    assert problem.code == "PM702"
    assert problem.hint.endswith("`keyring set planmark PLANMARK_ENDPOINT_TOKEN`")
    monkeypatch.setattr("planmark.content.secrets.find_spec", lambda name: None)
    with pytest.raises(PlanmarkError) as error:
        secret("PLANMARK_ENDPOINT_TOKEN")
    assert error.value.problems[0].hint.endswith('pip install "planmark[keyring]"')


def test_a_secret_comes_from_the_systems_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    import keyring

    class Kept(keyring.backend.KeyringBackend):
        """A keyring that holds two things."""

        priority = 1

        def get_password(self, service: str, username: str) -> str | None:
            return {"PLANMARK_ENDPOINT_TOKEN": "t0ken", "PLANMARK_KEY": written_key(ONE)}.get(username) if service == "planmark" else None

        def set_password(self, service: str, username: str, password: str) -> None:
            raise NotImplementedError

    before = keyring.get_keyring()
    keyring.set_keyring(Kept())
    try:
        assert secret("PLANMARK_ENDPOINT_TOKEN") == "t0ken"
        assert team_keys((fingerprint(ONE),)).signing == ONE
    finally:
        keyring.set_keyring(before)


def test_a_keyring_that_is_locked_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    import keyring

    def locked(service: str, username: str) -> str:
        raise RuntimeError("locked")

    monkeypatch.setattr(keyring, "get_password", locked)
    keep_key(ONE)
    assert keys_here() == {fingerprint(ONE): ONE}
