"""What decides on the alerts of a desk: the rules of each kind, put together around one book."""

from datetime import datetime

from supportdesk.domain.alerts import Alert, AlertKind
from supportdesk.domain.hours import ToLocal
from supportdesk.domain.settings import Settings
from supportdesk.services.absence import Absence
from supportdesk.services.alert_book import AlertBook
from supportdesk.services.alert_policy import AlertPolicy
from supportdesk.services.alert_rules import AlertRules
from supportdesk.services.call_alerts import CallAlertRules
from supportdesk.services.calls_board import CallsBoard
from supportdesk.services.coffee_offer import CoffeeOffer
from supportdesk.services.health_alerts import HealthAlertRules
from supportdesk.services.health_board import HealthBoard
from supportdesk.services.inbox import Inbox
from supportdesk.services.knocks import Knocks
from supportdesk.services.mail_alerts import MailAlertRules
from supportdesk.services.missed_alerts import MissedAlertRules
from supportdesk.services.ports import DeskStore
from supportdesk.services.promise_alerts import PromiseAlerts
from supportdesk.services.promises import Promises
from supportdesk.services.silence import Silence
from supportdesk.services.weekly_nudge import NudgeSources, WeeklyNudge

_WEIGHTS = (
    AlertKind.WAITING,
    AlertKind.LIFTED,
    AlertKind.HEALTH,
    AlertKind.MISSED,
    AlertKind.PROMISE,
    AlertKind.MAIL,
    AlertKind.ANSWERED,
    AlertKind.MORNING,
    AlertKind.WEEKLY,
)


class DeskAlerts:
    """Made by the desk of its own parts; `policy`, `health` and `nudge` are asked by it alone."""

    def __init__(
        self,
        *,
        book: AlertBook,
        rules: AlertRules,
        silence: Silence,
        absence: Absence,
        inbox: Inbox,
        calls: CallsBoard,
        knocks: Knocks,
        health: HealthBoard,
        promises: Promises,
        settings: Settings,
        store: DeskStore,
        to_local: ToLocal,
        nudge: NudgeSources | None,
    ) -> None:
        self._book = book
        self._silence = silence
        self._absence = absence
        missed_rules = MissedAlertRules(calls, book, knocks, to_local)
        self.health = HealthAlertRules(health, book, missed_rules, rules, to_local)
        self.nudge: WeeklyNudge | None = None
        if nudge is not None:
            self.nudge = WeeklyNudge(
                inbox=inbox,
                calls=calls,
                book=book,
                silence=silence,
                store=store,
                to_local=to_local,
                sources=nudge,
            )
        self.policy = AlertPolicy(
            inbox=inbox,
            calls=calls,
            book=book,
            silence=silence,
            absence=absence,
            rules=rules,
            mail_rules=MailAlertRules(inbox, book, store, silence, settings.alerts),
            call_rules=CallAlertRules(calls, book, knocks, rules, to_local),
            missed_rules=missed_rules,
            health_rules=self.health,
            nudge=self.nudge,
        )
        self._promises = PromiseAlerts(promises, book, store)
        self._coffee = CoffeeOffer(
            inbox=inbox, calls=calls, book=book, silence=silence, store=store, to_local=to_local
        )

    def configure(self, settings: Settings, now: datetime) -> None:
        self.policy.configure(settings.alerts, now)
        if self.nudge is not None:
            self.nudge.configure(settings.reading, settings.alerts)
        self._coffee.configure(settings)

    def reconcile(self, now: datetime) -> None:
        """Hold what is on show against what is true."""
        self.policy.reconcile(now)
        is_held_back = self._silence.is_silent(now) or self._absence.is_catching_up(now)
        self._promises.reconcile(now, may_tell=not is_held_back)
        self._coffee.reconcile(now, may_tell=not is_held_back)

    def next_due(self, now: datetime) -> datetime | None:
        """When time alone may change what is offered."""
        return self._coffee.next_due(now)

    def on_show(self) -> tuple[Alert, ...]:
        """What matters most first; the newest is the one with the latest `at`."""
        shown = self._book.on_show()
        return tuple(sorted(shown, key=lambda alert: (_WEIGHTS.index(alert.kind), alert.at)))
