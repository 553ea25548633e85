import io
import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.domain.reading import Span
from supportdesk.domain.week import WeekId, weeks_of
from supportdesk.services.log_export import csv_lines, json_lines
from supportdesk.services.log_import import (
    LogImport,
    LogImported,
    LogUnreadable,
    checked,
    overlapping,
    read_csv,
    read_json,
)
from supportdesk.services.log_rows import COLUMNS, ReadRow, cells_of, object_of
from supportdesk.services.log_union import JoinedSpans, SpanJoining
from tests.unit.services.test_log_rows import NINE, SPAN, SPANS

HEADER = ",".join(COLUMNS)


class Log:
    """A log in memory."""

    def __init__(self, spans: Iterable[Span] = ()) -> None:
        self.spans = {span.span_id: span for span in spans}
        self.batches: list[int] = []

    def join(self, spans: Sequence[Span]) -> JoinedSpans:
        self.batches.append(len(spans))
        joining = SpanJoining(dict(self.spans))
        joined = joining.join(spans)
        self.spans |= joining.to_insert | joining.to_grow
        return joined

    def take(self, rows: Iterable[ReadRow]) -> LogImported:
        importing = LogImport(self.join)
        importing.take(rows)
        return importing.result()


def csv_rows(text: str) -> list[ReadRow]:
    return list(read_csv(io.StringIO(text, newline=""), NINE))


def json_rows(text: str) -> list[ReadRow]:
    return list(read_json(io.StringIO(text, newline=""), NINE))


def csv_text(spans: Iterable[Span]) -> str:
    return "".join(csv_lines(spans))


def json_text(spans: Iterable[Span]) -> str:
    return "".join(json_lines(spans))


@given(st.lists(SPANS, max_size=5, unique_by=lambda span: span.span_id))
def test_an_export_is_the_log_again(spans: list[Span]) -> None:
    for rows in (csv_rows(csv_text(spans)), json_rows(json_text(spans))):
        assert [row.span for row in rows] == spans
        log = Log()
        assert log.take(rows).new == len(spans)
        assert log.take(rows).known == len(spans)
        assert log.spans == {span.span_id: span for span in spans}


_STATES = st.builds(
    lambda name, number, counted, kind: replace(
        SPAN,
        span_id=f"{name}",
        kind=kind,
        started_at=NINE - timedelta(minutes=number),
        counted_seconds=counted,
        corrects="",
    ),
    st.integers(0, 9),
    st.integers(0, 3),
    st.floats(0, 120),
    st.just(SPAN.kind),
)


def _of_one_truth(states: list[Span]) -> list[Span]:
    """A span begins once."""
    first: dict[str, Span] = {}
    for state in states:
        first.setdefault(state.span_id, state)
    return [replace(one, started_at=first[one.span_id].started_at) for one in states]


@given(st.lists(_STATES, max_size=20), st.integers(0, 20), st.randoms(use_true_random=False))
def test_imports_are_order_free_and_idempotent_and_so_are_the_weeks(
    states: list[Span], cut: int, chance: random.Random
) -> None:
    states = _of_one_truth(states)
    one, other = csv_text(states[:cut]), json_text(states[cut:])
    there, back = Log(), Log()
    there.take(csv_rows(one))
    there.take(json_rows(other))
    for rows in ([json_rows(other), csv_rows(one)] * 2)[: chance.randint(2, 4)]:
        back.take(rows)
    assert there.spans == back.spans
    weeks = [WeekId.containing(NINE.date()).moved(-1), WeekId.containing(NINE.date())]
    assert weeks_of(there.spans.values(), weeks, goal_minutes=30) == weeks_of(
        back.spans.values(), weeks, goal_minutes=30
    )


def test_a_broken_row_is_named_by_its_line_and_the_rest_is_taken() -> None:
    good = csv_text([SPAN]).splitlines()[1]
    text = "\r\n".join(
        [
            HEADER,
            good,
            "",
            good.replace("60.1", "-60.1"),
            good.removesuffix("run-1") + '"open',
            "a,b,c",
            good.replace("a,read", "b,read"),
        ]
    )
    rows = csv_rows(text)
    assert [row.span is not None for row in rows] == [True, False, False, False, True]
    told = Log().take(rows)
    assert told.new == 2
    assert told.refused == (
        "Line 4 is left out: it counts -60.1 seconds.",
        "Line 5 is left out: a quoted cell of it does not end on this line, and a row is one line.",
        "Line 6 is left out: it has 3 cells instead of 13.",
    )
    assert told.words == "2 new spans, 0 known already. 3 rows were left out."


