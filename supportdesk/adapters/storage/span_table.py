"""The reading log in desk.db: spans that only grow, and are deleted all at once or never."""

import logging
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from supportdesk.adapters.storage.desk_rows import (
    SPAN_COLUMNS,
    Row,
    Value,
    span_of,
    span_row,
    stored_instant,
)
from supportdesk.domain.reading import FORGOTTEN, DroppedTime, Span

if TYPE_CHECKING:
    from supportdesk.services.log_union import JoinedSpans

_log = logging.getLogger(__name__)

Run = Callable[[str, Row | dict[str, Value]], list[Row]]

# SQLite before 3.32 takes no more than 999 values in one statement.
_IDS_AT_ONCE = 500
_ROWS_AT_ONCE = 500
_MARKS = ", ".join("?" * len(SPAN_COLUMNS.split(",")))
_INSERT = f"INTO span ({SPAN_COLUMNS}) VALUES ({_MARKS})"
_SELECT = f"SELECT {SPAN_COLUMNS} FROM span"  # noqa: S608 - names of ours
# Whoever it was about was forgotten meanwhile: the minutes go on, and no name comes back.
_GROW_FORGOTTEN = (
    "UPDATE span SET counted_seconds = :counted_seconds, dropped = :dropped"
    " WHERE span_id = :span_id AND item = '' AND label = :forgotten"
    " AND counted_seconds <= :counted_seconds RETURNING 1"
)
_NEVER_DELETED = "SELECT sql FROM sqlite_schema WHERE name = 'span_is_never_deleted'"


