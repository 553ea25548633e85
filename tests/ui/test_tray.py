"""The tray: five silhouettes, a menu that says everything, and no host at all."""

from dataclasses import replace
from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QAction, QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon
from pytestqt.qtbot import QtBot

from supportdesk.ui.gallery.make_believe import TRAY
from supportdesk.ui.rows import (
    Page,
    PauseChoice,
    PresentChoice,
    PresentingLine,
    TrayEntry,
    TrayState,
    TrayView,
)
from supportdesk.ui.theme import Theme
from supportdesk.ui.theme.tray_pixmaps import TRAY_SIZES
from supportdesk.ui.tray import MOST_PEOPLE, Tray, icon_name, tray_icon
from tests.lab.grey import far_apart, lightness_of, relative_luminance


@pytest.fixture
def tray(theme: Theme, qtbot: QtBot) -> Tray:
    return Tray(theme)


def entries(tray: Tray) -> list[str]:
    return [action.text() for action in tray.menu.actions() if not action.isSeparator()]


def entry(tray: Tray, label: str) -> QAction:
    actions = list(tray.menu.actions())
    for submenu in tray.menu.findChildren(QMenu):
        actions += submenu.actions()
    return next(action for action in actions if action.text() == label)


# Black, a dark theme, a grey one, a light theme, white: whatever the icon was made for.
PANELS = ("#000000", "#1E1E20", "#808080", "#EFEFEF", "#FFFFFF")


def on_panel(state: TrayState, panel: str, size: int, *, on_dark_panel: bool) -> list[float]:
    """How light each pixel is, without its colour."""
    image = QImage(size, size, QImage.Format.Format_RGB32)
    image.fill(QColor(panel))
    painter = QPainter(image)
    icon = tray_icon(state, 4, on_dark_panel=on_dark_panel)
    painter.drawPixmap(0, 0, icon.pixmap(size, size))
    painter.end()
    return lightness_of(image)


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("on_dark_panel", [False, True])
@pytest.mark.parametrize("size", [16, 64])
def test_states_are_seen_and_told_apart_in_grey_on_any_panel(
    qapp: QApplication, panel: str, on_dark_panel: bool, size: int
) -> None:
    ground = relative_luminance(QColor(panel))
    looks = [on_panel(state, panel, size, on_dark_panel=on_dark_panel) for state in TrayState]
    for look in looks:
        assert far_apart(look, [ground] * len(look)) >= size * size * 0.2
    for first, second in combinations(looks, 2):
        assert far_apart(first, second) >= size * size * 0.07


