from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from supportdesk.domain.calls import CallId
from supportdesk.domain.events import CallAnswered, CalleeAnswered, CallEnded
from supportdesk.domain.mail import MessageSummary
from supportdesk.domain.reading import Span, SpanKind
from supportdesk.domain.week import WeekId, week_of
from supportdesk.services.morning_scroll import (
    MorningScroll,
    ScrollPlace,
    came_at,
    seconds_read,
)
from tests.fakes.happenings import (
    OFFICE,
    T0,
    DeskRig,
    a_caller,
    a_member,
    a_message,
    after,
    an_answer,
    arrived,
    joined,
    missed,
)
from tests.fakes.scroll_store import MemoryScrollStore

MINUTE = 60.0
HOUR = 3600.0
DAY = 86_400.0


class Mornings:
    """A desk, and scrolls on it one after the other, as over restarts."""

    def __init__(self) -> None:
        self.rig = DeskRig().listen(a_member("Anna"))
        self.store = MemoryScrollStore()

    def mail(self, uid: int, at: float, *, who: str = "", is_robot: bool = False) -> MessageSummary:
        message = a_message(uid, at=after(at), who=who, is_robot=is_robot)
        self.rig.apply(arrived(message), at=max(self.rig.now, after(at)))
        return message

    def robot(self, uid: int, at: float) -> MessageSummary:
        return self.mail(uid, at, is_robot=True)

    def miss(self, call_id: str, at: float, number: str = "+420 111") -> None:
        self.rig.apply(missed(call_id, at=at, number=number, waited=30), at=after(at))

    def scroll(self, at: float) -> MorningScroll:
        desk = self.rig.desk
        self.rig.now = after(at)
        return MorningScroll(
            inbox=desk.inbox,
            history=desk.calls.history,
            people=desk.people,
            store=self.store,
            now=after(at),
        )

    def read(self, message: MessageSummary) -> None:
        self.rig.take(self.rig.desk.read(message.key, self.rig.now))


@pytest.fixture
def mornings() -> Mornings:
    return Mornings()


def keys(scroll: MorningScroll) -> list[str]:
    return [piece.key for piece in scroll.pieces]


def calls(scroll: MorningScroll) -> list[str]:
    return [key for key in keys(scroll) if key.startswith("call/")]


def test_mail_and_calls_come_oldest_first(mornings: Mornings) -> None:
    second = mornings.mail(2, 2 * MINUTE)
    mornings.miss("1", 3 * MINUTE)
    first = mornings.mail(1, MINUTE)
    scroll = mornings.scroll(HOUR)
    assert keys(scroll) == [first.key, second.key, "call/Office/1"]
    assert [came_at(piece) for piece in scroll.pieces] == [
        after(MINUTE),
        after(2 * MINUTE),
        after(3 * MINUTE),
    ]
    assert scroll.piece(first.key) == first
    assert scroll.piece("mail/Support/<nobody>") is None
    assert scroll.since == after(HOUR - DAY)


def test_machines_are_left_out_and_counted_and_what_we_wrote_is_no_news(
    mornings: Mornings,
) -> None:
    robot = mornings.robot(1, MINUTE)
    question = mornings.mail(2, 2 * MINUTE)
    mornings.rig.apply(arrived(an_answer(9, question, at=after(3 * MINUTE))))
    other = mornings.robot(3, 4 * MINUTE)
    scroll = mornings.scroll(HOUR)
    assert keys(scroll) == [question.key]
    assert scroll.left_out == (robot, other)


def test_a_call_belongs_to_it_once_it_is_over_and_what_we_dialled_does_not(
    mornings: Mornings,
) -> None:
    rig = mornings.rig
    rig.apply(joined(a_caller("1", at=after(0))), at=after(0))
    rig.apply(
        CalleeAnswered(
            phone=OFFICE,
            call_id=CallId("out"),
            number="+420 999",
            by="Anna",
            by_interface="PJSIP/Anna",
            at=after(MINUTE),
        )
    )
    rig.apply(_ended("out", MINUTE))
    assert calls(mornings.scroll(2 * MINUTE)) == []
    rig.apply(_answered("1", 3 * MINUTE), at=after(3 * MINUTE))
    assert calls(mornings.scroll(4 * MINUTE)) == []
    rig.apply(_ended("1", 6 * MINUTE), at=after(9 * MINUTE))
    scroll = mornings.scroll(10 * MINUTE)
    assert calls(scroll) == ["call/Office/1"]
    assert [came_at(piece) for piece in scroll.pieces] == [after(9 * MINUTE)]


def _answered(call_id: str, held: float) -> CallAnswered:
    return CallAnswered(
        phone=OFFICE,
        call_id=CallId(call_id),
        number="+420111222333",
        name="Pavel Kiss",
        queue="support",
        by="Anna",
        by_interface="PJSIP/Anna",
        hold_seconds=held,
        at=after(held),
    )


def _ended(call_id: str, talked: float) -> CallEnded:
    return CallEnded(phone=OFFICE, call_id=CallId(call_id), talk_seconds=talked, at=after(talked))


