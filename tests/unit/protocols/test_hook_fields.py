import json
from datetime import UTC, datetime, timedelta

import pytest

from supportdesk.protocols.hook_calls import HookTurn
from supportdesk.protocols.hook_fields import HookFieldError, SentEvent, made_event, sent_event

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
NUMBER = "+420541220018"


def sent(**fields: object) -> SentEvent:
    said = {"event": "missed", "from": NUMBER} | fields
    return sent_event(json.dumps(said).encode(), NOW)


def wrong(body: bytes) -> HookFieldError:
    with pytest.raises(HookFieldError) as caught:
        sent_event(body, NOW)
    return caught.value


def wrong_field(**fields: object) -> HookFieldError:
    return wrong(json.dumps({"event": "missed", "from": NUMBER} | fields).encode())


def test_all_that_can_be_said() -> None:
    found = sent(
        event="answered",
        name="Pavel Kiss",
        id="4711",
        to="support",
        by="Anna",
        at="2026-11-21T10:59:30+01:00",
        event_id="delivery-1",
    )
    event = found.event
    assert (event.turn, event.number, event.name) == (HookTurn.ANSWERED, NUMBER, "Pavel Kiss")
    assert (event.call_id, event.to, event.by) == ("4711", "support", "Anna")
    assert event.at == NOW - timedelta(seconds=30)
    assert (found.event_id, found.ignored) == ("delivery-1", ())


def test_event_and_number_are_enough() -> None:
    found = sent()
    assert (found.event.at, found.event.call_id, found.event_id) == (NOW, "", "")
    assert sent(name=None, id=None, at=None) == found


def test_the_founder_says_that_it_was_they_who_answered() -> None:
    assert sent(event="answered", me=True).event.by == "you"
    assert sent(event="answered", me=True, by="Anna").event.by == "you"
    assert sent(event="answered", me=False, by="Anna").event.by == "Anna"
    assert sent(event="answered", me=None).event.by == ""


@pytest.mark.parametrize("turn", ["ringing", "answered", "missed", "ended"])
def test_every_turn(turn: str) -> None:
    assert sent(event=turn).event.turn.value == turn


def test_what_is_not_known_is_named_and_does_no_harm() -> None:
    assert sent(caller_name="Pavel", agent="Anna").ignored == ("agent", "caller_name")
    many = sent(**{f"x{number:02}": 1 for number in range(30)})
    assert len(many.ignored) == 10


def test_a_call_may_have_a_number_for_an_id() -> None:
    assert sent(id=4711).event.call_id == "4711"


def test_what_would_break_a_line_or_turn_the_reading_direction_is_left_out() -> None:
    event = sent(name="Eve\r\nAnswered: \u202ebob\x00", id="1\n2", **{"from": "+420\t541"}).event
    assert (event.name, event.call_id, event.number) == ("Eve Answered: bob", "1 2", "+420 541")
    assert sent(name="\ud800x").event.name == "x"


def test_long_names_are_cut_for_the_event_matters_more() -> None:
    assert sent(name="n" * 500).event.name == "n" * 200


def test_a_clock_that_is_ahead_is_not_believed() -> None:
    assert sent(at="2026-11-21T11:00:00Z").event.at == NOW


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("event", "rung"),
        ("event", None),
        ("event", 1),
        ("from", ""),
        ("from", " \r\n"),
        ("from", None),
        ("from", 420541220018),
        ("name", ["Pavel"]),
        ("id", True),
        ("id", "x" * 201),
        ("id", 1.5),
        ("event_id", {}),
        ("me", "true"),
        ("me", 1),
        ("at", "yesterday"),
        ("at", "2026-11-21T10:00:00"),
        ("at", "0001-01-01T00:00:00+14:00"),
        ("at", "2026-10-01T00:00:00Z"),
        ("at", 1732183200),
    ],
)
def test_a_wrong_field_is_named(field: str, value: object) -> None:
    error = wrong_field(**{field: value})
    assert error.field == field
    assert f"field {field} " in error.sentence
    assert error.sentence.endswith(".")


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff\xfe\xfd", b"[" * 60_000, b"1" * 60_000, b"[]", b'"missed"', b"null", b"NaN"],
)
def test_what_is_no_json_object(body: bytes) -> None:
    assert wrong(body).field == ""


def test_an_event_is_made_of_texts() -> None:
    event = made_event("ringing", "+420\x07541", NOW, name="A\nB")
    assert event is not None
    assert (event.number, event.name) == ("+420541", "A B")
    assert made_event("singing", NUMBER, NOW) is None
    assert made_event("ringing", "\r\n", NOW) is None


@pytest.mark.parametrize(
    ("told", "number"),
    [
        ("anonymous", ""),
        ("<unknown>", ""),
        ("sip:anonymous@anonymous.invalid", ""),
        (f"sip:{NUMBER}@pbx.example;user=phone", NUMBER),
        ("sip:carla@customer.example", "carla@customer.example"),
    ],
)
def test_a_caller_is_taken_as_by_any_other_phone(told: str, number: str) -> None:
    assert sent(**{"from": told}).event.number == number
