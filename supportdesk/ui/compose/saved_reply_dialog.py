"""A saved reply as a form: its name, its words, and which fields can stand in them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QFrame, QPlainTextEdit, QWidget

from supportdesk.domain.reply_rules import FIELDS
from supportdesk.ui.rows import ButtonRank
from supportdesk.ui.settings.fields import TextField
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import RADIUS_CONTROL, Ink, TypeRole
from supportdesk.ui.widgets.box import STRETCH, Box, Grow, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.label import Label

_WIDTH, _HEIGHT = 560, 420
_NAMELESS = "Give it a name: that is how you find it."
_WORDLESS = "Write the words that it puts into an answer."
_FIELDS_ARE = "{} are filled in from the conversation."


class SavedReplyDialog(QDialog):
    """Esc changes nothing.

    Signals:
        saved: Name and words.
        delete_asked: The founder wants it no more.
    """

    saved = Signal(str, str)
    delete_asked = Signal()

    def __init__(
        self, theme: Theme, name: str, text: str, parent: QWidget | None, *, is_new: bool
    ) -> None:
        super().__init__(parent)
        title = "New saved reply" if is_new else "Change a saved reply"
        self.setWindowTitle(title)
        self._name = TextField(theme, "Name", name, "Refund is on its way")
        self._words = QPlainTextEdit(text)
        self._words.setFont(theme.font())
        self._words.setAccessibleName("Its words")
        self._words.setTabChangesFocus(True)
        self._words.setFrameShape(QFrame.Shape.NoFrame)
        self._why = Label(theme, "", TypeRole.CAPTION, Ink.BRICK).wrapping()
        self._why.hide()
        save = Button(theme, "Save", ButtonRank.PRIMARY)
        save.setDefault(True)
        save.clicked.connect(self._save)
        cancel = Button(theme, "Cancel", ButtonRank.GHOST)
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        delete = Button(theme, "Delete…", ButtonRank.GHOST, hint="Delete this saved reply")
        delete.setAutoDefault(False)
        delete.clicked.connect(self._delete)
        delete.setVisible(not is_new)
        fields = ", ".join(f"{{{field}}}" for field in FIELDS)
        words = Box(theme, Ink.RAISED, Ink.LINE, radius=RADIUS_CONTROL)
        column(theme, self._words, margins=(6, 4, 3, 4), inside=words)
        column(
            theme,
            Label(theme, title, TypeRole.TITLE),
            Label(theme, "Name", TypeRole.CAPTION_B, Ink.TEXT2),
            self._name,
            Label(theme, "Words", TypeRole.CAPTION_B, Ink.TEXT2),
            Grow(words),
            Label(theme, _FIELDS_ARE.format(fields), TypeRole.CAPTION, Ink.TEXT2).wrapping(),
            self._why,
            row(theme, delete, STRETCH, cancel, save, gap=8),
            gap=6,
            margins=(24, 20, 24, 18),
            inside=self,
        )
        self.resize(theme.mark(_WIDTH), theme.mark(_HEIGHT))
        self._name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _save(self) -> None:
        if not self._name.value:
            self._refuse(_NAMELESS, self._name)
        elif not self._words.toPlainText().strip():
            self._refuse(_WORDLESS, self._words)
        else:
            self.accept()
            self.saved.emit(self._name.value, self._words.toPlainText())

    def _delete(self) -> None:
        self.reject()
        self.delete_asked.emit()

    def _refuse(self, why: str, field: QWidget) -> None:
        self._why.setText(why)
        self._why.show()
        field.setFocus(Qt.FocusReason.OtherFocusReason)
