"""The conversation starter in the tray menu: asked for when the menu opens, copied by a click."""

import logging
from datetime import datetime

from PySide6.QtGui import QGuiApplication

from supportdesk.adapters.storage.week_page_tables import WeekPageTables
from supportdesk.adapters.week_locale import to_local
from supportdesk.core import Core
from supportdesk.domain.errors import StoreError
from supportdesk.domain.voices import Quote
from supportdesk.services.naming import Naming
from supportdesk.services.quote_words import copied_text
from supportdesk.services.starters import Starters
from supportdesk.services.wording import fit

_log = logging.getLogger(__name__)
_ROOM = 44


class AppStarter:
    """What it copies names nobody: who hears it need not know who said it."""

    def __init__(self, core: Core) -> None:
        self._core = core
        kept_in = core.kept_in
        tables = WeekPageTables(kept_in.connection, kept_in.path)
        self._starters = Starters(core.desk.voices, tables, to_local)

    def line(self, now: datetime) -> str:
        """Of this day; empty while it is not wanted, the screen is shown, or none is left."""
        settings = self._core.settings
        if not settings.ritual.starter or settings.alerts.is_presenting(now):
            return ""
        quote = self._quote(now)
        return f"Who would like to hear “{fit(quote.words, _ROOM)}”?" if quote is not None else ""

    def copy(self) -> None:
        now = self._core.clock.now()
        quote = self._quote(now)
        if quote is not None:
            masked = Naming(cards=self._core.desk.people, is_masked=True)
            words = copied_text(quote, to_local, now, masked)
            QGuiApplication.clipboard().setText(words)

    def _quote(self, now: datetime) -> Quote | None:
        try:
            return self._starters.of_day(now)
        except StoreError as error:
            _log.info("No conversation starter: %s", error.title)
            return None
