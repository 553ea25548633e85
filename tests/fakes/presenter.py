"""A presenter that records, and fails when a test wants it to."""

from collections.abc import Callable

from supportdesk.domain.alerts import Alert


class RecordingPresenter:
    """AlertPresenter that keeps what it shows in `showing`."""

    def __init__(self, name: str = "recording", *, is_available: bool = True) -> None:
        self.name = name
        self.is_available = is_available
        self.showing: dict[str, Alert] = {}
        self.shown: list[Alert] = []
        self.withdrawn: list[str] = []
        self.is_closed = False

    def show(self, alert: Alert) -> None:
        self.showing[alert.key] = alert
        self.shown.append(alert)

    def withdraw(self, key: str) -> None:
        self.showing.pop(key, None)
        self.withdrawn.append(key)

    def close(self) -> None:
        self.is_closed = True
        self.showing.clear()


class FailingPresenter(RecordingPresenter):
    """One whose alerts can fail after they were taken, or at once."""

    def __init__(self, name: str = "failing", *, fails_at_once: bool = False) -> None:
        super().__init__(name)
        self._fails_at_once = fails_at_once
        self._receiver: Callable[[Alert], None] = lambda _: None

    def report_failures_to(self, receiver: Callable[[Alert], None]) -> None:
        self._receiver = receiver

    def show(self, alert: Alert) -> None:
        super().show(alert)
        if self._fails_at_once:
            self.fail(alert.key)

    def fail(self, key: str) -> None:
        self._receiver(self.showing.pop(key))
