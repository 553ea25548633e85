"""Missed calls by person; a row closes by itself when anyone reaches that person (F21)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from supportdesk.domain.calls import Call, MissedReason, Outcome
from supportdesk.services.people import People
from supportdesk.services.ports import DeskStore

BY_MAIL = "mail"
"""As `Call.by`: nobody talked to that person, but their mail was answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedPerson:
    """All missed calls of one person or number, oldest first; a withheld number stands alone.

    Attributes:
        key: Ledger key of the oldest: it stays when they try again.
    """

    calls: tuple[Call, ...]

    @property
    def newest(self) -> Call:
        return self.calls[-1]

    @property
    def key(self) -> str:
        return self.calls[0].key

    @property
    def label(self) -> str:
        return self.newest.label

    @property
    def open_calls(self) -> tuple[Call, ...]:
        return tuple(call for call in self.calls if call.is_open)

    @property
    def is_open(self) -> bool:
        return bool(self.open_calls)

    @property
    def open_since(self) -> datetime | None:
        """The first try that nobody has answered since."""
        return min((call.started_at for call in self.open_calls), default=None)


class MissedCalls:
    """The missed calls that are remembered.

    Filed by number, shown by person: whose a number is may change at any time.
    """

    def __init__(self, store: DeskStore, normalise: Callable[[str], str], whose: People) -> None:
        self._store = store
        self._normalise = normalise
        self._whose = whose
        self._files: dict[str, dict[str, Call]] = {}

    def put(self, call: Call) -> None:
        """Remember a call if it was missed, also when somebody called back since."""
        if call.was_missed:
            self._files.setdefault(self._file_of(call), {})[call.key] = call

    def forget(self, numbers: Iterable[str]) -> None:
        """Nothing is known of them any more. Numbers in their normal form."""
        for one in numbers:
            self._files.pop(one, None)

    def person_of(self, call: Call) -> MissedPerson:
        return self._person(self._calls_of(call) or [call])

    def people(self) -> tuple[MissedPerson, ...]:
        """Open ones first, longest waiting first; then the closed, newest first."""
        rows: dict[str, list[Call]] = {}
        for file, calls in self._files.items():
            rows.setdefault(self._whose.owner_of(file) or f"/{file}", []).extend(calls.values())
        people = [self._person(calls) for calls in rows.values()]
        still_open = [person for person in people if person.is_open]
        closed = [person for person in people if not person.is_open]
        still_open.sort(key=lambda person: (person.open_since, person.key))
        closed.sort(key=lambda person: person.newest.started_at, reverse=True)
        return (*still_open, *closed)

    def reached(self, number: str, by: str, at: datetime) -> list[Call]:
        """Somebody talks to that person: their open calls are closed; return them."""
        return self._close(number, at, by=by, outcome=Outcome.MISSED)

    def called_back(self, number: str, by: str, at: datetime) -> list[Call]:
        return self._close(number, at, by=by, outcome=Outcome.CALLED_BACK)

    def answered_by_mail(self, number: str, at: datetime) -> list[Call]:
        """That person's mail was answered: what they called for before it is closed."""
        return self._close(number, at, by=BY_MAIL, outcome=Outcome.MISSED)

    def close(self, call: Call, at: datetime) -> list[Call]:
        """The founder says that this person needs nothing more."""
        return [
            self._closed(one, at, by="", outcome=Outcome.MISSED)
            for one in sorted(self._calls_of(call), key=_age)
            if one.is_open
        ]

    def _close(self, number: str, at: datetime, *, by: str, outcome: Outcome) -> list[Call]:
        """What they called for after `at` is not closed by it: of some talks one hears late."""
        then = [call for call in self._open_with(number) if call.started_at <= at]
        return [self._closed(call, at, by=by, outcome=outcome) for call in then]

    def _open_with(self, number: str) -> list[Call]:
        """Open calls of whoever has this number, from all numbers of theirs."""
        numbers = self._whose.behind_number(number).numbers
        return [call for call in self._calls_in(numbers) if call.is_open]

    def _calls_of(self, call: Call) -> list[Call]:
        file = self._file_of(call)
        person = self._whose.person(self._whose.owner_of(file))
        return self._calls_in((file,) if person is None else person.numbers)

    def _calls_in(self, files: Iterable[str]) -> list[Call]:
        return [call for file in files for call in self._files.get(file, {}).values()]

    def _closed(self, call: Call, at: datetime, *, by: str, outcome: Outcome) -> Call:
        closed = replace(call, closed_at=at, by=by, outcome=outcome)
        self._store.save_call(closed)
        self.put(closed)
        return closed

    def _person(self, calls: Iterable[Call]) -> MissedPerson:
        named = [self._whose.named(call) for call in calls]
        return MissedPerson(calls=tuple(sorted(named, key=_age)))

    def _file_of(self, call: Call) -> str:
        """Calls only counted in one gap are one row: all that is known of them is how many."""
        if is_only_counted(call):
            return f"unseen/{call.phone}/{call.started_at.isoformat()}"
        return self._normalise(call.number) or call.key


def is_only_counted(call: Call) -> bool:
    """Missed while we were not listening, and nobody knows by whom."""
    return call.reason is MissedReason.UNSEEN and not (call.number or call.name)


def how_closed(call: Call) -> str:
    """What became of a missed call, as on a chip; empty while it is open."""
    if call.outcome is Outcome.CALLED_BACK:
        return f"called back by {call.by}" if call.by else "called back"
    if call.is_open:
        return ""
    if call.by == BY_MAIL:
        return "answered by mail"
    return f"reached by {call.by}" if call.by else "closed"


def _age(call: Call) -> tuple[datetime, str]:
    return (call.started_at, call.key)
