"""The app on a computer that sleeps: a desktop, a mailbox and a PBX go on without it.

No container can be suspended. What a suspend does is done to the app alone: a logind of the test
tells it on a system bus of its own, all its threads stop (SIGSTOP) for as long as the sleep lasts,
then they go on (SIGCONT) and logind tells that, a moment later, as the real one does: it was
asleep too. Either the sockets stay (what came lies in them), or nothing of before passes any more
and nobody says so, as with a network card that was off for hours.
"""

import signal
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from email.message import EmailMessage
from pathlib import Path

from supportdesk.domain.calls import Outcome
from tests.e2e.desktop_app import DesktopApp
from tests.e2e.running import make_home
from tests.fakes.bus_service import BusService, bus_service
from tests.fakes.session_bus import PrivateBus, private_bus
from tests.lab.asterisk_conf import SECRET
from tests.lab.desktop import DesktopLab
from tests.lab.heard_alerts import HeardAlerts
from tests.lab.mail import PASSWORD, DovecotLab
from tests.lab.phone import AMI_USER, AsteriskLab
from tests.lab.wire import RecordingProxy

LOGIND = "org.freedesktop.login1"
_LOGIND_PATH = "/org/freedesktop/login1"
MAIL, PHONE = "Support", "Office"
_QUEUE = "800"
_SETTINGS = """
[[mail]]
name = "{mail}"
address = "{user}"
host = "localhost"
port = {imaps_port}
user = "{user}"
ca_file = "{ca_file}"
[[phone]]
name = "{phone}"
kind = "asterisk"
host = "127.0.0.1"
port = {ami_port}
user = "{ami_user}"
queues = ["support"]
founder = "PJSIP/100"
[reading]
nudge = false
"""


class AppOnSystemBus(DesktopApp):
    """The app, told of sleep by a bus of the test's own."""

    def __init__(self, lab: DesktopLab, home: Path, system_bus: PrivateBus) -> None:
        super().__init__(lab, home)
        self._system_bus = system_bus

    def send(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send(number)

    def _command(self, *arguments: str) -> list[str]:
        env, *rest = super()._command(*arguments)
        return [env, f"DBUS_SYSTEM_BUS_ADDRESS={self._system_bus.address}", *rest]


class AppOnMovedTime(AppOnSystemBus):
    """The same on a clock that a test can set forward."""

    def _command(self, *arguments: str) -> list[str]:
        whole = super()._command(*arguments)
        if arguments != ("supportdesk",):
            return whole
        return [*whole[:-1], "tests.e2e.lab_clock", str(self.home)]


class SleepingComputer:
    """The app with its desktop and its logind, and beyond the wires its mailbox and its PBX."""

    def __init__(
        self,
        app: AppOnSystemBus,
        logind: BusService,
        heard: HeardAlerts,
        wires: tuple[RecordingProxy, ...],
    ) -> None:
        self.app = app
        self.heard = heard
        self._logind = logind
        self._wires = wires

    def fall_asleep(self) -> None:
        prepare_for_sleep(self._logind, is_going=True)
        # It answers a status, so it has heard what lay on its buses before.
        assert self.app.status() is not None
        self.app.send(signal.SIGSTOP)
        for wire in self._wires:
            wire.hold()

    def wake_up(self) -> None:
        for wire in self._wires:
            wire.lose()
        self.app.send(signal.SIGCONT)
        prepare_for_sleep(self._logind, is_going=False)

    def missed_calls(self) -> int:
        """What desk.db has of them, read beside the app."""
        file = self.app.home / "desk.db"
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as beside:
            row = beside.execute(
                "SELECT count(*) FROM call WHERE outcome = ?", (Outcome.MISSED.name,)
            ).fetchone()
        return int(row[0])

    def people_waiting(self) -> int:
        return int((self.app.status() or {}).get("people_waiting", -1))


def prepare_for_sleep(logind: BusService, *, is_going: bool) -> None:
    """What logind says before a sleep and after it."""
    logind.emit(_LOGIND_PATH, f"{LOGIND}.Manager", "PrepareForSleep", "b", is_going)


@contextmanager
def sleeping_computer(
    desktop: DesktopLab,
    mail: DovecotLab,
    pbx: AsteriskLab,
    folder: Path,
    user: str,
    *,
    loses_links: bool,
    kind_of_app: type[AppOnSystemBus] = AppOnSystemBus,
) -> Iterator[SleepingComputer]:
    """It is awake, and hears both; its window is closed."""
    bus_folder = folder / "system-bus"
    bus_folder.mkdir()
    with ExitStack() as stack:
        enter = stack.enter_context
        imaps_port, ami_port = mail.imaps_port, pbx.ami_port
        wires: tuple[RecordingProxy, ...] = ()
        if loses_links:
            wires = (enter(RecordingProxy(imaps_port)), enter(RecordingProxy(ami_port)))
            imaps_port, ami_port = (wire.port for wire in wires)
        home = make_home(
            folder,
            _SETTINGS.format(
                mail=MAIL,
                user=user,
                imaps_port=imaps_port,
                ca_file=mail.ca_file,
                phone=PHONE,
                ami_port=ami_port,
                ami_user=AMI_USER,
            ),
            {f"mail/{MAIL}": PASSWORD, f"phone/{PHONE}": SECRET},
        )
        system_bus = enter(private_bus(bus_folder))
        logind = enter(bus_service(system_bus.address, LOGIND))
        heard = enter(HeardAlerts(desktop.env["DBUS_SESSION_BUS_ADDRESS"]))
        app = enter(kind_of_app(desktop, home, system_bus))
        app.wait_until_listening(MAIL, PHONE)
        yield SleepingComputer(app, logind, heard, wires)


def letter(number: int, to: str) -> bytes:
    message = EmailMessage()
    message["From"] = f"Customer {number} <customer{number}@example.org>"
    message["To"] = to
    message["Subject"] = f"Order {number}"
    message["Message-ID"] = f"<order-{number}@example.org>"
    message.set_content("Where is it?")
    return message.as_bytes()


def wait_and_give_up(pbx: AsteriskLab, index: int, name: str) -> None:
    """A customer waits in the queue, where nobody is, and hangs up."""
    admin = pbx.ami()
    phone = pbx.customer(index, name=name)
    phone.call(_QUEUE)
    admin.wait_for_event("QueueCallerJoin", seconds=30)
    phone.hang_up()
    admin.wait_for_event("QueueCallerAbandon", seconds=30)
    admin.close()
    phone.stop()
