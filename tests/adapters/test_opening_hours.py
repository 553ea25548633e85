"""Hours as people write them."""

from datetime import time

import pytest

from supportdesk.adapters.opening_hours import (
    HoursError,
    format_hours,
    format_quiet_hours,
    parse_hours,
    parse_quiet_hours,
)
from supportdesk.domain.settings import HoursRange

WEEK = tuple(range(7))


def hours(days: tuple[int, ...], opens: str, closes: str) -> HoursRange:
    end = time(0) if closes == "24:00" else time.fromisoformat(closes)
    return HoursRange(weekdays=days, opens=time.fromisoformat(opens), closes=end)


@pytest.mark.parametrize(
    ("text", "ranges"),
    [
        ("", ()),
        (" ; ", ()),
        ("Mo-Fr 09:00-17:00", (hours((0, 1, 2, 3, 4), "09:00", "17:00"),)),
        (
            "Mo-Fr 09:00-17:00; Sa 10:00-12:00",
            (hours((0, 1, 2, 3, 4), "09:00", "17:00"), hours((5,), "10:00", "12:00")),
        ),
        (
            "mo, we,FR 9:00-12:00, 13:00 – 17:00",
            (hours((0, 2, 4), "09:00", "12:00"), hours((0, 2, 4), "13:00", "17:00")),
        ),
        ("Sa-Mo 10:00-24:00", (hours((0, 5, 6), "10:00", "24:00"),)),
        (
            "Fr 22:00-02:00; Su 00:00-24:00",
            (hours((4,), "22:00", "02:00"), hours((6,), "00:00", "24:00")),
        ),
        ("08:00-20:00", (hours(WEEK, "08:00", "20:00"),)),
    ],
)
def test_reading_hours(text: str, ranges: tuple[HoursRange, ...]) -> None:
    assert parse_hours(text) == ranges
    assert parse_hours(format_hours(ranges)) == ranges


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Mo-Fr", "which hours"),
        ("always", "which hours"),
        ("Mon-Fri 09:00-17:00", '"Mon" is not a day'),
        ("Mo-We-Fr 09:00-17:00", "range of days"),
        ("Mo 9-17", "range of times"),
        ("Mo 25:00-26:00", "time of the day"),
    ],
)
def test_wrong_hours_are_named(text: str, word: str) -> None:
    with pytest.raises(HoursError, match=word):
        parse_hours(text)


def test_formatting_hours() -> None:
    assert format_hours(parse_hours("fr,mo-we,su 9:00-24:00")) == "Mo-We,Fr,Su 09:00-24:00"


def test_quiet_hours() -> None:
    quiet = parse_quiet_hours("19:00-07:30")
    assert quiet == (time(19), time(7, 30))
    assert format_quiet_hours(quiet) == "19:00-07:30"
    assert parse_quiet_hours(" ") is None
    assert format_quiet_hours(None) == ""


@pytest.mark.parametrize("text", ["19:00", "19:00-19:00", "evening"])
def test_wrong_quiet_hours(text: str) -> None:
    with pytest.raises(HoursError):
        parse_quiet_hours(text)
