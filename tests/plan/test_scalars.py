"""What a rep may write where a date, a number or an address is meant, and what each mistake is told."""

from __future__ import annotations

import json
import re
from datetime import date, time
from decimal import Decimal
from typing import Any, get_args
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from planmark.plan import scalars
from planmark.plan.scalars import Markdown, Money, When, Written

KINDS = [name for name in scalars.__all__ if isinstance(next(iter(get_args(getattr(scalars, name))[1:]), None), Written)]
"""Every scalar type by its name."""


def reader(name: str) -> Written:
    """What reads the scalar type of that name."""
    found = get_args(getattr(scalars, name))[1]
    assert isinstance(found, Written)
    return found


def read(name: str, text: object) -> Any:
    """The value of a text."""
    return reader(name).validate(text)


def refusal(name: str, text: object) -> tuple[str, str]:
    """Code and hint of a text that is refused."""
    with pytest.raises(PydanticCustomError) as caught:
        read(name, text)
    context = caught.value.context or {}
    assert caught.value.message() == context["message"]
    return caught.value.type, context["hint"]


GOOD: dict[str, dict[str, object]] = {
    "Whole": {"0": 0, "4": 4, "999999999": 999_999_999, " 7 ": 7, "4\n": 4},
    "Number": {"0": Decimal(0), "0.5": Decimal("0.5"), "40": Decimal(40), "4.0": Decimal("4.0"),
        "999999999999.123456": Decimal("999999999999.123456")},
    "Percent": {"10 %": Decimal(10), "0%": Decimal(0), "12.5%": Decimal("12.5"), "100 %": Decimal(100), "100.00 %": Decimal("100.00")},
    "Amount": {"120000 EUR": Money(Decimal(120000), "EUR"), "0.1USD": Money(Decimal("0.1"), "USD"), "5 XCG": Money(Decimal(5), "XCG")},
    "Currency": {"EUR": "EUR", " JPY": "JPY"},
    "LanguageTag": {"de": "de", "pt-BR": "pt-BR", "zh-Hant": "zh-Hant", " fi ": "fi"},
    "YesNo": {"yes": True, "no": False, "true": True, "false": False, "Yes": True, "NO": False, "True": True},
    "Day": {"2026-11-03": date(2026, 11, 3), "2028-02-29": date(2028, 2, 29), "2026-11-03\n": date(2026, 11, 3)},
    "Date": {
        "2026-11-03": When("2026-11-03", day=date(2026, 11, 3)),
        "2026-02": When("2026-02", month=(2026, 2)),
        "10d before target": When("10d before target", business_days=-10, anchor="target"),
        "3 w  after\nkick-off": When("3 w after kick-off", weeks=3, anchor="kick-off"),
        "0d after start": When("0d after start", anchor="start"),
    },
    "Clock": {"09:30": time(9, 30), "00:00": time(0), "23:59": time(23, 59)},
    "BusinessDays": {"3d": 3, "2w": 10, "0d": 0, "3 d": 3, "999w": 4995},
    "Days": {"7d": 7, "3w": 21, "0d": 0},
    "Minutes": {"25m": 25, "1h": 60, "1h 30m": 90, "1 h 30 min": 90, "90min": 90},
    "Id": {"maria": "maria", "a": "a", "kick-off_2": "kick-off_2", "9": "9", "a" * 64: "a" * 64, "no": "no", "0123": "0123"},
    "Text": {" two\n words ": "two words", "no": "no", "1e3": "1e3", "12:30": "12:30", "٣ Tage": "٣ Tage"},
    "Prose": {"# One\n\ntwo\n": Markdown("# One\n\ntwo\n"), "overview.md": Markdown("overview.md")},
    "FileName": {"files/demo.mp4": "files/demo.mp4", "a b.pdf": "a b.pdf"},
    "Url": {
        "https://lumen.example/a?b=c#d": "https://lumen.example/a?b=c#d",
        "HTTP://LUMEN.EXAMPLE": "HTTP://LUMEN.EXAMPLE",
        "https://bücher.example:8080/": "https://bücher.example:8080/",
        "https://[::1]/x": "https://[::1]/x",
        "mailto:a@b.example?subject=x": "mailto:a@b.example?subject=x",
        "tel:+31 10 555-01": "tel:+31 10 555-01",
    },
    "Email": {text: text for text in ("maria@northwind.example", "jürgen.oneill+x@bücher.example")},
    "Colour": {"#0F5C5C": "#0F5C5C", "#abc": "#abc"},
    "ShareKey": {"k7w2m9x4c3hq5d8rj6p1t0bn2v": "k7w2m9x4c3hq5d8rj6p1t0bn2v", "A-_" + "9" * 19: "A-_" + "9" * 19},
    "Fingerprint": {"7f31c2a9": "7f31c2a9"},
    "Locale": {"en": "en", "en-GB": "en-GB", "PT_br": "pt-BR", "en-NL": "en-NL", "ar-AE": "ar-AE"},
    "Zone": {"Europe/London": "Europe/London", "UTC": "UTC", " Asia/Tokyo\n": "Asia/Tokyo"},
    "Holidays": {"GB": "GB", "de-by": "DE-BY", "NO": "NO", "DE-Augsburg": "DE-Augsburg", "gb-wls": "GB-WLS", "de-": "DE"},
}  # fmt: skip

