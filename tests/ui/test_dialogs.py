"""Connect your inbox, connect your phone: test first, keep the entries, name what is wrong."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from supportdesk.ui.gallery.make_believe_health import CERT_TROUBLE
from supportdesk.ui.settings.forms import (
    CheckOutcome,
    MailForm,
    PhoneForm,
    PhoneKind,
    Security,
)
from supportdesk.ui.settings.mail_dialog import MailDialog
from supportdesk.ui.settings.phone_dialog import PhoneDialog
from supportdesk.ui.theme import Theme
from supportdesk.ui.widgets.button import Button
from tests.ui.looking import words


def field(dialog: QWidget, name: str) -> QLineEdit:
    return next(e for e in dialog.findChildren(QLineEdit) if e.accessibleName() == name)


def choice(dialog: QWidget, name: str) -> QComboBox:
    return next(e for e in dialog.findChildren(QComboBox) if e.accessibleName() == name)


def button(dialog: QWidget, label: str) -> Button:
    return next(b for b in dialog.findChildren(Button) if b.text() == label)


def fill(dialog: QWidget, **entries: str) -> None:
    for name, text in entries.items():
        entry = field(dialog, name)
        entry.clear()
        QTest.keyClicks(entry, text)


def pick(box: QComboBox, position: int) -> None:
    box.setCurrentIndex(position)
    box.activated.emit(position)


@pytest.fixture
def mail(theme: Theme, qtbot: QtBot) -> MailDialog:
    dialog = MailDialog(theme, MailForm())
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


@pytest.fixture
def phone(theme: Theme, qtbot: QtBot) -> PhoneDialog:
    dialog = PhoneDialog(theme, PhoneForm())
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def fill_mail(mail: MailDialog) -> None:
    fill(mail, Address="support@larder.app", Server="imap.larder.app", Password="oats ")


def test_test_hands_over_the_whole_form(mail: MailDialog, qtbot: QtBot) -> None:
    fill_mail(mail)
    with qtbot.waitSignal(mail.test_asked) as told:
        button(mail, "Test").click()
    assert told.args == [
        MailForm(
            address="support@larder.app",
            host="imap.larder.app",
            user="support@larder.app",
            secret="oats ",
        )
    ]
    assert not button(mail, "Test").isEnabled()


def test_what_is_missing_is_said_and_nothing_is_tested(mail: MailDialog, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(mail.test_asked):
        button(mail, "Test").click()
        assert "Please type the address" in "\n".join(words(mail))
        fill(mail, Address="support@larder.app")
        button(mail, "Test").click()
        assert "Please type the mail server" in "\n".join(words(mail))
        fill(mail, Server="imap.larder.app")
        button(mail, "Test").click()
        assert "Please type the password" in "\n".join(words(mail))


def test_a_good_test_opens_connect(mail: MailDialog, qtbot: QtBot) -> None:
    fill_mail(mail)
    assert not button(mail, "Connect").isEnabled()
    button(mail, "Test").click()
    mail.show_progress("Looking for imap.larder.app")
    assert "Looking for imap.larder.app" in "\n".join(words(mail))
    mail.show_outcome(CheckOutcome(words="Signed in; 3 messages."))
    assert "It works.\nSigned in; 3 messages." in "\n".join(words(mail))
    with qtbot.waitSignal(mail.connect_asked) as told:
        button(mail, "Connect").click()
    assert told.args is not None
    assert told.args[0].secret == "oats "


@pytest.mark.parametrize("kind", ["mail", "phone"])
def test_the_name_stays_after_the_first_save_and_says_why(
    theme: Theme, qtbot: QtBot, kind: str
) -> None:
    dialog: MailDialog | PhoneDialog
    if kind == "mail":
        dialog = MailDialog(theme, MailForm(name="Help", was_named="Help"))
    else:
        dialog = PhoneDialog(theme, PhoneForm(name="Help", was_named="Help"))
    qtbot.addWidget(dialog)
    dialog.show()
    name = field(dialog, "Name")
    assert name.isReadOnly()
    QTest.keyClicks(name, "er")
    assert dialog.read_form().name == "Help"
    assert "The name stays" in name.toolTip()
    assert "The name stays" in name.accessibleDescription()
    if kind == "mail":
        button(dialog, "Name, mailbox, CA file, webmail").click()
    assert "The name stays" in "\n".join(words(dialog))


def test_a_new_account_can_be_named(mail: MailDialog, phone: PhoneDialog) -> None:
    for dialog in (mail, phone):
        assert not field(dialog, "Name").isReadOnly()
        assert not field(dialog, "Name").toolTip()


def test_a_change_after_a_good_test_asks_for_another(mail: MailDialog, qtbot: QtBot) -> None:
    fill_mail(mail)
    button(mail, "Test").click()
    mail.show_outcome(CheckOutcome(words="Signed in."))
    QTest.keyClicks(field(mail, "Server"), "x")
    assert not button(mail, "Connect").isEnabled()
    QTest.keyClick(field(mail, "Server"), Qt.Key.Key_Backspace)
    assert button(mail, "Connect").isEnabled()


def test_entries_changed_while_testing_are_not_called_good(mail: MailDialog, qtbot: QtBot) -> None:
    fill_mail(mail)
    button(mail, "Test").click()
    QTest.keyClicks(field(mail, "Server"), "x")
    mail.show_outcome(CheckOutcome(words="Signed in."))
    assert not button(mail, "Connect").isEnabled()


def test_trouble_names_culprit_next_step_and_what_is_safe(mail: MailDialog, qtbot: QtBot) -> None:
    fill_mail(mail)
    button(mail, "Test").click()
    mail.show_outcome(CheckOutcome(trouble=CERT_TROUBLE))
    said = "\n".join(words(mail))
    for part in (
        CERT_TROUBLE.title,
        CERT_TROUBLE.advice,
        CERT_TROUBLE.culprit,
        f"Next step: {CERT_TROUBLE.next_step}",
        CERT_TROUBLE.safe,
    ):
        assert part in said
    assert field(mail, "Password").text() == "oats "
    assert not button(mail, "Connect").isEnabled()
    assert button(mail, "Test").isEnabled()
    with qtbot.waitSignal(mail.connect_asked):
        button(mail, "Connect anyway").click()


def test_user_follows_the_address_until_typed(mail: MailDialog, qtbot: QtBot) -> None:
    fill(mail, Address="support@larder.app")
    assert field(mail, "User").text() == "support@larder.app"
    fill(mail, User="desk")
    fill(mail, Address="help@larder.app")
    assert field(mail, "User").text() == "desk"


def test_security_brings_its_port(mail: MailDialog, qtbot: QtBot) -> None:
    pick(choice(mail, "Security"), 1)
    assert mail.read_form().port == 143
    assert mail.read_form().security is Security.STARTTLS


def test_a_wrong_port_comes_back_to_the_last_good_one(mail: MailDialog, qtbot: QtBot) -> None:
    port = field(mail, "Port")
    port.setFocus()
    fill(mail, Port="0")
    field(mail, "Address").setFocus()
    assert mail.read_form().port == 993
    fill(mail, Port="1143")
    assert mail.read_form().port == 1143


def test_name_and_folder_unfold(mail: MailDialog, qtbot: QtBot) -> None:
    assert not field(mail, "Mailbox").isVisible()
    button(mail, "Name, mailbox, CA file, webmail").click()
    fill(mail, Mailbox="Desk", Name="Desk")
    form = mail.read_form()
    assert (form.mailbox, form.name) == ("Desk", "Desk")


def test_what_the_file_says_about_sending_comes_back(theme: Theme, qtbot: QtBot) -> None:
    form = MailForm(
        address="a@b.example",
        host="h",
        user="u",
        smtp_host="smtp.b.example",
        smtp_port=587,
        smtp_security=Security.STARTTLS,
        smtp_user="sender",
        name_in_from="Support of B",
        signature="Anna\n\nB, Brno",
        was_named="Support",
    )
    dialog = MailDialog(theme, form)
    qtbot.addWidget(dialog)
    assert dialog.read_form() == form


def test_how_answers_are_sent_unfolds(mail: MailDialog, qtbot: QtBot) -> None:
    host = field(mail, "Server for sending")
    assert not host.isVisible()
    button(mail, "Sending: server, your name, signature").click()
    assert host.isVisible()
    fill(mail, **{"Server for sending": "smtp.larder.app", "Password for sending": "rye "})
    fill(mail, **{"Name in From": "Larder support"})
    pick(choice(mail, "Security of sending"), 1)
    (signature,) = mail.findChildren(QPlainTextEdit)
    QTest.keyClicks(signature, "\rAnna \rLarder\r")
    form = mail.read_form()
    assert (form.smtp_host, form.smtp_port) == ("smtp.larder.app", 587)
    assert (form.smtp_secret, form.name_in_from) == ("rye ", "Larder support")
    assert form.signature == "Anna\nLarder"
    assert "rye" not in repr(form)


def test_editing_may_keep_the_secret(theme: Theme, qtbot: QtBot) -> None:
    form = MailForm(address="a@b.example", host="h", user="u", was_named="Support")
    dialog = MailDialog(theme, form)
    qtbot.addWidget(dialog)
    with qtbot.waitSignal(dialog.test_asked) as told:
        button(dialog, "Test").click()
    assert told.args == [form]


def test_secrets_never_show_in_a_repr() -> None:
    assert "oats" not in repr(MailForm(secret="oats")) + repr(PhoneForm(secret="oats"))


def test_phone_form(phone: PhoneDialog, qtbot: QtBot) -> None:
    fill(phone, Server="pbx.larder.app", Secret="rye", Queues="support, sales")
    fill(phone, **{"Manager user": "desk", "Your phone": "PJSIP/100"})
    pick(choice(phone, "Security"), 1)
    with qtbot.waitSignal(phone.test_asked) as told:
        button(phone, "Test").click()
    assert told.args == [
        PhoneForm(
            host="pbx.larder.app",
            port=5039,
            security=Security.TLS,
            user="desk",
            secret="rye",
            queues=("support", "sales"),
            founder="PJSIP/100",
        )
    ]


def test_phone_kinds_show_only_what_they_need(phone: PhoneDialog, qtbot: QtBot) -> None:
    assert field(phone, "Server").isVisible()
    fill(phone, Server="pbx.larder.app")
    box = choice(phone, "Phone system")
    assert [box.itemText(row) for row in range(box.count())] == [
        "Asterisk, FreePBX, Issabel",
        "baresip on this computer",
        "Linphone on this computer",
        "Anything that can run a command",
    ]
    pick(box, 1)
    assert not field(phone, "Server").isVisible()
    assert field(phone, "Control port").isVisible()
    assert "module_app ctrl_tcp.so" in "\n".join(words(phone))
    form = phone.read_form()
    assert (form.kind, form.host, form.port) == (PhoneKind.BARESIP, "", 4444)
    assert phone.missing() == ""
    pick(box, 2)
    assert not field(phone, "Control port").isVisible()
    fill(phone, Folder="/home/fay/linphone")
    form = phone.read_form()
    assert (form.kind, form.folder) == (PhoneKind.LINPHONE, "/home/fay/linphone")
    pick(box, 3)
    assert not field(phone, "Folder").isVisible()
    assert "supportdesk call ringing --from NUMBER" in "\n".join(words(phone))
    assert phone.missing() == ""
    assert phone.read_form().kind is PhoneKind.HOOK


def test_a_softphone_that_is_known_keeps_what_was_written_by_hand(
    theme: Theme, qtbot: QtBot
) -> None:
    form = PhoneForm(kind=PhoneKind.BARESIP, host="127.0.0.5", port=4455, was_named="Desk")
    dialog = PhoneDialog(theme, form)
    qtbot.addWidget(dialog)
    assert (dialog.read_form().host, dialog.read_form().port) == ("127.0.0.5", 4455)


def test_phone_says_what_is_missing(phone: PhoneDialog, qtbot: QtBot) -> None:
    assert "address" in phone.missing()
    fill(phone, Server="pbx")
    assert "manager user" in phone.missing()
    fill(phone, **{"Manager user": "desk"})
    assert "secret" in phone.missing()
    fill(phone, Name="")
    assert "name" in phone.missing()


def test_an_own_webmail_needs_an_address_that_names_the_message(
    mail: MailDialog, qtbot: QtBot
) -> None:
    fill_mail(mail)
    button(mail, "Name, mailbox, CA file, webmail").click()
    assert mail.read_form().open_in == "mail-client"
    place = next(c for c in mail.findChildren(QComboBox) if c.accessibleName() == "Open mail in")
    pick(place, place.count() - 1)
    fill(mail, **{"Address of the webmail": "https://desk.example/inbox"})
    assert "names no message" in mail.missing()
    fill(mail, **{"Address of the webmail": "https://desk.example/?id={message_id}"})
    assert mail.missing() == ""
    assert mail.read_form().open_in == "https://desk.example/?id={message_id}"
