"""Pictures of "Is it working?" with a test that went on, and of the alerts in the settings."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.e2e.desktop_app import DesktopApp
from tests.e2e.running import make_home
from tests.lab.accessibility import act_on, controls
from tests.lab.camera import Camera
from tests.lab.desktop import DesktopLab
from tests.lab.looks import each_look, open_window
from tests.lab.scrolling import scroll_to
from tests.lab.waiting import is_soon

_LOOKS: Final = (("light", 1), ("dark", 1), ("light", 2))
_TRIES: Final = 4
_SOURCES: Final = """
[[mail]]
name = "Support"
address = "support@larder.example"
host = "localhost"
port = 1
security = "none"
user = "support"
[[phone]]
name = "Front desk"
kind = "hook"
"""
_ALERTS: Final = """
[alerts]
quiet_hours = "19:00-07:30"
opening_hours = "Mo-Fr 09:00-17:00; Sa 10:00-12:00"
[[alerts.rule]]
source = "Front desk"
kind = "missed"
level = "digest"
sound = false
"""


class HealthStates:
    """One desktop; each state is a home of its own."""

    def __init__(self, lab: DesktopLab, folder: Path, scratch: Path) -> None:
        self._lab = lab
        self._camera = Camera(lab, folder)
        self._scratch = scratch

    def take_all(self) -> None:
        with self._app("health", "Is it working?", _SOURCES) as app:
            self._test_everything()
            self._wait_until_no_alert_covers_it()
            for look in each_look(app, self._camera, _LOOKS):
                self._camera.take_window("supportdesk", f"is-it-working-{look}")
            for look in each_look(app, self._camera, _LOOKS[:1]):
                scroll_to(self._lab, "Copy report", within=(300, 790))
                self._camera.settle()
                self._camera.take_window("supportdesk", f"is-it-working-parts-{look}")
        with self._app("alerts", "Settings", _SOURCES + _ALERTS) as app:
            self._wait_until_no_alert_covers_it()
            for look in each_look(app, self._camera, _LOOKS):
                scroll_to(self._lab, "Quiet hours", within=(110, 240))
                self._camera.settle()
                self._camera.take_window("supportdesk", f"settings-alerts-{look}")

    @contextlib.contextmanager
    def _app(self, name: str, page: str, settings: str) -> Iterator[DesktopApp]:
        home = make_home(self._scratch / name, settings, {"mail/Support": "larder"})
        with DesktopApp(self._lab, home) as app:
            open_window(app)
            # With a mark where something is not heard.
            there = self._camera.starting_with("radio button", page)
            act_on(self._lab, role="radio button", name=there.name)
            self._camera.settle()
            yield app

    def _test_everything(self) -> None:
        """As far as this desktop goes: the click is a real one, while the alert is there."""
        for _ in range(_TRIES):
            act_on(self._lab, role="push button", name="Test everything")
            if is_soon(self._click_alert, seconds=30) and is_soon(self._has_click, seconds=30):
                break
        self._camera.settle()

    def _wait_until_no_alert_covers_it(self) -> None:
        search = ("xdotool", "search", "--onlyvisible", "--class", "^xfce4-notifyd$")
        is_soon(lambda: not self._lab.exec(*search).stdout.split(), seconds=60)

    def _click_alert(self) -> bool:
        """The daemon takes it away after ten seconds, which a busy machine may miss."""
        found = controls(self._lab, role="push button", name="Show")
        shown = next((one for one in found if one.is_showing), None)
        if shown is not None:
            self._lab.click(*shown.centre)
        return shown is not None

    def _has_click(self) -> bool:
        words = "The click on the test alert came back."
        return any(one.is_showing for one in controls(self._lab, role="label", name=words))
