"""What a QueueStatus and a CoreShowChannels say, laid over what the call book believed.

After an unbroken link this finds nothing new. After a gap it says what became of those who
waited before it: found talking, still waiting, or gone; and the queues' own counters say how many
callers were abandoned whom we never saw.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from supportdesk.domain.calls import (
    Caller,
    CallId,
    Capabilities,
    Member,
    MemberState,
    MissedReason,
    seconds_between,
)
from supportdesk.domain.events import CallEnded, Event, PhoneSnapshotTaken
from supportdesk.protocols.ami import Packet
from supportdesk.protocols.ami_calls import CallBook, call_id_of
from supportdesk.protocols.ami_line import EVENT_LAG, Line, Phase, Turn

_FORGET_AFTER: Final = timedelta(hours=12)
"""A talk whose end could not be heard and cannot be looked up (no `reporting`)."""
_IS_IDLE: Final = {"1": True, **dict.fromkeys("23678", False)}
"""Device states that tell whether somebody talks there; one that is gone does not."""
_JOIN_LAG_SECONDS: Final = 2
"""QueueCallerJoin comes within milliseconds; who waits longer unannounced was not announced."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """The answers to our questions.

    Attributes:
        queues: Items of QueueStatus; None when this Asterisk has no queues.
        channels: Items of CoreShowChannels; None without the right `reporting`.
    """

    queues: tuple[Packet, ...] | None
    channels: tuple[Packet, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A time in which nothing was heard.

    Attributes:
        since: Last proof of life before it.
        has_restarted: The PBX came up anew in it, so every call from before is over.
    """

    since: datetime
    has_restarted: bool


@dataclass(frozen=True, slots=True)
class _View:
    callers: tuple[Caller, ...]
    members: tuple[Member, ...] | None


def take_snapshot(
    book: CallBook, lists: Lists, now: datetime, *, gap: Gap | None, capabilities: Capabilities
) -> list[Event]:
    """Lay the lists over the book at the start of a connection."""
    return _Reconciliation(book, lists, now, gap).run(capabilities)


def check_snapshot(
    book: CallBook, lists: Lists, now: datetime, *, capabilities: Capabilities
) -> list[Event]:
    """Lay the lists over the book in the middle of a connection: silent when nothing differs."""
    before = _view(book)
    unannounced = [item for item in lists.queues or () if _is_unannounced(book, item)]
    book.unannounced = frozenset(map(call_id_of, unannounced))
    book.lacks_queues |= any(item.integer("Wait") >= _JOIN_LAG_SECONDS for item in unannounced)
    events = _Reconciliation(book, lists, now, None).run(capabilities)
    return [] if len(events) == 1 and before == _view(book) else events


def _is_unannounced(book: CallBook, item: Packet) -> bool:
    """Does somebody wait in a watched queue whom no QueueCallerJoin named?"""
    if item.event != "QueueEntry" or not book.identity.watches(item.get("Queue")):
        return False
    call_id = call_id_of(item)
    line = book.lines.get(call_id)
    return call_id in book.unannounced or line is None or not line.is_in_queue


def _view(book: CallBook) -> _View:
    waiting = [line for line in book.lines.values() if line.phase is Phase.WAITING]
    waiting.sort(key=lambda line: line.waiting_since or line.started_at)
    callers = tuple(line.caller(book.identity.name) for line in waiting)
    return _View(callers, book.members.current())


