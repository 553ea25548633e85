"""The private log of time with customers: what is written to it and what is read out of it.

Append-only. The reading clock brings spans of reading and writing; talk comes from the phones, when
it was the founder who answered: from the answer to the hang-up, or until the caller waits again or
somebody else talks to them. A correction is a span of its own and the original stays. Sums are
never stored: each is made of its spans when asked for. Over 400 lines, for whatever is counted is
written and read here.
"""

import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Protocol, assert_never
from uuid import NAMESPACE_URL, uuid5

from supportdesk.domain.calls import Call, Caller, Outcome, call_key, seconds_between
from supportdesk.domain.errors import SupportDeskError
from supportdesk.domain.events import (
    CallAnswered,
    CalleeAnswered,
    CallEnded,
    CallerJoined,
    CallMissed,
    DialProgressed,
    Event,
    HealthChanged,
    HistoryStored,
    MailboxOpened,
    MemberChanged,
    MemberLeft,
    MessageChanged,
    MessageGone,
    MessagesArrived,
    MessageTextFetched,
    PartFetched,
    PartProgressed,
    PhoneSnapshotTaken,
    SourceHeard,
    SyncProgressed,
)
from supportdesk.domain.health import SourceName
from supportdesk.domain.reading import (
    DropRule,
    Span,
    SpanKind,
    joined_by_id,
    span_id_at,
    with_dropped,
)
from supportdesk.domain.settings import PhoneKind, PhoneSettings, ReadingSettings, WeekPeriod
from supportdesk.domain.week import LONGEST_SPAN, MONDAY, Week, WeekId, weeks_of
from supportdesk.services.call_records import FOUNDER

_WEEKS_KEPT = 60
_WEEKS_SEARCHED = 520
"""A talk longer ago than ten years is none."""
_OWN_PHONES = (PhoneKind.BARESIP, PhoneKind.LINPHONE)
"""Softphones on this desk: whoever answers there is the founder."""


class SpanStore(Protocol):
    """The part of the desk store that the log needs."""

    def append_span(self, span: Span) -> None: ...

    def spans_between(self, start: datetime, end: datetime) -> list[Span]: ...


class CorrectionRefused(SupportDeskError):
    """A correction by hand that cannot be true."""

    is_for_founder = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingRules:
    """What the log needs of the settings.

    Attributes:
        first_weekday: Monday is 0; what the locale says is already settled.
    """

    reading: ReadingSettings = field(default_factory=ReadingSettings)
    phones: tuple[PhoneSettings, ...] = ()
    first_weekday: int = MONDAY


@dataclass(frozen=True, slots=True, kw_only=True)
class _Talk:
    """One of the founder's that goes on."""

    label: str
    began_at: datetime


def _new_entropy() -> int:
    return secrets.randbits(74)


