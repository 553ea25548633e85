"""Links in messages: opened by the desktop, asked about first when they pretend."""

from functools import partial
from urllib.parse import urlsplit

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QLabel, QMessageBox

from supportdesk.domain.links import Doubt, doubt_about, host_of
from supportdesk.domain.text import clean_line
from supportdesk.ui import rows
from supportdesk.ui.controllers.acts import Acts
from supportdesk.ui.main_window import MainWindow

_SHOWN = 120
_OF_PHONES = ("tel", "sip", "callto")
"""Many a desktop has no program for them; for the web each has one."""


class LinkController(QObject):
    """Owns the question that is being asked.

    Signals:
        said: A `Notice` for beside the message.
    """

    said = Signal(object)

    def __init__(self, window: MainWindow, acts: Acts, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self._acts = acts
        self._question: QMessageBox | None = None
        window.choices.link_asked.connect(self.open)

    def open(self, url: str, words: str) -> None:
        """Open it, or ask first: `words` are all those that stand for it, a line each."""
        for shown in words.splitlines() or [""]:
            doubt = doubt_about(url, shown)
            if doubt is not None:
                self._ask(url, shown, doubt)
                return
        self._hand_over(url)

    def _hand_over(self, url: str) -> None:
        if urlsplit(url).scheme.lower() in _OF_PHONES:
            self._acts.hand_over(url, partial(self._handed_over, url))
        else:
            self._handed_over(url, self._acts.open_link(url))

    def _handed_over(self, url: str, is_taken: bool) -> None:
        if not is_taken:
            self._acts.copy(url)
            self.said.emit(
                rows.Notice(
                    title="Nothing here opens links",
                    text="The link was copied.",
                    tone=rows.Tone.AMBER,
                )
            )

    def _ask(self, url: str, shown: str, doubt: Doubt) -> None:
        host = host_of(url)
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle("Open this link?")
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(f"This link leads to {host}.")
        box.setInformativeText(f"{_reason(doubt, shown, url)}\n\nThe whole address: {_short(url)}")
        for label in box.findChildren(QLabel):
            # The second text has a format of its own, and would take a stranger's words for HTML.
            label.setTextFormat(Qt.TextFormat.PlainText)
        stay = box.addButton("Do not open", QMessageBox.ButtonRole.RejectRole)
        go = box.addButton(f"Open {host}", QMessageBox.ButtonRole.AcceptRole)
        box.setDefaultButton(stay)
        box.setEscapeButton(stay)
        go.clicked.connect(lambda: self._hand_over(url))
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._question = box
        box.open()


def _reason(doubt: Doubt, shown: str, url: str) -> str:
    match doubt:
        case Doubt.OTHER_HOST:
            return f"Its words say something else: “{clean_line(shown)[:_SHOWN]}”."
        case Doubt.LOOKALIKE:
            return "The name of the place is written with letters that look like others."
        case Doubt.USER_NAME:
            name = urlsplit(url).netloc.rpartition("@")[0]
            return f"“{clean_line(name)[:_SHOWN]}” in front of it is not the place."


def _short(url: str) -> str:
    line = clean_line(url)
    return line if len(line) <= _SHOWN * 2 else f"{line[: _SHOWN * 2]}…"
