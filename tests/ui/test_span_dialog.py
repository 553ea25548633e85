"""The form about a span: what it asks, what it hands over, and where it says what is wrong."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from supportdesk.ui.rows import SpanKind
from supportdesk.ui.rows.span_form import SpanEntry, SpanField, SpanForm, SpanTask
from supportdesk.ui.theme import Theme
from supportdesk.ui.week.span_dialog import SpanDialog
from supportdesk.ui.widgets.label import Label
from tests.ui.looking import named, words

ABOUT = "Talk with Pavel Kiss, Wed 18 Nov 16:42, 4:00 counted"
GIVEN = SpanEntry(who="Pavel Kiss", day="Wed 18 Nov", start="16:42", length="4:00")


def opened(theme: Theme, qtbot: QtBot, task: SpanTask) -> SpanDialog:
    given = SpanEntry(day="Wed 18 Nov") if task is SpanTask.ADD else GIVEN
    about = "" if task is SpanTask.ADD else ABOUT
    dialog = SpanDialog(
        theme, SpanForm(task=task, title=task.name.title(), about=about, entry=given), None
    )
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    return dialog


def field(dialog: SpanDialog, name: SpanField) -> QLineEdit:
    found = named(dialog, name.value)
    assert isinstance(found, QLineEdit)
    return found


def keyboard(dialog: SpanDialog) -> QWidget:
    widget = dialog.focusWidget()
    assert widget is not None
    return widget


def typed(dialog: SpanDialog, name: SpanField, text: str) -> None:
    entry = field(dialog, name)
    entry.selectAll()
    QTest.keyClicks(entry, text)


def told(dialog: SpanDialog) -> list[tuple[str, SpanEntry]]:
    done: list[tuple[str, SpanEntry]] = []
    dialog.saved.connect(lambda entry: done.append(("save", entry)))
    dialog.delete_asked.connect(lambda entry: done.append(("delete", entry)))
    return done


def test_a_correction_begins_with_the_length(theme: Theme, qtbot: QtBot) -> None:
    dialog = opened(theme, qtbot, SpanTask.CORRECT)
    done = told(dialog)
    assert ABOUT in words(dialog)
    assert keyboard(dialog) is field(dialog, SpanField.LENGTH)
    QTest.keyClicks(keyboard(dialog), "2:30")
    typed(dialog, SpanField.REASON, "on hold")
    QTest.keyClick(keyboard(dialog), Qt.Key.Key_Return)
    want = SpanEntry(
        who="Pavel Kiss", day="Wed 18 Nov", start="16:42", length="2:30", reason="on hold"
    )
    assert done == [("save", want)]
    assert dialog.isVisible()


def test_the_whole_span_is_deleted_for_a_reason(theme: Theme, qtbot: QtBot) -> None:
    dialog = opened(theme, qtbot, SpanTask.CORRECT)
    done = told(dialog)
    typed(dialog, SpanField.REASON, "not mine")
    delete = named(dialog, "Delete this span, for the reason given")
    QTest.mouseClick(delete, Qt.MouseButton.LeftButton)
    assert [(what, entry.reason) for what, entry in done] == [("delete", "not mine")]


def test_to_delete_only_the_reason_is_asked(theme: Theme, qtbot: QtBot) -> None:
    dialog = opened(theme, qtbot, SpanTask.DELETE)
    done = told(dialog)
    assert "It stays in the list with 0:00, and Undo brings its minutes back." in words(dialog)
    assert [one.accessibleName() for one in dialog.findChildren(QLineEdit)] == ["Why"]
    QTest.keyClicks(keyboard(dialog), "not mine")
    QTest.keyClick(keyboard(dialog), Qt.Key.Key_Return)
    assert [(what, entry.reason) for what, entry in done] == [("delete", "not mine")]


def test_time_is_added_with_its_kind_and_whom(theme: Theme, qtbot: QtBot) -> None:
    dialog = opened(theme, qtbot, SpanTask.ADD)
    done = told(dialog)
    QTest.keyClicks(keyboard(dialog), "Maison Aubry")
    typed(dialog, SpanField.START, "13:00")
    typed(dialog, SpanField.LENGTH, "7")
    typed(dialog, SpanField.REASON, "came by")
    kind = dialog.findChild(QComboBox)
    assert kind is not None
    assert kind.currentText() == "A talk with a customer"
    QTest.keyClick(kind, Qt.Key.Key_Up)
    QTest.mouseClick(named(dialog, "Add"), Qt.MouseButton.LeftButton)
    assert done == [
        (
            "save",
            SpanEntry(
                kind=SpanKind.REPLY,
                who="Maison Aubry",
                day="Wed 18 Nov",
                start="13:00",
                length="7",
                reason="came by",
            ),
        )
    ]


@pytest.mark.parametrize("name", [SpanField.START, SpanField.LENGTH, SpanField.REASON])
def test_what_is_refused_is_said_beside_its_field_and_nothing_is_lost(
    theme: Theme, qtbot: QtBot, name: SpanField
) -> None:
    dialog = opened(theme, qtbot, SpanTask.CORRECT)
    typed(dialog, SpanField.LENGTH, "9:99")
    before = dialog.entry
    dialog.refuse("That cannot be. Write another.", name)
    entry = field(dialog, name)
    assert keyboard(dialog) is entry
    assert dialog.entry == before
    [why] = [one for one in dialog.findChildren(Label) if one.text().startswith("That cannot be")]
    below = entry.mapToGlobal(entry.rect().bottomLeft())
    assert why.mapToGlobal(why.rect().topLeft()).y() > below.y()
    assert why.width() > 300
    spoken = QAccessible.queryAccessibleInterface(entry)
    assert spoken.text(QAccessible.Text.Description) == "That cannot be. Write another."
    dialog.refuse("Nothing here is another yet.")
    assert "That cannot be. Write another." not in words(dialog)
    assert "Nothing here is another yet." in words(dialog)


def test_esc_changes_nothing(theme: Theme, qtbot: QtBot) -> None:
    dialog = opened(theme, qtbot, SpanTask.CORRECT)
    done = told(dialog)
    QTest.keyClick(keyboard(dialog), Qt.Key.Key_Escape)
    assert (done, dialog.result()) == ([], QDialog.DialogCode.Rejected)
