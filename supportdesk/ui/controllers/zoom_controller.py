"""How large messages are: larger, smaller, as the rest; kept in the settings once it rests."""

from bisect import bisect_left, bisect_right
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer

from supportdesk.ui.controllers.acts import Acts
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.theme.theme import Theme

STEPS = (0.5, 0.67, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0)
KEPT_AFTER_MILLISECONDS = 1500


class ZoomController(QObject):
    """Each write of the settings makes the program look at them: a turning wheel must not."""

    def __init__(self, window: MainWindow, theme: Theme, acts: Acts, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._acts = acts
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(KEPT_AFTER_MILLISECONDS)
        self._rest.timeout.connect(self.keep)
        window.choices.zoom_asked.connect(self.change)

    def change(self, steps: int) -> None:
        """So many steps; 0 is the size of the rest of the window."""
        self._theme.set_reading_zoom(stepped(self._theme.reading_zoom, steps))
        self._rest.start()

    def keep(self) -> None:
        """Write it now, if it is not written."""
        self._rest.stop()
        look = self._acts.settings().look
        if look.zoom != self._theme.reading_zoom:
            self._acts.keep_options(replace(look, zoom=self._theme.reading_zoom))


def stepped(zoom: float, steps: int) -> float:
    """The next size in that direction; a size between two steps goes to the nearer end."""
    if steps == 0:
        return 1.0
    at = bisect_right(STEPS, zoom) - 1 + steps if steps > 0 else bisect_left(STEPS, zoom) + steps
    return STEPS[max(0, min(len(STEPS) - 1, at))]
