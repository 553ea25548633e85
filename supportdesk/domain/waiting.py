"""Who waits for an answer, since when, and which messages belong together (DESIGN section 11)."""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from supportdesk.domain.mail import Answer, MessageId, MessageSummary

SAME_SUBJECT_WITHIN = timedelta(days=14)

# A mailbox moved to another server may carry one arrival time for all of its messages; then the
# Date header is the better witness. A wrong sender's clock is rarely a whole day off.
_ARRIVAL_IS_TRUSTED_WITHIN = timedelta(days=1)

_SUBJECT_LIMIT = 300
_REPLY_PREFIX = re.compile(
    r"(?:re|fwd?|aw|wg|sv|vs|vb|antw|odp|rif|ref|res|enc|tr|回复|答复|转发)"
    r"(?:\s?[\[(]\d{1,3}[\])])?\s?[:：]\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a thread stands.

    Attributes:
        waiting: Customers' messages with no answer after them, oldest first.
        answer: The last answer that ended somebody's waiting; None while somebody waits.
    """

    waiting: tuple[MessageSummary, ...]
    answer: Answer | None

    @property
    def waiting_since(self) -> datetime | None:
        return moment(self.waiting[0]) if self.waiting else None


def moment(message: MessageSummary) -> datetime:
    """When a message counts as having come."""
    if message.arrived_at - message.sent_at < _ARRIVAL_IS_TRUSTED_WITHIN:
        return message.arrived_at
    return message.sent_at


def is_answer(message: MessageSummary) -> bool:
    """From us, by a person: our own autoresponder answers nobody."""
    return (message.is_ours or message.is_sent_copy) and not message.is_robot


def is_from_customer(message: MessageSummary) -> bool:
    """From outside, by a person."""
    return not (message.is_ours or message.is_sent_copy or message.is_robot)


def in_order(message: MessageSummary) -> tuple[datetime, bool, int]:
    """Sort key. INTERNALDATE has whole seconds: within one, the answer comes after the question."""
    return (moment(message), is_answer(message), message.address.uid)


def standing(messages: Sequence[MessageSummary], closed_keys: Container[str]) -> Standing:
    """Fold a thread, given in order, up to its newest message.

    Args:
        messages: All messages of the thread, sorted by `in_order`.
        closed_keys: Messages that the founder marked as needing no reply.
    """
    answered_ids: set[MessageId] = set()
    waiting: list[MessageSummary] = []
    asked: list[MessageSummary] = []
    answer: Answer | None = None
    for message in messages:
        if is_answer(message):
            # What an answer names as its parent is answered, also when the clocks say otherwise.
            answered_ids.update(message.references[-1:])
            answer = _answer(message, asked) or answer
            waiting.clear()
            asked.clear()
        elif is_from_customer(message):
            waiting.append(message)
            asked.append(message)
            if message.message_id in answered_ids or message.key in closed_keys:
                asked.clear()
            if message.is_answered or not asked:
                # The flag says that they were answered, only our mail says by whom and when.
                waiting.clear()
    return Standing(waiting=tuple(waiting), answer=None if waiting else answer)


def core_subject(subject: str) -> str:
    """The subject without reply and forward prefixes, for comparing."""
    return " ".join(without_prefixes(subject).casefold().split())


def without_prefixes(subject: str) -> str:
    """The subject without "Re:", "AW:", "Fwd:" and their kin."""
    text = subject[:_SUBJECT_LIMIT].strip()
    while (match := _REPLY_PREFIX.match(text)) is not None:
        text = text[match.end() :]
    return text


def _answer(message: MessageSummary, waiting: Sequence[MessageSummary]) -> Answer | None:
    """What an answer ended. Writing to a customer who does not wait answers nothing."""
    if not waiting:
        return None
    at = moment(message)
    return Answer(by=message.sender.label, at=at, after=at - moment(waiting[0]))
