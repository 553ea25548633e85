from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from supportdesk.domain.reading import Span, SpanKind
from supportdesk.domain.span_chains import effective

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)


def span(span_id: str, counted: float = 10.0, corrects: str = "", **more: object) -> Span:
    plain = Span(
        span_id=span_id,
        kind=SpanKind.READ,
        item="mail/1",
        label="Ingrid",
        started_at=NOON,
        utc_offset=timedelta(hours=1),
        counted_seconds=counted,
        corrects=corrects,
    )
    return replace(plain, **more)  # type: ignore[arg-type]


class TestCorrections:
    def test_an_original_holds(self) -> None:
        assert effective([span("a")]) == [span("a")]

    def test_the_newest_correction_holds(self) -> None:
        spans = [span("a", 60.0), span("b", 30.0, corrects="a"), span("c", 45.0, corrects="b")]
        assert effective(spans) == [spans[2]]

    def test_a_chain_holds_by_its_end_even_when_a_clock_was_set_back(self) -> None:
        spans = [span("a"), span("z", corrects="a"), span("b", corrects="z")]
        assert effective(spans) == [spans[2]]

    def test_of_two_corrections_of_one_span_the_later_id_holds(self) -> None:
        spans = [span("a"), span("c", 5.0, corrects="a"), span("b", 6.0, corrects="a")]
        assert effective(spans) == [spans[1]]

    def test_corrections_without_their_original_are_still_one(self) -> None:
        spans = [span("b", corrects="a"), span("c", corrects="a")]
        assert effective(spans) == [spans[1]]

    def test_a_ring_from_a_damaged_import_counts_once(self) -> None:
        ring = [span("a", corrects="b"), span("b", corrects="a")]
        tail = span("c", corrects="a")
        assert effective([*ring, tail]) == [tail]
        assert effective(ring) == [ring[1]]

    def test_a_span_that_corrects_itself(self) -> None:
        assert effective([span("a", corrects="a")]) == [span("a", corrects="a")]

    @given(
        st.lists(
            st.tuples(st.sampled_from("abcdef"), st.sampled_from(["", *"abcdef"])), max_size=8
        ),
        st.randoms(),
    )
    def test_order_free_and_idempotent(self, drawn: list[tuple[str, str]], random: object) -> None:
        rows = {span_id: span(span_id, corrects=corrects) for span_id, corrects in drawn}
        spans = list(rows.values())
        once = effective(spans)
        random.shuffle(spans)  # type: ignore[attr-defined]  # hypothesis gives a Random
        assert effective(spans) == once
        assert effective([*spans, *spans]) == once
        assert bool(once) == bool(spans)
