from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supportdesk.domain.events import MessageChanged, MessageGone
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageId, MessageSummary
from supportdesk.domain.silence import TEST_MAIL
from supportdesk.services.forgetting import Forgotten
from supportdesk.services.inbox import GONE, Inbox
from tests.fakes.happenings import (
    SUPPORT,
    T0,
    a_message,
    after,
    an_answer,
    arrived,
    changed,
    opened,
)
from tests.fakes.stores import MemoryDeskStore

HOUR = 3600.0


def connected(store: MemoryDeskStore | None = None, *, limit: int = 2_000) -> Inbox:
    """An inbox whose mailboxes were empty when the founder connected them."""
    inbox = Inbox(store or MemoryDeskStore(), limit=limit)
    inbox.restore([], T0)
    inbox.apply(opened(1), T0)
    inbox.apply(opened(1, mailbox="Sent"), T0)
    return inbox


def gone(message: MessageSummary) -> MessageGone:
    return MessageGone(
        account=message.account, message_id=message.message_id, address=message.address, at=T0
    )


def now_as(message: MessageSummary) -> MessageChanged:
    return MessageChanged(message=message, at=T0)


def keys(messages: list[MessageSummary]) -> list[str]:
    return [message.key for message in messages]


# --- news --------------------------------------------------------------------------------


def test_what_was_there_when_the_founder_connected_is_history() -> None:
    inbox = Inbox(MemoryDeskStore())
    inbox.restore([], T0)
    inbox.apply(opened(3), T0)
    news = inbox.apply(arrived(a_message(1), a_message(2), a_message(3), a_message(4)), T0)
    assert keys(news) == [a_message(3).key, a_message(4).key]


def test_a_mail_to_ourselves_is_nobodys() -> None:
    inbox = connected()
    named = MessageId(f"{TEST_MAIL}1@desk.example>")
    message = replace(a_message(1), message_id=named, is_ours=True)
    assert inbox.apply(arrived(message, a_message(2)), T0) == [a_message(2)]
    assert inbox.message(message.key) is None
    inbox.apply(now_as(message), T0)
    assert inbox.message(message.key) is None


def test_where_a_message_lies() -> None:
    inbox = connected()
    inbox.apply(arrived(a_message(1)), T0)
    assert inbox.mailbox_of(a_message(1).key) == a_message(1).address.mailbox
    assert inbox.mailbox_of(a_message(2).key) == ""


def test_a_second_opening_moves_nothing_into_history() -> None:
    inbox = connected()
    inbox.apply(opened(9), T0)
    assert len(inbox.apply(arrived(a_message(5)), T0)) == 1


def test_another_users_mailbox_under_the_same_name_begins_anew() -> None:
    store = MemoryDeskStore()
    inbox = connected(store)
    mine = replace(opened(1), user="anna", host="imap.desk.example")
    inbox.apply(mine, T0)
    assert len(inbox.apply(arrived(a_message(1)), T0)) == 1
    assert inbox.apply(arrived(an_answer(1, a_message(1), at=after(9))), T0) == []
    again = Inbox(store)
    sent = an_answer(1, a_message(1), at=after(9))
    again.restore([a_message(1), a_message(2), sent], after(60))
    again.apply(replace(mine, uidnext=9, host="imap.new.example"), after(60))
    assert len(again.apply(arrived(a_message(3)), after(60))) == 1, "the same mailbox elsewhere"
    theirs = replace(mine, user="help", uidvalidity=7, uidnext=30, at=after(90))
    again.apply(theirs, after(90))
    assert again.message(a_message(1).key) is None
    assert again.message(sent.key) is not None, "Sent has not been opened yet"
    old = [
        a_message(uid, uidvalidity=7, message_id=f"<{uid}@help>", at=after(70)) for uid in (28, 29)
    ]
    new = a_message(30, uidvalidity=7, at=after(95))
    assert keys(again.apply(arrived(*old, new), after(99))) == [new.key]
    assert again.people_waiting == 3
    third = Inbox(store)
    third.restore([*old, new], after(120))
    third.apply(replace(theirs, uidnext=31), after(120))
    assert third.apply(arrived(a_message(31, uidvalidity=7)), after(121))


