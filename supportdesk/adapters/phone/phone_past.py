"""What the run before knew of a phone system, so that calls missed in between can be told."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from supportdesk.adapters.phone.phone_problems import peer_of
from supportdesk.domain.calls import Call
from supportdesk.domain.health import SourceName
from supportdesk.domain.settings import PhoneSettings
from supportdesk.protocols.ami_calls import CallBook
from supportdesk.services.ports import PhoneMemory, QueueCount

REMEMBERED = timedelta(days=14)
_LONGEST_CALL = timedelta(hours=12)
_NOTED_EVERY = timedelta(minutes=1)


class PhoneRecords(Protocol):
    """The part of the desk store that a phone system needs."""

    def phone_memory(self, phone: SourceName) -> PhoneMemory | None: ...

    def save_phone_memory(self, memory: PhoneMemory) -> None: ...

    def calls_since(self, at: datetime) -> list[Call]: ...


def calls_of_then(records: PhoneRecords, phone: SourceName, then: datetime) -> list[Call]:
    """The calls of one phone that may have been going on at a moment, and all after it."""
    known = records.calls_since(then - _LONGEST_CALL)
    return [call for call in known if call.phone == phone]


class PhonePast:
    """The memory of one phone system. Runs on the thread that owns the desk store."""

    def __init__(self, records: PhoneRecords, settings: PhoneSettings) -> None:
        self._records = records
        self._phone = settings.name
        self._place = peer_of(settings)
        self._noted: PhoneMemory | None = None

    def recall(self, book: CallBook, now: datetime) -> datetime | None:
        """Put into the book what was known; return when it was, or None."""
        memory = self._records.phone_memory(self._phone)
        if memory is None or memory.place != self._place or now - memory.heard_at > REMEMBERED:
            return None
        book.abandoned |= {count.queue: count.abandoned for count in memory.counts}
        book.completed |= {count.queue: count.completed for count in memory.counts}
        # A clock that was set back makes no gap of a negative length.
        heard_at = min(memory.heard_at, now)
        book.resume(
            call for call in calls_of_then(self._records, self._phone, heard_at) if call.is_going_on
        )
        return heard_at

    def note(self, book: CallBook, heard_at: datetime) -> None:
        """Remember what is known now: at once when a counter moved, the time now and then."""
        counts = tuple(
            QueueCount(queue=queue, abandoned=number, completed=book.completed.get(queue, 0))
            for queue, number in sorted(book.abandoned.items())
        )
        noted = self._noted
        is_recent = noted is not None and abs(heard_at - noted.heard_at) < _NOTED_EVERY
        if noted is not None and noted.counts == counts and is_recent:
            return
        self._save(
            PhoneMemory(phone=self._phone, place=self._place, heard_at=heard_at, counts=counts)
        )

    def leave(self, heard_at: datetime) -> None:
        """It is not listened to any more from this moment on."""
        if self._noted is not None:
            self._save(replace(self._noted, heard_at=heard_at))

    def _save(self, memory: PhoneMemory) -> None:
        self._noted = memory
        self._records.save_phone_memory(memory)
