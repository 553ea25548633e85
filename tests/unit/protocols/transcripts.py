"""Call events as lines of text, so that a test reads like what a person would say happened."""

import re
from collections.abc import Iterable
from datetime import datetime
from itertools import zip_longest

from supportdesk.domain.calls import CallId, MemberState
from supportdesk.domain.events import (
    CallAnswered,
    CalleeAnswered,
    CallEnded,
    CallerJoined,
    CallMissed,
    Event,
    MemberChanged,
    MemberLeft,
)

_SECONDS = re.compile(r"\d+\.\d\b")
_TOLERANCE = 0.3


def call_lines(events: Iterable[Event], start: datetime) -> list[str]:
    """One line for each turn of a call: when, what, which call (#0 is the first one seen)."""
    numbers: dict[CallId, int] = {}

    def which(call_id: CallId) -> str:
        return f"#{numbers.setdefault(call_id, len(numbers))}"

    lines = []
    for event in events:
        match event:
            case CallerJoined(caller=caller, at=at):
                words = f"joined {caller.queue or 'directly'}: {caller.number} {caller.name}"
                call = which(caller.call_id)
            case CallAnswered(at=at):
                words = f"answered by {event.by} ({event.by_interface}) {event.hold_seconds:.1f}"
                call = which(event.call_id)
            case CalleeAnswered(at=at):
                words = f"called by {event.by} ({event.by_interface}): {event.number}"
                call = which(event.call_id)
            case CallEnded(at=at):
                words, call = f"ended {event.talk_seconds:.1f}", which(event.call_id)
            case CallMissed(at=at):
                where = event.queue or "directly"
                words = f"missed {where} {event.waited_seconds:.1f} {event.reason.name}"
                call = which(event.call_id)
            case _:
                continue
        lines.append(f"{(at - start).total_seconds():.1f} {call} {words}".rstrip())
    return lines


def member_lines(events: Iterable[Event]) -> list[str]:
    """One line for each change of a member."""
    lines = []
    for event in events:
        match event:
            case MemberChanged(member=member):
                reason = f" ({member.detail})" if member.detail else ""
                lines.append(f"{member.name} {_word(member.state)}{reason}")
            case MemberLeft():
                lines.append(f"{event.interface} left")
            case _:
                pass
    return lines


def assert_same(seen: Iterable[str], expected: Iterable[str]) -> None:
    """Compare lines; seconds may differ a little, as they do from one recording to the next."""
    for left, right in zip_longest(seen, expected, fillvalue="(nothing)"):
        assert _SECONDS.sub("…", left) == _SECONDS.sub("…", right)
        for a, b in zip(_SECONDS.findall(left), _SECONDS.findall(right), strict=True):
            assert abs(float(a) - float(b)) <= _TOLERANCE, f"{left} / {right}"


def _word(state: MemberState) -> str:
    return state.value