def test_after_a_new_uidvalidity_the_arrival_decides() -> None:
    store = MemoryDeskStore()
    connected(store)
    inbox = Inbox(store)
    inbox.restore([], after(60))
    old = a_message(900, uidvalidity=2, at=after(-HOUR))
    new = a_message(5, uidvalidity=2, at=after(HOUR))
    assert keys(inbox.apply(arrived(old, new), after(HOUR))) == [new.key]


def test_a_mailbox_never_opened_holds_history() -> None:
    inbox = Inbox(MemoryDeskStore())
    assert inbox.restore([a_message(1)], T0) == []


def test_news_is_told_once_over_repeats_moves_and_restarts() -> None:
    store = MemoryDeskStore()
    inbox = connected(store)
    message = a_message(1)
    assert len(inbox.apply(arrived(message), T0)) == 1
    assert inbox.apply(arrived(message), T0) == []
    moved = replace(message, address=replace(message.address, mailbox="Lifted", uid=7))
    inbox.apply(opened(1, mailbox="Lifted"), T0)
    assert inbox.apply(arrived(moved), T0) == []
    assert Inbox(store).restore([moved], after(60)) == []


def test_history_that_moves_is_no_news() -> None:
    inbox = Inbox(MemoryDeskStore())
    inbox.restore([], T0)
    inbox.apply(opened(9), T0)
    inbox.apply(opened(1, mailbox="Lifted"), T0)
    message = a_message(1)
    inbox.apply(arrived(message), T0)
    inbox.apply(gone(message), T0)
    moved = replace(message, address=replace(message.address, mailbox="Lifted", uid=7))
    assert inbox.apply(arrived(moved), T0) == []


def test_what_came_while_the_program_was_off_is_news_of_the_start() -> None:
    store = MemoryDeskStore()
    connected(store)
    assert keys(Inbox(store).restore([a_message(1)], after(60))) == [a_message(1).key]


def test_robots_and_copies_of_ours_in_the_inbox_are_news_but_sent_copies_are_not() -> None:
    inbox = connected()
    question = a_message(1)
    robot = a_message(2, is_robot=True)
    copy = an_answer(3, question, at=after(60), mailbox="INBOX")
    sent = an_answer(4, question, at=after(60))
    assert keys(inbox.apply(arrived(question, robot, copy, sent), T0)) == [
        question.key,
        robot.key,
        copy.key,
    ]


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_each_message_is_news_once_whatever_the_schedule(data: st.DataObject) -> None:
    """Repeats, restarts with or without mail.db, reconnects, moves and new UIDVALIDITYs."""
    store = MemoryDeskStore()
    inbox = connected(store)
    told: list[str] = []
    known: dict[int, MessageSummary] = {}
    uidvalidity = 1
    count = data.draw(st.integers(1, 8))
    for _ in range(data.draw(st.integers(1, 25))):
        match data.draw(st.sampled_from(["arrive", "again", "restart", "lose", "renumber"])):
            case "arrive":
                number = data.draw(st.integers(1, count))
                message = a_message(
                    number, at=after(60), uidvalidity=uidvalidity, message_id=f"<{number}@x>"
                )
                known[number] = message
                told += keys(inbox.apply(arrived(message), after(60)))
            case "again":
                for message in known.values():
                    told += keys(inbox.apply(arrived(message), after(60)))
            case "restart":
                inbox = Inbox(store)
                told += keys(inbox.restore(known.values(), after(60)))
            case "lose":
                inbox = Inbox(store)
                told += keys(inbox.restore([], after(60)))
            case _:
                uidvalidity += 1
                inbox.apply(opened(1, uidvalidity=uidvalidity), after(60))
                for number, message in known.items():
                    address = replace(message.address, uidvalidity=uidvalidity, uid=number + 50)
                    known[number] = replace(message, address=address)
                    told += keys(inbox.apply(arrived(known[number]), after(60)))
    assert sorted(told) == sorted(message.key for message in known.values())


# --- conversations -----------------------------------------------------------------------


def test_the_longest_waiting_is_first_then_the_answered_newest_first() -> None:
    inbox = connected()
    late, early = a_message(1, at=after(60)), a_message(2, at=after(0))
    done, done_later = a_message(3, at=after(5)), a_message(4, at=after(6))
    answers = (
        an_answer(1, done, at=after(100)),
        an_answer(2, done_later, at=after(200)),
    )
    inbox.apply(arrived(late, early, done, done_later, *answers), T0)
    listed = inbox.conversations()
    assert [one.key for one in listed] == [early.key, late.key, done_later.key, done.key]
    assert inbox.people_waiting == 2
    assert inbox.waiting() == listed[:2]


