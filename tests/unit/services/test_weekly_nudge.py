from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supportdesk.domain.alerts import Alert, AlertKind
from supportdesk.domain.calls import CallId, MemberState
from supportdesk.domain.events import CallAnswered, CalleeAnswered, CallEnded, MessageGone
from supportdesk.domain.mail import MessageSummary
from supportdesk.domain.nudge import NudgeAnswer
from supportdesk.domain.reading import Span, SpanKind
from supportdesk.domain.settings import (
    AlertSettings,
    HoursRange,
    MailAlerts,
    PhoneSettings,
    ReadingSettings,
    Settings,
    WeekPeriod,
)
from supportdesk.domain.week import MONDAY as FROM_MONDAY
from supportdesk.domain.week import Week, WeekId, week_of
from supportdesk.services.weekly_nudge import NudgeSources
from tests.fakes.happenings import (
    HOOK_SETTINGS,
    MAIL_SETTINGS,
    OFFICE,
    PHONE_SETTINGS,
    SUPPORT,
    DeskRig,
    a_caller,
    a_member,
    a_message,
    a_snapshot,
    arrived,
    joined,
    raised,
    updated,
    withdrawn,
)
from tests.fakes.stores import MemoryDeskStore

HOUR = 3600.0
# A Monday and a Friday, in UTC, which is local time here.
MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 20, tzinfo=UTC)
NINE = timedelta(hours=9)
READING = ReadingSettings(nudge_at=time(9, 0))


def a_span(at: datetime, minutes: float, kind: SpanKind = SpanKind.READ, reason: str = "") -> Span:
    return Span(
        span_id=at.isoformat(),
        kind=kind,
        item="mail/Support/<1@out.example>",
        label="Question",
        started_at=at,
        utc_offset=timedelta(),
        counted_seconds=minutes * 60,
        reason=reason,
    )


@dataclass
class Log:
    """The part of the reading log that the nudge asks, over the store of the rig."""

    store: MemoryDeskStore
    reading: ReadingSettings
    words: dict[str, int] = field(default_factory=dict)

    def week(self, now: datetime) -> Week:
        today = now.date()
        is_rolling = self.reading.period is WeekPeriod.LAST_7_DAYS
        week = WeekId.ending(today) if is_rolling else WeekId.containing(today, FROM_MONDAY)
        return week_of(
            self.store.spans.values(),
            week,
            goal_minutes=self.reading.goal_minutes,
            holidays=self.reading.holidays,
        )

    def count(self, messages: Sequence[MessageSummary]) -> Mapping[str, int]:
        return {one.key: self.words[one.key] for one in messages if one.key in self.words}


class NudgeRig(DeskRig):
    """A desk whose founder has a reading log; mail raises no alerts of its own."""

    def __init__(
        self,
        reading: ReadingSettings = READING,
        *,
        now: datetime = MONDAY,
        alerts: AlertSettings | None = None,
        phone: Sequence[PhoneSettings] = (PHONE_SETTINGS,),
        store: MemoryDeskStore | None = None,
        messages: Sequence[MessageSummary] = (),
    ) -> None:
        self.settings = Settings(
            mail=(MAIL_SETTINGS,),
            phone=tuple(phone),
            reading=reading,
            alerts=alerts or AlertSettings(mail=MailAlerts.NEVER),
        )
        store = store or MemoryDeskStore()
        self.log = Log(store, reading)
        super().__init__(
            settings=self.settings,
            store=store,
            now=now,
            messages=messages,
            nudge=NudgeSources(week=self.log.week, words=self.log.count),
        )
        self.listen(a_member("Anna", MemberState.FREE))
        # A run that begins catches up first.
        self.wait(60)

    def change(self, **changes: object) -> None:
        """Other [reading] settings."""
        self.log.reading = replace(self.log.reading, **changes)  # type: ignore[arg-type] # by name
        self.settings = replace(self.settings, reading=self.log.reading)
        self.take(self.desk.change_settings(self.settings, self.now))

    def alert(self, **changes: object) -> None:
        """Other [alerts] settings."""
        alerts = replace(self.settings.alerts, **changes)  # type: ignore[arg-type] # by name
        self.settings = replace(self.settings, alerts=alerts)
        self.take(self.desk.change_settings(self.settings, self.now))

    def mail(self, uid: int, *, at: datetime | None = None, who: str = "", words: int = 100) -> str:
        message = a_message(uid, at=at or self.now, who=who)
        self.log.words[message.key] = words
        self.apply(arrived(message, at=self.now))
        return message.key

    def read(self, minutes: float, *, at: datetime) -> None:
        self.store.append_span(a_span(at, minutes))

    @property
    def nudges(self) -> list[Alert]:
        return [alert for alert in raised(self.notices) if alert.kind is AlertKind.WEEKLY]

    def why(self) -> NudgeAnswer:
        """As a method: what it says changes from one line of a test to the next."""
        state = self.desk.nudge()
        assert state is not None
        return state.answer


