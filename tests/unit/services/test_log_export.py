import json
from dataclasses import replace

from supportdesk.services.log_export import csv_lines, json_lines
from tests.unit.services.test_log_rows import SPAN


def test_csv_names_columns_and_units_and_has_a_line_a_row() -> None:
    lines = list(csv_lines([SPAN, replace(SPAN, span_id="b", label="two\nlines, or one")]))
    assert lines[0] == (
        "span_id,kind,started_at_local,counted_seconds,dropped_seconds,dropped_seconds_by_rule,"
        "label,item,edit,reason,corrects,act,clock\r\n"
    )
    assert lines[1] == (
        "a,read,2026-11-18T14:45:00.123456+05:45,60.1,3.1,skimmed 3; not_in_front 0.1,"
        '"Ingrid: ""Where, please?""",mail/Support/<1@x>,cut,\'=1+1,z,act-1,run-1\r\n'
    )
    assert '"two\\nlines, or one"' in lines[2]
    assert len(lines) == 3


def test_json_says_what_it_is_and_has_a_line_a_row() -> None:
    text = "".join(json_lines([SPAN, replace(SPAN, span_id="b")]))
    told = json.loads(text)
    assert told["format"] == "supportdesk reading log"
    assert told["version"] == 1
    assert told["units"]["counted_seconds"] == "seconds"
    assert [one["span_id"] for one in told["spans"]] == ["a", "b"]
    assert told["spans"][0]["dropped_seconds_by_rule"] == [["skimmed", 3.0], ["not_in_front", 0.1]]
    assert sum(line.startswith('{"span_id"') for line in text.splitlines()) == 2


def test_a_log_without_a_row_is_a_whole_file_too() -> None:
    assert json.loads("".join(json_lines([])))["spans"] == []
    assert len(list(csv_lines([]))) == 1