class ReadingLog:
    """Writes spans, reads weeks. Runs on the thread that owns the desk store."""

    def __init__(
        self,
        *,
        store: SpanStore,
        rules: ReadingRules,
        to_local: Callable[[datetime], datetime],
        entropy: Callable[[], int] = _new_entropy,
    ) -> None:
        self._store = store
        self._rules = rules
        self._to_local = to_local
        self._entropy = entropy
        self._weeks: dict[WeekId, Week] = {}
        self._labels: dict[str, str] = {}
        self._talks: dict[str, _Talk] = {}
        self._last_talk: Span | None = None
        self._talk_sought: WeekId | None = None

    def use(self, rules: ReadingRules) -> None:
        """The settings have changed."""
        self._rules = rules
        self._weeks.clear()
        self._seek_talk_anew()

    def resume(self, calls: Iterable[Call]) -> None:
        """Talks of the founder that began in an earlier run and may end in this one."""
        for call in calls:
            is_theirs = call.outcome is Outcome.ANSWERED and self._is_founder(
                call.phone, "", call.by
            )
            has_called = call.outcome is Outcome.CALLED and call.by == FOUNDER
            if is_theirs or has_called or call.outcome is Outcome.TAKEN:
                self._talks[call.key] = _Talk(label=call.label, began_at=call.waited_until)

    # --- writing ---------------------------------------------------------------------------

    def record(self, spans: Iterable[Span]) -> None:
        """Write what the reading clock hands out: new spans and grown ones."""
        for span in spans:
            self._store.append_span(span)
            if span.kind is SpanKind.TALK:
                self._seek_talk_anew()
            self._weeks = {
                week_id: week
                for week_id, week in self._weeks.items()
                if not week_id.earliest_start <= span.started_at < week_id.latest_start
            }

    def apply(self, event: Event) -> tuple[Span, ...]:
        """Fold an event of the phones; returns the talks that it ended, which are written."""
        match event:
            case CallerJoined(caller=caller, at=at):
                return self._waits(caller, at)
            case PhoneSnapshotTaken(callers=callers):
                until = event.deaf_since or event.at
                return tuple(talk for one in callers for talk in self._waits(one, until))
            case CallAnswered():
                return self._answered(event)
            case CalleeAnswered():
                self._called(event)
            case CallEnded():
                return self._ended(event)
            case CallMissed(phone=phone, call_id=call_id):
                self._labels.pop(call_key(phone, call_id), None)
            case (
                HealthChanged()
                | SourceHeard()
                | MailboxOpened()
                | MessagesArrived()
                | MessageChanged()
                | MessageGone()
                | MessageTextFetched()
                | SyncProgressed()
                | PartProgressed()
                | PartFetched()
                | HistoryStored()
                | MemberChanged()
                | MemberLeft()
                | DialProgressed()
            ):
                pass
            case _:
                assert_never(event)
        return ()

    def correct(self, span: Span, *, counted_seconds: float, reason: str, now: datetime) -> Span:
        """Give a span another length. What is cut off stays visible as taken off by hand."""
        _check(counted_seconds, reason)
        span = self._newest(span)
        cut = max(0.0, span.counted_seconds - counted_seconds)
        dropped = with_dropped((), DropRule.BY_HAND, cut)
        for earlier in span.dropped:
            dropped = with_dropped(dropped, earlier.rule, earlier.seconds)
        correction = replace(
            span,
            span_id=self._new_id(now),
            counted_seconds=counted_seconds,
            dropped=dropped,
            corrects=span.span_id,
            reason=reason,
            # No clock saw what a hand has added.
            clock=span.clock if counted_seconds <= span.counted_seconds else "",
        )
        self.record([correction])
        return correction

    def move(self, span: Span, *, started_at: datetime, reason: str, now: datetime) -> Span:
        """Put a span elsewhere: the old place is cut to nothing, the new one is an addition.

        A correction keeps its start, so that it is found with what it corrects.
        """
        self.correct(span, counted_seconds=0.0, reason=reason, now=now)
        return self.add(
            replace(span, started_at=started_at, dropped=(), corrects=""), reason=reason, now=now
        )

    def add(self, span: Span, *, reason: str, now: datetime) -> Span:
        """Enter time that no clock saw, under a new id and the offset of its instant."""
        _check(span.counted_seconds, reason)
        added = replace(
            span,
            span_id=self._new_id(now),
            utc_offset=self._offset(span.started_at),
            reason=reason,
            clock="",
        )
        self.record([added])
        return added

    # --- reading ---------------------------------------------------------------------------

    @property
    def period(self) -> WeekPeriod:
        """What the present week is."""
        return self._rules.reading.period

    def today(self, now: datetime) -> date:
        """The local day of this instant, here."""
        return self._to_local(now).date()

    def week_at(self, now: datetime) -> WeekId:
        """The present week: the one that today lies in, or today and the six days before it."""
        today = self.today(now)
        return WeekId.ending(today) if self._is_rolling else self.week_on(today)

    def week_around(self, day: date, now: datetime) -> WeekId:
        """The week that holds this day, of those that follow each other up to the present one."""
        present = self.week_at(now)
        return present.moved((day - present.from_date).days // 7)

    def week_on(self, day: date) -> WeekId:
        """The week of the calendar."""
        return WeekId.containing(day, self._rules.first_weekday)

    def named_week(self, text: str) -> WeekId:
        """The week called "2026-W47"; raises ValueError with a sentence."""
        return WeekId.parse(text, self._rules.first_weekday)

    def week(self, week: WeekId) -> Week:
        return self._load([week])[0]

    def last_weeks(self, now: datetime, count: int = 12) -> list[Week]:
        """Oldest first; the last is the present one."""
        return self._load(self._last(now, count))

    def known_weeks(self, now: datetime, count: int = 12) -> list[Week | None]:
        """As `last_weeks`, of what is in memory; only the present one is read for it."""
        wanted = self._last(now, count)
        self._load(wanted[-1:])
        return [self._weeks.get(week) for week in wanted]

    def read_ahead(self, now: datetime, count: int = 12) -> bool:
        """Read one of the last weeks that is not in memory yet; False when all of them are.

        For idle moments, so that the window never waits for twelve weeks at once.
        """
        for week in reversed(self._last(now, count)):
            if week not in self._weeks:
                self._load([week])
                return True
        return False

    def last_talk(self, now: datetime) -> Span | None:
        """The newest talk that counts, as far as it was sought; weeks in memory are, at once."""
        while self.is_seeking_talk(now) and self._next_for_talk(now) in self._weeks:
            self.seek_talk(now)
        return self._last_talk

    def is_seeking_talk(self, now: datetime) -> bool:
        """No talk is known, and there are weeks that may hold one."""
        furthest = self.week_at(now).moved(-_WEEKS_SEARCHED)
        return self._last_talk is None and self._next_for_talk(now) > furthest

    def seek_talk(self, now: datetime) -> bool:
        """Look into one week more; False when there is nothing to look for any more.

        For idle moments: years without a talk are many weeks.
        """
        if not self.is_seeking_talk(now):
            return False
        week = self._next_for_talk(now)
        self._last_talk = _newest_talk(self._weeks.get(week) or self._read([week])[0])
        self._talk_sought = week
        return True

    def _next_for_talk(self, now: datetime) -> WeekId:
        return self._talk_sought.moved(-1) if self._talk_sought else self.week_at(now)

    def _seek_talk_anew(self) -> None:
        self._last_talk = self._talk_sought = None

    @property
    def _is_rolling(self) -> bool:
        return self.period is WeekPeriod.LAST_7_DAYS

    def _last(self, now: datetime, count: int) -> list[WeekId]:
        present = self.week_at(now)
        return [present.moved(-back) for back in range(count - 1, -1, -1)]

    def _load(self, wanted: Sequence[WeekId]) -> list[Week]:
        missing = [week for week in wanted if week not in self._weeks]
        if missing:
            weeks = self._read(missing)
            if len(self._weeks) + len(weeks) > _WEEKS_KEPT:
                self._weeks.clear()
            self._weeks.update((week.week_id, week) for week in weeks)
        return [self._weeks[week] for week in wanted]

    def _read(self, weeks: Sequence[WeekId]) -> list[Week]:
        return weeks_of(
            self._store.spans_between(min(weeks).earliest_start, max(weeks).latest_start),
            weeks,
            goal_minutes=self._rules.reading.goal_minutes,
            holidays=self._rules.reading.holidays,
        )

    # --- talk ------------------------------------------------------------------------------

    def _waits(self, caller: Caller, at: datetime) -> tuple[Span, ...]:
        """Whoever waits again, the founder has put back or passed on."""
        self._labels[caller.key] = caller.label
        return self._passed_on(caller.key, at)

    def _answered(self, event: CallAnswered) -> tuple[Span, ...]:
        key = call_key(event.phone, event.call_id)
        label = self._labels.pop(key, "") or event.name or event.number
        if self._is_founder(event.phone, event.by_interface, event.by):
            self._talks[key] = _Talk(label=label, began_at=event.at)
            return ()
        talks = self._passed_on(key, event.at)
        self._talks.pop(key, None)
        return talks

    def _passed_on(self, key: str, at: datetime) -> tuple[Span, ...]:
        """The founder's part of a call ends here; what follows is a colleague's time."""
        talk = self._talks.get(key)
        if talk is None or at <= talk.began_at:
            return ()
        del self._talks[key]
        return self._write(key, talk, seconds_between(talk.began_at, at), at)

    def _called(self, event: CalleeAnswered) -> None:
        if self._is_founder(event.phone, event.by_interface, event.by):
            key = call_key(event.phone, event.call_id)
            self._talks[key] = _Talk(label=event.number, began_at=event.at)

    def _ended(self, event: CallEnded) -> tuple[Span, ...]:
        key = call_key(event.phone, event.call_id)
        talk = self._talks.pop(key, None)
        self._labels.pop(key, None)
        if talk is None or event.talk_seconds <= 0:
            return ()
        return self._write(key, talk, event.talk_seconds, event.at)

    def _write(self, key: str, talk: _Talk, seconds: float, at: datetime) -> tuple[Span]:
        seconds = min(seconds, LONGEST_SPAN.total_seconds())
        started_at = at - timedelta(seconds=seconds)
        span = Span(
            # Told twice it is one talk; a phone system may use its call ids again.
            span_id=str(uuid5(NAMESPACE_URL, f"{key}#{at.isoformat()}")),
            kind=SpanKind.TALK,
            item=key,
            label=talk.label or "Unknown number",
            started_at=started_at,
            utc_offset=self._offset(started_at),
            counted_seconds=seconds,
        )
        self.record([span])
        return (span,)

    def _is_founder(self, phone: SourceName, interface: str, by: str) -> bool:
        return any(_is_founder(one, phone, interface, by) for one in self._rules.phones)

    def _offset(self, at: datetime) -> timedelta:
        return self._to_local(at).utcoffset() or timedelta()

    def _newest(self, span: Span) -> Span:
        """The correction that holds now, so that corrections form one chain and never fork."""
        beside = self._store.spans_between(
            span.started_at, span.started_at + timedelta(microseconds=1)
        )
        following = {row.corrects: row for row in joined_by_id(beside) if row.corrects}
        while span.span_id in following:
            span = following.pop(span.span_id)
        return span

    def _new_id(self, now: datetime) -> str:
        return span_id_at(now, self._entropy())


def _newest_talk(week: Week) -> Span | None:
    parts = (part for day in reversed(week.days) for part in reversed(day.parts))
    talks = (part for part in parts if part.span.kind is SpanKind.TALK and part.counted_seconds)
    newest = next(talks, None)
    return newest.span if newest else None


def _is_founder(phone: PhoneSettings, name: SourceName, interface: str, by: str) -> bool:
    if phone.name != name:
        return False
    if phone.kind in _OWN_PHONES:
        return True
    names = {interface.casefold(), by.casefold()}
    if phone.kind is PhoneKind.HOOK and names <= {"", FOUNDER}:
        return True  # a hook that names nobody else tells of the phone on this desk
    return bool(phone.founder) and phone.founder.casefold() in names


def _check(counted_seconds: float, reason: str) -> None:
    if not reason.strip():
        raise CorrectionRefused(
            "A correction needs a reason", "Write a few words, so that the log explains itself."
        )
    if not 0 <= counted_seconds <= LONGEST_SPAN.total_seconds():
        raise CorrectionRefused(
            "That is not a length of time with a customer",
            "Enter something between nothing and 24 hours.",
        )
