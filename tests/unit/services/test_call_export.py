import csv
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from supportdesk.domain.calls import Call, CallId, MissedReason, Outcome
from supportdesk.domain.health import SourceName
from supportdesk.domain.people import CallNote
from supportdesk.domain.voices import Felt
from supportdesk.services.call_export import (
    COLUMNS,
    CallBooks,
    call_values,
    csv_calls,
    json_calls,
    notes_by_call,
)

AT = datetime(2026, 11, 18, 9, 0, 0, 987654, tzinfo=UTC)
MISSED = Call(
    phone=SourceName("Office"),
    call_id=CallId("1.7"),
    number="0161 496 0990",
    name="=Vega",
    queue="support",
    started_at=AT,
    outcome=Outcome.MISSED,
    wait_seconds=14.25,
    reason=MissedReason.NOBODY_FREE,
)
ANSWERED = replace(
    MISSED,
    call_id=CallId("1.8"),
    outcome=Outcome.TAKEN,
    by="you",
    talk_seconds=60.0,
    reason=None,
    closed_at=AT + timedelta(seconds=74),
)


def note(words: str, call: Call = MISSED, felt: Felt | None = None) -> CallNote:
    return CallNote(
        key=words, call=call.key, number="n", label="Vega", words=words, at=AT, felt=felt
    )


BOOKS = CallBooks(
    notes=notes_by_call(
        [note("Wants a quote,\nby Friday."), note("-1", felt=Felt.LET_DOWN), note("x", ANSWERED)]
    ),
    names={"+441614960990": "Vega Travel"},
    normalise=lambda number: "+44" + number.replace(" ", "").removeprefix("0"),
    to_local=lambda at: at.astimezone(timezone(timedelta(hours=5, minutes=45))),
)


def test_a_call_has_all_that_is_known_of_it() -> None:
    assert call_values(MISSED, BOOKS) == {
        "started_at_local": "2026-11-18T14:45:00+05:45",
        "direction": "incoming",
        "person": "Vega Travel",
        "name": "=Vega",
        "number": "0161 496 0990",
        "phone": "Office",
        "queue": "support",
        "outcome": "missed",
        "reason": "hung up, nobody was free",
        "ring_seconds": 14.25,
        "talk_seconds": 0.0,
        "answered_by": "",
        "closed_at_local": "",
        "closed_by": "",
        "note": "Wants a quote,\nby Friday.\n-1",
        "felt": "let down",
        "call": "call/Office/1.7",
    }


def test_who_answered_is_not_who_reached_them_later() -> None:
    told = call_values(ANSWERED, BOOKS)
    assert (told["answered_by"], told["closed_by"]) == ("you", "")
    assert told["closed_at_local"] == "2026-11-18T14:46:14+05:45"
    reached = replace(MISSED, outcome=Outcome.CALLED_BACK, by="Anna", closed_at=AT)
    told = call_values(reached, BOOKS)
    assert (told["answered_by"], told["closed_by"]) == ("", "Anna")


@pytest.mark.parametrize(("by", "words"), [("mail", "answered by mail"), ("", "marked as done")])
def test_nobody_has_to_have_talked_to_them(by: str, words: str) -> None:
    assert call_values(replace(MISSED, by=by, closed_at=AT), BOOKS)["closed_by"] == words


def test_a_call_that_we_made_and_a_number_that_is_withheld() -> None:
    made = replace(ANSWERED, outcome=Outcome.CALLED)
    assert call_values(made, BOOKS)["direction"] == "outgoing"
    assert call_values(made, BOOKS)["answered_by"] == "you"
    hidden = replace(MISSED, number="", name="")
    assert (call_values(hidden, BOOKS)["person"], call_values(hidden, BOOKS)["number"]) == ("", "")


def test_csv_has_a_line_a_call_and_no_formula() -> None:
    lines = list(csv_calls([MISSED, ANSWERED], BOOKS))
    assert lines[0] == ",".join(COLUMNS) + "\r\n"
    assert len(lines) == 3
    (row,) = csv.DictReader(lines[:2])
    assert row["name"] == "'=Vega"
    assert row["note"] == r"Wants a quote,\nby Friday.\n-1"
    assert (row["ring_seconds"], row["talk_seconds"]) == ("14.25", "0")


def test_json_says_what_it_is_and_its_units() -> None:
    text = "".join(json_calls([MISSED, ANSWERED], BOOKS))
    told = json.loads(text)
    assert (told["format"], told["version"]) == ("supportdesk calls", 1)
    assert told["units"]["talk_seconds"] == "seconds"
    assert told["calls"] == [call_values(MISSED, BOOKS), call_values(ANSWERED, BOOKS)]
    assert sum(line.startswith('{"started_at') for line in text.splitlines()) == 2


def test_no_calls_are_a_whole_file_too() -> None:
    assert json.loads("".join(json_calls([], BOOKS)))["calls"] == []
    assert len(list(csv_calls([], BOOKS))) == 1
