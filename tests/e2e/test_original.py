"""A message as it came, from a real Dovecot: every byte, and no mark left on it."""

import imaplib
from pathlib import Path

import pytest

from supportdesk.domain.events import PartFetched
from supportdesk.domain.mail import WHOLE_MESSAGE, MessagePart
from tests.e2e.mail_account import Worker, client, letter, settings_for
from tests.lab.mail import DovecotLab

pytestmark = pytest.mark.dovecot


def _flags_and_bytes(link: imaplib.IMAP4_SSL) -> tuple[bytes, bytes]:
    link.select("INBOX", readonly=True)
    _, found = link.fetch("1", "(FLAGS BODY.PEEK[])")
    answer = found[0]
    assert isinstance(answer, tuple)
    return answer[0], answer[1]


def test_the_original_comes_byte_by_byte_and_stays_unread(
    dovecot_lab: DovecotLab, tmp_path: Path
) -> None:
    address = dovecot_lab.new_address()
    raw = letter(1, headers="X-Odd: \xe6\r\n", body="Zeile mit Umlaut\r\n" * 30_000)
    dovecot_lab.deliver(raw, to=address)
    with Worker(settings_for(dovecot_lab, address), tmp_path) as account:
        account.wait_for_messages(1)
        message = account.log.arrived[0]
        whole = MessagePart(
            name="original.eml",
            media_type="message/rfc822",
            size_bytes=message.size_bytes,
            section=WHOLE_MESSAGE,
        )
        account.worker.fetch_part(message.message_id, whole)
        account.log.wait_for(lambda: bool(account.log.of(PartFetched)), "the original", 60)
        (told,) = account.log.of(PartFetched)
    link = client(dovecot_lab, address)
    flags, on_the_server = _flags_and_bytes(link)
    link.logout()
    assert told.problem == ""
    assert Path(told.path).read_bytes() == on_the_server
    assert rb"\Seen" not in flags
