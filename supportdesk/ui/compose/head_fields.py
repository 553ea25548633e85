"""The head of a draft: from whom, to whom, about what. What is typed there outlives a new size."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QSizePolicy, QWidget

from supportdesk.domain.answers import Recipients
from supportdesk.domain.mail import Mailer
from supportdesk.ui.compose.recipients import RecipientsField
from supportdesk.ui.compose.recipients_dialog import RecipientsDialog
from supportdesk.ui.rows import ButtonRank
from supportdesk.ui.rows.composer import ComposerView, RecipientLine
from supportdesk.ui.settings.fields import ChoiceField
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.widgets.box import row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.label import Label


class HeadFields(QWidget):
    """From, To, Cc, Bcc, Subject. Cc and Bcc are there once they are wanted.

    Signals:
        changed: Something of it is another.
    """

    changed = Signal()

    def __init__(self, theme: Theme, view: ComposerView) -> None:
        super().__init__()
        self._theme = theme
        self._sender = view.sender
        self._senders: tuple[Mailer, ...] = ()
        # What of it the founder has edited: nothing else writes there any more.
        self._edited: set[str] = set()
        self._is_filling = False
        self._more_scale = 0.0
        self._labels: list[Label] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(1, 1)
        self._from = ChoiceField(
            theme, "From", [(self._sender.email, _from_words(self._sender))], self._sender.email
        )
        self._from.picked.connect(self._on_sender)
        people = view.recipients
        self._lines = {
            RecipientLine.TO: RecipientsField(theme, RecipientLine.TO, people.to),
            RecipientLine.CC: RecipientsField(theme, RecipientLine.CC, people.cc),
            RecipientLine.BCC: RecipientsField(theme, RecipientLine.BCC, people.bcc),
        }
        self._more = QWidget()
        self._more_line = row(theme, gap=0, inside=self._more)
        self._subject = QLineEdit(view.subject)
        self._subject.setAccessibleName("Subject")
        # Short of room its beginning is in sight.
        self._subject.setCursorPosition(0)
        self._subject.textEdited.connect(lambda _words: self._on_edit("subject"))
        for line, field in self._lines.items():
            field.changed.connect(lambda one=line: self._on_people(one))
            field.moved.connect(self._on_moved)
            field.list_asked.connect(lambda one=field: self._open_list(one))
        self._place()
        self.show_senders(view)
        self.restyle()

    @property
    def from_whom(self) -> Mailer:
        return self._sender

    @property
    def recipients(self) -> Recipients:
        to, cc, bcc = (self._lines[line].mailers for line in RecipientLine)
        return Recipients(to=to, cc=cc, bcc=bcc)

    @property
    def subject(self) -> str:
        return self._subject.text()

    @property
    def warning(self) -> str:
        """Who cannot be written to, and why."""
        return next((field.warning for field in self._lines.values() if field.warning), "")

    def show_senders(self, view: ComposerView) -> None:
        senders = view.senders or (view.sender,)
        if senders != self._senders:
            self._senders = senders
            self._from.set_options([(one.email, _from_words(one)) for one in senders])
            if self._sender.email in [one.email for one in senders]:
                self._from.set_value(self._sender.email)
        self._show_rows()

    def readdress(self, view: ComposerView) -> None:
        """More is known of the question: what the founder has not touched follows."""
        self._is_filling = True
        if "sender" not in self._edited:
            self._sender = view.sender
        people = view.recipients
        lines = zip(RecipientLine, (people.to, people.cc, people.bcc), strict=True)
        for line, mailers in lines:
            if "people" not in self._edited and self._lines[line].mailers != mailers:
                self._lines[line].set_mailers(mailers)
        if "subject" not in self._edited:
            self._subject.setText(view.subject)
            self._subject.setCursorPosition(0)
        self._senders = ()
        self.show_senders(view)
        self._is_filling = False

    def restyle(self) -> None:
        """Text has another size."""
        theme = self._theme
        self._grid.setHorizontalSpacing(theme.gap(8))
        self._grid.setVerticalSpacing(theme.gap(2))
        self._subject.setFont(theme.font(TypeRole.BODY_B))
        self._from.setFont(theme.font())
        for label in self._labels:
            label.setFont(theme.font(TypeRole.CAPTION))
            label.setFixedHeight(self._line_height())
        for field in self._lines.values():
            field.restyle()
        if self._more_scale != theme.scale:
            self._more_scale = theme.scale
            self._show_more()

    def _line_height(self) -> int:
        """Of one line of any field: labels stand beside the first."""
        self._subject.ensurePolished()
        return self._subject.sizeHint().height()

    def focus_people(self) -> None:
        self._lines[RecipientLine.TO].entry.setFocus(Qt.FocusReason.OtherFocusReason)

    def has_nobody(self) -> bool:
        return not len(self.recipients)

    # --- inside ------------------------------------------------------------------------

    def _place(self) -> None:
        rows: Sequence[tuple[str, QWidget]] = (
            ("From", self._from),
            *((line.value, field) for line, field in self._lines.items()),
            ("Subject", self._subject),
        )
        for number, (words, field) in enumerate(rows):
            label = Label(self._theme, words, TypeRole.CAPTION, Ink.TEXT2)
            label.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Preferred)
            label.setBuddy(field)
            self._labels.append(label)
            self._grid.addWidget(label, number, 0, Qt.AlignmentFlag.AlignTop)
            is_beside_more = field is self._lines[RecipientLine.TO]
            self._grid.addWidget(field, number, 1, 1, 1 if is_beside_more else 2)
        top_right = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight
        self._grid.addWidget(self._more, 1, 2, top_right)

    def _show_rows(self) -> None:
        shown = [
            len(self._senders) > 1,
            True,
            *(bool(self._lines[one].mailers) for one in (RecipientLine.CC, RecipientLine.BCC)),
            True,
        ]
        for number, is_shown in enumerate(shown):
            item = self._grid.itemAtPosition(number, 1)
            field = item.widget() if item is not None else None
            if field is not None and (is_shown or not field.isAncestorOf(self.focusWidget())):
                field.setVisible(is_shown)
                self._labels[number].setVisible(is_shown)
        self._show_more()

    def _show_more(self) -> None:
        """Buttons for those lines that are not there yet."""
        while (item := self._more_line.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for line in (RecipientLine.CC, RecipientLine.BCC):
            if self._lines[line].isHidden():
                hint = f"Add a line for {line.value}"
                button = Button(self._theme, line.value, ButtonRank.GHOST, hint=hint, small=True)
                button.clicked.connect(lambda _=False, one=line: self._open_line(one))
                self._more_line.addWidget(button)

    def _open_line(self, line: RecipientLine) -> None:
        number = list(RecipientLine).index(line) + 1
        self._lines[line].show()
        self._labels[number].show()
        self._show_more()
        self._lines[line].entry.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open_list(self, field: RecipientsField) -> None:
        dialog = RecipientsDialog(self._theme, field.line, field.mailers, self.window())
        dialog.kept.connect(field.set_mailers)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _on_moved(self, mailer: Mailer, line: RecipientLine) -> None:
        self._lines[line].add([mailer])
        self._show_rows()

    def _on_people(self, line: RecipientLine) -> None:
        if self._lines[line].mailers and self._lines[line].isHidden():
            self._show_rows()
        self._on_edit("people")

    def _on_sender(self) -> None:
        email = self._from.value
        self._sender = next(one for one in self._senders if one.email == email)
        self._on_edit("sender")

    def _on_edit(self, what: str) -> None:
        if not self._is_filling:
            self._edited.add(what)
            self.changed.emit()


def _from_words(mailer: Mailer) -> str:
    return f"{mailer.name} <{mailer.email}>" if mailer.name else mailer.email
