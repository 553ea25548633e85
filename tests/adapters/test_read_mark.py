"""What the founder really read is marked on real servers, or it is said that it cannot be."""

import imaplib
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.e2e.mail_account import letter
from tests.e2e.silent_desk import SilentDesk
from tests.lab.keyless import keyless_dovecot
from tests.lab.mail import PASSWORD, DovecotLab
from tests.lab.waiting import LOOPBACK

pytestmark = pytest.mark.dovecot

SUPPORT = "Support"


def desk_on(lab: DovecotLab, address: str, home: Path, qtbot: QtBot, wanted: str) -> SilentDesk:
    settings = (
        f'[[mail]]\nname = "{SUPPORT}"\naddress = "{address}"\nhost = "{LOOPBACK}"\n'
        f'port = {lab.imap_port}\nsecurity = "none"\nuser = "{address}"\n'
        f'[reading]\nnudge = false\n[ritual]\nsilence = "off"\nfounder_was_here = {wanted}\n'
    )
    return SilentDesk(home, qtbot, settings, {f"mail/{SUPPORT}": PASSWORD})


def read_all(desk: SilentDesk, qtbot: QtBot, count: int) -> None:
    desk.wait_until_heard(SUPPORT)
    inbox = desk.core.desk.inbox
    qtbot.waitUntil(lambda: len(inbox.conversations()) == count, timeout=30_000)
    for conversation in inbox.conversations():
        for _ in range(2):
            desk.core.claiming.really_read(conversation.messages[-1].key)


def flags(lab: DovecotLab, address: str) -> list[bytes]:
    """As a colleague's mail program sees them."""
    with imaplib.IMAP4(LOOPBACK, lab.imap_port) as client:
        client.login(address, PASSWORD)
        client.select("INBOX", readonly=True)
        lines = client.fetch("1:*", "(FLAGS)")[1]
        return [line for line in lines if isinstance(line, bytes)]


def test_a_colleague_sees_what_was_really_read_and_nothing_else(
    dovecot_lab: DovecotLab, tmp_path: Path, qtbot: QtBot
) -> None:
    address = dovecot_lab.new_address()
    dovecot_lab.deliver(letter(1), to=address)
    with desk_on(dovecot_lab, address, tmp_path / "home", qtbot, "true") as desk:
        read_all(desk, qtbot, 1)
        told: list[object] = []
        desk.core.claiming.read_marked.connect(told.append)
        desk.core.claiming.really_read("mail/Support/<nobody@example.org>")
        qtbot.waitUntil(lambda: bool(told), timeout=30_000)
        assert told == [None]
        (line,) = flags(dovecot_lab, address)
        assert b"$FounderRead" in line
        assert b"\\Seen" not in line
        assert desk.raised() == []


def test_it_is_off_until_it_is_wanted(
    dovecot_lab: DovecotLab, tmp_path: Path, qtbot: QtBot
) -> None:
    address = dovecot_lab.new_address()
    dovecot_lab.deliver(letter(1), to=address)
    with desk_on(dovecot_lab, address, tmp_path / "home", qtbot, "false") as desk:
        read_all(desk, qtbot, 1)
        assert desk.core.claiming._workers is None
    (line,) = flags(dovecot_lab, address)
    assert b"$FounderRead" not in line


def test_a_server_that_keeps_no_keywords_is_said_once(tmp_path: Path, qtbot: QtBot) -> None:
    with keyless_dovecot() as lab:
        address = lab.new_address()
        lab.deliver(letter(1), letter(2), to=address)
        with desk_on(lab, address, tmp_path / "home", qtbot, "true") as desk:
            read_all(desk, qtbot, 2)
            title = "Your team cannot see what you have read"
            qtbot.waitUntil(lambda: desk.raised() == [title], timeout=30_000)
