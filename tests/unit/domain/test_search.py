from array import array

import pytest

from supportdesk.domain.mail import NO_MESSAGE_ID, MessageId
from supportdesk.domain.search import OldMail, SearchAnswer, is_searchable


def test_old_mail_takes_sixteen_bytes_a_message() -> None:
    old = OldMail(ids=array("q", range(1000)), times=array("q", range(1000)))
    assert old.ids.itemsize + old.times.itemsize == 16
    assert OldMail().ids is not OldMail().ids


def test_an_answer_names_its_question() -> None:
    assert SearchAnswer(words="anna").hits == ()


@pytest.mark.parametrize(
    ("message_id", "is_one"),
    [("<a@x>", True), (f"<1f{NO_MESSAGE_ID}", False), ("<é@x>", False), ("<a\x7f@x>", False)],
)
def test_a_server_is_asked_for_what_stands_in_the_mail(message_id: str, *, is_one: bool) -> None:
    assert is_searchable(MessageId(message_id)) is is_one
