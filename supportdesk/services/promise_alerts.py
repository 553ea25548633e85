"""A promise falls due: one line about it, once, when alerts may come; taken back when it is kept.

What is told is in the ledger by its moment, so that one that was moved is told again, and no
restart repeats any. Several that fall due together, or in a silence, are one alert.
"""

from collections.abc import Sequence
from datetime import datetime

from supportdesk.domain.alerts import Action, Alert, AlertKind
from supportdesk.domain.health import SourceName
from supportdesk.domain.promises import Promise
from supportdesk.services.alert_book import AlertBook
from supportdesk.services.alert_text import promise_words
from supportdesk.services.ports import DeskStore
from supportdesk.services.promises import Promises

_KEY = "promises"


class PromiseAlerts:
    """Owns what is on show of promises."""

    def __init__(self, promises: Promises, book: AlertBook, store: DeskStore) -> None:
        self._promises = promises
        self._book = book
        self._store = store
        self._told: set[str] = set()

    def reconcile(self, now: datetime, *, may_tell: bool) -> None:
        """Take back what is kept or moved, then tell what is due."""
        due = self._promises.due(now)
        shown = next((one for one in self._book.on_show() if one.key == _KEY), None)
        if shown is not None and not any(one.key in shown.covers for one in due):
            self._book.withdraw(_KEY, "kept or moved", now)
        if may_tell and self._fresh(due, now):
            self._book.show(_alert(due, now))

    def _fresh(self, due: Sequence[Promise], now: datetime) -> bool:
        """Is one of them told for the first time?"""
        marks = [f"{one.key}/due/{one.due.isoformat()}" for one in due]
        unknown = [one for one in marks if one not in self._told]
        self._told.update(unknown)
        return bool(unknown and self._store.tell(unknown, now))


def _alert(due: Sequence[Promise], now: datetime) -> Alert:
    text = promise_words(due)
    return Alert(
        key=_KEY,
        kind=AlertKind.PROMISE,
        title=text.title,
        body=text.body,
        actions=(Action.SHOW,),
        source=SourceName(""),
        at=now,
        item=due[0].item,
        covers=tuple(one.key for one in due),
    )
