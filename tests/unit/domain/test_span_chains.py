from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from supportdesk.domain.reading import Edit, Span, SpanKind
from supportdesk.domain.span_chains import SpanChain, effective

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


def by_hand(span_id: str, corrects: str, act: str, edit: Edit = Edit.CUT) -> Span:
    return span(span_id, corrects=corrects, act=act, edit=edit)


class TestActsThatWereTakenBack:
    def test_their_rows_are_as_if_never_written(self) -> None:
        rows = [
            span("a"),
            by_hand("b", "a", "1"),
            by_hand("c", "b", "2"),
            by_hand("d", "c", "2", Edit.UNDONE),
        ]
        assert effective(rows) == [rows[1]]
        assert effective([*rows, by_hand("e", "d", "1", Edit.UNDONE)]) == [rows[0]]
        after = by_hand("f", "d", "3")
        assert effective([*rows, after]) == [after]

    def test_an_addition_leaves_nothing(self) -> None:
        added = span("a", act="1", edit=Edit.ADDED)
        back = span("b", 0.0, corrects="a", act="1", edit=Edit.UNDONE)
        assert effective([added, back]) == []
        cut_elsewhere = by_hand("c", "a", "2")
        assert effective([added, back, cut_elsewhere]) == []

    def test_without_the_original_the_undo_stands_for_it(self) -> None:
        rows = [by_hand("b", "a", "1"), by_hand("c", "b", "1", Edit.UNDONE)]
        assert effective(rows) == [rows[1]]

    def test_a_correction_on_another_machine_holds_on(self) -> None:
        """Here one was taken back, there another was made earlier."""
        there = by_hand("b", "a", "2")
        here = [by_hand("c", "a", "3"), by_hand("d", "c", "3", Edit.UNDONE)]
        assert effective([span("a"), there, *here]) == [there]

    def test_an_undo_that_names_no_act_is_a_correction(self) -> None:
        """Out of a damaged import: it must not void all that has no act."""
        rows = [span("a"), by_hand("b", "a", "", Edit.UNDONE), span("x")]
        assert effective(rows) == [rows[1], rows[2]]

    def test_a_ring_of_them_ends(self) -> None:
        ring = [by_hand("a", "b", "1", Edit.UNDONE), by_hand("b", "a", "1", Edit.UNDONE)]
        assert effective([*ring, by_hand("c", "a", "2")]) == [by_hand("c", "a", "2")]


class TestChain:
    def rows(self) -> list[Span]:
        return [
            span("a"),
            by_hand("c", "a", "1"),
            by_hand("d", "c", "2"),
            span("other"),
            by_hand("b", "other", "3"),
        ]

    def test_it_holds_the_rows_of_one_span(self) -> None:
        rows = self.rows()
        chain = SpanChain.of(rows[1], rows)
        assert set(chain.rows) == {"a", "c", "d"}
        assert chain.holding == rows[2]
        assert chain.without("2") == rows[1]
        assert chain.original == rows[0]
        assert chain.end(rows[0]) == rows[2]
        assert chain.history(rows[0]) == tuple(rows[:3])

    def test_of_what_is_not_there_it_holds_nothing(self) -> None:
        chain = SpanChain.of(span("z"), self.rows())
        assert (chain.rows, chain.holding, chain.original) == ({}, None, None)
        assert chain.history(span("z")) == (span("z"),)

    def test_an_addition_is_no_original(self) -> None:
        added = span("a", act="1", edit=Edit.ADDED)
        assert SpanChain.of(added, [added]).original is None

    def test_of_two_that_follow_the_later_id_is_gone_after(self) -> None:
        rows = [span("a"), by_hand("b", "a", "1"), by_hand("c", "a", "2")]
        assert SpanChain.of(rows[0], rows).end(rows[0]) == rows[2]

    def test_what_lost_against_another_correction(self) -> None:
        rows = [
            span("a"),
            by_hand("b", "a", "1"),
            by_hand("c", "b", "2"),
            by_hand("d", "a", "3"),
            by_hand("e", "a", "4"),
            by_hand("f", "e", "4", Edit.UNDONE),
        ]
        assert SpanChain.of(rows[0], rows).beaten == rows[1:3]
        assert SpanChain.of(rows[0], rows[:3]).beaten == []
        added = span("a", act="1", edit=Edit.ADDED)
        back = span("b", 0.0, corrects="a", act="1", edit=Edit.UNDONE)
        assert SpanChain.of(added, [added, back]).beaten == []

    def test_a_ring_ends(self) -> None:
        ring = [span("a", corrects="b"), span("b", corrects="a")]
        chain = SpanChain.of(ring[0], ring)
        assert set(chain.history(ring[0])) == set(ring)
