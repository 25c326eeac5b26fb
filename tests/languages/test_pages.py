"""Whole deals in each language: what English pages say, the others don't; lists, clocks and amounts are the language's own."""

from __future__ import annotations

import json
import re
from datetime import date, time
from decimal import Decimal
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tests.languages.catalogues import TRANSLATED, read
from tests.page.site import TODAY, receiving

from planmark.content.load import load_deal
from planmark.content.team import load_team
from planmark.content.tree import scan
from planmark.problems import Location
from planmark.site.environment import (
    clock,
    commas,
    duration,
    environment,
    file_size,
    listed,
    money,
    month,
    percent,
    short_day,
    tongue,
    weekday,
)
from planmark.site.forms import Forms
from planmark.site.language import Language
from planmark.site.pages import outputs
from planmark.site.projection import project
from planmark.site.projection.values import initials
from planmark.site.theme import load_theme
from planmark.site.words import within

ROOT = Path(__file__).parents[2]
DEALS = ("northwind", "harbour")


class _Texts(HTMLParser):
    """What people read and hear of a page, piece by piece."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.silent = 0
        self.html: dict[str, str | None] = {}
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "html":
            self.html = dict(attrs)
        self.silent += tag in ("script", "style")
        for name, value in attrs:
            if name in ("alt", "title", "aria-label", "placeholder") or (name.startswith("data-") and " " in (value or "")):
                self.pieces.append(" ".join((value or "").split()))

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self.silent and data.strip():
            self.pieces.append(" ".join(data.split()))


@cache
def built(deal: str, locale: str) -> tuple[dict[str, str], str]:
    """The pages of an example in a language, with the PDF's own, and its data."""
    team = load_team(ROOT, scan(ROOT / "content" / "_library"), [])
    assert team
    loaded = load_deal(team, deal, scan(ROOT / "content" / deal))
    assert loaded.deal, loaded.problems
    from dataclasses import replace

    it = replace(loaded.deal, locale=locale)
    view = project(it, TODAY, it.history).view
    theme = load_theme(ROOT, "default", Location("planmark.yaml"))
    forms = Forms(receiving("https://forms.example")(view.key), "https://plans.example/")
    pages, data = {}, ""
    for output in outputs(view, it, theme, environment(theme, locale), forms, "made"):
        if output.path.endswith(".html") and output.data:
            pages[output.path] = output.data.decode()
        elif output.path == "plan.json" and output.data:
            data = output.data.decode()
        elif output.paper:
            pages[output.path] = output.paper.html
    return pages, data


def own_texts(deal: str, locale: str) -> tuple[list[str], str]:
    """The pieces of all pages, and all of them as one text."""
    pieces = [piece for page in built(deal, locale)[0].values() for piece in _Texts(page).pieces]
    return pieces, "\n".join(pieces)


@pytest.mark.parametrize("code", TRANSLATED)
@pytest.mark.parametrize("deal", DEALS)
def test_nothing_of_the_interface_is_left_in_english(deal: str, code: str) -> None:
    """No message that English pages show stands on the others, whole or as a part of a sentence; the plan's own texts may say the same."""
    english = set(own_texts(deal, "en-GB")[0])
    content = " ".join(re.split(r"\s+", json.dumps(json.loads(built(deal, code)[1]), ensure_ascii=False)))
    pieces, text = own_texts(deal, code)
    left = []
    own = {message.string for message in read(code)}  # `Open` is Dutch, too
    for message in read(code):
        if not isinstance(message.id, str) or not message.id or message.id in own:
            continue
        if "%(" not in message.id:
            if message.id in english and message.id in pieces and not re.search(rf'["(>]{re.escape(message.id)}["<)]', content):
                left.append(message.id)
        else:
            parts = [part.strip(" .,:;“”()") for part in re.split(r"%\(\w+\)s", message.id)]
            left += [part for part in parts if len(part.split()) > 1 and len(part) > 9 and part in text and part not in content]
    assert left == []


@pytest.mark.parametrize("code", ["en-GB", *TRANSLATED])
def test_a_page_says_its_language_and_its_direction(code: str) -> None:
    for name, page in built("northwind", code)[0].items():
        head = _Texts(page).html
        assert head.get("lang") == code, name
        assert head.get("dir", "ltr") == ("rtl" if code == "ar" else "ltr"), name


def test_the_data_stays_the_same_in_every_language() -> None:
    """What programs read has the model's words; only what the plan calls itself may differ: titles without a text of their own."""
    english, german = (json.loads(built("northwind", locale)[1]) for locale in ("en-GB", "de"))
    for one in (english, german):
        del one["locale"]
    assert english.keys() == german.keys()
    assert [person.get("roles") for person in english["people"]] == [person.get("roles") for person in german["people"]]
    assert "economic_buyer" in json.dumps(german)
    assert "Budgetverantwortung" not in json.dumps([person.get("roles") for person in german["people"]], ensure_ascii=False)


