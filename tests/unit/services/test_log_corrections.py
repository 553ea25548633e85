from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from supportdesk.domain.reading import DroppedTime, DropRule, Edit, Span, SpanKind
from supportdesk.domain.week import Week
from supportdesk.services.log_corrections import CorrectionRefused, LogCorrections
from supportdesk.services.reading_log import ReadingLog, ReadingRules
from tests.fakes.stores import MemoryDeskStore

PRAGUE = ZoneInfo("Europe/Prague")
NOON = datetime(2026, 11, 18, 11, 0, tzinfo=UTC)
EVENING = NOON + timedelta(hours=8)
LOCKED = DroppedTime(rule=DropRule.LOCKED, seconds=10.0)


def span(span_id: str, started_at: datetime = NOON, counted: float = 60.0) -> Span:
    return Span(
        span_id=span_id,
        kind=SpanKind.READ,
        item="mail/Support/<1@x>",
        label="Ingrid Solheim",
        started_at=started_at,
        utc_offset=timedelta(hours=1),
        counted_seconds=counted,
        dropped=(LOCKED,),
        clock="run-1",
    )


class Desk:
    """A log over a store, and the hand that corrects it."""

    def __init__(self, *spans: Span) -> None:
        self.store = MemoryDeskStore()
        self.entropy = iter(range(10**6)).__next__
        self.start_again()
        self.log.record(spans)

    def start_again(self) -> None:
        """A new process over the same store."""
        self.log = ReadingLog(
            store=self.store, rules=ReadingRules(), to_local=lambda at: at.astimezone(PRAGUE)
        )
        self.hand = LogCorrections(
            self.log, self.store, lambda at: at.astimezone(PRAGUE), self.entropy
        )

    def week(self, day: date = date(2026, 11, 18)) -> Week:
        return self.log.week(self.log.week_on(day))


def dropped_by_hand(seconds: float) -> DroppedTime:
    return DroppedTime(rule=DropRule.BY_HAND, seconds=seconds)


class TestLength:
    def test_cutting_keeps_the_original_and_says_what_was_taken_off(self) -> None:
        desk = Desk(span("a"))
        act = desk.hand.set_length(desk.store.spans["a"], 20.0, " phone\nrang ", EVENING)
        (cut,) = act.spans
        assert (act.edit, act.words) == (Edit.CUT, "Cut to 0:20: phone rang")
        assert (cut.corrects, cut.edit, cut.act) == ("a", Edit.CUT, act.key)
        assert cut.dropped == (dropped_by_hand(40.0), LOCKED)
        assert desk.store.spans["a"] == span("a")
        assert desk.week().read_seconds == 20.0

    def test_what_is_longer_takes_from_what_was_dropped_first(self) -> None:
        desk = Desk(span("a"))
        act = desk.hand.set_length(span("a"), 64.0, "was there", EVENING)
        (longer,) = act.spans
        assert (act.edit, act.words) == (Edit.LENGTHENED, "Lengthened to 1:04: was there")
        assert longer.dropped == (replace(LOCKED, seconds=6.0),)
        assert desk.hand.set_length(span("a"), 90.0, "so", EVENING).spans[0].dropped == ()
        assert desk.week().read_seconds == 90.0

    def test_set_back_by_hand_it_is_what_it_was(self) -> None:
        desk = Desk(span("a"))
        desk.hand.set_length(span("a"), 20.0, "less", EVENING)
        (back,) = desk.hand.set_length(span("a"), 60.0, "no", EVENING).spans
        assert (back.counted_seconds, back.dropped, back.clock) == (60.0, (LOCKED,), "run-1")

    @pytest.mark.parametrize(("seconds", "clock"), [(20.0, "run-1"), (90.0, "")])
    def test_what_a_hand_has_lengthened_no_clock_saw(self, seconds: float, clock: str) -> None:
        desk = Desk(span("a"))
        assert desk.hand.set_length(span("a"), seconds, "so", EVENING).spans[0].clock == clock


