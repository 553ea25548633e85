"""The alerts on show, snoozed or held, on disk, so that a restart repeats none (F3).

Everything that is told leaves through here, in order. A snoozed alert is in the store with `at` in
the future, and with a mark: its time may come while nothing runs. Some were never shown: one
collects ledger keys that wait for the end of an absence, others those that wait a moment for
company; after a crash they are one.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from supportdesk.domain.alerts import (
    Alert,
    AlertKind,
    AlertRaised,
    AlertUpdated,
    AlertWithdrawn,
    Happened,
    Notice,
    Reason,
)
from supportdesk.domain.health import SourceName
from supportdesk.services.alert_decisions import AlertDecisions
from supportdesk.services.alert_rules import AlertRules
from supportdesk.services.ports import DeskStore

HELD_KEY = "held"
_COMPANY = "company/"
_BY_RULE_KEY = "by rule"
_SNOOZED = "snoozed/"


class AlertBook:
    """Decides nothing: keeps, tells, and dresses what goes out as the settings want it."""

    def __init__(
        self, store: DeskStore, rules: AlertRules, who: Callable[[str], str] = lambda _key: ""
    ) -> None:
        """`who` names whom a ledger key is from."""
        self._store = store
        self._rules = rules
        self.decisions = AlertDecisions(store, who)
        self._on_show: dict[str, Alert] = {}
        self._snoozed: dict[str, Alert] = {}
        self._held: dict[str, None] = {}
        self._by_rule: dict[str, None] = {}
        self._dismissed: set[str] = set()
        self._notices: list[Notice] = []

    def restore(self, now: datetime) -> frozenset[str]:
        """Take up what the last run had on show; told again is only what it may not have shown.

        Returns:
            The keys of the alerts that are told again.
        """
        self.decisions.restore(now)
        untold = self._store.untold()
        waited: list[Alert] = []
        for alert in self._store.open_alerts():
            if alert.key == HELD_KEY:
                self._held = dict.fromkeys(alert.covers)
            elif alert.key == _BY_RULE_KEY:
                self._by_rule = dict.fromkeys(alert.covers)
            elif alert.key.startswith(_COMPANY):
                waited.append(alert)
            elif alert.at > now or _SNOOZED + alert.key in untold:
                self._snoozed[alert.key] = alert
            else:
                self._on_show[alert.key] = alert
                if alert.key in untold:
                    self._notices.append(self._raised(alert))
                    again = replace(alert, at=now)
                    self.decisions.told(again, _keys_of(alert), Reason.STARTED)
        self._store.clear_untold(untold - {_SNOOZED + key for key in self._snoozed})
        for alert in waited:
            self.hold(alert.covers, now)
            self._store.remove_alert(alert.key)
        return frozenset(_alert_keys(self._notices))

    def take_notices(self) -> tuple[Notice, ...]:
        """Until `shown` is called, a crash makes the next run tell these alerts again."""
        notices = tuple(self._notices)
        self._notices.clear()
        self._store.save_untold(_alert_keys(notices))
        return notices

    def shown(self, notices: Iterable[Notice]) -> None:
        """These have been shown to the founder."""
        self._store.clear_untold(_alert_keys(notices))

    def tell(self, happened: Happened) -> None:
        self._notices.append(happened)

    # --- on show ------------------------------------------------------------------------

    def on_show(self) -> list[Alert]:
        return list(self._on_show.values())

    def get(self, key: str) -> Alert | None:
        return self._on_show.get(key)

    def is_suppressed(self, key: str) -> bool:
        """Snoozed or closed by the founder: not to be raised for the same thing again."""
        return key in self._snoozed or key in self._dismissed

    def show(self, alert: Alert, *, is_news: bool = True, reason: Reason = Reason.NEW) -> None:
        """Raise it; with a key on show already, update it if the words or the scope differ.

        What is raised is always news. An update without news only says the same in better words.
        """
        known = self._on_show.get(alert.key)
        if known is not None and replace(known, at=alert.at) == alert:
            return
        self._on_show[alert.key] = alert
        if known is None:
            if self._snoozed.pop(alert.key, None) is not None:
                self._store.clear_untold([_SNOOZED + alert.key])
            self._notices.append(self._raised(alert))
        else:
            self._notices.append(self._updated(alert, is_news=is_news))
        self._store.save_alert(alert)
        self._remember(alert, known, reason, is_news=is_news)

    def tell_again(self, key: str, now: datetime, reason: Reason) -> None:
        """It is as true as it was, and has left the screen with the last run."""
        alert = self._on_show[key]
        self._notices.append(self._updated(alert, is_news=True))
        self.decisions.told(replace(alert, at=now), _keys_of(alert), reason)

    def _remember(
        self, alert: Alert, known: Alert | None, reason: Reason, *, is_news: bool
    ) -> None:
        """What it leads to, and on what was decided with it."""
        before = set(known.covers) if known is not None else set()
        fresh = [key for key in alert.covers if key not in before]
        is_same = known is not None and (known.item, known.page) == (alert.item, alert.page)
        if fresh or not is_same:
            self._store.save_told(alert, alert.at)
        if fresh or is_news or known is None:
            self.decisions.told(alert, fresh or _keys_of(alert), reason)

    def withdraw(self, key: str, why: str, now: datetime, reason: Reason = Reason.OVER) -> None:
        alert = self._take_down(key, why, now)
        if alert is not None:
            self.decisions.taken_back(alert, now, reason, why)

    def fold(self, key: str, now: datetime) -> None:
        """Take it back, for another alert speaks for it; that one says so of what it covers."""
        self._take_down(key, "part of another alert", now)

    def _take_down(self, key: str, why: str, now: datetime) -> Alert | None:
        alert = self._on_show.pop(key, None)
        if alert is not None:
            self._store.remove_alert(key)
            dressed = self._rules.dressed(alert, is_news=False)
            self._notices.append(AlertWithdrawn(alert=dressed, at=now, why=why))
        return alert

    def dismiss(self, key: str, now: datetime) -> None:
        if key in self._on_show:
            self._dismissed.add(key)
            self.withdraw(key, "closed here", now, Reason.CLOSED_HERE)

    def dismissed(self) -> list[str]:
        """Keys that the founder closed and that have not been forgotten."""
        return list(self._dismissed)

    def forget_dismissed(self, key: str) -> None:
        """It is over: a new happening with this key may be told."""
        self._dismissed.discard(key)

    def show_anew(self) -> None:
        """The settings want more or less to be seen of the alerts on show."""
        for alert in self._on_show.values():
            self._notices.append(self._updated(alert, is_news=False))

    # --- snoozed ------------------------------------------------------------------------

    def snooze(self, key: str, until: datetime, now: datetime) -> None:
        alert = self._take_down(key, "snoozed", now)
        if alert is not None:
            self.decisions.put_off(alert, until, now)
            self._snoozed[key] = replace(alert, at=until)
            self._store.save_alert(self._snoozed[key])
            self._store.save_untold([_SNOOZED + key])

    def snoozed(self) -> list[Alert]:
        return list(self._snoozed.values())

    def due_snoozes(self, now: datetime) -> list[Alert]:
        """Those whose time has come; they are no longer snoozed."""
        due = [alert for alert in self._snoozed.values() if alert.at <= now]
        for alert in due:
            self.drop_snoozed(alert.key)
        return due

    def drop_snoozed(self, key: str) -> None:
        del self._snoozed[key]
        self._store.remove_alert(key)
        self._store.clear_untold([_SNOOZED + key])

    def next_due(self) -> datetime | None:
        return min((alert.at for alert in self._snoozed.values()), default=None)

    # --- held ---------------------------------------------------------------------------

    def held(self) -> list[str]:
        return list(self._held)

    def hold(self, keys: Iterable[str], now: datetime) -> None:
        """Keep these ledger keys for the digest, over a crash too."""
        self._held.update(dict.fromkeys(keys))
        self._store.save_alert(_never_shown(HELD_KEY, self._held, now))

    def await_company(self, kind: AlertKind, keys: Sequence[str], now: datetime) -> None:
        """These of a kind, and no others, are told in a moment: a crash must not lose them."""
        row = _COMPANY + kind.value
        if keys:
            self._store.save_alert(_never_shown(row, keys, now))
        else:
            self._store.remove_alert(row)

    def release(self) -> list[str]:
        """Everything held; nothing is held any more."""
        keys = list(self._held)
        if keys:
            self._held = {}
            self._store.remove_alert(HELD_KEY)
        return keys

    # --- kept by a rule -----------------------------------------------------------------

    def by_rule(self) -> list[str]:
        """Ledger keys that wait for the next digest, whenever that is."""
        return list(self._by_rule)

    def keep_by_rule(self, keys: Iterable[str], now: datetime) -> None:
        self._by_rule.update(dict.fromkeys(keys))
        self._store.save_alert(_never_shown(_BY_RULE_KEY, self._by_rule, now))

    def release_by_rule(self) -> list[str]:
        """Everything that was kept; nothing is any more."""
        keys = list(self._by_rule)
        if keys:
            self._by_rule = {}
            self._store.remove_alert(_BY_RULE_KEY)
        return keys

    # --- going out ----------------------------------------------------------------------

    def _raised(self, alert: Alert) -> AlertRaised:
        return AlertRaised(alert=self._rules.dressed(alert, is_news=True))

    def _updated(self, alert: Alert, *, is_news: bool) -> AlertUpdated:
        return AlertUpdated(alert=self._rules.dressed(alert, is_news=is_news), is_news=is_news)


def _alert_keys(notices: Iterable[Notice]) -> list[str]:
    return [one.alert.key for one in notices if isinstance(one, AlertRaised | AlertUpdated)]


def _keys_of(alert: Alert) -> Sequence[str]:
    return alert.covers or (alert.key,)


def _never_shown(key: str, covers: Iterable[str], now: datetime) -> Alert:
    """A row that keeps ledger keys."""
    return Alert(
        key=key,
        kind=AlertKind.MAIL,
        title="",
        body="",
        actions=(),
        source=SourceName(""),
        at=now,
        covers=tuple(covers),
        is_digest=True,
    )
