"""Alerts for missed calls: one a person, or one for all of many (F21, DESIGN section 7)."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from supportdesk.domain.alerts import Action, Alert, AlertKind, AlertPage, Reason
from supportdesk.domain.calls import Call, Outcome
from supportdesk.domain.hours import ToLocal
from supportdesk.domain.phone_numbers import can_be_dialled
from supportdesk.services.alert_book import AlertBook
from supportdesk.services.alert_bursts import (
    BURST_IS_MORE_THAN,
    ON_SHOW_AT_MOST,
    AlertBurst,
)
from supportdesk.services.alert_text import again_words, many_missed_words, missed_words
from supportdesk.services.call_records import MissedSince
from supportdesk.services.calls_board import CallsBoard
from supportdesk.services.knocks import Knocks
from supportdesk.services.missed_calls import MissedPerson, how_closed, is_only_counted

_MANY_PREFIX = "missed/"
_MISSED_SUFFIX = "#missed"


class MissedAlertRules:
    """Makes alerts of missed calls; when they may come is decided by the policy above."""

    def __init__(
        self, calls: CallsBoard, book: AlertBook, knocks: Knocks, to_local: ToLocal
    ) -> None:
        self._calls = calls
        self._book = book
        self._knocks = knocks
        self._to_local = to_local
        self._burst = AlertBurst()
        self._waiting: list[str] = []

    def waiting(self) -> list[str]:
        """Calls that wait to join an alert; they are to be told again with those since."""
        return list(self._waiting)

    def is_due(self, now: datetime) -> bool:
        """May those that wait be told now?"""
        return self._burst.is_due(now)

    def wait_no_more(self, now: datetime) -> None:
        """Somebody else keeps those that waited."""
        self._burst.told()
        self._await_company([], now)

    def _await_company(self, keys: Sequence[str], now: datetime) -> None:
        if list(keys) != self._waiting:
            self._waiting = list(keys)
            self._book.await_company(AlertKind.MISSED, keys, now)

    def tell(self, keys: Sequence[str], now: datetime) -> None:
        """One alert a person; one for all where more than three people were missed in a row."""
        if not keys:
            self.wait_no_more(now)
            return
        self._burst.came(keys, now)
        shown = self._book.get(self._burst.alert_key)
        if shown is not None and not self._burst.is_due(now):
            self._await_company(keys, now)
            return
        self.wait_no_more(now)
        calls = self._told_with_others(keys, now)
        if not calls:
            return
        standing = self._standing()
        alone = [one for one in standing if set(one.covers).intersection(self._burst.keys)]
        if shown is not None:
            self._grow(shown, calls, now)
        elif len(alone) + len(calls) > BURST_IS_MORE_THAN:
            self._gather(alone, calls, now)
        elif len(standing) + len(calls) > ON_SHOW_AT_MOST:
            self._gather(standing, calls, now)
        else:
            for call in calls:
                self._show_person(call.key + _MISSED_SUFFIX, call, now)

    def show_again(self, alert: Alert, open_keys: Sequence[str], now: datetime) -> None:
        """A snooze has ended: the same alert, in the words of now."""
        calls = self._calls_of(open_keys)
        if _is_of_many(alert) and len(calls) > 1:
            self._show_many(alert.key, calls, now, is_news=True)
        else:
            for call in self._told_with_others(open_keys[-1:], now):
                self._show_person(call.key + _MISSED_SUFFIX, call, now)

    def _told_with_others(self, keys: Iterable[str], now: datetime) -> list[Call]:
        """Tell of another try with the alert of that person; return the others, one a person."""
        others: list[Call] = []
        joining: dict[str, list[Call]] = {}
        for call in self._newest_of_each(self._calls_of(keys)):
            shown = self._alert_of(self._calls.missed_person(call))
            if shown is None:
                others.append(call)
            elif _is_of_many(shown):
                joining.setdefault(shown.key, []).append(call)
            else:
                self._show_person(shown.key, call, now)
        for key, calls in joining.items():
            shown = self._book.get(key)
            covers = () if shown is None else shown.covers
            all_calls = [*self._calls_of(covers), *self._all_tries(calls)]
            self._show_many(key, all_calls, now, is_news=True)
        return others

    def _newest_of_each(self, calls: Iterable[Call]) -> list[Call]:
        """The last of each person's; a gap in which a thousand were missed counts as a person."""
        newest: dict[str, Call] = {}
        people: dict[str, str] = {}
        for call in calls:
            if call.key not in people:
                person = self._calls.missed_person(call)
                people |= dict.fromkeys((one.key for one in person.calls), person.key)
            newest[people[call.key]] = call
        return list(newest.values())

    def _calls_of(self, keys: Iterable[str]) -> list[Call]:
        """Those of them that are open, each once."""
        calls = (self._calls.call(key) for key in dict.fromkeys(keys))
        return [call for call in calls if call is not None and call.is_open]

    def _standing(self) -> list[Alert]:
        return [
            alert
            for alert in self._book.on_show()
            if alert.kind is AlertKind.MISSED and not alert.is_digest and not _is_of_many(alert)
        ]

    def _alert_of(self, person: MissedPerson) -> Alert | None:
        """The one on show that speaks for this person."""
        wanted = {call.key for call in person.open_calls}
        for alert in self._book.on_show():
            is_persons = alert.kind is AlertKind.MISSED and not alert.is_digest
            if is_persons and wanted.intersection(alert.covers):
                return alert
        return None

    def _gather(self, alone: Sequence[Alert], calls: Sequence[Call], now: datetime) -> None:
        """One alert speaks for all from now on."""
        for alert in alone:
            self._book.fold(alert.key, now)
        before = self._calls_of(key for alert in alone for key in alert.covers)
        alert_key = _MANY_PREFIX + (*before, *calls)[0].key
        self._burst.begins(alert_key, now)
        self._show_many(alert_key, [*before, *self._all_tries(calls)], now, is_news=True)

    def _grow(self, shown: Alert, calls: Sequence[Call], now: datetime) -> None:
        all_calls = [*self._calls_of(shown.covers), *self._all_tries(calls)]
        self._show_many(shown.key, all_calls, now, is_news=self._burst.is_news(now))

    def _all_tries(self, calls: Iterable[Call]) -> list[Call]:
        return [one for call in calls for one in self._calls.missed_person(call).open_calls]

    def _show_many(
        self, alert_key: str, calls: Sequence[Call], now: datetime, *, is_news: bool
    ) -> None:
        calls = list({call.key: call for call in calls}.values())
        text = many_missed_words(calls)
        self._book.show(
            Alert(
                key=alert_key,
                kind=AlertKind.MISSED,
                title=text.title,
                body=text.body,
                actions=(Action.SHOW, Action.SNOOZE),
                source=calls[-1].phone,
                at=now,
                covers=tuple(call.key for call in calls),
                page=AlertPage.CALLS,
            ),
            is_news=is_news,
            reason=Reason.BURST,
        )

    def _show_person(self, alert_key: str, call: Call, now: datetime) -> None:
        person = self._calls.missed_person(call)
        tries = self._knocks.of(person.newest.number, now)
        again = again_words(tries, now, self._to_local)
        text = missed_words(person, now, self._to_local, again=again)
        self._book.show(
            Alert(
                key=alert_key,
                kind=AlertKind.MISSED,
                title=text.title,
                body=text.body,
                actions=_actions(call),
                source=call.phone,
                at=now,
                item=call.key,
                covers=tuple(one.key for one in person.open_calls),
            ),
            reason=Reason.NEW if len(person.open_calls) == 1 else Reason.SAME_PERSON,
        )

    def next_due(self) -> datetime | None:
        """When those that wait may join the alert that is on show."""
        return self._burst.next_due() if self._waiting else None

    # --- what is over -------------------------------------------------------------------

    def why_over(self, key: str) -> str:
        """Why an alert for this missed call has no point any more; empty while it has."""
        call = self._calls.call(key)
        if call is None:
            return "no longer known"
        if call.outcome is Outcome.CALLED_BACK:
            return "called back"
        how = how_closed(call)
        return "closed here" if how == "closed" else how

    def missed_since(self, since: datetime) -> MissedSince:
        """What was missed from then on."""
        calls = (call for person in self._calls.missed() for call in person.calls)
        return MissedSince(
            count=sum(call.waited_until >= since for call in calls),
            gaps=tuple(gap for gap in self._calls.gaps() if gap.until >= since),
            is_heard=self._calls.hears_all(),
        )


def _is_of_many(alert: Alert) -> bool:
    return alert.key.startswith(_MANY_PREFIX)


def _actions(call: Call) -> tuple[Action, ...]:
    if is_only_counted(call):
        return (Action.SHOW,)
    # Another phone of the settings, or the desktop, dials where this one cannot.
    can_dial = can_be_dialled(call.number)
    return (Action.CALL_BACK if can_dial else Action.SHOW, Action.SNOOZE)