class TestAdding:
    def test_time_that_no_clock_saw(self) -> None:
        desk = Desk()
        in_july = datetime(2026, 7, 1, 10, 0, tzinfo=UTC)
        act = desk.hand.add(
            SpanKind.TALK, "", "Pavel\u202e Kiss", in_july, 600.0, "at their bakery", EVENING
        )
        (added,) = act.spans
        assert (act.edit, act.words) == (Edit.ADDED, "Added 10:00 on Wed 1 Jul: at their bakery")
        assert (added.label, added.utc_offset, added.clock) == (
            "Pavel Kiss",
            timedelta(hours=2),
            "",
        )
        assert added.is_by_hand
        assert desk.week(date(2026, 7, 1)).talk_seconds == 600.0

    def test_somebody_is_named(self) -> None:
        act = Desk().hand.add(SpanKind.READ, "", " ", NOON, 3720.0, "on paper", EVENING)
        assert act.spans[0].label == "Entered by hand"
        assert act.words == "Added 1:02:00: on paper"

    def test_what_lies_over_other_spans_counts_once_and_is_said(self) -> None:
        desk = Desk(span("a", counted=300.0))
        at = NOON + timedelta(seconds=200)
        act = desk.hand.add(SpanKind.TALK, "", "Pavel", at, 600.0, "met them", EVENING)
        assert act.words == (
            "Added 10:00: met them; 1:40 of it overlap what is there and count once"
        )
        assert desk.week().counted_seconds == 800.0

    def test_what_only_touches_another_is_no_overlap(self) -> None:
        desk = Desk(span("a", counted=60.0))
        at = NOON + timedelta(seconds=60)
        assert "overlap" not in (
            desk.hand.add(SpanKind.READ, "", "x", at, 60.0, "so", EVENING).words
        )

    def test_what_raises_has_written_nothing(self) -> None:
        desk = Desk(span("a"))
        rows = dict(desk.store.spans)

        def broken(start: datetime, end: datetime) -> list[Span]:
            raise OverflowError(start, end)

        desk.store.spans_between = broken  # type: ignore[method-assign]
        with pytest.raises(OverflowError):
            desk.hand.add(SpanKind.TALK, "", "Pavel", NOON, 60.0, "met", EVENING)
        assert desk.store.spans == rows

    def test_what_stands_before_any_log_can_be_deleted(self) -> None:
        """An earlier version let it in."""
        old = span("a", datetime(1, 1, 1, 9, 0, tzinfo=UTC))
        assert Desk(old).hand.delete(old, "typed wrongly", EVENING).edit is Edit.DELETED


class TestMoving:
    def test_two_rows_are_one_act(self) -> None:
        desk = Desk(span("a"))
        in_july = datetime(2026, 7, 1, 10, 0, tzinfo=UTC)
        act = desk.hand.move(span("a"), in_july, "wrong day", EVENING)
        left, moved = act.spans
        assert (act.edit, act.words) == (Edit.MOVED, "Moved to Wed 1 Jul 11:00: wrong day")
        assert (left.corrects, left.counted_seconds) == ("a", 0.0)
        assert left.dropped == (dropped_by_hand(60.0), LOCKED)
        assert (moved.corrects, moved.counted_seconds, moved.dropped) == ("", 60.0, ())
        # By the clock of where it was.
        assert (moved.utc_offset, moved.clock) == (timedelta(hours=1), "")
        assert {left.act, moved.act} == {act.key}
        assert {left.edit, moved.edit} == {Edit.MOVED}
        assert desk.week().read_seconds == 0
        assert desk.week(date(2026, 7, 1)).read_seconds == 60.0

    def test_it_is_taken_back_as_one(self) -> None:
        desk = Desk(span("a"))
        before = desk.week()
        act = desk.hand.move(span("a"), NOON - timedelta(hours=1), "too late", EVENING)
        undone = desk.hand.undo(EVENING)
        assert undone is not None
        assert undone.words == "Taken back: moved to Wed 18 Nov 11:00: too late"
        assert (undone.key, undone.edit) == (act.key, Edit.UNDONE)
        back, gone = undone.spans
        assert (back.counted_seconds, back.dropped, back.clock) == (60.0, (LOCKED,), "run-1")
        assert (gone.counted_seconds, gone.dropped) == (0.0, ())
        assert desk.week() == before


