"""Message text at reading size. Loads nothing: no file, no address, no picture from outside."""

from __future__ import annotations

import html as html_text

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser

from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole

_LINE_PERCENT = 124
"""1.5 em: the percentage counts from the font's own line, about 1.21 em."""


class Prose(QTextBrowser):
    """Grows to its content; the page around it scrolls. Links are told, never followed."""

    link_asked = Signal(str)
    selection_made = Signal()

    def __init__(self, theme: Theme, role: TypeRole = TypeRole.READ) -> None:
        super().__init__()
        self._theme = theme
        self._html = ""
        self.setAccessibleName("Message text")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setFont(theme.font(role))
        self.document().setDefaultFont(theme.font(role))
        self.document().setDocumentMargin(0)
        self.viewport().setAutoFillBackground(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setTabChangesFocus(True)
        self.anchorClicked.connect(self._on_link)
        self.copyAvailable.connect(self._on_selection)
        theme.colours_changed.connect(self._retheme)

    def show_html(self, html: str) -> None:
        self._html = html
        self._retheme()

    def show_text(self, text: str) -> None:
        """Plain text, its paragraphs kept."""
        paragraphs = html_text.escape(text.strip()).split("\n\n")
        body = "".join(f"<p>{part.replace(chr(10), '<br>')}</p>" for part in paragraphs)
        self.show_html(body)

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        # Returning None would let the stock class open local files; a tiny image ends the search.
        image = QImage(1, 1, QImage.Format.Format_ARGB32)
        image.fill(0)
        return image

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.document().setTextWidth(self.viewport().width())
        self.setFixedHeight(int(self.document().size().height()) + 2)

    def _retheme(self) -> None:
        theme = self._theme
        self.document().setDefaultStyleSheet(
            f"p {{ margin: 0 0 10px 0; line-height: {_LINE_PERCENT}% }}"
            f"a {{ color: {theme.hex(Ink.ACCENT_TEXT)} }}"
            f".q {{ color: {theme.hex(Ink.TEXT2)} }}"
            f"mark {{ background: {theme.hex(Ink.TINT)}; color: {theme.hex(Ink.TEXT)} }}"
        )
        self.setHtml(self._html)
        self._fit()

    def _on_link(self, url: QUrl) -> None:
        self.link_asked.emit(url.toString())

    def _on_selection(self, is_available: bool) -> None:
        if is_available:
            self.selection_made.emit()
