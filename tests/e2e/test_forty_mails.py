"""Forty mails in a row on a real Dovecot are one alert, and neither flags nor a restart add one."""

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.e2e.running import Watch, make_home
from tests.lab.mail import PASSWORD, DovecotLab

pytestmark = pytest.mark.dovecot

MAILS = 40


def _message(number: int, to: str) -> bytes:
    message = EmailMessage()
    message["From"] = f"Customer {number} <customer{number}@example.org>"
    message["To"] = to
    message["Subject"] = f"Order {number}"
    message["Message-ID"] = f"<order-{number}@example.org>"
    message["Date"] = "Sat, 21 Nov 2026 10:00:00 +0000"
    message.set_content("Where is it?")
    return message.as_bytes()


@contextmanager
def _second_client(lab: DovecotLab, user: str) -> Iterator[imaplib.IMAP4_SSL]:
    context = ssl.create_default_context(cafile=str(lab.ca_file))
    client = imaplib.IMAP4_SSL("localhost", lab.imaps_port, ssl_context=context)
    client.login(user, PASSWORD)
    client.select("INBOX")
    try:
        yield client
    finally:
        client.logout()


def _on_show(watch: Watch) -> set[str]:
    shown: set[str] = set()
    for line in list(watch.lines):
        if line["what"] in ("alert", "digest"):
            shown.add(line["key"])
        elif line["what"] == "withdrawn":
            shown.discard(line["key"])
    return shown


def test_forty_mails_are_one_alert(dovecot_lab: DovecotLab, tmp_path: Path) -> None:
    user = dovecot_lab.new_address()
    settings = f"""
[[mail]]
name = "Support"
address = "{user}"
host = "localhost"
port = {dovecot_lab.imaps_port}
user = "{user}"
ca_file = "{dovecot_lab.ca_file}"
[reading]
nudge = false
"""
    home = make_home(tmp_path, settings, {"mail/Support": PASSWORD})
    keys = {f"mail/Support/<order-{number}@example.org>" for number in range(MAILS)}
    with Watch(home) as watch:
        watch.wait_until_listening("Support")
        dovecot_lab.deliver(*(_message(number, user) for number in range(MAILS)), to=user)
        watch.wait_for(lambda _: watch.covered() >= keys, seconds=60, what="an alert for all")
        assert len(watch.told("happened", "mail")) == MAILS
        assert len(_on_show(watch)) == 1
        alerts = len(watch.told("alert"))
        # Up to three may have been told alone, where the machine takes seconds for a delivery.
        assert alerts < 4
        with _second_client(dovecot_lab, user) as client:
            client.store("1:5", "+FLAGS", "\\Flagged")
            client.store("6", "+FLAGS", "\\Seen")
            client.create("Archive")
            client.copy("7", "Archive")
            client.store("7", "+FLAGS", "\\Deleted")
            client.expunge()
        dovecot_lab.deliver(_message(MAILS, user), to=user)
        last = f"mail/Support/<order-{MAILS}@example.org>"
        watch.wait_for(lambda _: last in watch.covered(), seconds=60, what="the last mail's alert")
        assert len(watch.told("happened", "mail")) == MAILS + 1
        assert len(watch.told("alert")) <= alerts + 1
        assert watch.stop() == 0
    with Watch(home) as again:
        again.wait_until_listening("Support")
        dovecot_lab.deliver(_message(MAILS + 1, user), to=user)
        alert = again.wait_for(lambda line: line["what"] == "alert", seconds=60, what="the new one")
        assert alert["covers"] == [f"mail/Support/<order-{MAILS + 1}@example.org>"]
        assert len(again.told("happened", "mail")) == 1
        assert again.told("digest") == []
