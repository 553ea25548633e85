"""Pop-ups with buttons on Windows (WinRT toasts) and macOS (UNUserNotificationCenter).

desktop-notifier speaks to both, on asyncio: its loop runs in a thread of its own, which starts
with the first alert. It cannot change a pop-up, so an update is a withdrawal and a new one.
"""

import asyncio
import importlib.util
import threading
from collections.abc import Coroutine
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot

from supportdesk.adapters.desktop.popup_text import popup_body, popup_title
from supportdesk.adapters.desktop.presenter_reports import Unheard
from supportdesk.adapters.worker_signals import emit_if_heard
from supportdesk.domain.alerts import Alert, Urgency
from supportdesk.services.ports import (
    AlertResponder,
    AlertResponse,
    PresenterReports,
    PresenterSkill,
    PresenterState,
)

if TYPE_CHECKING:
    from desktop_notifier import DesktopNotifier

_DEADLINE_SECONDS = 5.0
_JOIN_SECONDS = 2.0
_BODY_CLICK = "default"
_SKILLS = frozenset({PresenterSkill.BUTTONS, PresenterSkill.CLICK, PresenterSkill.TAKES_BACK})


class ToastAlerts(QObject):
    """AlertPresenter port on desktop-notifier. Made on the GUI thread."""

    _clicked = Signal(str, str)
    _dispatched = Signal(str)
    _not_shown = Signal(object, str)

    def __init__(
        self,
        responder: AlertResponder,
        *,
        app_name: str = "supportdesk",
        deadline_seconds: float = _DEADLINE_SECONDS,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._respond = responder
        self._reports: PresenterReports = Unheard()
        self._last_error = ""
        self._app_name = app_name
        self._deadline_seconds = deadline_seconds
        self._is_installed = importlib.util.find_spec("desktop_notifier") is not None
        self._has_failed = False
        self._loop = asyncio.new_event_loop()
        self._one_at_a_time = asyncio.Lock()
        self._thread: threading.Thread | None = None
        self._notifier: DesktopNotifier | None = None
        self._shown: dict[str, str] = {}
        self._clicked.connect(self._tell_click, Qt.ConnectionType.QueuedConnection)
        self._dispatched.connect(self._tell_shown, Qt.ConnectionType.QueuedConnection)
        self._not_shown.connect(self._tell_failure, Qt.ConnectionType.QueuedConnection)

    @property
    def name(self) -> str:
        return "Toasts of the system"

    @property
    def is_available(self) -> bool:
        return self._is_installed and not self._has_failed

    def state(self) -> PresenterState:
        return PresenterState(
            name=self.name,
            is_available=self.is_available,
            can=_SKILLS,
            words="" if self._is_installed else "desktop-notifier is not installed.",
            last_error=self._last_error,
        )

    def report_to(self, reports: PresenterReports) -> None:
        self._reports = reports

    def show(self, alert: Alert, *, is_news: bool = True) -> None:
        if is_news:  # a toast cannot be changed in place: better words alone would make it rise
            self._run(self._show(alert))

    def withdraw(self, key: str) -> None:
        if self._thread is not None:
            self._run(self._take_off(key))

    def close(self) -> None:
        if self._loop.is_closed():
            return
        if self._thread is not None:
            self._run(self._end())
            self._thread.join(_JOIN_SECONDS)
        if self._thread is None or not self._thread.is_alive():
            self._loop.close()

    @Slot(str, str)
    def _tell_click(self, key: str, action: str) -> None:
        self._respond(AlertResponse(alert_key=key, action=action))

    @Slot(str)
    def _tell_shown(self, key: str) -> None:
        self._reports.shown(key)

    @Slot(object, str)
    def _tell_failure(self, alert: Alert, error: str) -> None:
        self._has_failed = True  # rights were refused, or the system has no pop-ups: both stay so
        self._last_error = error
        self._reports.failed(alert)
        self._reports.available_changed()

    def _run(self, work: Coroutine[None, None, None]) -> None:
        if self._thread is None:
            self._thread = threading.Thread(
                target=self._loop.run_forever, name="toasts", daemon=True
            )
            self._thread.start()
        asyncio.run_coroutine_threadsafe(work, self._loop)

    # Below, everything runs on the loop's thread.

    async def _show(self, alert: Alert) -> None:
        async with self._one_at_a_time:
            await self._clear(alert.key)
            try:
                async with asyncio.timeout(self._deadline_seconds):
                    await self._send(alert)
            except Exception as error:  # noqa: BLE001 - each system raises its own
                emit_if_heard(self._not_shown, alert, str(error) or type(error).__name__)
            else:
                emit_if_heard(self._dispatched, alert.key)

    async def _send(self, alert: Alert) -> None:
        import desktop_notifier

        urgencies = {
            Urgency.LOW: desktop_notifier.Urgency.Low,
            Urgency.NORMAL: desktop_notifier.Urgency.Normal,
            Urgency.CRITICAL: desktop_notifier.Urgency.Critical,
        }
        if self._notifier is None:
            self._notifier = desktop_notifier.DesktopNotifier(app_name=self._app_name)
            if not await self._notifier.request_authorisation():
                raise PermissionError("the user does not want pop-ups of this program")
        key = alert.key
        dispatched = asyncio.Event()
        self._shown[key] = await self._notifier.send(
            title=popup_title(alert),
            message=popup_body(alert),
            urgency=urgencies[alert.urgency],
            buttons=[
                desktop_notifier.Button(
                    title=action.label,
                    identifier=action.value,
                    on_pressed=partial(self._clicked.emit, key, action.value),
                )
                for action in alert.actions
            ],
            on_clicked=partial(self._clicked.emit, key, _BODY_CLICK),
            on_dispatched=dispatched.set,
        )
        if not dispatched.is_set():
            raise RuntimeError("desktop-notifier only logs why it could not show an alert")

    async def _take_off(self, key: str) -> None:
        async with self._one_at_a_time:
            await self._clear(key)

    async def _clear(self, key: str) -> None:
        identifier = self._shown.pop(key, None)
        if identifier is not None and self._notifier is not None:
            # It may be gone already: clicked, closed, or the system's own limit.
            with suppress(Exception):
                await asyncio.wait_for(self._notifier.clear(identifier), self._deadline_seconds)

    async def _end(self) -> None:
        for key in list(self._shown):
            await self._take_off(key)
        self._loop.stop()
