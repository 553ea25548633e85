"""Alerts for what the team lifts to the founder: always told, and after those who wait (F84)."""

from collections.abc import Iterable
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
from supportdesk.services.alert_text import lifted_call_words, lifted_mail_words, lifted_words
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
        waiting, self._new = self._new, []
        for key in waiting:
            lift = self._lifts.lift(key)
            if lift is not None and self._what(lift) is None:
                self._new.append(key)
            elif lift is not None:
                self._book.tell(self._happened(lift, now))

    def _happened(self, lift: Lift, now: datetime) -> Happened:
        text = self._words(lift, now)
        call, message = self._calls.call(lift.item), self._inbox.message(lift.item)
        return Happened(
            key=lift.key,
            kind=AlertKind.LIFTED,
            title=text.title,
            body=text.body,
            source=self._source(lift),
            at=now,
            message_id=None if message is None else message.message_id,
            call_id=None if call is None else call.call_id,
            number=None if call is None else call.number,
            name=None if call is None else call.name,
            by=lift.by or lift.by_address or None,
        )

    def _why_over(self, key: str) -> str:
        lift = self._lifts.lift(key)
        return "taken back" if lift is None else self._lifts.why_over(lift)

    def _show(self, lift: Lift, now: datetime) -> None:
        is_shown = self._book.get(lift.key) is not None
        message = self._inbox.message(lift.item)
        told = (lift, "" if message is None else message.preview)
        if is_shown and self._told.get(lift.key) == told:
            return
        self._told[lift.key] = told
        text = self._words(lift, now)
        self._book.show(
            Alert(
                key=lift.key,
                kind=AlertKind.LIFTED,
                title=text.title,
                body=text.body,
                actions=self._call_actions(lift) if lift.way.is_call else _FOR_MAIL,
                source=self._source(lift),
                at=now,
                item=lift.item,
                covers=(lift.item,),
                urgency=Urgency.CRITICAL if lift.way.is_call else Urgency.NORMAL,
            ),
            is_news=not is_shown,
            reason=Reason.LIFTED,
        )

    def _call_actions(self, lift: Lift) -> tuple[Action, ...]:
        able = self._calls.capabilities(self._source(lift))
        first = Action.TAKE_CALL if able is not None and able.can_take else Action.SHOW
        return (first, Action.NOT_NOW)

    def _words(self, lift: Lift, now: datetime) -> Words:
        by = lift.by or lift.by_address
        match self._what(lift):
            case Call() as call:
                return lifted_call_words(by, lift.why, call, now)
            case MessageSummary() as message:
                return lifted_mail_words(by, lift.why, message)
            case _:
                return lifted_words(by, lift.why)

    def _source(self, lift: Lift) -> SourceName:
        match self._what(lift):
            case Call() as call:
                return call.phone
            case MessageSummary() as message:
                return message.account
            case _:
                return SourceName("")

    def _what(self, lift: Lift) -> Call | MessageSummary | None:
        return self._calls.call(lift.item) or self._inbox.message(lift.item)
