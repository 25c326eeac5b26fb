"""Files: few kinds, by their content; kept under their digest; given to nobody but the team, and never shown in place."""

from __future__ import annotations

import io
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest
from tests.receiver.conftest import MANY
from tests.receiver.running import PAGE, READ, Answer, Receiving, fields

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def zipped(*members: tuple[str, bytes], stored: bool = False) -> bytes:
    """A zip file."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return target.getvalue()


def office(main: str, *more: tuple[str, bytes], types: str = WORD) -> bytes:
    """An office document in the least that it takes."""
    return zipped(("[Content_Types].xml", f'<Types><Override ContentType="{types}"/></Types>'.encode()), (main, b"<w/>"), *more)


def odf(kind: str, *more: tuple[str, bytes]) -> bytes:
    """An OpenDocument file in the least that it takes."""
    return zipped(("mimetype", f"application/vnd.oasis.opendocument.{kind}".encode()), ("content.xml", b"<o/>"), *more, stored=True)


TAKEN = {
    "contract.pdf": (PDF, "application/pdf"),
    "Logo.PNG": (PNG, "image/png"),
    "photo.jpg": (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
    "photo.jpeg": (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
    "photo.webp": (b"RIFF\x24\0\0\0WEBPVP8 ", "image/webp"),
    "moving.gif": (b"GIF89a\1\0\1\0", "image/gif"),
    "letter.docx": (office("word/document.xml"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "sums.xlsx": (office("xl/workbook.xml"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "slides.pptx": (office("ppt/presentation.xml"), "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    "letter.odt": (odf("text"), "application/vnd.oasis.opendocument.text"),
    "sums.ods": (odf("spreadsheet"), "application/vnd.oasis.opendocument.spreadsheet"),
    "slides.odp": (odf("presentation"), "application/vnd.oasis.opendocument.presentation"),
    "table.csv": ("name;Größe\n".encode(), "text/csv"),
    "notes.txt": (b"\xef\xbb\xbfa < b", "text/plain"),
    "empty.txt": (b"", "text/plain"),
}


def digest(content: bytes) -> str:
    return sha256(content).hexdigest()


@pytest.mark.parametrize("name", TAKEN)
def test_files_that_are_taken(server: Receiving, plan: str, name: str) -> None:
    content, kind = TAKEN[name]
    assert server.upload(fields(plan, kind="upload"), (name, content), plan=plan).status == 201
    (event,) = [one for one in server.events() if one["plan"] == plan]
    assert event["files"] == [{"name": name, "type": kind, "size": len(content), "digest": digest(content)}]
    (shown,) = server.state(plan).json["events"]
    assert (shown["files"], digest(content) in server.state(plan).text) == ([name], False)
    said = server.ask(f"/v1/files/{digest(content)}", Authorization=f"Bearer {READ}")
    assert (said.status, said.body) == (200, content)
    assert said.headers["content-type"] == "application/octet-stream"
    assert said.headers["content-disposition"].startswith("attachment")
    assert said.headers["x-content-type-options"] == "nosniff"
    assert said.headers["content-security-policy"].startswith("sandbox")


def nested(depth: int) -> bytes:
    """Zeros that take a thousandth of their size."""
    return zipped(("[Content_Types].xml", WORD.encode()), ("word/document.xml", bytes(depth << 20)))


def with_password() -> bytes:
    """A document whose members say that they are encrypted."""
    data = bytearray(office("word/document.xml"))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = data.find(mark)
        while start >= 0:
            data[start + at] |= 1
            start = data.find(mark, start + 4)
    return bytes(data)


BOUNCED = {
    "a page": ("page.html", b"<!doctype html><script>alert(1)</script>", "file-type"),
    "a drawing": ("logo.svg", SVG, "file-type"),
    "a program": ("setup.exe", b"MZ", "file-type"),
    "an archive": ("all.zip", zipped(("a.txt", b"a")), "file-type"),
    "a document with macros": ("letter.docm", office("word/document.xml"), "file-type"),
    "no ending": ("contract", PDF, "file-type"),
    "no name before the ending": (".pdf", PDF, "file-type"),
    "an ending that is not seen": ("contract.pdf\u200b.exe", PDF, "file-type"),
    "a page by another name": ("page.pdf", b"<!doctype html>", "file-content"),
    "a drawing as a picture": ("logo.png", SVG, "file-content"),
    "a drawing as text": ("logo.txt", b"\n  " + SVG, "file-content"),
    "a page as a table": ("table.csv", b"\xef\xbb\xbf<!DOCTYPE html>", "file-content"),
    "markup as text": ("a.txt", b"<?xml version='1.0'?>", "file-content"),
    "one picture as another": ("logo.gif", PNG, "file-content"),
    "bytes as text": ("notes.txt", b"a\0b", "file-content"),
    "text in another code": ("notes.txt", "Größe".encode("latin-1"), "file-content"),
    "text in UTF-16": ("notes.txt", "Größe".encode("utf-16"), "file-content"),
    "an archive as a document": ("letter.docx", zipped(("a.txt", b"a")), "file-content"),
    "a table as a letter": ("letter.docx", office("xl/workbook.xml"), "file-content"),
    "macros by another name": ("letter.docx", office("word/document.xml", ("word/vbaProject.bin", b"x")), "file-content"),
    "macros in capitals": ("letter.docx", office("word/document.xml", ("word/VBAPROJECT.BIN", b"x")), "file-content"),
    "old macros": ("sums.xlsx", office("xl/workbook.xml", ("xl/macrosheets/sheet1.xml", b"x")), "file-content"),
    "a document that says it has macros": (
        "letter.docx",
        office("word/document.xml", types="application/vnd.ms-word.document.macroEnabled.main+xml"),
        "file-content",
    ),
    "a workbook with macros inside": ("letter.docx", office("word/document.xml", ("word/embeddings/a.xlsm", b"x")), "file-content"),
    "macros in an open document": ("letter.odt", odf("text", ("Basic/Standard/Module1.xml", b"x")), "file-content"),
    "scripts in an open document": ("letter.odt", odf("text", ("Scripts/python/a.py", b"x")), "file-content"),
    "an open document of another kind": ("letter.odt", odf("spreadsheet"), "file-content"),
    "a zip bomb": ("letter.docx", nested(64), "file-content"),
    "a larger one": ("letter.docx", nested(256), "file-content"),
    "a bomb in what is looked at": (
        "letter.docx",
        zipped(("[Content_Types].xml", bytes(8 << 20)), ("word/document.xml", b"")),
        "file-content",
    ),
    "more members than a document has": (
        "letter.docx",
        office("word/document.xml", *((f"word/{number}", b"") for number in range(5_001))),
        "file-content",
    ),
    "a broken zip": ("letter.docx", office("word/document.xml")[:-30], "file-content"),
    "something before the zip": ("letter.docx", b"MZ" + office("word/document.xml"), "file-content"),
    "a password": ("letter.docx", with_password(), "file-content"),
    "nothing": ("contract.pdf", b"", "file-content"),
}


def nothing_left(server: Receiving) -> bool:
    """Whether nothing lies in the folder but what events name."""
    named = {file["digest"] for one in server.events() for file in one["files"]}
    return {path.name for path in (server.data / "files").iterdir()} == named | {"incoming"} and not any(
        (server.data / "files" / "incoming").iterdir()
    )


@pytest.mark.parametrize("case", BOUNCED)
def test_files_that_are_not_taken(server: Receiving, plan: str, case: str) -> None:
    """After one that would be: it goes, too."""
    name, content, code = BOUNCED[case]
    said = server.upload(fields(plan, kind="upload"), ("good.pdf", PDF + case.encode()), (name, content), plan=plan)
    assert (said.status, said.code) == (415, code)
    assert "PDF" in said.json["message"]
    assert not [one for one in server.events() if one["plan"] == plan]
    assert nothing_left(server)


NAMES = {
    "../../etc/passwd.pdf": "passwd.pdf",
    "C:\\Users\\maria\\contract.pdf": "contract.pdf",
    "..pdf.pdf": "pdf.pdf",
    "con\u202etract\u0007.pdf": "contract.pdf",
    "a%22b%0D%0Ac.pdf": 'a"b c.pdf',
    "x" * 300 + ".pdf": "x" * 146 + ".pdf",
    "<script>.pdf": "<script>.pdf",
    "Vertrag Müller 契約.pdf": "Vertrag Müller 契約.pdf",
}


@pytest.mark.parametrize("sent", NAMES)
def test_names_are_cleaned(server: Receiving, plan: str, sent: str) -> None:
    assert server.upload(fields(plan, kind="upload"), (sent, PDF), plan=plan).status == 201
    (event,) = [one for one in server.events() if one["plan"] == plan]
    assert event["files"][0]["name"] == NAMES[sent]


def test_several_files_and_one_content_twice(server: Receiving, plan: str) -> None:
    given = fields(plan, kind="upload")
    files = [(f"{number}.txt", b"the same") for number in range(5)]
    first = server.upload(given, *files, plan=plan)
    assert first.status == 201
    (event,) = [one for one in server.events() if one["plan"] == plan]
    assert [one["name"] for one in event["files"]] == [name for name, _ in files]
    assert server.upload(given, *files, plan=plan).body == first.body
    other = server.upload(given, *files[:4], ("4.txt", b"another"), plan=plan)
    assert (other.status, other.code) == (422, "conflict")
    more = server.upload(fields(plan, kind="upload"), *files, ("5.txt", b"x"), plan=plan)
    assert (more.status, more.code) == (413, "too-large")
    assert nothing_left(server)


def test_a_file_beyond_its_size(server: Receiving, plan: str) -> None:
    said = server.upload(fields(plan, kind="upload"), ("a.pdf", PDF + bytes(10 << 20)), plan=plan)
    assert (said.status, said.code) == (413, "too-large")


def test_a_file_comes_only_with_an_upload(server: Receiving, plan: str) -> None:
    def upload(kind: str, *files: tuple[str, bytes]) -> Answer:
        return server.upload(fields(plan, kind=kind), *files, plan=plan)

    assert upload("done", ("a.pdf", PDF)).code == "file"
    assert upload("upload").code == "empty"
    assert upload("upload", ("", b"")).code == "empty", "what a browser sends for an input that was left empty"
    assert upload("done", ("", b"")).status == 201
    assert upload("test", ("a.pdf", PDF)).status == 201


def test_files_of_plans_that_do_not_take_them_leave_nothing(server: Receiving, plan: str) -> None:
    server.register(plan, deal=plan, items={"task/nda": ["done"]})
    said = server.upload(fields(plan, kind="upload"), ("a.pdf", PDF + plan.encode()), plan=plan)
    assert said.status == 403
    assert nothing_left(server)


def test_files_are_for_the_team_alone(server: Receiving, plan: str) -> None:
    content = PDF + plan.encode()
    server.upload(fields(plan, kind="upload"), ("a.pdf", content), plan=plan)
    path = f"/v1/files/{digest(content)}"
    assert server.ask(path).status == 401
    assert "access-control-allow-origin" not in server.ask(path, Origin=PAGE, Authorization=f"Bearer {READ}").headers
    for other in (
        digest(b"another"),
        "incoming",
        "..%2freceiver.db",
        "%2e%2e%2freceiver.db",
        digest(content).upper(),
        f"{digest(content)}/",
    ):
        assert server.ask(f"/v1/files/{other}", Authorization=f"Bearer {READ}").status == 404, other


def test_a_plan_takes_so_much_a_day(tmp_path: Path) -> None:
    before = "from planmark.receiver import limits\nlimits.FILE_BYTES_A_DAY = 100"
    with Receiving(tmp_path, before=before, **MANY) as server:
        server.register()
        assert server.upload(fields(kind="upload"), ("a.pdf", PDF)).status == 201
        said = server.upload(fields(kind="upload"), ("a.pdf", PDF + bytes(100)))
        assert (said.status, said.code) == (429, "too-often")
        assert server.upload(fields(kind="upload"), ("a.pdf", PDF)).status == 201, "what did not fit does not count"
        assert server.post(fields()).status == 201
        assert nothing_left(server)


def test_what_a_killed_receiver_left_is_swept(tmp_path: Path) -> None:
    with Receiving(tmp_path, **MANY) as server:
        server.register()
        server.upload(fields(kind="upload"), ("a.pdf", PDF))
    (tmp_path / "files" / digest(b"orphan")).write_bytes(b"orphan")
    (tmp_path / "files" / "incoming" / "half").write_bytes(b"ha")
    with Receiving(tmp_path, **MANY) as server:
        assert nothing_left(server)
        assert (tmp_path / "files" / digest(PDF)).read_bytes() == PDF