def test_calls_of_earlier_runs_are_read_as_far_back_as_they_are_needed(mornings: Mornings) -> None:
    history = mornings.rig.desk.calls.history
    mornings.miss("1", MINUTE)
    assert calls(mornings.scroll(HOUR)) == ["call/Office/1"]
    assert history.is_whole
    old = replace(history.calls()[0], call_id=CallId("0"), started_at=T0 - timedelta(days=90))
    history.put(old)
    assert calls(mornings.scroll(HOUR)) == ["call/Office/1"]


def test_people_are_counted_once_by_address_number_or_card(mornings: Mornings) -> None:
    first = mornings.mail(1, MINUTE)
    mornings.mail(2, 2 * MINUTE, who="Customer 1")
    mornings.miss("1", 3 * MINUTE)
    mornings.miss("2", 4 * MINUTE, number="")
    mornings.miss("3", 5 * MINUTE, number="")
    assert mornings.scroll(HOUR).people == 4
    mornings.rig.join(first.sender, "+420 111")
    assert mornings.scroll(HOUR).people == 3


def test_it_goes_on_at_its_place_after_a_restart_with_what_came_since_at_its_end(
    mornings: Mornings,
) -> None:
    first, second, third = (mornings.mail(uid, uid * MINUTE) for uid in (1, 2, 3))
    scroll = mornings.scroll(HOUR)
    assert (scroll.place, scroll.passed_over) == ("", ())
    scroll.came_to(first.key)
    scroll.saw([first.key])
    mornings.read(first)
    scroll.came_to(second.key)
    scroll.came_to(second.key)
    last = mornings.mail(4, 2 * HOUR)
    again = mornings.scroll(3 * HOUR)
    assert keys(again) == [first.key, second.key, third.key, last.key]
    assert again.place == second.key
    assert not again.passed_over
    assert not again.is_at_end
    again.came_to(last.key)
    again.saw([last.key])
    assert again.passed_over == (second, third)
    again.came_to_end(after(3 * HOUR))
    assert again.passed_over == (second, third)
    mornings.mail(5, 4 * HOUR)
    again.look()
    assert again.passed_over == (second, third)


def test_a_place_that_has_left_is_the_beginning(mornings: Mornings) -> None:
    first = mornings.mail(1, MINUTE)
    mornings.scroll(HOUR).came_to("mail/Support/<gone>")
    scroll = mornings.scroll(HOUR)
    assert (scroll.place, scroll.pieces) == ("", (first,))


def test_the_next_one_begins_where_the_last_one_ended_once_there_is_something_new(
    mornings: Mornings,
) -> None:
    first = mornings.mail(1, MINUTE)
    scroll = mornings.scroll(HOUR)
    scroll.came_to(first.key)
    mornings.read(first)
    scroll.saw([first.key])
    scroll.came_to_end(after(HOUR))
    scroll.came_to_end(after(2 * HOUR))
    a_day_ago = after(HOUR - DAY)
    ended = ScrollPlace(since=a_day_ago, until=after(HOUR), earliest=a_day_ago)
    assert mornings.store.place == ended
    again = mornings.scroll(3 * HOUR)
    assert (keys(again), again.is_at_end, again.passed_over) == ([first.key], True, ())
    second = mornings.mail(2, 4 * HOUR)
    new = mornings.scroll(5 * HOUR)
    assert (keys(new), new.is_at_end, new.since) == ([second.key], False, after(HOUR))


def test_going_back_from_the_end_takes_it_up_again(mornings: Mornings) -> None:
    first = mornings.mail(1, MINUTE)
    scroll = mornings.scroll(HOUR)
    scroll.came_to(first.key)
    scroll.came_to_end(after(HOUR))
    assert scroll.is_at_end
    scroll.came_to(first.key)
    since = after(HOUR - DAY)
    assert mornings.store.place == ScrollPlace(since=since, place=first.key, earliest=since)
    assert mornings.scroll(2 * HOUR).place == first.key


def test_what_comes_while_it_is_on_show_joins_at_the_end(mornings: Mornings) -> None:
    late = mornings.mail(2, 2 * MINUTE)
    scroll = mornings.scroll(HOUR)
    assert not scroll.look()
    early = mornings.mail(1, MINUTE)
    robot = mornings.robot(3, 3 * MINUTE)
    assert scroll.look()
    assert keys(scroll) == [late.key, early.key]
    assert scroll.left_out == (robot,)
    assert not scroll.look()


def test_what_a_deaf_night_told_too_late_belongs_to_the_next_one(mornings: Mornings) -> None:
    first = mornings.mail(1, MINUTE)
    scroll = mornings.scroll(HOUR)
    mornings.read(first)
    scroll.came_to_end(after(HOUR))
    late = mornings.mail(2, HOUR - 20 * MINUTE)
    mornings.mail(3, -8 * DAY)
    news = mornings.mail(4, 2 * HOUR)
    after_it = mornings.scroll(3 * HOUR)
    assert keys(after_it) == [late.key, news.key]
    assert after_it.since == after(HOUR - 20 * MINUTE)


