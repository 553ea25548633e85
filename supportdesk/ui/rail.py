"""The rail: the pages, with counts as words; health and settings at the bottom."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRectF, QSignalBlocker, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton

from supportdesk.ui.rows import Page, RailView
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import (
    RADIUS_CONTROL,
    RAIL_NARROW_WIDTH,
    RAIL_WIDTH,
    Ink,
    TypeRole,
)
from supportdesk.ui.widgets.box import STRETCH, Box, Edge, column
from supportdesk.ui.widgets.canvas import Canvas, is_focus_shown
from supportdesk.ui.widgets.density import Density


class _Entry(NamedTuple):
    page: Page
    icon: str
    label: str
    short: str
    key: str


_TOP = (
    _Entry(Page.INBOX, "inbox", "Inbox", "Inbox", "Ctrl+1"),
    _Entry(Page.CALLS, "phone", "Calls", "Calls", "Ctrl+2"),
    _Entry(Page.VOICES, "quote", "Voices", "Voices", "Ctrl+3"),
    _Entry(Page.WEEK, "week", "My week", "Week", "Ctrl+4"),
)
_BOTTOM = (
    _Entry(Page.HEALTH, "pulse", "Is it working?", "Health", ""),
    _Entry(Page.SETTINGS, "settings", "Settings", "Set up", ""),
)


class RailItem(QAbstractButton):
    """One page: icon, word, count. Chosen = ground, ink and weight.

    Signals:
        chosen: By a click, also when it was chosen already, or by what a screen reader toggles.
    """

    chosen = Signal()

    def __init__(self, theme: Theme, entry: _Entry, density: Density) -> None:
        super().__init__()
        self._theme = theme
        self._entry = entry
        self._density = density
        self._count = ""
        self._is_warning = False
        self._has_word = True
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setText(entry.label)
        self.setToolTip(f"{entry.label} ({entry.key})" if entry.key else entry.label)
        self.setFixedHeight(self._height())
        self.set_state("", is_warning=False)
        self._was_on = False
        self.toggled.connect(self._on_toggled)
        self.pressed.connect(self._on_pressed)
        self.clicked.connect(self._on_clicked)

    def set_state(self, count: str, *, is_warning: bool) -> None:
        self._count, self._is_warning = count, is_warning
        name = f"{self._entry.label} {count}".strip()
        self.setAccessibleName(f"{name}, needs a look" if is_warning else name)
        self.update()

    def show_word(self, *, is_shown: bool) -> None:
        """Beside the icon, or the icon alone; the tooltip and the name always have the word."""
        if is_shown is not self._has_word:
            self._has_word = is_shown
            self.setFixedHeight(self._height())
            self.update()

    def mark_chosen(self) -> None:
        """Show that this page is on, without choosing it."""
        with QSignalBlocker(self):
            self.setChecked(True)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with Canvas.over(self._theme, self) as canvas:
            rect = QRectF(self.rect())
            if self.isChecked():
                canvas.rounded(rect, RADIUS_CONTROL, Ink.SELECTED)
            elif self.underMouse():
                canvas.rounded(rect, RADIUS_CONTROL, Ink.HOVER)
            if self._density is Density.WIDE:
                self._paint_wide(canvas, rect)
            else:
                self._paint_narrow(canvas, rect)
            if is_focus_shown(self):
                canvas.focus_ring(rect, RADIUS_CONTROL)

    def _on_toggled(self, is_on: bool) -> None:
        if is_on:
            self.chosen.emit()

    def _on_pressed(self) -> None:
        self._was_on = self.isChecked()

    def _on_clicked(self) -> None:
        if self._was_on:
            self.chosen.emit()

    def _height(self) -> int:
        theme = self._theme
        if self._density is Density.WIDE:
            return int(max(34, theme.metrics().height() + theme.gap(14)))
        caption = theme.metrics(TypeRole.CAPTION).height() if self._has_word else 0
        return int(theme.mark(20) + caption + theme.gap(16 if self._has_word else 8))

    def _paint_wide(self, canvas: Canvas, rect: QRectF) -> None:
        theme, is_on = self._theme, self.isChecked()
        size = theme.mark(18)
        canvas.icon(self._entry.icon, self._icon_ink(), 10, rect.center().y() - size / 2, size)
        metrics = theme.metrics()
        base = rect.center().y() + (metrics.ascent() - metrics.descent()) / 2
        x = 10 + size + 10
        role = TypeRole.BODY_B if is_on else TypeRole.BODY
        ink = Ink.ACCENT_TEXT if is_on else Ink.TEXT
        count_width = metrics.horizontalAdvance(self._count) + 16
        canvas.text(x, base, self._entry.label, role, ink, width=rect.width() - x - count_width)
        if self._count:
            count_ink = Ink.ACCENT_TEXT if is_on else self._warn_or(Ink.TEXT2)
            canvas.text_right(rect.right() - 10, base, self._count, TypeRole.BODY, count_ink)

    def _paint_narrow(self, canvas: Canvas, rect: QRectF) -> None:
        theme = self._theme
        size = theme.mark(18)
        x = rect.center().x() - size / 2
        canvas.icon(self._entry.icon, self._icon_ink(), x, theme.gap(6), size)
        if self._has_word:
            ink = Ink.ACCENT_TEXT if self.isChecked() else Ink.TEXT
            base = rect.bottom() - theme.gap(7)
            canvas.text_centred(rect.center().x(), base, self._entry.short, TypeRole.CAPTION, ink)
        if self._count:
            top = theme.gap(4) + theme.metrics(TypeRole.CAPTION_B).ascent()
            right = rect.right() - theme.gap(4)
            count_ink = self._warn_or(Ink.TEXT2)
            canvas.text_right(right, top, self._count, TypeRole.CAPTION_B, count_ink)

    def _icon_ink(self) -> Ink:
        return self._warn_or(Ink.ACCENT_TEXT if self.isChecked() else Ink.TEXT2)

    def _warn_or(self, ink: Ink) -> Ink:
        return Ink.BRICK if self._is_warning else ink


class Rail(Box):
    """`page_asked` is the founder's choice."""

    page_asked = Signal(object)

    def __init__(self, theme: Theme, density: Density) -> None:
        super().__init__(theme, Ink.RAIL, edges=Edge.RIGHT)
        is_wide = density is Density.WIDE
        self.setAccessibleName("Pages")
        self.setFixedWidth(theme.mark(RAIL_WIDTH if is_wide else RAIL_NARROW_WIDTH))
        self._items = {e.page: RailItem(theme, e, density) for e in (*_TOP, *_BOTTOM)}
        for page, item in self._items.items():
            item.chosen.connect(lambda p=page: self.page_asked.emit(p))
        stack = column(
            theme,
            *[self._items[entry.page] for entry in _TOP],
            STRETCH,
            *[self._items[entry.page] for entry in _BOTTOM],
            gap=2 if is_wide else 10,
            margins=(8, 10, 8, 10) if is_wide else (4, 10, 4, 10),
            inside=self,
        )
        self._is_narrow = not is_wide
        self._tallest = stack.minimumSize().height()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # Under a strip of several lines and a card the last words would be cut.
        has_room = not self._is_narrow or self.height() >= self._tallest
        for item in self._items.values():
            item.show_word(is_shown=has_room)

    def show_rail(self, view: RailView) -> None:
        self._items[Page.INBOX].set_state(view.inbox_count, is_warning=False)
        self._items[Page.CALLS].set_state(view.calls_count, is_warning=False)
        warning = view.is_health_warning
        self._items[Page.HEALTH].set_state("!" if warning else "", is_warning=warning)

    def set_page(self, page: Page) -> None:
        self._items[page].mark_chosen()
