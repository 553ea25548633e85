"""Any corrections in any order, on one machine and on two: nothing is lost, and all come back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import fsum
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.domain.reading import DroppedTime, DropRule, Edit, Span, SpanKind
from supportdesk.domain.span_chains import SpanChain, effective
from supportdesk.domain.week import Week, WeekId, weeks_of
from supportdesk.services.log_corrections import CorrectionRefused, LogAct, LogCorrections
from supportdesk.services.reading_log import ReadingLog, ReadingRules
from tests.fakes.stores import MemoryDeskStore

PRAGUE = ZoneInfo("Europe/Prague")
MONDAY = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
WEEKS = [WeekId.parse(f"2026-W{number}") for number in (45, 46, 47, 48)]
RULES = (DropRule.LOCKED, DropRule.CAPPED, DropRule.NOT_IN_FRONT, DropRule.BY_HAND)


def to_prague(at: datetime) -> datetime:
    return at.astimezone(PRAGUE)


class Machine:
    """A desk with its log; programs are started anew over the same store."""

    def __init__(self, rows: Iterable[Span], ids_from: int = 0) -> None:
        self.store = MemoryDeskStore()
        self.store.spans = {row.span_id: row for row in rows}
        self._entropy = iter(range(ids_from, ids_from + 10**6)).__next__
        self.start_again()

    def start_again(self) -> None:
        self.log = ReadingLog(store=self.store, rules=ReadingRules(), to_local=to_prague)
        self.hand = LogCorrections(self.log, self.store, to_prague, self._entropy)

    @property
    def rows(self) -> dict[str, Span]:
        return self.store.spans

    @property
    def holding(self) -> list[Span]:
        return effective(self.rows.values())

    @property
    def minutes(self) -> float:
        return fsum(span.counted_seconds for span in self.holding)

    def undo_all(self) -> int:
        count = 0
        while self.hand.undo(NOW) is not None:
            count += 1
        return count


def weeks_from(rows: Iterable[Span]) -> list[Week]:
    return weeks_of(rows, WEEKS, goal_minutes=30.0)


@dataclass(frozen=True)
class Deed:
    """One thing that a hand tries; `which` is one of the spans that hold then."""

    name: str
    which: int = 0
    seconds: int = 0

    def on(self, machine: Machine, now: datetime) -> LogAct | None:
        """None where it is refused, or there is nothing to do it to."""
        try:
            return self._done(machine, now)
        except CorrectionRefused:
            return None

    def _done(self, machine: Machine, now: datetime) -> LogAct | None:
        hand = machine.hand
        start = MONDAY + timedelta(seconds=self.seconds * 37)
        if self.name == "undo":
            return hand.undo(now)
        if self.name == "add":
            return hand.add(
                SpanKind.TALK, "call/1", "Pavel", start, self.seconds % 4000, "met them", now
            )
        spans = machine.holding
        if not spans:
            return None
        span = spans[self.which % len(spans)]
        if self.name == "move":
            return hand.move(span, start, "wrong hour", now)
        if self.name == "delete":
            return hand.delete(span, "not me", now)
        return hand.set_length(span, self.seconds % 4000, "as it was", now)


NAMES = ("add", "length", "length", "move", "delete", "undo")
deeds = st.lists(
    st.builds(
        Deed,
        name=st.sampled_from(NAMES),
        which=st.integers(0, 9),
        seconds=st.integers(0, 16_000),
    ),
    max_size=9,
)


@st.composite
def logs(draw: st.DrawFn) -> list[Span]:
    """What clocks and phones saw of a week, also over midnights, also at the same time."""
    starts = draw(st.lists(st.integers(0, 6 * 86_400), max_size=5))
    spans = []
    for number, start in enumerate(starts):
        dropped = draw(
            st.lists(
                st.builds(
                    DroppedTime,
                    rule=st.sampled_from(RULES),
                    seconds=st.integers(1, 2000).map(lambda value: value / 4),
                ),
                max_size=2,
                unique_by=lambda lost: lost.rule,
            )
        )
        spans.append(
            Span(
                span_id=f"span-{number}",
                kind=draw(st.sampled_from(SpanKind)),
                item=f"mail/{number}",
                label="Ingrid",
                started_at=MONDAY + timedelta(seconds=start),
                utc_offset=timedelta(hours=1),
                counted_seconds=draw(st.integers(0, 16_000)) / 4,
                dropped=tuple(dropped),
                clock=draw(st.sampled_from(["", "run-1"])),
            )
        )
    return spans


@given(logs(), deeds)
def test_every_act_is_taken_back_to_what_was_there_before(
    spans: list[Span], tried: list[Deed]
) -> None:
    machine = Machine(spans)
    before: list[list[Week]] = []
    now = NOW
    for deed in tried:
        was = weeks_from(machine.rows.values())
        act = deed.on(machine, now)
        if deed.name == "undo":
            assert (act is None) is (not before)
            if act is not None:
                assert weeks_from(machine.rows.values()) == before.pop()
        elif act is not None:
            before.append(was)
        machine.start_again()
        now += timedelta(minutes=1 if deed.which % 3 else -30)  # the clock was set back
    while before:
        act = machine.hand.undoable(now)
        undone = machine.hand.undo(now)
        assert act is not None
        assert undone is not None
        assert undone.key == act.key
        assert weeks_from(machine.rows.values()) == before.pop()
    assert machine.hand.undo(now) is None
    assert weeks_from(machine.rows.values()) == weeks_from(spans)


@given(logs(), deeds)
def test_rows_are_only_added_and_chains_never_fork(spans: list[Span], tried: list[Deed]) -> None:
    machine = Machine(spans)
    for deed in tried:
        known = dict(machine.rows)
        act = deed.on(machine, NOW)
        assert {name: machine.rows[name] for name in known} == known
        added = [row for name, row in machine.rows.items() if name not in known]
        assert added == list(act.spans if act else ())
        assert all(row.act and row.edit for row in added)
    followed = [row.corrects for row in machine.rows.values() if row.corrects]
    assert len(followed) == len(set(followed))
    starts = {name: row.started_at for name, row in machine.rows.items()}
    assert all(
        starts[one] == row.started_at for row in machine.rows.values() if (one := row.corrects)
    )


@given(logs(), deeds)
def test_minutes_change_by_what_the_words_say(spans: list[Span], tried: list[Deed]) -> None:
    machine = Machine(spans)
    for deed in tried:
        was, held = machine.minutes, {span.span_id: span for span in machine.holding}
        act = deed.on(machine, NOW)
        match act.edit if act else None:
            case Edit.MOVED | None:
                changed = 0.0
            case Edit.ADDED:
                changed = float(deed.seconds % 4000)
            case Edit.UNDONE:
                continue
            case _:
                assert act is not None
                (row,) = act.spans
                (gone,) = held.keys() - {span.span_id for span in machine.holding}
                changed = row.counted_seconds - held[gone].counted_seconds
                # What a hand takes off stays in sight: the span reaches as far as it did.
                assert row.seconds == pytest.approx(max(held[gone].seconds, row.counted_seconds))
        assert machine.minutes == pytest.approx(was + changed)


@given(logs(), deeds)
def test_who_only_looks_at_the_end_of_a_chain_sees_the_same(
    spans: list[Span], tried: list[Deed]
) -> None:
    """A reader of an export, or a version that knows nothing of acts."""
    machine = Machine(spans)
    for deed in tried:
        deed.on(machine, NOW)
    followed = {row.corrects for row in machine.rows.values()}
    ends = [row for name, row in machine.rows.items() if name not in followed]
    seen = [row for row in ends if row.counted_seconds or row.dropped]
    held = [row for row in machine.holding if row.counted_seconds or row.dropped]
    assert sorted(map(_told, seen)) == sorted(map(_told, held))


def _told(row: Span) -> tuple[object, ...]:
    dropped = [(lost.rule.name, lost.seconds) for lost in row.dropped]
    offset = row.utc_offset.total_seconds()
    return row.started_at, row.item, row.kind.name, offset, row.counted_seconds, dropped, row.clock


@given(logs(), deeds, deeds, st.randoms())
def test_two_machines_come_to_one_log_and_all_of_it_can_be_taken_back(
    spans: list[Span], here: list[Deed], there: list[Deed], random: object
) -> None:
    laptop, tower = two_machines(spans, here, there)
    of_laptop, of_tower = list(laptop.rows.values()), list(tower.rows.values())
    for machine, rows in ((laptop, of_tower), (tower, of_laptop)):
        random.shuffle(rows)  # type: ignore[attr-defined]  # hypothesis gives a Random
        assert machine.store.join_spans(rows).refused == ()
    assert weeks_from(laptop.rows.values()) == weeks_from(tower.rows.values())
    for row in laptop.rows.values():
        beaten = SpanChain.of(row, laptop.rows.values()).beaten
        assert all(one.edit is not Edit.MOVED for one in beaten), "it counts at both new places"
    laptop.undo_all()
    assert weeks_from(laptop.rows.values()) == weeks_from(spans)


@given(logs(), deeds, deeds, st.randoms(), st.integers(1, 30))
def test_logs_that_were_joined_bit_by_bit_are_one_when_they_are_joined_again(
    spans: list[Span], here: list[Deed], there: list[Deed], random: object, at_once: int
) -> None:
    """A move may be taken back because of a correction whose undo comes later."""
    laptop, tower = two_machines(spans, here, there)
    of_laptop, of_tower = list(laptop.rows.values()), list(tower.rows.values())
    for machine, rows in ((laptop, of_tower), (tower, of_laptop)):
        random.shuffle(rows)  # type: ignore[attr-defined]  # hypothesis gives a Random
        for first in range(0, len(rows), at_once):
            assert machine.store.join_spans(rows[first : first + at_once]).refused == ()
    assert tower.store.join_spans(list(laptop.rows.values())).refused == ()
    assert laptop.store.join_spans(list(tower.rows.values())).refused == ()
    assert weeks_from(laptop.rows.values()) == weeks_from(tower.rows.values())


def two_machines(spans: list[Span], here: list[Deed], there: list[Deed]) -> tuple[Machine, Machine]:
    """Each with corrections of its own."""
    laptop, tower = Machine(spans), Machine(spans, ids_from=10**6)
    for machine, tried in ((laptop, here), (tower, there)):
        for deed in tried:
            deed.on(machine, NOW)
    return laptop, tower
