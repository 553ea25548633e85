"""Many changes, one refresh."""

import threading
import time

from pytestqt.qtbot import QtBot

from supportdesk.services.desk_state import Area
from supportdesk.ui.controllers.dirty_areas import SETTLING_MILLISECONDS, DirtyAreas


def _told(dirty: DirtyAreas) -> list[frozenset[Area]]:
    told: list[frozenset[Area]] = []
    dirty.settled.connect(told.append)
    return told


def test_a_burst_is_told_once_with_all_its_areas(qtbot: QtBot) -> None:
    dirty = DirtyAreas()
    told = _told(dirty)
    for _ in range(100):
        dirty.mark(frozenset({Area.INBOX}))
    dirty.mark(frozenset({Area.HEALTH}))
    assert told == []
    with qtbot.waitSignal(dirty.settled, timeout=2000):
        pass
    assert told == [frozenset({Area.INBOX, Area.HEALTH})]


def test_what_comes_later_is_told_later(qtbot: QtBot) -> None:
    dirty = DirtyAreas()
    told = _told(dirty)
    for area in (Area.CALLS, Area.INBOX):
        with qtbot.waitSignal(dirty.settled, timeout=2000):
            dirty.mark(frozenset({area}))
    assert told == [frozenset({Area.CALLS}), frozenset({Area.INBOX})]


def test_nothing_changed_is_not_told(qtbot: QtBot) -> None:
    dirty = DirtyAreas()
    told = _told(dirty)
    dirty.mark(frozenset())
    with qtbot.waitSignal(dirty.settled, timeout=2000):
        dirty.mark(frozenset({Area.CALLS}))
    assert told == [frozenset({Area.CALLS})]


def test_after_the_stop_nothing_is_told(qtbot: QtBot) -> None:
    dirty = DirtyAreas()
    dirty.mark(frozenset({Area.CALLS}))
    dirty.stop()
    with qtbot.assertNotEmitted(dirty.settled, wait=3 * SETTLING_MILLISECONDS):
        pass


def test_what_takes_long_to_show_is_shown_less_often(qtbot: QtBot) -> None:
    dirty = DirtyAreas()
    told = _told(dirty)

    def show_slowly(_areas: object) -> None:
        threading.Event().wait(0.03)

    dirty.settled.connect(show_slowly)

    def waits_after_a_slow_one() -> float:
        with qtbot.waitSignal(dirty.settled, timeout=30_000):
            dirty.mark(frozenset({Area.INBOX}))
        since = time.monotonic()
        with qtbot.waitSignal(dirty.settled, timeout=30_000):
            dirty.mark(frozenset({Area.CALLS}))
        return (time.monotonic() - since) * 1000

    # A machine that stalls meanwhile has done its rest; it does not stall each time.
    assert any(waits_after_a_slow_one() > 3 * SETTLING_MILLISECONDS for _ in range(10))
    assert told[-1] == frozenset({Area.CALLS})
