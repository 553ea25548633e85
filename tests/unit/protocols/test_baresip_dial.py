from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from supportdesk.domain.calls import Caller, CallId
from supportdesk.domain.events import DialProgressed
from supportdesk.domain.health import SourceName
from supportdesk.protocols.baresip_dial import (
    ANSWER_PATIENCE,
    RING_PATIENCE,
    BaresipDial,
    Command,
    DialOutput,
)
from supportdesk.protocols.baresip_messages import CallTurn, CommandAnswer, Turn

DESK = SourceName("Desk")
T0 = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
CARLA = "sip:+15550100001@pbx;transport=udp"
CALLER = Caller(
    phone=DESK,
    call_id=CallId("a"),
    number="+15550100001",
    name="Carla",
    queue="",
    joined_at=T0,
    channel="a",
)


def turn(kind: Turn, call_id: str = "x", param: str = "", uri: str = CARLA) -> CallTurn:
    return CallTurn(turn=kind, call_id=call_id, uri=uri, name="", is_outgoing=True, param=param)


def incoming(kind: Turn, call_id: str = "a") -> CallTurn:
    return CallTurn(
        turn=kind, call_id=call_id, uri=CARLA, name="Carla", is_outgoing=False, param=""
    )


def said(outputs: Sequence[DialOutput]) -> list[tuple[str, bool, bool]]:
    return [
        (one.words, one.is_over, one.has_failed)
        for one in outputs
        if isinstance(one, DialProgressed)
    ]


OK = CommandAnswer(token="t", is_ok=True, text="")
NO = CommandAnswer(token="t", is_ok=False, text="could not find UA")


@pytest.fixture
def dial() -> BaresipDial:
    return BaresipDial(DESK)


def test_a_call_back_from_the_click_to_the_talk(dial: BaresipDial) -> None:
    assert dial.deadline is None
    command = Command(name="dial", parameters="+15550100001")
    assert dial.call_back("+1 555 010-0001", "Carla", T0) == [command]
    assert dial.deadline == T0 + ANSWER_PATIENCE
    assert said(dial.answered("dial", OK, T0)) == [("Calling Carla", False, False)]
    assert dial.answered("dial", OK, T0) == []
    assert said(dial.apply(turn(Turn.RINGING), T0)) == [("Carla is being rung", False, False)]
    assert dial.apply(turn(Turn.INCOMING), T0) == []
    assert dial.apply(turn(Turn.CLOSED, "another"), T0) == []
    assert said(dial.apply(turn(Turn.ESTABLISHED), T0)) == [
        ("You are talking to Carla", True, False)
    ]
    assert dial.deadline is None
    assert dial.apply(turn(Turn.CLOSED), T0) == []


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("486 Busy Here", "Carla is busy"),
        ("404 Not Found", "Carla cannot be reached: the phone system does not know the number"),
        ("Connection reset by user", "You hung up before Carla answered"),
        ("599 Odd", "Carla cannot be reached (599 Odd)"),
        ("", "Carla cannot be reached (no reason given)"),
    ],
)
def test_why_nobody_was_reached(dial: BaresipDial, reason: str, words: str) -> None:
    dial.call_back("+15550100001", "Carla", T0)
    assert said(dial.apply(turn(Turn.CLOSED, param=reason), T0)) == [(words, True, True)]
    assert dial.answered("dial", OK, T0) == []


def test_somebody_without_a_number_is_called_by_address(dial: BaresipDial) -> None:
    command = Command(name="dial", parameters="sip:carla@customer.example")
    assert dial.call_back("carla@customer.example", "", T0) == [command]
    ringing = turn(Turn.RINGING, uri="sip:carla@customer.example")
    assert said(dial.apply(ringing, T0)) == [("carla@customer.example is being rung", False, False)]


def test_what_cannot_be_dialled_is_refused_in_words(dial: BaresipDial) -> None:
    assert said(dial.call_back("", "Carla", T0)) == [
        ("There is no number to call back", True, True)
    ]
    assert said(dial.call_back("quit\nnow", "", T0)) == [
        ("“quitnow” cannot be dialled", True, True)
    ]


