"""Starting with the session, as each system's own reader of it sees it."""

import plistlib
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings

from supportdesk.adapters.desktop.autostart import (
    LaunchAgent,
    RunKey,
    XdgAutostart,
    autostart_here,
    own_command,
)
from supportdesk.domain.errors import StoreError
from tests.lab.waiting import wait_until

_ODD = ["/opt/my programs/supportdesk", '--x=100% $HOME `id` "quoted" back\\slash', "--background"]


def _xdg(folder: Path, command: list[str] | None = None) -> XdgAutostart:
    return XdgAutostart(folder / "autostart", command or ["supportdesk"], {})


def test_it_is_off_until_it_is_switched_on_and_off_again(tmp_path: Path) -> None:
    switch = _xdg(tmp_path)
    assert not switch.is_on()
    switch.switch(on=True)
    switch.switch(on=True)
    assert switch.is_on()
    assert [path.name for path in (tmp_path / "autostart").iterdir()] == ["supportdesk.desktop"]
    switch.switch(on=False)
    switch.switch(on=False)
    assert not switch.is_on()


@pytest.mark.parametrize("line", ["Hidden=true", "X-GNOME-Autostart-enabled = false"])
def test_what_the_desktop_switched_off_is_off(tmp_path: Path, line: str) -> None:
    switch = _xdg(tmp_path)
    switch.switch(on=True)
    file = tmp_path / "autostart/supportdesk.desktop"
    file.write_text(file.read_text().replace("X-GNOME-Autostart-enabled=true", line))
    assert not switch.is_on()
    switch.switch(on=True)
    assert switch.is_on()


_LAUNCH = """
import sys
import gi
gi.require_version("Gio", "2.0")
from gi.repository import Gio
entry = Gio.DesktopAppInfo.new_from_filename(sys.argv[1])
entry.launch([], None)
"""


@pytest.mark.desktop
def test_a_desktop_starts_the_very_command(tmp_path: Path) -> None:
    """GLib reads it, whose rules of quoting are those of most desktops."""
    script, told = tmp_path / "a program", tmp_path / "told"
    script.write_text(f'#!/bin/sh\nprintf "%s\\n" "$HOME_OF_IT" "$@" > "{told}.part"\n')
    script.write_text(script.read_text() + f'mv "{told}.part" "{told}"\n')
    script.chmod(0o755)
    XdgAutostart(tmp_path, [str(script), *_ODD[1:]], {"HOME_OF_IT": "/a place/100%"}).switch(
        on=True
    )
    file = tmp_path / "supportdesk.desktop"
    ran = subprocess.run(
        ["/usr/bin/python3", "-c", _LAUNCH, str(file)], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    wait_until(told.exists, seconds=30, what="the program to be started")
    assert told.read_text().splitlines() == ["/a place/100%", *_ODD[1:]]


def test_the_home_of_this_run_is_that_of_the_next(tmp_path: Path) -> None:
    environ = {"XDG_CONFIG_HOME": str(tmp_path), "SUPPORTDESK_HOME": "/portable/desk"}
    autostart_here(environ, "linux").switch(on=True)
    text = (tmp_path / "autostart/supportdesk.desktop").read_text()
    program, arguments = own_command("--background")
    assert f"Exec=env SUPPORTDESK_HOME=/portable/desk {program} {' '.join(arguments)}\n" in text


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "autostart").write_text("a file, where a folder should be")
    with pytest.raises(StoreError, match=r"supportdesk\.desktop cannot be read or changed"):
        _xdg(tmp_path).switch(on=True)
    with pytest.raises(StoreError):
        _xdg(tmp_path).is_on()


def test_launchd_is_told_the_command_and_the_home(tmp_path: Path) -> None:
    agent = LaunchAgent(tmp_path / "LaunchAgents", _ODD, {"SUPPORTDESK_HOME": "/x"})
    assert not agent.is_on()
    agent.switch(on=True)
    assert agent.is_on()
    file = tmp_path / "LaunchAgents/supportdesk.plist"
    told = plistlib.loads(file.read_bytes())
    assert (told["ProgramArguments"], told["EnvironmentVariables"]) == (
        _ODD,
        {"SUPPORTDESK_HOME": "/x"},
    )
    file.write_bytes(plistlib.dumps({**told, "Disabled": True}))
    assert not agent.is_on()
    file.write_bytes(b"no property list")
    assert not agent.is_on()
    agent.switch(on=False)
    assert not file.exists()


class Registry:
    """What winreg offers of it, kept in a file of the system's own settings format."""

    HKEY_CURRENT_USER = "HKCU"
    REG_SZ = 1

    def __init__(self, path: Path) -> None:
        self._settings = QSettings(str(path), QSettings.Format.IniFormat)
        self.is_locked = False

    @contextmanager
    def OpenKey(self, _root: str, name: str) -> Iterator[str]:
        if self.is_locked:
            raise PermissionError(13, "Access is denied")
        yield name.replace("\\", "/")

    CreateKey = OpenKey

    def QueryValueEx(self, key: str, name: str) -> tuple[Any, int]:
        if not self._settings.contains(f"{key}/{name}"):
            raise FileNotFoundError(2, "not there")
        return self._settings.value(f"{key}/{name}"), self.REG_SZ

    def SetValueEx(self, key: str, name: str, _reserved: int, _kind: int, value: str) -> None:
        self._settings.setValue(f"{key}/{name}", value)

    def DeleteValue(self, key: str, name: str) -> None:
        self._settings.remove(f"{key}/{name}")


def test_the_run_key_holds_one_quoted_line(tmp_path: Path) -> None:
    registry = Registry(tmp_path / "registry.ini")
    switch = RunKey([r"C:\Program Files\supportdesk.exe", "--background"], registry)
    assert not switch.is_on()
    switch.switch(on=True)
    assert switch.is_on()
    key = "Software/Microsoft/Windows/CurrentVersion/Run"
    line = registry.QueryValueEx(key, "supportdesk")[0]
    assert line == r'"C:\Program Files\supportdesk.exe" --background'
    switch.switch(on=False)
    switch.switch(on=False)
    assert not switch.is_on()
    registry.is_locked = True
    for act in (switch.is_on, lambda: switch.switch(on=True)):
        with pytest.raises(StoreError, match="The registry cannot be read or changed"):
            act()
