"""A presenter that records, and fails when a test wants it to."""

from supportdesk.domain.alerts import Alert
from supportdesk.services.ports import GoneHow, PresenterReports, PresenterState


class RecordingPresenter:
    """AlertPresenter that keeps what it shows in `showing`."""

    def __init__(self, name: str = "recording", *, is_available: bool = True) -> None:
        self.name = name
        self.is_available = is_available
        self.showing: dict[str, Alert] = {}
        self.shown: list[Alert] = []
        self.changed: list[Alert] = []
        self.withdrawn: list[str] = []
        self.is_closed = False

    def state(self) -> PresenterState:
        return PresenterState(name=self.name, is_available=self.is_available)

    def show(self, alert: Alert, *, is_news: bool = True) -> None:
        self.showing[alert.key] = alert
        (self.shown if is_news else self.changed).append(alert)

    def withdraw(self, key: str) -> None:
        self.showing.pop(key, None)
        self.withdrawn.append(key)

    def close(self) -> None:
        self.is_closed = True
        self.showing.clear()


class ReportingPresenter(RecordingPresenter):
    """One that tells what becomes of its alerts; it can fail after they were taken, or at once."""

    def __init__(
        self, name: str = "reporting", *, is_available: bool = True, fails_at_once: bool = False
    ) -> None:
        super().__init__(name, is_available=is_available)
        self._fails_at_once = fails_at_once
        self._reports: PresenterReports | None = None

    @property
    def reports(self) -> PresenterReports:
        assert self._reports is not None, "it is in no chain"
        return self._reports

    def report_to(self, reports: PresenterReports) -> None:
        self._reports = reports

    def show(self, alert: Alert, *, is_news: bool = True) -> None:
        super().show(alert, is_news=is_news)
        if self._fails_at_once:
            self.fail(alert.key)

    def fail(self, key: str) -> None:
        self.reports.failed(self.showing.pop(key))

    def lose(self, key: str, how: GoneHow = GoneHow.EXPIRED) -> None:
        del self.showing[key]
        self.reports.gone(key, how)

    def come(self) -> None:
        self.is_available = True
        self.reports.available_changed()

    def go(self) -> None:
        self.is_available = False
        self.reports.available_changed()
