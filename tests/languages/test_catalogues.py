"""Ten languages, whole: every message is there, with its placeholders and its plural forms, and nothing on a page is out of their reach."""

from __future__ import annotations

import re
import string
from gettext import GNUTranslations
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.catalog import Message
from babel.messages.plurals import get_plural
from tests.languages.catalogues import (
    TEMPLATE,
    TRANSLATED,
    compiled,
    extracted,
    is_translated,
    keys,
    mo_file,
    po_file,
    po_text,
    read,
    remarks,
)
from tests.languages.texts import untranslated

from planmark.plan.scalars import LANGUAGES
from planmark.shipped import THEMES

TEMPLATES = sorted(path.relative_to(THEMES).as_posix() for path in THEMES.rglob("*.html"))
NOT_SAID = {
    "plan.json": "a file's name",
    "PDF": "the same in every language",
    "font-family:-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;": "the style of a mail",
}
"""Texts that stay as they are, and why."""
NEW = "run `./run words`, then fill in what is empty in src/planmark/site/languages/"


@pytest.fixture(scope="module")
def source() -> Catalog:
    return extracted()


@pytest.fixture(scope="module", params=TRANSLATED)
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    return read(request.param)


def forms(message: Message) -> list[str]:
    """A message's translations, one for each plural form."""
    return list(message.string) if isinstance(message.string, tuple) else [message.string]


def placeholders(text: str) -> set[str]:
    """What is filled in: by the template, and by the script."""
    return set(re.findall(r"%\(\w+\)s|{\d}", text))


def test_ten_languages_ship() -> None:
    assert LANGUAGES == ("en", "de", "fr", "es", "nl", "pt", "it", "sv", "ja", "ar")
    assert {path.parent.parent.name for path in THEMES.parent.rglob("planmark.po")} <= set(TRANSLATED)


def test_the_template_of_catalogues_is_what_the_pages_say(source: Catalog) -> None:
    assert TEMPLATE.read_bytes() == po_text(source), NEW


def test_each_message_is_translated_and_no_other(catalogue: Catalog, source: Catalog) -> None:
    assert keys(catalogue) == keys(source), NEW
    assert [one.id for one in catalogue if one.id and (one.fuzzy or not is_translated(one))] == []


def test_what_is_filled_in_is_filled_in_everywhere(catalogue: Catalog) -> None:
    """Each placeholder of the English, and none else. Only a form for one number may leave the number out: `one working day`.

    Where the English of one task names it and that of several counts them, so does the form for one; a form for any number may do both.
    """
    wrong, single = [], _form(get_plural(str(catalogue.locale)).plural_expr, 1)
    for message in catalogue:
        if not message.id:
            continue
        one, wanted = (placeholders(text) for text in (message.id if isinstance(message.id, tuple) else (message.id, message.id)))
        for index, form in enumerate(forms(message)):
            found = placeholders(form)
            of_one = len(forms(message)) > 1 and index == single and found == one
            without = len(forms(message)) > 2 and wanted - found == {"%(num)s"} and found < wanted
            if found not in (wanted, one | wanted) and not of_one and not without:
                wrong.append((message.id, form))
    assert wrong == []


def test_plural_forms_are_those_of_the_language(catalogue: Catalog) -> None:
    plural = get_plural(str(catalogue.locale))
    assert {len(forms(one)) for one in catalogue if isinstance(one.id, tuple)} == {plural.num_plurals}
    with mo_file(str(catalogue.locale)).open("rb") as file:
        chosen = GNUTranslations(file)
    for number in range(120):
        assert chosen.plural(number) == _form(plural.plural_expr, number)  # type: ignore[attr-defined]  # set from the header


def _form(expression: str, n: int) -> int:
    from gettext import c2py

    return c2py(expression)(n)


def test_no_translation_is_markup_that_the_english_is_not(catalogue: Catalog) -> None:
    """Messages go into pages and attributes as they stand: a quotation mark or an ampersand would break out of them."""
    assert [form for one in catalogue if one.id for form in forms(one) if set(form) & set('<>&"') or form != form.strip("\n")] == []
    assert [form for one in catalogue if one.id for form in forms(one) if re.search(r"%(?!\(\w+\)s)", form)] == []


def test_a_message_begins_and_ends_as_the_english_does(catalogue: Catalog) -> None:
    """A sentence stays one: with its full stop or without, question with question."""
    ends = {".": ".。", "?": "?؟？", "…": "…", ":": ":："}
    wrong = []
    for one in catalogue:
        text = one.id[-1] if isinstance(one.id, tuple) else one.id
        if text and text[-1] in ends:
            wrong += [form for form in forms(one) if form[-1] not in ends[text[-1]]]
        elif text:
            wrong += [
                form
                for form in forms(one)
                if form[-1] in ".。…" and text[-1] in string.ascii_letters and "Std" not in form and "Min" not in form
            ]
    assert wrong == []


def test_the_compiled_catalogue_is_the_written_one(catalogue: Catalog) -> None:
    code = str(catalogue.locale)
    assert mo_file(code).read_bytes() == compiled(catalogue), "run `./run words`"
    assert po_file(code).read_bytes() == po_text(catalogue, remarks(code)), "run `./run words`"


def test_each_catalogue_has_its_glossary() -> None:
    for code in TRANSLATED:
        assert "mutual action plan" in remarks(code), code


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_template_says_anything_past_gettext(name: str) -> None:
    assert [text for text in untranslated((THEMES / name).read_text(encoding="utf-8")) if text not in NOT_SAID] == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>Done</p>", ["Done"]),
        ("<p>{{ _('Done') }}</p><code>default-src</code><!-- well -->", []),
        ('<img alt="A logo" src="Logo.svg" class="Some words">', ["A logo"]),
        ('<td data-label="How much">{{ one }}</td>', ["How much"]),
        ("{{ 'Done' if one else _('Open') }}", ["Done"]),
        ("{% if one == 'Done' %}{{ one|map(attribute='Name')|join }}{% endif %}", []),
        ("{{ _('By %(who)s', who='The seller') }}", ["The seller"]),
        ("<li{% if one %} class=\"is-late\"{% endif %}>{{ ' of ' ~ one }}</li>", [" of "]),
        ("{{ ' is-done' if one }}{# A remark #}", []),
    ],
)
def test_the_search_finds_what_is_said(source: str, found: list[str]) -> None:
    assert untranslated(source) == found


def test_wheels_have_the_compiled_catalogues() -> None:
    """They lie in the package, and nothing keeps them out of it."""
    root = Path(__file__).parents[2]
    assert "*.mo" not in (root / ".gitignore").read_text(encoding="utf-8")
    assert all(mo_file(code).is_relative_to(root / "src" / "planmark") for code in TRANSLATED)
