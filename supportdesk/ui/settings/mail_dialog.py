"""Connect your inbox: the [[mail]] table of the settings as a form."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from supportdesk.domain.webmail import named, why_not
from supportdesk.ui.rows import ButtonRank
from supportdesk.ui.settings.connect_dialog import ConnectDialog
from supportdesk.ui.settings.fields import (
    ChoiceField,
    FormGrid,
    NumberField,
    SecretField,
    TextField,
)
from supportdesk.ui.settings.forms import NAME_STAYS, MailAuth, MailForm, OpenIn, Security
from supportdesk.ui.settings.sending_fields import SendingFields
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.widgets.box import STRETCH, Grow, column, row
from supportdesk.ui.widgets.button import Button

_SECURITY = (
    (Security.TLS, "TLS"),
    (Security.STARTTLS, "STARTTLS"),
    (Security.NONE, "none, this computer only"),
)
_AUTH = ((MailAuth.PASSWORD, "Password or app password"), (MailAuth.XOAUTH2, "OAuth token"))
_OWN_EXAMPLE = "https://desk.example/find?id={message_id}"
_PLACES = (
    (OpenIn.MAIL_CLIENT, "my mail program"),
    (OpenIn.GMAIL, "Gmail"),
    (OpenIn.FASTMAIL, "Fastmail"),
    (OpenIn.HELPSCOUT, "Help Scout (searches by sender and subject)"),
    (OpenIn.OUTLOOK, "Outlook (opens it, copies the subject to search for)"),
    (OpenIn.OWN, "an address of my own"),
)
_IMAP_PORTS = {Security.TLS: 993, Security.STARTTLS: 143, Security.NONE: 143}
_KEPT = "kept in the key store; type to replace it"


class MailDialog(ConnectDialog[MailForm]):
    """Address and server first; sending unfolds, and so do name, folder and authority."""

    def __init__(self, theme: Theme, form: MailForm, parent: QWidget | None = None) -> None:
        super().__init__(theme, "Connect your inbox", parent)
        self._was_named = form.was_named
        self._is_user_own = bool(form.user)
        self._build_fields(form)
        self._build_more(form)
        self._sending = SendingFields(
            theme, form, _SECURITY, lambda *fields: _joined(theme, *fields), self.changed
        )
        for field in self._text_fields():
            field.textChanged.connect(lambda _: self.changed())
        self._port.value_changed.connect(self.changed)
        self._address.textEdited.connect(self._follow_address)
        self._user.textEdited.connect(self._on_user_typed)
        self._security.picked.connect(self._follow_security)
        self._auth.picked.connect(self.changed)
        self.arrange(self._build_layout())
        self._address.setFocus()

    def read_form(self) -> MailForm:
        form = MailForm(
            name=self._name.value,
            address=self._address.value,
            host=self._host.value,
            port=self._port.number,
            security=self._security.value,
            user=self._user.value or self._address.value,
            auth=self._auth.value,
            secret=self._secret.value,
            mailbox=self._mailbox.value or "INBOX",
            ca_file=self._ca_file.value,
            open_in=self._open_in_value(),
            was_named=self._was_named,
        )
        return self._sending.filled_in(form)

    def missing(self) -> str:
        if not self._address.value:
            return "Please type the address customers write to."
        if not self._host.value:
            return "Please type the mail server, for example imap.example.com."
        if not self._name.value:
            return "Please give the account a name."
        if not self._secret.value and not self._was_named:
            return "Please type the password."
        reason = why_not(self._open_in_value())
        return f"Open mail in: {reason}." if reason else ""

    # --- building ----------------------------------------------------------------------

    def _build_fields(self, form: MailForm) -> None:
        theme = self.theme
        self._address = TextField(theme, "Address", form.address, "support@example.com")
        self._host = TextField(theme, "Server", form.host, "imap.example.com")
        self._port = NumberField(theme, "Port", form.port, 1, 65535)
        self._security = ChoiceField(theme, "Security", _SECURITY, form.security)
        self._user = TextField(theme, "User", form.user, "as the server knows it")
        self._auth = ChoiceField(theme, "Sign in with", _AUTH, form.auth)
        self._secret = SecretField(theme, "Password", _KEPT if form.was_named else "")

    def _build_more(self, form: MailForm) -> None:
        theme = self.theme
        self._name = TextField(theme, "Name", form.name, "Support")
        if form.was_named:
            self._name.hold(NAME_STAYS)
        self._mailbox = TextField(theme, "Mailbox", form.mailbox, "INBOX")
        self._ca_file = TextField(theme, "CA file", form.ca_file, "only for a private authority")
        place = named(form.open_in)
        choice = OpenIn(place.value) if place is not None else OpenIn.OWN
        own = "" if place is not None else form.open_in
        self._open_in = ChoiceField(theme, "Open mail in", _PLACES, choice)
        self._own_place = TextField(theme, "Address of the webmail", own, _OWN_EXAMPLE)

    def _build_layout(self) -> FormGrid:
        theme = self.theme
        grid = FormGrid(theme)
        grid.add("Address", self._address)
        grid.add("Server", _joined(theme, self._host, self._port, self._security))
        grid.add("User", self._user)
        grid.add("Sign in with", self._auth)
        grid.add("Password", self._secret)
        self._add_sending(grid)
        more = _fold(theme, grid, "Name, mailbox, CA file, webmail")
        rows = [grid.add("Name", self._name)]
        if self._was_named:
            rows.append(grid.add_note(NAME_STAYS))
        rows += [
            grid.add("Mailbox", self._mailbox),
            grid.add("CA file", self._ca_file),
            grid.add("Open mail in", self._open_in),
        ]
        own_place = grid.add("Its address", self._own_place)

        def unfold() -> None:
            for number in rows:
                grid.set_row_visible(number, more.isChecked())
            is_own = self._open_in.value is OpenIn.OWN
            grid.set_row_visible(own_place, more.isChecked() and is_own)
            self.fit()

        unfold()
        more.toggled.connect(unfold)
        self._open_in.picked.connect(unfold)
        self._open_in.picked.connect(self.changed)
        return grid

    def _add_sending(self, grid: FormGrid) -> None:
        fold = _fold(self.theme, grid, "Sending: server, your name, signature")
        rows = self._sending.add_to(grid)

        def unfold() -> None:
            for number in rows:
                grid.set_row_visible(number, fold.isChecked())
            self.fit()

        unfold()
        fold.toggled.connect(unfold)

    def _text_fields(self) -> list[TextField]:
        return [
            self._address,
            self._host,
            self._user,
            self._secret,
            self._name,
            self._mailbox,
            self._ca_file,
            self._own_place,
        ]

    def _open_in_value(self) -> str:
        chosen = self._open_in.value
        return self._own_place.value if chosen is OpenIn.OWN else chosen.value

    # --- following ---------------------------------------------------------------------

    def _follow_address(self, address: str) -> None:
        """The user is most often the address, until the founder says otherwise."""
        if not self._is_user_own:
            self._user.setText(address.strip())

    def _on_user_typed(self, user: str) -> None:
        self._is_user_own = bool(user.strip())

    def _follow_security(self) -> None:
        self._port.set_number(_IMAP_PORTS[self._security.value])
        self.changed()


def _fold(theme: Theme, grid: FormGrid, what: str) -> Button:
    """A row with a button that shows and hides the rows below it."""
    button = Button(theme, what, ButtonRank.GHOST, icon="more", small=True)
    button.setCheckable(True)
    holder = QWidget()
    row(theme, button, STRETCH, gap=0, inside=holder)
    grid.add("", holder)
    return button


def _joined(
    theme: Theme, host: TextField, port: NumberField, security: ChoiceField[Security]
) -> QWidget:
    """Server, port and security on one line; at large text the last two go below."""
    holder = QWidget()
    port.setFixedWidth(theme.mark(76))
    if theme.is_large:
        column(theme, host, row(theme, port, Grow(security)), inside=holder)
    else:
        row(theme, Grow(host), port, security, inside=holder)
    return holder
