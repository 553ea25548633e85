"""The Dovecot lab does what its users rely on."""

import email
import imaplib
import smtplib
import socket
import ssl

import pytest

from tests.lab.mail import PASSWORD, DovecotLab
from tests.lab.waiting import LOOPBACK, wait_until
from tests.lab.wire import RecordingProxy

pytestmark = pytest.mark.dovecot


def client_context(lab: DovecotLab) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(lab.ca_file))


def log_in(lab: DovecotLab, address: str, *, port: int = 0) -> imaplib.IMAP4_SSL:
    client = imaplib.IMAP4_SSL(
        "localhost", port or lab.imaps_port, ssl_context=client_context(lab), timeout=10
    )
    client.login(address, PASSWORD)
    return client


def subjects(client: imaplib.IMAP4) -> list[str]:
    client.select("INBOX", readonly=True)
    _, parts = client.uid("FETCH", "1:*", "(BODY.PEEK[])")
    messages = [part[1] for part in parts if isinstance(part, tuple)]
    return [email.message_from_bytes(message)["Subject"] for message in messages]


def test_delivered_mail_is_in_the_inbox(dovecot_lab: DovecotLab) -> None:
    address = dovecot_lab.new_address()
    dovecot_lab.deliver(b"Subject: one\r\n\r\n1\r\n", b"Subject: two\r\n\r\n2\r\n", to=address)
    with log_in(dovecot_lab, address) as client:
        assert subjects(client) == ["one", "two"]


def test_the_certificate_is_good_for_localhost_only(dovecot_lab: DovecotLab) -> None:
    trusting, doubting = client_context(dovecot_lab), ssl.create_default_context()
    for context, name, problem in (
        (trusting, "mail.example.org", "Hostname mismatch"),
        (doubting, "localhost", "unable to get local issuer"),
    ):
        with (
            socket.create_connection((LOOPBACK, dovecot_lab.imaps_port), timeout=5) as link,
            pytest.raises(ssl.SSLCertVerificationError, match=problem),
        ):
            context.wrap_socket(link, server_hostname=name)


def test_a_wrong_password_is_refused(dovecot_lab: DovecotLab) -> None:
    address = dovecot_lab.new_address()
    with (
        imaplib.IMAP4(LOOPBACK, dovecot_lab.imap_port, timeout=10) as client,
        pytest.raises(imaplib.IMAP4.error, match="AUTHENTICATIONFAILED"),
    ):
        client.login(address, "wrong")


def test_a_token_logs_in(dovecot_lab: DovecotLab) -> None:
    address = dovecot_lab.new_address()
    answer = f"user={address}\1auth=Bearer {dovecot_lab.token(address)}\1\1".encode()
    with imaplib.IMAP4(LOOPBACK, dovecot_lab.imap_port, timeout=10) as client:
        assert client.authenticate("XOAUTH2", lambda _: answer)[0] == "OK"


def test_commands_are_recorded_in_spite_of_tls(dovecot_lab: DovecotLab) -> None:
    address = dovecot_lab.new_address()
    with log_in(dovecot_lab, address) as client:
        client.select("INBOX", readonly=True)
        client.create("Proof-of-commands")
    assert any("CREATE Proof-of-commands" in line for line in dovecot_lab.imap_commands())


def test_killed_connections_can_come_back() -> None:
    with DovecotLab() as lab:
        client = log_in(lab, "support@lab.test")
        wait_until(lambda: lab.kill_connections() == 1, seconds=5, what="the session to be seen")
        with pytest.raises(imaplib.IMAP4.abort):
            client.noop()
        client.shutdown()
        log_in(lab, "support@lab.test").logout()


def test_mail_outlives_a_restart() -> None:
    with DovecotLab() as lab:
        lab.deliver(b"Subject: kept\r\n\r\n1\r\n")
        lab.restart_server()
        with log_in(lab, "support@lab.test") as client:
            assert subjects(client) == ["kept"]


def test_submitted_mail_is_kept_and_handed_on(dovecot_lab: DovecotLab) -> None:
    sender, recipient = dovecot_lab.new_address(), dovecot_lab.new_address()
    before = len(dovecot_lab.sink.messages())
    with smtplib.SMTP("localhost", dovecot_lab.submission_port, timeout=10) as smtp:
        smtp.starttls(context=client_context(dovecot_lab))
        smtp.login(sender, PASSWORD)
        smtp.sendmail(sender, [recipient, "c@example.org"], b"Subject: reply\r\n\r\nHello\r\n")
    sent = dovecot_lab.sink.wait_for(before + 1)[-1]
    assert sent.recipients == (recipient, "c@example.org")
    with log_in(dovecot_lab, recipient) as client:
        assert subjects(client) == ["reply"]


def test_the_sink_can_refuse(dovecot_lab: DovecotLab) -> None:
    dovecot_lab.sink.reply = "452 4.3.1 Mailbox full"
    try:
        with (
            smtplib.SMTP(LOOPBACK, dovecot_lab.sink.port, timeout=10) as smtp,
            pytest.raises(smtplib.SMTPDataError, match="Mailbox full"),
        ):
            smtp.sendmail("a@lab.test", ["c@example.org"], b"Subject: no\r\n\r\n")
    finally:
        dovecot_lab.sink.reply = "250 OK kept"


def test_two_labs_run_side_by_side(dovecot_lab: DovecotLab) -> None:
    with DovecotLab() as second:
        second.deliver(b"Subject: second\r\n\r\n1\r\n")
        with log_in(second, "support@lab.test") as client:
            assert subjects(client) == ["second"]
        assert second.folder != dovecot_lab.folder


def test_the_proxy_records_holds_and_cuts(dovecot_lab: DovecotLab) -> None:
    address = dovecot_lab.new_address()
    with RecordingProxy(dovecot_lab.imap_port) as proxy:
        client = imaplib.IMAP4(LOOPBACK, proxy.port, timeout=10)
        client.login(address, PASSWORD)
        client.select("INBOX", readonly=True)
        assert any(line.endswith("EXAMINE INBOX") for line in proxy.client_lines())
        assert b"* OK" in proxy.server_bytes

        proxy.hold()
        client.sock.settimeout(0.2)
        with pytest.raises((TimeoutError, imaplib.IMAP4.abort)):
            client.noop()
        proxy.release()

        proxy.cut()
        client.shutdown()
        proxy.refuse()
        with pytest.raises(ConnectionRefusedError):
            imaplib.IMAP4(LOOPBACK, proxy.port, timeout=5)
        proxy.accept()
        imaplib.IMAP4(LOOPBACK, proxy.port, timeout=10).logout()
        assert proxy.connections == 2