def a_friday(reading: ReadingSettings = READING, **more: object) -> NudgeRig:
    """One mail since Thursday, nothing read, a quarter to nine on Friday."""
    rig = NudgeRig(reading, now=FRIDAY - timedelta(hours=12), **more)  # type: ignore[arg-type]
    rig.mail(1)
    rig.wait_until(FRIDAY + NINE - timedelta(minutes=15))
    assert rig.nudges == []
    return rig


# --- the words -----------------------------------------------------------------------------------


def test_it_says_who_wrote_how_long_it_takes_and_where_the_week_is() -> None:
    rig = a_friday()
    rig.read(18, at=MONDAY + NINE)
    for uid in range(2, 8):
        rig.mail(uid, words=310)
    rig.wait_until(FRIDAY + NINE)
    [nudge] = rig.nudges
    assert nudge.title == "7 people wrote since yesterday"
    assert nudge.body == "About 9 minutes of reading. 18 of 30 min this week."
    assert [action.label for action in nudge.actions] == ["Read them", "Not today"]
    assert nudge.at == FRIDAY + NINE
    assert nudge.item == "mail/Support/<1@out.example>"
    assert len(nudge.covers) == 7
    assert rig.desk.alerts() == (nudge,)


def test_one_person_is_named() -> None:
    rig = a_friday()
    rig.wait(HOUR)
    assert [nudge.title for nudge in rig.nudges] == ["Customer 1 wrote yesterday"]
    assert rig.nudges[0].body == "About 1 minute of reading. 0 of 30 min this week."


def test_one_person_may_write_twice() -> None:
    rig = a_friday()
    rig.mail(2, who="Customer 1")
    rig.wait(HOUR)
    assert [nudge.title for nudge in rig.nudges] == ["Customer 1 wrote 2 times since yesterday"]


def test_days_are_named() -> None:
    titles = {}
    for back in (0, 1, 3, 7):
        rig = NudgeRig(now=FRIDAY - timedelta(days=back), reading=replace(READING, nudge_at=None))
        rig.change(is_nudge_wanted=False)
        rig.mail(1, at=rig.now + timedelta(hours=9, minutes=30))
        rig.wait_until(FRIDAY + timedelta(hours=9, minutes=20))
        rig.change(is_nudge_wanted=True)
        rig.wait(10)
        titles[back] = rig.nudges[0].title
    assert titles == {
        0: "Customer 1 wrote today",
        1: "Customer 1 wrote yesterday",
        3: "Customer 1 wrote on Tuesday",
        7: "Customer 1 wrote last Friday",
    }


# --- once ----------------------------------------------------------------------------------------


def test_once_a_week_and_again_in_the_next() -> None:
    rig = a_friday()
    rig.wait_until(FRIDAY + timedelta(days=2, hours=12))
    assert [nudge.at for nudge in rig.nudges] == [FRIDAY + NINE]
    assert rig.nudges[0].key == "weekly/2026-W47"
    rig.mail(2)
    rig.wait_until(FRIDAY + timedelta(days=7))
    assert [nudge.at for nudge in rig.nudges][1:] == [MONDAY + timedelta(days=8, hours=9)]


def test_not_today_is_not_this_week() -> None:
    rig = a_friday()
    rig.wait_until(FRIDAY + NINE)
    rig.take(rig.desk.dismiss(rig.nudges[0].key, rig.now))
    assert rig.desk.alerts() == ()
    rig.mail(2)
    rig.wait_until(FRIDAY + timedelta(days=3))
    assert len(rig.nudges) == 1


