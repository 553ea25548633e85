"""Alerts for what the team lifts to the founder: always told, and after those who wait (F84)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from supportdesk.domain.alerts import (
    Action,
    Alert,
    AlertKind,
    Happened,
    Reason,
    Urgency,
)
from supportdesk.domain.calls import Call
from supportdesk.domain.health import SourceName
from supportdesk.domain.lifts import Lift, LiftWay
from supportdesk.domain.mail import MessageSummary
from supportdesk.services.alert_book import AlertBook
from supportdesk.services.alert_text import lifted_call_words, lifted_mail_words
from supportdesk.services.calls_board import CallsBoard
from supportdesk.services.inbox import GONE, Inbox
from supportdesk.services.lifts import Lifts
from supportdesk.services.wording import Words

_FOR_MAIL = (Action.READ, Action.REPLY, Action.SNOOZE)


class LiftAlertRules:
    """Makes the alerts; no rule and no setting of the founder's for mail keeps one back."""

    def __init__(self, lifts: Lifts, book: AlertBook, inbox: Inbox, calls: CallsBoard) -> None:
        self._lifts = lifts
        self._book = book
        self._inbox = inbox
        self._calls = calls
        # The words of a call tell how long it lasts: without more news they stay as they are.
        self._told: dict[str, tuple[Lift, str]] = {}
        self._new: list[str] = []

    def lifted(self, lifts: Iterable[Lift]) -> None:
        """These are new; that they happened is told once it is known what is lifted."""
        self._new += [lift.key for lift in lifts]

    def is_carrier(self, key: str) -> bool:
        return self._lifts.is_carrier(key)

    def speaks_for(self, key: str) -> bool:
        """No other alert is needed for this mail or call."""
        return self._lifts.is_carrier(key) or self._lifts.is_lifted(key)

    def has_asked_for(self, key: str) -> bool:
        """The founder is asked for this caller, or was and said: not now."""
        lift = self._lifts.of([key])
        return lift is not None and (lift.way is LiftWay.QUEUE or self._lifts.is_lifted(key))

    def reconcile(
        self, now: datetime, *, may_tell: bool, may_tell_calls: bool, is_catching_up: bool
    ) -> None:
        """A mail that is missing while the mailboxes are read again may be found yet."""
        self._tell_new(now)
        is_open = {lift.key: lift for lift in self._lifts.open()}
        for alert in self._book.on_show():
            if alert.kind is AlertKind.LIFTED and alert.key not in is_open:
                why = self._why_over(alert.key)
                if not (is_catching_up and why == GONE):
                    self._book.withdraw(alert.key, why, now)
                    self._told.pop(alert.key, None)
        for lift in is_open.values():
            may_raise = may_tell_calls if lift.way.is_call else may_tell
            is_shown = self._book.get(lift.key) is not None
            if is_shown or (may_raise and not self._book.is_suppressed(lift.key)):
                self._show(lift, now)

    def current_keys(self) -> list[str]:
        return [lift.key for lift in self._lifts.open()]

    # --- inside -------------------------------------------------------------------------

    def _tell_new(self, now: datetime) -> None:
        """That they happened, once it is known what was lifted."""
        waiting = [lift for lift in map(self._lifts.lift, self._new) if lift is not None]
        self._new = []
        for lift in waiting:
            about = self._about(lift)
            if about is None:
                self._new.append(lift.key)
            else:
                self._book.tell(_happened(lift, about, now))

    def _why_over(self, key: str) -> str:
        lift = self._lifts.lift(key)
        return "taken back" if lift is None else self._lifts.why_over(lift)

    def _show(self, lift: Lift, now: datetime) -> None:
        is_shown, about = self._book.get(lift.key) is not None, self._about(lift)
        told = (lift, about.preview if isinstance(about, MessageSummary) else "")
        if about is None or (is_shown and self._told.get(lift.key) == told):
            return
        self._told[lift.key] = told
        text = _words(lift, about, now)
        self._book.show(
            Alert(
                key=lift.key,
                kind=AlertKind.LIFTED,
                title=text.title,
                body=text.body,
                actions=self._call_actions(about.phone) if isinstance(about, Call) else _FOR_MAIL,
                source=_source(about),
                at=now,
                item=lift.item,
                covers=(lift.item,),
                urgency=Urgency.CRITICAL if lift.way.is_call else Urgency.NORMAL,
            ),
            is_news=not is_shown,
            reason=Reason.LIFTED,
        )

    def _call_actions(self, phone: SourceName) -> tuple[Action, ...]:
        able = self._calls.capabilities(phone)
        first = Action.TAKE_CALL if able is not None and able.can_take else Action.SHOW
        return (first, Action.NOT_NOW)

    def _about(self, lift: Lift) -> Call | MessageSummary | None:
        return self._calls.call(lift.item) or self._inbox.message(lift.item)


def _happened(lift: Lift, about: Call | MessageSummary, now: datetime) -> Happened:
    text = _words(lift, about, now)
    told = Happened(
        key=lift.key,
        kind=AlertKind.LIFTED,
        title=text.title,
        body=text.body,
        source=_source(about),
        at=now,
        by=lift.by or lift.by_address or None,
    )
    if isinstance(about, Call):
        return replace(told, call_id=about.call_id, number=about.number, name=about.name)
    return replace(told, message_id=about.message_id)


def _words(lift: Lift, about: Call | MessageSummary, now: datetime) -> Words:
    by = lift.by or lift.by_address
    if isinstance(about, Call):
        return lifted_call_words(by, lift.why, about, now)
    return lifted_mail_words(by, lift.why, about)


def _source(about: Call | MessageSummary) -> SourceName:
    return about.phone if isinstance(about, Call) else about.account
