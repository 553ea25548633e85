"""Which seven days `supportdesk week` prints: by the locale, by the settings, by their name."""

import json
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.domain.reading import Span, SpanKind
from supportdesk.domain.week import WeekId
from tests.e2e.running import command, make_home

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no variable says it")

W47 = "2026-W47"


@pytest.fixture(autouse=True)
def zone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.delenv("LC_ALL", raising=False)


def _home(folder: Path, reading: str, days: list[date]) -> Path:
    """A home whose log has a minute and a half at noon of each of these days."""
    home = make_home(folder, f"[reading]\n{reading}")
    assert command(home, "week").returncode == 0
    store = SqliteDeskStore(home / "desk.db")
    for day in days:
        store.append_span(
            Span(
                span_id=day.isoformat(),
                kind=SpanKind.READ,
                item="mail/1",
                label="Carla",
                started_at=datetime.combine(day, datetime.min.time(), tzinfo=UTC)
                + timedelta(hours=12),
                utc_offset=timedelta(),
                counted_seconds=90.0,
            )
        )
    store.close()
    return home


@pytest.mark.parametrize(
    ("locale", "week_starts", "bounds", "minutes"),
    [
        ("en_US.UTF-8", "locale", "Sun 15 – Sat 21 Nov", "10.5 of 30 minutes"),
        ("cs_CZ.UTF-8", "locale", "Mon 16 – Sun 22 Nov", "9.0 of 30 minutes"),
        ("en_US.UTF-8", "monday", "Mon 16 – Sun 22 Nov", "9.0 of 30 minutes"),
        ("cs_CZ.UTF-8", "sunday", "Sun 15 – Sat 21 Nov", "10.5 of 30 minutes"),
    ],
)
def test_the_first_day_is_that_of_the_locale_or_of_the_settings(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    locale: str,
    week_starts: str,
    bounds: str,
    minutes: str,
) -> None:
    monkeypatch.setenv("LC_TIME", locale)
    days = [date(2026, 11, day) for day in range(10, 22)]  # the last is a Saturday
    home = _home(tmp_path, f'week_starts = "{week_starts}"\n', days)
    lines = command(home, "week", "--week", W47).stdout.splitlines()
    assert lines[0] == f"My week, {bounds}"
    assert lines[1].startswith(f"{minutes} with customers.")
    told = json.loads(command(home, "week", "--week", W47, "--json").stdout)
    assert (told["period"], len(told["days"])) == ("week", 7)
    assert f"{date.fromisoformat(told['from']):%a}" == bounds[:3]


def test_the_last_seven_days_and_still_a_week_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_TIME", "cs_CZ.UTF-8")
    today = SystemClock().now().date()
    days = [today - timedelta(days=back) for back in range(12)]
    home = _home(tmp_path, 'period = "last_7_days"\n', days)
    told = json.loads(command(home, "week", "--json").stdout)
    ended = date.fromisoformat(told["to"])
    assert today <= ended <= today + timedelta(days=1)  # it may be midnight just now
    assert told["period"] == "last_7_days"
    assert date.fromisoformat(told["from"]) == ended - timedelta(days=6)
    assert told["read_seconds"] == 90.0 * (7 - (ended - today).days)
    words = command(home, "week").stdout
    assert words.startswith("My last 7 days, ")
    bounds = {WeekId.ending(day).label for day in (ended, ended + timedelta(days=1))}
    assert any(label in words.splitlines()[0] for label in bounds)
    assert command(home, "week", "--week", W47).stdout.startswith("My week, Mon 16 – Sun 22 Nov")
    assert json.loads(command(home, "week", "--week", W47, "--json").stdout)["period"] == "week"
