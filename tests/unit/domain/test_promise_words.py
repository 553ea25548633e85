from datetime import UTC, datetime, time, timedelta, timezone

import pytest

from supportdesk.domain.promise_words import WorkingHours, due_of, promised_lines
from supportdesk.domain.settings import HoursRange

PRAGUE = timezone(timedelta(hours=1))
NOW = datetime(2026, 11, 18, 10, 30, tzinfo=PRAGUE)
"""A Wednesday."""


def to_local(at: datetime) -> datetime:
    return at.astimezone(PRAGUE)


ANY_DAY = WorkingHours(opening_hours=(), to_local=to_local)
OPEN = WorkingHours(
    opening_hours=(
        HoursRange(weekdays=(0, 1, 2, 3), opens=time(8), closes=time(12)),
        HoursRange(weekdays=(0, 1, 2, 3), opens=time(13), closes=time(17)),
        HoursRange(weekdays=(5,), opens=time(22), closes=time(2)),
    ),
    to_local=to_local,
)


def due(words: str, now: datetime = NOW, hours: WorkingHours = ANY_DAY) -> str:
    return f"{due_of(words, now.astimezone(UTC), hours).astimezone(PRAGUE):%a %d %b %Y %H:%M}"


@pytest.mark.parametrize(
    ("note", "promised"),
    [
        ("I'll send it today !", ["I'll send it today"]),
        ("I'll send it today   !!! ", ["I'll send it today"]),
        ("! call back tomorrow", ["call back tomorrow"]),
        ("Angry about the flour.\nNew flour by Friday !\nRing on Monday !", None),
        ("She was so happy!", []),
        ("Merci\u202f!", []),
        ("Merci\u00a0!", []),
        ("!", []),
        ("! ", []),
        (" !", []),
        ("!important", []),
        ("a != b", []),
        ("", []),
    ],
)
def test_a_promise_is_a_line_with_a_mark_that_stands_alone(
    note: str, promised: list[str] | None
) -> None:
    expected = ["New flour by Friday", "Ring on Monday"] if promised is None else promised
    assert promised_lines(note) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("send it today", "Wed 18 Nov 2026 18:00"),
        ("send it", "Wed 18 Nov 2026 18:00"),
        ("send it TODAY by 3 pm", "Wed 18 Nov 2026 15:00"),
        ("at 12 am tomorrow", "Thu 19 Nov 2026 00:00"),
        ("call at 9:15", "Thu 19 Nov 2026 09:15"),
        ("call at 16:15", "Wed 18 Nov 2026 16:15"),
        ("at 3:30 p.m. she wants it", "Wed 18 Nov 2026 15:30"),
        ("today at 9:15", "Wed 18 Nov 2026 09:15"),
        ("room 99:15 and 25:00", "Wed 18 Nov 2026 18:00"),
        ("tomorrow", "Thu 19 Nov 2026 18:00"),
        ("the day after tomorrow", "Fri 20 Nov 2026 18:00"),
        ("I told her today that it comes tomorrow", "Thu 19 Nov 2026 18:00"),
        ("on Monday", "Mon 23 Nov 2026 18:00"),
        ("Wednesday", "Wed 25 Nov 2026 18:00"),
        ("in 2 hours", "Wed 18 Nov 2026 12:30"),
        ("within 45 min", "Wed 18 Nov 2026 11:15"),
        ("in half an hour", "Wed 18 Nov 2026 11:00"),
        ("in an hour", "Wed 18 Nov 2026 11:30"),
        ("I call back in 2h", "Wed 18 Nov 2026 12:30"),
        ("in 30min", "Wed 18 Nov 2026 11:00"),
        ("within 24 hours", "Thu 19 Nov 2026 10:30"),
        ("in 36 hours", "Thu 19 Nov 2026 22:30"),
        ("in 1.5 hours", "Wed 18 Nov 2026 12:00"),
        ("in 1h30", "Wed 18 Nov 2026 12:00"),
        ("in 1 hour and 15 minutes", "Wed 18 Nov 2026 11:45"),
        ("in two hours", "Wed 18 Nov 2026 12:30"),
        ("within the next twelve hours", "Wed 18 Nov 2026 22:30"),
        ("in one day", "Thu 19 Nov 2026 18:00"),
        ("in 2-3 days", "Sat 21 Nov 2026 18:00"),
        ("in two days at 9 am", "Fri 20 Nov 2026 09:00"),
        ("the 2 h recording", "Wed 18 Nov 2026 18:00"),
        ("next week", "Mon 23 Nov 2026 18:00"),
        ("next week at 9 am", "Mon 23 Nov 2026 09:00"),
        ("Friday next week", "Fri 27 Nov 2026 18:00"),
        ("next week on Friday", "Fri 27 Nov 2026 18:00"),
        ("on the 5th of December", "Sat 05 Dec 2026 18:00"),
        ("v 3.12. is out", "Wed 18 Nov 2026 18:00"),
        ("I refund the order of 17 November", "Wed 18 Nov 2026 18:00"),
        ("Tomorrow I refund the order of 17 November", "Thu 19 Nov 2026 18:00"),
        ("resend the invoice of July 5", "Wed 18 Nov 2026 18:00"),
        ("by 18 November", "Wed 18 Nov 2026 18:00"),
        ("by 20 May", "Thu 20 May 2027 18:00"),
        ("by 21 May", "Wed 18 Nov 2026 18:00"),
        ("in 3 days", "Sat 21 Nov 2026 18:00"),
        ("in 2 weeks", "Wed 02 Dec 2026 18:00"),
        ("in 999 weeks", "Fri 19 Nov 2027 18:00"),
        ("in the hour of need", "Wed 18 Nov 2026 18:00"),
        ("by 3 December", "Thu 03 Dec 2026 18:00"),
        ("by Dec 3rd, 9 am", "Thu 03 Dec 2026 09:00"),
        ("on 2026-12-24", "Thu 24 Dec 2026 18:00"),
        ("on 2025-12-24", "Wed 18 Nov 2026 18:00"),
        ("on 2026-99-24", "Wed 18 Nov 2026 18:00"),
        ("by 3 January", "Sun 03 Jan 2027 18:00"),
        ("by 29 February", "Wed 18 Nov 2026 18:00"),
        ("heute", "Wed 18 Nov 2026 18:00"),
        ("wie heute Morgen gesagt", "Wed 18 Nov 2026 18:00"),
        ("morgen um 15 Uhr", "Thu 19 Nov 2026 15:00"),
        ("übermorgen 9.30 Uhr", "Fri 20 Nov 2026 09:30"),
        ("bis Freitag", "Fri 20 Nov 2026 18:00"),
        ("in einer Stunde", "Wed 18 Nov 2026 11:30"),
        ("in zwei Stunden", "Wed 18 Nov 2026 12:30"),
        ("innerhalb von fünf Tagen", "Mon 23 Nov 2026 18:00"),
        ("in den nächsten 3 Tagen", "Sat 21 Nov 2026 18:00"),
        ("nächste Woche", "Mon 23 Nov 2026 18:00"),
        ("in einer halben Stunde", "Wed 18 Nov 2026 11:00"),
        ("am 3.12.", "Thu 03 Dec 2026 18:00"),
        ("am 3. 12. 2026 15:00", "Thu 03 Dec 2026 15:00"),
        ("am 3.12. 15:00", "Thu 03 Dec 2026 15:00"),
        ("am 3. März", "Wed 03 Mar 2027 18:00"),
        ("Version 1.2.3 schicken", "Wed 18 Nov 2026 18:00"),
        ("pošlu dnes", "Wed 18 Nov 2026 18:00"),
        ("zavolám zítra v 9:00", "Thu 19 Nov 2026 09:00"),
        ("pozítří", "Fri 20 Nov 2026 18:00"),
        ("ve středu", "Wed 25 Nov 2026 18:00"),
        ("v pátek", "Fri 20 Nov 2026 18:00"),
        ("za hodinu", "Wed 18 Nov 2026 11:30"),
        ("za dvě hodiny", "Wed 18 Nov 2026 12:30"),
        ("za týden", "Wed 25 Nov 2026 18:00"),
        ("příští týden", "Mon 23 Nov 2026 18:00"),
        ("14 h", "Wed 18 Nov 2026 14:00"),
        ("za 2 dny", "Fri 20 Nov 2026 18:00"),
        ("do 3. prosince", "Thu 03 Dec 2026 18:00"),
        ("je l’envoie aujourd’hui", "Wed 18 Nov 2026 18:00"),
        ("demain à 14h30", "Thu 19 Nov 2026 14:30"),
        ("après-demain", "Fri 20 Nov 2026 18:00"),
    ],
)
def test_by_when_it_is_said(words: str, expected: str) -> None:
    assert due(words) == expected


