"""What stands on the screen is written when it changes, and taken off by the next run alone."""

from supportdesk.adapters.desktop.popup_memory import PopupMemory
from supportdesk.domain.alerts import PopupRecord
from tests.fakes.stores import MemoryDeskStore


class CountingStore(MemoryDeskStore):
    """One that counts what is written to it."""

    writes = 0

    def save_popup(self, popup: PopupRecord) -> None:
        self.writes += 1
        super().save_popup(popup)

    def remove_popup(self, alert_key: str) -> None:
        self.writes += 1
        super().remove_popup(alert_key)


def test_only_changes_are_written() -> None:
    store = CountingStore()
    memory = PopupMemory(lambda: store)
    for number in (7, 7, 8):
        memory.keep("a", "bus/:1.5", number)
    memory.keep("b", "", 9)
    assert store.popups() == [PopupRecord(alert_key="a", owner="bus/:1.5", number=8)]
    memory.forget("a")
    memory.forget("a")
    memory.forget("unknown")
    assert store.writes == 3


def test_what_is_left_over_is_told_once_and_only_of_this_daemon() -> None:
    store = MemoryDeskStore()
    for key, owner in (("ours", "bus/:1.5"), ("of another daemon", "bus/:1.4")):
        store.save_popup(PopupRecord(alert_key=key, owner=owner, number=3))
    memory = PopupMemory(lambda: store)
    assert memory.take_left_over("bus/:1.5") == [3]
    memory.keep("new", "bus/:1.5", 4)
    assert memory.take_left_over("bus/:1.5") == []
    assert [record.alert_key for record in store.popups()] == ["new"]


def test_without_a_store_nothing_is_kept() -> None:
    memory = PopupMemory()
    memory.keep("a", "bus/:1.5", 7)
    memory.forget("a")
    assert memory.take_left_over("bus/:1.5") == []
