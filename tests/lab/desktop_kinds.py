"""What kinds of desktop the lab has, and by which commands their programs start."""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final


class Session(Enum):
    """What draws the windows: an X server with xfwm4, or sway, whose screen is an X window.

    In that window a real pointer and real keys reach Wayland programs.
    """

    X11 = "x11"
    SWAY = "wayland"


class Tray(Enum):
    """Which program holds the tray.

    xfce4-panel and waybar (under sway only) speak StatusNotifier, tint2 and trayer only XEmbed.
    """

    XFCE = "xfce4-panel"
    TINT2 = "tint2"
    TRAYER = "trayer"
    WAYBAR = "waybar"
    NONE = ""


class Panel(Enum):
    """The colour of the panel; in a known one it holds the tray alone, with icons of 16 pixels."""

    AS_IT_COMES = ""
    DARK = "#1E1E20"
    LIGHT = "#EFEFEF"


class Notifier(Enum):
    """Which program shows alerts.

    xfce4-notifyd and mate-notification-daemon draw buttons; dunst has a menu of them. With the
    rules of the lab a left click on dunst acts, with those of Debian (DUNST_STOCK) it closes.
    notification-daemon shows one at a time. mako is for sway.
    """

    XFCE = "xfce4-notifyd"
    DUNST = "dunst"
    DUNST_STOCK = "dunst with the rules of Debian"
    NOTIFICATION_DAEMON = "notification-daemon"
    MATE = "mate-notification-daemon"
    MAKO = "mako"
    NONE = ""


class Keyring(Enum):
    """What the key store is like when the program starts."""

    UNLOCKED = "unlocked"
    LOCKED = "locked"
    NONE = ""


class Component(Enum):
    """A part of the desktop that a test may take away and bring back."""

    BUS = "bus"
    WINDOW_MANAGER = "window-manager"
    TRAY = "tray"
    NOTIFIER = "notifier"
    KEYRING = "keyring"


@dataclass(frozen=True, slots=True, kw_only=True)
class DesktopSettings:
    """What kind of desktop it is."""

    session: Session = Session.X11
    tray: Tray = Tray.XFCE
    panel: Panel = Panel.AS_IT_COMES
    notifier: Notifier = Notifier.XFCE
    keyring: Keyring = Keyring.UNLOCKED
    screen: str = "1280x800x24"


STATUS_NOTIFIER_TRAYS: Final = (Tray.XFCE, Tray.WAYBAR)
_DUNSTRC_OF_DEBIAN: Final = Path("/etc/xdg/dunst/dunstrc")
_TRAYS: Final = {
    Tray.XFCE: ("xfce4-panel", "--disable-wm-check"),
    Tray.TINT2: ("tint2",),
    Tray.TRAYER: ("trayer", "--edge", "top", "--widthtype", "request", "--height"),
    Tray.WAYBAR: ("waybar",),
}
# Daemons lie in folders that differ between releases of Debian.
_DAEMONS: Final = {
    Notifier.XFCE: "*/xfce4/notifyd/xfce4-notifyd",
    Notifier.NOTIFICATION_DAEMON: "**/notification-daemon/notification-daemon",
    Notifier.MATE: "**/mate-notification-daemon/mate-notification-daemon",
}


def tray_command(tray: Tray, panel: Panel) -> tuple[str, ...]:
    if tray is Tray.TRAYER:
        # Its icons are two pixels lower than it is.
        return (*_TRAYS[tray], "24" if panel is Panel.AS_IT_COMES else "18")
    return _TRAYS[tray]


def notifier_command(notifier: Notifier, home: Path) -> tuple[str, ...]:
    match notifier:
        case Notifier.DUNST:
            return ("dunst", "-conf", str(home / ".config/dunst/dunstrc"))
        case Notifier.DUNST_STOCK:
            return ("dunst", "-conf", str(_DUNSTRC_OF_DEBIAN))
        case Notifier.MAKO:
            return ("mako",)
        case _:
            return (str(next(Path("/usr/lib").glob(_DAEMONS[notifier]))),)
