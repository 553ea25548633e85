"""A PhoneWeekStore in memory."""

from supportdesk.domain.errors import StoreError
from supportdesk.domain.phone_week import PhoneWeek


class MemoryPhoneWeekStore:
    """Keeps what it is given; `is_full` is a disk that takes nothing more."""

    def __init__(self) -> None:
        self.kept: dict[str, PhoneWeek] = {}
        self.is_full = False

    def phone_weeks(self) -> list[PhoneWeek]:
        return list(self.kept.values())

    def save_phone_week(self, week: PhoneWeek) -> None:
        self._write()
        self.kept[week.key] = week

    def remove_phone_week(self, key: str) -> None:
        self._write()
        self.kept.pop(key, None)

    def _write(self) -> None:
        if self.is_full:
            raise StoreError("The disk is full", "Make room on it.")
