import json
from dataclasses import replace
from pathlib import Path

import pytest

from supportdesk.protocols.baresip_messages import (
    CallTurn,
    CommandAnswer,
    Exiting,
    ListedCall,
    Turn,
    after_turn,
    current_call,
    decode,
    listed_calls,
    number_of,
    with_current,
)
from supportdesk.protocols.netstring import NetstringReader

CAPTURES = Path(__file__).parents[2] / "fixtures" / "softphones"
CARLA = "sip:+15550100001@127.0.0.72"


def captured(name: str) -> list[CallTurn | CommandAnswer | Exiting]:
    payloads = NetstringReader("phone").feed((CAPTURES / f"baresip-{name}.netstring").read_bytes())
    return [message for message in map(decode, payloads) if message is not None]


def turns(name: str) -> list[tuple[Turn, str]]:
    return [(one.turn, one.param) for one in captured(name) if isinstance(one, CallTurn)]


def test_a_real_missed_call() -> None:
    first, last, *others = captured("missed")
    assert first == CallTurn(
        turn=Turn.INCOMING,
        call_id="19d02f171000c357",
        uri=CARLA,
        name="Carla Customer",
        is_outgoing=False,
        param=CARLA,
    )
    assert isinstance(last, CallTurn)
    assert (last.turn, last.param) == (Turn.CLOSED, "Connection reset by peer")
    assert others == [Exiting()]


def test_real_calls_of_every_kind() -> None:
    established = [turn for turn, _ in turns("answered")]
    assert established == [Turn.INCOMING, Turn.ESTABLISHED, Turn.CLOSED]
    assert turns("rejected")[-1] == (Turn.CLOSED, "Connection reset by user")
    assert turns("ring-timeout")[-1] == (Turn.CLOSED, "Local timeout")
    assert (Turn.CLOSED, "486 Rejected") in turns("click-to-call")


def test_the_text_of_answers_is_without_colours() -> None:
    answers = [one for one in captured("pbx-missed") if isinstance(one, CommandAnswer)]
    assert [one.token for one in answers] == ["t1"]
    assert answers[0].is_ok
    assert "OK  PhoneLab" in answers[0].text
    assert "\x1b" not in answers[0].text


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"{x}",
        b"[]",
        b"null",
        b'"text"',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"event":true}',
        b'{"event":true,"type":5}',
        b'{"event":true,"type":"REGISTER_OK","id":"1"}',
        b'{"event":true,"type":"CALL_LOCAL_SDP","id":"1"}',
        b'{"event":true,"type":"CALL_INCOMING"}',
        b'{"event":true,"type":"CALL_INCOMING","id":7}',
    ],
)
def test_what_means_nothing_is_left_out(payload: bytes) -> None:
    assert decode(payload) is None


def test_latin_1_and_newer_event_names() -> None:
    name = decode(b'{"event":true,"type":"CALL_INCOMING","id":"1","peerdisplayname":"M\xfcller"}')
    assert isinstance(name, CallTurn)
    assert name.name == "M\ufffdller"
    fields = {"event": True, "type": "CALL_PROGRESS", "id": "1", "direction": "outgoing"}
    progress = decode(json.dumps(fields).encode())
    assert isinstance(progress, CallTurn)
    assert (progress.turn, progress.is_outgoing) == (Turn.RINGING, True)


LISTED = """
--- Active calls (3) ---
  [line 1]  0:00:02  ESTABLISHED  (on hold)  sip:+15550100001@127.0.0.72
> [line 2]  0:00:00   INCOMING             sip:dan@office.example;transport=udp
  [line 3]  0:00:00   RINGING              sip:+15550100003@127.0.0.72
  [line x]  nonsense
"""


def test_the_list_of_calls() -> None:
    assert listed_calls("\n--- Active calls (0) ---\n") == []
    assert listed_calls(LISTED) == [
        ListedCall(uri=CARLA, is_ringing=False),
        ListedCall(uri="sip:dan@office.example;transport=udp", is_ringing=True),
    ]


def test_the_current_call() -> None:
    answers = [one.text for one in captured("answered") if isinstance(one, CommandAnswer)]
    current = current_call(answers[-1])
    assert current is not None
    assert (current.uri, current.name, current.is_ringing) == (CARLA, "Carla Customer", False)
    assert len(current.call_id) == 16
    ringing = current_call(answers[-1].replace("(ESTABLISHED)", "(INCOMING)"))
    assert ringing is not None
    assert ringing.is_ringing
    assert current_call(answers[-1].replace("direction: Incoming", "direction: Outgoing")) is None
    assert current_call("(no active calls)") is None
    assert current_call(" peer_uri:  Carla <sip:1@2>\n") is None


