"""A mail as a file that mail programs open as a draft (RFC 5322, MIME). Nothing is sent: there is no Date and no Message-ID yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256

from planmark.plan.submissions import clean_line


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says, in both of its forms."""

    subject: str
    html: str
    text: str


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Somebody with their mail address."""

    name: str
    address: str


def draft(letter: Letter, to: Sequence[Mailbox], sender: Mailbox | None) -> bytes:
    """The file. A header's text is one line, whatever stands in a name or a title; addresses that are not ASCII are written in UTF-8.

    `X-Unsent` is what Outlook, and others after it, take for a draft. Without a `sender` it goes out from the reader's own account.
    """
    boxes = [*to, *([sender] if sender else [])]
    plain_ones = all(box.address.isascii() for box in boxes)
    message = EmailMessage(policy=SMTP if plain_ones else SMTP.clone(utf8=True))
    message["X-Unsent"] = "1"
    if sender:
        message["From"] = _address(sender)
    if to:
        message["To"] = tuple(map(_address, to))
    message["Subject"] = clean_line(letter.subject)
    message.set_content(letter.text, cte="quoted-printable")
    message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    digest = sha256(f"{letter.subject}\n{letter.text}\n{letter.html}".encode()).hexdigest()
    message.set_boundary(f"=_{digest[:40]}")  # the same mail is the same bytes; quoted-printable never holds `=_`
    return message.as_bytes()


def _address(box: Mailbox) -> Address:
    name, _, host = box.address.rpartition("@")
    return Address(clean_line(box.name), name, host)
