"""The presenters of this system, together and in their order."""

import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.adapters.desktop.alert_chain import AlertChain
from supportdesk.adapters.desktop.bus import BusConnection
from supportdesk.adapters.desktop.presenters import desktop_presenters
from tests.adapters.alert_examples import Told, alert
from tests.fakes.notification_server import bear_with_daemons, notification_server
from tests.fakes.presenter import RecordingPresenter
from tests.fakes.session_bus import PrivateBus, private_bus

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a Linux desktop")


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PrivateBus]:
    with private_bus(tmp_path) as started:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", started.address)
        yield started


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    bear_with_daemons(monkeypatch)


@pytest.fixture
def chain(bus: PrivateBus, qtbot: QtBot) -> Iterator[AlertChain]:
    link = BusConnection(bus.address)
    presenters = desktop_presenters(link, Told().respond)
    link.open()
    yield presenters
    presenters.close()
    link.close()


def test_a_desktop_shows_them_with_buttons(
    patient: None, chain: AlertChain, bus: PrivateBus, qtbot: QtBot
) -> None:
    with notification_server(bus.address) as server:
        chain.show(alert())
        qtbot.waitUntil(lambda: len(server.notified) == 1)
        assert "reply" in server.notified[0].actions
        assert chain.name == "Desktop notifications (fake)"
        chain.withdraw(alert().key)
        qtbot.waitUntil(lambda: not server.on_screen)


def test_without_any_desktop_they_go_to_the_log(
    chain: AlertChain, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    chain.show(alert())
    qtbot.waitUntil(lambda: "alert: Anna Nováková: Where is my order?" in caplog.messages)
    assert chain.name == "The log only"


def test_a_desktop_that_hangs_does_not_lose_them_and_gets_them_back(
    chain: AlertChain, bus: PrivateBus, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    with notification_server(bus.address) as server:
        with server.hanging():
            chain.show(alert())
            qtbot.waitUntil(
                lambda: "alert: Anna Nováková: Where is my order?" in caplog.messages,
                timeout=30_000,
            )
            assert chain.name == "The log only", "notify-send would wait for the same daemon"
        qtbot.waitUntil(lambda: server.titles() == [alert().title], timeout=30_000)
        qtbot.waitUntil(lambda: chain.name == "Desktop notifications (fake)", timeout=30_000)
        assert len(server.notified) == 1
        chain.withdraw(alert().key)
        qtbot.waitUntil(lambda: not server.on_screen)


def test_the_banner_of_ours_comes_before_pop_ups_without_buttons(
    bus: PrivateBus, qtbot: QtBot
) -> None:
    link, banner = BusConnection(bus.address), RecordingPresenter("banner")
    chain = desktop_presenters(link, Told().respond, banner=banner)
    assert [state.name for state in chain.states()] == [
        *("Desktop notifications (unknown)", "banner", "Simple pop-ups", "The log only"),
    ]
    chain.show(alert())
    link.open()
    qtbot.waitUntil(lambda: list(banner.showing) == [alert().key])
    chain.close()
    link.close()
