from datetime import UTC, datetime, timedelta, timezone

import pytest

from supportdesk.services.said_where import said_where

NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 17, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("item", "at", "seconds", "words"),
    [
        ("mail/Support/1@x", TUESDAY, None, "mail, Wed 18 Nov"),
        ("call/Office/7", TUESDAY, 389.0, "call, Wed 18 Nov, 6 min"),
        ("call/Office/7", TUESDAY, 59.0, "call, Wed 18 Nov"),
        ("", datetime(2025, 10, 2, 9, 0, tzinfo=UTC), None, "Thu 2 Oct 2025"),
    ],
)
def test_the_source_the_local_day_and_the_length(
    item: str, at: datetime, seconds: float | None, words: str
) -> None:
    east = timezone(timedelta(hours=1))
    said = said_where(item, at, lambda one: one.astimezone(east), now=NOW, talk_seconds=seconds)
    assert said == words
