"""What was sent and has not arrived as far as anybody knows: how long, why, and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QWidget

from supportdesk.ui.rows import ButtonRank, Tone
from supportdesk.ui.rows.composer import OutboxRow
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import RADIUS_CARD, Ink, TypeRole
from supportdesk.ui.widgets.box import STRETCH, Box, Grow, clear, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.flow import flowing
from supportdesk.ui.widgets.label import TONE_INKS, Elided, Icon, Label, spoken
from supportdesk.ui.widgets.scroll import scrolling

_EMS_WIDE, _EMS_HIGH = 48, 42
_ICONS = {Tone.BRICK: "warn", Tone.AMBER: "clock"}
_EMPTY = "Everything you sent has gone out."


class OutboxDialog(QDialog):
    """Stays open beside the window while rows come and go.

    Signals:
        asked: Action and draft_id.
        chosen: draft_id: its text is wanted.
    """

    asked = Signal(object, str)
    chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows: tuple[OutboxRow, ...] = ()
        self.setWindowTitle("Not sent yet")
        self._count = Label(theme, "", TypeRole.TITLE)
        self._caption = Label(theme, "", TypeRole.CAPTION, Ink.TEXT2).wrapping()
        page = QWidget()
        self._stack = column(theme, gap=8, margins=(0, 0, 6, 0), inside=page)
        close = Button(theme, "Close", ButtonRank.GHOST)
        close.setAutoDefault(False)
        close.clicked.connect(self.close)
        column(
            theme,
            self._count,
            self._caption,
            Grow(scrolling(page, "Messages")),
            row(theme, STRETCH, close),
            gap=8,
            margins=(24, 18, 18, 14),
            inside=self,
        )
        em = theme.em()
        room = self.screen().availableSize()
        self.resize(
            min(round(_EMS_WIDE * em), room.width()), min(round(_EMS_HIGH * em), room.height())
        )
        self.show_rows((), is_first=True)

    def show_rows(self, rows: Sequence[OutboxRow], *, is_first: bool = False) -> None:
        """The card that has the keyboard keeps it, if it is still there."""
        if tuple(rows) == self._rows and not is_first:
            return
        focused = self._focused_button()
        self._rows = tuple(rows)
        count = len(self._rows)
        self._count.setText(f"{count} not sent yet" if count else "Nothing waits")
        words = "Each is kept here until it has gone out or you decide." if count else _EMPTY
        self._caption.setText(words)
        clear(self._stack)
        for entry in self._rows:
            card = OutboxCard(self._theme, entry)
            card.asked.connect(self.asked)
            card.chosen.connect(self.chosen)
            self._stack.addWidget(card)
            card.show()
            card.take_focus(focused)
        self._stack.addStretch(1)

    def _focused_button(self) -> tuple[str, str]:
        for card in self.findChildren(OutboxCard):
            name = card.focused_name()
            if name:
                return card.view.draft_id, name
        return "", ""


class OutboxCard(Box):
    """One message."""

    asked = Signal(object, str)
    chosen = Signal(str)

    def __init__(self, theme: Theme, view: OutboxRow) -> None:
        super().__init__(theme, Ink.PAGE, Ink.LINE, radius=RADIUS_CARD)
        self.view = view
        parts = (f"To {view.who}", view.subject, view.age_label, view.state, view.detail)
        self.setAccessibleName(spoken(*parts))
        is_loud = view.tone in _ICONS
        ink = TONE_INKS[view.tone] if is_loud else Ink.TEXT2
        role = TypeRole.CAPTION_B if is_loud else TypeRole.CAPTION
        age = Label(theme, view.age_label, role, ink, tabular=True)
        who = Elided(theme, view.who, TypeRole.BODY_B)
        top = row(theme, Grow(who), Icon(theme, "clock", ink, 13), age, gap=4)
        stack = column(theme, top, gap=3, margins=(14, 10, 12, 10), inside=self)
        stack.addWidget(Elided(theme, view.subject, TypeRole.BODY, Ink.TEXT2))
        state = Label(theme, view.state, TypeRole.BODY_B if is_loud else TypeRole.BODY, ink)
        mark = Icon(theme, _ICONS.get(view.tone, "send"), ink, 16)
        stack.addLayout(row(theme, mark, Grow(state.wrapping()), gap=6))
        if view.detail:
            stack.addWidget(Label(theme, view.detail, TypeRole.CAPTION, Ink.TEXT2).wrapping())
        stack.addSpacing(theme.gap(4))
        stack.addLayout(row(theme, -2, Grow(flowing(*self._buttons(), gap=4))))

    def focused_name(self) -> str:
        focused = self.window().focusWidget()
        is_mine = focused is not None and self.isAncestorOf(focused)
        return focused.accessibleName() if is_mine and focused is not None else ""

    def take_focus(self, wanted: tuple[str, str]) -> None:
        if wanted[0] != self.view.draft_id:
            return
        buttons = self.findChildren(Button)
        named = [one for one in buttons if one.accessibleName() == wanted[1]] or buttons
        if named:
            named[0].show()
            named[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _buttons(self) -> list[Button]:
        made = []
        for action in self.view.buttons:
            button = Button.for_action(self.theme, action, small=True)
            button.setAutoDefault(False)
            button.clicked.connect(
                lambda _=False, one=action: self.asked.emit(one.action, self.view.draft_id)
            )
            made.append(button)
        hint = f"Show the mail that this answers: to {self.view.who}"
        show = Button(self.theme, "Show", ButtonRank.GHOST, hint=hint, small=True)
        show.setAutoDefault(False)
        show.clicked.connect(lambda: self.chosen.emit(self.view.draft_id))
        return [*made, show]
