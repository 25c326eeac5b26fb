"""A link proves one person in one plan, with one key, up to a day; no other token does."""

from __future__ import annotations

import string
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from planmark.plan.tokens import Failure, Verdict, fingerprint, made, person_ref, plan_digest, plan_key, verified

KEY, OTHER_KEY = bytes(range(32)), bytes(range(1, 33))
PLAN, OTHER_PLAN = plan_digest("k00m9x4c3hq5d8rj6p1t0bn2v"), plan_digest("k01m9x4c3hq5d8rj6p1t0bn2v")
UNTIL = date(2027, 7, 28)
TOKEN = made(KEY, PLAN, "maria", 1, UNTIL)
ALPHABET = string.ascii_letters + string.digits + "._-"


def judged(
    token: str, *, plan: str = PLAN, keys: tuple[bytes, ...] = (KEY,), version: int = 1, received: date = UNTIL, people: str = "maria"
) -> Verdict:
    """What becomes of a token in a plan whose only people, all with links of that version, are those."""
    own = {fingerprint(key): plan_key(key, plan) for key in keys}
    return verified(token, own, {person_ref(plan, one): version for one in people.split()}, received)


def test_a_link_proves_its_person_and_is_the_same_each_time() -> None:
    found = judged(TOKEN)
    assert found.failure is None
    assert found.link
    assert (found.link.ref, found.link.version, found.link.until, found.key) == (person_ref(PLAN, "maria"), 1, UNTIL, fingerprint(KEY))
    assert {made(KEY, PLAN, "maria", 1, UNTIL) for _ in range(3)} == {TOKEN}


@pytest.mark.parametrize(
    ("token", "failure"),
    [
        (made(KEY, OTHER_PLAN, "maria", 1, UNTIL), "forged"),
        (made(OTHER_KEY, PLAN, "maria", 1, UNTIL), "unknown key"),
        (made(KEY, PLAN, "jo", 1, UNTIL), "unknown person"),
        (made(KEY, PLAN, "maria", 2, UNTIL), "revoked"),
        (made(KEY, PLAN, "maria", 1, UNTIL - timedelta(days=1)), "expired"),
        (TOKEN.replace(fingerprint(KEY), fingerprint(OTHER_KEY)), "unknown key"),
        ("", "unreadable"),
        (fingerprint(KEY), "unreadable"),
        (f"{fingerprint(KEY)}.", "unreadable"),
        (f"{fingerprint(KEY)}.x", "forged"),
        (f"{fingerprint(KEY)}...", "forged"),
    ],
)
def test_any_other_token_does_not(token: str, failure: Failure) -> None:
    assert judged(token).failure == failure


def test_a_link_counts_up_to_its_last_day_whenever_it_is_looked_at() -> None:
    """The day of receipt is what counts: a pull weeks later takes in what came in time."""
    assert judged(TOKEN, received=UNTIL).failure is None
    late = judged(TOKEN, received=UNTIL + timedelta(days=1))
    assert (late.failure, late.link and late.link.ref) == ("expired", person_ref(PLAN, "maria"))


def test_a_link_is_revoked_by_the_persons_next_version() -> None:
    assert judged(TOKEN, version=2).failure == "revoked"
    assert judged(made(KEY, PLAN, "maria", 2, UNTIL), version=2).failure is None


def test_links_of_an_old_key_count_as_long_as_the_key_is_trusted() -> None:
    assert judged(TOKEN, keys=(OTHER_KEY, KEY)).failure is None
    assert judged(TOKEN, keys=(OTHER_KEY,)).failure == "unknown key"


def test_the_key_of_one_plan_makes_no_links_of_another() -> None:
    """A receiver that is broken into gives away the plans that it has, and not the team's key."""
    keys = {plan_key(key, plan) for key in (KEY, OTHER_KEY) for plan in (PLAN, OTHER_PLAN)}
    assert len(keys) == 4
    assert KEY not in keys


@given(st.integers(0, len(TOKEN) - 1), st.sampled_from(ALPHABET))
def test_one_other_character_and_it_never_counts(place: int, character: str) -> None:
    """Also the last one of the signature, of which some bits carry nothing."""
    assume(TOKEN[place] != character)
    assert judged(TOKEN[:place] + character + TOKEN[place + 1 :]).failure is not None


def test_no_other_last_character_counts() -> None:
    assert [one for one in ALPHABET if judged(TOKEN[:-1] + one).failure is None] == [TOKEN[-1]]


@given(st.integers(0, len(TOKEN)), st.text(string.printable, min_size=1, max_size=4))
def test_nothing_can_be_put_into_a_token(place: int, more: str) -> None:
    """What reads base 64 looks past blanks and other signs."""
    assert judged(TOKEN[:place] + more + TOKEN[place:]).failure is not None


@given(st.integers(0, len(TOKEN) - 1), st.integers(1, len(TOKEN)))
def test_nothing_can_be_left_out_of_a_token(start: int, count: int) -> None:
    assert judged(TOKEN[:start] + TOKEN[start + count :]).failure is not None


@given(
    st.text()
    | st.text().map(lambda text: f"{fingerprint(KEY)}.{text}")
    | st.binary().map(lambda data: data.decode("utf-8", "surrogateescape"))
)
def test_whatever_else_is_sent_as_a_token_fails_and_no_more(token: str) -> None:
    assert judged(token).failure is not None


@given(st.text(max_size=30), st.integers(1, 99), st.dates(date(2026, 1, 1), date(2036, 1, 1)))
def test_a_token_names_nobody_and_fits_its_field(person: str, version: int, until: date) -> None:
    token = made(KEY, PLAN, person, version, until)
    assert len(person) < 4 or person not in token
    assert set(token) <= set(ALPHABET)
    assert len(token) <= 400
    assert judged(token, version=version, received=until, people="").failure == "unknown person"


def test_a_plans_digest_does_not_show_its_key() -> None:
    assert "k00m9x" not in PLAN
    assert len(PLAN) == 32
