from array import array

from supportdesk.domain.search import OldMail, SearchAnswer


def test_old_mail_takes_sixteen_bytes_a_message() -> None:
    old = OldMail(ids=array("q", range(1000)), times=array("q", range(1000)))
    assert old.ids.itemsize + old.times.itemsize == 16
    assert OldMail().ids is not OldMail().ids


def test_an_answer_names_its_question() -> None:
    assert SearchAnswer(words="anna").hits == ()
