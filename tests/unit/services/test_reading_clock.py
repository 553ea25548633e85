from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from supportdesk.domain.reading import LEFT_SECONDS, DropRule, Moment, Span, SpanKind, visit_cap
from supportdesk.domain.week import WeekId, week_of
from supportdesk.services.reading_clock import ReadingClock, ReadMessage
from supportdesk.services.reading_run import PERSIST_SECONDS

NINE = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
LETTER = ReadMessage(key="mail/Support/<1@x>", label="Ingrid: Order sheet twice?", words=220)
NOTE = ReadMessage(key="mail/Support/<2@x>", label="Pavel: thanks")
ROBOT = ReadMessage(key="mail/Support/<3@x>", label="Mill notice", words=220, is_robot=True)
LETTER_CAP = 140.0
NOTE_CAP = 20.0


class Founder:
    """Reads, leaves and comes back; keeps what a store would hold after each call."""

    def __init__(self) -> None:
        self.clock = ReadingClock(entropy=iter(range(10**6)).__next__)
        self.wall = 0.0
        self.monotonic = 1000.0
        self.boot = 5000.0
        self.stored: dict[str, Span] = {}
        self.writes = 0

    def moment(self) -> Moment:
        return Moment(
            now=NINE + timedelta(seconds=self.wall),
            monotonic_seconds=self.monotonic,
            boot_seconds=self.boot,
            utc_offset=timedelta(hours=1),
        )

    def _keep(self, spans: tuple[Span, ...]) -> None:
        for span in spans:
            self.writes += 1
            known = self.stored.get(span.span_id)
            assert known is None or span.counted_seconds >= known.counted_seconds
            self.stored[span.span_id] = span

    def opens(self, message: ReadMessage) -> None:
        self._keep(self.clock.opened(message, self.moment()))

    def closes(self) -> None:
        self._keep(self.clock.closed(self.moment()))

    def comes_to_the_front(self) -> None:
        self._keep(self.clock.attention(None, self.moment()))

    def loses(self, why: DropRule) -> None:
        self._keep(self.clock.attention(why, self.moment()))

    def scrolls(self) -> None:
        self._keep(self.clock.activity(self.moment()))

    def types(self, item: str = "mail/Support/<1@x>") -> None:
        self._keep(self.clock.typed(item, "Reply to Ingrid", self.moment()))

    def sends(self) -> None:
        self._keep(self.clock.reply_closed(self.moment()))

    def passes(self, seconds: float) -> None:
        """Time without a beat."""
        self.wall += seconds
        self.monotonic += seconds
        self.boot += seconds

    def beats(self) -> None:
        self._keep(self.clock.beat(self.moment()))

    def waits(self, seconds: float, step: float = 1.0) -> None:
        """Time with a timer that runs only while the clock wants it."""
        end = self.monotonic + seconds
        while self.monotonic + step <= end + 1e-9:
            self.passes(step)
            if self.clock.wants_beats:
                self.beats()
        self.passes(max(0.0, end - self.monotonic))

    def sleeps(self, seconds: float) -> None:
        """The computer does, on Linux: the monotonic clock stands still."""
        self.wall += seconds
        self.boot += seconds

    @property
    def spans(self) -> list[Span]:
        return list(self.stored.values())

    @property
    def counted(self) -> float:
        return sum(span.counted_seconds for span in self.stored.values())

    @property
    def label(self) -> str:
        return self.clock.state().label

    def dropped(self) -> dict[DropRule, float]:
        sums: dict[DropRule, float] = {}
        for span in self.stored.values():
            for time in span.dropped:
                sums[time.rule] = sums.get(time.rule, 0.0) + time.seconds
        return sums


@pytest.fixture
def founder() -> Founder:
    """At the desk, with the window in front and nothing open."""
    founder = Founder()
    founder.comes_to_the_front()
    return founder


