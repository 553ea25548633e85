"""Corrections of the reading log by the founder's hand, and the way back from each.

Nothing is ever changed or removed: an act writes rows that name what they follow, and an undo
writes rows that repeat what held before. Which row holds is told by the rows alone
(`span_chains`), so acts can be taken back one by one also after a restart. A move is one act of
two rows: the old place keeps what is taken off it, the new one is an addition.
"""

import math
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Protocol

from supportdesk.domain.errors import SupportDeskError
from supportdesk.domain.reading import (
    EARLIEST,
    DroppedTime,
    DropRule,
    Edit,
    Span,
    SpanKind,
    after_ids,
    impossible_start,
    made_at,
    span_id_at,
    with_dropped,
)
from supportdesk.domain.span_chains import SpanChain
from supportdesk.domain.text import clean_line
from supportdesk.domain.week import LONGEST_SPAN, day_parts
from supportdesk.services.act_words import act_words, clock_there, day_and_time, length_words
from supportdesk.services.reading_log import ReadingLog

_NOBODY = "Entered by hand"
_ACTS_AT_ONCE = 20
_LEAST_OVERLAP_SECONDS = 1.0
_INSTANT = timedelta(microseconds=1)


class ActStore(Protocol):
    """The part of the desk store that corrections need."""

    def append_act(self, spans: Sequence[Span]) -> None: ...

    def spans_between(self, start: datetime, end: datetime) -> list[Span]: ...

    def spans_of_act(self, act: str) -> list[Span]: ...

    def newest_acts(self, before: str, limit: int) -> list[Span]: ...


class CorrectionRefused(SupportDeskError):
    """A correction by hand that cannot be true."""

    is_for_founder = True


@dataclass(frozen=True, slots=True, kw_only=True)
class LogAct:
    """One thing that the founder did to the log.

    Attributes:
        key: The `act` of its rows; that of an undo is the key of what it took back.
        words: For a notice: "Cut to 12:00: phone rang".
        spans: The rows that it wrote.
    """

    key: str
    edit: Edit
    words: str
    spans: tuple[Span, ...]


def _new_entropy() -> int:
    return secrets.randbits(74)


