"""What an adapter on the GUI thread publishes, in order, and waiting for it in Qt's event loop."""

import time
from collections.abc import Callable
from typing import Self, TypeVar

from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer

from supportdesk.domain.events import Event, HealthChanged, PhoneSnapshotTaken
from supportdesk.domain.health import Hearing, SourceHealth
from tests.lab.waiting import patient

Found = TypeVar("Found", bound=Event)


class HeardEvents:
    """The Publisher of an adapter under test."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def publish(self, event: Event) -> None:
        self.events.append(event)

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

    def of(self, kind: type[Found], start: int = 0) -> list[Found]:
        return [event for event in self.events[start:] if isinstance(event, kind)]

    def wait_until(self, is_true: Callable[[], bool], what: str, *, seconds: float = 10) -> None:
        """Run the event loop until something is true."""
        try:
            wait_until(is_true, seconds=seconds, what=what)
        except TimeoutError as error:
            seen = "\n".join(map(repr, self.events[-12:]))
            raise TimeoutError(f"{error}; the last events:\n{seen}") from None

    def wait_for(
        self,
        kind: type[Found],
        wanted: Callable[[Found], bool] = lambda _: True,
        *,
        seconds: float = 10,
        start: int = 0,
    ) -> Found:
        """Wait for an event of a kind, from a place in the list on."""

        def found() -> list[Found]:
            return [event for event in self.of(kind, start) if wanted(event)]

        self.wait_until(lambda: bool(found()), kind.__name__, seconds=seconds)
        return found()[0]

    def listening(self, *, seconds: float = 10) -> Self:
        self.wait_until(
            lambda: self.hearing is Hearing.LISTENING, "to be listening", seconds=seconds
        )
        self.wait_for(PhoneSnapshotTaken)
        return self

    def deaf(self, *, seconds: float = 10) -> None:
        self.wait_until(lambda: self.hearing is Hearing.DEAF, "to be deaf", seconds=seconds)


def wait_until(is_true: Callable[[], bool], *, seconds: float, what: str) -> None:
    """Run the event loop until something is true."""
    seconds = patient(seconds)
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
