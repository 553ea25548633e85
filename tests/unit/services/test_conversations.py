from dataclasses import replace

from supportdesk.domain.mail import MessageSummary
from supportdesk.services.conversations import Conversations, Marks
from tests.fakes.happenings import T0, a_message, after, an_answer

HOUR = 3600.0


def held(*messages: MessageSummary, marks: Marks | None = None) -> Conversations:
    conversations = Conversations(marks or Marks())
    conversations.put(messages)
    return conversations


def subjects(conversations: Conversations) -> list[str]:
    return [one.subject for one in conversations.listed()]


def a_thread() -> tuple[MessageSummary, MessageSummary, MessageSummary]:
    first = a_message(1, who="Ingrid", message_id="<a@x>", subject="Flour", at=after(0))
    second = an_answer(1, first, at=after(HOUR))
    third = a_message(
        3,
        who="Ingrid",
        message_id="<c@x>",
        subject="Re: Flour",
        references=["<a@x>", second.message_id],
        at=after(2 * HOUR),
    )
    return first, second, third


def test_who_waits_longest_comes_first_then_what_is_newest() -> None:
    question = a_message(1, who="Ann", subject="Answered first", at=after(0))
    other = a_message(2, who="Ben", subject="Answered last", at=after(1))
    conversations = held(
        a_message(4, who="Dan", subject="Late", at=after(90)),
        a_message(3, who="Cid", subject="Early", at=after(80)),
        question,
        other,
        an_answer(1, question, at=after(100)),
        an_answer(2, other, at=after(200)),
    )
    assert subjects(conversations) == ["Early", "Late", "Answered last", "Answered first"]
    assert conversations.waiting_count == 2
    assert conversations.listed() is conversations.listed()


def test_our_own_mail_alone_is_nobodys_conversation() -> None:
    own = replace(a_message(1), is_ours=True)
    assert held(own).listed() == ()


def test_a_message_is_found_with_its_conversation_and_standing() -> None:
    first, second, third = a_thread()
    conversations = held(third, first, second)
    assert first.key in conversations
    assert conversations.message(first.key) == first
    assert conversations.message("mail/Support/<none>") is None
    assert conversations.of("mail/Support/<none>") is None
    whole = conversations.of(second.key)
    assert whole is not None
    assert whole.messages == (first, second, third)
    assert conversations.of(first.key) is whole
    assert conversations.standing_of(first.key).waiting == (third,)
    assert set(conversations) == {first, second, third}


def test_only_news_is_a_long_wait() -> None:
    old, new = a_message(1, who="Ann"), a_message(2, who="Ben", at=after(5))
    conversations = held(old, new, marks=Marks(history={old.key}))
    [wait] = conversations.long_waits()
    assert (wait.first_key, wait.covers, wait.since) == (new.key, (new.key,), after(5))
    assert wait.conversation == conversations.of(new.key)


def test_what_is_new_about_a_known_message_is_taken_over() -> None:
    message = a_message(1)
    conversations = held(message)
    assert conversations.waiting_count == 1
    conversations.put([replace(message, is_answered=True)])
    assert conversations.waiting_count == 0


def test_what_goes_leaves_the_rest() -> None:
    first, second, third = a_thread()
    conversations = held(first, second, third)
    conversations.drop(third.key)
    assert conversations.waiting_count == 0
    conversations.drop(first.key)
    conversations.drop(second.key)
    assert conversations.listed() == ()
    assert list(conversations) == []


def test_a_message_between_two_conversations_makes_them_one() -> None:
    first, second, third = a_thread()
    lone = replace(third, references=(), subject="Other")
    conversations = held(first, replace(lone, message_id=third.message_id))
    assert len(conversations.listed()) == 2
    conversations.put([replace(second, references=(first.message_id, third.message_id))])
    [whole] = conversations.listed()
    assert len(whole.messages) == 3
    assert conversations.of(lone.key) is whole


def test_a_mark_is_seen_after_a_refresh() -> None:
    message = a_message(1)
    marks = Marks()
    conversations = held(message, marks=marks)
    marks.closed.add(message.key)
    conversations.refresh(message.key)
    conversations.refresh("mail/Support/<none>")
    [view] = conversations.listed()
    assert view.needs_no_reply
    assert view.waiting_since is None


