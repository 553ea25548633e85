"""The theme: resources, icons, the live switch, text scale, what to do when nobody knows."""

import ast
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from supportdesk.ui.theme import Ink, Theme, TypeRole
from supportdesk.ui.theme.icons import render_icon
from supportdesk.ui.theme.resources import resource, resources_folder
from supportdesk.ui.widgets.label import Label

UI = Path(__file__).parents[2] / "supportdesk" / "ui"


def painted(image: QImage) -> int:
    """How many pixels are not see-through."""
    return sum(
        image.pixelColor(x, y).alpha() > 0
        for x in range(image.width())
        for y in range(image.height())
    )


def test_resources_are_found_in_a_checkout() -> None:
    assert resource("icons", "inbox.svg").is_file()


def test_resources_are_found_in_a_frozen_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "resources" / "icons").mkdir(parents=True)
    monkeypatch.setattr("sys._MEIPASS", str(tmp_path), raising=False)
    resources_folder.cache_clear()
    try:
        assert resources_folder() == tmp_path / "resources"
    finally:
        resources_folder.cache_clear()


@pytest.mark.parametrize(
    "name", sorted(path.stem for path in (resources_folder() / "icons").glob("*.svg"))
)
def test_every_icon_paints_something(qapp: QApplication, name: str) -> None:
    assert painted(render_icon(name, "#000000", 24).toImage()) > 8


def test_every_icon_named_in_the_code_exists() -> None:
    """Icons are named by strings: as `icon=` arguments and as the second of Icon(...)."""
    known = {path.stem for path in (resources_folder() / "icons").glob("*.svg")}
    named = set()
    for file in UI.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            for keyword in node.keywords:
                if keyword.arg == "icon" and isinstance(keyword.value, ast.Constant):
                    named.add(keyword.value.value)
            is_icon = isinstance(node.func, ast.Name) and node.func.id == "Icon"
            if is_icon and len(node.args) > 1 and isinstance(node.args[1], ast.Constant):
                named.add(node.args[1].value)
    assert named - known - {""} == set()
    assert "search" in named


def test_dark_switch_reaches_living_widgets(theme: Theme, qtbot: QtBot) -> None:
    label = Label(theme, "words", ink=Ink.AMBER)
    qtbot.addWidget(label)
    light = label.palette().color(QPalette.ColorRole.WindowText)
    with qtbot.waitSignal(theme.colours_changed):
        theme.want_dark(True)
    dark = label.palette().color(QPalette.ColorRole.WindowText)
    assert light.name().upper() == "#7A4A00"
    assert dark.name().upper() == "#EDBF6C"
    assert QApplication.palette().color(QPalette.ColorRole.Base).name().upper() == "#252220"


def test_the_same_wish_again_changes_nothing(theme: Theme, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(theme.colours_changed):
        theme.want_dark(False)


def test_without_a_wish_the_desktop_portal_decides(theme: Theme) -> None:
    assert QApplication.styleHints().colorScheme() == Qt.ColorScheme.Unknown
    theme.want_dark(None)
    seen = [theme.is_dark]
    theme.set_desktop_is_dark(True)
    seen.append(theme.is_dark)
    theme.want_dark(False)
    seen.append(theme.is_dark)
    assert seen == [False, True, False]


def test_text_scale_grows_text_more_than_marks_and_marks_more_than_gaps(theme: Theme) -> None:
    plain = theme.font().pointSizeF()
    theme.set_text_scale(2.0)
    assert theme.font().pointSizeF() == pytest.approx(2 * plain)
    assert theme.mark(20) == 36
    assert theme.gap(20) == 27
    assert theme.is_large


def test_larger_texts_of_the_desktop_are_large_here_too(theme: Theme, qtbot: QtBot) -> None:
    theme.set_text_scale(1.5)
    with qtbot.waitSignal(theme.sizes_changed):
        theme.set_base_font("Inter", 10.0, 2.0)
    assert theme.scale == pytest.approx(3.0)
    assert theme.font().pointSizeF() == pytest.approx(30.0)
    assert theme.is_large
    with qtbot.assertNotEmitted(theme.sizes_changed):
        theme.set_base_font("Inter", 10.0, 2.0)


def test_tabular_figures_are_all_as_wide(theme: Theme) -> None:
    metrics = theme.metrics(TypeRole.TITLE, tabular=True)
    narrow, wide = metrics.horizontalAdvance("1:11"), metrics.horizontalAdvance("0:48")
    assert narrow == pytest.approx(wide, abs=0.1)
