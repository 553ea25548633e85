"""The one-ring share of the week: every number opens the callers it is made of."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy

from supportdesk.ui.rows import Action, FigurePart, RingFigure
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import RADIUS_CARD, RADIUS_CONTROL, Ink, TypeRole
from supportdesk.ui.widgets.box import STRETCH, Box, Grow, clear, column, row
from supportdesk.ui.widgets.canvas import Canvas, is_focus_shown
from supportdesk.ui.widgets.label import Label
from supportdesk.ui.widgets.tips import plain_tip

_RING = 2
_LEAST_HEIGHT = 24
_WRAP = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class WordsButton(QPushButton):
    """Words that can be pressed; they wrap, and are underlined under the pointer."""

    def __init__(self, theme: Theme, words: str, role: TypeRole, ink: Ink, spoken: str) -> None:
        super().__init__(words)
        self._theme = theme
        self._role = role
        self._ink = ink
        self.setFont(theme.font(role))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(spoken)
        self.setToolTip(plain_tip(spoken))
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def heightForWidth(self, width: int) -> int:
        room = QRect(0, 0, max(1, width - 2 * _RING), 10_000)
        bounds = self._theme.metrics(self._role).boundingRect(QRectF(room), _WRAP, self.text())
        return max(_LEAST_HEIGHT, int(bounds.height()) + 1) + 2 * _RING

    def sizeHint(self) -> QSize:
        width = int(self._theme.metrics(self._role).horizontalAdvance(self.text())) + 1 + 2 * _RING
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        metrics = self._theme.metrics(self._role)
        longest = max(map(metrics.horizontalAdvance, self.text().split() or [""]))
        return QSize(int(longest) + 1 + 2 * _RING, _LEAST_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        with Canvas.over(self._theme, self) as canvas:
            if self.isDown():
                canvas.rounded(QRectF(self.rect()), RADIUS_CONTROL, Ink.PRESSED)
            font = self._theme.font(self._role)
            font.setUnderline(self.underMouse() and self._role is not TypeRole.FIGURE)
            canvas.painter.setFont(font)
            canvas.painter.setPen(self._theme.colour(self._ink))
            room = self.rect().adjusted(_RING, _RING, -_RING, -_RING)
            canvas.painter.drawText(room, _WRAP, self.text())
            if is_focus_shown(self):
                canvas.focus_ring(QRectF(self.rect()), RADIUS_CARD)


class RingCard(Box):
    """Built anew when a number changes; the keyboard stays on the part it was on."""

    asked = Signal(object, str)
    rebuilt = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, Ink.LIST, Ink.LINE, radius=RADIUS_CARD)
        self.setAccessibleName("Within one ring this week")
        self._shown: RingFigure | None = None
        self._place = column(theme, gap=0)
        column(
            theme,
            Label(theme, "Within one ring this week", TypeRole.BODY_B).wrapping(),
            self._place,
            gap=0,
            margins=(14, 10, 14, 8),
            inside=self,
        )
        self.hide()

    def show_figure(self, figure: RingFigure | None) -> None:
        self.setVisible(figure is not None)
        if figure is None or figure == self._shown:
            return
        focused = next((at for at, one in enumerate(self._buttons()) if one.hasFocus()), -1)
        self._shown = figure
        clear(self._place)
        self._build(figure)
        buttons = self._buttons()
        if 0 <= focused < len(buttons):
            buttons[focused].setFocus()
        self.rebuilt.emit()

    def _buttons(self) -> list[WordsButton]:
        return [one for one in self.findChildren(WordsButton) if not one.isHidden()]

    def _build(self, figure: RingFigure) -> None:
        theme = self.theme
        if figure.figure is not None:
            spoken = f"{figure.figure.words} {figure.of_what} within one ring this week: show them"
            number = self._button(figure.figure, TypeRole.FIGURE, Ink.TEXT, spoken)
            number.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            words = Label(theme, figure.of_what)
            self._place.addLayout(row(theme, -_RING, number, words, STRETCH, gap=6))
        else:
            self._place.addWidget(Label(theme, figure.of_what, TypeRole.TITLE).wrapping())
        for part in figure.parts:
            button = self._button(part, TypeRole.CAPTION, Ink.ACCENT_TEXT, part.words)
            # Its room for the focus ring lies outside of the line that the words begin at.
            self._place.addLayout(row(theme, -_RING, Grow(button)))

    def _button(self, part: FigurePart, role: TypeRole, ink: Ink, spoken: str) -> WordsButton:
        button = WordsButton(self.theme, part.words, role, ink, spoken)
        button.clicked.connect(lambda: self.asked.emit(Action.SHOW_CALLS, part.opens.value))
        return button
