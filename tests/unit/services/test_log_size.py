from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from supportdesk.domain.reading import Span, SpanKind
from supportdesk.domain.week import MONDAY, SUNDAY
from supportdesk.services.log_size import LogSize, log_size


def span(name: str, day: date, minutes: float) -> Span:
    return Span(
        span_id=name,
        kind=SpanKind.READ,
        item="mail/1",
        label="Carla",
        started_at=datetime(day.year, day.month, day.day, 9, tzinfo=UTC),
        utc_offset=timedelta(hours=1),
        counted_seconds=minutes * 60,
    )


SUNDAY_DAY, MONDAY_DAY = date(2026, 11, 15), date(2026, 11, 16)


def test_an_empty_log() -> None:
    assert log_size([]) == LogSize(rows=0)
    assert log_size([]).words == ""


def test_minutes_weeks_and_the_first_day() -> None:
    spans = [span("b", MONDAY_DAY, 20), span("a", SUNDAY_DAY, 10.5)]
    size = log_size(spans)
    assert (size.rows, size.counted_seconds, size.weeks) == (2, 1830.0, 2)
    assert size.words == "30 minutes of 2 weeks since 15 Nov 2026"
    assert log_size(spans, SUNDAY).weeks == 1
    assert log_size(spans, MONDAY) == size


def test_what_overlaps_counts_once_and_what_is_corrected_as_it_is_now() -> None:
    first = span("a", MONDAY_DAY, 10)
    cut = replace(first, span_id="c", corrects="a", counted_seconds=60.0, reason="lunch")
    size = log_size([first, replace(first, span_id="b"), cut])
    assert (size.rows, size.counted_seconds) == (3, 600.0)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (1, "1 minute of 1 week since 16 Nov 2026"),
        (0.5, "less than a minute of 1 week since 16 Nov 2026"),
    ],
)
def test_a_single_span(minutes: float, words: str) -> None:
    assert log_size([span("a", MONDAY_DAY, minutes)]).words == words