def test_a_restart_repeats_nothing() -> None:
    rig = a_friday()
    rig.wait_until(FRIDAY + NINE)
    rig.desk.leave(rig.now)
    mail = rig.desk.inbox.message(rig.nudges[0].item)
    assert mail is not None
    again = NudgeRig(store=rig.store, now=rig.now + timedelta(minutes=5), messages=(mail,))
    again.wait(3 * HOUR)
    assert again.nudges == []
    assert again.why() is NudgeAnswer.TOLD
    assert [alert.kind for alert in again.desk.alerts()] == [AlertKind.WEEKLY]


def test_what_a_crash_kept_from_the_screen_is_told_by_the_next_run() -> None:
    rig = a_friday()
    rig.now = FRIDAY + NINE
    rig.desk.tick(rig.now)  # and nobody says that it was shown
    again = NudgeRig(store=rig.store, now=rig.now + timedelta(minutes=5))
    assert [nudge.title for nudge in again.nudges] == ["Customer 1 wrote yesterday"]


def test_the_last_seven_days_are_asked_about_every_seven_days() -> None:
    rig = a_friday(replace(READING, period=WeekPeriod.LAST_7_DAYS))
    for day in range(20):
        rig.mail(10 + day)
        rig.wait(24 * HOUR)
    assert [nudge.at for nudge in rig.nudges] == [
        FRIDAY + NINE + timedelta(days=7 * number) for number in range(3)
    ]
    assert rig.nudges[0].body.endswith("0 of 30 min in 7 days.")


# --- only if -------------------------------------------------------------------------------------


def test_not_when_the_week_is_where_it_should_be() -> None:
    rig = NudgeRig()
    rig.mail(1)
    rig.wait_until(MONDAY + timedelta(hours=20))
    assert rig.nudges == []
    assert rig.why() is NudgeAnswer.NOT_BEHIND
    rig.wait_until(MONDAY + timedelta(days=1, hours=20))
    assert [nudge.at for nudge in rig.nudges] == [MONDAY + timedelta(days=1) + NINE]


def test_not_when_all_is_read_nor_with_the_alert_of_a_mail_that_comes_later() -> None:
    rig = a_friday()
    rig.take(rig.desk.read("mail/Support/<1@out.example>", rig.now))
    rig.apply(arrived(replace(a_message(2, at=rig.now), is_robot=True), at=rig.now))
    rig.wait_until(FRIDAY + timedelta(hours=14))
    rig.mail(3)
    rig.wait(HOUR)
    assert rig.nudges == []
    assert rig.why() is NudgeAnswer.NOTHING_TO_READ
    rig.wait_until(FRIDAY + timedelta(days=1, hours=14))
    assert [nudge.at for nudge in rig.nudges] == [FRIDAY + timedelta(days=1) + NINE]


def test_what_came_long_ago_is_no_news() -> None:
    rig = a_friday()
    rig.take(rig.desk.read("mail/Support/<1@out.example>", rig.now))
    rig.mail(2, at=FRIDAY - timedelta(days=9))
    rig.wait(HOUR)
    assert rig.why() is NudgeAnswer.NOTHING_TO_READ


def test_a_switch_turns_it_off_and_takes_it_back() -> None:
    rig = a_friday()
    rig.wait_until(FRIDAY + NINE)
    rig.change(is_nudge_wanted=False)
    assert withdrawn(rig.notices)[-1][1] == "the nudge is switched off"
    assert rig.why() is NudgeAnswer.NOT_WANTED
    state = rig.desk.nudge()
    assert state is not None
    assert state.words == "It is switched off in the settings."
    off = a_friday(replace(READING, is_nudge_wanted=False))
    off.wait(HOUR)
    assert off.nudges == []


def test_a_week_with_a_holiday_is_left_alone() -> None:
    rig = a_friday(replace(READING, holidays=(date(2026, 11, 17),)))
    rig.wait(10 * HOUR)
    assert rig.nudges == []
    assert rig.why() is NudgeAnswer.WEEK_OFF


# --- not while -----------------------------------------------------------------------------------


