"""The app on a home with a log of its own, for tests of what it shows of the weeks."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from supportdesk.adapters.places import Places
from supportdesk.adapters.week_locale import to_local
from supportdesk.bootstrap import TrayApp
from supportdesk.commands.watch import key_store
from supportdesk.domain.reading import Span, SpanKind
from supportdesk.domain.week import WeekId
from supportdesk.ui import rows
from supportdesk.ui.main_window import MainWindow
from tests.e2e.running import make_home
from tests.fakes.notification_server import notification_server
from tests.fakes.session_bus import private_bus

PATIENCE_MS = 30_000
PHONE = '[[phone]]\nname = "Front desk"\nkind = "hook"\n'
MINUTES_A_DAY = 2
DAYS_LOGGED = 40


class WeekApp:
    """Its window is on My week; its log has two minutes on each of forty days."""

    def __init__(self, app: TrayApp, home: Path, qtbot: QtBot) -> None:
        self.app = app
        self._file = home / "settings.toml"
        self._qtbot = qtbot
        self.days = [self.today - timedelta(days=at) for at in range(DAYS_LOGGED)]
        app.core.log.record([_span(day) for day in self.days])
        app.show_window()
        self.show(rows.Page.WEEK)

    @property
    def today(self) -> date:
        return to_local(self.app.core.clock.now()).date()

    @property
    def window(self) -> MainWindow:
        shown = [one for one in QApplication.topLevelWidgets() if one.isVisible()]
        (window,) = [one for one in shown if isinstance(one, MainWindow)]
        return window

    def show(self, page: rows.Page) -> None:
        self.window.show_page(page)

    def write(self, reading: str) -> None:
        """As an editor does."""
        self._file.write_text(f"{PHONE}\n[reading]\n{reading}")

    @property
    def written(self) -> str:
        return self._file.read_text()

    def on_page(self) -> rows.WeekView:
        shown = self.window._shown.week
        assert shown is not None
        return shown

    def wait_for_week(self, week: WeekId, figure: str, *, bounds: str = "") -> None:
        """The page with its figure, its bars and its discs, the strip and the tray."""
        minutes = MINUTES_A_DAY * len(set(week.days) & set(self.days))

        def is_everywhere() -> bool:
            page = self.on_page()
            return (
                page.bounds_label == f"{bounds}{week.label}"
                and page.total_minutes == minutes
                and page.days[0].day == week.from_date
                and page.twelve_weeks[-1].start == week.from_date
                and self.strip() == f"{minutes} {figure}"
            )

        self._qtbot.waitUntil(is_everywhere, timeout=PATIENCE_MS)

    def strip(self) -> str:
        strip = self.window._shown.strip
        return strip.progress.label if strip is not None and strip.progress is not None else ""

    def tray_lines(self) -> list[str]:
        menu = self.app._tray.menu
        menu.aboutToShow.emit()
        return [action.text() for action in menu.findChildren(QAction)]


def _span(day: date) -> Span:
    local = datetime.combine(day, time(0, 30)).astimezone()
    return Span(
        span_id=day.isoformat(),
        kind=SpanKind.READ,
        item="mail/1",
        label="Carla",
        started_at=to_local(local),
        utc_offset=local.utcoffset() or timedelta(),
        counted_seconds=MINUTES_A_DAY * 60.0,
    )


@contextmanager
def week_app(folder: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> Iterator[WeekApp]:
    """It runs on a bus of its own, with weeks that begin on Monday."""
    home = make_home(folder / "home", f'{PHONE}\n[reading]\nweek_starts = "monday"\n')
    monkeypatch.setenv("SUPPORTDESK_HOME", str(home))
    bus_folder = folder / "bus"
    bus_folder.mkdir()
    qapp = QApplication.instance()
    assert isinstance(qapp, QApplication)
    with private_bus(bus_folder) as bus, notification_server(bus.address):
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
        app = TrayApp(qapp, Places.from_environment(os.environ), key_store(), is_practice=False)
        app.start()
        yield WeekApp(app, home, qtbot)
        app.stop()
