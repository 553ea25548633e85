"""Two starts at the same moment, and mail that no pop-up was made for: each is told once.

On a lab desktop with a real daemon and a real Dovecot; what the daemon is asked to show is read
from the bus.
"""

import unicodedata
from email.message import EmailMessage
from email.policy import SMTPUTF8
from pathlib import Path

import pytest

from tests.e2e.broken_sources import good_mail, table_as_toml
from tests.e2e.desktop_app import DesktopApp
from tests.e2e.running import make_home
from tests.lab.desktop import DesktopLab
from tests.lab.heard_alerts import HeardAlert, HeardAlerts
from tests.lab.mail import PASSWORD, DovecotLab
from tests.lab.processes import LabProcess
from tests.lab.waiting import is_soon, wait_until

pytestmark = [pytest.mark.desktop, pytest.mark.dovecot]

_TEN_KB = 10_000
_ROOM = 400
"""More than any title or body may take, its markup escaped."""
_NASTY = (
    ("Right \u202eto left\u2066", "--help \u202e \U0001f600 <b>bold</b> & <a href='x'>y</a>"),
    ("-n <i>Dash</i>", "\u0007\u001b[31m red \u0000 " + "word " * (_TEN_KB // 5)),
    ("\U0001f469\u200d\U0001f469\u200d\U0001f467" * 300, "x" * _TEN_KB),
)


class Starts(DesktopApp):
    """The same home, started as often as one likes."""

    def launch(self, name: str) -> LabProcess:
        return self.lab.launch(name, self._command("supportdesk"))


def _letter(number: int, name: str, subject: str, to: str) -> bytes:
    message = EmailMessage(policy=SMTPUTF8.clone(max_line_length=900))
    address = f"<customer{number}@example.org>"
    message["To"] = to
    message["Message-ID"] = f"<nasty-{number}@example.org>"
    message.set_content("Where is it?")
    # The header fields raw, as whoever means harm would send them.
    head = f'From: "{name}" {address}\r\nSubject: {subject.replace(chr(0), "")}\r\n'
    return head.encode() + message.as_bytes()


def _is_fit(words: str) -> bool:
    """One line of some length, without what turns, hides or controls."""
    kinds = {unicodedata.category(char) for char in words.replace("\u200d", "")}
    return len(words) <= _ROOM and not kinds & {"Cc", "Cf", "Cs"}


def test_of_two_that_start_at_once_one_tells_and_each_nasty_mail_once(
    desktop_lab: DesktopLab, dovecot_lab: DovecotLab, tmp_path: Path
) -> None:
    user = dovecot_lab.new_address()
    settings = table_as_toml("mail", "Support", good_mail(dovecot_lab, user))
    app = Starts(desktop_lab, make_home(tmp_path, settings, {"mail/Support": PASSWORD}))
    with HeardAlerts(desktop_lab.env["DBUS_SESSION_BUS_ADDRESS"]) as heard:
        started = [app.launch(f"supportdesk-{number}") for number in (1, 2)]
        try:
            wait_until(
                lambda: [one.is_running for one in started].count(True) == 1,
                seconds=60,
                what="one of them to leave it to the other",
            )
            app.wait_until_listening("Support")

            def told() -> list[HeardAlert]:
                return [one for one in heard.all if one.is_new]

            for number, (name, subject) in enumerate(_NASTY, start=1):
                dovecot_lab.deliver(_letter(number, name, subject, user), to=user)
                wait_until(lambda: len(told()) >= number, seconds=60, what=f"alert {number}")  # noqa: B023 - waits here
            assert not is_soon(lambda: len(told()) > len(_NASTY), seconds=3)
            assert all(_is_fit(one.title) and _is_fit(one.body) for one in heard.all)
            # A title is plain text by the specification; in a body this daemon knows markup.
            assert not any("<" in one.body for one in heard.all)
            assert (app.status() or {}).get("people_waiting") == len(_NASTY)
            assert [one.is_running for one in started].count(True) == 1
        finally:
            for one in started:
                one.stop(seconds=20)