DATE_HINT = "write 2026-11-03, a month (2026-11), or something like `10d before target`"
NO_DAY = "check the month and the day: year-month-day"
EMPTY = "write something or remove the key"
CONTROL = "delete it and type the words anew"
ZONE_HINT = "write it as Europe/London"
LOCALES = "write one of en, de, fr, es, nl, pt, it, sv, ja, ar, with a country where it matters: en-GB"
BAD: dict[str, tuple[str, dict[str, str | list[str]]]] = {
    "LanguageTag": (
        "PM216",
        {"write its short name, with a country where it matters: fi, pt-BR": ["", "english", "d", "de-", "de DE", "x" * 40]},
    ),
    "Whole": (
        "PM206",
        {"write digits only: 4": ["", "1_000", "4.0", "+4", "-1", "1e3", "0x1F", "007", "0b1", "nan", "٣", "３", "²", "1 000", "1,000",
            "4\n5", "9999999999"]},
    ),
    "Number": (
        "PM207",
        {
            "write digits with a point: 40 or 0.5": [
                *("", "1_000", "0,5", ".5", "5.", "-1", "+1", "1e3", "nan", "inf", "Infinity", "٣", "٣.٥", "４", "1.1234567", "1" * 13,
                    "00"),
            ]
        },
    ),
    "Percent": ("PM219", {"write it as 10 %": ["10", "", "-5 %", "101 %", "100.5 %", "100.0001%", "1e1 %", "١٠ %", "10 ٪", "10 %%"]}),
    "Amount": (
        "PM208",
        {
            "write digits and the currency, without separators: 120000 EUR": [
                *("120000", "EUR", "120,000 EUR", "120.000,00 EUR", "120_000 EUR", "1e5 EUR", "€120", "120 eur", "-1 EUR", "nan EUR",
                    "١٢٠ EUR", "1 E\u0055R2"),
            ],
            "write its three letters: EUR, USD, GBP": ["120 ECU", "120 XXX"],
        },
    ),
    "Currency": ("PM208", {"write its three letters: EUR, USD, GBP": ["eur", "€", "EURO", "ABC", "", "ЕUR"]}),
    "YesNo": ("PM210", {"write yes or no": ["y", "n", "on", "off", "1", "0", "", "yeſ", "falſe", "yes!", "ja", "~", "null"]}),
    "Day": ("PM205", {"write year-month-day: 2026-11-03": ["2026-11", "03.11.2026", "2026-1-3", "20261103", "٢٠٢٦-١١-٠٣",
        "２０２６-11-03", "1726-01-01", "", "2026-11-03T00:00"],
                      NO_DAY: ["2026-02-30", "2026-13-01", "2026-00-10", "2027-02-29"]}),
    "Date": (
        "PM205",
        {
            DATE_HINT: [
                *("", "tomorrow", "2026", "2026-13", "2026-00", "2026-1", "10d", "10d before", "d before target",
                    "1_0d before target"),
                *("-3d before target", "1.5d before target", "10d Before target", "٣d before target", "３d before target", "٢٠٢٦-١١",
                    "9999d after start"),
            ],
            "write `10d before target`": ["10 days before target"],
            "write 2026-11-03": ["2026-11-03 09:00", "2026-11-3", "3.11.2026"],
            NO_DAY: ["2026-02-30", "2026-11-31"],
        },
    ),
    "Clock": ("PM211", {'write hours and minutes in quotes: "09:30"': ["9:30", "24:00", "12:60", "0930", "9am", "", "٠٩:٣٠", "09:30:00",
        "09.30"]}),
    "BusinessDays": ("PM209", {"write business days or weeks: 3d or 2w": ["3", "d", "3 days", "1.5d", "-1d", "1000d", "٣d", "1m", "",
        "3D"]}),
    "Days": ("PM209", {"write days or weeks: 7d or 3w": ["7", "one week", "12345d", "٧d", ""]}),
    "Minutes": ("PM209", {"write minutes or hours: 25m or 1h 30m": ["", "25", "0m", "0h 0m", "1:30", "half an hour", "1.5h", "٢٥m",
        "-5m"]}),
    "Id": (
        "PM214",
        {"use lower-case letters, digits, `-` and `_`, 64 at the most": ["", "Maria", "a b", "-a", "a-", "_a", "ä", "a" * 65, "a/b",
            "../a", "a.b", "٣", "ａ", "a\nb"]},
    ),
    "Text": ("PM221", {EMPTY: ["", "   ", "\n", "\u2028"], CONTROL: ["a\x00b", "\x1b[31m", "\u202eevil", "\ufeffa", "a\x85"],
        "put long texts into a .md file": "x" * 10_001}),
    "Prose": ("PM221", {EMPTY: ["", " \n\t "], CONTROL: ["a\x00b", "\u2066x"], "put long texts into a .md file": "x" * 200_001}),
    "FileName": ("PM221", {EMPTY: [""], CONTROL: ["a\x00.md"]}),
    "Url": (
        "PM212",
        {
            "write it whole, starting with https://, mailto: or tel:": [
                *("", "lumen.example", "//lumen.example", "javascript:alert(1)", "data:text/html,x", "ftp://a.example", "https://",
                    "https:///x", "https://a b", "file:///etc/passwd"),
                *("https://user:pass@a.example", "https://a.example/<b>", 'https://a.example/"', "https://a.example\\@b.example",
                    "mailto:nobody", "tel:", "tel:-", "tel:abc"),
                *("https://[x/", "https://exa\u2100mple.example", "http\u017f://a.example", "https://a.example:99999/",
                    "https://a.example:port/", "java\nscript:x"),
            ]
        },
    ),
    "Email": ("PM213", {"write it as name@company.example": ["", "maria", "maria@", "@a.example", "maria@northwind", "a b@c.example",
        "a@b..example", "a@b@c.example", "<a@b.example>", "a,b@c.example"]}),
    "Colour": ("PM215", {'write six hexadecimal digits in quotes: "#0F5C5C"': ["red", "0F5C5C", "#0F5C5", "#GGGGGG", "#0F5C5C80", "",
        "#٠٠٠", "rgb(0,0,0)", "#fff;}"]}),
    "ShareKey": ("PM220", {"it is at least 22 letters and digits, made by chance: `planmark new` writes one": ["", "secret", "a" * 21,
        "a" * 65, "a" * 21 + "/", "../" + "a" * 22, "ä" * 22]}),
    "Fingerprint": ("PM214", {"copy it from `planmark init`'s output": ["", "7F31C2A9", "7f31", "g" * 8]}),
    "Locale": (
        "PM216",
        {
            LOCALES: ["", "english", "pl", "e", "en-", "en-GBR", "ｅｎ", "zh-CN"],
            "write en, or add a country where it is at home: en-GB, de-AT, pt-BR": ["en-XX", "EN-eu"],
            "write sv, or add a country where it is at home: en-GB, de-AT, pt-BR": "sv-JP",
        },
    ),
    "Zone": ("PM217", {"did you mean `Europe/London`?": ["London", "europe/london", "Europe/Londn"], ZONE_HINT: ["", "½",
        "../../etc/passwd"], "did you mean `America/New_York`?": "New York"}),
    "Holidays": (
        "PM218",
        {
            "write its two letters, with a region where it matters: GB, DE-BY": ["", "England", "XX", "ß", "ﬁ", "GBR", "-BY", "Ｇ"],
            "write one of: " + ", ".join(scalars.places.holiday_calendars()["DE"]): ["DE-XX", "de-bayern"],
            "write EE": "EE-1",
        },
    ),
}  # fmt: skip


