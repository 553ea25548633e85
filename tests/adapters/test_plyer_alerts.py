"""The basic pop-up: plyer with a real notify-send, and a daemon that we wrote at the other end."""

import logging
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.adapters.desktop.plyer_alerts import PlyerAlerts
from supportdesk.services.ports import AlertPresenter
from tests.adapters.alert_examples import Told, alert
from tests.fakes.notification_server import NotificationServer, notification_server
from tests.fakes.session_bus import PrivateBus, private_bus

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="notify-send is for Linux")


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PrivateBus]:
    with private_bus(tmp_path) as started:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", started.address)
        yield started


@pytest.fixture
def server(bus: PrivateBus) -> Iterator[NotificationServer]:
    with notification_server(bus.address) as started:
        yield started


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def deadline() -> float:
    """In seconds: notify-send has to be started, and a machine that runs our tests is busy."""
    return 60.0


@pytest.fixture
def alerts(qtbot: QtBot, told: Told, deadline: float) -> Iterator[PlyerAlerts]:
    presenter = PlyerAlerts(deadline_seconds=deadline)
    presenter.report_to(told)
    yield presenter
    presenter.close()


def test_a_pop_up_is_shown(
    alerts: PlyerAlerts, server: NotificationServer, told: Told, qtbot: QtBot
) -> None:
    port: AlertPresenter = alerts
    assert port.is_available
    assert port.name == "Simple pop-ups"
    shown = alert(title="-u critical --help", body="-x <b>&\n\u202eabc " + "y" * 300)
    port.show(shown)
    qtbot.waitUntil(lambda: told.on_screen == [shown.key])
    port.show(replace(shown, title="better words"), is_news=False)
    (got,) = server.notified
    assert got.title.strip() == "-u critical --help"
    assert got.body.strip().startswith("-x &lt;b&gt;&amp; abc yyy")
    assert got.body.endswith("y…")
    assert got.app_name == "supportdesk"
    assert got.timeout == 10_000


@pytest.mark.parametrize("deadline", [1.0])
def test_a_desktop_that_hangs_gives_the_alert_back(
    alerts: PlyerAlerts, server: NotificationServer, told: Told, qtbot: QtBot
) -> None:
    first, second = alert("first"), alert("second")
    with server.hanging():
        alerts.show(first)
        alerts.show(second)
        qtbot.waitUntil(lambda: told.failures == [first, second], timeout=30_000)
        assert not alerts.is_available
        assert alerts.state().last_error == "The desktop did not answer for 1 s."
        alerts._deadline_seconds = 60.0
    qtbot.waitUntil(lambda: alerts.is_available)
    alerts.show(alert("third", title="third"))
    qtbot.waitUntil(lambda: "third" in [each.title for each in server.notified])
    assert "second" not in [each.title for each in server.notified]


def test_what_is_withdrawn_while_it_waits_is_not_shown(
    alerts: PlyerAlerts, server: NotificationServer, told: Told, qtbot: QtBot
) -> None:
    with server.hanging():
        alerts.show(alert("a", title="a"))
        alerts.show(alert("b", title="b"))
        alerts.withdraw("b")
        alerts.withdraw("unknown")
    alerts.show(alert("c", title="c"))
    qtbot.waitUntil(lambda: len(server.notified) == 2)
    assert [each.title for each in server.notified] == ["a", "c"]
    assert told.failures == []


def test_without_notify_send_it_is_not_available(
    alerts: PlyerAlerts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not alerts.is_available


def test_a_program_that_cannot_run_gives_the_alert_back_for_good(
    alerts: PlyerAlerts, told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    broken = tmp_path / "notify-send"
    broken.write_bytes(b"\x7fELF this is no program")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    assert alerts.is_available
    shown = replace(alert(), title="never seen")
    alerts.show(shown)
    qtbot.waitUntil(lambda: told.failures == [shown])
    assert not alerts.is_available


def test_where_no_desktop_can_be_reached_it_is_not_available(qtbot: QtBot) -> None:
    presenter = PlyerAlerts(is_reachable=lambda: False)
    assert not presenter.is_available
    presenter.close()


def test_nothing_is_written_to_the_log(
    alerts: PlyerAlerts,
    server: NotificationServer,
    caplog: pytest.LogCaptureFixture,
    qtbot: QtBot,
) -> None:
    caplog.set_level(logging.DEBUG)
    alerts.show(alert())
    qtbot.waitUntil(lambda: bool(server.notified))
    assert not [record for record in caplog.records if record.levelno >= logging.INFO]
