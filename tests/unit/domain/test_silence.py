"""Values of the silence alarm."""

from supportdesk.domain.mail import MessageId
from supportdesk.domain.silence import FAULTS, TEST_MAIL, Habit, Verdict, is_test_mail


def test_a_test_mail_is_known_by_its_message_id() -> None:
    assert is_test_mail(MessageId(f"{TEST_MAIL}abc@example.com>"))
    assert not is_test_mail(MessageId("<abc@example.com>"))


def test_quiet_customers_are_no_fault_and_nothing_is_known_at_first() -> None:
    assert not {Verdict.QUIET, Verdict.ASKED, Verdict.NOT_SENT} & set(FAULTS)
    assert not Habit().traffic.is_known
