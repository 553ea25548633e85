"""The one weekly nudge: looks whether it may come, tells it once, and takes it back (F68).

Told at most once a week, also over restarts: through the ledger, by the day. What stands in the
way (a pause, a call, a caller) puts it off to later that day, else to the next one. With nothing
to read at its hour it is the next day's: mail that comes later has an alert already. Why the
founder was told or not is kept and can be asked for. No moment is polled for: `next_due` is the
next hour, and all else that may change the answer comes as an event or an act.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from supportdesk.domain.alerts import Action, Alert, AlertKind
from supportdesk.domain.hours import ToLocal, instant_of
from supportdesk.domain.mail import MessageSummary
from supportdesk.domain.nudge import (
    JUST_READ,
    NEWS_IS_YOUNGER_THAN,
    USUAL_HOUR,
    NudgeAnswer,
    NudgeWeek,
    answer_by_week,
    minutes_to_read,
)
from supportdesk.domain.reading import Span
from supportdesk.domain.settings import AlertSettings, ReadingSettings, WeekPeriod
from supportdesk.domain.waiting import is_from_customer
from supportdesk.domain.week import LONGEST_SPAN, Week
from supportdesk.services.alert_book import AlertBook
from supportdesk.services.alert_text import nudge_words
from supportdesk.services.calls_board import CallsBoard
from supportdesk.services.inbox import Inbox
from supportdesk.services.ports import DeskStore
from supportdesk.services.silence import Silence
from supportdesk.services.usual_hour import UsualHour

_PREFIX = "weekly/"
_DAYS_BETWEEN = 7
_LEARNS_ON_AFTER = timedelta(seconds=1)
_WORDS_ARE_COUNTED_OF = 100
"""The newest of them; the rest is taken to be as long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NudgeSources:
    """What the desk does not know by itself.

    Attributes:
        week: The present week of the reading log.
        words: How many words these messages have, by key, as far as their texts are here.
    """

    week: Callable[[datetime], Week]
    words: Callable[[Sequence[MessageSummary]], Mapping[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class NudgeState:
    """Why the founder was told or not when it was last looked at, and when it is next.

    Attributes:
        hour: Local time.
        is_learned: The hour is the founder's own habit.
    """

    answer: NudgeAnswer
    hour: time
    is_learned: bool = False

    @property
    def words(self) -> str:
        why: str = self.answer.value
        if self.answer is NudgeAnswer.NOT_WANTED:
            return why
        whose = ", when you usually begin to read" if self.is_learned else ""
        return f"At {self.hour:%H:%M}{whose}. {why}"


class WeeklyNudge:
    """Owns the decision; the book shows and the ledger remembers."""

    def __init__(
        self,
        *,
        inbox: Inbox,
        calls: CallsBoard,
        book: AlertBook,
        silence: Silence,
        store: DeskStore,
        to_local: ToLocal,
        sources: NudgeSources,
    ) -> None:
        self._inbox = inbox
        self._calls = calls
        self._book = book
        self._silence = silence
        self._store = store
        self._to_local = to_local
        self._sources = sources
        self._settings = ReadingSettings()
        self._alerts = AlertSettings()
        self._usual = UsualHour(store)
        self._is_hour_known = False
        self._told_on: tuple[date, bool] | None = None
        self._nothing_to_read_on: date | None = None
        self._state = NudgeState(answer=NudgeAnswer.TOO_EARLY, hour=USUAL_HOUR)

    def configure(self, settings: ReadingSettings, alerts: AlertSettings) -> None:
        self._settings = settings
        self._alerts = alerts
        self._told_on = self._nothing_to_read_on = None

    @property
    def state(self) -> NudgeState:
        """What the last look has led to."""
        return self._state

    def reconcile(self, now: datetime, *, is_catching_up: bool) -> None:
        """Take back what is over, then tell what is due."""
        today = self._to_local(now).date()
        self._take_back(now, today)
        self._learn(today)
        answer = self._answer(now, today, is_catching_up=is_catching_up) or self._tell(now, today)
        hour, is_learned = self._hour
        self._state = NudgeState(answer=answer, hour=hour, is_learned=is_learned)

    def next_due(self, now: datetime) -> datetime | None:
        """When time alone may change the answer, or end the day of a nudge on show."""
        today = self._to_local(now).date()
        tomorrow = today + timedelta(days=1)
        moments = []
        if self._on_show():
            moments.append(instant_of(tomorrow, time(), self._to_local))
        if self._state.answer is NudgeAnswer.WITH_CUSTOMERS:
            moments.append(now + JUST_READ)
        if not self._is_hour_known:
            moments.append(now + _LEARNS_ON_AFTER)
        if self._settings.is_nudge_wanted:
            hours = [instant_of(day, self._hour[0], self._to_local) for day in (today, tomorrow)]
            moments.append(next((one for one in hours if one > now), hours[-1]))
        return min((one for one in moments if one > now), default=None)

    # --- whether ------------------------------------------------------------------------

    def _answer(self, now: datetime, today: date, *, is_catching_up: bool) -> NudgeAnswer | None:
        """Why not now, the cheap reasons first; None if all depends on what there is to read."""
        if not self._settings.is_nudge_wanted:
            return NudgeAnswer.NOT_WANTED
        if self._is_told(today, now):
            return NudgeAnswer.TOLD
        if not self._is_hour_known or now < instant_of(today, self._hour[0], self._to_local):
            return NudgeAnswer.TOO_EARLY
        if self._nothing_to_read_on == today:
            return NudgeAnswer.NOTHING_TO_READ
        by_week = answer_by_week(self._week(now), today, self._silence.working_weekdays)
        return by_week or self._hindrance(now, is_catching_up=is_catching_up)

    def _hindrance(self, now: datetime, *, is_catching_up: bool) -> NudgeAnswer | None:
        if self._alerts.is_presenting(now):
            return NudgeAnswer.PRESENTING
        if self._silence.is_silent(now):
            return NudgeAnswer.SILENT
        if not self._silence.is_open(now):
            return NudgeAnswer.CLOSED
        if is_catching_up:
            return NudgeAnswer.CATCHING_UP
        if self._calls.needed(now):
            return NudgeAnswer.CALLER_WAITS
        if self._calls.is_founder_on_call(now):
            return NudgeAnswer.ON_A_CALL
        if any(span.counted_until > now - JUST_READ for span in self._lately(now)):
            return NudgeAnswer.WITH_CUSTOMERS
        return None

    def _lately(self, now: datetime) -> Iterable[Span]:
        """Spans that may reach until now, as the reading clock wrote them."""
        return [
            span
            for span in self._store.spans_between(now - LONGEST_SPAN, now)
            if span.counted_seconds and not span.is_by_hand
        ]

    def _is_told(self, today: date, now: datetime) -> bool:
        """In this week or, where weeks have no beginning, in the last seven days.

        By the days of it: they stay what they are when the founder changes what a week is.
        """
        if self._told_on is None or self._told_on[0] != today:
            days = self._sources.week(now).week_id.days
            if self._is_rolling:
                days = tuple(today - timedelta(days=back) for back in range(_DAYS_BETWEEN))
            self._told_on = (today, bool(self._store.told([_day_mark(day) for day in days])))
        return self._told_on[1]

    @property
    def _is_rolling(self) -> bool:
        return self._settings.period is WeekPeriod.LAST_7_DAYS

    def _week(self, now: datetime) -> NudgeWeek:
        week = self._sources.week(now)
        return NudgeWeek(
            days=week.week_id.days,
            counted_minutes=week.counted_minutes,
            goal_minutes=week.goal_minutes,
            is_off=week.is_off,
            is_rolling=self._is_rolling,
        )

    def _learn(self, today: date) -> None:
        """Of an hour that is set, or of a nudge that nobody wants, nothing has to be known."""
        is_set = self._settings.nudge_at is not None or not self._settings.is_nudge_wanted
        self._is_hour_known = is_set or self._usual.step(today)

    @property
    def _hour(self) -> tuple[time, bool]:
        """The hour, and whether it is the founder's habit."""
        if self._settings.nudge_at is not None or self._usual.hour is None:
            return self._settings.nudge_at or USUAL_HOUR, False
        return self._usual.hour, True

    # --- telling ------------------------------------------------------------------------

    def _tell(self, now: datetime, today: date) -> NudgeAnswer:
        unread = self._unread(now)
        if not unread:
            self._nothing_to_read_on = today
            return NudgeAnswer.NOTHING_TO_READ
        self._store.tell([_day_mark(today)], now)
        self._told_on = (today, True)
        self._book.show(self._alert(unread, now))
        return NudgeAnswer.TOLD

    def _unread(self, now: datetime) -> list[MessageSummary]:
        """From customers and not yet read by the founder, oldest first."""
        since = now - NEWS_IS_YOUNGER_THAN
        unread = [
            message
            for message in self._inbox.unread()
            if is_from_customer(message) and message.arrived_at >= since
        ]
        return sorted(unread, key=lambda message: (message.arrived_at, message.key))

    def _alert(self, unread: Sequence[MessageSummary], now: datetime) -> Alert:
        known = self._sources.words(unread[-_WORDS_ARE_COUNTED_OF:])
        week = self._week(now)
        text = nudge_words(
            unread,
            to_read=minutes_to_read(list(known.values()), len(unread)),
            week=week,
            now=now,
            to_local=self._to_local,
        )
        return Alert(
            key=_PREFIX + self._sources.week(now).week_id.text,
            kind=AlertKind.WEEKLY,
            title=text.title,
            body=text.body,
            actions=(Action.READ_THEM, Action.NOT_TODAY),
            source=unread[0].account,
            at=now,
            item=unread[0].key,
            covers=tuple(message.key for message in unread),
        )

    # --- taking back --------------------------------------------------------------------

    def _on_show(self) -> list[Alert]:
        return [alert for alert in self._book.on_show() if alert.kind is AlertKind.WEEKLY]

    def _take_back(self, now: datetime, today: date) -> None:
        for alert in self._on_show():
            why = self._why_over(alert, now, today)
            if why:
                self._book.withdraw(alert.key, why, now)

    def _why_over(self, alert: Alert, now: datetime, today: date) -> str:
        if not self._settings.is_nudge_wanted:
            return "the nudge is switched off"
        if self._to_local(alert.at).date() != today:
            return "its day is over"
        if self._sources.week(now).is_goal_reached:
            return "the goal is reached"
        if not any(self._inbox.is_unread(key) for key in alert.covers):
            return "all read"
        return ""


def _day_mark(day: date) -> str:
    return f"{_PREFIX}{day.isoformat()}"
