"""A conversation starter (F87): one kept quote a local day, never the same twice."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from supportdesk.domain.hours import ToLocal
from supportdesk.domain.voices import Quote
from supportdesk.services.week_page_store import Starter, WeekPageStore


class KeptQuotes(Protocol):
    """What is asked of the kept words."""

    def quote(self, key: str) -> Quote | None: ...

    def search(self) -> Iterable[Quote]:
        """All, the newest kept first."""
        ...


class Starters:
    """Fresh words first; a day without any left has none. Raises StoreError."""

    def __init__(self, voices: KeptQuotes, store: WeekPageStore, to_local: ToLocal) -> None:
        self._voices = voices
        self._store = store
        self._to_local = to_local

    def of_day(self, now: datetime) -> Quote | None:
        """The same all day long, unless it is removed: then the day has another."""
        today = self._to_local(now).date()
        told = self._store.starters()
        for starter in told:
            quote = self._voices.quote(starter.quote)
            if starter.day == today and quote is not None:
                return quote
        were_told = {starter.quote for starter in told}
        for quote in self._voices.search():
            if quote.key not in were_told:
                self._store.save_starter(Starter(day=today, quote=quote.key))
                return quote
        return None
