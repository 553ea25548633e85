"""A program of somebody else on the lab desktop: what is typed into its window lies in a file."""

import sys
from pathlib import Path
from typing import Final

from tests.lab.desktop import DesktopLab
from tests.lab.waiting import wait_until

_PROGRAM: Final = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication, QPlainTextEdit
application = QApplication([])
pad = QPlainTextEdit()
pad.setWindowTitle("Notepad")
pad.textChanged.connect(lambda: Path(sys.argv[1]).write_text(pad.toPlainText()))
pad.resize(500, 300)
pad.show()
application.exec()
"""


class Notepad:
    """Its window has the focus once it is made."""

    def __init__(self, lab: DesktopLab, folder: Path) -> None:
        self._path = folder / "typed"
        lab.launch("notepad", [sys.executable, "-c", _PROGRAM, str(self._path)])
        lab.activate("^Notepad$")

    @property
    def text(self) -> str:
        return self._path.read_text() if self._path.exists() else ""

    def wait_for_length(self, letters: int) -> None:
        """Until so many have arrived, whichever they are."""
        wait_until(
            lambda: len(self.text) >= letters, seconds=30, what=f"{letters} letters in the notepad"
        )
