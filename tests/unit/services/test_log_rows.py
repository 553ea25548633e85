import csv
import io
import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.domain.reading import DroppedTime, DropRule, Edit, Span, SpanKind
from supportdesk.services.log_rows import (
    COLUMNS,
    cell_of,
    cells_of,
    doubt_about,
    object_of,
    span_of_cells,
    span_of_object,
    text_of,
)

NINE = datetime(2026, 11, 18, 9, 0, 0, 123456, tzinfo=UTC)
SPAN = Span(
    span_id="a",
    kind=SpanKind.READ,
    item="mail/Support/<1@x>",
    label='Ingrid: "Where, please?"',
    started_at=NINE,
    utc_offset=timedelta(hours=5, minutes=45),
    counted_seconds=60.1,
    dropped=(
        DroppedTime(rule=DropRule.SKIMMED, seconds=3.0),
        DroppedTime(rule=DropRule.NOT_IN_FRONT, seconds=0.1),
    ),
    corrects="z",
    reason="=1+1",
    clock="run-1",
    edit=Edit.CUT,
    act="act-1",
)


def _deep() -> object:
    inner: list[object] = []
    for _ in range(100_000):
        inner = [inner]
    return inner


DEEP = _deep()
"""As deep as no text can show it."""


def cells(**other: str) -> dict[str, str]:
    return dict(zip(COLUMNS, cells_of(SPAN), strict=True)) | other


def test_a_row_names_its_units_and_is_read_by_people() -> None:
    assert cells() == {
        "span_id": "a",
        "kind": "read",
        "started_at_local": "2026-11-18T14:45:00.123456+05:45",
        "counted_seconds": "60.1",
        "dropped_seconds": "3.1",
        "dropped_seconds_by_rule": "skimmed 3; not_in_front 0.1",
        "label": 'Ingrid: "Where, please?"',
        "item": "mail/Support/<1@x>",
        "edit": "cut",
        "reason": "'=1+1",
        "corrects": "z",
        "act": "act-1",
        "clock": "run-1",
    }
    assert span_of_cells(cells()) == SPAN
    assert span_of_object(object_of(SPAN)) == SPAN


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n", "'", "＝"])
def test_what_a_spreadsheet_would_run_is_made_harmless_and_comes_back(begin: str) -> None:
    text = f"{begin}cmd|' /C calc'!A0"
    assert cell_of(text).startswith("'")
    assert text_of(cell_of(text)) == text


def test_a_row_is_one_line_whatever_is_in_it() -> None:
    text = 'a\r\nb\\n\x00\x1f\x7f\x85\u2028c;"d",e\t'
    assert cell_of(text) == 'a\\r\\nb\\\\n\\u0000\\u001f\\u007f\\u0085\\u2028c;"d",e\\t'
    assert text_of(cell_of(text)) == text


_TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)
SPANS = st.builds(
    Span,
    span_id=st.text(st.characters(codec="utf-8"), min_size=1, max_size=9),
    kind=st.sampled_from(SpanKind),
    item=_TEXTS,
    label=_TEXTS,
    started_at=st.datetimes(
        NINE.replace(year=2001, tzinfo=None),
        NINE.replace(day=16, tzinfo=None),
        timezones=st.just(UTC),
    ),
    utc_offset=st.integers(-50_000, 50_000).map(lambda seconds: timedelta(seconds=seconds)),
    counted_seconds=st.floats(0, 43_200),
    dropped=st.lists(
        st.builds(
            DroppedTime,
            rule=st.sampled_from(DropRule),
            seconds=st.floats(0.001, 8_000),
        ),
        max_size=3,
    ).map(tuple),
    corrects=_TEXTS.map(lambda text: f"another {text}" if text else ""),
    reason=_TEXTS,
    clock=_TEXTS,
    edit=st.none() | st.sampled_from(Edit),
    act=_TEXTS,
)


