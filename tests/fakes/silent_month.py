"""A simulated month of a small company's mail and calls, with hours in which nothing is heard.

Arrivals follow the hours of a working week, days differ in how busy they are, and one of them is a
holiday that nobody put into the settings. What is deaf for an hour is our own link, the delivery
of mail before it, or the phone system; the alarm is the real one.
"""

import heapq
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from itertools import count
from zoneinfo import ZoneInfo

from supportdesk.domain.errors import Problem
from supportdesk.domain.health import SourceKind, SourceName
from supportdesk.domain.hours import instant_of
from supportdesk.domain.quiet import LEARNED_FROM_DAYS, usual_traffic, weight_of_question
from supportdesk.domain.settings import SilenceCheck
from supportdesk.domain.silence import FAULTS, Ear, Habit, Look, Test, Verdict, Wish
from supportdesk.services.silence_alarm import SilenceAlarm
from tests.fakes.stores import MemoryDeskStore

MAIL, PHONE = SourceName("Support"), SourceName("Office")
WEEKS = 4
FIRST_DAY = date(2026, 9, 7)
_ZONE = ZoneInfo("Europe/Prague")
_HOUR = timedelta(hours=1)
_OPENS, _CLOSES = 9, 17
_WORKING_DAY = (
    *(0.02, 0.02, 0.02, 0.02, 0.02, 0.05, 0.1, 0.3),
    *(0.9, 1.4, 1.5, 1.25, 0.8, 0.9, 1.15, 1.1),
    *(0.9, 0.5, 0.25, 0.15, 0.12, 0.1, 0.06, 0.03),
)
_BY_WEEKDAY = (1.15, 1.05, 1.0, 0.95, 0.85, 0.12, 0.12)


class Deafness(Enum):
    """Where an hour of it was injected."""

    OUR_LINK = "our link to the mailbox"
    DELIVERY = "delivery of mail"
    PHONES = "the phone system"

    @property
    def source(self) -> SourceName:
        return PHONE if self is Deafness.PHONES else MAIL


@dataclass(slots=True)
class DeafHour:
    kind: Deafness
    start: datetime
    found_after: timedelta | None = None

    @property
    def end(self) -> datetime:
        return self.start + _HOUR


@dataclass(slots=True)
class Month:
    """What came of it."""

    deaf_hours: list[DeafHour]
    false_questions: list[datetime] = field(default_factory=list)
    true_questions: list[datetime] = field(default_factory=list)
    false_alarms: list[datetime] = field(default_factory=list)
    mails: int = 0
    looks: int = 0
    came: int = 0

    def most_false_questions_a_week(self) -> int:
        """In any seven days."""
        return max(
            (
                sum(1 for one in self.false_questions if first <= one < first + timedelta(days=7))
                for first in self.false_questions
            ),
            default=0,
        )


def to_local(at: datetime) -> datetime:
    return at.astimezone(_ZONE)


