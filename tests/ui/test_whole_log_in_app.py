"""The whole log in the running app: what the settings page does to it, on the disk and on show."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from supportdesk.domain.week import MONDAY, WeekId
from supportdesk.ui import rows
from supportdesk.ui.settings.delete_log_dialog import DeleteLogDialog
from supportdesk.ui.settings.forms import LogWish
from tests.ui.looking import named, words
from tests.ui.week_app import DAYS_LOGGED, MINUTES_A_DAY, PATIENCE_MS, WeekApp, week_app

THIS_WEEK = "of 30 min this week"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> Iterator[WeekApp]:
    with week_app(tmp_path, monkeypatch, qtbot) as app:
        yield app


def choose(run: WeekApp, wish: LogWish, path: Path) -> None:
    run.window.choices.log_asked.emit(wish)
    (dialog,) = [one for one in run.window.findChildren(QFileDialog) if one.isVisible()]
    dialog.fileSelected.emit(str(path))
    dialog.reject()


def wait_for_notice(run: WeekApp, qtbot: QtBot, title: str) -> rows.Notice:
    def notice() -> rows.Notice | None:
        return run.window._shown.settings.week.log_notice

    def is_said() -> bool:
        said = notice()
        return said is not None and said.title == title

    qtbot.waitUntil(is_said, timeout=PATIENCE_MS)
    said = notice()
    assert said is not None
    return said


def test_exported_deleted_after_a_question_and_imported_again(
    run: WeekApp, qtbot: QtBot, tmp_path: Path
) -> None:
    this_week = WeekId.containing(run.today, MONDAY)
    run.wait_for_week(this_week, THIS_WEEK)
    run.show(rows.Page.SETTINGS)
    folder = tmp_path / "out"
    folder.mkdir()
    choose(run, LogWish.EXPORT, folder)
    wait_for_notice(run, qtbot, "The log is exported")
    run.window.choices.log_asked.emit(LogWish.DELETE)
    qtbot.waitUntil(lambda: bool(run.window.findChildren(DeleteLogDialog)), timeout=PATIENCE_MS)
    (dialog,) = run.window.findChildren(DeleteLogDialog)
    said = " ".join(words(dialog))
    first = run.days[-1]
    weeks = {WeekId.containing(day, MONDAY) for day in run.days}
    assert f"This deletes {DAYS_LOGGED * MINUTES_A_DAY} minutes of {len(weeks)} weeks" in said
    assert f"since {first.day} {first:%b} {first.year}" in said
    QTest.mouseClick(named(dialog, "Delete all of it"), Qt.MouseButton.LeftButton)
    wait_for_notice(run, qtbot, "Everything you logged is deleted")
    run.show(rows.Page.WEEK)
    qtbot.waitUntil(lambda: run.on_page().total_minutes == 0, timeout=PATIENCE_MS)
    assert run.strip() == f"0 {THIS_WEEK}"
    assert run.on_page().spans == ()
    run.show(rows.Page.SETTINGS)
    choose(run, LogWish.IMPORT, folder / "reading-log.csv")
    notice = wait_for_notice(run, qtbot, "reading-log.csv is imported")
    assert notice.text.startswith(f"{DAYS_LOGGED} new spans")
    run.show(rows.Page.WEEK)
    run.wait_for_week(this_week, THIS_WEEK)


def test_a_file_that_is_no_log_is_named(run: WeekApp, qtbot: QtBot, tmp_path: Path) -> None:
    run.show(rows.Page.SETTINGS)
    (tmp_path / "holiday.csv").write_text("place,nights\nBrno,3\n")
    choose(run, LogWish.IMPORT, tmp_path / "holiday.csv")
    qtbot.waitUntil(
        lambda: (
            getattr(run.window._shown.settings.week.log_notice, "tone", None) is rows.Tone.BRICK
        ),
        timeout=PATIENCE_MS,
    )
    run.show(rows.Page.WEEK)
    run.wait_for_week(WeekId.containing(run.today, MONDAY), THIS_WEEK)
