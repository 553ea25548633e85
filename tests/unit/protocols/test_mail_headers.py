"""Header fields as strangers send them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.domain.mail import Mailer
from supportdesk.protocols import mail_headers as headers
from supportdesk.protocols.mail_headers import (
    clean_text,
    decode_base64,
    decode_charset,
    decode_words,
    field_of,
    is_no_reply,
    is_robot,
    mailer,
    parse_date,
    parse_ids,
    parse_mailers,
    split_fields,
)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"plain", "plain"),
        (b"=?utf-8?B?R3LDtg==?= =?utf-8?B?w58=?= now", "Größ now"),
        (b"=?utf-8?Q?a=C3?= =?utf-8?Q?=A4?=", "aä"),
        (b"=?utf-8?Q?a?= b =?utf-8?Q?c?=", "a b c"),
        (b"=?iso-8859-1?Q?=E4?= =?utf-8?Q?=C3=A4?=", "ää"),
        (b"=?utf-8*en?Q?aa?=", "aa"),
        (b"=?x-nobody?Q?ab=E4?=", "abä"),
        (b"=?hex?Q?6161?=", "6161"),
        (b"=?windows-1252?Q?_=93x=94?=", " “x”"),
        (b"=?iso-8859-1?Q?=93x=94?=", "“x”"),
        (b"=?gb2312?B?xOO6ww==?=", "你好"),
        (b"=?iso-2022-jp?B?GyRCJDMbKEI=?=", "こ"),
        (b"=?utf-8?B?R3LDtg?=", "Grö"),
        (b"=?utf-8?Q?spaces are wrong?=", "spaces are wrong"),
        ("Größe".encode(), "Größe"),
        ("Größe".encode("latin-1"), "Größe"),
        (b"\x81\x8d", "\x81\x8d"),
        (b"=?utf-8?Q?a?= \xe4", "a ä"),
        (b"=?utf-8?Q??=a", "a"),
    ],
)
def test_encoded_words(raw: bytes, text: str) -> None:
    assert decode_words(raw) == text


def test_raw_letters_follow_the_charset_of_the_body() -> None:
    assert decode_words("Dotaz č. 1".encode("iso-8859-2"), "iso-8859-2") == "Dotaz č. 1"
    assert decode_words("Größe".encode(), "iso-8859-2") == "Größe"


def test_a_wrong_charset_loses_as_little_as_possible() -> None:
    assert decode_charset(b"a\xffb", "utf-8") == "a\ufffdb"
    assert decode_charset("ü".encode(), "us-ascii") == "ü"
    assert decode_charset(b"\xe4", "us-ascii") == "ä"
    assert decode_charset(b"\xe4x", "windows-nonsense") == "äx"
    assert decode_charset(b"abc", "zlib") == "abc"
    assert decode_charset(b"abc", None) == "abc"


@given(raw=st.binary(max_size=200), charset=st.one_of(st.none(), st.text(max_size=12)))
def test_decoding_never_raises(raw: bytes, charset: str | None) -> None:
    assert isinstance(decode_charset(raw, charset), str)
    assert clean_text(decode_words(raw, charset), 500).encode("utf-8") is not None


def test_text_is_made_one_harmless_line() -> None:
    assert clean_text("a\r\nBcc: x\t\u202eevil\u0007  b\ufeff", 80) == "a Bcc: x evil b"
    assert clean_text("a\ud800b", 80) == "ab"
    assert clean_text("x" * 100, 10) == "x" * 9 + "…"
    assert clean_text("x" * 10, 10) == "x" * 10


def test_base64_forgives() -> None:
    assert decode_base64(b"YW\r\nJj") == b"abc"
    assert decode_base64(b"YWJjZ") == b"abc"
    assert decode_base64(b"YWI") == b"ab"
    assert decode_base64(b"") == b""


def test_message_ids() -> None:
    assert parse_ids(b"") == ()
    assert parse_ids(b"<a@b> junk <c@d>\r\n <a b> <e") == ("<a@b>", "<c@d>")
    many = b" ".join(b"<%d@x>" % number for number in range(500))
    assert parse_ids(many)[0] == "<400@x>"
    assert len(parse_ids(many)) == headers.MAX_REFERENCES


@pytest.mark.parametrize(
    ("raw", "people"),
    [
        (
            b'"B, Ann" <ann@x.org>, bob@y.org (Bob), team: a@b, c@d;',
            [("B, Ann", "ann@x.org"), ("Bob", "bob@y.org"), ("", "a@b"), ("", "c@d")],
        ),
        (b"=?utf-8?q?J=C3=B6rg?= <j@x>", [("Jörg", "j@x")]),
        (b"undisclosed-recipients:;", []),
        (b"<@relay,@other:user@host>", [("", "user@host")]),
        (b"Ann Other", [("Ann Other", "")]),
        (b'"a \\"b\\"" <c@d>', [('a "b', "c@d")]),
        (b"(only a comment)", []),
        (b"<>", [("", "")]),
        (b"\x00\x01<a@b", [("", "a@b")]),
        (b") x@y", [("", "x@y")]),
        (b"", []),
    ],
)
def test_people(raw: bytes, people: list[tuple[str, str]]) -> None:
    assert parse_mailers(raw) == tuple(Mailer(name=name, email=email) for name, email in people)


def test_people_are_bounded() -> None:
    crowd = b", ".join(b"p%d@x.org" % number for number in range(300))
    assert len(parse_mailers(crowd, limit=5)) == 5


@given(raw=st.binary(max_size=300))
def test_people_never_raise(raw: bytes) -> None:
    assert isinstance(parse_mailers(raw), tuple)


def test_names_cannot_deceive() -> None:
    person = mailer("'Sup\u202eport'\r\n".encode(), b"a b", b"x\r\ny")
    assert person == Mailer(name="Support", email="ab@xy")
    assert mailer(None, b"local", None) == Mailer(name="", email="local")
    assert mailer(None, None, b"host") == Mailer(name="", email="@host")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"Sat, 21 Nov 2026 10:00:00 +0000", (2026, 11, 21, 10, 0)),
        (b"21-Nov-2026 10:00:00 +0130", (2026, 11, 21, 8, 30)),
        (b" 1-Nov-2026 10:00:00 -0500", (2026, 11, 1, 15, 0)),
        (b"Mon, 1 Jan 99 10:00 EST", (1999, 1, 1, 15, 0)),
        (b"1 January 26 10:00 GMT", (2026, 1, 1, 10, 0)),
        (b"1 Jan 126 10:00 Z", (2026, 1, 1, 10, 0)),
        (b"Fri, 21 Nov 97 09:55:06 -0600 (comment)", (1997, 11, 21, 15, 55)),
        (b"Fri, 21 Nov 2025 09.55.60 +02:00", (2025, 11, 21, 7, 55)),
        (b"2026-11-21T10:00:00Z", (2026, 11, 21, 10, 0)),
        (b"2026-11-21 10:00:00.123 +0100", (2026, 11, 21, 9, 0)),
        (b"Sat Nov 21 10:00:00 2026", (2026, 11, 21, 10, 0)),
        (b"Sat Nov 21 10:00:00 CET 2026", (2026, 11, 21, 9, 0)),
        (b"31 Feb 2026 10:00:00 +0000", None),
        (b"1 Foo 2026 10:00:00 +0000", None),
        (b"1 Jan 0001 00:00:00 +1400", None),
        (b"1 Jan 2026 10:00:00 +9999", None),
        (b"2026-13-21T10:00:00Z", None),
        (b"yesterday", None),
        (b"", None),
    ],
)
def test_dates(raw: bytes, expected: tuple[int, int, int, int, int] | None) -> None:
    found = parse_date(raw)
    if expected is None:
        assert found is None
    else:
        assert found is not None
        assert found.replace(second=0) == datetime(*expected, tzinfo=UTC)
        assert found.utcoffset() == UTC.utcoffset(None)


@given(raw=st.one_of(st.binary(max_size=60), st.from_regex(headers._DATE, fullmatch=True)))
def test_dates_never_raise(raw: bytes) -> None:
    found = parse_date(raw)
    assert found is None or found.tzinfo is UTC


@pytest.mark.parametrize(
    ("email", "expected"),
    [
        ("no-reply@x.org", True),
        ("Billing.NoReply@x.org", True),
        ("donotreply@x.org", True),
        ("MAILER-DAEMON@x.org", True),
        ("bounces+7@x.org", True),
        ("nora.reply@x.org", False),
        ("ann@noreply.example.org", False),
        ("", False),
    ],
)
def test_no_reply_addresses(email: str, expected: bool) -> None:
    assert is_no_reply(email) is expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ([("auto-submitted", b"auto-replied")], True),
        ([("auto-submitted", b"no")], False),
        ([("auto-submitted", b"")], False),
        ([("list-id", b"<news.example.org>")], True),
        ([("list-id", b"")], False),
        ([("precedence", b"Bulk")], True),
        ([("precedence", b"first-class")], False),
        ([("subject", b"hello")], False),
    ],
)
def test_robots(fields: list[tuple[str, bytes]], expected: bool) -> None:
    assert is_robot(Mailer(name="", email="ann@x.org"), fields) is expected
    assert is_robot(Mailer(name="", email="noreply@x.org"), fields)


def test_fields_are_unfolded_and_bounded() -> None:
    raw = b"Subject : one\r\n two\r\nnonsense\r\nX-A:b\nX-A: c\r\n"
    assert split_fields(raw) == [("subject", b"one two"), ("x-a", b"b"), ("x-a", b"c")]
    assert field_of(split_fields(raw), "x-a") == b"b"
    assert field_of(split_fields(raw), "x-b") == b""
    assert len(split_fields(b"a: b\n" * 50, limit=7)) == 7
