"""Whether one mail account is heard, published when it changes."""

from supportdesk.domain.errors import Problem
from supportdesk.domain.events import HealthChanged, SourceHeard
from supportdesk.domain.health import Hearing, SourceHealth, SourceKind, SourceName
from supportdesk.services.ports import Clock, Publisher

_HEARD_SECONDS = 45.0


class SourceHealthReporter:
    """Keeps the health of a source; belongs to the worker's thread."""

    def __init__(self, source: SourceName, publisher: Publisher, clock: Clock) -> None:
        self._source = source
        self._publisher = publisher
        self._clock = clock
        self._hearing: Hearing | None = None
        self._problem: Problem | None = None
        self._alert: Problem | None = None
        self._since = clock.now()
        self._last_heard_at = self._since
        self._was_heard = False
        self._told_at_seconds = self._since_seconds = clock.monotonic_seconds()

    @property
    def is_listening(self) -> bool:
        return self._hearing is Hearing.LISTENING

    @property
    def listened_seconds(self) -> float:
        """For how long it has been listening without a break; 0 when it is not."""
        if not self.is_listening:
            return 0.0
        return self._clock.monotonic_seconds() - self._since_seconds

    def connecting(self) -> None:
        """The first try; a source that is deaf stays deaf until it is heard."""
        if self._hearing is None:
            self._change(Hearing.CONNECTING, None)

    def listening(self, degraded: Problem | None) -> None:
        self._change(Hearing.LISTENING, degraded or self._alert)

    def alert(self, alert: Problem) -> None:
        """The server wants this to be read; it stays while the link does."""
        earlier, self._alert = self._alert, alert
        if self.is_listening and self._problem == earlier:
            self.listening(None)

    def deaf(self, problem: Problem) -> None:
        self._alert = None
        self._change(Hearing.DEAF, problem)

    def checked(self) -> None:
        """Somebody asked, and all that came before the answer has been told."""
        if self.is_listening:
            self._say_heard(is_caught_up=True)

    def received(self) -> None:
        """Bytes came from the other side."""
        self._last_heard_at = self._clock.now()
        self._was_heard = True
        silent_seconds = self._clock.monotonic_seconds() - self._told_at_seconds
        if self.is_listening and silent_seconds >= _HEARD_SECONDS:
            self._say_heard(is_caught_up=False)

    def _say_heard(self, *, is_caught_up: bool) -> None:
        self._told_at_seconds = self._clock.monotonic_seconds()
        self._publisher.publish(
            SourceHeard(source=self._source, at=self._last_heard_at, is_caught_up=is_caught_up)
        )

    def _change(self, hearing: Hearing, problem: Problem | None) -> None:
        if (hearing, problem) == (self._hearing, self._problem):
            return
        if hearing is not self._hearing:
            self._since = self._clock.now()
            self._since_seconds = self._clock.monotonic_seconds()
        self._hearing = hearing
        self._problem = problem
        self._told_at_seconds = self._clock.monotonic_seconds()
        health = SourceHealth(
            source=self._source,
            kind=SourceKind.MAIL,
            hearing=hearing,
            since=self._since,
            last_heard_at=self._last_heard_at if self._was_heard else None,
            problem=problem,
        )
        self._publisher.publish(HealthChanged(health=health))