def test_never_while_presenting() -> None:
    rig = a_friday()
    rig.alert(presenting=True)
    rig.wait(2 * HOUR)
    assert rig.nudges == []
    assert rig.why() is NudgeAnswer.PRESENTING
    rig.alert(presenting=False)
    assert len(rig.nudges) == 1
    rig.alert(presenting=True)
    assert updated(rig.notices)[-1].body == "There is mail to read."


def test_when_presenting_ends_by_itself_it_comes() -> None:
    rig = a_friday()
    until = rig.now + timedelta(hours=2)
    rig.alert(presenting=True, presenting_until=until)
    rig.wait(3 * HOUR)
    assert [nudge.at for nudge in rig.nudges] == [until]


def test_never_in_a_pause_but_when_it_ends() -> None:
    rig = a_friday()
    rig.take(rig.desk.pause(FRIDAY + timedelta(hours=11), rig.now))
    rig.wait_until(FRIDAY + timedelta(hours=10))
    assert rig.why() is NudgeAnswer.SILENT
    rig.wait_until(FRIDAY + timedelta(hours=12))
    assert [nudge.at for nudge in rig.nudges] == [FRIDAY + timedelta(hours=11)]


def test_never_in_quiet_hours_but_when_they_end() -> None:
    rig = a_friday(alerts=AlertSettings(mail=MailAlerts.NEVER, quiet_hours=(time(8), time(10))))
    rig.wait_until(FRIDAY + timedelta(hours=11))
    assert [nudge.at for nudge in rig.nudges] == [FRIDAY + timedelta(hours=10)]


def test_outside_the_opening_hours_it_waits_for_the_next_day_that_has_any() -> None:
    hours = HoursRange(weekdays=(0, 3, 5), opens=time(10), closes=time(17))
    rig = a_friday(alerts=AlertSettings(mail=MailAlerts.NEVER, opening_hours=(hours,)))
    rig.wait_until(FRIDAY + timedelta(hours=12))
    assert rig.why() is NudgeAnswer.CLOSED
    rig.wait_until(FRIDAY + timedelta(days=2))
    assert [nudge.at for nudge in rig.nudges] == [FRIDAY + timedelta(days=1, hours=10)]


def test_never_before_all_is_heard_again() -> None:
    rig = a_friday()
    rig.take(rig.desk.woke(FRIDAY, FRIDAY + NINE))
    assert rig.why() is NudgeAnswer.TOO_EARLY or rig.why() is NudgeAnswer.CATCHING_UP
    rig.wait_until(FRIDAY + NINE + timedelta(seconds=20))
    assert rig.nudges == []
    assert rig.why() is NudgeAnswer.CATCHING_UP
    rig.wait(60)
    assert len(rig.nudges) == 1


def test_never_while_a_caller_is_the_founders() -> None:
    rig = a_friday()
    rig.apply(a_snapshot(members=(a_member("Anna"),), at=rig.now))
    rig.wait_until(FRIDAY + NINE - timedelta(seconds=20))
    rig.apply(joined(a_caller("1", at=rig.now)))
    rig.wait_until(FRIDAY + NINE)
    assert rig.nudges == []
    assert rig.why() is NudgeAnswer.CALLER_WAITS


def test_never_on_a_call_nor_right_after_one() -> None:
    rig = a_friday()
    answered = CallAnswered(
        phone=OFFICE,
        call_id=CallId("1"),
        number="+420111222333",
        name="Pavel Kiss",
        queue="support",
        by="you",
        by_interface="PJSIP/100",
        hold_seconds=4,
        at=rig.now,
    )
    rig.apply(answered)
    rig.wait_until(FRIDAY + timedelta(hours=10))
    assert rig.nudges == []
    assert rig.why() is NudgeAnswer.ON_A_CALL
    rig.store.append_span(a_span(rig.now - timedelta(minutes=9), 9, SpanKind.TALK))
    rig.apply(CallEnded(phone=OFFICE, call_id=CallId("1"), talk_seconds=4500, at=rig.now))
    assert rig.why() is NudgeAnswer.WITH_CUSTOMERS
    rig.wait(HOUR)
    assert [nudge.at for nudge in rig.nudges] == [FRIDAY + timedelta(hours=10, minutes=2)]


