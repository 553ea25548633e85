from supportdesk.domain.mail import Mailer, MessageId, mail_key
from tests.fakes.happenings import SUPPORT, a_message


def test_the_key_of_a_message_survives_moves() -> None:
    here = a_message(7, message_id="<a@out.example>")
    there = a_message(9, message_id="<a@out.example>", mailbox="Lifted", uidvalidity=2)
    assert here.key == there.key == mail_key(SUPPORT, MessageId("<a@out.example>"))
    assert here.key == "mail/Support/<a@out.example>"


def test_a_mailer_without_a_name_is_called_by_the_address() -> None:
    assert Mailer(name="Ingrid", email="i@out.example").label == "Ingrid"
    assert Mailer(name="", email="i@out.example").label == "i@out.example"