def test_what_contradicts_the_log_is_named_by_its_line() -> None:
    log = Log([SPAN])
    told = log.take(csv_rows(csv_text([replace(SPAN, span_id="b"), replace(SPAN, item="x")])))
    assert told.refused == (
        "Line 3 is left out: it is about another message or call than the span of this id that "
        "is here.",
    )


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_spreadsheet_may_save_it_again_in_its_way(separator: str) -> None:
    names = [*reversed(COLUMNS), "my own notes"]
    cells = dict(zip(COLUMNS, cells_of(SPAN), strict=True)) | {"my own notes": "?"}
    lines = [names, [f'"{cells[name].replace(chr(34), chr(34) * 2)}"' for name in names]]
    text = "\ufeff" + "\n".join(separator.join(line) for line in lines)
    assert [row.span for row in csv_rows(text)] == [SPAN]


ROUND = replace(SPAN, reason="", dropped=())
"""No cell of it is quoted."""


@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_spreadsheet_may_write_a_decimal_comma(separator: str) -> None:
    cells = dict(zip(COLUMNS, cells_of(replace(SPAN, label="1.5 or 1,5?")), strict=True))
    for name in ("counted_seconds", "dropped_seconds", "dropped_seconds_by_rule"):
        cells[name] = cells[name].replace(".", ",")
    row = separator.join(f'"{cells[name]}"' for name in COLUMNS)
    text = f"{separator.join(COLUMNS)}\n{row}\n"
    assert [one.span for one in csv_rows(text)] == [replace(SPAN, label="1.5 or 1,5?")]
    (row_,) = csv_rows(text.replace(separator, ","))
    assert "60,1”, which is no number" in row_.why


@pytest.mark.parametrize("first", ["sep=;", "\ufeffsep=;", "SEP=;", '"sep=;"'])
def test_empty_rows_and_the_line_that_names_the_separator_are_skipped(first: str) -> None:
    row = csv_text([replace(ROUND, label="Ingrid")]).splitlines()[1].replace(",", ";")
    empty = [";" * (len(COLUMNS) - 1), ";;;", "", '"";""', " ; ;"]
    lines = [first, HEADER.replace(",", ";"), *empty, row, *empty, "a;b"]
    rows = csv_rows("\r\n".join(lines))
    assert [one.place for one in rows] == ["Line 8", f"Line {len(lines)}"]
    assert [one.span for one in rows] == [replace(ROUND, label="Ingrid"), None]
    with pytest.raises(LogUnreadable, match="no reading log"):
        csv_rows(first)


def test_a_line_break_in_a_quoted_cell_is_one_sentence() -> None:
    good = csv_text([ROUND]).splitlines()[1]
    label = '"Ingrid: ""Where, please?"""'
    assert label in good
    torn = good.replace(label, '"two\nor, with ""them"",\n\nfour"')
    never = good.replace(label, '"open')
    rows = csv_rows("\n".join([HEADER, torn, good, never, never, "a,b", good, torn]))
    assert [(row.place, row.why[:12]) for row in rows] == [
        ("Line 2", "a quoted cel"),
        ("Line 6", ""),
        ("Line 7", "a quoted cel"),
        ("Line 8", "a quoted cel"),
        ("Line 9", "it has 2 cel"),
        ("Line 10", ""),
        ("Line 11", "a quoted cel"),
    ]


def test_a_quotation_mark_that_is_never_closed_spoils_no_more_than_its_line() -> None:
    good = csv_text([ROUND]).splitlines()[1]
    rows = csv_rows("\n".join([HEADER, 'a,"open', *["b"] * 70, good]))
    assert [row.place for row in rows] == [f"Line {number}" for number in range(2, 74)]
    assert rows[-1].span == ROUND


