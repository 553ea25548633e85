"""AMI framing: cutting, decoding, refusing."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.domain.errors import PeerProtocolError
from supportdesk.protocols.ami import (
    MAX_PACKET_BYTES,
    Packet,
    PacketReader,
    UnsendableText,
    encode_action,
    unescape,
)
from tests.unit.protocols.ami_captures import VERSIONS, capture, names

BANNER = b"Asterisk Call Manager/11.0.0\r\n"
ALL = [(version, name) for version in VERSIONS for name in names(version)]


def reader(**wanted: tuple[str, ...]) -> PacketReader:
    made = PacketReader("pbx:5038", wanted or None)
    made.receive(BANNER)
    return made


@pytest.mark.parametrize(("version", "name"), ALL)
def test_a_recording_gives_the_same_packets_whole_and_one_byte_at_a_time(
    version: str, name: str
) -> None:
    recording = capture(version, name)
    at_once = PacketReader("pbx:5038").receive(recording.data)
    receive = PacketReader("pbx:5038").receive
    slowly: list[Packet] = []
    for i in range(len(recording.data)):
        slowly += receive(recording.data[i : i + 1])
    assert at_once == slowly
    assert len(at_once) == len(recording.times)
    assert all(packet.event or packet.response for packet in at_once)


@given(data=st.data())
def test_a_recording_may_be_cut_anywhere(data: st.DataObject) -> None:
    recording = capture("22", "c-answered").data
    cuts = sorted(data.draw(st.lists(st.integers(0, len(recording)), max_size=20)))
    whole = PacketReader("pbx:5038").receive(recording)
    cut_reader = PacketReader("pbx:5038")
    edges = [0, *cuts, len(recording)]
    pieces = [recording[a:b] for a, b in pairwise(edges)]
    assert [packet for piece in pieces for packet in cut_reader.receive(piece)] == whole


def test_the_banner_is_kept() -> None:
    assert reader().banner == "Asterisk Call Manager/11.0.0"


def test_the_banner_and_packets_may_come_in_one_piece() -> None:
    [packet] = PacketReader("pbx:5038").receive(BANNER + b"Event: Shutdown\r\n\r\n")
    assert packet.event == "Shutdown"


def test_a_packet_looks_up_the_first_value_and_keeps_all() -> None:
    [packet] = reader().receive(
        b"Response: Success\r\nActionID: a1\r\nOutput: one\r\nOutput:  two\r\nOutput:\r\n\r\n"
    )
    assert packet.response == "Success"
    assert packet.event == ""
    assert packet.action_id == "a1"
    assert packet.get("Output") == "one"
    assert packet.last("Output") == ""
    assert packet.every("Output") == ("one", " two", "")
    assert packet.get("Missing") == ""
    assert packet.get("Missing", "else") == "else"
    assert packet.last("Missing") == ""


def test_an_event_is_no_response_even_with_a_response_line() -> None:
    packet = Packet(b"Event: OriginateResponse\r\nResponse: Failure")
    assert packet.response == ""
    assert packet.get("Response") == "Failure"


def test_lines_without_a_colon_mean_nothing() -> None:
    packet = Packet(b"Event: X\r\nAction\r\nUniqueid: 1.2")
    assert packet.pairs == (("Event", "X"), ("Uniqueid", "1.2"))
    assert Packet(b"nothing").get("Event", "none") == "none"


def test_numbers_are_numbers_or_zero() -> None:
    packet = Packet(b"Event: AgentConnect\r\nHoldTime: 14\r\nRingTime: soon")
    assert packet.integer("HoldTime") == 14
    assert packet.integer("RingTime") == 0
    assert packet.integer("TalkTime") == 0


def test_packets_are_equal_by_their_bytes() -> None:
    assert Packet(b"Event: X") == Packet(b"Event: X")
    assert Packet(b"Event: X") != Packet(b"Event: Y")
    assert Packet(b"Event: X") != "Event: X"
    assert len({Packet(b"Event: X"), Packet(b"Event: X")}) == 1
    assert repr(Packet(b"Event: X")) == "Packet(b'Event: X')"


def test_the_last_of_a_value_as_a_line_for_people() -> None:
    said = Packet(b"Why: slipped in\r\nWhy: O\\'Brien\\nleaves\xe2\x80\xae")
    assert said.last_line("Why") == "O'Brien leaves"
    assert said.last_line("Who") == ""


def test_empty_lines_before_a_packet_are_dropped() -> None:
    packets = reader(DialState=()).receive(b"\r\nEvent: DialState\r\nA: b\r\n\r\n\r\n\r\n")
    assert [packet.get("A") for packet in packets] == ["b"]


def test_unwanted_events_are_not_made() -> None:
    wanted = ("\r\nVariable: QUEUESTATUS\r\n", "\r\nVariable: DIALSTATUS\r\n")
    packets = reader(Hangup=(), VarSet=wanted).receive(
        b"Event: RTCPSent\r\nA: b\r\n\r\n"
        b"Event: VarSet\r\nVariable: X\r\nValue: QUEUESTATUS\r\n\r\n"
        b"Event: VarSet\r\nVariable: QUEUESTATUS\r\nValue: FULL\r\n\r\n"
        b"Event: Hangup\r\nCause: 16\r\n\r\n"
        b"Event: HangupRequest\r\nCause: 16\r\n\r\n"
        b"Response: Success\r\n\r\n"
    )
    assert [packet.event for packet in packets] == ["VarSet", "Hangup", ""]


def test_utf8_split_between_reads_stays_whole() -> None:
    made = reader()
    data = "Event: X\r\nCallerIDName: Zoë 日本語 🎧\r\n\r\n".encode()
    packets = [packet for i in range(len(data)) for packet in made.receive(data[i : i + 1])]
    assert packets[0].get("CallerIDName") == "Zoë 日本語 🎧"


def test_a_line_that_is_not_utf8_is_latin1_and_its_neighbours_stay_utf8() -> None:
    raw = b"Event: X\r\nCallerIDName: Zo\xeb M\xfcller\r\nConnectedLineName: " + "Zoë".encode()
    packet = Packet(raw)
    assert packet.get("CallerIDName") == "Zoë Müller"
    assert packet.get("ConnectedLineName") == "Zoë"


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        (b"+15550100001", "+15550100001"),
        (b"<unknown>", ""),
        (b"unknown", ""),
        (b"", ""),
        (b"anonymous", ""),
        (b"Anonymous", ""),
        (b"Restricted", ""),
        (b"sip:anonymous@anonymous.invalid", ""),
        (b"sip:+15550100001@pbx.example", "+15550100001"),
        (b" +1\t555 ", "+1 555"),
    ],
)
def test_withheld_numbers_are_empty(raw: bytes, number: str) -> None:
    assert Packet(b"CallerIDNum: " + raw).caller_number() == number


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (r"O\'Brien", "O'Brien"),
        (r"Bob \\\"The Boss\\\" O\\\\Neil", r"Bob \"The Boss\" O\\Neil"),
        (r"tab\there", "tab here"),
        (r"what\?", "what?"),
        (r"line\nbreak\r\n", "line break"),
        ("<unknown>", ""),
        ("\u202eevil\u2066", "evil"),
        ("a\u2028b", "a b"),
        ("بهتر\u200cشد 👩\u200d💻", "بهتر\u200cشد 👩\u200d💻"),
    ],
)
def test_names_of_channels_are_unescaped(raw: str, name: str) -> None:
    packet = Packet(f"ChannelState: 6\r\nCallerIDName: {raw}".encode())
    assert packet.caller_name() == name


def test_names_of_queue_entries_are_not_escaped() -> None:
    packet = Packet(rb"Event: QueueEntry" + b"\r\n" + rb"CallerIDName: back\slash O'Brien")
    assert packet.caller_name() == r"back\slash O'Brien"


def test_the_dialled_side_has_a_name_of_its_own() -> None:
    packet = Packet(rb"DestChannelState: 5" + b"\r\n" + rb"DestCallerIDName: Fay O\'Neil")
    assert packet.caller_name("Dest") == "Fay O'Neil"


def test_unescape_knows_the_c_escapes() -> None:
    assert unescape(r"\a\b\f\n\r\t\v\\\'\"\?") == "\a\b\f\n\r\t\v\\'\"?"
    assert unescape("a\\") == "a\\"
    assert unescape("plain") == "plain"


def test_a_caller_cannot_slip_in_a_uniqueid() -> None:
    """CallerIDNum may hold line breaks (%0d%0a in a SIP URI), and Asterisk prints them."""
    raw = b"Event: Hangup\r\nCallerIDNum: x\r\nUniqueid: victim\r\nUniqueid: 1.2"
    assert Packet(raw).last("Uniqueid") == "1.2"


def test_a_packet_without_end_is_refused() -> None:
    made = reader()
    made.receive(b"Event: X\r\n" + b"a" * (MAX_PACKET_BYTES - 50))
    with pytest.raises(PeerProtocolError, match="pbx:5038 sends a packet without an end"):
        made.receive(b"b" * 100)


@pytest.mark.parametrize(
    ("heard", "words"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n", "a web server answers there"),
        (b"<!DOCTYPE HTML>\n<html>\r\n", "a web server answers there"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "an SSH server answers there"),
        (b"SIP/2.0 400 Bad Request\r\n", "a SIP server answers there"),
        (b"* OK [CAPABILITY IMAP4rev1] ready\r\n", "an IMAP mail server answers there"),
        (b"+OK POP3\r\n", "a POP3 mail server answers there"),
        (b"220 mail ESMTP\r\n", "a mail or FTP server answers there"),
        (b"RFB 003.008\n\r\n", "a VNC server answers there"),
        (b"\x15\x03\x01\x00\x02\x02\x46", "it expects TLS"),
        (b"Hello?\r\n", "it says “Hello?”"),
        (b"\x00\x01\x02\r\n", "it says nothing readable"),
        (b"Asterisk Call Center/1\r\n", "it says “Asterisk Call Center/1”"),
        (b"Asterisk Call\r\n", "it says “Asterisk Call”"),
        (b"x" * 200, "it says “" + "x" * 40 + "”"),
        (BANNER[:-2] + b"x" * 2000, "it says “Asterisk Call Manager/11.0.0xxxxxxxxxxxx”"),
    ],
)
def test_another_protocol_is_named(heard: bytes, words: str) -> None:
    with pytest.raises(PeerProtocolError) as caught:
        PacketReader("pbx:5038").receive(heard)
    assert caught.value.title == f"pbx:5038 is not an Asterisk manager port: {words}"
    assert "5038" in caught.value.advice


def test_a_short_word_without_a_line_is_judged_at_the_end() -> None:
    made = PacketReader("pbx:5038")
    assert not made.has_heard_something()
    assert made.receive(b"login: ") == []
    assert made.has_heard_something()
    with pytest.raises(PeerProtocolError, match="it says “login: ”"):
        made.end()


@pytest.mark.parametrize("heard", [b"", b"Asterisk Ca", BANNER, BANNER + b"Event: X\r\n"])
def test_an_end_in_the_middle_of_ami_is_no_other_protocol(heard: bytes) -> None:
    made = PacketReader("pbx:5038")
    made.receive(heard)
    made.end()
    assert made.has_heard_something() == bool(heard)


def test_an_action_is_lines_and_an_empty_line() -> None:
    data = encode_action("Originate", "a1", [("Channel", "PJSIP/100"), ("CallerID", "Zoë <1>")])
    expected = (
        "Action: Originate\r\nActionID: a1\r\nChannel: PJSIP/100\r\nCallerID: Zoë <1>\r\n\r\n"
    )
    assert data == expected.encode()


@pytest.mark.parametrize("bad", ["a\r\nX: y", "a\nb", "a\rb", "a\0b", "a" * 1000])
def test_an_action_refuses_what_would_break_its_line(bad: str) -> None:
    with pytest.raises(UnsendableText, match="Data"):
        encode_action("Originate", "a1", [("Data", bad)])
