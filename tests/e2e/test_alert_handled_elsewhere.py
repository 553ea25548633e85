"""What somebody else handles leaves the screen: under dunst and xfce4-notifyd, from real servers.

How soon is told by `python -m tests.bench alerts`; here it is that one word of the server is
enough, and that it has left by our asking.
"""

from pathlib import Path

import pytest

from tests.e2e.handled_elsewhere import handled_elsewhere
from tests.lab.desktop import DesktopLab, DesktopSettings, Keyring, Notifier
from tests.lab.mail import DovecotLab
from tests.lab.phone import AsteriskLab

pytestmark = [pytest.mark.desktop, pytest.mark.dovecot, pytest.mark.asterisk]

# Either is drawn by another program, with rules of its own for what may close an alert.
_NOTIFIERS = (Notifier.DUNST_STOCK, Notifier.XFCE)


def test_one_event_of_the_server_takes_an_alert_off_the_screen(
    dovecot_lab: DovecotLab, asterisk_lab: AsteriskLab, tmp_path: Path
) -> None:
    settings = DesktopSettings(keyring=Keyring.NONE, notifier=_NOTIFIERS[0])
    with (
        DesktopLab(settings) as lab,
        handled_elsewhere(lab, dovecot_lab, asterisk_lab, tmp_path) as elsewhere,
    ):
        colleague = elsewhere.colleague
        for notifier in _NOTIFIERS:
            elsewhere.show(notifier)
            elsewhere.call_answered()
            for handle, word in (
                (colleague.answer, "\\Answered"),
                (colleague.read, "\\Seen"),
                (colleague.file, "VANISHED"),
            ):
                (line,) = elsewhere.mail_handled(handle).idle_lines
                assert word in line
