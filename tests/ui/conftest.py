"""One Theme for the run, back to light and 100 % before each test."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from supportdesk.ui.theme import Theme

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
_HERE = Path(__file__).parent


_OFFSCREEN_LACKS = (
    r"This plugin does not support (propagateSizeHints|raise|grabbing)",
    "No such signal QPlatformNativeInterface::systemTrayWindowChanged",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The offscreen platform says what it lacks as a warning; everything else still fails."""
    for item in items:
        if _HERE in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore(*_OFFSCREEN_LACKS))


@pytest.fixture(autouse=True)
def nothing_stays_on_show() -> Iterator[None]:
    """A window that one test leaves would stand under the pointer of another."""
    yield
    if QApplication.instance() is not None:
        for window in QApplication.topLevelWidgets():
            window.hide()


@pytest.fixture(autouse=True, scope="module")
def nothing_is_left() -> Iterator[None]:
    """A window that a module leaves would be dressed again with each one after it."""
    yield
    if QApplication.instance() is not None:
        for window in QApplication.topLevelWidgets():
            if window.parent() is None:
                window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture(scope="session")
def run_theme(qapp: QApplication) -> Theme:
    theme = Theme(qapp)
    theme.dress()
    return theme


@pytest.fixture
def theme(run_theme: Theme) -> Theme:
    run_theme.set_desktop_is_dark(None)
    run_theme.want_dark(False)
    run_theme.set_base_font("Inter", 10.0)
    run_theme.set_text_scale(1.0)
    run_theme.set_reading_zoom(1.0)
    return run_theme
