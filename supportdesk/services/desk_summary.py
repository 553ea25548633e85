"""The desk summed up for the tray, the strip and `status`: what they show, and nothing changed."""

from collections.abc import Iterable
from datetime import datetime
from itertools import takewhile

from supportdesk.domain.people import Person
from supportdesk.domain.promises import Promise
from supportdesk.services.calls_board import CallsBoard
from supportdesk.services.desk_lifts import DeskLifts
from supportdesk.services.desk_state import (
    DeskState,
    PersonWaiting,
    TrayState,
    WaitingCaller,
    WaitsFor,
)
from supportdesk.services.health_board import HealthBoard
from supportdesk.services.inbox import Inbox
from supportdesk.services.missed_calls import MissedPerson
from supportdesk.services.people import People
from supportdesk.services.promises import Promises
from supportdesk.services.silence import Silence

PEOPLE_IN_MENU = 8


class DeskSummary:
    """Reads the parts of a desk; keeps nothing of its own."""

    def __init__(
        self,
        *,
        inbox: Inbox,
        calls: CallsBoard,
        people: People,
        health: HealthBoard,
        silence: Silence,
        promises: Promises | None = None,
        lifts: DeskLifts | None = None,
    ) -> None:
        self._inbox = inbox
        self._calls = calls
        self._people = people
        self._health = health
        self._silence = silence
        self._promises = promises
        self._lifts = lifts

    def at(self, now: datetime) -> DeskState:
        """All that is true at this moment; `now` is aware UTC."""
        callers = self._calls.callers(now)
        people_waiting = self._inbox.people_waiting
        missed = self._to_call_back()
        promised = self._promised_due(callers, now)
        number = len(callers) + len(missed) + people_waiting + len(promised)
        paused_until = self._silence.silent_until(now)
        is_silent = self._silence.is_silent(now)
        known = None if self._lifts is None else self._lifts.known
        return DeskState(
            at=now,
            healths=self._health.healths(),
            callers=callers,
            waiting=self._calls.waiting_count(),
            team=self._calls.team(now),
            sees_team=self._calls.sees_team(),
            people_waiting=people_waiting,
            to_call_back=len(missed),
            oldest_waits=self._oldest_waits(callers, missed[:PEOPLE_IN_MENU], promised),
            tray=self._tray(callers, number, is_paused=is_silent),
            number=number,
            paused_until=paused_until,
            quiet_by=self._silence.desktop_quiet_by,
            promised_due=promised,
            lifted=known.open() if known is not None else (),
        )

    def _tray(
        self, callers: tuple[WaitingCaller, ...], number: int, *, is_paused: bool
    ) -> TrayState:
        """A caller who is yours outweighs everything; deafness is never hidden by a number."""
        if any(caller.is_yours for caller in callers):
            return TrayState.YOURS
        if self._health.is_deaf():
            return TrayState.DEAF
        if is_paused:
            return TrayState.PAUSED
        return TrayState.WAITING if number else TrayState.LISTENING

    def _to_call_back(self) -> list[MissedPerson]:
        """Open ones are the first of all who were missed, and there may be thousands."""
        return list(takewhile(lambda person: person.is_open, self._calls.missed()))

    def _promised_due(
        self, callers: tuple[WaitingCaller, ...], now: datetime
    ) -> tuple[Promise, ...]:
        """Nobody is counted twice: who waits anyway is left out, and so is a second promise."""
        if self._promises is None:
            return ()
        found: dict[str, Promise] = {}
        for promise in self._promises.due(now):
            person = self._person_of(promise)
            if not self._waits_anyway(person, callers):
                found.setdefault(person.key or promise.contact or promise.key, promise)
        return tuple(found.values())

    def _person_of(self, promise: Promise) -> Person:
        if "@" in promise.contact:
            return self._people.behind_email(promise.contact)
        return self._people.behind_number(promise.contact)

    def _waits_anyway(self, person: Person, callers: tuple[WaitingCaller, ...]) -> bool:
        if any(one.is_open for one in self._calls.by_number.of(person.numbers)):
            return True
        numbers = {self._calls.normal_number(one.caller.number) for one in callers} - {""}
        return bool(numbers.intersection(person.numbers)) or any(
            conversation.waiting_since
            for email in person.emails
            for conversation in self._inbox.conversations_with(email)
        )

    def _oldest_waits(
        self,
        callers: tuple[WaitingCaller, ...],
        missed: Iterable[MissedPerson],
        promised: Iterable[Promise],
    ) -> tuple[PersonWaiting, ...]:
        """Longest first; before them all who holds a receiver, and will not for long."""
        on_the_line = [
            PersonWaiting(
                key=one.caller.key,
                label=one.caller.label,
                since=one.caller.joined_at,
                waits_for=WaitsFor.AN_ANSWER,
            )
            for one in callers
        ]
        others = [
            PersonWaiting(
                key=one.newest.key,
                label=one.label,
                since=one.open_since,
                waits_for=WaitsFor.A_CALL_BACK,
            )
            for one in missed
            if one.open_since is not None
        ]
        others += [
            PersonWaiting(
                key=one.key,
                label=self._people.name_of(one.customer),
                since=one.waiting_since,
                waits_for=WaitsFor.A_REPLY,
            )
            for one in self._inbox.waiting()[:PEOPLE_IN_MENU]
            if one.waiting_since is not None
        ]
        others += [
            PersonWaiting(key=one.item, label=one.who, since=one.due, waits_for=WaitsFor.A_PROMISE)
            for one in promised
        ]
        others.sort(key=lambda person: person.since)
        return (*on_the_line, *others)[:PEOPLE_IN_MENU]
