"""The row of attachments: names, states, buttons that keep the focus, files dragged out."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from supportdesk.ui.inbox.attachments import AttachmentsRow, FileCard
from supportdesk.ui.rows import Action, ActionButton, AttachmentView, FilesView, FileView, Tone
from supportdesk.ui.theme import Theme

KEY = "mail/Support/<a@example.org>"
NAMED = (
    AttachmentView(key=f"{KEY}#0", name="invoice of November.pdf", size_label="2.1 MB"),
    AttachmentView(key=f"{KEY}#1", name="prices.xlsx", size_label="40 kB"),
)


def button(action: Action, label: str, name: str) -> ActionButton:
    return ActionButton(action=action, label=label, target=f"{KEY}#0", hint=f"{label} {name}")


PDF = FileView(
    key=f"{KEY}#0",
    name="invoice of November.pdf",
    icon="file-text",
    size_label="2.1 MB",
    detail="on the mail server",
    buttons=(
        button(Action.OPEN_FILE, "Open", "invoice of November.pdf"),
        button(Action.SAVE_FILE, "Save", "invoice of November.pdf"),
    ),
)
COMING = replace(
    PDF,
    detail="40 % has come",
    share=0.4,
    buttons=(button(Action.STOP_FILE, "Stop", "invoice of November.pdf"),),
)


@pytest.fixture
def shown(theme: Theme, qtbot: QtBot) -> AttachmentsRow:
    row = AttachmentsRow(theme, NAMED)
    qtbot.addWidget(row)
    row.resize(560, 240)
    return row


def names(row: AttachmentsRow) -> list[str]:
    return [one.accessibleName() for one in row.findChildren(QPushButton) if one.isVisible()]


def test_it_asks_how_the_files_are_when_it_is_shown(shown: AttachmentsRow, qtbot: QtBot) -> None:
    asked: list[tuple[Action, str]] = []
    shown.asked.connect(lambda action, target: asked.append((action, target)))
    shown.show()
    assert asked == [(Action.LIST_FILES, KEY)]
    assert shown.message_key == KEY


def test_a_row_without_files_asks_nothing(theme: Theme, qtbot: QtBot) -> None:
    row = AttachmentsRow(theme, ())
    qtbot.addWidget(row)
    with qtbot.assertNotEmitted(row.asked):
        row.show()


def test_each_button_has_the_name_of_its_file_and_asks(shown: AttachmentsRow, qtbot: QtBot) -> None:
    shown.show_files(FilesView(message_key=KEY, files=(PDF,), summary="1 file, 2.1 MB"))
    shown.show()
    assert names(shown) == ["Open invoice of November.pdf", "Save invoice of November.pdf"]
    save = shown.findChildren(QPushButton)[1]
    with qtbot.waitSignal(shown.asked) as caught:
        QTest.keyClick(save, Qt.Key.Key_Space)
    assert caught.args == [Action.SAVE_FILE, f"{KEY}#0"]


def test_the_whole_row_is_spoken(shown: AttachmentsRow) -> None:
    shown.show_files(FilesView(message_key=KEY, files=(PDF,)))
    spoken = {
        QAccessible.queryAccessibleInterface(one).text(QAccessible.Text.Name)
        for one in shown.findChildren(FileCard)
    }
    assert "invoice of November.pdf, 2.1 MB, on the mail server" in spoken


def test_while_it_comes_the_focus_stays_in_its_row(shown: AttachmentsRow, qtbot: QtBot) -> None:
    shown.show_files(FilesView(message_key=KEY, files=(PDF,)))
    shown.show()
    shown.activateWindow()
    qtbot.waitUntil(shown.isActiveWindow, timeout=30_000)
    shown.findChildren(QPushButton)[0].setFocus()
    shown.show_files(FilesView(message_key=KEY, files=(COMING,)))
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.accessibleName() == "Stop invoice of November.pdf"
    shown.show_files(FilesView(message_key=KEY, files=(replace(COMING, share=0.5),)))
    assert QApplication.focusWidget() is focused


def test_files_that_are_gone_from_the_view_go(shown: AttachmentsRow) -> None:
    other = replace(PDF, key=f"{KEY}#1", name="prices.xlsx")
    shown.show_files(FilesView(message_key=KEY, files=(PDF, other)))
    shown.show_files(FilesView(message_key=KEY, files=(other,)))
    shown.show()
    assert set(names(shown)) == {one.hint for one in PDF.buttons}


def test_a_long_name_keeps_its_end_and_has_a_tooltip(shown: AttachmentsRow) -> None:
    long = f"{'very ' * 60}long name.pdf"
    shown.show_files(FilesView(message_key=KEY, files=(replace(PDF, name=long),)))
    shown.show()
    (label,) = [one for one in shown.findChildren(QLabel) if one.toolTip() == long]
    assert label.text().endswith("name.pdf")
    assert "…" in label.text()


def test_a_file_that_is_here_is_dragged_out_as_a_file(shown: AttachmentsRow) -> None:
    shown.show_files(FilesView(message_key=KEY, files=(replace(PDF, path="/somewhere/a.pdf"),)))
    card = shown.findChildren(FileCard)[0]
    assert card.drag().mimeData().urls() == [QUrl.fromLocalFile("/somewhere/a.pdf")]


def test_words_are_whole_at_double_size(theme: Theme, qtbot: QtBot) -> None:
    theme.set_text_scale(2.0)
    row = AttachmentsRow(theme, NAMED)
    qtbot.addWidget(row)
    failed = replace(PDF, detail="The mail server cut the connection", tone=Tone.BRICK)
    row.show_files(FilesView(message_key=KEY, files=(failed,), summary="1 file"))
    row.resize(620, 400)
    row.show()
    for one in row.findChildren(QPushButton):
        assert one.width() >= one.sizeHint().width()
