"""From a draft to its wire form: the bytes that go out at every try, and lie in Sent afterwards.

It is written in pieces: a file of thirty megabytes costs a few hundred kilobytes of memory. All is
in seven bits and lines of at most 998, which every server takes.
"""

import binascii
import codecs
import hashlib
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from supportdesk.adapters.atomic_file import write_pieces_atomically
from supportdesk.adapters.mail.flowed_text import flow
from supportdesk.adapters.mail.mail_head import (
    HARD_LINE,
    date_field,
    ids_field,
    people_field,
    text_field,
)
from supportdesk.domain.answers import AnswerKind, Draft, DraftFile
from supportdesk.domain.errors import StoreError
from supportdesk.domain.reply_rules import tidy_lines
from supportdesk.services.file_names import clean_file_name, ending_of
from supportdesk.services.light_markup import formatted_html, has_marks, plain_html

MESSAGE = "message/rfc822"
_UNKNOWN = "application/octet-stream"
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,60}")
_PIECE = 57 * 4096
"""Of base64 a line holds 57 bytes: each piece ends where a line does."""
_ANSWERS = (AnswerKind.REPLY, AnswerKind.REPLY_ALL)


def write_mail(draft: Draft, *, at: datetime, files: Path, target: Path) -> int:
    """Write the whole message, or nothing; returns its size in bytes.

    The same draft and moment (`at`, in the founder's zone) give the same bytes. `files` is the
    folder where the attached files lie by their sha256; `target` appears when all of it is on the
    disk. Blocks, on a slow disk for long.

    Raises:
        StoreError: A file is missing or another than it was, or the disk does not take it.
        SupportDeskError: Somebody's address cannot be written.
    """
    size = 0

    def counted() -> Iterator[bytes]:
        nonlocal size
        for piece in _message(draft, at, files):
            size += len(piece)
            yield piece

    try:
        write_pieces_atomically(target, counted())
    except OSError as error:
        raise StoreError(
            f"The message cannot be written to {target.parent}: {error.strerror or error}",
            "Make room on that disk or look at the rights of the folder, then send it again.",
        ) from error
    return size


def body_text(draft: Draft) -> str:
    """All words of the message, as somebody reads them who sees plain text."""
    written = tidy_lines(draft.body).rstrip("\n")
    history = tidy_lines(draft.quote).rstrip("\n")
    return "\n\n".join(part for part in (written, history) if part)


def _message(draft: Draft, at: datetime, files: Path) -> Iterator[bytes]:
    yield _head(draft, at)
    if not draft.files:
        yield from _body(draft)
        return
    boundary = _boundary(draft, "mixed")
    yield _field("Content-Type", f'multipart/mixed;\n boundary="{boundary}"') + b"\r\n"
    yield f"--{boundary}\r\n".encode()
    yield from _body(draft)
    for one in draft.files:
        yield f"\r\n--{boundary}\r\n".encode()
        yield from _file(one, files / one.sha256)
    yield f"\r\n--{boundary}--\r\n".encode()


def _head(draft: Draft, at: datetime) -> bytes:
    to, cc = draft.recipients.to, draft.recipients.cc
    # An answer in Sent closes the conversation that it names; a forward answers nobody.
    references = draft.references if draft.kind in _ANSWERS else ()
    return b"".join(
        [
            people_field("From", [draft.sender]),
            # Bcc is told to the server alone. Some message of somebody has to name somebody.
            people_field("To", to) if to or not cc else b"",
            people_field("Cc", cc) if cc else b"",
            text_field("Subject", draft.subject),
            date_field(at),
            ids_field("Message-ID", [draft.message_id]),
            ids_field("In-Reply-To", references[-1:]),
            ids_field("References", references),
            _field("MIME-Version", "1.0"),
        ]
    )


def _body(draft: Draft) -> Iterator[bytes]:
    text = _text_part(flow(body_text(draft)), "text/plain; charset=utf-8; format=flowed")
    # Where no mark is used, HTML would say nothing that the text does not.
    if not (draft.is_formatted and has_marks(tidy_lines(draft.body))):
        yield text
        return
    boundary = _boundary(draft, "alternative")
    yield _field("Content-Type", f'multipart/alternative;\n boundary="{boundary}"')
    yield f"\r\n--{boundary}\r\n".encode()
    yield text
    yield f"\r\n--{boundary}\r\n".encode()
    yield _text_part(_html(draft), "text/html; charset=utf-8")
    yield f"\r\n--{boundary}--\r\n".encode()


