"""The programs that make a lab desktop: screen, bus, window manager, tray, alerts, key store."""

import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.lab.desktop_conf import session_environment, write_plain_panels, write_session
from tests.lab.desktop_kinds import (
    STATUS_NOTIFIER_TRAYS,
    Component,
    DesktopSettings,
    Keyring,
    Notifier,
    Panel,
    Session,
    Tray,
    notifier_command,
    tray_command,
)
from tests.lab.processes import LabProcess
from tests.lab.sway import (
    BACKEND,
    forget_sockets,
    give_session_to_user,
    session_user,
    sway_environment,
)
from tests.lab.waiting import wait_until


class DesktopSession:
    """The programs of one desktop; others run on it with `env`, by `exec()` or `launch()`."""

    def __init__(self, settings: DesktopSettings | None = None) -> None:
        self.settings = settings or DesktopSettings()
        self.folder = Path(tempfile.mkdtemp(prefix="desktop-lab-"))
        self.env: dict[str, str] = {}
        self._processes: dict[str, LabProcess] = {}
        write_session(
            self.folder,
            may_prompt=self.settings.keyring is Keyring.LOCKED,
            screen=self.settings.screen,
        )
        if self.settings.panel is not Panel.AS_IT_COMES:
            write_plain_panels(self.folder, self.settings.panel.value)
        self._user: int | None = None
        if self.is_sway:
            self._user = session_user()
            give_session_to_user(self.folder)

    @property
    def is_sway(self) -> bool:
        return self.settings.session is Session.SWAY

    def start(self) -> None:
        self._start_screen()
        for component in Component:
            self.on(component)
        self._switch_accessibility_on()

    def stop(self) -> None:
        for process in reversed(self._processes.values()):
            process.kill()
        self._processes.clear()
        shutil.rmtree(self.folder, ignore_errors=True)

    def on(self, component: Component) -> None:
        """Start a part of the desktop, at the beginning or after `off()`."""
        match component:
            case Component.BUS:
                self._start_bus()
            case Component.WINDOW_MANAGER:
                self._start_window_manager()
            case Component.TRAY:
                self._start_tray()
            case Component.NOTIFIER:
                self._start_notifier()
            case Component.KEYRING:
                self._start_keyring()

    def off(self, component: Component) -> None:
        """End a part of the desktop, with everything that it started."""
        process = self._processes.pop(component.value, None)
        if process is not None:
            process.stop(seconds=3)

    def exec(
        self, *command: str, env: Mapping[str, str] | None = None, seconds: float = 30
    ) -> subprocess.CompletedProcess[str]:
        """Run a program on the desktop to its end; the caller looks at its exit status."""
        return subprocess.run(
            command,
            env={**self.env, **(env or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )

    def launch(
        self,
        name: str,
        command: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        user: int | None = None,
    ) -> LabProcess:
        """Start a program on the desktop; it ends with the desktop at the latest."""
        process = LabProcess(
            name,
            command,
            log=self.folder / "log" / f"{name}.log",
            env={**self.env, **(env or {})},
            user=user,
        )
        self._processes[name] = process
        return process

    def has_bus_name(self, name: str) -> bool:
        return "true" in self._gdbus(
            "org.freedesktop.DBus",
            "/org/freedesktop/DBus",
            "org.freedesktop.DBus.NameHasOwner",
            name,
        )

    def notification_server(self) -> str:
        """Return what the notification daemon says of itself."""
        name = "org.freedesktop.Notifications"
        path = "/org/freedesktop/Notifications"
        return self._gdbus(name, path, f"{name}.GetServerInformation")

    def _start_screen(self) -> None:
        display_file = self.folder / "display"
        display_file.touch()
        # The shell opens the file as descriptor 3, and Xvfb writes the number it chose into it.
        script = f'exec 3>"$1"; exec Xvfb -displayfd 3 -screen 0 {self.settings.screen} '
        script += "-nolisten tcp -noreset" + (" -ac" if self.is_sway else "")
        self.env = session_environment(self.folder, display="")
        self.launch("screen", ["sh", "-c", script, "sh", str(display_file)])
        number = wait_until(lambda: display_file.read_text().strip(), seconds=10, what="Xvfb")
        self.env = session_environment(self.folder, display=f":{number}")
        self.exec("xsetroot", "-solid", "#3a5f7d")
        # A busy machine comes late to the end of a key: one letter must not become three.
        self.exec("xset", "r", "off")
        if self.is_sway:
            self.env |= sway_environment(self.folder)

    def _start_bus(self) -> None:
        command = ["dbus-daemon", f"--config-file={self.folder}/bus.conf", "--nofork"]
        self.launch(Component.BUS.value, [*command, "--nopidfile"])
        wait_until(
            lambda: self.has_bus_name("org.freedesktop.DBus"), seconds=10, what="the session bus"
        )
        # What the bus starts by itself (settings, accessibility, prompts) must find the screen.
        names = ("DISPLAY", "HOME", "XDG_RUNTIME_DIR")
        pairs = ", ".join(f"'{name}': '{self.env[name]}'" for name in names)
        self._gdbus(
            "org.freedesktop.DBus",
            "/org/freedesktop/DBus",
            "org.freedesktop.DBus.UpdateActivationEnvironment",
            f"{{{pairs}}}",
        )

    def _start_window_manager(self) -> None:
        if self.is_sway:
            self._start_sway()
            return
        self.launch(Component.WINDOW_MANAGER.value, ["xfwm4", "--compositor=off"])
        wait_until(
            lambda: "0x" in self.exec("xprop", "-root", "_NET_SUPPORTING_WM_CHECK").stdout,
            seconds=10,
            what="the window manager",
        )

    def _start_sway(self) -> None:
        forget_sockets(self.folder)
        command = ["sway", "--config", str(self.folder / "sway.conf")]
        sway = self.launch(Component.WINDOW_MANAGER.value, command, env=BACKEND, user=self._user)
        wait_until(
            lambda: (
                "X11-1" in self.exec("swaymsg", "-t", "get_outputs").stdout or not sway.is_running
            ),
            seconds=15,
            what="sway",
        )
        if not sway.is_running:
            raise RuntimeError(sway.log_tail())

    def _start_tray(self) -> None:
        tray = self.settings.tray
        if tray is Tray.NONE:
            return
        command = tray_command(tray, self.settings.panel)
        self.launch(Component.TRAY.value, command, user=self._user)
        if tray in STATUS_NOTIFIER_TRAYS:
            wait_until(
                lambda: self.has_bus_name("org.kde.StatusNotifierWatcher"),
                seconds=15,
                what=f"the tray of {tray.value}",
            )
        else:
            wait_until(self._has_xembed_tray, seconds=15, what=f"the tray of {tray.value}")

    def _has_xembed_tray(self) -> bool:
        """Whether the panel's window is there: it takes the tray before it shows itself."""
        return bool(
            self.exec(
                *("xdotool", "search", "--onlyvisible"),
                *("--class", f"^{self.settings.tray.value}$"),
            ).stdout
        )

    def _start_notifier(self) -> None:
        notifier = self.settings.notifier
        if notifier is Notifier.NONE:
            return
        command = notifier_command(notifier, self.folder / "home")
        self.launch(Component.NOTIFIER.value, command, user=self._user)
        wait_until(
            lambda: self.has_bus_name("org.freedesktop.Notifications"),
            seconds=15,
            what="the notification daemon",
        )

    def _start_keyring(self) -> None:
        if self.settings.keyring is Keyring.NONE:
            return
        if self.settings.keyring is Keyring.LOCKED:
            self._run_keyring("--unlock")  # makes the collection that is locked afterwards
            self.off(Component.KEYRING)
            self._run_keyring()
        else:
            self._run_keyring("--unlock")

    def _run_keyring(self, *options: str) -> None:
        command = ["gnome-keyring-daemon", "--foreground", "--components=secrets", *options]
        self._processes[Component.KEYRING.value] = LabProcess(
            Component.KEYRING.value,
            [*command, f"--control-directory={self.folder}/run/keyring"],
            log=self.folder / "log/keyring.log",
            env=self.env,
            # With an empty password gnome-keyring makes no collection at all.
            stdin=self.folder / "keyring-password" if options else None,
        )
        wait_until(
            lambda: self.has_bus_name("org.freedesktop.secrets"), seconds=15, what="the key store"
        )

    def _switch_accessibility_on(self) -> None:
        self._gdbus("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus.GetAddress")
        self._gdbus(
            "org.a11y.Bus",
            "/org/a11y/bus",
            "org.freedesktop.DBus.Properties.Set",
            "org.a11y.Status",
            "IsEnabled",
            "<true>",
        )

    def _gdbus(self, destination: str, path: str, method: str, *arguments: str) -> str:
        command = ["gdbus", "call", "--session", "-d", destination, "-o", path, "-m", method]
        return self.exec(*command, *arguments).stdout
