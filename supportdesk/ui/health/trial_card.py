"""The test button and what came of it, step by step."""

from __future__ import annotations

from PySide6.QtCore import Signal

from supportdesk.ui.health.check_lines import check_line
from supportdesk.ui.rows import CheckLine
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import RADIUS_CARD, Ink, TypeRole
from supportdesk.ui.widgets.box import Box, Grow, clear, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.label import Label

_WHAT = "Signs in to each source, shows one alert and plays one sound. No letter is sent."
_RUNNING = "Testing. Click the test alert when it comes."


class TrialCard(Box):
    """The button stays while the lines change: it keeps the keyboard.

    Signals:
        begun: The founder wants all of it tested.
    """

    begun = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, Ink.LIST, Ink.LINE, radius=RADIUS_CARD)
        self._steps: tuple[CheckLine, ...] = ()
        self._button = Button(theme, "Test everything", icon="play", small=True)
        self._button.clicked.connect(self.begun)
        self._words = Label(theme, _WHAT, TypeRole.CAPTION, Ink.TEXT2).wrapping()
        self._lines = column(theme, gap=6)
        head = (
            column(theme, row(theme, -2, self._button, Grow(column(theme))), self._words, gap=6)
            if theme.is_large
            else row(theme, -2, self._button, Grow(self._words), gap=10)
        )
        column(theme, head, self._lines, gap=8, margins=(14, 12, 14, 12), inside=self)

    def show_steps(self, steps: tuple[CheckLine, ...], *, is_running: bool) -> None:
        self._words.setText(_RUNNING if is_running else _WHAT)
        if steps == self._steps:
            return
        self._steps = steps
        clear(self._lines)
        for step in steps:
            self._lines.addLayout(check_line(self.theme, step))
