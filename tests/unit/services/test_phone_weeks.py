from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from supportdesk.domain.calls import Call, CallId, Outcome
from supportdesk.domain.errors import StoreError
from supportdesk.domain.people import CallNote
from supportdesk.domain.phone_week import USUAL_RAMP, PhoneWeek, Ramp
from supportdesk.domain.voices import Lesson, Quote
from supportdesk.services.phone_weeks import PhoneWeeks, PhoneWeekSources
from tests.fakes.happenings import OFFICE, as_utc
from tests.fakes.phone_week_store import MemoryPhoneWeekStore

MONDAY = date(2026, 11, 16)
TUESDAY, WEDNESDAY, THURSDAY = (MONDAY + timedelta(days=number) for number in (1, 2, 3))


def at(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def talk(number: int, by: str, started_at: datetime, minutes: float = 6) -> Call:
    return Call(
        phone=OFFICE,
        call_id=CallId(str(number)),
        number="+420111",
        name="Ingrid",
        queue="support",
        started_at=started_at,
        outcome=Outcome.ANSWERED,
        by=by,
        wait_seconds=4,
        talk_seconds=minutes * 60,
        closed_at=started_at + timedelta(minutes=minutes),
    )


class Records:
    """What was kept in that week; older calls come page by page."""

    def __init__(self, *calls: Call, older: tuple[Call, ...] = ()) -> None:
        self._newest_first = sorted(calls, key=lambda one: one.started_at, reverse=True)
        self._older = list(older)
        self.quotes: list[Quote] = []
        self.learned: list[Lesson] = []
        self.noted: list[CallNote] = []

    def calls(self) -> tuple[Call, ...]:
        return tuple(self._newest_first)

    def read_older(self) -> bool:
        if self._older:
            self._newest_first.append(self._older.pop(0))
        return bool(self._older)

    def of_item(self, item: str) -> tuple[Quote, ...]:
        return tuple(one for one in self.quotes if one.item == item)

    def of(self, items: Iterable[str]) -> tuple[Lesson, ...]:
        wanted = set(items)
        return tuple(one for one in reversed(self.learned) if one.item in wanted)

    def of_call(self, call: str) -> tuple[CallNote, ...]:
        return tuple(one for one in self.noted if one.call == call)


def weeks_of(records: Records, store: MemoryPhoneWeekStore | None = None) -> PhoneWeeks:
    sources = PhoneWeekSources(calls=records, voices=records, lessons=records, notes=records)
    return PhoneWeeks(store or MemoryPhoneWeekStore(), sources, as_utc)


def maya(weeks: PhoneWeeks, buddy: str = "Anna") -> PhoneWeek:
    return weeks.plan("Maya", buddy, WEDNESDAY, USUAL_RAMP)


def quote(key: str, item: str, kept_at: datetime) -> Quote:
    return Quote(
        key=key,
        words="Twice again.",
        item=item,
        who="Ingrid",
        contact="+420111",
        said_at=kept_at,
        kept_at=kept_at,
    )


def test_what_is_planned_is_kept_for_its_calendar_week() -> None:
    store = MemoryPhoneWeekStore()
    weeks = weeks_of(Records(), store)
    planned = maya(weeks)
    other = weeks.plan("Ben", "", MONDAY, USUAL_RAMP)
    assert planned.monday == MONDAY
    assert weeks.of(date(2026, 11, 22)) == (other, planned)
    assert weeks.of(date(2026, 11, 23)) == ()
    assert weeks_of(Records(), store).week(planned.key) == planned


def test_planned_again_it_is_another_and_removed_it_is_gone() -> None:
    weeks = weeks_of(Records())
    maya(weeks)
    again = maya(weeks, buddy="Ben")
    assert weeks.of(MONDAY) == (again,)
    assert weeks.remove(again.key) == again
    assert weeks.remove(again.key) is None
    assert weeks.of(MONDAY) == ()
    weeks.put(again)
    assert weeks.of(MONDAY) == (again,)


def test_what_cannot_be_kept_is_not_there() -> None:
    store = MemoryPhoneWeekStore()
    weeks = weeks_of(Records(), store)
    store.is_full = True
    with pytest.raises(StoreError):
        maya(weeks)
    assert weeks.of(MONDAY) == ()


def test_talks_are_of_whoever_answered_and_of_the_day_when_they_were() -> None:
    own = talk(1, "maya", at(THURSDAY), minutes=6)
    later = talk(2, "Maya", at(THURSDAY, 15), minutes=5)
    others = (
        talk(3, "Anna", at(THURSDAY)),
        talk(4, "Maya", at(MONDAY - timedelta(days=3))),
        talk(5, "Maya", at(MONDAY + timedelta(days=7))),
        replace(talk(6, "", at(THURSDAY)), outcome=Outcome.MISSED),
    )
    weeks = weeks_of(Records(own, later, *others))
    gathered = weeks.gathered(maya(weeks))
    thursday = gathered.days[3]
    assert (thursday.ramp, thursday.talks, thursday.beside) == (Ramp.ALONE, (own, later), ())
    assert gathered.talks == (own, later)
    assert (thursday.talk_seconds, gathered.talk_seconds) == (660, 660)


def test_on_days_together_the_buddys_talks_stand_beside() -> None:
    heard = [talk(number, "Anna", at(day)) for number, day in enumerate((MONDAY, WEDNESDAY))]
    weeks = weeks_of(Records(*heard))
    gathered = weeks.gathered(maya(weeks))
    assert [day.beside for day in gathered.days[:3]] == [(heard[0],), (), (heard[1],)]
    assert gathered.talks == ()
    assert weeks.gathered(maya(weeks, buddy="")).days[0].beside == ()


def test_words_notes_and_lessons_are_those_of_the_calls_that_were_heard() -> None:
    own, beside, alone = (
        talk(1, "Maya", at(THURSDAY)),
        talk(2, "Anna", at(TUESDAY)),
        talk(3, "Anna", at(THURSDAY)),
    )
    records = Records(own, beside, alone)
    for number, call in enumerate((own, beside, alone)):
        moment = call.started_at
        records.quotes.append(quote(f"q{number}", call.key, moment))
        who = {"who": "Ingrid", "contact": "+420111"}
        records.learned.append(
            Lesson(key=f"l{number}", item=call.key, words="Learned.", at=moment, **who)
        )
        records.noted.append(
            CallNote(
                key=f"n{number}",
                call=call.key,
                number="+420111",
                label="Ingrid",
                words="Noted.",
                at=moment,
            )
        )
    weeks = weeks_of(records)
    gathered = weeks.gathered(maya(weeks))
    assert [one.key for one in gathered.quotes] == ["q1", "q0"]
    assert [one.key for one in gathered.notes] == ["n1", "n0"]
    assert {one.key for one in gathered.lessons} == {"l0", "l1"}


def test_older_calls_are_read_until_the_week_is_whole() -> None:
    inside, before = talk(1, "Maya", at(TUESDAY)), talk(2, "Maya", at(MONDAY - timedelta(days=30)))
    never = talk(3, "Maya", at(MONDAY - timedelta(days=60)))
    records = Records(older=(inside, before, never))
    weeks = weeks_of(records)
    assert weeks.gathered(maya(weeks)).talks == (inside,)
    assert never not in records.calls()
