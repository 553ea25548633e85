"""Which alerts there are, and when (DESIGN section 7).

After each event and at each due moment `reconcile` compares what is on show with what is true:
take back what is handled, then raise what is due, by weight: callers, then mail and missed calls,
then health, at last the weekly nudge. What may not be told now is held, and leaves in one digest
when it may; the nudge waits for another moment.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from supportdesk.domain.alerts import (
    Action,
    Alert,
    AlertKind,
    AlertPage,
    Happened,
    Reason,
    Verdict,
)
from supportdesk.domain.calls import Call, Outcome
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageSummary
from supportdesk.domain.settings import AlertSettings, RuleLevel
from supportdesk.services.absence import Absence
from supportdesk.services.alert_book import AlertBook
from supportdesk.services.alert_decisions import AT_ONCE_AT_MOST
from supportdesk.services.alert_rules import AlertRules
from supportdesk.services.alert_text import digest_body, digest_title
from supportdesk.services.call_alerts import CallAlertRules
from supportdesk.services.calls_board import CallsBoard
from supportdesk.services.conversations import LongWait
from supportdesk.services.health_alerts import HealthAlertRules
from supportdesk.services.inbox import GONE, Inbox
from supportdesk.services.mail_alerts import MailAlertRules
from supportdesk.services.missed_alerts import MissedAlertRules
from supportdesk.services.missed_calls import is_only_counted
from supportdesk.services.silence import Silence
from supportdesk.services.weekly_nudge import WeeklyNudge

if TYPE_CHECKING:
    from supportdesk.domain.lifts import Lift
    from supportdesk.services.lift_alerts import LiftAlertRules

_FOLDABLE = (AlertKind.MAIL, AlertKind.MISSED)
_CALL_PREFIX = "call/"
_TALKED = {Outcome.ANSWERED: Reason.NOT_NEEDED, Outcome.TAKEN: Reason.TAKEN_BY_YOU}


class AlertPolicy:
    """Owns the order and the gates; the rules for mail, calls and health make the alerts."""

    def __init__(
        self,
        *,
        inbox: Inbox,
        calls: CallsBoard,
        book: AlertBook,
        silence: Silence,
        absence: Absence,
        rules: AlertRules,
        mail_rules: MailAlertRules,
        call_rules: CallAlertRules,
        missed_rules: MissedAlertRules,
        health_rules: HealthAlertRules,
        nudge: WeeklyNudge | None,
    ) -> None:
        self._inbox = inbox
        self._calls = calls
        self._book = book
        self._silence = silence
        self._absence = absence
        self._rules = rules
        self._mail_rules = mail_rules
        self._call_rules = call_rules
        self._missed_rules = missed_rules
        self._health_rules = health_rules
        self._nudge = nudge
        self._lift_rules: LiftAlertRules | None = None
        self._fresh_mails: list[str] = []
        self._fresh_missed: list[str] = []
        self._was_silent_since: datetime | None = None

    def configure(self, settings: AlertSettings, now: datetime) -> None:
        """New settings; the next `reconcile` takes back what they no longer want."""
        self._silence.configure(settings)
        self._mail_rules.configure(settings)
        self._rules.configure(settings)
        self._dress(now)

    def _dress(self, now: datetime) -> None:
        """Presenting begins or ends, in time by itself."""
        if self._rules.look_at(now):
            self._book.show_anew()

    def lifts_begin(self, rules: "LiftAlertRules") -> None:
        """Somebody of the team lifts something: most desks never see it."""
        self._lift_rules = rules
        self._call_rules.leave_lifted(rules.has_asked_for)

    def lifted(self, lifts: "Iterable[Lift]") -> None:
        """These are new."""
        if self._lift_rules is not None:
            self._lift_rules.lifted(lifts)

    # --- what happened ------------------------------------------------------------------

    def news(self, messages: Iterable[MessageSummary], now: datetime) -> None:
        """Messages told for the first time; the founder is alerted of those from customers."""
        for number, message in enumerate(messages):
            happened = self._mail_rules.happened(message, now)
            self._book.tell(happened)
            self._health_rules.mail_came(message.account, now)
            why_silent = self._why_silent(message)
            if why_silent is None:
                self._fresh_mails += self._wanted([message.key], message.account, now)
            elif number < AT_ONCE_AT_MOST:
                self._note_silence(happened, why_silent)

    def _why_silent(self, message: MessageSummary) -> Reason | None:
        if self._lift_rules is not None and self._lift_rules.is_carrier(message.key):
            return Reason.NO_CUSTOMER
        return self._mail_rules.why_silent(message)

    def came_back(self, keys: Iterable[str], now: datetime) -> None:
        """These were put off until now: they are told like new ones."""
        for key in keys:
            self._fresh_mails += self._wanted([key], self._source_of(key), now)

    def message_changed(self, key: str, now: datetime) -> None:
        self._mail_rules.changed(key, now)

    def turns(self, calls: Iterable[Call], now: datetime) -> None:
        """Turns of calls told for the first time."""
        for call in calls:
            happened = self._call_rules.happened(call, now)
            self._book.tell(happened)
            if call.outcome in _TALKED and not self._is_told(call.key):
                self._note_silence(happened, _TALKED[call.outcome])
            if call.outcome is Outcome.MISSED:
                self._fresh_missed += self._wanted(self._calls_of_turn(call), call.phone, now)

    def _is_told(self, call_key: str) -> bool:
        if self._book.decisions.is_known(call_key):
            return True
        return any(call_key in alert.covers for alert in self._book.on_show())

    def _note_silence(self, happened: Happened, reason: Reason) -> None:
        self._book.decisions.note(
            [happened.key],
            Verdict.SILENT,
            reason,
            kind=happened.kind,
            source=happened.source,
            at=happened.at,
            words=happened.title,
        )

    def _wanted(self, keys: list[str], source: SourceName, now: datetime) -> list[str]:
        """Those that no rule keeps from being told by themselves."""
        level = self._rules.level(source, _kind_of(keys[0]))
        if level is RuleLevel.TELL:
            return keys
        if level is RuleLevel.DIGEST:
            self._book.keep_by_rule(keys, now)
            self._note(keys, Verdict.HELD, Reason.RULE_DIGEST, now)
        else:
            self._note(keys, Verdict.SILENT, Reason.RULE_NEVER, now)
        return []

    def _note(
        self,
        keys: Sequence[str],
        verdict: Verdict,
        reason: Reason,
        now: datetime,
        until: datetime | None = None,
    ) -> None:
        self._book.decisions.note(
            keys,
            verdict,
            reason,
            kind=_kind_of(keys[0]),
            source=self._source_of(keys[0]),
            at=now,
            until=until,
        )

    def _calls_of_turn(self, call: Call) -> list[str]:
        """A gap is one turn, however many calls were missed in it."""
        if is_only_counted(call):
            return [one.key for one in self._calls.missed_person(call).calls]
        return [call.key]

    # --- what is shown ------------------------------------------------------------------

    def reconcile(self, now: datetime) -> None:
        is_silent = self._silence.is_silent(now)
        if is_silent:
            self._was_silent_since = self._silence.silent_since(now)
        is_catching_up = self._absence.is_catching_up(now)
        may_tell = not is_silent and not is_catching_up
        self._dress(now)
        self._take_back(now, is_catching_up=is_catching_up)
        if not is_catching_up:
            self._end_snoozes(now, may_tell=may_tell and not self._absence.is_just_over(now))
        self._tell_waiting(now, is_silent=is_silent)
        if self._lift_rules is not None:
            breaks_through = not is_silent or self._mail_rules.settings.breakthrough
            self._lift_rules.reconcile(
                now,
                may_tell=may_tell,
                may_tell_calls=breaks_through and not is_catching_up,
                is_catching_up=is_catching_up,
            )
        self._tell_mail_and_missed(now, may_tell=may_tell)
        self._health_rules.reconcile(now, may_raise=not is_silent)
        if self._nudge is not None:
            self._nudge.reconcile(now, is_catching_up=is_catching_up)
        self._forget_dismissed(now)

    def next_due(self, now: datetime) -> datetime | None:
        moments = (
            self._book.next_due(),
            self._silence.next_change(now),
            self._absence.ends_at(),
            self._mail_rules.next_due(now),
            self._call_rules.next_due(now),
            self._missed_rules.next_due(),
            self._health_rules.next_due(now),
            self._rules.next_due(),
            None if self._nudge is None else self._nudge.next_due(now),
        )
        return min((one for one in moments if one is not None and one > now), default=None)

    def _take_back(self, now: datetime, *, is_catching_up: bool) -> None:
        """A message missing while the mailboxes are read again may be found yet."""
        self._call_rules.take_back_waiting(now)
        for alert in self._book.on_show():
            if alert.kind in _FOLDABLE:
                why = self._why_all_over(alert.covers)
                if why and not (is_catching_up and why == GONE):
                    self._book.withdraw(alert.key, why, now)

    def _end_snoozes(self, now: datetime, *, may_tell: bool) -> None:
        """Only mail and missed calls come back by themselves; the others follow what is true.

        After an absence they are part of what is made of it, and not before all is known again.
        """
        for alert in self._book.due_snoozes(now):
            open_keys = self._open(alert.covers) if alert.kind in _FOLDABLE else []
            if not open_keys:
                continue
            if not may_tell:
                self._hold(open_keys, now)
            elif alert.is_digest:
                again = self._digest_alert(alert.key, alert.title, open_keys, now)
                self._book.show(again, reason=Reason.SNOOZE_OVER)
            elif alert.kind is AlertKind.MISSED:
                self._missed_rules.show_again(alert, open_keys, now)
            else:
                self._mail_rules.show_again(alert, open_keys, now)

    def _tell_waiting(self, now: datetime, *, is_silent: bool) -> None:
        """After hours nobody is rung for (F63); in silence a caller may break through (F36)."""
        breaks_through = self._mail_rules.settings.breakthrough
        hindrance: Reason | None = None
        if not self._silence.is_open(now):
            hindrance = Reason.CLOSED_HOURS
        elif is_silent and not breaks_through:
            hindrance = self._silence.why_silent(now)
        self._call_rules.tell_waiting(
            now, hindrance, lambda phone: self._absence.is_heard_anew(phone, now)
        )

    def _forget_dismissed(self, now: datetime) -> None:
        """What the founder closed may be told anew once it is over."""
        current = self._health_rules.current_keys(now)
        if self._lift_rules is not None:
            current += self._lift_rules.current_keys()
        for key in self._book.dismissed():
            if key not in current and not self._call_rules.is_waiting_key(key):
                self._book.forget_dismissed(key)

    # --- mail and missed calls ----------------------------------------------------------

    def _tell_mail_and_missed(self, now: datetime, *, may_tell: bool) -> None:
        """What may not be told now is held; what comes beside a digest is part of it."""
        waits = self._wanted_waits(self._mail_rules.long_waits(now), now)
        mails = self._due_and_fresh(self._mail_rules, self._fresh_mails, now)
        missed = self._due_and_fresh(self._missed_rules, self._fresh_missed, now)
        self._fresh_mails.clear()
        self._fresh_missed.clear()
        may_tell_calls = may_tell and self._silence.is_open(now)
        has_digest = may_tell and self._is_digest_due(now, may_tell_calls=may_tell_calls)
        if has_digest and not self._absence.is_worth_a_digest(now):
            has_digest = False
            calls, others = self._release()
            missed = [*calls, *missed]
            waits += self._mail_rules.waits_of(others)
            told_as_waits = {key for wait in waits for key in wait.covers}
            mails = [*(key for key in others if key not in told_as_waits), *mails]
        if has_digest or not may_tell_calls:
            self._hold(missed, now)
            self._missed_rules.wait_no_more(now)
            missed = []
        if has_digest or not may_tell:
            self._hold([*mails, *(key for wait in waits for key in wait.covers)], now)
            self._mail_rules.wait_no_more(now)
            mails, waits = [], []
        if has_digest:
            self._tell_digest(now)
        self._missed_rules.tell(missed, now)
        self._mail_rules.tell(mails, now)
        self._mail_rules.tell_waits(waits, now)

    def _due_and_fresh(
        self, rules: MailAlertRules | MissedAlertRules, fresh: Sequence[str], now: datetime
    ) -> list[str]:
        """What waits is looked through when it is due, not with each that comes."""
        waiting = rules.waiting()
        if rules.is_due(now):
            waiting = self._still_open(waiting, now)
        return [*waiting, *self._still_open(fresh, now)]

    def _wanted_waits(self, waits: Iterable[LongWait], now: datetime) -> list[LongWait]:
        return [
            wait
            for wait in waits
            if self._wanted(list(wait.covers), wait.conversation.account, now)
        ]

    def _is_digest_due(self, now: datetime, *, may_tell_calls: bool) -> bool:
        """Is something held that may be told now, or has a long absence ended?

        Missed calls alone wait for the opening hours; beside anything else they are told (F63).
        """
        is_kept_due = self._is_kept_due(now)
        held = self._book.held()
        if is_kept_due or any(may_tell_calls or not key.startswith(_CALL_PREFIX) for key in held):
            return True
        if self._absence.is_just_over(now):
            if self._absence.was_off_for_long:
                return True
            self._absence.caught_up() if held else self._absence.close()
        return False

    def _is_kept_due(self, now: datetime) -> bool:
        """What a rule keeps is told when a silence or a long absence ends."""
        since, self._was_silent_since = self._was_silent_since, None
        if not self._open(self._book.by_rule()):
            return False
        if since is not None:
            self._absence.silence(since)
            return True
        return self._absence.is_just_over(now) and self._absence.is_worth_a_digest(now)

    def _release(self) -> tuple[list[str], list[str]]:
        """What was held and is still open: calls and mails."""
        held = self._open(self._book.release())
        self._absence.close()
        calls = [key for key in held if key.startswith(_CALL_PREFIX)]
        return calls, [key for key in held if not key.startswith(_CALL_PREFIX)]

    def _hold(self, keys: Sequence[str], now: datetime) -> None:
        if keys:
            silent_since = self._silence.silent_since(now)
            if silent_since is None:
                self._absence.note(now)
            else:
                self._absence.silence(silent_since)
            self._book.hold(keys, now)
            reason, until = self._why_held(keys[0], now)
            self._note(keys, Verdict.HELD, reason, now, until)

    def _why_held(self, key: str, now: datetime) -> tuple[Reason, datetime | None]:
        if self._silence.is_silent(now):
            return self._silence.why_silent(now), self._silence.silent_until(now)
        if self._absence.is_catching_up(now):
            return Reason.CATCHING_UP, self._absence.ends_at()
        if key.startswith(_CALL_PREFIX) and not self._silence.is_open(now):
            return Reason.CLOSED_HOURS, self._silence.opens_at(now)
        return Reason.BESIDE_DIGEST, None

    def _tell_digest(self, now: datetime) -> None:
        """One alert for what was held and for what is still open of the alerts on show (F5).

        Without anything new it comes only after the program was off for long: then the alerts of
        the last run are no longer on the screen.
        """
        away = now - (self._absence.since or now)
        was_off_for_long = self._absence.was_off_for_long
        held = [*self._book.release(), *self._book.release_by_rule()]
        self._absence.close()
        shown = [alert for alert in self._book.on_show() if alert.kind in _FOLDABLE]
        still_open = self._open(key for alert in shown for key in alert.covers)
        if not self._open(held) and not (was_off_for_long and still_open):
            return
        for alert in shown:
            self._book.fold(alert.key, now)
        covers = list(dict.fromkeys([*still_open, *held]))
        key = f"digest/{now.isoformat()}"
        digest = self._digest_alert(key, digest_title(away), covers, now)
        self._book.show(digest, reason=Reason.DIGEST)

    def _digest_alert(self, key: str, title: str, covers: Sequence[str], now: datetime) -> Alert:
        """The body counts what still needs somebody; it covers all that came."""
        still_open = self._open(covers)
        calls = [one for one in still_open if one.startswith(_CALL_PREFIX)]
        since = [at for at in (self._waiting_since(one) for one in still_open) if at is not None]
        oldest = now - min(since) if since else None
        return Alert(
            key=key,
            kind=AlertKind.MISSED if calls else AlertKind.MAIL,
            title=title,
            body=digest_body(len(calls), len(still_open) - len(calls), oldest),
            actions=(Action.SHOW, Action.SNOOZE),
            source=self._source_of(still_open[0]),
            at=now,
            item=still_open[0] if len(still_open) == 1 else "",
            covers=tuple(covers),
            is_digest=True,
            page=_digest_page(len(calls), len(still_open)),
        )

    # --- what is over -------------------------------------------------------------------

    def _open(self, keys: Iterable[str]) -> list[str]:
        return [key for key in keys if not self._why_over(key)]

    def _still_open(self, keys: Sequence[str], now: datetime) -> list[str]:
        """Those that are to be told; of the others it is kept why they are not."""
        still_open = self._open(keys)
        left = set(still_open)
        over = [key for key in keys if key not in left]
        if over:
            self._note(over, Verdict.SILENT, Reason.HANDLED_BEFORE, now)
        return still_open

    def _why_over(self, key: str) -> str:
        if self._is_told_never(key):
            return "a rule in the settings says so"
        if self._lift_rules is not None and self._lift_rules.speaks_for(key):
            return "lifted to you"
        if key.startswith(_CALL_PREFIX):
            return self._missed_rules.why_over(key)
        return self._mail_rules.why_over(key)

    def _is_told_never(self, key: str) -> bool:
        if not self._rules.has_rules:
            return False
        source = self._source_of(key)
        return self._rules.level(source, _kind_of(key)) is RuleLevel.NEVER

    def _why_all_over(self, covers: Iterable[str]) -> str:
        """Empty while one of them is open."""
        whys: set[str] = set()
        for key in covers:
            why = self._why_over(key)
            if not why:
                return ""
            whys.add(why)
        return whys.pop() if len(whys) == 1 else "all handled"

    def _waiting_since(self, key: str) -> datetime | None:
        call = self._calls.call(key)
        if call is not None:
            return call.started_at
        conversation = self._inbox.conversation(key)
        return None if conversation is None else conversation.waiting_since

    def _source_of(self, key: str) -> SourceName:
        call = self._calls.call(key)
        if call is not None:
            return call.phone
        message = self._inbox.message(key)
        return SourceName("") if message is None else message.account


def _kind_of(key: str) -> AlertKind:
    return AlertKind.MISSED if key.startswith(_CALL_PREFIX) else AlertKind.MAIL


def _digest_page(calls: int, number: int) -> AlertPage:
    """One thing opens itself; of several the list of those that weigh most, longest first."""
    if number == 1:
        return AlertPage.ITEM
    return AlertPage.CALLS if calls else AlertPage.WAITING
