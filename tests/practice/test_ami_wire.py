import pytest

from supportdesk.practice.ami_wire import (
    MAX_LINE_BYTES,
    ActionReader,
    AmiAction,
    AmiEvent,
    BadAction,
    c_escaped,
    encode_block,
)

TWO_ACTIONS = b"Action: Ping\r\nActionID: 1\r\n\r\nACTION: QueueStatus\r\nactionid: 2\r\n\r\n"


@pytest.mark.parametrize("size", [1, 2, 7, len(TWO_ACTIONS)])
def test_actions_are_found_however_the_bytes_are_split(size: int) -> None:
    reader = ActionReader()
    found = []
    for start in range(0, len(TWO_ACTIONS), size):
        found += reader.receive(TWO_ACTIONS[start : start + size])
    assert [(a.name, a.action_id) for a in found if isinstance(a, AmiAction)] == [
        ("Ping", "1"),
        ("QueueStatus", "2"),
    ]


def test_bare_line_feeds_are_taken_too() -> None:
    (action,) = ActionReader().receive(b"Action: Ping\nActionID: lf\n\n")
    assert isinstance(action, AmiAction)
    assert action.action_id == "lf"


def test_a_block_without_action_is_an_error() -> None:
    assert ActionReader().receive(b"\r\n") == [
        BadAction(message="Missing action in request", action_id="")
    ]


def test_a_line_that_is_too_long_spoils_its_block_only() -> None:
    line = b"Action: Ping\r\nActionID: " + b"z" * MAX_LINE_BYTES + b"\r\n\r\n"
    reader = ActionReader()
    assert reader.receive(line + b"Action: Ping\r\n\r\n") == [
        BadAction(message="Failed to parse message: line too long", action_id=""),
        AmiAction(fields=(("Action", "Ping"),)),
    ]


def test_a_line_without_end_does_not_grow_for_ever() -> None:
    reader = ActionReader()
    for _ in range(100):
        assert reader.receive(b"x" * 1000) == []
    assert reader.receive(b"\r\n\r\n") == [
        BadAction(message="Failed to parse message: line too long", action_id="")
    ]


def test_a_field_that_is_missing_has_its_default() -> None:
    action = AmiAction(fields=(("Action", "Ping"),))
    assert action.get("Timeout", "30000") == "30000"
    assert action.get("Channel") == ""


def test_names_are_escaped_as_asterisk_escapes_them() -> None:
    assert c_escaped("Conan O'Brien") == r"Conan O\'Brien"
    assert c_escaped('Bob "The Boss"\tO\\Neil') == r"Bob \"The Boss\"\tO\\Neil"
    assert c_escaped("Tomáš Beran") == "Tomáš Beran"


def test_a_block_ends_with_an_empty_line() -> None:
    event = AmiEvent(name="Hangup", privilege="call,all", fields=(("Cause", "16"),))
    assert event.encode() == b"Event: Hangup\r\nPrivilege: call,all\r\nCause: 16\r\n\r\n"
    assert event.read_class == "call"
    assert event.get("Cause") == "16"
    assert event.get("Channel") == ""
    assert encode_block((("AccountCode", ""),)) == b"AccountCode: \r\n\r\n"