class SpanTable:
    """Belongs to one connection; whoever owns that says when a transaction begins and ends.

    Args of the constructor:
        run: Executes one statement; raises StoreError for what the disk is to blame for.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._growing: set[str] = set()
        self._growing_before: set[str] = set()
        self._unreadable: set[str] = set()
        self._deleted: dict[str, Span] = {}

    def begun(self) -> None:
        """A transaction begins."""
        self._growing_before = set(self._growing)

    def rolled_back(self) -> None:
        self._growing = self._growing_before

    def append(self, span: Span) -> None:
        """Insert, or let a span grow that began in this run and has not been corrected."""
        if span.span_id in self._deleted:
            span = _since(self._deleted[span.span_id], span)
        if span.span_id in self._growing:
            self._grow(span)
        elif self._run(f"INSERT OR IGNORE {_INSERT} RETURNING 1", span_row(span)):
            self._growing.add(span.span_id)
        self._growing.discard(span.corrects)

    def between(self, start: datetime, end: datetime) -> list[Span]:
        return self._those(
            f"{_SELECT} WHERE started_at >= ? AND started_at < ? ORDER BY started_at, rowid",
            (stored_instant(start), stored_instant(end)),
        )

    def newest_talks(self, before: datetime | None) -> list[Span]:
        """All rows of talk that began at one instant, the newest there is before another one."""
        talks = "FROM span WHERE kind = 'TALK'"
        newest = f"SELECT max(started_at) {talks}"
        values: Row = ()
        if before is not None:
            newest += " AND started_at < ?"
            values = (stored_instant(before),)
        return self._those(f"SELECT {SPAN_COLUMNS} {talks} AND started_at = ({newest})", values)

    def of_act(self, act: str) -> list[Span]:
        return self._those(f"{_SELECT} WHERE act = ? AND act <> ''", (act,))

    def newest_acts(self, before: str, limit: int) -> list[Span]:
        """All rows of the newest acts before another one; of all acts before an empty one."""
        acts = "SELECT DISTINCT act FROM span WHERE act <> ''"
        values: Row = (limit,)
        if before:
            acts += " AND act < ?"
            values = (before, limit)
        which = f"WHERE act <> '' AND act IN ({acts} ORDER BY act DESC LIMIT ?)"
        return self._those(f"{_SELECT} {which}", values)

    def everything(self) -> Iterator[Span]:
        """All that can be read, oldest first, a few at a time: other work may come in between."""
        for row in self._rows():
            span = self._readable(row)
            if span is not None:
                yield span

    def unreadable(self) -> list[str]:
        """What is wrong with each row that is left out, in words."""
        return [why for span, why in self.every_row() if span is None]

    def every_row(self) -> Iterator[tuple[Span | None, str]]:
        """As `everything`, with None and what is wrong in the place of a row that is left out."""
        for row in self._rows():
            try:
                yield span_of(row), ""
            except (ValueError, TypeError) as error:
                yield None, f"{error} (span {row[0]})"

    def join(self, spans: Sequence[Span]) -> "JoinedSpans":
        """Within a transaction: the union by span id."""
        # Two logs are joined once in a while; in between that would only take room.
        from supportdesk.services.log_settling import settling_rows
        from supportdesk.services.log_union import SpanJoining

        known, spoilt = self._known([span.span_id for span in spans])
        joining = SpanJoining(known, frozenset(self._growing), frozenset(spoilt))
        joined = joining.join([span_of(span_row(span)) for span in spans])
        for span in joining.to_insert.values():
            self._run(f"INSERT {_INSERT}", span_row(span))
        for span in joining.to_grow.values():
            self._grow(span)
        arrived = joining.to_insert.values()
        for span in settling_rows(arrived, begun_at=self._begun_at, of_act=self.of_act):
            self._run(f"INSERT OR IGNORE {_INSERT}", span_row(span))
        return joined

    def delete_all(self) -> int:
        """Within a transaction: every row, of which SQLite overwrites the place.

        A span that is being counted goes on from here: what comes of it now began now.
        """
        self._deleted |= self._known(list(self._growing))[0]
        self._growing.clear()
        ((count,),) = self._run("SELECT count(*) FROM span", ())
        ((trigger,),) = self._run(_NEVER_DELETED, ())
        self._run("DROP TRIGGER span_is_never_deleted", ())
        self._run("DELETE FROM span", ())
        self._run(str(trigger), ())
        return int(count or 0)

    # --- inside ----------------------------------------------------------------------------

    def _begun_at(self, at: datetime) -> list[Span]:
        return self._those(f"{_SELECT} WHERE started_at = ?", (stored_instant(at),))

    def _those(self, sql: str, values: Row) -> list[Span]:
        rows = self._run(sql, values)
        return [span for row in rows if (span := self._readable(row)) is not None]

    def _rows(self) -> Iterator[Row]:
        """In pages by key, so that no statement stays open between them."""
        order = "ORDER BY started_at, span_id LIMIT ?"
        rows = self._run(f"{_SELECT} {order}", (_ROWS_AT_ONCE,))
        while rows:
            yield from rows
            # The first term is for the index; the second tells spans of one instant apart.
            at, name = rows[-1][4], rows[-1][0]
            after = "WHERE started_at >= ? AND (started_at, span_id) > (?, ?)"
            rows = self._run(f"{_SELECT} {after} {order}", (at, at, name, _ROWS_AT_ONCE))

    def _known(self, names: list[str]) -> tuple[dict[str, Span], set[str]]:
        known: dict[str, Span] = {}
        spoilt: set[str] = set()
        for start in range(0, len(names), _IDS_AT_ONCE):
            some = tuple(names[start : start + _IDS_AT_ONCE])
            marks = ", ".join("?" * len(some))
            for row in self._run(f"{_SELECT} WHERE span_id IN ({marks})", some):
                span = self._readable(row)
                if span is None:
                    spoilt.add(str(row[0]))
                else:
                    known[span.span_id] = span
        return known, spoilt

    def _readable(self, row: Row) -> Span | None:
        """One row that another program has spoilt does not take its week along."""
        try:
            return span_of(row)
        except (ValueError, TypeError) as error:
            name = str(row[0])
            if name not in self._unreadable:
                self._unreadable.add(name)
                _log.warning("Span %s of the reading log is left out: %s", name, error)
            return None

    def _grow(self, span: Span) -> None:
        values = dict(zip(SPAN_COLUMNS.split(", "), span_row(span), strict=True))
        try:
            # All columns, so that the trigger sees what may not change.
            changes = ", ".join(f"{column} = :{column}" for column in values)
            self._run(f"UPDATE span SET {changes} WHERE span_id = :span_id", values)  # noqa: S608
        except sqlite3.IntegrityError as error:
            if not self._run(_GROW_FORGOTTEN, {**values, "forgotten": FORGOTTEN}):
                raise ValueError(f"span {span.span_id} may only grow") from error


def _since(deleted: Span, span: Span) -> Span:
    """What of a span came after the whole log was deleted in the middle of it."""
    counted = max(0.0, span.counted_seconds - deleted.counted_seconds)
    dropped: list[DroppedTime] = []
    gone = deleted.dropped_seconds
    for one in span.dropped:
        kept = max(0.0, one.seconds - gone)
        gone = max(0.0, gone - one.seconds)
        if kept:
            dropped.append(replace(one, seconds=kept))
    return replace(
        span,
        started_at=span.started_at + timedelta(seconds=deleted.counted_seconds),
        counted_seconds=counted,
        dropped=tuple(dropped),
    )
