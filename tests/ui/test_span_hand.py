"""What a hand did to a span, read off the rows that lead to what holds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from supportdesk.domain.reading import DroppedTime, DropRule, Edit, Span, SpanKind
from supportdesk.ui.presenter.span_hand import ByHand, by_hand

AT = datetime(2026, 11, 18, 15, 42, tzinfo=UTC)
ORIGINAL = Span(
    span_id="1",
    kind=SpanKind.TALK,
    item="call/1",
    label="Pavel Kiss",
    started_at=AT,
    utc_offset=timedelta(hours=1),
    counted_seconds=1450,
)
CUT = replace(
    ORIGINAL,
    span_id="2",
    corrects="1",
    counted_seconds=720,
    edit=Edit.CUT,
    reason="on hold",
    act="cut",
)


def test_what_no_hand_has_touched_has_nothing_to_say() -> None:
    assert by_hand([ORIGINAL]) == ByHand()
    assert by_hand([]) == ByHand()


def test_a_cut_says_what_it_was_and_why() -> None:
    assert by_hand([ORIGINAL, CUT]) == ByHand(
        edit=Edit.CUT, words="cut by hand: on hold", before="was 24:10"
    )


def test_after_several_changes_the_original_is_what_it_was() -> None:
    longer = replace(CUT, span_id="3", corrects="2", edit=Edit.LENGTHENED, counted_seconds=900)
    assert by_hand([ORIGINAL, CUT, longer]).before == "was 24:10"


def test_undo_uncovers_what_held_before_it() -> None:
    deleted = replace(
        CUT, span_id="3", corrects="2", edit=Edit.DELETED, counted_seconds=0, act="delete"
    )
    once = replace(CUT, span_id="4", corrects="3", edit=Edit.UNDONE, act="delete")
    twice = replace(ORIGINAL, span_id="5", corrects="4", edit=Edit.UNDONE, act="cut")
    assert by_hand([ORIGINAL, CUT, deleted, once]).edit is Edit.CUT
    assert by_hand([ORIGINAL, CUT, deleted, once, twice]) == ByHand()


def test_an_addition_that_was_taken_back_is_nothing() -> None:
    added = replace(ORIGINAL, edit=Edit.ADDED, reason="a visit", act="add")
    assert by_hand([added]) == ByHand(edit=Edit.ADDED, words="added by hand: a visit")
    gone = replace(added, span_id="2", corrects="1", counted_seconds=0, edit=Edit.UNDONE)
    assert by_hand([added, gone]) == ByHand()


@pytest.mark.parametrize(
    ("back", "before"),
    [(timedelta(hours=7), "was at 16:42"), (timedelta(days=1), "was at Wed 18 Nov 16:42")],
)
def test_what_was_moved_says_where_it_was(back: timedelta, before: str) -> None:
    left = replace(CUT, edit=Edit.MOVED, counted_seconds=0)
    assert by_hand([ORIGINAL, left]) == ByHand(
        edit=Edit.MOVED, words="moved away by hand: on hold", before="was 24:10"
    )
    moved = replace(left, started_at=AT - back, reason="", counted_seconds=1450, corrects="")
    assert by_hand([ORIGINAL, moved]) == ByHand(
        edit=Edit.MOVED, words="moved here by hand", before=before
    )


@pytest.mark.parametrize(
    ("change", "edit"),
    [
        ({"corrects": "", "counted_seconds": 60}, Edit.ADDED),
        ({"counted_seconds": 0}, Edit.DELETED),
        ({"dropped": (DroppedTime(rule=DropRule.BY_HAND, seconds=730),)}, Edit.CUT),
        ({"counted_seconds": 3000}, Edit.LENGTHENED),
    ],
)
def test_an_older_version_did_not_say_what_a_hand_did(
    change: dict[str, object], edit: Edit
) -> None:
    old = replace(CUT, edit=None, **change)  # type: ignore[arg-type]
    assert by_hand([ORIGINAL, old]).edit is edit
