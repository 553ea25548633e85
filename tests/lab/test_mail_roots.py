"""The servers that are unpacked beside Dovecot do what their users rely on."""

import contextlib
import imaplib
from collections.abc import Iterator

import pytest

from tests.lab.courier import CourierLab
from tests.lab.cyrus import CyrusLab
from tests.lab.mail import PASSWORD
from tests.lab.waiting import LOOPBACK


@contextlib.contextmanager
def _logged_in(lab: CyrusLab | CourierLab, user: str) -> Iterator[imaplib.IMAP4]:
    client = imaplib.IMAP4(LOOPBACK, lab.imap_port, timeout=20)
    try:
        client.login(user, PASSWORD)
        client.select("INBOX", readonly=True)
        yield client
    finally:
        client.shutdown()


def _uids(lab: CyrusLab | CourierLab, user: str) -> bytes:
    with _logged_in(lab, user) as client:
        found: bytes = client.uid("SEARCH", "ALL")[1][0]
    return found


def _can_be_used(lab: CyrusLab | CourierLab, capability: str) -> None:
    user, other = lab.new_address(), lab.new_address()
    lab.deliver(b"Subject: one\r\n\r\n1\r\n", b"Subject: two\r\n\r\n2\r\n", to=user)
    assert (_uids(lab, user), _uids(lab, other)) == (b"1 2", b"")
    with (
        imaplib.IMAP4(LOOPBACK, lab.imap_port, timeout=20) as stranger,
        pytest.raises(imaplib.IMAP4.error),
    ):
        stranger.login(user, "wrong")
    with _logged_in(lab, user) as client:
        assert capability in client.capability()[1][0].decode()
        lab.stop_server()
        with pytest.raises((OSError, imaplib.IMAP4.abort)):
            client.noop()
    lab.start_server()
    assert _uids(lab, user) == b"1 2"


@pytest.mark.cyrus
def test_cyrus_keeps_mail_over_a_restart() -> None:
    with CyrusLab() as lab:
        _can_be_used(lab, "QRESYNC")


@pytest.mark.courier
def test_courier_keeps_mail_over_a_restart() -> None:
    with CourierLab() as lab:
        _can_be_used(lab, "UIDPLUS")
