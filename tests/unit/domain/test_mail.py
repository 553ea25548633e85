import pytest

from supportdesk.domain.mail import (
    Mailer,
    MessageId,
    MessagePart,
    fetched_section,
    is_no_reply,
    mail_key,
    packed_section,
)
from tests.fakes.happenings import SUPPORT, a_message


def test_the_key_of_a_message_survives_moves() -> None:
    here = a_message(7, message_id="<a@out.example>")
    there = a_message(9, message_id="<a@out.example>", mailbox="Lifted", uidvalidity=2)
    assert here.key == there.key == mail_key(SUPPORT, MessageId("<a@out.example>"))
    assert here.key == "mail/Support/<a@out.example>"


def test_a_mailer_without_a_name_is_called_by_the_address() -> None:
    assert Mailer(name="Ingrid", email="i@out.example").label == "Ingrid"
    assert Mailer(name="", email="i@out.example").label == "i@out.example"


def test_what_is_packed_is_fetched_with_what_it_is_packed_in() -> None:
    outer = MessagePart(name="winmail.dat", media_type="a/b", size_bytes=9, section="2.1")
    inner = MessagePart(name="a/b.pdf", media_type="a/b", size_bytes=4)
    assert fetched_section(packed_section(outer, inner)) == "2.1"
    assert fetched_section("2.1") == "2.1"


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
