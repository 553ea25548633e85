"""A long list: few rows in the view, one scroll bar for all, and nothing jumps."""

from collections.abc import Sequence

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollBar
from pytestqt.qtbot import QtBot

from supportdesk.ui.inbox.conversation_delegate import ConversationDelegate
from supportdesk.ui.rows import ConversationRow, FixedRows, SectionRow, SourceRow
from supportdesk.ui.theme import Theme
from supportdesk.ui.widgets.windowed_list import WindowedList

MANY = 100_000
_EVERY = 100


class Numbered:
    """A heading, then 99 rows, and so on; counts the rows that were made."""

    def __init__(self, count: int, *, first: int = 0, words: str = "") -> None:
        self.count = count
        self.made = 0
        self._first = first
        self._words = words

    def rows(self, start: int, stop: int) -> Sequence[SourceRow]:
        self.made += stop - start
        return [self._row(at + self._first) for at in range(start, stop)]

    def index_of(self, key: str) -> int:
        position = int(key[1:]) - self._first if key[1:].isdigit() else -1
        return position if 0 <= position < self.count else -1

    def heading_before(self, position: int) -> int:
        heading = (position + self._first) // _EVERY * _EVERY - self._first
        return heading if heading >= 0 else -1

    def _row(self, number: int) -> SourceRow:
        if number % _EVERY == 0:
            return SectionRow(key=f"h{number}", title=f"From {number}", count=str(_EVERY - 1))
        return ConversationRow(
            key=f"r{number}", who=f"Customer {number}", subject="Order", first_words=self._words
        )


@pytest.fixture
def view(theme: Theme, qtbot: QtBot) -> WindowedList:
    made = WindowedList("Conversations", still=(SectionRow,))
    made.setItemDelegate(ConversationDelegate(theme, made))
    qtbot.addWidget(made)
    made.resize(376, 700)
    made.show()
    return made


@pytest.fixture
def told(view: WindowedList) -> list[str]:
    told: list[str] = []
    view.chosen.connect(told.append)
    return told


def bar(view: WindowedList) -> QScrollBar:
    return next(one for one in view.findChildren(QScrollBar) if one.isVisible())


def seen(view: WindowedList) -> list[str]:
    """The keys of the rows in sight, from the top."""
    QApplication.processEvents()
    at, keys = 0, []
    while at < view.viewport().height():
        index = view.indexAt(QPoint(5, at))
        if not index.isValid():
            break
        keys.append(view.rows.key_at(index))
        at = view.visualRect(index).bottom() + 1
    return keys


def top_of(view: WindowedList, key: str) -> int:
    return view.visualRect(view.rows.index_of(key)).top()


def wheel(view: WindowedList, pixels: int) -> None:
    middle = QPointF(view.viewport().rect().center())
    event = QWheelEvent(
        middle,
        view.viewport().mapToGlobal(middle),
        QPoint(0, -pixels),
        QPoint(0, -pixels),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.ScrollUpdate,
        False,
    )
    QApplication.sendEvent(view.viewport(), event)


def point_at(view: WindowedList, *, rest_ms: int = 600_000) -> None:
    """The pointer moves over the list; a slow machine must not take that for rest."""
    view._rest.setInterval(rest_ms)
    QTest.mouseMove(view.viewport(), QPoint(40, 40))
    QTest.mouseMove(view.viewport(), QPoint(42, 41))


