"""Two logs become one: what it means that a span is told again, by another computer or a file.

A span is known by its id, and what it is never changes; only its end does. So of two states of one
span the further one holds, whichever comes first, and to tell a log twice changes nothing. Two
spans that share an id and are not the same cannot both be true: what came first stays.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from supportdesk.domain.errors import Problem
from supportdesk.domain.reading import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedSpan:
    """A span that cannot be joined to the log.

    Attributes:
        place: Which of those that were given, from 0.
        why: As a clause: "it began at another time than the one of this id that is here".
    """

    place: int
    span: Span
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedSpans:
    """What joining spans to the log came to; every span that was given is in one of the four.

    Attributes:
        new: Ids of those that were not there.
        grown: Ids of those that were there and went on for longer.
        known: How many were there already.
        refused: Those that contradict what is there.
    """

    new: tuple[str, ...] = ()
    grown: tuple[str, ...] = ()
    known: int = 0
    refused: tuple[RefusedSpan, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LogDone:
    """What became of the whole log: exported, joined with a file, or deleted.

    Attributes:
        words: What a notice says, also when it did not go.
        problem: Why it did not go.
        refused: A sentence for each row of a file that was left out; the first thousand.
    """

    words: str
    problem: Problem | None = None
    refused: tuple[str, ...] = ()


def contradiction(known: Span, told: Span) -> str:
    """Why the two cannot be states of one span, as a clause; empty when they can."""
    differing = (
        (known.kind is told.kind, "it is of another kind than"),
        (known.item == told.item, "it is about another message or call than"),
        (known.started_at == told.started_at, "it began at another time than"),
        (known.utc_offset == told.utc_offset, "it began in another time zone than"),
        (known.corrects == told.corrects, "it corrects another span than"),
        (known.reason == told.reason, "it gives another reason than"),
        ((known.edit, known.act) == (told.edit, told.act), "it comes of another correction than"),
        (known.clock == told.clock, "another clock has counted it than"),
    )
    words = next((words for is_same, words in differing if not is_same), "")
    return f"{words} the span of this id that is here" if words else ""


def is_further(told: Span, known: Span) -> bool:
    """Is `told` the later of two states of one span?"""
    return _extent(told) > _extent(known)


def _extent(span: Span) -> tuple[float, float, str, str]:
    """A span counts first and drops then, so this grows with it; the rest is to decide a tie."""
    dropped = json.dumps([[one.rule.name, one.seconds] for one in span.dropped])
    return span.counted_seconds, span.dropped_seconds, dropped, span.label


class SpanJoining:
    """Decides for a batch of spans what becomes of each; the store writes what comes of it.

    Args of the constructor:
        known: The state of each span of the batch that is in the log already.
        growing: Ids of those that a clock of this run is counting now.
        spoilt: Ids of rows that are in the log and cannot be read.
    """

    def __init__(
        self,
        known: dict[str, Span],
        growing: frozenset[str] = frozenset(),
        spoilt: frozenset[str] = frozenset(),
    ) -> None:
        self._known = known
        self._growing = growing
        self._spoilt = spoilt
        self.to_insert: dict[str, Span] = {}
        self.to_grow: dict[str, Span] = {}

    def join(self, spans: Sequence[Span]) -> JoinedSpans:
        """Sort them into the four; what is to be written is in `to_insert` and `to_grow`."""
        known = 0
        refused: list[RefusedSpan] = []
        for place, span in enumerate(spans):
            why = self._refusal(span)
            if why:
                refused.append(RefusedSpan(place=place, span=span, why=why))
            elif not self._enter(span):
                known += 1
        return JoinedSpans(
            new=tuple(self.to_insert),
            grown=tuple(self.to_grow),
            known=known,
            refused=tuple(refused),
        )

    def _refusal(self, span: Span) -> str:
        known = self._known.get(span.span_id)
        if span.span_id in self._spoilt:
            return "the row of this id that is here is damaged"
        if known is None:
            return ""
        if span.span_id in self._growing and is_further(span, known):
            return "it is being counted on this computer right now"
        return contradiction(known, span)

    def _enter(self, span: Span) -> bool:
        """False when the log says as much already."""
        name = span.span_id
        known = self._known.get(name)
        if known is not None and not is_further(span, known):
            return False
        is_second = name in self.to_insert or name in self.to_grow
        self._known[name] = span
        if known is None or name in self.to_insert:
            self.to_insert[name] = span
        else:
            self.to_grow[name] = span
        return not is_second
