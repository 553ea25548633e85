"""The tray app and what a click on one of its alerts leads to, over a notification daemon of ours.

Its mail account is never reached; what its mailbox would tell is handed to the desk directly.
"""

import os
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from supportdesk.adapters.places import Places
from supportdesk.bootstrap import TrayApp
from supportdesk.commands.watch import key_store
from supportdesk.domain.alerts import Alert, AlertKind
from supportdesk.domain.events import MessageGone
from supportdesk.domain.mail import MessageSummary
from supportdesk.domain.reading import Span, SpanKind
from supportdesk.protocols.hook_calls import HookEvent, HookTurn
from supportdesk.ui import rows
from supportdesk.ui.calls.live_board import LiveBoard
from tests.e2e.running import make_home
from tests.fakes.happenings import a_message, arrived, opened
from tests.fakes.notification_server import (
    DISMISSED,
    NotificationServer,
    bear_with_daemons,
    notification_server,
)
from tests.fakes.session_bus import private_bus

_SETTINGS = """
[[mail]]
name = "Support"
address = "support@desk.example"
host = "localhost"
port = 1
user = "support"
"""


# From nine o'clock on it would come in the middle of a test.
_NO_NUDGE = "[reading]\nnudge = false\n"


class MailProgram(QObject):
    """Takes over mailto links, as the desktop's mail program would."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.tokens: list[str | None] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.links.append(url.toString())
        self.tokens.append(os.environ.get("XDG_ACTIVATION_TOKEN"))


@pytest.fixture
def mail_program() -> Iterator[MailProgram]:
    program = MailProgram()
    # PySide takes the name of the slot as a str only; its own types say bytes.
    QDesktopServices.setUrlHandler("mailto", program, "open")  # type: ignore[arg-type]
    yield program
    QDesktopServices.unsetUrlHandler("mailto")


@pytest.fixture
def daemon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[NotificationServer]:
    folder = tmp_path / "bus"
    folder.mkdir()
    bear_with_daemons(monkeypatch)
    with private_bus(folder) as bus, notification_server(bus.address) as server:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
        yield server


@pytest.fixture
def app(
    daemon: NotificationServer,
    qapp: QApplication,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[TrayApp]:
    home = make_home(tmp_path / "home", _SETTINGS + _NO_NUDGE, {"mail/Support": "secret"})
    monkeypatch.setenv("SUPPORTDESK_HOME", str(home))
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(home / "credentials"))
    made = TrayApp(qapp, Places.from_environment(os.environ), key_store(), is_practice=False)
    made.start()
    yield made
    made.stop()


def _two_customers(app: TrayApp) -> tuple[MessageSummary, MessageSummary]:
    now = app.core.clock.now()
    carla = a_message(1, who="Carla Nunes", at=now)
    boris = a_message(2, who="Boris Petrov", at=now)
    for event in (opened(1, at=now), arrived(carla, at=now), arrived(boris, at=now)):
        app.core.runner.receive(event)
    return carla, boris


def _number_of(daemon: NotificationServer, name: str) -> int:
    return next(one.number for one in daemon.notified if name in one.title)


def _wait_for(qtbot: QtBot, daemon: NotificationServer, *names: str) -> None:
    qtbot.waitUntil(
        lambda: all(any(name in one.title for one in daemon.notified) for name in names),
        timeout=10_000,
    )


def _words_on_show() -> str:
    windows = [one for one in QApplication.topLevelWidgets() if one.isVisible()]
    labels = [label for window in windows for label in window.findChildren(QLabel)]
    return "\n".join(label.text() for label in labels if label.isVisible())


def test_reply_answers_the_mail_of_its_alert_and_leaves_no_token_behind(
    app: TrayApp, daemon: NotificationServer, mail_program: MailProgram, qtbot: QtBot
) -> None:
    _two_customers(app)
    _wait_for(qtbot, daemon, "Carla", "Boris")
    daemon.invoke(_number_of(daemon, "Carla"), "reply", token="token-1")
    qtbot.waitUntil(lambda: bool(mail_program.links))
    assert mail_program.links[0].startswith("mailto:carla.nunes@")
    assert mail_program.tokens == [None]
    assert "XDG_ACTIVATION_TOKEN" not in os.environ


def test_reply_on_a_mail_that_has_just_gone_answers_nobody(
    app: TrayApp, daemon: NotificationServer, mail_program: MailProgram, qtbot: QtBot
) -> None:
    carla, boris = _two_customers(app)
    _wait_for(qtbot, daemon, "Carla", "Boris")
    app.show_window(carla.key)
    app.core.runner.receive(
        MessageGone(
            account=boris.account,
            message_id=boris.message_id,
            address=boris.address,
            at=app.core.clock.now(),
        )
    )
    daemon.invoke(_number_of(daemon, "Boris"), "reply")
    qtbot.waitUntil(lambda: "This mail has left the mailbox" in _words_on_show())
    assert mail_program.links == []


def test_an_alert_that_the_founder_closes_is_not_raised_again(
    app: TrayApp, daemon: NotificationServer, qtbot: QtBot
) -> None:
    carla, _ = _two_customers(app)
    _wait_for(qtbot, daemon, "Carla", "Boris")
    daemon.close(_number_of(daemon, "Carla"), DISMISSED)
    qtbot.waitUntil(lambda: carla.key not in [one.item for one in app.core.desk.alerts()])
    assert app.core.desk.state(app.core.clock.now()).people_waiting == 2


def test_a_part_that_breaks_while_its_page_is_open_is_shown_there(
    app: TrayApp, qtbot: QtBot
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        app._show_page(rows.Page.HEALTH)
        settings = Path(os.environ["SUPPORTDESK_HOME"]) / "settings.toml"
        (settings.parent / "credentials" / "hook.token").write_text("sesame")
        settings.write_text(f"{_SETTINGS}\n[hook]\nenabled = true\nport = {port}\n")
        title = f"another program has port {port}"
        qtbot.waitUntil(lambda: title in _words_on_show(), timeout=30_000)
    app.core.check_now()
    qtbot.waitUntil(lambda: f"listens on port {port}" in _words_on_show(), timeout=30_000)
    assert title not in _words_on_show()


def test_the_live_board_opens_from_the_menu_follows_the_desk_and_comes_back_to_its_place(
    app: TrayApp, qapp: QApplication, tmp_path: Path, qtbot: QtBot
) -> None:
    def board() -> LiveBoard | None:
        boards = (one for one in qapp.topLevelWidgets() if isinstance(one, LiveBoard))
        return next((one for one in boards if one.isVisible()), None)

    menu = app._tray.menu
    next(entry for entry in menu.actions() if entry.text() == "Live board").trigger()
    opened_board = board()
    assert opened_board is not None
    assert opened_board.accessibleName().startswith("No phone is connected")
    opened_board.move(70, 60)
    app._acts.show_live_board()
    assert board() is None
    assert (tmp_path / "home" / "home" / "live-board").read_text() == "70 60"
    app._acts.show_live_board()
    again = board()
    assert again is not None
    assert (again.x(), again.y()) == (70, 60)
    again.opened.emit()
    qtbot.waitUntil(lambda: app._made_window().window.page is rows.Page.CALLS, timeout=30_000)


def _entries(app: TrayApp) -> list[str]:
    return [entry.text() for entry in app._tray.menu.actions()]


def _a_talk(app: TrayApp) -> Span:
    now = app.core.clock.now()
    return Span(
        span_id="talk",
        kind=SpanKind.TALK,
        item="call/Hook/1",
        label="Mr Kiss",
        started_at=now - timedelta(minutes=10),
        utc_offset=timedelta(),
        counted_seconds=250.0,
    )


def test_the_menu_alone_says_whom_the_founder_talked_to_and_whom_to_call_back(
    app: TrayApp, daemon: NotificationServer, qtbot: QtBot
) -> None:
    app.core.log.record([_a_talk(app)])
    app.core.take_hook_event(
        HookEvent(
            turn=HookTurn.MISSED,
            number="+420541220018",
            name="Maison Aubry",
            at=app.core.clock.now(),
        )
    )
    _wait_for(qtbot, daemon, "Maison Aubry")
    qtbot.waitUntil(lambda: any("Maison Aubry, missed" in one for one in _entries(app)))
    assert any(one.endswith("(Mr Kiss, 4 min)") for one in _entries(app))
    assert all("Kiss" not in one.title + one.body for one in daemon.notified)
    icon = app._tray._icon
    assert icon is None or "Kiss" not in icon.toolTip()
    presenting = replace(app.core.settings.alerts, presenting=True)
    app.core.change_settings_file(lambda file: file.set_alerts(presenting))
    qtbot.waitUntil(lambda: not any("Kiss" in one or "Aubry" in one for one in _entries(app)))


@pytest.fixture
def nudged(
    daemon: NotificationServer,
    qapp: QApplication,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> Iterator[TrayApp]:
    """An app that nudges: of the last seven days nothing was read."""
    reading = '[reading]\nperiod = "last_7_days"\nnudge_at = "00:00"\nnudge = false\n'
    reading += '[alerts]\nmail = "never"\n'
    home = make_home(tmp_path / "home", _SETTINGS + reading, {"mail/Support": "secret"})
    monkeypatch.setenv("SUPPORTDESK_HOME", str(home))
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(home / "credentials"))
    made = TrayApp(qapp, Places.from_environment(os.environ), key_store(), is_practice=False)
    made.start()
    _two_customers(made)
    wanted = replace(made.core.settings.reading, is_nudge_wanted=True)
    made.core.change_settings_file(lambda file: file.set_reading(wanted))
    _wait_for(qtbot, daemon, "2 people wrote")
    yield made
    made.stop()


def _nudges(app: TrayApp) -> list[Alert]:
    return [alert for alert in app.core.desk.alerts() if alert.kind is AlertKind.WEEKLY]


def test_read_them_opens_the_first_that_is_still_unread(
    nudged: TrayApp, daemon: NotificationServer, qtbot: QtBot
) -> None:
    [alert] = _nudges(nudged)
    carla, boris = alert.covers
    nudged.core.runner.perform(lambda now: nudged.core.desk.read(carla, now))
    daemon.invoke(_number_of(daemon, "2 people wrote"), "read_them")
    qtbot.waitUntil(lambda: not nudged.core.desk.inbox.is_unread(boris), timeout=30_000)


def test_not_today_takes_the_nudge_back_for_good(
    nudged: TrayApp, daemon: NotificationServer, qtbot: QtBot
) -> None:
    daemon.invoke(_number_of(daemon, "2 people wrote"), "not_today")
    qtbot.waitUntil(lambda: _nudges(nudged) == [])
    nudged.core.runner.perform(nudged.core.desk.tick)
    assert _nudges(nudged) == []
    assert "Question" not in _words_on_show()
