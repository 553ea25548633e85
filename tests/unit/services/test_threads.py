from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from supportdesk.domain.mail import Mailer, MessageSummary
from supportdesk.services.threads import ThreadIndex
from tests.fakes.happenings import a_message, after, an_answer

DAY = 24 * 3600.0


def threads_of(messages: list[MessageSummary]) -> set[frozenset[str]]:
    index = ThreadIndex()
    for message in messages:
        index.add(message)
    found = [index.thread_of(message) for message in messages]
    return {frozenset(thread.messages) for thread in found if thread is not None}


def test_references_join_in_any_order_of_arrival() -> None:
    first = a_message(1, message_id="<a@x>", subject="One")
    second = a_message(2, message_id="<b@x>", subject="Two", references=["<a@x>"])
    third = a_message(3, message_id="<c@x>", subject="Three", references=["<a@x>", "<b@x>"])
    whole = {frozenset({"<a@x>", "<b@x>", "<c@x>"})}
    for order in ([first, second, third], [third, first, second], [third, second, first]):
        assert threads_of(order) == whole


def test_an_ancestor_nobody_has_still_joins_its_children() -> None:
    one = a_message(1, subject="One", references=["<lost@x>"])
    two = a_message(2, subject="Two", references=["<lost@x>"])
    assert len(threads_of([one, two])) == 1


def test_without_references_person_and_subject_join_within_14_days() -> None:
    first = a_message(1, who="Ingrid", subject="Flour", at=after(0))
    again = a_message(2, who="Ingrid", subject="RE: flour", at=after(14 * DAY))
    late = a_message(3, who="Ingrid", subject="Flour", at=after(29 * DAY))
    assert len(threads_of([first, again])) == 1
    assert len(threads_of([first, late])) == 2


def test_another_person_or_subject_is_another_thread() -> None:
    first = a_message(1, who="Ingrid", subject="Flour")
    assert len(threads_of([first, a_message(2, who="Pavel", subject="Flour")])) == 2
    assert len(threads_of([first, a_message(2, who="Ingrid", subject="Sugar")])) == 2


def test_no_subject_says_nothing() -> None:
    messages = [a_message(1, who="Ingrid", subject=""), a_message(2, who="Ingrid", subject="Re:")]
    assert len(threads_of(messages)) == 2


def test_a_message_between_two_threads_unites_them() -> None:
    first = a_message(1, who="Ingrid", subject="Flour", at=after(0))
    last = a_message(2, who="Ingrid", subject="Flour", at=after(20 * DAY))
    between = a_message(3, who="Ingrid", subject="Flour", at=after(10 * DAY))
    index = ThreadIndex()
    index.add(first)
    index.add(last)
    thread, absorbed = index.add(between)
    assert len(thread.messages) == 3
    assert len(absorbed) == 1
    assert index.thread_of(first) is index.thread_of(last) is thread


def test_our_answer_without_references_finds_the_customer() -> None:
    question = a_message(1, who="Ingrid", subject="Flour")
    answer = an_answer(1, question, at=after(60), with_references=False)
    assert len(threads_of([question, answer])) == 1
    to_another = replace(answer, recipients=(Mailer(name="", email="pavel@out.example"),))
    assert len(threads_of([question, to_another])) == 2


def test_accounts_are_apart() -> None:
    here = a_message(1, message_id="<a@x>")
    there = replace(here, account=type(here.account)("Sales"))
    assert len(threads_of([here, there])) == 1
    index = ThreadIndex()
    assert index.add(here)[0] is not index.add(there)[0]


def test_removing_the_last_message_forgets_the_thread() -> None:
    index = ThreadIndex()
    first = a_message(1, who="Ingrid", subject="Flour")
    second = a_message(2, who="Ingrid", subject="Flour", references=[first.message_id])
    thread, _ = index.add(first)
    index.add(second)
    much_later = a_message(3, who="Ingrid", subject="Flour", at=after(99 * DAY))
    other, _ = index.add(much_later)
    index.remove(thread, first)
    assert index.thread_of(second) is thread
    index.remove(thread, second)
    assert index.thread_of(first) is None
    assert index.thread_of(second) is None
    again, _ = index.add(first)
    assert again is not thread
    assert again is not other
    index.remove(other, much_later)
    index.remove(again, first)
    assert index.add(first)[1] == []


def test_replacing_keeps_the_thread() -> None:
    index = ThreadIndex()
    message = a_message(1)
    thread, _ = index.add(message)
    index.replace(thread, replace(message, preview="We open soon."))
    assert [one.preview for one in thread.in_order()] == ["We open soon."]


def test_a_thread_without_messages_is_near_nothing() -> None:
    index = ThreadIndex()
    thread, _ = index.add(a_message(1))
    assert thread.is_near(after(0))
    assert not type(thread)().is_near(after(0))


def test_what_was_filed_by_hand_wins_over_headers() -> None:
    first = a_message(1, message_id="<a@x>", subject="Flour")
    second = a_message(2, message_id="<b@x>", subject="Flour", references=["<a@x>"])
    answer = a_message(3, message_id="<c@x>", subject="Flour", references=["<a@x>", "<b@x>"])
    later = a_message(4, message_id="<d@x>", subject="Flour", references=["<a@x>"])
    for order in ([first, second, answer, later], [later, answer, second, first]):
        index = ThreadIndex({second.key: "by hand"})
        for message in order:
            index.add(message)
        by_hand = index.thread_of(second)
        assert by_hand is not None
        assert by_hand.name == "by hand"
        assert set(by_hand.messages) == {"<b@x>", "<c@x>"}
        assert index.thread_of(first) is index.thread_of(later) is not by_hand


def test_a_thread_by_hand_ends_with_its_last_message() -> None:
    child = a_message(2, message_id="<b@x>", references=["<a@x>"])
    parent = a_message(1, message_id="<a@x>", subject="Other")
    filed: dict[str, str] = {}
    index = ThreadIndex(filed)
    by_headers, _ = index.add(child)
    filed[parent.key] = "by hand"
    by_hand, _ = index.add(parent)
    index.remove(by_headers, child)
    assert index.thread_of(parent) is by_hand
    index.remove(by_hand, parent)
    assert index.thread_of(parent) is None
    again, _ = index.add(parent)
    assert again is not by_hand


@given(st.permutations(range(8)))
def test_threads_do_not_depend_on_the_order(order: list[int]) -> None:
    """By references, and by person and subject: days 0, 10, 20 and 60 of one person."""
    messages = [
        a_message(1, message_id="<1@x>", subject="A"),
        a_message(2, message_id="<2@x>", subject="B", references=["<1@x>"]),
        a_message(3, message_id="<3@x>", subject="C", references=["<2@x>"]),
        a_message(4, message_id="<4@x>", subject="D", references=["<0@x>"]),
        *(
            a_message(number, who="Ingrid", subject="Flour", at=after(day * DAY))
            for number, day in ((5, 0), (6, 10), (7, 20), (8, 60))
        ),
    ]
    shuffled = [messages[number] for number in order]
    assert threads_of(shuffled) == threads_of(messages)
    assert len(threads_of(messages)) == 4
