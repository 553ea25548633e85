"""The main window. Shows views, tells what the founder did, knows whether it is really in front.

Passive: it reads no clock, no database and no service. What fills it is built anew when the text
size or the density changes; its signals, its choices and the views it was given stay.
Over 400 lines, for each view and each event of the window passes here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QGuiApplication,
    QHideEvent,
    QImage,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from supportdesk.ui.choices import Choices
from supportdesk.ui.compose.composers import Composers
from supportdesk.ui.key_commands import KeyCommands, Pages, is_typing
from supportdesk.ui.keys import OVERVIEW
from supportdesk.ui.rows import (
    Action,
    CallsView,
    ClockView,
    EmptyView,
    FilesView,
    HealthView,
    InboxView,
    MessageView,
    Notice,
    Page,
    RailView,
    ReaderState,
    StripView,
    WeekView,
)
from supportdesk.ui.rows.composer import ComposerView, OutboxRow, UndoView
from supportdesk.ui.rows.morning import InView, MorningView
from supportdesk.ui.rows.note import NoteView
from supportdesk.ui.rows.voices import KeptWords, VoicesView
from supportdesk.ui.settings.forms import SettingsView
from supportdesk.ui.shell import Shell, Shown
from supportdesk.ui.theme.icons import app_icon
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.widgets.density import density_for
from supportdesk.ui.widgets.keys_dialog import KeysDialog
from supportdesk.ui.widgets.prose import Prose
from supportdesk.ui.window_places import WindowPlaces

if TYPE_CHECKING:
    from supportdesk.ui.compose.outbox_list import OutboxDialog

_START_SIZE = (1200, 800)
_TITLE_BAR = 40
_COVERED = "window covered"
_NO_MAIL = "no mail in view"
_LEAST_EMS = (44, 30)
_SECOND_MS = 1000
_MINUTE_MS = 60_000
_EXPOSURE_MS = 100
# Most desktops bring a window to the front in a tenth of that, or never.
_FRONT_MS = 1_000
_PAGE_KEYS = (
    ("Ctrl+1", Page.INBOX),
    ("Ctrl+2", Page.CALLS),
    ("Ctrl+3", Page.VOICES),
    ("Ctrl+4", Page.WEEK),
)
_MESSAGE_KEYS = (("Ctrl+P", Action.PRINT), ("Ctrl+Shift+C", Action.COPY_MESSAGE))
_ZOOM_KEYS = (("Ctrl++", 1), ("Ctrl+=", 1), ("Ctrl+-", -1), ("Ctrl+0", 0))


class MainWindow(QWidget):
    """Give it views through `show_*`; listen to `choices` and to the signals here."""

    reader_state_changed = Signal(object)
    """ReaderState: sent whenever it changes. Ask `reader_state()` again at every beat."""
    time_passed = Signal()
    """Every second while the strip ticks, every minute while visible, never while hidden."""
    hidden_to_tray = Signal()
    """The founder closed it, and it is where the tray is."""
    quit_asked = Signal()

    def __init__(
        self,
        theme: Theme,
        load_geometry: Callable[[], bytes],
        save_geometry: Callable[[bytes], None],
    ) -> None:
        super().__init__()
        theme.dress()
        self._theme = theme
        self._places = WindowPlaces(load_geometry, save_geometry)
        self._hides_on_close = True
        self._reader_state = ReaderState(message_key=None, is_counting_allowed=False)
        self._shown = Shown()
        self._outbox: OutboxDialog | None = None
        self.choices = Choices(self)
        self.choices.asked.connect(self._on_asked)
        self.composers = Composers(theme, self.choices, self)
        """Of all drafts that were opened in this run."""
        self.composers.docked.connect(self._on_docked)
        self.setWindowTitle("supportdesk")
        self.setWindowIcon(app_icon())
        self._set_least_size()
        self.resize(self._start_size())
        self._take_place()
        self._stack = QVBoxLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._density = density_for(theme, self.width())
        self._shell = self._build_shell()
        self._ticker = QTimer(self)
        self._ticker.timeout.connect(self.time_passed)
        self._exposure_wait = QTimer(self)
        self._exposure_wait.setSingleShot(True)
        self._exposure_wait.setInterval(_EXPOSURE_MS)
        self._exposure_wait.timeout.connect(self._tell_reader_state)
        self._front_wait = QTimer(self)
        self._front_wait.setSingleShot(True)
        self._front_wait.setInterval(_FRONT_MS)
        self._front_wait.timeout.connect(self._ask_for_attention)
        self._rebuild_wait = QTimer(self)
        self._rebuild_wait.setSingleShot(True)
        self._rebuild_wait.setInterval(0)
        self._rebuild_wait.timeout.connect(self._rebuild)
        theme.sizes_changed.connect(self._rebuild_wait.start)
        self._keys = KeyCommands(self.choices, self._shown)
        self._keys.all_keys_asked.connect(self.show_all_keys)
        self._add_shortcuts()

    # --- what is shown -----------------------------------------------------------------

    def show_strip(self, view: StripView) -> None:
        self._shown.strip = view
        self._shell.feed_strip()
        self._settle_ticker()

    def show_rail(self, view: RailView) -> None:
        self._shown.rail = view
        self._shell.feed_rail()

    def show_inbox(self, view: InboxView) -> None:
        self._shown.inbox = view
        self._shell.feed_page(Page.INBOX)

    def show_why_empty(self, view: EmptyView | None) -> None:
        """Why there is no message to choose, if not because nobody wrote."""
        if view != self._shown.why_empty:
            self._shown.why_empty = view
            self._shell.feed_page(Page.INBOX)

    def show_message(self, view: MessageView | None) -> None:
        known = self._shown.message
        if view is None or known is None or view.key != known.key:
            self._shown.pictures = {}
        self._shown.message = view
        self._shell.feed_page(Page.INBOX)
        if view is not None:
            self._shell.feed_piece(view.key)
        self._tell_reader_state()

    def show_morning(self, view: MorningView) -> None:
        known = self._shown.morning
        if known is not None and known.name == view.name:
            # Where the founder is now, not where they came to it.
            view = replace(view, place=known.place, is_at_end=known.is_at_end)
        self._shown.morning = view
        self._shell.feed_page(Page.MORNING)

    def refresh_piece(self, key: str) -> None:
        """Something else is known of this mail or call of the scroll."""
        self._shell.feed_piece(key)

    def show_in_view(self, where: InView) -> None:
        """Where the founder is in the scroll; a page that is built anew begins there."""
        shown = self._shown
        shown.in_view = where.key
        if shown.morning is not None:
            shown.morning = replace(
                shown.morning, place=where.key, is_at_end=where.is_end and not where.key
            )
        self._tell_reader_state()

    def show_picture(self, name: str, image: QImage) -> None:
        """A picture of the message on show, by its name in the HTML."""
        self._shown.pictures[name] = image
        self._shell.feed_picture(name)

    def show_files(self, view: FilesView) -> None:
        """How the attached files of the message on show are now."""
        if self._shell.inbox is not None:
            self._shell.inbox.show_files(view)

    def show_clock(self, view: ClockView) -> None:
        self._shown.clock = view
        self._shell.feed_clock()

    def show_calls(self, view: CallsView) -> None:
        self._shown.calls = view
        self._shell.feed_page(Page.CALLS)

    def show_note(self, view: NoteView | None) -> None:
        """Ask for a note, or no more; whoever types goes on typing, but where they asked for it."""
        had_keyboard = self._shell.note.has_keyboard
        is_same = view is not None and view.is_about_same(self._shown.note)
        self._shown.note = view
        self._shell.feed_note()
        if is_same:
            return
        is_busy = is_typing(self.focusWidget()) or QApplication.activePopupWidget() is not None
        is_due = had_keyboard or not is_busy
        if view is not None and (view.is_wanted or (self.isActiveWindow() and is_due)):
            self._shell.note.take_keyboard()
        elif had_keyboard and not self._shell.note.give_keyboard_back():
            self._shell.focus_start()

    def show_composer(self, view: ComposerView | None) -> None:
        """This answer stands below the message, or none; the others are kept as they are."""
        if view is not None:
            self.composers.show(view)
        self.composers.dock(view.draft_id if view is not None else "")

    def show_undo(self, view: UndoView | None) -> None:
        """What is about to be sent can be taken back; None: nothing is."""
        self._shown.undo = view
        self._shell.feed_undo()

    def show_lift(self, view: Notice | None) -> None:
        """What the team asks the founder for; None: nothing, or nothing any more."""
        if view != self._shown.lift:
            self._shown.lift = view
            self._shell.feed_lift()

    def show_outbox(self, rows: Sequence[OutboxRow]) -> None:
        """What was sent and may not have arrived; `Action.SHOW_OUTBOX` brings it to the front."""
        self._shown.outbox = tuple(rows)
        if self._outbox is not None:
            self._outbox.show_rows(rows)

    def selected_words(self) -> str:
        """What is selected in the message on show, or quoted below an answer; "" for nothing."""
        focused, reading = self.focusWidget(), self._shell.reading
        quoted = focused.selected_words if isinstance(focused, Prose) else ""
        return quoted or (reading.selected_words if reading is not None else "")

    def selected_at(self) -> int:
        """Where in the text of the message that begins."""
        return self._shell.reading.selected_at if self._shell.reading is not None else 0

    def choose_sentence(self) -> bool:
        """Select the first sentence of the message on show; False when there is none."""
        return self._shell.reading is not None and self._shell.reading.choose_sentence()

    @property
    def shows_message(self) -> bool:
        """What is asked for is about the message that can be read."""
        return self._shown.is_message_in_view

    def show_kept(self, view: KeptWords | None) -> None:
        """Words that were typed are kept: how they were felt can be said below the page."""
        self._shown.kept = view
        self._shell.feed_kept()

    def show_week(self, view: WeekView) -> None:
        self._shown.week = view
        self._shell.feed_page(Page.WEEK)

    def show_voices(self, view: VoicesView) -> None:
        self._shown.voices = view
        self._shell.feed_page(Page.VOICES)

    def show_health(self, view: HealthView) -> None:
        self._shown.health = view
        self._shell.feed_page(Page.HEALTH)

    def show_settings(self, view: SettingsView) -> None:
        self._shown.settings = view
        self._keys.are_letters_on = view.look.single_letter_keys
        self._shell.feed_page(Page.SETTINGS)

    def show_page(self, page: Page) -> None:
        was, self._shown.page = self._shown.page, page
        self._shown.is_first_run = False
        self._shell.feed()
        self.choices.page_shown.emit(page)
        if page is Page.MORNING:
            self._shell.focus_reading()
        elif was is Page.MORNING:
            self._shell.focus_start()
        self._tell_reader_state()

    def show_first_run(self) -> None:
        self._shown.is_first_run = True
        self._shell.feed()
        self._tell_reader_state()

    def show_all_keys(self) -> None:
        dialog = KeysDialog(self._theme, OVERVIEW, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def open_item(self, key: str) -> bool:
        """Brings the Inbox to the front with this conversation open; False when not listed."""
        self.show_page(Page.INBOX)
        inbox = self._shell.inbox
        return inbox is not None and inbox.open_item(key)

    def choose_caller(self, key: str) -> None:
        """Shows on the Calls page who of those waiting is meant."""
        if self._shell.calls is not None:
            self._shell.calls.choose_caller(key)

    def come_to_front(self) -> None:
        """Where the desktop refuses it, the entry in the taskbar asks for attention."""
        if not self.isVisible() and self._places.is_other_arrangement():
            self._take_place()
        # showNormal() would also take back that it fills the screen.
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()
        self._front_wait.start()

    def leave(self) -> None:
        """The founder is done with the window: it hides, or means to quit without a tray."""
        if self._hides_on_close:
            self.hide_to_tray()
        else:
            self.quit_asked.emit()

    def hide_to_tray(self) -> None:
        self.put_away()
        self.hidden_to_tray.emit()

    def put_away(self) -> None:
        """It is no longer shown; its place is kept."""
        self._front_wait.stop()
        self._keep_place()
        self.hide()

    def set_hides_on_close(self, hides: bool) -> None:
        """With a tray the window hides; without one closing it means to quit."""
        self._hides_on_close = hides

    @property
    def page(self) -> Page:
        return self._shown.page

    @property
    def is_first_run(self) -> bool:
        """The offers of the first run are on show, instead of a page."""
        return self._shown.is_first_run

    # --- the reader --------------------------------------------------------------------

    def reader_state(self) -> ReaderState:
        """Which message can be seen right now, and whether the window is in front."""
        shown = self._shown
        if shown.message is None or not shown.is_message_in_view:
            why_not = _NO_MAIL if shown.page is Page.MORNING else "nothing open"
            return ReaderState(message_key=None, is_counting_allowed=False, why_not=why_not)
        why_not = self._why_not_in_front()
        return ReaderState(
            message_key=shown.message.key, is_counting_allowed=not why_not, why_not=why_not
        )

    def _why_not_in_front(self) -> str:
        handle = self.windowHandle()
        if not self.isVisible() or handle is None:
            return "window hidden"
        if self.isMinimized():
            return "window minimised"
        if not self.isActiveWindow():
            return "window not in front"
        return "" if handle.isExposed() else _COVERED

    def _tell_reader_state(self) -> None:
        state = self.reader_state()
        if state.why_not == _COVERED:
            # In front, but not painted yet: Qt has no signal for the exposure that follows.
            self._exposure_wait.start()
        if state != self._reader_state:
            self._reader_state = state
            self.reader_state_changed.emit(state)

    # --- Qt ----------------------------------------------------------------------------

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.ActivationChange, QEvent.Type.WindowStateChange):
            self._tell_reader_state()
            self._settle_ticker()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.focusWidget() is None:
            self._shell.focus_start()
        self._settle_ticker()
        self.time_passed.emit()
        self._tell_reader_state()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._settle_ticker()
        self._tell_reader_state()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if density_for(self._theme, self.width()) is not self._density:
            self._rebuild_wait.start()

    def closeEvent(self, event: QCloseEvent) -> None:
        # A close that we make ourselves is the end of the program: ignoring it would stop the end.
        if self._hides_on_close and event.spontaneous():
            event.ignore()
            self.hide_to_tray()
            return
        self._keep_place()
        event.accept()
        if event.spontaneous():
            self.quit_asked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        focused = self.focusWidget()
        shell = self._shell
        pages = Pages(
            inbox=shell.inbox,
            calls=shell.calls,
            voices=shell.voices,
            week=shell.week,
            morning=shell.morning,
        )
        if is_typing(focused) or not self._keys.press(event, pages, focused):
            super().keyPressEvent(event)

    # --- inside ------------------------------------------------------------------------

    def _on_asked(self, action: Action, _target: str) -> None:
        match action:
            case Action.WHY_DEAF:
                self.show_page(Page.HEALTH)
            case Action.SHOW_INBOX:
                self.show_page(Page.INBOX)
            case Action.SHOW_CALLS:
                self.show_page(Page.CALLS)
            case Action.SHOW_WEEK:
                self.show_page(Page.WEEK)
            case Action.SHOW_VOICES:
                self.show_page(Page.VOICES)
            case Action.SHOW_MORNING:
                self.show_page(Page.MORNING)
            case Action.SHOW_ALL_KEYS:
                self.show_all_keys()
            case Action.SHOW_OUTBOX:
                self._open_outbox()
            case Action.COPY_REPORT:
                report = self._shown.health.report if self._shown.health else ""
                QGuiApplication.clipboard().setText(report)
            case _:
                pass

    def _open_outbox(self) -> None:
        from supportdesk.ui.compose.outbox_list import OutboxDialog

        if self._outbox is None:
            self._outbox = OutboxDialog(self._theme, self)
            self._outbox.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            self._outbox.destroyed.connect(self._outbox_closed)
            self._outbox.asked.connect(self.choices.asked)
            self._outbox.chosen.connect(self.choices.outbox_chosen)
        self._outbox.show_rows(self._shown.outbox)
        self._outbox.show()
        self._outbox.raise_()
        self._outbox.activateWindow()

    def _outbox_closed(self) -> None:
        self._outbox = None

    def _on_docked(self, composer: QWidget | None) -> None:
        self._shown.composer = composer
        self._shell.feed_composer()
        if composer is None and self.focusWidget() is None:
            self._shell.focus_reading()

    def _settle_ticker(self) -> None:
        """One timer, running only while somebody could see what it changes."""
        if not self.isVisible() or self.isMinimized():
            self._ticker.stop()
            return
        ticks = self._shown.strip is not None and self._shown.strip.ticks
        interval = _SECOND_MS if ticks else _MINUTE_MS
        if not self._ticker.isActive() or self._ticker.interval() != interval:
            coarse = Qt.TimerType.CoarseTimer if ticks else Qt.TimerType.VeryCoarseTimer
            self._ticker.setTimerType(coarse)
            self._ticker.start(interval)

    def _ask_for_attention(self) -> None:
        if self.isVisible() and not self.isActiveWindow():
            QApplication.alert(self)

    def _take_place(self) -> None:
        geometry = self._places.geometry()
        if geometry:
            self.restoreGeometry(QByteArray(geometry))

    def _keep_place(self) -> None:
        self._places.keep(bytes(self.saveGeometry().data()))

    def _start_size(self) -> QSize:
        """As designed, or what the screen has room for beside its panels and the title bar."""
        room = self.screen().availableSize() - QSize(0, _TITLE_BAR)
        return QSize(*_START_SIZE).boundedTo(room)

    def _set_least_size(self) -> None:
        em = self._theme.em()
        self.setMinimumSize(*(round(ems * em) for ems in _LEAST_EMS))

    def _build_shell(self) -> Shell:
        shell = Shell(self._theme, self._density, self._shown, self.choices)
        shell.rail.page_asked.connect(self.show_page)
        self._stack.addWidget(shell)
        return shell

    def _rebuild(self) -> None:
        density = density_for(self._theme, self.width())
        old = self._shell
        focused = self.focusWidget()
        is_writing = self.composers.owns(focused)
        self.composers.lift()
        self._density = density
        self._set_least_size()
        self._stack.removeWidget(old)
        old.hide()
        old.deleteLater()
        self._shell = self._build_shell()
        if is_writing and focused is not None:
            # What is not on show yet takes no keyboard.
            self._shell.show()
            focused.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._shown.page is Page.MORNING:
            # Space goes on moving on.
            self._shell.show()
            self._shell.focus_reading()

    def _add_shortcuts(self) -> None:
        for keys, page in _PAGE_KEYS:
            self._shortcut(keys, partial(self.show_page, page))
        self._shortcut("F6", lambda: self._shell.step_section(1, self.focusWidget()))
        self._shortcut("Shift+F6", lambda: self._shell.step_section(-1, self.focusWidget()))
        for keys, action in _MESSAGE_KEYS:
            self._shortcut(keys, partial(self._keys.ask_about_message, action))
        for keys, by in _ZOOM_KEYS:
            self._shortcut(keys, partial(self.choices.zoom_asked.emit, by))
        self._shortcut("Alt+Up", partial(self._keys.step_message, -1))
        self._shortcut("Alt+Down", partial(self._keys.step_message, 1))
        self._shortcut("Ctrl+W", self.leave)
        self._shortcut("Ctrl+Q", self.quit_asked.emit)

    def _shortcut(self, keys: str, act: Callable[[], object]) -> None:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.activated.connect(act)
