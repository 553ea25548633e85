"""Who wrote: name, house, then at most five lines, an open promise first."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtWidgets import QLayout

from supportdesk.ui.rows import ActionButton, PersonFact, PersonLine, PersonOffer, PersonView
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import RADIUS_CARD, Ink, TypeRole
from supportdesk.ui.widgets.box import STRETCH, Box, Grow, Item, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.canvas import Canvas
from supportdesk.ui.widgets.label import Avatar, Elided, Icon, Label
from supportdesk.ui.widgets.painted_line import PaintedLine

_MOST_LINES = 5
_LEAST_WIDTH = 120
_LEAST_HEIGHT = 24
_BETWEEN = " · "
_ICONS = {
    PersonFact.PROMISE: "promise",
    PersonFact.CALL: "phone-in",
    PersonFact.QUOTE: "quote",
    PersonFact.MAIL: "mail",
    PersonFact.NOTE: "note",
}


class FactButton(PaintedLine):
    """A line of the card that opens what it tells of; a promise is amber."""

    def __init__(self, theme: Theme, line: PersonLine) -> None:
        super().__init__(theme, f"Open {line.label}, {line.text}", line.text)
        self._line = line
        self._is_promise = line.fact is PersonFact.PROMISE
        # In large text the time alone fills a line; what was promised has one of its own.
        self._lines = 2 if self._is_promise and theme.is_large else 1

    def sizeHint(self) -> QSize:
        height = self.theme.metrics(TypeRole.CAPTION).height() + self.theme.gap(6)
        return QSize(_LEAST_WIDTH, max(_LEAST_HEIGHT, int(height * self._lines)))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paint_words(self, canvas: Canvas, rect: QRectF) -> None:
        theme, line = self.theme, self._line
        size = theme.mark(15)
        metrics = theme.metrics(TypeRole.CAPTION)
        step = rect.height() / self._lines
        centre = rect.top() + step / 2
        base = centre + (metrics.ascent() - metrics.descent()) / 2
        role = TypeRole.CAPTION_B if self._is_promise else TypeRole.CAPTION
        mark = Ink.AMBER if self._is_promise else Ink.TEXT2
        canvas.icon(_ICONS[line.fact], mark, 0, centre - size / 2, size)
        x: float = size + theme.gap(7)
        right = rect.right() - theme.gap(4)
        ink = Ink.AMBER if self._is_promise else Ink.TEXT
        wide = canvas.text(x, base, line.label, role, ink, width=right - x)
        if self._lines > 1:
            base += step
        else:
            x += wide + theme.gap(7)
        canvas.text(x, base, line.text, TypeRole.CAPTION, Ink.TEXT2, width=right - x)


class PersonCard(Box):
    """Stands above the message, so that nobody is answered as a stranger."""

    asked = Signal(object, str)
    item_asked = Signal(str)
    """The key of what a line tells of."""

    def __init__(self, theme: Theme, view: PersonView) -> None:
        super().__init__(theme, Ink.LIST, Ink.LINE, radius=RADIUS_CARD)
        self.setAccessibleName(f"About {view.name}")
        name = Elided(theme, view.name, TypeRole.BODY_B)
        words = column(theme, name, gap=1)
        for house in self._house_lines(view.house):
            words.addWidget(Elided(theme, house, TypeRole.CAPTION, Ink.TEXT2))
        face: list[Item] = [Avatar(theme, view.name, 40), Grow(words)]
        buttons: list[Item] = [
            self._button(one) for one in (view.call_back, view.edit) if one is not None
        ]
        stack = column(theme, gap=4, margins=(14, 11, 12, 12), inside=self)
        if theme.is_large:
            # Beside each other a column of large text has no room for both.
            stack.addLayout(row(theme, *face, gap=10))
            stack.addLayout(row(theme, *buttons, STRETCH, gap=10))
        else:
            stack.addLayout(row(theme, *face, *buttons, gap=10))
        if view.lines:
            stack.addSpacing(theme.gap(2))
        for line in _promises_first(view.lines)[:_MOST_LINES]:
            if line.key:
                opens = self._open_line(line)
                acts = [self._button(one) for one in line.buttons]
                if theme.is_large:
                    stack.addWidget(opens)
                    stack.addLayout(row(theme, *acts, STRETCH, gap=2))
                else:
                    stack.addLayout(row(theme, Grow(opens), *acts, gap=2))
            else:
                stack.addLayout(self._fact_line(line))
        for offer in view.offers:
            stack.addLayout(self._offer(offer))

    def _house_lines(self, house: str) -> list[str]:
        """Large text gives each address a line: one breaks nowhere."""
        parts = house.split(_BETWEEN) if self.theme.is_large else [house]
        return [part for part in parts if part]

    def _faint(self, text: str) -> Label:
        if self.theme.is_large:
            return Label(self.theme, text, TypeRole.CAPTION, Ink.TEXT2).wrapping()
        return Elided(self.theme, text, TypeRole.CAPTION, Ink.TEXT2)

    def _fact_line(self, line: PersonLine) -> QLayout:
        is_promise = line.fact is PersonFact.PROMISE
        role = TypeRole.CAPTION_B if is_promise else TypeRole.CAPTION
        mark = Icon(self.theme, _ICONS[line.fact], Ink.AMBER if is_promise else Ink.TEXT2, 15)
        label = Label(self.theme, line.label, role, Ink.AMBER if is_promise else Ink.TEXT)
        return row(self.theme, mark, label, Grow(self._faint(line.text)), gap=7)

    def _open_line(self, line: PersonLine) -> FactButton:
        button = FactButton(self.theme, line)
        button.clicked.connect(lambda: self.item_asked.emit(line.key))
        return button

    def _offer(self, offer: PersonOffer) -> QLayout:
        mark = Icon(self.theme, "people", Ink.TEXT2, 15)
        return row(self.theme, mark, Grow(self._faint(offer.text)), self._button(offer.button))

    def _button(self, action: ActionButton) -> Button:
        button = Button.for_action(self.theme, action, small=True)
        button.clicked.connect(lambda: self.asked.emit(action.action, action.target))
        return button


def _promises_first(lines: tuple[PersonLine, ...]) -> list[PersonLine]:
    return sorted(lines, key=lambda line: line.fact is not PersonFact.PROMISE)
