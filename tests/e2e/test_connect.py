"""The first run, by hand: connect an inbox through the dialog, with a wrong and a right password.

Everything is done as a person does it: controls are found by name, text is typed, buttons are
pressed. What comes of it is looked for at the other end: in the file, the key store, the server.
"""

import tomllib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.e2e.desktop_app import DesktopApp
from tests.e2e.running import make_home
from tests.lab.accessibility import act_on, controls, find_control
from tests.lab.desktop import DesktopLab
from tests.lab.mail import PASSWORD, DovecotLab
from tests.lab.waiting import wait_until

pytestmark = [pytest.mark.desktop, pytest.mark.dovecot]


def _message(to: str) -> bytes:
    message = EmailMessage()
    message["From"] = "Carla Customer <carla@example.org>"
    message["To"] = to
    message["Subject"] = "Two invoices for one order"
    message["Message-ID"] = "<invoices@example.org>"
    message.set_content("Which one do I pay?")
    return message.as_bytes()


@pytest.fixture
def app(desktop_lab: DesktopLab, tmp_path: Path) -> Iterator[DesktopApp]:
    """A program that was never started before."""
    with DesktopApp(desktop_lab, make_home(tmp_path, "")) as started:
        yield started


def _type(lab: DesktopLab, name: str, text: str, *, role: str = "text") -> None:
    """Into the field of this name, in place of what is there."""
    lab.click(*find_control(lab, role=role, name=name).centre)
    wait_until(
        lambda: any(node.is_focused for node in controls(lab, role=role, name=name)),
        seconds=5,
        what=f"the focus in {name}",
    )
    lab.press("ctrl+a", "Delete")
    lab.type(text, delay=8)


def _wait_for_words(lab: DesktopLab, words: str) -> None:
    def is_said() -> bool:
        labels = controls(lab, role="label")
        return any(words in node.name and node.is_showing for node in labels)

    wait_until(is_said, seconds=30, what=f"the words {words!r}")


def _fill(lab: DesktopLab, dovecot: DovecotLab, address: str) -> None:
    _type(lab, "Address", address)
    _type(lab, "Server", "localhost")
    _type(lab, "Port", str(dovecot.imaps_port))
    act_on(lab, role="check box", name="Name, mailbox, CA file, webmail")
    _type(lab, "CA file", str(dovecot.ca_file))


def _kept_secret(lab: DesktopLab, name: str) -> str:
    query = ("secret-tool", "lookup", "service", "supportdesk", "username", name)
    return lab.exec(*query).stdout.strip()


def test_an_inbox_is_connected_through_the_dialog(
    app: DesktopApp, dovecot_lab: DovecotLab, tmp_path: Path
) -> None:
    lab, address = app.lab, dovecot_lab.new_address()
    dovecot_lab.deliver(_message(address), to=address)
    find_control(lab, role="push button", name="Open the practice desk", seconds=20)
    act_on(lab, role="push button", name="Connect your inbox")
    _fill(lab, dovecot_lab, address)

    _type(lab, "Password", "not the password", role="password text")
    act_on(lab, role="push button", name="Test the connection")
    _wait_for_words(lab, f"localhost refused user or password of {address}")
    assert not find_control(lab, role="push button", name="Connect").is_sensitive
    assert not (app.home / "settings.toml").read_text()

    _type(lab, "Password", PASSWORD, role="password text")
    act_on(lab, role="push button", name="Test the connection")
    _wait_for_words(lab, f"Connected to localhost as {address}: 1 message in INBOX")
    wait_until(
        lambda: find_control(lab, role="push button", name="Connect").is_sensitive,
        seconds=10,
        what="Connect to open",
    )
    act_on(lab, role="push button", name="Connect")

    app.wait_until_listening("Support")
    (mail,) = tomllib.loads((app.home / "settings.toml").read_text())["mail"]
    assert (mail["address"], mail["user"], mail["port"]) == (
        address,
        address,
        dovecot_lab.imaps_port,
    )
    assert _kept_secret(lab, "mail/Support") == PASSWORD
    assert PASSWORD not in (app.home / "settings.toml").read_text()
    wait_until(
        lambda: any(
            "Two invoices for one order" in node.name and node.is_showing
            for node in controls(lab, role="list item")
        ),
        seconds=20,
        what="the mail in the list",
    )
