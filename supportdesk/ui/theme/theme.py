"""The one Theme object: current colours, fonts and sizes. Built once, handed to every widget."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetricsF, QPalette, QPixmap
from PySide6.QtWidgets import QApplication

from supportdesk.ui.theme.palette import build_palette, build_style_sheet
from supportdesk.ui.theme.tokens import DARK, LARGE_TEXT, LIGHT, Ink, TypeRole

FUSION = ("-style", "Fusion")
"""To be among the arguments of QApplication. To set the style later makes the class QStyle, whose
600 members of enums are 0.5 MB in an idle tray."""

_DARK_GROUND = 128
"""A window ground with less lightness than this is a dark desktop."""
_DEFAULT_POINTS = 10.0
_PIXMAPS_KEPT = 2_000


class Theme(QObject):
    """Colours, fonts, sizes and icons of the moment.

    Colours may change at any time: `colours_changed` tells those who keep one. Text sizes change
    rarely: after `sizes_changed` the window builds its pages anew, so widgets measure only once.
    """

    colours_changed = Signal()
    desktop_changed = Signal()
    sizes_changed = Signal()
    reading_zoom_changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        font = QFont(app.font())
        points = font.pointSizeF()
        self._base_points = points if points > 0 else _DEFAULT_POINTS
        self._family_font = font
        self._scheme_is_dark = self._is_dark(app.palette())
        self._desktop_is_dark: bool | None = None
        self._wanted_dark: bool | None = None
        self._own_scale = 1.0
        self._desktop_scale = 1.0
        self._reading_zoom = 1.0
        self._is_dark_now = self._resolve()
        self._fonts: dict[tuple[TypeRole, bool], QFont] = {}
        self._metrics: dict[tuple[TypeRole, bool], QFontMetricsF] = {}
        self._colours: dict[Ink, QColor] = {}
        self._pixmaps: dict[Hashable, QPixmap] = {}
        self._is_dressed = False
        self._apply_font()
        self._apply_colours()
        app.styleHints().colorSchemeChanged.connect(self._on_desktop_changed)

    def dress(self) -> None:
        """Give all widgets their style sheet; who makes the first one says so.

        A tray of which nobody has opened anything does without, and so without 1 MB.
        """
        if not self._is_dressed:
            self._is_dressed = True
            self._app.setStyleSheet(build_style_sheet(DARK if self._is_dark_now else LIGHT))

    # --- what is wanted ----------------------------------------------------------------

    def want_dark(self, wanted: bool | None) -> None:
        """True or False by the founder's setting; None follows the desktop."""
        self._wanted_dark = wanted
        self._settle()

    def set_desktop_is_dark(self, is_dark: bool | None) -> None:
        """What the desktop says (`desktop_theme`), where Qt itself cannot know."""
        self._desktop_is_dark = is_dark
        self._settle()

    def set_text_scale(self, scale: float) -> None:
        if scale == self._own_scale:
            return
        self._own_scale = scale
        self._apply_font()
        self.sizes_changed.emit()

    def set_reading_zoom(self, zoom: float) -> None:
        """How much larger than the rest of the window messages are shown."""
        if zoom != self._reading_zoom:
            self._reading_zoom = zoom
            self.reading_zoom_changed.emit()

    def set_base_font(self, family: str, points: float, scale: float = 1.0) -> None:
        """The desktop's font, where Qt does not know it, or that of pictures: alike everywhere.

        The scale is how much larger the founder has texts on the whole desktop.
        """
        before = (self._family_font.family(), self._base_points, self._desktop_scale)
        if (family, points, scale) == before:
            return
        self._desktop_scale = scale
        self._family_font = QFont(family)
        self._base_points = points
        self._apply_font()
        self.sizes_changed.emit()

    @property
    def is_dark(self) -> bool:
        return self._is_dark_now

    @property
    def is_desktop_dark(self) -> bool:
        """What the desktop itself prefers, whatever the founder chose for the window."""
        return self._scheme_is_dark or bool(self._desktop_is_dark)

    @property
    def scale(self) -> float:
        """Of texts: what the founder wants here, on top of what the desktop does."""
        return self._own_scale * self._desktop_scale

    @property
    def reading_zoom(self) -> float:
        return self._reading_zoom

    @property
    def is_large(self) -> bool:
        """Text so large that rows wrap instead of eliding."""
        return self.scale >= LARGE_TEXT

    # --- what widgets ask --------------------------------------------------------------

    def hex(self, ink: Ink) -> str:
        return (DARK if self._is_dark_now else LIGHT)[ink]

    def colour(self, ink: Ink) -> QColor:
        known = self._colours.get(ink)
        if known is None:
            known = self._colours[ink] = QColor(self.hex(ink))
        return known

    def font(self, role: TypeRole = TypeRole.BODY, *, tabular: bool = False) -> QFont:
        """The font of a role; tabular figures for what ticks or stacks."""
        known = self._fonts.get((role, tabular))
        if known is not None:
            return known
        font = QFont(self._family_font)
        font.setPointSizeF(self._base_points * self.scale * role.value.factor)
        font.setWeight(QFont.Weight(role.value.weight))
        if tabular:
            font.setFeature(QFont.Tag("tnum"), 1)
        self._fonts[role, tabular] = font
        return font

    def metrics(self, role: TypeRole = TypeRole.BODY, *, tabular: bool = False) -> QFontMetricsF:
        known = self._metrics.get((role, tabular))
        if known is None:
            known = QFontMetricsF(self.font(role, tabular=tabular))
            self._metrics[role, tabular] = known
        return known

    def em(self) -> float:
        """The body text size in pixels."""
        return QFontInfo(self.font()).pixelSize()

    def mark(self, pixels: float) -> int:
        """Marks and icons grow with the text, a little slower."""
        return round(pixels * (1 + (self.scale - 1) * 0.8))

    def gap(self, pixels: float) -> int:
        """Gaps grow much slower: the text gets the room."""
        return round(pixels * (1 + (self.scale - 1) * 0.35))

    def icon(self, name: str, ink: Ink, size: int, ratio: float = 1.0) -> QPixmap:
        # With it comes QtSvg, 1 MB that a tray without a window has no use for.
        from supportdesk.ui.theme.icons import render_icon

        return self.pixmap(
            (name, ink, size, ratio),
            lambda: render_icon(name, self.hex(ink), size, ratio, self.hex(Ink.ON_ACCENT)),
        )

    def pixmap(self, key: Hashable, draw: Callable[[], QPixmap]) -> QPixmap:
        """What is drawn often and always alike; drawn anew once colours or sizes are others."""
        known = self._pixmaps.get(key)
        if known is None:
            if len(self._pixmaps) >= _PIXMAPS_KEPT:
                self._pixmaps.clear()
            known = self._pixmaps[key] = draw()
        return known

    # --- how it changes ----------------------------------------------------------------

    def _resolve(self) -> bool:
        return self.is_desktop_dark if self._wanted_dark is None else self._wanted_dark

    def _on_desktop_changed(self) -> None:
        """The app's palette is ours by now: that of the style follows the scheme of the desktop."""
        self._scheme_is_dark = self._is_dark(self._app.style().standardPalette())
        self._settle()

    def _settle(self) -> None:
        self.desktop_changed.emit()
        is_dark = self._resolve()
        if is_dark != self._is_dark_now:
            self._is_dark_now = is_dark
            self._apply_colours()

    def _apply_colours(self) -> None:
        colours = DARK if self._is_dark_now else LIGHT
        self._colours.clear()
        self._pixmaps.clear()
        self._app.setPalette(build_palette(colours))
        if self._is_dressed:
            self._app.setStyleSheet(build_style_sheet(colours))
        self.colours_changed.emit()

    def _apply_font(self) -> None:
        self._fonts.clear()
        self._metrics.clear()
        self._pixmaps.clear()
        self._app.setFont(self.font())

    @staticmethod
    def _is_dark(palette: QPalette) -> bool:
        return palette.color(QPalette.ColorRole.Window).lightness() < _DARK_GROUND
