"""Values of the silence alarm."""

from dataclasses import replace

from supportdesk.domain.mail import MessageId
from supportdesk.domain.silence import FAULTS, TEST_MAIL, Habit, Verdict, is_test_mail
from tests.fakes.happenings import a_message


def test_a_test_mail_is_known_by_its_message_id_and_our_address() -> None:
    ours = replace(a_message(1), message_id=MessageId(f"{TEST_MAIL}a@b.example>"), is_ours=True)
    assert is_test_mail(ours)
    assert not is_test_mail(replace(ours, is_ours=False))
    assert not is_test_mail(replace(ours, message_id=MessageId("<a@b.example>")))


def test_quiet_customers_are_no_fault_and_nothing_is_known_at_first() -> None:
    assert not {Verdict.QUIET, Verdict.ASKED, Verdict.NOT_SENT} & set(FAULTS)
    assert not Habit().traffic.is_known
