"""The test button and `doctor` on a real desktop: a real mail server, a real daemon and click."""

import subprocess
from pathlib import Path

import pytest

from tests.e2e.broken_sources import good_mail, table_as_toml
from tests.e2e.desktop_app import DesktopApp
from tests.e2e.running import make_home
from tests.lab.accessibility import Control, act_on, controls
from tests.lab.desktop import DesktopLab
from tests.lab.looks import open_window
from tests.lab.mail import PASSWORD, DovecotLab
from tests.lab.waiting import is_soon, wait_until

pytestmark = [pytest.mark.desktop, pytest.mark.dovecot]

_TRIES = 4
_PHONE = '[[phone]]\nname = "Scripts"\nkind = "hook"\n'


def _says(lab: DesktopLab, words: str) -> bool:
    return any(
        node.is_showing and words in node.name
        for node in controls(lab, role="label")
        if node.program.startswith("supportdesk")
    )


def _wait_for_words(lab: DesktopLab, words: str) -> None:
    wait_until(lambda: _says(lab, words), seconds=30, what=repr(words))


def _is_clicked_in_time(lab: DesktopLab) -> bool:
    """Xfce takes the alert away after ten seconds: a busy machine may not come to the click."""
    act_on(lab, role="push button", name="Test everything")
    found: list[Control] = []

    def is_up() -> bool:
        found.extend(controls(lab, role="push button", name="Show"))
        return any(one.is_showing for one in found)

    if is_soon(is_up, seconds=30):
        lab.click(*next(one for one in found if one.is_showing).centre)
    said = ("The click on the test alert came back.", "Test again")
    wait_until(lambda: any(_says(lab, one) for one in said), seconds=60, what=f"{said}")
    return _says(lab, said[0])


def test_the_test_button_proves_that_an_alert_is_shown_and_clicked(
    desktop_lab: DesktopLab, dovecot_lab: DovecotLab, tmp_path: Path
) -> None:
    lab, user = desktop_lab, dovecot_lab.new_address()
    settings = table_as_toml("mail", "Support", good_mail(dovecot_lab, user)) + _PHONE
    home = make_home(tmp_path, settings, {"mail/Support": PASSWORD})
    with DesktopApp(lab, home) as app:
        app.wait_until_listening("Support")
        open_window(app)
        act_on(lab, role="radio button", name="Is it working?")
        _wait_for_words(lab, "Shown by: Desktop notifications (Xfce Notify Daemon)")
        _wait_for_words(lab, "The icon is in the panel (StatusNotifier).")
        assert any(_is_clicked_in_time(lab) for _ in range(_TRIES))
        _wait_for_words(lab, "it stands on the screen.")
        _wait_for_words(lab, f"Connected to localhost as {user}: 0 messages in INBOX.")
        _wait_for_words(lab, "Scripts: it calls us, so only an event of its own proves it.")

        def doctor_finds_it() -> bool:
            """It waits for an answer no longer than a founder would."""
            reports.append(app.run("doctor"))
            shown_by = "ok Alerts: Shown by: Desktop notifications (Xfce Notify Daemon)"
            return shown_by in reports[-1].stdout and "ok Tray" in reports[-1].stdout

        reports: list[subprocess.CompletedProcess[str]] = []
        wait_until(doctor_finds_it, seconds=30, what="the doctor to see who shows alerts")
        doctor = reports[-1]
        assert "   Simple pop-ups: " in doctor.stdout
        assert f"ok Support: Connected to localhost as {user}" in doctor.stdout
        assert "   The running app: listening since " in doctor.stdout
        assert "ok Tray: The icon is in the panel (StatusNotifier)." in doctor.stdout
        assert doctor.returncode == 0, doctor.stdout
