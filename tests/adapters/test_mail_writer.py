"""What we send, read back by our own reader and by the standard library's."""

import email
import email.policy
import hashlib
import re
import stat
import tracemalloc
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from supportdesk.adapters.mail.flowed_text import flow, unflow
from supportdesk.adapters.mail.mail_writer import body_text, write_mail
from supportdesk.adapters.mail.message_reader import read_message
from supportdesk.domain.answers import AnswerKind, Draft, DraftFile, Recipients
from supportdesk.domain.cards import NestedMessage
from supportdesk.domain.errors import StoreError, SupportDeskError
from supportdesk.domain.mail import Mailer, MessageId
from supportdesk.domain.reply_rules import tidy_lines
from supportdesk.protocols.header_text import clean_text
from supportdesk.protocols.imap_envelope import facts_of_header
from supportdesk.services.light_markup import has_marks
from tests.fakes.answers import a_draft
from tests.fakes.happenings import a_message

AT = datetime(2026, 11, 22, 9, 5, 7, tzinfo=timezone(timedelta(hours=1)))
PIECES = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "From me",
            "\nFrom me",
            "\n.",
            "\n..",
            "\n-- \n",
            "\n-- ",
            "> quoted\n",
            "\n>> twice ",
            " >not",
            "\r\n",
            "\r",
            "trailing   \n",
            "x" * 1200,
            "word " * 60,
            "- - - - " * 20,
            "مرحبا بالعالم ",
            "\x00\udc80\u2028\u202e",
            "=3D ==?utf-8?q?x?=",
            " *bold* ",
        ]
    ),
)
TEXTS = st.lists(PIECES, max_size=8).map("".join)


def in_files(folder: Path, name: str, content: bytes, media_type: str = "") -> DraftFile:
    digest = hashlib.sha256(content).hexdigest()
    (folder / digest).write_bytes(content)
    kind = media_type or "application/octet-stream"
    return DraftFile(name=name, media_type=kind, size_bytes=len(content), sha256=digest)


def written(draft: Draft, folder: Path) -> bytes:
    """The wire form, of which every line is sound."""
    target = folder / "one.eml"
    size = write_mail(draft, at=AT, files=folder, target=target)
    raw = target.read_bytes()
    assert len(raw) == size
    lines = raw.split(b"\r\n")
    assert all(len(line) <= 998 and line.isascii() for line in lines)
    assert not any(sign in line for line in lines for sign in (b"\r", b"\n", b"\0"))
    assert raw.endswith(b"\r\n")
    return raw


