"""The window: pages, keys, who is in front, timers that run only when needed, closing."""

import gc
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from supportdesk.ui.gallery import make_believe as scene
from supportdesk.ui.gallery.make_believe_calls import CALLS
from supportdesk.ui.gallery.make_believe_health import HEALTH
from supportdesk.ui.gallery.make_believe_mail import CONVERSATION
from supportdesk.ui.gallery.make_believe_week import WEEK
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.rows import Action, ActionButton, Page, RailView, ReaderState, StripKind
from supportdesk.ui.settings.forms import LookOptions, SettingsView
from supportdesk.ui.theme import Theme
from supportdesk.ui.widgets.keys_dialog import KeysDialog
from tests.ui.looking import focused, named, type_keys


class Ledger:
    """Keeps what the window told."""

    def __init__(self, window: MainWindow) -> None:
        self.asked: list[tuple[Action, str]] = []
        self.chosen: list[str] = []
        self.pages: list[Page] = []
        window.choices.asked.connect(lambda action, key: self.asked.append((action, key)))
        window.choices.conversation_chosen.connect(self.chosen.append)
        window.choices.page_shown.connect(self.pages.append)


@pytest.fixture
def saved() -> list[bytes]:
    return []


@pytest.fixture
def window(theme: Theme, qtbot: QtBot, saved: list[bytes]) -> Iterator[MainWindow]:
    made = MainWindow(theme, lambda: saved[-1] if saved else b"", saved.append)
    made.show_strip(scene.STRIPS[StripKind.QUIET])
    made.show_rail(RailView(inbox_count="6", calls_count="2"))
    made.show_inbox(scene.INBOX)
    made.show_calls(CALLS)
    made.show_week(WEEK)
    made.show_health(HEALTH)
    made.resize(1200, 800)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    qtbot.waitExposed(made)
    yield made
    made.hide()
    made.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def ledger(window: MainWindow) -> Ledger:
    return Ledger(window)


# --- keys ------------------------------------------------------------------------------------


def test_j_and_k_walk_the_list(window: MainWindow, ledger: Ledger) -> None:
    type_keys(window, "jjk")
    assert ledger.chosen == ["ingrid", "pavel", "ingrid"]


def test_message_keys_ask_for_the_conversation(window: MainWindow, ledger: Ledger) -> None:
    window.show_message(scene.MESSAGE)
    type_keys(window, "rox")
    assert ledger.asked == [
        (Action.REPLY, "ingrid"),
        (Action.OPEN_IN_CLIENT, "ingrid"),
        (Action.NO_REPLY, "ingrid"),
    ]


def test_brackets_and_arrows_walk_the_messages_of_a_conversation(window: MainWindow) -> None:
    asked: list[str] = []
    window.choices.message_chosen.connect(asked.append)
    window.show_message(CONVERSATION)
    type_keys(window, "[]")
    for keys in ("Alt+Up", "Alt+Down"):
        QTest.keySequence(window, QKeySequence(keys))
    assert asked == ["m4", "m6", "m4", "m6"]
    window.show_message(scene.MESSAGE)
    type_keys(window, "[]")
    assert len(asked) == 4


def test_keys_about_a_message_ask_only_for_what_is_offered(
    window: MainWindow, ledger: Ledger
) -> None:
    offers = (
        ActionButton(action=Action.SHOW_ORIGINAL, label="Show original"),
        ActionButton(action=Action.PRINT, label="Print…"),
        ActionButton(action=Action.COPY_MESSAGE, label="Copy", is_enabled=False),
    )
    window.show_message(replace(CONVERSATION, more=offers))
    type_keys(window, "visgu")
    for keys in ("Ctrl+P", "Ctrl+Shift+C"):
        QTest.keySequence(window, QKeySequence(keys))
    assert ledger.asked == [
        (Action.SHOW_ORIGINAL, "ingrid"),
        (Action.SHOW_IMAGES, "ingrid"),
        (Action.UNDO, "ingrid"),
        (Action.PRINT, "ingrid"),
    ]


def test_e_folds_and_unfolds_the_quote(window: MainWindow) -> None:
    window.show_message(scene.MESSAGE)
    type_keys(window, "e")
    assert named(window, "Quoted text").isVisible()


