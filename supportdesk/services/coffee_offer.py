"""The morning scroll is offered at the founder's usual hour, once a day, if they want that (F85).

The hour is the one of the weekly nudge: that of the settings, else the one at which the founder
usually begins to read, else nine. Only on working days, only when somebody has written or called
whom the founder has not read, and never in a silence; what came later that morning is not offered
a second time. No moment is polled for: `next_due` is the next hour.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from supportdesk.domain.alerts import Action, Alert, AlertKind, AlertPage
from supportdesk.domain.health import SourceName
from supportdesk.domain.hours import ToLocal, instant_of
from supportdesk.domain.mail import MessageSummary
from supportdesk.domain.nudge import NEWS_IS_YOUNGER_THAN, USUAL_HOUR
from supportdesk.domain.settings import Settings
from supportdesk.domain.waiting import is_from_customer
from supportdesk.services.alert_book import AlertBook
from supportdesk.services.alert_text import coffee_words
from supportdesk.services.calls_board import CallsBoard
from supportdesk.services.inbox import Inbox
from supportdesk.services.missed_calls import MissedPerson
from supportdesk.services.ports import DeskStore
from supportdesk.services.silence import Silence
from supportdesk.services.usual_hour import UsualHour

_KEY = "morning"
_OFFERED_FOR = timedelta(hours=3)
"""Who comes to the desk in the afternoon has other things to do."""
_LEARNS_ON_AFTER = timedelta(seconds=1)
_OFFICE_DAYS = frozenset(range(5))


class CoffeeOffer:
    """Owns the offer; the book shows it and the ledger remembers its day."""

    def __init__(
        self,
        *,
        inbox: Inbox,
        calls: CallsBoard,
        book: AlertBook,
        silence: Silence,
        store: DeskStore,
        to_local: ToLocal,
    ) -> None:
        self._inbox = inbox
        self._calls = calls
        self._book = book
        self._silence = silence
        self._store = store
        self._to_local = to_local
        self._usual = UsualHour(store)
        self._settings = Settings()
        self._is_hour_known = False
        self._done_on: date | None = None

    def configure(self, settings: Settings) -> None:
        self._settings = settings
        self._done_on = None

    def reconcile(self, now: datetime, *, may_tell: bool) -> None:
        """Take back what is over, then offer what is due."""
        self._take_back(now)
        if not self._is_wanted:
            return
        today = self._to_local(now).date()
        self._is_hour_known = self._is_set or self._usual.step(today)
        is_time = self._begins(today) <= now < self._begins(today) + _OFFERED_FOR
        if not (may_tell and self._is_hour_known and is_time and self._done_on != today):
            return
        if self._settings.alerts.is_presenting(now) or self._calls.is_founder_on_call(now):
            return
        mails, missed = self._unread(now), self._missed()
        if mails or missed:
            self._offer(today, mails, missed, now)

    def next_due(self, now: datetime) -> datetime | None:
        """When time alone may bring the offer, or end it."""
        if not self._is_wanted:
            return None
        today = self._to_local(now).date()
        if not self._is_hour_known:
            return now + _LEARNS_ON_AFTER
        begins, tomorrow = self._begins(today), self._begins(today + timedelta(days=1))
        moments = (begins, begins + _OFFERED_FOR, tomorrow)
        return next(one for one in moments if one > now)

    # --- inside ------------------------------------------------------------------------

    @property
    def _is_wanted(self) -> bool:
        return self._settings.ritual.coffee_scroll

    @property
    def _is_set(self) -> bool:
        return self._settings.reading.nudge_at is not None

    def _begins(self, day: date) -> datetime:
        hour: time = self._settings.reading.nudge_at or self._usual.hour or USUAL_HOUR
        return instant_of(day, hour, self._to_local)

    def _unread(self, now: datetime) -> list[MessageSummary]:
        since = now - NEWS_IS_YOUNGER_THAN
        unread = (one for one in self._inbox.unread() if one.arrived_at >= since)
        return [one for one in unread if is_from_customer(one)]

    def _missed(self) -> list[MissedPerson]:
        return [person for person in self._calls.missed() if person.is_open]

    def _offer(
        self,
        today: date,
        mails: Sequence[MessageSummary],
        missed: Sequence[MissedPerson],
        now: datetime,
    ) -> None:
        self._done_on = today
        working = self._silence.working_weekdays or _OFFICE_DAYS
        if today.weekday() not in working or not self._store.tell([_day_mark(today)], now):
            return
        text = coffee_words({one.sender.email.casefold() for one in mails}, len(missed))
        self._book.show(
            Alert(
                key=_KEY,
                kind=AlertKind.MORNING,
                title=text.title,
                body=text.body,
                actions=(Action.READ_THEM, Action.NOT_TODAY),
                source=SourceName(""),
                at=now,
                page=AlertPage.MORNING,
                covers=tuple(one.key for one in mails),
            )
        )

    def _take_back(self, now: datetime) -> None:
        shown = next((one for one in self._book.on_show() if one.key == _KEY), None)
        if shown is None:
            return
        if not self._is_wanted:
            self._book.withdraw(_KEY, "the offer is switched off", now)
        elif now >= shown.at + _OFFERED_FOR:
            self._book.withdraw(_KEY, "the morning is over", now)
        elif shown.covers and not any(self._inbox.is_unread(key) for key in shown.covers):
            self._book.withdraw(_KEY, "all read", now)


def _day_mark(day: date) -> str:
    return f"{_KEY}/{day.isoformat()}"
