"""Alerts for callers whom nobody is free for; told again until somebody acts (F41)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from supportdesk.domain.alerts import (
    Action,
    Alert,
    AlertKind,
    AlertPage,
    Happened,
    Reason,
    Urgency,
    Verdict,
)
from supportdesk.domain.calls import Call, Outcome, seconds_between
from supportdesk.domain.health import SourceName
from supportdesk.domain.hours import ToLocal
from supportdesk.domain.one_ring import Need, NeededCaller
from supportdesk.domain.phone_numbers import can_be_dialled
from supportdesk.domain.settings import RuleLevel
from supportdesk.services.alert_book import AlertBook
from supportdesk.services.alert_bursts import COMPANY
from supportdesk.services.alert_rules import AlertRules
from supportdesk.services.alert_text import (
    again_words,
    many_waiting_words,
    turn_words,
    waiting_words,
)
from supportdesk.services.calls_board import CallsBoard, rings
from supportdesk.services.desk_state import WaitingCaller
from supportdesk.services.knocks import Knocks
from supportdesk.services.wording import waited

_WAITING_SUFFIX = "#waiting"
_MANY_SUFFIX = "#many-waiting"
_MANY = 4
"""So many alerts at once would cover the screen."""
_CROWD = 20
"""When one of so many leaves, that can wait a moment."""
_LOOK = (Action.SHOW, Action.SNOOZE)

# An alert for somebody who waits is told again, ever less often, until somebody acts (F41).
_REPEATS_AFTER = (timedelta(seconds=10), timedelta(seconds=30), timedelta(seconds=60))

_KINDS = {
    Outcome.WAITING: AlertKind.WAITING,
    Outcome.ANSWERED: AlertKind.ANSWERED,
    Outcome.TAKEN: AlertKind.ANSWERED,
    Outcome.MISSED: AlertKind.MISSED,
    Outcome.CALLED_BACK: AlertKind.MISSED,
    Outcome.CALLED: AlertKind.ANSWERED,
    Outcome.UNKNOWN: AlertKind.ANSWERED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Repeat:
    """How often an alert was told, and when it is told again."""

    times: int
    due_at: datetime


class CallAlertRules:
    """Makes alerts of calls; when they may come is decided by the policy above."""

    def __init__(
        self,
        calls: CallsBoard,
        book: AlertBook,
        knocks: Knocks,
        rules: AlertRules,
        to_local: ToLocal,
    ) -> None:
        self._calls = calls
        self._book = book
        self._knocks = knocks
        self._rules = rules
        self._to_local = to_local
        self._needs: dict[str, Need] = {}
        self._repeats: dict[str, _Repeat] = {}
        self._told_together: dict[str, tuple[str, ...]] = {}
        self._grew_at: datetime | None = None
        self._shrank_at: datetime | None = None
        self._is_lifted: Callable[[str], bool] = lambda _key: False

    def leave_lifted(self, is_lifted: Callable[[str], bool]) -> None:
        """Of these callers another alert tells: who lifted them, and why."""
        self._is_lifted = is_lifted

    def happened(self, call: Call, now: datetime) -> Happened:
        call = self._calls.call(call.key) or call
        person = self._calls.missed_person(call)
        tries = self._knocks.of(person.newest.number, now)
        again = again_words(tries, now, self._to_local)
        text = turn_words(call, person, now, self._to_local, again=again)
        is_waiting = call.outcome is Outcome.WAITING
        return Happened(
            key=call.key,
            kind=_KINDS[call.outcome],
            title=text.title,
            body=text.body,
            source=call.phone,
            at=now,
            call_id=call.call_id,
            number=call.number,
            name=call.name,
            outcome=call.outcome.value,
            by=call.by or None,
            seconds=None if is_waiting else call.wait_seconds or None,
        )

    # --- waiting ------------------------------------------------------------------------

    def take_back_waiting(self, now: datetime) -> None:
        """Withdraw alerts of callers who were helped or are gone.

        A member who becomes free takes nothing back: they may not pick up, and the caller was
        promised to the founder.
        """
        for alert in self._waiting_on_show():
            if not any(self._may_still_wait(key, now) for key in alert.covers):
                self._book.withdraw(alert.key, self._why_none_waits(alert.covers), now)
        on_show = {alert.key for alert in self._book.on_show()}
        self._needs = {key: need for key, need in self._needs.items() if key in on_show}
        self._repeats = {key: one for key, one in self._repeats.items() if key in on_show}
        closed = self._told_together.keys() & self._book.dismissed()
        self._told_together = {key: self._told_together[key] for key in closed}
        self._told_together |= {one.key: one.covers for one in self._waiting_on_show()}

    def _waiting_on_show(self) -> list[Alert]:
        return [alert for alert in self._book.on_show() if alert.kind is AlertKind.WAITING]

    def _may_still_wait(self, key: str, now: datetime) -> bool:
        """As far as is known, or is believed in a short gap; who was lifted waits elsewhere."""
        if self._is_lifted(key):
            return False
        return self._still_waits(key) or self._calls.is_believed(key, now)

    def _still_waits(self, key: str) -> bool:
        call = self._calls.call(key)
        if call is None or call.outcome is not Outcome.WAITING:
            return False
        return self._calls.is_known(call.phone)

    def tell_waiting(
        self,
        now: datetime,
        hindrance: Reason | None,
        is_heard_anew: Callable[[SourceName], bool],
    ) -> None:
        """Raise and repeat what is due; alerts on show follow the team's state in any case.

        Args:
            now: The moment.
            hindrance: Why nothing may be raised now.
            is_heard_anew: After a sleep a phone first says what it had to say meanwhile: who rang
                then may have hung up long ago.
        """
        may_raise = hindrance is None
        put_off = self._put_off()
        due = [
            one
            for one in self._calls.needed(now)
            if one.due_at <= now
            and one.caller.key not in put_off
            and not self._is_lifted(one.caller.key)
            and is_heard_anew(one.caller.phone)
            and self._is_wanted(one, now)
        ]
        together = next((one for one in self._waiting_on_show() if _is_of_many(one.key)), None)
        if together is not None or (may_raise and len(due) >= _MANY):
            self._tell_together(together, due, now, may_raise=may_raise)
            return
        for one in due:
            key = waiting_key(one.caller.key)
            if self._book.get(key) is None:
                if hindrance is None:
                    is_known = one.need is not Need.NOT_KNOWN
                    reason = Reason.NEEDED if is_known else Reason.PERHAPS_NEEDED
                    self._show_waiting(one, now, reason)
                else:
                    self._note(one, Verdict.HELD, hindrance, now)
            elif may_raise and self._is_repeat_due(key, now):
                self._show_waiting(one, now, self._why_again(key))
            elif self._needs.setdefault(key, one.need) is not one.need:
                self._show_waiting(one, now, None)

    def _is_wanted(self, needed: NeededCaller, now: datetime) -> bool:
        """A rule may say that nobody's waiting on this phone is told; a digest is too late."""
        level = self._rules.level(needed.caller.phone, AlertKind.WAITING)
        if level is RuleLevel.TELL or self._book.get(waiting_key(needed.caller.key)) is not None:
            return True
        self._note(needed, Verdict.SILENT, Reason.RULE_NEVER, now)
        return False

    def _note(self, needed: NeededCaller, verdict: Verdict, reason: Reason, now: datetime) -> None:
        caller = needed.caller
        self._book.decisions.note(
            [caller.key],
            verdict,
            reason,
            kind=AlertKind.WAITING,
            source=caller.phone,
            at=now,
            words=caller.label,
        )

    def _put_off(self) -> set[str]:
        """Calls of whose alert the founder has said that it can wait, or is closed."""
        snoozed = {key for alert in self._book.snoozed() for key in alert.covers}
        return snoozed.union(*(self._covered_by(key) for key in self._book.dismissed()))

    def _covered_by(self, key: str) -> Iterable[str]:
        """The calls that an alert for who waits speaks for, or spoke for."""
        if key in self._told_together:
            return self._told_together[key]
        return [key.removesuffix(_WAITING_SUFFIX)] if key.endswith(_WAITING_SUFFIX) else []

    def _tell_together(
        self, shown: Alert | None, due: Iterable[NeededCaller], now: datetime, *, may_raise: bool
    ) -> None:
        """From four on all who wait are one alert, until none of them does: it keeps the count."""
        before = shown.covers if shown else ()
        told = [key for alert in self._waiting_on_show() for key in alert.covers]
        joining = [one.caller.key for one in due] if may_raise else []
        wanted = dict.fromkeys([*told, *joining])
        covers = tuple(key for key in wanted if self._may_still_wait(key, now))
        key = shown.key if shown else f"{covers[0]}{_MANY_SUFFIX}"
        is_repeat = shown is not None and may_raise and self._is_repeat_due(key, now)
        if set(covers) == set(before) and not is_repeat:
            return
        is_joined = not set(covers) <= set(before)
        counted_at = self._grew_at if is_joined else self._shrank_at
        is_large = is_joined or len(covers) >= _CROWD
        if is_large and not is_repeat and self._is_too_soon(counted_at, now):
            return
        waiting = [one for one in self._calls.callers(now) if one.caller.key in wanted]
        if not waiting:
            return
        is_news = is_repeat or is_joined
        reason = Reason.BURST if is_joined else self._why_again(key)
        for other in self._waiting_on_show():
            if other.key != key:
                self._book.fold(other.key, now)
        if is_news:
            self._plan_repeat(key, now)
            self._grew_at = now
        self._shrank_at = now
        self._told_together[key] = covers
        alert = self._alert_of_many(key, covers, waiting, now)
        self._book.show(alert, is_news=is_news, reason=reason)

    def _is_too_soon(self, counted_at: datetime | None, now: datetime) -> bool:
        """A crowd that joins one by one is counted anew every moment, not with each of them.

        So is one that leaves, while it is large; of a few it is said at once who is left.
        """
        return counted_at is not None and counted_at <= now < counted_at + COMPANY

    def _alert_of_many(
        self, key: str, covers: tuple[str, ...], waiting: Sequence[WaitingCaller], now: datetime
    ) -> Alert:
        longest = waiting[0]
        names = [one.caller.label for one in waiting]
        text = many_waiting_words(names, len(covers), longest.seconds, longest.rings)
        is_last = len(covers) == 1
        caller = longest.caller
        actions = self._waiting_actions(caller.phone, caller.number) if is_last else _LOOK
        return Alert(
            key=key,
            kind=AlertKind.WAITING,
            title=text.title,
            body=text.body,
            actions=actions,
            source=caller.phone,
            at=now,
            item=caller.key if is_last else "",
            covers=covers,
            urgency=Urgency.CRITICAL,
            page=AlertPage.ITEM if is_last else AlertPage.CALLS,
        )

    def next_due(self, now: datetime) -> datetime | None:
        """When an alert on show is to be repeated."""
        moments = [one.due_at for one in self._repeats.values()]
        moments += [at + COMPANY for at in (self._grew_at, self._shrank_at) if at is not None]
        return min((moment for moment in moments if moment > now), default=None)

    def _is_repeat_due(self, key: str, now: datetime) -> bool:
        """An alert taken over from the last run went from the screen with it: it is due at once."""
        return self._repeats.setdefault(key, _Repeat(times=0, due_at=now)).due_at <= now

    def _plan_repeat(self, key: str, now: datetime) -> None:
        times = self._repeats[key].times if key in self._repeats else 0
        pause = _REPEATS_AFTER[min(times, len(_REPEATS_AFTER) - 1)]
        self._repeats[key] = _Repeat(times=times + 1, due_at=now + pause)

    def is_waiting_key(self, key: str) -> bool:
        """Is this the key of an alert for somebody who still waits?"""
        calls = (self._calls.call(one) for one in self._covered_by(key))
        return any(call is not None and call.outcome is Outcome.WAITING for call in calls)

    def _why_again(self, key: str) -> Reason:
        is_of_this_run = key in self._repeats and self._repeats[key].times > 0
        return Reason.STILL_WAITS if is_of_this_run else Reason.STARTED

    def _show_waiting(self, needed: NeededCaller, now: datetime, reason: Reason | None) -> None:
        """Without a reason to tell it only its words change."""
        caller = needed.caller
        seconds = seconds_between(caller.joined_at, now)
        members = self._calls.line(caller.phone).members(now) or ()
        ring_count = rings(seconds, self._calls.ring)
        founder = self._calls.line(caller.phone).settings.founder
        tries = self._knocks.of(caller.number, now)
        again = again_words(tries, now, self._to_local)
        text = waiting_words(needed, members, seconds, ring_count, founder=founder, again=again)
        key = waiting_key(caller.key)
        self._needs[key] = needed.need
        if reason is not None:
            self._plan_repeat(key, now)
        self._book.show(
            Alert(
                key=key,
                kind=AlertKind.WAITING,
                title=text.title,
                body=text.body,
                actions=self._waiting_actions(caller.phone, caller.number),
                source=caller.phone,
                at=now,
                item=caller.key,
                covers=(caller.key,),
                urgency=Urgency.CRITICAL,
            ),
            is_news=reason is not None,
            reason=reason or Reason.STILL_WAITS,
        )

    def _waiting_actions(self, phone: SourceName, number: str) -> tuple[Action, ...]:
        """Only what this phone system can do."""
        able = self._calls.capabilities(phone)
        actions = [Action.TAKE_CALL] if able is not None and able.can_take else []
        if able is not None and able.can_dial and can_be_dialled(number):
            actions.append(Action.CALL_BACK)
        return (*(actions or [Action.SHOW]), Action.SNOOZE)

    def _why_none_waits(self, covers: Iterable[str]) -> str:
        whys = {self._why_not_waiting(key) for key in covers}
        return whys.pop() if len(whys) == 1 else "nobody of them waits any more"

    def _why_not_waiting(self, key: str) -> str:
        if self._is_lifted(key):
            return "lifted to you"
        call = self._calls.call(key)
        outcome = Outcome.UNKNOWN if call is None else call.outcome
        if call is None or outcome is Outcome.UNKNOWN:
            return "no longer waiting"
        if outcome is Outcome.ANSWERED:
            return f"answered by {call.by or 'somebody'} after {waited(call.wait_seconds)}"
        if outcome is Outcome.TAKEN:
            return "you took it"
        if outcome is Outcome.WAITING:
            return "the phone is not heard"
        return "they hung up"


def _is_of_many(key: str) -> bool:
    return key.endswith(_MANY_SUFFIX)


def waiting_key(call_key: str) -> str:
    return call_key + _WAITING_SUFFIX
