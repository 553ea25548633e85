"""The app with a letter open on a lab desktop, and what its reading clock counted of it."""

import re
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from email.message import EmailMessage
from pathlib import Path

from supportdesk.adapters.desktop.single_instance import ask
from supportdesk.adapters.places import Places
from supportdesk.domain.reading import visit_cap
from tests.e2e.broken_sources import good_mail, table_as_toml
from tests.e2e.desktop_app import DesktopApp
from tests.e2e.lab_clock import ClockHand
from tests.e2e.running import make_home
from tests.fakes.bus_service import BusService, bus_service
from tests.lab.accessibility import controls, find_control
from tests.lab.desktop import DesktopLab, DesktopSettings, Notifier
from tests.lab.mail import PASSWORD, DovecotLab
from tests.lab.waiting import wait_until

WORDS = 400
CAP_SECONDS = visit_cap(WORDS, 0)
_PILL = "Reading clock: "
_SAVER = "org.freedesktop.ScreenSaver"
_SAVER_PATH = "/org/freedesktop/ScreenSaver"


class ReadingApp(DesktopApp):
    """The app, its reading clock as a screen reader hears it and as desk.db keeps it."""

    def send(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send(number)

    def opens(self, mail: DovecotLab, user: str) -> None:
        """The one letter of the inbox comes, and the window is asked for."""
        self.wait_until_listening("Support")
        mail.deliver(letter(user), to=user)
        wait_until(
            lambda: (self.status() or {}).get("people_waiting") == 1, seconds=30, what="the mail"
        )
        self.before_the_window()
        assert ask(Places.under(self.home), {"verb": "show"}) == {"ok": True}
        find_control(self.lab, role="label", name="Message text", seconds=30)

    def before_the_window(self) -> None:
        """For who must act between the mail and the window."""

    def counted(self) -> float:
        """What desk.db holds, read beside the app."""
        return sum((counted for counted, _ in self._spans()), start=0.0)

    def has_dropped(self, rule: str) -> bool:
        return any(rule in dropped for _, dropped in self._spans())

    def _spans(self) -> list[tuple[float, str]]:
        file = self.home / "desk.db"
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as beside:
            rows = beside.execute("SELECT counted_seconds, dropped FROM span").fetchall()
        return [(float(counted), str(dropped)) for counted, dropped in rows]

    def pill(self) -> str:
        """What the small clock says, as a screen reader hears it."""
        names = [one.name for one in controls(self.lab) if one.name.startswith(_PILL)]
        return names[0].removeprefix(_PILL) if names else ""

    def wait_for_pill(self, words: str) -> str:
        return wait_until(
            lambda: pill if re.match(words, pill := self.pill()) else "",
            seconds=60,
            what=f"the reading clock to say {words!r}",
        )


class AppOnLabClock(ReadingApp):
    """The app, on a clock in the hand of the test, which stands still before there is a window."""

    def __init__(self, lab: DesktopLab, home: Path) -> None:
        super().__init__(lab, home)
        self.clock = ClockHand(home)

    def _command(self, *arguments: str) -> list[str]:
        whole = super()._command(*arguments)
        if arguments != ("supportdesk",):
            return whole
        return [*whole[:-1], "tests.e2e.lab_clock", str(self.home)]

    def before_the_window(self) -> None:
        self.clock.stop()


class Screen:
    """The founder's screen: its workspaces, its lock, and the window on it."""

    def __init__(self, lab: DesktopLab, saver: BusService) -> None:
        self._lab = lab
        self._saver = saver

    def lock(self) -> None:
        self._saver.emit(_SAVER_PATH, _SAVER, "ActiveChanged", "b", True)

    def unlock(self) -> None:
        self._saver.emit(_SAVER_PATH, _SAVER, "ActiveChanged", "b", False)

    def go_to_workspace(self, number: int) -> None:
        self._lab.exec("wmctrl", "-s", str(number))

    def minimise_the_window(self) -> None:
        self._lab.exec("sh", "-c", "xdotool windowminimize $(xdotool getactivewindow)")

    def bring_the_window_back(self) -> None:
        self._lab.exec("wmctrl", "-a", "supportdesk")

    def come_back_to_the_window(self) -> None:
        self.go_to_workspace(0)
        self.bring_the_window_back()


@contextmanager
def two_workspaces() -> Iterator[DesktopLab]:
    with DesktopLab(DesktopSettings(notifier=Notifier.NONE)) as made:
        made.exec("wmctrl", "-n", "2")
        yield made


@contextmanager
def screen_of(lab: DesktopLab, *, is_locked: bool) -> Iterator[Screen]:
    address = lab.env["DBUS_SESSION_BUS_ADDRESS"]
    with bus_service(address, _SAVER, {"GetActive": ("b", (is_locked,))}) as saver:
        yield Screen(lab, saver)


def home_of_reader(folder: Path, mail: DovecotLab, user: str) -> Path:
    settings = table_as_toml("mail", "Support", good_mail(mail, user))
    return make_home(folder, settings, {"mail/Support": PASSWORD})


def seconds_on(pill: str) -> float:
    minutes, seconds = pill.split()[-1].split(":")
    return int(minutes) * 60.0 + int(seconds)


def letter(to: str) -> bytes:
    message = EmailMessage()
    message["From"] = "Carla Customer <carla@example.org>"
    message["To"] = to
    message["Subject"] = "The order has not arrived"
    message["Message-ID"] = "<order@example.org>"
    message.set_content("Vaksdal " + "mill " * (WORDS - 1))
    return message.as_bytes()
