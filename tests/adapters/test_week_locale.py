import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from supportdesk.adapters.week_locale import first_weekday, to_local
from supportdesk.domain.settings import WeekStart
from supportdesk.domain.week import MONDAY, SUNDAY

NOON = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)


def test_the_settings_decide() -> None:
    assert first_weekday(WeekStart.MONDAY) == MONDAY
    assert first_weekday(WeekStart.SUNDAY) == SUNDAY


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the locale is no variable")
@pytest.mark.parametrize(
    ("locale", "weekday"), [("en_US.UTF-8", 6), ("cs_CZ.UTF-8", 0), ("ar_EG.UTF-8", 5), ("C", 0)]
)
def test_the_locale_decides(locale: str, weekday: int) -> None:
    """In a process of its own: Qt reads the locale once."""
    ask = (
        "from supportdesk.adapters.week_locale import first_weekday;"
        "from supportdesk.domain.settings import WeekStart;"
        "print(first_weekday(WeekStart.LOCALE))"
    )
    environment = {**os.environ, "LC_ALL": "", "LANG": "C", "LC_TIME": locale}
    environment.pop("LC_ALL")
    done = subprocess.run(
        [sys.executable, "-c", ask], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == str(weekday)


@pytest.fixture
def travels(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    with monkeypatch.context() as patch:
        yield patch
    time.tzset()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone is no variable here")
def test_local_time_follows_a_journey(travels: pytest.MonkeyPatch) -> None:
    travels.setenv("TZ", "Europe/Prague")
    assert to_local(NOON).utcoffset() == timedelta(hours=2)
    travels.setenv("TZ", "America/Los_Angeles")
    assert to_local(NOON).utcoffset() == timedelta(hours=-7)
    assert to_local(NOON) == NOON
