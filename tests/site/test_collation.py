"""Names stand where a reader of the language looks for them."""

from __future__ import annotations

from functools import cmp_to_key
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from planmark.plan.scalars import LANGUAGES
from planmark.site.collation import sort_key

SORTED: dict[str, list[list[str]]] = {
    "en": [
        ["Adams", "Baker", "de Wit", "Zoe"],
        ["cote", "coté", "côte", "côté"],
        ["a", "A", "á", "Á", "b"],
        ["Aeneas", "Ængus", "Afa"],
        ["co-op", "coop"],
        ["file 10", "file 9"],
        ["", " ", "0", "9", "a", "z", "я", "あ"],
    ],
    "en-GB": [["Aaron", "Ångström", "Zoe"], ["Łukasz", "Luke"], ["Lodz", "Łódź", "Lodzer"]],
    "de": [
        ["Arzt", "Ärzte", "Asche"],
        ["Goethe", "Goldmann", "Göthe", "Götz"],
        ["Mueller", "Muller", "Müller"],
        ["Strasse", "Straße", "Strassen"],
        ["Öl", "Ostern", "Zug"],
    ],
    "fr": [
        ["cote", "coté", "côte", "côté", "cotes"],
        ["élan", "été", "Étienne", "fée"],
        ["œuf", "oeuvre", "œuvre", "ou"],
        ["garçon", "garde"],
        ["peche", "peché", "pèche", "péché"],
    ],
    "es": [["nube", "nuz", "ñandú", "oso"], ["cama", "caña", "caro"], ["chico", "cosa", "llama", "luz"], ["árbol", "asa"]],
    "es-MX": [["nz", "ña", "o"]],
    "sv": [
        ["Zorn", "Åberg", "Ängel", "Örn"],
        ["adel", "zebra", "åska", "ädel", "öl"],
        ["Wahl", "Xerxes", "Yngve", "Zeta"],
        ["Andersson", "Zz", "Ål", "Ära", "Ö"],
        ["Myller", "Müller", "Mz"],
        ["Ida", "Idé", "Idéa"],
    ],
}


@pytest.mark.parametrize(("locale", "names"), [(locale, names) for locale, lists in SORTED.items() for names in lists])
def test_names_in_the_order_of_the_language(locale: str, names: list[str]) -> None:
    assert sorted(names, key=lambda name: sort_key(name, locale)) == names
    backwards = names[::-1]
    assert sorted(backwards, key=lambda name: sort_key(name, locale)) == names


def test_one_letter_has_its_place_in_each_language() -> None:
    assert sort_key("Ångström", "sv") > sort_key("Zorn", "sv")
    assert sort_key("Ångström", "en") < sort_key("Zorn", "en")
    assert sort_key("Öl", "de") < sort_key("Zug", "de")
    assert sort_key("Öl", "sv-SE") > sort_key("Zug", "sv-SE")
    assert sort_key("ñu", "es") > sort_key("nz", "es")
    assert sort_key("ñu", "fr") < sort_key("nz", "fr")


def test_a_letter_with_its_accent_apart_is_the_same_letter() -> None:
    """Some keyboards and file systems write å as two signs."""
    assert sort_key("A\u030aberg", "sv") > sort_key("Zorn", "sv")
    assert sort_key("e\u0301tat", "fr")[:2] == sort_key("\u00e9tat", "fr")[:2]


LOCALES = st.sampled_from([*LANGUAGES, "en-GB", "pt-BR"])
TEXTS = st.text(max_size=12) | st.text(alphabet="aAáÁåÅäzZñNnßsSæÆ -.1\u0301\u030a", max_size=8)


@given(TEXTS, TEXTS, LOCALES)
@example("ſ", "s", "en")
@example("ß", "ss", "de")
def test_two_different_names_never_tie(one: str, other: str, locale: str) -> None:
    """Whatever order they come in, they are shown in one."""
    assert (sort_key(one, locale) == sort_key(other, locale)) == (one == other)


@given(TEXTS, TEXTS, LOCALES)
def test_accents_and_capitals_only_break_ties(one: str, other: str, locale: str) -> None:
    if locale == "en" and one.isascii() and other.isascii() and one.isalnum() and other.isalnum() and one.lower() != other.lower():
        assert (sort_key(one, locale) < sort_key(other, locale)) == (one.lower() < other.lower())
    if one.isascii():
        assert sort_key(one.lower(), locale)[:2] == sort_key(one.upper(), locale)[:2]


@given(st.lists(TEXTS, max_size=6), LOCALES)
def test_the_order_does_not_depend_on_where_one_began(names: list[str], locale: str) -> None:
    def compare(one: str, other: str) -> int:
        first, second = sort_key(one, locale), sort_key(other, locale)
        return (first > second) - (first < second)

    found = sorted(names, key=lambda name: sort_key(name, locale))
    backwards = names[::-1]
    assert sorted(backwards, key=cmp_to_key(compare)) == found
    assert all(compare(one, other) <= 0 for one, other in pairwise(found))


@given(TEXTS, TEXTS, LOCALES)
def test_a_name_comes_before_the_same_name_with_more(name: str, more: str, locale: str) -> None:
    """Smith before Smithson, whatever the language."""
    assert sort_key(f"Smith{name.strip()}", locale)[0] <= sort_key(f"Smith{name.strip()}x{more}", locale)[0]