class _Reconciliation:
    """One laying of lists over the book."""

    def __init__(self, book: CallBook, lists: Lists, now: datetime, gap: Gap | None) -> None:
        self._book = book
        self._now = now
        self._gap = gap
        self._lists = lists
        watched = [p for p in lists.queues or () if book.identity.watches(p.get("Queue"))]
        self._entries = {call_id_of(p): p for p in watched if p.event == "QueueEntry"}
        self._params = [p for p in watched if p.event == "QueueParams"]
        self._channels = (
            None if lists.channels is None else {call_id_of(p): p for p in lists.channels}
        )
        self._phones = _idle_phones(lists.queues or ()) if self._channels is None else {}
        self._events: list[Event] = []
        self._rise = self._counter_rise("Abandoned", book.abandoned)
        self._completed_rise = self._counter_rise("Completed", book.completed)

    def run(self, capabilities: Capabilities) -> list[Event]:
        book, now = self._book, self._now
        for line in list(book.lines.values()):
            self._look_after(line)
        if self._gap is not None:
            there = () if self._is_new_life else self._channels
            self._say_ended(book.outgoing.after_gap(there, self._last_known))
        for call_id, entry in self._entries.items():
            if call_id not in book.lines:
                self._add_waiting(call_id, entry)
        book.lifts.listed(self._lists.channels or ())
        for call_id, channel in (self._channels or {}).items():
            if call_id not in book.lines:
                self._add_channel(call_id, channel)
        if self._lists.queues is not None:
            book.members.replace(_members(self._lists.queues), now)
        for params in self._params:
            book.abandoned[params.get("Queue")] = params.integer("Abandoned")
            book.completed[params.get("Queue")] = params.integer("Completed")
        view = _view(book)
        return [
            *self._events,
            PhoneSnapshotTaken(
                phone=book.identity.name,
                callers=view.callers,
                members=view.members,
                capabilities=capabilities,
                at=now,
                missed_meanwhile=self._rise if self._gap and self._params else None,
                deaf_since=self._gap.since if self._gap else None,
            ),
        ]

    def _counter_rise(self, key: str, old: dict[str, int]) -> int:
        """Return by how much a counter grew; a counter that fell began anew at zero."""
        rise = 0
        for params in self._params:
            new, before = params.integer(key), old.get(params.get("Queue"))
            if before is not None:
                rise += new if self._is_new_life or new < before else new - before
        return rise

    @property
    def _is_new_life(self) -> bool:
        return self._gap is not None and self._gap.has_restarted

    def _look_after(self, line: Line) -> None:
        entry = self._entries.get(line.call_id)
        if entry is not None:
            line.missing_since = None
            if line.phase is not Phase.WAITING:
                line.turn(Turn.JOINED, self._now - timedelta(seconds=entry.integer("Wait")))
            line.channel = entry.get("Channel") or line.channel
            line.queue = entry.get("Queue")
            line.is_in_queue = line.is_told = True
            return
        channel = None if self._channels is None else self._channels.get(line.call_id)
        if channel is not None:
            line.missing_since = None
            self._look_at_channel(line, channel)
            return
        is_idle = self._is_phone_idle(line)
        line.missing_since = None if is_idle is False else line.missing_since or self._now
        # Events lag behind lists: in the middle of a connection believe only the second look.
        if self._gap is None and (line.missing_since or self._now) > self._now - EVENT_LAG:
            return
        if self._channels is not None or self._is_new_life:
            self._say_gone(line)
        elif is_idle and self._gap is not None:
            self._say_ended(self._book.end_talk(line, self._last_known))
        elif is_idle:
            self._events += self._book.end_talk(line, self._put_down_at(line))
        else:
            self._say_unknown(line)

    def _is_phone_idle(self, line: Line) -> bool | None:
        """Has the member who talked put down? None where that says nothing, or is not told.

        Without hang-ups a talk is over with AgentComplete. It may have come while we were deaf,
        and never comes when a customer hangs up in the very moment of the answer. With them, only
        a gap can have hidden the end; else the customer may have been passed on.
        """
        if line.phase is not Phase.TALKING or line.talks_with is None:
            return None
        is_doubtful = self._book.lacks_calls or line.is_unsure
        return self._phones.get(line.talks_with[1]) if is_doubtful else None

    def _put_down_at(self, line: Line) -> datetime:
        """Return when the phone of who talked became free, or now."""
        member = self._book.members.find(line.talks_with[1]) if line.talks_with else None
        since = member.state_since if member and member.state is MemberState.FREE else None
        return max(since or self._now, line.answered_at or self._now)

    def _look_at_channel(self, line: Line, channel: Packet) -> None:
        line.is_in_queue = False
        line.channel = channel.get("Channel") or line.channel
        bridge = channel.get("BridgeId")
        if line.phase is not Phase.WAITING or not bridge:
            return
        for other in self._lists.channels or ():
            if other.get("BridgeId") == bridge and call_id_of(other) != line.call_id:
                by, interface = self._book.whose(other.get("Channel"), other.caller_name())
                line.listed_at = self._now
                self._events += self._book.answer(
                    line, self._now, by=by, interface=interface, hold_seconds=None
                )
                return

    @property
    def _last_known(self) -> datetime:
        return self._gap.since if self._gap else self._now

    def _say_missed(self, line: Line) -> None:
        self._events.append(
            self._book.miss(line, MissedReason.UNSEEN, self._now, waited_until=self._last_known)
        )

    def _say_gone(self, line: Line) -> None:
        """The channel is no more: decide what became of the call."""
        if line.phase is Phase.TALKING:
            self._say_ended(self._book.end_talk(line, self._last_known))
        elif line.phase is Phase.WAITING and self._was_missed():
            self._say_missed(line)
        else:
            del self._book.lines[line.call_id]

    def _say_ended(self, ends: Iterable[CallEnded]) -> None:
        """Talks that ended while nothing was heard: they lasted until the last proof of life."""
        for end in ends:
            unheard = seconds_between(end.at, self._now)
            self._events.append(replace(end, unheard_seconds=unheard))

    def _was_missed(self) -> bool:
        """Was a caller who is gone missed? Only a call that was completed instead was not."""
        if self._is_new_life:
            return True
        if self._rise > 0:
            self._rise -= 1
            return True
        if self._completed_rise > 0:
            self._completed_rise -= 1
            return False
        return True

    def _say_unknown(self, line: Line) -> None:
        """Channels cannot be looked up: keep what may still be heard of, tell only what is sure."""
        if line.give_up_at is not None and not self._book.hears_calls:
            # Who was in the lists before anybody joined has not shown yet that none will be heard.
            if line.give_up_at <= self._now:
                self._events.append(self._book.give_up(line, line.give_up_at, self._now))
            return
        is_lost = line.is_in_queue or (self._gap is not None and line.phase is not Phase.TALKING)
        if is_lost and line.phase is Phase.WAITING and self._rise > 0:
            self._rise -= 1
            self._say_missed(line)
        elif is_lost or self._now - line.started_at > _FORGET_AFTER:
            del self._book.lines[line.call_id]

    def _add_waiting(self, call_id: CallId, entry: Packet) -> None:
        joined_at = self._now - timedelta(seconds=entry.integer("Wait"))
        self._book.lines[call_id] = Line(
            call_id=call_id,
            channel=entry.get("Channel"),
            number=entry.caller_number(),
            name=entry.caller_name(),
            extension="",
            started_at=joined_at,
            phase=Phase.WAITING,
            queue=entry.get("Queue"),
            is_in_queue=True,
            waiting_since=joined_at,
            queues_joined=1,
            is_told=True,
        )

    def _add_channel(self, call_id: CallId, channel: Packet) -> None:
        """Add a customer who is in no watched queue: rings a phone, talks, or is on the way."""
        application = channel.get("Application")
        is_first = channel.last("Linkedid") == call_id
        name = channel.get("Channel")
        if not is_first or application.startswith("App") or name.startswith("Local/"):
            return
        if self._book.is_inside(name, channel.get("Context")):
            return
        started_at = self._now - _duration(channel.get("Duration"))
        line = Line(
            call_id=call_id,
            channel=name,
            number=channel.caller_number(),
            name=channel.caller_name(),
            extension=channel.get("Exten"),
            started_at=started_at,
        )
        if channel.get("BridgeId"):
            line.phase, line.answered_at = Phase.TALKING, started_at
        elif application == "Dial" and self._book.is_for_us(line):
            line.phase, line.waiting_since, line.is_told = Phase.WAITING, started_at, True
        elif application == "Queue":
            line.is_elsewhere = True
        self._book.lines[call_id] = line


def _members(queues: Iterable[Packet]) -> list[Packet]:
    return [packet for packet in queues if packet.event == "QueueMember"]


def _idle_phones(queues: Iterable[Packet]) -> dict[str, bool]:
    """Return of each member who is a phone itself whether nobody talks there, by interface."""
    return {
        item.get("Location"): _IS_IDLE[item.get("Status")]
        for item in _members(queues)
        if item.get("StateInterface") == item.get("Location") and item.get("Status") in _IS_IDLE
    }


def _duration(clock: str) -> timedelta:
    """Return the time of `01:02:03`; nothing for anything else."""
    parts = clock.split(":")
    if len(parts) != 3 or not all(part.isdigit() for part in parts):
        return timedelta(0)
    hours, minutes, seconds = map(int, parts)
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)