def test_a_conversation_tells_of_its_newest_customer_message() -> None:
    inbox = connected()
    first = a_message(1, who="Ingrid", subject="Flour order", at=after(0))
    again = a_message(2, who="Ingrid", subject="Re: Flour order", preview="Twice.", at=after(60))
    inbox.apply(arrived(first, again), T0)
    found = inbox.conversation(first.key)
    assert found is not None
    assert (found.key, found.subject, found.preview) == (again.key, "Flour order", "Twice.")
    assert (found.waiting_since, found.newest_at) == (after(0), after(60))
    assert found.messages == (first, again)
    assert inbox.conversation("mail/Support/<nobody@x>") is None
    assert inbox.message(again.key) == again


def test_an_answer_is_shown_with_who_and_how_long() -> None:
    inbox = connected()
    question = a_message(1)
    inbox.apply(arrived(question, an_answer(1, question, at=after(600))), T0)
    [found] = inbox.conversations()
    assert found.waiting_since is None
    assert found.answer is not None
    assert found.answer.by == "Anna"


def test_our_own_outgoing_mail_alone_is_nobodys_conversation() -> None:
    inbox = connected()
    inbox.apply(arrived(an_answer(1, a_message(1), at=after(0), with_references=False)), T0)
    assert inbox.conversations() == ()


def test_a_robot_alone_is_listed_and_never_waits() -> None:
    inbox = connected()
    inbox.apply(arrived(a_message(1, is_robot=True)), T0)
    [found] = inbox.conversations()
    assert found.is_robot
    assert found.waiting_since is None
    assert inbox.people_waiting == 0


def test_a_message_that_joins_two_conversations_leaves_one() -> None:
    inbox = connected()
    one, two = a_message(1, subject="A"), a_message(2, subject="B")
    inbox.apply(arrived(one, two), T0)
    assert inbox.people_waiting == 2
    both = a_message(3, subject="C", references=[one.message_id, two.message_id])
    inbox.apply(arrived(both), T0)
    assert inbox.people_waiting == 1
    assert inbox.conversation(one.key) == inbox.conversation(two.key)


def test_one_batch_may_join_what_it_brought() -> None:
    inbox = connected()
    one, two = a_message(1, subject="A"), a_message(2, subject="B")
    both = a_message(3, subject="C", references=[one.message_id, two.message_id])
    inbox.apply(arrived(one, two, both), T0)
    assert [len(found.messages) for found in inbox.conversations()] == [3]


def test_changed_flags_change_who_waits() -> None:
    inbox = connected()
    message = a_message(1)
    inbox.apply(arrived(message), T0)
    inbox.apply(now_as(changed(message, is_answered=True)), T0)
    assert inbox.people_waiting == 0


def test_a_copy_from_an_alias_we_do_not_know_stays_ours() -> None:
    inbox = connected()
    sent = replace(a_message(4, mailbox="Sent"), is_sent_copy=True)
    copy = a_message(4)
    inbox.apply(arrived(copy), T0)
    assert inbox.people_waiting == 1
    inbox.apply(now_as(sent), T0)
    assert inbox.people_waiting == 0
    inbox.apply(now_as(copy), T0)
    assert inbox.people_waiting == 0
    other = connected()
    other.apply(arrived(sent, copy), T0)
    assert other.people_waiting == 0


def test_a_message_gone_from_where_it_was_is_gone() -> None:
    inbox = connected()
    message, other = a_message(1), a_message(2, references=["<1@out.example>"])
    inbox.apply(arrived(message, other), T0)
    elsewhere = replace(message, address=replace(message.address, uid=99))
    inbox.apply(gone(elsewhere), T0)
    inbox.apply(gone(a_message(77)), T0)
    assert len(inbox.conversations()[0].messages) == 2
    inbox.apply(gone(message), T0)
    assert [one.messages for one in inbox.conversations()] == [(other,)]
    inbox.apply(gone(other), T0)
    assert inbox.conversations() == ()


def test_an_account_that_left_the_settings_leaves_nothing() -> None:
    inbox = connected()
    other = a_message(1, account=SourceName("Sales"))
    inbox.apply(arrived(a_message(1)), T0)
    inbox.apply(arrived(other), T0)
    inbox.forget(SUPPORT)
    assert [one.account for one in inbox.conversations()] == ["Sales"]


