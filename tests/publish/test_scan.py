"""The last search: however an internal text is written, it is found; what the buyer may read is no find."""

from __future__ import annotations

import json
import tracemalloc
import zipfile
import zlib
from html import escape
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planmark.content.layout import INTERNAL_MARK
from planmark.content.secrets import KEY_VARIABLE, new_key, written_key
from planmark.publish import scan
from planmark.publish.scan import Secrets, secrets_of, wrong_in

HIDDEN = "They'd take <half> of it & “more”, too"


def found(path: str, data: bytes, *internal: str, amounts: tuple[str, ...] = (), shared: tuple[str, ...] = ()) -> list[str]:
    """What is wrong with a file."""
    return list(wrong_in(path, data, secrets_of(internal, amounts, shared)))


def packed(name: str, held: str | bytes) -> bytes:
    """An office file with a text, or an archive with another one."""
    data = BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, held if isinstance(held, bytes) else f"<w:t>{escape(held)}</w:t>")
    return data.getvalue()


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("index.html", f"<p>{escape(HIDDEN)}</p>".encode()),
        ("index.html", f"<p title='{escape(HIDDEN)}'>x</p>".encode()),
        ("index.html", b"<p>They&#39;d <b>TAKE</b>\n &lt;half&gt; of it &amp; &ldquo;more&rdquo;, too</p>"),
        ("plan.json", json.dumps({"a": [{"b": HIDDEN}]}).encode()),
        ("plan.ics", b"BEGIN:VCALENDAR\r\nDESCRIPTION:They'd take <half> of it\r\n  & \xe2\x80\x9cmore\xe2\x80\x9d\\, too\r\n"),
        ("assets/a.css", f"/* {HIDDEN} */".encode()),
        ("assets/a.svg", f"<svg><desc>{escape(HIDDEN)}</desc></svg>".encode()),
        ("assets/a.docx", packed("word/document.xml", HIDDEN)),
        ("assets/a.pdf", b"%PDF-1.7\n1 0 obj\nstream\n" + zlib.compress(HIDDEN.encode()) + b"\nendstream\n"),
        ("assets/a.pdf", b"%PDF-1.7\n1 0 obj\nstream\r\n" + zlib.compress(HIDDEN.encode()) + b"endstream\n"),
        ("assets/a.pdf", b"%PDF-1.7\n1 0 obj\n<</Title (\xfe\xff" + HIDDEN.encode("utf-16-be") + b")>>"),
        (
            "assets/a.pdf",
            b"%PDF-1.7\nstream\n" + zlib.compress(b"/Title <FEFF" + HIDDEN.encode("utf-16-be").hex().encode() + b">") + b"\nendstream",
        ),
        ("assets/a.csv", HIDDEN.encode("utf-16")),
        ("assets/a.zip", packed("offers/more.zip", packed("word/document.xml", HIDDEN))),
        ("assets/a.png", b"\x89PNG" + HIDDEN.encode()),
    ],
)
def test_a_text_is_found_however_it_is_written(path: str, data: bytes) -> None:
    (why,) = found(path, data, HIDDEN)
    assert "is internal" in why


@given(st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=40), st.sampled_from(["html", "json", "txt"]))
def test_any_text_of_two_words_is_found(text: str, kind: str) -> None:
    """Escaped as its kind of file escapes it."""
    hidden = f"zq {text} zq zq"
    written = {"html": f"<p>{escape(hidden)}</p>", "json": json.dumps([hidden]), "txt": hidden}[kind]
    assert found(f"a.{kind}", written.encode(), hidden)


@given(st.integers(10_000, 10**10), st.sampled_from(["", ",", ".", " ", "\u00a0", "\u202f", "'", "’"]))
def test_an_amount_is_found_however_it_is_grouped(number: int, between: str) -> None:
    written = f"{number:,}".replace(",", between)
    assert found("index.html", f"<p>All in all {written} EUR, at most</p>".encode(), amounts=(f"{number} EUR",))
    assert not found("index.html", f"<p>All in all {written}7 EUR</p>".encode(), amounts=(f"{number} EUR",))


def test_a_small_amount_needs_its_currency_beside_it() -> None:
    """A number of four digits is a year, or a part of an id."""
    assert found("index.html", b"<p>EUR 1,500 less</p>", amounts=("1500 EUR",))
    assert found("index.html", "<p>1.500 €</p>".encode(), amounts=("1500 EUR",))
    assert not found("index.html", b"<p>1500 users</p>", amounts=("1500 EUR",))


