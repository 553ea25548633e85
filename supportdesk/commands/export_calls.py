"""`supportdesk export calls`: every call that is kept, as files, straight from desk.db."""

import os
import sys
from contextlib import closing
from datetime import date
from pathlib import Path

from supportdesk.adapters.numbers import normaliser
from supportdesk.adapters.places import Places
from supportdesk.adapters.settings_file import SettingsFile
from supportdesk.adapters.storage.call_files import CallSpell, export_calls
from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.adapters.storage.exported_files import ExportFormat
from supportdesk.adapters.week_locale import to_local
from supportdesk.domain.errors import SettingsError

_WRONG_USAGE = 2


def run_export_calls(folder: str, wanted: str, first: str | None, last: str | None) -> int:
    """Write calls.csv, calls.json or both; of the days from `first` to `last`, both included."""
    try:
        spell = CallSpell(first=_day(first), last=_day(last))
    except ValueError as error:
        print(f"supportdesk: {error}", file=sys.stderr)
        return _WRONG_USAGE
    places = Places.from_environment(os.environ)
    places.create_folders()
    with closing(SqliteDeskStore(places.desk_db, is_looked_through=True)) as store:
        words = export_calls(
            store,
            Path(folder).absolute(),
            tuple(one for one in ExportFormat if wanted in ("both", one.value)),
            normalise=normaliser(_country(places)),
            to_local=to_local,
            spell=spell,
        )
    print(words)
    return 0


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"“{text}” is no day; write it as 2026-11-30.") from None


def _country(places: Places) -> str:
    """A broken file keeps nobody from their calls: numbers are then as the phones gave them."""
    try:
        return SettingsFile(places.settings_path).load().settings.country
    except SettingsError as error:
        print(f"supportdesk: {error.title}. {error.advice}", file=sys.stderr)
        return ""
