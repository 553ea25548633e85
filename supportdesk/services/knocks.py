"""How often somebody has tried to reach us today, by phone and by mail, without an answer (F94).

A try is a missed call that nobody has returned, a mail that nobody has answered, or the call that
waits now. What was answered since, by anybody and either way, is none.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from supportdesk.domain.calls import Call, Outcome
from supportdesk.domain.hours import ToLocal
from supportdesk.domain.mail import Conversation
from supportdesk.domain.people import Person
from supportdesk.domain.waiting import moment
from supportdesk.services.calls_board import CallsBoard
from supportdesk.services.inbox import Inbox
from supportdesk.services.missed_calls import MissedPerson
from supportdesk.services.people import People

THIRD = 3
# The longest local day: one on which the clocks go back, and not by an hour alone.
_DAY_AT_MOST = timedelta(hours=26)
# Between a moment and the midnight before it, the wall clock may be this far from the time passed.
_CLOCKS_MOVE_AT_MOST = timedelta(hours=3)


class Knocks:
    """Nothing is kept here but the last answer, for as long as nothing it was made of changes."""

    def __init__(self, people: People, calls: CallsBoard, inbox: Inbox, to_local: ToLocal) -> None:
        self._people = people
        self._calls = calls
        self._inbox = inbox
        self._to_local = to_local
        self._then: _Then | None = None

    def of(self, number: str, now: datetime) -> tuple[datetime, ...]:
        """When whoever has this number tried today, first to last; nothing of a withheld one."""
        return self._tries(self._people.behind_number(number), self._today(now))

    def missed(self, now: datetime) -> tuple[MissedPerson, ...]:
        """As the board has them, but who has knocked three times today comes first."""
        return self._known(now).missed

    def in_inbox(self, now: datetime) -> Mapping[str, tuple[datetime, ...]]:
        """The tries of those whose mail waits and who have knocked three times today.

        By the key of each of their conversations, in the order of the inbox.
        """
        return self._known(now).in_inbox

    def waiting(self, now: datetime) -> tuple[Conversation, ...]:
        """Who waits for an answer by mail, longest first, but the third knocks before all."""
        often = self.in_inbox(now)
        return tuple(sorted(self._inbox.waiting(), key=lambda one: one.key not in often))

    # --- inside -------------------------------------------------------------------------

    def _known(self, now: datetime) -> "_Then":
        conversations, version = self._inbox.conversations(), self._calls.version
        today, known = self._today(now), self._then
        if known is None or not known.is_of(conversations, version, today.date):
            self._then = known = _Then(
                conversations=conversations,
                version=version,
                today=today.date,
                missed=self._sorted(today),
                in_inbox=self._in_inbox(today),
            )
        return known

    def _sorted(self, today: "_Today") -> tuple[MissedPerson, ...]:
        people = self._calls.missed()
        often = [one.key for one in people if one.is_open and self._is_third(one, today)]
        return tuple(sorted(people, key=lambda one: one.key not in often))

    def _is_third(self, missed: MissedPerson, today: "_Today") -> bool:
        person = self._people.behind_number(missed.newest.number)
        return len(self._tries(person, today)) >= THIRD

    def _in_inbox(self, today: "_Today") -> dict[str, tuple[datetime, ...]]:
        waiting = self._inbox.waiting()
        fresh = {_email(one) for one in waiting if self._is_of(one.newest_at, today)}
        # The others cannot have tried today; thousands may wait, and this is asked at each change.
        people = {self._people.behind_email(email) for email in fresh}
        people.update(self._people.who_call_and_write())
        often = {}
        for person in people:
            tries = self._tries(person, today)
            if len(tries) >= THIRD:
                often.update(dict.fromkeys(person.emails, tries))
        if not often:
            return {}
        return {one.key: often[_email(one)] for one in waiting if _email(one) in often}

    def _tries(self, person: Person, today: "_Today") -> tuple[datetime, ...]:
        calls = self._calls.by_number.of(person.numbers)
        tries = [call.started_at for call in calls if _is_try(call)]
        tries += self._mails(person.emails)
        return tuple(sorted(one for one in tries if self._is_of(one, today)))

    def _today(self, now: datetime) -> "_Today":
        local = self._to_local(now)
        since_midnight = timedelta(hours=local.hour, minutes=local.minute)
        return _Today(
            date=local.date(),
            not_before=now - _DAY_AT_MOST,
            surely_from=now - max(timedelta(), since_midnight - _CLOCKS_MOVE_AT_MOST),
            surely_until=now,
        )

    def _is_of(self, at: datetime, today: "_Today") -> bool:
        """Thousands wait, and the zone is slow to ask: only where it is not plain without it."""
        if today.surely_from <= at <= today.surely_until:
            return True
        return at >= today.not_before and self._to_local(at).date() == today.date

    def _mails(self, emails: Sequence[str]) -> Iterable[datetime]:
        """One that lies in two mailboxes is one."""
        waiting = {
            message.message_id: moment(message)
            for email in emails
            for conversation in self._inbox.conversations_with(email)
            for message in self._inbox.unanswered(conversation.key)
            if message.sender.email.casefold() in emails
        }
        return waiting.values()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Today:
    """What is before `not_before` is of another day, what is between the other two of this one."""

    date: date
    not_before: datetime
    surely_from: datetime
    surely_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Then:
    """An answer, and what it was made of."""

    conversations: tuple[Conversation, ...]
    version: tuple[int, int]
    today: date
    missed: tuple[MissedPerson, ...]
    in_inbox: Mapping[str, tuple[datetime, ...]]

    def is_of(
        self, conversations: tuple[Conversation, ...], version: tuple[int, int], today: date
    ) -> bool:
        is_same_mail = self.conversations is conversations
        return is_same_mail and (self.version, self.today) == (version, today)


def _email(conversation: Conversation) -> str:
    return conversation.customer.email.casefold()


def _is_try(call: Call) -> bool:
    return call.is_open or call.outcome is Outcome.WAITING