class TestDeleting:
    def test_it_counts_nothing_and_says_what_it_was(self) -> None:
        desk = Desk(span("a"))
        act = desk.hand.delete(span("a"), "it only lay open", EVENING)
        (deleted,) = act.spans
        assert (act.edit, act.words) == (Edit.DELETED, "Deleted: it only lay open")
        assert deleted.dropped == (dropped_by_hand(60.0), LOCKED)
        assert desk.week().read_seconds == 0.0
        assert desk.week().dropped_seconds == 70.0

    def test_what_was_cut_before_stays_one_line(self) -> None:
        desk = Desk(span("a"))
        desk.hand.set_length(span("a"), 20.0, "less", EVENING)
        (deleted,) = desk.hand.delete(span("a"), "nothing", EVENING).spans
        assert deleted.dropped == (dropped_by_hand(60.0), LOCKED)


class TestTakingBack:
    def test_act_by_act_also_after_a_restart(self) -> None:
        desk = Desk(span("a"))
        weeks = [desk.week()]
        desk.hand.set_length(span("a"), 20.0, "less", EVENING)
        weeks.append(desk.week())
        desk.hand.add(SpanKind.TALK, "", "Pavel", NOON, 5.0, "met", EVENING)
        weeks.append(desk.week())
        desk.hand.delete(span("a"), "nothing", EVENING)
        for words in ("Deleted: nothing", "Added 0:05: met", "Cut to 0:20: less"):
            desk.start_again()
            known = desk.hand.undoable(EVENING)
            assert known is not None
            assert known.words == words
            undone = desk.hand.undo(EVENING)
            assert undone is not None
            assert undone.words == f"Taken back: {words[0].lower()}{words[1:]}"
            assert desk.week() == weeks.pop()
        assert desk.hand.undo(EVENING) is None
        assert desk.hand.undoable(EVENING) is None
        assert desk.log.week(desk.log.week_at(EVENING)) == Desk(span("a")).week()

    def test_many_that_were_taken_back_already_are_passed_over(self) -> None:
        desk = Desk(span("a"))
        desk.hand.set_length(span("a"), 20.0, "the first", EVENING)
        for _ in range(30):
            desk.hand.delete(span("a"), "no", EVENING)
            desk.hand.undo(EVENING)
        known = desk.hand.undoable(EVENING)
        assert known is not None
        assert known.words == "Cut to 0:20: the first"

    def test_an_act_of_another_day_says_which(self) -> None:
        desk = Desk(span("a"))
        desk.hand.delete(span("a"), "no", EVENING)
        known = desk.hand.undoable(EVENING + timedelta(days=2))
        assert known is not None
        assert known.words == "Deleted: no (Wed 18 Nov 20:00)"

    def test_an_act_that_another_program_named_is_taken_back_too(self) -> None:
        desk = Desk(span("a"))
        desk.store.append_act(
            [replace(span("b", counted=5.0), corrects="a", edit=None, act="by their tool")]
        )
        known = desk.hand.undoable(EVENING)
        assert known is not None
        assert (known.edit, known.words) == (Edit.CUT, "Deleted")
        desk.hand.undo(EVENING)
        assert desk.week().read_seconds == 60.0

    def test_an_act_of_a_year_that_no_calendar_has(self) -> None:
        desk = Desk(span("a"))
        act = "ffffffff-ffff-7fff-bfff-ffffffffffff"
        desk.store.append_act(
            [replace(span("b", counted=5.0), corrects="a", edit=Edit.CUT, reason="so", act=act)]
        )
        desk.hand.add(SpanKind.TALK, "", "P", NOON, 5.0, "met", EVENING)
        known = desk.hand.undoable(EVENING)
        assert known is not None
        assert known.words == "Cut to 0:05: so"

    def test_a_clock_set_back_does_not_change_the_order(self) -> None:
        desk = Desk(span("a"))
        desk.hand.set_length(span("a"), 20.0, "less", EVENING)
        desk.hand.set_length(span("a"), 10.0, "still less", EVENING - timedelta(hours=1))
        desk.hand.undo(EVENING - timedelta(hours=1))
        assert desk.week().read_seconds == 20.0