def test_what_is_known_of_the_current_call_takes_its_place() -> None:
    listed = [
        ListedCall(uri="sip:1@x", is_ringing=True),
        ListedCall(uri="sip:1@x", is_ringing=True),
    ]
    current = ListedCall(uri="sip:1@x", is_ringing=True, call_id="a", name="One")
    assert with_current(listed, current) == [current, listed[1]]
    assert with_current(listed, None) == listed
    assert with_current(listed, replace(current, uri="sip:2@x")) == listed


def test_the_current_call_is_no_other_of_that_address() -> None:
    talk = ListedCall(uri="sip:1@x", is_ringing=False)
    ring = ListedCall(uri="sip:1@x", is_ringing=True)
    named = ListedCall(uri="sip:1@x", is_ringing=True, call_id="b")
    current = ListedCall(uri="sip:1@x", is_ringing=True, call_id="a", name="One")
    assert with_current([talk, named, ring], current) == [current, talk, named]
    answered = ListedCall(uri="sip:1@x", is_ringing=False, call_id="b")
    assert with_current([talk, named, ring], answered) == [answered, talk, ring]


def turn_of(turn: Turn, call_id: str, *, is_outgoing: bool = False) -> CallTurn:
    return CallTurn(
        turn=turn, call_id=call_id, uri="sip:1@x", name="One", is_outgoing=is_outgoing, param=""
    )


def test_a_list_is_kept_up_with_what_happens_after_it() -> None:
    listed = after_turn([], turn_of(Turn.INCOMING, "a"))
    assert listed == [ListedCall(uri="sip:1@x", is_ringing=True, call_id="a", name="One")]
    listed = after_turn(listed, turn_of(Turn.INCOMING, "b"))
    assert [one.call_id for one in listed] == ["a", "b"]
    listed = after_turn(listed, turn_of(Turn.ESTABLISHED, "a"))
    assert [(one.call_id, one.is_ringing) for one in listed] == [("b", True), ("a", False)]
    assert [one.call_id for one in after_turn(listed, turn_of(Turn.CLOSED, "b"))] == ["a"]
    nameless = [ListedCall(uri="sip:1@x", is_ringing=True)]
    assert after_turn(nameless, turn_of(Turn.CLOSED, "c")) == []
    assert [one.call_id for one in after_turn(nameless, turn_of(Turn.ESTABLISHED, "c"))] == ["c"]


def test_who_rings_for_the_second_time_is_not_whom_the_founder_talks_to() -> None:
    talk = ListedCall(uri="sip:1@x", is_ringing=False)
    listed = after_turn([talk], turn_of(Turn.INCOMING, "a"))
    assert [(one.call_id, one.is_ringing) for one in listed] == [("", False), ("a", True)]
    assert after_turn(listed, turn_of(Turn.CLOSED, "a")) == [talk]


def test_a_call_from_here_is_listed_while_it_is_talked_on() -> None:
    ring = ListedCall(uri="sip:1@x", is_ringing=True)
    assert after_turn([ring], turn_of(Turn.RINGING, "a", is_outgoing=True)) == [ring]
    listed = after_turn([ring], turn_of(Turn.ESTABLISHED, "a", is_outgoing=True))
    talk = ListedCall(uri="sip:1@x", is_ringing=False, call_id="a", name="One", is_outgoing=True)
    assert listed == [ring, talk]
    closed = turn_of(Turn.CLOSED, "a", is_outgoing=True)
    assert after_turn(listed, closed) == [ring]
    unnamed = ListedCall(uri="sip:1@x", is_ringing=False)
    assert after_turn([ring, unnamed], closed) == [ring]


@pytest.mark.parametrize(
    ("uri", "number"),
    [
        ("sip:+15550100001@127.0.0.72;transport=udp", "+15550100001"),
        ("sips:200@pbx.example:5061", "200"),
        ("sip:carla@customer.example", "carla@customer.example"),
        ("sip:pbx.example", ""),
        ("SIP:*97@pbx", "*97"),
        ("sip:anonymous@anonymous.invalid", ""),
        ("", ""),
    ],
)
def test_numbers_of_addresses(uri: str, number: str) -> None:
    assert number_of(uri) == number
