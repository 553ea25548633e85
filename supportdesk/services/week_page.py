"""The week in their words (F89): what customers said in a week, as one page to read aloud.

What may be on it: kept words, notes of calls, what was learned, promises. What is on it the
founder picks and orders; until they do, a few of each are suggested, from as many people as can
be, no longer than three minutes. Nothing is counted on it that does not stand there in words.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from supportdesk.domain.hours import ToLocal
from supportdesk.domain.people import CallNote
from supportdesk.domain.promises import Promise, PromiseState
from supportdesk.domain.voices import Felt, Lesson, Quote
from supportdesk.domain.week import WeekId
from supportdesk.domain.words_page import Section, WordsPage, aloud_seconds
from supportdesk.services.naming import Cards, Naming
from supportdesk.services.week_lines import LineKind, LineWriter, PageLine
from supportdesk.services.week_page_store import PageChoice, WeekPageStore

TITLE = "The week in their words"
ALOUD_SECONDS = 180.0
_MASKED = "The names of these customers are left out, as far as they are known."
_CANDIDATES = 200
"""So many lines of a week are offered, the newest; a page holds a tenth of them."""


MOST = {LineKind.QUOTE: 10, LineKind.NOTE: 3, LineKind.LESSON: 10}
"""More of these are not on one page; promises are all there, or the page would be untrue."""
_SUGGESTED = {LineKind.QUOTE: 8, LineKind.NOTE: 3, LineKind.LESSON: 5}
_FELT_ORDER = {felt: number for number, felt in enumerate(Felt)}


class KeptVoices(Protocol):
    """What is asked of the kept words."""

    def search(self, *, since: datetime, until: datetime) -> tuple[Quote, ...]: ...


class KeptLessons(Protocol):
    """What is asked of the lessons."""

    def between(self, since: datetime, until: datetime) -> tuple[Lesson, ...]: ...


class NotedCalls(Protocol):
    """What is asked of the notes of calls."""

    def between(self, since: datetime, until: datetime) -> tuple[CallNote, ...]: ...


class MadePromises(Protocol):
    """What is asked of the promises."""

    def of_week(self, since: datetime, until: datetime) -> tuple[Promise, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSources:
    """Where the words come from."""

    voices: KeptVoices
    lessons: KeptLessons
    notes: NotedCalls
    promises: MadePromises
    cards: Cards


class WeekPages:
    """The pages of all weeks. What writes raises StoreError."""

    def __init__(self, sources: PageSources, store: WeekPageStore, to_local: ToLocal) -> None:
        self._sources = sources
        self._store = store
        self._to_local = to_local

    def lines(self, week: WeekId, now: datetime, *, is_masked: bool) -> tuple[PageLine, ...]:
        """All that may be on the page of this week, in its order."""
        found = list(self._candidates(week, now, is_masked=is_masked))
        chosen = {
            choice.key: (place, choice.is_on)
            for place, choice in enumerate(self._store.choices(week.from_date))
        }
        return _in_order(found, chosen)

    def choose(self, week: WeekId, now: datetime, key: str, *, is_on: bool) -> bool:
        """Put a line on the page or leave it out; False when there is no room for one more."""
        lines = self.lines(week, now, is_masked=True)
        kind = next((line.kind for line in lines if line.key == key), None)
        most = MOST.get(kind) if kind is not None else None
        on = sum(line.is_on and line.key != key for line in lines if line.kind is kind)
        if is_on and most is not None and on >= most:
            return False
        self._save(week, [replace(one, is_on=is_on) if one.key == key else one for one in lines])
        return True

    def move(self, week: WeekId, now: datetime, key: str, by: int) -> bool:
        """Up (-1) or down (1) among its kind; False at the end."""
        lines = list(self.lines(week, now, is_masked=True))
        place = next((number for number, line in enumerate(lines) if line.key == key), None)
        if place is None:
            return False
        other = place + by
        if not 0 <= other < len(lines) or lines[other].kind is not lines[place].kind:
            return False
        lines[place], lines[other] = lines[other], lines[place]
        self._save(week, lines)
        return True

    # --- inside -------------------------------------------------------------------------

    def _save(self, week: WeekId, lines: Sequence[PageLine]) -> None:
        choices = [PageChoice(key=line.key, is_on=line.is_on) for line in lines]
        self._store.save_choices(week.from_date, choices)

    def _candidates(self, week: WeekId, now: datetime, *, is_masked: bool) -> Iterator[PageLine]:
        sources, since, until = self._sources, week.earliest_start, week.latest_start
        naming = Naming(cards=sources.cards, is_masked=is_masked)
        writer = LineWriter(to_local=self._to_local, now=now, naming=naming)
        days = frozenset(week.days)

        def is_of_week(at: datetime) -> bool:
            return self._to_local(at).date() in days

        quotes = sources.voices.search(since=since, until=until)
        yield from _newest(writer.quote(one) for one in quotes if is_of_week(one.kept_at))
        notes = sources.notes.between(since, until)
        yield from _newest(writer.note(one) for one in notes if is_of_week(one.at))
        lessons = sources.lessons.between(since, until)
        yield from _newest(writer.lesson(one) for one in lessons if is_of_week(one.at))
        for promise in sources.promises.of_week(since, until):
            if promise.is_open:
                is_wanted = self._to_local(promise.made_at).date() <= week.to_date
            else:
                is_wanted = _was_kept(promise) and is_of_week(promise.settled_at or promise.due)
            if is_wanted:
                yield writer.promise(promise)


def words_page(week: WeekId, lines: Iterable[PageLine], *, is_masked: bool) -> WordsPage:
    """What is on it, as a page to be written."""
    on = [line for line in lines if line.is_on]
    sections = tuple(
        Section(
            title=kind.value,
            passages=tuple(line.passage for line in on if line.kind is kind),
            are_quotes=kind is LineKind.QUOTE,
        )
        for kind in LineKind
    )
    footer = _MASKED if is_masked else ""
    return WordsPage(title=TITLE, subtitle=week.label, sections=sections, footer=footer)


# --- the order and the suggestion ----------------------------------------------------------------


def _in_order(
    found: Sequence[PageLine], chosen: Mapping[str, tuple[int, bool]]
) -> tuple[PageLine, ...]:
    """What was chosen first, as it was; what came since stands behind it, on if there is room."""
    lines: list[PageLine] = []
    for kind in LineKind:
        of_kind = [line for line in found if line.kind is kind]
        old = sorted(
            (line for line in of_kind if line.key in chosen),
            key=lambda line: chosen[line.key][0],
        )
        lines += [replace(line, is_on=chosen[line.key][1]) for line in old]
        lines += sorted((line for line in of_kind if line.key not in chosen), key=_by_feeling)
    suggested = _suggested(lines, [line for line in lines if line.key not in chosen])
    return tuple(replace(line, is_on=True) if line.key in suggested else line for line in lines)


def _suggested(lines: Sequence[PageLine], fresh: Sequence[PageLine]) -> frozenset[str]:
    """Promises whole; of the rest first one of each person, the newest, while there is time."""
    left = ALOUD_SECONDS - sum(aloud_seconds(line.passage) for line in lines if line.is_on)
    number = Counter(line.kind for line in lines if line.is_on)
    suggested = set()
    for line in _one_of_each_first(fresh):
        most = _SUGGESTED.get(line.kind)
        seconds = aloud_seconds(line.passage)
        is_wanted = most is None or (number[line.kind] < most and seconds <= left)
        if is_wanted:
            suggested.add(line.key)
            number[line.kind] += 1
            left -= seconds
    return frozenset(suggested)


def _one_of_each_first(lines: Iterable[PageLine]) -> list[PageLine]:
    """Promises, notes and lessons are short and come first; then quotes in turns by person."""
    turns: Counter[tuple[LineKind, str]] = Counter()
    ranked = []
    for line in sorted(lines, key=lambda one: one.at, reverse=True):
        whose = (line.kind, line.contact or line.key)
        ranked.append((line.kind is LineKind.QUOTE, line.kind not in MOST, turns[whose], line))
        turns[whose] += 1
    ranked.sort(key=lambda one: (one[0], not one[1], one[2]))
    return [line for *_, line in ranked]


def _by_feeling(line: PageLine) -> tuple[int, datetime, str]:
    felt = line.passage.felt
    order = _FELT_ORDER[felt] if felt is not None else len(_FELT_ORDER)
    return (order, line.at, line.key)


def _newest(lines: Iterable[PageLine]) -> list[PageLine]:
    return sorted(lines, key=lambda line: (line.at, line.key), reverse=True)[:_CANDIDATES]


def _was_kept(promise: Promise) -> bool:
    return promise.state is PromiseState.KEPT
