"""Whatever comes: nothing raises, and no letter that was sent by the rules is lost."""

import base64
import quopri

from hypothesis import given
from hypothesis import strategies as st

from supportdesk.adapters.mail.calendar_cards import invitations
from supportdesk.adapters.mail.calendar_lines import read_calendar
from supportdesk.adapters.mail.calendar_rules import rule_in_words
from supportdesk.adapters.mail.calendar_times import Zones
from supportdesk.adapters.mail.compressed_rtf import unpack_rtf
from supportdesk.adapters.mail.message_reader import MessageContent
from supportdesk.adapters.mail.mime_tree import parse_mime
from supportdesk.adapters.mail.mime_values import MAX_NAME_BYTES, parse_header_value, safe_file_name
from supportdesk.adapters.mail.quoted_history import split_text
from supportdesk.adapters.mail.rtf_text import read_rtf
from supportdesk.adapters.mail.seals import unwrapped
from supportdesk.adapters.mail.tnef import read_tnef
from tests.adapters.decoding import tnef_writer as tnef
from tests.adapters.decoding.case import entity, mail, multipart, plain
from tests.adapters.decoding.packed_cases import opaque, opaque_in_pieces
from tests.adapters.decoding.test_poison import read

_LETTERS = st.characters(
    min_codepoint=0x21, exclude_categories=["Cs", "Cc", "Cf", "Zs", "Zl", "Zp"]
)
_TEXTS = st.text(_LETTERS, min_size=1, max_size=60).filter(lambda text: ">" not in text)
_CHARSETS = (
    *("utf-8", "utf-16", "utf-32", "utf-7", "gb18030", "cp1250", "cp1251", "cp1252", "cp1253"),
    *("cp1254", "cp1255", "cp1256", "cp1257", "iso-8859-2", "iso-8859-5", "iso-8859-7"),
    *("iso-8859-9", "iso-8859-15", "koi8-r", "koi8-u", "cp866", "cp852", "mac-roman", "cp932"),
    *("euc_jp", "cp949", "big5", "iso-2022-jp", "iso-2022-kr", "hz"),
)
_SYNTAX = st.lists(
    st.sampled_from(
        [
            *[b"\n", b"\r\n", b"\n\n", b"--b", b"--b--", b"Content-Type: ", b"multipart/mixed"],
            *[b"multipart/signed", b"message/rfc822", b"text/calendar", b"application/ms-tnef"],
            *[b"application/pkcs7-mime", b"text/rfc822-headers", b"message/delivery-status"],
            *[
                b"multipart/alternative",
                b"text/html",
                b"text/plain",
                b"; boundary=b",
                b"; charset=",
            ],
            *[b"Content-Transfer-Encoding: base64\n", b"quoted-printable", b"uuencode", b"\xff"],
            *[b"Content-Disposition: attachment; filename*0*=", b"''%", b'"', b"=?utf-8?Q?", b"?="],
            *[b"format=flowed", b"; delsp=yes", b"BEGIN:VEVENT\n", b"DTSTART:", b"RRULE:FREQ="],
            *[b"BEGIN:VTIMEZONE\n", b"TZOFFSETTO:+9999\n", b"-----BEGIN PGP SIGNED MESSAGE-----\n"],
            *[
                b"On 1 Ann wrote:\n",
                b"> ",
                b"-- \n",
                b"From: a\n",
                b"Date: ",
                b"1 Jan ",
                b"Sent: \n",
            ],
        ]
    ),
    max_size=50,
)


def _is_plain(content: MessageContent) -> None:
    content.text.text.encode("utf-8")
    content.summary.subject.encode("utf-8")
    for part in content.text.parts:
        part.name.encode("utf-8")
        assert part.name
        assert not set(part.name) & set("/\\\r\n\0\u202e")
    for card in content.text.cards:
        repr(card).encode("utf-8")


@given(pieces=_SYNTAX)
def test_any_syntax_is_read(pieces: list[bytes]) -> None:
    _is_plain(read(b"".join(pieces)))


@given(raw=st.binary(max_size=300))
def test_any_bytes_are_read(raw: bytes) -> None:
    _is_plain(read(raw))
    for kind in (
        "text/calendar",
        "application/ms-tnef",
        "application/pkcs7-mime",
        "message/rfc822",
        "text/html",
        "message/delivery-status",
    ):
        _is_plain(read(mail(entity(kind, base64.encodebytes(raw), encoding="base64"))))


@given(text=_TEXTS, charset=st.sampled_from(_CHARSETS), encoding=st.sampled_from(["base64", "qp"]))
def test_no_letter_is_lost_in_a_body(text: str, charset: str, encoding: str) -> None:
    try:
        raw = text.encode(charset)
    except UnicodeEncodeError:
        return
    if raw.decode(charset) != text or (charset not in ("utf-16", "utf-32") and _is_utf8(raw)):
        # Not a letter of the charset, or bytes that look like UTF-8 whatever the label says.
        return
    if charset in ("utf-16", "utf-32"):
        # Half a letter that looks like a line end is only safe in base64.
        encoding = "base64"
    body = base64.encodebytes(raw) if encoding == "base64" else quopri.encodestring(raw)
    name = "base64" if encoding == "base64" else "quoted-printable"
    content = read(mail(entity(f"text/plain; charset={charset}", body, encoding=name)))
    assert content.text.text == text


def _is_utf8(raw: bytes) -> bool:
    try:
        return not raw.isascii() and bool(raw.decode("utf-8"))
    except UnicodeDecodeError:
        return False