class SilentMonth:
    """One run of it; `run` once."""

    def __init__(
        self, seed: int, check: SilenceCheck, *, mails_a_day: float = 80, calls_a_day: float = 25
    ) -> None:
        self._random = random.Random(seed)
        self._check = check
        learned_from = FIRST_DAY - timedelta(days=LEARNED_FROM_DAYS)
        self._begin = instant_of(FIRST_DAY, time(), to_local)
        self._days = [
            learned_from + timedelta(days=day) for day in range(LEARNED_FROM_DAYS + WEEKS * 7)
        ]
        self._holiday = FIRST_DAY + timedelta(days=7 * self._random.randrange(WEEKS) + 2)
        self._arrivals = {
            MAIL: list(self._drawn(mails_a_day)),
            PHONE: list(self._drawn(calls_a_day)),
        }
        self._alarm = SilenceAlarm(MemoryDeskStore(), to_local)
        mail = Ear(source=MAIL, kind=SourceKind.MAIL, address="support@example.com", can_send=True)
        self._alarm.configure([mail, Ear(source=PHONE, kind=SourceKind.PHONE)], check)
        self._month = Month(deaf_hours=self._injected())
        self._todo: list[tuple[datetime, int, Callable[[], None]]] = []
        self._number = count()
        self._now = self._begin
        self._heard: dict[SourceName, list[datetime]] = {
            name: [one for one in arrivals if one < self._begin]
            for name, arrivals in self._arrivals.items()
        }
        self._told: dict[SourceName, object] = {}
        self._tick_at: datetime | None = None

    def run(self) -> Month:
        for name, arrivals in self._arrivals.items():
            for at in arrivals:
                if at >= self._begin:
                    self._later(at, self._arrives(name))
        for day in range(0, WEEKS * 7, 7):
            self._later(
                instant_of(FIRST_DAY + timedelta(days=day), time(0, 5), to_local), self._learn
            )
        self._learn()
        end = instant_of(FIRST_DAY + timedelta(days=7 * WEEKS), time(), to_local)
        while self._todo and self._todo[0][0] < end:
            self._now, _, act = heapq.heappop(self._todo)
            act()
            self._go()
        return self._month

    # --- the company ------------------------------------------------------------------------

    def _drawn(self, a_day: float) -> Iterator[datetime]:
        usual = sum(_WORKING_DAY)
        for day in self._days:
            busy = self._random.gammavariate(16, 1 / 16) * _BY_WEEKDAY[day.weekday()]
            busy *= 0.08 if day == self._holiday else 1
            for hour, weight in enumerate(_WORKING_DAY):
                begin = instant_of(day, time(hour), to_local)
                wait = self._random.expovariate(1) / (a_day * busy * weight / usual)
                while wait < 1:
                    yield begin + wait * _HOUR
                    wait += self._random.expovariate(1) / (a_day * busy * weight / usual)

    def _injected(self) -> list[DeafHour]:
        """Three a week, on different working days, one of each kind."""
        hours = []
        for week in range(WEEKS):
            monday = FIRST_DAY + timedelta(days=7 * week)
            days = [monday + timedelta(days=day) for day in range(5)]
            days = [day for day in days if day != self._holiday]
            for kind, day in zip(Deafness, self._random.sample(days, 3), strict=True):
                minutes = self._random.randrange((_CLOSES - _OPENS - 1) * 60)
                opens = instant_of(day, time(_OPENS), to_local)
                hours.append(DeafHour(kind=kind, start=opens + timedelta(minutes=minutes)))
        return hours

    def _deaf(self, source: SourceName) -> DeafHour | None:
        """The hour of this source that lasts now and nobody has found."""
        for hour in self._month.deaf_hours:
            is_on = hour.start <= self._now < hour.end
            if is_on and hour.kind.source == source and hour.found_after is None:
                return hour
        return None

    def _arrives(self, name: SourceName) -> Callable[[], None]:
        def arrive() -> None:
            deaf = self._deaf(name)
            if deaf is None:
                self._month.came += 1
                self._heard[name].append(self._now)
                self._alarm.came(name, self._now)
            elif deaf.kind is not Deafness.PHONES:
                self._later(deaf.end, arrive)

        return arrive

    # --- the alarm and its tests ---------------------------------------------------------------

    def _learn(self) -> None:
        today = to_local(self._now).date()
        for name, heard in self._heard.items():
            since = self._now - timedelta(days=LEARNED_FROM_DAYS + 1)
            lately = [one for one in heard if one >= since]
            traffic = usual_traffic(lately, today, to_local)
            weight = weight_of_question(lately, traffic, to_local)
            habit = Habit(traffic=traffic, question_weight=weight, newest=lately[-1])
            self._alarm.learned(name, habit, self._now)

    def _go(self) -> None:
        heard_since = dict.fromkeys((MAIL, PHONE), self._begin - _HOUR)
        for wish in self._alarm.step(self._now, heard_since):
            self._carry_out(wish)
        self._note()
        due = self._alarm.next_due(self._now, heard_since)
        if due is not None and due != self._tick_at:
            self._tick_at = due
            self._later(due, lambda: None)

    def _carry_out(self, wish: Wish) -> None:
        match wish.test:
            case Test.LOOK:
                self._month.looks += 1
                self._after(3, lambda: self._alarm.looked(wish.source, self._look(wish), self._now))
            case Test.MAIL:
                self._month.mails += 1
                self._after(2, lambda: self._sent(wish.source))
            case Test.SEARCH:
                deaf = self._deaf(wish.source)
                is_there = deaf is not None and deaf.kind is Deafness.OUR_LINK
                self._after(3, lambda: self._searched(wish, is_there=is_there))

    def _look(self, wish: Wish) -> Look:
        deaf = self._deaf(wish.source)
        if deaf is None or deaf.kind is Deafness.DELIVERY:
            return Look()
        if deaf.kind is Deafness.OUR_LINK:
            return Look(is_alive=False)
        return Look(problem=Problem(title="It does not answer", advice="Look at it."))

    def _sent(self, source: SourceName) -> None:
        message_id = f"<{next(self._number)}@test>"
        self._alarm.mail_sent(source, message_id, self._now)
        if self._deaf(source) is None:
            self._after(20, lambda: self._alarm.mail_back(source, message_id, self._now, self._now))

    def _searched(self, wish: Wish, *, is_there: bool) -> None:
        self._alarm.searched(wish.source, wish.message_id, self._now, is_there=is_there)

    def _note(self) -> None:
        for source, finding in self._alarm.findings().items():
            if self._told.get(source) == finding:
                continue
            self._told[source] = finding
            deaf, verdict = self._deaf(source), finding.found.verdict
            if verdict is Verdict.ASKED:
                questions = self._month.false_questions
                if deaf is not None:
                    questions = self._month.true_questions
                    # The founder clicks; where nothing is deaf the test mail comes back.
                    for wish in self._alarm.mail_asked(source, self._now):
                        self._carry_out(wish)
                questions.append(self._now)
            elif verdict in FAULTS and deaf is not None:
                deaf.found_after = self._now - deaf.start
            elif verdict in FAULTS:
                self._month.false_alarms.append(self._now)

    def _after(self, seconds: float, act: Callable[[], None]) -> None:
        self._later(self._now + timedelta(seconds=seconds), act)

    def _later(self, at: datetime, act: Callable[[], None]) -> None:
        heapq.heappush(self._todo, (at.astimezone(UTC), next(self._number), act))
