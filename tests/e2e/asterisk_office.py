"""A phone adapter on a real PBX, with everything it publishes on a list."""

import time
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.phone.asterisk import AsteriskPhone
from supportdesk.adapters.phone.baresip import BaresipPhone
from supportdesk.domain.calls import Member, MemberState
from supportdesk.domain.events import (
    DialProgressed,
    Event,
    HealthChanged,
    MemberChanged,
    MemberLeft,
    PhoneSnapshotTaken,
)
from supportdesk.domain.health import Hearing, SourceHealth, SourceName
from supportdesk.domain.settings import PhoneKind, PhoneSettings, Security
from tests.lab.asterisk_conf import SECRET
from tests.lab.phone import AMI_USER, AsteriskLab
from tests.lab.waiting import PATIENCE

OFFICE = SourceName("Office")
Found = TypeVar("Found", bound=Event)


def settings_for(
    lab: AsteriskLab,
    *,
    host: str = "127.0.0.1",
    user: str = AMI_USER,
    queues: tuple[str, ...] = ("support",),
    founder: str = "PJSIP/100",
    security: Security = Security.NONE,
    ca_file: str = "",
) -> PhoneSettings:
    is_tls = security is Security.TLS
    return PhoneSettings(
        name=OFFICE,
        kind=PhoneKind.ASTERISK,
        host=host,
        port=lab.ami_tls_port if is_tls else lab.ami_port,
        security=security,
        ca_file=ca_file,
        user=user,
        queues=queues,
        founder=founder,
    )


class Office:
    """A started adapter. It is also the Publisher: `events` is what it published, in order."""

    def __init__(self, settings: PhoneSettings, secret: str = SECRET) -> None:
        self.events: list[Event] = []
        self.phone = self._phone_of(settings, secret)

    def publish(self, event: Event) -> None:
        self.events.append(event)

    def __enter__(self) -> "Office":
        self.phone.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.phone.stop()

    def listening(self, *, seconds: float = 10) -> "Office":
        self.wait_until(
            lambda: self.hearing is Hearing.LISTENING, seconds=seconds, what="to be listening"
        )
        return self

    def deaf(self, *, seconds: float = 10) -> None:
        self.wait_until(lambda: self.hearing is Hearing.DEAF, seconds=seconds, what="to be deaf")

    @property
    def health(self) -> SourceHealth | None:
        seen = [event.health for event in self.events if isinstance(event, HealthChanged)]
        return seen[-1] if seen else None

    @property
    def hearing(self) -> Hearing | None:
        return self.health.hearing if self.health else None

    @property
    def problem_title(self) -> str:
        return self.health.problem.title if self.health and self.health.problem else ""

    @property
    def member_states(self) -> dict[str, MemberState]:
        """What somebody who only reads the events believes of the members."""
        members: dict[str, Member] = {}
        for event in self.events:
            match event:
                case PhoneSnapshotTaken():
                    members = {member.interface: member for member in event.members or ()}
                case MemberChanged(member=member):
                    members[member.interface] = member
                case MemberLeft():
                    members.pop(event.interface, None)
                case _:
                    pass
        return {member.name: member.state for member in members.values()}

    @property
    def words(self) -> list[str]:
        """What the founder read while a call was being placed."""
        return [event.words for event in self.events if isinstance(event, DialProgressed)]

    def of(self, kind: type[Found]) -> list[Found]:
        return [event for event in self.events if isinstance(event, kind)]

    def wait_for(
        self,
        kind: type[Found],
        wanted: Callable[[Found], bool] = lambda _: True,
        *,
        seconds: float = 10,
        start: int = 0,
    ) -> Found:
        """Wait for an event of a kind, from a place in the list on."""

        def found() -> Found | None:
            return next((e for e in self.events[start:] if isinstance(e, kind) and wanted(e)), None)

        self.wait_until(lambda: found() is not None, seconds=seconds, what=kind.__name__)
        event = found()
        assert event is not None
        return event

    def wait_until(self, is_true: Callable[[], bool], *, seconds: float, what: str) -> None:
        """Run the event loop until something is true."""
        try:
            wait_until(is_true, seconds=seconds, what=what)
        except TimeoutError as error:
            seen = "\n".join(map(repr, self.events[-12:]))
            raise TimeoutError(f"{error}; the last events:\n{seen}") from None

    def run_for(self, seconds: float) -> None:
        """Let time pass in which something must not happen."""
        run_for(seconds)

    def _phone_of(self, settings: PhoneSettings, secret: str) -> AsteriskPhone | BaresipPhone:
        if settings.kind is PhoneKind.BARESIP:
            return BaresipPhone(settings, self, SystemClock())
        return AsteriskPhone(settings, lambda: secret, self, SystemClock())


def wait_until(is_true: Callable[[], bool], *, seconds: float, what: str) -> None:
    """Run the event loop until something is true."""
    seconds *= PATIENCE
    end = time.monotonic() + seconds
    while not is_true():
        left = end - time.monotonic()
        if left <= 0:
            raise TimeoutError(f"waited {seconds} s for {what}")
        run_for(min(left, 0.05))


def run_for(seconds: float) -> None:
    assert QCoreApplication.instance() is not None
    loop = QEventLoop()
    QTimer.singleShot(max(1, round(seconds * 1000)), loop.quit)
    loop.exec()
