"""What the settings say of a week holds in the whole running app at once, however they change."""

import os
from collections.abc import Iterator
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
from supportdesk.domain.week import MONDAY, SUNDAY, WeekId
from supportdesk.ui import rows
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.settings.forms import ReadingOptions, WeekPeriod, WeekStart
from tests.e2e.running import make_home
from tests.fakes.notification_server import notification_server
from tests.fakes.session_bus import private_bus

PATIENCE_MS = 30_000
PHONE = '[[phone]]\nname = "Front desk"\nkind = "hook"\n'
MINUTES_A_DAY = 2
DAYS_LOGGED = 40


class Run:
    """The app with its window on My week, and a log of two minutes on each of forty days."""

    def __init__(self, app: TrayApp, home: Path, qtbot: QtBot) -> None:
        self.app = app
        self._file = home / "settings.toml"
        self._qtbot = qtbot
        app.core.log.record([_span(self.today - timedelta(days=at)) for at in range(DAYS_LOGGED)])
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
        days = [day for day in week.days if self.today - timedelta(days=DAYS_LOGGED) < day]
        minutes = MINUTES_A_DAY * sum(day <= self.today for day in days)

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


@pytest.fixture
def run(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> Iterator[Run]:
    home = make_home(tmp_path / "home", f'{PHONE}\n[reading]\nweek_starts = "monday"\n')
    monkeypatch.setenv("SUPPORTDESK_HOME", str(home))
    bus_folder = tmp_path / "bus"
    bus_folder.mkdir()
    with private_bus(bus_folder) as bus, notification_server(bus.address):
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
        app = TrayApp(qapp, Places.from_environment(os.environ), key_store(), is_practice=False)
        app.start()
        yield Run(app, home, qtbot)
        app.stop()


def test_an_edit_by_hand_holds_everywhere_at_once(run: Run) -> None:
    run.wait_for_week(WeekId.containing(run.today, MONDAY), "of 30 min this week")
    run.write('week_starts = "sunday"\n')
    run.wait_for_week(WeekId.containing(run.today, SUNDAY), "of 30 min this week")
    assert any(line.startswith("This week: ") for line in run.tray_lines())
    run.write('period = "last_7_days"\ngoal_minutes = 14\n')
    run.wait_for_week(WeekId.ending(run.today), "of 14 min in 7 days", bounds="Last 7 days, ")
    assert run.on_page().sentence.startswith("That is the goal of 7 days.")
    assert "Last 7 days: 14 of 14 min" in run.tray_lines()


def test_a_holiday_by_hand_makes_its_week_hollow_at_once(run: Run, qtbot: QtBot) -> None:
    assert not run.on_page().twelve_weeks[-1].is_off
    run.write(f'week_starts = "monday"\nholidays = ["{run.today}"]\n')
    qtbot.waitUntil(lambda: run.on_page().twelve_weeks[-1].is_off, timeout=PATIENCE_MS)
    assert run.on_page().sentence == "A week off: it falls short of nothing."
    run.show(rows.Page.SETTINGS)
    card = run.window._shown.settings.week
    assert card.reading.days_off == (run.today,)
    assert len(card.days_off) == 1


def test_a_change_on_the_page_is_in_the_file_and_holds_everywhere(run: Run) -> None:
    run.show(rows.Page.SETTINGS)
    options = run.window._shown.settings.week.reading
    assert options == ReadingOptions(week_starts=WeekStart.MONDAY)
    tell = run.window.choices.reading_changed.emit
    tell(ReadingOptions(week_starts=WeekStart.MONDAY, period=WeekPeriod.LAST_7_DAYS))
    assert 'period = "last_7_days"' in run.written
    run.show(rows.Page.WEEK)
    run.wait_for_week(WeekId.ending(run.today), "of 30 min in 7 days", bounds="Last 7 days, ")
    tell(ReadingOptions(week_starts=WeekStart.SUNDAY, nudge_at=time(8, 30)))
    assert 'week_starts = "sunday"\nnudge_at = "08:30"' in run.written
    assert "period" not in run.written
    run.wait_for_week(WeekId.containing(run.today, SUNDAY), "of 30 min this week")


def test_a_value_that_is_wrong_changes_nothing_and_is_said(run: Run, qtbot: QtBot) -> None:
    run.write('period = "last_7_days"\n')
    run.wait_for_week(WeekId.ending(run.today), "of 30 min in 7 days", bounds="Last 7 days, ")
    run.write('period = "month"\n')
    qtbot.waitUntil(lambda: "settings" in run.app.core.problems, timeout=PATIENCE_MS)
    assert "line 6" in run.app.core.problems["settings"].title
    run.wait_for_week(WeekId.ending(run.today), "of 30 min in 7 days", bounds="Last 7 days, ")
    run.show(rows.Page.SETTINGS)
    problem = run.window._shown.settings.problem
    assert problem is not None
    assert '"period" is "month"' in problem.title