class TestReading:
    def test_a_message_in_front_counts_hands_off(self, founder: Founder) -> None:
        founder.opens(LETTER)
        founder.waits(60)
        founder.closes()
        (span,) = founder.spans
        assert span.counted_seconds == 60.0
        assert span.dropped == ()
        assert (span.kind, span.item, span.label) == (SpanKind.READ, LETTER.key, LETTER.label)
        assert (span.started_at, span.utc_offset) == (NINE, timedelta(hours=1))

    def test_seconds_after_the_last_beat_count_when_the_founder_moves_on(
        self, founder: Founder
    ) -> None:
        founder.opens(LETTER)
        founder.waits(60.7)
        founder.opens(NOTE)
        assert founder.counted == 60.7

    def test_two_messages_are_two_spans(self, founder: Founder) -> None:
        founder.opens(LETTER)
        founder.waits(30)
        founder.opens(NOTE)
        founder.waits(10)
        founder.closes()
        assert [(span.item, span.counted_seconds) for span in founder.spans] == [
            (LETTER.key, 30.0),
            (NOTE.key, 10.0),
        ]

    def test_nothing_open_is_nothing_counted(self, founder: Founder) -> None:
        assert not founder.clock.wants_beats
        assert founder.label == ""
        founder.beats()
        founder.closes()
        founder.scrolls()
        founder.sends()
        assert founder.spans == []

    def test_before_the_window_is_known_to_be_in_front_nothing_counts(self) -> None:
        founder = Founder()
        founder.opens(LETTER)
        assert founder.label == "window not in front"
        assert not founder.clock.wants_beats
        founder.waits(30)
        founder.closes()
        assert founder.counted == 0
        assert founder.dropped() == {DropRule.NOT_IN_FRONT: 30.0}


class TestSkimming:
    def test_skimming_through_earns_nothing(self, founder: Founder) -> None:
        for number in range(20):
            founder.opens(ReadMessage(key=f"mail/Support/<{number}@x>", label="", words=300))
            founder.waits(2)
        founder.closes()
        assert founder.counted == 0
        assert founder.dropped() == {DropRule.SKIMMED: 40.0}

    def test_three_seconds_are_still_skimming(self, founder: Founder) -> None:
        founder.opens(LETTER)
        founder.waits(3)
        assert founder.label == "first 3 s are free"
        assert founder.clock.wants_beats
        founder.closes()
        assert founder.counted == 0

    def test_staying_gives_them_back(self, founder: Founder) -> None:
        founder.opens(LETTER)
        founder.waits(4)
        assert founder.label == "counting 0:04"
        assert founder.counted == 4.0

    def test_a_glance_is_not_worth_a_line(self, founder: Founder) -> None:
        founder.opens(LETTER)
        founder.passes(0.4)
        founder.closes()
        assert founder.spans == []

    def test_they_are_free_once_a_visit(self, founder: Founder) -> None:
        founder.opens(LETTER)
        founder.waits(10)
        founder.loses(DropRule.NOT_IN_FRONT)
        founder.waits(5)
        founder.comes_to_the_front()
        founder.waits(2)
        founder.closes()
        assert founder.counted == 12.0

    def test_a_skim_cut_short_says_both_rules(self, founder: Founder) -> None:
        founder.opens(LETTER)
        founder.waits(2)
        founder.loses(DropRule.LOCKED)
        founder.waits(60)
        founder.closes()
        assert founder.dropped() == {DropRule.SKIMMED: 2.0, DropRule.LOCKED: 60.0}


