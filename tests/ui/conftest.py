"""One Theme for the run, back to light and 100 % before each test."""

import os
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from supportdesk.ui.theme import Theme

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
_HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The offscreen platform warns about least sizes, which it cannot tell anybody."""
    for item in items:
        if _HERE in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore("does not support propagateSizeHints"))


@pytest.fixture(scope="session")
def run_theme(qapp: QApplication) -> Theme:
    return Theme(qapp)


@pytest.fixture
def theme(run_theme: Theme) -> Theme:
    run_theme.set_desktop_is_dark(None)
    run_theme.want_dark(False)
    run_theme.set_base_font("Inter", 10.0)
    run_theme.set_text_scale(1.0)
    return run_theme
