"""The live board: two lines, a shape, no keyboard."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from supportdesk.domain.calls import MemberState
from supportdesk.domain.health import Hearing
from supportdesk.services.desk_state import DeskState
from supportdesk.ui.calls.live_board import LiveBoard
from supportdesk.ui.controllers.live_board_controller import LiveBoardController
from supportdesk.ui.presenter.live_board import board_view
from supportdesk.ui.rows import BoardLevel, BoardView
from supportdesk.ui.theme import Theme
from tests.fakes.happenings import (
    HOOK_SETTINGS,
    OFFICE,
    DeskRig,
    a_caller,
    a_member,
    a_snapshot,
    after,
    health,
    joined,
    settings_with,
)
from tests.ui.looking import named

WAITING = BoardView(
    level=BoardLevel.LONG, waiting="2 waiting, longest 0:48, 8 rings", team="3 of 3 busy"
)


def a_desk() -> DeskRig:
    desk = DeskRig(settings=settings_with())
    return desk.listen(a_member("Anna", MemberState.FREE), a_member("Jonas", MemberState.PAUSED))


def view(desk: DeskRig) -> BoardView:
    return board_view(desk.desk.state(desk.now), desk.now)


def test_quiet_says_who_is_free() -> None:
    assert view(a_desk()) == BoardView(
        level=BoardLevel.QUIET, waiting="Nobody is waiting", team="Free: Anna"
    )


def test_rings_decide_the_level() -> None:
    desk = a_desk()
    desk.apply(a_snapshot(a_caller("1"), members=[a_member("Anna")]))
    told = []
    for seconds in (1, 6, 24):
        desk.wait_until(after(seconds))
        told.append((view(desk).level, view(desk).waiting))
    assert told == [
        (BoardLevel.RINGING, "1 waiting, longest 0:01, 1 ring"),
        (BoardLevel.LATE, "1 waiting, longest 0:06, 2 rings"),
        (BoardLevel.LONG, "1 waiting, longest 0:24, 5 rings"),
    ]
    assert view(desk).ticks
    assert view(desk).team == "1 of 1 busy"


def test_deaf_phones_are_never_nobody() -> None:
    desk = a_desk()
    desk.apply(health(OFFICE, Hearing.DEAF, since=after(5)))
    deaf = view(desk)
    assert deaf.level is BoardLevel.DEAF
    assert deaf.waiting.startswith("Not listening since ")
    assert "not known" in deaf.team


def test_before_the_first_word_nothing_is_known_and_without_a_phone_it_is_said() -> None:
    unheard = DeskRig(settings=settings_with())
    assert view(unheard).waiting == "Who waits is not known yet"
    assert view(DeskRig(settings=settings_with(phone=()))).waiting == "No phone is connected"


# --- the window --------------------------------------------------------------------------------


@pytest.fixture
def board(theme: Theme, qtbot: QtBot) -> LiveBoard:
    made = LiveBoard(theme)
    qtbot.addWidget(made)
    made.show_board(WAITING)
    made.show()
    return made


def test_it_stays_on_top_and_takes_no_keyboard(board: LiveBoard) -> None:
    flags = board.windowFlags()
    for flag in (
        Qt.WindowType.WindowStaysOnTopHint,
        Qt.WindowType.WindowDoesNotAcceptFocus,
        Qt.WindowType.FramelessWindowHint,
    ):
        assert flags & flag
    assert board.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    takers = [one for one in board.findChildren(QWidget) if one.focusPolicy().value]
    assert takers == []


def test_it_is_read_out_as_it_stands(board: LiveBoard) -> None:
    assert board.accessibleName() == "2 waiting, longest 0:48, 8 rings. 3 of 3 busy"


@pytest.mark.parametrize("is_dark", [False, True])
def test_each_level_has_a_shape_of_its_own(theme: Theme, qtbot: QtBot, is_dark: bool) -> None:
    theme.want_dark(is_dark)
    made = LiveBoard(theme)
    qtbot.addWidget(made)
    made.show()
    pictures = set()
    for level in BoardLevel:
        made.show_board(BoardView(level=level, waiting="same", team="same"))
        image = made._shape.grab().toImage()
        # In grey and by halves, so that a colour alone makes no difference.
        corner = image.pixelColor(0, 0).lightness()
        pictures.add(
            "".join(
                "x" if abs(image.pixelColor(x, y).lightness() - corner) > 40 else "."
                for y in range(image.height())
                for x in range(image.width())
            )
        )
    assert len(pictures) == len(BoardLevel)


def test_on_a_desktop_that_places_windows_itself_it_says_how_to_keep_it_on_top(
    theme: Theme, qtbot: QtBot
) -> None:
    made = LiveBoard(theme, has_frame=True)
    qtbot.addWidget(made)
    made.show()
    assert not made.windowFlags() & Qt.WindowType.FramelessWindowHint
    assert named(made, "To keep it on top, choose that in the window menu of your desktop.")


def test_a_double_click_opens_the_window(board: LiveBoard, qtbot: QtBot) -> None:
    with qtbot.waitSignal(board.opened):
        QTest.mouseDClick(board, Qt.MouseButton.LeftButton, pos=QPoint(40, 10))


# --- while it is open --------------------------------------------------------------------------


class Open:
    """A board on a desk, and what was kept of its place."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        self.desk = a_desk()
        self.kept = ""
        self.asked = 0
        self.controller = LiveBoardController(
            theme,
            self._state,
            load_place=lambda: self.kept,
            save_place=self._keep,
            parent=parent,
        )

    def _state(self) -> DeskState:
        self.asked += 1
        return self.desk.desk.state(self.desk.now)

    def _keep(self, place: str) -> None:
        self.kept = place


