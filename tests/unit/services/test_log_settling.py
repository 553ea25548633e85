from dataclasses import replace
from datetime import UTC, datetime, timedelta

from supportdesk.domain.reading import DroppedTime, DropRule, Edit, Span, SpanKind
from supportdesk.domain.span_chains import effective
from tests.fakes.stores import MemoryDeskStore

NOON = datetime(2026, 11, 18, 11, 0, tzinfo=UTC)
SEEN = Span(
    span_id="seen",
    kind=SpanKind.READ,
    item="mail/1",
    label="Ingrid",
    started_at=NOON,
    utc_offset=timedelta(hours=1),
    counted_seconds=60.0,
)


def moved(act: str, hours: int) -> list[Span]:
    """Ids are greater the later the act."""
    left = replace(
        SEEN,
        span_id=f"{act}-left",
        counted_seconds=0.0,
        dropped=(DroppedTime(rule=DropRule.BY_HAND, seconds=60.0),),
        corrects="seen",
        edit=Edit.MOVED,
        act=act,
    )
    new = replace(
        SEEN,
        span_id=f"{act}-new",
        started_at=NOON - timedelta(hours=hours),
        edit=Edit.MOVED,
        act=act,
    )
    return [left, new]


def log_of(*spans: Span) -> MemoryDeskStore:
    store = MemoryDeskStore()
    store.spans = {span.span_id: span for span in spans}
    return store


def held(store: MemoryDeskStore) -> list[str]:
    return [span.span_id for span in effective(store.spans.values()) if span.counted_seconds]


def test_of_two_moves_the_later_one_counts_and_the_other_is_taken_back() -> None:
    first, second = moved("1", 1), moved("2", 2)
    laptop, tower = log_of(SEEN, *first), log_of(SEEN, *second)
    laptop.join_spans(second)
    tower.join_spans(first)
    assert held(laptop) == held(tower) == ["2-new"]
    assert laptop.spans == tower.spans
    assert [span.edit for span in laptop.spans_of_act("1")].count(Edit.UNDONE) == 2
    laptop.join_spans(list(tower.spans.values()))
    assert laptop.spans == tower.spans


def test_a_move_that_lost_against_a_cut_leaves_nothing_at_its_new_place() -> None:
    cut = replace(
        SEEN, span_id="2-cut", counted_seconds=20.0, corrects="seen", edit=Edit.CUT, act="2"
    )
    store = log_of(SEEN, *moved("1", 1))
    store.join_spans([cut])
    assert held(store) == ["2-cut"]


def test_a_cut_that_lost_against_a_move_needs_nothing() -> None:
    cut = replace(
        SEEN, span_id="1-cut", counted_seconds=20.0, corrects="seen", edit=Edit.CUT, act="1"
    )
    store = log_of(SEEN, cut)
    assert store.join_spans(moved("2", 1)).new == ("2-left", "2-new")
    assert len(store.spans) == 4
    assert held(store) == ["2-new"]


def test_the_new_place_may_come_after_the_move_was_taken_back() -> None:
    left, new = moved("1", 1)
    store = log_of(SEEN, *moved("2", 2))
    store.join_spans([left])
    store.join_spans([new])
    assert held(store) == ["2-new"]


def test_what_nobody_contradicts_stays() -> None:
    store = log_of(SEEN)
    store.join_spans([replace(SEEN, span_id="other"), *moved("1", 1)])
    assert held(store) == ["1-new", "other"]
    assert len(store.spans) == 4
