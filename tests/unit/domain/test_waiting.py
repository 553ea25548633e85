from dataclasses import replace
from datetime import timedelta

import pytest

from supportdesk.domain.mail import Answer, MessageSummary
from supportdesk.domain.waiting import (
    core_subject,
    in_order,
    is_answer,
    is_from_customer,
    moment,
    standing,
    without_prefixes,
)
from tests.fakes.happenings import a_message, after, an_answer

MINUTE = 60.0


def waiting_uids(messages: list[MessageSummary], closed: tuple[str, ...] = ()) -> list[int]:
    found = standing(sorted(messages, key=in_order), frozenset(closed))
    return [message.address.uid for message in found.waiting]


def test_a_customer_waits_since_the_first_message_without_an_answer() -> None:
    first, second = a_message(1, at=after(0)), a_message(2, at=after(MINUTE), who="Customer 1")
    found = standing([first, second], frozenset())
    assert found.waiting == (first, second)
    assert found.waiting_since == after(0)
    assert found.answer is None


def test_an_answer_ends_the_waiting_and_says_how_long_it_was() -> None:
    question = a_message(1, at=after(0))
    answer = an_answer(1, question, at=after(30 * MINUTE))
    found = standing([question, answer], frozenset())
    assert found.waiting_since is None
    assert found.answer == Answer(by="Anna", at=after(30 * MINUTE), after=timedelta(minutes=30))


def test_writing_once_more_changes_nothing_of_the_answer() -> None:
    question = a_message(1, at=after(0))
    answer = an_answer(1, question, at=after(MINUTE))
    more = an_answer(2, question, at=after(2 * MINUTE))
    found = standing([question, answer, more], frozenset())
    assert found.answer is not None
    assert found.answer.at == after(MINUTE)


def test_a_follow_up_waits_from_itself() -> None:
    question = a_message(1, at=after(0))
    answer = an_answer(1, question, at=after(MINUTE))
    follow_up = a_message(2, at=after(2 * MINUTE), who="Customer 1")
    found = standing([question, answer, follow_up], frozenset())
    assert found.waiting_since == after(2 * MINUTE)
    assert found.answer is None


def test_a_copy_in_the_inbox_is_an_answer_too() -> None:
    question = a_message(1, at=after(0))
    assert waiting_uids([question, an_answer(2, question, at=after(1), mailbox="INBOX")]) == []


def test_the_flag_answers_up_to_its_message() -> None:
    first, second = a_message(1, at=after(0)), a_message(2, at=after(1), is_answered=True)
    third = a_message(3, at=after(2))
    assert waiting_uids([first, second, third]) == [3]
    assert standing([first, second], frozenset()).answer is None


def test_a_flagged_question_is_said_to_be_answered_by_whom_and_after_how_long() -> None:
    question = a_message(1, at=after(0), is_answered=True)
    answer = an_answer(1, question, at=after(14 * MINUTE))
    found = standing([question, answer], frozenset())
    assert found.waiting == ()
    assert found.answer is not None
    assert found.answer.after == timedelta(minutes=14)


def test_needs_no_reply_closes_up_to_its_message() -> None:
    first, thanks = a_message(1, at=after(0)), a_message(2, at=after(1))
    assert waiting_uids([first, thanks], closed=(thanks.key,)) == []
    assert waiting_uids([first, thanks], closed=(first.key,)) == [2]


def test_robots_never_wait_and_our_autoresponder_answers_nobody() -> None:
    question = a_message(1, at=after(0))
    robot = a_message(2, at=after(1), is_robot=True)
    automatic = replace(an_answer(1, question, at=after(2)), is_robot=True)
    assert waiting_uids([question, robot, automatic]) == [1]
    assert not is_answer(automatic)
    assert not is_from_customer(automatic)
    assert not is_from_customer(robot)


def test_within_one_second_the_answer_comes_after_the_question() -> None:
    question = a_message(9, at=after(0))
    answer = an_answer(1, question, at=after(0), with_references=False)
    assert waiting_uids([answer, question]) == []


def test_an_answer_from_a_slow_clock_still_answers_what_it_names() -> None:
    question = a_message(1, at=after(0))
    answer = an_answer(1, question, at=after(-MINUTE))
    assert waiting_uids([question, answer]) == []


def test_an_old_date_counts_where_the_arrival_is_a_migration() -> None:
    """A mailbox moved to another server: all arrived at one moment, the Dates tell the order."""
    day = 24 * 3600.0
    question = a_message(5, at=after(0), sent_at=after(-9 * day))
    assert moment(question) == after(-9 * day)


@pytest.mark.parametrize("hours", [-30, 0, 23])
def test_a_wrong_clock_of_the_sender_does_not_count(hours: int) -> None:
    question = a_message(5, at=after(0), sent_at=after(-hours * 3600.0))
    assert moment(question) == after(0)


@pytest.mark.parametrize(
    ("subject", "core"),
    [
        ("Flour order", "flour order"),
        ("RE:  Re: Flour   order", "flour order"),
        ("AW: Fwd: [shop] Flour order", "[shop] flour order"),
        ("Re[2]: Flour order", "flour order"),
        ("Re (3) : Flour order", "flour order"),
        ("回复：Flour order", "flour order"),
        ("Regarding: flour", "regarding: flour"),
        ("Re:", ""),
        ("", ""),
    ],
)
def test_the_core_of_a_subject(subject: str, core: str) -> None:
    assert core_subject(subject) == core


def test_prefixes_go_and_the_case_stays() -> None:
    assert without_prefixes("Re: Flour Order") == "Flour Order"
