"""The presenters in a fixed order: an alert is shown by the first one that can.

An alert `stands` from its show until it is withdrawn or has left the screen by itself. Rules for
a change:

- one alert stands with one presenter, and who loses it is told to take it back, so that nothing
  that a hung desktop does later leaves a second one behind;
- a presenter that is away keeps what it has on the screen. What it has not, it reports as failed;
- when a better presenter returns, all that stands with a poorer one goes to it, once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Signal

from supportdesk.adapters.desktop.presenter_reports import ProvesItself, ReportsBack
from supportdesk.domain.alerts import Alert
from supportdesk.services.ports import AlertPresenter, GoneHow, PresenterState


@dataclass(slots=True, kw_only=True)
class _Standing:
    """An alert and who shows it.

    Attributes:
        is_behind: Its words have changed while its presenter was away.
        refused_by: Those that could not show it although they show others.
    """

    alert: Alert
    by: AlertPresenter
    is_behind: bool = False
    refused_by: list[AlertPresenter] = field(default_factory=list)


class AlertChain(QObject):
    """AlertPresenter port over several. The last one has to be always available.

    Signals:
        available_changed: Another presenter is the one in use, perhaps.
        shown: The key of an alert that has come onto the screen.
        failed: An `Alert` that nobody could show.
        gone: The key of an alert that left the screen without being taken back, and a `GoneHow`.
    """

    available_changed = Signal()
    shown = Signal(str)
    failed = Signal(object)
    gone = Signal(str, object)

    def __init__(
        self, presenters: Sequence[AlertPresenter], *, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._presenters = tuple(presenters)
        self._standing: dict[str, _Standing] = {}
        self._is_considering = False
        self._is_closed = False
        for presenter in presenters:
            if isinstance(presenter, ReportsBack):
                presenter.report_to(_Reports(self, presenter))

    @property
    def name(self) -> str:
        """Of the presenter that the next alert goes to."""
        return self._first_available().name

    @property
    def is_available(self) -> bool:
        return any(presenter.is_available for presenter in self._presenters)

    def state(self) -> PresenterState:
        """Of the presenter that the next alert goes to."""
        return self._first_available().state()

    def states(self) -> tuple[PresenterState, ...]:
        """Of all, in the order in which they are tried."""
        return tuple(presenter.state() for presenter in self._presenters)

    def shown_by(self, key: str) -> PresenterState | None:
        """Of the presenter that has this alert; None when it does not stand."""
        standing = self._standing.get(key)
        return None if standing is None else standing.by.state()

    def show(self, alert: Alert, *, is_news: bool = True) -> None:
        if self._is_closed:
            return
        standing = self._standing.get(alert.key)
        if is_news:
            self._show_anew(standing, alert)
        elif standing is not None:
            standing.alert = alert
            self._catch_up(standing)

    def withdraw(self, key: str) -> None:
        standing = self._standing.pop(key, None)
        if standing is not None:
            standing.by.withdraw(key)

    def prove(self) -> None:
        """Let each find out whether it still works, without anything on the screen."""
        for presenter in self._presenters:
            if isinstance(presenter, ProvesItself):
                presenter.prove()

    def close(self) -> None:
        """Take all off the screen; whatever is shown after that is not shown any more."""
        self._is_closed = True
        self._standing.clear()
        for presenter in self._presenters:
            presenter.close()

    def reconsider(self) -> None:
        """Give to the best presenter what stands with a poorer one; called when one returns."""
        if self._is_considering or self._is_closed:
            return
        self._is_considering = True
        try:
            for key in list(self._standing):
                standing = self._standing.get(key)
                if standing is not None:
                    self._place(standing)
        finally:
            self._is_considering = False

    def _show_anew(self, standing: _Standing | None, alert: Alert) -> None:
        best = self._first_available()
        if standing is None:
            standing = self._standing[alert.key] = _Standing(alert=alert, by=best)
        elif standing.by is not best:
            standing.by.withdraw(alert.key)
        standing.alert = alert
        standing.refused_by.clear()
        self._show_by(best, standing)

    def _show_by(self, presenter: AlertPresenter, standing: _Standing) -> None:
        # Before showing: a presenter may report its failure at once.
        standing.by, standing.is_behind = presenter, False
        presenter.show(standing.alert)

    def _catch_up(self, standing: _Standing) -> None:
        standing.is_behind = not standing.by.is_available
        if not standing.is_behind:
            standing.by.show(standing.alert, is_news=False)

    def _place(self, standing: _Standing) -> None:
        if not standing.by.is_available:
            return  # it has this one on the screen, or will say that it has not
        for better in self._presenters[: self._presenters.index(standing.by)]:
            if better.is_available and better not in standing.refused_by:
                standing.by.withdraw(standing.alert.key)
                self._show_by(better, standing)
                return
        if standing.is_behind:
            self._catch_up(standing)

    def _first_available(self) -> AlertPresenter:
        for presenter in self._presenters:
            if presenter.is_available:
                return presenter
        return self._presenters[-1]

    # What the presenters tell

    def _was_shown(self, presenter: AlertPresenter, key: str) -> None:
        if self._stands_with(presenter, key):
            self.shown.emit(key)

    def _has_failed(self, presenter: AlertPresenter, alert: Alert) -> None:
        if not self._stands_with(presenter, alert.key):
            return
        standing = self._standing[alert.key]
        if presenter.is_available:
            standing.refused_by.append(presenter)
        for candidate in self._presenters[self._presenters.index(presenter) + 1 :]:
            if candidate.is_available:
                self._show_by(candidate, standing)
                return
        del self._standing[alert.key]
        self.failed.emit(standing.alert)

    def _is_gone(self, presenter: AlertPresenter, key: str, how: GoneHow) -> None:
        if self._stands_with(presenter, key):
            del self._standing[key]
            self.gone.emit(key, how)

    def _changed(self) -> None:
        self.reconsider()
        self.available_changed.emit()

    def _stands_with(self, presenter: AlertPresenter, key: str) -> bool:
        standing = self._standing.get(key)
        return standing is not None and standing.by is presenter


@dataclass(frozen=True, slots=True)
class _Reports:
    """PresenterReports of one of the chain."""

    chain: AlertChain
    presenter: AlertPresenter

    def shown(self, key: str) -> None:
        self.chain._was_shown(self.presenter, key)

    def failed(self, alert: Alert) -> None:
        self.chain._has_failed(self.presenter, alert)

    def gone(self, key: str, how: GoneHow) -> None:
        self.chain._is_gone(self.presenter, key, how)

    def available_changed(self) -> None:
        self.chain._changed()
