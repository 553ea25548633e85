"""Connect your phone: the [[phone]] table of the settings as a form, by kind of phone system."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from supportdesk.ui.settings.connect_dialog import ConnectDialog
from supportdesk.ui.settings.fields import (
    Check,
    ChoiceField,
    FormGrid,
    NumberField,
    SecretField,
    TextField,
)
from supportdesk.ui.settings.forms import NAME_STAYS, PhoneForm, PhoneKind, Security
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.widgets.box import Grow, column, row
from supportdesk.ui.widgets.label import Label

_KINDS = (
    (PhoneKind.ASTERISK, "Asterisk, FreePBX, Issabel"),
    (PhoneKind.BARESIP, "baresip on this computer"),
    (PhoneKind.LINPHONE, "Linphone on this computer"),
    (PhoneKind.HOOK, "Anything that can run a command"),
)
_SECURITY = ((Security.NONE, "plain"), (Security.TLS, "TLS"))
_PORTS = {Security.NONE: 5038, Security.TLS: 5039}
_BARESIP_PORT = 4444
_KEPT = "kept in the key store; type to replace it"
_NEEDS_SERVER = (PhoneKind.ASTERISK,)
_EXPLAINED = {
    PhoneKind.ASTERISK: (
        "In manager.conf: read = system,call,agent,dialplan and write = reporting. "
        "Take call and Call back also need write = originate,call."
    ),
    PhoneKind.BARESIP: (
        "In baresip's config: module_app ctrl_tcp.so. Its calls are told as they happen, and it "
        "can answer and dial. It serves one program at a time, the one that came last."
    ),
    PhoneKind.LINPHONE: (
        "Read from Linphone's call history, which is never written. Leave the folder empty for "
        "the usual one. Linphone itself answers and dials."
    ),
    PhoneKind.HOOK: "Let your phone run: supportdesk call ringing --from NUMBER",
}


class PhoneDialog(ConnectDialog[PhoneForm]):
    """Shows only the fields that the chosen kind needs."""

    def __init__(self, theme: Theme, form: PhoneForm, parent: QWidget | None = None) -> None:
        super().__init__(theme, "Connect your phone", parent)
        self._was_named = form.was_named
        self._was_kind = form.kind
        self._server_rows: list[int] = []
        self._grid = FormGrid(theme)
        self._build_fields(form)
        self._build_grid()
        for field in self._text_fields():
            field.textChanged.connect(lambda _: self.changed())
        self._port.value_changed.connect(self.changed)
        self._control_port.value_changed.connect(self.changed)
        self._trust.toggled.connect(lambda _: self.changed())
        self._kind.picked.connect(self._follow_kind)
        self._security.picked.connect(self._follow_security)
        self.arrange(column(theme, self._grid, self._note, gap=8))
        self._follow_kind()

    def read_form(self) -> PhoneForm:
        queues = tuple(name for name in self._queues.value.replace(",", " ").split() if name)
        """A field that the kind does not need keeps nothing that was typed for another."""
        kind = self._kind.value
        port = self._control_port if kind is PhoneKind.BARESIP else self._port
        needs_server = kind in _NEEDS_SERVER
        return PhoneForm(
            name=self._name.value,
            kind=kind,
            host=self._host.value if needs_server or kind is self._was_kind else "",
            port=port.number,
            security=self._security.value if needs_server else Security.NONE,
            user=self._user.value,
            secret=self._secret.value,
            queues=queues,
            founder=self._founder.value,
            context=self._context.value,
            ca_file=self._ca_file.value,
            trust_network=self._trust.isChecked(),
            folder=self._folder.value,
            was_named=self._was_named,
        )

    def missing(self) -> str:
        if not self._name.value:
            return "Please give the phone a name."
        if self._kind.value not in _NEEDS_SERVER:
            return ""
        if not self._host.value:
            return "Please type the phone system's address, for example pbx.example.com."
        if not self._user.value:
            return "Please type the manager user."
        if not self._secret.value and not self._was_named:
            return "Please type the manager's secret."
        return ""

    # --- building ----------------------------------------------------------------------

    def _build_fields(self, form: PhoneForm) -> None:
        theme = self.theme
        self._kind = ChoiceField(theme, "Phone system", _KINDS, form.kind)
        self._name = TextField(theme, "Name", form.name, "Office")
        if form.was_named:
            self._name.hold(NAME_STAYS)
        self._host = TextField(theme, "Server", form.host, "pbx.example.com")
        self._port = NumberField(theme, "Port", form.port, 1, 65535)
        self._security = ChoiceField(theme, "Security", _SECURITY, form.security)
        self._trust = Check(
            theme,
            "Plain over a network I trust (a plain link shows the secret)",
            is_on=form.trust_network,
        )
        self._ca_file = TextField(theme, "CA file", form.ca_file, "only for a private authority")
        self._user = TextField(theme, "Manager user", form.user, "supportdesk")
        self._secret = SecretField(theme, "Secret", _KEPT if form.was_named else "")
        self._queues = TextField(theme, "Queues", " ".join(form.queues), "empty = all queues")
        self._founder = TextField(theme, "Your phone", form.founder, "PJSIP/100")
        self._context = TextField(theme, "Context", form.context, "from-internal")
        port = form.port if form.kind is PhoneKind.BARESIP else _BARESIP_PORT
        self._control_port = NumberField(theme, "Control port", port, 1, 65535)
        self._folder = TextField(theme, "Folder", form.folder, "empty = the usual one")
        self._note = Label(theme, "", TypeRole.CAPTION, Ink.TEXT2).wrapping()

    def _build_grid(self) -> None:
        theme, grid = self.theme, self._grid
        server = QWidget()
        self._port.setFixedWidth(theme.mark(76))
        if theme.is_large:
            below = row(theme, self._port, Grow(self._security))
            column(theme, self._host, below, inside=server)
        else:
            row(theme, Grow(self._host), self._port, self._security, inside=server)
        grid.add("Phone system", self._kind)
        grid.add("Name", self._name)
        if self._was_named:
            grid.add_note(NAME_STAYS)
        self._server_rows = [
            grid.add("Server", server),
            grid.add("", self._trust),
            grid.add("CA file", self._ca_file),
            grid.add("Manager user", self._user),
            grid.add("Secret", self._secret),
            grid.add("Queues", self._queues),
            grid.add("Your phone", self._founder),
            grid.add("Context", self._context),
        ]
        self._control_row = grid.add("Control port", self._control_port)
        self._folder_row = grid.add("Folder", self._folder)

    def _text_fields(self) -> list[TextField]:
        return [
            self._name,
            self._host,
            self._ca_file,
            self._user,
            self._secret,
            self._queues,
            self._founder,
            self._context,
            self._folder,
        ]

    # --- following ---------------------------------------------------------------------

    def _follow_kind(self) -> None:
        needs_server = self._kind.value in _NEEDS_SERVER
        for number in self._server_rows:
            self._grid.set_row_visible(number, needs_server)
        self._grid.set_row_visible(self._control_row, self._kind.value is PhoneKind.BARESIP)
        self._grid.set_row_visible(self._folder_row, self._kind.value is PhoneKind.LINPHONE)
        self._note.setText(_EXPLAINED[self._kind.value])
        self._follow_trust()
        self.fit()
        self.changed()

    def _follow_security(self) -> None:
        self._port.set_number(_PORTS[self._security.value])
        self._follow_trust()
        self.changed()

    def _follow_trust(self) -> None:
        """Trust is a question for plain links only, a CA file for TLS only."""
        needs_server = self._kind.value in _NEEDS_SERVER
        is_plain = self._security.value is Security.NONE
        self._grid.set_row_visible(self._server_rows[1], needs_server and is_plain)
        self._grid.set_row_visible(self._server_rows[2], needs_server and not is_plain)
