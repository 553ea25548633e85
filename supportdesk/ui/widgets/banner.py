"""A notice across a pane: a mark, what it is, the next step."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import Signal

from supportdesk.ui.rows import Notice, Tone
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import RADIUS_CARD, Ink, TypeRole
from supportdesk.ui.widgets.box import Box, Grow, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.flow import flowing
from supportdesk.ui.widgets.label import Icon, Label, spoken


class _Look(NamedTuple):
    icon: str
    ground: Ink
    ink: Ink


_QUIET = _Look("more", Ink.LIST, Ink.TEXT)
_LOOKS = {
    Tone.BRICK: _Look("deaf", Ink.BRICK_BG, Ink.BRICK),
    Tone.AMBER: _Look("warn", Ink.AMBER_BG, Ink.AMBER),
    Tone.GOOD: _Look("check", Ink.TINT, Ink.ACCENT_TEXT),
}


class Banner(Box):
    """Brick for what is lost or deaf, amber for what needs a look, tint for what went well."""

    asked = Signal(object, str)

    def __init__(self, theme: Theme, notice: Notice) -> None:
        look = _LOOKS.get(notice.tone, _QUIET)
        line = Ink.LINE if look is _QUIET else None
        super().__init__(theme, look.ground, line, radius=RADIUS_CARD)
        self.setAccessibleName(spoken(notice.title, notice.text))
        title = Label(theme, notice.title, TypeRole.BODY_B, look.ink).wrapping()
        head = row(theme, Icon(theme, notice.icon or look.icon, look.ink), Grow(title), gap=8)
        stack = column(theme, head, gap=3, margins=(12, 9, 12, 9), inside=self)
        if notice.text:
            stack.addWidget(Label(theme, notice.text).wrapping())
        if notice.buttons:
            buttons = [Button.for_action(theme, action, small=True) for action in notice.buttons]
            for button, action in zip(buttons, notice.buttons, strict=True):
                button.clicked.connect(
                    lambda _=False, a=action: self.asked.emit(a.action, a.target)
                )
            stack.addLayout(row(theme, -2, Grow(flowing(*buttons, gap=4))))
