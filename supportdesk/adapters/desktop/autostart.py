"""Starting with the session: an XDG autostart file, a Run key of Windows, a LaunchAgent of macOS.

What the desktop reads is the truth, no setting of ours beside it: who switches it off in the
desktop's own settings sees it off here too.
"""

import os
import plistlib
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from supportdesk.adapters.places import HOME_VARIABLE
from supportdesk.domain.errors import StoreError

_LABEL = "supportdesk"
_OFF = ("hidden=true", "x-gnome-autostart-enabled=false")
_RUN_KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"
# Characters that the Desktop Entry specification has quoted in Exec, and those it has escaped.
_RESERVED = frozenset(" \t\n\"'\\><~|&;$*?#()`")
_ESCAPED = frozenset('"`$\\')


class Autostart(Protocol):
    """The switch of this desktop. Both raise StoreError when it cannot be read or turned."""

    def is_on(self) -> bool: ...

    def switch(self, *, on: bool) -> None: ...


def own_command(*arguments: str) -> tuple[str, list[str]]:
    """How to start this program again, installed, from a checkout or as a frozen build."""
    if getattr(sys, "frozen", False):
        return sys.executable, list(arguments)
    return sys.executable, ["-m", "supportdesk", *arguments]


def autostart_here(environ: Mapping[str, str], platform: str = sys.platform) -> Autostart:
    """The switch for this program on this system.

    Args:
        environ: A home named there is the home of the started program too.
        platform: As `sys.platform`.
    """
    program, arguments = own_command("--background")
    home = {HOME_VARIABLE: environ[HOME_VARIABLE]} if environ.get(HOME_VARIABLE) else {}
    if platform == "win32":
        return RunKey([_without_console(program), *arguments])
    if platform == "darwin":
        return LaunchAgent(Path.home() / "Library/LaunchAgents", [program, *arguments], home)
    config = environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return XdgAutostart(Path(config) / "autostart", [program, *arguments], home)


class XdgAutostart:
    """A file in the autostart folder (Desktop Application Autostart Specification)."""

    def __init__(self, folder: Path, command: Sequence[str], variables: Mapping[str, str]) -> None:
        self._path = folder / f"{_LABEL}.desktop"
        named = [f"{name}={value}" for name, value in variables.items()]
        self._command = ["env", *named, *command] if named else list(command)

    def is_on(self) -> bool:
        text = _read(self._path).decode(errors="replace")
        lines = {line.strip().replace(" ", "").lower() for line in text.splitlines()}
        return bool(text) and lines.isdisjoint(_OFF)

    def switch(self, *, on: bool) -> None:
        words = " ".join(_quoted(word) for word in self._command)
        lines = (
            *("[Desktop Entry]", "Type=Application", "Name=supportdesk", "Icon=supportdesk"),
            "Comment=Hears the support inbox and the phones, quietly",
            *(f"Exec={words}", "Terminal=false", "X-GNOME-Autostart-enabled=true"),
        )
        _put(self._path, ("\n".join(lines) + "\n").encode() if on else None)


class LaunchAgent:
    """A property list that launchd reads when the session begins."""

    def __init__(self, folder: Path, command: Sequence[str], variables: Mapping[str, str]) -> None:
        self._path = folder / f"{_LABEL}.plist"
        self._agent: dict[str, Any] = {
            "Label": _LABEL,
            "ProgramArguments": list(command),
            "EnvironmentVariables": dict(variables),
            "RunAtLoad": True,
            "ProcessType": "Interactive",
        }

    def is_on(self) -> bool:
        text = _read(self._path)
        try:
            agent = plistlib.loads(text) if text else {}
        except (plistlib.InvalidFileException, ValueError):
            return False
        is_agent = isinstance(agent, dict) and agent.get("RunAtLoad") is True
        return is_agent and not agent.get("Disabled")

    def switch(self, *, on: bool) -> None:
        _put(self._path, plistlib.dumps(self._agent) if on else None)


class RunKey:
    """A value of the registry; homes other than the user's own are not started by it."""

    def __init__(self, command: Sequence[str], registry: Any = None) -> None:
        """Args: registry is the module winreg, which only Windows has."""
        self._command = subprocess.list2cmdline(list(command))
        if registry is None:
            import winreg as registry
        self._registry = registry

    def is_on(self) -> bool:
        registry = self._registry
        try:
            with registry.OpenKey(registry.HKEY_CURRENT_USER, _RUN_KEY) as key:
                return bool(registry.QueryValueEx(key, _LABEL)[0])
        except FileNotFoundError:
            return False
        except OSError as error:
            raise _refused("The registry", error) from error

    def switch(self, *, on: bool) -> None:
        registry = self._registry
        try:
            with registry.CreateKey(registry.HKEY_CURRENT_USER, _RUN_KEY) as key:
                if on:
                    registry.SetValueEx(key, _LABEL, 0, registry.REG_SZ, self._command)
                elif self.is_on():
                    registry.DeleteValue(key, _LABEL)
        except OSError as error:
            raise _refused("The registry", error) from error


def _without_console(program: str) -> str:
    """The Python that opens no black window, if it lies beside the other."""
    quiet = Path(program).with_name("pythonw.exe")
    return str(quiet) if quiet.exists() else program


def _quoted(word: str) -> str:
    """As Exec has it: quoted where need be; a percent sign would be a field code."""
    word = word.replace("%", "%%")
    if word and _RESERVED.isdisjoint(word):
        return word
    escaped = "".join(f"\\{char}" if char in _ESCAPED else char for char in word)
    # In the file a backslash itself is written as two.
    return '"' + escaped.replace("\\", "\\\\") + '"'


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise _refused(str(path), error) from error


def _put(path: Path, text: bytes | None) -> None:
    """Whole or not at all: half a file would start half a command."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        if text is None:
            path.unlink(missing_ok=True)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_bytes(text)
        fresh.replace(path)
    except OSError as error:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise _refused(str(path), error) from error


def _refused(what: str, error: OSError) -> StoreError:
    reason = error.strerror or str(error)
    return StoreError(
        f"{what} cannot be read or changed: {reason}",
        "supportdesk starts with the session as before; give this user the right to write there.",
    )
