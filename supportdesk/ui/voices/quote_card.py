"""One quote: how it felt, the words, and where they were said. Painted, for there are many."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QAbstractButton

from supportdesk.ui.rows.voices import QuoteCard
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import RADIUS_CARD, Ink, TypeRole
from supportdesk.ui.voices.felt_bar import felt_mark_size, paint_felt
from supportdesk.ui.widgets.canvas import Canvas, is_focus_shown
from supportdesk.ui.widgets.tips import plain_tip

_LEFT, _TOP, _RIGHT, _BOTTOM = 16, 13, 14, 12
_GAP = 7
_LINE = 1.22
_MOST_LINES = 12
_MOST_LETTERS = 1_500
_MARK = 15
_BAR = 3
_OPENING = 26


class Text(NamedTuple):
    """Words broken into lines."""

    layout: QTextLayout
    height: float
    is_cut: bool


class QuoteLook:
    """A card measured for one width: what is painted, and how high it is."""

    def __init__(
        self, theme: Theme, card: QuoteCard, width: int, *, is_whole: bool = False
    ) -> None:
        self._theme = theme
        self._card = card
        room = width - theme.gap(_LEFT) - theme.gap(_RIGHT)
        gap = theme.gap(_GAP)
        self._felt_height = 0.0
        if card.felt is not None:
            self._felt_height = felt_mark_size(theme, card.felt).height() + gap
        self._words = broken(theme, f"“{card.words}”", TypeRole.QUOTE, room, is_whole=is_whole)
        self.is_cut = self._words.is_cut
        self._note: Text | None = None
        if card.note:
            note_room = room - theme.mark(_MARK) - gap
            self._note = broken(theme, card.note, TypeRole.CAPTION, note_room)
        foot = max(theme.metrics(TypeRole.CAPTION_B).height(), theme.mark(_MARK))
        self.foot = max(foot, 26.0)
        note = self._note.height + gap if self._note is not None else 0.0
        top = theme.gap(_TOP) + self._felt_height + self._words.height + note
        self.height = int(top + gap + self.foot + theme.gap(_BOTTOM) - 4)

    def paint(self, canvas: Canvas, width: int) -> None:
        theme, card = self._theme, self._card
        x, y = float(theme.gap(_LEFT)), float(theme.gap(_TOP))
        if card.felt is not None:
            size = felt_mark_size(theme, card.felt)
            paint_felt(canvas, QRectF(x, y, size.width(), size.height()), card.felt)
            y += self._felt_height
        self._draw(canvas, self._words, x, y, Ink.TEXT)
        y += self._words.height
        if self._note is not None:
            y += theme.gap(_GAP)
            canvas.icon("note", Ink.TEXT2, x, y, theme.mark(_MARK))
            self._draw(canvas, self._note, x + theme.mark(_MARK) + theme.gap(_GAP), y, Ink.TEXT2)
            y += self._note.height
        self._paint_foot(canvas, x, y + theme.gap(_GAP), width)

    def _paint_foot(self, canvas: Canvas, x: float, y: float, width: int) -> None:
        theme, card = self._theme, self._card
        size, centre = theme.mark(_MARK), y + self.foot / 2
        canvas.icon(card.icon, Ink.TEXT2, x, centre - size / 2, size)
        metrics = theme.metrics(TypeRole.CAPTION_B)
        base = centre + (metrics.ascent() - metrics.descent()) / 2
        x += size + 6
        right = width - theme.gap(_RIGHT) - 30
        who = canvas.text(x, base, card.who, TypeRole.CAPTION_B, width=(right - x) * 0.6)
        x += who + 7
        canvas.text(x, base, card.about, TypeRole.CAPTION, Ink.TEXT2, width=right - x)

    def _draw(self, canvas: Canvas, text: Text, x: float, y: float, ink: Ink) -> None:
        canvas.painter.setPen(self._theme.colour(ink))
        text.layout.draw(canvas.painter, QPointF(x, y))


def broken(
    theme: Theme, words: str, role: TypeRole, width: float, *, is_whole: bool = False
) -> Text:
    """Into lines, at most a dozen unless it is wanted whole; letters go the way of their script."""
    most = len(words) if is_whole else _MOST_LINES
    is_cut = len(words) > _MOST_LETTERS and not is_whole
    shown = (words[:_MOST_LETTERS] if is_cut else words).replace("\n", "\u2028")
    layout = QTextLayout(shown + "…" if is_cut else shown, theme.font(role))
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    layout.setTextOption(option)
    height = _lay_out(theme, layout, role, width, most)
    if layout.lineCount() > most:
        is_cut = True
        last = layout.lineAt(most - 1)
        kept = layout.text()[: max(1, last.textStart() + last.textLength() - 2)].rstrip()
        layout.setText(f"{kept}…")
        height = _lay_out(theme, layout, role, width, most)
    return Text(layout, height, is_cut)


def _lay_out(theme: Theme, layout: QTextLayout, role: TypeRole, width: float, most: int) -> float:
    step = theme.metrics(role).lineSpacing() * _LINE
    lead = (step - theme.metrics(role).height()) / 2
    height = 0.0
    layout.beginLayout()
    while layout.lineCount() <= most:
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(max(1.0, width))
        line.setPosition(QPointF(0, height + lead))
        height += step
    layout.endLayout()
    return height


class QuoteCardButton(QAbstractButton):
    """A card that can be chosen. Its mark at the lower right leads back to the source.

    Signals:
        chosen: By a click, Space, or what a screen reader toggles.
        opened: By that mark, a double click or Enter.
        stepped: By the arrows: to the next card or the one before.
    """

    chosen = Signal()
    opened = Signal()
    stepped = Signal(int)

    def __init__(
        self, theme: Theme, card: QuoteCard, width: int, *, is_whole: bool = False
    ) -> None:
        super().__init__()
        self._theme = theme
        self.card = card
        self._look = QuoteLook(theme, card, width, is_whole=is_whole)
        self.setCheckable(True)
        self.setText(card.who)
        self.toggled.connect(self._on_toggled)
        self.setAccessibleName(card.spoken)
        how = f" {card.open_words}: o" if card.open_words else ""
        self.setToolTip(plain_tip(f"{card.who}, {card.about}.{how}"))
        self.setFixedSize(width, self._look.height)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    @property
    def opening(self) -> QRectF:
        """Where a click opens the source; empty where there is none. Enter does the same."""
        if not self.card.open_words:
            return QRectF()
        theme, size = self._theme, self._theme.mark(_OPENING)
        bottom = self._look.height - theme.gap(_BOTTOM) + 4 - self._look.foot / 2
        left = self.width() - theme.gap(_RIGHT) - size + 6
        return QRectF(left, bottom - size / 2, size, size)

    @property
    def is_cut(self) -> bool:
        """There are more words than it shows."""
        return self._look.is_cut

    def mark_chosen(self, *, is_chosen: bool) -> None:
        """Show it; nothing is told."""
        with QSignalBlocker(self):
            self.setChecked(is_chosen)
        self.update()

    def _on_toggled(self, is_on: bool) -> None:
        if is_on:
            self.chosen.emit()
        else:
            self.mark_chosen(is_chosen=True)

    def nextCheckState(self) -> None:
        """Chosen it stays until another is."""
        self.setChecked(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Down | Qt.Key.Key_Right:
                self.stepped.emit(1)
            case Qt.Key.Key_Up | Qt.Key.Key_Left:
                self.stepped.emit(-1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.opened.emit()
            case _:
                super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        is_left = event.button() is Qt.MouseButton.LeftButton
        if is_left and self.opening.contains(event.position()):
            self.opened.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        if not self.opening.contains(event.position()):
            self.opened.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        with Canvas.over(self._theme, self) as canvas:
            rect = QRectF(self.rect())
            ground = Ink.HOVER if self.underMouse() else Ink.PAGE
            ground = Ink.SELECTED if self.isChecked() else ground
            canvas.rounded(rect, RADIUS_CARD, ground, Ink.LINE)
            if self.isChecked():
                bar = QRectF(0, RADIUS_CARD, _BAR, rect.height() - 2 * RADIUS_CARD)
                canvas.rounded(bar, _BAR / 2, Ink.ACCENT)
            self._look.paint(canvas, self.width())
            self._paint_opening(canvas)
            if is_focus_shown(self):
                canvas.focus_ring(rect, RADIUS_CARD)

    def _paint_opening(self, canvas: Canvas) -> None:
        place, size = self.opening, self._theme.mark(_MARK)
        if not place.isEmpty():
            corner = place.center() - QPointF(size / 2, size / 2)
            canvas.icon("open", Ink.TEXT3, corner.x(), corner.y(), size)
