"""What the settings say of a week holds in the whole running app at once, however they change."""

from collections.abc import Iterator
from datetime import time
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.domain.week import MONDAY, SUNDAY, WeekId
from supportdesk.ui import rows
from supportdesk.ui.settings.forms import ReadingOptions, WeekPeriod, WeekStart
from tests.ui.week_app import PATIENCE_MS, WeekApp, week_app


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> Iterator[WeekApp]:
    with week_app(tmp_path, monkeypatch, qtbot) as app:
        yield app


def test_an_edit_by_hand_holds_everywhere_at_once(run: WeekApp) -> None:
    run.wait_for_week(WeekId.containing(run.today, MONDAY), "of 30 min this week")
    run.write('week_starts = "sunday"\n')
    run.wait_for_week(WeekId.containing(run.today, SUNDAY), "of 30 min this week")
    assert any(line.startswith("This week: ") for line in run.tray_lines())
    run.write('period = "last_7_days"\ngoal_minutes = 14\n')
    run.wait_for_week(WeekId.ending(run.today), "of 14 min in 7 days", bounds="Last 7 days, ")
    assert run.on_page().sentence.startswith("That is the goal of 7 days.")
    assert "Last 7 days: 14 of 14 min" in run.tray_lines()


def test_a_holiday_by_hand_makes_its_week_hollow_at_once(run: WeekApp, qtbot: QtBot) -> None:
    assert not run.on_page().twelve_weeks[-1].is_off
    run.write(f'week_starts = "monday"\nholidays = ["{run.today}"]\n')
    qtbot.waitUntil(lambda: run.on_page().twelve_weeks[-1].is_off, timeout=PATIENCE_MS)
    assert run.on_page().sentence == "A week off: it falls short of nothing."
    run.show(rows.Page.SETTINGS)
    card = run.window._shown.settings.week
    assert card.reading.days_off == (run.today,)
    assert len(card.days_off) == 1


def test_a_change_on_the_page_is_in_the_file_and_holds_everywhere(run: WeekApp) -> None:
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


def test_a_value_that_is_wrong_changes_nothing_and_is_said(run: WeekApp, qtbot: QtBot) -> None:
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