class TestTheCap:
    def test_a_visit_earns_no_more_than_its_cap(self, founder: Founder) -> None:
        founder.opens(LETTER)
        founder.waits(3600)
        assert founder.label == "full for this mail, 2:20"
        assert not founder.clock.wants_beats
        founder.closes()
        (span,) = founder.spans
        assert span.counted_seconds == LETTER_CAP
        assert founder.dropped() == {DropRule.CAPPED: LEFT_SECONDS}

    def test_the_cap_falls_between_beats(self, founder: Founder) -> None:
        founder.opens(NOTE)
        founder.waits(30, step=0.7)
        founder.closes()
        assert founder.counted == NOTE_CAP
        assert founder.dropped()[DropRule.CAPPED] == pytest.approx(10.0, abs=0.01)

    def test_what_was_earned_is_written_when_it_is_full(self, founder: Founder) -> None:
        founder.opens(NOTE)
        founder.waits(25)
        assert founder.counted == NOTE_CAP

    def test_a_scroll_past_it_is_worth_30_s_more(self, founder: Founder) -> None:
        founder.opens(NOTE)
        founder.waits(60)
        founder.scrolls()
        assert founder.label == "counting 0:20"
        founder.waits(100)
        founder.closes()
        assert [span.counted_seconds for span in founder.spans] == [NOTE_CAP, 30.0]
        assert founder.dropped() == {DropRule.CAPPED: 40.0 + 70.0}

    def test_scrolling_on_never_adds_up(self, founder: Founder) -> None:
        founder.opens(NOTE)
        founder.waits(20)
        for _ in range(10):
            founder.scrolls()
        founder.waits(10)
        founder.scrolls()
        founder.waits(100)
        founder.closes()
        assert founder.counted == NOTE_CAP + 40.0

    def test_a_scroll_before_it_changes_nothing(self, founder: Founder) -> None:
        founder.opens(NOTE)
        founder.waits(19)
        founder.scrolls()
        founder.waits(60)
        founder.closes()
        assert founder.counted == NOTE_CAP

    def test_a_scroll_out_of_sight_changes_nothing(self, founder: Founder) -> None:
        founder.opens(NOTE)
        founder.waits(20)
        founder.loses(DropRule.NOT_IN_FRONT)
        founder.scrolls()
        founder.comes_to_the_front()
        founder.waits(60)
        founder.closes()
        assert founder.counted == NOTE_CAP

    def test_time_away_does_not_use_it_up(self, founder: Founder) -> None:
        founder.opens(NOTE)
        founder.waits(10)
        founder.loses(DropRule.NOT_IN_FRONT)
        founder.waits(600)
        founder.comes_to_the_front()
        founder.waits(60)
        founder.closes()
        assert founder.counted == NOTE_CAP

    def test_full_and_then_away_says_both(self, founder: Founder) -> None:
        founder.opens(NOTE)
        founder.waits(30)
        founder.loses(DropRule.LOCKED)
        assert founder.label == "locked"
        founder.waits(60)
        founder.comes_to_the_front()
        assert founder.label == "full for this mail, 0:20"
        founder.closes()
        assert founder.dropped() == {DropRule.CAPPED: 10.0, DropRule.LOCKED: 60.0}

    def test_the_text_that_comes_later_raises_it(self, founder: Founder) -> None:
        founder.opens(ReadMessage(key=LETTER.key, label=LETTER.label))
        founder.waits(30)
        assert founder.label == "full for this mail, 0:20"
        founder.opens(LETTER)
        assert founder.label == "counting 0:20"
        founder.waits(300)
        founder.closes()
        assert founder.counted == LETTER_CAP


class TestOpenedAgain:
    @pytest.mark.parametrize("pause", [0.0, 10.0, 60.0])
    def test_within_60_s_of_its_cap_it_earns_nothing_more(
        self, founder: Founder, pause: float
    ) -> None:
        founder.opens(NOTE)
        founder.waits(25)
        founder.closes()
        founder.waits(pause)
        founder.opens(NOTE)
        assert founder.label == "full for this mail, 0:20"
        founder.waits(100)
        founder.scrolls()
        founder.waits(100)
        founder.opens(ReadMessage(key=NOTE.key, label=NOTE.label, words=500))
        founder.waits(100)
        founder.closes()
        assert founder.counted == NOTE_CAP

    def test_flicking_back_and_forth_does_not_wear_the_rule_out(self, founder: Founder) -> None:
        for _ in range(20):
            founder.opens(NOTE)
            founder.waits(40)
            founder.closes()
            founder.waits(30)
        assert founder.counted == NOTE_CAP

    def test_later_it_is_a_new_visit(self, founder: Founder) -> None:
        founder.opens(NOTE)
        founder.waits(25)
        founder.closes()
        founder.waits(61)
        founder.opens(NOTE)
        founder.waits(25)
        founder.closes()
        assert founder.counted == 2 * NOTE_CAP

    def test_sleep_is_time_too(self, founder: Founder) -> None:
        founder.opens(NOTE)
        founder.waits(25)
        founder.closes()
        founder.sleeps(3600)
        founder.opens(NOTE)
        assert founder.label == "first 3 s are free"

    def test_a_message_that_was_not_full_goes_on_earning(self, founder: Founder) -> None:
        founder.opens(LETTER)
        founder.waits(100)
        founder.opens(NOTE)
        founder.waits(10)
        founder.opens(LETTER)
        founder.waits(30)
        founder.closes()
        assert founder.counted == 140.0

    def test_old_marks_are_forgotten(self, founder: Founder) -> None:
        for number in range(5):
            founder.opens(ReadMessage(key=f"mail/Support/<{number}@x>", label=""))
            founder.waits(25)
            founder.closes()
            founder.waits(100)
        assert founder.counted == 100.0


