"""Which files are taken: a few harmless kinds, by their content, which must be what the name says."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable

from planmark.plan.submissions import clean_line
from planmark.receiver import faults, limits

_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
TYPES: dict[str, str] = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "gif": "image/gif",
    "docx": f"{_OFFICE}wordprocessingml.document",
    "xlsx": f"{_OFFICE}spreadsheetml.sheet",
    "pptx": f"{_OFFICE}presentationml.presentation",
    "odt": f"{_OPEN}text",
    "ods": f"{_OPEN}spreadsheet",
    "odp": f"{_OPEN}presentation",
    "csv": "text/csv",
    "txt": "text/plain",
}
"""The media type of every file name's ending that is taken."""

_SHOWN = "PDF, PNG, JPEG, WebP, GIF, Word, Excel, PowerPoint and OpenDocument files without macros, CSV and plain text"


def clean_name(sent: str) -> str:
    """A file's name without folders, signs that mislead, and what is too long; its ending stays. BouncedError 415 where it has none."""
    name = clean_line(re.split(r"[/\\]", sent)[-1]).lstrip(". ")
    stem, dot, ending = name.rpartition(".")
    if not dot or not stem or ending.lower() not in TYPES:
        raise faults.BouncedError(415, "file-type", f"This kind of file is not taken. These are: {_SHOWN}.")
    return f"{stem[: limits.FILE_NAME - len(ending) - 1]}.{ending}"


def type_of(name: str, data: memoryview) -> str:
    """The media type of a file by that name. BouncedError 413 or 415 where its content is another, or holds what must not be in it."""
    if len(data) > limits.FILE_BYTES:
        raise faults.too_large(f"A file is larger than {limits.FILE_BYTES // limits.MIB} MiB. Send a smaller one, or a link to it.")
    ending = name.rpartition(".")[2].lower()
    if not _LOOKS[ending](data):
        text = f"The file is not what its name says, or holds macros or a password. Save it anew as one of: {_SHOWN}."
        raise faults.BouncedError(415, "file-content", text)
    return TYPES[ending]


def _starts(*beginnings: bytes) -> Callable[[memoryview], bool]:
    return lambda data: bytes(data[:16]).startswith(beginnings)


def _is_webp(data: memoryview) -> bool:
    return bytes(data[:4]) == b"RIFF" and bytes(data[8:12]) == b"WEBP"


_MARKUP = re.compile(r"\s*<(?:[!?]|[a-z]+[\s/>])", re.IGNORECASE)


def _is_text(data: memoryview) -> bool:
    """UTF-8 without NUL that no browser would take for markup."""
    try:
        text = bytes(data).decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return "\0" not in text and not _MARKUP.match(text)


_MACROS = re.compile(
    r"vba|macrosheets/|activex|(?:^|/)(?:basic|scripts)/|\.(?:doc|dot|xls|xlt|xla|ppt|pot|pps|ppa)m$|\.xlsb$|\.(?:exe|js|vbs)$"
)


def _office(main: str) -> Callable[[memoryview], bool]:
    def look(data: memoryview) -> bool:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            types = _member(archive, "[Content_Types].xml")
            return _is_plain(archive) and main in archive.namelist() and "macroenabled" not in types.lower()

    return _a_zip(look)


def _open_document(kind: str) -> Callable[[memoryview], bool]:
    def look(data: memoryview) -> bool:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _is_plain(archive) and _member(archive, "mimetype").strip() == TYPES[kind] and "content.xml" in archive.namelist()

    return _a_zip(look)


def _a_zip(look: Callable[[memoryview], bool]) -> Callable[[memoryview], bool]:
    def sound(data: memoryview) -> bool:
        if bytes(data[:4]) != b"PK\x03\x04":
            return False
        try:
            return look(data)
        except (zipfile.BadZipFile, zlib.error, LookupError, ValueError, OSError, RuntimeError, NotImplementedError, EOFError):
            return False

    return sound


def _is_plain(archive: zipfile.ZipFile) -> bool:
    """No macros, no password, no more than a document holds, and nothing that unpacks beyond measure."""
    members = archive.infolist()
    unpacked, packed = sum(one.file_size for one in members), sum(one.compress_size for one in members)
    return (
        len(members) <= limits.ZIP_MEMBERS
        and unpacked <= limits.ZIP_BYTES
        and (unpacked <= limits.ZIP_FREELY or unpacked <= limits.ZIP_RATIO * max(packed, 1))
        and not any(one.flag_bits & 1 or _MACROS.search(one.filename.lower()) for one in members)
    )


def _member(archive: zipfile.ZipFile, name: str) -> str:
    """The text of a small member; never more than what is looked at is unpacked."""
    with archive.open(name) as member:
        found = member.read(limits.ZIP_LOOKED_AT + 1)
    if len(found) > limits.ZIP_LOOKED_AT:
        raise zipfile.BadZipFile
    return found.decode("utf-8", "replace")


_LOOKS: dict[str, Callable[[memoryview], bool]] = {
    "pdf": _starts(b"%PDF-"),
    "png": _starts(b"\x89PNG\r\n\x1a\n"),
    "jpg": _starts(b"\xff\xd8\xff"),
    "jpeg": _starts(b"\xff\xd8\xff"),
    "webp": _is_webp,
    "gif": _starts(b"GIF87a", b"GIF89a"),
    "docx": _office("word/document.xml"),
    "xlsx": _office("xl/workbook.xml"),
    "pptx": _office("ppt/presentation.xml"),
    "odt": _open_document("odt"),
    "ods": _open_document("ods"),
    "odp": _open_document("odp"),
    "csv": _is_text,
    "txt": _is_text,
}
