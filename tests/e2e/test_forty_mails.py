"""Forty mails on a real Dovecot are one alert, and neither flags, moves nor a restart add one.

Once as another program reads it, and once on the bus of a desktop with a real daemon.
"""

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.e2e.broken_sources import good_mail, table_as_toml
from tests.e2e.desktop_app import DesktopApp
from tests.e2e.running import Watch, make_home, wait_until_noted
from tests.lab.desktop import DesktopLab
from tests.lab.heard_alerts import HeardAlerts
from tests.lab.mail import PASSWORD, DovecotLab
from tests.lab.waiting import is_soon, wait_until

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


def _home(lab: DovecotLab, user: str, folder: Path) -> Path:
    settings = table_as_toml("mail", "Support", good_mail(lab, user))
    return make_home(folder, settings, {"mail/Support": PASSWORD})


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
    home = _home(dovecot_lab, user, tmp_path)
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


class _Bus:
    """What the daemon is asked to show: alerts that are new on the screen, told by their titles."""

    def __init__(self, heard: HeardAlerts, app: DesktopApp) -> None:
        self._heard = heard
        self._app = app
        self._seen = 0

    def wait_for(self, title: str) -> list[str]:
        """The titles since the last look, up to the one that ends so."""
        wait_until(
            lambda: any(one.endswith(title) for one in self._titles()),
            seconds=60,
            what=f"{title!r} on the bus",
        )
        return self.news()

    def news(self) -> list[str]:
        titles = self._titles()
        self._seen += len(titles)
        return titles

    def is_silent_until(self, people_waiting: int) -> bool:
        """While the app comes to know that so many wait, and a while longer."""
        wait_until(
            lambda: (self._app.status() or {}).get("people_waiting") == people_waiting,
            seconds=60,
            what=f"{people_waiting} people who wait",
        )
        return not is_soon(self._titles, seconds=3)

    def _titles(self) -> list[str]:
        return [one.title for one in self._heard.all if one.is_new][self._seen :]


@pytest.mark.desktop
def test_forty_mails_are_one_alert_on_a_real_desktop(
    desktop_lab: DesktopLab, dovecot_lab: DovecotLab, tmp_path: Path
) -> None:
    user = dovecot_lab.new_address()
    home = _home(dovecot_lab, user, tmp_path)
    with (
        HeardAlerts(desktop_lab.env["DBUS_SESSION_BUS_ADDRESS"]) as heard,
        DesktopApp(desktop_lab, home) as app,
        _second_client(dovecot_lab, user) as client,
    ):
        bus = _Bus(heard, app)
        app.wait_until_listening("Support")
        # At once: no program sees fewer than all of them.
        client.create("Aside")
        for number in range(MAILS):
            client.append("Aside", "", "", _message(number, user))
        client.select("Aside")
        client.copy("1:*", "INBOX")
        assert bus.wait_for(" people wrote just now") == ["40 people wrote just now"]
        # Falling counts, flags, moves there and back.
        client.select("INBOX")
        client.store("1:30", "+FLAGS", "\\Flagged")
        client.store("1:5", "+FLAGS", "\\Seen")
        client.copy("6:10", "Archive")
        client.store("6:12", "+FLAGS", "\\Deleted")
        client.expunge()
        assert bus.is_silent_until(MAILS - 7)
        client.store("1:5", "-FLAGS", "\\Seen")
        client.select("Archive")
        client.copy("1:5", "INBOX")
        assert bus.is_silent_until(MAILS - 2)
        wait_until_noted(home)
        app.stop()
        app.start()
        app.wait_until_listening("Support")
        assert bus.is_silent_until(MAILS - 2)
        for number in range(MAILS, 2 * MAILS):
            dovecot_lab.deliver(_message(number, user), to=user)
        # The first is told at once; where the machine takes seconds for a delivery, up to three.
        *alone, burst = bus.wait_for(" people wrote just now")
        assert len(alone) <= 3
        assert burst.endswith(" people wrote just now")
        assert bus.is_silent_until(2 * MAILS - 2)
