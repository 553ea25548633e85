"""Lists: what the founder chose is told, what the program does is not; nothing jumps."""

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from supportdesk.ui.gallery.make_believe import INBOX_ROWS
from supportdesk.ui.inbox.conversation_delegate import ConversationDelegate
from supportdesk.ui.rows import ConversationRow, InboxRow, SectionRow
from supportdesk.ui.theme import Theme
from supportdesk.ui.widgets.row_list import RowList


def conversation(key: str) -> ConversationRow:
    return ConversationRow(key=key, who=key.title(), subject=f"About {key}")


@pytest.fixture
def view(theme: Theme, qtbot: QtBot) -> RowList:
    made = RowList("Conversations", still=(SectionRow,))
    made.setItemDelegate(ConversationDelegate(theme, made))
    qtbot.addWidget(made)
    made.resize(376, 400)
    made.show()
    return made


def keys(view: RowList) -> list[str]:
    return [view.rows.key_at(view.rows.index(at, 0)) for at in range(view.rows.rowCount())]


def point_at(view: RowList, *, rest_ms: int = 600_000) -> None:
    """The pointer moves over the list; a slow machine must not take that for rest."""
    view._rest.setInterval(rest_ms)
    QTest.mouseMove(view.viewport(), QPoint(40, 40))
    QTest.mouseMove(view.viewport(), QPoint(42, 41))


def test_keys_step_over_headings_and_tell(view: RowList, qtbot: QtBot) -> None:
    view.show_rows(INBOX_ROWS)
    told: list[str] = []
    view.chosen.connect(told.append)
    view.step(1)
    view.step(1)
    view.step(-1)
    view.step(-1)
    assert told == ["ingrid", "pavel", "ingrid"]
    for _ in range(20):
        view.step(1)
    assert view.current_key == "mill"


def test_choosing_by_program_is_not_told(view: RowList, qtbot: QtBot) -> None:
    view.show_rows(INBOX_ROWS)
    with qtbot.assertNotEmitted(view.chosen):
        assert view.choose("aubry")
        assert not view.choose("nobody")
    assert view.current_key == ""


def test_selection_survives_an_update(view: RowList, qtbot: QtBot) -> None:
    view.show_rows(INBOX_ROWS)
    view.choose("aubry")
    with qtbot.assertNotEmitted(view.chosen):
        view.show_rows([conversation("new"), *reversed(INBOX_ROWS)])
    assert view.current_key == "aubry"


def test_a_row_that_goes_leaves_nothing_chosen_and_next_is_its_neighbour(
    view: RowList, qtbot: QtBot
) -> None:
    view.show_rows([conversation(key) for key in "abc"])
    told: list[str] = []
    view.chosen.connect(told.append)
    view.step(1)
    view.step(1)
    view.show_rows([conversation(key) for key in "ac"])
    assert view.current_key == ""
    view.step(1)
    assert told == ["a", "b", "c"]


def test_rows_above_do_not_move_what_is_looked_at(view: RowList, qtbot: QtBot) -> None:
    many: list[InboxRow] = [conversation(f"k{at}") for at in range(60)]
    view.show_rows(many)
    view.scrollTo(view.rows.index_of("k30"), RowList.ScrollHint.PositionAtTop)
    top = view.visualRect(view.rows.index_of("k30")).top()
    view.show_rows([conversation("early"), *many[:10], *many[12:]])
    assert view.visualRect(view.rows.index_of("k30")).top() == top


def test_rows_wait_while_the_pointer_moves_and_come_when_it_leaves(view: RowList) -> None:
    view.show_rows([conversation(key) for key in "abc"])
    point_at(view)
    fresh = ConversationRow(key="c", who="Fresh", subject="words")
    view.show_rows([fresh, conversation("b")])
    assert keys(view) == ["a", "b", "c"]
    assert view.rows.row_at(view.rows.index_of("c")) == fresh
    QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    assert keys(view) == ["c", "b"]


def test_rows_come_when_the_pointer_rests(view: RowList, qtbot: QtBot) -> None:
    view.show_rows([conversation(key) for key in "abc"])
    point_at(view)
    view.show_rows([conversation(key) for key in "cb"])
    point_at(view, rest_ms=1)
    qtbot.waitUntil(lambda: keys(view) == ["c", "b"], timeout=30_000)


def test_new_rows_at_the_end_do_not_wait(view: RowList) -> None:
    view.show_rows([conversation(key) for key in "ab"])
    point_at(view)
    view.show_rows([conversation(key) for key in "abc"])
    assert keys(view) == ["a", "b", "c"]


def test_letters_are_left_to_the_page(view: RowList, qtbot: QtBot) -> None:
    view.show_rows([conversation(key) for key in "abc"])
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_C)
    assert view.current_key == ""


def test_enter_activates(view: RowList, qtbot: QtBot) -> None:
    view.show_rows([conversation(key) for key in "abc"])
    view.choose("b")
    with qtbot.waitSignal(view.activated_row) as told:
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert told.args == ["b"]


def test_rows_are_spoken_whole(view: RowList, qtbot: QtBot) -> None:
    view.show_rows(INBOX_ROWS)
    accessible = QAccessible.queryAccessibleInterface(view)
    spoken = accessible.child(1).text(QAccessible.Text.Name)
    assert spoken == (
        "Ingrid Solheim, Flour order went out twice again, waiting 3 h 12, "
        "lifted to you by Anna, 3rd try today, not yet read by you"
    )


def test_ten_thousand_rows_show_soon(view: RowList, qtbot: QtBot) -> None:
    view.show_rows([conversation(f"k{at}") for at in range(10_000)])
    assert view.rows.rowCount() == 200
    assert view.choose("k9999")
