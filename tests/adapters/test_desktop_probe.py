"""Looking at a desktop from a process without a window: bus or none, daemon or none."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.diagnosis import desktop_probe
from supportdesk.diagnosis.desktop_probe import DesktopProbe
from supportdesk.domain.health import PartHealth
from tests.fakes.notification_server import bear_with_daemons, notification_server
from tests.fakes.session_bus import private_bus

PATIENCE = 30_000


def looked_at(qtbot: QtBot, environ: dict[str, str]) -> dict[str, PartHealth]:
    probe = DesktopProbe(environ)
    with qtbot.waitSignal(probe.finished, timeout=PATIENCE):
        probe.begin()
    parts = probe.parts()
    probe.stop()
    return {part.name: part for part in parts}


def test_a_machine_without_a_desktop_needs_none(qtbot: QtBot) -> None:
    parts = looked_at(qtbot, {})
    assert list(parts) == ["Alerts"]
    assert parts["Alerts"].is_good
    assert "no desktop here" in parts["Alerts"].words


def test_a_display_without_a_bus_has_our_own_cards_and_no_tray(qtbot: QtBot) -> None:
    parts = looked_at(qtbot, {"DISPLAY": ":9999", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/none"})
    assert parts["Alerts"].is_good
    assert parts["Alerts"].words == "Shown by: Cards of supportdesk's own"
    tray = parts["Tray"]
    assert not tray.is_good
    assert tray.problem is not None
    assert "AppIndicator" in tray.problem.advice


def test_wayland_without_a_daemon_shows_nothing(qtbot: QtBot) -> None:
    parts = looked_at(qtbot, {"WAYLAND_DISPLAY": "wayland-9"})
    assert not parts["Alerts"].is_good
    problem = parts["Alerts"].problem
    assert problem is not None
    assert problem.title == "Nothing on this desktop shows alerts"


def test_a_daemon_is_named_with_what_it_can_and_shows_nothing(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    bear_with_daemons(monkeypatch)
    for name in ("PATIENCE_SECONDS", "_ANSWER_SECONDS"):
        monkeypatch.setattr(desktop_probe, name, 60.0)
    with private_bus(tmp_path) as bus, notification_server(bus.address) as server:
        environ = {"DISPLAY": ":9999", "DBUS_SESSION_BUS_ADDRESS": bus.address}
        alerts = looked_at(qtbot, environ)["Alerts"]
        assert server.notified == []
    assert alerts.words == "Shown by: Desktop notifications (fake)"
    assert alerts.checks[0].words.startswith("in use: shows it until it is handled, buttons")
    assert alerts.checks[1].name == "Cards of supportdesk's own"