def test_only_rows_near_the_ones_in_sight_are_made(view: WindowedList) -> None:
    source = Numbered(MANY)
    view.show_source(source)
    assert view.rows.rowCount() < 100
    assert source.made < 300
    bar(view).setValue(bar(view).maximum() // 2)
    assert view.rows.rowCount() < 100
    assert source.made < 600


def test_the_wheel_moves_pixel_by_pixel_through_every_row(view: WindowedList) -> None:
    view.show_source(Numbered(400))
    known: list[str] = []
    for _ in range(1500):
        before = {key: top_of(view, key) for key in seen(view)}
        wheel(view, 40)
        after = {key: top_of(view, key) for key in seen(view)}
        shared = [key for key in before if key in after]
        moved = {before[key] - after[key] for key in shared}
        assert moved <= {40} or (len(moved) == 1 and moved.pop() < 40), "the list has jumped"
        known += [key for key in after if key not in known[-40:]]
        if "r399" in after and after == before:
            break
    assert known[-1] == "r399"
    assert [int(key[1:]) for key in known] == sorted({int(key[1:]) for key in known})
    assert len(known) >= 395
    assert bar(view).value() == bar(view).maximum()


def test_the_scroll_bar_speaks_for_the_whole(view: WindowedList) -> None:
    view.show_source(Numbered(MANY))
    whole = bar(view)
    whole.setValue(whole.maximum())
    assert seen(view)[-1] == "r99999"
    whole.setValue(0)
    assert seen(view)[0] == "h0"
    whole.setValue(whole.maximum() // 2)
    assert abs(int(seen(view)[0][1:]) - MANY // 2) < 50
    values = []
    for _ in range(40):
        wheel(view, 30)
        values.append(whole.value())
    assert values == sorted(set(values))


def test_a_short_list_has_no_bar_and_an_exact_one_when_it_scrolls(view: WindowedList) -> None:
    view.show_source(Numbered(5))
    assert not [one for one in view.findChildren(QScrollBar) if one.isVisible()]
    view.show_source(Numbered(20))
    whole, inner = bar(view), view.verticalScrollBar()
    assert whole.maximum() == inner.maximum()
    whole.setValue(100)
    assert inner.value() == 100


def test_the_keyboard_reaches_everything(view: WindowedList, told: list[str]) -> None:
    view.show_source(Numbered(MANY))
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Up)
    QTest.keyClick(view, Qt.Key.Key_Up)
    assert told == ["r1", "r2", "r1"]
    QTest.keyClick(view, Qt.Key.Key_End)
    assert view.current_key == "r99999"
    assert seen(view)[-1] == "r99999"
    QTest.keyClick(view, Qt.Key.Key_PageUp)
    page = 99999 - int(view.current_key[1:])
    assert 4 <= page <= 12
    QTest.keyClick(view, Qt.Key.Key_PageDown)
    assert view.current_key == "r99999"
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert view.current_key == "r1"
    assert seen(view)[0] == "h0"


def test_page_by_page_comes_to_the_end_and_always_shows_the_choice(view: WindowedList) -> None:
    view.show_source(Numbered(700))
    for _ in range(700):
        QTest.keyClick(view, Qt.Key.Key_PageDown)
        rect = view.visualRect(view.currentIndex())
        assert view.rows.key_at(view.currentIndex()) == view.current_key
        assert rect.top() >= 0
        assert rect.bottom() < view.viewport().height()
        if view.current_key == "r699":
            return
    pytest.fail("the end was never reached")


def test_a_row_is_not_hidden_by_the_heading_kept_above_it(view: WindowedList) -> None:
    view.show_source(Numbered(700))
    view.choose("r250")
    for _ in range(30):
        view.step(-1)
        rect = view.visualRect(view.currentIndex())
        hit = view.childAt(rect.center())
        assert hit is view.viewport()
        assert rect.top() >= 20 or view.current_key == "r201"


def test_choice_survives_scrolling_far_away_and_back(
    view: WindowedList, told: list[str], qtbot: QtBot
) -> None:
    view.show_source(Numbered(MANY))
    view.choose("r5")
    bar(view).setValue(bar(view).maximum() // 2)
    assert view.current_key == "r5"
    assert not view.currentIndex().isValid()
    bar(view).setValue(0)
    assert view.rows.key_at(view.currentIndex()) == "r5"
    assert view.selectionModel().isSelected(view.currentIndex())
    assert told == []
    bar(view).setValue(bar(view).maximum() // 2)
    view.step(1)
    assert told == ["r6"]
    assert "r6" in seen(view)


def test_news_above_do_not_move_what_is_looked_at(view: WindowedList) -> None:
    view.show_source(Numbered(MANY - 200, first=200))
    bar(view).setValue(bar(view).maximum() // 3)
    wheel(view, 17)
    before = {key: top_of(view, key) for key in seen(view)}
    value, most = bar(view).value(), bar(view).maximum()
    view.show_source(Numbered(MANY, first=0))
    assert {key: top_of(view, key) for key in seen(view)} == before
    assert bar(view).maximum() > most
    assert bar(view).value() > value


def test_it_tells_who_scrolls(view: WindowedList) -> None:
    view.show_source(Numbered(MANY))
    moves: list[None] = []
    view.scrolled.connect(lambda: moves.append(None))
    wheel(view, 300)
    assert moves
    moves.clear()
    bar(view).setValue(bar(view).maximum() // 2)
    assert moves
    moves.clear()
    view.show_source(Numbered(MANY + 1, first=-1))
    assert not moves


def test_at_the_top_news_come_in_sight(view: WindowedList) -> None:
    view.show_source(Numbered(1000, first=3))
    view.show_source(Numbered(1003))
    assert seen(view)[:2] == ["h0", "r1"]


def test_a_row_that_has_gone_leaves_the_others_where_they_were(view: WindowedList) -> None:
    rows = Numbered(1000).rows(0, 1000)
    view.show_source(FixedRows(rows, (SectionRow,)))
    view.choose("r510")
    wheel(view, 100)
    first, *others = seen(view)
    tops = {key: top_of(view, key) for key in others}
    view.show_source(FixedRows([row for row in rows if row.key != first], (SectionRow,)))
    assert first not in seen(view)
    assert {key: top_of(view, key) for key in others} == tops


def test_rows_wait_while_the_pointer_moves_but_words_do_not(view: WindowedList) -> None:
    view.show_source(Numbered(1000, first=3))
    point_at(view)
    view.show_source(Numbered(1003, words="fresh"))
    assert seen(view)[0] == "r3"
    row = view.rows.row_at(view.rows.index_of("r3"))
    assert isinstance(row, ConversationRow)
    assert row.first_words == "fresh"
    QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    assert seen(view)[0] == "h0"


def test_rows_come_when_the_pointer_rests(view: WindowedList, qtbot: QtBot) -> None:
    view.show_source(Numbered(1000, first=3))
    point_at(view)
    view.show_source(Numbered(1003))
    point_at(view, rest_ms=1)
    qtbot.waitUntil(lambda: seen(view)[0] == "h0", timeout=30_000)


def test_news_out_of_sight_do_not_wait_for_the_pointer(view: WindowedList) -> None:
    view.show_source(Numbered(1000))
    point_at(view)
    view.show_source(Numbered(2000))
    assert view.source.count == 2000


def test_of_rows_passed_with_a_held_key_only_the_last_is_told(
    view: WindowedList, told: list[str], qtbot: QtBot
) -> None:
    view.show_source(Numbered(1000))
    held = QKeyEvent(
        QKeyEvent.Type.KeyPress,
        Qt.Key.Key_Down,
        Qt.KeyboardModifier.NoModifier,
        "",
        autorep=True,
    )
    QTest.keyClick(view, Qt.Key.Key_Down)
    for _ in range(20):
        QApplication.sendEvent(view, held)
    assert view.current_key == "r21"
    assert told == ["r1"]
    qtbot.waitUntil(lambda: told == ["r1", "r21"], timeout=30_000)


def test_a_heading_stays_in_sight_and_takes_no_click(view: WindowedList, told: list[str]) -> None:
    view.show_source(Numbered(1000))
    bar(view).setValue(2000)
    QApplication.processEvents()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(80, 5))
    assert told == []
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(80, 200))
    assert len(told) == 1


def test_focus_alone_chooses_nothing(view: WindowedList, told: list[str]) -> None:
    view.show_source(Numbered(1000))
    view.clearFocus()
    view.setFocus(Qt.FocusReason.TabFocusReason)
    assert told == []
    assert view.current_key == ""


def test_another_list_and_back_to_where_it_was(view: WindowedList) -> None:
    source = Numbered(MANY)
    view.show_source(source)
    view.choose("r40000")
    wheel(view, 211)
    place, before = view.place(), seen(view)
    view.turn_to(Numbered(3))
    assert seen(view) == ["h0", "r1", "r2"]
    assert view.current_key == ""
    view.turn_to(source, place)
    assert seen(view) == before
    assert view.current_key == "r40000"


def test_an_empty_list_takes_everything_quietly(view: WindowedList, told: list[str]) -> None:
    view.show_source(Numbered(0))
    for key in (Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_End, Qt.Key.Key_Home):
        QTest.keyClick(view, key)
    wheel(view, 100)
    view.turn_to(Numbered(0), view.place())
    assert not view.choose("r1")
    assert told == []
    view.grab()


def test_rows_are_spoken_whole_wherever_the_list_stands(view: WindowedList) -> None:
    view.show_source(Numbered(MANY))
    view.choose("r50000")
    accessible = QAccessible.queryAccessibleInterface(view)
    spoken = [
        accessible.child(at).text(QAccessible.Text.Name) for at in range(accessible.childCount())
    ]
    assert len(spoken) < 100
    assert "Customer 50001, Order, waiting" in spoken


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_another_size_keeps_the_place(view: WindowedList, theme: Theme, scale: float) -> None:
    theme.set_text_scale(scale)
    view.show_source(Numbered(MANY))
    view.choose("r310")
    view.resize(500, 500)
    assert "r310" in [view.rows.key_at(view.rows.index(at, 0)) for at in range(60)]
    view.resize(300, 900)
    view.step(1)
    assert "r311" in seen(view)
    view.grab()