@pytest.mark.parametrize("size", TRAY_SIZES)
def test_each_size_is_drawn_for_itself(qapp: QApplication, size: int) -> None:
    icon = tray_icon(TrayState.WAITING, 4, on_dark_panel=False)
    assert icon.pixmap(QSize(size, size), 1.0).size() == QSize(size, size)
    # On a screen with twice the pixels, panels ask for the same size and get all of them.
    fine = icon.pixmap(QSize(size // 2, size // 2), 2.0)
    assert fine.size() == QSize(size, size)
    assert fine.toImage().pixelColor(size // 2, 3).alpha() == 255


def test_numbers_are_told_apart_at_the_least_size(qapp: QApplication) -> None:
    images = {
        bytes(
            tray_icon(TrayState.WAITING, number, on_dark_panel=False)
            .pixmap(16, 16)
            .toImage()
            .constBits()
        )
        for number in range(1, 11)
    }
    assert len(images) == 10


def test_more_than_nine_is_nine_plus() -> None:
    assert icon_name(TrayState.WAITING, 9) == "tray-waiting-9"
    assert icon_name(TrayState.WAITING, 10) == "tray-waiting-9plus"
    assert icon_name(TrayState.YOURS, 3) == "tray-yours"


def test_menu_says_newest_people_week_pause_health_settings_quit(tray: Tray) -> None:
    tray.show_tray(TRAY)
    assert entries(tray) == [
        "Newest: Maison Aubry, missed call",
        "Pavel Kiss, 2nd ring  0:12",
        "Ingrid Solheim  3 h 12",
        "Open supportdesk",
        "Morning scroll",
        "Live board",
        "This week: 18 of 30 min",
        "You last spoke with a customer 6 days ago (Pavel Kiss, 4 min)",
        "Call back Maison Aubry, missed 41 min ago",
        "Pause alerts",
        "I am presenting, for 1 h",
        "Is it working?  heard 8 s ago",
        "Settings",
        "Quit",
    ]


def test_at_most_eight_people_and_their_signs_are_kept(tray: Tray) -> None:
    people = tuple(TrayEntry(key=str(at), label=f"Levain & {at}") for at in range(12))
    tray.show_tray(TrayView(state=TrayState.WAITING, tooltip="", number=12, people=people))
    shown = [label for label in entries(tray) if label.startswith("Levain")]
    assert len(shown) == MOST_PEOPLE
    assert shown[0] == "Levain && 0"


def test_every_entry_tells_what_was_chosen(tray: Tray, qtbot: QtBot) -> None:
    tray.show_tray(TRAY)
    with qtbot.waitSignal(tray.alert_chosen) as alert:
        entry(tray, "Newest: Maison Aubry, missed call").trigger()
    assert alert.args == ["alert/1"]
    with qtbot.waitSignal(tray.entry_chosen) as person:
        entry(tray, "Ingrid Solheim  3 h 12").trigger()
    assert person.args == ["ingrid"]
    with qtbot.waitSignal(tray.page_asked) as week:
        entry(tray, "This week: 18 of 30 min").trigger()
    assert week.args == [Page.WEEK]
    with qtbot.waitSignal(tray.page_asked) as talk:
        entry(tray, "You last spoke with a customer 6 days ago (Pavel Kiss, 4 min)").trigger()
    assert talk.args == [Page.WEEK]
    with qtbot.waitSignal(tray.call_back_asked) as missed:
        entry(tray, "Call back Maison Aubry, missed 41 min ago").trigger()
    assert missed.args == ["call-9"]
    with qtbot.waitSignal(tray.page_asked) as health:
        entry(tray, "Is it working?  heard 8 s ago").trigger()
    assert health.args == [Page.HEALTH]
    with qtbot.waitSignal(tray.page_asked) as settings:
        entry(tray, "Settings").trigger()
    assert settings.args == [Page.SETTINGS]
    with qtbot.waitSignal(tray.activated):
        entry(tray, "Open supportdesk").trigger()
    with qtbot.waitSignal(tray.quit_asked):
        entry(tray, "Quit").trigger()


def test_what_is_not_sent_yet_has_a_line_that_opens_the_outbox(tray: Tray, qtbot: QtBot) -> None:
    line = "1 not sent yet, since 14:02"
    tray.show_tray(replace(TRAY, unsent_line=line))
    with qtbot.waitSignal(tray.outbox_asked):
        entry(tray, line).trigger()
    tray.show_tray(TRAY)
    assert line not in entries(tray)


def test_the_words_of_the_day_have_a_line_that_copies_them(tray: Tray, qtbot: QtBot) -> None:
    line = "Who would like to hear “Levain & Daughters”?"
    tray.show_tray(replace(TRAY, starter_line=line))
    with qtbot.waitSignal(tray.starter_asked):
        entry(tray, line.replace("&", "&&")).trigger()
    tray.show_tray(TRAY)
    assert line.replace("&", "&&") not in entries(tray)


def test_pausing_and_resuming(tray: Tray, qtbot: QtBot) -> None:
    for choice in PauseChoice:
        with qtbot.waitSignal(tray.pause_asked) as told:
            entry(tray, choice.value).trigger()
        assert told.args == [choice]
    tray.show_tray(TrayView(state=TrayState.PAUSED, tooltip="", paused_line="Paused until 14:00"))
    assert "Paused until 14:00" in entries(tray)
    with qtbot.waitSignal(tray.resume_asked):
        entry(tray, "Resume").trigger()


def test_one_click_begins_to_present_and_one_ends_it(tray: Tray, qtbot: QtBot) -> None:
    begin = entry(tray, "I am presenting, for 1 h")
    assert begin.isCheckable()
    assert not begin.isChecked()
    with qtbot.waitSignal(tray.presenting_asked) as told:
        begin.trigger()
    assert told.args == [PresentChoice.HOUR]
    # Nothing came of it: the tick is where it was.
    assert not entry(tray, "I am presenting, for 1 h").isChecked()
    line = PresentingLine(label="I am presenting until 15:10", has_end=True)
    tray.show_tray(TrayView(state=TrayState.LISTENING, tooltip="", presenting=line))
    with qtbot.waitSignal(tray.presenting_asked) as told:
        entry(tray, "Present until I end it").trigger()
    assert told.args == [PresentChoice.OPEN]
    assert entry(tray, "I am presenting until 15:10").isChecked()
    with qtbot.waitSignal(tray.presenting_asked) as told:
        entry(tray, "I am presenting until 15:10").trigger()
    assert told.args == [PresentChoice.OFF]
    lasting = PresentingLine(label="I am presenting", has_end=False)
    tray.show_tray(TrayView(state=TrayState.LISTENING, tooltip="", presenting=lasting))
    assert "Present until I end it" not in entries(tray)


def test_an_open_menu_keeps_its_lines_until_it_closes(tray: Tray, qtbot: QtBot) -> None:
    tray.show_tray(TRAY)
    before = entries(tray)
    tray.menu.popup(QPoint(0, 0))
    qtbot.waitUntil(tray.menu.isVisible)
    tray.show_tray(TrayView(state=TrayState.LISTENING, tooltip="quiet"))
    assert entries(tray) == before
    tray.menu.hide()
    qtbot.waitUntil(lambda: "Ingrid Solheim  3 h 12" not in entries(tray))


def test_without_a_host_it_stands_ready(tray: Tray, theme: Theme) -> None:
    assert tray.has_host is QSystemTrayIcon.isSystemTrayAvailable()
    tray.show_tray(TRAY)
    theme.want_dark(True)
    tray.set_panel_is_dark(False)
    tray.close()
    assert entries(tray)[0].startswith("Newest")


def test_a_host_that_arrives_gets_a_new_icon(theme: Theme, qtbot: QtBot) -> None:
    hosts: list[str] = []
    tray = Tray(theme, is_host_there=lambda: bool(hosts))
    tray.show_tray(TRAY)
    assert not tray.has_host
    assert tray.findChildren(QSystemTrayIcon) == []
    hosts.append("panel")
    tray.host_arrived()
    first = tray.findChildren(QSystemTrayIcon)[-1]
    assert first.toolTip() == TRAY.tooltip
    assert not first.icon().isNull()
    with qtbot.waitSignal(tray.activated):
        first.activated.emit(QSystemTrayIcon.ActivationReason.Trigger)
    with qtbot.assertNotEmitted(tray.activated):
        first.activated.emit(QSystemTrayIcon.ActivationReason.Context)
    tray.host_arrived()
    assert tray.findChildren(QSystemTrayIcon)[-1] is not first
    tray.close()
