"""The spans of what is chosen: their sum, what was done to them just now, and the list."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from supportdesk.ui.rows import ButtonRank, EmptyView, Notice, SpanRow, WeekView
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import RADIUS_CARD, Ink, TypeRole
from supportdesk.ui.week.span_delegate import SpanDelegate
from supportdesk.ui.widgets.banner import Banner
from supportdesk.ui.widgets.box import STRETCH, Box, Grow, Item, clear, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.density import Density
from supportdesk.ui.widgets.empty_card import EmptyCard
from supportdesk.ui.widgets.label import Label
from supportdesk.ui.widgets.row_list import RowList
from supportdesk.ui.widgets.tips import plain_tip

_HINT = "every minute opens its message"


class SpansBox(Box):
    """A span opens its message or call; one that has none opens its form.

    Signals:
        opened: The message or call of a span.
        edit_asked: span_id.
        chosen: Another span, or none.
        all_asked: Not only the kind that is on show.
    """

    opened = Signal(str)
    edit_asked = Signal(str)
    chosen = Signal()
    all_asked = Signal()
    undo_asked = Signal()
    asked = Signal(object, str)
    rebuilt = Signal()

    def __init__(self, theme: Theme, density: Density) -> None:
        super().__init__(theme, Ink.PAGE, Ink.LINE, radius=RADIUS_CARD)
        self._density = density
        self._rows: dict[str, SpanRow] = {}
        self._shown: tuple[Notice | None, EmptyView | None] = (None, None)
        self._title = Label(theme, "", TypeRole.BODY_B)
        self._sentence = Label(theme, "", ink=Ink.TEXT2, tabular=True)
        self._hint = Label(theme, "", TypeRole.CAPTION, Ink.TEXT3)
        self._all_kinds = self._build_button("Show all")
        self._all_kinds.clicked.connect(self.all_asked)
        self._undo = self._build_button("Undo", "u")
        self._undo.clicked.connect(self.undo_asked)
        self._nothing = Label(theme, "", ink=Ink.TEXT2).wrapping()
        self._nothing.setContentsMargins(theme.gap(16), 0, theme.gap(16), theme.gap(8))
        self._said = column(theme, gap=0, margins=(12, 4, 12, 4))
        self._list = RowList("Spans")
        self._look = SpanDelegate(theme, self._list)
        self._list.setItemDelegate(self._look)
        self._list.activated_row.connect(self._open)
        self._list.selectionModel().currentChanged.connect(self.chosen)
        self._head = self._build_head()
        parts: list[Item] = [self._head, self._said, self._nothing, Grow(self._list)]
        column(theme, *parts, gap=0, margins=(0, 0, 0, 4), inside=self)

    @property
    def chosen_span(self) -> str:
        """span_id; empty when none is chosen."""
        row_ = self._rows.get(self._list.current_key)
        return row_.span_id if row_ else ""

    def show_spans(self, view: WeekView) -> None:
        self._head.setVisible(view.empty is None)
        self._title.setText(view.chosen_title)
        self._sentence.setText(view.chosen_sentence)
        self._nothing.setText(view.nothing_counted)
        self._nothing.setVisible(not view.spans and view.empty is None)
        self._hint.setText(_HINT if view.spans else "")
        self._all_kinds.setVisible(view.chosen_kind is not None)
        is_said = view.notice is not None and bool(view.notice.buttons)
        self._undo.set_label(view.undo or "Undo")
        self._undo.setAccessibleDescription(view.undo_words)
        if view.undo_words:
            self._undo.setToolTip(plain_tip(f"{view.undo_words} (u)"))
        self._undo.setVisible(bool(view.undo) and not is_said)
        self._show_said(view.notice, view.empty)
        self._rows = {span.key: span for span in view.spans}
        self._list.show_rows(view.spans)
        self._list.setAccessibleName(f"Spans: {view.chosen_title}")
        self._list.setVisible(view.empty is None)
        if self._density is Density.NARROW:
            self._list.setFixedHeight(self._height_of(view))

    def step(self, by: int) -> None:
        self._list.step(by)

    def take_keyboard(self) -> bool:
        """False when there is no span to go to."""
        spans = self._list
        if not spans.rows.rowCount():
            return False
        # Before the keyboard is there: coming to it makes the first row current, not chosen.
        current = spans.currentIndex()
        spans.setCurrentIndex(current if current.isValid() else spans.rows.index(0, 0))
        spans.setFocus()
        return True

    # --- inside ------------------------------------------------------------------------

    def _build_button(self, label: str, key: str = "") -> Button:
        button = Button(self.theme, label, ButtonRank.GHOST, key=key, small=True)
        button.hide()
        # Its place is kept, so that the rows do not move when it comes.
        policy = button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        button.setSizePolicy(policy)
        return button

    def _build_head(self) -> QWidget:
        theme, head = self.theme, QWidget()
        if theme.is_large or self._density is Density.NARROW:
            self._hint.setParent(self)
            self._hint.hide()
            column(
                theme,
                row(theme, self._title, STRETCH, self._all_kinds),
                row(theme, Grow(self._sentence.wrapping()), self._undo),
                margins=(16, 8, 16, 6),
                inside=head,
            )
        else:
            words = (self._title, self._sentence, self._all_kinds, STRETCH, self._undo, self._hint)
            row(theme, *words, margins=(16, 8, 16, 0), inside=head)
        return head

    def _show_said(self, notice: Notice | None, empty: EmptyView | None) -> None:
        """Made anew only when it says something else."""
        if (notice, empty) == self._shown:
            return
        self._shown = notice, empty
        clear(self._said)
        said: list[QWidget] = []
        if notice is not None:
            banner = Banner(self.theme, notice)
            banner.asked.connect(self.asked)
            said.append(banner)
        if empty is not None:
            card = EmptyCard(self.theme, empty)
            card.asked.connect(self.asked)
            said.append(card)
        for widget in said:
            self._said.addWidget(widget)
        self.rebuilt.emit()

    def _height_of(self, view: WeekView) -> int:
        heights = [int(self._look.row_height(span, self.width())) for span in view.spans]
        return sum(heights) + 4 if heights else 0

    def _open(self, key: str) -> None:
        row_ = self._rows.get(key)
        if row_ is not None and row_.item:
            self.opened.emit(row_.item)
        elif row_ is not None:
            self.edit_asked.emit(row_.span_id)
