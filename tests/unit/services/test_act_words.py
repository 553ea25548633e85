from datetime import UTC, date, datetime, timedelta

import pytest

from supportdesk.domain.reading import Edit, Span, SpanKind
from supportdesk.services.act_words import act_words, clock_there, day_and_time, length_words

TODAY = date(2026, 11, 18)


def row(edit: Edit | None, reason: str = "phone rang", corrects: str = "") -> Span:
    return Span(
        span_id="a",
        kind=SpanKind.READ,
        item="mail/1",
        label="Ingrid",
        started_at=datetime(2026, 11, 18, 11, 0, tzinfo=UTC),
        utc_offset=timedelta(hours=1),
        counted_seconds=720.0,
        corrects=corrects,
        reason=reason,
        edit=edit,
    )


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (Edit.ADDED, "Added 12:00: phone rang"),
        (Edit.CUT, "Cut to 12:00: phone rang"),
        (Edit.LENGTHENED, "Lengthened to 12:00: phone rang"),
        (Edit.MOVED, "Moved to Wed 18 Nov 12:00: phone rang"),
        (Edit.DELETED, "Deleted: phone rang"),
        (None, "Deleted: phone rang"),
    ],
)
def test_what_was_done_and_why(edit: Edit | None, words: str) -> None:
    assert act_words([row(edit)], TODAY) == words


def test_of_a_move_the_new_place_is_told() -> None:
    left = row(Edit.DELETED, corrects="b")
    words = act_words([left, row(Edit.MOVED)], TODAY)
    assert words == "Moved to Wed 18 Nov 12:00: phone rang"


def test_without_a_reason() -> None:
    assert act_words([row(Edit.CUT, reason="")], TODAY) == "Cut to 12:00"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.0, "0:00"),
        (59.9999999, "1:00"),
        (160.4, "2:40"),
        (3600.0, "1:00:00"),
        (86400, "24:00:00"),
    ],
)
def test_a_length_as_the_page_shows_it(seconds: float, words: str) -> None:
    assert length_words(seconds) == words


def test_a_day_and_its_time() -> None:
    assert day_and_time(datetime(2026, 7, 1, 9, 5, tzinfo=UTC)) == "Wed 1 Jul 09:05"


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (date(2026, 11, 19), "Added 12:00 on Wed 18 Nov: phone rang"),
        (date(2027, 1, 2), "Added 12:00 on Wed 18 Nov 2026: phone rang"),
    ],
)
def test_time_that_was_added_to_another_day_names_it(today: date, words: str) -> None:
    assert act_words([row(Edit.ADDED)], today) == words


@pytest.mark.parametrize(
    ("offset", "words"),
    [
        (timedelta(hours=1), ""),
        (timedelta(), " by the clock there, UTC"),
        (timedelta(hours=-8), " by the clock there, UTC−8"),
        (timedelta(hours=-3, minutes=-30), " by the clock there, UTC−3:30"),
        (timedelta(hours=5, minutes=45), " by the clock there, UTC+5:45"),
    ],
)
def test_another_clock_than_the_one_here_is_named(offset: timedelta, words: str) -> None:
    assert clock_there(offset, timedelta(hours=1)) == words