def test_without_a_day_it_is_the_end_of_the_working_day() -> None:
    thursday_evening = NOW.replace(day=19, hour=17, minute=30)
    assert due("send it", hours=OPEN) == "Wed 18 Nov 2026 17:00"
    assert due("send it", thursday_evening, OPEN) == "Sat 21 Nov 2026 23:59", "no hours on Friday"
    assert due("today", thursday_evening, OPEN) == "Thu 19 Nov 2026 23:59"
    assert due("send it", NOW.replace(day=20, hour=19)) == "Mon 23 Nov 2026 18:00"
    assert due("on Saturday", hours=OPEN) == "Sat 21 Nov 2026 23:59", "it closes after midnight"


def test_hours_are_counted_from_when_it_was_promised_and_next_week_starts_on_monday() -> None:
    evening = NOW.replace(hour=20, minute=0)
    assert due("in 48 hours", evening) == "Fri 20 Nov 2026 20:00"
    monday, sunday = NOW.replace(day=16), NOW.replace(day=22)
    assert due("next week", monday, OPEN) == "Mon 23 Nov 2026 17:00"
    assert due("next week", sunday, OPEN) == "Mon 23 Nov 2026 17:00"


def test_a_leap_day_of_next_year_is_known() -> None:
    assert due("by 29 February", NOW.replace(year=2027)) == "Tue 29 Feb 2028 18:00"


def test_a_day_may_pass_without_any_working_day() -> None:
    never = WorkingHours(
        opening_hours=(HoursRange(weekdays=(), opens=time(8), closes=time(9)),), to_local=to_local
    )
    assert due("send it", hours=never) == "Thu 19 Nov 2026 10:30"
