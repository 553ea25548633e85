"""`supportdesk week`: the minutes of one week, read straight from desk.db."""

import json
import os
import sys

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.phone.hook import all_phones
from supportdesk.adapters.places import Places
from supportdesk.adapters.settings_file import SettingsFile
from supportdesk.adapters.storage.copied_open import copied_open_problem
from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.adapters.week_locale import first_weekday, to_local
from supportdesk.domain.errors import SettingsError
from supportdesk.domain.settings import Settings, WeekPeriod
from supportdesk.services.reading_log import ReadingLog, ReadingRules
from supportdesk.services.reading_report import week_as_json, week_as_text


def run_week(name: str | None, *, as_json: bool) -> int:
    """Print the present week as the settings mean it, or one of the calendar, as 2026-W47."""
    places = Places.from_environment(os.environ)
    places.create_folders()
    settings = _settings(places)
    store = SqliteDeskStore(places.desk_db)
    if store.is_copied_open:
        problem = copied_open_problem(places.desk_db)
        print(f"supportdesk: {problem.title}. {problem.advice}", file=sys.stderr)
    try:
        rules = ReadingRules(
            reading=settings.reading,
            phones=all_phones(settings),
            first_weekday=first_weekday(settings.reading.week_starts),
        )
        log = ReadingLog(store=store, rules=rules, to_local=to_local)
        now = SystemClock().now()
        try:
            week_id = log.named_week(name) if name else log.week_at(now)
        except ValueError as error:
            print(f"supportdesk: {error}", file=sys.stderr)
            return 2
        week = log.week(week_id)
        period = WeekPeriod.WEEK if name else log.period
        if as_json:
            print(json.dumps(week_as_json(week, period)))
        else:
            print(week_as_text(week, log.today(now), period))
        return 0
    finally:
        store.close()


def _settings(places: Places) -> Settings:
    """A broken file keeps nobody from their minutes."""
    try:
        return SettingsFile(places.settings_path).load().settings
    except SettingsError as error:
        print(
            f"supportdesk: {error.title}. {error.advice} The usual settings were used.",
            file=sys.stderr,
        )
        return Settings()
