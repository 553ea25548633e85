"""The live board while it is open: fed by what changes, and once a second while somebody waits."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, QTimer, Signal

from supportdesk.services.desk_state import DeskState
from supportdesk.ui.calls.live_board import LiveBoard
from supportdesk.ui.presenter.live_board import board_view
from supportdesk.ui.theme.theme import Theme

_SECOND_MS = 1000


class LiveBoardController(QObject):
    """Owns the board's window and its place.

    Args of the constructor:
        state: What is true now.
        load_place, save_place: Where the board was, as "x y"; "" when that is not known.
    """

    opened = Signal()

    def __init__(
        self,
        theme: Theme,
        state: Callable[[], DeskState],
        *,
        load_place: Callable[[], str],
        save_place: Callable[[str], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._state = state
        self._load_place = load_place
        self._save_place = save_place
        self._board: LiveBoard | None = None
        self._second = QTimer(self)
        self._second.setInterval(_SECOND_MS)
        self._second.timeout.connect(self.refresh)
        theme.sizes_changed.connect(self._build_anew)

    @property
    def board(self) -> LiveBoard | None:
        """None while it is closed."""
        return self._board

    def toggle(self) -> None:
        if self._board is None:
            self._open()
        else:
            self._board.close()

    def refresh(self) -> None:
        if self._board is None:
            return
        state = self._state()
        view = board_view(state, state.at)
        self._board.show_board(view)
        if view.ticks and not self._second.isActive():
            self._second.start()
        elif not view.ticks:
            self._second.stop()

    def stop(self) -> None:
        if self._board is not None:
            self._board.close()

    # --- inside ------------------------------------------------------------------------

    def _open(self) -> None:
        board = LiveBoard(self._theme)
        board.closed.connect(self._closed)
        board.opened.connect(self.opened)
        self._board = board
        self.refresh()
        board.adjustSize()
        place = _read(self._load_place())
        if place is not None:
            board.put_at(place)
        board.show()

    def _closed(self) -> None:
        board, self._board = self._board, None
        self._second.stop()
        if board is not None:
            self._save_place(f"{board.x()} {board.y()}")
            board.deleteLater()

    def _build_anew(self) -> None:
        """Sizes of text are fixed when a board is made."""
        if self._board is not None:
            self._board.close()
            self._open()


def _read(kept: str) -> QPoint | None:
    """A file that somebody else wrote, or half of one, is no place."""
    numbers = kept.split()
    try:
        left, top = (int(number) for number in numbers)
    except ValueError:
        return None
    return QPoint(left, top)
