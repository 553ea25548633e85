"""An Asterisk adapter on a make-believe PBX, with a clock that only the test moves."""

from collections.abc import Callable
from datetime import UTC, datetime

from supportdesk.adapters.phone.asterisk import AsteriskPhone
from supportdesk.domain.errors import Problem
from supportdesk.domain.events import (
    Event,
    HealthChanged,
)
from supportdesk.domain.health import SourceHealth, SourceName
from supportdesk.domain.settings import PhoneKind, PhoneSettings
from tests.fakes.ami_script import member, queue
from tests.fakes.heard_events import HeardEvents

OFFICE = SourceName("Office")
SETTINGS = PhoneSettings(
    name=OFFICE,
    kind=PhoneKind.ASTERISK,
    host="127.0.0.1",
    user="desk",
    queues=("support",),
    founder="PJSIP/100",
)
QUEUES = [
    queue("support"),
    member("support", "PJSIP/201", "Ann"),
    member("support", "PJSIP/202", "Bob"),
]


class HandClock:
    """A clock that only the test moves."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    def monotonic_seconds(self) -> float:
        return self.time.timestamp()

    def boot_seconds(self) -> float:
        return self.monotonic_seconds()


class Desk(HeardEvents):
    """An adapter, which publishes to this."""

    def __init__(self, settings: PhoneSettings, secret_of: Callable[[], str] = lambda: "s") -> None:
        super().__init__()
        self.clock = HandClock()
        self.phone = AsteriskPhone(settings, secret_of, self, self.clock)

    @property
    def healths(self) -> list[SourceHealth]:
        return [event.health for event in self.events if isinstance(event, HealthChanged)]

    @property
    def problem(self) -> Problem:
        problem = self.healths[-1].problem
        assert problem is not None
        return problem

    def count(self, kind: type[Event]) -> int:
        return sum(isinstance(event, kind) for event in self.events)
