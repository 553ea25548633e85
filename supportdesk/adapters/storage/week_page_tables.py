"""Chosen lines of week pages and the starters of days, in desk.db."""

import json
from collections.abc import Sequence
from datetime import date

from supportdesk.adapters.storage.desk_rows import Row, Value
from supportdesk.adapters.storage.kept_tables import KeptTables
from supportdesk.adapters.storage.sqlite_errors import translated_errors
from supportdesk.services.week_page_store import PageChoice, Starter

_CHOICE = "(week, key, position, is_on)"


class WeekPageTables(KeptTables):
    """WeekPageStore port on the connection of desk.db."""

    def choices(self, week: date) -> list[PageChoice]:
        with translated_errors(self._path):
            rows = self._connection.execute(
                "SELECT key, is_on FROM page_choice WHERE week = ? ORDER BY position, key",
                (week.isoformat(),),
            ).fetchall()
        return [PageChoice(key=str(key), is_on=bool(is_on)) for key, is_on in rows]

    def save_choices(self, week: date, choices: Sequence[PageChoice]) -> None:
        """The order in one statement, so that no half of one is ever kept."""
        first_day = week.isoformat()
        if choices:
            marks = ", ".join(["(?, ?, ?, ?)"] * len(choices))
            values: list[Value] = []
            for position, choice in enumerate(choices):
                values += [first_day, choice.key, position, int(choice.is_on)]
            self._write(f"INSERT OR REPLACE INTO page_choice {_CHOICE} VALUES {marks}", (*values,))  # noqa: S608 - marks alone
        keys = json.dumps([choice.key for choice in choices])
        self._write(
            "DELETE FROM page_choice"
            " WHERE week = ? AND key NOT IN (SELECT value FROM json_each(?))",
            (first_day, keys),
        )

    def starters(self) -> list[Starter]:
        return self._all("starter", "day, quote", _starter)

    def save_starter(self, starter: Starter) -> None:
        self._replace("starter", "day, quote", (starter.day.isoformat(), starter.quote))


def _starter(row: Row) -> Starter:
    day, quote = row
    return Starter(day=date.fromisoformat(str(day)), quote=str(quote))
