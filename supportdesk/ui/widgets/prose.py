"""Message text at reading size. Loads nothing: no file, no address, no picture from outside.

Long text is shown in parts, the first at once and the others one after the other while nobody
waits, so that the window is never held. Pictures are handed in by name (`set_image`): those of
the message by `cid:ID`, those of the network, once the founder asked for them, by `remote:N`.
Until then a box stands in their place and says what they are.
"""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Callable

from PySide6.QtCore import QMimeData, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import (
    QImage,
    QResizeEvent,
    QShowEvent,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QFrame, QScrollArea, QScrollBar, QSizePolicy, QTextBrowser, QWidget

from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.widgets.prose_document import append_part, take_last_line_away
from supportdesk.ui.widgets.prose_parts import (
    Place,
    html_of,
    parts_of_html,
    parts_of_text,
    with_places,
)
from supportdesk.ui.widgets.prose_pictures import ProsePictures, nothing

_LINE_PERCENT = 124
"""1.5 em: the percentage counts from the font's own line, about 1.21 em."""
_STEP_SECONDS = 0.003
"""The window is given back after this long; one part or picture more takes a few milliseconds."""
_FIT_SECONDS = 0.08
_MOST_PARTS = 100
"""What is shown without asking: some 300 kB, or 3,000 lines."""
_RELAID_AT_ONCE = 30_000
"""Letters that may be laid out anew in one go when the width changes."""
_REST = "rest:"
_OBJECT = "\ufffc"
_BREAK = "\u200b"
_WAS_HIDDEN = Qt.WidgetAttribute.WA_WState_ExplicitShowHide
_PICTURE = QTextDocument.ResourceType.ImageResource


class Prose(QTextBrowser):
    """Grows to its content; the page around it scrolls. Links are told, never followed.

    Signals:
        link_asked: The address of a link that was chosen. `supportdesk.domain.links.doubt_about`
            with its words says whether to ask before opening it.
        finished: All parts are on show.
        fitted: It has a height anew.
    """

    link_asked = Signal(str)
    selection_made = Signal()
    finished = Signal()
    fitted = Signal()

    def __init__(self, theme: Theme, role: TypeRole = TypeRole.READ) -> None:
        super().__init__()
        self._theme = theme
        self._parts: list[str] = [""]
        self._written: Callable[[str, list[Place]], str] = with_places
        self._shown = 0
        self._most = _MOST_PARTS
        self._places: list[Place] = []
        self._positions: list[int] = []
        self._late: list[int] = []
        self._pictures = ProsePictures(theme)
        self._least_height = 0
        self._fitted_at = 0.0
        self._steps = QTimer(self)
        self._steps.setSingleShot(True)
        self._steps.timeout.connect(self._step)
        self.setAccessibleName("Message text")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setUndoRedoEnabled(False)
        self.setAcceptDrops(False)
        self.setFont(theme.font(role))
        self.document().setDefaultFont(theme.font(role))
        self.document().setDocumentMargin(0)
        self.viewport().setAutoFillBackground(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        # The stock class lays all of it out anew at each change of width; we choose the moment.
        self.setLineWrapMode(QTextBrowser.LineWrapMode.FixedPixelWidth)
        self.setTabChangesFocus(True)
        self.anchorClicked.connect(self._on_link)
        self.copyAvailable.connect(self._on_selection)
        theme.colours_changed.connect(self._retheme)
        self._set_styles()

    # --- what to show ------------------------------------------------------------------

    def show_html(self, html: str) -> None:
        """Washed HTML; its pictures are still to be handed in."""
        self._show(parts_of_html(html), with_places)

    def show_text(self, text: str) -> None:
        """Plain text, its paragraphs kept."""
        self._show(parts_of_text(text), lambda part, _: html_of(part))

    def set_image(self, name: str, image: QImage) -> None:
        """Show a decoded picture wherever the HTML names it (`cid:ID`, `remote:N`)."""
        if not self._pictures.give(name, image):
            return
        self._late += [
            number
            for number, place in enumerate(self._places)
            if place.name == name and number < len(self._positions)
        ]
        self._go_on()

    @property
    def is_finished(self) -> bool:
        """All that is shown without asking is on show."""
        return not self._steps.isActive()

    # --- parts -------------------------------------------------------------------------

    def _show(self, parts: list[str], written: Callable[[str, list[Place]], str]) -> None:
        self._parts, self._written, self._most = parts, written, _MOST_PARTS
        self._pictures.forget()
        self._least_height = 0
        self._begin()

    def _begin(self) -> None:
        """Show it from its first part on."""
        self._steps.stop()
        self._shown = 0
        self._places, self._positions, self._late = [], [], []
        self.document().clear()
        self._set_width()
        self._step()

    def _step(self) -> None:
        """As much as goes into a moment; the rest when there is nothing else to do."""
        if self._shown and self._is_folded():
            return
        ends_at = time.perf_counter() + _STEP_SECONDS
        is_first = True
        while self._has_more() and (is_first or time.perf_counter() < ends_at):
            if self._late:
                self._redraw(self._late.pop())
            else:
                self._append(self._parts[self._shown])
                self._shown += 1
            is_first = False
        if self._has_more():
            # Each new height lays out and paints the page anew.
            if time.perf_counter() - self._fitted_at > _FIT_SECONDS:
                self.fit()
            self._go_on()
            return
        self._offer_rest()
        self._least_height = 0
        self.fit()
        self.finished.emit()

    def _go_on(self) -> None:
        if not (self._steps.isActive() or self._is_folded()):
            self._steps.start(0)

    def _is_folded(self) -> bool:
        """Hidden on purpose: the rest can wait until somebody unfolds it."""
        return self.isHidden() and self.testAttribute(_WAS_HIDDEN)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._has_more():
            self._go_on()

    def _has_more(self) -> bool:
        return bool(self._late) or self._shown < min(len(self._parts), self._most)

    def _append(self, part: str) -> None:
        pictures = len(self._places)
        html = self._written(part, self._places)
        found = append_part(self.document(), html, pictures=len(self._places) - pictures)
        self._positions += found

    def _offer_rest(self) -> None:
        left = self._parts[self._shown :]
        if left and self._shown == self._most:
            size = max(1, sum(map(len, left)) // 1000)
            words = f"Show the rest of this message ({size} kB)"
            append_part(self.document(), f'<p><a href="{_REST}">{words}</a></p>')

    def _show_rest(self) -> None:
        take_last_line_away(self.document())
        self._most = len(self._parts)
        self._go_on()

    # --- size --------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.viewport().width() == self.lineWrapColumnOrWidth():
            return
        if self.document().characterCount() > _RELAID_AT_ONCE or self._places:
            # Its height stays meanwhile, so that the page does not jump.
            self._least_height = self.height()
            self._begin()
        else:
            self._set_width()
            self.fit()

    def _set_width(self) -> None:
        width = self.viewport().width()
        if width != self.lineWrapColumnOrWidth():
            self.setLineWrapColumnOrWidth(width)

    def fit(self) -> None:
        """As high as the words are now."""
        height = int(self.document().size().height()) + 2
        self.setFixedHeight(max(height, self._least_height))
        self._fitted_at = time.perf_counter()
        self.fitted.emit()

    # --- pictures ----------------------------------------------------------------------

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        # Returning None would let the stock class open local files; a tiny image ends the search.
        url = name if isinstance(name, QUrl) else QUrl(name)
        number = url.path()
        if kind != _PICTURE.value or url.scheme() != "picture" or not number.isdecimal():
            return nothing()
        if int(number) >= len(self._places):
            return nothing()
        return self._picture(int(number))

    def _picture(self, number: int) -> QImage:
        room = max(1, self.lineWrapColumnOrWidth())
        return self._pictures.shown_at(self._places[number], room, self.devicePixelRatioF())

    def _redraw(self, number: int) -> None:
        document = self.document()
        document.addResource(_PICTURE.value, QUrl(f"picture:{number}"), self._picture(number))
        document.markContentsDirty(self._positions[number], 1)

    # --- what the founder does ---------------------------------------------------------

    def createMimeDataFromSelection(self) -> QMimeData:
        """Clean words: pictures as their descriptions, no places to break."""
        cursor = self.textCursor()
        text = cursor.selection().toPlainText().replace(_BREAK, "")
        first = bisect_left(self._positions, cursor.selectionStart())
        for place in self._places[first : bisect_left(self._positions, cursor.selectionEnd())]:
            text = text.replace(_OBJECT, f"[{place.alt}]" if place.alt else "", 1)
        data = QMimeData()
        data.setText(text)
        return data

    @property
    def selected_words(self) -> str:
        """What is selected, as it can be copied."""
        if not self.textCursor().hasSelection():
            return ""
        return self.createMimeDataFromSelection().text()

    def focusNextPrevChild(self, next: bool) -> bool:
        """From link to link; the page follows."""
        has_moved = super().focusNextPrevChild(next)
        if has_moved and self.window().focusWidget() is self:
            self.follow_cursor()
        return has_moved

    def follow_cursor(self) -> None:
        """The page scrolls to where the keyboard is in the text."""
        self.bring_into_sight(self.textCursor())

    def bring_into_sight(self, place: QTextCursor) -> None:
        """The page scrolls to this place of the text."""
        page = self._page()
        column = page.widget() if page is not None else None
        if page is not None and column is not None:
            inside = self.viewport().mapTo(column, self.cursorRect(place).bottomLeft())
            page.ensureVisible(inside.x(), inside.y(), 0, self.fontMetrics().height() * 2)

    def scroll_bar(self) -> QScrollBar | None:
        """Of the page around it."""
        page = self._page()
        return page.verticalScrollBar() if page is not None else None

    def _page(self) -> QScrollArea | None:
        found: QWidget | None = self.parentWidget()
        while found is not None and not isinstance(found, QScrollArea):
            found = found.parentWidget()
        return found

    def _on_link(self, url: QUrl) -> None:
        if url.scheme() == _REST.rstrip(":"):
            self._show_rest()
            return
        self.link_asked.emit(url.toString(QUrl.ComponentFormattingOption.FullyEncoded))

    def _on_selection(self, is_available: bool) -> None:
        if is_available:
            self.selection_made.emit()

    # --- colours -----------------------------------------------------------------------

    def _retheme(self) -> None:
        self._pictures.forget_boxes()
        self._set_styles()
        self._least_height = self.height()
        self._begin()

    def _set_styles(self) -> None:
        theme = self._theme
        line, link = theme.hex(Ink.LINE), theme.hex(Ink.ACCENT_TEXT)
        self.document().setDefaultStyleSheet(
            f"p, div, li, blockquote {{ line-height: {_LINE_PERCENT}% }}"
            "p, pre { margin: 0 0 10px 0 } ul, ol { margin: 0 0 10px 0 }"
            "h1, h2, h3, h4, h5, h6 { margin: 8px 0 6px 0; font-size: medium; font-weight: 600 }"
            "h1 { font-size: x-large } h2 { font-size: large }"
            f"blockquote {{ margin: 0 0 10px 16px; color: {theme.hex(Ink.TEXT2)} }}"
            f"pre {{ white-space: pre-wrap }} hr {{ background-color: {line} }}"
            f"table {{ border: 1px solid {line}; border-collapse: collapse; margin: 4px 0 10px 0 }}"
            f"td, th {{ border: 1px solid {line}; padding: 3px 8px }}"
            f"a {{ color: {link} }} a.doubtful {{ color: {theme.hex(Ink.AMBER)} }}"
            f".q {{ color: {theme.hex(Ink.TEXT2)} }}"
            f"mark {{ background: {theme.hex(Ink.TINT)}; color: {theme.hex(Ink.TEXT)} }}"
        )
