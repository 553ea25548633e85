"""Who shows tray icons, as the bus, the X server and Qt tell it."""

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from supportdesk.ui.tray_hosts import HostKind, TrayHosts, show_without_focus


class Hosts:
    """TrayHosts and what it said; `any_there` is what Qt says."""

    def __init__(self, *, any_there: bool, grace_ms: int = 3_600_000) -> None:
        self.any_there = any_there
        self.said: list[str] = []
        self.hosts = TrayHosts(is_any_there=lambda: self.any_there, grace_ms=grace_ms)
        self.hosts.arrived.connect(lambda: self.said.append("arrived"))
        self.hosts.left.connect(lambda: self.said.append("left"))

    def kind(self) -> HostKind:
        return self.hosts.kind


def test_one_that_was_there_from_the_start_has_its_icon_already(qapp: QApplication) -> None:
    at = Hosts(any_there=True)
    assert at.kind() is HostKind.SYSTEM
    at.hosts.set_status_notifier(True)
    assert at.kind() is HostKind.STATUS_NOTIFIER
    at.hosts.set_xembed(True)
    assert at.kind() is HostKind.STATUS_NOTIFIER
    assert at.said == []


@pytest.mark.parametrize("bus_is_first", [True, False])
def test_an_xembed_tray_from_the_start(qapp: QApplication, bus_is_first: bool) -> None:
    at = Hosts(any_there=True)
    if bus_is_first:
        at.hosts.set_status_notifier(False)
        assert at.hosts.is_any
    at.hosts.set_xembed(True)
    at.hosts.set_status_notifier(False)
    assert at.hosts.is_any
    assert at.kind() is HostKind.XEMBED
    assert at.said == []


def test_a_watcher_without_a_panel_is_no_host(qapp: QApplication, qtbot: QtBot) -> None:
    at = Hosts(any_there=True, grace_ms=0)
    at.hosts.set_xembed(False)
    assert at.hosts.is_any
    at.hosts.set_status_notifier(False)
    assert at.kind() is HostKind.NONE
    qtbot.waitUntil(lambda: at.said == ["left"], timeout=30_000)
    assert not at.hosts.is_any


def test_one_that_comes_late_gets_an_icon_whichever_kind_it_is(qapp: QApplication) -> None:
    for setter in (TrayHosts.set_xembed, TrayHosts.set_status_notifier):
        at = Hosts(any_there=False)
        at.hosts.set_xembed(False)
        at.hosts.set_status_notifier(False)
        assert not at.hosts.is_any
        setter(at.hosts, True)
        assert at.said == ["arrived"]
        assert at.hosts.is_any


def test_one_that_is_restarted_never_left(qapp: QApplication) -> None:
    at = Hosts(any_there=True)
    at.hosts.set_xembed(False)
    at.hosts.set_status_notifier(True)
    at.hosts.set_status_notifier(False)
    assert at.kind() is HostKind.NONE
    assert at.hosts.is_any
    at.hosts.set_status_notifier(True)
    assert at.said == ["arrived"]


def test_where_one_kind_stays_the_icon_moves_there(qapp: QApplication) -> None:
    at = Hosts(any_there=True)
    at.hosts.set_xembed(True)
    at.hosts.set_status_notifier(True)
    at.hosts.set_status_notifier(False)
    assert at.kind() is HostKind.XEMBED
    assert at.said == ["arrived", "arrived"]


def test_without_any_it_says_so_after_a_while(qapp: QApplication, qtbot: QtBot) -> None:
    at = Hosts(any_there=False, grace_ms=0)
    assert not at.hosts.is_any
    qtbot.waitUntil(lambda: at.said == ["left"], timeout=30_000)


def test_after_the_stop_it_says_nothing(qapp: QApplication, qtbot: QtBot) -> None:
    stopped, other = Hosts(any_there=False, grace_ms=0), Hosts(any_there=False, grace_ms=0)
    stopped.hosts.stop()
    qtbot.waitUntil(lambda: other.said == ["left"], timeout=30_000)
    assert stopped.said == []


def test_a_window_that_nobody_asked_for_leaves_the_keyboard_alone(
    qapp: QApplication, qtbot: QtBot
) -> None:
    front, shown = QWidget(), QWidget()
    for widget in (front, shown):
        qtbot.addWidget(widget)
    front.show()
    front.activateWindow()
    qtbot.waitUntil(front.isActiveWindow, timeout=30_000)
    show_without_focus(shown)
    qtbot.waitExposed(shown)
    assert shown.isVisible()
    assert front.isActiveWindow()
