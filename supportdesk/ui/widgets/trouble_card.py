"""An error that names the culprit, the next step and what is safe."""

from __future__ import annotations

from PySide6.QtWidgets import QLayout

from supportdesk.ui.rows import Trouble
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import RADIUS_CARD, Ink, TypeRole
from supportdesk.ui.widgets.box import STRETCH, Box, Grow, column, row
from supportdesk.ui.widgets.label import Icon, Label

_LABEL_WIDTH = 84


class TroubleCard(Box):
    """The text can be selected, so that it can be sent to whoever runs the server."""

    def __init__(self, theme: Theme, trouble: Trouble) -> None:
        super().__init__(theme, Ink.BRICK_BG, Ink.BRICK_MARK, radius=RADIUS_CARD)
        self.setAccessibleName(f"{trouble.title}. {trouble.advice}")
        words = column(
            theme,
            Label(theme, trouble.title, TypeRole.BODY_B, Ink.BRICK).wrapping(),
            Label(theme, trouble.advice).wrapping(),
            gap=3,
        )
        if trouble.culprit:
            words.addSpacing(theme.gap(4))
            words.addLayout(self._fact("Culprit", trouble.culprit))
        if trouble.next_step:
            words.addSpacing(theme.gap(4))
            next_step = f"Next step: {trouble.next_step}"
            words.addWidget(Label(theme, next_step, TypeRole.BODY_B).wrapping())
        mark = column(theme, Icon(theme, "warn", Ink.BRICK, 20), STRETCH)
        row(theme, mark, Grow(words), gap=12, margins=(14, 12, 14, 12), inside=self)

    def _fact(self, name: str, fact: str) -> QLayout:
        label = Label(self.theme, name, TypeRole.CAPTION_B, Ink.TEXT2)
        label.setFixedWidth(self.theme.mark(_LABEL_WIDTH))
        value = Label(self.theme, fact, TypeRole.CAPTION).wrapping()
        return row(self.theme, label, Grow(value))
