"""Calls as files, for the founder and whoever keeps their books."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path

from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.adapters.storage.exported_files import ExportFormat, export_words, write_exports
from supportdesk.domain.calls import Call
from supportdesk.services.call_export import (
    COLUMNS,
    FORMAT,
    CallBooks,
    csv_calls,
    json_calls,
    notes_by_call,
)
from supportdesk.services.wording import count

_NAME = "calls"
_LINES: dict[ExportFormat, Callable[[Iterable[Call], CallBooks], Iterator[str]]] = {
    ExportFormat.CSV: csv_calls,
    ExportFormat.JSON: json_calls,
}
ToLocal = Callable[[datetime], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSpell:
    """Which calls are wanted: of these local days, both included; None is from or to the end."""

    first: date | None = None
    last: date | None = None

    @property
    def since(self) -> datetime | None:
        return None if self.first is None else _midnight(self.first)

    @property
    def until(self) -> datetime | None:
        return None if self.last is None else _midnight(self.last + timedelta(days=1))


def export_calls(
    store: SqliteDeskStore,
    folder: Path,
    formats: Iterable[ExportFormat],
    *,
    normalise: Callable[[str], str],
    to_local: ToLocal,
    spell: CallSpell | None = None,
) -> str:
    """Write calls.csv and calls.json there; returns what a notice says. Raises StoreError."""
    wanted = spell or CallSpell()
    names = {number: one.name for one in store.people() if one.name for number in one.numbers}
    books = CallBooks(
        notes=notes_by_call(store.call_notes()),
        names=names,
        normalise=normalise,
        to_local=to_local,
    )
    counted = _Counted(partial(store.calls_between, wanted.since, wanted.until))
    lines = {one: partial(_LINES[one], counted, books) for one in formats}
    paths, replaced = write_exports(folder, _NAME, lines, _is_ours)
    return export_words(count(counted.count, "call is", "calls are"), paths, replaced)


class _Counted:
    """Counts what passes."""

    def __init__(self, calls: Callable[[], Iterator[Call]]) -> None:
        self._calls = calls
        self.count = 0

    def __iter__(self) -> Iterator[Call]:
        self.count = 0
        for call in self._calls():
            self.count += 1
            yield call


def _is_ours(beginning: str) -> bool:
    return ",".join(COLUMNS) in beginning.partition("\n")[0] or FORMAT in beginning


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time()).astimezone()
