"""How a presenter says what became of the alerts that it has taken."""

from typing import Protocol, runtime_checkable

from supportdesk.domain.alerts import Alert
from supportdesk.services.ports import GoneHow, PresenterReports


@runtime_checkable
class ReportsBack(Protocol):
    """A presenter whose alerts can fail, or leave the screen, after `show` has returned."""

    def report_to(self, reports: PresenterReports) -> None: ...


@runtime_checkable
class ProvesItself(Protocol):
    """A presenter that can find out by itself whether it still works."""

    def prove(self) -> None: ...


class Unheard:
    """PresenterReports for a presenter that nobody listens to so far."""

    def shown(self, key: str) -> None:
        pass

    def failed(self, alert: Alert) -> None:
        pass

    def gone(self, key: str, how: GoneHow) -> None:
        pass

    def available_changed(self) -> None:
        pass
