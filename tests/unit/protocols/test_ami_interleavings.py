"""Lists and gaps at any moment of a recorded call: nobody waits or talks for ever.

Asterisk answers a question at once and tells events when it gets to it, so that lists run ahead of
events; and a link is lost between any two packets. Whatever comes when, who waited and who talked
is in the end told to be gone.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from supportdesk.domain.calls import CallId
from supportdesk.domain.events import (
    CallAnswered,
    CallEnded,
    CallerJoined,
    CallMissed,
    Event,
    PhoneSnapshotTaken,
)
from supportdesk.domain.health import SourceName
from supportdesk.protocols.ami import Packet
from supportdesk.protocols.ami_calls import CallBook, PhoneIdentity
from supportdesk.protocols.ami_link import WANTED_EVENTS
from tests.fakes.ami_script import member, queue
from tests.unit.protocols.ami_captures import VERSIONS, capture
from tests.unit.protocols.scripted_pbx import START, ScriptedPbx, at

_IDENTITY = PhoneIdentity(name=SourceName("Office"), founder="PJSIP/100")
_BLIND = ("a-perm-agentonly", "a-perm-minimal")
_RECORDINGS = (
    *_BLIND,
    "c-answered",
    "c-answered-agent-hangs-up",
    "d-all-busy-wait-answered",
    "e-abandoned",
    "e-overflow-to-second-queue",
    "e-queue-timeout",
    "g-direct-answered",
    "g-direct-caller-gives-up",
    "g-direct-missed",
    "h-take-by-bridge-answers",
)
_VERSION = st.sampled_from(VERSIONS)
_NAME = st.sampled_from(_RECORDINGS)
_AHEAD = st.integers(0, 12)
_QUEUES = ("support", "strict", "fpbx", "sales")
_SEATS = (
    ("support", "PJSIP/201", "Ann Agent"),
    ("support", "PJSIP/202", "Bob Agent"),
    ("strict", "PJSIP/201", "Ann Agent"),
)
_LONG_ENOUGH_SECONDS = 200
"""Three comparisons with the lists."""
_EVENT_LAG_SECONDS = 1.5


@dataclass
class _Pbx:
    """What lists would say after so many packets of a recording."""

    channels: dict[str, dict[str, str]] = field(default_factory=dict)
    entries: dict[str, dict[str, str]] = field(default_factory=dict)
    statuses: dict[tuple[str, str], str] = field(default_factory=dict)
    counters: dict[tuple[str, str], int] = field(default_factory=dict)

    def apply(self, packet: Packet) -> None:
        unique, name = packet.get("Uniqueid"), packet.get("Queue")
        match packet.event:
            case "Newchannel":
                there = {**dict(packet.pairs), "Event": "CoreShowChannel", "BridgeId": ""}
                self.channels[unique] = {**there, "Application": "", "Duration": "00:00:00"}
            case "Hangup":
                self.channels.pop(unique, None)
                self.entries.pop(unique, None)
            case "Newexten" if unique in self.channels:
                self.channels[unique]["Application"] = packet.get("Application")
            case "BridgeEnter" | "BridgeLeave" if unique in self.channels:
                self.entries.pop(unique, None)  # Bridge() takes a caller out without a word.
                bridge = packet.get("BridgeUniqueid") if packet.event == "BridgeEnter" else ""
                self.channels[unique]["BridgeId"] = bridge
            case "QueueCallerJoin":
                there = {**dict(packet.pairs), "Event": "QueueEntry", "Wait": "0"}
                self.entries[unique] = there
            case "QueueCallerLeave":
                self.entries.pop(unique, None)
            case "QueueMemberStatus":
                self.statuses[name, packet.get("Interface")] = packet.get("Status")
            case "QueueCallerAbandon" | "AgentComplete":
                key = "Abandoned" if packet.event == "QueueCallerAbandon" else "Completed"
                self.counters[name, key] = self.counters.get((name, key), 0) + 1
            case _:
                pass

    def queue_list(self) -> list[dict[str, str]]:
        count = self.counters.get
        return [
            *(
                queue(
                    name,
                    abandoned=count((name, "Abandoned"), 0),
                    completed=count((name, "Completed"), 0),
                )
                for name in _QUEUES
            ),
            *(
                member(name, interface, who, self.statuses.get((name, interface), "1"))
                for name, interface, who in _SEATS
            ),
            *(dict(one) for one in self.entries.values()),
        ]

    def channel_list(self) -> list[dict[str, str]]:
        return [dict(one) for one in self.channels.values()]


@dataclass(frozen=True)
class _Day:
    """A recording, and after a while the same calls once more; with the lists before each packet.

    `channels` is None where the manager user may not list them.
    """

    packets: Sequence[tuple[float, bytes]]
    queues: Sequence[list[dict[str, str]]]
    channels: Sequence[list[dict[str, str]] | None]


@cache
def _day(version: str, name: str) -> _Day:
    said = capture(version, name).unasked()
    once = [one for one in said if Packet(one[1]).event in WANTED_EVENTS]
    later = once[-1][0] + _LONG_ENOUGH_SECONDS
    packets = [*once, *((later + seconds, _of_other_calls(data)) for seconds, data in once)]
    pbx = _Pbx()
    queues, channels = [pbx.queue_list()], [pbx.channel_list()]
    for _, data in packets:
        pbx.apply(Packet(data[:-4]))
        queues.append(pbx.queue_list())
        channels.append(pbx.channel_list())
    return _Day(packets, queues, [None] * len(channels) if name in _BLIND else channels)


def _of_other_calls(data: bytes) -> bytes:
    return re.sub(rb"(?<=id: )1(?=\d{9}\.\d)", b"2", data)


class _Listener:
    """A program that listens to a day; whoever is asked for lists is `ahead` of what was told."""

    def __init__(self, day: _Day, ahead: int) -> None:
        self.events: list[Event] = []
        self.book = CallBook(_IDENTITY)
        self._day = day
        self._ahead = ahead
        self._pbx = self._connect(0)

    def hear(self, start: int, end: int, looks: Iterable[int] = ()) -> None:
        """Take these packets, with a look at the lists before some of them."""
        for place, (seconds, data) in enumerate(self._day.packets[start:end], start=start):
            self._pbx.run_until(seconds)
            self._set_lists(self._pbx, place)
            if place in looks:
                self._pbx.take_in(self._pbx.session.resync(self._pbx.now))
            self._pbx.say(data)
            self._set_lists(self._pbx, place + 1)

    def lose_link(self, place: int) -> None:
        """Be deaf up to this packet."""
        self.events += self._pbx.events
        self._pbx = self._connect(place)

    def wait(self) -> list[Event]:
        self._set_lists(self._pbx, len(self._day.packets))
        self._pbx.run_until((self._pbx.now - START).total_seconds() + _LONG_ENOUGH_SECONDS)
        return [*self.events, *self._pbx.events]

    def _connect(self, place: int) -> ScriptedPbx:
        before = getattr(self, "_pbx", None)
        pbx = ScriptedPbx(
            identity=_IDENTITY,
            book=self.book,
            deaf_since=None if before is None else before.session.last_heard_at,
            boots=False,
        )
        pbx.now = at(self._day.packets[max(0, place - 1)][0])
        self._set_lists(pbx, place)
        return pbx.connect()

    def _set_lists(self, pbx: ScriptedPbx, place: int) -> None:
        """Take the lists of a while later; no event comes more than a second and a half late."""
        packets = self._day.packets
        late = (pbx.now - START).total_seconds() + _EVENT_LAG_SECONDS
        ahead = packets[place : place + self._ahead]
        place += sum(seconds <= late for seconds, _ in ahead)
        pbx.queues, pbx.channels = self._day.queues[place], self._day.channels[place]


def _going_on(events: Iterable[Event]) -> set[CallId]:
    """Who waits or talks, to somebody who only reads the events."""
    waiting: set[CallId] = set()
    talking: set[CallId] = set()
    for event in events:
        match event:
            case PhoneSnapshotTaken():
                waiting = {caller.call_id for caller in event.callers}
            case CallerJoined():
                waiting.add(event.caller.call_id)
            case CallAnswered():
                waiting.discard(event.call_id)
                talking.add(event.call_id)
            case CallEnded():
                talking.discard(event.call_id)
            case CallMissed():
                waiting.discard(event.call_id)
            case _:
                pass
    return waiting | talking


def _outcomes(events: Iterable[Event]) -> list[tuple[CallId, str]]:
    """How each call ended."""
    ends = [event for event in events if isinstance(event, CallAnswered | CallMissed | CallEnded)]
    return [
        (event.call_id, event.by if isinstance(event, CallAnswered) else type(event).__name__)
        for event in ends
    ]


@cache
def _undisturbed(version: str, name: str) -> list[tuple[CallId, str]]:
    day = _day(version, name)
    listener = _Listener(day, 0)
    listener.hear(0, len(day.packets))
    return sorted(_outcomes(listener.wait()))


@settings(max_examples=80)
@given(_VERSION, _NAME, _AHEAD, st.data())
def test_a_look_at_any_moment_changes_no_outcome(
    version: str, name: str, ahead: int, data: st.DataObject
) -> None:
    day = _day(version, name)
    count = len(day.packets)
    looks = data.draw(st.sets(st.integers(0, count - 1), min_size=1, max_size=4))
    listener = _Listener(day, ahead)
    listener.hear(0, count, looks)
    events = listener.wait()
    assert sorted(_outcomes(events)) == _undisturbed(version, name)
    assert _going_on(events) == set()
    assert listener.book.lines == {}


@settings(max_examples=80)
@given(_VERSION, _NAME, _AHEAD, st.data())
def test_after_a_gap_at_any_moment_every_call_comes_to_an_end(
    version: str, name: str, ahead: int, data: st.DataObject
) -> None:
    """Where hang-ups cannot be heard, with the next call at the latest."""
    day = _day(version, name)
    once = len(day.packets) // 2
    lost_at = data.draw(st.integers(0, once - 1))
    back_at = data.draw(st.integers(lost_at, once))
    listener = _Listener(day, ahead)
    listener.hear(0, lost_at)
    listener.lose_link(back_at)
    listener.hear(back_at, len(day.packets))
    events = listener.wait()
    assert _going_on(events) == set()
    assert listener.book.lines == {}
