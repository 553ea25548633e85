import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.domain.reading import DroppedTime, DropRule, Edit, Span, SpanKind
from supportdesk.services.log_union import SpanJoining, contradiction, is_further

NINE = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
SPAN = Span(
    span_id="a",
    kind=SpanKind.READ,
    item="mail/Support/<1@x>",
    label="Ingrid",
    started_at=NINE,
    utc_offset=timedelta(hours=1),
    counted_seconds=60.0,
)
LOCKED = DroppedTime(rule=DropRule.LOCKED, seconds=5.0)


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (replace(SPAN, kind=SpanKind.TALK), "it is of another kind than"),
        (replace(SPAN, item="another"), "it is about another message or call than"),
        (replace(SPAN, started_at=NINE + timedelta(seconds=1)), "it began at another time than"),
        (replace(SPAN, utc_offset=timedelta()), "it began in another time zone than"),
        (replace(SPAN, corrects="b"), "it corrects another span than"),
        (replace(SPAN, reason="lunch"), "it gives another reason than"),
        (replace(SPAN, edit=Edit.CUT), "it comes of another correction than"),
        (replace(SPAN, act="act"), "it comes of another correction than"),
        (replace(SPAN, clock="run"), "another clock has counted it than"),
    ],
)
def test_two_of_one_id_that_cannot_be_one_span(other: Span, words: str) -> None:
    assert contradiction(SPAN, other) == f"{words} the span of this id that is here"
    assert contradiction(SPAN, replace(SPAN, counted_seconds=1.0, label="renamed")) == ""
    joined = SpanJoining({"a": SPAN}).join([other])
    assert [one.why for one in joined.refused] == [contradiction(SPAN, other)]


def test_the_further_state_is_the_one_that_counted_more_then_dropped_more() -> None:
    assert is_further(replace(SPAN, counted_seconds=61.0), replace(SPAN, dropped=(LOCKED,)))
    assert is_further(replace(SPAN, dropped=(LOCKED,)), SPAN)
    assert not is_further(SPAN, SPAN)


def test_each_span_is_new_grown_known_or_refused() -> None:
    joining = SpanJoining(
        {"a": SPAN, "now": replace(SPAN, span_id="now")},
        growing=frozenset(["now"]),
        spoilt=frozenset(["spoilt"]),
    )
    told = [
        replace(SPAN, span_id="b"),
        replace(SPAN, counted_seconds=61.0),
        replace(SPAN, counted_seconds=62.0),
        replace(SPAN, counted_seconds=61.5),
        replace(SPAN, span_id="b", counted_seconds=70.0),
        replace(SPAN, span_id="now"),
        replace(SPAN, span_id="now", counted_seconds=61.0),
        replace(SPAN, span_id="spoilt"),
    ]
    joined = joining.join(told)
    assert (joined.new, joined.grown, joined.known) == (("b",), ("a",), 4)
    assert [(one.place, one.why) for one in joined.refused] == [
        (6, "it is being counted on this computer right now"),
        (7, "the row of this id that is here is damaged"),
    ]
    assert joining.to_insert == {"b": told[4]}
    assert joining.to_grow == {"a": told[2]}


_STATES = st.builds(
    lambda name, counted, dropped, label: replace(
        SPAN,
        span_id=name,
        counted_seconds=counted,
        dropped=(replace(LOCKED, seconds=dropped),),
        label=label,
    ),
    st.sampled_from("abc"),
    st.sampled_from([0.0, 1.0, 2.5]),
    st.sampled_from([1.0, 2.0]),
    st.sampled_from(["Ingrid", "Ingrid B"]),
)


@given(st.lists(_STATES, max_size=12), st.randoms(use_true_random=False), st.integers(1, 12))
def test_the_union_is_order_free_and_idempotent(
    told: list[Span], chance: random.Random, size: int
) -> None:
    other = [*told, *told]
    chance.shuffle(other)
    assert _log_of(told, len(told) + 1) == _log_of(other, size)


def _log_of(told: list[Span], size: int) -> dict[str, Span]:
    log: dict[str, Span] = {}
    for start in range(0, len(told), size):
        joining = SpanJoining(dict(log))
        joined = joining.join(told[start : start + size])
        assert not joined.refused
        log |= joining.to_insert | joining.to_grow
    return log
