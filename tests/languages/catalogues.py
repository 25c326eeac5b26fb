"""The catalogues of the interface's words: taken from templates and code, kept as PO files, compiled. `./run words` runs it.

It writes the same bytes for the same words: no dates, no line numbers. New messages come into every PO file empty and are told; messages
that no template has any longer go.
"""

from __future__ import annotations

import re
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog
from babel.messages.catalog import Message
from babel.messages.extract import extract
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

from planmark.plan.scalars import LANGUAGES
from planmark.shipped import THEMES
from planmark.site.language import CATALOGUES, DOMAIN
from planmark.site.words import messages

SITE = CATALOGUES.parent
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3)}
TRANSLATED = tuple(code for code in LANGUAGES if code != "en")
TEMPLATE = CATALOGUES / f"{DOMAIN}.pot"


def po_file(code: str) -> Path:
    """A language's catalogue as people edit it."""
    return CATALOGUES / code / "LC_MESSAGES" / f"{DOMAIN}.po"


def mo_file(code: str) -> Path:
    """The same as the program reads it."""
    return po_file(code).with_suffix(".mo")


def extracted() -> Catalog:
    """Every message of every theme that ships, of the code and its own templates, and of the model's fixed words."""
    catalogue = Catalog(locale="en", fuzzy=False)
    for context, message in messages():
        catalogue.add(message, context=context or None)
    for path in (*sorted(THEMES.rglob("*.html")), *sorted(SITE.rglob("*.html"))):
        with path.open("rb") as file:
            options = {
                "trim_blocks": "true",
                "lstrip_blocks": "true",
                "newstyle_gettext": "true",
                "silent": "false",
                "extensions": "jinja2.ext.do",
            }
            _add(catalogue, extract(babel_extract, file, KEYWORDS, options=options))
    for path in sorted(SITE.rglob("*.py")):
        with path.open("rb") as file:
            _add(catalogue, extract("python", file, KEYWORDS))
    return catalogue


def _add(catalogue: Catalog, found: Iterator[tuple[int, str | tuple[str, ...], list[str], str | None]]) -> None:
    for _, message, _, context in found:
        catalogue.add(message, context=context)


def keys(catalogue: Catalog) -> set[tuple[str | None, str | tuple[str, ...]]]:
    """What names its messages: context and English."""
    return {(message.context, message.id) for message in catalogue if message.id}


def read(code: str) -> Catalog:
    """A language's catalogue as it stands."""
    with po_file(code).open("rb") as file:
        return read_po(file, locale=code)


def updated(code: str, source: Catalog) -> Catalog:
    """A catalogue with the messages of `source` and the translations that it has already."""
    known = {(one.context, one.id): one.string for one in read(code) if one.id} if po_file(code).exists() else {}
    catalogue = Catalog(locale=code, fuzzy=False)
    for message in source:
        if message.id:
            catalogue.add(message.id, known.get((message.context, message.id), ""), context=message.context)
    return catalogue


def po_text(catalogue: Catalog, remarks: str = "") -> bytes:
    """A catalogue as a PO file, in the order of its messages, under the remarks of those who translate."""
    from io import BytesIO

    out = BytesIO()
    write_po(out, catalogue, omit_header=True, no_location=True, sort_output=True, width=0)
    head = "".join(f'"{line}\\n"\n' for line in _head(catalogue).splitlines())
    return f'{remarks}msgid ""\nmsgstr ""\n{head}\n'.encode() + out.getvalue().strip() + b"\n"


def _head(catalogue: Catalog) -> str:
    code = str(catalogue.locale)
    plural = f"Plural-Forms: {get_plural(code)}\n" if code != "en" else ""
    return f"Language: {code}\n{plural}MIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n"


def remarks(code: str) -> str:
    """The lines before a catalogue's first message: its glossary."""
    if not po_file(code).exists():
        return ""
    match = re.match(r"(?:#[^\n]*\n)*", po_file(code).read_text(encoding="utf-8"))
    return match[0] if match else ""


def compiled(catalogue: Catalog) -> bytes:
    """A catalogue as an MO file; what is not translated is left out, so that English stands in for it."""
    texts = {b"": _head(catalogue).encode()}
    for message in catalogue:
        if message.id and is_translated(message):
            forms = message.id if isinstance(message.id, tuple) else (message.id,)
            strings = message.string if isinstance(message.string, tuple) else (message.string,)
            context = f"{message.context}\x04" if message.context else ""
            texts[(context + "\x00".join(forms)).encode()] = "\x00".join(strings).encode()
    pairs = sorted(texts.items())
    names, values = b"", b""
    places = []
    for name, value in pairs:
        places.append((len(name), len(names), len(value), len(values)))
        names += name + b"\0"
        values += value + b"\0"
    start = 28 + 16 * len(pairs)
    table = [number for size, at, _, _ in places for number in (size, start + at)]
    table += [number for _, _, size, at in places for number in (size, start + len(names) + at)]
    header = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0)
    return header + struct.pack(f"<{len(table)}I", *table) + names + values


def is_translated(message: Message) -> bool:
    """Whether every form of it is there."""
    return all(message.string) if isinstance(message.string, tuple) else bool(message.string)


def main() -> int:
    """Bring every file up to date, and say what is not translated."""
    source = extracted()
    CATALOGUES.mkdir(exist_ok=True)
    TEMPLATE.write_bytes(po_text(source))
    missing = 0
    for code in TRANSLATED:
        catalogue = updated(code, source)
        before = len(keys(read(code)) - keys(source)) if po_file(code).exists() else 0
        told = remarks(code)
        po_file(code).parent.mkdir(parents=True, exist_ok=True)
        po_file(code).write_bytes(po_text(catalogue, told))
        mo_file(code).write_bytes(compiled(catalogue))
        empty = [one for one in catalogue if one.id and not is_translated(one)]
        missing += len(empty)
        print(f"{code}: {len(keys(catalogue))} messages, {len(empty)} not translated, {before} gone")
        for one in empty:
            print(f"    {one.id if isinstance(one.id, str) else one.id[0]}{f' ({one.context})' if one.context else ''}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
