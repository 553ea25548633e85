"""The tray icon and its menu. Everything the tray offers can be reached from the menu alone.

Works without a tray host: the object stands ready and shows itself when `host_arrived` is called.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from supportdesk.ui.rows import (
    Page,
    PauseChoice,
    PresentChoice,
    PresentingLine,
    TrayEntry,
    TrayState,
    TrayView,
)
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import DARK, LIGHT, Ink
from supportdesk.ui.theme.tray_pixmaps import tray_pixmaps

MOST_PEOPLE = 8
_INKS = {
    TrayState.LISTENING: Ink.TEXT,
    TrayState.WAITING: Ink.ACCENT,
    TrayState.YOURS: Ink.AMBER_MARK,
    TrayState.PAUSED: Ink.TEXT,
    TrayState.NOT_LISTENING: Ink.BRICK_MARK,
}
_PRESENT_AN_HOUR = "I am presenting, for 1 h"
_PRESENT_ON = "Present until I end it"
_STARTING = TrayView(state=TrayState.NOT_LISTENING, tooltip="supportdesk is starting")
_OPENING_REASONS = (
    QSystemTrayIcon.ActivationReason.Trigger,
    QSystemTrayIcon.ActivationReason.DoubleClick,
)


def icon_name(state: TrayState, number: int) -> str:
    """The file of a state: five silhouettes, one with a number of 1-9, then 9+."""
    if state is TrayState.WAITING:
        digit = str(number) if 1 <= number <= 9 else "9plus"
        return f"tray-waiting-{digit}"
    return f"tray-{state.value}"


def tray_icon(state: TrayState, number: int, *, on_dark_panel: bool) -> QIcon:
    """Nobody tells the shade of a panel: the halo carries the icon where it is the other one."""
    colours = DARK if on_dark_panel else LIGHT
    halo = DARK[Ink.RAIL] if on_dark_panel else LIGHT[Ink.PAGE]
    name = icon_name(state, number)
    return tray_pixmaps(name, colours[_INKS[state]], colours[Ink.ON_ACCENT], halo)


class Tray(QObject):
    """Shows a TrayView; tells what the founder chose. It never blinks."""

    activated = Signal()
    entry_chosen = Signal(str)
    alert_chosen = Signal(str)
    call_back_asked = Signal(str)
    pause_asked = Signal(object)
    resume_asked = Signal()
    presenting_asked = Signal(object)
    page_asked = Signal(object)
    live_board_asked = Signal()
    outbox_asked = Signal()
    starter_asked = Signal()
    """The words of the day are to be copied."""
    quit_asked = Signal()

    def __init__(
        self,
        theme: Theme,
        parent: QObject | None = None,
        *,
        is_host_there: Callable[[], bool] = QSystemTrayIcon.isSystemTrayAvailable,
    ) -> None:
        super().__init__(parent)
        self._is_host_there = is_host_there
        self._theme = theme
        self._view = _STARTING
        self._panel_is_dark: bool | None = None
        self._icon: QSystemTrayIcon | None = None
        self._menu = QMenu()
        self._pause_menu = QMenu("Pause alerts", self._menu)
        self._icons: dict[tuple[str, bool], QIcon] = {}
        self._is_stale = False
        self._menu.aboutToShow.connect(theme.dress)
        self._menu.aboutToHide.connect(self._refill)
        self._fill_menu()
        theme.desktop_changed.connect(self._paint)
        self.host_arrived()

    @property
    def has_host(self) -> bool:
        return self._is_host_there()

    @property
    def menu(self) -> QMenu:
        return self._menu

    def host_arrived(self) -> None:
        """Makes a new icon: one that was made without a host never appears."""
        if self._icon is not None:
            self._icon.hide()
            self._icon.deleteLater()
            self._icon = None
        if not self.has_host:
            return
        icon = QSystemTrayIcon(self)
        icon.setContextMenu(self._menu)
        icon.activated.connect(self._on_activated)
        self._icon = icon
        self._paint()
        icon.show()

    def set_panel_is_dark(self, is_dark: bool | None) -> None:
        """The shade of the panel by setting; None takes the scheme of the desktop."""
        self._panel_is_dark = is_dark
        self._paint()

    def show_tray(self, view: TrayView) -> None:
        old, self._view = self._view, view
        if old == view:
            return
        self._paint()
        if _menu_part(old) == _menu_part(view):
            return
        if self._menu.isVisible():
            self._is_stale = True
        else:
            self._fill_menu()

    def close(self) -> None:
        if self._icon is not None:
            self._icon.hide()

    # --- inside ------------------------------------------------------------------------

    def _paint(self) -> None:
        if self._icon is None:
            return
        is_dark = self._panel_is_dark
        if is_dark is None:
            is_dark = self._theme.is_desktop_dark
        key = (icon_name(self._view.state, self._view.number), is_dark)
        if key not in self._icons:
            self._icons[key] = tray_icon(self._view.state, self._view.number, on_dark_panel=is_dark)
        self._icon.setIcon(self._icons[key])
        self._icon.setToolTip(self._view.tooltip)

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in _OPENING_REASONS:
            self.activated.emit()

    def _refill(self) -> None:
        """An open menu keeps its lines; what changed meanwhile comes when it closes."""
        if self._is_stale:
            self._is_stale = False
            # Queued: the chosen action is still to be triggered after the menu has hidden.
            QTimer.singleShot(0, self, self._fill_menu)

    def _fill_menu(self) -> None:
        menu, view = self._menu, self._view
        menu.clear()
        self._add_newest(view.newest_alert)
        self._add_people(view.people)
        if view.unsent_line:
            self._add(view.unsent_line).triggered.connect(self.outbox_asked)
        self._add("Open supportdesk").triggered.connect(self.activated)
        self._add_page("Morning scroll", Page.MORNING)
        self._add("Live board").triggered.connect(self.live_board_asked)
        if view.week_line:
            self._add_page(view.week_line, Page.WEEK)
        self._add_talk(view)
        if view.starter_line:
            self._add(view.starter_line).triggered.connect(self.starter_asked)
        self._fill_pause(view.paused_line)
        menu.addMenu(self._pause_menu)
        self._add_presenting(view.presenting)
        menu.addSeparator()
        self._add_page(view.health_line or "Is it working?", Page.HEALTH)
        self._add_page("Settings", Page.SETTINGS)
        menu.addSeparator()
        self._add("Quit").triggered.connect(self.quit_asked)

    def _add(self, label: str) -> QAction:
        # "&" would become an underlined letter: "Levain & Daughters" must keep its sign.
        return self._menu.addAction(label.replace("&", "&&"))

    def _add_newest(self, newest: TrayEntry | None) -> None:
        if newest is None:
            return
        self._add(newest.label).triggered.connect(
            lambda _=False, key=newest.key: self.alert_chosen.emit(key)
        )
        self._menu.addSeparator()

    def _add_people(self, people: Sequence[TrayEntry]) -> None:
        for person in people[:MOST_PEOPLE]:
            self._add(person.label).triggered.connect(
                lambda _=False, key=person.key: self.entry_chosen.emit(key)
            )
        if people:
            self._menu.addSeparator()

    def _add_talk(self, view: TrayView) -> None:
        if view.talk_line:
            self._add_page(view.talk_line, Page.WEEK)
        if view.call_back is not None:
            key = view.call_back.key
            entry = self._add(view.call_back.label)
            entry.triggered.connect(lambda _=False: self.call_back_asked.emit(key))

    def _add_presenting(self, line: PresentingLine | None) -> None:
        """One click begins it and one ends it: somebody is looking already."""
        entry = self._add(line.label if line else _PRESENT_AN_HOUR)
        entry.setCheckable(True)
        entry.setChecked(line is not None)
        choice = PresentChoice.OFF if line else PresentChoice.HOUR
        entry.triggered.connect(lambda: self._ask_to_present(choice))
        if line is not None and line.has_end:
            lasting = self._add(_PRESENT_ON)
            lasting.triggered.connect(lambda: self._ask_to_present(PresentChoice.OPEN))

    def _ask_to_present(self, choice: PresentChoice) -> None:
        """Queued: what comes of it fills the menu anew, and the click is not over yet."""
        QTimer.singleShot(0, self, lambda: self._asked_to_present(choice))

    def _asked_to_present(self, choice: PresentChoice) -> None:
        self.presenting_asked.emit(choice)
        # The click has turned the tick, and perhaps nothing came of it.
        self._fill_menu()

    def _add_page(self, label: str, page: Page) -> None:
        self._add(label).triggered.connect(lambda _=False: self.page_asked.emit(page))

    def _fill_pause(self, paused_line: str) -> None:
        menu = self._pause_menu
        menu.clear()
        menu.setTitle(paused_line or "Pause alerts")
        for choice in PauseChoice:
            entry = menu.addAction(choice.value)
            entry.triggered.connect(lambda _=False, c=choice: self.pause_asked.emit(c))
        if paused_line:
            menu.addSeparator()
            menu.addAction("Resume").triggered.connect(self.resume_asked)


def _menu_part(view: TrayView) -> tuple[object, ...]:
    return (
        *(view.newest_alert, view.people, view.week_line, view.talk_line),
        *(view.call_back, view.health_line, view.paused_line, view.presenting, view.unsent_line),
        view.starter_line,
    )
