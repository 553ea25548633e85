"""Earlier texts of a draft: one is looked at and brought back, which can be undone."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QWidget

from supportdesk.ui.compose.pick_list import PickList
from supportdesk.ui.compose.shown_words import ShownWords
from supportdesk.ui.rows import ButtonRank
from supportdesk.ui.rows.versions import VersionRow
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.widgets.box import STRETCH, Grow, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.label import Label

_WIDTH, _HEIGHT = 620, 400
_LIST_WIDTH = 210
_NONE = (
    "There is no earlier text yet. What you change is kept once a minute, and at once when much "
    "of it is deleted."
)


class VersionPicker(QDialog):
    """When on the left, the newest first; the words of the one chosen on the right.

    Signals:
        chosen: Number of the text that is to come back.
    """

    chosen = Signal(int)

    def __init__(
        self, theme: Theme, versions: Sequence[VersionRow], parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._versions = tuple(versions)
        self.setWindowTitle("Earlier texts")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._list = PickList(theme, "Earlier texts")
        for version in self._versions:
            self._list.add_line(version.label)
        self._list.setFixedWidth(theme.mark(_LIST_WIDTH))
        self._list.currentItemChanged.connect(lambda *_items: self._preview())
        self._list.itemActivated.connect(lambda _item: self._take())
        self._words = ShownWords(theme)
        leave = Button(theme, "Cancel", ButtonRank.GHOST)
        leave.setAutoDefault(False)
        leave.clicked.connect(self.reject)
        back = Button(theme, "Bring back", ButtonRank.PRIMARY, key="Enter")
        back.setDefault(True)
        back.clicked.connect(self._take)
        back.set_possible(bool(self._versions), "There is none yet.")
        sides = QWidget()
        row(theme, self._list, Grow(self._words.framed()), gap=10, inside=sides)
        sides.setVisible(bool(self._versions))
        nothing = Label(theme, _NONE, ink=Ink.TEXT2).wrapping()
        nothing.setVisible(not self._versions)
        column(
            theme,
            Label(theme, "Earlier texts", TypeRole.TITLE),
            nothing,
            *([Grow(sides)] if self._versions else [STRETCH]),
            row(theme, STRETCH, leave, back),
            gap=10,
            margins=(20, 16, 20, 14),
            inside=self,
        )
        self.resize(theme.mark(_WIDTH), theme.mark(_HEIGHT))
        self._list.setCurrentRow(0)
        self._list.setFocus()

    def _current(self) -> VersionRow | None:
        place = self._list.currentRow()
        return self._versions[place] if 0 <= place < len(self._versions) else None

    def _preview(self) -> None:
        version = self._current()
        self._words.setPlainText(version.text if version is not None else "")

    def _take(self) -> None:
        version = self._current()
        if version is not None:
            self.accept()
            self.chosen.emit(version.number)
