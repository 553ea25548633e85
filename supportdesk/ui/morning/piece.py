"""A mail or a call in the morning scroll: who, all the words, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Signal
from PySide6.QtGui import QImage, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from supportdesk.ui.inbox.message_lines import PULL
from supportdesk.ui.inbox.message_prose import MessageProse
from supportdesk.ui.inbox.quiet_line import QuietLine
from supportdesk.ui.rows import ButtonRank, Tone
from supportdesk.ui.rows.morning import PieceView
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.voices.kept_words import KeptInText
from supportdesk.ui.widgets.banner import Banner
from supportdesk.ui.widgets.box import STRETCH, Grow, clear, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.canvas import Canvas
from supportdesk.ui.widgets.chips import Chip
from supportdesk.ui.widgets.flow import flowing
from supportdesk.ui.widgets.label import Avatar, Elided, Label
from supportdesk.ui.widgets.skeleton import Skeleton

SIDE = 26
"""On both sides of the words: room for the mark beside kept ones."""
_MARK_X = 10
_MARK_WIDTH = 3
_GAP = 8
_ABOVE = 16
_BELOW = 18
_NOT_MEASURED = (-1, 0)
"""Width and height."""


class MorningPiece(QWidget):
    """Built for one mail or call; the same one again changes only what is different.

    Signals:
        asked: What is to be done, and with which mail or call.
        link_asked: An address, and the words that stand for it.
        selection_made: Words of it were selected.
        felt_chosen: Key of a quote, and a `Felt` or None.
        undo_asked: Key of a quote that shall not be kept after all.
    """

    asked = Signal(object, str)
    link_asked = Signal(str, str)
    selection_made = Signal(str)
    zoom_asked = Signal(int)
    felt_chosen = Signal(str, object)
    undo_asked = Signal(str)

    def __init__(self, theme: Theme, view: PieceView, *, has_rule: bool) -> None:
        super().__init__()
        self._theme = theme
        self._view = view
        self._has_rule = has_rule
        self._prose: MessageProse | None = None
        self._folded: MessageProse | None = None
        self._fold: Button | None = None
        self._kept: KeptInText | None = None
        self._pictures: dict[str, QImage] = {}
        self._is_in_view = False
        self._measured = _NOT_MEASURED
        self._head = column(theme, gap=_GAP)
        self._notices = column(theme, gap=_GAP)
        self._words = column(theme, gap=_GAP)
        self._tools = QWidget()
        # Its room stays while it is hidden: nothing moves when another piece comes in view.
        policy = self._tools.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._tools.setSizePolicy(policy)
        self._tools_row = row(theme, gap=4, inside=self._tools)
        parts = (self._head, self._notices, self._words, self._tools)
        margins = (SIDE, _ABOVE, SIDE, _BELOW)
        column(theme, *parts, gap=_GAP, margins=margins, inside=self)
        self.setAccessibleName(view.accessible_text)
        self._build_head(view)
        self._build_notices(view)
        self._build_words(view)
        self._build_tools(view)
        self._tools.hide()
        theme.reading_zoom_changed.connect(self._zoomed)

    @property
    def view(self) -> PieceView:
        return self._view

    def show_view(self, view: PieceView) -> None:
        old, self._view = self._view, view
        if old != view:
            self._measured = _NOT_MEASURED
        if _head_of(old) != _head_of(view):
            self._build_head(view)
        if old.notices != view.notices:
            self._build_notices(view)
        if old.actions != view.actions:
            self._build_tools(view)
        if _words_of(old) != _words_of(view):
            self._build_words(view)
        elif self._kept is not None:
            self._kept.show_kept(view.kept)
            self.update()

    def _zoomed(self) -> None:
        """A slot, and no function of its own: it is let go of with the piece."""
        self._build_words(self._view)

    def set_in_view(self, is_in_view: bool) -> None:
        """What can be done is offered with the piece that is read."""
        if is_in_view is self._is_in_view:
            return
        self._is_in_view = is_in_view
        self._tools.setVisible(is_in_view)
        if not is_in_view:
            # Else its words would be kept, or quoted, as those of the next one.
            for prose in self.findChildren(MessageProse):
                prose.deselect()

    def show_picture(self, name: str, image: QImage) -> None:
        self._pictures[name] = image
        for prose in (self._prose, self._folded):
            if prose is not None:
                prose.set_image(name, image)

    @property
    def selected_words(self) -> str:
        shown = [prose for prose in (self._prose, self._folded) if prose is not None]
        return next((one.selected_words for one in shown if one.selected_words.strip()), "")

    @property
    def selected_at(self) -> int:
        """Where in the text the selection begins."""
        return self._prose.textCursor().selectionStart() if self._prose is not None else 0

    def choose_sentence(self) -> bool:
        """Select the first sentence that is no greeting; False when there is none."""
        return self._prose is not None and self._prose.choose_sentence()

    def toggle_quote(self) -> bool:
        """Fold or unfold the quoted text; False when there is none."""
        if self._fold is None:
            return False
        self._fold.toggle()
        return True

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:
            self._measured = _NOT_MEASURED
        return super().event(event)

    def height_at(self, width: int) -> int:
        """Its height, laid out in this width; measured anew only when something in it changed."""
        if self._measured[0] != width:
            self._measured = (width, self._measure(width))
        return self._measured[1]

    def _measure(self, width: int) -> int:
        if self.width() != width:
            self.resize(width, self.height())
        layout = self.layout()
        assert layout is not None  # noqa: S101 - it was made with this widget
        layout.activate()
        if layout.hasHeightForWidth():
            return layout.totalHeightForWidth(width)
        return layout.totalSizeHint().height()

    def paintEvent(self, event: QPaintEvent) -> None:
        with Canvas.over(self._theme, self) as canvas:
            side, painter = self._theme.gap(SIDE), canvas.painter
            if self._has_rule:
                painter.fillRect(side, 0, self.width() - 2 * side, 1, self._theme.colour(Ink.LINE))
            for top, height in self._kept_lines():
                place = QRectF(self._theme.gap(_MARK_X), top, _MARK_WIDTH, height)
                canvas.rounded(place, 1.5, Ink.ACCENT)

    # --- inside ------------------------------------------------------------------------

    def _kept_lines(self) -> list[tuple[float, float]]:
        """Top and height of each stretch of kept words."""
        prose = self._prose
        if prose is None or not self._view.kept:
            return []
        lines = []
        for mark in prose.extraSelections():
            cursor = mark.cursor
            first, last = cursor.selectionStart(), cursor.selectionEnd()
            cursor.setPosition(first)
            top = prose.cursorRect(cursor).top()
            cursor.setPosition(last)
            bottom = prose.cursorRect(cursor).bottom()
            lines.append((prose.y() + top + 1.0, bottom - top + 1.0))
        return lines

    def _build_head(self, view: PieceView) -> None:
        theme = self._theme
        clear(self._head)
        who = Elided(theme, view.who, TypeRole.BODY_B)
        about = Elided(theme, view.about, TypeRole.CAPTION, Ink.TEXT2)
        words = column(theme, who, about, gap=0)
        when = Label(theme, view.when, TypeRole.CAPTION, Ink.TEXT2, tabular=True)
        self._head.addLayout(row(theme, Avatar(theme, view.who), Grow(words), when, gap=10))
        if view.chips:
            self._head.addWidget(flowing(*(Chip(theme, chip) for chip in view.chips)))

    def _build_notices(self, view: PieceView) -> None:
        clear(self._notices)
        for notice in view.notices:
            is_quiet = notice.tone is Tone.MUTED
            banner = QuietLine(self._theme, notice) if is_quiet else Banner(self._theme, notice)
            banner.asked.connect(self.asked)
            self._notices.addWidget(banner)

    def _build_words(self, view: PieceView) -> None:
        theme = self._theme
        clear(self._words)
        self._prose = self._folded = self._fold = self._kept = None
        if view.html or view.text.strip():
            prose = self._new_prose(TypeRole.QUOTE)
            self._words.addWidget(prose)
            self._prose = prose
            self._kept = KeptInText(theme, prose)
            self._kept.felt_chosen.connect(self.felt_chosen)
            self._kept.undo_asked.connect(self.undo_asked)
            _fill(prose, view.html, view.text)
            self._kept.show_kept(view.kept)
        elif not view.loading:
            nothing = "This message has no words of its own."
            self._words.addWidget(Label(theme, nothing, ink=Ink.TEXT3))
        if view.loading:
            self._words.addWidget(Skeleton(theme, view.loading))
        for note in view.notes:
            self._add_note(note)
        if view.quoted_text or view.quoted_html:
            self._add_quote(view)
        if view.aside:
            aside = Label(theme, view.aside, TypeRole.CAPTION, Ink.TEXT2).wrapping()
            self._words.addWidget(aside)
        for name, image in self._pictures.items():
            self.show_picture(name, image)

    def _add_note(self, note: str) -> None:
        theme = self._theme
        prose = self._new_prose(TypeRole.READ)
        prose.setAccessibleName("Note")
        prose.show_text(note)
        head = Label(theme, "Noted", TypeRole.CAPTION_B, Ink.TEXT2)
        self._words.addLayout(column(theme, head, prose, gap=2))

    def _add_quote(self, view: PieceView) -> None:
        summary = view.quoted_summary or "Quoted text"
        fold = Button(self._theme, summary, ButtonRank.GHOST, icon="fold", small=True)
        fold.giving_way().setCheckable(True)
        fold.setToolTip(f"{summary}: show or hide (e)")
        quote = self._new_prose(TypeRole.BODY)
        quote.setAccessibleName(summary)
        _fill(quote, view.quoted_html, view.quoted_text)
        quote.hide()
        fold.toggled.connect(quote.setVisible)
        self._fold, self._folded = fold, quote
        self._words.addLayout(_pulled_left(self._theme, fold))
        self._words.addWidget(quote)

    def _build_tools(self, view: PieceView) -> None:
        clear(self._tools_row)
        if not view.actions:
            return
        self._tools_row.addSpacing(-PULL - self._tools_row.spacing())
        for action in view.actions:
            button = Button.for_action(self._theme, action, small=True)
            target = action.target or view.key
            button.clicked.connect(
                lambda _=False, one=action.action, key=target: self.asked.emit(one, key)
            )
            self._tools_row.addWidget(button)
        self._tools_row.addStretch(1)

    def _new_prose(self, role: TypeRole) -> MessageProse:
        prose = MessageProse(self._theme, role)
        prose.link_chosen.connect(self.link_asked)
        prose.selection_made.connect(lambda: self.selection_made.emit(self._view.key))
        prose.zoom_asked.connect(self.zoom_asked)
        return prose


def _fill(prose: MessageProse, html: str, text: str) -> None:
    prose.show_html(html) if html else prose.show_text(text)


def _pulled_left(theme: Theme, button: Button) -> QHBoxLayout:
    """Takes back a ghost button's padding, so that its words line up with the text."""
    return row(theme, -PULL, button, STRETCH)


def _head_of(view: PieceView) -> tuple[object, ...]:
    return (view.who, view.about, view.when, view.chips)


def _words_of(view: PieceView) -> tuple[object, ...]:
    words = (view.html, view.text, view.quoted_summary, view.quoted_text, view.quoted_html)
    return (*words, view.loading, view.notes, view.aside)
