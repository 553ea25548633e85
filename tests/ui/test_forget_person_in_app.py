"""A person is forgotten in the running app while their mail is open and being read."""

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from supportdesk.adapters.places import Places
from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.bootstrap import TrayApp
from supportdesk.commands.watch import key_store
from supportdesk.domain.reading import FORGOTTEN, Span, SpanKind
from supportdesk.ui import rows
from supportdesk.ui.inbox.person_dialog import PersonDialog
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.widgets.second_question import SecondQuestion
from tests.adapters.forgotten_home import (
    ANNAS_MAIL,
    NAME,
    SECRETS,
    bytes_found,
    fill_alerts,
    make_full_home,
)
from tests.fakes.notification_server import notification_server
from tests.fakes.session_bus import private_bus
from tests.lab.waiting import free_port
from tests.ui.looking import named, settle

PATIENCE_MS = 30_000


@pytest.fixture
def places(tmp_path: Path) -> Places:
    made = make_full_home(tmp_path / "home")
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    (credentials / "mail.Support").write_text("x")
    with made.settings_path.open("a") as file:
        file.write(f'port = {free_port()}\nsecurity = "none"\n[reading]\nnudge = false\n')
    with closing(SqliteDeskStore(made.desk_db)) as store:
        fill_alerts(store)
    return made


@pytest.fixture
def app(
    places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> Iterator[TrayApp]:
    monkeypatch.setenv("SUPPORTDESK_HOME", str(places.data_dir))
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path / "credentials"))
    (tmp_path / "bus").mkdir()
    qapp = QApplication.instance()
    assert isinstance(qapp, QApplication)
    with private_bus(tmp_path / "bus") as bus, notification_server(bus.address):
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
        made = TrayApp(qapp, Places.from_environment(os.environ), key_store(), is_practice=False)
        made.start()
        made.show_window(ANNAS_MAIL)
        yield made
        made.stop()


def shown(app: TrayApp) -> MainWindow:
    return app._made_window().window


def dialog_of(app: TrayApp, kind: type[QWidget]) -> list[QWidget]:
    settle()
    return [one for one in shown(app).findChildren(kind) if one.isVisible()]


def test_not_a_byte_comes_back_from_what_was_open(
    app: TrayApp, places: Places, qtbot: QtBot
) -> None:
    window = shown(app)
    view = window._shown.message
    assert view is not None
    # As the reading clock writes it while the mail is open.
    now = app.core.clock.now()
    reading = Span(
        span_id="now",
        kind=SpanKind.READ,
        item=ANNAS_MAIL,
        label=f"{NAME}: About zebrastripes",
        started_at=now,
        utc_offset=app.core.local_now().utcoffset() or now - now,
        counted_seconds=5.0,
    )
    app.core.log.record([reading])
    window.choices.asked.emit(rows.Action.EDIT_PERSON, "")
    (about,) = dialog_of(app, PersonDialog)
    (forget,) = [
        one for one in about.findChildren(QWidget) if one.toolTip().startswith("Forget this")
    ]
    QTest.mouseClick(forget, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(dialog_of(app, SecondQuestion)), timeout=PATIENCE_MS)
    (question,) = dialog_of(app, SecondQuestion)
    QTest.mouseClick(named(question, "Forget them"), Qt.MouseButton.LeftButton)

    told: list[str] = []

    def is_said() -> bool:
        banner = window._shown.inbox.banner
        told.append(banner.title if banner is not None else "")
        return told[-1] not in ("", f"{NAME} is being forgotten")

    qtbot.waitUntil(is_said, timeout=PATIENCE_MS)
    assert told[-1] == f"{NAME} is forgotten here"
    assert window._shown.message is None
    app.core.log.record([reading])
    spans = {one.span_id: one for one in app.core.store.all_spans()}
    assert (spans["now"].label, spans["now"].item) == (FORGOTTEN, "")
    app.stop()
    assert bytes_found(places.data_dir, *SECRETS) == []
