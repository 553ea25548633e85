"""A WeekPageStore in memory."""

from collections.abc import Sequence
from datetime import date

from supportdesk.domain.errors import StoreError
from supportdesk.services.week_page_store import PageChoice, Starter


class MemoryWeekPageStore:
    """Keeps what it is given; `is_full` is a disk that takes nothing more."""

    def __init__(self) -> None:
        self.kept: dict[date, list[PageChoice]] = {}
        self.days: list[Starter] = []
        self.is_full = False

    def choices(self, week: date) -> list[PageChoice]:
        return list(self.kept.get(week, ()))

    def save_choices(self, week: date, choices: Sequence[PageChoice]) -> None:
        self._write()
        self.kept[week] = list(choices)

    def starters(self) -> list[Starter]:
        return list(self.days)

    def save_starter(self, starter: Starter) -> None:
        self._write()
        self.days = [one for one in self.days if one.day != starter.day]
        self.days.append(starter)

    def _write(self) -> None:
        if self.is_full:
            raise StoreError("The disk is full", "Make room on it.")
