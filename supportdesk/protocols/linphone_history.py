"""Linphone's call history becomes the events of any phone system.

The newest rows are given again and again; each turn of each call is told once. What lay there when
supportdesk first looked is history; what was missed while it did not run is told by the next run.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Final

from supportdesk.domain.calls import (
    Call,
    Caller,
    CallId,
    Capabilities,
    MissedReason,
    Outcome,
    seconds_between,
)
from supportdesk.domain.events import (
    CallAnswered,
    CalleeAnswered,
    CallEnded,
    CallerJoined,
    CallMissed,
    Event,
)
from supportdesk.domain.health import SourceName
from supportdesk.protocols.linphone_rows import HistoryRow, HistoryStatus

RINGING_IS_BELIEVED_FOR: Final = timedelta(minutes=2)
"""A Linphone that ends while it rings leaves the row as it is."""
_RING_BEFORE_THE_END: Final = timedelta(minutes=2)
_WHOLE_SECONDS: Final = timedelta(seconds=2)
_ELSEWHERE: Final = "another phone"

_WRITES_LATE: Final = "Linphone writes a call down when it is over: who rings now is not seen."
_LIMITS: Final = (
    "Whether Linphone runs and is registered cannot be seen.",
    "A call that a colleague answered may look like a missed one.",
)


def capabilities(dial_uri: str, *, is_live: bool) -> Capabilities:
    """`is_live`: rows appear while it rings (5.2 and later)."""
    return Capabilities(
        sees_waiting=is_live,
        sees_busy=False,
        sees_missed=True,
        can_take=False,
        can_dial=False,
        limits=_LIMITS if is_live else (_WRITES_LATE, *_LIMITS),
        dial_uri=dial_uri,
    )


class _Told(IntEnum):
    """How far a call has been told."""

    RINGING = 1
    ANSWERED = 2
    OVER = 3


class LinphoneHistory:
    """What has been told of one Linphone. `interface` signs the founder's answers.

    `since` is when the history was last looked at, by any run; `known` are calls of then.
    """

    def __init__(
        self,
        phone: SourceName,
        interface: str,
        *,
        since: datetime,
        known: Iterable[Call] = (),
        is_first_look: bool = False,
    ) -> None:
        self._phone = phone
        self._interface = interface
        self._since = since
        self._is_first_look = is_first_look
        self._told: dict[CallId, _Told] = {}
        self._ringing: dict[CallId, HistoryRow] = {}
        for call in known:
            self._told[call.call_id] = _told_of(call)

    def callers(self) -> tuple[Caller, ...]:
        """Those who ring now, as far as the history tells."""
        return tuple(self._caller(row) for row in self._ringing.values())

    def next_due(self) -> datetime | None:
        """When a ringing is not believed any more."""
        begun = [row.started_at for row in self._ringing.values()]
        return min(begun) + RINGING_IS_BELIEVED_FOR if begun else None

    def apply(self, rows: Iterable[HistoryRow], now: datetime) -> list[Event]:
        """Take the newest rows, in any order; return what has not been told."""
        if self._is_first_look:
            self._is_first_look = False
            rows = list(rows)
            self._told |= {row.call_id: _Told.OVER for row in rows if not _rings(row, now)}
        events: list[Event] = []
        for row in sorted(rows, key=lambda row: row.started_at):
            told = self._told.get(row.call_id)
            if told is _Told.OVER or not self._is_news(row, told):
                continue
            if row.is_outgoing:
                events += self._outgoing(row, told)
            else:
                events += self._incoming(row, told, now)
        return events

    def _is_news(self, row: HistoryRow, told: _Told | None) -> bool:
        """By its times, for all that an earlier run may have told; they are whole seconds."""
        patience = _WHOLE_SECONDS if row.is_outgoing else _RING_BEFORE_THE_END
        return told is not None or row.ended_at > self._since - patience

    def _incoming(self, row: HistoryRow, told: _Told | None, now: datetime) -> list[Event]:
        match row.status:
            case HistoryStatus.RINGING if _rings(row, now):
                return self._rings(row)
            case HistoryStatus.ANSWERED:
                return self._answered(row, told)
            case HistoryStatus.ANSWERED_ELSEWHERE:
                self._is_over(row)
                return [self._answer(row, _ELSEWHERE, _ELSEWHERE), self._end(row, 0.0)]
            case HistoryStatus.DECLINED | HistoryStatus.DECLINED_ELSEWHERE:
                return [self._missed(row, MissedReason.DECLINED, now)]
            case HistoryStatus.MISSED:
                return [self._missed(row, MissedReason.NOT_ANSWERED, now)]
            case _:
                return [self._missed(row, MissedReason.GAVE_UP, now)]

    def _rings(self, row: HistoryRow) -> list[Event]:
        if row.call_id in self._ringing:
            return []
        self._told[row.call_id] = _Told.RINGING
        self._ringing[row.call_id] = row
        return [CallerJoined(caller=self._caller(row), at=row.started_at)]

    def _answered(self, row: HistoryRow, told: _Told | None) -> list[Event]:
        events: list[Event] = []
        if told is not _Told.ANSWERED:
            self._told[row.call_id] = _Told.ANSWERED
            self._ringing.pop(row.call_id, None)
            events.append(self._answer(row, "you", self._interface))
        if row.is_final:
            self._is_over(row)
            events.append(self._end(row, row.duration.total_seconds()))
        return events

    def _missed(self, row: HistoryRow, reason: MissedReason, now: datetime) -> CallMissed:
        """Later versions say no duration: who was seen ringing has waited until now."""
        was_seen = row.call_id in self._ringing
        self._is_over(row)
        ended_at = now if was_seen and not row.duration else row.ended_at
        return CallMissed(
            phone=self._phone,
            call_id=row.call_id,
            number=row.number,
            name=row.name,
            queue="",
            waited_seconds=seconds_between(row.started_at, ended_at),
            reason=reason,
            at=ended_at,
        )

    def _outgoing(self, row: HistoryRow, told: _Told | None) -> list[Event]:
        """Whoever the founder reaches by Linphone has been reached."""
        if row.connected_at is None or row.status is not HistoryStatus.ANSWERED:
            return []
        events: list[Event] = []
        if told is not _Told.ANSWERED:
            self._told[row.call_id] = _Told.ANSWERED
            events.append(self._called(row, row.connected_at))
        if row.is_final:
            self._is_over(row)
            events.append(self._end(row, row.duration.total_seconds()))
        return events

    def _called(self, row: HistoryRow, answered_at: datetime) -> CalleeAnswered:
        return CalleeAnswered(
            phone=self._phone,
            call_id=row.call_id,
            number=row.number,
            by="you",
            by_interface=self._interface,
            at=answered_at,
        )

    def _answer(self, row: HistoryRow, by: str, interface: str) -> CallAnswered:
        answered_at = row.connected_at or row.started_at
        return CallAnswered(
            phone=self._phone,
            call_id=row.call_id,
            by=by,
            by_interface=interface,
            hold_seconds=seconds_between(row.started_at, answered_at),
            at=answered_at,
            number=row.number,
            name=row.name,
        )

    def _end(self, row: HistoryRow, talk_seconds: float) -> CallEnded:
        return CallEnded(
            phone=self._phone, call_id=row.call_id, talk_seconds=talk_seconds, at=row.ended_at
        )

    def _is_over(self, row: HistoryRow) -> None:
        self._told[row.call_id] = _Told.OVER
        self._ringing.pop(row.call_id, None)

    def _caller(self, row: HistoryRow) -> Caller:
        return Caller(
            phone=self._phone,
            call_id=row.call_id,
            number=row.number,
            name=row.name,
            queue="",
            joined_at=row.started_at,
        )


def _rings(row: HistoryRow, now: datetime) -> bool:
    is_ringing = row.status is HistoryStatus.RINGING and not row.is_outgoing
    return is_ringing and now - row.started_at < RINGING_IS_BELIEVED_FOR


def _told_of(call: Call) -> _Told:
    match call.outcome:
        case Outcome.WAITING | Outcome.UNKNOWN:
            return _Told.RINGING
        case _:
            return _Told.ANSWERED if call.is_going_on else _Told.OVER
