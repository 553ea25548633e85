"""The presenters in a fixed order: an alert is shown by the first one that can."""

from collections.abc import Sequence
from functools import partial

from supportdesk.adapters.desktop.alert_failures import ReportsFailures
from supportdesk.domain.alerts import Alert
from supportdesk.services.ports import AlertPresenter


class AlertChain:
    """AlertPresenter port over several. The last one has to be always available.

    It remembers who shows what: an update goes to the same presenter, a withdrawal too, and an
    alert whose presenter fails is shown by the next one.
    """

    def __init__(self, presenters: Sequence[AlertPresenter]) -> None:
        self._presenters = tuple(presenters)
        self._shown_by: dict[str, AlertPresenter] = {}
        for presenter in presenters:
            if isinstance(presenter, ReportsFailures):
                presenter.report_failures_to(partial(self._failed, presenter))

    @property
    def name(self) -> str:
        """Of the presenter that the next alert goes to."""
        return self._first_available().name

    @property
    def is_available(self) -> bool:
        return any(presenter.is_available for presenter in self._presenters)

    def show(self, alert: Alert) -> None:
        before = self._shown_by.get(alert.key)
        now = before if before is not None and before.is_available else self._first_available()
        if before is not None and before is not now:
            before.withdraw(alert.key)
        self._show_by(now, alert)

    def withdraw(self, key: str) -> None:
        presenter = self._shown_by.pop(key, None)
        if presenter is not None:
            presenter.withdraw(key)

    def close(self) -> None:
        self._shown_by.clear()
        for presenter in self._presenters:
            presenter.close()

    def _show_by(self, presenter: AlertPresenter, alert: Alert) -> None:
        # Before showing: a presenter may report its failure at once.
        self._shown_by[alert.key] = presenter
        presenter.show(alert)

    def _failed(self, presenter: AlertPresenter, alert: Alert) -> None:
        if self._shown_by.get(alert.key) is not presenter:
            return
        later = self._presenters[self._presenters.index(presenter) + 1 :]
        for candidate in later:
            if candidate.is_available:
                self._show_by(candidate, alert)
                return
        del self._shown_by[alert.key]

    def _first_available(self) -> AlertPresenter:
        for presenter in self._presenters:
            if presenter.is_available:
                return presenter
        return self._presenters[-1]
