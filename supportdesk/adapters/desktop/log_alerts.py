"""The last presenter: it writes alerts to the log, which always works."""

import logging

from supportdesk.adapters.desktop.popup_text import popup_body, popup_title
from supportdesk.domain.alerts import Alert
from supportdesk.services.ports import PresenterState

_log = logging.getLogger(__name__)


class LogAlerts:
    """AlertPresenter port on the program's log."""

    def __init__(self) -> None:
        self._titles: dict[str, str] = {}

    @property
    def name(self) -> str:
        return "The log only"

    @property
    def is_available(self) -> bool:
        return True

    def state(self) -> PresenterState:
        return PresenterState(
            name=self.name,
            is_available=True,
            is_last_resort=True,
            words="Nothing is visible then but the icon in the tray.",
        )

    def show(self, alert: Alert, *, is_news: bool = True) -> None:
        self._titles[alert.key] = popup_title(alert)
        if is_news:
            _log.info("alert: %s: %s", popup_title(alert), popup_body(alert))

    def withdraw(self, key: str) -> None:
        title = self._titles.pop(key, None)
        if title is not None:
            _log.info("no longer: %s", title)

    def close(self) -> None:
        self._titles.clear()
