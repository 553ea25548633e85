"""What a case of the test set is, and how its message is put together."""

import base64
import html as html_entities
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from supportdesk.domain.cards import Card
from supportdesk.domain.mail import PART_BREAK

SENT = datetime(2026, 11, 21, 9, 55, tzinfo=UTC)
ARRIVED = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
_TAG = re.compile(r"<[^>]*>")
DATE = "Sat, 21 Nov 2026 09:55:00 +0000"

Text = str | bytes
Person = tuple[str, str]

ANN: Person = ("Ann Lee", "ann@example.org")
SUPPORT: Person = ("", "support@example.com")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A message, and how each field of it reads.

    Attributes:
        people: To and Cc, in order.
        date: When it was sent; `ARRIVED` where only the mailbox knows.
        text: New words, exactly.
        quoted: What is folded, exactly.
        html: The words of the HTML; None when there is none.
        is_plain: The message has a part of plain text: a decoder without HTML finds `text` too.
    """

    name: str
    raw: bytes
    subject: str = "Question"
    sender: Person = ANN
    people: tuple[Person, ...] = (SUPPORT,)
    date: datetime = SENT
    text: str = "Hello"
    quoted: str = ""
    html: str | None = None
    attachments: tuple[str, ...] = ()
    cards: tuple[Card, ...] = ()
    notices: tuple[str, ...] = ()
    is_plain: bool = True


def octets(text: Text) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


def header(name: str, value: Text | None) -> bytes:
    return b"" if value is None else name.encode() + b": " + octets(value) + b"\r\n"


def entity(
    content_type: Text | None,
    body: Text,
    *,
    encoding: Text | None = None,
    disposition: Text | None = None,
    extra: Sequence[Text] = (),
) -> bytes:
    """One part: its header fields, an empty line, its body."""
    fields = [
        header("Content-Type", content_type),
        header("Content-Transfer-Encoding", encoding),
        header("Content-Disposition", disposition),
        *(octets(line) + b"\r\n" for line in extra),
    ]
    return b"".join(fields) + b"\r\n" + octets(body).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def plain(text: Text = "Hello", parameters: str = "; charset=utf-8") -> bytes:
    return entity(f"text/plain{parameters}", text)


def html(text: Text = "<p>Hello</p>", parameters: str = "; charset=utf-8") -> bytes:
    return entity(f"text/html{parameters}", text)


def attachment(name: Text = "a.pdf", content_type: Text = "application/pdf") -> bytes:
    return entity(
        content_type,
        base64.encodebytes(b"%PDF something"),
        encoding="base64",
        disposition=b'attachment; filename="' + octets(name) + b'"',
    )


def multipart(
    kind: str,
    *parts: bytes,
    boundary: str = "=_b1",
    parameters: Text | None = None,
    preamble: Text = "",
    ending: Text | None = None,
) -> bytes:
    """A multipart; `parameters` and `ending` are for those that are written wrongly."""
    named = octets(f'; boundary="{boundary}"' if parameters is None else parameters)
    line = b"--" + boundary.encode()
    body = b"".join(line + b"\r\n" + part + b"\r\n" for part in parts)
    last = line + b"--\r\n" if ending is None else octets(ending)
    head = header("Content-Type", f"multipart/{kind}".encode() + named)
    return head + b"\r\n" + octets(preamble) + body + last


def mail(
    content: bytes | None = None,
    *,
    subject: Text | None = "Question",
    sender: Text | None = "Ann Lee <ann@example.org>",
    to: Text | None = "support@example.com",
    cc: Text | None = None,
    date: Text | None = DATE,
    extra: Sequence[Text] = (),
) -> bytes:
    """A whole message: a header by the book, but for what the case is about."""
    fields = [
        header("Received", "from mx.example.org by mail.example.com; " + DATE),
        header("From", sender),
        header("To", to),
        header("Cc", cc),
        header("Subject", subject),
        header("Date", date),
        header("Message-ID", "<case@example.org>"),
        header("MIME-Version", "1.0"),
        *(octets(line) + b"\r\n" for line in extra),
    ]
    return b"".join(fields) + (plain() if content is None else content)


def words_of(source: str | None) -> str:
    """The words of an HTML, whoever washed it."""
    if not source:
        return ""
    source = re.sub(r"(?is)<(head|style|script)\b.*?</\1>", "", source.replace(PART_BREAK, " "))
    return " ".join(html_entities.unescape(_TAG.sub(" ", source)).split())