def read_or_none(name: str, text: str) -> Any:
    """The value of a text; None where it is refused, with the code of its kind and a hint."""
    try:
        return read(name, text)
    except PydanticCustomError as error:
        if error.type != BAD[name][0] or not (error.context or {}).get("hint"):
            raise
        return None


def rows() -> list[tuple[str, str, str, str]]:
    """Every bad text with the scalar, the code and the hint that it gets."""
    return [
        (name, text, code, hint)
        for name, (code, told) in BAD.items()
        for hint, texts in told.items()
        for text in ([texts] if isinstance(texts, str) else texts)
    ]


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in GOOD.items() for text in texts])
def test_what_may_be_written(name: str, text: str) -> None:
    assert read(name, text) == GOOD[name][text]


@pytest.mark.parametrize(("name", "text", "code", "hint"), rows())
def test_what_is_a_mistake_and_what_to_write_instead(name: str, text: str, code: str, hint: str) -> None:
    assert refusal(name, text) == (code, hint)


def test_every_scalar_is_in_the_tables() -> None:
    ids = {name for name in KINDS if reader(name) is reader("Id")}
    assert set(KINDS) - ids | {"Id"} == set(GOOD) == set(BAD)
    assert ids == {"Id", "PersonRef", "OwnerRef", "PartyRef", "TaskRef", "StageRef", "WorkRef", "ResourceRef"}