class TestHistory:
    def test_the_original_first(self) -> None:
        desk = Desk(span("a"))
        assert desk.hand.history_of(span("a")) == (span("a"),)
        (cut,) = desk.hand.set_length(span("a"), 20.0, "less", EVENING).spans
        (deleted,) = desk.hand.delete(cut, "nothing", EVENING).spans
        assert desk.hand.history_of(deleted) == (span("a"), cut, deleted)
        undone = desk.hand.undo(EVENING)
        assert undone is not None
        assert desk.hand.history_of(cut) == (span("a"), cut, deleted, *undone.spans)

    def test_what_was_moved_twice_comes_from_its_first_place(self) -> None:
        desk = Desk(span("a"))
        (cut,) = desk.hand.set_length(span("a"), 20.0, "less", EVENING).spans
        earlier = NOON - timedelta(hours=1)
        _, first = desk.hand.move(cut, earlier, "too late", EVENING).spans
        _, second = desk.hand.move(first, earlier - timedelta(days=1), "a day", EVENING).spans
        assert desk.hand.history_of(second) == (span("a"), cut, first, second)

    def test_an_addition_has_no_original(self) -> None:
        desk = Desk()
        (added,) = desk.hand.add(SpanKind.TALK, "", "Pavel", NOON, 5.0, "met", EVENING).spans
        assert desk.hand.history_of(added) == (added,)

    def test_half_a_move_and_a_ring_of_moves_end_somewhere(self) -> None:
        """Out of a damaged import."""
        half = replace(span("m"), edit=Edit.MOVED, act="1")
        assert Desk(half).hand.history_of(half) == (half,)
        left = replace(span("x"), corrects="m", edit=Edit.MOVED, act="1")
        desk = Desk(half, left)
        assert desk.hand.history_of(half) == (half, half, left)

    def test_what_is_not_in_the_log_stands_for_itself(self) -> None:
        assert Desk().hand.history_of(span("a")) == (span("a"),)


class TestWhileItGrows:
    """The reading clock hands out further states of a span that a hand has corrected."""

    def grown(self, counted: float, locked: float = 0.0) -> Span:
        dropped = (replace(LOCKED, seconds=locked),) if locked else ()
        return replace(span("a", counted=counted), dropped=dropped)

    def test_what_follows_is_a_span_of_its_own(self) -> None:
        desk = Desk(self.grown(60.0))
        desk.hand.set_length(span("a"), 20.0, "phone rang", EVENING)
        desk.log.record([self.grown(60.0)])
        assert desk.week().read_seconds == 20.0
        desk.log.record([self.grown(62.5)])
        desk.log.record([self.grown(70.0, locked=30.0)])
        week = desk.week()
        assert (week.read_seconds, week.dropped_seconds) == (30.0, 70.0)
        assert [part.starts_at for part in week.days[2].parts] == [
            NOON,
            NOON + timedelta(seconds=60),
        ]

    def test_that_one_can_be_corrected_while_it_grows_too(self) -> None:
        desk = Desk(self.grown(60.0))
        desk.hand.delete(span("a"), "no", EVENING)
        desk.log.record([self.grown(70.0)])
        (rest,) = desk.store.spans_between(NOON + timedelta(seconds=60), EVENING)
        desk.hand.delete(rest, "no", EVENING)
        desk.log.record([self.grown(90.0)])
        assert desk.week().read_seconds == 20.0
        desk.hand.undo(EVENING)
        desk.hand.undo(EVENING)
        assert desk.week().read_seconds == 90.0


def test_ids_of_one_moment_are_apart() -> None:
    desk = Desk()
    hand = LogCorrections(desk.log, desk.store, lambda at: at)
    ids = {
        hand.add(SpanKind.READ, "", "x", NOON, 1.0, "y", EVENING).spans[0].span_id
        for _ in range(50)
    }
    assert len(ids) == 50


# --- what cannot be ----------------------------------------------------------------------------


