"""The ritual in the settings: the founder's own habits, and what is done when it is very quiet."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QWidget

from supportdesk.ui.settings.fields import Check, ChoiceField, FormGrid
from supportdesk.ui.settings.forms import RitualOptions, SilenceCheck
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.widgets.box import column

_SILENCE = [
    (SilenceCheck.ASK, "Look, and ask me"),
    (SilenceCheck.MAIL, "Send a test mail"),
    (SilenceCheck.OFF, "Do nothing"),
]
_SILENCE_NOTE = (
    "When it is quiet for longer than usual, it is looked whether we are deaf. A test mail goes to "
    "your own address and is taken away again."
)
_SCROLL = "Offer the morning scroll when I usually read"
_STARTER = "One kept quote a day in the tray menu"
_WAS_HERE = "Mark what I really read, for my team"
_WAS_HERE_NOTE = (
    "The keyword $FounderRead on the mail server; colleagues see it where their program shows "
    "keywords."
)


class RitualCard(QWidget):
    """Tells each change at once, as whole options.

    Signals:
        ritual_changed: `RitualOptions`.
    """

    ritual_changed = Signal(object)

    def __init__(self, theme: Theme, widest_label: str) -> None:
        super().__init__()
        self._shown = RitualOptions()
        self._silence = ChoiceField(theme, "When it is very quiet", _SILENCE, SilenceCheck.ASK)
        self._scroll = Check(theme, _SCROLL, is_on=False)
        self._starter = Check(theme, _STARTER, is_on=True)
        self._was_here = Check(theme, _WAS_HERE, is_on=False)
        grid = FormGrid(theme, widest_label)
        grid.add("When quiet", self._silence)
        grid.add_note(_SILENCE_NOTE)
        grid.add("", self._scroll)
        grid.add("", self._starter)
        grid.add("", self._was_here)
        grid.add_note(_WAS_HERE_NOTE)
        column(theme, grid, inside=self)
        self._silence.picked.connect(self._tell)
        for check in (self._scroll, self._starter, self._was_here):
            check.toggled.connect(lambda _: self._tell())

    def show_ritual(self, options: RitualOptions) -> None:
        self._shown = options
        self._silence.set_value(options.silence)
        for check, is_on in (
            (self._scroll, options.coffee_scroll),
            (self._starter, options.starter),
            (self._was_here, options.founder_was_here),
        ):
            with QSignalBlocker(check):
                check.setChecked(is_on)

    def _tell(self) -> None:
        told = RitualOptions(
            silence=self._silence.value,
            coffee_scroll=self._scroll.isChecked(),
            starter=self._starter.isChecked(),
            founder_was_here=self._was_here.isChecked(),
        )
        if told != self._shown:
            self._shown = told
            self.ritual_changed.emit(told)
