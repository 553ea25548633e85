"""Where the weeks on the phones lie: a port of its own beside `DeskStore`."""

from typing import Protocol

from supportdesk.domain.phone_week import PhoneWeek


class PhoneWeekStore(Protocol):
    """Called from the thread that owns desk.db, outside of its turns. Raises StoreError."""

    def phone_weeks(self) -> list[PhoneWeek]: ...

    def save_phone_week(self, week: PhoneWeek) -> None:
        """Insert, or replace the one of the same key."""
        ...

    def remove_phone_week(self, key: str) -> None: ...
