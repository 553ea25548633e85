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


def test_a_correction_that_cannot_be_is_refused() -> None:
    with pytest.raises(CorrectionRefused, match="needs a reason"):
        Desk(span("a")).hand.delete(span("a"), "  ", EVENING)
