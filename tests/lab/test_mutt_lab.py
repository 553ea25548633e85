"""mutt tells threads from what only looks like one, and what was answered."""

import imaplib

import pytest

from tests.lab.mail import PASSWORD, DovecotLab
from tests.lab.mutt import list_in_mutt

pytestmark = [pytest.mark.dovecot, pytest.mark.mutt]

_HEAD = "From: a@example.org\r\nDate: Sun, 22 Nov 2026 10:{minute}:00 +0000\r\n{more}\r\n"


def message(minute: int, *lines: str) -> bytes:
    more = "".join(f"{line}\r\n" for line in lines)
    return f"{_HEAD.format(minute=minute, more=more)}Hello\r\n".encode()


def test_what_answers_stands_below_it(dovecot_lab: DovecotLab) -> None:
    address = dovecot_lab.new_address()
    dovecot_lab.deliver(
        message(10, "Message-ID: <question@x>", "Subject: =?utf-8?q?B=C3=A4ren?="),
        message(11, "Message-ID: <other@x>", "Subject: Re: =?utf-8?q?B=C3=A4ren?="),
        message(12, "Message-ID: <answer@x>", "In-Reply-To: <question@x>", "Subject: Re: Honey"),
        to=address,
    )
    with imaplib.IMAP4("127.0.0.1", dovecot_lab.imap_port, timeout=30) as client:
        client.login(address, PASSWORD)
        client.select("INBOX")
        client.store("1", "+FLAGS", r"(\Seen \Answered)")
    rows = list_in_mutt(dovecot_lab, address, "INBOX")
    assert rows[0].flags.endswith("r")
    assert [(row.message_id, row.tree, row.subject) for row in rows] == [
        ("<question@x>", "", "Bären"),
        ("<answer@x>", "└─>", "Re: Honey"),
        ("<other@x>", "", "Re: Bären"),
    ]
