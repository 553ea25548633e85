"""The second question before the whole reading log is deleted."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.widgets.second_question import SecondQuestion

_STAYS = (
    "Mail, calls and notes stay, and so do your goal and your days off. What you have exported and"
    " the log of another computer stay where they are."
)


class DeleteLogDialog(SecondQuestion):
    """Keeping the log is what Enter and Escape do."""

    def __init__(self, theme: Theme, what_goes: str, parent: QWidget | None) -> None:
        super().__init__(
            theme,
            parent,
            title="Delete everything I logged",
            question="Delete everything you logged?",
            goes=f"This deletes {what_goes}, with every correction. It cannot be undone.",
            stays=_STAYS,
            keep="Keep the log",
            delete="Delete all of it",
        )