def test_unread_by_the_founder_is_what_came_from_outside_and_is_new() -> None:
    fresh, read, old = a_message(1), a_message(2), a_message(3)
    marks = Marks(read={read.key}, history={old.key})
    conversations = held(fresh, read, old, marks=marks)
    found = [conversations.is_unread(one) for one in (fresh, read, old)]
    assert found == [True, False, False]
    assert not conversations.is_unread(replace(fresh, is_ours=True))
    assert not conversations.is_unread(replace(fresh, is_sent_copy=True))


def test_before_and_after_in_a_conversation() -> None:
    first, second, third = a_thread()
    conversations = held(third, second, first)
    assert set(conversations.up_to(second.key)) == {first, second}
    assert conversations.from_on(second.key) == [second, third]


def test_regrouping_follows_what_was_filed() -> None:
    first, second, third = a_thread()
    marks = Marks()
    conversations = held(first, second, third, marks=marks)
    marks.filed[third.key] = third.key
    conversations.regroup([third.key])
    assert conversations.of(first.key) is not conversations.of(third.key)
    assert len(conversations.listed()) == 2
    del marks.filed[third.key]
    conversations.regroup([first.key, third.key])
    assert len(conversations.listed()) == 1
    assert conversations.take_inherited() == {}


def test_an_answer_to_what_was_filed_is_filed_with_it() -> None:
    first, second, third = a_thread()
    marks = Marks(filed={third.key: third.key})
    conversations = held(first, second, third, marks=marks)
    answer = an_answer(9, third, at=after(3 * HOUR))
    conversations.put([answer])
    assert conversations.take_inherited() == {answer.key: third.key}
    assert conversations.take_inherited() == {}
    assert marks.filed[answer.key] == third.key
    assert conversations.of(answer.key) is conversations.of(third.key)


def test_a_judged_sender_is_seen_as_judged() -> None:
    robot = replace(a_message(1, who="Shop"), is_robot=True)
    person = a_message(2, who="Ben")
    marks = Marks()
    conversations = held(robot, person, marks=marks)
    assert conversations.waiting_count == 1
    email = robot.sender.email.casefold()
    marks.judged[email] = False
    conversations.judge_again(email)
    assert conversations.waiting_count == 2
    assert conversations.message(robot.key) == replace(robot, is_robot=False)
    conversations.put([replace(robot, is_seen=True)])
    assert conversations.waiting_count == 2
    del marks.judged[email]
    conversations.judge_again(email)
    assert conversations.message(robot.key) == replace(robot, is_seen=True)
    assert conversations.waiting_count == 1


def test_all_conversations_with_one_customer() -> None:
    first = a_message(1, who="Ann", subject="Flour")
    second = a_message(2, who="Ann", subject="Yeast")
    email = first.sender.email
    conversations = held(first, second, a_message(3, who="Ben"))
    theirs = conversations.with_customer(email.upper())
    assert {one.subject for one in theirs} == {"Flour", "Yeast"}
    conversations.put([replace(first, is_seen=True)])
    theirs = conversations.with_customer(email)
    assert conversations.of(first.key) in theirs
    assert len(theirs) == 2
    conversations.drop(first.key)
    assert [one.subject for one in conversations.with_customer(email)] == ["Yeast"]
    conversations.drop(second.key)
    assert conversations.with_customer(email) == []


def test_one_that_is_put_off_neither_waits_nor_is_a_long_wait() -> None:
    message = a_message(1)
    marks = Marks(put_off={message.key: after(60)}, read={message.key})
    conversations = Conversations(marks)
    conversations.put([message])
    view = conversations.of(message.key)
    assert view is not None
    assert (view.waiting_since, view.put_off_until) == (None, after(60))
    assert (conversations.waiting_count, conversations.long_waits()) == (0, [])
    assert not conversations.is_unread(message)
    marks.put_off.clear()
    marks.come_back.add(message.key)
    conversations.refresh(message.key)
    view = conversations.of(message.key)
    assert view is not None
    assert (view.waiting_since, view.has_come_back) == (T0, True)
    assert (conversations.waiting_count, len(conversations.long_waits())) == (1, 1)
    assert conversations.is_unread(message)
