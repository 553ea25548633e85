"""Which row of a span holds: its original, or a correction that the founder made by hand.

The theory. A correction names the row that it follows, so an original and its corrections form a
chain. Rows are only ever added, on several machines, and arrive in any order; so what holds is
told by the set of rows alone:

- The rows of one *act* share its key, and so do the rows of an undo of it. An act with an undo is
  void: all its rows are as if they had never been written.
- Of the rows that are left in a chain, one that another one follows is replaced by it. Of several
  that nothing follows (corrections by two machines), the one with the greatest id holds.
- An addition that is void leaves nothing.

An undo repeats what held before, too, so that whoever knows nothing of acts and takes the end of
a chain for the truth, such as a reader of an export, is right as well.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from supportdesk.domain.reading import Edit, Span, joined_by_id

_Rows = Mapping[str, Span]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanChain:
    """All rows of one span, by id."""

    rows: _Rows

    @classmethod
    def of(cls, span: Span, rows: Iterable[Span]) -> "SpanChain":
        """Out of all rows that began at the same instant; empty when the span is not there."""
        by_id = _by_id(rows)
        if span.span_id not in by_id:
            return cls(rows={})
        root = _root(span, by_id)
        return cls(rows={one: row for one, row in by_id.items() if _root(row, by_id) == root})

    @property
    def holding(self) -> Span | None:
        """The row that counts; None when what was added has been taken back."""
        return self._holding(_undone(self.rows.values()))

    @property
    def original(self) -> Span | None:
        """What a clock or a phone has seen; None when it is not at hand, or there is none."""
        return next((row for row in self.rows.values() if not row.corrects and not row.act), None)

    @property
    def beaten(self) -> list[Span]:
        """Rows that were never taken back and still do not lead to the one that holds."""
        holding = self.holding
        if holding is None:
            return []
        undone = _undone(self.rows.values())
        leading = self._path(holding)
        return [row for row in self.rows.values() if row not in leading and row.act not in undone]

    def without(self, act: str) -> Span | None:
        """The row that would count if the act had never been."""
        return self._holding(_undone(self.rows.values()) | {act})

    def end(self, row: Span) -> Span:
        """The newest row that follows this one: what a further row has to name."""
        followers = {}
        for one in sorted(self.rows.values(), key=lambda one: one.span_id):
            followers[one.corrects] = one
        passed = {row.span_id}
        while (after := followers.get(row.span_id)) is not None and after.span_id not in passed:
            row = after
            passed.add(row.span_id)
        return row

    def history(self, row: Span) -> tuple[Span, ...]:
        """Everything that leads to the newest row that follows this one, the first one first."""
        return tuple(reversed(self._path(self.end(row))))

    def _path(self, row: Span) -> list[Span]:
        """From a row back to the first one."""
        path = [row]
        while (before := self.rows.get(path[-1].corrects)) is not None and before not in path:
            path.append(before)
        return path

    def _holding(self, undone: Collection[str]) -> Span | None:
        return next(iter(_holding(self.rows, undone)), None)


def effective(spans: Iterable[Span]) -> list[Span]:
    """The rows that hold, one for each chain that leaves anything, in the order of their start.

    A correction whose original is not at hand stands for itself.
    """
    by_id = _by_id(spans)
    holding = _holding(by_id, _undone(by_id.values()))
    return sorted(holding, key=lambda span: (span.started_at, span.span_id))


def _by_id(spans: Iterable[Span]) -> dict[str, Span]:
    return {span.span_id: span for span in joined_by_id(spans)}


def _undone(spans: Iterable[Span]) -> set[str]:
    return {span.act for span in spans if span.edit is Edit.UNDONE and span.act}


def _holding(rows: _Rows, undone: Collection[str]) -> list[Span]:
    if not any(row.corrects for row in rows.values()):
        return [row for row in rows.values() if row.act not in undone]  # as nearly all weeks are
    replaced = {
        _followed(row, rows, undone)
        for row in rows.values()
        if row.corrects and row.act not in undone
    }
    holders: dict[str, Span] = {}
    weights: dict[str, tuple[bool, bool, str]] = {}
    for row in rows.values():
        root = _root(row, rows)
        weight = (row.act not in undone, row.span_id not in replaced, row.span_id)
        if root not in holders or weight > weights[root]:
            holders[root], weights[root] = row, weight
    return [row for root, row in holders.items() if not _is_void(rows.get(root), undone)]


def _is_void(root: Span | None, undone: Collection[str]) -> bool:
    return root is not None and not root.corrects and root.act in undone


def _followed(row: Span, rows: _Rows, undone: Collection[str]) -> str:
    """The nearest row before this one that was not taken back."""
    passed = set()
    while (before := rows.get(row.corrects)) is not None and before.act in undone:
        if before.span_id in passed:
            break  # a ring, from a damaged import
        passed.add(before.span_id)
        row = before
    return row.corrects


def _root(span: Span, by_id: _Rows) -> str:
    """What a chain of corrections leads back to, at hand or not."""
    if not span.corrects:
        return span.span_id
    path = [span.span_id]
    while span.corrects in by_id:
        if span.corrects in path:
            return min(path[path.index(span.corrects) :])  # a ring, from a damaged import
        span = by_id[span.corrects]
        path.append(span.span_id)
    return span.corrects or span.span_id