_HUGE = st.one_of(
    st.integers(300, 6000).map(lambda digits: "1" + "0" * digits),
    st.sampled_from(["1e400", "-1e400", "NaN", "Infinity", "-0.0", "5e-324", "86400.0001", "-1"]),
    st.integers(-(10**30), 10**30).map(str),
)
_ODD_STARTS = st.builds(
    lambda day, time, sign, offset: f"{day}T{time}{sign}{offset}",
    st.sampled_from(
        ["0001-01-01", "1970-01-01", "1999-12-31", "2000-01-01", "2026-11-18", "9999-12-31"]
    ),
    st.sampled_from(["00:00:00", "09:00:00", "23:59:59.999999"]),
    st.sampled_from("+-"),
    st.sampled_from(
        ["00:00", "00:00:00.000001", "12:34:56", "14:00", "14:00:01", "23:59", "23:59:59.999999"]
    ),
)
_BROKEN_VALUES = st.fixed_dictionaries(
    {},
    optional={
        "counted_seconds": _HUGE,
        "dropped_seconds": _HUGE,
        "dropped_seconds_by_rule": st.builds(lambda one: f'[["locked", {one}]]', _HUGE),
        "started_at_local": _ODD_STARTS.map(json.dumps),
        "kind": st.sampled_from(["7", '"sang"', "[" * 900 + "]" * 900, "{}"]),
        "edit": st.sampled_from(["7", '"cut"', "[" * 900 + "]" * 900, "null"]),
    },
)


def _json_row(span: Span, values: dict[str, str]) -> str:
    told = {name: json.dumps(value) for name, value in object_of(span).items()} | values
    return "{" + ", ".join(f'"{name}": {value}' for name, value in told.items()) + "}"


@given(st.lists(_BROKEN_VALUES, min_size=1, max_size=4))
def test_whatever_a_row_says_it_has_its_line_and_the_others_are_taken(
    broken: list[dict[str, str]],
) -> None:
    """And what is taken can be exported and its weeks be counted."""
    odd = [
        _json_row(replace(SPAN, span_id=f"odd {at}", corrects=""), one)
        for at, one in enumerate(broken)
    ]
    good = replace(SPAN, span_id="good")
    begin, end = json_text([]).rsplit("]", 1)
    by_line = begin + ",\n".join([*odd, _json_row(good, {})]) + "\n]" + end
    at_once = by_line.replace('"spans": [', '"spans":\n[')
    for text, place in ((by_line, "Line"), (at_once, "Entry")):
        rows = json_rows(text)
        assert [row.place.split()[0] for row in rows] == [place] * (len(broken) + 1)
        assert rows[-1].span == good
        assert all(row.span is not None or row.why for row in rows)
        log = Log()
        log.take(rows)
        assert [row.span for row in csv_rows(csv_text(log.spans.values()))] == [*log.spans.values()]
        days = [span.started_at.date() for span in log.spans.values()]
        weeks_of(log.spans.values(), [WeekId.containing(day) for day in days], goal_minutes=30)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no reading log"),
        ("name,email\nAnna,a@x\n", "no reading log"),
        (HEADER.replace("label,", "") + "\n", "no column label"),
    ],
)
def test_csv_that_is_no_log(text: str, words: str) -> None:
    with pytest.raises(LogUnreadable, match=words):
        csv_rows(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "no reading log"),
        ("[]", "no reading log"),
        ('{"spans": [\n]}', "no reading log"),
        ("[" * 100_000, "no reading log"),
        ('{"format": "supportdesk reading log", "version": 1, "spans": 7}', "no reading log"),
        ('{"format": "supportdesk reading log", "version": 2, "spans": []}', "newer supportdesk"),
        ('{"format": "supportdesk reading log", "version": "?", "spans": []}', "newer"),
    ],
)
def test_json_that_is_no_log(text: str, words: str) -> None:
    with pytest.raises(LogUnreadable, match=words):
        json_rows(text)


def test_json_in_any_layout_and_with_broken_entries() -> None:
    told = json.loads(json_text([SPAN, replace(SPAN, span_id="b")]))
    told["spans"][1:1] = [7, {"span_id": "c"}]
    for text in (json.dumps(told), json.dumps(told, indent=4)):
        rows = json_rows(text)
        assert [row.place for row in rows if row.span is None] == ["Entry 2", "Entry 3"]
        assert rows[1].why == "it is no object"
        assert [row.span for row in rows if row.span] == [SPAN, replace(SPAN, span_id="b")]


