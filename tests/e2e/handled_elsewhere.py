"""What becomes of an alert when somebody else handles what it tells: from the server to the screen.

The app runs on a lab desktop, with a mailbox on a real Dovecot and a queue of a real Asterisk. The
moments are the servers' own: an event of Asterisk's manager interface, and the line that Dovecot
wrote to the app's IDLE. All are of the wall clock.
"""

import imaplib
import itertools
import re
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from email.message import EmailMessage
from pathlib import Path
from typing import Final

from tests.e2e.alerts_on_the_bus import BY_CALL, AlertsOnTheBus, SeenAlert
from tests.e2e.broken_sources import good_mail, good_phone, table_as_toml
from tests.e2e.desktop_app import DesktopApp
from tests.e2e.running import make_home
from tests.lab.ami_client import AmiClient, Packet
from tests.lab.asterisk_conf import SECRET
from tests.lab.desktop import Component, DesktopLab, Notifier
from tests.lab.mail import PASSWORD, DovecotLab
from tests.lab.phone import AsteriskLab
from tests.lab.softphones import Softphone
from tests.lab.waiting import wait_until

_MEMBER: Final = "PJSIP/201"
_CALLER: Final = "Carla Customer"
_TRIES: Final = 5
# What is told without being asked for: answers to the app's own questions have more in them.
_LINE: Final = re.compile(
    r"^(\d+\.\d+) (\* (?:\d+ (?:EXISTS|EXPUNGE)|VANISHED [\d,:]+"
    r"|\d+ FETCH \((?:UID \d+ )?(?:MODSEQ \(\d+\) )?FLAGS \([^)]*\)\)))$"
)
_SMALLEST_POP_UP: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """How an alert went.

    Attributes:
        told_at: When the server told us that it is handled.
        asked_at: When we asked the daemon to take the alert back.
        gone_at: When the daemon said that it has.
        seen_gone_at: When its own count, or the screen, was found without it.
        idle_lines: What the server had told the app from the act until we asked.
    """

    told_at: float
    asked_at: float
    gone_at: float
    seen_gone_at: float
    idle_lines: tuple[str, ...] = ()


class TimedAmi(AmiClient):
    """One that keeps when it heard each packet."""

    def __init__(self, port: int) -> None:
        self.heard_at: list[float] = []
        super().__init__(port)

    def moment_of(self, name: str, *, start: int) -> float:
        """When the first such event after `start` came."""
        self.wait_for_event(name, seconds=30, start=start)
        found = enumerate(self.packets[start:], start)
        return next(self.heard_at[at] for at, packet in found if packet.get("Event") == name)

    def _add(self, packet: Packet) -> None:
        self.heard_at.append(time.time())
        super()._add(packet)


class SecondClient:
    """A mail program of a colleague, on the same mailbox."""

    def __init__(self, lab: DovecotLab, address: str) -> None:
        self.address = address
        context = ssl.create_default_context(cafile=str(lab.ca_file))
        self._link = imaplib.IMAP4_SSL("localhost", lab.imaps_port, ssl_context=context)
        self._link.login(address, PASSWORD)
        self._link.select("INBOX")

    def close(self) -> None:
        self._link.logout()

    def answer(self, message_id: str) -> None:
        """As mail programs do: a copy in Sent, then the flag."""
        reply = EmailMessage()
        reply["From"], reply["To"] = self.address, "customer@example.org"
        reply["Subject"], reply["In-Reply-To"] = "Re: Order", message_id
        reply["Message-ID"] = f"<re-{message_id[1:]}"
        reply.set_content("It is on its way.")
        self._link.append("Sent", "(\\Seen)", "", reply.as_bytes())
        self._link.uid("STORE", self._uid(message_id), "+FLAGS", "(\\Answered)")

    def read(self, message_id: str) -> None:
        self._link.uid("STORE", self._uid(message_id), "+FLAGS", "(\\Seen)")

    def file(self, message_id: str) -> None:
        self._link.uid("MOVE", self._uid(message_id), "Archive")

    def _uid(self, message_id: str) -> str:
        self._link.noop()
        found = self._link.uid("SEARCH", "HEADER", "Message-ID", message_id)[1][0]
        assert isinstance(found, bytes)
        return found.decode().split()[-1]