@given(text=_TEXTS)
def test_no_letter_is_lost_in_a_name(text: str) -> None:
    name = f"{text}.pdf"
    percents = "".join(f"%{octet:02X}" for octet in name.encode())
    found = parse_header_value(f"attachment; filename*=UTF-8''{percents}".encode())
    assert found.parameter("filename") == name
    word = base64.b64encode(name.encode()).decode()
    found = parse_header_value(f'attachment; filename="=?utf-8?B?{word}?="'.encode())
    assert found.parameter("filename") == name


@given(name=st.text(max_size=400))
def test_names_are_safe(name: str) -> None:
    safe = safe_file_name(name)
    assert len(safe.encode()) <= MAX_NAME_BYTES
    assert not safe.startswith(".")
    assert safe.rstrip(". ") == safe
    assert not set(safe) & set('<>:"/\\|?*\r\n\0')


@given(text=_TEXTS, size=st.integers(1, 300))
def test_signed_words_are_unwrapped(text: str, size: int) -> None:
    inner = plain(text * size)
    for wrapped in (opaque(inner), opaque_in_pieces(inner)):
        part = entity("application/pkcs7-mime", base64.encodebytes(wrapped), encoding="base64")
        assert unwrapped(parse_mime(part).root) == inner


@given(cut=st.integers(0, 900), flip=st.integers(0, 900), value=st.integers(0, 255))
def test_a_damaged_winmail_is_read_as_far_as_it_goes(cut: int, flip: int, value: int) -> None:
    raw = bytearray(
        tnef.winmail(
            tnef.body(
                (tnef.UNICODE, 0x1000, tnef.wide("Words")),
                (tnef.BINARY, 0x1009, tnef.packed_rtf(rb"{\rtf1 Words \'e4\u228?}")),
                named=[("x", b"y")],
            ),
            tnef.file("a.txt", b"abc"),
            tnef.message("x", tnef.winmail(tnef.file("b.txt", b"b"))),
        )
    )
    raw[flip % len(raw)] = value
    read_tnef(bytes(raw[: max(4, len(raw) - cut)]))
    read_tnef(bytes(raw))


@given(raw=st.binary(max_size=200))
def test_inner_formats_never_raise(raw: bytes) -> None:
    read_tnef(b"\x78\x9f\x3e\x22" + raw)
    read_rtf(b"{\\rtf1" + raw)
    unpack_rtf(b"\0" * 4 + b"\xff" * 4 + b"LZFu" + raw)
    unpack_rtf(raw)


@given(
    lines=st.lists(
        st.sampled_from(
            [
                *["BEGIN:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT", "UID:1", "SUMMARY:x\\, y\\n"],
                *["DTSTART:20261121", "DTSTART;TZID=Z:20261121T100000", "DTEND:99991231T235959Z"],
                *[
                    "DURATION:-P9999W",
                    "DURATION:P99999D",
                    "BEGIN:VTIMEZONE",
                    "TZID:Z",
                    "END:VTIMEZONE",
                ],
                *["BEGIN:DAYLIGHT", "END:DAYLIGHT", "TZOFFSETTO:+2359", "DTSTART:00010101T000000"],
                *["RRULE:FREQ=YEARLY;BYMONTH=13;BYDAY=-5SU", "RRULE:FREQ=YEARLY;UNTIL=20200101"],
                *[
                    "RRULE:FREQ=WEEKLY;BYDAY=MO,XX",
                    "RRULE:FREQ=MONTHLY;BYDAY=9MO",
                    "STATUS:CANCELLED",
                ],
                *[
                    "ORGANIZER;CN=A:mailto:b@c",
                    "METHOD:CANCEL",
                    "DTSTART;TZID=../../etc/passwd:20260101",
                ],
                *["DTSTART;TZID=Europe:20260101T000000", "RRULE:FREQ=YEARLY;BYDAY=5SU;BYMONTH=2"],
            ]
        ),
        max_size=30,
    )
)
def test_any_calendar_gives_whole_cards(lines: list[str]) -> None:
    for card in invitations("\n".join(lines).encode()):
        for at in (card.starts_at, card.ends_at):
            assert at is None or at.tzinfo is not None


@given(rule=st.text(st.sampled_from("FREQ=DAILYWKMOTUBNHSV;,0123-"), max_size=60))
def test_any_rule_is_said_in_words(rule: str) -> None:
    assert rule_in_words(rule, Zones(read_calendar("")))


@given(
    lines=st.lists(
        st.sampled_from(
            [
                *["", "> a", ">> b", "words", "On Mon, 2 Mar 2026 Ann wrote:", "From: a", "To: b"],
                *["Sent: c", "Subject: d", "-----Original Message-----", "_" * 32, "-- ", " > c"],
                *["Sent from my iPhone", "Best regards,", "Ann Lee", "+420 601 234 567"],
                *["---------- Forwarded message ---------", "See below", "Von: x", "Betreff: y"],
            ]
        ),
        max_size=30,
    )
)
def test_no_line_is_ever_lost(lines: list[str]) -> None:
    found = split_text("\n".join(lines), "Ann Lee")
    kept = "\n".join((found.new, found.quoted, found.signature)).split("\n")
    assert sorted(line for line in kept if line) == sorted(line for line in lines if line)
    folded = "\n".join((found.new, found.folded))
    assert all(line in folded for line in lines)


@given(texts=st.lists(_TEXTS, min_size=1, max_size=8))
def test_every_text_of_a_multipart_is_read(texts: list[str]) -> None:
    content = read(mail(multipart("mixed", *(plain(text) for text in texts))))
    for text in texts:
        assert text in f"{content.text.text}\n{content.text.quoted}"
