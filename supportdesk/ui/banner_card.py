"""One alert as a card in the corner of the screen. It takes no focus and hears no keys."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QEnterEvent, QMouseEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from supportdesk.domain.alerts import Action, Alert, AlertKind
from supportdesk.domain.text import clean_line, clip_utf16
from supportdesk.ui.rows import ButtonRank
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.widgets.box import Box, Grow, clear, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.flow import flowing
from supportdesk.ui.widgets.label import Icon, Label

BODY_CLICK = "default"
_EMS_WIDE = 27
_TITLE_LIMIT = 60
_BODY_LIMIT = 160


class _Look(NamedTuple):
    icon: str
    ink: Ink


_LOOKS = {
    AlertKind.MAIL: _Look("mail", Ink.ACCENT_TEXT),
    AlertKind.WAITING: _Look("phone-ring", Ink.AMBER),
    AlertKind.ANSWERED: _Look("phone", Ink.ACCENT_TEXT),
    AlertKind.MISSED: _Look("phone-missed", Ink.BRICK),
    AlertKind.LIFTED: _Look("lift", Ink.AMBER),
    AlertKind.HEALTH: _Look("deaf", Ink.BRICK),
    AlertKind.WEEKLY: _Look("week", Ink.ACCENT_TEXT),
    AlertKind.PROMISE: _Look("promise", Ink.AMBER),
    AlertKind.MORNING: _Look("coffee", Ink.ACCENT_TEXT),
}


class BannerCard(QWidget):
    """A window of its own.

    Signals:
        acted: The value of an Action, or "default" for a click on the card.
        closed: The founder closed it.
        expired: Its time is over.
        pointer_left: The pointer was over it and is not any more.
    """

    acted = Signal(str)
    closed = Signal()
    expired = Signal()
    pointer_left = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        theme.dress()
        self._theme = theme
        self.has_pointer = False
        # Of the kinds of windows this is the one that no window manager focuses or lists. The
        # corners are square: without a compositor there is nothing to be seen through round ones.
        flags = Qt.WindowType.ToolTip | Qt.WindowType.FramelessWindowHint
        flags |= Qt.WindowType.WindowStaysOnTopHint | Qt.WindowType.WindowDoesNotAcceptFocus
        self.setWindowFlags(flags)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_X11NetWmWindowTypeNotification)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setWindowTitle("supportdesk alert")
        self._ground = Box(theme, Ink.RAISED, Ink.EDGE)
        self._stack = QVBoxLayout(self._ground)
        self._stack.setContentsMargins(*(theme.gap(side) for side in (14, 10, 10, 12)))
        self._stack.setSpacing(theme.gap(4))
        self._more = Label(theme, "", TypeRole.CAPTION, Ink.TEXT3)
        column(theme, self._ground, gap=0, inside=self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.expired)

    def show_alert(self, alert: Alert) -> None:
        theme, look = self._theme, _LOOKS[alert.kind]
        title = clip_utf16(clean_line(alert.title), _TITLE_LIMIT)
        body = clip_utf16(clean_line(alert.body), _BODY_LIMIT)
        clear(self._stack)
        words = Label(theme, title, TypeRole.BODY_B).wrapping()
        close = Button(theme, rank=ButtonRank.GHOST, icon="close", hint="Close", small=True)
        self._stack.addLayout(
            row(theme, Icon(theme, look.icon, look.ink), Grow(words), _still(close), gap=8)
        )
        close.clicked.connect(lambda _=False: self.closed.emit())
        if body:
            self._stack.addWidget(Label(theme, body, TypeRole.BODY, Ink.TEXT2).wrapping())
        if alert.actions:
            self._stack.addSpacing(theme.gap(4))
            buttons = [self._button(action) for action in alert.actions]
            self._stack.addLayout(row(theme, -2, Grow(flowing(*buttons, gap=4))))
        self._more = Label(theme, "", TypeRole.CAPTION, Ink.TEXT3)
        self._more.hide()
        self._stack.addWidget(self._more)
        self.setAccessibleName(f"{title}. {body}" if body else title)
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def say_more(self, count: int) -> None:
        """That others wait for a place on the screen."""
        self._more.setText(f"and {count} more")
        self._more.setVisible(count > 0)

    def wait(self, seconds: float) -> None:
        """Expire by itself after so many seconds without the pointer; 0: never."""
        self._timer.setInterval(round(seconds * 1000))
        self._timer.stop()
        self._count_on()

    def fit(self, most: int) -> None:
        """As wide as the type wants, `most` at most, and as high as its words are then."""
        width = min(round(_EMS_WIDE * self._theme.em()), most)
        self._stack.invalidate()
        height = self._stack.totalHeightForWidth(width)
        self.setFixedSize(width, height if height > 0 else self._stack.totalSizeHint().height())

    def enterEvent(self, event: QEnterEvent) -> None:
        self.has_pointer = True
        self._timer.stop()

    def leaveEvent(self, event: QEvent) -> None:
        self.has_pointer = False
        self._count_on()
        self.pointer_left.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(
            event.position().toPoint()
        ):
            self.acted.emit(BODY_CLICK)

    def _count_on(self) -> None:
        if self._timer.interval() > 0 and not self.has_pointer:
            self._timer.start()

    def _button(self, action: Action) -> Button:
        is_first = action is Action.TAKE_CALL
        rank = ButtonRank.PRIMARY if is_first else ButtonRank.SECONDARY
        button = Button(self._theme, action.label, rank, small=True)
        button.clicked.connect(lambda _=False: self.acted.emit(action.value))
        return _still(button)


def _still(button: Button) -> Button:
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return button