class Elsewhere:
    """The app, its alerts, and those who work beside it."""

    def __init__(
        self,
        lab: DesktopLab,
        dovecot: DovecotLab,
        asterisk: AsteriskLab,
        *,
        alerts: AlertsOnTheBus,
        colleague: SecondClient,
    ) -> None:
        self.colleague = colleague
        self._lab, self._dovecot, self._alerts = lab, dovecot, alerts
        self._numbers = itertools.count(1)
        self._member = asterisk.agent("201")
        self._customer = asterisk.customer(1, name=_CALLER)
        self._ami = TimedAmi(asterisk.ami_port)

    def close(self) -> None:
        self._ami.close()

    def show(self, notifier: Notifier) -> None:
        """Let this program show alerts from now on."""
        lab = self._lab
        if lab.settings.notifier is not notifier:
            lab.off(Component.NOTIFIER)
            lab.settings = replace(lab.settings, notifier=notifier)
            lab.on(Component.NOTIFIER)

    def call_answered(self) -> TakenBack:
        """Nobody is at the phones, a customer waits, and then a member answers after all."""
        self._pause(is_paused=True)
        self._customer.call("800")
        alert = self._shown(_CALLER)
        start, mark = self._ami.mark(), self._member.mark()
        self._pause(is_paused=False)
        self._member.answer_next(start=mark, seconds=30)
        told_at = self._ami.moment_of("AgentConnect", start=start)
        taken = self._taken_back(alert, told_at)
        _hang_up(self._customer, self._member)
        return taken

    def mail_handled(self, handle: Callable[[str], None]) -> TakenBack:
        """A mail comes, its alert stands, and the second client handles it."""
        for _ in range(_TRIES):
            number = next(self._numbers)
            message_id = f"<order-{number}@example.org>"
            self._dovecot.deliver(
                _letter(number, self.colleague.address), to=self.colleague.address
            )
            alert = self._shown(f"Customer {number}")
            began = time.time()
            handle(message_id)
            self._alerts.wait_until_gone(alert)
            # Daemons take a mail's alert away after ten seconds, on a busy machine before that.
            if alert.why_gone == BY_CALL and alert.shown_at < began:
                lines = self._idle_lines(began)
                return self._taken_back(alert, lines[0][0], lines)
        raise AssertionError("each alert had expired before it was handled")

    def _shown(self, title: str) -> SeenAlert:
        """Once it is seen too, unless it was too soon gone for that."""
        alert = self._alerts.wait_until_shown(title)
        wait_until(lambda: self._on_screen() or alert.gone_at, seconds=30, what=f"{title} drawn")
        return alert

    def _taken_back(
        self, alert: SeenAlert, told_at: float, lines: list[tuple[float, str]] | None = None
    ) -> TakenBack:
        gone_at = self._alerts.wait_until_gone(alert)
        wait_until(lambda: self._on_screen() == 0, seconds=30, what="an empty screen")
        seen_gone_at = time.time()
        assert alert.why_gone == BY_CALL
        asked_at = alert.closing_asked_at
        assert asked_at is not None
        return TakenBack(
            told_at=told_at,
            asked_at=asked_at,
            gone_at=gone_at,
            seen_gone_at=seen_gone_at,
            idle_lines=tuple(text for at, text in lines or [] if at <= asked_at),
        )

    def _on_screen(self) -> int:
        """What the daemon says itself, or what is seen of it."""
        if self._lab.settings.notifier is not Notifier.XFCE:
            return int(self._lab.exec("dunstctl", "count", "displayed").stdout)
        search = ("xdotool", "search", "--onlyvisible", "--class", "^xfce4-notifyd$")
        found = self._lab.exec(*search, "getwindowgeometry", "%@").stdout
        sizes = re.findall(r"Geometry: (\d+)x", found)
        return sum(int(width) > _SMALLEST_POP_UP for width in sizes)

    def _idle_lines(self, since: float) -> list[tuple[float, str]]:
        """What Dovecot wrote to sessions that are in IDLE: to the app's alone."""
        found = []
        for said in (self._dovecot.folder / "rawlog").glob("*.in"):
            if " IDLE" in said.read_text(errors="replace"):
                for line in said.with_suffix(".out").read_text(errors="replace").splitlines():
                    match = _LINE.match(line)
                    if match and float(match[1]) >= since:
                        found.append((float(match[1]), match[2]))
        return sorted(found)

    def _pause(self, *, is_paused: bool) -> None:
        paused = "true" if is_paused else "false"
        self._ami.action("QueuePause", Queue="support", Interface=_MEMBER, Paused=paused)


@contextmanager
def handled_elsewhere(
    lab: DesktopLab, dovecot: DovecotLab, asterisk: AsteriskLab, folder: Path
) -> Iterator[Elsewhere]:
    """The app is started and hears both sources."""
    address = dovecot.new_address()
    settings = (
        table_as_toml("mail", "Support", good_mail(dovecot, address))
        + table_as_toml("phone", "Office", good_phone(asterisk))
        + "[reading]\nnudge = false\n[alerts]\nring_seconds = 1\n"
    )
    secrets = {"mail/Support": PASSWORD, "phone/Office": SECRET}
    with (
        DesktopApp(lab, make_home(folder, settings, secrets)) as app,
        AlertsOnTheBus(lab) as alerts,
        closing(SecondClient(dovecot, address)) as colleague,
        closing(Elsewhere(lab, dovecot, asterisk, alerts=alerts, colleague=colleague)) as elsewhere,
    ):
        app.wait_until_listening("Support", "Office")
        yield elsewhere


def _hang_up(customer: Softphone, member: Softphone) -> None:
    mark = member.mark()
    customer.hang_up()
    member.wait_for_event("CALL_CLOSED", start=mark, seconds=30)


def _letter(number: int, to: str) -> bytes:
    message = EmailMessage()
    message["From"] = f"Customer {number} <customer{number}@example.org>"
    message["To"] = to
    message["Subject"] = f"Order {number}"
    message["Message-ID"] = f"<order-{number}@example.org>"
    message["Date"] = "Sun, 22 Nov 2026 10:00:00 +0000"
    message.set_content("Where is it?")
    return message.as_bytes()
