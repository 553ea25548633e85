"""The phones: who waits, who answers, what became of each call.

Owns the founder's record of calls (through the desk store). A phone that is not heard has no
numbers: its callers and members are unknown until its next snapshot, never zero (F17).

A call is WAITING (a caller of its line), then ANSWERED, TAKEN, MISSED or UNKNOWN; a caller handed
back to a queue waits again, until the channel is gone. Each turn is told once, over restarts too,
by the ledger key `call/PHONE/ID#turn`. Over 400 lines, for every event of a phone is folded here.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from supportdesk.domain.calls import (
    Call,
    Caller,
    Capabilities,
    MemberState,
    Outcome,
    call_key,
    seconds_between,
)
from supportdesk.domain.events import (
    CallAnswered,
    CalleeAnswered,
    CallEnded,
    CallerJoined,
    CallMissed,
    MemberChanged,
    MemberLeft,
    PhoneSnapshotTaken,
)
from supportdesk.domain.health import SourceName
from supportdesk.domain.one_ring import Need, NeededCaller
from supportdesk.domain.settings import PhoneSettings
from supportdesk.services.call_history import CallHistory
from supportdesk.services.call_records import (
    Gap,
    after_hours,
    answered_call,
    called,
    is_done_by_hand,
    is_founders_talk,
    is_over,
    missed_call,
    refused_caller,
    unknown_call,
    unseen_calls,
    waiting_call,
)
from supportdesk.services.calls_by_number import CallsByNumber
from supportdesk.services.desk_state import Team, WaitingCaller
from supportdesk.services.missed_calls import MissedCalls, MissedPerson
from supportdesk.services.people import People
from supportdesk.services.phone_gaps import PhoneGaps
from supportdesk.services.phone_line import PhoneLine
from supportdesk.services.ports import DeskStore

PhoneEvent = (
    PhoneSnapshotTaken
    | CallerJoined
    | CallAnswered
    | CalleeAnswered
    | CallEnded
    | CallMissed
    | MemberChanged
    | MemberLeft
)

REMEMBERED = timedelta(days=14)
_TALK_IS_BELIEVED_FOR = timedelta(hours=4)


class CallsBoard:
    """All phones of the settings together. `key` is the ledger key of a call throughout.

    `history` is open for reading: all calls, also those from before what is remembered here.
    """

    def __init__(
        self,
        store: DeskStore,
        normalise: Callable[[str], str],
        people: People,
        is_open: Callable[[datetime], bool],
    ) -> None:
        """`is_open` tells of a moment if it lies in the opening hours."""
        self._store = store
        self._is_open = is_open
        self._people = people
        self.by_number = CallsByNumber(normalise)
        self._normalise = normalise
        self._missed = MissedCalls(store, normalise, people)
        self.history = CallHistory(store)
        self._gaps = PhoneGaps(store)
        self._changes = 0
        self._missed_then: tuple[tuple[int, int], tuple[MissedPerson, ...]] | None = None
        self._calls: dict[str, Call] = {}
        self._lines: dict[SourceName, PhoneLine] = {}
        self._ring = timedelta()
        self._unsettled: dict[str, Call] = {}

    def configure(
        self, phones: Iterable[PhoneSettings], ring_seconds: float, now: datetime
    ) -> None:
        """Watch these phones, keeping what is known of those that stay."""
        known = self._lines
        self._ring = timedelta(seconds=ring_seconds)
        phones = tuple(phones)
        self._gaps.configure(phones)
        self._lines = {one.name: known.get(one.name) or PhoneLine(one, now) for one in phones}
        for one in phones:
            self._lines[one.name].settings = one

    def restore(self, now: datetime) -> None:
        """Take up the calls of the last two weeks; who waited then may still wait."""
        self._gaps.restore()
        for call in self._store.calls_since(now - REMEMBERED):
            self._missed.put(call)
            self._update([call])
            if call.outcome is Outcome.WAITING and call.phone in self._lines:
                self._unsettle(call)

    @property
    def version(self) -> tuple[int, int]:
        """Another one whenever a call, or whose it is, may be different from before."""
        return (self._changes, self._people.version)

    @property
    def ring(self) -> timedelta:
        return self._ring

    def line(self, phone: SourceName) -> PhoneLine:
        return self._lines[phone]

    def deaf(self, phone: SourceName, now: datetime) -> None:
        """This phone is not heard from now on."""
        self.line(phone).deaf(now)
        self._gaps.deaf(phone, now)

    def awake(self, now: datetime) -> None:
        """The program runs: what it hears it has heard until now."""
        self._gaps.awake(now)

    def slept(self, since: datetime, now: datetime) -> None:
        """The computer slept, and phones on it with it."""
        self._gaps.slept(since, now)

    def hears_all(self) -> bool:
        """No phone is deaf, or has yet to say what is true of it."""
        return all(line.is_known for line in self._lines.values())

    def is_known(self, phone: SourceName) -> bool:
        """Heard, and a snapshot has been taken since it was last deaf."""
        return phone in self._lines and self.line(phone).is_known

    def apply(self, event: PhoneEvent, now: datetime) -> list[Call]:
        """Fold an event in; return the turns in it that were never told."""
        match event:
            case PhoneSnapshotTaken():
                return self._snapshot(event)
            case CallerJoined():
                return self._joined(event.caller, event.at)
            case CallAnswered():
                return self._answered(event)
            case CalleeAnswered():
                self._called(event)
            case CallEnded():
                self._ended(event)
            case CallMissed():
                return self._was_missed(event)
            case MemberChanged():
                self.line(event.phone).member_changed(event.member, event.at)
            case MemberLeft():
                self.line(event.phone).member_left(event.interface)
            case _:
                assert_never(event)
        return []

    def tick(self, now: datetime) -> None:
        """Give up on callers of a hook that never said how it ended."""
        for line in self._lines.values():
            for caller in line.forgotten(now):
                self._vanished(caller.key, now)

    def forget(self, numbers: Collection[str]) -> None:
        """The calls of these numbers were deleted; nothing of them is known any more."""
        for call in self.by_number.forget(numbers):
            self._calls.pop(call.key, None)
            self._unsettled.pop(call.key, None)
        self._missed.forget(numbers)
        self.history.forget(numbers, self._normalise)
        self._changes += 1

    # --- what is known ------------------------------------------------------------------

    def call(self, key: str) -> Call | None:
        call = self._calls.get(key)
        return None if call is None else self._people.named(call)

    def caller(self, key: str) -> Caller | None:
        """Somebody who waits, as far as is known."""
        call = self._calls.get(key)
        if call is None or call.phone not in self._lines:
            return None
        caller = self.line(call.phone).caller(call.call_id)
        return None if caller is None else self._people.named(caller)

    def missed(self) -> tuple[MissedPerson, ...]:
        """Open ones first, longest waiting first; then the closed, newest first.

        The strip, the rail and the lists all ask, once a second; it is sorted when it has changed.
        """
        if self._missed_then is None or self._missed_then[0] != self.version:
            self._missed_then = (self.version, self._missed.people())
        return self._missed_then[1]

    def missed_person(self, call: Call) -> MissedPerson:
        return self._missed.person_of(call)

    def gaps(self) -> tuple[Gap, ...]:
        """The newest stretches in which a phone was not heard, also those of earlier runs."""
        return self._gaps.all()

    def talk_of(self, interface: str) -> Call | None:
        """Whom this member talks to, if that call was seen."""
        for line in self._lines.values():
            for call_id, talking in line.talking.items():
                if talking == interface:
                    return self._calls.get(call_key(line.settings.name, call_id))
        return None

    def is_founder_on_call(self, now: datetime) -> bool:
        """As far as is known; a talk that nobody saw end is not believed for ever."""
        return any(self._is_founder_busy(line, now) for line in self._lines.values()) or any(
            call.is_talk
            and call.is_going_on
            and call.waited_until > now - _TALK_IS_BELIEVED_FOR
            and self._is_of_founder(call)
            for call in self._calls.values()
        )

    def normal_number(self, number: str) -> str:
        """As it is dialled from anywhere, where that can be told; "" for a withheld one."""
        return self._normalise(number)

    def capabilities(self, phone: SourceName) -> Capabilities | None:
        """What the phone can tell; None before its first snapshot."""
        return self.line(phone).capabilities if phone in self._lines else None

    def needed(self, now: datetime) -> list[NeededCaller]:
        """Callers nobody is free for, longest waiting first (the one-ring rule)."""
        found = self._needed(now)
        found.sort(key=lambda one: (one.caller.joined_at, one.caller.key))
        return [self._named(one) for one in found]

    def _needed(self, now: datetime) -> list[NeededCaller]:
        return [one for line in self._lines.values() for one in line.needed(self._ring, now)]

    def _named(self, needed: NeededCaller) -> NeededCaller:
        caller = self._people.named(needed.caller)
        return needed if caller is needed.caller else replace(needed, caller=caller)

    def callers(self, now: datetime) -> tuple[WaitingCaller, ...]:
        """All who are known to wait, longest first."""
        yours = {
            one.caller.key: one.need
            for one in self._needed(now)
            if one.need is not Need.NOT_KNOWN or one.due_at <= now
        }
        waiting = [caller for line in self._lines.values() for caller in line.callers()]
        waiting.sort(key=lambda caller: (caller.joined_at, caller.key))
        return tuple(
            self._waiting_caller(caller, position, yours.get(caller.key), now)
            for position, caller in enumerate(waiting, start=1)
        )

    def waiting_count(self) -> int | None:
        """None unless every phone is heard and can tell."""
        lines = self._lines.values()
        if not lines or not all(line.is_known and line.sees_waiting for line in lines):
            return None
        return sum(len(line.callers()) for line in lines)

    def team(self, now: datetime) -> Team | None:
        """None unless every phone is heard and can tell."""
        teams = [line.members(now) for line in self._lines.values()]
        if not teams or any(team is None for team in teams):
            return None
        members = tuple(member for team in teams for member in team or ())
        unknown = sum(member.state is MemberState.UNKNOWN for member in members)
        free = sum(member.is_free for member in members)
        return Team(
            members=members,
            free=None if unknown and not free else free,
            there=sum(member.is_there for member in members),
            on_calls=sum(member.state is MemberState.ON_A_CALL for member in members),
            unknown=unknown,
        )

    def sees_team(self) -> bool:
        """Does any phone tell what the team does?"""
        return any(line.sees_team for line in self._lines.values())

    def is_believed(self, key: str, now: datetime) -> bool:
        """The phone is in a short gap, and this call waited when it began."""
        call = self._calls.get(key)
        return (
            call is not None
            and call.outcome is Outcome.WAITING
            and call.phone in self._lines
            and self.line(call.phone).is_believed(now)
        )

    def next_due(self, now: datetime) -> datetime | None:
        moments = [line.next_due(self._ring, now) for line in self._lines.values()]
        return min((moment for moment in moments if moment is not None), default=None)

    # --- the founder's acts -------------------------------------------------------------

    def close_missed(self, key: str, now: datetime) -> tuple[str, ...]:
        """All missed calls of this person are done; return the keys of those that were open."""
        call = self._calls.get(key)
        closed = self._missed.close(call, now) if call is not None else []
        self._update(closed)
        return tuple(one.key for one in closed)

    def close_all_missed(self, now: datetime) -> tuple[str, ...]:
        still_open = [person for person in self.missed() if person.is_open]
        return tuple(key for one in still_open for key in self.close_missed(one.key, now))

    def reopen_missed(self, keys: Iterable[str]) -> None:
        """Take back that these are done, unless somebody has reached them since."""
        for key in keys:
            call = self._calls.get(key)
            if call is not None and is_done_by_hand(call):
                since = self._reached_since(call)
                by, closed_at = (since.by, since.started_at) if since else ("", None)
                self._save(replace(call, by=by, closed_at=closed_at))

    def answered_by_mail(self, number: str, at: datetime) -> bool:
        """Somebody answered that person's mail (F21): is any of their calls closed by that?"""
        closed = self._missed.answered_by_mail(number, at)
        self._update(closed)
        return bool(closed)

    # --- folding ------------------------------------------------------------------------

    def _is_founder_busy(self, line: PhoneLine, now: datetime) -> bool:
        return any(
            one.interface == line.settings.founder_interface and one.state is MemberState.ON_A_CALL
            for one in line.members(now) or ()
        )

    def _is_of_founder(self, call: Call) -> bool:
        if call.phone not in self._lines:
            return False
        return is_founders_talk(self.line(call.phone).settings, "", call.by)

    def _reached_since(self, call: Call) -> Call | None:
        numbers = self._people.behind_number(call.number).numbers
        later = (one for one in self.by_number.of(numbers) if one.started_at > call.started_at)
        return next((one for one in later if one.is_talk), None)

    def _unsettle(self, call: Call) -> None:
        """A phone's first snapshot will say if they still wait; a hook takes none."""
        line = self.line(call.phone)
        if line.is_known:
            line.joined(call.caller)
        else:
            self._unsettled[call.key] = call

    def _snapshot(self, event: PhoneSnapshotTaken) -> list[Call]:
        line = self.line(event.phone)
        named = {caller.call_id for caller in event.callers}
        for caller in line.snapshot(event):
            self._vanished(caller.key, event.at)
        for call in list(self._unsettled.values()):
            if call.phone == event.phone:
                del self._unsettled[call.key]
                if call.call_id not in named:
                    self._vanished(call.key, event.at)
        self._gaps.heard_again(event)
        turns = self._missed_meanwhile(event)
        for caller in event.callers:
            turns += self._joined(caller, event.at)
        return turns

    def _missed_meanwhile(self, event: PhoneSnapshotTaken) -> list[Call]:
        """The gap is told once, for all the calls that were missed in it."""
        calls = unseen_calls(event)
        self._store.save_calls(calls)
        for call in calls:
            self._missed.put(call)
        self._update(calls)
        return self._first_time(calls[:1], event.at)

    def _joined(self, caller: Caller, at: datetime) -> list[Call]:
        """A call that is over stays over: late or repeated news of its joining is old."""
        known = self._calls.get(caller.key)
        if known is not None and is_over(known):
            self.line(caller.phone).left(caller.call_id)
            return []
        self.line(caller.phone).joined(caller)
        call = waiting_call(caller)
        if call != known:
            self._save(call)
        return self._first_time([call], at)

    def _answered(self, event: CallAnswered) -> list[Call]:
        key = call_key(event.phone, event.call_id)
        known = self._calls.get(key)
        if known is not None and is_over(known):
            return []
        line = self.line(event.phone)
        line.left(event.call_id)
        line.answered(event.call_id, event.by_interface)
        answered = answered_call(known, event, line.settings)
        self._unsettled.pop(key, None)
        self._save(answered)
        self._update(self._missed.reached(answered.number, answered.by, event.at))
        return self._first_time([answered], event.at)

    def _ended(self, event: CallEnded) -> None:
        key = call_key(event.phone, event.call_id)
        line = self.line(event.phone)
        line.ended(event.call_id)
        call = self._calls.get(key)
        if call is None or is_over(call) or call.outcome is Outcome.UNKNOWN:
            return
        if call.outcome is Outcome.WAITING:
            self._vanished(key, event.at)
        else:
            self._save(replace(call, talk_seconds=event.talk_seconds, closed_at=event.at))

    def _was_missed(self, event: CallMissed) -> list[Call]:
        """One outcome for the whole team: a call that somebody answered is not missed (F19)."""
        key = call_key(event.phone, event.call_id)
        line = self.line(event.phone)
        known = self._calls.get(key)
        if known is not None and known.outcome not in (Outcome.WAITING, Outcome.UNKNOWN):
            return []
        caller = line.left(event.call_id) or (known.caller if known else refused_caller(event))
        self._unsettled.pop(key, None)
        missed = missed_call(event, caller, line.needed_alone(caller, event.at))
        if not (self._is_open(missed.started_at) or self._is_open(event.at)):
            missed = after_hours(missed)
        self._save(missed)
        return self._first_time([missed], event.at)

    def _called(self, event: CalleeAnswered) -> None:
        """One of the team has reached somebody: whatever they called for is closed by it."""
        if call_key(event.phone, event.call_id) in self._calls:
            return
        known = self.by_number.of(self._people.behind_number(event.number).numbers)
        name = next((one.name for one in reversed(known) if one.name), "")
        call = called(event, name, self.line(event.phone).settings)
        self._save(call)
        self._update(self._missed.called_back(call.number, call.by, event.at))

    def _vanished(self, key: str, at: datetime) -> None:
        call = self._calls[key]
        self.line(call.phone).left(call.call_id)
        self._save(unknown_call(call, at))

    def _save(self, call: Call) -> None:
        self._store.save_call(call)
        self._missed.put(call)
        self._update([call])

    def _update(self, calls: Iterable[Call]) -> None:
        self._changes += 1
        for call in calls:
            self._calls[call.key] = call
            self.by_number.put(call)
            self.history.put(call)

    def _first_time(self, calls: Iterable[Call], at: datetime) -> list[Call]:
        turns = {f"{call.key}#{call.outcome.value}": call for call in calls}
        return [turns[key] for key in self._store.tell(turns, at)] if turns else []

    def _waiting_caller(
        self, caller: Caller, position: int, need: Need | None, now: datetime
    ) -> WaitingCaller:
        seconds = seconds_between(caller.joined_at, now)
        return WaitingCaller(
            caller=self._people.named(caller),
            position=position,
            seconds=seconds,
            rings=rings(seconds, self._ring),
            need=need,
            can_take=self.line(caller.phone).can_take(caller),
        )


def rings(seconds: float, ring: timedelta) -> int:
    """The first ring is 1 and begins at once."""
    return 1 + int(seconds / ring.total_seconds()) if ring else 1
