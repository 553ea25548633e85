"""Buttons that paint themselves: icon, words, key cap, and a focus ring outside the edge."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy

from supportdesk.ui.rows import ActionButton, ButtonRank
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import (
    CONTROL_HEIGHT,
    CONTROL_SMALL_HEIGHT,
    RADIUS_CARD,
    RADIUS_CONTROL,
    Ink,
    TypeRole,
)
from supportdesk.ui.widgets.canvas import Canvas, is_focus_shown
from supportdesk.ui.widgets.tips import plain_tip

_RING = 2
_ICON = 17
_LEAST_WIDTH = 80


def key_cap_width(theme: Theme, key: str) -> float:
    metrics = theme.metrics(TypeRole.CAPTION)
    return max(metrics.horizontalAdvance(key) + theme.gap(8), metrics.height())


def paint_key_cap(canvas: Canvas, x: float, y: float, key: str, ink: Ink, line: Ink) -> None:
    metrics = canvas.theme.metrics(TypeRole.CAPTION)
    width = key_cap_width(canvas.theme, key)
    canvas.rounded(QRectF(x, y, width, metrics.height() + 2), 4, None, line)
    text_x = x + (width - metrics.horizontalAdvance(key)) / 2
    canvas.text(text_x, y + 1 + metrics.ascent(), key, TypeRole.CAPTION, ink)


class _Inks(NamedTuple):
    words: Ink
    mark: Ink
    cap: Ink


class Button(QPushButton):
    """Primary (filled), secondary (edge) or ghost. An icon alone needs a `hint` as its name."""

    def __init__(
        self,
        theme: Theme,
        label: str = "",
        rank: ButtonRank = ButtonRank.SECONDARY,
        *,
        icon: str = "",
        key: str = "",
        hint: str = "",
        small: bool = False,
    ) -> None:
        super().__init__(label)
        self._theme = theme
        self._rank = rank
        self._icon = icon
        self._key = key
        self._small = small
        self._gives_way = False
        role = TypeRole.BODY_B if rank is ButtonRank.PRIMARY else TypeRole.BODY
        self._role = role
        self.setFont(theme.font(role))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(hint or label)
        self._rest_hint = _hint(label, key, hint)
        self.setToolTip(plain_tip(self._rest_hint))

    @classmethod
    def for_action(cls, theme: Theme, action: ActionButton, *, small: bool = False) -> Button:
        button = cls(
            theme,
            action.label,
            action.rank,
            icon=action.icon,
            key=action.shortcut,
            hint=action.hint,
            small=small,
        )
        button.set_possible(action.is_enabled, action.why_not)
        return button

    @property
    def rank(self) -> ButtonRank:
        return self._rank

    def set_possible(self, is_possible: bool, why_not: str = "") -> None:
        """Enabled, or disabled with the reason as tooltip; no hand for what cannot be done."""
        self.setEnabled(is_possible)
        self.setToolTip(plain_tip(self._rest_hint if is_possible else why_not or self._rest_hint))
        shape = Qt.CursorShape.PointingHandCursor if is_possible else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)

    def giving_way(self) -> Button:
        """Short of room its words are elided; the tooltip has them whole."""
        self._gives_way = True
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        return self

    def set_label(self, label: str, hint: str = "") -> None:
        self.setText(label)
        self.setAccessibleName(hint or label)
        self._rest_hint = _hint(label, self._key, hint)
        self.setToolTip(plain_tip(self._rest_hint))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = self._theme.metrics(self._role)
        least = CONTROL_SMALL_HEIGHT if self._small else CONTROL_HEIGHT
        height = max(least, metrics.height() + self._theme.gap(6 if self._small else 12))
        width = max(self._content_width() + 2 * self._padding(), height)
        return QSize(int(width) + 2 * _RING, int(height) + 2 * _RING)

    def minimumSizeHint(self) -> QSize:
        hint = self.sizeHint()
        return QSize(min(hint.width(), _LEAST_WIDTH), hint.height()) if self._gives_way else hint

    def paintEvent(self, event: QPaintEvent) -> None:
        with Canvas.over(self._theme, self) as canvas:
            rect = QRectF(self.rect()).adjusted(_RING, _RING, -_RING, -_RING)
            self._paint_ground(canvas, rect)
            self._paint_content(canvas, rect, self._inks())
            if is_focus_shown(self):
                canvas.focus_ring(QRectF(self.rect()), RADIUS_CARD)
                inner = rect.adjusted(0.5, 0.5, -0.5, -0.5)
                canvas.rounded(inner, RADIUS_CONTROL, None, Ink.PAGE)

    def _is_tight(self) -> bool:
        return self._small or self._rank is ButtonRank.GHOST

    def _padding(self) -> int:
        return self._theme.gap(7 if self._is_tight() else 11)

    def _spacing(self) -> int:
        return self._theme.gap(5 if self._is_tight() else 7)

    def _content_width(self) -> float:
        parts: list[float] = []
        if self._icon:
            parts.append(self._theme.mark(_ICON))
        if self.text():
            parts.append(self._theme.metrics(self._role).horizontalAdvance(self.text()))
        if self._key:
            parts.append(key_cap_width(self._theme, self._key))
        return sum(parts) + self._spacing() * (len(parts) - 1)

    def _inks(self) -> _Inks:
        if not self.isEnabled():
            return _Inks(Ink.TEXT3, Ink.TEXT3, Ink.LINE)
        if self._rank is ButtonRank.PRIMARY:
            return _Inks(Ink.ON_ACCENT, Ink.ON_ACCENT, Ink.ON_ACCENT)
        if self.isChecked():
            return _Inks(Ink.ACCENT_TEXT, Ink.ACCENT_TEXT, Ink.LINE)
        return _Inks(Ink.TEXT, Ink.TEXT2, Ink.LINE)

    def _paint_ground(self, canvas: Canvas, rect: QRectF) -> None:
        fill, line = self._ground()
        if fill is not None:
            canvas.rounded(rect, RADIUS_CONTROL, fill, line)

    def _ground(self) -> tuple[Ink | None, Ink | None]:
        is_enabled, is_hovered = self.isEnabled(), self.underMouse()
        if self.isCheckable() and self.isChecked():
            return Ink.SELECTED, None
        match self._rank:
            case ButtonRank.PRIMARY if not is_enabled:
                return Ink.HOVER, None
            case ButtonRank.PRIMARY:
                return (Ink.ACCENT_HOVER if is_hovered or self.isDown() else Ink.ACCENT), None
            case ButtonRank.SECONDARY if not is_enabled:
                return Ink.RAISED, Ink.LINE
            case ButtonRank.SECONDARY:
                return self._live_ground(is_hovered, Ink.RAISED), Ink.EDGE
            case ButtonRank.GHOST:
                return (self._live_ground(is_hovered, None) if is_enabled else None), None

    def _live_ground(self, is_hovered: bool, rest: Ink | None) -> Ink | None:
        if self.isDown():
            return Ink.PRESSED
        return Ink.HOVER if is_hovered else rest

    def _paint_content(self, canvas: Canvas, rect: QRectF, inks: _Inks) -> None:
        theme = self._theme
        metrics = theme.metrics(self._role)
        centre = rect.center().y()
        x = max(rect.x() + (rect.width() - self._content_width()) / 2, rect.x())
        if self._icon:
            size = theme.mark(_ICON)
            canvas.icon(self._icon, inks.mark, x, centre - size / 2, size)
            x += size + self._spacing()
        if self.text():
            base = centre + (metrics.ascent() - metrics.descent()) / 2
            room = rect.right() - x if self._gives_way else None
            advance = canvas.text(x, base, self.text(), self._role, inks.words, width=room)
            x += advance + self._spacing()
        if self._key:
            top = centre - theme.metrics(TypeRole.CAPTION).height() / 2 - 1
            paint_key_cap(canvas, x, top, self._key, inks.mark, inks.cap)


def _hint(label: str, key: str, hint: str) -> str:
    words = hint or label
    return f"{words} ({key})" if key and f"({key})" not in words else words