def _html(draft: Draft) -> str:
    parts = [formatted_html(tidy_lines(draft.body)), plain_html(tidy_lines(draft.quote))]
    inside = "\n".join(part for part in parts if part)
    head = '<html><head><meta charset="utf-8"></head>'
    return f"<!DOCTYPE html>\n{head}<body>\n{inside}\n</body></html>"


def _text_part(text: str, content_type: str) -> bytes:
    """The text in the encoding that is readable as it is, else in the shorter one."""
    raw = f"{text}\n".replace("\n", "\r\n").encode("utf-8", "replace")
    if raw.isascii() and all(len(line) <= HARD_LINE for line in raw.split(b"\r\n")):
        encoding, written = "7bit", raw
    else:
        by_letter = _quoted_printable(raw)
        by_three = _base64(raw)
        is_short = len(by_letter) <= len(by_three)
        encoding, written = ("quoted-printable", by_letter) if is_short else ("base64", by_three)
    head = _field("Content-Type", content_type) + _field("Content-Transfer-Encoding", encoding)
    return head + b"\r\n" + written


def _quoted_printable(raw: bytes) -> bytes:
    lines = (binascii.b2a_qp(line, istext=True) for line in raw.split(b"\r\n"))
    return b"\r\n".join(lines).replace(b"=\n", b"=\r\n")


def _base64(raw: bytes) -> bytes:
    letters = binascii.b2a_base64(raw, newline=False)
    return b"".join(letters[at : at + 76] + b"\r\n" for at in range(0, len(letters), 76))


def _file(file: DraftFile, path: Path) -> Iterator[bytes]:
    """One attachment with its head, checked against what was attached."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise _changed(file) from error
    if size != file.size_bytes:
        raise _changed(file)
    kind = file.media_type.lower()
    is_message = kind == MESSAGE and _is_seven_bit(path)
    if not is_message and (not _MEDIA_TYPE.fullmatch(kind) or kind.startswith(("multi", "mess"))):
        kind = _UNKNOWN
    encoding = "7bit" if is_message else "base64"
    charset = "; charset=utf-8" if kind.startswith("text/") and _is_utf_8(path) else ""
    yield _field("Content-Type", f"{kind}{charset}")
    yield _field("Content-Transfer-Encoding", encoding)
    yield _field("Content-Disposition", f"attachment;\n {_file_name(file)}") + b"\r\n"
    check = hashlib.sha256()
    for piece in _pieces(path):
        check.update(piece)
        if not is_message:
            yield _base64(piece)
    if check.hexdigest() != file.sha256:
        raise _changed(file)
    if is_message:
        yield from _message_lines(path)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def _is_utf_8(path: Path) -> bool:
    """Readers take a text for ASCII unless they are told (RFC 2046, 4.1.2)."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for piece in _pieces(path):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _is_seven_bit(path: Path) -> bool:
    """A message may not be encoded as a whole (RFC 2046, 5.2.1): it goes as it is, or as a file."""
    return all(map(_is_plain_line, _message_lines(path)))


def _is_plain_line(line: bytes) -> bool:
    bare = line.removesuffix(b"\r\n")
    is_clean = bare.isascii() and b"\0" not in bare and b"\r" not in bare
    return is_clean and len(bare) <= HARD_LINE


def _message_lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        # A file without line ends is one line: read no more of it than it takes to know that.
        while line := file.readline(HARD_LINE + 3):
            yield line.rstrip(b"\r\n") + b"\r\n" if line.endswith(b"\n") else line


def _file_name(file: DraftFile) -> str:
    name = clean_file_name(file.name)
    if file.media_type.lower() == MESSAGE and ending_of(name) != "eml":
        name = f"{name}.eml"
    if name.isascii():
        return f'filename="{name}"'
    # RFC 2231; in one piece, for what is split is what mail programs get wrong.
    return f"filename*=utf-8''{quote(name, safe='')}"


def _changed(file: DraftFile) -> StoreError:
    name = clean_file_name(file.name)
    return StoreError(
        f"The copy of “{name}” is missing or was changed after it was attached",
        "Take it out of the message and attach it again.",
    )


def _field(name: str, value: str) -> bytes:
    """A field of our own words; a line end in it goes on in the next line."""
    return f"{name}: {value}\n".replace("\n", "\r\n").encode("ascii")


def _boundary(draft: Draft, level: str) -> str:
    """Of the id, which nobody has seen before: no quoted or attached text can hold it."""
    digest = hashlib.sha256(f"{draft.message_id}\n{level}".encode()).hexdigest()
    return f"=_{digest[:40]}"
