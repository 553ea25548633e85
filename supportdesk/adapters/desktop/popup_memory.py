"""Which pop-ups of ours stand on the screen, kept on disk: a run that dies leaves them there.

A click on one of those would do nothing, for a daemon tells it to nobody else, and nothing would
ever take it back. So the next run does, before it shows anything. Only where the very daemon that
showed it still runs: another one may have given the number to another program.
"""

from collections.abc import Callable
from typing import Protocol

from supportdesk.domain.alerts import PopupRecord


class PopupStore(Protocol):
    """What of desk.db is needed here."""

    def save_popup(self, popup: PopupRecord) -> None: ...

    def remove_popup(self, alert_key: str) -> None: ...

    def popups(self) -> list[PopupRecord]: ...


class PopupMemory:
    """Writes only what changes."""

    def __init__(self, store: Callable[[], PopupStore] | None = None) -> None:
        """The store is asked for with the first pop-up; without one nothing is kept."""
        self._store_of = store
        self._is_first = True
        self._kept: dict[str, PopupRecord] = {}

    def keep(self, key: str, owner: str, number: int) -> None:
        record = PopupRecord(alert_key=key, owner=owner, number=number)
        if self._store_of is not None and owner and self._kept.get(key) != record:
            self._kept[key] = record
            self._store_of().save_popup(record)

    def forget(self, key: str) -> None:
        if self._kept.pop(key, None) is not None and self._store_of is not None:
            self._store_of().remove_popup(key)

    def take_left_over(self, owner: str) -> list[int]:
        """The numbers of those that an earlier run has left with this owner; told once."""
        if self._store_of is None or not self._is_first:
            return []
        self._is_first = False
        store = self._store_of()
        left = store.popups()
        for record in left:
            store.remove_popup(record.alert_key)
        return [record.number for record in left if record.owner == owner]
