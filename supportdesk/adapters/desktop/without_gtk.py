"""Keeps GTK out of the process on desktops where Qt would load it for its looks.

On GNOME, XFCE and their kin Qt takes its `gtk3` theme, which maps all of GTK into the process:
5 to 7 MB, for its file dialogs and the answers to what font and whether dark. Our look is our own,
so Qt's built-in `gnome` theme does, and `desktop_theme` asks the desktop for those two.
"""

from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager

_THEME = "QT_QPA_PLATFORMTHEME"
_PLATFORMS = ("xcb", "wayland")
_GTK_DESKTOPS = frozenset({"GNOME", "X-CINNAMON", "PANTHEON", "UNITY", "MATE", "XFCE", "LXDE"})
_OLD_SESSIONS = frozenset({"gnome", "xfce"})

GTK_FONT = ("Sans", 10.0)
"""What GTK itself takes where the desktop names no font."""


@contextmanager
def without_gtk(environ: MutableMapping[str, str]) -> Iterator[bool]:
    """While QApplication is made; yields whether Qt would have asked GTK for font and colours.

    The variable is taken back, so that no program that we start inherits it.
    """
    if not would_load_gtk(environ):
        yield False
        return
    environ[_THEME] = "gnome"
    try:
        yield True
    finally:
        del environ[_THEME]


def would_load_gtk(environ: Mapping[str, str]) -> bool:
    """As Qt decides it; not where the founder chose a theme, nor in a sandbox with a third one."""
    if environ.get(_THEME) or environ.get("SNAP") or environ.get("FLATPAK_ID"):
        return False
    platform = environ.get("QT_QPA_PLATFORM", "")
    if platform and not platform.startswith(_PLATFORMS):
        return False
    named = environ.get("XDG_CURRENT_DESKTOP", "")
    if named:
        return not _GTK_DESKTOPS.isdisjoint(named.upper().split(":"))
    if environ.get("KDE_FULL_SESSION"):
        return False
    session = environ.get("DESKTOP_SESSION", "").rpartition("/")[2]
    return bool(environ.get("GNOME_DESKTOP_SESSION_ID")) or session in _OLD_SESSIONS
