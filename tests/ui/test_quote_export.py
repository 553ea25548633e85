"""Kept words are taken along from their page: where to is asked, what came of it is said."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from supportdesk.domain.errors import Problem
from supportdesk.ui.rows import Page
from supportdesk.ui.theme import Theme
from tests.ui.looking import settle
from tests.ui.rig import Rig

_NAME = "Export all kept words as files…"


@pytest.fixture
def rig(theme: Theme, qtbot: QtBot) -> Rig:
    made = Rig(theme, qtbot)
    made.window.show_page(Page.VOICES)
    settle()
    return made


def export_into(rig: Rig, folder: Path) -> None:
    found = [one for one in rig.window.findChildren(QPushButton) if one.isVisible()]
    next(one for one in found if one.accessibleName() == _NAME).click()
    (dialog,) = [one for one in rig.window.findChildren(QFileDialog) if one.isVisible()]
    dialog.fileSelected.emit(str(folder))
    dialog.reject()
    settle()


def said(rig: Rig) -> tuple[str, str]:
    notice = rig.window._shown.voices.notice
    assert notice is not None
    return notice.title, notice.text


def test_what_came_of_it_is_said(rig: Rig, tmp_path: Path) -> None:
    export_into(rig, tmp_path)
    assert rig.acts.asked == [f"export quotes to {tmp_path}"]
    assert said(rig) == ("Your kept words are exported", f"All kept words are in {tmp_path}.")
    rig.acts.problem = Problem(title="The disk is full", advice="Make room.")
    export_into(rig, tmp_path)
    assert said(rig) == ("The disk is full", "Make room.")
