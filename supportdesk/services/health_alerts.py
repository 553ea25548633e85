"""Alerts for sources that are not heard: one an episode, one when it is over (F2).

And for parts of supportdesk itself that do not work, such as a disk that is full: one until it
works again, or until something else is wrong with it.

Each run tells once more of what is as it was: its alert left the screen with the run before, and
nobody is to believe that all is heard (DESIGN: never silently deaf).
"""

from collections import deque
from collections.abc import Container, Mapping
from datetime import datetime, timedelta

from supportdesk.domain.alerts import Action, Alert, AlertKind, AlertPage, Reason
from supportdesk.domain.errors import Problem
from supportdesk.domain.health import Hearing, SourceKind, SourceName
from supportdesk.domain.hours import ToLocal
from supportdesk.domain.settings import RuleLevel
from supportdesk.services.alert_book import AlertBook
from supportdesk.services.alert_rules import AlertRules
from supportdesk.services.alert_text import degraded_words, outage_words, recovery_words
from supportdesk.services.health_board import CATCHING_UP, HealthBoard, Outage, Recovery
from supportdesk.services.missed_alerts import MissedAlertRules

RECOVERY_IS_NEWS_FOR = timedelta(minutes=10)

_DEAF = "health/"
OUTBOX = "outbox"
"""The part of supportdesk under which messages that do not go out are told."""
SILENCE = "silence/"
"""How the parts begin under which an unusual silence is told."""
SILENCE_OF_MAIL = "silence/mail/"
"""Of those a mail to ourselves would tell more."""
_LIMITED = "limits/"
_HEARD = "heard/"


