"""Every screen of the gallery, shown at a size, for tests that look at all of them."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget

from supportdesk.ui.gallery.__main__ import SCREENS
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.theme import Theme

NAMES = [name for name in SCREENS if name != "8-tray"]


@contextmanager
def shown(theme: Theme, name: str, width: int = 1200, height: int = 800) -> Iterator[QWidget]:
    widget = SCREENS[name](theme)
    if isinstance(widget, MainWindow):
        widget.setMinimumSize(1, 1)
        widget.resize(width, height)
    widget.show()
    for _ in range(6):
        QApplication.processEvents()
    try:
        yield widget
    finally:
        widget.close()
        widget.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
