"""Whatever daemon and bus do meanwhile: in the end each alert that stands is shown once, by one."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.adapters.desktop.bus import BusConnection
from supportdesk.adapters.desktop.presenters import desktop_presenters
from tests.adapters.alert_examples import Told, alert
from tests.fakes.notification_server import (
    EXPIRED,
    NotificationServer,
    bear_with_daemons,
)
from tests.fakes.presenter import ReportingPresenter
from tests.fakes.session_bus import PrivateBus, private_bus

_KEYS = [f"mail/{number}" for number in range(12)]
_STEPS = 40


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[PrivateBus]:
    with private_bus(tmp_path) as started:
        yield started


class Storm:
    """Acts on a chain and on its desktop, in an order by chance, and remembers what stands."""

    def __init__(self, bus: PrivateBus, qtbot: QtBot, seed: int) -> None:
        self._chance = random.Random(seed)
        self._bus = bus
        self._qtbot = qtbot
        self.banner = ReportingPresenter("banner")
        self.link = BusConnection(bus.address)
        self.chain = desktop_presenters(self.link, Told().respond, banner=self.banner)
        self.chain.gone.connect(lambda key, _how: self.stands.pop(key, None))
        self.server = NotificationServer(bus.address)
        self.server.start()
        self.stands: dict[str, str] = {}
        self.link.open()

    def step(self) -> None:
        many = [self._tell, self._tell, self._tell, self._take_back, self._reword]
        self._chance.choice([*many, self._pause, self._hang, self._crash, self._expire])()

    def wait(self, condition: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(condition, timeout=60_000)

    def is_settled(self) -> bool:
        return not self.banner.showing and sorted(self.server.titles()) == sorted(
            self.stands.values()
        )

    def close(self) -> None:
        self.chain.close()
        self.link.close()
        self.server.stop()

    def _words(self, key: str) -> str:
        return f"{key}, {self._chance.randrange(1000)}"

    def _tell(self) -> None:
        key = self._chance.choice(_KEYS)
        self.stands[key] = self._words(key)
        self.chain.show(alert(key, title=self.stands[key]))

    def _reword(self) -> None:
        key = self._chance.choice(_KEYS)
        words = self._words(key)
        if key in self.stands:
            self.stands[key] = words
        self.chain.show(alert(key, title=words), is_news=False)

    def _take_back(self) -> None:
        key = self._chance.choice(_KEYS)
        self.stands.pop(key, None)
        self.chain.withdraw(key)

    def _expire(self) -> None:
        """In the banner, whose alerts leave without a word to a daemon."""
        for key in list(self.banner.showing)[:1]:
            self.banner.lose(key)

    def _pause(self) -> None:
        self._qtbot.wait(self._chance.randrange(60))

    def _hang(self) -> None:
        with self.server.hanging():
            for _ in range(4):
                self._chance.choice([self._tell, self._take_back, self._reword])()
                self._qtbot.wait(self._chance.randrange(150))

    def _crash(self) -> None:
        self.server.stop()
        self._qtbot.wait(self._chance.randrange(60))
        self._tell()
        self.server = NotificationServer(self._bus.address)
        self.server.start()


@pytest.mark.parametrize("seed", [1, 2])
def test_after_any_storm_the_screen_tells_what_stands(
    bus: PrivateBus, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    bear_with_daemons(monkeypatch, 0.1)
    storm = Storm(bus, qtbot, seed)
    for _ in range(_STEPS):
        storm.step()
    bear_with_daemons(monkeypatch, 60.0)
    storm.wait(lambda: "fake" in storm.chain.name)
    for key in list(storm.stands):  # what was given up for this daemon gets it again with news
        storm.chain.show(replace(alert(key), title=storm.stands[key]))
    storm.wait(storm.is_settled)
    for key in list(storm.stands):
        storm.stands.pop(key)
        storm.chain.withdraw(key)
    storm.wait(storm.is_settled)
    storm.close()
    assert storm.server.on_screen == {}


def test_alerts_come_back_with_a_bus_that_comes_back(
    bus: PrivateBus, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    storm = Storm(bus, qtbot, seed=1)
    bear_with_daemons(monkeypatch)
    storm.chain.show(alert("stays", title="stays"))
    storm.wait(lambda: storm.server.titles() == ["stays"])
    bus.kill()
    storm.wait(lambda: list(storm.banner.showing) == ["stays"])
    storm.server.stop()
    bus.start()
    storm.server = NotificationServer(bus.address)
    storm.server.start()
    storm.wait(lambda: storm.server.titles() == ["stays"])
    assert storm.banner.showing == {}
    storm.chain.show(alert("stays", title="expires"))
    storm.wait(lambda: storm.server.titles() == ["expires"])
    storm.server.close(next(iter(storm.server.on_screen)), EXPIRED)
    storm.wait(lambda: storm.chain.shown_by("stays") is None)
    storm.close()