def test_the_first_one_looks_back_a_day_and_no_further(mornings: Mornings) -> None:
    mornings.mail(1, -2 * DAY)
    news = mornings.mail(2, 0)
    assert keys(mornings.scroll(HOUR)) == [news.key]


def test_the_first_day_stays_one_day_however_often_it_is_opened(mornings: Mornings) -> None:
    old = [mornings.mail(uid, -uid * DAY) for uid in range(2, 6)]
    news = mornings.mail(1, 0)
    mornings.scroll(HOUR).came_to(news.key)
    again = mornings.scroll(2 * HOUR)
    assert (keys(again), again.since) == ([news.key], after(HOUR - DAY))
    mornings.read(news)
    again.came_to_end(after(2 * HOUR))
    assert mornings.scroll(3 * HOUR).is_at_end
    last = mornings.mail(9, 4 * HOUR)
    assert keys(mornings.scroll(5 * HOUR)) == [last.key]
    assert all(mornings.rig.desk.inbox.is_unread(one.key) for one in old)


def test_a_place_that_does_not_say_how_far_the_first_looked_reaches_back_a_week(
    mornings: Mornings,
) -> None:
    mornings.mail(1, -8 * DAY)
    late = mornings.mail(2, -2 * DAY)
    mornings.store.place = ScrollPlace(since=after(0))
    assert keys(mornings.scroll(HOUR)) == [late.key]


def test_what_was_told_late_before_the_place_is_seen_before_the_end(
    mornings: Mornings,
) -> None:
    first, second = mornings.mail(1, MINUTE), mornings.mail(3, 3 * MINUTE)
    scroll = mornings.scroll(HOUR)
    mornings.read(first)
    scroll.came_to(second.key)
    late = mornings.mail(2, 2 * MINUTE)
    again = mornings.scroll(2 * HOUR)
    assert keys(again) == [first.key, second.key, late.key]
    assert (again.place, again.passed_over) == (second.key, ())
    mornings.read(second)
    again.came_to(late.key)
    assert again.place == late.key
    unread = mornings.scroll(3 * HOUR)
    assert (keys(unread), unread.place) == ([first.key, second.key, late.key], second.key)
    unread.came_to(late.key)
    mornings.read(late)
    done = mornings.scroll(4 * HOUR)
    assert keys(done) == [first.key, late.key, second.key]
    assert (done.place, done.passed_over) == (second.key, ())


def test_who_goes_back_from_the_end_to_what_was_told_late_has_seen_the_others(
    mornings: Mornings,
) -> None:
    first, second = mornings.mail(1, MINUTE), mornings.mail(3, 3 * MINUTE)
    mornings.scroll(HOUR).came_to(second.key)
    mornings.read(first)
    mornings.read(second)
    late = mornings.mail(2, 2 * MINUTE)
    again = mornings.scroll(2 * HOUR)
    again.came_to_end(after(2 * HOUR))
    again.came_to(late.key)
    assert (again.place, again.is_at_end) == (late.key, False)
    assert mornings.store.place is not None
    assert mornings.store.place.place == second.key
    again.came_to_end(after(3 * HOUR))
    again.forget([first.key, second.key])
    again.came_to(late.key)
    assert (again.place, mornings.store.place.place) == (late.key, "")


def test_who_is_forgotten_is_in_it_no_more(mornings: Mornings) -> None:
    first, robot = mornings.mail(1, MINUTE), mornings.robot(2, MINUTE)
    scroll = mornings.scroll(HOUR)
    scroll.forget([first.key, robot.key, "mail/Support/<nobody>"])
    assert (scroll.pieces, scroll.left_out) == ((), ())


def test_a_full_disk_takes_the_place_of_this_run_alone(mornings: Mornings) -> None:
    first = mornings.mail(1, MINUTE)
    scroll = mornings.scroll(HOUR)
    mornings.store.is_full = True
    scroll.came_to(first.key)
    assert scroll.place == first.key
    assert scroll.problem is not None
    assert scroll.problem.title == "The disk is full"


def test_what_is_counted_for_it_is_the_reading_of_its_mail() -> None:
    talk = replace(_span("4", "a", 100), kind=SpanKind.TALK)
    at_the_same_time = replace(_span("3", "a", 8), started_at=_begun("1"))
    spans = [_span("1", "a", 30), _span("2", "b", 12), at_the_same_time, talk]
    week = week_of(spans, WeekId.containing(T0.date()), goal_minutes=30.0)
    assert seconds_read([week], {"a", "b"}) == 42
    assert seconds_read([week], {"b"}) == 12
    assert seconds_read([], {"b"}) == 0


def _span(span_id: str, item: str, seconds: float) -> Span:
    return Span(
        span_id=span_id,
        kind=SpanKind.READ,
        item=item,
        label="",
        started_at=_begun(span_id),
        utc_offset=timedelta(),
        counted_seconds=seconds,
    )


def _begun(span_id: str) -> datetime:
    return after(int(span_id) * 200)