class LogCorrections:
    """Adds, cuts, lengthens, moves, deletes, and takes back. Each act raises CorrectionRefused."""

    def __init__(
        self,
        log: ReadingLog,
        store: ActStore,
        to_local: Callable[[datetime], datetime],
        entropy: Callable[[], int] = _new_entropy,
    ) -> None:
        self._log = log
        self._store = store
        self._to_local = to_local
        self._entropy = entropy

    # --- acts ------------------------------------------------------------------------------

    def add(
        self,
        kind: SpanKind,
        item: str,
        label: str,
        started_at: datetime,
        counted_seconds: float,
        reason: str,
        now: datetime,
    ) -> LogAct:
        """Enter time that no clock saw. What lies over other spans counts once."""
        reason = _checked_reason(reason)
        self._check_length(started_at, counted_seconds, now)
        if counted_seconds <= 0:
            raise CorrectionRefused(
                "There is no time to add", "Enter how long you were with the customer."
            )
        at = self._moment(now)
        added = Span(
            span_id=self._new_id(at),
            kind=kind,
            item=item,
            label=clean_line(label) or _NOBODY,
            started_at=started_at,
            utc_offset=self._offset(started_at),
            counted_seconds=counted_seconds,
            reason=reason,
            edit=Edit.ADDED,
            act=self._new_id(at),
        )
        return self._done([added], added, now)

    def set_length(self, span: Span, counted_seconds: float, reason: str, now: datetime) -> LogAct:
        """Make it shorter or longer. What is cut off stays visible as taken off by hand."""
        reason = _checked_reason(reason)
        chain, holding = self._holding(span)
        if counted_seconds > holding.counted_seconds:
            self._check_length(holding.started_at, counted_seconds, now, holding.utc_offset)
        _check_seconds(counted_seconds)
        if length_words(counted_seconds) == length_words(holding.counted_seconds):
            raise CorrectionRefused(
                f"It says {length_words(counted_seconds)} already",
                "Enter another length, or leave it as it is.",
            )
        at = self._moment(now, chain)
        is_cut = counted_seconds < holding.counted_seconds
        corrected = replace(
            holding,
            span_id=self._new_id(at),
            counted_seconds=counted_seconds,
            dropped=_dropped(holding, counted_seconds),
            corrects=chain.end(holding).span_id,
            reason=reason,
            # No clock saw what a hand has added to it.
            clock=_clock(chain, counted_seconds),
            edit=Edit.CUT if is_cut else Edit.LENGTHENED,
            act=self._new_id(at),
        )
        return self._done([corrected], corrected, now, chain)

    def move(self, span: Span, started_at: datetime, reason: str, now: datetime) -> LogAct:
        """Put it elsewhere: the old place is cut to nothing, the new one is an addition.

        It stays on the clock of where it was: a founder who has flown since means that one.
        """
        reason = _checked_reason(reason)
        chain, holding = self._counting(span)
        offset = holding.utc_offset
        self._check_length(started_at, holding.counted_seconds, now, offset)
        if started_at == holding.started_at:
            raise CorrectionRefused(
                f"It begins on {self._when(started_at, offset)} already",
                "Enter another start, or leave it where it is.",
            )
        at = self._moment(now, chain)
        left = replace(
            self._emptied(chain, holding, at, reason),
            edit=Edit.MOVED,
        )
        moved = replace(
            holding,
            span_id=self._new_id(at),
            started_at=started_at,
            dropped=(),
            corrects="",
            reason=reason,
            clock="",
            edit=Edit.MOVED,
            act=left.act,
        )
        return self._done([left, moved], moved, now, chain)

    def delete(self, span: Span, reason: str, now: datetime) -> LogAct:
        """It counts nothing any more; what it counted is shown as taken off by hand."""
        reason = _checked_reason(reason)
        chain, holding = self._counting(span)
        deleted = self._emptied(chain, holding, self._moment(now, chain), reason)
        return self._done([deleted], deleted, now, chain)

    def undo(self, now: datetime) -> LogAct | None:
        """Take back the newest act that still holds; None when there is none."""
        rows = self._newest()
        if not rows:
            return None
        undone: list[Span] = []
        for row in rows:
            chain = self._chain(row)
            before = chain.without(row.act) or replace(row, counted_seconds=0.0, dropped=())
            undone.append(
                replace(
                    before,
                    span_id=self._new_id(self._moment(now, chain)),
                    corrects=chain.end(row).span_id,
                    edit=Edit.UNDONE,
                    act=row.act,
                )
            )
        words = act_words(rows, self._day(now))
        self._store.append_act(undone)
        self._log.corrected(undone)
        return LogAct(
            key=rows[0].act,
            edit=Edit.UNDONE,
            words=f"Taken back: {words[0].lower()}{words[1:]}",
            spans=tuple(undone),
        )

    # --- what was done ---------------------------------------------------------------------

    def undoable(self, now: datetime) -> LogAct | None:
        """What `undo` would take back; its words name the day where that is not today."""
        rows = self._newest()
        if not rows:
            return None
        words = act_words(rows, self._day(now))
        done_at = made_at(rows[0].act)
        if done_at is not None and self._day(done_at) != self._day(now):
            words += f" ({self._when(done_at)})"
        edit = rows[0].edit or Edit.CUT
        return LogAct(key=rows[0].act, edit=edit, words=words, spans=tuple(rows))

    def history_of(self, span: Span) -> tuple[Span, ...]:
        """The rows that lead to what holds of it, the original first, also where it was moved."""
        history = self._chain(span).history(span)
        passed = set()
        while (left := self._left_by(history[0])) is not None and left.act not in passed:
            passed.add(left.act)
            before = self._chain(left).history(left)
            history = (*before[: before.index(left)], *history)
        return history

    # --- inside ----------------------------------------------------------------------------

    def _newest(self) -> list[Span]:
        """The rows of the newest act that no undo took back."""
        before = ""
        while rows := self._store.newest_acts(before, _ACTS_AT_ONCE):
            acts: dict[str, list[Span]] = {}
            for row in rows:
                acts.setdefault(row.act, []).append(row)
            for key in sorted(acts, reverse=True):
                if all(row.edit is not Edit.UNDONE for row in acts[key]):
                    return sorted(acts[key], key=lambda row: not row.corrects)
            before = min(acts)
        return []

    def _done(
        self, rows: Sequence[Span], shown: Span, now: datetime, chain: SpanChain | None = None
    ) -> LogAct:
        """Write it. All that can fail comes first, so that what failed has written nothing."""
        words = act_words(rows, self._day(now))
        overlap = self._overlap(shown, rows)
        if overlap >= _LEAST_OVERLAP_SECONDS:
            words += f"; {length_words(overlap)} of it overlap what is there and count once"
        edit = shown.edit or Edit.ADDED
        self._store.append_act(rows)
        self._log.corrected(rows, chain.original if chain else None)
        return LogAct(key=shown.act, edit=edit, words=words, spans=tuple(rows))

    def _overlap(self, span: Span, rows: Iterable[Span]) -> float:
        """How much of it other spans will count as well once these rows are written."""
        if span.started_at < EARLIEST:
            return 0.0  # The calendar of an earlier version had no beginning.
        since = span.started_at - LONGEST_SPAN
        beside = [*self._store.spans_between(since, span.counted_until), *rows]
        nothing = replace(span, counted_seconds=0.0, dropped=())
        others = [nothing if row.span_id == span.span_id else row for row in beside]
        return span.counted_seconds - (_counted(beside) - _counted(others))

    def _left_by(self, moved: Span) -> Span | None:
        """The row of the old place, where a span was moved to a new one."""
        if moved.edit is not Edit.MOVED or moved.corrects:
            return None
        rows = self._store.spans_of_act(moved.act)
        return next((row for row in rows if row.edit is Edit.MOVED and row.corrects), None)

    def _chain(self, span: Span) -> SpanChain:
        beside = self._store.spans_between(span.started_at, span.started_at + _INSTANT)
        return SpanChain.of(span, beside)

    def _holding(self, span: Span) -> tuple[SpanChain, Span]:
        chain = self._chain(span)
        holding = chain.holding
        if holding is None:
            raise CorrectionRefused(
                "That time is not in the log any more",
                "It was taken back or deleted meanwhile; look at the day again.",
            )
        return chain, holding

    def _counting(self, span: Span) -> tuple[SpanChain, Span]:
        chain, holding = self._holding(span)
        if not holding.counted_seconds:
            raise CorrectionRefused(
                "Nothing of it counts already", "There are no minutes in it to move or to delete."
            )
        return chain, holding

    def _emptied(self, chain: SpanChain, holding: Span, at: datetime, reason: str) -> Span:
        return replace(
            holding,
            span_id=self._new_id(at),
            counted_seconds=0.0,
            dropped=_dropped(holding, 0.0),
            corrects=chain.end(holding).span_id,
            reason=reason,
            edit=Edit.DELETED,
            act=self._new_id(at),
        )

    def _check_length(
        self,
        started_at: datetime,
        counted_seconds: float,
        now: datetime,
        offset: timedelta | None = None,
    ) -> None:
        """Refuse what cannot be, in times by the clock of this offset, or by the one here."""
        _check_seconds(counted_seconds)
        if started_at > now:
            raise CorrectionRefused(
                "That begins in the future",
                f"It is {self._when(now, offset)} now: enter a start before that.",
            )
        if why := impossible_start(started_at, now):
            raise CorrectionRefused(
                f"That cannot be: {why}", f"Enter a day of {EARLIEST.year} or later."
            )
        there_are = (now - started_at).total_seconds()
        if counted_seconds > there_are:
            since = self._when(started_at, offset)
            raise CorrectionRefused(
                f"{length_words(counted_seconds)} is longer than it can have been",
                f"From {since} until now there are {length_words(there_are)}: enter that or less.",
            )

    def _moment(self, now: datetime, chain: SpanChain | None = None) -> datetime:
        """Later than all that it follows, also when the clock was set back meanwhile."""
        newest = [row.act for row in self._store.newest_acts("", 1)]
        return after_ids(now, [*newest, *(chain.rows if chain else ())])

    def _new_id(self, at: datetime) -> str:
        return span_id_at(at, self._entropy())

    def _offset(self, at: datetime) -> timedelta:
        return self._to_local(at).utcoffset() or timedelta()

    def _day(self, at: datetime) -> date:
        return self._to_local(at).date()

    def _when(self, at: datetime, offset: timedelta | None = None) -> str:
        """By the clock of this offset, which is named where it is another than the one here."""
        here = self._offset(at)
        there = here if offset is None else offset
        return day_and_time(at + there) + clock_there(there, here)