def test_json_that_was_cut_off_or_spoilt_in_a_line() -> None:
    lines = json_text([SPAN, replace(SPAN, span_id="b")]).splitlines(keepends=True)
    spoilt = [*lines[:-2], '{"span_id": "c", \n', "\n", "[" * 100_000 + "\n"]
    rows = json_rows("".join(spoilt))
    assert [row.span for row in rows if row.span] == [SPAN]
    number = len(lines)
    assert [(row.place, row.why) for row in rows if row.span is None] == [
        (f"Line {number - 1}", "it is no JSON"),
        (f"Line {number + 1}", "it is no JSON"),
        ("The end", "it is missing, so the file has been cut off"),
    ]


def test_rows_of_another_source_are_under_the_same_rules() -> None:
    future = ReadRow(place="Row 1", span=replace(SPAN, started_at=NINE + timedelta(days=9)))
    assert "future" in checked(future, NINE).why
    assert checked(future, NINE).span is None
    spoilt = ReadRow(place="Row 2", why="it is spoilt")
    assert checked(spoilt, NINE) is spoilt
    good = ReadRow(place="Row 3", span=SPAN)
    assert checked(good, NINE) is good


def test_rows_go_to_the_log_some_at_a_time() -> None:
    log = Log()
    spans = [replace(SPAN, span_id=f"{number}") for number in range(130)]
    told = log.take(csv_rows(csv_text(spans)))
    assert (told.new, log.batches) == (130, [50, 50, 30])


def test_a_file_of_nothing_but_broken_rows_names_the_first_thousand() -> None:
    log = Log()
    told = log.take(csv_rows(HEADER + "\n" + "x\n" * 1500))
    assert (told.refused_count, len(told.refused), log.batches) == (1500, 1000, [])


def test_what_is_said_of_it() -> None:
    told = LogImported(new=1, grown=1, known=3, overlapping=1, refused_count=1, caution="Mind it.")
    assert told.words == (
        "1 new span, 3 known already. 1 span went on for longer than was known here. 1 span lies "
        "over time that is logged already: your weeks count that time once. 1 row was left out. "
        "Mind it."
    )
    assert LogImported(new=2).words == "2 new spans, 0 known already."


def at(name: str, minute: float, minutes: float, clock: str = "", corrects: str = "") -> Span:
    return replace(
        SPAN,
        span_id=name,
        started_at=NINE + timedelta(minutes=minute),
        counted_seconds=minutes * 60,
        clock=clock,
        corrects=corrects,
    )


@pytest.mark.parametrize(
    ("spans", "names"),
    [
        ([at("a", 0, 5), at("b", 5, 5)], ""),
        ([at("a", 0, 5), at("b", 4, 5)], "ab"),
        ([at("a", 0, 9), at("b", 1, 1), at("c", 3, 1), at("d", 9, 1)], "abc"),
        ([at("a", 0, 5, "run"), at("b", 4, 5, "run")], ""),
        ([at("a", 0, 5, "run"), at("b", 4, 5, "other run")], "ab"),
        ([at("a", 0, 0), at("b", 0, 5)], ""),
        ([at("a", 0, 5), at("b", 0, 4, corrects="a")], ""),
        ([at("a", 0, 5), at("b", 1, 9), at("c", 6, 9)], "abc"),
    ],
)
def test_spans_that_lie_over_one_another(spans: list[Span], names: str) -> None:
    for taken in ({"a", "b", "c", "d"}, {"b"}, set[str]()):
        assert overlapping(lambda: spans, taken) == len(taken & set(names))


def test_an_import_remembers_what_it_brought() -> None:
    log = Log([at("a", 0, 5), at("k", 60, 5)])
    importing = LogImport(log.join)
    rows = [ReadRow(place="", span=one) for one in (at("k", 60, 5), at("a", 0, 6), at("b", 1, 1))]
    importing.take(rows)
    assert importing.taken == {"a", "b"}
    assert importing.result(overlapping=2).grown == 1
