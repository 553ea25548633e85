"""Many changes, one refresh."""

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
