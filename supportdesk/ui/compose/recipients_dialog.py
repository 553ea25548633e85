"""All recipients of a line in a list: a thousand chips would be no help to anybody."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QDialog, QWidget

from supportdesk.domain.mail import Mailer
from supportdesk.ui.compose.addresses import chip_of
from supportdesk.ui.compose.pick_list import PickList
from supportdesk.ui.rows import ButtonRank
from supportdesk.ui.rows.composer import RecipientLine
from supportdesk.ui.settings.fields import TextField
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.widgets.box import STRETCH, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.label import Label

_WIDTH, _HEIGHT = 480, 420


class RecipientsDialog(QDialog):
    """Removes some; nothing changes before Keep.

    Signals:
        kept: Those that are left, as Mailers.
    """

    kept = Signal(object)

    def __init__(
        self, theme: Theme, line: RecipientLine, mailers: Sequence[Mailer], parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self._mailers = list(mailers)
        self.setWindowTitle(f"{line.value}: all recipients")
        self._count = Label(theme, "", TypeRole.TITLE)
        self._find = TextField(theme, "Find a recipient", "", "Find by name or address")
        self._find.textChanged.connect(lambda _words: self._filter())
        self._list = PickList(theme, f"Recipients of {line.value}")
        self._list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        for mailer in self._mailers:
            chip = chip_of(mailer)
            words = f"{mailer.name} <{mailer.email}>" if mailer.name else mailer.email
            item = self._list.add_line(f"{words}: {chip.warning}" if chip.warning else words)
            item.setData(Qt.ItemDataRole.UserRole, mailer.email)
            if chip.warning:
                item.setForeground(theme.colour(Ink.BRICK))
        remove = Button(theme, "Remove", icon="close", hint="Remove those chosen (Delete)")
        remove.setAutoDefault(False)
        remove.clicked.connect(self._remove)
        leave = Button(theme, "Cancel", ButtonRank.GHOST)
        leave.setAutoDefault(False)
        leave.clicked.connect(self.reject)
        keep = Button(theme, "Keep", ButtonRank.PRIMARY)
        keep.setDefault(True)
        keep.clicked.connect(self._keep)
        column(
            theme,
            self._count,
            self._find,
            self._list,
            row(theme, remove, STRETCH, leave, keep),
            gap=10,
            margins=(20, 18, 20, 16),
            inside=self,
        )
        self.resize(theme.mark(_WIDTH), theme.mark(_HEIGHT))
        self._say_count()
        self._find.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and self._list.hasFocus():
            self._remove()
        else:
            super().keyPressEvent(event)

    def _filter(self) -> None:
        words = self._find.value.casefold()
        for number in range(self._list.count()):
            item = self._list.item(number)
            item.setHidden(words not in item.text().casefold())

    def _remove(self) -> None:
        gone = {id(item): item for item in self._list.selectedItems() if not item.isHidden()}
        for item in gone.values():
            self._list.takeItem(self._list.row(item))
        self._say_count()

    def _say_count(self) -> None:
        count = self._list.count()
        self._count.setText("1 recipient" if count == 1 else f"{count:,} recipients")

    def _keep(self) -> None:
        items = (self._list.item(number) for number in range(self._list.count()))
        left = {item.data(Qt.ItemDataRole.UserRole) for item in items}
        self.kept.emit([mailer for mailer in self._mailers if mailer.email in left])
        self.accept()
