"""The morning scroll as a page: a way back, the column, and the few keys that it takes."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QSizePolicy, QWidget

from supportdesk.ui.compose.composer_place import ComposerPlace
from supportdesk.ui.morning.column import MorningColumn
from supportdesk.ui.rows import Action, ButtonRank, ClockView
from supportdesk.ui.rows.morning import MorningView
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.widgets.box import STRETCH, Box, Edge, Grow, Item, column, row
from supportdesk.ui.widgets.button import Button, key_cap_width, paint_key_cap
from supportdesk.ui.widgets.canvas import Canvas
from supportdesk.ui.widgets.density import Density
from supportdesk.ui.widgets.flow import flowing
from supportdesk.ui.widgets.label import Label
from supportdesk.ui.widgets.painted_line import PaintedLine
from supportdesk.ui.widgets.pill import ClockPill

_NO_CLOCK = ClockView(is_counting=False, label="not counting")
_LEAST_HEIGHT = 24


class KeyHint(PaintedLine):
    """A key and what it does; a click does it too."""

    def __init__(self, theme: Theme, key: str, words: str) -> None:
        super().__init__(theme, f"{words} ({key})", "")
        self._key = key
        self._words = words
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        # The keys are there for this; Tab goes to what has none.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def sizeHint(self) -> QSize:
        theme, metrics = self.theme, self.theme.metrics(TypeRole.CAPTION)
        words = metrics.horizontalAdvance(self._words)
        width = key_cap_width(theme, self._key) + words + theme.gap(6 + 12)
        return QSize(int(width) + 1, max(_LEAST_HEIGHT, int(metrics.height()) + theme.gap(6)))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paint_words(self, canvas: Canvas, rect: QRectF) -> None:
        theme, metrics = self.theme, self.theme.metrics(TypeRole.CAPTION)
        x, centre = float(theme.gap(6)), rect.center().y()
        top = centre - metrics.height() / 2 - 1
        paint_key_cap(canvas, x, top, self._key, Ink.TEXT2, Ink.LINE)
        x += key_cap_width(theme, self._key) + theme.gap(6)
        base = centre + (metrics.ascent() - metrics.descent()) / 2
        canvas.text(x, base, self._words, TypeRole.CAPTION, Ink.TEXT2)


class MorningPage(Box):
    """Passive: what is in view is told, and comes back as the message that is open."""

    asked = Signal(object, str)
    link_asked = Signal(str, str)
    zoom_asked = Signal(int)
    activity = Signal()
    felt_chosen = Signal(str, object)
    quote_undo_asked = Signal(str)
    settled = Signal(object)
    rebuilt = Signal()

    def __init__(self, theme: Theme, density: Density) -> None:
        super().__init__(theme, Ink.PAGE)
        self._pill = ClockPill(theme, _NO_CLOCK)
        self._since = Label(theme, "", ink=Ink.TEXT2)
        self._place_label = Label(theme, "", TypeRole.CAPTION, Ink.TEXT2, tabular=True)
        self._column = MorningColumn(theme)
        upper = QWidget()
        self._keys = self._foot()
        parts = (self._head(density), Grow(self._column), self._keys)
        column(theme, *parts, gap=0, inside=upper)
        # Apart from all that is built anew with the scroll.
        self.place = ComposerPlace(theme, upper)
        column(theme, self.place, gap=0, inside=self)
        self._upper = upper
        shown = self._column
        shown.asked.connect(self._on_asked)
        shown.link_asked.connect(self.link_asked)
        shown.zoom_asked.connect(self.zoom_asked)
        shown.selection_made.connect(self._selected)
        shown.scrolled.connect(self.activity)
        shown.felt_chosen.connect(self.felt_chosen)
        shown.undo_asked.connect(self.quote_undo_asked)
        shown.settled.connect(self.settled)
        shown.came_in_view.connect(lambda _key: self._show_position())
        shown.rebuilt.connect(self.rebuilt)

    def show_morning(self, view: MorningView) -> None:
        self._since.setText(view.since)
        self._column.show_view(view)
        # Where there is nothing they would do nothing.
        self._keys.setVisible(bool(view.pieces.keys))
        self._show_position()

    def refresh(self, key: str) -> None:
        """What is known of this piece has changed."""
        self._column.refresh(key)

    def show_clock(self, view: ClockView) -> None:
        self._pill.show_clock(view)

    def show_picture(self, key: str, name: str, image: QImage) -> None:
        self._column.show_picture(key, name, image)

    def dock(self, composer: QWidget | None) -> None:
        """An answer stands below the column; None: none any more."""
        had_answer = self.place.is_taken
        self.place.hold(composer)
        if had_answer and composer is None:
            self.focus_message()
        self.rebuilt.emit()

    def focus_message(self) -> None:
        """The keyboard moves on in it."""
        self._column.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def key_in_view(self) -> str:
        return self._column.key_in_view

    @property
    def selected_words(self) -> str:
        """What is selected in the piece in view."""
        return self._column.selected_words

    @property
    def selected_at(self) -> int:
        """Where in the text of the piece that begins."""
        return self._column.selected_at

    def choose_sentence(self) -> bool:
        """Select the first sentence of the piece in view; False when there is none."""
        return self._column.choose_sentence()

    def turn(self, by: int) -> None:
        self._column.turn(by)

    def step(self, by: int) -> None:
        self._column.step(by)

    def settle(self) -> None:
        """Something is to be done with what is in view: that is then what is open."""
        self._column.settle()

    def ask(self, action: Action) -> bool:
        """Something is to be done with what is in view; False at the end."""
        key = self.key_in_view
        if key:
            self._on_asked(action, key)
        return bool(key)

    def toggle_quote(self) -> bool:
        return self._column.toggle_quote()

    def sections(self) -> list[QWidget]:
        return self.place.sections()

    # --- inside ------------------------------------------------------------------------

    def _head(self, density: Density) -> Box:
        theme = self.theme
        back = Button(theme, "Back to inbox", ButtonRank.GHOST, icon="left", key="Esc")
        back.clicked.connect(lambda: self.asked.emit(Action.SHOW_INBOX, ""))
        name = Label(theme, "Morning scroll", TypeRole.BODY_B)
        box = Box(theme, Ink.PAGE, edges=Edge.BOTTOM)
        end: list[Item] = [self._place_label, 4, self._pill]
        if density is Density.NARROW:
            top = row(theme, back, STRETCH, *end, gap=8)
            below = row(theme, STRETCH, name, self._since, STRETCH, gap=8)
            column(theme, top, below, gap=4, margins=(10, 7, 16, 7), inside=box)
            return box
        sides = (column(theme, row(theme, back, STRETCH)), column(theme, row(theme, STRETCH, *end)))
        middle = row(theme, name, self._since, gap=8)
        items: list[Item] = [Grow(sides[0]), middle, Grow(sides[1])]
        row(theme, *items, gap=8, margins=(10, 7, 16, 7), inside=box)
        return box

    def _foot(self) -> Box:
        theme = self.theme
        on, back = KeyHint(theme, "Space", "move on"), KeyHint(theme, "Shift Space", "back")
        on.clicked.connect(lambda: self.turn(1))
        back.clicked.connect(lambda: self.turn(-1))
        keep = KeyHint(theme, "q", "keep the selected words")
        keep.clicked.connect(lambda: self.ask(Action.KEEP_QUOTE))
        reply = KeyHint(theme, "r", "reply")
        reply.clicked.connect(lambda: self.ask(Action.REPLY))
        box = Box(theme, Ink.PAGE, edges=Edge.TOP)
        hints = (on, back, keep, reply)
        if theme.is_large:
            column(theme, flowing(*hints), margins=(10, 6, 10, 6), inside=box)
        else:
            row(theme, STRETCH, *hints, STRETCH, gap=0, margins=(0, 6, 0, 6), inside=box)
        return box

    def _on_asked(self, action: Action, target: str) -> None:
        self.settle()
        self.asked.emit(action, target)

    def _selected(self) -> None:
        self.settle()
        self.activity.emit()

    def _show_position(self) -> None:
        shown = self._column
        self._place_label.setText(f"{shown.position} of {shown.count}" if shown.count else "")
