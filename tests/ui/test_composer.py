"""The composer: what is typed outlives everything around it, and is told in time."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QImage,
    QInputMethodEvent,
    QTextCursor,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from supportdesk.domain.answers import DraftEdit, Recipients
from supportdesk.domain.mail import Mailer
from supportdesk.ui.compose.compose_window import ComposeWindow
from supportdesk.ui.compose.composer import Composer
from supportdesk.ui.compose.editor import Editor
from supportdesk.ui.compose.recipients import MOST_CHIPS, ChipButton
from supportdesk.ui.compose.recipients_dialog import RecipientsDialog
from supportdesk.ui.gallery import make_believe as scene
from supportdesk.ui.gallery.make_believe_compose import (
    COMPOSER,
    DRAFT,
    HELD,
    NEWS,
    NOT_KEPT,
    RTL,
)
from supportdesk.ui.gallery.make_believe_mail import CONVERSATION
from supportdesk.ui.inbox.person_card import PersonCard
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.rows import Action, Page, StripKind
from supportdesk.ui.rows.composer import ComposerView, HeldChoice, RecipientLine
from supportdesk.ui.theme import Theme
from supportdesk.ui.theme.tokens import TypeRole
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.tab_order import focusable
from tests.ui.looking import named, settle, type_keys, words

EMPTY = replace(COMPOSER, body="", cursor=0)
WAIT_MS = 30_000


class Heard:
    """Everything that was chosen in the composer, in order."""

    def __init__(self, window: MainWindow) -> None:
        self.all: list[tuple[object, ...]] = []
        self.edits: list[DraftEdit] = []
        choices = window.choices
        for name in (
            *("draft_put_away", "draft_discarded", "send_asked", "undo_asked", "send_now_asked"),
            *("held_chosen", "files_added", "picture_pasted", "file_removed", "replies_asked"),
            *("reply_chosen", "asked", "item_chosen"),
        ):
            getattr(choices, name).connect(lambda *what, n=name: self.all.append((n, *what)))
        choices.draft_typed.connect(lambda one: self.all.append(("typed", one)))
        choices.draft_changed.connect(self._edited)

    def _edited(self, draft_id: str, edit: DraftEdit) -> None:
        self.edits.append(edit)
        self.all.append(("edited", draft_id))

    def names(self) -> list[object]:
        return [what[0] for what in self.all]


@pytest.fixture
def window(theme: Theme, qtbot: QtBot) -> Iterator[MainWindow]:
    made = MainWindow(theme, lambda: b"", lambda _: None)
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.show_strip(scene.STRIPS[StripKind.QUIET])
    made.show_inbox(scene.INBOX)
    made.show_message(scene.MESSAGE)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow, timeout=WAIT_MS)
    yield made
    made.close()


@pytest.fixture
def heard(window: MainWindow) -> Heard:
    return Heard(window)


def opened(window: MainWindow, view: ComposerView = EMPTY) -> Composer:
    window.show_composer(view)
    window.composers.take_keyboard(view.draft_id)
    settle()
    return composer_of(window)


def composer_of(window: MainWindow) -> Composer:
    composer = window.composers.docked_one
    assert composer is not None
    return composer


def type_words(composer: Composer, words: str) -> Editor:
    QTest.keyClicks(composer.editor, words)
    return composer.editor


def sync(window: MainWindow) -> None:
    window.show_inbox(scene.DEAF_INBOX)
    window.show_inbox(scene.INBOX)
    window.show_message(None)
    window.show_message(CONVERSATION)
    window.show_strip(scene.STRIPS[StripKind.YOURS])


def other_size(window: MainWindow) -> None:
    window._theme.set_text_scale(2.0)


def other_colours(window: MainWindow) -> None:
    window._theme.want_dark(True)


def narrower(window: MainWindow) -> None:
    window.resize(700, 500)


def other_page(window: MainWindow) -> None:
    window.show_page(Page.CALLS)
    settle()
    window.show_page(Page.INBOX)


def other_row(window: MainWindow) -> None:
    window.show_message(CONVERSATION)
    window.show_composer(None)
    settle()
    window.show_message(scene.MESSAGE)
    window.show_composer(COMPOSER)


def own_window_and_back(window: MainWindow) -> None:
    composer = composer_of(window)
    composer.moved.emit(DRAFT)
    settle()
    assert composer.window() is not window
    composer.moved.emit(DRAFT)


def new_words_around_it(window: MainWindow) -> None:
    window.show_composer(replace(NEWS, body="nothing of this", subject="nor this"))
    window.show_composer(EMPTY)


HAPPENINGS = (
    *(sync, other_size, other_colours, narrower, other_page, other_row),
    *(own_window_and_back, new_words_around_it),
)


@pytest.mark.parametrize("happen", HAPPENINGS)
def test_what_is_typed_outlives_all_that_is_built_anew(
    window: MainWindow, heard: Heard, happen: object
) -> None:
    editor = type_words(opened(window), "first")
    type_words(composer_of(window), " second")
    cursor = editor.textCursor()
    cursor.setPosition(3)
    cursor.setPosition(5, QTextCursor.MoveMode.KeepAnchor)
    editor.setTextCursor(cursor)
    happen(window)  # type: ignore[operator]
    settle()
    composer = composer_of(window)
    assert composer.editor is editor
    assert editor.text == "first second"
    assert editor.isVisible()
    assert editor.textCursor().selectedText() == "st"
    editor.undo()
    assert editor.text != "first second"
    editor.redo()
    assert editor.text == "first second"


@pytest.mark.parametrize("happen", [sync, other_size, other_colours, narrower, new_words_around_it])
def test_the_word_being_typed_keeps_the_keyboard(window: MainWindow, happen: object) -> None:
    editor = type_words(opened(window), "wo")
    happen(window)  # type: ignore[operator]
    settle()
    assert QApplication.focusWidget() is editor
    type_keys(window, "rd")
    assert editor.text == "word"


@pytest.mark.parametrize("happen", [sync, other_colours, new_words_around_it])
def test_what_an_input_method_composes_is_not_cut_off(window: MainWindow, happen: object) -> None:
    editor = type_words(opened(window), "a ")
    QApplication.sendEvent(editor, QInputMethodEvent("にほ", []))
    happen(window)  # type: ignore[operator]
    settle()
    assert editor.textCursor().block().layout().preeditAreaText() == "にほ"
    assert editor.text == "a "
    event = QInputMethodEvent("", [])
    event.setCommitString("日本")
    QApplication.sendEvent(editor, event)
    assert editor.text == "a 日本"


def test_subject_and_half_an_address_outlive_another_size(window: MainWindow) -> None:
    composer = opened(window)
    subject = named(composer, "Subject")
    QTest.keyClick(subject, Qt.Key.Key_End)
    QTest.keyClicks(subject, " and more")
    entry = named(composer, "To")
    entry.setFocus()
    QTest.keyClicks(entry, "anna@exa")
    other_size(window)
    settle()
    assert composer.edit().subject == f"{COMPOSER.subject} and more"
    assert composer.head._lines[RecipientLine.TO].entry.text() == "anna@exa"


def test_another_size_is_that_of_all_its_fields(window: MainWindow, qtbot: QtBot) -> None:
    composer = opened(window)
    theme = window._theme
    other_size(window)
    wanted = theme.font(TypeRole.READ).pointSizeF()
    qtbot.waitUntil(lambda: composer.editor.font().pointSizeF() == wanted, timeout=WAIT_MS)
    body = theme.font().pointSizeF()
    caption = theme.font(TypeRole.CAPTION).pointSizeF()

    def are_all() -> bool:
        fields = (composer.head._from, composer.head._lines[RecipientLine.TO].entry)
        return all(one.font().pointSizeF() == body for one in fields) and all(
            one.font().pointSizeF() == caption for one in composer.head._labels
        )

    qtbot.waitUntil(are_all, timeout=WAIT_MS)
    settle()
    assert are_all()
    assert composer.editor.font().pointSizeF() == wanted


def test_keys_are_text_and_nothing_else(window: MainWindow, heard: Heard) -> None:
    composer = opened(window)
    type_words(composer, "rjkxou?t/.#")
    assert composer.editor.text == "rjkxou?t/.#"
    assert set(heard.names()) == {"typed"}
    attach = named(composer, "Attach files (Ctrl+Shift+A)")
    attach.setFocus()
    QTest.keyClicks(attach, "rxo")
    assert set(heard.names()) == {"typed"}


def test_each_key_is_told_at_once_and_the_text_within_a_second(
    window: MainWindow, heard: Heard, qtbot: QtBot
) -> None:
    composer = opened(window)
    type_words(composer, "abc")
    assert heard.names() == ["typed"] * 3
    qtbot.waitUntil(lambda: bool(heard.edits), timeout=WAIT_MS)
    assert heard.edits[-1].body == "abc"
    assert heard.edits[-1].cursor == 3
    assert heard.edits[-1].recipients == COMPOSER.recipients


def test_who_types_without_a_pause_is_told_too(
    window: MainWindow, heard: Heard, qtbot: QtBot
) -> None:
    composer = opened(window)

    def type_on() -> bool:
        type_words(composer, "x")
        return bool(heard.edits)

    qtbot.waitUntil(type_on, timeout=WAIT_MS)
    assert len(heard.edits[0].body) > 5


def test_before_it_is_sent_all_of_it_is_told(window: MainWindow, heard: Heard) -> None:
    composer = opened(window)
    type_words(composer, "Dear Ingrid")
    QTest.keyClick(composer.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert heard.names()[-2:] == ["edited", "send_asked"]
    assert composer.editor.text == "Dear Ingrid"


def test_escape_puts_it_away(window: MainWindow, heard: Heard) -> None:
    composer = opened(window)
    type_words(composer, "half")
    QTest.keyClick(composer.editor, Qt.Key.Key_Escape)
    assert heard.names()[-2:] == ["edited", "draft_put_away"]
    window.show_composer(None)
    assert (QApplication.focusWidget() or composer).accessibleName() == "Message text"


def test_of_a_very_long_text_not_every_word_is_counted(window: MainWindow) -> None:
    composer = opened(window, replace(COMPOSER, body="word " * 40_000, cursor=0))
    assert "over 10,000 words" in words(composer)


def test_where_the_cursor_is_is_told_and_is_no_typing(
    window: MainWindow, heard: Heard, qtbot: QtBot
) -> None:
    composer = opened(window, COMPOSER)
    QTest.keyClick(composer.editor, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(heard.edits), timeout=WAIT_MS)
    assert heard.edits[-1].cursor == 0
    assert heard.names() == ["edited"]


def test_words_are_counted_without_the_signature(
    window: MainWindow, heard: Heard, qtbot: QtBot
) -> None:
    composer = opened(window, replace(COMPOSER, body="\n\n-- \nTom", cursor=0))
    assert "0 words" in words(composer)
    type_words(composer, "Dear Ingrid, thank you")
    qtbot.waitUntil(lambda: "4 words" in words(composer), timeout=WAIT_MS)


def test_flush_tells_what_all_composers_hold(window: MainWindow, heard: Heard) -> None:
    type_words(opened(window), "one")
    other = replace(EMPTY, draft_id="other")
    type_words(opened(window, other), "two")
    window.composers.flush()
    window.composers.flush()
    assert [edit.body for edit in heard.edits] == ["one", "two"]


def test_spaces_that_do_not_break_and_emoji_come_as_they_are(window: MainWindow) -> None:
    text = "Ça va\u00a0? 👋🏽 \u2028 x"
    composer = opened(window, replace(COMPOSER, body=text, cursor=len(text)))
    assert composer.edit().body == text.replace("\u2028", "\n")
    assert composer.edit().cursor == len(text)


def test_the_composer_of_a_sent_draft_goes(window: MainWindow) -> None:
    opened(window)
    window.composers.close(DRAFT)
    settle()
    assert window.composers.docked_one is None
    assert not window.findChildren(Composer) or not window.findChildren(Composer)[0].isVisible()
    assert named(window, "Reply").isVisible()
    window.composers.close(DRAFT)


# --- whom it goes to -------------------------------------------------------------------


def test_a_thousand_recipients_are_a_few_chips_and_a_list(
    window: MainWindow, heard: Heard, qtbot: QtBot
) -> None:
    composer = opened(window, RTL)
    field = composer.head._lines[RecipientLine.TO]
    assert len(composer.edit().recipients) == 1000
    assert sum(one.isVisible() for one in field.findChildren(ChipButton)) == MOST_CHIPS
    QTest.mouseClick(named(composer, "All 1,000 of To in a list"), Qt.MouseButton.LeftButton)
    dialog = window.findChild(RecipientsDialog)
    assert dialog is not None
    QTest.keyClicks(named(dialog, "Find a recipient"), "shop999@")
    dialog._list.selectAll()
    dialog._list.setFocus()
    QTest.keyClick(dialog._list, Qt.Key.Key_Delete)
    QTest.mouseClick(named(dialog, "Keep"), Qt.MouseButton.LeftButton)
    settle()
    left = composer.edit().recipients
    assert len(left) == 999
    assert "shop999@dar.example" not in [one.email for one in left]


def test_addresses_are_pasted_and_taken_back_by_the_keyboard(window: MainWindow) -> None:
    composer = opened(window)
    entry = composer.head._lines[RecipientLine.TO].entry
    entry.setFocus()
    QApplication.clipboard().setText("Ota <ota@example.com>; jana@example.com, x@y.example")
    QTest.keyClick(entry, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(entry, Qt.Key.Key_Return)
    emails = [one.email for one in composer.edit().recipients.to]
    assert emails[1:] == ["ota@example.com", "jana@example.com", "x@y.example"]
    QTest.keyClick(entry, Qt.Key.Key_Backspace)
    chip = QApplication.focusWidget()
    assert chip is not None
    assert chip.accessibleName() == "To: x@y.example"
    QTest.keyClick(chip, Qt.Key.Key_Delete)
    settle()
    QTest.keyClick(QApplication.focusWidget() or entry, Qt.Key.Key_Backspace)
    assert [one.email for one in composer.edit().recipients.to][1:] == ["ota@example.com"]


def test_arrows_go_from_chip_to_chip(window: MainWindow) -> None:
    composer = opened(window, NEWS)
    entry = composer.head._lines[RecipientLine.CC].entry
    entry.setFocus()
    QTest.keyClick(entry, Qt.Key.Key_Left)
    assert "bestellungen" in (QApplication.focusWidget() or entry).accessibleName()
    QTest.keyClick(QApplication.focusWidget() or entry, Qt.Key.Key_Left)
    assert "Vaksdal" in (QApplication.focusWidget() or entry).accessibleName()
    QTest.keyClick(QApplication.focusWidget() or entry, Qt.Key.Key_Right)
    QTest.keyClick(QApplication.focusWidget() or entry, Qt.Key.Key_Right)
    assert QApplication.focusWidget() is entry


def test_an_address_that_is_none_is_marked_and_stops_the_sending(
    window: MainWindow, heard: Heard
) -> None:
    composer = opened(window)
    entry = composer.head._lines[RecipientLine.TO].entry
    entry.setFocus()
    QTest.keyClicks(entry, "bakeri@@solheim,")
    composer.send()
    assert "send_asked" not in heard.names()
    send = named(composer, "Send (Ctrl+Enter)")
    assert not send.isEnabled()
    assert "bakeri@@solheim" in send.toolTip()
    assert QApplication.focusWidget() is entry


def test_nobody_is_no_recipient(window: MainWindow, heard: Heard) -> None:
    composer = opened(window, replace(EMPTY, recipients=Recipients()))
    assert QApplication.focusWidget() is composer.head._lines[RecipientLine.TO].entry
    composer.send()
    assert "send_asked" not in heard.names()
    QTest.keyClicks(QApplication.focusWidget() or composer, "jana@example.com")
    composer.send()
    assert heard.names()[-1] == "send_asked"
    assert heard.edits[-1].recipients.to == (Mailer(name="", email="jana@example.com"),)


def test_cc_and_bcc_come_when_they_are_wanted(window: MainWindow) -> None:
    composer = opened(window)
    assert composer.head._lines[RecipientLine.BCC].isHidden()
    QTest.mouseClick(named(composer, "Add a line for Bcc"), Qt.MouseButton.LeftButton)
    QTest.keyClicks(QApplication.focusWidget() or composer, "boss@example.com")
    assert [one.email for one in composer.edit().recipients.bcc] == ["boss@example.com"]


def test_the_address_it_is_from_can_be_another(window: MainWindow) -> None:
    composer = opened(window)
    composer.head._from.setCurrentIndex(1)
    composer.head._from.activated.emit(1)
    assert composer.edit().sender.email == "hello@larder.app"


def test_what_the_server_says_of_the_head_comes_where_nothing_was_edited(
    window: MainWindow, heard: Heard
) -> None:
    composer = opened(window)
    subject = named(composer, "Subject")
    QTest.keyClick(subject, Qt.Key.Key_End)
    QTest.keyClicks(subject, "!")
    editor = type_words(composer, "text")
    known = replace(
        EMPTY,
        sender=COMPOSER.senders[1],
        recipients=Recipients(to=(Mailer(name="", email="reply-to@example.com"),)),
        subject="Re: another",
        quote="> another",
        quote_summary="Quotes 1 line",
    )
    window.composers.readdress(known)
    edit = composer.edit()
    assert edit.sender.email == "hello@larder.app"
    assert [one.email for one in edit.recipients.to] == ["reply-to@example.com"]
    assert edit.subject == f"{COMPOSER.subject}!"
    assert edit.quote == "> another"
    assert editor.text == "text"
    assert QApplication.focusWidget() is subject or editor.hasFocus()
    window.composers.readdress(replace(known, draft_id="unknown"))


def test_whom_the_founder_named_stays_named(window: MainWindow) -> None:
    composer = opened(window)
    QTest.keyClicks(composer.head._lines[RecipientLine.TO].entry, "mine@example.com,")
    window.composers.readdress(replace(EMPTY, recipients=Recipients()))
    assert len(composer.edit().recipients) == 2


# --- files, marks, the quote -----------------------------------------------------------


def a_file(folder: Path) -> tuple[QMimeData, str]:
    file = folder / "order.pdf"
    file.write_bytes(b"%PDF")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)), QUrl.fromLocalFile(str(folder))])
    return data, str(file)


def test_files_are_attached_by_drag_and_by_paste(
    window: MainWindow, heard: Heard, tmp_path: Path
) -> None:
    composer = opened(window)
    data, path = a_file(tmp_path)
    composer.editor.insertFromMimeData(data)
    assert heard.all[-1] == ("files_added", DRAFT, (path,))
    copy = Qt.DropAction.CopyAction
    no_key = Qt.KeyboardModifier.NoModifier
    left = Qt.MouseButton.LeftButton
    enter = QDragEnterEvent(QPoint(5, 5), copy, data, left, no_key)
    composer.dragEnterEvent(enter)
    assert enter.isAccepted()
    composer.dropEvent(QDropEvent(QPoint(5, 5).toPointF(), copy, data, left, no_key))
    assert heard.names().count("files_added") == 2
    assert composer.editor.text == ""
    window.show_composer(HELD)
    composer.dropEvent(QDropEvent(QPoint(5, 5).toPointF(), copy, data, left, no_key))
    assert heard.names().count("files_added") == 2


def test_a_picture_is_pasted_as_one_and_words_as_words(window: MainWindow, heard: Heard) -> None:
    composer = opened(window)
    data = QMimeData()
    data.setImageData(QImage(4, 4, QImage.Format.Format_RGB32))
    assert composer.editor.canInsertFromMimeData(data)
    composer.editor.insertFromMimeData(data)
    assert heard.names()[-1] == "picture_pasted"
    data.setText("a table")
    data.setHtml("<b>a table</b>")
    composer.editor.insertFromMimeData(data)
    assert composer.editor.text == "a table"


def test_the_dialog_of_the_desktop_attaches(
    window: MainWindow, heard: Heard, tmp_path: Path
) -> None:
    composer = opened(window, NOT_KEPT)
    _, path = a_file(tmp_path)
    QTest.mouseClick(named(composer, "Attach"), Qt.MouseButton.LeftButton)
    dialog = window.findChild(QFileDialog)
    assert dialog is not None
    dialog.filesSelected.emit([path])
    dialog.reject()
    assert ("files_added", DRAFT, (path,)) in heard.all


def test_a_file_is_taken_off_again(window: MainWindow, heard: Heard) -> None:
    composer = opened(window, NEWS)
    name = "Do not send order-4471-cancelled.pdf"
    QTest.mouseClick(named(composer, name), Qt.MouseButton.LeftButton)
    assert heard.all[-1] == ("file_removed", DRAFT, "1")


def test_marks_are_put_and_taken_off_as_one_step(window: MainWindow, heard: Heard) -> None:
    composer = opened(window)
    editor = type_words(composer, "very good")
    editor.selectAll()
    QTest.keyClick(editor, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert editor.text == "*very good*"
    composer.flush()
    assert heard.edits[-1].is_formatted
    QTest.keyClick(editor, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert editor.text == "very good"
    editor.undo()
    assert editor.text == "*very good*"
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(editor, Qt.Key.Key_L, both)
    assert editor.text == "- *very good*"


def test_marks_that_are_typed_count_as_such(window: MainWindow, heard: Heard) -> None:
    composer = opened(window)
    type_words(composer, "2*3*4 is 24")
    composer.flush()
    type_words(composer, ", _really_")
    composer.flush()
    assert [edit.is_formatted for edit in heard.edits] == [False, True]
    assert named(composer, "How it looks to them (Ctrl+Shift+P)").isVisible()


def test_how_it_looks_can_be_seen_and_left(window: MainWindow, heard: Heard) -> None:
    composer = opened(window)
    editor = type_words(composer, "very good")
    editor.selectAll()
    QTest.keyClick(editor, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    composer.flush()
    button = named(composer, "How it looks to them (Ctrl+Shift+P)")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    shown = named(composer, "How it looks to them")
    assert not editor.isVisible()
    QTest.keyClick(shown, Qt.Key.Key_Escape)
    assert editor.isVisible()
    assert "draft_put_away" not in heard.names()
    assert editor.text == "_very good_"


def test_the_quote_is_left_out_and_brought_back(window: MainWindow) -> None:
    composer = opened(window, COMPOSER)
    QTest.mouseClick(named(composer, "Send no quote"), Qt.MouseButton.LeftButton)
    assert composer.edit().quote == ""
    QTest.mouseClick(named(composer, "Quote them again"), Qt.MouseButton.LeftButton)
    assert composer.edit().quote == COMPOSER.quote
    QTest.mouseClick(named(composer, COMPOSER.quote_summary), Qt.MouseButton.LeftButton)
    assert named(composer, "Quoted text").isVisible()


def test_the_quote_is_taken_into_the_text(window: MainWindow) -> None:
    composer = opened(window)
    type_words(composer, "See below")
    QTest.mouseClick(named(composer, "To answer between its lines"), Qt.MouseButton.LeftButton)
    assert composer.edit().body == f"See below\n\n{COMPOSER.quote}"
    assert composer.edit().quote == ""


def test_a_text_from_right_to_left_stands_at_the_right(window: MainWindow) -> None:
    editor = opened(window, RTL).editor
    right, left = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignLeft
    assert editor.document().defaultTextOption().alignment() == right
    editor.selectAll()
    editor.insert("Hello")
    assert editor.document().defaultTextOption().alignment() == left
    assert editor.text == "Hello"


# --- news, what holds it, discarding ---------------------------------------------------


def test_news_are_told_above_the_text_and_can_be_shown(window: MainWindow, heard: Heard) -> None:
    composer = opened(window)
    editor = type_words(composer, "half a")
    window.show_composer(NEWS)
    settle()
    assert editor.hasFocus()
    QTest.mouseClick(named(composer, "Show it"), Qt.MouseButton.LeftButton)
    assert heard.all[-1] == ("asked", Action.SHOW_NEWS, DRAFT)


def test_what_is_not_kept_is_not_sent(window: MainWindow, heard: Heard) -> None:
    composer = opened(window, NOT_KEPT)
    composer.send()
    assert "send_asked" not in heard.names()
    assert "disk is full" in named(composer, "Send (Ctrl+Enter)").toolTip()


@pytest.mark.parametrize(
    ("button", "choice"),
    [
        ("Send your text as it is", HeldChoice.SEND_ANYWAY),
        ("Go on writing, then send", HeldChoice.ADD_TO_MINE),
        ("Send nothing; your text goes", HeldChoice.DROP_MINE),
    ],
)
def test_what_is_held_stands_beside_mine(
    window: MainWindow, heard: Heard, button: str, choice: HeldChoice
) -> None:
    composer = opened(window)
    editor = type_words(composer, "mine")
    window.show_composer(HELD)
    settle()
    assert not editor.isVisible()
    assert named(composer, "Text of Anna (Larder)").isVisible()
    assert (QApplication.focusWidget() or window).accessibleName() == "Go on writing, then send"
    composer.send()
    QTest.mouseClick(named(composer, button), Qt.MouseButton.LeftButton)
    assert heard.all[-1] == ("held_chosen", DRAFT, choice)
    window.show_composer(EMPTY)
    settle()
    assert editor.hasFocus()
    assert editor.text == "mine"


def test_what_holds_it_can_be_opened(window: MainWindow, heard: Heard) -> None:
    composer = opened(window, HELD)
    show = named(composer, "Show Anna (Larder), 14:03, to Ingrid Solheim")
    QTest.mouseClick(show, Qt.MouseButton.LeftButton)
    assert heard.all[-1] == ("item_chosen", "message/anna/7")


def test_it_is_discarded_after_its_last_words_are_told(window: MainWindow, heard: Heard) -> None:
    composer = opened(window)
    type_words(composer, "no")
    QTest.mouseClick(named(composer, "Discard this draft"), Qt.MouseButton.LeftButton)
    assert heard.names()[-2:] == ["edited", "draft_discarded"]


# --- a window of its own ---------------------------------------------------------------


def test_a_window_of_its_own_and_what_closing_it_means(window: MainWindow, heard: Heard) -> None:
    composer = opened(window)
    type_words(composer, "apart")
    QTest.mouseClick(
        named(composer, "Into a window of its own (Ctrl+Shift+O)"), Qt.MouseButton.LeftButton
    )
    settle()
    apart = composer.window()
    assert isinstance(apart, ComposeWindow)
    assert window.composers.docked_one is None
    assert window.composers.is_open(DRAFT)
    window.show_composer(EMPTY)
    assert window.composers.docked_one is None
    window.composers.take_keyboard(DRAFT)
    type_words(composer, "!")
    apart.close()
    settle()
    assert heard.names()[-2:] == ["edited", "draft_put_away"]
    assert not window.composers.is_open(DRAFT)
    window.show_composer(EMPTY)
    settle()
    assert composer_of(window) is composer
    assert composer.editor.text == "apart!"


def test_a_composer_that_goes_takes_its_window_along(window: MainWindow, heard: Heard) -> None:
    composer = opened(window)
    composer.moved.emit(DRAFT)
    apart = composer.window()
    window.composers.close(DRAFT)
    settle()
    assert not apart.isVisible()
    assert "draft_put_away" not in heard.names()


# --- by keyboard -----------------------------------------------------------------------


def test_everything_in_it_can_be_reached_and_has_a_name(window: MainWindow) -> None:
    composer = opened(window, NEWS)
    reached = [one for one in focusable(composer) if one.isVisible()]
    assert [one.accessibleName() for one in reached if not one.accessibleName()] == []
    names = [one.accessibleName() for one in reached]
    order = ["From", "To", "Subject", "Text", "Attach files (Ctrl+Shift+A)"]
    places = [names.index(name) for name in order]
    assert places == sorted(places)


def test_tab_leaves_the_text(window: MainWindow) -> None:
    composer = opened(window)
    QTest.keyClick(composer.editor, Qt.Key.Key_Tab)
    assert composer.editor.text == ""
    assert not composer.editor.hasFocus()


def test_f6_goes_to_the_answer_as_a_part_of_its_own(window: MainWindow) -> None:
    composer = opened(window)
    window.setFocus()
    reached: list[QWidget | None] = []
    for _ in range(6):
        QTest.keyClick(window, Qt.Key.Key_F6)
        reached.append(QApplication.focusWidget())
    assert any(one is not None and composer.isAncestorOf(one) for one in reached)
    assert any(one is not None and not composer.isAncestorOf(one) for one in reached)


def test_buttons_of_the_bar_are_wide_enough(window: MainWindow) -> None:
    composer = opened(window)
    for button in composer.findChildren(Button):
        if button.isVisible():
            assert button.width() >= 24
            assert button.height() >= 24


def test_what_is_answered_is_in_sight_and_later_all_stands_as_before(
    window: MainWindow, qtbot: QtBot
) -> None:
    area = next(
        one for one in window.findChildren(QScrollArea) if one.accessibleName() == "Message"
    )
    bar = area.verticalScrollBar()
    composer = opened(window)
    card = next(one for one in window.findChildren(PersonCard) if one.isVisible())
    column = area.widget()
    assert column is not None
    bottom = card.mapTo(column, card.rect().bottomLeft()).y()
    qtbot.waitUntil(lambda: bar.value() > 0, timeout=WAIT_MS)
    assert bar.value() >= min(bottom, bar.maximum())
    composer.leave()
    window.show_composer(None)
    qtbot.waitUntil(lambda: bar.value() == 0, timeout=WAIT_MS)


def test_a_version_before_replaces_the_text_as_one_step(window: MainWindow, heard: Heard) -> None:
    composer = opened(window, COMPOSER)
    kept = named(composer, "kept 14:02: what it was before")
    QTest.mouseClick(kept, Qt.MouseButton.LeftButton)
    assert heard.all[-1] == ("asked", Action.SHOW_VERSIONS, DRAFT)
    window.composers.replace_text(DRAFT, "as it was")
    window.composers.replace_text("unknown", "x")
    assert composer.editor.text == "as it was"
    composer.editor.undo()
    assert composer.editor.text == COMPOSER.body