class HealthAlertRules:
    """Follows the health board; nothing new is raised in silence."""

    def __init__(
        self,
        health: HealthBoard,
        book: AlertBook,
        missed: MissedAlertRules,
        rules: AlertRules,
        to_local: ToLocal,
    ) -> None:
        self._health = health
        self._book = book
        self._missed = missed
        self._rules = rules
        self._to_local = to_local
        self._came: deque[tuple[datetime, SourceName]] = deque(maxlen=1_000)
        self._parts: dict[str, Problem] = {}
        self._of_last_run: set[str] = set()

    def adopt(self, problems: Mapping[str, Problem], told_again: Container[str] = ()) -> None:
        """An outage told by the last run goes on until the source is heard.

        Args:
            problems: Of the parts of supportdesk at its start.
            told_again: Keys of alerts that are told anew in any case.
        """
        self._parts = dict(problems)
        for alert in self._book.on_show():
            if alert.key.startswith(_DEAF):
                self._health.adopt(alert.source, alert.at)
                if alert.key not in told_again:
                    self._of_last_run.add(alert.key)

    def mail_came(self, account: SourceName, now: datetime) -> None:
        """For "3 mails came meanwhile"."""
        self._came.append((now, account))

    def part_failed(self, part: str, problem: Problem) -> None:
        """It does not work; what the founder closed for another reason may be told anew."""
        if self._parts.get(part) != problem:
            self._book.forget_dismissed(_DEAF + part)
        self._parts[part] = problem

    def part_works(self, part: str, now: datetime) -> None:
        if self._parts.pop(part, None) is not None:
            self._book.withdraw(_DEAF + part, "it works again", now)

    def reconcile(self, now: datetime, *, may_raise: bool) -> None:
        outages = {_outage_key(outage): outage for outage in self._health.outages(now)}
        self._take_back({*outages, *self._part_keys()}, now)
        for part, problem in self._parts.items():
            self._tell_part(part, problem, now, may_raise=may_raise)
        for key, outage in outages.items():
            is_new = self._book.get(key) is None
            is_wanted = may_raise and self._is_wanted(outage.health.source)
            if not is_new or (is_wanted and not self._book.is_suppressed(key)):
                self._show_outage(key, outage, now)
        if may_raise:
            self._tell_of_last_run(now)
        for recovery in self._health.recoveries(now):
            if may_raise and self._is_wanted(recovery.health.source):
                self._show_recovery(recovery, now)

    def _tell_of_last_run(self, now: datetime) -> None:
        """Once it has been tried in this run, and failed again."""
        for key in list(self._of_last_run):
            alert = self._book.get(key)
            if alert is None:
                self._of_last_run.discard(key)
            elif key in self._part_keys() or self._health.has_failed(alert.source):
                self._of_last_run.discard(key)
                if self._is_wanted(alert.source):
                    self._book.tell_again(key, now, Reason.STARTED)

    def _is_wanted(self, source: SourceName) -> bool:
        """Not so where a rule wants it later or never: the page of the sources says it anyway."""
        return self._rules.level(source, AlertKind.HEALTH) is RuleLevel.TELL

    def current_keys(self, now: datetime) -> list[str]:
        return [*(_outage_key(one) for one in self._health.outages(now)), *self._part_keys()]

    def next_due(self, now: datetime) -> datetime | None:
        """When the word of a recovery has had its time."""
        ends = (
            alert.at + RECOVERY_IS_NEWS_FOR
            for alert in self._book.on_show()
            if alert.key.startswith(_HEARD)
        )
        return min((end for end in ends if end > now), default=None)

    def _take_back(self, current: set[str], now: datetime) -> None:
        for alert in self._book.on_show():
            if alert.kind is not AlertKind.HEALTH or alert.key in current:
                continue
            if alert.key.startswith(_HEARD):
                is_deaf_again = _DEAF + alert.source in current
                if is_deaf_again or alert.at + RECOVERY_IS_NEWS_FOR <= now:
                    self._book.withdraw(alert.key, "no longer news", now)
            elif not self._health.is_watched(alert.source):
                why = "it works again" if _is_of_part(alert) else "no longer watched"
                self._book.withdraw(alert.key, why, now)
            elif self._health.has_reported(alert.source):
                is_outage = alert.key.startswith(_DEAF)
                self._book.withdraw(alert.key, "listening again" if is_outage else "mended", now)

    def _part_keys(self) -> list[str]:
        return [_DEAF + part for part in self._parts]

    def _tell_part(self, part: str, problem: Problem, now: datetime, *, may_raise: bool) -> None:
        key = _DEAF + part
        known = self._book.get(key)
        if known is None and not (may_raise and not self._book.is_suppressed(key)):
            return
        is_other = known is not None and known.title != problem.title
        is_news = is_other and may_raise
        if is_news:
            self._of_last_run.discard(key)
        self._book.show(part_alert(part, problem, now), is_news=is_news, reason=Reason.BROKEN)

    def _show_outage(self, key: str, outage: Outage, now: datetime) -> None:
        if key.startswith(_DEAF):
            known = self._book.get(key)
            text = outage_words(outage, self._health.healths(), now, self._to_local)
            # "Since 09:14" stays as it was told, also on the next day or after a restart.
            title = text.title if known is None else known.title
            actions: tuple[Action, ...] = (Action.WHY, Action.TRY_AGAIN)
            self._health.shown(outage.health.source)
        else:
            text = degraded_words(outage.health)
            title = text.title
            actions = (Action.WHY,)
        self._book.show(
            Alert(
                key=key,
                kind=AlertKind.HEALTH,
                title=title,
                body=text.body,
                actions=actions,
                source=outage.health.source,
                at=now,
                page=AlertPage.HEALTH,
            ),
            is_news=False,
            reason=Reason.BROKEN,
        )

    def _show_recovery(self, recovery: Recovery, now: datetime) -> None:
        source = recovery.health.source
        after = recovery.until - CATCHING_UP
        mails = sum(1 for at, account in self._came if account == source and at >= after)
        has_phones = any(one.kind is SourceKind.PHONE for one in self._health.healths())
        missed = self._missed.missed_since(recovery.since) if has_phones else None
        text = recovery_words(recovery, mails, missed, now, self._to_local)
        self._book.show(
            Alert(
                key=_HEARD + source,
                kind=AlertKind.HEALTH,
                title=text.title,
                body=text.body,
                actions=(Action.SHOW,),
                source=source,
                at=now,
                page=AlertPage.HEALTH,
            ),
            reason=Reason.WORKS_AGAIN,
        )


def _outage_key(outage: Outage) -> str:
    is_heard = outage.health.hearing is Hearing.LISTENING
    return (_LIMITED if is_heard else _DEAF) + outage.health.source


def part_alert(part: str, problem: Problem, now: datetime) -> Alert:
    """What is told of a part of supportdesk that does not work."""
    can_test = part.startswith(SILENCE_OF_MAIL)
    return Alert(
        key=_DEAF + part,
        kind=AlertKind.HEALTH,
        title=problem.title,
        body=problem.advice,
        actions=(Action.TEST_MAIL, Action.WHY) if can_test else (Action.WHY,),
        source=SourceName(part),
        at=now,
        page=AlertPage.HEALTH,
    )


def silent_source(alert: Alert) -> SourceName:
    """Whose silence it tells of."""
    return SourceName(alert.source.removeprefix(SILENCE_OF_MAIL).removeprefix(SILENCE))


def _is_of_part(alert: Alert) -> bool:
    """Only what watches something can be tried again."""
    return alert.key.startswith(_DEAF) and Action.TRY_AGAIN not in alert.actions