def test_never_while_reading() -> None:
    rig = a_friday()
    rig.read(4, at=FRIDAY + NINE - timedelta(minutes=3))
    rig.store.append_span(a_span(FRIDAY, 24 * 60, reason="by hand, and no sign of reading now"))
    rig.change(goal_minutes=3000)
    rig.wait_until(FRIDAY + NINE + timedelta(minutes=1))
    assert rig.why() is NudgeAnswer.WITH_CUSTOMERS
    rig.wait(HOUR)
    assert len(rig.nudges) == 1
    assert rig.nudges[0].at <= FRIDAY + NINE + timedelta(minutes=5)


# --- taken back ----------------------------------------------------------------------------------


def test_it_is_taken_back_when_all_is_read() -> None:
    rig = a_friday()
    rig.mail(2)
    rig.wait_until(FRIDAY + NINE)
    [nudge] = rig.nudges
    assert rig.desk.first_unread(nudge.covers) == nudge.item
    rig.take(rig.desk.read(nudge.item, rig.now))
    assert withdrawn(rig.notices) == []
    assert rig.desk.first_unread(nudge.covers) == nudge.covers[1]
    gone = a_message(2)
    rig.apply(
        MessageGone(account=SUPPORT, message_id=gone.message_id, address=gone.address, at=rig.now)
    )
    assert withdrawn(rig.notices)[-1][1] == "all read"
    assert rig.desk.first_unread(nudge.covers) == ""


def test_it_is_taken_back_when_the_goal_is_reached() -> None:
    rig = a_friday()
    rig.wait_until(FRIDAY + NINE)
    rig.read(30, at=rig.now - timedelta(minutes=40))
    rig.wait(HOUR)
    assert withdrawn(rig.notices)[-1][1] == "the goal is reached"


def test_it_is_taken_back_at_midnight() -> None:
    rig = a_friday()
    rig.wait_until(FRIDAY + timedelta(days=1))
    assert withdrawn(rig.notices)[-1][1] == "its day is over"
    assert rig.desk.alerts() == ()


@pytest.mark.parametrize("weekday", range(5))
def test_another_kind_of_week_does_not_nudge_again(weekday: int) -> None:
    begin = MONDAY + timedelta(days=weekday)
    rolling = replace(READING, period=WeekPeriod.LAST_7_DAYS)
    rig = NudgeRig(rolling, now=begin)
    rig.mail(1)
    rig.wait(12 * HOUR)
    assert len(rig.nudges) == 1
    rig.change(period=WeekPeriod.WEEK)
    for number in range(2, 7 - weekday):
        rig.mail(number)
        rig.wait(24 * HOUR)
    assert len(rig.nudges) == 1


# --- the hour ------------------------------------------------------------------------------------


def test_the_hour_is_learned_from_the_log() -> None:
    store = MemoryDeskStore()
    for back in range(1, 6):
        store.append_span(a_span(FRIDAY - timedelta(days=back) + timedelta(hours=10), 0.5))
    rig = a_friday(ReadingSettings(), store=store)
    state = rig.desk.nudge()
    assert state is not None
    assert state.words == (
        "At 10:00, when you usually begin to read. Its hour has not come yet today."
    )
    rig.wait(5 * HOUR)
    assert [nudge.at for nudge in rig.nudges] == [FRIDAY + timedelta(hours=10)]


def test_without_a_habit_it_is_nine() -> None:
    rig = a_friday(ReadingSettings())
    rig.wait(HOUR)
    assert [nudge.at for nudge in rig.nudges] == [FRIDAY + NINE]


def test_a_desk_without_a_log_has_no_nudge() -> None:
    rig = DeskRig(now=FRIDAY).listen()
    rig.apply(arrived(a_message(1, at=rig.now), at=rig.now))
    rig.wait(12 * HOUR)
    assert rig.desk.nudge() is None
    assert all(alert.kind is not AlertKind.WEEKLY for alert in raised(rig.notices))


# --- whatever happens ----------------------------------------------------------------------------


