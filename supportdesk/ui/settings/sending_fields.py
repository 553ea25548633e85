"""How answers are sent, as rows of the mail dialog: server, password, name and signature."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from supportdesk.ui.settings.fields import (
    ChoiceField,
    FormGrid,
    NumberField,
    SecretField,
    TextField,
)
from supportdesk.ui.settings.forms import MailForm, Security
from supportdesk.ui.theme.theme import Theme

_PORTS = {Security.TLS: 465, Security.STARTTLS: 587, Security.NONE: 25}
_SAME = "as above"
_KEPT = "as above, or the one that is kept; type to replace it"
_NOTE = "Without a server your mail program sends the answers."
_SIGNATURE_LINES = 4


class SendingFields:
    """Belongs to one dialog; `on_change` is called with each letter.

    Attributes:
        server: Name, port and security on one line, as `joined` puts them.
    """

    def __init__(
        self,
        theme: Theme,
        form: MailForm,
        security: tuple[tuple[Security, str], ...],
        joined: Callable[[TextField, NumberField, ChoiceField[Security]], QWidget],
        on_change: Callable[[], None],
    ) -> None:
        self._on_change = on_change
        self._host = TextField(theme, "Server for sending", form.smtp_host, "smtp.example.com")
        self._port = NumberField(theme, "Port for sending", form.smtp_port, 1, 65535)
        self._security = ChoiceField(theme, "Security of sending", security, form.smtp_security)
        self.server = joined(self._host, self._port, self._security)
        self._user = TextField(theme, "User for sending", form.smtp_user, _SAME)
        hint = _KEPT if form.was_named and form.smtp_host else _SAME
        self._secret = SecretField(theme, "Password for sending", hint)
        self._name = TextField(theme, "Name in From", form.name_in_from, "Support of Example")
        self._signature = _SignatureField(theme, form.signature)
        for field in (self._host, self._user, self._secret, self._name):
            field.textChanged.connect(lambda _: on_change())
        self._signature.textChanged.connect(on_change)
        self._port.value_changed.connect(on_change)
        self._security.picked.connect(self._follow_security)

    def add_to(self, grid: FormGrid) -> list[int]:
        """Adds the rows and says their numbers."""
        return [
            grid.add("Send with", self.server),
            grid.add_note(_NOTE),
            grid.add("User", self._user),
            grid.add("Password", self._secret),
            grid.add("Name in From", self._name),
            grid.add_lines("Signature", self._signature),
        ]

    def filled_in(self, form: MailForm) -> MailForm:
        """The form with what stands here."""
        return replace(
            form,
            smtp_host=self._host.value,
            smtp_port=self._port.number,
            smtp_security=self._security.value,
            smtp_user=self._user.value,
            smtp_secret=self._secret.value,
            name_in_from=self._name.value,
            signature=self._signature.value,
        )

    def _follow_security(self) -> None:
        self._port.set_number(_PORTS[self._security.value])
        self._on_change()


class _SignatureField(QPlainTextEdit):
    """A few lines of text; Tab goes on to the next field."""

    def __init__(self, theme: Theme, text: str) -> None:
        super().__init__(text)
        self.setObjectName("Lines")
        self.setFont(theme.font())
        self.setAccessibleName("Signature")
        # The padding of the style makes it as wide as the fields above; the document adds its own.
        self.document().setDocumentMargin(0)
        self.setTabChangesFocus(True)
        lines = theme.metrics().lineSpacing() * _SIGNATURE_LINES
        self.setFixedHeight(int(lines) + theme.gap(16))

    @property
    def value(self) -> str:
        """Without empty lines around it, as the settings keep it."""
        lines = self.toPlainText().expandtabs().split("\n")
        return "\n".join(line.rstrip() for line in lines).strip("\n")
