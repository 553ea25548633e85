"""Whatever happens to the panel, the founder has an icon or a window."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.desktop_app import DesktopApp
from tests.e2e.running import make_home
from tests.lab.accessibility import find_control
from tests.lab.desktop import (
    Component,
    DesktopLab,
    DesktopSettings,
    Keyring,
    Notifier,
    Panel,
    Session,
    Tray,
)
from tests.lab.tray_looks import is_icon_on
from tests.lab.waiting import wait_until

pytestmark = pytest.mark.desktop

DOOR = '[[phone]]\nname = "Door"\nkind = "hook"\n'
_CLOSE = {
    Session.X11: ("wmctrl", "-c", "supportdesk"),
    Session.SWAY: ("swaymsg", '[title="supportdesk"] kill'),
}


def _settings(session: Session, tray: Tray) -> DesktopSettings:
    return DesktopSettings(
        session=session,
        tray=tray,
        panel=Panel.DARK,
        notifier=Notifier.NONE,
        keyring=Keyring.NONE,
    )


@pytest.mark.parametrize(
    ("session", "trays"),
    [
        (Session.X11, (Tray.TINT2, Tray.XFCE, Tray.TINT2)),
        (Session.SWAY, (Tray.WAYBAR,)),
    ],
)
def test_an_icon_or_a_window_is_there(
    session: Session, trays: tuple[Tray, ...], tmp_path: Path
) -> None:
    with DesktopLab(_settings(session, Tray.NONE)) as lab:

        def soon(condition: Callable[[], bool], what: str) -> None:
            wait_until(condition, seconds=30, what=what)

        def has_window() -> bool:
            return "supportdesk" in lab.windows()

        def has_icon() -> bool:
            return is_icon_on(lab, Panel.DARK)

        def close_window() -> None:
            lab.exec(*_CLOSE[session])
            soon(lambda: not has_window(), "the window to be closed")

        with DesktopApp(lab, make_home(tmp_path, DOOR)) as app:
            soon(has_window, "the window, where there is no tray")
            for tray in trays:
                lab.settings = _settings(session, tray)
                lab.on(Component.TRAY)
                soon(has_icon, f"an icon on {tray.value}, which came late")
                lab.off(Component.TRAY)
                lab.on(Component.TRAY)
                soon(has_icon, f"an icon on {tray.value}, which was restarted")
                if tray is trays[0]:
                    close_window()
                lab.off(Component.TRAY)
            assert app.is_running
            soon(has_window, "the window, as the panel stays away")
            find_control(lab, role="label", name="This desktop shows no tray icon")
            close_window()
            soon(lambda: not app.is_running, "the end, for there is no way back to it")
