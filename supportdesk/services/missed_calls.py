"""Missed calls by person; a row closes by itself when anyone reaches that person (F21)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from supportdesk.domain.calls import Call, MissedReason, Outcome
from supportdesk.services.ports import DeskStore


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedPerson:
    """All missed calls of one number, oldest first; a withheld number stands alone.

    Attributes:
        key: Ledger key of the newest.
    """

    calls: tuple[Call, ...]

    @property
    def newest(self) -> Call:
        return self.calls[-1]

    @property
    def key(self) -> str:
        return self.newest.key

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
    """The missed calls that are remembered."""

    def __init__(self, store: DeskStore, normalise: Callable[[str], str]) -> None:
        self._store = store
        self._normalise = normalise
        self._people: dict[str, dict[str, Call]] = {}

    def put(self, call: Call) -> None:
        """Remember a call if it was missed, also when somebody called back since."""
        if call.outcome in (Outcome.MISSED, Outcome.CALLED_BACK):
            self._people.setdefault(self._person_key(call), {})[call.key] = call

    def person_of(self, call: Call) -> MissedPerson:
        return _person(self._people.get(self._person_key(call), {call.key: call}))

    def people(self) -> tuple[MissedPerson, ...]:
        """Open ones first, longest waiting first; then the closed, newest first."""
        people = [_person(calls) for calls in self._people.values()]
        still_open = [person for person in people if person.is_open]
        closed = [person for person in people if not person.is_open]
        still_open.sort(key=lambda person: (person.open_since, person.key))
        closed.sort(key=lambda person: person.newest.started_at, reverse=True)
        return (*still_open, *closed)

    def reached(self, number: str, by: str, at: datetime) -> list[Call]:
        """Somebody talks to that number: its open calls are closed; return them."""
        return self._close(number, at, by=by, outcome=Outcome.MISSED)

    def called_back(self, number: str, by: str, at: datetime) -> list[Call]:
        return self._close(number, at, by=by, outcome=Outcome.CALLED_BACK)

    def close(self, call: Call, at: datetime) -> list[Call]:
        """The founder says that this person needs nothing more."""
        return [
            self._closed(one, at, by="", outcome=Outcome.MISSED)
            for one in self.person_of(call).open_calls
        ]

    def _close(self, number: str, at: datetime, *, by: str, outcome: Outcome) -> list[Call]:
        normal = self._normalise(number)
        if not normal:
            return []
        calls = self._people.get(normal, {}).values()
        still_open = [call for call in calls if call.is_open]
        return [self._closed(call, at, by=by, outcome=outcome) for call in still_open]

    def _closed(self, call: Call, at: datetime, *, by: str, outcome: Outcome) -> Call:
        closed = replace(call, closed_at=at, by=by, outcome=outcome)
        self._store.save_call(closed)
        self.put(closed)
        return closed

    def _person_key(self, call: Call) -> str:
        """Calls only counted in one gap are one row: all that is known of them is how many."""
        if is_only_counted(call):
            return f"unseen/{call.phone}/{call.started_at.isoformat()}"
        return self._normalise(call.number) or call.key


def is_only_counted(call: Call) -> bool:
    """Missed while we were not listening, and nobody knows by whom."""
    return call.reason is MissedReason.UNSEEN and not (call.number or call.name)


def _person(calls: dict[str, Call]) -> MissedPerson:
    ordered = sorted(calls.values(), key=lambda call: (call.started_at, call.key))
    return MissedPerson(calls=tuple(ordered))
