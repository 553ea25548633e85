"""Reading as a person does it, by keys on a real desktop, with a real mail server behind it."""

from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.e2e.desktop_app import DesktopApp
from tests.e2e.running import make_home
from tests.lab.accessibility import Control, controls, find_control
from tests.lab.desktop import DesktopLab
from tests.lab.mail import PASSWORD, DovecotLab
from tests.lab.waiting import wait_until

pytestmark = [pytest.mark.desktop, pytest.mark.dovecot]

FIRST, SECOND = "<first@example.org>", "<second@example.org>"
CALENDAR = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\n"
    "UID:count@example.org\r\nDTSTAMP:20261121T080000Z\r\nDTSTART:20261124T090000Z\r\n"
    "DTEND:20261124T100000Z\r\nSUMMARY:Stock count\r\nLOCATION:The mill\r\n"
    "ORGANIZER;CN=Ingrid Solheim:mailto:ingrid@example.org\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def letter(to: str, identity: str, words: str, *, answers: str = "") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Ingrid Solheim <ingrid@example.org>"
    message["To"] = to
    message["Subject"] = "Flour order went out twice again"
    message["Message-ID"] = identity
    message["X-Mill"] = "Vaksdal"
    if answers:
        message["In-Reply-To"] = answers
    message.set_content(words)
    return message


@pytest.fixture
def app(desktop_lab: DesktopLab, dovecot_lab: DovecotLab, tmp_path: Path) -> Iterator[DesktopApp]:
    """Two mails of one customer, the newer one open in the window."""
    user = dovecot_lab.new_address()
    settings = (
        f'[[mail]]\nname = "Support"\naddress = "{user}"\nhost = "localhost"\n'
        f'port = {dovecot_lab.imaps_port}\nca_file = "{dovecot_lab.ca_file}"\n'
    )
    with DesktopApp(desktop_lab, make_home(tmp_path, settings, {"mail/Support": PASSWORD})) as made:
        made.wait_until_listening("Support")
        first = letter(user, FIRST, "The first pallet.")
        second = letter(user, SECOND, "Can you come and count?", answers=FIRST)
        second.add_alternative(CALENDAR, subtype="calendar", params={"method": "REQUEST"})
        dovecot_lab.deliver(first.as_bytes(), second.as_bytes(), to=user)
        wait_until(lambda: _waiting(made) == 1, seconds=60, what="somebody to wait")
        made.run("supportdesk")
        row = _starting_with(desktop_lab, "list item", "Ingrid Solheim, ")
        desktop_lab.click(*row.centre)
        _starting_with(desktop_lab, "push button", "Open the message of Ingrid Solheim, ")
        yield made


def _changes(lab: DovecotLab) -> list[str]:
    """Commands of any client that change a mailbox; other tests share this server."""
    return [one for one in lab.imap_commands() if "STORE" in one.upper().split()]


def _waiting(app: DesktopApp) -> int:
    status = app.status()
    return int(status["people_waiting"]) if status else -1


def _starting_with(lab: DesktopLab, role: str, words: str) -> Control:
    def showing() -> Control | None:
        found = [one for one in controls(lab, role=role) if one.is_showing]
        return next((one for one in found if one.name.startswith(words)), None)

    control = wait_until(showing, seconds=60, what=f"{role} {words!r}")
    assert control is not None
    return control


def _wait_for_words(lab: DesktopLab, words: str) -> None:
    _starting_with(lab, "label", words)


def test_a_conversation_by_keys_and_nothing_changes_on_the_server(
    app: DesktopApp, desktop_lab: DesktopLab, dovecot_lab: DovecotLab
) -> None:
    before = _changes(dovecot_lab)
    _wait_for_words(desktop_lab, "Stock count")
    _wait_for_words(desktop_lab, "The mill")
    find_control(desktop_lab, role="push button", name="Save as .ics", seconds=30)
    desktop_lab.press("bracketleft")
    later = _starting_with(desktop_lab, "push button", "Open the message of Ingrid Solheim, ")
    assert "Can you come and count?" in later.name
    desktop_lab.press("bracketright")
    _wait_for_words(desktop_lab, "Stock count")
    desktop_lab.press("x")
    wait_until(lambda: _waiting(app) == 0, seconds=30, what="nobody to wait")
    desktop_lab.press("u")
    wait_until(lambda: _waiting(app) == 1, seconds=30, what="somebody to wait again")
    assert _changes(dovecot_lab) == before


def test_the_original_is_one_key_away(app: DesktopApp, desktop_lab: DesktopLab) -> None:
    desktop_lab.press("v")
    original = _starting_with(desktop_lab, "text", "The message as it came")
    assert original.is_showing
    find_control(desktop_lab, role="text", name="Search in the original", seconds=10)
    desktop_lab.press("Escape")
    wait_until(
        lambda: not controls(desktop_lab, role="text", name="The message as it came"),
        seconds=30,
        what="the original to be closed",
    )
    assert app.is_running
