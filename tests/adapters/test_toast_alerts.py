"""desktop-notifier behind the presenter. On Linux it speaks to the daemon that we wrote."""

import gc
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.adapters.desktop import toast_alerts
from supportdesk.adapters.desktop.toast_alerts import ToastAlerts
from supportdesk.domain.alerts import Action
from supportdesk.services.ports import AlertPresenter, AlertResponse
from tests.adapters.alert_examples import Told, alert
from tests.conftest import ExpectLog
from tests.fakes.notification_server import NotificationServer, notification_server
from tests.fakes.session_bus import PrivateBus, private_bus

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the daemon at the other end")


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
def deadline(monkeypatch: pytest.MonkeyPatch) -> float:
    """In seconds; nobody waits that long, on a busy machine perhaps for a part of it."""
    monkeypatch.setattr(toast_alerts, "_JOIN_SECONDS", 60.0)
    return 60.0


@pytest.fixture
def alerts(
    bus: PrivateBus,
    told: Told,
    qtbot: QtBot,
    deadline: float,
    caplog: pytest.LogCaptureFixture,
) -> Iterator[ToastAlerts]:
    presenter = ToastAlerts(told.respond, deadline_seconds=deadline)
    presenter.report_to(told)
    yield presenter
    presenter.close()
    # desktop-notifier never closes its bus; a program that ends does, a test has to by itself.
    presenter._notifier = None
    # A traceback in the log holds it too.
    caplog.get_records("call").clear()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def test_shown_clicked_and_taken_back(
    alerts: ToastAlerts, server: NotificationServer, told: Told, qtbot: QtBot
) -> None:
    port: AlertPresenter = alerts
    assert port.is_available
    assert port.name == "Toasts of the system"
    port.show(alert("a", title="x" * 100, body="one\ntwo", actions=(Action.READ, Action.REPLY)))
    port.show(alert("d", title="d"))
    qtbot.waitUntil(lambda: len(server.notified) == 2)
    shown = server.notified[0]
    assert shown.title == "x" * 59 + "…"
    assert shown.body == "one two"
    assert set(shown.actions) == {"default", "read", "reply"}
    server.invoke(shown.number, "reply")
    qtbot.waitUntil(lambda: bool(told.responses))
    assert told.responses == [AlertResponse(alert_key="a", action="reply")]
    port.show(alert("b", title="b"))
    # Once the next one is shown the answer to this one, with its number, has been heard.
    port.show(alert("c", title="c"))
    qtbot.waitUntil(lambda: len(server.notified) == 4)
    server.invoke(server.notified[2].number, "default")
    qtbot.waitUntil(lambda: len(told.responses) == 2)
    assert told.responses[1] == AlertResponse(alert_key="b", action="default")


def test_an_update_replaces_and_a_withdrawal_removes(
    alerts: ToastAlerts, server: NotificationServer, qtbot: QtBot
) -> None:
    alerts.withdraw("before anything was shown")
    alerts.show(alert("a", title="old"))
    alerts.show(alert("a", title="new"))
    alerts.show(alert("b", title="b"))
    qtbot.waitUntil(lambda: server.titles() == ["new", "b"])
    alerts.withdraw("a")
    alerts.withdraw("unknown")
    qtbot.waitUntil(lambda: server.titles() == ["b"])
    alerts.close()
    assert server.titles() == []


def test_a_system_without_pop_ups_gives_the_alert_back(
    alerts: ToastAlerts, told: Told, qtbot: QtBot, expect_log: ExpectLog
) -> None:
    expect_log("Notification failed")
    shown = alert()
    alerts.show(shown)
    qtbot.waitUntil(lambda: told.failures == [shown])
    assert not alerts.is_available


@pytest.mark.parametrize("deadline", [1.0])
def test_a_system_that_hangs_gives_the_alert_back(
    alerts: ToastAlerts, server: NotificationServer, told: Told, qtbot: QtBot
) -> None:
    with server.hanging():
        alerts.show(alert())
        qtbot.waitUntil(lambda: bool(told.failures), timeout=30_000)