# --- read by the founder -----------------------------------------------------------------


def test_news_is_unread_until_the_founder_has_it_open() -> None:
    store = MemoryDeskStore()
    inbox = connected(store)
    first = a_message(1, who="Ingrid", subject="Flour", at=after(0))
    second = a_message(2, who="Ingrid", subject="Flour", at=after(60))
    third = a_message(3, who="Ingrid", subject="Flour", at=after(120))
    inbox.apply(arrived(first, second, third), T0)
    assert inbox.conversations()[0].is_unread_by_me
    inbox.read(second.key, after(200))
    assert set(store.read) == {first.key, second.key}
    assert inbox.conversations()[0].is_unread_by_me
    inbox.read(third.key, after(201))
    inbox.read(third.key, after(300))
    assert not inbox.conversations()[0].is_unread_by_me
    assert store.read[third.key] == after(201)


def test_history_is_not_unread() -> None:
    inbox = Inbox(MemoryDeskStore())
    inbox.restore([], T0)
    inbox.apply(opened(9), T0)
    inbox.apply(arrived(a_message(1)), T0)
    assert not inbox.conversations()[0].is_unread_by_me


def test_reading_what_is_not_in_the_list_is_remembered_too() -> None:
    store = MemoryDeskStore()
    connected(store).read("mail/Support/<old@x>", T0)
    assert store.read_keys() == {"mail/Support/<old@x>"}


def test_the_founders_marks_survive_a_restart() -> None:
    store = MemoryDeskStore()
    inbox = connected(store)
    one, two = a_message(1), a_message(2)
    inbox.apply(arrived(one, two), T0)
    inbox.read(one.key, T0)
    inbox.needs_no_reply(two.key, T0)
    again = Inbox(store)
    again.restore([one, two], after(60))
    assert again.why_over(one.key) == "read here"
    assert again.why_over(two.key) == "needs no reply"
    assert again.people_waiting == 1


def test_needs_no_reply_can_be_taken_back_and_ends_with_the_next_message() -> None:
    inbox = connected()
    thanks = a_message(1, who="Ingrid", subject="Flour", at=after(0))
    inbox.apply(arrived(thanks), T0)
    inbox.needs_no_reply(thanks.key, T0)
    assert inbox.people_waiting == 0
    assert inbox.conversations()[0].needs_no_reply
    inbox.undo_needs_no_reply(thanks.key)
    assert inbox.people_waiting == 1
    inbox.needs_no_reply(thanks.key, T0)
    more = a_message(2, who="Ingrid", subject="Flour", at=after(60))
    inbox.apply(arrived(more), T0)
    assert inbox.waiting()[0].waiting_since == after(60)
    assert not inbox.conversations()[0].needs_no_reply
    inbox.needs_no_reply("mail/Support/<nobody@x>", T0)


# --- is it over? -------------------------------------------------------------------------


def test_why_a_message_needs_no_alert_any_more() -> None:
    inbox = connected()
    message = a_message(1)
    inbox.apply(arrived(message), T0)
    assert inbox.why_over(message.key) == ""
    inbox.apply(arrived(an_answer(1, message, at=after(60))), T0)
    assert inbox.why_over(message.key) == "answered by Anna"
    assert inbox.why_over("mail/Support/<nobody@x>") == GONE


def test_the_flag_does_not_say_who_answered() -> None:
    inbox = connected()
    message = a_message(1)
    inbox.apply(arrived(message), T0)
    inbox.apply(now_as(changed(message, is_answered=True)), T0)
    assert inbox.why_over(message.key) == "answered"


def test_read_by_a_colleague_is_over_but_still_waits() -> None:
    inbox = connected()
    message = a_message(1)
    inbox.apply(arrived(message), T0)
    inbox.apply(now_as(changed(message, is_seen=True)), T0)
    assert inbox.why_over(message.key) == "read elsewhere"
    assert inbox.why_handled(message.key) == ""
    assert inbox.people_waiting == 1


def test_a_message_that_came_with_the_seen_flag_is_news_all_the_same() -> None:
    inbox = connected()
    message = a_message(1, is_seen=True)
    assert inbox.apply(arrived(message), T0) == [message]
    assert inbox.why_over(message.key) == ""


