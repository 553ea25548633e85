import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QLocale

from supportdesk.adapters.week_locale import first_weekday, to_local, weekday_of_variables
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


def test_every_territory_is_as_qt_has_it() -> None:
    every = (QLocale.Language.AnyLanguage, QLocale.Script.AnyScript, QLocale.Country.AnyCountry)
    of_qt = {
        QLocale.territoryToCode(known.territory()): known.firstDayOfWeek().value - 1
        for known in QLocale.matchingLocales(*every)
    }
    two_letters = [code for code in of_qt if len(code) == 2]
    assert len(two_letters) > 200
    ours = {code: weekday_of_variables({"LC_TIME": f"en_{code}.UTF-8"}) for code in two_letters}
    assert ours == {code: of_qt[code] for code in two_letters}


def test_one_variable_outdoes_another() -> None:
    variables = {"LANG": "cs_CZ.UTF-8", "LC_TIME": "en_US.UTF-8", "LC_ALL": "de_DE@euro"}
    assert weekday_of_variables(variables) == MONDAY
    assert weekday_of_variables({**variables, "LC_ALL": ""}) == SUNDAY
    assert weekday_of_variables({"LANG": "C.UTF-8"}) == weekday_of_variables({}) == MONDAY


def test_a_language_alone_is_left_to_qt() -> None:
    assert weekday_of_variables({"LANG": "ar"}) is None


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