def _checked_reason(reason: str) -> str:
    cleaned = clean_line(reason)
    if not cleaned:
        raise CorrectionRefused(
            "A correction needs a reason", "Write a few words, so that the log explains itself."
        )
    return cleaned


def _check_seconds(counted_seconds: float) -> None:
    if not 0 <= counted_seconds <= LONGEST_SPAN.total_seconds():
        raise CorrectionRefused(
            "That is not a length of time with a customer",
            "Enter something between nothing and 24 hours.",
        )


def _dropped(span: Span, counted_seconds: float) -> tuple[DroppedTime, ...]:
    """What is cut off is dropped by hand; what is given back is dropped no more.

    So a span reaches as far as before, unless it is made longer than all of it.
    """
    dropped = with_dropped((), DropRule.BY_HAND, span.counted_seconds - counted_seconds)
    given_back = max(0.0, counted_seconds - span.counted_seconds)
    for earlier in span.dropped:
        dropped = with_dropped(dropped, earlier.rule, earlier.seconds - given_back)
        given_back = max(0.0, given_back - earlier.seconds)
    return dropped


def _clock(chain: SpanChain, counted_seconds: float) -> str:
    seen = chain.original
    return seen.clock if seen and counted_seconds <= seen.counted_seconds else ""


def _counted(spans: Iterable[Span]) -> float:
    return math.fsum(part.counted_seconds for _, part in day_parts(spans))