# --- long waits --------------------------------------------------------------------------


def test_long_waits_are_those_with_news_in_them() -> None:
    inbox = Inbox(MemoryDeskStore())
    inbox.restore([], T0)
    inbox.apply(opened(3), T0)
    old = a_message(1, who="Ingrid", subject="Flour", at=after(-HOUR))
    alone = a_message(2, at=after(-HOUR))
    more = a_message(3, who="Ingrid", subject="Flour", at=after(60))
    inbox.apply(arrived(old, alone, more), T0)
    [wait] = inbox.long_waits()
    assert wait.since == after(-HOUR)
    assert (wait.first_key, wait.covers) == (more.key, (more.key,))


# --- many --------------------------------------------------------------------------------


def test_the_newest_are_kept_and_old_history_does_not_come_in() -> None:
    inbox = Inbox(MemoryDeskStore(), limit=3)
    inbox.restore([], T0)
    inbox.apply(opened(100), T0)
    inbox.apply(arrived(*(a_message(uid, at=after(uid)) for uid in (5, 6, 7))), T0)
    inbox.apply(arrived(a_message(1, at=after(1))), T0)
    assert inbox.people_waiting == 3
    inbox.apply(arrived(a_message(8, at=after(8))), T0)
    assert [one.messages[0].address.uid for one in inbox.waiting()] == [6, 7, 8]


def test_news_stays_even_if_its_date_is_old() -> None:
    inbox = connected(limit=3)
    inbox.apply(arrived(*(a_message(uid, at=after(uid)) for uid in (5, 6, 7))), after(7))
    moved_in = a_message(9, at=after(-99 * HOUR))
    assert inbox.apply(arrived(moved_in), after(8)) == [moved_in]
    assert inbox.why_over(moved_in.key) == ""


def test_what_was_gone_before_it_grew_old_does_no_harm() -> None:
    inbox = connected(limit=2)
    messages = [a_message(uid, at=after(uid)) for uid in (1, 2, 3, 4)]
    inbox.apply(arrived(messages[0]), after(1))
    inbox.apply(gone(messages[0]), after(1))
    for message in messages[1:]:
        inbox.apply(arrived(message), message.arrived_at)
    assert [one.messages[0].address.uid for one in inbox.waiting()] == [3, 4]


@pytest.mark.parametrize("newest_first", [True, False])
def test_a_big_mailbox_is_folded_in_linear_time(newest_first: bool) -> None:
    """Not a benchmark: with a cost per message that grows with the inbox this takes minutes."""
    inbox = Inbox(MemoryDeskStore())
    inbox.restore([], T0)
    inbox.apply(opened(100_000), T0)
    uids = range(1, 8_001)
    for start in range(0, len(uids), 500):
        batch = [a_message(uid, at=after(uid)) for uid in uids[start : start + 500]]
        if newest_first:
            batch = [
                a_message(8_001 - uid, at=after(8_001 - uid)) for uid in uids[start : start + 500]
            ]
        inbox.apply(arrived(*batch), T0)
    assert inbox.people_waiting == 2_000


# --- what the founder knows better ---------------------------------------------------------


def three_of_one_person() -> tuple[MessageSummary, MessageSummary, MessageSummary]:
    return (
        a_message(1, who="Ingrid", subject="Flour"),
        a_message(2, who="Ingrid", subject="Flour", at=after(HOUR)),
        a_message(3, who="Ingrid", subject="Sugar", at=after(2 * HOUR)),
    )


def messages_of(inbox: Inbox, key: str) -> list[str]:
    conversation = inbox.conversation(key)
    assert conversation is not None
    return [one.key for one in conversation.messages]


def test_a_conversation_is_split_and_joined_and_stays_so() -> None:
    store = MemoryDeskStore()
    inbox = connected(store)
    first, second, other = three_of_one_person()
    inbox.apply(arrived(first, second, other), T0)
    inbox.split(second.key, T0)
    assert messages_of(inbox, first.key) == [first.key]
    inbox.join(second.key, other.key, T0)
    assert messages_of(inbox, other.key) == [second.key, other.key]
    again = Inbox(store)
    again.restore([other, second, first], T0)
    assert messages_of(again, other.key) == [second.key, other.key]
    assert messages_of(again, first.key) == [first.key]


