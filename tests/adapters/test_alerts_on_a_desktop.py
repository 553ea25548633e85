"""Pop-ups on a real desktop, by the real daemons: dunst and xfce4-notifyd."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.adapters.desktop.bus import BusConnection
from supportdesk.adapters.desktop.freedesktop_alerts import FreedesktopAlerts
from supportdesk.adapters.desktop.notification_daemon import DaemonState
from supportdesk.domain.alerts import Action
from supportdesk.services.ports import AlertResponse
from tests.adapters.alert_examples import Told, alert
from tests.fakes.notification_server import bear_with_daemons
from tests.lab.accessibility import controls
from tests.lab.desktop import Component, DesktopLab, DesktopSettings, Keyring, Notifier, Tray

pytestmark = pytest.mark.desktop


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    bear_with_daemons(monkeypatch)


BODY = "Where is <my> order & when? 😀"


class Desk:
    """A presenter on a lab desktop."""

    def __init__(self, lab: DesktopLab, qtbot: QtBot) -> None:
        self.lab = lab
        self.told = Told()
        self.link = BusConnection(lab.env["DBUS_SESSION_BUS_ADDRESS"])
        self.alerts = FreedesktopAlerts(self.link, self.told.respond)
        self.alerts.report_to(self.told)
        self.link.open()
        self._qtbot = qtbot
        self.wait(lambda: self.alerts.daemon is DaemonState.PRESENT)

    def wait(self, condition: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(condition, timeout=10_000)

    def close(self) -> None:
        self.alerts.close()
        self.link.close()


@pytest.fixture
def dunst(qtbot: QtBot) -> Iterator[Desk]:
    yield from _desk(Notifier.DUNST, qtbot)


@pytest.fixture
def xfce(qtbot: QtBot) -> Iterator[Desk]:
    yield from _desk(Notifier.XFCE, qtbot)


def _desk(notifier: Notifier, qtbot: QtBot) -> Iterator[Desk]:
    settings = DesktopSettings(tray=Tray.NONE, keyring=Keyring.NONE, notifier=notifier)
    with DesktopLab(settings) as lab:
        desk = Desk(lab, qtbot)
        yield desk
        desk.close()


def shown_by_dunst(desk: Desk) -> int:
    return int(desk.lab.exec("dunstctl", "count", "displayed").stdout)


def pop_ups_of_xfce(desk: Desk) -> list[tuple[int, int, int, int]]:
    """Position and size of each; xfce4-notifyd also has a helper window of 10 by 10."""
    found = desk.lab.exec("xdotool", "search", "--onlyvisible", "--class", "xfce4-notifyd")
    boxes = []
    for window in found.stdout.split():
        shell = desk.lab.exec("xdotool", "getwindowgeometry", "--shell", window).stdout
        values = dict(line.split("=") for line in shell.split())
        boxes.append(
            (int(values["X"]), int(values["Y"]), int(values["WIDTH"]), int(values["HEIGHT"]))
        )
    return [box for box in boxes if box[2] > 50]


def test_dunst_shows_answers_and_takes_back(dunst: Desk) -> None:
    dunst.alerts.show(alert("first", body=BODY))
    dunst.alerts.show(alert("second", title="Second"))
    dunst.wait(lambda: shown_by_dunst(dunst) == 2)
    dunst.lab.pick_action("Reply")
    dunst.wait(lambda: bool(dunst.told.responses))
    assert dunst.told.responses[0].action == "reply"
    dunst.alerts.withdraw("first")
    dunst.wait(lambda: shown_by_dunst(dunst) == 1)
    dunst.alerts.show(alert("second", title="Second, changed"))
    dunst.alerts.close()
    dunst.wait(lambda: shown_by_dunst(dunst) == 0)


def test_dunst_that_is_started_again_shows_them_once_more(dunst: Desk) -> None:
    dunst.alerts.show(alert("stays", title="Stays"))
    dunst.alerts.show(alert("goes", title="Goes"))
    dunst.wait(lambda: shown_by_dunst(dunst) == 2)
    dunst.lab.off(Component.NOTIFIER)
    dunst.wait(lambda: dunst.alerts.daemon is not DaemonState.PRESENT)
    dunst.alerts.withdraw("goes")
    dunst.lab.on(Component.NOTIFIER)
    dunst.wait(lambda: shown_by_dunst(dunst) == 1)


def test_xfce_draws_buttons_and_tells_which_was_pressed(xfce: Desk, tmp_path: Path) -> None:
    xfce.alerts.show(alert("mail", body=BODY, actions=(Action.READ, Action.REPLY)))
    xfce.wait(lambda: len(pop_ups_of_xfce(xfce)) == 1)
    xfce.lab.screenshot(tmp_path / "xfce.png")
    ((x, y, width, height),) = pop_ups_of_xfce(xfce)

    # Two buttons side by side along the bottom: the right one is the second action.
    def pressed() -> bool:
        xfce.lab.click(x + width * 3 // 4, y + height - 30)
        return bool(xfce.told.responses)

    xfce.wait(pressed)
    assert xfce.told.responses[0] == AlertResponse(alert_key="mail", action="reply")
    xfce.wait(lambda: pop_ups_of_xfce(xfce) == [])


def test_xfce_draws_three_buttons_for_a_caller_and_takes_back_what_is_withdrawn(
    xfce: Desk,
) -> None:
    actions = (Action.TAKE_CALL, Action.CALL_BACK, Action.SNOOZE)
    xfce.alerts.show(alert("caller", actions=actions))
    xfce.wait(lambda: len(pop_ups_of_xfce(xfce)) == 1)
    drawn = [one.name for one in controls(xfce.lab, role="push button") if one.is_showing]
    assert sorted(drawn) == ["Open", "Snooze", "Take call"]
    xfce.alerts.withdraw("caller")
    xfce.wait(lambda: pop_ups_of_xfce(xfce) == [])
