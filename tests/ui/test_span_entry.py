"""What is typed into the form of a span: understood, or refused with an example."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.ui.presenter.span_entry import (
    NotUnderstood,
    day_in,
    day_words,
    length_words,
    past_day_in,
    seconds_in,
    time_in,
)
from supportdesk.ui.rows.span_form import SpanField

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Wed 18 Nov", date(2026, 11, 18)),
        ("18 november", date(2026, 11, 18)),
        (" Wednesday, 18. Nov. ", date(2026, 11, 18)),
        ("2026-11-18", date(2026, 11, 18)),
        ("18 Nov 2024", date(2024, 11, 18)),
        ("2 Jan", date(2027, 1, 2)),
        ("29 Feb 2024", date(2024, 2, 29)),
        ("today", TODAY),
        ("Yesterday", date(2026, 11, 21)),
    ],
)
def test_a_day(text: str, day: date) -> None:
    assert day_in(text, TODAY) == day


@pytest.mark.parametrize("text", ["31 Nov", "29 Feb", "18 Nob", "2026-13-01", "18", "Wed"])
def test_what_is_no_day_is_named_with_an_example(text: str) -> None:
    with pytest.raises(NotUnderstood) as refused:
        day_in(text, TODAY)
    assert refused.value.field is SpanField.DAY
    assert refused.value.why == f"“{text}” is not a day. Write it like 18 Nov or 2026-11-18."


@given(st.integers(-4000, 4000))
def test_a_day_as_it_is_shown_is_understood(back: int) -> None:
    day = TODAY - timedelta(days=back)
    assert day_in(day_words(day, TODAY), TODAY) == day


@pytest.mark.parametrize(
    ("text", "at"),
    [("9:30", time(9, 30)), ("09.05", time(9, 5)), (" 23:59:07 ", time(23, 59, 7))],
)
def test_a_time_of_day(text: str, at: time) -> None:
    assert time_in(text) == at


@pytest.mark.parametrize("text", ["2000-01-01", "22 Nov", "yesterday"])
def test_a_day_that_the_log_can_hold(text: str) -> None:
    assert past_day_in(text, TODAY) == day_in(text, TODAY)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("31 Dec 1999", "“31 Dec 1999” is before 2000. Write a day of that year or later."),
        (
            "2 Jan",
            "“2 Jan” is still to come: today is Sun 22 Nov."
            " Write one that has been, with its year where it is long ago.",
        ),
    ],
)
def test_a_day_that_the_log_cannot_hold(text: str, why: str) -> None:
    with pytest.raises(NotUnderstood) as refused:
        past_day_in(text, TODAY)
    assert (refused.value.field, refused.value.why) == (SpanField.DAY, why)


def test_seconds_that_are_not_said_stay_as_they_are() -> None:
    assert time_in("9:30", time(8, 0, 17, 5)) == time(9, 30, 17, 5)
    assert time_in("9:30:00", time(8, 0, 17, 5)) == time(9, 30)


@pytest.mark.parametrize("text", ["25:00", "9", "9:5", "half past nine", "12:60"])
def test_what_is_no_time_is_named_with_an_example(text: str) -> None:
    with pytest.raises(NotUnderstood) as refused:
        time_in(text)
    assert refused.value.field is SpanField.START
    assert refused.value.why == f"“{text}” is not a time of day. Write it like 09:30."


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("12:30", 750),
        ("90:00", 5400),
        ("1:04:00", 3840),
        ("12", 720),
        ("12.5 min", 750),
        ("7,5", 450),
        ("0", 0),
        ("3 minutes", 180),
        ("1 h", 3600),
        ("1 h 20", 4800),
        ("1h 20 min", 4800),
    ],
)
def test_a_length(text: str, seconds: float) -> None:
    assert seconds_in(text) == seconds


@pytest.mark.parametrize("text", ["12:75", "1:75:00", "-5", "soon"])
def test_what_is_no_length_is_named_with_an_example(text: str) -> None:
    with pytest.raises(NotUnderstood) as refused:
        seconds_in(text)
    assert refused.value.field is SpanField.LENGTH
    assert refused.value.why == (
        f"“{text}” is not a length. Write 12:30 for minutes and seconds, or 12 for minutes."
    )


def test_what_is_empty_is_not_quoted() -> None:
    with pytest.raises(NotUnderstood, match=r"^There is not a length yet\."):
        seconds_in(" ")


@given(st.integers(0, 86_400))
def test_a_length_as_it_is_shown_is_understood(seconds: int) -> None:
    assert seconds_in(length_words(seconds)) == seconds