def test_splits_and_joins_are_taken_back_one_by_one() -> None:
    store = MemoryDeskStore()
    inbox = connected(store)
    first, second, other = three_of_one_person()
    inbox.apply(arrived(first, second, other), T0)
    inbox.split(second.key, T0)
    inbox.join(first.key, other.key, T0)
    inbox.undo_regrouping(T0)
    assert messages_of(inbox, first.key) == [first.key]
    assert messages_of(inbox, second.key) == [second.key]
    inbox.undo_regrouping(T0)
    inbox.undo_regrouping(T0)
    assert messages_of(inbox, first.key) == [first.key, second.key]
    assert store.filed == {}


def test_what_is_not_known_is_neither_split_nor_joined() -> None:
    store = MemoryDeskStore()
    inbox = connected(store)
    message = a_message(1)
    inbox.apply(arrived(message), T0)
    inbox.split("mail/Support/<none>", T0)
    inbox.join(message.key, "mail/Support/<none>", T0)
    assert store.filed == {}


def test_an_answer_to_what_was_filed_stays_with_it_in_the_next_run() -> None:
    store = MemoryDeskStore()
    inbox = connected(store)
    first, second, _ = three_of_one_person()
    inbox.apply(arrived(first, second), T0)
    inbox.split(second.key, T0)
    answer = an_answer(9, second, at=after(3 * HOUR))
    inbox.apply(arrived(answer), T0)
    assert store.filed[answer.key] == second.key


def test_what_could_be_joined_is_the_newest_other_of_the_same_person() -> None:
    inbox = connected()
    first, second, other = three_of_one_person()
    newest = a_message(4, who="Ingrid", subject="Salt", at=after(9 * HOUR))
    stranger = a_message(5, who="Pavel", at=after(99 * HOUR))
    inbox.apply(arrived(first, second, other, newest, stranger), T0)
    found = inbox.joinable(first.key)
    assert found is not None
    assert found.key == newest.key
    assert inbox.joinable(stranger.key) is None
    assert inbox.joinable("mail/Support/<none>") is None


def test_a_robot_that_is_a_person_waits_and_the_other_way_round() -> None:
    store = MemoryDeskStore()
    inbox = connected(store)
    shop = replace(a_message(1, who="Shop"), is_robot=True)
    inbox.apply(arrived(shop), T0)
    assert inbox.people_waiting == 0
    inbox.judge_sender(shop.sender.email.upper(), T0, is_robot=False)
    assert inbox.people_waiting == 1
    again = Inbox(store)
    again.restore([shop], T0)
    assert again.people_waiting == 1
    [news] = again.apply(arrived(replace(a_message(2, who="Shop"), is_robot=True)), T0)
    assert not news.is_robot
    again.judge_sender(shop.sender.email, T0, is_robot=None)
    assert again.people_waiting == 0
    assert store.judged == {}


def test_the_founders_judgement_of_a_sender_can_be_asked_for() -> None:
    inbox = connected()
    assert inbox.judgement_of("shop@out.example") is None
    inbox.judge_sender("Shop@out.example", T0, is_robot=False)
    assert inbox.judgement_of("SHOP@out.example") is False
    inbox.judge_sender("shop@out.example", T0, is_robot=None)
    assert inbox.judgement_of("shop@out.example") is None


def test_what_of_a_conversation_waits() -> None:
    inbox = connected()
    first = a_message(1, who="Pavel")
    again = a_message(2, who="Pavel", at=after(60), references=[first.message_id])
    inbox.apply(arrived(first, again), T0)
    assert inbox.unanswered(again.key) == (first, again)
    inbox.apply(arrived(an_answer(3, first, at=after(30))), T0)
    assert inbox.unanswered(again.key) == (again,)


def test_what_the_founder_has_still_to_read() -> None:
    inbox = connected()
    read, unread, answer = a_message(1), a_message(2), an_answer(3, a_message(2), at=after(30))
    inbox.apply(arrived(read, unread, answer), T0)
    inbox.read(read.key, T0)
    assert keys(inbox.unread()) == [unread.key]
    assert inbox.is_unread(unread.key)
    assert not inbox.is_unread(read.key)
    inbox.apply(gone(unread), T0)
    assert not inbox.is_unread(unread.key)


