"""A publisher that remembers, and on which a test can wait for what a worker thread publishes."""

import threading
from collections.abc import Callable
from typing import TypeVar

from supportdesk.domain.events import Event, HealthChanged, MessagesArrived
from supportdesk.domain.health import Hearing, SourceHealth
from supportdesk.domain.mail import MessageSummary
from tests.lab.waiting import patient

E = TypeVar("E")


class EventLog:
    """Publisher port; safe from any thread."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._events: list[Event] = []

    def publish(self, event: Event) -> None:
        with self._changed:
            self._events.append(event)
            self._changed.notify_all()

    @property
    def events(self) -> list[Event]:
        with self._changed:
            return list(self._events)

    def of(self, kind: type[E]) -> list[E]:
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def arrived(self) -> list[MessageSummary]:
        return [one for event in self.of(MessagesArrived) for one in event.messages]

    @property
    def health(self) -> SourceHealth | None:
        changes = self.of(HealthChanged)
        return changes[-1].health if changes else None

    @property
    def problem(self) -> str:
        """Title of the present problem; empty when there is none."""
        health = self.health
        return health.problem.title if health and health.problem else ""

    def clear(self) -> None:
        with self._changed:
            self._events.clear()

    def wait_for(self, condition: Callable[[], bool], what: str, seconds: float = 20) -> None:
        with self._changed:
            if not self._changed.wait_for(condition, patient(seconds)):
                raise TimeoutError(f"waited {seconds:g} s in vain: {what}")

    def wait_until_once(self, hearing: Hearing) -> SourceHealth:
        """Wait until it was so at any time: what ends by itself may be over before it is seen."""

        def found() -> list[SourceHealth]:
            healths = [event.health for event in self.of(HealthChanged)]
            return [health for health in healths if health.hearing is hearing]

        self.wait_for(lambda: bool(found()), f"{hearing.value}, at any time")
        return found()[0]

    def wait_until(self, hearing: Hearing, seconds: float = 20) -> SourceHealth:
        def is_so() -> bool:
            return self.health is not None and self.health.hearing is hearing

        self.wait_for(is_so, f"{hearing.value} (now {self.health})", seconds)
        assert self.health is not None
        return self.health