@pytest.mark.parametrize("name", GOOD)
def test_a_value_that_is_read_already_stays_as_it_is(name: str) -> None:
    for text in GOOD[name]:
        value = read(name, text)
        assert read(name, value) == value


@pytest.mark.parametrize("name", GOOD)
def test_keys_or_a_list_where_one_value_is_meant(name: str) -> None:
    assert refusal(name, ["a"]) == ("PM203", "write one value")
    assert refusal(name, {"a": "b", "c": "d"}) == ("PM203", "write one value")
    assert refusal(name, {"Terms": "net 30"}) == ("PM107", 'a text with `: ` in it is put in quotes: "Terms: net 30"')


ANY_TEXT = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="0123456789٣３.-+_eE:dwhm %EURURLhttps:/[]@#", max_size=24),
    st.sampled_from([text for texts in GOOD.values() for text in texts]).flatmap(
        lambda text: st.tuples(st.integers(0, len(text)), st.characters()).map(lambda at: text[: at[0]] + at[1] + text[at[0] :])
    ),
)


@pytest.mark.parametrize("name", GOOD)
@settings(deadline=None, max_examples=80)
@given(text=ANY_TEXT)
@example("1_000")
@example("٣")
@example("1٣")
@example("1٣ %")
@example("３")
@example("nan")
@example("4\n")
@example("https://[")
@example("2026-02-31")
def test_any_text_is_a_value_or_a_problem_and_never_a_crash(name: str, text: str) -> None:
    value = read_or_none(name, text)
    if value is not None:
        assert isinstance(value, reader(name).of)
        assert text.strip().isascii() or name in ("Text", "Prose", "FileName", "Url", "Email", "Holidays")


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet='htps:/[]@.%#?aé℀:1\\"<> ', max_size=16).map("https://".__add__) | ANY_TEXT)
def test_an_address_that_is_taken_can_be_taken_apart(text: str) -> None:
    """The page says where a link leads, so its host must be known."""
    url = read_or_none("Url", text)
    if url is None:
        return
    parts = urlsplit(url)
    assert parts.scheme in ("mailto", "tel") or parts.hostname


@settings(deadline=None)
@given(st.decimals(min_value=0, max_value=999_999_999_999, places=2), st.sampled_from(sorted(scalars.CURRENCIES)))
def test_an_amount_is_exact_to_the_last_digit(amount: Decimal, currency: str) -> None:
    money = read("Amount", f"{amount:f} {currency}")
    assert money == Money(amount, currency)
    assert read("Amount", str(money)) == money


@settings(deadline=None)
@given(st.decimals(min_value=0, max_value=100, places=3))
def test_every_percentage_up_to_a_hundred_is_exact(share: Decimal) -> None:
    assert read("Percent", f"{share:f} %") == share


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 10**6))
def test_no_discount_is_more_than_all_of_it(part: int) -> None:
    assert refusal("Percent", f"{100 + Decimal(part) / 10_000:f} %")[0] == "PM219"


@settings(deadline=None)
@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_every_day_of_two_centuries_is_a_date(day: date) -> None:
    assert read("Day", day.isoformat()) == day == read("Date", day.isoformat()).day


def test_what_the_reader_takes_an_editor_takes_too() -> None:
    """The pattern that a schema gives to editors refuses no text that the reader takes."""
    for name, texts in GOOD.items():
        schema = reader(name).schema
        for text in texts:
            if "pattern" in schema and name not in ("Date", "Whole", "Locale", "Url"):
                assert re.search(schema["pattern"], text.strip()), (name, text)
        json.dumps(schema)
