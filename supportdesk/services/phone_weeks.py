"""The weeks that somebody of the team spends on the phones, and what came of each (F91).

What counts is what the phone system told: a talk is that person's if it was answered, or made, by
that name. Words were heard in it if they were kept of that very call; on days with a buddy also of
the buddy's calls, for both sat there.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

from supportdesk.domain.calls import Call
from supportdesk.domain.hours import ToLocal
from supportdesk.domain.people import CallNote
from supportdesk.domain.phone_week import (
    PhoneDay,
    PhoneWeek,
    Ramp,
    monday_of,
    phone_week_key,
)
from supportdesk.domain.voices import Lesson, Quote
from supportdesk.services.phone_week_store import PhoneWeekStore

_DAYS = timedelta(days=7)
_MARGIN = timedelta(days=1)
"""No place on earth is further from UTC."""
_TOGETHER = (Ramp.LISTEN, Ramp.BUDDY)


class PastCalls(Protocol):
    """What is asked of the calls."""

    def calls(self) -> tuple[Call, ...]:
        """Newest first."""
        ...

    def read_older(self) -> bool: ...


class WordsOfCalls(Protocol):
    """What is asked of the kept words."""

    def of_item(self, item: str) -> tuple[Quote, ...]: ...


class LessonsOfCalls(Protocol):
    """What is asked of the lessons."""

    def of(self, items: Iterable[str]) -> tuple[Lesson, ...]: ...


class NotesOfCalls(Protocol):
    """What is asked of the notes."""

    def of_call(self, call: str) -> tuple[CallNote, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneWeekSources:
    """Where it comes from what was gathered in a week; `named` knows who is behind a call."""

    calls: PastCalls
    voices: WordsOfCalls
    lessons: LessonsOfCalls
    notes: NotesOfCalls
    named: Callable[[Call], Call] = lambda call: call


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What came of a week so far."""

    week: PhoneWeek
    days: tuple[PhoneDay, ...]
    quotes: tuple[Quote, ...] = ()
    notes: tuple[CallNote, ...] = ()
    lessons: tuple[Lesson, ...] = ()

    @property
    def talks(self) -> tuple[Call, ...]:
        return tuple(call for day in self.days for call in day.talks)

    @property
    def talk_seconds(self) -> float:
        return sum(day.talk_seconds for day in self.days)


class PhoneWeeks:
    """All of them; read at the first question. What writes raises StoreError."""

    def __init__(self, store: PhoneWeekStore, sources: PhoneWeekSources, to_local: ToLocal) -> None:
        self._store = store
        self._sources = sources
        self._to_local = to_local
        self._known: dict[str, PhoneWeek] | None = None

    def week(self, key: str) -> PhoneWeek | None:
        return self._weeks.get(key)

    def of(self, day: date) -> tuple[PhoneWeek, ...]:
        """Those of the calendar week with this day, by name."""
        monday = monday_of(day)
        there = [week for week in self._weeks.values() if week.monday == monday]
        return tuple(sorted(there, key=lambda week: (week.who.casefold(), week.key)))

    def plan(self, who: str, buddy: str, day: date, ramp: tuple[Ramp, ...]) -> PhoneWeek:
        """Keep it for the calendar week with this day; planned again it is another."""
        monday = monday_of(day)
        planned = PhoneWeek(
            key=phone_week_key(who, monday), who=who, buddy=buddy, monday=monday, ramp=ramp
        )
        self.put(planned)
        return planned

    def put(self, week: PhoneWeek) -> None:
        """Keep it as it is: one that was removed and is taken back."""
        known = self._weeks
        self._store.save_phone_week(week)
        known[week.key] = week

    def remove(self, key: str) -> PhoneWeek | None:
        """Take it off; what was gathered stays where it is. None when it is not there."""
        week = self._weeks.get(key)
        if week is not None:
            self._store.remove_phone_week(key)
            del self._weeks[key]
        return week

    def gathered(self, week: PhoneWeek) -> Gathered:
        """What came of it so far."""
        calls = self._calls_of(week)
        days = []
        for day, ramp in week.days:
            of_day = [call for call in calls if self._day_of(call) == day]
            beside = [one for one in of_day if ramp in _TOGETHER and _is_by(one, week.buddy)]
            talks = [one for one in of_day if _is_by(one, week.who)]
            days.append(PhoneDay(day=day, ramp=ramp, talks=(*talks,), beside=(*beside,)))
        heard = [call.key for day in days for call in (*day.talks, *day.beside)]
        sources = self._sources
        quotes = (quote for item in heard for quote in sources.voices.of_item(item))
        notes = (note for item in heard for note in sources.notes.of_call(item))
        return Gathered(
            week=week,
            days=tuple(days),
            quotes=tuple(sorted(quotes, key=lambda one: (one.kept_at, one.key))),
            notes=tuple(sorted(notes, key=lambda one: (one.at, one.key))),
            lessons=tuple(reversed(sources.lessons.of(heard))),
        )

    # --- inside -------------------------------------------------------------------------

    @property
    def _weeks(self) -> dict[str, PhoneWeek]:
        if self._known is None:
            self._known = {week.key: week for week in self._store.phone_weeks()}
        return self._known

    def _calls_of(self, week: PhoneWeek) -> list[Call]:
        """The talks of these days and a little around them, the first one first."""
        since = datetime.combine(week.monday, time(), UTC) - _MARGIN
        until = since + _DAYS + 2 * _MARGIN
        past = self._sources.calls
        while not _reaches(past.calls(), since) and past.read_older():
            pass
        found = [one for one in past.calls() if one.is_talk and since <= one.started_at < until]
        return [self._sources.named(one) for one in reversed(found)]

    def _day_of(self, call: Call) -> date:
        return self._to_local(call.answered_at or call.started_at).date()


def _reaches(calls: tuple[Call, ...], since: datetime) -> bool:
    return bool(calls) and calls[-1].started_at < since


def _is_by(call: Call, name: str) -> bool:
    return bool(name) and call.by.casefold() == name.casefold()
