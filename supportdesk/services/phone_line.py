"""What is true of one phone system now: who waits and what each member does.

Between a gap and the next snapshot its callers are only believed: not counted, but an alert for
one of them is not taken back for a short outage either.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from supportdesk.domain.calls import (
    HOOK_RINGING_IS_BELIEVED_FOR,
    Caller,
    CallId,
    Capabilities,
    Member,
    MemberState,
)
from supportdesk.domain.events import PhoneSnapshotTaken
from supportdesk.domain.one_ring import NeededCaller, needed_callers
from supportdesk.domain.settings import PhoneKind, PhoneSettings

BUSY_IS_BELIEVED_FOR = timedelta(hours=2)
CALLERS_ARE_BELIEVED_FOR = timedelta(seconds=60)

_BUSY_STATES = (MemberState.ON_A_CALL, MemberState.RINGING)


class PhoneLine:
    """One phone system. A hook is always heard: it is our own door that others knock at."""

    def __init__(self, settings: PhoneSettings, since: datetime) -> None:
        """Unknown until its first snapshot; `since` begins the time of believing."""
        self.settings = settings
        self._unheard_since: datetime | None = None if self._is_hook else since
        self._is_listening = self._is_hook
        self._has_snapshot = self._is_hook
        self._callers: dict[CallId, Caller] = {}
        self._members: dict[str, Member] | None = None
        self._talking: dict[CallId, str] = {}
        self.capabilities: Capabilities | None = None

    @property
    def _is_hook(self) -> bool:
        return self.settings.kind is PhoneKind.HOOK

    @property
    def is_known(self) -> bool:
        """Heard, and a snapshot has been taken since it was last deaf."""
        return self._is_listening and self._has_snapshot

    @property
    def sees_waiting(self) -> bool:
        return self.capabilities is None or self.capabilities.sees_waiting

    @property
    def sees_team(self) -> bool:
        """It tells, or may come to tell, what the team does; a phone on a desk knows of none."""
        if self.capabilities is not None:
            return self.capabilities.sees_busy
        return self.settings.kind is PhoneKind.ASTERISK

    def can_take(self, caller: Caller) -> bool:
        """It can hand this caller over to the founder."""
        able = self.capabilities is not None and self.capabilities.can_take
        return able and bool(caller.channel and self.settings.founder_interface)

    def listening(self) -> None:
        """The link is up; numbers are known again with the next snapshot, in either order."""
        self._is_listening = True
        self._end_gap()

    def deaf(self, at: datetime) -> None:
        if self._is_hook:
            return
        self._is_listening = self._has_snapshot = False
        if self._unheard_since is None:
            self._unheard_since = at

    def _end_gap(self) -> None:
        """Half of what ends a gap ends no belief: in between, nobody who waits is let go."""
        if self.is_known:
            self._unheard_since = None

    # --- callers ------------------------------------------------------------------------

    def caller(self, call_id: CallId) -> Caller | None:
        return self._callers.get(call_id)

    def callers(self) -> list[Caller]:
        """Those who wait; none while the phone is not known."""
        return list(self._callers.values()) if self.is_known else []

    def joined(self, caller: Caller) -> None:
        self._callers[caller.call_id] = caller
        self._talking.pop(caller.call_id, None)

    def left(self, call_id: CallId) -> Caller | None:
        return self._callers.pop(call_id, None)

    def needed(self, ring: timedelta, now: datetime) -> list[NeededCaller]:
        """Callers nobody is free for, longest waiting first."""
        return needed_callers(self.callers(), self.members(now), ring)

    def needed_alone(self, caller: Caller, now: datetime) -> NeededCaller | None:
        """Would the team be unable to take this caller, were nobody else waiting?"""
        needed = needed_callers([caller], self.members(now), timedelta())
        return needed[0] if needed else None

    def is_believed(self, now: datetime) -> bool:
        """Is the gap so short that who waited before it is thought to wait still?"""
        return (
            self._unheard_since is not None and now < self._unheard_since + CALLERS_ARE_BELIEVED_FOR
        )

    def forgotten(self, now: datetime) -> list[Caller]:
        """Callers of a hook that never said how it ended."""
        if not self._is_hook:
            return []
        limit = now - HOOK_RINGING_IS_BELIEVED_FOR
        return [caller for caller in self._callers.values() if caller.joined_at <= limit]

    # --- members ------------------------------------------------------------------------

    def members(self, now: datetime) -> tuple[Member, ...] | None:
        """None while they are not known. A long stuck "busy" is shown as unknown (F17)."""
        if not self.is_known or self._members is None:
            return None
        limit = now - BUSY_IS_BELIEVED_FOR
        return tuple(
            replace(member, state=MemberState.UNKNOWN) if self._is_stuck(member, limit) else member
            for member in self._members.values()
        )

    def member_changed(self, member: Member, at: datetime) -> None:
        """Before the first snapshot the set of members is not known: one alone says nothing."""
        if self._members is not None:
            known = self._members.get(member.interface)
            self._members[member.interface] = _dated(member, known, at)

    def member_left(self, interface: str) -> None:
        if self._members is not None:
            self._members.pop(interface, None)

    @property
    def talking(self) -> Mapping[CallId, str]:
        """The interface that each call was answered on; nothing after a gap."""
        return self._talking

    def answered(self, call_id: CallId, interface: str) -> None:
        self._talking[call_id] = interface

    def ended(self, call_id: CallId) -> None:
        self._talking.pop(call_id, None)

    def _is_stuck(self, member: Member, limit: datetime) -> bool:
        return (
            member.state in _BUSY_STATES
            and member.state_since is not None
            and member.state_since <= limit
            and member.interface not in self._talking.values()
        )

    # --- both ---------------------------------------------------------------------------

    def snapshot(self, taken: PhoneSnapshotTaken) -> list[Caller]:
        """Take what is true now; return the callers who are gone."""
        named = {caller.call_id: caller for caller in taken.callers}
        vanished = [one for call_id, one in self._callers.items() if call_id not in named]
        self._callers = named
        known = self._members or {}
        if taken.members is None:
            self._members = None
        else:
            self._members = {
                member.interface: _dated(member, known.get(member.interface), taken.at)
                for member in taken.members
            }
        if taken.deaf_since is not None:
            self._talking.clear()
        self.capabilities = taken.capabilities
        self._has_snapshot = True
        self._end_gap()
        return vanished

    def next_due(self, ring: timedelta, now: datetime) -> datetime | None:
        """The earliest later moment at which something here changes by time alone."""
        moments = [needed.due_at for needed in self.needed(ring, now)]
        moments += [
            member.state_since + BUSY_IS_BELIEVED_FOR
            for member in self.members(now) or ()
            if member.state in _BUSY_STATES and member.state_since is not None
        ]
        if self._unheard_since is not None:
            moments.append(self._unheard_since + CALLERS_ARE_BELIEVED_FOR)
        if self._is_hook:
            moments += _expiries(self._callers.values())
        return min((moment for moment in moments if moment > now), default=None)


def _expiries(callers: Iterable[Caller]) -> list[datetime]:
    return [caller.joined_at + HOOK_RINGING_IS_BELIEVED_FOR for caller in callers]


def _dated(member: Member, known: Member | None, at: datetime) -> Member:
    """Since when the state holds, from the phone system or from what we saw."""
    if member.state_since is not None:
        return member
    if known is not None and known.state is member.state:
        return replace(member, state_since=known.state_since)
    return replace(member, state_since=at)
