"""The part of the desk that is about lifts; a team that never lifts anything does without most."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from supportdesk.domain.events import LiftTold, MessageChanged, MessagesArrived
from supportdesk.domain.mail import MessageSummary
from supportdesk.domain.settings import LiftSettings
from supportdesk.services.alert_book import AlertBook
from supportdesk.services.alert_policy import AlertPolicy
from supportdesk.services.calls_board import CallsBoard
from supportdesk.services.inbox import Inbox, MailEvent
from supportdesk.services.ports import DeskStore

if TYPE_CHECKING:
    from supportdesk.services.lift_store import LiftStore
    from supportdesk.services.lifts import Lifts


class DeskLifts:
    """Makes `Lifts` and their alerts with the first lift, and keeps them in step with the inbox."""

    def __init__(
        self,
        *,
        store: "Callable[[], LiftStore] | None",
        has_any: bool,
        ledger: DeskStore,
        inbox: Inbox,
        calls: CallsBoard,
        book: AlertBook,
        policy: AlertPolicy,
    ) -> None:
        """`store` is asked with the first question, or at the start where it `has_any`.

        None: lifts are kept nowhere.
        """
        self._store = store
        self._has_any = has_any
        self._ledger = ledger
        self._inbox = inbox
        self._calls = calls
        self._book = book
        self._policy = policy
        self._settings = LiftSettings()
        self._lifts: Lifts | None = None

    @property
    def known(self) -> "Lifts | None":
        """None as long as nothing was lifted and nobody asked."""
        return self._lifts

    @property
    def all(self) -> "Lifts":
        """All lifts, read with the first question."""
        if self._lifts is None:
            self._lifts = self._begun()
        return self._lifts

    def configure(self, settings: LiftSettings) -> None:
        self._settings = settings
        if self._lifts is not None:
            self._lifts.configure(settings)

    def restore(self) -> None:
        """Take up what desk.db holds; also after it was changed behind our back."""
        if self._lifts is not None:
            self._lifts.restore()
        elif self._has_any:
            self._lifts = self._begun()

    def fold(self, event: LiftTold, now: datetime) -> bool:
        """Somebody of the team lifts something; True when there is something else to be seen."""
        if self._lifts is None and event.is_empty:
            return False
        new = self.all.fold(event, now)
        self._policy.lifted(new)
        for lift in new:
            if lift.carrier:
                self._inbox.set_apart(lift.carrier, now)
        return True

    def mail_comes(self, event: MailEvent, now: datetime) -> None:
        """First thing in a turn, before the inbox has it."""
        if self._lifts is not None:
            self._lifts.mail_comes(_messages(event), now)

    def mail_came(self, event: MailEvent, now: datetime) -> None:
        """The inbox has it: an operator's own mail stands apart from the customer's."""
        if self._lifts is not None:
            for message in _messages(event):
                if self._lifts.is_carrier(message.key) and not self._inbox.is_apart(message.key):
                    self._inbox.set_apart(message.key, now)

    def seen(self, key: str, now: datetime) -> None:
        """The founder has this mail open, or is done with it; first thing in a turn."""
        if self._lifts is not None:
            conversation = self._inbox.conversation(key)
            items = [key] if conversation is None else [one.key for one in conversation.messages]
            self._lifts.seen(items, now)

    def dismissed(self, alert_key: str, now: datetime) -> None:
        """The founder closed this alert."""
        lift = None if self._lifts is None else self._lifts.lift(alert_key)
        if lift is not None:
            self.all.seen([lift.item], now)

    def _begun(self) -> "Lifts":
        # Most teams never lift anything: a quiet tray does without these.
        from supportdesk.services.lift_alerts import LiftAlertRules
        from supportdesk.services.lift_store import UnkeptLiftStore
        from supportdesk.services.lifts import Lifts

        store = (self._store or UnkeptLiftStore)()
        lifts = Lifts(store, self._ledger, self._inbox, self._calls)
        lifts.configure(self._settings)
        lifts.restore()
        rules = LiftAlertRules(lifts, self._book, self._inbox, self._calls)
        self._policy.lifts_begin(rules)
        return lifts


def _messages(event: MailEvent) -> tuple[MessageSummary, ...]:
    match event:
        case MessagesArrived():
            return event.messages
        case MessageChanged():
            return (event.message,)
        case _:
            return ()