@pytest.fixture
def opened(theme: Theme, qtbot: QtBot) -> Iterator[Open]:
    parent = QObject()
    made = Open(theme, parent)
    made.controller.toggle()
    yield made
    made.controller.stop()


def test_it_ticks_only_while_somebody_waits(opened: Open) -> None:
    timer = opened.controller._second
    assert not timer.isActive()
    opened.desk.apply(joined(a_caller("1", at=opened.desk.now)))
    opened.controller.refresh()
    assert timer.isActive()
    assert timer.interval() == 1000
    opened.desk.apply(a_snapshot(members=()))
    opened.controller.refresh()
    assert not timer.isActive()
    opened.desk.apply(joined(a_caller("2", at=opened.desk.now)))
    opened.controller.refresh()
    opened.controller.toggle()
    assert not timer.isActive()
    before = opened.asked
    opened.controller.refresh()
    assert opened.asked == before


def test_it_remembers_its_place(opened: Open) -> None:
    board = opened.controller.board
    assert board is not None
    board.move(120, 90)
    named(board, "Close the live board").click()  # type: ignore[attr-defined]  # a button
    assert opened.kept == "120 90"
    opened.controller.toggle()
    again = opened.controller.board
    assert again is not None
    assert again is not board
    assert again.pos() == QPoint(120, 90)


@pytest.mark.parametrize("kept", ["", "nonsense", "1 2 3", "-90000 5"])
def test_a_place_that_is_none_does_no_harm(opened: Open, kept: str) -> None:
    opened.controller.toggle()
    opened.kept = kept
    opened.controller.toggle()
    board = opened.controller.board
    assert board is not None
    assert board.isVisible()
    assert board.x() > -1000


def test_larger_text_makes_it_larger(opened: Open, theme: Theme) -> None:
    board = opened.controller.board
    assert board is not None
    width = board.width()
    theme.set_text_scale(2.0)
    again = opened.controller.board
    assert again is not None
    assert again.width() > width


def test_a_phone_that_sees_no_team_is_no_trouble() -> None:
    desk = DeskRig(settings=settings_with(phone=(HOOK_SETTINGS,)))
    assert view(desk).team == "No phone here sees a team"
