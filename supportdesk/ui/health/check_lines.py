"""A step or a way in one line: its mark, its name, and in words how it does."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout

from supportdesk.ui.rows import CheckLine, HealthState
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.widgets.box import STRETCH, Grow, column, row
from supportdesk.ui.widgets.label import Icon, Label


class Look(NamedTuple):
    """The mark of a state, and the ink of its words."""

    icon: str
    ink: Ink
    words: Ink


LOOKS = {
    HealthState.GOOD: Look("check", Ink.ACCENT, Ink.ACCENT_TEXT),
    HealthState.TRYING: Look("refresh", Ink.AMBER_MARK, Ink.AMBER),
    HealthState.DEAF: Look("deaf", Ink.BRICK_MARK, Ink.BRICK),
    HealthState.OFF: Look("pause", Ink.TEXT3, Ink.TEXT2),
    HealthState.UNKNOWN: Look("more", Ink.TEXT3, Ink.TEXT2),
}
_ICONS = {HealthState.DEAF: "close"}
_MARK = 16
_NAME_WIDTH = 190


def check_line(theme: Theme, check: CheckLine) -> QLayout:
    look = LOOKS[check.state]
    icon = Icon(theme, _ICONS.get(check.state, look.icon), look.ink, _MARK)
    mark = column(theme, icon, STRETCH)
    name = Label(theme, check.name).wrapping()
    words = Label(theme, check.words, TypeRole.CAPTION, Ink.TEXT2).wrapping()
    for one in (name, words):
        one.setAlignment(Qt.AlignmentFlag.AlignTop)
    if theme.is_large:
        return row(theme, mark, Grow(column(theme, name, words, gap=2)), gap=10)
    name.setFixedWidth(theme.mark(_NAME_WIDTH))
    return row(theme, mark, name, Grow(words), gap=10)
