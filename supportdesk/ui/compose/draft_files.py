"""The files that go along: name, size, whether the other side may balk at it, and away with it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from supportdesk.ui.inbox.attachments import FileName
from supportdesk.ui.rows import ButtonRank
from supportdesk.ui.rows.composer import DraftFileView
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import RADIUS_CARD, Ink, TypeRole
from supportdesk.ui.widgets.box import Box, Grow, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.flow import flowing
from supportdesk.ui.widgets.label import Icon, Label

_MOST_EMS = 26


def files_widget(theme: Theme, files: Sequence[DraftFileView]) -> tuple[QWidget, list[FileChip]]:
    """All of them, wrapping."""
    chips = [FileChip(theme, file) for file in files]
    holder = flowing(*chips, gap=6)
    holder.setAccessibleName("Attached files")
    return holder, chips


class FileChip(Box):
    """One file.

    Signals:
        removed: Its key.
    """

    removed = Signal(str)

    def __init__(self, theme: Theme, view: DraftFileView) -> None:
        super().__init__(theme, Ink.LIST, Ink.LINE, radius=RADIUS_CARD)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._name = FileName(theme, view.name)
        icon = "warn" if view.caution else view.icon
        ink = Ink.AMBER if view.caution else Ink.TEXT2
        size = Label(theme, view.size_label, TypeRole.CAPTION, Ink.TEXT2)
        away = Button(
            theme, rank=ButtonRank.GHOST, icon="close", hint=f"Do not send {view.name}", small=True
        )
        away.clicked.connect(lambda: self.removed.emit(view.key))
        row(
            theme,
            Icon(theme, icon, ink),
            Grow(self._name),
            size,
            away,
            gap=6,
            margins=(10, 2, 3, 2),
            inside=self,
        )
        parts = (view.name, view.size_label, view.caution)
        self.setAccessibleName(", ".join(part for part in parts if part))
        self.setToolTip(view.caution)

    def sizeHint(self) -> QSize:
        # A name that can give way counts for nothing in a layout.
        hint = super().sizeHint()
        whole = hint.width() + self._name.sizeHint().width()
        return QSize(min(whole, int(_MOST_EMS * self.theme.em())), hint.height())