def test_whoever_is_forgotten_has_never_written() -> None:
    inbox = connected()
    hers, his = a_message(1, who="Anna"), a_message(2, who="Bob")
    ours = an_answer(1, hers, at=after(60))
    inbox.apply(arrived(hers, his, ours), T0)
    inbox.read(hers.key, T0)
    inbox.needs_no_reply(hers.key, T0)
    inbox.split(hers.key, T0)
    inbox.judge_sender(hers.sender.email, T0, is_robot=True)
    own = frozenset({"support@desk.example"})
    inbox.forget_person(Forgotten(emails=(hers.sender.email,), own=own))
    assert [one.customer.label for one in inbox.conversations()] == ["Bob"]
    assert inbox.message(ours.key) is None
    assert inbox.judgement_of(hers.sender.email) is None
    inbox.undo_regrouping(T0)
    inbox.apply(arrived(hers), T0)
    assert inbox.is_unread(hers.key)


# --- put off -------------------------------------------------------------------------------


def test_who_is_put_off_does_not_wait_until_their_time_has_come() -> None:
    inbox = connected()
    message, other = a_message(1), a_message(2)
    inbox.apply(arrived(message, other), T0)
    inbox.read(message.key, T0)
    inbox.put_off({message.key: after(HOUR)}, ())
    view = inbox.conversation(message.key)
    assert view is not None
    assert (view.waiting_since, view.put_off_until) == (None, after(HOUR))
    assert (inbox.people_waiting, inbox.waiting()) == (1, (inbox.conversation(other.key),))
    assert [wait.first_key for wait in inbox.long_waits()] == [other.key]
    assert (inbox.why_over(message.key), inbox.why_over(other.key)) == ("read here", "")
    inbox.put_off({}, [message.key])
    view = inbox.conversation(message.key)
    assert view is not None
    assert (view.waiting_since, view.has_come_back, view.is_unread_by_me) == (T0, True, True)
    assert (inbox.people_waiting, inbox.why_over(message.key)) == (2, "")
    inbox.apply(now_as(replace(message, is_seen=True)), T0)
    assert inbox.why_over(message.key) == "", "that a colleague has read it says nothing"
    inbox.put_off({}, ())
    assert inbox.why_over(message.key) == "read here"


def test_an_alert_for_one_that_is_put_off_has_no_point() -> None:
    inbox = connected()
    message = a_message(1)
    inbox.apply(arrived(message), T0)
    inbox.put_off({message.key: after(HOUR)}, ())
    assert inbox.why_over(message.key) == inbox.why_handled(message.key) == "put off"


def test_what_the_customer_writes_next_wakes_the_conversation() -> None:
    inbox = connected()
    first = a_message(1)
    inbox.apply(arrived(first), T0)
    inbox.put_off({first.key: after(HOUR)}, ())
    second = a_message(2, references=(first.message_id,), at=after(60))
    inbox.apply(arrived(second), after(60))
    view = inbox.conversation(first.key)
    assert view is not None
    assert (view.key, view.waiting_since, view.put_off_until) == (second.key, T0, None)


def test_one_that_was_answered_meanwhile_is_done() -> None:
    inbox = connected()
    message = a_message(1)
    inbox.apply(arrived(message), T0)
    inbox.put_off({message.key: after(HOUR)}, ())
    inbox.apply(arrived(an_answer(1, message, at=after(60))), after(60))
    view = inbox.conversation(message.key)
    assert view is not None
    assert (view.put_off_until, view.answer is not None) == (None, True)


# --- what a colleague says of a customer's mail --------------------------------------------


def test_what_is_set_apart_is_alone_read_and_closed() -> None:
    inbox = connected()
    customers = a_message(1)
    forwarded = a_message(2, who="Anna", references=[customers.message_id])
    inbox.apply(arrived(customers, forwarded), T0)
    inbox.set_apart("mail/Support/<never@x>", T0)
    assert not inbox.is_apart(forwarded.key)
    inbox.set_apart(forwarded.key, T0)
    assert inbox.is_apart(forwarded.key)
    apart = inbox.conversation(forwarded.key)
    assert apart is not None
    assert ([one.key for one in apart.messages], apart.needs_no_reply) == ([forwarded.key], True)
    assert not inbox.is_unread(forwarded.key)
    assert [one.key for one in inbox.waiting()] == [customers.key]
    inbox.undo_regrouping(T0)
    assert inbox.is_apart(forwarded.key)
