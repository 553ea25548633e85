"""Words, icons and initials as widgets that follow the theme."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from supportdesk.ui.rows import Tone
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import AVATAR, Ink, TypeRole
from supportdesk.ui.widgets.canvas import Canvas
from supportdesk.ui.widgets.tips import plain_tip

TONE_INKS = {
    Tone.NORMAL: Ink.TEXT,
    Tone.STRONG: Ink.TEXT,
    Tone.MUTED: Ink.TEXT2,
    Tone.AMBER: Ink.AMBER,
    Tone.BRICK: Ink.BRICK,
    Tone.GOOD: Ink.ACCENT_TEXT,
}


def spoken(*parts: str) -> str:
    """Sentences for a screen reader, each with one full stop between it and the next."""
    said = [part for part in parts if part]
    ended = [part if part.endswith((".", "?", "…")) else f"{part}." for part in said[:-1]]
    return " ".join([*ended, *said[-1:]])


class Label(QLabel):
    """Plain text of one role and ink. A palette, not a style sheet: children stay untouched."""

    def __init__(
        self,
        theme: Theme,
        text: str = "",
        role: TypeRole = TypeRole.BODY,
        ink: Ink = Ink.TEXT,
        *,
        tabular: bool = False,
    ) -> None:
        super().__init__(text)
        self._theme = theme
        self._ink = ink
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(theme.font(role, tabular=tabular))
        self._retheme()
        theme.colours_changed.connect(self._retheme)

    def wrapping(self) -> Label:
        """Lets the text wrap; the label then asks for the height its width needs."""
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        return self

    def set_ink(self, ink: Ink) -> None:
        self._ink = ink
        self._retheme()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            # The style sheet puts back the palette that it met first, in a window built anew.
            self._retheme()

    def _retheme(self) -> None:
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, self._theme.colour(self._ink))
        self.setPalette(palette)


class Elided(Label):
    """One line that gives way: short of room it ends in "…" and the tooltip has it whole."""

    def __init__(
        self,
        theme: Theme,
        text: str = "",
        role: TypeRole = TypeRole.BODY,
        ink: Ink = Ink.TEXT,
    ) -> None:
        super().__init__(theme, text, role, ink)
        self._whole = text
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setAccessibleName(text)

    def set_text(self, text: str) -> None:
        self._whole = text
        self.setAccessibleName(text)
        self._fit()

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(self.font())
        return QSize(int(metrics.horizontalAdvance(self._whole)) + 2, int(metrics.height()) + 1)

    def minimumSizeHint(self) -> QSize:
        return QSize(24, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        metrics = QFontMetricsF(self.font())
        shown = metrics.elidedText(self._whole, Qt.TextElideMode.ElideRight, self.width())
        self.setText(shown)
        self.setToolTip("" if shown == self._whole else plain_tip(self._whole))


class Icon(QWidget):
    """One icon of the set; decoration beside words, so it has no name of its own."""

    def __init__(self, theme: Theme, name: str, ink: Ink = Ink.TEXT2, size: int = 18) -> None:
        super().__init__()
        self._theme = theme
        self._name = name
        self._ink = ink
        self._size = theme.mark(size)
        self.setFixedSize(self._size, self._size)

    def set_icon(self, name: str, ink: Ink) -> None:
        self._name, self._ink = name, ink
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with Canvas.over(self._theme, self) as canvas:
            canvas.icon(self._name, self._ink, 0, 0, self._size)


class Avatar(QWidget):
    """The initials of a person on a quiet ground."""

    def __init__(self, theme: Theme, name: str, size: int = AVATAR) -> None:
        super().__init__()
        self._theme = theme
        self._name = name
        self._size = theme.mark(size)
        self.setFixedSize(self._size, self._size)

    def paintEvent(self, event: QPaintEvent) -> None:
        with Canvas.over(self._theme, self) as canvas:
            canvas.avatar(0, 0, self._name, self._size)