@pytest.mark.parametrize(
    ("internal", "shared"),
    [("Go live together", "We go  live\ntogether in May"), ("word", ""), ("2026-11-09", ""), ("a b", "")],
)
def test_what_the_buyer_reads_and_single_words_are_no_finds(internal: str, shared: str) -> None:
    assert not found("index.html", f"<p>{internal}</p>".encode(), internal, shared=(shared,))


def test_an_amount_that_the_buyer_reads_is_no_find() -> None:
    assert not found("index.html", b"<p>98,765 EUR</p>", amounts=("98765 EUR",), shared=("98765 EUR",))


def test_keys_are_found_in_every_spelling(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of this machine by name; another's by how keys are written."""
    import base64

    key = new_key()
    monkeypatch.setenv(KEY_VARIABLE, written_key(key))
    spellings = [key, key.hex().encode(), key.hex().upper().encode(), base64.b64encode(key), base64.urlsafe_b64encode(key)]
    for spelling in [*spellings, written_key(key).encode()]:
        (why,) = found("assets/a.png", b"x" + spelling + b"y")
        assert "the signing key" in why
    (why,) = found("index.html", written_key(new_key()).encode())
    assert why == "a signing key is in it"


def test_tokens_of_the_environment_are_found_and_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANMARK_REGISTER_TOKEN", "a/token+with=signs")
    monkeypatch.setenv("PLANMARK_CONFIG_PLACE", "nothing secret at all")
    for spelling in (b"a/token+with=signs", b"a%2Ftoken%2Bwith%3Dsigns"):
        (why,) = found("plan.json", b'["' + spelling + b'"]')
        assert why == "the value of PLANMARK_REGISTER_TOKEN is in it"
    assert not found("plan.json", b"nothing secret at all")


@pytest.mark.parametrize(
    "secret",
    [
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "GOOGLE_SERVICE_ACCOUNT_KEY",
        "AZURE_STORAGE_ACCOUNT_KEY",
        "AZURE_STORAGE_SAS_TOKEN",
    ],
)
def test_what_opens_a_store_is_searched_for(monkeypatch: pytest.MonkeyPatch, secret: str) -> None:
    monkeypatch.setenv(secret, "Zm9vYmFy/Zm9v+YmFy==")
    (why,) = found("assets/notes.txt", b"the store: Zm9vYmFy/Zm9v+YmFy==")
    assert why == f"the value of {secret} is in it"


@pytest.mark.parametrize("kind", ["PRIVATE KEY", "RSA PRIVATE KEY", "OPENSSH PRIVATE KEY", "EC PRIVATE KEY"])
def test_a_private_key_is_found_whosoever_it_is(kind: str) -> None:
    """In a file of its own, or in a service account's JSON; a text about such files has none in it."""
    key = f"-----BEGIN {kind}-----\n" + "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC" * 2 + "\n"
    for data in (key.encode(), json.dumps({"private_key": key}).encode(), key.replace("\n", "\r\n").encode()):
        assert found("assets/a.txt", data) == ["a private key is in it"]
    assert not found("assets/a.txt", f"It begins with -----BEGIN {kind}----- and goes on for lines.".encode())


def test_an_internal_page_is_known_by_its_mark() -> None:
    assert found("a.html", f"<head>{INTERNAL_MARK}</head>".encode()) == ["it is an internal page"]


def test_a_broken_archive_stops_nothing() -> None:
    assert wrong_in_broken(secrets_of([HIDDEN], (), ())) == []


def wrong_in_broken(secrets: Secrets) -> list[str]:
    """Files that are not what their names say."""
    return [why for name in ("a.zip", "a.pdf", "a.json", "a.html") for why in wrong_in(name, b"PK\3\4 stream\nx\nendstream {", secrets)]


def test_a_pdf_takes_no_more_memory_than_one_of_its_streams_may(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many there are, and however small they are packed."""
    monkeypatch.setattr(scan, "_MOST_UNPACKED", 1 << 20)
    stream = b"stream\n" + zlib.compress(bytes(1 << 20)) + b"\nendstream\n"
    data = b"%PDF-1.7\n" + stream * 50
    tracemalloc.start()
    assert not found("assets/a.pdf", data, HIDDEN)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 << 20


def test_an_amount_that_the_page_works_out_is_no_find() -> None:
    """The view has it as a number, its currency elsewhere."""
    assert not found("index.html", "<p>£1,020 a year</p>".encode(), amounts=("1020 GBP",), shared=("1020", "GBP"))