class TestRobots:
    def test_mail_by_a_machine_earns_nothing_and_costs_no_wakeups(self, founder: Founder) -> None:
        founder.opens(ROBOT)
        assert founder.label == "robot, not counted"
        assert not founder.clock.wants_beats
        founder.waits(20)
        founder.scrolls()
        founder.waits(20)
        founder.closes()
        assert founder.counted == 0
        assert founder.dropped() == {DropRule.ROBOT: 40.0}

    def test_out_of_sight_it_is_not_the_robot_s_fault(self, founder: Founder) -> None:
        founder.opens(ROBOT)
        founder.waits(5)
        founder.loses(DropRule.NOT_IN_FRONT)
        founder.waits(100)
        founder.closes()
        assert founder.dropped() == {DropRule.ROBOT: 5.0, DropRule.NOT_IN_FRONT: 100.0}

    def test_a_sender_set_right_counts_at_once(self, founder: Founder) -> None:
        founder.opens(ROBOT)
        founder.waits(20)
        founder.opens(ReadMessage(key=ROBOT.key, label=ROBOT.label, words=220))
        founder.waits(10)
        founder.closes()
        assert founder.counted == 10.0


class TestOutOfSight:
    @pytest.mark.parametrize(
        ("why", "label"),
        [
            (DropRule.NOT_IN_FRONT, "window not in front"),
            (DropRule.LOCKED, "locked"),
            (DropRule.ASLEEP, "asleep"),
            (DropRule.CLOCK_JUMPED, "the clock jumped"),
        ],
    )
    def test_it_ends_the_span_at_the_last_beat(
        self, founder: Founder, why: DropRule, label: str
    ) -> None:
        founder.opens(LETTER)
        founder.waits(48)
        founder.passes(0.8)
        founder.loses(why)
        assert founder.label == label
        assert not founder.clock.wants_beats
        founder.passes(129.2)
        founder.closes()
        assert founder.counted == 48.0
        assert founder.dropped() == {why: pytest.approx(130.0)}

    def test_coming_back_begins_a_new_span(self, founder: Founder) -> None:
        founder.opens(LETTER)
        founder.waits(10)
        founder.loses(DropRule.NOT_IN_FRONT)
        founder.waits(100)
        founder.comes_to_the_front()
        founder.comes_to_the_front()
        founder.waits(10)
        founder.closes()
        first, second = founder.spans
        assert (first.counted_seconds, second.counted_seconds) == (10.0, 10.0)
        assert second.started_at == NINE + timedelta(seconds=110)

    def test_who_leaves_a_mail_open_for_days_has_left_after_ten_minutes(
        self, founder: Founder
    ) -> None:
        founder.opens(LETTER)
        founder.waits(10)
        founder.loses(DropRule.NOT_IN_FRONT)
        founder.passes(400)
        founder.loses(DropRule.LOCKED)
        founder.passes(5 * 86400)
        founder.loses(DropRule.NOT_IN_FRONT)
        founder.passes(86400)
        founder.comes_to_the_front()
        founder.waits(10)
        founder.closes()
        assert founder.counted == 20.0
        assert founder.dropped() == {DropRule.NOT_IN_FRONT: 400.0, DropRule.LOCKED: 200.0}

    def test_one_reason_after_another(self, founder: Founder) -> None:
        founder.opens(LETTER)
        founder.waits(10)
        founder.loses(DropRule.NOT_IN_FRONT)
        founder.waits(5)
        founder.loses(DropRule.LOCKED)
        founder.waits(7)
        founder.closes()
        assert founder.dropped() == {DropRule.NOT_IN_FRONT: 5.0, DropRule.LOCKED: 7.0}


