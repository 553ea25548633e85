"""dunst as Debian brings it: what its clicks mean, and what a hang or a crash of it costs.

The middle button acts there and the left one closes. Times are not looked at: on a busy machine
dunst may seem to hang when it does not, and all must come right in that case too.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.adapters.desktop.alert_chain import AlertChain
from supportdesk.adapters.desktop.bus import BusConnection
from supportdesk.adapters.desktop.freedesktop_alerts import FreedesktopAlerts, PopupState
from supportdesk.adapters.desktop.presenters import desktop_presenters
from supportdesk.domain.alerts import PopupRecord, Urgency
from supportdesk.services.ports import CLOSED_BY_FOUNDER, GoneHow
from tests.adapters.alert_examples import Told, alert
from tests.fakes.presenter import ReportingPresenter
from tests.fakes.stores import MemoryDeskStore
from tests.lab.desktop import Component, DesktopLab, DesktopSettings, Keyring, Notifier, Tray
from tests.lab.stopped_notifier import displayed_by_dunst, stopped_notifier

pytestmark = pytest.mark.desktop

MIDDLE = 2


class Desk:
    """All presenters of a run on a lab desktop, with a banner that records."""

    def __init__(self, lab: DesktopLab, store: MemoryDeskStore, qtbot: QtBot) -> None:
        self.lab = lab
        self.told = Told()
        self.gone: list[tuple[str, GoneHow]] = []
        self.banner = ReportingPresenter("banner")
        self.link = BusConnection(lab.env["DBUS_SESSION_BUS_ADDRESS"])
        self.chain: AlertChain = desktop_presenters(
            self.link, self.told.respond, banner=self.banner, popups=lambda: store
        )
        self.chain.gone.connect(lambda key, how: self.gone.append((key, how)))
        self.up: list[str] = []
        self.chain.shown.connect(self.up.append)
        self.link.open()
        self._qtbot = qtbot
        daemon = self.chain._presenters[0]
        assert isinstance(daemon, FreedesktopAlerts)
        self.daemon = daemon
        self.wait(lambda: "dunst" in self.chain.name)

    def wait(self, condition: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(condition, timeout=60_000)

    def show(self, key: str, title: str, urgency: Urgency = Urgency.NORMAL) -> None:
        """Until dunst has said so: it draws first, and answers after that."""
        self.up.clear()
        self.chain.show(alert(key, title=title, urgency=urgency))
        self.wait(lambda: key in self.up)

    def are_settled(self, *keys: str) -> bool:
        """Whether dunst has all of them, with their newest words."""
        popups = self.daemon._popups
        has_newest = all(
            one.state is PopupState.ON_SHOW and one.sent == one.wanted for one in popups.values()
        )
        return set(popups) == set(keys) and has_newest

    def wait_displayed(self, count: int) -> None:
        self.wait(lambda: self.displayed() == count)

    def displayed(self) -> int:
        return displayed_by_dunst(self.lab)

    def click(self, button: int) -> None:
        """On the only pop-up."""
        search = ("xdotool", "search", "--onlyvisible", "--class", "Dunst")
        self.wait(lambda: bool(self.lab.exec(*search).stdout))
        window = self.lab.exec(*search).stdout
        shell = self.lab.exec("xdotool", "getwindowgeometry", "--shell", window.split()[0]).stdout
        box = {name: int(value) for name, value in re.findall(r"(\w+)=(\d+)", shell)}
        middle = (box["X"] + box["WIDTH"] // 2, box["Y"] + box["HEIGHT"] // 2)
        self.lab.click(*middle, button=button)

    def close(self) -> None:
        self.chain.close()
        self.link.close()


@pytest.fixture(scope="module")
def lab() -> Iterator[DesktopLab]:
    settings = DesktopSettings(tray=Tray.NONE, keyring=Keyring.NONE, notifier=Notifier.DUNST_STOCK)
    with DesktopLab(settings) as started:
        yield started


@pytest.fixture
def store() -> MemoryDeskStore:
    return MemoryDeskStore()


@pytest.fixture
def desk(lab: DesktopLab, store: MemoryDeskStore, qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(lab, store, qtbot)
    yield made
    made.close()
    made.wait_displayed(0)


def test_the_middle_button_opens_and_the_left_one_closes(desk: Desk, tmp_path: Path) -> None:
    desk.show("opened", "Opened")
    desk.wait_displayed(1)
    desk.lab.screenshot(tmp_path / "dunst.png")
    desk.click(MIDDLE)
    desk.wait(lambda: bool(desk.told.responses))
    assert (desk.told.responses[0].alert_key, desk.told.responses[0].action) == (
        "opened",
        "default",
    )
    desk.wait_displayed(0)
    desk.show("closed", "Closed")
    desk.wait_displayed(1)
    desk.click(1)
    desk.wait(lambda: len(desk.told.responses) == 2)
    assert desk.told.responses[1].action == CLOSED_BY_FOUNDER
    desk.chain.show(alert("closed", title="Better words"), is_news=False)
    assert desk.displayed() == 0
    assert "the middle button of the mouse opens an alert" in desk.chain.state().words


def test_while_it_hangs_alerts_go_elsewhere_and_come_back_once(desk: Desk) -> None:
    desk.show("before", "Before")
    desk.wait_displayed(1)
    with stopped_notifier(desk.lab):
        for key in ("waits", "answered meanwhile", "closed in the banner"):
            desk.chain.show(alert(key, title=key, urgency=Urgency.CRITICAL))
        desk.wait(lambda: len(desk.banner.showing) == 3)
        assert desk.chain.name == "banner"
        desk.chain.show(alert("later", title="Later"))
        desk.chain.show(alert("waits", title="Waits 0:30", urgency=Urgency.CRITICAL))
        desk.chain.show(alert("before", title="Before, better"), is_news=False)
        desk.chain.withdraw("answered meanwhile")
        desk.banner.lose("closed in the banner", GoneHow.CLOSED)
        assert set(desk.banner.showing) == {"waits", "later"}
    desk.wait(lambda: not desk.banner.showing and desk.are_settled("before", "waits", "later"))
    desk.wait_displayed(3)
    for key in ("before", "waits", "later"):
        desk.chain.withdraw(key)
    desk.wait_displayed(0)
    shown = desk.lab.exec("dunstctl", "history").stdout
    for words in ("Waits 0:30", "Before, better", "Later"):
        assert words in shown


def test_one_that_goes_twice_and_for_good_keeps_none(desk: Desk) -> None:
    desk.show("stays", "Stays")
    for _ in range(2):
        desk.wait_displayed(1)
        desk.lab.off(Component.NOTIFIER)
        desk.lab.on(Component.NOTIFIER)
    desk.wait_displayed(1)
    desk.lab.off(Component.NOTIFIER)
    desk.wait(lambda: list(desk.banner.showing) == ["stays"])
    desk.lab.on(Component.NOTIFIER)
    desk.wait(lambda: not desk.banner.showing)
    desk.wait_displayed(1)


def test_what_a_killed_run_has_left_is_taken_off_by_the_next(
    desk: Desk, lab: DesktopLab, store: MemoryDeskStore, qtbot: QtBot
) -> None:
    desk.show("orphan", "Orphan", Urgency.CRITICAL)
    desk.wait_displayed(1)
    desk.wait(lambda: [one.alert_key for one in store.popups()] == ["orphan"])
    left: list[PopupRecord] = store.popups()
    desk.link.close()  # as kill -9 does: nothing is said to anybody
    assert desk.displayed() == 1
    following = Desk(lab, store, qtbot)
    following.wait_displayed(0)
    assert store.popups() == []
    following.show("orphan", "Orphan", Urgency.CRITICAL)
    following.wait_displayed(1)
    assert store.popups() != left
    following.close()
    following.wait_displayed(0)
