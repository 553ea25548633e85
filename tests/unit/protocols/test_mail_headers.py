"""Header fields as strangers send them."""

import pytest

from supportdesk.domain.mail import Mailer
from supportdesk.protocols import mail_headers as headers
from supportdesk.protocols.mail_headers import (
    field_of,
    is_robot,
    parse_ids,
    split_fields,
)


def test_message_ids() -> None:
    assert parse_ids(b"") == ()
    assert parse_ids(b"<a@b> junk <c@d>\r\n <a b> <e") == ("<a@b>", "<c@d>")
    many = b" ".join(b"<%d@x>" % number for number in range(500))
    assert parse_ids(many)[0] == "<400@x>"
    assert len(parse_ids(many)) == headers.MAX_REFERENCES


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