def by_library(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert not list(message.defects)
    return message


def plain_of(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    text = part.get_content()
    assert isinstance(text, str)
    return unflow(text, is_space_deleted=False)


def as_read(text: str) -> str:
    """What reading may change: spaces at the ends of lines, and one after the marks of a quote."""
    lines = (line.rstrip(" ") for line in text.split("\n"))
    spaced = (re.sub(r"^(>+) ?(?=.)", r"\1 ", line).rstrip(" ") for line in lines)
    return "\n".join(spaced).rstrip("\n")


# --- format=flowed ---


@given(TEXTS.map(tidy_lines))
@example("word " * 16 + "> x")
@example("-- " + "x" * 90)
@example(">" * 90 + " text and more")
def test_flowed_text_can_be_joined_again(text: str) -> None:
    flowed = flow(text)
    longest = max(map(len, flowed.split("\n")))
    assert longest <= 78 or any(len(word) > 60 for word in re.split(" |(?<=>)(?=[^>])", text))
    assert as_read(unflow(flowed, is_space_deleted=False)) == as_read(text)


def test_a_signature_line_keeps_its_space() -> None:
    assert flow("a  \n-- \nAnna") == "a\n-- \nAnna"
    assert flow("From me\n indented\n> quoted\n>") == " From me\n  indented\n> quoted\n>"


# --- the whole message ---


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(TEXTS, TEXTS, TEXTS, st.booleans())
@example("*bold*", "", "", True)
def test_what_is_written_is_read_back(
    tmp_path: Path, body: str, quote: str, subject: str, is_formatted: bool
) -> None:
    draft = replace(a_draft(), body=body, quote=quote, subject=subject, is_formatted=is_formatted)
    raw = written(draft, tmp_path)
    message = by_library(raw)
    assert as_read(plain_of(message)) == as_read(body_text(draft))
    assert message["Subject"] == clean_text(subject, 2000)
    assert message["Message-ID"] == draft.message_id
    known = a_message(1)
    ours = read_message(raw, known)
    assert ours.summary.subject in (clean_text(subject, 500), known.subject)
    facts = facts_of_header(raw.split(b"\r\n\r\n", 1)[0])
    assert (facts.message_id, facts.references) == (draft.message_id, draft.references)
    assert (facts.sender, facts.recipients) == (draft.sender, draft.recipients.to)
    assert not ours.text.notices
    parts = [part.get_content_type() for part in message.walk()]
    alternative = ["multipart/alternative", "text/plain", "text/html"]
    is_html = is_formatted and has_marks(tidy_lines(body))
    assert parts == (alternative if is_html else ["text/plain"])


def test_a_plain_answer_looks_as_one_would_write_it(tmp_path: Path) -> None:
    draft = replace(
        a_draft(),
        sender=Mailer(name="Anna", email="support@larder.example"),
        message_id=MessageId("<d1@larder.example>"),
        references=(MessageId("<a@out.example>"), MessageId("<q@out.example>")),
        recipients=Recipients(
            to=(Mailer(name="Ingrid", email="ingrid@out.example"),),
            cc=(Mailer(name="", email="bob@out.example"),),
            bcc=(Mailer(name="", email="hidden@out.example"),),
        ),
        subject="Re: Bread",
        body="Dear Ingrid,\n\nit is on its way.\n\n-- \nAnna",
        quote="Ingrid wrote:\n> Where is it?",
    )
    assert written(draft, tmp_path).decode() == (
        "From: Anna <support@larder.example>\r\n"
        "To: Ingrid <ingrid@out.example>\r\n"
        "Cc: bob@out.example\r\n"
        "Subject: Re: Bread\r\n"
        "Date: Sun, 22 Nov 2026 09:05:07 +0100\r\n"
        "Message-ID: <d1@larder.example>\r\n"
        "In-Reply-To: <q@out.example>\r\n"
        "References: <a@out.example> <q@out.example>\r\n"
        "MIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8; format=flowed\r\n"
        "Content-Transfer-Encoding: 7bit\r\n"
        "\r\n"
        "Dear Ingrid,\r\n\r\nit is on its way.\r\n\r\n-- \r\nAnna\r\n\r\n"
        "Ingrid wrote:\r\n> Where is it?\r\n"
    )


def test_outlooks_long_ids_stay_as_they_are(tmp_path: Path) -> None:
    question = MessageId(f"<{'X' * 180}@prod.outlook.example>")
    raw = written(replace(a_draft(), references=(question,)), tmp_path)
    assert raw.count(question.encode()) == 2
    message = by_library(raw)
    assert message["In-Reply-To"] == message["References"] == question


@pytest.mark.parametrize("kind", [AnswerKind.FORWARD, AnswerKind.NEW])
def test_what_answers_nobody_names_no_ancestors(kind: AnswerKind, tmp_path: Path) -> None:
    draft = replace(a_draft(), kind=kind, references=(MessageId("<q@out.example>"),))
    assert b"<q@out.example>" not in written(draft, tmp_path)


def test_who_is_in_bcc_is_named_nowhere(tmp_path: Path) -> None:
    hidden = Recipients(bcc=(Mailer(name="Hid", email="hidden@out.example"),))
    raw = written(replace(a_draft(), recipients=hidden), tmp_path)
    assert b"idden" not in raw
    assert b"To: undisclosed-recipients:;\r\n" in raw
    seen = replace(hidden, cc=(Mailer(name="", email="bob@out.example"),))
    raw = written(replace(a_draft(), recipients=seen), tmp_path)
    assert b"\r\nTo:" not in raw
    assert b"\r\nCc: bob@out.example\r\n" in raw


def test_the_same_draft_gives_the_same_bytes(tmp_path: Path) -> None:
    a_file = in_files(tmp_path, "a.txt", b"a")
    draft = replace(a_draft(), body="*a*", is_formatted=True, files=(a_file,))
    assert written(draft, tmp_path) == written(draft, tmp_path)
    assert stat.S_IMODE((tmp_path / "one.eml").stat().st_mode) == 0o600


def test_formatting_goes_as_text_and_as_html(tmp_path: Path) -> None:
    draft = replace(
        a_draft(),
        body="*Žluťoučký* <script>alert(1)</script>\n- one",
        quote="Ann wrote:\n> *no*",
        is_formatted=True,
    )
    message = by_library(written(draft, tmp_path))
    assert plain_of(message).rstrip() == body_text(draft)
    part = message.get_body(("html",))
    assert part is not None
    made = part.get_content()
    assert "<b>Žluťoučký</b> &lt;script&gt;" in made
    assert "<ul>" in made
    assert "*no*" in made
    ours = read_message(written(draft, tmp_path), a_message(1)).text
    assert ours.html is not None or "Žluťoučký" in ours.text


def test_mostly_foreign_letters_go_by_threes(tmp_path: Path) -> None:
    cyrillic = written(replace(a_draft(), body="Здравствуйте " * 50), tmp_path)
    assert b"Content-Transfer-Encoding: base64" in cyrillic
    czech = written(replace(a_draft(), body="Dobrý den, posílám to hned."), tmp_path)
    assert b"Content-Transfer-Encoding: quoted-printable" in czech


# --- files ---


NAMES: Sequence[tuple[str, str]] = [
    ("invoice.pdf", "invoice.pdf"),
    ("Přehled „leden“.pdf", "Přehled „leden“.pdf"),
    ('a"b\r\nX-Evil: 1.pdf', "a_b X-Evil_ 1.pdf"),
    ("../../etc/passwd", "passwd"),
    ("\u202efdp.exe", "fdp.exe"),
    ("ž" * 300 + ".pdf", "ž" * 88 + ".pdf"),
    ("", "attachment"),
    ("100 %'s.txt", "100 %'s.txt"),
]


@pytest.mark.parametrize(("name", "expected"), NAMES)
def test_files_go_along_under_clean_names(name: str, expected: str, tmp_path: Path) -> None:
    content = bytes(range(256)) * 1000
    draft = replace(a_draft(), files=(in_files(tmp_path, name, content, "application/pdf"),))
    raw = written(draft, tmp_path)
    found = list(by_library(raw).iter_attachments())
    assert [part.get_filename() for part in found] == [expected]
    assert found[0].get_content() == content
    assert found[0].get_content_type() == "application/pdf"
    ours = read_message(raw, a_message(1))
    assert [part.name for part in ours.text.parts] == [expected]
    assert ours.summary.has_attachments


@pytest.mark.parametrize(
    "media_type", ["", "nonsense", "a/b\r\nBcc: x", "multipart/mixed", "message/partial", "A" * 99]
)
def test_odd_kinds_of_file_are_just_bytes(media_type: str, tmp_path: Path) -> None:
    a_file = replace(in_files(tmp_path, "a.bin", b"\x00\r\n.\r\n"), media_type=media_type)
    found = list(
        by_library(written(replace(a_draft(), files=(a_file,)), tmp_path)).iter_attachments()
    )
    assert found[0].get_content_type() == "application/octet-stream"
    assert found[0].get_content() == b"\x00\r\n.\r\n"


def test_several_files_and_formatting_together(tmp_path: Path) -> None:
    files = (in_files(tmp_path, "a.txt", b"", "text/plain"), in_files(tmp_path, "b.txt", b"b"))
    draft = replace(a_draft(), body="*a*", is_formatted=True, files=files)
    message = by_library(written(draft, tmp_path))
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/plain",
        "application/octet-stream",
    ]
    assert [part.get_filename() for part in message.iter_attachments()] == ["a.txt", "b.txt"]


@pytest.mark.parametrize(
    ("content", "charset"),
    [("účet".encode(), "utf-8"), (b"plain", "utf-8"), ("účet".encode("cp1250"), None)],
)
def test_a_text_says_in_which_letters_it_is(
    content: bytes, charset: str | None, tmp_path: Path
) -> None:
    a_file = in_files(tmp_path, "a.txt", content, "text/plain")
    raw = written(replace(a_draft(), files=(a_file,)), tmp_path)
    (part,) = by_library(raw).iter_attachments()
    assert part.get_content_charset() == charset
    assert part.get_payload(decode=True) == content


ORIGINAL = b"From: ingrid@out.example\r\nSubject: Bread\r\n\r\nWhere is it?\r\n"


@pytest.mark.parametrize("original", [ORIGINAL, ORIGINAL.replace(b"\r\n", b"\n")])
def test_an_original_goes_along_as_a_message(original: bytes, tmp_path: Path) -> None:
    a_file = in_files(tmp_path, "Bread", original, "message/rfc822")
    draft = replace(a_draft(), kind=AnswerKind.FORWARD, files=(a_file,))
    raw = written(draft, tmp_path)
    assert ORIGINAL in raw
    ours = read_message(raw, a_message(1)).text
    cards = [card for card in ours.cards if isinstance(card, NestedMessage)]
    assert [(card.subject, card.text) for card in cards] == [("Bread", "Where is it?")]
    names = [part.get_filename() for part in by_library(raw).iter_attachments()]
    assert names == ["Bread.eml"]


@pytest.mark.parametrize(
    "original",
    [ORIGINAL + "ž".encode(), ORIGINAL + b"x" * 999, ORIGINAL + b"\0", ORIGINAL + b"a\rb\r\n"],
)
def test_an_original_that_not_every_server_takes_goes_along_as_a_file(
    original: bytes, tmp_path: Path
) -> None:
    a_file = in_files(tmp_path, "Bread.eml", original, "message/rfc822")
    found = list(
        by_library(written(replace(a_draft(), files=(a_file,)), tmp_path)).iter_attachments()
    )
    assert found[0].get_content() == original
    assert found[0].get_content_type() == "application/octet-stream"
    assert found[0].get_filename() == "Bread.eml"


def test_a_large_file_takes_little_memory(tmp_path: Path) -> None:
    a_file = in_files(tmp_path, "a.bin", b"\x01" * 30_000_000)
    tracemalloc.start()
    try:
        size = write_mail(
            replace(a_draft(), files=(a_file,)), at=AT, files=tmp_path, target=tmp_path / "a.eml"
        )
        assert tracemalloc.get_traced_memory()[1] < 4_000_000
    finally:
        tracemalloc.stop()
    assert 41_000_000 < size < 42_000_000


# --- what goes wrong ---


def test_a_file_that_is_gone_or_another_is_not_sent(tmp_path: Path) -> None:
    a_file = in_files(tmp_path, "a.pdf", b"what was seen")
    draft = replace(a_draft(), files=(a_file,))
    target = tmp_path / "one.eml"
    (tmp_path / a_file.sha256).write_bytes(b"something els")
    for harm in (lambda: None, lambda: (tmp_path / a_file.sha256).write_bytes(b"short")):
        harm()
        with pytest.raises(StoreError, match=r"a\.pdf"):
            write_mail(draft, at=AT, files=tmp_path, target=target)
    (tmp_path / a_file.sha256).unlink()
    with pytest.raises(StoreError, match=r"a\.pdf"):
        write_mail(draft, at=AT, files=tmp_path, target=target)
    assert not target.exists()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_takes_nothing_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be written"):
        write_mail(a_draft(), at=AT, files=tmp_path, target=tmp_path / "missing" / "one.eml")


def test_an_address_that_cannot_be_written_stops_it(tmp_path: Path) -> None:
    people = Recipients(to=(Mailer(name="", email="jörg@out.example"),))
    with pytest.raises(SupportDeskError, match="no address"):
        write_mail(
            replace(a_draft(), recipients=people), at=AT, files=tmp_path, target=tmp_path / "a.eml"
        )
    assert list(tmp_path.iterdir()) == []


def test_a_thousand_people(tmp_path: Path) -> None:
    people = tuple(Mailer(name=f"Žofie {n}", email=f"u{n}@out.example") for n in range(1000))
    raw = written(replace(a_draft(), recipients=Recipients(to=people)), tmp_path)
    assert len(by_library(raw)["To"].addresses) == 1000
