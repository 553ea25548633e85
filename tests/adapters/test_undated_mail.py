"""What only the whole message tells of when and to whom, on a real server and through a new start.

Dovecot's ENVELOPE has the date as it was written, and names as raw letters without a charset.
"""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from supportdesk.adapters.storage.mail_cache_reader import MailCacheReader
from supportdesk.domain.events import MessageChanged
from tests.e2e.mail_account import NAME, Worker, client, renumber, settings_for
from tests.lab.mail import DovecotLab

pytestmark = pytest.mark.dovecot

_UNDATED = (
    b"Received: from a by b; Fri, 3 Jan 2025 08:30:00 +0000\r\n"
    b"From: Ann <ann@example.org>\r\nTo: Rolf J\xf6rgensen \x96 desk <support@lab.test>\r\n"
    b"Subject: Undated\r\nDate: some day\r\nMessage-ID: <undated@example.org>\r\n"
    b"Content-Type: text/plain; charset=windows-1252\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    b"The parcel of S\xf8ren.\r\n"
)


def test_what_reading_found_outlives_a_new_mailbox(dovecot_lab: DovecotLab, tmp_path: Path) -> None:
    address = dovecot_lab.new_address()
    settings = settings_for(dovecot_lab, address, mailbox="Queue")
    link = client(dovecot_lab, address)
    link.create("Queue")
    link.append("Queue", "", "", _UNDATED)
    with Worker(settings, tmp_path) as account:
        account.wait_for_messages(1, 60)
        account.log.wait_for(
            lambda: any(one.message.preview for one in account.log.of(MessageChanged)),
            "what reading found",
            60,
        )
    cache = MailCacheReader(tmp_path / "mail.db")
    (known,) = cache.newest(NAME, 9)
    assert known.sent_at == datetime(2025, 1, 3, 8, 30, tzinfo=UTC)
    assert [one.name for one in known.recipients] == ["Rolf Jörgensen – desk"]
    renumber(link, "Queue", keeps_new=False)
    link.logout()
    with Worker(settings, tmp_path) as account:
        account.log.wait_for(
            lambda: cache.newest(NAME, 9)[0].address.uidvalidity != known.address.uidvalidity,
            "the mailbox made anew",
            20,
        )
        assert account.log.arrived == []
    (moved,) = cache.newest(NAME, 9)
    cache.close()
    assert (moved.message_id, moved.sent_at) == (known.message_id, known.sent_at)
    assert moved.recipients == known.recipients