def test_space_turns_the_page_of_the_message_from_the_list_too(window: MainWindow) -> None:
    long = replace(scene.MESSAGE, html="<p>words and more words</p>" * 80)
    window.show_message(long)
    area = named(window, "Message")
    assert isinstance(area, QScrollArea)
    QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Space)
    there = area.verticalScrollBar().value()
    assert there > 0
    shift = Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Space, shift)
    assert area.verticalScrollBar().value() < there


def test_control_and_plus_minus_nought_or_the_wheel_zoom(window: MainWindow) -> None:
    steps: list[int] = []
    window.choices.zoom_asked.connect(steps.append)
    window.show_message(scene.MESSAGE)
    for keys in ("Ctrl++", "Ctrl+-", "Ctrl+0"):
        QTest.keySequence(window, QKeySequence(keys))
    assert steps == [1, -1, 0]


def test_message_keys_need_a_message(window: MainWindow, ledger: Ledger) -> None:
    type_keys(window, "rox")
    assert ledger.asked == []


def test_t_takes_the_call_of_the_strip(window: MainWindow, ledger: Ledger) -> None:
    window.show_strip(scene.STRIPS[StripKind.YOURS])
    type_keys(window, "t")
    assert ledger.asked == [(Action.TAKE_CALL, "call-1")]


def test_t_without_a_strip_button_takes_the_longest_waiting(
    window: MainWindow, ledger: Ledger
) -> None:
    type_keys(window, "t")
    assert ledger.asked == [(Action.TAKE_CALL, "call-1")]


def test_b_calls_back_who_is_being_read_or_the_oldest(window: MainWindow, ledger: Ledger) -> None:
    type_keys(window, "b")
    window.show_message(scene.MESSAGE)
    type_keys(window, "b")
    window.show_page(Page.CALLS)
    type_keys(window, "b")
    assert ledger.asked == [
        (Action.CALL_BACK, "person/ingrid"),
        (Action.CALL_BACK, "m1"),
    ]


def test_letters_are_text_in_the_search_field(
    window: MainWindow, ledger: Ledger, qtbot: QtBot
) -> None:
    searched: list[str] = []
    window.choices.search_changed.connect(searched.append)
    window.show_message(scene.MESSAGE)
    type_keys(window, "/")
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    type_keys(window, "rot")
    assert ledger.asked == []
    assert searched == ["r", "ro", "rot"]
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert searched[-1] == ""
    assert not field.isVisible()


def test_letters_can_be_turned_off(window: MainWindow, ledger: Ledger) -> None:
    window.show_settings(SettingsView(look=LookOptions(single_letter_keys=False)))
    window.show_message(scene.MESSAGE)
    type_keys(window, "rj")
    assert ledger.asked == []
    assert ledger.chosen == []


def test_question_mark_opens_the_overview(window: MainWindow, qtbot: QtBot) -> None:
    type_keys(window, "?")
    dialog = window.findChild(KeysDialog)
    assert dialog is not None
    assert dialog.isVisible()
    dialog.reject()


@pytest.mark.parametrize(
    ("key", "page"),
    [(Qt.Key.Key_1, Page.INBOX), (Qt.Key.Key_2, Page.CALLS), (Qt.Key.Key_4, Page.WEEK)],
)
def test_control_and_a_digit_open_a_page(
    window: MainWindow, ledger: Ledger, key: Qt.Key, page: Page
) -> None:
    QTest.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)
    assert window.page is page
    assert ledger.pages == [page]


