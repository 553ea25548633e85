from dataclasses import replace

from supportdesk.domain.answers import AnswerKind, Draft
from supportdesk.domain.mail import Conversation, MessageId, MessageSummary
from supportdesk.services.collisions import Answered, Gone, seen_in, what_is_new
from supportdesk.services.inbox import Inbox
from tests.fakes.answers import a_draft
from tests.fakes.happenings import a_message, after, an_answer, arrived
from tests.fakes.stores import MemoryDeskStore

QUESTION = a_message(1, who="Jana", at=after(0))
EARLIER = a_message(2, who="Jana", at=after(-60), references=[QUESTION.message_id])
MORE = a_message(3, who="Jana", at=after(60), references=[QUESTION.message_id])
ROBOT = replace(
    a_message(4, who="Jana", at=after(61), references=[QUESTION.message_id]), is_robot=True
)
BY_ANNA = an_answer(9, QUESTION, at=after(90))


def conversation(*messages: MessageSummary) -> Conversation:
    inbox = Inbox(MemoryDeskStore())
    inbox.apply(arrived(*messages), after(100))
    found = inbox.conversation(messages[0].key)
    assert found is not None
    return found


def draft_on(*seen: MessageSummary) -> Draft:
    base = seen_in(QUESTION.key, conversation(*seen))
    return replace(a_draft(), answers=QUESTION.key, base=base)


def test_nothing_is_new_while_nothing_came() -> None:
    assert what_is_new(draft_on(QUESTION), conversation(QUESTION)) == ()


def test_what_the_customer_wrote_meanwhile_is_new_and_then_seen() -> None:
    draft = draft_on(QUESTION)
    now = conversation(QUESTION, MORE)
    assert what_is_new(draft, now) == (MORE,)
    seen = replace(draft, base=draft.base | seen_in(QUESTION.key, now))
    assert what_is_new(seen, now) == ()


def test_what_a_machine_wrote_and_what_is_older_than_the_question_is_no_news() -> None:
    assert what_is_new(draft_on(QUESTION), conversation(QUESTION, ROBOT, EARLIER)) == ()


def test_a_copy_of_the_draft_itself_is_no_news() -> None:
    own = replace(BY_ANNA, message_id=MessageId("<one@example.com>"))
    assert what_is_new(draft_on(QUESTION), conversation(QUESTION, own)) == ()


def test_an_answer_of_somebody_else_is_told_with_who_and_all_that_came() -> None:
    assert what_is_new(draft_on(QUESTION), conversation(QUESTION, MORE, BY_ANNA)) == Answered(
        by="Anna", at=after(90), messages=(MORE, BY_ANNA)
    )


def test_where_only_the_flag_tells_somebody_has_answered_too() -> None:
    flagged = replace(QUESTION, is_answered=True)
    draft = draft_on(QUESTION)
    assert what_is_new(draft, conversation(flagged)) == Answered(by="", at=None, messages=())
    assert what_is_new(draft_on(flagged), conversation(flagged)) == ()
    seen = replace(draft, base=draft.base | seen_in(QUESTION.key, conversation(flagged)))
    assert what_is_new(seen, conversation(flagged)) == ()


def test_the_flag_of_a_message_that_was_never_seen_is_told_with_that_message() -> None:
    flagged = replace(MORE, is_answered=True)
    assert what_is_new(draft_on(QUESTION), conversation(QUESTION, flagged)) == (flagged,)


def test_a_question_that_has_gone_is_told_once() -> None:
    draft = draft_on(QUESTION)
    assert what_is_new(draft, None) == Gone()
    seen = replace(draft, base=draft.base | seen_in(QUESTION.key, None))
    assert what_is_new(seen, None) == ()


def test_old_mail_that_is_in_no_conversation_has_not_gone() -> None:
    assert what_is_new(replace(draft_on(QUESTION), base=frozenset()), None) == ()


def test_nobody_is_in_the_way_of_what_answers_nobody() -> None:
    now = conversation(QUESTION, MORE)
    for kind in (AnswerKind.FORWARD, AnswerKind.NEW):
        assert what_is_new(replace(draft_on(QUESTION), kind=kind), now) == ()
    assert what_is_new(replace(draft_on(QUESTION), answers=""), now) == ()


def test_a_conversation_without_the_question_is_new_as_a_whole() -> None:
    lonely = replace(conversation(QUESTION, MORE), messages=(MORE,))
    assert what_is_new(draft_on(QUESTION), lonely) == (MORE,)