class TestRefused:
    def refused(self, act: Callable[[LogCorrections], object], *spans: Span) -> str:
        desk = Desk(*spans)
        rows = dict(desk.store.spans)
        with pytest.raises(CorrectionRefused) as caught:
            act(desk.hand)
        assert desk.store.spans == rows
        assert caught.value.is_for_founder
        return str(caught.value)

    def adding(self, seconds: float, started_at: datetime = NOON, reason: str = "met") -> str:
        return self.refused(
            lambda hand: hand.add(SpanKind.TALK, "", "P", started_at, seconds, reason, EVENING)
        )

    @pytest.mark.parametrize("reason", ["", "  ", "\n\u200b"])
    def test_without_a_reason(self, reason: str) -> None:
        sentence = (
            "A correction needs a reason. Write a few words, so that the log explains itself."
        )
        later = NOON + timedelta(hours=1)
        assert self.adding(60.0, reason=reason) == sentence
        one = span("a")
        for act in (
            lambda hand: hand.set_length(one, 5.0, reason, EVENING),
            lambda hand: hand.move(one, later, reason, EVENING),
            lambda hand: hand.delete(one, reason, EVENING),
        ):
            assert self.refused(act, one) == sentence

    @pytest.mark.parametrize("seconds", [-1.0, 24 * 3600.0 + 1.0, float("nan"), float("inf")])
    def test_a_length_that_cannot_be(self, seconds: float) -> None:
        sentence = (
            "That is not a length of time with a customer."
            " Enter something between nothing and 24 hours."
        )
        assert self.adding(seconds) == sentence
        one = span("a")
        act = lambda hand: hand.set_length(one, seconds, "so", EVENING)  # noqa: E731
        assert self.refused(act, one) == sentence

    def test_nothing_to_add(self) -> None:
        assert self.adding(0.0) == (
            "There is no time to add. Enter how long you were with the customer."
        )

    def test_in_the_future(self) -> None:
        sentence = (
            "That begins in the future. It is Wed 18 Nov 20:00 now: enter a start before that."
        )
        later = EVENING + timedelta(minutes=1)
        assert self.adding(1.0, later) == sentence
        one = span("a")
        assert self.refused(lambda hand: hand.move(one, later, "so", EVENING), one) == sentence

    def test_before_any_log(self) -> None:
        sentence = "That cannot be: it began in the year 1. Enter a day of 2000 or later."
        for hour in (0, 9):
            assert self.adding(60.0, datetime(1, 1, 1, hour, tzinfo=UTC)) == sentence

    def test_times_are_told_by_the_clock_of_the_span(self) -> None:
        one = replace(span("a"), utc_offset=timedelta(hours=-8))
        later = EVENING + timedelta(minutes=1)
        assert self.refused(lambda hand: hand.move(one, later, "so", EVENING), one) == (
            "That begins in the future. It is Wed 18 Nov 11:00 by the clock there, UTC−8 now:"
            " enter a start before that."
        )
        act = lambda hand: hand.set_length(one, 80_000.0, "so", EVENING)  # noqa: E731
        assert "From Wed 18 Nov 03:00 by the clock there, UTC−8 until" in self.refused(act, one)

    def test_longer_than_from_its_start_to_now(self) -> None:
        at = EVENING - timedelta(seconds=90)
        sentence = (
            "1:40 is longer than it can have been. From Wed 18 Nov 19:58 until now there are"
            " 1:30: enter that or less."
        )
        assert self.adding(100.0, at) == sentence
        one = span("a", at)
        act = lambda hand: hand.set_length(one, 100.0, "so", EVENING)  # noqa: E731
        assert self.refused(act, one) == sentence
        long = span("a", counted=100.0)
        assert self.refused(lambda hand: hand.move(long, at, "so", EVENING), long) == sentence

    def test_what_a_clock_that_was_set_back_saw_can_be_cut(self) -> None:
        one = span("a", EVENING + timedelta(hours=1))
        assert Desk(one).hand.set_length(one, 30.0, "so", EVENING).edit is Edit.CUT

    def test_no_change(self) -> None:
        one = span("a", counted=60.4)
        assert (
            self.refused(lambda hand: hand.set_length(one, 60.0, "so", EVENING), one)
            == "It says 1:00 already. Enter another length, or leave it as it is."
        )
        assert self.refused(lambda hand: hand.move(one, NOON, "so", EVENING), one) == (
            "It begins on Wed 18 Nov 12:00 already. Enter another start, or leave it where it is."
        )

    def test_nothing_that_counts(self) -> None:
        robot = span("a", counted=0.0)
        sentence = "Nothing of it counts already. There are no minutes in it to move or to delete."
        assert self.refused(lambda hand: hand.delete(robot, "so", EVENING), robot) == sentence

    def test_what_is_gone(self) -> None:
        sentence = (
            "That time is not in the log any more."
            " It was taken back or deleted meanwhile; look at the day again."
        )
        assert self.refused(lambda hand: hand.delete(span("a"), "so", EVENING)) == sentence
        desk = Desk()
        (added,) = desk.hand.add(SpanKind.TALK, "", "P", NOON, 5.0, "met", EVENING).spans
        desk.hand.undo(EVENING)
        with pytest.raises(CorrectionRefused, match="not in the log any more"):
            desk.hand.set_length(added, 3.0, "so", EVENING)
