"""Which messages belong together: by References, then by person and subject within 14 days (F54).

Messages come in any order, newest first while a mailbox is synchronised; the threads come out the
same. Cost of one message: its references and its thread, not the mailbox.

What the founder filed by hand wins: such a message, and every answer to it, belongs to the thread
of that name and to no other, and no header pulls anything else into it.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageId, MessageSummary, mail_key
from supportdesk.domain.waiting import (
    SAME_SUBJECT_WITHIN,
    core_subject,
    in_order,
    moment,
)

# A hostile References header may name thousands; the nearest ancestors are the last ones.
_REFERENCES_LIMIT = 60

_IdKey = tuple[SourceName, MessageId]
_SubjectKey = tuple[SourceName, str, str]


class Thread:
    """Messages of one exchange. Owned by `ThreadIndex`; others only read it.

    Attributes:
        name: What the founder filed its messages under; empty for one that headers made.
    """

    __slots__ = ("_newest", "_oldest", "ids", "messages", "name", "subjects")

    def __init__(self, name: str = "") -> None:
        self.name = name
        self.messages: dict[MessageId, MessageSummary] = {}
        self.ids: set[_IdKey] = set()
        self.subjects: set[_SubjectKey] = set()
        self._oldest: datetime | None = None
        self._newest: datetime | None = None

    def put(self, message: MessageSummary) -> None:
        self.messages[message.message_id] = message
        at = moment(message)
        self._oldest = at if self._oldest is None else min(self._oldest, at)
        self._newest = at if self._newest is None else max(self._newest, at)

    def is_near(self, at: datetime) -> bool:
        """Has this thread a message within 14 days of that moment?"""
        if self._oldest is None or self._newest is None:
            return False
        return self._oldest - SAME_SUBJECT_WITHIN <= at <= self._newest + SAME_SUBJECT_WITHIN

    def in_order(self) -> list[MessageSummary]:
        return sorted(self.messages.values(), key=in_order)


class ThreadIndex:
    """All threads, found by any message in them or by any message they refer to."""

    def __init__(self, filed: Mapping[str, str] | None = None) -> None:
        """Take the ledger keys of messages filed by hand, with the name of their thread.

        The mapping may change; messages it concerns are to be removed and added again then.
        """
        self._filed: Mapping[str, str] = {} if filed is None else filed
        self._by_name: dict[str, Thread] = {}
        self._by_id: dict[_IdKey, Thread] = {}
        self._by_subject: dict[_SubjectKey, list[Thread]] = {}

    def thread_of(self, message: MessageSummary) -> Thread | None:
        return self._by_id.get((message.account, message.message_id))

    def add(self, message: MessageSummary) -> tuple[Thread, list[Thread]]:
        """File a new message; return its thread and those which it turned out to be one with."""
        name = self._filed_under(message)
        if name:
            return self._add_by_hand(message, name), []
        ids = [(message.account, message.message_id)]
        ids += [(message.account, one) for one in message.references[-_REFERENCES_LIMIT:]]
        subjects = _subject_keys(message)
        related = _distinct(self._by_id[one] for one in ids if one in self._by_id)
        if not related:
            related = _distinct(
                thread
                for key in subjects
                for thread in self._by_subject.get(key, ())
                if thread.is_near(moment(message))
            )
        thread, absorbed = self._united(related)
        thread.put(message)
        self._claim(thread, ids, subjects)
        return thread, absorbed

    def replace(self, thread: Thread, message: MessageSummary) -> None:
        """A known message has new flags, words or address; its thread stays the same."""
        thread.messages[message.message_id] = message

    def remove(self, thread: Thread, message: MessageSummary) -> None:
        """The rest of a thread stays together even without the message that joined it."""
        del thread.messages[message.message_id]
        if thread.messages:
            return
        self._by_name.pop(thread.name, None)
        for one in thread.ids:
            if self._by_id.get(one) is thread:
                del self._by_id[one]
        for key in thread.subjects:
            self._by_subject[key].remove(thread)
            if not self._by_subject[key]:
                del self._by_subject[key]

    def _filed_under(self, message: MessageSummary) -> str:
        """The name under which this message, or the nearest of its ancestors, was filed."""
        if not self._filed:
            return ""
        ids = (*message.references[-_REFERENCES_LIMIT:], message.message_id)
        names = (self._filed.get(mail_key(message.account, one), "") for one in reversed(ids))
        return next((name for name in names if name), "")

    def _add_by_hand(self, message: MessageSummary, name: str) -> Thread:
        thread = self._by_name.setdefault(name, Thread(name))
        thread.put(message)
        # Its ancestors and its subject are not claimed: they may be another thread's.
        self._claim(thread, [(message.account, message.message_id)], ())
        return thread

    def _united(self, related: list[Thread]) -> tuple[Thread, list[Thread]]:
        if not related:
            return Thread(), []
        largest = max(related, key=lambda thread: len(thread.messages))
        absorbed = [thread for thread in related if thread is not largest]
        for thread in absorbed:
            for message in thread.messages.values():
                largest.put(message)
            for key in thread.subjects:
                self._by_subject[key].remove(thread)
            self._claim(largest, thread.ids, thread.subjects)
        return largest, absorbed

    def _claim(
        self, thread: Thread, ids: Iterable[_IdKey], subjects: Iterable[_SubjectKey]
    ) -> None:
        for one in ids:
            self._by_id[one] = thread
            thread.ids.add(one)
        for key in subjects:
            if key not in thread.subjects:
                self._by_subject.setdefault(key, []).append(thread)
                thread.subjects.add(key)


def _subject_keys(message: MessageSummary) -> list[_SubjectKey]:
    """An empty subject says nothing about what belongs together."""
    subject = core_subject(message.subject)
    if not subject:
        return []
    is_outgoing = message.is_ours or message.is_sent_copy
    people = message.recipients if is_outgoing else (message.sender,)
    return [(message.account, person.email.casefold(), subject) for person in people]


def _distinct(threads: Iterable[Thread]) -> list[Thread]:
    return list({id(thread): thread for thread in threads}.values())
