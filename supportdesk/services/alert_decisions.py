"""What was decided on each happening, and why: "why was I (not) told?" (F36, F42).

A decision is kept when it is made and when it changes, not each time it is made again.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import islice

from supportdesk.domain.alerts import Alert, AlertKind, Decision, Reason, Verdict
from supportdesk.domain.health import SourceName
from supportdesk.domain.hours import ToLocal
from supportdesk.services.ports import DeskStore
from supportdesk.services.wording import sentence, time_of_day

KEPT_FOR = timedelta(days=30)
KEPT_AT_MOST = 5_000
AT_ONCE_AT_MOST = 200
"""Of twenty thousand mails in one digest not each has a row of its own."""

_REMEMBERED = 2_000
_PRUNED_EVERY = 1_000
_FOLDS = {Reason.BURST, Reason.SAME_PERSON, Reason.DIGEST}
_REPEATS = {Reason.STILL_WAITS, Reason.SNOOZE_OVER, Reason.STARTED}


class AlertDecisions:
    """Decides nothing itself; whoever decides says so here."""

    def __init__(self, store: DeskStore, who: Callable[[str], str] = lambda _key: "") -> None:
        """`who` names whom a ledger key is from, so that it is found by the name."""
        self._store = store
        self._who = who
        self._newest: dict[str, tuple[Verdict, Reason, str]] = {}
        self._written = 0

    def restore(self, now: datetime) -> None:
        """Forget what is too old to be asked for."""
        self._store.prune_alert_memory(now - KEPT_FOR, KEPT_AT_MOST)

    def is_known(self, key: str) -> bool:
        """Was anything decided on it in this run? Of the newest two thousand."""
        return key in self._newest

    def note(
        self,
        keys: Sequence[str],
        verdict: Verdict,
        reason: Reason,
        *,
        kind: AlertKind,
        source: SourceName,
        at: datetime,
        alert_key: str = "",
        until: datetime | None = None,
        words: str = "",
    ) -> None:
        """The same is decided on all of these; `source` is of the first.

        Without `words` each is named by whom it is from.
        """
        for key in keys[:AT_ONCE_AT_MOST]:
            if self._is_new(key, (verdict, reason, alert_key)):
                self._store.save_decision(
                    Decision(
                        key=key,
                        alert_key=alert_key,
                        kind=kind,
                        source=source,
                        at=at,
                        verdict=verdict,
                        reason=reason,
                        until=until,
                        words=words or self._who(key),
                    )
                )
                self._written += 1
        if self._written >= _PRUNED_EVERY:
            # A run may last for months, and a line that hangs is told again every minute.
            self._written = 0
            self.restore(at)

    def told(self, alert: Alert, keys: Sequence[str], reason: Reason) -> None:
        """An alert tells of these, or tells of them again."""
        if reason in _REPEATS:
            verdict = Verdict.REPEATED
        else:
            verdict = Verdict.FOLDED if reason in _FOLDS else Verdict.TOLD
        self._of_alert(alert, keys, verdict, reason, alert.at)

    def taken_back(self, alert: Alert, at: datetime, reason: Reason, why: str) -> None:
        more = f": {why}" if reason is Reason.OVER else ""
        self._of_alert(alert, _keys_of(alert), Verdict.WITHDRAWN, reason, at, more=more)

    def put_off(self, alert: Alert, until: datetime, at: datetime) -> None:
        self._of_alert(alert, _keys_of(alert), Verdict.HELD, Reason.SNOOZED, at, until=until)

    def _of_alert(
        self,
        alert: Alert,
        keys: Sequence[str],
        verdict: Verdict,
        reason: Reason,
        at: datetime,
        *,
        until: datetime | None = None,
        more: str = "",
    ) -> None:
        for key in keys[:AT_ONCE_AT_MOST]:
            self.note(
                [key],
                verdict,
                reason,
                kind=alert.kind,
                source=alert.source,
                at=at,
                alert_key=alert.key,
                until=until,
                words=f"{self._within(alert, key)}{more}",
            )

    def _within(self, alert: Alert, key: str) -> str:
        """An alert for one says who; one for several says how many, and is told beside who."""
        who = self._who(key) if len(alert.covers) > 1 else ""
        return f"{who}, in “{alert.title}”" if who else alert.title

    def _is_new(self, key: str, mark: tuple[Verdict, Reason, str]) -> bool:
        is_new = mark[0] is Verdict.REPEATED or self._newest.get(key) != mark
        self._newest.pop(key, None)
        self._newest[key] = mark
        if len(self._newest) > _REMEMBERED:
            for oldest in list(islice(self._newest, _REMEMBERED // 10)):
                del self._newest[oldest]
        return is_new


def decision_line(decision: Decision, now: datetime, to_local: ToLocal) -> str:
    """As "09:14  Told: Ingrid. It was new."."""
    verdict = decision.verdict.value
    what = f"{verdict[:1].upper()}{verdict[1:]}"
    if decision.words:
        what = f"{what}: {decision.words}"
    line = f"{time_of_day(decision.at, now, to_local)}  {sentence(what)} {decision.reason.value}"
    if decision.until is None:
        return line
    return f"{line} Looked at again {time_of_day(decision.until, now, to_local)}."


def _keys_of(alert: Alert) -> Sequence[str]:
    return alert.covers or (alert.key,)
