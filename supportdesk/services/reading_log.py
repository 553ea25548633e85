"""The private log of time with customers: what is written to it and what is read out of it.

Append-only. The reading clock brings spans of reading and writing, the phones bring talk (`talks`),
and what a hand corrects is written by `log_corrections`. Sums are never stored: each is made of its
spans when asked for.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from supportdesk.domain.calls import Call
from supportdesk.domain.events import Event
from supportdesk.domain.reading import Span, grown_since
from supportdesk.domain.settings import PhoneSettings, ReadingSettings, WeekPeriod
from supportdesk.domain.span_chains import effective
from supportdesk.domain.week import MONDAY, Week, WeekId, weeks_of
from supportdesk.services.talks import Talks

_WEEKS_KEPT = 60


class SpanStore(Protocol):
    """The part of the desk store that the log needs."""

    def append_span(self, span: Span) -> None: ...

    def spans_between(self, start: datetime, end: datetime) -> list[Span]: ...

    def newest_talks(self, before: datetime | None) -> list[Span]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingRules:
    """What the log needs of the settings.

    Attributes:
        first_weekday: Monday is 0; what the locale says is already settled.
    """

    reading: ReadingSettings = field(default_factory=ReadingSettings)
    phones: tuple[PhoneSettings, ...] = ()
    first_weekday: int = MONDAY


class ReadingLog:
    """Writes spans, reads weeks. Runs on the thread that owns the desk store."""

    def __init__(
        self,
        *,
        store: SpanStore,
        rules: ReadingRules,
        to_local: Callable[[datetime], datetime],
    ) -> None:
        self._store = store
        self._rules = rules
        self._to_local = to_local
        self._weeks: dict[WeekId, Week] = {}
        self._talks = Talks(phones=rules.phones, to_local=to_local)
        self._corrected: dict[str, Span] = {}

    def use(self, rules: ReadingRules) -> None:
        """The settings have changed."""
        self._rules = rules
        self._talks.use(rules.phones)
        self._weeks.clear()

    def resume(self, calls: Iterable[Call]) -> None:
        """Talks of the founder that began in an earlier run and may end in this one."""
        self._talks.resume(calls)

    # --- writing ---------------------------------------------------------------------------

    def record(self, spans: Iterable[Span]) -> None:
        """Write what the reading clock hands out: new spans and grown ones."""
        for span in spans:
            since = self._since_corrected(span)
            if since is not None:
                self._store.append_span(since)
                self._touch(since)

    def apply(self, event: Event) -> tuple[Span, ...]:
        """Fold an event of the phones; returns the talks that it ended, which are written."""
        talks = self._talks.apply(event)
        self.record(talks)
        return talks

    def corrected(self, rows: Iterable[Span], original: Span | None = None) -> None:
        """Rows that a hand has written, and what of a clock's they follow.

        If that one is still growing, what it grows by from here on is a span of its own.
        """
        for row in rows:
            self._touch(row)
        if original is not None:
            self._corrected.setdefault(original.span_id, original)

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

    def newest_talk(self) -> Span | None:
        """The newest talk that counts, of all years."""
        before: datetime | None = None
        while rows := self._store.newest_talks(before):
            talks = [talk for talk in effective(rows) if talk.counted_seconds]
            if talks:
                return talks[-1]
            before = rows[0].started_at
        return None

    def forget_weeks(self) -> None:
        """The log was changed behind its back: nothing that is in memory holds."""
        self._weeks.clear()

    def _touch(self, span: Span) -> None:
        self._weeks = {
            week_id: week
            for week_id, week in self._weeks.items()
            if not week_id.earliest_start <= span.started_at < week_id.latest_start
        }

    def _since_corrected(self, span: Span) -> Span | None:
        since: Span | None = span
        while since is not None and since.span_id in self._corrected:
            since = grown_since(self._corrected[since.span_id], since)
        return since

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