def test_lists_have_the_languages_own_commas() -> None:
    env = {code: environment(load_theme(ROOT, "default", Location("planmark.yaml")), code) for code in ("en-GB", "de", "ja", "ar")}
    said = {code: one.from_string("{{ ['A', '<b>', 'C']|commas }} {{ ['A', 'B', '<b>']|listed }}").render() for code, one in env.items()}
    assert said == {
        "en-GB": "A, &lt;b&gt;, C A, B and &lt;b&gt;",
        "de": "A, &lt;b&gt;, C A, B und &lt;b&gt;",
        "ja": "A、&lt;b&gt;、C A、B、&lt;b&gt;",
        "ar": "A، &lt;b&gt;، C A وB و&lt;b&gt;",
    }
    parted = {code: one.from_string("{{ ['A, B', '<b>']|parted }}").render() for code, one in env.items()}
    assert parted == {"en-GB": "A, B; &lt;b&gt;", "de": "A, B; &lt;b&gt;", "ja": "A, B／&lt;b&gt;", "ar": "A, B؛ &lt;b&gt;"}
    assert commas([]) == ""
    assert listed(["A"], "de") == "A"


def test_days_and_hours_are_written_as_the_language_does() -> None:
    day = date(2026, 10, 4)
    assert [short_day(day, code).striptags() for code in ("en-GB", "en-US", "de", "fr", "ja", "ar")] == [
        "4 Oct 2026",
        "Oct 4, 2026",
        "4. Okt. 2026",
        "4 oct. 2026",
        "2026年10月4日",
        "4 أكتوبر 2026",
    ]
    assert [month(day, code) for code in ("en-GB", "pt", "ja")] == ["October 2026", "outubro de 2026", "2026年10月"]
    assert [clock(time(14, 30), code) for code in ("en-GB", "en-US", "de", "ja")] == ["14:30", "2:30\u202fPM", "14:30", "14:30"]
    assert [weekday("Monday", code) for code in ("en", "de", "fr", "ja", "ar")] == ["Monday", "Montag", "lundi", "月曜日", "الاثنين"]


def test_amounts_sizes_and_lengths_too() -> None:
    assert [money(Decimal(120000), "EUR", code) for code in ("en-GB", "de", "fr")] == ["€120,000", "120.000\xa0€", "120\u202f000\xa0€"]
    assert [percent(Decimal("0.075"), code) for code in ("en", "de")] == ["7.5%", "7,5\xa0%"]
    assert [percent(1 / 3, code) for code in ("en", "fr")] == ["33%", "33\xa0%"]
    assert [file_size(1_230_000, Language(code)) for code in ("en", "de", "fr", "ja")] == ["1.2 MB", "1,2 MB", "1,2 Mo", "1.2 MB"]
    assert [duration(90, Language(code)) for code in ("en", "de", "es", "ja")] == [
        "1 hr 30 min",
        "1 Std. 30 Min.",
        "1 h 30 min",
        "1時間 30分",
    ]
    assert duration(60, Language("pt")) == "1 h"


def test_a_count_takes_the_form_that_goes_with_it() -> None:
    one, many = "%(num)s business day", "%(num)s business days"
    said = [Language("ar").ngettext(one, many, number) % {"num": number} for number in (1, 2, 3, 11, 100)]
    assert said == ["يوم عمل واحد", "يوما عمل", "3 أيام عمل", "11 يوم عمل", "100 يوم عمل"]
    assert [Language("ja").ngettext(one, many, number) % {"num": number} for number in (1, 5)] == ["1営業日", "5営業日"]
    assert [Language("de").ngettext(one, many, number) % {"num": number} for number in (1, 5)] == ["1 Arbeitstag", "5 Arbeitstage"]


def test_a_text_in_a_language_of_its_own_says_so() -> None:
    english, arabic = Language("en-GB"), Language("ar")
    assert tongue(None, english) == ""
    assert tongue("en-GB", english) == ""
    assert tongue("fi", english) == ' lang="fi"'
    assert tongue("he", english) == ' lang="he" dir="rtl"'
    assert tongue("fi", arabic) == ' lang="fi" dir="ltr"'


def test_initials_that_would_join_into_a_word_stand_apart() -> None:
    assert [initials(name) for name in ("ليلى المنصوري", "ليلى", "Ivo Harcourt", "渡辺 海")] == ["ل\u200cا", "ل", "IH", "渡海"]


@pytest.mark.parametrize(("code", "likely", "grave"), [("fr", "moyenne", "moyen"), ("it", "media", "medio")])
def test_a_level_agrees_with_what_it_is_said_of(code: str, likely: str, grave: str) -> None:
    language = Language(code)
    assert [within("medium", "probability", language=language), within("medium", language=language)] == [likely, grave]
    page = _Texts(built("northwind", code)[0]["index.html"]).pieces
    said = {(page[at - 1], piece) for at, piece in enumerate(page) if at and piece in (likely, grave)}
    assert said <= {(language.gettext("Probability"), likely), (language.gettext("Impact"), grave)}
    assert said
