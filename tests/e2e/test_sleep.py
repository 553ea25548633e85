"""The computer sleeps while a message is open: none of it counts as reading (DESIGN section 6)."""

import time
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from supportdesk.adapters.desktop.single_instance import ask
from supportdesk.adapters.places import Places
from tests.e2e.broken_sources import good_mail, table_as_toml
from tests.e2e.desktop_app import DesktopApp
from tests.e2e.running import make_home
from tests.fakes.bus_service import bus_service
from tests.fakes.session_bus import PrivateBus, private_bus
from tests.lab.desktop import DesktopLab, DesktopSettings, Notifier
from tests.lab.mail import PASSWORD, DovecotLab
from tests.lab.waiting import wait_until

pytestmark = [pytest.mark.desktop, pytest.mark.dovecot]

LOGIND = "org.freedesktop.login1"
LOGIND_PATH = "/org/freedesktop/login1"
SLEEP_SECONDS = 8.0


@pytest.fixture
def system_bus(tmp_path: Path) -> Iterator[PrivateBus]:
    folder = tmp_path / "system"
    folder.mkdir()
    with private_bus(folder) as bus:
        yield bus


class AppOnSystemBus(DesktopApp):
    """The app, told of sleep by a bus of the test's own."""

    def __init__(self, lab: DesktopLab, home: Path, system_bus: PrivateBus) -> None:
        super().__init__(lab, home)
        self._system_bus = system_bus

    def _command(self, *arguments: str) -> list[str]:
        env, *rest = super()._command(*arguments)
        return [env, f"DBUS_SYSTEM_BUS_ADDRESS={self._system_bus.address}", *rest]

    def read_seconds(self) -> float:
        return float(self.week()["read_seconds"])


def _message(to: str) -> bytes:
    message = EmailMessage()
    message["From"] = "Carla Customer <carla@example.org>"
    message["To"] = to
    message["Subject"] = "The order has not arrived"
    message["Message-ID"] = "<order@example.org>"
    message.set_content("The spelt order went out twice, and the mill wants an answer. " * 60)
    return message.as_bytes()


def _has_come(moment: float) -> Callable[[], bool]:
    return lambda: time.monotonic() >= moment


def _settled(app: AppOnSystemBus) -> float:
    """What was read, when all of it is written: two looks agree that are two seconds apart."""
    looks = [app.read_seconds()]

    def is_settled() -> bool:
        wait_until(_has_come(time.monotonic() + 2), seconds=10, what="two seconds to pass")
        looks.append(app.read_seconds())
        return looks[-1] == looks[-2]

    wait_until(is_settled, seconds=20, what="what was read to be written")
    return looks[-1]


def test_sleep_adds_nothing_to_the_week(
    dovecot_lab: DovecotLab, system_bus: PrivateBus, tmp_path: Path
) -> None:
    user = dovecot_lab.new_address()
    settings = table_as_toml("mail", "Support", good_mail(dovecot_lab, user))
    home = make_home(tmp_path, settings, {"mail/Support": PASSWORD})
    with (
        bus_service(system_bus.address, LOGIND) as logind,
        DesktopLab(DesktopSettings(notifier=Notifier.NONE)) as lab,
        AppOnSystemBus(lab, home, system_bus) as app,
    ):

        def prepare_for_sleep(*, is_going: bool) -> None:
            logind.emit(LOGIND_PATH, f"{LOGIND}.Manager", "PrepareForSleep", "b", is_going)

        app.wait_until_listening("Support")
        dovecot_lab.deliver(_message(user), to=user)
        wait_until(
            lambda: (app.status() or {}).get("people_waiting") == 1, seconds=20, what="the mail"
        )
        assert ask(Places.under(home), {"verb": "show"}) == {"ok": True}
        wait_until(lambda: app.read_seconds() > 1, seconds=20, what="reading to count")
        prepare_for_sleep(is_going=True)
        before = _settled(app)
        wait_until(_has_come(time.monotonic() + SLEEP_SECONDS), seconds=20, what="the end of sleep")
        assert app.read_seconds() == before
        woke_at = time.monotonic()
        prepare_for_sleep(is_going=False)
        wait_until(lambda: app.read_seconds() > before + 1, seconds=20, what="reading to go on")
        read_since = app.read_seconds() - before
        assert read_since <= time.monotonic() - woke_at + 1, "the sleep was not made up for"