class TestSleepAndClocks:
    def test_eight_hours_of_sleep_in_mid_mail_add_nothing(self, founder: Founder) -> None:
        founder.opens(LETTER)
        founder.waits(30)
        founder.sleeps(8 * 3600)
        founder.passes(0.5)
        founder.beats()
        assert founder.counted == 30.0
        assert founder.dropped() == {DropRule.ASLEEP: LEFT_SECONDS}

    def test_the_same_where_the_monotonic_clock_runs_on(self, founder: Founder) -> None:
        founder.opens(LETTER)
        founder.waits(30)
        founder.passes(8 * 3600)
        founder.beats()
        assert founder.counted == 30.0
        assert founder.dropped() == {DropRule.ASLEEP: LEFT_SECONDS}

    def test_sleep_within_the_first_seconds(self, founder: Founder) -> None:
        founder.opens(LETTER)
        founder.waits(2)
        founder.sleeps(300)
        founder.beats()
        assert founder.dropped() == {DropRule.SKIMMED: 2.0, DropRule.ASLEEP: 300.0}

    def test_after_it_the_visit_goes_on_in_a_new_span(self, founder: Founder) -> None:
        founder.opens(NOTE)
        founder.waits(10)
        founder.passes(11)
        founder.beats()
        founder.waits(100)
        founder.closes()
        assert [span.counted_seconds for span in founder.spans] == [10.0, 10.0]
        assert founder.spans[1].started_at == NINE + timedelta(seconds=21)

    def test_closing_after_sleep_ends_at_the_last_beat_as_well(self, founder: Founder) -> None:
        founder.opens(LETTER)
        founder.waits(30)
        founder.sleeps(3600)
        founder.closes()
        assert founder.counted == 30.0

    def test_the_system_told_before_it_slept(self, founder: Founder) -> None:
        founder.opens(LETTER)
        founder.waits(30)
        founder.loses(DropRule.ASLEEP)
        founder.sleeps(300)
        founder.comes_to_the_front()
        founder.waits(5)
        founder.closes()
        assert founder.counted == 35.0
        assert founder.dropped() == {DropRule.ASLEEP: 300.0}

    @pytest.mark.parametrize("jump", [-3600.0, 5.0, 3600.0])
    def test_a_clock_that_is_set_loses_one_beat(self, founder: Founder, jump: float) -> None:
        founder.opens(LETTER)
        founder.waits(10)
        founder.wall += jump
        founder.waits(10)
        founder.closes()
        assert founder.counted == 19.0
        assert founder.dropped() == {DropRule.CLOCK_JUMPED: 1.0}
        assert founder.spans[1].started_at == NINE + timedelta(seconds=11 + jump)

    def test_a_clock_set_back_loses_no_minute_in_the_week(self, founder: Founder) -> None:
        founder.opens(ReadMessage(key=LETTER.key, label="", words=2000))
        founder.waits(140)
        founder.wall -= 60
        founder.waits(60)
        founder.closes()
        week = week_of(founder.spans, WeekId.parse("2026-W47"), goal_minutes=30.0)
        assert week.counted_seconds == founder.counted == 199.0
        assert len({span.clock for span in founder.spans}) == 1

    def test_two_runs_of_the_clock_have_names_of_their_own(self) -> None:
        names = set()
        for _ in range(2):
            founder = Founder()
            founder.clock = ReadingClock()
            founder.comes_to_the_front()
            founder.opens(LETTER)
            founder.waits(10)
            founder.closes()
            names |= {span.clock for span in founder.spans}
        assert len(names) == 2

    def test_a_summer_time_change_is_no_jump(self, founder: Founder) -> None:
        founder.opens(LETTER)
        founder.waits(60)  # UTC has no summer time; only the offset of the next span differs
        founder.closes()
        assert founder.counted == 60.0


