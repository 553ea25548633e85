"""How often somebody has tried to reach us today, by phone and by mail, without an answer (F94).

A try is a missed call that nobody has returned, a mail that nobody has answered, or the call that
waits now. What was answered since, by anybody and either way, is none.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from supportdesk.domain.calls import Call, Outcome
from supportdesk.domain.hours import ToLocal
from supportdesk.domain.waiting import moment
from supportdesk.services.calls_board import CallsBoard
from supportdesk.services.inbox import Inbox
from supportdesk.services.missed_calls import MissedPerson
from supportdesk.services.people import People

THIRD = 3


class Knocks:
    """Counts anew at each question: nothing is kept here, so nothing can be out of date."""

    def __init__(self, people: People, calls: CallsBoard, inbox: Inbox, to_local: ToLocal) -> None:
        self._people = people
        self._calls = calls
        self._inbox = inbox
        self._to_local = to_local

    def of(self, number: str, now: datetime) -> tuple[datetime, ...]:
        """When whoever has this number tried today, first to last; nothing of a withheld one."""
        person = self._people.behind_number(number)
        calls = self._calls.by_number.of(person.numbers)
        tries = [call.started_at for call in calls if _is_try(call)]
        tries += self._mails(person.emails)
        today = self._to_local(now).date()
        return tuple(sorted(one for one in tries if self._to_local(one).date() == today))

    def missed(self, now: datetime) -> tuple[MissedPerson, ...]:
        """As the board has them, but who has knocked three times today comes first."""
        people = self._calls.missed()
        often = [one.key for one in people if one.is_open and self._is_third(one, now)]
        return tuple(sorted(people, key=lambda one: one.key not in often))

    def _is_third(self, person: MissedPerson, now: datetime) -> bool:
        return len(self.of(person.newest.number, now)) >= THIRD

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


def _is_try(call: Call) -> bool:
    return call.is_open or call.outcome is Outcome.WAITING