@given(SPANS)
def test_what_comes_in_is_what_went_out(span: Span) -> None:
    told = io.StringIO(newline="")
    csv.writer(told).writerow(cells_of(span))
    line = told.getvalue()
    assert line.count("\n") == 1
    assert not line.startswith(("=", "+", "-", "@"))
    (row,) = csv.reader([line], strict=True)
    assert span_of_cells(dict(zip(COLUMNS, row, strict=True))) == span
    assert span_of_object(object_of(span)) == span
    assert doubt_about(span, NINE) == ""


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"kind": "sang"}, "its kind is “sang” and none of read, reply, talk"),
        ({"started_at_local": "noon"}, "its start is “noon”"),
        ({"started_at_local": "2026-11-18T09:00:00"}, "no time with an offset"),
        ({"started_at_local": "0001-01-01T00:00:00+14:00"}, "its start is"),
        ({"started_at_local": "2026-11-18T09:00:00+23:59:59.999999"}, "no time with an offset"),
        ({"started_at_local": "2026-11-18T09:00:00-23:59:59.6"}, "no time with an offset"),
        ({"started_at_local": "2026-11-18T09:00:00+14:00:01"}, "no time with an offset"),
        ({"counted_seconds": "many"}, "its counted_seconds are “many”, which is no number"),
        ({"counted_seconds": ""}, "no number"),
        ({"counted_seconds": "1,5"}, "no number"),
        ({"counted_seconds": "-60"}, "it counts -60.0 seconds"),
        ({"counted_seconds": "nan"}, "it counts nan seconds"),
        ({"counted_seconds": "1e400"}, "it counts inf seconds"),
        ({"counted_seconds": "86401"}, "it counts 86401.0 seconds, which is more than a day"),
        ({"dropped_seconds": "5"}, "it dropped 5 seconds, and by rule 3.1"),
        ({"dropped_seconds": "-1"}, "it dropped -1.0 seconds"),
        ({"dropped_seconds_by_rule": "skimmed -3"}, "it dropped -3.0 seconds"),
        ({"dropped_seconds_by_rule": "skimmed"}, "“skimmed”, which is no number"),
        ({"label": "\udcff"}, "its label is not UTF-8"),
    ],
)
def test_cells_that_cannot_be_true(other: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError, match=r"^it|^its") as caught:
        span_of_cells(cells(**other))
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"kind": ["read"]}, "its kind is"),
        ({"kind": DEEP}, "its kind is “…” and none of"),
        ({"started_at_local": DEEP}, "its start is “…”"),
        ({"started_at_local": 20261118}, "its start is “20261118”"),
        ({"counted_seconds": 10**400}, "0 seconds, which is more than a day"),
        ({"counted_seconds": -(10**400)}, "it counts -1000"),
        ({"dropped_seconds": 10**400}, "more than a day"),
        ({"dropped_seconds_by_rule": [["skimmed", 10**400]]}, "more than a day"),
        ({"label": 7}, "its label is no text"),
        ({"counted_seconds": "60"}, "it counts “60”, which is no number of seconds"),
        ({"counted_seconds": True}, "which is no number of seconds"),
        ({"counted_seconds": None}, "which is no number of seconds"),
        ({"dropped_seconds_by_rule": None}, "it says “None” about what was dropped"),
        ({"dropped_seconds_by_rule": [["skimmed"]]}, "about what was dropped"),
        ({"dropped_seconds_by_rule": [["skimmed", math.inf]]}, "it dropped inf seconds"),
    ],
)
def test_objects_that_cannot_be_true(other: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=r"^it|^its") as caught:
        span_of_object(object_of(SPAN) | other)
    assert words in str(caught.value)


def test_what_a_newer_version_writes_is_read_as_far_as_it_is_known() -> None:
    fields = object_of(SPAN) | {"edit": "split", "dropped_seconds_by_rule": [["dreamt", 3.1]]}
    read = span_of_object(fields | {"mood": "good"})
    assert read.edit is None
    assert read.dropped == (DroppedTime(rule=DropRule.OTHER, seconds=3.1),)
    for edit in (None, 7, DEEP):
        assert span_of_object(object_of(SPAN) | {"edit": edit}).edit is None


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"span_id": ""}, "it has no id"),
        ({"span_id": "x" * 201}, "it has no id"),
        ({"corrects": "a"}, "it says that it corrects itself"),
        ({"counted_seconds": 86_399.0}, "it is 24.0 hours long"),
        ({"started_at": NINE.replace(year=1999)}, "it began in the year 1999"),
        ({"started_at": datetime.min.replace(tzinfo=UTC)}, "it began in the year 1"),
        ({"started_at": datetime.max.replace(tzinfo=UTC)}, "it lies in the future (9999-12-31)"),
        ({"started_at": NINE + timedelta(days=1)}, "it lies in the future (2026-11-19T14:45)"),
        ({"label": "x" * 40_000}, "its texts are too long"),
        ({"label": "x" * 4_000}, ""),
        ({"started_at": NINE + timedelta(minutes=3)}, ""),
    ],
)
def test_spans_that_cannot_be_true(other: dict[str, object], words: str) -> None:
    doubt = doubt_about(replace(SPAN, **other), NINE)  # type: ignore[arg-type]  # of a test
    assert words in doubt
    assert bool(words) == bool(doubt)