class TestReplies:
    def test_two_keystrokes_beat_for_30_s_each(self, founder: Founder) -> None:
        founder.types()
        founder.waits(24)
        founder.types()
        founder.waits(100)
        (span,) = founder.spans
        assert (span.kind, span.counted_seconds, span.dropped) == (SpanKind.REPLY, 54.0, ())
        assert not founder.clock.wants_beats

    def test_sending_ends_it(self, founder: Founder) -> None:
        founder.types()
        founder.waits(5)
        assert founder.label == "counting 0:05"
        founder.sends()
        founder.waits(30)
        assert founder.counted == 5.0

    def test_it_counts_in_place_of_reading_and_reading_goes_on_after_it(
        self, founder: Founder
    ) -> None:
        founder.opens(LETTER)
        founder.waits(10)
        founder.types()
        founder.waits(20)
        founder.sends()
        founder.waits(10)
        founder.closes()
        assert [(span.kind, span.counted_seconds) for span in founder.spans] == [
            (SpanKind.READ, 10.0),
            (SpanKind.REPLY, 20.0),
            (SpanKind.READ, 10.0),
        ]

    def test_it_counts_whichever_window_is_in_front(self, founder: Founder) -> None:
        founder.opens(LETTER)
        founder.waits(10)
        founder.types()
        founder.loses(DropRule.NOT_IN_FRONT)
        founder.waits(100)
        founder.closes()
        assert founder.counted == 10.0 + 30.0

    @pytest.mark.parametrize("why", [DropRule.LOCKED, DropRule.ASLEEP])
    def test_lock_and_sleep_end_it_at_the_last_beat(self, founder: Founder, why: DropRule) -> None:
        founder.types()
        founder.waits(10)
        founder.passes(0.9)
        founder.loses(why)
        founder.waits(100)
        assert founder.counted == 10.0

    def test_a_gap_ends_it_at_the_last_beat(self, founder: Founder) -> None:
        founder.types()
        founder.waits(10)
        founder.sleeps(3600)
        founder.beats()
        assert founder.counted == 10.0
        assert not founder.clock.wants_beats

    def test_another_reply_is_another_span(self, founder: Founder) -> None:
        founder.types("mail/Support/<1@x>")
        founder.waits(10)
        founder.types("mail/Support/<2@x>")
        founder.waits(10)
        founder.sends()
        assert [span.counted_seconds for span in founder.spans] == [10.0, 10.0]

    def test_moving_to_another_message_while_writing(self, founder: Founder) -> None:
        founder.opens(LETTER)
        founder.types()
        founder.waits(10)
        founder.opens(NOTE)
        founder.waits(5)
        founder.sends()
        founder.waits(10)
        founder.closes()
        assert [(span.kind, span.item, span.counted_seconds) for span in founder.spans] == [
            (SpanKind.REPLY, LETTER.key, 15.0),
            (SpanKind.READ, NOTE.key, 10.0),
        ]


class TestWhatItSays:
    def test_counting_names_its_limit(self, founder: Founder) -> None:
        founder.opens(LETTER)
        founder.waits(72)
        state = founder.clock.state()
        assert state.is_counting
        assert state.label == "counting 1:12"
        assert state.why == "This mail counts until about 2:20."

    def test_writing_names_its_rule(self, founder: Founder) -> None:
        founder.types()
        assert founder.clock.state().why == "Each key counts for 30 s of writing."

    def test_each_pause_names_its_reason(self, founder: Founder) -> None:
        def why() -> str:
            state = founder.clock.state()
            assert not state.is_counting
            return state.why

        founder.opens(NOTE)
        assert why() == "They are given back once you stay with this mail."
        founder.waits(20)
        assert why() == "A scroll or a selection counts 30 s more."
        founder.opens(ROBOT)
        assert why() == "Mail sent by a machine earns nothing."
        founder.opens(NOTE)
        assert why() == "It was full less than a minute ago; opening it again earns nothing more."
        founder.loses(DropRule.LOCKED)
        assert why() == "Only what is in front of you counts."
        assert founder.clock.state().rule is DropRule.LOCKED


class TestWriting:
    def test_kill_minus_nine_loses_at_most_five_seconds(self, founder: Founder) -> None:
        founder.opens(LETTER)
        for second in range(1, 141):
            founder.waits(1.05, step=1.05)
            read = min(second * 1.05, LETTER_CAP)
            assert read - founder.counted <= 4.3

    def test_it_does_not_write_each_second(self, founder: Founder) -> None:
        founder.opens(LETTER)
        founder.waits(120)
        assert founder.writes <= 120 / PERSIST_SECONDS + 2

    def test_a_real_clock_gives_real_ids(self) -> None:
        clock = ReadingClock()
        founder = Founder()
        founder.clock = clock
        founder.comes_to_the_front()
        founder.opens(LETTER)
        founder.waits(10)
        founder.opens(NOTE)
        founder.waits(10)
        founder.closes()
        first, second = founder.spans
        assert first.span_id < second.span_id


# --- any behaviour at all ------------------------------------------------------------------------

MESSAGES = (LETTER, NOTE, ROBOT)
WHY_NOT = (DropRule.NOT_IN_FRONT, DropRule.LOCKED, DropRule.ASLEEP)


