"""The reading clock before a real window: who is away is not counted, who reads is.

The window, its manager, the workspaces, the lock and the stopped process are real; only time is
moved by hand, through the Clock port.
"""

import re
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path

import pytest

from supportdesk.adapters.desktop.single_instance import ask
from supportdesk.adapters.places import Places
from supportdesk.domain.reading import visit_cap
from tests.e2e.broken_sources import good_mail, table_as_toml
from tests.e2e.desktop_app import DesktopApp
from tests.e2e.lab_clock import ClockHand
from tests.e2e.running import make_home
from tests.fakes.bus_service import bus_service
from tests.lab.accessibility import controls, find_control
from tests.lab.desktop import DesktopLab, DesktopSettings, Notifier
from tests.lab.mail import PASSWORD, DovecotLab
from tests.lab.waiting import wait_until

pytestmark = [pytest.mark.desktop, pytest.mark.dovecot]

SAVER = "org.freedesktop.ScreenSaver"
SAVER_PATH = "/org/freedesktop/ScreenSaver"
WORDS = 400
CAP_SECONDS = visit_cap(WORDS, 0)
TWO_MINUTES = 120.0
TEN_MINUTES = 600.0
HALF_AN_HOUR = 1800.0
MOST_ADDED_SECONDS = 10.0
_PILL = "Reading clock: "


class AppOnLabClock(DesktopApp):
    """The app, on a clock in the hand of the test."""

    def __init__(self, lab: DesktopLab, home: Path) -> None:
        super().__init__(lab, home)
        self.clock = ClockHand(home)

    def _command(self, *arguments: str) -> list[str]:
        whole = super()._command(*arguments)
        if arguments != ("supportdesk",):
            return whole
        return [*whole[:-1], "tests.e2e.lab_clock", str(self.home)]

    def send(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send(number)

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


@pytest.fixture
def lab() -> Iterator[DesktopLab]:
    with DesktopLab(DesktopSettings(notifier=Notifier.NONE)) as made:
        made.exec("wmctrl", "-n", "2")
        yield made


def test_two_minutes_are_two_minutes_and_who_is_away_is_not_counted(
    lab: DesktopLab, dovecot_lab: DovecotLab, tmp_path: Path
) -> None:
    user = dovecot_lab.new_address()
    settings = table_as_toml("mail", "Support", good_mail(dovecot_lab, user))
    home = make_home(tmp_path, settings, {"mail/Support": PASSWORD})
    with (
        bus_service(
            lab.env["DBUS_SESSION_BUS_ADDRESS"], SAVER, {"GetActive": ("b", (True,))}
        ) as saver,
        AppOnLabClock(lab, home) as app,
    ):

        def covers_the_screen(*, is_on: bool) -> None:
            saver.emit(SAVER_PATH, SAVER, "ActiveChanged", "b", is_on)

        app.wait_until_listening("Support")
        dovecot_lab.deliver(letter(user), to=user)
        wait_until(
            lambda: (app.status() or {}).get("people_waiting") == 1, seconds=30, what="the mail"
        )
        app.clock.stop()
        assert ask(Places.under(home), {"verb": "show"}) == {"ok": True}
        find_control(lab, role="label", name="Message text", seconds=30)
        app.wait_for_pill("locked")  # from before there was a window
        app.clock.skip(TEN_MINUTES)
        covers_the_screen(is_on=False)
        app.wait_for_pill("first 3 s are free")

        app.clock.go_on(TWO_MINUTES)
        assert seconds_on(app.wait_for_pill("counting (1:59|2:0)")) <= TWO_MINUTES + 2

        def is_away(why: str, leave: Callable[[], None], come_back: Callable[[], None]) -> None:
            """Ten minutes of it: what was read before is there, and no more."""
            leave()
            app.wait_for_pill(why)
            before = app.counted()
            app.clock.skip(TEN_MINUTES)
            come_back()
            shown = seconds_on(app.wait_for_pill("counting "))
            assert abs(before - TWO_MINUTES) <= 2, why
            assert shown <= TWO_MINUTES + MOST_ADDED_SECONDS, why
            assert app.counted() - before <= MOST_ADDED_SECONDS, why

        def goes_to_workspace(number: int) -> None:
            lab.exec("wmctrl", "-s", str(number))

        def minimises_the_window() -> None:
            lab.exec("sh", "-c", "xdotool windowminimize $(xdotool getactivewindow)")

        def brings_the_window_back() -> None:
            lab.exec("wmctrl", "-a", "supportdesk")

        def comes_back_to_the_window() -> None:
            goes_to_workspace(0)
            brings_the_window_back()

        is_away("window", lambda: goes_to_workspace(1), comes_back_to_the_window)
        is_away(
            "window",
            minimises_the_window,
            brings_the_window_back,
        )
        is_away(
            "locked", lambda: covers_the_screen(is_on=True), lambda: covers_the_screen(is_on=False)
        )

        before = app.counted()
        app.send(signal.SIGSTOP)
        app.clock.skip(TEN_MINUTES)
        app.send(signal.SIGCONT)
        wait_until(lambda: app.has_dropped("ASLEEP"), seconds=30, what="the gap to be seen")
        assert app.counted() - before <= MOST_ADDED_SECONDS

        app.clock.go_on(CAP_SECONDS)
        app.wait_for_pill("full for this mail")
        app.clock.skip(HALF_AN_HOUR)
        goes_to_workspace(1)
        app.wait_for_pill("window")
        assert app.counted() == pytest.approx(CAP_SECONDS, abs=2 + 4 * MOST_ADDED_SECONDS)
        assert app.counted() <= CAP_SECONDS + 0.1
        assert "Traceback" not in app.output()
