"""The silence alarm: what is tested when, and what the founder is asked."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from supportdesk.domain.errors import Problem
from supportdesk.domain.health import SourceKind, SourceName
from supportdesk.domain.quiet import UsualTraffic
from supportdesk.domain.settings import SilenceCheck
from supportdesk.domain.silence import Ear, Habit, Look, Test, Verdict, Wish
from supportdesk.services.silence_alarm import BACK_WITHIN, LOOK_AFTER, SETTLED_AFTER, SilenceAlarm
from tests.fakes.silent_month import Deafness, SilentMonth
from tests.fakes.stores import MemoryDeskStore

SUPPORT, OFFICE = SourceName("Support"), SourceName("Office")
MAIL = Ear(source=SUPPORT, kind=SourceKind.MAIL, address="support@x.example", can_send=True)
PHONE = Ear(source=OFFICE, kind=SourceKind.PHONE)
NINE = datetime(2026, 9, 7, 9, tzinfo=UTC)
EARLY = NINE - timedelta(hours=5)
TROUBLE = Problem(title="The server is away", advice="Look at it")
STEADY = UsualTraffic(by_hour=(6.0,) * 168, days=56)
SLOW = UsualTraffic(by_hour=(1.0,) * 168, days=56)
MINUTE = timedelta(minutes=1)


def to_local(at: datetime) -> datetime:
    return at.astimezone(UTC)


def busy_until(at: datetime) -> Habit:
    return Habit(traffic=STEADY, question_weight=6, newest=at, today=54)


class Life:
    """An alarm with its store and its clock."""

    def __init__(
        self,
        check: SilenceCheck = SilenceCheck.ASK,
        traffic: UsualTraffic = STEADY,
        ear: Ear = MAIL,
        store: MemoryDeskStore | None = None,
    ) -> None:
        self.store = store or MemoryDeskStore()
        self.alarm = SilenceAlarm(self.store, to_local)
        self.ear = ear
        self.name = ear.source
        self.alarm.configure([ear], check)
        self.alarm.learned(self.name, replace(busy_until(NINE), traffic=traffic), NINE)
        self.since = {self.name: EARLY}

    def step(self, at: datetime) -> list[Test]:
        return [wish.test for wish in self.alarm.step(at, self.since)]

    def look(self, at: datetime, look: Look | None = None) -> None:
        assert self.step(at) == [Test.LOOK]
        self.alarm.looked(self.name, look or Look(), at)

    def verdict(self) -> Verdict | None:
        finding = self.alarm.findings().get(self.name)
        return None if finding is None else finding.found.verdict

    def send(self, at: datetime) -> None:
        """Until a mail to ourselves is on its way."""
        self.look(at - 5 * MINUTE)
        assert self.step(at) == [Test.MAIL]
        self.alarm.mail_sent(self.name, "<1@test>", at)


def test_a_long_silence_is_looked_into_and_nobody_hears_of_it() -> None:
    life = Life()
    due = life.alarm.next_due(NINE, life.since)
    assert due == NINE + timedelta(minutes=25)
    assert life.step(due - MINUTE) == []
    life.look(due)
    assert life.verdict() is None
    assert life.alarm.quiet_since() == {SUPPORT: NINE}
    # The next one counts from the look.
    assert life.alarm.next_due(due, life.since) == due + timedelta(minutes=25)


def test_while_a_look_runs_nothing_else_begins() -> None:
    life = Life()
    at = NINE + timedelta(minutes=30)
    assert life.step(at) == [Test.LOOK]
    assert life.step(at + timedelta(hours=5)) == []
    assert life.alarm.next_due(at, life.since) is None
    assert life.alarm.mail_asked(SUPPORT, at) == []


def test_where_little_comes_a_busy_hour_is_looked_into_after_a_while() -> None:
    life = Life(traffic=SLOW)
    assert life.alarm.next_due(NINE, life.since) == NINE + LOOK_AFTER


def test_the_founder_is_asked_once_of_a_rare_silence() -> None:
    life = Life()
    life.look(NINE + timedelta(minutes=59))
    at = NINE + timedelta(minutes=61)
    assert life.step(at) == []
    assert life.verdict() is Verdict.ASKED
    life.look(at + timedelta(minutes=30))
    assert life.verdict() is Verdict.ASKED
    assert life.step(at + timedelta(minutes=40)) == []


def test_something_that_comes_ends_the_silence_and_the_question() -> None:
    life = Life()
    life.look(NINE + timedelta(minutes=59))
    life.step(NINE + timedelta(minutes=61))
    life.alarm.came(SUPPORT, NINE + timedelta(minutes=62))
    assert life.verdict() is None
    assert life.alarm.next_due(NINE + timedelta(minutes=62), life.since) is not None
    # An older date changes nothing of when something came last.
    life.alarm.came(SUPPORT, NINE)
    assert life.alarm.quiet_since() == {SUPPORT: NINE + timedelta(minutes=62)}


@pytest.mark.parametrize(("days", "is_asked"), [(1, False), (7, False), (8, True)])
def test_the_next_question_is_more_than_a_week_away(days: int, is_asked: bool) -> None:
    life = Life()
    life.look(NINE + timedelta(minutes=59))
    life.step(NINE + timedelta(minutes=61))
    again = Life(store=life.store)
    later = NINE + timedelta(days=days)
    again.alarm.learned(SUPPORT, busy_until(later), later)
    again.look(later + timedelta(minutes=59))
    again.step(later + timedelta(minutes=70))
    assert (again.verdict() is Verdict.ASKED) == is_asked


def test_a_question_that_was_right_does_not_silence_the_next() -> None:
    life = Life()
    life.look(NINE + timedelta(minutes=59))
    at = NINE + timedelta(minutes=61)
    life.step(at)
    assert life.alarm.mail_asked(SUPPORT, at) == [Wish(source=SUPPORT, test=Test.MAIL)]
    life.alarm.mail_sent(SUPPORT, "<1@test>", at)
    assert life.alarm.mail_asked(SUPPORT, at) == []
    assert life.step(at + BACK_WITHIN) == [Test.SEARCH]
    life.alarm.searched(SUPPORT, "<1@test>", at + BACK_WITHIN, is_there=False)
    assert life.verdict() is Verdict.NOT_DELIVERED
    tomorrow = NINE + timedelta(days=1)
    life.alarm.came(SUPPORT, tomorrow)
    life.alarm.learned(SUPPORT, busy_until(tomorrow), tomorrow + timedelta(days=1))
    life.alarm.learned(SUPPORT, busy_until(tomorrow), tomorrow)
    life.look(tomorrow + timedelta(minutes=59))
    life.step(tomorrow + timedelta(minutes=61))
    assert life.verdict() is Verdict.ASKED


def test_a_mail_to_ourselves_comes_back_and_proves_that_customers_are_quiet() -> None:
    life = Life(SilenceCheck.MAIL)
    sent = NINE + timedelta(minutes=50)
    life.send(sent)
    assert life.alarm.next_due(sent, life.since) == sent + BACK_WITHIN
    assert life.alarm.awaited() == {SUPPORT}
    assert life.step(sent + MINUTE) == []
    life.alarm.mail_back(SUPPORT, "<1@test>", sent, sent + MINUTE)
    assert life.verdict() is Verdict.QUIET
    # It is a sign of life: the next test counts from it.
    life.look(sent + timedelta(minutes=40))
    assert life.step(sent + timedelta(minutes=43)) == []
    assert life.step(sent + timedelta(minutes=52)) == [Test.MAIL]


def test_an_old_one_that_is_heard_of_again_proves_nothing() -> None:
    life = Life(SilenceCheck.MAIL)
    sent = NINE + timedelta(minutes=50)
    life.send(sent)
    life.alarm.mail_back(SUPPORT, "<old@test>", sent - timedelta(days=3), sent + MINUTE)
    assert life.alarm.awaited() == {SUPPORT}
    assert life.alarm.findings() == {}
    # The one that is awaited may have the time of a server that is slow.
    life.alarm.mail_back(SUPPORT, "<1@test>", sent - timedelta(days=3), sent + MINUTE)
    assert life.verdict() is Verdict.QUIET


def test_one_that_does_not_come_back_is_looked_for() -> None:
    for is_there, verdict in ((True, Verdict.DEAF), (False, Verdict.NOT_DELIVERED)):
        life = Life(SilenceCheck.MAIL)
        sent = NINE + timedelta(minutes=50)
        life.send(sent)
        late = sent + BACK_WITHIN
        assert life.alarm.step(late, life.since) == [
            Wish(source=SUPPORT, test=Test.SEARCH, message_id="<1@test>")
        ]
        life.alarm.searched(SUPPORT, "<1@test>", late, is_there=is_there)
        assert life.verdict() is verdict
        life.alarm.searched(SUPPORT, "<1@test>", late, is_there=not is_there)
        assert life.verdict() is verdict
        # What comes late all the same is good news.
        life.alarm.mail_back(SUPPORT, "<1@test>", late, late + MINUTE)
        assert life.verdict() is Verdict.QUIET


@pytest.mark.parametrize("problem", [None, TROUBLE])
def test_a_customer_who_writes_during_a_search_leaves_nothing_deaf(problem: Problem | None) -> None:
    life = Life(SilenceCheck.MAIL)
    sent = NINE + timedelta(minutes=50)
    life.send(sent)
    late = sent + BACK_WITHIN
    assert life.step(late) == [Test.SEARCH]
    life.alarm.came(SUPPORT, late)
    # Nothing waits for that search any more, not even if it never ends.
    due = life.alarm.next_due(late, life.since)
    assert due is not None
    assert life.step(due) == [Test.LOOK]
    if problem is None:
        life.alarm.searched(SUPPORT, "<1@test>", due, is_there=False)
    else:
        life.alarm.not_searched(SUPPORT, "<1@test>", problem, due)
    assert life.verdict() is None
    # What came of it ends no look that has begun since.
    assert life.step(due + timedelta(hours=2)) == []
    life.alarm.looked(SUPPORT, Look(), due)
    assert life.alarm.mail_asked(SUPPORT, due) == [Wish(source=SUPPORT, test=Test.MAIL)]


def test_a_customer_who_writes_while_a_test_is_sent_does_not_end_it() -> None:
    life = Life(SilenceCheck.MAIL)
    assert life.alarm.mail_asked(SUPPORT, NINE)
    life.alarm.came(SUPPORT, NINE)
    assert life.alarm.mail_asked(SUPPORT, NINE) == []
    life.alarm.mail_sent(SUPPORT, "<1@test>", NINE)
    assert life.alarm.awaited() == {SUPPORT}


def test_switched_off_it_tells_nothing_any_more() -> None:
    life = Life()
    at = NINE + timedelta(minutes=30)
    life.look(at, Look(problem=TROUBLE))
    life.alarm.configure([MAIL], SilenceCheck.OFF)
    assert life.verdict() is None
    # On again it knows what it knew, and begins with a look.
    life.alarm.configure([MAIL], SilenceCheck.ASK)
    assert life.alarm.quiet_since() == {SUPPORT: NINE}
    assert life.step(at + timedelta(hours=2)) == [Test.LOOK]
    # One that ends only after it was switched off again tells nothing, too.
    life.alarm.configure([MAIL], SilenceCheck.OFF)
    life.alarm.looked(SUPPORT, Look(problem=TROUBLE), at + timedelta(hours=2))
    assert life.verdict() is None


def test_switched_off_it_waits_for_no_mail_but_for_one_that_is_wanted_since() -> None:
    life = Life(SilenceCheck.MAIL)
    sent = NINE + timedelta(minutes=50)
    life.send(sent)
    life.step(sent + BACK_WITHIN)
    life.alarm.configure([MAIL], SilenceCheck.OFF)
    assert life.alarm.awaited() == set()
    assert life.alarm.mail_asked(SUPPORT, sent) == [Wish(source=SUPPORT, test=Test.MAIL)]
    life.alarm.mail_sent(SUPPORT, "<2@test>", sent)
    life.alarm.configure([MAIL], SilenceCheck.OFF)
    assert life.alarm.awaited() == {SUPPORT}
    assert life.step(sent + BACK_WITHIN) == [Test.SEARCH]
    life.alarm.not_searched(SUPPORT, "<2@test>", TROUBLE, sent + BACK_WITHIN)
    assert life.verdict() is Verdict.UNREACHED


def test_a_server_that_cannot_be_searched_does_not_answer() -> None:
    life = Life(SilenceCheck.MAIL)
    sent = NINE + timedelta(minutes=50)
    life.send(sent)
    life.step(sent + BACK_WITHIN)
    life.alarm.not_searched(SUPPORT, "<1@test>", TROUBLE, sent + BACK_WITHIN)
    assert life.verdict() is Verdict.UNREACHED
    assert life.alarm.awaited() == set()
    life.alarm.not_searched(SUPPORT, "<1@test>", TROUBLE, sent + BACK_WITHIN)


def test_one_that_is_back_before_the_server_says_that_it_took_it_is_waited_for_no_more() -> None:
    life = Life(SilenceCheck.MAIL)
    at = NINE + timedelta(minutes=50)
    life.look(at - MINUTE)
    assert life.step(at) == [Test.MAIL]
    life.alarm.mail_back(SUPPORT, "<1@test>", at, at)
    life.alarm.mail_sent(SUPPORT, "<1@test>", at)
    assert life.alarm.awaited() == set()
    # The line may have been lost on its last word.
    life.alarm.mail_not_sent(SUPPORT, "<1@test>", TROUBLE, at)
    assert life.verdict() is Verdict.QUIET


def test_what_is_taken_away_for_another_computer_says_nothing_of_ours() -> None:
    life = Life(SilenceCheck.MAIL)
    sent = NINE + timedelta(minutes=50)
    life.send(sent)
    life.alarm.searched(SUPPORT, "<theirs@test>", sent, is_there=True)
    life.alarm.not_searched(SUPPORT, "<theirs@test>", TROUBLE, sent)
    assert life.alarm.awaited() == {SUPPORT}
    assert life.verdict() is None


def test_a_link_that_is_made_anew_is_not_the_one_that_was_found_dead() -> None:
    life = Life()
    at = NINE + timedelta(minutes=30)
    life.look(at, Look(is_alive=False))
    assert life.alarm.step(at, {}) == []
    assert life.verdict() is Verdict.DEAF
    life.alarm.step(at + MINUTE, {SUPPORT: at + MINUTE})
    assert life.verdict() is None


def test_one_that_could_not_be_sent_is_said() -> None:
    life = Life(SilenceCheck.MAIL)
    at = NINE + timedelta(minutes=50)
    life.look(at - MINUTE)
    assert life.step(at) == [Test.MAIL]
    life.alarm.mail_not_sent(SUPPORT, "<1@test>", TROUBLE, at)
    assert life.verdict() is Verdict.NOT_SENT


def test_not_more_than_some_mails_a_day() -> None:
    life = Life(SilenceCheck.MAIL)
    at, sent = NINE, 0
    for _ in range(150):
        at += 5 * MINUTE
        for test in life.step(at):
            if test is Test.LOOK:
                life.alarm.looked(SUPPORT, Look(), at)
            else:
                sent += 1
                life.alarm.mail_sent(SUPPORT, f"<{sent}@test>", at)
                life.alarm.mail_back(SUPPORT, f"<{sent}@test>", at, at)
    assert sent == 8


@pytest.mark.parametrize(
    ("look", "verdict"),
    [
        (Look(unheard=2), Verdict.DEAF),
        (Look(problem=TROUBLE), Verdict.UNREACHED),
    ],
)
def test_what_a_look_finds_lasts_until_one_finds_nothing(look: Look, verdict: Verdict) -> None:
    life = Life()
    at = NINE + timedelta(minutes=30)
    life.look(at, look)
    assert life.verdict() is verdict
    life.look(at + timedelta(minutes=30))
    assert life.verdict() is None


def test_a_phone_is_asked_about_later_and_what_it_did_not_hear_is_no_silence() -> None:
    life = Life(SilenceCheck.MAIL, ear=PHONE)
    life.since = {OFFICE: NINE + timedelta(hours=1)}
    heard = life.since[OFFICE]
    assert life.alarm.next_due(NINE, life.since) == heard + timedelta(minutes=25)
    life.look(heard + timedelta(minutes=60))
    life.step(heard + timedelta(minutes=84))
    assert life.verdict() is None
    life.step(heard + timedelta(minutes=85))
    life.alarm.looked(OFFICE, Look(), heard + timedelta(minutes=85))
    life.step(heard + timedelta(minutes=86))
    assert life.verdict() is Verdict.ASKED
    assert life.alarm.mail_asked(OFFICE, heard) == []


def test_nothing_is_tested_while_it_is_deaf_catches_up_or_nobody_wants_it() -> None:
    at = NINE + timedelta(hours=3)
    life = Life()
    assert life.alarm.step(at, {}) == []
    assert life.alarm.next_due(at, {}) is None
    just_now = {SUPPORT: at - MINUTE}
    assert life.alarm.step(at, just_now) == []
    assert life.alarm.next_due(at, just_now) == at - MINUTE + SETTLED_AFTER
    off = Life(SilenceCheck.OFF)
    assert off.step(at) == []
    assert off.alarm.next_due(at, off.since) is None
    unknown = Life(traffic=UsualTraffic())
    assert unknown.step(at) == []
    assert unknown.alarm.quiet_since() == {}


def test_with_nothing_ever_heard_there_is_no_silence() -> None:
    life = Life()
    fresh = SilenceAlarm(life.store, to_local)
    fresh.configure([MAIL], SilenceCheck.ASK)
    fresh.learned(SUPPORT, Habit(traffic=STEADY), NINE)
    assert fresh.step(NINE, life.since) == []
    fresh.looked(SUPPORT, Look(is_alive=False), NINE)
    assert fresh.findings()[SUPPORT].found.verdict is Verdict.DEAF


def test_days_off_are_quiet() -> None:
    life = Life()
    life.alarm.configure([MAIL], SilenceCheck.ASK, [date(2026, 9, 7)])
    due = life.alarm.next_due(NINE, life.since)
    assert due is not None
    assert due.date() == date(2026, 9, 8)


def test_a_slow_day_makes_a_silence_less_rare() -> None:
    life = Life()
    life.alarm.learned(SUPPORT, Habit(traffic=STEADY, newest=NINE, today=0), NINE)
    slow = SilenceAlarm(MemoryDeskStore(), to_local)
    slow.configure([MAIL], SilenceCheck.ASK)
    slow.learned(SUPPORT, Habit(traffic=STEADY, newest=NINE, today=0), NINE)
    assert life.alarm.next_due(NINE, life.since) == NINE + timedelta(minutes=25)
    assert slow.next_due(NINE, life.since) == NINE + LOOK_AFTER
    # The evening before says nothing of today.
    slow.learned(SUPPORT, Habit(traffic=STEADY, newest=NINE), NINE + timedelta(days=1))
    assert slow.next_due(NINE, life.since) == NINE + timedelta(minutes=25)


def test_other_settings_of_a_source_begin_anew_and_unknown_ones_are_left_alone() -> None:
    life = Life()
    life.alarm.configure([MAIL], SilenceCheck.ASK)
    assert life.alarm.quiet_since() == {SUPPORT: NINE}
    life.alarm.configure([PHONE], SilenceCheck.ASK)
    assert life.alarm.quiet_since() == {}
    for told in (
        lambda: life.alarm.came(SUPPORT, NINE),
        lambda: life.alarm.learned(SUPPORT, Habit(), NINE),
        lambda: life.alarm.looked(SUPPORT, Look(), NINE),
        lambda: life.alarm.mail_sent(SUPPORT, "<1@test>", NINE),
        lambda: life.alarm.mail_not_sent(SUPPORT, "<1@test>", TROUBLE, NINE),
        lambda: life.alarm.mail_back(SUPPORT, "<1@test>", NINE, NINE),
        lambda: life.alarm.searched(SUPPORT, "<1@test>", NINE, is_there=True),
        lambda: life.alarm.not_searched(SUPPORT, "<1@test>", TROUBLE, NINE),
        lambda: life.alarm.mail_asked(SUPPORT, NINE),
    ):
        told()
    assert life.alarm.findings() == {}


@pytest.mark.parametrize("check", [SilenceCheck.MAIL, SilenceCheck.ASK])
def test_a_month_of_a_small_company(check: SilenceCheck) -> None:
    """At most one false question a week; an hour of deafness is found within that hour.

    Broken delivery is found by a mail to ourselves: where the founder wants to be asked before,
    that has to wait for a silence that is worth the one question of a week.
    """
    month = SilentMonth(4, check).run()
    assert month.most_false_questions_a_week() <= 1
    assert month.false_alarms == []
    missed = [one.kind for one in month.deaf_hours if one.found_after is None]
    if check is SilenceCheck.MAIL:
        assert missed == []
    assert set(missed) <= {Deafness.DELIVERY}
