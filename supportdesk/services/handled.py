"""What has become of a mail or a call meanwhile: for a click that comes after it was handled."""

from typing import assert_never

from supportdesk.domain.calls import Call, Outcome
from supportdesk.services.calls_board import CallsBoard
from supportdesk.services.inbox import Inbox
from supportdesk.services.missed_calls import how_closed
from supportdesk.services.wording import waited


def how_handled(inbox: Inbox, calls: CallsBoard, key: str) -> str:
    """Who handled it, as a sentence without a full stop; empty while it is open or not known.

    The founder's own reading handles nothing: the customer still waits.
    """
    call = calls.call(key)
    return _mail_handled(inbox, key) if call is None else _call_handled(call)


def how_ended(calls: CallsBoard, key: str) -> str:
    """How a caller who waited ceased to, without an answer; empty while they wait."""
    call = calls.call(key)
    if call is None or call.outcome not in (Outcome.MISSED, Outcome.UNKNOWN):
        return ""
    if call.outcome is Outcome.MISSED and call.wait_seconds:
        return f"They hung up after {waited(call.wait_seconds)}"
    return "They no longer wait"


def _mail_handled(inbox: Inbox, key: str) -> str:
    message, conversation = inbox.message(key), inbox.conversation(key)
    if message is None or conversation is None or message.is_sent_copy or message.is_robot:
        return ""
    if any(waiting.key == key for waiting in inbox.unanswered(key)):
        return ""
    if conversation.needs_no_reply:
        return "It was marked as needing no reply"
    by = conversation.answer.by if conversation.answer is not None else ""
    return f"{by} has answered it" if by else "It has been answered"


def _call_handled(call: Call) -> str:
    match call.outcome:
        case Outcome.ANSWERED:
            after = f" after {waited(call.wait_seconds)}" if call.wait_seconds else ""
            return f"{call.by or 'Somebody'} answered{after}"
        case Outcome.TAKEN:
            return "You took this call"
        case Outcome.MISSED | Outcome.CALLED_BACK:
            how = how_closed(call)
            return "It was marked as done" if how == "closed" else how[:1].upper() + how[1:]
        case Outcome.WAITING | Outcome.CALLED | Outcome.UNKNOWN:
            return ""
        case _:
            assert_never(call.outcome)
