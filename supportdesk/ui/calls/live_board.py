"""The live board: two lines that stay on top of other windows and never take the keyboard.

What a window may do there is the desktop's matter. X11 and Windows let it stay on top and keep its
place; a Wayland desktop does neither for a program, so there it has a frame, whose menu may offer
"Always on Top", and says so.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QGuiApplication,
    QMouseEvent,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QWidget

from supportdesk.ui.rows import BoardLevel, BoardView, ButtonRank
from supportdesk.ui.theme.icons import app_icon
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.widgets.box import Box, Grow, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.canvas import Canvas
from supportdesk.ui.widgets.label import Elided

_EMS_WIDE = 25
_SHAPE = 20
_WORDS_INKS = {
    BoardLevel.QUIET: Ink.TEXT,
    BoardLevel.RINGING: Ink.TEXT,
    BoardLevel.LATE: Ink.AMBER,
    BoardLevel.LONG: Ink.BRICK,
    BoardLevel.DEAF: Ink.BRICK,
}
_GROUNDS = {
    BoardLevel.QUIET: Ink.RAIL,
    BoardLevel.RINGING: Ink.TINT,
    BoardLevel.LATE: Ink.AMBER_BG,
    BoardLevel.LONG: Ink.BRICK_BG,
    BoardLevel.DEAF: Ink.BRICK_BG,
}
_MARKS = {
    BoardLevel.QUIET: Ink.ACCENT,
    BoardLevel.RINGING: Ink.ACCENT,
    BoardLevel.LATE: Ink.AMBER_MARK,
    BoardLevel.LONG: Ink.BRICK_MARK,
    BoardLevel.DEAF: Ink.BRICK_MARK,
}
_WAYLAND_WORDS = "To keep it on top, choose that in the window menu of your desktop."


class LiveBoard(QWidget):
    """Drag it anywhere; a double click opens the Calls page.

    Signals:
        closed: The founder closed it.
        opened: The founder wants the window.
    """

    closed = Signal()
    opened = Signal()

    def __init__(self, theme: Theme, *, has_frame: bool | None = None) -> None:
        super().__init__()
        theme.dress()
        self._theme = theme
        self._grip: QPoint | None = None
        has_frame = is_placed_by_desktop() if has_frame is None else has_frame
        # Not a tool window: some desktops hide these while another program is in front.
        flags = Qt.WindowType.Window | Qt.WindowType.WindowStaysOnTopHint
        flags |= Qt.WindowType.WindowDoesNotAcceptFocus
        if not has_frame:
            flags |= Qt.WindowType.FramelessWindowHint
        self.setWindowFlags(flags)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWindowTitle("supportdesk live board")
        self.setWindowIcon(app_icon())
        self._ground = Box(theme, Ink.RAIL, Ink.EDGE)
        self._shape = BoardShape(theme)
        self._waiting = Elided(theme, "", TypeRole.BODY_B)
        self._team = Elided(theme, "", TypeRole.BODY, Ink.TEXT2)
        close = Button(
            theme, rank=ButtonRank.GHOST, icon="close", hint="Close the live board", small=True
        )
        close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        close.clicked.connect(self.close)
        words = column(theme, self._waiting, self._team, gap=2)
        if has_frame:
            close.hide()
            words.addWidget(Elided(theme, _WAYLAND_WORDS, TypeRole.CAPTION, Ink.TEXT3))
        row(
            theme,
            self._shape,
            Grow(words),
            close,
            gap=10,
            margins=(12, 8, 6, 8),
            inside=self._ground,
        )
        column(theme, self._ground, gap=0, inside=self)
        self.setFixedWidth(round(_EMS_WIDE * theme.em()))

    def show_board(self, view: BoardView) -> None:
        self.setAccessibleName(view.accessible_text)
        self._ground.set_fill(_GROUNDS[view.level])
        self._shape.show_level(view.level)
        self._waiting.set_ink(_WORDS_INKS[view.level])
        self._waiting.set_text(view.waiting)
        self._team.set_text(view.team)

    def put_at(self, place: QPoint) -> None:
        """Where it was, if a screen is there still; else where the desktop puts it."""
        middle = place + QPoint(self.width() // 2, self.sizeHint().height() // 2)
        if QGuiApplication.screenAt(middle) is not None:
            self.move(place)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        handle = self.windowHandle()
        if handle is None or not handle.startSystemMove():
            self._grip = event.globalPosition().toPoint() - self.pos()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is not None:
            self.move(event.globalPosition().toPoint() - self._grip)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grip = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.opened.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()


class BoardShape(QWidget):
    """Ring, open and full diamond, triangle, question mark: readable without colours."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._level = BoardLevel.DEAF
        self.setFixedSize(theme.mark(_SHAPE), theme.mark(_SHAPE))

    def show_level(self, level: BoardLevel) -> None:
        self._level = level
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with Canvas.over(self._theme, self) as canvas:
            painter, size = canvas.painter, float(self.width())
            colour = self._theme.colour(_MARKS[self._level])
            painter.setPen(QPen(colour, size / 8))
            inner = QRectF(0, 0, size, size).adjusted(2, 2, -2, -2)
            match self._level:
                case BoardLevel.QUIET:
                    painter.drawEllipse(inner)
                case BoardLevel.RINGING:
                    painter.drawPolygon(_diamond(inner))
                case BoardLevel.LATE:
                    painter.setBrush(colour)
                    painter.drawPolygon(_diamond(inner))
                case BoardLevel.LONG:
                    painter.setBrush(colour)
                    painter.drawPolygon(
                        QPolygonF(
                            [
                                QPointF(inner.center().x(), inner.top()),
                                inner.bottomRight(),
                                inner.bottomLeft(),
                            ]
                        )
                    )
                case BoardLevel.DEAF:
                    painter.setFont(self._theme.font(TypeRole.TITLE))
                    painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, "?")


def is_placed_by_desktop() -> bool:
    """On Wayland a program can neither place a window nor keep it on top."""
    return QGuiApplication.platformName().startswith("wayland")


def _diamond(box: QRectF) -> QPolygonF:
    middle = box.center()
    return QPolygonF(
        [
            QPointF(middle.x(), box.top()),
            QPointF(box.right(), middle.y()),
            QPointF(middle.x(), box.bottom()),
            QPointF(box.left(), middle.y()),
        ]
    )
