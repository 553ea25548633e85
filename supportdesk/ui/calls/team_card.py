"""Who is on the phones: a shape, a name, a state, since when; and what the shapes mean."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from supportdesk.ui.rows import MemberRow, MemberState
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import RADIUS_CARD, Ink, TypeRole
from supportdesk.ui.widgets.box import Box, clear, column
from supportdesk.ui.widgets.canvas import Canvas
from supportdesk.ui.widgets.flow import flowing
from supportdesk.ui.widgets.member_shape import paint_member_shape
from supportdesk.ui.widgets.tips import plain_tip

_LOUD = (MemberState.FREE, MemberState.RINGING)
_WORD_INKS = {MemberState.FREE: Ink.ACCENT_TEXT, MemberState.UNKNOWN: Ink.BRICK}
_LEGEND = (
    MemberState.FREE,
    MemberState.RINGING,
    MemberState.ON_A_CALL,
    MemberState.PAUSED,
    MemberState.GONE,
    MemberState.UNKNOWN,
)


class Member(QWidget):
    """One member; a change of state repaints, nothing moves."""

    def __init__(self, theme: Theme, row: MemberRow) -> None:
        super().__init__()
        self._theme = theme
        self._row = row
        self.setFixedHeight(int(2 * theme.metrics().height() + theme.gap(13)))
        self.show_member(row)

    def show_member(self, row: MemberRow) -> None:
        self._row = row
        self.setAccessibleName(row.accessible_text)
        self.setToolTip(plain_tip(row.accessible_text))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, row = self._theme, self._row
        metrics = theme.metrics()
        is_gone = row.state is MemberState.GONE
        with Canvas.over(theme, self) as canvas:
            base = theme.gap(6) + metrics.ascent()
            size = theme.mark(12)
            top = base - metrics.ascent() / 2 - size / 2 + 1
            paint_member_shape(canvas, row.state, 2, top, size)
            x = size + theme.gap(14)
            role = TypeRole.CAPTION_B if row.state in _LOUD else TypeRole.CAPTION
            ink = _WORD_INKS.get(row.state, Ink.TEXT2)
            word = canvas.text_right(self.width(), base, row.state.value, role, ink)
            name_ink = Ink.TEXT2 if is_gone else Ink.TEXT
            canvas.text(x, base, row.name, ink=name_ink, width=self.width() - x - word - 8)
            canvas.text(
                x,
                base + metrics.height(),
                row.since_line,
                TypeRole.CAPTION,
                Ink.TEXT3 if is_gone else Ink.TEXT2,
                width=self.width() - x,
                tabular=True,
            )


class LegendEntry(QWidget):
    """A shape and its word."""

    def __init__(self, theme: Theme, state: MemberState) -> None:
        super().__init__()
        self._theme = theme
        self._state = state
        metrics = theme.metrics(TypeRole.CAPTION)
        width = theme.mark(11) + 9 + metrics.horizontalAdvance(state.value)
        self.setFixedSize(int(width), int(metrics.height() + 3))
        self.setAccessibleName(f"Shape for {state.value}")

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        with Canvas.over(theme, self) as canvas:
            size = theme.mark(10)
            paint_member_shape(canvas, self._state, 0, (self.height() - size) / 2, size)
            metrics = theme.metrics(TypeRole.CAPTION)
            base = (self.height() + metrics.ascent() - metrics.descent()) / 2
            canvas.text(size + 6, base, self._state.value, TypeRole.CAPTION, Ink.TEXT2)


class TeamCard(Box):
    """The members in the order given."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, Ink.LIST, Ink.LINE, radius=RADIUS_CARD)
        self.setAccessibleName("On the phones")
        self._stack = column(theme, gap=2, margins=(14, 8, 14, 8), inside=self)
        self._members: dict[str, Member] = {}

    def show_members(self, rows: Sequence[MemberRow]) -> None:
        if list(self._members) != [row.key for row in rows]:
            clear(self._stack)
            self._members = {row.key: Member(self.theme, row) for row in rows}
            for member in self._members.values():
                self._stack.addWidget(member)
            return
        for row in rows:
            self._members[row.key].show_member(row)


def build_legend(theme: Theme) -> QWidget:
    entries = [LegendEntry(theme, state) for state in _LEGEND]
    return flowing(*entries, gap=theme.gap(10))
