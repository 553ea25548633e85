"""The tray icons of all states and sizes, on a light and a dark panel, in colour and grey."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from supportdesk.ui.rows import TrayState
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.theme.tray_pixmaps import TRAY_SIZES
from supportdesk.ui.tray import tray_icon
from supportdesk.ui.widgets.canvas import Canvas

_PANELS = {False: "#EFEFEF", True: "#1E1E20"}
_ROW = 80
_WORDS = {
    TrayState.LISTENING: "Listening, quiet",
    TrayState.WAITING: "4 people waiting",
    TrayState.YOURS: "This one is yours",
    TrayState.PAUSED: "Paused until 14:00",
    TrayState.NOT_LISTENING: "Not listening",
}


class TraySheet(QWidget):
    """Five silhouettes, then the numbers."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setWindowTitle("Tray icons")

    def paintEvent(self, event: QPaintEvent) -> None:
        with Canvas.over(self._theme, self) as canvas:
            canvas.painter.fillRect(self.rect(), self._theme.colour(Ink.LIST))
            for at, words in enumerate(_WORDS.values()):
                canvas.text(24, 60 + at * _ROW, words, TypeRole.BODY_B, width=180)
            x = 210
            for is_grey in (False, True):
                for is_dark in (False, True):
                    image = _panel(is_dark=is_dark, is_grey=is_grey)
                    canvas.painter.drawImage(QRect(x, 16, 236, image.height()), image)
                    x += 242
            for is_dark in (False, True):
                image = _numbers(is_dark=is_dark)
                x = 210 + (488 if is_dark else 0)
                canvas.painter.drawImage(QRect(x, 440, image.width(), image.height()), image)


def _panel(*, is_dark: bool, is_grey: bool) -> QImage:
    image = QImage(236, len(_WORDS) * _ROW, QImage.Format.Format_RGB32)
    image.fill(QColor(_PANELS[is_dark]))
    painter = QPainter(image)
    for at, state in enumerate(_WORDS):
        icon = tray_icon(state, 4, on_dark_panel=is_dark)
        x = 8
        for size in TRAY_SIZES:
            painter.drawPixmap(x, at * _ROW + (_ROW - size) // 2, icon.pixmap(size, size))
            x += size + 4
    painter.end()
    if is_grey:
        return image.convertToFormat(QImage.Format.Format_Grayscale8)
    return image


def _numbers(*, is_dark: bool) -> QImage:
    image = QImage(478, 92, QImage.Format.Format_RGB32)
    image.fill(QColor(_PANELS[is_dark]))
    painter = QPainter(image)
    for number in range(1, 11):
        icon = tray_icon(TrayState.WAITING, number, on_dark_panel=is_dark)
        for size, y in ((16, 14), (32, 46)):
            x = 18 + (number - 1) * 45 + (32 - size) // 2
            painter.drawPixmap(x, y, icon.pixmap(size, size))
    painter.end()
    return image
