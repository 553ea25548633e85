"""The test button and `doctor` on a real desktop: a real daemon, a real click."""

from pathlib import Path

import pytest

from tests.e2e.desktop_app import DesktopApp
from tests.e2e.running import make_home
from tests.lab.accessibility import act_on, controls, find_control
from tests.lab.desktop import DesktopLab
from tests.lab.looks import open_window
from tests.lab.waiting import wait_until

pytestmark = pytest.mark.desktop

_PHONE = '[[phone]]\nname = "Scripts"\nkind = "hook"\n'


def _says(lab: DesktopLab, words: str) -> bool:
    return any(
        node.is_showing and words in node.name
        for node in controls(lab, role="label")
        if node.program.startswith("supportdesk")
    )


def _wait_for_words(lab: DesktopLab, words: str) -> None:
    wait_until(lambda: _says(lab, words), seconds=30, what=repr(words))


def test_the_test_button_proves_that_an_alert_is_shown_and_clicked(
    desktop_lab: DesktopLab, tmp_path: Path
) -> None:
    lab = desktop_lab
    with DesktopApp(lab, make_home(tmp_path, _PHONE)) as app:
        open_window(app)
        act_on(lab, role="radio button", name="Is it working?")
        _wait_for_words(lab, "Shown by: Desktop notifications (Xfce Notify Daemon)")
        _wait_for_words(lab, "The icon is in the panel (StatusNotifier).")
        act_on(lab, role="push button", name="Test everything")
        find_control(lab, role="label", name="A test alert", seconds=30)
        _wait_for_words(lab, "it stands on the screen.")
        _wait_for_words(lab, "Scripts: it calls us, so only an event of its own proves it.")
        lab.click(*find_control(lab, role="push button", name="Show", seconds=30).centre)
        _wait_for_words(lab, "The click on the test alert came back.")
        doctor = app.run("doctor")
        assert "ok Alerts: Shown by: Desktop notifications (Xfce Notify Daemon)" in doctor.stdout
        assert "   Simple pop-ups: " in doctor.stdout
        assert "ok Tray: The icon is in the panel (StatusNotifier)." in doctor.stdout
        assert doctor.returncode == 0, doctor.stdout