class AnyFounder(RuleBasedStateMachine):
    """Whatever happens: never more than the rules, the wall clock and the truth allow."""

    def __init__(self) -> None:
        super().__init__()
        self.founder = Founder()
        self.true_elapsed = 0.0
        self.in_front_and_awake = 0.0
        self.is_in_front = False
        self.is_writing = False
        self.visits: dict[str, int] = {}
        self.grants: dict[str, int] = {}
        self.open_key = ""
        self.keys_typed = 0

    @rule(message=st.sampled_from(MESSAGES))
    def opens(self, message: ReadMessage) -> None:
        if message.key != self.open_key:
            self.visits[message.key] = self.visits.get(message.key, 0) + 1
            self.open_key = message.key
        self.founder.opens(message)

    @rule()
    def closes(self) -> None:
        self.open_key = ""
        self.founder.closes()

    @rule()
    def comes_to_the_front(self) -> None:
        self.is_in_front = True
        self.founder.comes_to_the_front()

    @rule(why=st.sampled_from(WHY_NOT))
    def leaves(self, why: DropRule) -> None:
        self.is_in_front = False
        self.founder.loses(why)

    @precondition(lambda self: self.open_key)
    @rule()
    def scrolls(self) -> None:
        self.grants[self.open_key] = self.grants.get(self.open_key, 0) + 1
        self.founder.scrolls()

    @rule()
    def types(self) -> None:
        self.keys_typed += 1
        self.founder.types()

    @rule()
    def sends(self) -> None:
        self.founder.sends()

    @rule(seconds=st.floats(0.0, 90.0), step=st.sampled_from([0.95, 1.0, 1.05]))
    def waits(self, seconds: float, step: float) -> None:
        self.true_elapsed += seconds
        if self.is_in_front:
            self.in_front_and_awake += seconds
        self.founder.waits(seconds, step)

    @rule(seconds=st.floats(11.0, 40_000.0))
    def computer_sleeps(self, seconds: float) -> None:
        self.founder.sleeps(seconds)
        self.founder.beats()

    @rule(jump=st.floats(-7200.0, 7200.0))
    def clock_is_set(self, jump: float) -> None:
        self.founder.wall += jump

    @invariant()
    def counted_never_exceeds_the_time_that_passed(self) -> None:
        assert self.founder.counted <= self.true_elapsed + 1e-6

    @invariant()
    def reading_never_exceeds_the_time_in_front(self) -> None:
        reading = sum(s.counted_seconds for s in self.founder.spans if s.kind is SpanKind.READ)
        assert reading <= self.in_front_and_awake + 1e-6

    @invariant()
    def reading_never_exceeds_its_cap_and_its_scrolls(self) -> None:
        for message in MESSAGES:
            counted = sum(
                span.counted_seconds
                for span in self.founder.spans
                if span.item == message.key and span.kind is SpanKind.READ
            )
            cap = 0.0 if message.is_robot else visit_cap(message.words, message.images)
            scrolled = 0.0 if message.is_robot else 30.0 * self.grants.get(message.key, 0)
            assert counted <= cap * self.visits.get(message.key, 0) + scrolled + 1e-6

    @invariant()
    def writing_never_exceeds_30_s_a_key(self) -> None:
        writing = sum(s.counted_seconds for s in self.founder.spans if s.kind is SpanKind.REPLY)
        assert writing <= 30.0 * self.keys_typed + 1e-6

    @invariant()
    def a_timer_runs_only_while_something_may_count(self) -> None:
        state = self.founder.clock.state()
        is_warming_up = state.label == "first 3 s are free"
        assert self.founder.clock.wants_beats == (state.is_counting or is_warming_up)

    @invariant()
    def seconds_are_never_negative(self) -> None:
        for span in self.founder.spans:
            assert span.counted_seconds >= 0
            assert all(time.seconds >= 0 for time in span.dropped)
            assert span.dropped_seconds <= LEFT_SECONDS + 1e-6


TestAnyFounder = AnyFounder.TestCase
TestAnyFounder.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)


@settings(max_examples=50, deadline=None)
@given(beats=st.lists(st.floats(0.2, 9.9), min_size=1, max_size=60), words=st.integers(0, 2000))
def test_uneven_beats_count_what_passed_up_to_the_cap(beats: list[float], words: int) -> None:
    founder = Founder()
    founder.comes_to_the_front()
    founder.opens(ReadMessage(key=LETTER.key, label="", words=words))
    for pause in beats:
        founder.passes(pause)
        founder.beats()
    founder.closes()
    passed = sum(beats)
    expected = 0.0 if passed <= 3.0 else min(passed, visit_cap(words, 0))
    assert founder.counted == pytest.approx(expected, abs=0.01)