def test_never_two_calls_for_two_clicks(dial: BaresipDial) -> None:
    dial.call_back("+15550100001", "Carla", T0)
    expected = [("baresip is already calling Carla", True, True)]
    assert said(dial.call_back("+15550100001", "Carla", T0)) == expected
    assert said(dial.take(CALLER, "a", T0)) == expected


def test_a_refusal_of_baresip_is_passed_on(dial: BaresipDial) -> None:
    dial.call_back("+15550100001", "Carla", T0)
    assert said(dial.answered("dial", NO, T0)) == [
        ("baresip refused: could not find UA", True, True)
    ]
    dial.take(CALLER, "a", T0)
    dial.answered("callfind", OK, T0)
    silent = CommandAnswer(token="t", is_ok=False, text="")
    assert said(dial.answered("accept", silent, T0)) == [("baresip refused: no reason", True, True)]


def test_taking_a_call_from_the_click_to_the_talk(dial: BaresipDial) -> None:
    assert dial.take(CALLER, "a", T0) == [Command(name="callfind", parameters="a")]
    assert said(dial.take(CALLER, "a", T0)) == [("Carla is being answered", False, False)]
    assert dial.answered("callfind", OK, T0) == [Command(name="accept")]
    assert dial.answered("accept", OK, T0) == []
    assert said(dial.apply(incoming(Turn.ESTABLISHED), T0)) == [
        ("You are talking to Carla", True, False)
    ]


def test_a_caller_who_is_gone_is_not_taken(dial: BaresipDial) -> None:
    dial.take(CALLER, "a", T0)
    gone = CommandAnswer(token="t", is_ok=False, text="call not found (id=a)")
    assert said(dial.answered("callfind", gone, T0)) == [
        ("Carla does not ring any more", True, True)
    ]
    dial.take(CALLER, "a", T0)
    assert said(dial.apply(incoming(Turn.CLOSED), T0)) == [
        ("Carla hung up before you answered", True, True)
    ]


def test_a_call_without_an_id_is_answered_in_baresip(dial: BaresipDial) -> None:
    (words,) = said(dial.take(CALLER, "", T0))
    assert words[0].startswith("Answer Carla in baresip")
    assert words[1:] == (True, True)


def test_time_runs_out(dial: BaresipDial) -> None:
    assert dial.tick(T0) == []
    dial.call_back("+15550100001", "Carla", T0)
    assert dial.tick(T0 + timedelta(seconds=1)) == []
    assert said(dial.tick(T0 + ANSWER_PATIENCE)) == [("baresip does not answer", True, True)]
    dial.call_back("+15550100001", "Carla", T0)
    dial.answered("dial", OK, T0)
    assert said(dial.tick(T0 + RING_PATIENCE)) == [("Carla did not answer", True, True)]


def test_hanging_up(dial: BaresipDial) -> None:
    assert dial.hang_up() == [Command(name="hangup")]
    dial.call_back("+15550100001", "Carla", T0)
    dial.apply(turn(Turn.RINGING), T0)
    assert dial.hang_up() == [Command(name="callfind", parameters="x"), Command(name="hangup")]


def test_an_attempt_ends_with_its_link(dial: BaresipDial) -> None:
    assert dial.give_up("gone", T0) == []
    dial.call_back("+15550100001", "Carla", T0)
    assert said(dial.give_up("baresip was closed", T0)) == [("baresip was closed", True, True)]


def test_what_the_founder_dials_by_hand_is_no_attempt(dial: BaresipDial) -> None:
    assert dial.apply(turn(Turn.RINGING), T0) == []
    assert dial.apply(incoming(Turn.ESTABLISHED), T0) == []
    assert dial.apply(turn(Turn.ESTABLISHED), T0) == []


def test_the_end_of_an_earlier_call_to_the_same_number_is_not_the_attempts(
    dial: BaresipDial,
) -> None:
    dial.call_back("+15550100001", "Carla", T0)
    dial.apply(turn(Turn.ESTABLISHED, "first"), T0)
    dial.call_back("+15550100001", "Carla", T0)
    assert dial.apply(turn(Turn.CLOSED, "first", param="Connection reset by user"), T0) == []
    assert said(dial.apply(turn(Turn.RINGING, "second"), T0)) == [
        ("Carla is being rung", False, False)
    ]
