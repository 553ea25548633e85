"""Font and colours of the desktop: from its portal, and on X from its settings.

Where Qt would ask GTK, which we keep out (`without_gtk`), this asks instead, on the links that are
there anyway. It tells what the desktop says at the start and whenever it changes its mind.
"""

import os
from collections.abc import Mapping, MutableMapping

from PySide6.QtCore import QObject, Signal

from supportdesk.adapters.desktop.bus import BusConnection, LinkState
from supportdesk.adapters.desktop.bus_messages import (
    BusSignal,
    Call,
    Reply,
    SignalSpec,
    owner_changes,
)
from supportdesk.protocols.gtk_look import DesktopFont, font_in, is_dark_theme

_PORTAL = "org.freedesktop.portal.Desktop"
_PORTAL_PATH = "/org/freedesktop/portal/desktop"
_PORTAL_SETTINGS = "org.freedesktop.portal.Settings"
_APPEARANCE = "org.freedesktop.appearance"
_SCHEME = (_APPEARANCE, "color-scheme")
_INTERFACE = "org.gnome.desktop.interface"
_DARK = {1: True, 2: False}
_CURSOR = {"cursor-theme": "XCURSOR_THEME", "cursor-size": "XCURSOR_SIZE"}
_LOOK = ("font-name", "text-scaling-factor", "gtk-theme", *_CURSOR)
_LARGEST_SCALE = 5.0


class DesktopTheme(QObject):
    """Asks the portal over the app's session bus, and is given the settings of the X screen.

    Args:
        is_gtk: Whether the desktop is one whose font and theme GTK's settings name; others are
            only asked whether they prefer dark.

    Signals:
        dark_told: True, False, or None for no preference.
        font_told: The DesktopFont; never where the desktop names none.
    """

    dark_told = Signal(object)
    font_told = Signal(object)

    def __init__(
        self,
        bus: BusConnection,
        *,
        is_gtk: bool,
        environ: MutableMapping[str, str] = os.environ,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._bus = bus
        self._is_gtk = is_gtk
        self._environ = environ
        self._portal: dict[str, object] = {}
        self._x_settings: Mapping[str, object] = {}
        self._is_dark: bool | None = None
        self._font: DesktopFont | None = None

    def start(self) -> None:
        """Listen, and ask. The owner opens the bus."""
        self._bus.listen(
            SignalSpec(
                interface=_PORTAL_SETTINGS,
                member="SettingChanged",
                path=_PORTAL_PATH,
                signature="ssv",
            ),
            self._setting_changed,
        )
        self._bus.listen(owner_changes(_PORTAL), self._portal_owner_changed)
        self._bus.ready.connect(self._ask)
        if self._bus.state is LinkState.READY:
            self._ask()

    def set_x_settings(self, settings: Mapping[str, object]) -> None:
        if self._is_gtk:
            self._x_settings = settings
            self._tell()

    # --- the portal --------------------------------------------------------------------------

    def _ask(self) -> None:
        """A portal that is not running is not started for this: it is asked when it comes."""
        self._bus.call(
            Call(
                service=_PORTAL,
                path=_PORTAL_PATH,
                interface=_PORTAL_SETTINGS,
                member="ReadAll",
                signature="as",
                body=([_APPEARANCE, _INTERFACE] if self._is_gtk else [_APPEARANCE],),
                may_start=False,
                answer="a{sa{sv}}",
            ),
            self._all_told,
        )

    def _portal_owner_changed(self, signal: BusSignal) -> None:
        if signal.body[2]:
            self._ask()

    def _all_told(self, reply: Reply) -> None:
        for namespace, settings in reply.body[0].items():
            for key, (_, value) in settings.items():
                self._keep(namespace, key, value)
        self._tell()

    def _setting_changed(self, signal: BusSignal) -> None:
        namespace, key, (_, value) = signal.body
        self._keep(namespace, key, value)
        self._tell()

    def _keep(self, namespace: str, key: str, value: object) -> None:
        is_look = self._is_gtk and namespace == _INTERFACE and key in _LOOK
        if is_look or (namespace, key) == _SCHEME:
            self._portal[key] = value

    # --- what follows from it ----------------------------------------------------------------

    def _tell(self) -> None:
        is_dark, font = self._dark_now(), self._font_now()
        if is_dark is not self._is_dark:
            self._is_dark = is_dark
            self.dark_told.emit(is_dark)
        if font is not None and font != self._font:
            self._font = font
            self.font_told.emit(font)
        self._set_cursor()

    def _dark_now(self) -> bool | None:
        """Who has no preference may still have a dark theme."""
        scheme = self._portal.get("color-scheme")
        if isinstance(scheme, int) and scheme in _DARK:
            return _DARK[scheme]
        return is_dark_theme(self._x_words("Net/ThemeName") or self._portal_words("gtk-theme"))

    def _font_now(self) -> DesktopFont | None:
        """X has the scale of texts in its resolution already, the portal's size is without it."""
        named = font_in(self._x_words("Gtk/FontName"))
        if named is not None:
            return named
        scale = self._portal.get("text-scaling-factor")
        if not isinstance(scale, float) or not 0 < scale <= _LARGEST_SCALE:
            scale = 1.0
        return font_in(self._portal_words("font-name"), scale=scale)

    def _set_cursor(self) -> None:
        """On Wayland Qt looks for the pointer's theme here, before the first one is shown."""
        if not self._environ.get("WAYLAND_DISPLAY"):
            return
        for key, variable in _CURSOR.items():
            value = self._portal.get(key)
            if value and isinstance(value, str | int):
                self._environ.setdefault(variable, str(value))

    def _x_words(self, name: str) -> str:
        value = self._x_settings.get(name)
        return value if isinstance(value, str) else ""

    def _portal_words(self, key: str) -> str:
        value = self._portal.get(key)
        return value if isinstance(value, str) else ""
