"""What a phone adapter says of its own hearing: each change once, and now and then a sign."""

from datetime import datetime, timedelta

from supportdesk.domain.errors import Problem
from supportdesk.domain.events import HealthChanged, SourceHeard
from supportdesk.domain.health import Hearing, SourceHealth, SourceKind, SourceName
from supportdesk.services.ports import Clock, Publisher

_HEARD_EVERY = timedelta(minutes=1)


class PhoneHealth:
    """The health of one phone. `last_heard_at` is the adapter's to keep."""

    def __init__(self, phone: SourceName, publisher: Publisher, clock: Clock) -> None:
        self._phone = phone
        self._publisher = publisher
        self._clock = clock
        self._health: SourceHealth | None = None
        self._said_heard_at: datetime | None = None
        self.last_heard_at: datetime | None = None

    @property
    def is_listening(self) -> bool:
        return self._health is not None and self._health.hearing is Hearing.LISTENING

    def say(self, hearing: Hearing, problem: Problem | None) -> None:
        """Publish it when it is new."""
        known, now = self._health, self._clock.now()
        if known is not None and (known.hearing, known.problem) == (hearing, problem):
            return
        is_same = known is not None and known.hearing is hearing
        self._health = SourceHealth(
            source=self._phone,
            kind=SourceKind.PHONE,
            hearing=hearing,
            since=known.since if known is not None and is_same else now,
            last_heard_at=self.last_heard_at,
            problem=problem,
        )
        self._said_heard_at = now
        self._publisher.publish(HealthChanged(health=self._health))

    def say_heard(self) -> None:
        """Now and then."""
        now = self._clock.now()
        if self._said_heard_at is None or now - self._said_heard_at >= _HEARD_EVERY:
            self._say(now, is_caught_up=False)

    def say_checked(self) -> None:
        """Somebody asked, and all that came before the answer has been told."""
        self._say(self._clock.now(), is_caught_up=True)

    def _say(self, now: datetime, *, is_caught_up: bool) -> None:
        self._said_heard_at = now
        self._publisher.publish(SourceHeard(source=self._phone, at=now, is_caught_up=is_caught_up))
