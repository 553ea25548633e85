"""The end of the morning scroll: "That is all of it", one true sentence, and the ways on."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtWidgets import QWidget

from supportdesk.ui.inbox.message_lines import PULL
from supportdesk.ui.morning.piece import SIDE
from supportdesk.ui.rows import Action, ActionButton, ButtonRank
from supportdesk.ui.rows.morning import EndLine, EndList, EndView
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import RADIUS_CARD, Ink, TypeRole
from supportdesk.ui.widgets.banner import Banner
from supportdesk.ui.widgets.box import Box, Grow, clear, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.canvas import Canvas
from supportdesk.ui.widgets.flow import flowing
from supportdesk.ui.widgets.label import Label, spoken
from supportdesk.ui.widgets.painted_line import PaintedLine
from supportdesk.ui.widgets.tab_order import focus_first

BELOW_PIECE = 6
BELOW_HEAD = 24
_BELOW = 20
_LEAST_WIDTH = 120
_RING = 2
_LEAST_HEIGHT = 26


class EndLineButton(PaintedLine):
    """Who and of what; it opens the mail or the call."""

    def __init__(self, theme: Theme, line: EndLine) -> None:
        super().__init__(theme, f"Open {line.who}, {line.words}", line.words)
        self._line = line

    def sizeHint(self) -> QSize:
        height = self.theme.metrics(TypeRole.CAPTION).height() + self.theme.gap(8)
        return QSize(_LEAST_WIDTH, max(_LEAST_HEIGHT, int(height)))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paint_words(self, canvas: Canvas, rect: QRectF) -> None:
        theme, line = self.theme, self._line
        metrics = theme.metrics(TypeRole.CAPTION)
        base = rect.center().y() + (metrics.ascent() - metrics.descent()) / 2
        x: float = theme.gap(6)
        half = rect.width() * 0.4
        x += min(canvas.text(x, base, line.who, TypeRole.CAPTION, width=half), half)
        x += theme.gap(8)
        room = rect.width() - x - theme.gap(6)
        canvas.text(x, base, line.words, TypeRole.CAPTION, Ink.TEXT2, width=room)


class EndCard(QWidget):
    """Stands below the last piece, or alone below the head of the page."""

    asked = Signal(object, str)

    def __init__(self, theme: Theme, view: EndView, above: int = BELOW_PIECE) -> None:
        super().__init__()
        self._theme = theme
        self._view = view
        self._open_icon = ""
        self._box = Box(theme, Ink.LIST, Ink.LINE, radius=RADIUS_CARD)
        self._stack = column(theme, gap=4, margins=(24, 18, 24, 18), inside=self._box)
        margins = (SIDE, above, SIDE, _BELOW)
        self._outer = column(theme, self._box, gap=0, margins=margins, inside=self)
        self._build()

    def show_view(self, view: EndView) -> None:
        if view != self._view:
            self._view = view
            self._build()

    def height_at(self, width: int) -> int:
        """Its height, laid out in this width."""
        if self.width() != width:
            self.resize(width, self.height())
        for layout in (self._stack, self._outer):
            layout.activate()
        return self._outer.totalHeightForWidth(width)

    # --- inside ------------------------------------------------------------------------

    def _build(self) -> None:
        theme, view = self._theme, self._view
        clear(self._stack)
        self.setAccessibleName(spoken(view.head, view.sentence))
        if view.notice is not None:
            self._stack.addWidget(Banner(theme, view.notice))
        self._stack.addWidget(Label(theme, view.head, TypeRole.HEAD).wrapping())
        self._stack.addWidget(Label(theme, view.sentence, ink=Ink.TEXT2).wrapping())
        self._stack.addSpacing(theme.gap(6))
        buttons = [self._button(action) for action in view.buttons]
        self._stack.addLayout(row(theme, -_RING, Grow(flowing(*buttons, gap=theme.gap(8))), gap=0))
        figures = [self._button(action, is_small=True) for action in view.facts]
        figures += [self._list_button(one) for one in view.lists]
        if figures:
            wrapped = flowing(*figures, gap=theme.gap(4))
            self._stack.addLayout(row(theme, -PULL, Grow(wrapped), gap=0))
        for one in view.lists:
            if one.icon == self._open_icon:
                for line in one.lines:
                    self._stack.addWidget(self._line(line))

    def _button(self, action: ActionButton, *, is_small: bool = False) -> Button:
        button = Button.for_action(self._theme, action, small=is_small)
        button.clicked.connect(lambda: self.asked.emit(action.action, action.target))
        return button

    def _list_button(self, shown: EndList) -> Button:
        button = Button(self._theme, shown.words, ButtonRank.GHOST, icon=shown.icon, small=True)
        button.setCheckable(True)
        button.setChecked(shown.icon == self._open_icon)
        button.toggled.connect(lambda is_open: self._open(shown.icon if is_open else ""))
        return button

    def _open(self, icon: str) -> None:
        """One list at a time: the card stays short."""
        self._open_icon = icon
        self._build()
        focus_first(self._box)

    def _line(self, line: EndLine) -> EndLineButton:
        button = EndLineButton(self._theme, line)
        button.clicked.connect(lambda: self.asked.emit(Action.OPEN_PIECE, line.key))
        return button
