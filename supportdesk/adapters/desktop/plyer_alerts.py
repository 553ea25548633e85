"""The basic pop-up where nothing better works: no buttons, no click, no taking back.

plyer blocks while the desktop does (on Linux it runs notify-send, which waits for a hung daemon),
so a worker thread calls it and is given up after a deadline.
"""

import queue
import shutil
import sys
import threading
from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from supportdesk.adapters.desktop.popup_text import escaped, popup_body, popup_title
from supportdesk.adapters.desktop.presenter_reports import Unheard
from supportdesk.adapters.worker_signals import emit_if_heard
from supportdesk.domain.alerts import Alert
from supportdesk.services.ports import PresenterReports, PresenterState

_DEADLINE_SECONDS = 5.0
_SHOWN_SECONDS = 10
_IS_LINUX = sys.platform == "linux"


class _Notifier(Protocol):
    """plyer's facade."""

    def notify(self, title: str, message: str, app_name: str, timeout: int) -> None: ...


class PlyerAlerts(QObject):
    """AlertPresenter port on plyer. Made on the GUI thread."""

    _finished = Signal(object, object)

    def __init__(
        self,
        *,
        is_reachable: Callable[[], bool] = lambda: True,
        deadline_seconds: float = _DEADLINE_SECONDS,
        parent: QObject | None = None,
    ) -> None:
        """Say by `is_reachable` whether a desktop is there: plyer tells nobody when none is."""
        super().__init__(parent)
        self._is_reachable = is_reachable
        self._deadline_seconds = deadline_seconds
        self._reports: PresenterReports = Unheard()
        self._last_error = ""
        self._queue: queue.SimpleQueue[Alert | None] = queue.SimpleQueue()
        self._worker: threading.Thread | None = None
        self._pending: list[Alert] = []
        self._is_stuck = False
        self._has_failed = False
        self._deadline = QTimer(self)
        self._deadline.setSingleShot(True)
        self._deadline.timeout.connect(self._give_up)
        self._finished.connect(self._one_finished)

    @property
    def name(self) -> str:
        return "Simple pop-ups"

    @property
    def is_available(self) -> bool:
        if self._is_stuck or self._has_failed or not self._is_reachable():
            return False
        return not _IS_LINUX or shutil.which("notify-send") is not None

    def state(self) -> PresenterState:
        return PresenterState(
            name=self.name,
            is_available=self.is_available,
            words="They have no buttons, and a click on them opens nothing.",
            last_error=self._last_error,
        )

    def report_to(self, reports: PresenterReports) -> None:
        self._reports = reports

    def show(self, alert: Alert, *, is_news: bool = True) -> None:
        if not is_news:
            return  # what is on the screen cannot be changed
        if self._worker is None:
            self._worker = threading.Thread(target=self._work, name="simple pop-ups", daemon=True)
            self._worker.start()
        self._pending.append(alert)
        self._queue.put(alert)
        if not self._deadline.isActive():
            self._await_next()

    def withdraw(self, key: str) -> None:
        """What is on the screen goes by itself; what waits for the desktop is dropped."""
        self._pending = [alert for alert in self._pending if alert.key != key]

    def close(self) -> None:
        """The worker ends by itself, or with the program when the desktop hangs."""
        self._deadline.stop()
        self._pending.clear()
        self._queue.put(None)

    def _await_next(self) -> None:
        self._deadline.start(round(self._deadline_seconds * 1000))

    def _give_up(self) -> None:
        self._is_stuck = True
        self._last_error = f"The desktop did not answer for {self._deadline_seconds:.0f} s."
        pending, self._pending = self._pending, []
        for alert in pending:
            self._reports.failed(alert)
        self._reports.available_changed()

    @Slot(object, object)
    def _one_finished(self, alert: Alert, error: Exception | None) -> None:
        was_stuck, self._is_stuck = self._is_stuck, False
        self._deadline.stop()
        if alert in self._pending:
            self._pending.remove(alert)
            if error is None:
                self._reports.shown(alert.key)
            else:
                self._has_failed = True  # it will fail the next time too
                self._last_error = str(error)
                self._reports.failed(alert)
        if self._pending:
            self._await_next()
        if was_stuck:
            self._reports.available_changed()

    def _work(self) -> None:
        while (alert := self._queue.get()) is not None:
            error: Exception | None = None
            if alert in self._pending:
                try:
                    _notify(alert)
                except Exception as caught:  # noqa: BLE001 - plyer raises what its platforms raise
                    error = caught
            emit_if_heard(self._finished, alert, error)


def _notify(alert: Alert) -> None:
    title, body = popup_title(alert), popup_body(alert)
    if _IS_LINUX:
        # Nearly every Linux daemon reads markup in the body, and notify-send reads options.
        title, body = _no_option(title), _no_option(escaped(body))
    _notifier().notify(title=title, message=body, app_name="supportdesk", timeout=_SHOWN_SECONDS)


def _no_option(text: str) -> str:
    return f" {text}" if text.startswith("-") else text


def _notifier() -> _Notifier:
    if not _IS_LINUX:
        from plyer import notification

        facade: _Notifier = notification
        return facade
    return _notify_send()


def _notify_send() -> _Notifier:
    from plyer.platforms.linux.notification import NotifySendNotification

    class NotifySend(NotifySendNotification):  # type: ignore[misc]  # plyer ships no types
        """plyer's own choice warns when dbus-python is missing, and never lets a pop-up expire."""

        def _notify(self, **values: Any) -> None:
            super()._notify(**{**values, "expire_time": str(values["timeout"] * 1000)})

    notifier: _Notifier = NotifySend()
    return notifier
