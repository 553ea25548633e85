"""The lift in the settings: who of the team may lift a mail or a call to the founder, and how."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QWidget

from supportdesk.ui.settings.fields import Check, FormGrid, TextField
from supportdesk.ui.settings.forms import LiftOptions
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.widgets.box import column
from supportdesk.ui.widgets.label import Label

_OPERATORS_NOTE = "Who may lift a mail by forwarding it to you: names and addresses, with commas."
_PROOF_NOTE = (
    "Your mail server as it calls itself in the line Authentication-Results; or an address that "
    "only your team knows. A mail that proves nothing is just mail. The guide says more."
)
_SECRET = "Only my team knows this address"  # noqa: S105 - words of a box to tick
_FLAG = "A mail that gets a flag or a star is lifted"
_KEYWORD = "A mail that gets the keyword $SD-lift is lifted"
_UNPROVED = "Nobody can lift by mail yet: say how your server is called, or tick the box above."


class LiftCard(QWidget):
    """Tells each change at once, as whole options.

    Signals:
        lift_changed: `LiftOptions`.
    """

    lift_changed = Signal(object)

    def __init__(self, theme: Theme, widest_label: str) -> None:
        super().__init__()
        self._shown = LiftOptions()
        self._operators = TextField(theme, "Who may lift", "", "Anna <anna@example.com>")
        self._server = TextField(theme, "My mail server in mail heads", "", "mx.example.com")
        self._address = TextField(theme, "Address to lift to", "", "+up at my own address")
        self._secret = Check(theme, _SECRET, is_on=False)
        self._flag = Check(theme, _FLAG, is_on=False)
        self._keyword = Check(theme, _KEYWORD, is_on=True)
        self._mailbox = TextField(theme, "Mailbox to move mail into", "", "none")
        self._queue = TextField(theme, "Queue for the founder", "", "none")
        grid = FormGrid(theme, widest_label)
        grid.add("Who may lift", self._operators)
        grid.add_note(_OPERATORS_NOTE)
        grid.add("My server", self._server)
        grid.add("Address", self._address)
        grid.add("", self._secret)
        grid.add_note(_PROOF_NOTE)
        self._unproved = Label(theme, _UNPROVED, TypeRole.CAPTION, Ink.AMBER).wrapping()
        self._unproved_row = grid.add("", self._unproved)
        grid.add("Mailbox", self._mailbox)
        grid.add("", self._flag)
        grid.add("", self._keyword)
        grid.add("Phone queue", self._queue)
        column(theme, grid, inside=self)
        self._texts = (self._operators, self._server, self._address, self._mailbox, self._queue)
        for field in self._texts:
            # Not at each letter: half a name would be kept.
            field.editingFinished.connect(self._tell)
        for check in (self._secret, self._flag, self._keyword):
            check.toggled.connect(lambda _: self._tell())
        self._grid = grid
        self.show_lift(self._shown)

    def show_lift(self, options: LiftOptions) -> None:
        self._shown = options
        texts = (
            options.operators,
            options.authserv_id,
            options.address,
            options.mailbox,
            options.queue,
        )
        for field, text in zip(self._texts, texts, strict=True):
            if not field.hasFocus():
                field.setText(text)
        for check, is_on in (
            (self._secret, options.address_is_secret),
            (self._flag, options.flag),
            (self._keyword, options.keyword),
        ):
            with QSignalBlocker(check):
                check.setChecked(is_on)
        has_proof = bool(options.authserv_id) or options.address_is_secret
        self._grid.set_row_visible(self._unproved_row, bool(options.operators) and not has_proof)

    def _tell(self) -> None:
        told = LiftOptions(
            operators=self._operators.value,
            authserv_id=self._server.value,
            address=self._address.value,
            address_is_secret=self._secret.isChecked(),
            flag=self._flag.isChecked(),
            keyword=self._keyword.isChecked(),
            mailbox=self._mailbox.value,
            queue=self._queue.value,
        )
        if told != self._shown:
            self._shown = told
            self.lift_changed.emit(told)
