"""Which messages belong together: by References, then by person and subject within 14 days (F54).

Messages come in any order, newest first while a mailbox is synchronised; the threads come out the
same. Cost of one message: its references and its thread, not the mailbox.
"""

from collections.abc import Iterable
from datetime import datetime

from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageId, MessageSummary
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
    """Messages of one exchange. Owned by `ThreadIndex`; others only read it."""

    __slots__ = ("_newest", "_oldest", "ids", "messages", "subjects")

    def __init__(self) -> None:
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

    def __init__(self) -> None:
        self._by_id: dict[_IdKey, Thread] = {}
        self._by_subject: dict[_SubjectKey, list[Thread]] = {}

    def thread_of(self, message: MessageSummary) -> Thread | None:
        return self._by_id.get((message.account, message.message_id))

    def add(self, message: MessageSummary) -> tuple[Thread, list[Thread]]:
        """File a new message; return its thread and those which it turned out to be one with."""
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
        for one in thread.ids:
            del self._by_id[one]
        for key in thread.subjects:
            self._by_subject[key].remove(thread)
            if not self._by_subject[key]:
                del self._by_subject[key]

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