def test_f6_goes_round_strip_rail_list_reading(window: MainWindow, qtbot: QtBot) -> None:
    window.show_strip(scene.STRIPS[StripKind.YOURS])
    window.show_message(scene.MESSAGE)
    named(window, "Take call").setFocus()
    seen = []
    for _ in range(4):
        QTest.keyClick(focused(), Qt.Key.Key_F6)
        seen.append(focused().accessibleName())
    assert seen == ["Inbox 6", "Morning scroll (M)", "Previous (k)", "Take call"]
    QTest.keyClick(focused(), Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert focused().accessibleName() == "Previous (k)"


def test_tab_goes_strip_rail_list_reading(window: MainWindow, qtbot: QtBot) -> None:
    window.show_message(scene.MESSAGE)
    window.show_strip(scene.STRIPS[StripKind.YOURS])
    QApplication.processEvents()
    named(window, "Take call").setFocus()
    seen = []
    for _ in range(9):
        QTest.keyClick(focused(), Qt.Key.Key_Tab)
        seen.append(focused().accessibleName())
    assert seen == [
        "Inbox 6",
        "Morning scroll (M)",
        "Search (/)",
        "Conversations",
        "Previous (k)",
        "Next (j)",
        "More actions (.)",
        "Call back",
        "Message text",
    ]


def test_escape_goes_from_the_reading_to_the_list(window: MainWindow, qtbot: QtBot) -> None:
    window.show_message(scene.MESSAGE)
    named(window, "Message text").setFocus()
    QTest.keyClick(focused(), Qt.Key.Key_Escape)
    assert focused().accessibleName() == "Conversations"


# --- showing ---------------------------------------------------------------------------------


def test_an_item_opens_from_any_page(window: MainWindow, ledger: Ledger) -> None:
    window.show_page(Page.WEEK)
    assert window.open_item("aubry")
    assert window.page is Page.INBOX
    assert ledger.chosen == ["aubry"]
    assert not window.open_item("nobody")


def test_why_leads_to_the_health_page_and_the_report_to_the_clipboard(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.show_strip(scene.STRIPS[StripKind.DEAF])
    QTest.mouseClick(named(window, "Why?"), Qt.MouseButton.LeftButton)
    assert window.page is Page.HEALTH
    QTest.mouseClick(named(window, "Copy report"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == HEALTH.report
    assert named(window, "Copied").isVisible()


def test_larger_text_builds_the_window_anew_and_keeps_everything(
    window: MainWindow, theme: Theme, ledger: Ledger, qtbot: QtBot
) -> None:
    window.show_message(scene.MESSAGE)
    with qtbot.waitSignal(theme.sizes_changed):
        theme.set_text_scale(2.0)
    qtbot.waitUntil(lambda: named(window, "Inbox 6").height() > 60)
    assert named(window, "About Ingrid Solheim").isVisible()
    type_keys(window, "r")
    assert ledger.asked == [(Action.REPLY, "ingrid")]


def test_a_narrow_window_turns_to_the_icon_rail(window: MainWindow, qtbot: QtBot) -> None:
    wide = named(window, "Pages").width()
    window.resize(700, 600)
    qtbot.waitUntil(lambda: named(window, "Pages").width() < wide)
    window.resize(1200, 800)
    qtbot.waitUntil(lambda: named(window, "Pages").width() == wide)


def test_first_run_offers_two_ways_and_enter_takes_the_first(
    window: MainWindow, ledger: Ledger
) -> None:
    window.show_first_run()
    QTest.mouseClick(named(window, "Connect your inbox"), Qt.MouseButton.LeftButton)
    QTest.keyClick(named(window, "Welcome"), Qt.Key.Key_Return)
    assert ledger.asked == [(Action.CONNECT_MAIL, ""), (Action.OPEN_PRACTICE_DESK, "")]
    window.show_page(Page.INBOX)
    assert named(window, "Conversations").isVisible()


# --- the reader --------------------------------------------------------------------------------


def test_reading_counts_only_in_front_with_a_message_open(window: MainWindow, qtbot: QtBot) -> None:
    told: list[ReaderState] = []
    window.reader_state_changed.connect(told.append)
    assert window.reader_state().message_key is None
    window.show_message(scene.MESSAGE)
    assert window.reader_state() == ReaderState(
        message_key=scene.MESSAGE.key, is_counting_allowed=True
    )
    window.show_page(Page.CALLS)
    window.show_page(Page.INBOX)
    assert [state.is_counting_allowed for state in told] == [True, False, True]


def test_another_window_in_front_stops_the_counting(window: MainWindow, qtbot: QtBot) -> None:
    window.show_message(scene.MESSAGE)
    other = QWidget()
    qtbot.addWidget(other)
    with qtbot.waitSignal(window.reader_state_changed) as told:
        other.show()
        other.activateWindow()
    assert told.args is not None
    assert told.args[0].why_not == "window not in front"
    other.close()


def test_a_hidden_window_stops_the_counting(window: MainWindow, qtbot: QtBot) -> None:
    window.show_message(scene.MESSAGE)
    with qtbot.waitSignal(window.reader_state_changed):
        window.hide()
    assert window.reader_state() == ReaderState(
        message_key=scene.MESSAGE.key, is_counting_allowed=False, why_not="window hidden"
    )


def test_a_minimised_window_stops_the_counting(window: MainWindow, qtbot: QtBot) -> None:
    window.show_message(scene.MESSAGE)
    window.showMinimized()
    qtbot.waitUntil(lambda: not window.reader_state().is_counting_allowed)
    window.come_to_front()
    qtbot.waitUntil(lambda: window.reader_state().is_counting_allowed)


def test_a_window_that_filled_the_screen_fills_it_again(window: MainWindow, qtbot: QtBot) -> None:
    window.showMaximized()
    window.showMinimized()
    qtbot.waitUntil(window.isMinimized)
    window.come_to_front()
    assert (window.isMinimized(), window.isMaximized()) == (False, True)


# --- time and closing --------------------------------------------------------------------------


def test_seconds_pass_only_while_the_strip_ticks(window: MainWindow, qtbot: QtBot) -> None:
    window.show_strip(scene.STRIPS[StripKind.YOURS])
    with qtbot.waitSignal(window.time_passed, timeout=2500):
        pass
    window.show_strip(scene.STRIPS[StripKind.QUIET])
    with qtbot.assertNotEmitted(window.time_passed, wait=1300):
        pass


def test_time_stands_still_while_hidden_and_passes_at_once_when_shown(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.show_strip(scene.STRIPS[StripKind.YOURS])
    window.hide()
    with qtbot.assertNotEmitted(window.time_passed, wait=1300):
        pass
    passed: list[bool] = []
    window.time_passed.connect(lambda: passed.append(True))
    window.show()
    assert passed, "it does not wait for the next second"


def test_closing_hides_while_there_is_a_tray(
    window: MainWindow, qtbot: QtBot, saved: list[bytes]
) -> None:
    with qtbot.waitSignal(window.hidden_to_tray), qtbot.assertNotEmitted(window.quit_asked):
        QTest.keyClick(window, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    assert not window.isVisible()
    assert saved


def test_closing_asks_to_quit_without_a_tray(window: MainWindow, qtbot: QtBot) -> None:
    window.set_hides_on_close(False)
    with qtbot.waitSignal(window.quit_asked):
        QTest.keyClick(window, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)


def test_a_close_by_the_program_is_never_refused(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(window.hidden_to_tray), qtbot.assertNotEmitted(window.quit_asked):
        assert window.close()


def _living_after(window: MainWindow, theme: Theme, scale: float) -> tuple[int, int]:
    """How many widgets Qt knows and how many Qt objects Python holds, with every page shown."""
    theme.set_text_scale(scale)
    for page in (*Page, Page.INBOX):
        QApplication.processEvents()
        window.show_page(page)
    QApplication.processEvents()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    held = sum(isinstance(one, QObject) for one in gc.get_objects())
    return len(QApplication.allWidgets()), held


def test_windows_built_anew_leave_nothing_behind(window: MainWindow, theme: Theme) -> None:
    window.show_message(CONVERSATION)
    # As in the app: what the first window is made of is not looked through for garbage again.
    gc.freeze()
    for scale in (1.25, 2.0, 1.0):
        _living_after(window, theme, scale)
    first = _living_after(window, theme, 1.25)
    for _ in range(5):
        for scale in (2.0, 1.0):
            _living_after(window, theme, scale)
        assert _living_after(window, theme, 1.25) == first


def test_the_size_comes_back(theme: Theme, qtbot: QtBot) -> None:
    kept: list[bytes] = []
    first = MainWindow(theme, lambda: b"", kept.append)
    first.resize(763, 707)
    first.show()
    first.close()
    second = MainWindow(theme, lambda: kept[-1], kept.append)
    assert (second.width(), second.height()) == (763, 707)
    for window in (first, second):
        window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
