"""A founder at a computer: a day is lived, and the reading clock writes it into a log."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from supportdesk.domain.reading import DropRule, Moment, Span
from supportdesk.domain.week import Week
from supportdesk.services.reading_clock import ReadingClock, ReadMessage
from supportdesk.services.reading_log import ReadingLog, ReadingRules, SpanStore
from tests.fakes.stores import MemoryDeskStore


class Life:
    """A founder at a computer. What truly passed in front of their eyes is kept beside it."""

    deeds: Sequence[object] = ()
    """For whoever prints it."""

    def __init__(self, start: datetime, zone: ZoneInfo, store: SpanStore | None = None) -> None:
        self.start = start
        self.zone = zone
        self.store = MemoryDeskStore() if store is None else store
        self.log = ReadingLog(
            store=self.store, rules=ReadingRules(), to_local=lambda at: at.astimezone(self.zone)
        )
        self.clock = ReadingClock()
        self.set_by = self.slept = self.awake = 0.0
        self.is_in_front = True
        self.is_locked = False
        self.open: ReadMessage | None = None
        self.seen_seconds = 0.0
        self.visits = 0
        self.scrolls = 0
        self._attend()

    def __repr__(self) -> str:
        return f"Life({self.start}, {self.deeds})"

    # --- what they do

    def opens(self, message: ReadMessage) -> None:
        if message != self.open:
            self.visits += 1
        self.open = message
        self.log.record(self.clock.opened(message, self.moment()))

    def closes(self) -> None:
        self.open = None
        self.log.record(self.clock.closed(self.moment()))

    def scroll(self) -> None:
        self.scrolls += 1
        self.log.record(self.clock.activity(self.moment()))

    def hides(self, *, is_hidden: bool) -> None:
        self.is_in_front = not is_hidden
        self._attend()

    def locks(self, *, is_locked: bool) -> None:
        self.is_locked = is_locked
        self._attend()

    def waits(self, seconds: float, beat: float = 1.0) -> None:
        """Awake; a timer beats while the clock wants it."""
        end = self.awake + seconds
        while self.awake + beat <= end:
            self._passes(beat)
            if self.clock.wants_beats:
                self.log.record(self.clock.beat(self.moment()))
        self._passes(end - self.awake)

    def sleeps(self, seconds: float, *, is_told: bool) -> None:
        """The lid is closed; the system tells before and after, or nobody does."""
        if is_told:
            self._attend(DropRule.ASLEEP)
        self.slept += seconds
        if is_told:
            self._attend()
        else:
            self.log.record(self.clock.beat(self.moment()))

    def stands_still(self, seconds: float) -> None:
        """The process was stopped: all clocks go on, and no beat comes."""
        self.awake += seconds
        self.log.record(self.clock.beat(self.moment()))

    def sets_the_clock(self, by: float) -> None:
        self.set_by += by

    def reads_while_the_clock_is_set(self, by: float, *, message: ReadMessage) -> None:
        """So that what is read before and after lies over one another, if it is set back."""
        self.locks(is_locked=False)
        self.hides(is_hidden=False)
        self.opens(message)
        self.waits(60.0)
        self.sets_the_clock(by)
        self.waits(60.0)

    def travels_to(self, zone: ZoneInfo) -> None:
        self.zone = zone

    def pulls_the_plug(self) -> None:
        """What was not written is lost; the next run begins with nothing open."""
        self.clock = ReadingClock()
        self.open = None
        self._attend()

    def ends_the_day(self) -> None:
        self.closes()

    # --- what is true

    def moment(self) -> Moment:
        true = timedelta(seconds=self.awake + self.slept)
        now = self.start + true + timedelta(seconds=self.set_by)
        return Moment(
            now=now,
            monotonic_seconds=100.0 + self.awake,
            boot_seconds=900.0 + self.awake + self.slept,
            utc_offset=now.astimezone(self.zone).utcoffset() or timedelta(),
        )

    @property
    def spans(self) -> list[Span]:
        around = timedelta(days=400)
        return self.store.spans_between(self.start - around, self.start + around)

    @property
    def counted(self) -> float:
        return sum(span.counted_seconds for span in self.spans)

    def weeks(self) -> list[Week]:
        """As the page reads them, a week more on both sides."""
        days = [(span.started_at + span.utc_offset).date() for span in self.spans]
        first, last = (min(days), max(days)) if days else (self.start.date(), self.start.date())
        week, weeks = self.log.week_on(first).moved(-1), []
        while week <= self.log.week_on(last).moved(1):
            weeks.append(self.log.week(week))
            week = week.moved(1)
        return weeks

    def _attend(self, why: DropRule | None = None) -> None:
        if why is None and self.is_locked:
            why = DropRule.LOCKED
        if why is None and not self.is_in_front:
            why = DropRule.NOT_IN_FRONT
        self.log.record(self.clock.attention(why, self.moment()))

    def _passes(self, seconds: float) -> None:
        self.awake += seconds
        is_before_eyes = self.is_in_front and not self.is_locked
        if is_before_eyes and self.open is not None and not self.open.is_robot:
            self.seen_seconds += seconds


def reads_thirty_minutes(life: Life, between: Callable[[int], None] = lambda _number: None) -> None:
    """Six letters of five minutes; `between` happens before each."""
    for number in range(6):
        between(number)
        letter = ReadMessage(key=f"mail/Support/<{number}@y>", label="Ingrid", words=1000)
        life.opens(letter)
        life.waits(300.0)
    life.closes()
