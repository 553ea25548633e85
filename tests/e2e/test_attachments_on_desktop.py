"""Attachments as a person handles them: saved by the file dialog, dangerous ones asked about."""

import zipfile
from collections.abc import Iterator
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import pytest

from tests.e2e.desktop_app import DesktopApp
from tests.e2e.running import make_home
from tests.lab.accessibility import act_on, controls, find_control
from tests.lab.desktop import DesktopLab
from tests.lab.mail import PASSWORD, DovecotLab
from tests.lab.waiting import wait_until

pytestmark = [pytest.mark.desktop, pytest.mark.dovecot]

PDF = b"%PDF-1.7 the invoice of November"
WORDS = "Please find the invoice attached."


def letter(to: str) -> bytes:
    message = EmailMessage()
    message["From"] = "Ingrid Solheim <ingrid@example.org>"
    message["To"] = to
    message["Subject"] = "The invoice of November"
    message["Message-ID"] = "<invoice@example.org>"
    message.set_content(WORDS)
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("photos/harvest.jpg.exe", b"MZ")
    for data, subtype, name in (
        (PDF, "pdf", "../../invoice.pdf"),
        (packed.getvalue(), "zip", "photos.zip"),
    ):
        message.add_attachment(data, maintype="application", subtype=subtype, filename=name)
    return message.as_bytes()


@pytest.fixture
def app(desktop_lab: DesktopLab, dovecot_lab: DovecotLab, tmp_path: Path) -> Iterator[DesktopApp]:
    user = dovecot_lab.new_address()
    settings = f"""
[[mail]]
name = "Support"
address = "{user}"
host = "localhost"
port = {dovecot_lab.imaps_port}
user = "{user}"
ca_file = "{dovecot_lab.ca_file}"
"""
    home = make_home(tmp_path, settings, {"mail/Support": PASSWORD})
    with DesktopApp(desktop_lab, home) as started:
        started.wait_until_listening("Support")
        dovecot_lab.deliver(letter(user), to=user)
        find_control(desktop_lab, role="push button", name="Read", seconds=30)
        act_on(desktop_lab, role="push button", name="Read")
        yield started


def is_said(lab: DesktopLab, words: str) -> bool:
    return any(words in one.name and one.is_showing for one in controls(lab, role="label"))


def wait_for_words(lab: DesktopLab, words: str) -> None:
    wait_until(lambda: is_said(lab, words), seconds=30, what=f"the words {words!r}")


def press(lab: DesktopLab, name: str) -> None:
    find_control(lab, role="push button", name=name, seconds=30)
    act_on(lab, role="push button", name=name)


def save_to(lab: DesktopLab, target: Path) -> None:
    """Type a place into the file dialog, whose name field has the focus."""
    wait_until(
        lambda: any(one.is_focused for one in controls(lab, role="text")),
        seconds=30,
        what="the file dialog",
    )
    lab.press("ctrl+a", "Delete")
    lab.type(str(target), delay=8)
    lab.press("Return")


def test_saved_by_the_dialog_and_nothing_comes_unasked(app: DesktopApp, tmp_path: Path) -> None:
    lab, kept = app.lab, app.home / "attachments"
    target = tmp_path / "mine.pdf"
    wait_for_words(lab, "on the mail server")
    assert not kept.exists()
    press(lab, "Save invoice.pdf")
    save_to(lab, target)
    wait_until(target.exists, seconds=30, what="the copy")
    assert target.read_bytes() == PDF
    wait_for_words(lab, "saved in")
    assert [one.name for one in kept.rglob("*.pdf")] == ["invoice.pdf"]
    # Qt would have loaded it for its looks, or for this dialog.
    assert app.has_loaded("libQt6Widgets")
    assert not app.has_loaded("libgtk")


def test_an_archive_with_a_program_is_asked_about(app: DesktopApp, tmp_path: Path) -> None:
    lab, target = app.lab, tmp_path / "photos.zip"
    press(lab, "Save photos.zip")
    save_to(lab, target)
    wait_for_words(lab, "An archive with a program in it")
    wait_for_words(lab, "“harvest.jpg.exe”")
    assert not target.exists()
    press(lab, "Save anyway photos.zip")
    wait_until(target.exists, seconds=30, what="the copy")
