"""Alerts for mail: one a message, one for a burst, or one for who waits too long (DESIGN 7).

An alert stays until all that it covers is handled. Its words are those of its moment; only a
single mail's words follow the message, whose preview may come later.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from supportdesk.domain.alerts import Action, Alert, AlertKind, AlertPage, Happened, Reason
from supportdesk.domain.mail import MessageSummary
from supportdesk.domain.settings import AlertSettings, MailAlerts
from supportdesk.domain.waiting import is_from_customer
from supportdesk.services.alert_book import AlertBook
from supportdesk.services.alert_bursts import (
    BURST_IS_MORE_THAN,
    NEWS_AGAIN_AFTER,
    ON_SHOW_AT_MOST,
    AlertBurst,
)
from supportdesk.services.alert_text import (
    mail_words,
    many_waits_words,
    several_words,
    wait_words,
)
from supportdesk.services.conversations import LongWait
from supportdesk.services.inbox import Inbox
from supportdesk.services.ports import DeskStore
from supportdesk.services.silence import Silence

_BURST_PREFIX = "mails/"
_WAIT_PREFIX = "waits/"


class MailAlertRules:
    """Makes alerts of messages; when they may come is decided by the policy above."""

    def __init__(
        self,
        inbox: Inbox,
        book: AlertBook,
        store: DeskStore,
        silence: Silence,
        settings: AlertSettings,
    ) -> None:
        self._inbox = inbox
        self._book = book
        self._store = store
        self._silence = silence
        self._settings = settings
        self._burst = AlertBurst()
        self._waiting: list[str] = []
        self._told_waits: set[str] = set()
        self._dues: dict[tuple[str, datetime], datetime | None] = {}

    @property
    def settings(self) -> AlertSettings:
        return self._settings

    def configure(self, settings: AlertSettings) -> None:
        """New settings count at once, also for those who wait already."""
        self._settings = settings
        self._dues.clear()

    def happened(self, message: MessageSummary, now: datetime) -> Happened:
        text = mail_words(message)
        return Happened(
            key=message.key,
            kind=AlertKind.MAIL,
            title=text.title,
            body=text.body,
            source=message.account,
            at=now,
            message_id=message.message_id,
        )

    def why_silent(self, message: MessageSummary) -> Reason | None:
        """Why no alert comes of it now; None for each message from a customer, if wanted so."""
        if not is_from_customer(message):
            return Reason.NO_CUSTOMER
        match self.settings.mail:
            case MailAlerts.EACH:
                return None
            case MailAlerts.UNANSWERED:
                return Reason.MAIL_SETTING
            case MailAlerts.NEVER:
                return Reason.MAIL_NEVER
            case _:
                assert_never(self.settings.mail)

    def why_over(self, key: str) -> str:
        """Why an alert for this mail has no point any more; empty while it has.

        Where only long waiting alerts, a colleague's reading changes nothing.
        """
        match self.settings.mail:
            case MailAlerts.EACH:
                return self._inbox.why_over(key)
            case MailAlerts.UNANSWERED:
                return self._inbox.why_handled(key)
            case MailAlerts.NEVER:
                return "mail alerts are off"
            case _:
                assert_never(self.settings.mail)

    # --- each mail ----------------------------------------------------------------------

    def waiting(self) -> list[str]:
        """Mails that wait for company; they are to be told again with those that came since."""
        return list(self._waiting)

    def is_due(self, now: datetime) -> bool:
        """May those that wait be told now?"""
        return self._burst.is_due(now)

    def wait_no_more(self, now: datetime) -> None:
        """Somebody else keeps those that waited."""
        self._burst.told()
        self._await_company([], now)

    def tell(self, keys: Sequence[str], now: datetime) -> None:
        """One alert for each, or one for all; what has company on its way waits a moment."""
        self._burst.came(keys, now)
        if not self._burst.is_due(now):
            self._await_company(keys, now)
            return
        self.wait_no_more(now)
        if not keys:
            return
        shown = self._book.get(self._burst.alert_key)
        if shown is not None:
            self._grow(shown, keys, now)
            return
        of_run = [one for one in map(self._book.get, self._burst.keys) if one is not None]
        alone = [one for one in of_run if len(one.covers) == 1]
        standing = self._standing()
        if len(alone) + len(keys) > BURST_IS_MORE_THAN:
            self._gather(alone, keys, now)
        elif len(standing) + len(keys) > ON_SHOW_AT_MOST:
            self._gather(standing, keys, now)
        else:
            for key in keys:
                self._show_one(key, now)

    def _await_company(self, keys: Sequence[str], now: datetime) -> None:
        if list(keys) != self._waiting:
            self._waiting = list(keys)
            self._book.await_company(AlertKind.MAIL, keys, now)

    def _standing(self) -> list[Alert]:
        return [
            alert
            for alert in self._book.on_show()
            if alert.kind is AlertKind.MAIL
            and not alert.is_digest
            and not alert.key.startswith(_WAIT_PREFIX)
        ]

    def _gather(self, alone: Sequence[Alert], keys: Sequence[str], now: datetime) -> None:
        """The first of them speaks for all from now on: it changes where it stands."""
        for alert in alone[1:]:
            self._book.fold(alert.key, now)
        covers = [key for alert in alone for key in alert.covers]
        alert_key = alone[0].key if alone else _BURST_PREFIX + keys[0]
        self._burst.begins(alert_key, now)
        self._show_burst(alert_key, [*covers, *keys], now)

    def _grow(self, shown: Alert, keys: Sequence[str], now: datetime) -> None:
        covers = dict.fromkeys([*shown.covers, *keys])
        self._show_burst(shown.key, list(covers), now, is_news=self._burst.is_news(now))

    def changed(self, key: str, now: datetime) -> None:
        """A message's words are known better now."""
        shown = self._book.get(key)
        if shown is not None and shown.covers == (key,):
            self._show_one(key, now, is_news=False)

    def show_again(self, alert: Alert, open_keys: Sequence[str], now: datetime) -> None:
        """A snooze has ended: the same alert, in the words of now."""
        if alert.key.startswith(_WAIT_PREFIX):
            self._show_wait_again(alert, open_keys, now)
        elif len(open_keys) > 1:
            self._show_burst(alert.key, open_keys, now, reason=Reason.SNOOZE_OVER)
        else:
            self._show_one(open_keys[0], now, reason=Reason.SNOOZE_OVER)

    def _show_wait_again(self, alert: Alert, open_keys: Sequence[str], now: datetime) -> None:
        """The key stays, so that what was put off comes back as itself."""
        wanted = set(open_keys)
        first_key = alert.key.removeprefix(_WAIT_PREFIX)
        waits = [
            replace(wait, first_key=first_key)
            for wait in self._inbox.long_waits()
            if wanted.intersection(wait.covers)
        ]
        if len(waits) > 1:
            self._tell_many_waits(waits, now)
        else:
            self.tell_waits(waits, now)

    def _show_one(
        self, key: str, at: datetime, *, is_news: bool = True, reason: Reason = Reason.NEW
    ) -> None:
        for message in self._messages([key]):
            text = mail_words(message)
            self._book.show(
                Alert(
                    key=key,
                    kind=AlertKind.MAIL,
                    title=text.title,
                    body=text.body,
                    actions=(Action.READ, Action.REPLY, Action.SNOOZE),
                    source=message.account,
                    at=at,
                    item=key,
                    covers=(key,),
                ),
                is_news=is_news,
                reason=reason,
            )

    def _show_burst(
        self,
        alert_key: str,
        covers: Sequence[str],
        now: datetime,
        *,
        is_news: bool = True,
        reason: Reason = Reason.BURST,
    ) -> None:
        messages = self._messages(covers)
        is_recent = now - messages[0].arrived_at < NEWS_AGAIN_AFTER
        text = several_words(messages, is_recent=is_recent)
        self._book.show(
            Alert(
                key=alert_key,
                kind=AlertKind.MAIL,
                title=text.title,
                body=text.body,
                actions=(Action.READ, Action.SNOOZE),
                source=messages[0].account,
                at=now,
                item=messages[0].key,
                covers=tuple(covers),
            ),
            is_news=is_news,
            reason=reason,
        )

    def _messages(self, keys: Iterable[str]) -> list[MessageSummary]:
        """Those still in the mailbox."""
        found = (self._inbox.message(key) for key in keys)
        return [message for message in found if message is not None]

    # --- who waits long -----------------------------------------------------------------

    def long_waits(self, now: datetime) -> list[LongWait]:
        """Waits that have become too long and were never told."""
        return [
            wait
            for wait in self._untold_waits()
            if self._is_due(wait, now) and self._store.tell([self._mark(wait)], now)
        ]

    def waits_of(self, keys: Iterable[str]) -> list[LongWait]:
        """The waits that these messages belong to, where only long waiting alerts."""
        if self.settings.mail is not MailAlerts.UNANSWERED:
            return []
        wanted = set(keys)
        waits = (self._unhandled(wait) for wait in self._inbox.long_waits())
        return [wait for wait in waits if wanted.intersection(wait.covers)]

    def tell_waits(self, waits: Sequence[LongWait], now: datetime) -> None:
        """One alert for each, or one for all of more than three, as at the start of a day."""
        if len(waits) > BURST_IS_MORE_THAN:
            self._tell_many_waits(waits, now)
            return
        for wait in waits:
            self._tell_wait(wait, now)

    def _tell_many_waits(self, waits: Sequence[LongWait], now: datetime) -> None:
        longest_first = sorted(waits, key=lambda wait: wait.since)
        oldest = longest_first[0]
        text = many_waits_words([one.conversation for one in longest_first], oldest.since, now)
        self._book.show(
            Alert(
                key=_WAIT_PREFIX + waits[0].first_key,
                kind=AlertKind.MAIL,
                title=text.title,
                body=text.body,
                actions=(Action.SHOW, Action.SNOOZE),
                source=oldest.conversation.account,
                at=now,
                covers=tuple(key for wait in waits for key in wait.covers),
                page=AlertPage.WAITING,
            ),
            reason=Reason.LONG_WAIT,
        )

    def _tell_wait(self, wait: LongWait, now: datetime) -> None:
        text = wait_words(wait.conversation, wait.since, now)
        self._book.show(
            Alert(
                key=_WAIT_PREFIX + wait.first_key,
                kind=AlertKind.MAIL,
                title=text.title,
                body=text.body,
                actions=(Action.READ, Action.REPLY, Action.SNOOZE),
                source=wait.conversation.account,
                at=now,
                item=wait.conversation.key,
                covers=wait.covers,
            ),
            reason=Reason.LONG_WAIT,
        )

    def next_due(self, now: datetime) -> datetime | None:
        dues = [self._due_at(wait) for wait in self._untold_waits()]
        dues.append(self._burst.next_due())
        return min((due for due in dues if due is not None and due > now), default=None)

    def _untold_waits(self) -> list[LongWait]:
        if self.settings.mail is not MailAlerts.UNANSWERED:
            return []
        waits = (self._unhandled(wait) for wait in self._inbox.long_waits())
        return [one for one in waits if one.covers and one.first_key not in self._told_waits]

    def _unhandled(self, wait: LongWait) -> LongWait:
        """Without the messages that the founder has read already."""
        covers = tuple(key for key in wait.covers if not self.why_over(key))
        return replace(wait, covers=covers)

    def _is_due(self, wait: LongWait, now: datetime) -> bool:
        due = self._due_at(wait)
        return due is not None and due <= now

    def _due_at(self, wait: LongWait) -> datetime | None:
        """Worked out once a wait: opening hours are walked through day by day."""
        key = (wait.first_key, wait.since)
        if key not in self._dues:
            limit = timedelta(minutes=self.settings.unanswered_minutes)
            self._dues[key] = self._silence.open_deadline(wait.since, limit)
        return self._dues[key]

    def _mark(self, wait: LongWait) -> str:
        self._told_waits.add(wait.first_key)
        return _WAIT_PREFIX + wait.first_key