class Month:
    """Days of acts; every nudge is looked at as it is told."""

    def __init__(self, reading: ReadingSettings) -> None:
        self.reading = reading
        self.told: list[Alert] = []
        self.mails: list[MessageSummary] = []
        self.is_presenting = False
        self.rig = NudgeRig(reading)

    def wait(self, minutes: int) -> None:
        self.rig.wait(minutes * 60)
        self.look()

    def look(self) -> None:
        for nudge in self.rig.nudges:
            assert not self.is_presenting
            assert nudge.at.time() >= (self.reading.nudge_at or time())
            assert not self.rig.log.week(nudge.at).is_goal_reached
            assert nudge.covers
        self.told += self.rig.nudges
        self.rig.forget()

    def mail(self, number: int, _: int) -> None:
        self.mails.append(a_message(number, at=self.rig.now))
        self.rig.mail(number)

    def read(self, _: int, minutes: int) -> None:
        minutes %= 20
        self.rig.read(minutes, at=self.rig.now - timedelta(minutes=minutes))

    def open_all(self, _: int, __: int) -> None:
        for mail in self.mails:
            self.rig.take(self.rig.desk.read(mail.key, self.rig.now))

    def pause(self, _: int, minutes: int) -> None:
        self.rig.take(self.rig.desk.pause(self.rig.now + timedelta(minutes=minutes), self.rig.now))

    def present(self, _: int, __: int) -> None:
        self.is_presenting = not self.is_presenting
        self.rig.alert(presenting=self.is_presenting)

    def dismiss(self, _: int, __: int) -> None:
        for alert in self.rig.desk.alerts():
            self.rig.take(self.rig.desk.dismiss(alert.key, self.rig.now))

    def restart(self, _: int, __: int) -> None:
        self.rig.desk.leave(self.rig.now)
        alerts = replace(self.rig.settings.alerts, presenting=self.is_presenting)
        self.rig = NudgeRig(
            self.reading,
            now=self.rig.now,
            store=self.rig.store,
            messages=self.mails,
            alerts=alerts,
        )

    def call(self, number: int, _: int) -> None:
        self.rig.apply(
            CalleeAnswered(
                phone=OFFICE,
                call_id=CallId(str(number)),
                number="+420111222333",
                by="you",
                by_interface="PJSIP/100",
                at=self.rig.now,
            )
        )

    def hang_up(self, number: int, _: int) -> None:
        for call_id in range(number):
            self.rig.apply(
                CallEnded(
                    phone=OFFICE, call_id=CallId(str(call_id)), talk_seconds=9, at=self.rig.now
                )
            )


_ACTS = st.sampled_from(
    [
        Month.mail,
        Month.read,
        Month.open_all,
        Month.pause,
        Month.present,
        Month.dismiss,
        Month.restart,
        Month.call,
        Month.hang_up,
    ]
)


@settings(max_examples=30, deadline=None)
@given(
    acts=st.lists(st.tuples(_ACTS, st.integers(1, 14 * 60)), max_size=30),
    period=st.sampled_from(WeekPeriod),
    hour=st.integers(0, 23),
)
def test_never_twice_a_week_never_for_nothing_never_at_a_bad_moment(
    acts: list[tuple[Callable[[Month, int, int], None], int]], period: WeekPeriod, hour: int
) -> None:
    month = Month(ReadingSettings(nudge_at=time(hour), period=period))
    for number, (act, minutes) in enumerate(acts, start=1):
        month.wait(minutes)
        act(month, number, minutes)
        month.look()
    days = [nudge.at.date() for nudge in month.told]
    if period is WeekPeriod.LAST_7_DAYS:
        assert all((later - day).days >= 7 for day, later in pairwise(days))
    else:
        assert len({WeekId.containing(day) for day in days}) == len(days)


def test_a_hook_that_names_nobody_tells_of_the_founder() -> None:
    rig = a_friday(phone=(HOOK_SETTINGS,))
    door = HOOK_SETTINGS.name
    rig.apply(
        CallAnswered(
            phone=door,
            call_id=CallId("1"),
            number="+420111222333",
            name="",
            queue="",
            by="",
            by_interface="",
            hold_seconds=4,
            at=rig.now,
        )
    )
    rig.wait_until(FRIDAY + timedelta(hours=10))
    assert rig.why() is NudgeAnswer.ON_A_CALL
    rig.wait(4 * HOUR)
    assert len(rig.nudges) == 1, "nobody saw it end"
