"""Writes the home and the session of one lab desktop from the files in `desktop_files/`."""

import os
import re
from pathlib import Path

_FILES = Path(__file__).parent / "desktop_files"
_SERVICES = Path("/usr/share/dbus-1/services")
_XFCE = ".config/xfce4/xfconf/xfce-perchannel-xml"
_ACTIVATABLE = ("org.xfce.Xfconf", "org.a11y.Bus", "ca.desrt.dconf")
_PROMPTERS = ("org.gnome.keyring.SystemPrompter", "org.gnome.keyring.PrivatePrompter")

KEYRING_PASSWORD = "lab"


def write_session(folder: Path, *, may_prompt: bool, screen: str) -> None:
    """Prepare `folder`; with `may_prompt`, the key store can ask for its password on screen."""
    home = folder / "home"
    for path in (
        folder / "log",
        folder / "services",
        home / ".cache",
        home / ".local/share",
        home / _XFCE,
        home / ".config/dunst",
        home / ".config/waybar",
    ):
        path.mkdir(parents=True)
    for private in ("run", "run/keyring"):
        (folder / private).mkdir(mode=0o700)
    _copy("bus.conf", folder / "bus.conf", folder)
    _copy("dunstrc", home / ".config/dunst/dunstrc", folder)
    _copy("xfce4-panel.xml", home / _XFCE / "xfce4-panel.xml", folder)
    _copy("xsettings.xml", home / _XFCE / "xsettings.xml", folder)
    _copy("waybar.json", home / ".config/waybar/config", folder)
    _copy("sway.conf", folder / "sway.conf", folder)
    size = screen.rpartition("x")[0]
    sway = folder / "sway.conf"
    sway.write_text(sway.read_text().replace("@SIZE@", size))
    for service in _ACTIVATABLE + (_PROMPTERS if may_prompt else ()):
        _copy_service(service, folder / "services")
    # dunst draws no buttons: it offers the actions to this program, which picks the wanted one.
    pick = folder / "pick-action"
    pick.write_text(f'#!/bin/sh\ngrep -F -m1 -- "$(cat {folder}/wanted-action)"\n')
    pick.chmod(0o755)
    (folder / "keyring-password").write_text(KEYRING_PASSWORD)


def write_plain_panels(folder: Path, colour: str) -> None:
    """Give every panel this colour (as #RRGGBB), and nothing but the tray."""
    home = folder / "home"
    (home / ".config/tint2").mkdir(parents=True)
    shares = [str(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5)]
    words = dict(zip(("@RED@", "@GREEN@", "@BLUE@"), shares, strict=True))
    for name, target in (
        ("plain-xfce4-panel.xml", home / _XFCE / "xfce4-panel.xml"),
        ("plain-tint2rc", home / ".config/tint2/tint2rc"),
        ("plain-waybar.css", home / ".config/waybar/style.css"),
        ("plain-gtkrc", home / ".gtkrc-2.0"),
    ):
        text = (_FILES / name).read_text()
        for word, value in {**words, "@COLOUR@": colour}.items():
            text = text.replace(word, value)
        target.write_text(text)


def session_environment(folder: Path, *, display: str) -> dict[str, str]:
    """Return the whole environment of a program on the lab desktop."""
    home = folder / "home"
    kept = ("PATH", "CI", "SUPPORTDESK_HOME", "VIRTUAL_ENV", "SSL_CERT_FILE")
    return {
        **{name: os.environ[name] for name in kept if name in os.environ},
        "DISPLAY": display,
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(folder / "run"),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "XDG_DATA_HOME": str(home / ".local/share"),
        "XDG_CURRENT_DESKTOP": "XFCE",
        "XDG_SESSION_TYPE": "x11",
        "DBUS_SESSION_BUS_ADDRESS": f"unix:path={folder}/run/bus",
        "NO_AT_BRIDGE": "0",
        "GTK_A11Y": "atspi",
        "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
        "LIBGL_ALWAYS_SOFTWARE": "1",
        "LANG": "C.UTF-8",
    }


def _copy(name: str, target: Path, folder: Path) -> None:
    target.write_text((_FILES / name).read_text().replace("@FOLDER@", str(folder)))


def _copy_service(name: str, services: Path) -> None:
    source = _SERVICES / f"{name}.service"
    if source.exists():
        text = re.sub(r"^SystemdService.*\n", "", source.read_text(), flags=re.MULTILINE)
        (services / source.name).write_text(text)
