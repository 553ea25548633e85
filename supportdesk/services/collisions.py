"""What came into a conversation since the founder began to answer it (F25).

`Draft.base` is what the founder had before their eyes: ledger keys of messages, and marks for what
a message cannot say by being there: that somebody had flagged it as answered, or had moved it away.
"""

from dataclasses import dataclass
from datetime import datetime

from supportdesk.domain.answers import AnswerKind, Draft
from supportdesk.domain.mail import Conversation, MessageSummary
from supportdesk.domain.waiting import in_order, is_answer, is_from_customer, moment

_ANSWERED = "answered/"
_GONE = "gone/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """Somebody else has answered meanwhile.

    Attributes:
        by: Who; empty where only the flag tells.
        messages: All that is new, the answer among it where it is known; oldest first.
    """

    by: str
    at: datetime | None
    messages: tuple[MessageSummary, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """The question has left the mailboxes that are watched: moved or deleted by somebody."""


News = tuple[MessageSummary, ...] | Answered | Gone


def what_is_new(draft: Draft, conversation: Conversation | None) -> News:
    """What the founder has not seen; an empty tuple when there is nothing.

    Args:
        draft: A forwarded or new message answers nobody: nothing holds it.
        conversation: That of the question as it is now; None when it is not there.
    """
    if draft.kind not in (AnswerKind.REPLY, AnswerKind.REPLY_ALL) or not draft.answers:
        return ()
    if conversation is None:
        # Old mail that was found by the search is in no conversation from the start.
        was_there = draft.answers in draft.base and _GONE + draft.answers not in draft.base
        return Gone() if was_there else ()
    new = _new_messages(draft, conversation)
    answers = [one for one in new if is_answer(one)]
    if answers:
        newest = answers[-1]
        return Answered(by=newest.sender.label, at=moment(newest), messages=new)
    flags = {mark for mark in _flags(conversation) if mark.removeprefix(_ANSWERED) in draft.base}
    if flags - draft.base:
        return Answered(by="", at=None, messages=new)
    return new


def seen_in(answers: str, conversation: Conversation | None) -> frozenset[str]:
    """What is before the founder's eyes now, as `Draft.base`; add it to what was there before."""
    if conversation is None:
        return frozenset({_GONE + answers})
    return frozenset({one.key for one in conversation.messages} | _flags(conversation))


def _new_messages(draft: Draft, conversation: Conversation) -> tuple[MessageSummary, ...]:
    """Older mail that is only now listed, or was joined by hand, is no news to an answer."""
    question = next((one for one in conversation.messages if one.key == draft.answers), None)
    return tuple(
        one
        for one in sorted(conversation.messages, key=in_order)
        if one.key not in draft.base
        and one.message_id != draft.message_id
        and not one.is_robot
        and (question is None or in_order(one) > in_order(question))
    )


def _flags(conversation: Conversation) -> set[str]:
    flagged = (one for one in conversation.messages if one.is_answered and is_from_customer(one))
    return {_ANSWERED + one.key for one in flagged}
