"""The whole log, from the settings: exported, imported, and deleted after a second question."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QFileDialog
from pytestqt.qtbot import QtBot

from supportdesk.domain.errors import Problem
from supportdesk.services.log_union import LogDone
from supportdesk.ui.rows import Notice, Page, Tone
from supportdesk.ui.settings.delete_log_dialog import DeleteLogDialog
from supportdesk.ui.settings.settings_page import SettingsPage
from supportdesk.ui.theme import Theme
from tests.ui.looking import named, words
from tests.ui.rig import Rig

EXPORT, IMPORT = "Export…", "Import another computer's log…"
DELETE = "Delete everything I logged…"


@pytest.fixture
def rig(theme: Theme, qtbot: QtBot) -> Rig:
    made = Rig(theme, qtbot)
    made.window.show_page(Page.SETTINGS)
    return made


def page(rig: Rig) -> SettingsPage:
    (found,) = rig.window.findChildren(SettingsPage)
    return found


def click(rig: Rig, name: str) -> None:
    QTest.mouseClick(named(page(rig), name), Qt.MouseButton.LeftButton)


def notice(rig: Rig) -> Notice | None:
    return rig.window._shown.settings.week.log_notice


def log_acts(rig: Rig) -> list[str]:
    return [asked for asked in rig.acts.asked if "log" in asked]


def choose(rig: Rig, path: Path) -> None:
    """In the dialog for files that is open."""
    (dialog,) = [one for one in rig.window.findChildren(QFileDialog) if one.isVisible()]
    dialog.fileSelected.emit(str(path))
    dialog.reject()


def question(rig: Rig) -> DeleteLogDialog:
    (dialog,) = [one for one in rig.window.findChildren(DeleteLogDialog) if one.isVisible()]
    return dialog


def test_an_export_goes_into_the_folder_and_says_so(rig: Rig, tmp_path: Path) -> None:
    click(rig, EXPORT)
    choose(rig, tmp_path)
    assert log_acts(rig) == [f"export log to {tmp_path}"]
    assert notice(rig) == Notice(
        title="The log is exported", text="2 rows of the log", tone=Tone.GOOD
    )
    assert "The log is exported" in words(page(rig))


def test_an_import_names_its_file(rig: Rig, tmp_path: Path) -> None:
    click(rig, IMPORT)
    choose(rig, tmp_path / "reading-log.json")
    assert log_acts(rig) == [f"import log from {tmp_path / 'reading-log.json'}"]
    assert "reading-log.json is imported" in words(page(rig))


def test_rows_that_were_left_out_are_named(rig: Rig, tmp_path: Path) -> None:
    rig.acts.is_slow = True
    click(rig, IMPORT)
    choose(rig, tmp_path / "log.csv")
    whole_log = rig.controller._settings._log
    lines = tuple(f"Line {line}: it ends before it began." for line in range(2, 7))
    whole_log._ended("log.csv is imported", LogDone(words="5 rows were left out.", refused=lines))
    shown = notice(rig)
    assert shown is not None
    assert shown.tone is Tone.AMBER
    assert shown.text.splitlines() == ["5 rows were left out.", *lines[:3], "And others."]


def test_while_it_works_nothing_else_can_be_asked(rig: Rig, tmp_path: Path) -> None:
    rig.acts.is_slow = True
    click(rig, EXPORT)
    choose(rig, tmp_path)
    assert notice(rig) == Notice(title="The log is being exported", tone=Tone.NORMAL)
    click(rig, DELETE)
    assert log_acts(rig) == [f"export log to {tmp_path}"]
    (answer,) = rig.acts.answers
    answer()
    assert notice(rig) == Notice(
        title="The log is exported", text="2 rows of the log", tone=Tone.GOOD
    )


def test_what_went_wrong_is_said(rig: Rig, tmp_path: Path) -> None:
    rig.acts.problem = Problem(title="The disk is full", advice="Free some room.")
    click(rig, EXPORT)
    choose(rig, tmp_path)
    assert notice(rig) == Notice(title="The disk is full", text="Free some room.", tone=Tone.BRICK)
    click(rig, DELETE)
    assert log_acts(rig) == [f"export log to {tmp_path}", "measure log"]
    assert rig.window.findChildren(DeleteLogDialog) == []


def test_deleting_asks_a_second_time_and_says_what_goes(rig: Rig, qtbot: QtBot) -> None:
    click(rig, DELETE)
    dialog = question(rig)
    said = " ".join(words(dialog))
    assert "This deletes 412 minutes of 9 weeks since 3 Nov 2025, with every correction." in said
    assert "It cannot be undone." in said
    assert "delete log" not in rig.acts.asked
    QTest.mouseClick(named(dialog, "Delete all of it"), Qt.MouseButton.LeftButton)
    assert log_acts(rig) == ["measure log", "delete log"]
    assert "Everything you logged is deleted" in words(page(rig))
    qtbot.waitUntil(lambda: rig.window.findChildren(DeleteLogDialog) == [])


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_the_keyboard_keeps_the_log_unless_it_is_led_to_the_other_button(
    rig: Rig, qtbot: QtBot, key: Qt.Key
) -> None:
    click(rig, DELETE)
    dialog = question(rig)
    keep = named(dialog, "Keep the log")
    qtbot.waitUntil(keep.hasFocus)
    QTest.keyClick(keep, key)
    assert dialog.result() == QDialog.DialogCode.Rejected
    assert log_acts(rig) == ["measure log"]
    assert notice(rig) is None
    qtbot.waitUntil(lambda: rig.window.findChildren(DeleteLogDialog) == [])


def test_of_an_empty_log_there_is_nothing_to_delete(rig: Rig) -> None:
    rig.acts.log_size = ""
    click(rig, DELETE)
    assert rig.window.findChildren(DeleteLogDialog) == []
    assert "Nothing is logged, so there is nothing to delete" in words(page(rig))
