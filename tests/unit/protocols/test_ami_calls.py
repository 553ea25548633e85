"""From recorded Asterisk events to what happened: every recording, whole and byte by byte."""

from dataclasses import replace

import pytest

from supportdesk.domain.calls import Call, CallId, MemberState, MissedReason, Outcome
from supportdesk.domain.events import CallAnswered, CallEnded, CallerJoined, CallMissed
from supportdesk.domain.health import SourceName
from supportdesk.protocols.ami import Packet
from supportdesk.protocols.ami_calls import CallBook, PhoneIdentity, endpoint_of
from supportdesk.protocols.ami_line import Phase
from tests.fakes.ami_script import member, packet, queue
from tests.unit.protocols.ami_captures import VERSIONS, Capture, capture, expectations, names
from tests.unit.protocols.scripted_pbx import (
    START,
    ScriptedPbx,
    Splitter,
    at,
    one_byte_at_a_time,
    whole,
)
from tests.unit.protocols.transcripts import assert_same, call_lines, member_lines

OFFICE = SourceName("Office")
LAB = [
    *map(queue, ("support", "strict", "fpbx", "sales")),
    member("support", "PJSIP/201", "Ann Agent", "5"),
    member("support", "PJSIP/202", "Bob Agent", "5"),
    member("strict", "PJSIP/201", "Ann Agent", "5"),
]
EXPECTED = expectations()


def replay(
    recording: Capture, split: Splitter = whole, queues: tuple[str, ...] = ()
) -> ScriptedPbx:
    """Play what the PBX said of its own accord to a session of ours."""
    identity = PhoneIdentity(name=OFFICE, queues=queues, founder="PJSIP/100")
    pbx = ScriptedPbx(identity=identity, queues=LAB, split=split, banner=recording.banner).connect()
    pbx.events.clear()
    for seconds, data in recording.unasked():
        pbx.say(data, after=seconds)
    pbx.run_until((pbx.now - START).total_seconds() + 5)
    return pbx


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("split", [whole, one_byte_at_a_time])
@pytest.mark.parametrize("name", EXPECTED)
def test_a_recording_tells_what_happened(name: str, split: Splitter, version: str) -> None:
    pbx = replay(capture(version, name), split)
    assert pbx.closed is None
    assert_same(call_lines(pbx.events, START), EXPECTED[name].turns)
    if EXPECTED[name].members:
        assert members_at_the_end(pbx) == EXPECTED[name].members


def members_at_the_end(pbx: ScriptedPbx) -> str:
    assert pbx.book is not None
    members = pbx.book.members.current() or ()
    return ", ".join(dict.fromkeys(f"{one.name} {one.state.value}" for one in members))


def test_every_recording_has_an_expectation() -> None:
    for version in VERSIONS:
        assert set(names(version)) == {*EXPECTED, "k-caller-id"}


@pytest.mark.parametrize("version", VERSIONS)
def test_names_and_numbers_of_callers(version: str) -> None:
    pbx = replay(capture(version, "k-caller-id"))
    seen = {
        event.caller.number: event.caller.name
        for event in pbx.events
        if isinstance(event, CallerJoined)
    }
    latin1 = {"22": "Zo\ufffd M\ufffdller", "16": "Zoë Müller"}[version]
    tel = {"+1-555-010-0009": ""} if version == "22" else {}
    assert seen == {
        "+15550100002": "Zoë Müller 日本語 🎧",
        "+15550100003": latin1,
        "+15550100004": r"Bob \"The Boss\" O\\Neil",
        "5550100005": "a;b,c<d>: e=f&g|h'i",
        "5" * 79: "N" * 79,
        "+15550100007": "",
        "+15550100008": "",
        "": "x%0d%0aEvent: Fake",
        **tel,
        "+15550100010": "<b>Bob</b> & <a href=x>y</a>",
        "+15550100013": "Conan O'Brien",
        "+15550100011": "evil\u200b",
        "+15550100012": "tab here sep",
    }
    joined = [event for event in pbx.events if isinstance(event, CallerJoined)]
    missed = [event for event in pbx.events if isinstance(event, CallMissed)]
    assert len(joined) == len(missed) == (15 if version == "22" else 14)
    assert all(event.reason is MissedReason.NOBODY_THERE for event in missed)


def test_members_move_as_they_do_in_the_recording() -> None:
    pbx = replay(capture("22", "f-members"), queues=("support",))
    assert member_lines(pbx.events) == [
        "Ann Agent paused (lunch)",
        "Ann Agent free",
        "Ann Agent paused",
        "Ann Agent free",
        "Cy Agent free",
        "PJSIP/203 left",
        "Cy Agent free",
        "Cy Agent on a call",
        "Cy Agent free",
        "PJSIP/203 left",
        "Ann Agent paused (lunch)",
        "Ann Agent free",
        "Ann Agent gone",
        "Ann Agent free",
    ]


# What the recordings do not hold, in packets of the same shape.


class Desk:
    """A call book that is fed event by event, a second apart."""

    def __init__(self, *queues: str, founder: str = "PJSIP/100") -> None:
        identity = PhoneIdentity(name=OFFICE, queues=queues, founder=founder)
        self.book = CallBook(identity)
        self.book.members.replace([Packet(packet(**item)[:-4]) for item in LAB], at(0))
        self.seconds = 0
        self.lines: list[str] = []

    def hears(self, event: str, uniqueid: str = "1.0", **fields: str) -> "Desk":
        self.seconds += 1
        privilege = "agent,all" if event.startswith(("Queue", "Agent")) else "call,all"
        said = {
            "Event": event,
            "Privilege": privilege,
            "Channel": f"PJSIP/trunk-{uniqueid}",
            "ChannelState": "4",
            "CallerIDNum": "+1555",
            "Context": "from-trunk",
            "Exten": "800",
            "Uniqueid": uniqueid,
            "Linkedid": uniqueid,
            **fields,
        }
        events = self.book.apply(Packet(packet(**said)[:-4]), at(self.seconds))
        self.lines += [line.partition(" ")[2] for line in call_lines(events, START)]
        return self


def test_an_unknown_event_means_nothing() -> None:
    assert Desk().hears("MusicOnHoldStart").lines == []


@pytest.mark.parametrize(
    "fields",
    [
        {"Channel": "PJSIP/201-01", "Context": "elsewhere"},
        {"Channel": "PJSIP/100-01", "Context": "elsewhere"},
        {"Channel": "PJSIP/555-01", "Context": "from-internal"},
        {"Channel": "Local/200@from-trunk-01;2"},
        {"ChannelState": "0"},
        {"Linkedid": "0.9"},
    ],
)
def test_calls_of_the_team_are_never_missed_customers(fields: dict[str, str]) -> None:
    desk = Desk().hears("Newchannel", **fields).hears("Hangup", Cause="16")
    assert desk.lines == []
    assert desk.book.lines == {}


def test_a_colleague_who_waits_in_a_queue_is_a_caller_all_the_same() -> None:
    desk = Desk().hears("Newchannel", Channel="PJSIP/555-01", Context="from-internal")
    desk.hears("QueueCallerJoin", Queue="support").hears("Hangup", Cause="0")
    assert desk.lines == [
        "#0 joined support: +1555",
        "#0 missed support 1.0 NOBODY_THERE",
    ]


@pytest.mark.parametrize(
    ("channel", "by"),
    [
        ("PJSIP/201-01", "Ann Agent (PJSIP/201)"),
        ("PJSIP/100-01", "you (PJSIP/100)"),
        ("Local/100@from-internal-01;1", "you (PJSIP/100)"),
        ("PJSIP/555-01", "PJSIP/555 (PJSIP/555)"),
    ],
)
def test_who_of_the_team_called_a_customer(channel: str, by: str) -> None:
    inside = {"Channel": channel, "Context": "from-internal"}
    desk = (
        Desk()
        .hears("Newchannel", **inside, ChannelState="4")
        .hears(
            "DialEnd",
            **inside,
            DialStatus="ANSWER",
            CallerIDName="",
            DestChannel="PJSIP/trunk-02",
            DestUniqueid="2.0",
            DestContext="from-trunk",
            DestCallerIDNum="+15550100001",
        )
    )
    desk.hears("Hangup", "2.0")
    assert desk.lines == [f"#0 called by {by}: +15550100001", "#0 ended 1.0"]


def test_a_customer_who_is_sent_on_to_a_phone_outside_was_called_by_nobody() -> None:
    desk = Desk().hears("Newchannel").hears("DialBegin", DestChannel="PJSIP/mobile-02")
    desk.hears(
        "DialEnd",
        DialStatus="ANSWER",
        DestChannel="PJSIP/mobile-02",
        DestUniqueid="2.0",
        DestContext="from-trunk",
        DestCallerIDNum="+15550100001",
    )
    assert [line.split()[1] for line in desk.lines] == ["joined", "answered"]


def test_analogue_lines_ring_in_a_state_of_their_own_and_old_ones_have_no_linkedid() -> None:
    desk = Desk().hears("Newchannel", ChannelState="8", Linkedid="").hears("Hangup", Cause="3")
    assert desk.lines == ["#0 missed directly 1.0 PHONE_OFFLINE"]


def test_a_better_name_of_the_dialplan_is_taken() -> None:
    desk = Desk().hears("Newchannel")
    desk.hears("QueueCallerJoin", Queue="support", CallerIDName="Looked Up", CallerIDNum="+1777")
    assert desk.lines == ["#0 joined support: +1777 Looked Up"]


def test_a_phone_in_a_queue_that_rings_is_no_answer_before_agentconnect() -> None:
    desk = Desk().hears("Newchannel").hears("QueueCallerJoin", Queue="support")
    desk.hears("DialBegin", DestChannel="PJSIP/201-01")
    desk.hears("DialEnd", DestChannel="PJSIP/201-01", DialStatus="ANSWER")
    assert desk.lines == ["#0 joined support: +1555"]
    desk.hears("AgentConnect", MemberName="Ann Agent", Interface="PJSIP/201", HoldTime="2")
    assert desk.lines[1:] == ["#0 answered by Ann Agent (PJSIP/201) 3.0"]


def test_without_queue_events_a_member_whose_phone_rings_is_there() -> None:
    desk = Desk().hears("Newchannel").hears("DialBegin", DestChannel="PJSIP/201-01")
    desk.hears("DialBegin", DestChannel="PJSIP/202-01")
    heard = Desk().hears("QueueCallerJoin", Queue="support").hears("Newchannel", "2.0")
    heard.hears("DialBegin", "2.0", DestChannel="PJSIP/201-01")
    for interface, book, state in (
        ("PJSIP/201", desk.book, MemberState.RINGING),
        ("PJSIP/202", desk.book, MemberState.RINGING),
        ("PJSIP/201", heard.book, MemberState.GONE),
    ):
        member = book.members.find(interface)
        assert member is not None
        assert member.state is state


def test_holdtime_is_believed_when_events_came_late() -> None:
    desk = Desk().hears("QueueCallerJoin", Queue="support")
    desk.hears("AgentConnect", MemberName="Ann Agent", Interface="PJSIP/201", HoldTime="8")
    assert desk.lines[1:] == ["#0 answered by Ann Agent (PJSIP/201) 8.0"]


def test_a_wait_over_two_queues_is_one_wait() -> None:
    desk = Desk().hears("QueueCallerJoin", Queue="support")
    desk.hears("QueueCallerAbandon", Queue="support").hears("QueueCallerLeave", Queue="support")
    desk.hears("QueueCallerJoin", Queue="sales")
    desk.hears("AgentConnect", MemberName="Cy", Interface="PJSIP/203", HoldTime="1")
    assert desk.lines == [
        "#0 joined support: +1555",
        "#0 joined sales: +1555",
        "#0 answered by Cy (PJSIP/203) 4.0",
    ]


def test_a_customer_handed_back_into_a_queue_waits_again() -> None:
    desk = Desk().hears("Newchannel").hears("QueueCallerJoin", Queue="support")
    desk.hears("AgentConnect", MemberName="Ann Agent", Interface="PJSIP/201", HoldTime="1")
    desk.hears("BridgeLeave", BridgeUniqueid="b").hears("QueueCallerJoin", Queue="sales")
    desk.hears("HangupRequest").hears("QueueCallerAbandon", Queue="sales").hears("Hangup")
    assert desk.lines[2:] == [
        "#0 joined sales: +1555",
        "#0 missed sales 3.0 NOBODY_THERE",
    ]


def test_the_founder_takes_over_from_whoever_lifted_the_call() -> None:
    desk = Desk().hears("Newchannel").hears("QueueCallerJoin", Queue="support")
    desk.hears("AgentConnect", MemberName="Ann Agent", Interface="PJSIP/201", HoldTime="1")
    caller = desk.book.lines[CallId("1.0")].caller(OFFICE)
    taken = desk.book.lifted(replace(caller, channel="", is_lifted=True))
    assert taken.channel == "PJSIP/trunk-1.0"
    desk.hears("BridgeEnter", "2.0", BridgeUniqueid="b", Channel="PJSIP/100-02")
    desk.hears("BridgeEnter", BridgeUniqueid="b").hears("Hangup")
    assert desk.lines[2:] == [
        "#0 joined directly: +1555",
        "#0 answered by you (PJSIP/100) 0.0",
        "#0 ended 1.0",
    ]


def test_the_founders_local_member_is_the_founder() -> None:
    desk = Desk().hears("QueueCallerJoin", Queue="support")
    desk.hears("AgentConnect", MemberName="Fay", Interface="Local/100@q/n", HoldTime="1")
    assert desk.lines[1:] == ["#0 answered by Fay (PJSIP/100) 1.0"]


def test_without_a_founder_a_local_member_is_itself() -> None:
    desk = Desk(founder="").hears("QueueCallerJoin", Queue="support")
    desk.hears("AgentConnect", MemberName="Fay", Interface="Local/100@q/n", HoldTime="1")
    assert desk.lines[1:] == ["#0 answered by Fay (Local/100@q/n) 1.0"]


@pytest.mark.parametrize(
    ("dest", "by"),
    [
        ({"DestChannel": "PJSIP/201-01"}, "Ann Agent (PJSIP/201)"),
        ({"DestChannel": "PJSIP/100-01", "DestCallerIDName": "Carla"}, "you (PJSIP/100)"),
        ({"DestChannel": "SIP/9-01", "DestCallerIDName": "Nora"}, "Nora (SIP/9)"),
        ({"DestChannel": "SIP/9-01", "DestCallerIDName": "<unknown>"}, "SIP/9 (SIP/9)"),
    ],
)
def test_who_answered_a_direct_call(dest: dict[str, str], by: str) -> None:
    desk = Desk().hears("Newchannel").hears("DialBegin", **dest)
    desk.hears("DialEnd", DialStatus="ANSWER", **dest).hears("Hangup", Cause="16")
    assert desk.lines == [
        "#0 joined directly: +1555",
        f"#0 answered by {by} 1.0",
        "#0 ended 1.0",
    ]


def test_a_founder_who_is_a_member_answers_by_that_name() -> None:
    desk = Desk(founder="PJSIP/201").hears("Newchannel")
    desk.hears("DialBegin", DestChannel="PJSIP/201-01")
    desk.hears("DialEnd", DestChannel="PJSIP/201-01", DialStatus="ANSWER")
    assert desk.lines[1:] == ["#0 answered by Ann Agent (PJSIP/201) 1.0"]


def test_several_phones_ring_and_the_last_word_counts() -> None:
    desk = Desk().hears("Newchannel")
    desk.hears("DialBegin", DestChannel="PJSIP/201-01").hears("DialEnd", DialStatus="BUSY")
    desk.hears("DialBegin", DestChannel="PJSIP/202-02").hears("DialEnd", DialStatus="NOANSWER")
    desk.hears("Hangup", Cause="16")
    assert desk.lines == [
        "#0 joined directly: +1555",
        "#0 missed directly 4.0 NOT_ANSWERED",
    ]


def test_a_phone_answered_by_pickup_is_seen_by_its_bridge() -> None:
    desk = Desk().hears("Newchannel").hears("DialBegin", DestChannel="PJSIP/201-01")
    desk.hears("BridgeEnter", BridgeUniqueid="b")
    desk.hears(
        "BridgeEnter",
        "1.5",
        BridgeUniqueid="b",
        Channel="PJSIP/202-05",
        Linkedid="1.0",
    )
    desk.hears("BridgeLeave", BridgeUniqueid="b").hears("BridgeLeave", "1.5", BridgeUniqueid="b")
    desk.hears("Hangup", Cause="16")
    assert desk.lines == [
        "#0 joined directly: +1555",
        "#0 answered by Bob Agent (PJSIP/202) 2.0",
        "#0 ended 1.0",
    ]


def test_being_parked_or_alone_in_a_bridge_is_no_answer() -> None:
    desk = Desk().hears("QueueCallerJoin", Queue="support")
    hold = {"BridgeUniqueid": "p", "BridgeTechnology": "holding_bridge"}
    desk.hears("BridgeEnter", **hold).hears("BridgeEnter", "2.0", **hold)
    assert desk.lines == ["#0 joined support: +1555"]


def test_two_customers_in_one_bridge_do_not_answer_each_other() -> None:
    desk = Desk()
    for uniqueid in ("1.0", "2.0"):
        desk.hears("Newchannel", uniqueid).hears("QueueCallerJoin", uniqueid, Queue="support")
    desk.lines.clear()
    desk.hears("BridgeEnter", BridgeUniqueid="b").hears("BridgeEnter", "2.0", BridgeUniqueid="b")
    assert desk.lines == []


def test_leaving_an_unknown_bridge_and_unknown_lines_mean_nothing() -> None:
    desk = Desk()
    for event in (
        "BridgeLeave",
        "QueueCallerLeave",
        "QueueCallerAbandon",
        "AgentConnect",
        "AgentComplete",
        "DialBegin",
        "DialEnd",
        "HangupRequest",
        "Hangup",
        "VarSet",
        "Newexten",
    ):
        desk.hears(event, Queue="support")
    assert desk.lines == []


def test_a_call_that_somebody_joined_before_it_was_told_ends_silently() -> None:
    """An IVR connects a caller to a colleague without Dial or Queue: nothing was ever told."""
    desk = Desk().hears("Newchannel").hears("BridgeEnter", BridgeUniqueid="b")
    desk.hears("BridgeEnter", "1.5", BridgeUniqueid="b", Channel="PJSIP/201-05")
    desk.hears("Hangup", Cause="16")
    assert desk.lines == []


def test_an_answer_after_an_answer_changes_nothing() -> None:
    desk = Desk().hears("QueueCallerJoin", Queue="support")
    for name in ("Ann Agent", "Bob Agent"):
        desk.hears("AgentConnect", MemberName=name, Interface="PJSIP/201", HoldTime="1")
    desk.hears("DialEnd", DestChannel="PJSIP/202-01", DialStatus="ANSWER")
    assert desk.lines == ["#0 joined support: +1555", "#0 answered by Ann Agent (PJSIP/201) 1.0"]


def test_queuestatus_tells_who_was_turned_away_where_dialplan_may_be_read() -> None:
    desk = Desk("strict").hears("Newchannel", Exten="801")
    desk.hears("Newexten", Application="Queue", AppData="strict,,,,60")
    desk.hears("VarSet", Variable="OTHER", Value="FULL")
    desk.hears("VarSet", Variable="QUEUESTATUS", Value="JOINEMPTY").hears("Hangup", Cause="16")
    assert desk.lines == ["#0 missed strict 4.0 NOBODY_THERE"]


def test_a_second_queue_by_name_does_not_rename_a_call_that_waits() -> None:
    desk = Desk().hears("Newchannel").hears("QueueCallerJoin", Queue="support")
    desk.hears("Newexten", Application="Queue", AppData="sales")
    desk.hears("Hangup", Cause="0")
    assert desk.lines[1:] == ["#0 missed support 2.0 NOBODY_THERE"]


def test_a_filter_hides_calls_of_other_queues() -> None:
    desk = Desk("support").hears("Newchannel").hears("QueueCallerJoin", Queue="sales")
    desk.hears("QueueCallerAbandon", Queue="sales").hears("Hangup", Cause="16")
    desk.hears("AgentComplete", Queue="sales")
    assert desk.lines == []
    assert desk.book.lines == {}
    assert desk.book.abandoned == {}


def test_a_filter_hides_joins_of_channels_we_never_heard_of() -> None:
    desk = Desk("support").hears("QueueCallerJoin", Queue="sales")
    assert desk.lines == []
    assert not desk.book.lacks_calls


def test_a_call_that_overflows_into_another_teams_queue_is_still_ours() -> None:
    desk = Desk("support").hears("Newchannel").hears("QueueCallerJoin", Queue="support")
    desk.hears("QueueCallerAbandon", Queue="support").hears("QueueCallerLeave", Queue="support")
    desk.hears("QueueCallerJoin", Queue="sales")
    desk.hears("AgentConnect", MemberName="Cy", Interface="PJSIP/203", HoldTime="0")
    assert desk.lines == ["#0 joined support: +1555", "#0 answered by Cy (PJSIP/203) 4.0"]


@pytest.mark.parametrize(
    ("extension", "is_told"), [("100", True), ("201", True), ("800", False), ("s", False)]
)
def test_with_a_filter_calls_to_offline_phones_of_the_team_count(
    extension: str, is_told: bool
) -> None:
    desk = Desk("support").hears("Newchannel", Exten=extension).hears("Hangup", Cause="3")
    assert desk.lines == (["#0 missed directly 1.0 PHONE_OFFLINE"] if is_told else [])


def test_with_a_filter_but_no_founder_other_extensions_do_not_count() -> None:
    desk = Desk("support", founder="").hears("Newchannel", Exten="").hears("Hangup", Cause="3")
    assert desk.lines == []


def test_with_a_filter_a_number_is_known_by_where_it_led_before() -> None:
    desk = Desk("support").hears("Newchannel").hears("QueueCallerJoin", Queue="support")
    desk.hears("Hangup", Cause="0").lines.clear()
    desk.hears("Newchannel", "2.0").hears("Hangup", "2.0", Cause="16")
    assert desk.lines == ["#0 missed directly 1.0 NOBODY_THERE"]


def test_with_a_filter_only_phones_of_the_team_ring_for_us() -> None:
    desk = Desk("support").hears("Newchannel", Exten="555")
    desk.hears("DialBegin", DestChannel="PJSIP/555-01")
    assert desk.lines == []
    desk.hears("DialBegin", DestChannel="PJSIP/202-01")
    assert desk.lines == ["#0 joined directly: +1555"]


def test_with_a_filter_an_answer_elsewhere_ends_silently() -> None:
    desk = Desk("support").hears("Newchannel", Exten="555")
    desk.hears("DialEnd", DestChannel="PJSIP/555-01", DialStatus="ANSWER").hears("Hangup")
    assert desk.lines == []


def test_with_a_filter_a_refusal_by_another_queue_is_not_ours() -> None:
    desk = Desk("support").hears("Newchannel")
    desk.hears("Newexten", Application="Queue", AppData="sales").hears("Hangup", Cause="16")
    assert desk.lines == []


def test_counters_follow_the_events() -> None:
    desk = Desk().hears("QueueCallerAbandon", Queue="support")
    desk.hears("QueueCallerAbandon", Queue="support").hears("AgentComplete", Queue="strict")
    assert desk.book.abandoned == {"support": 2}
    assert desk.book.completed == {"strict": 1}


# Without the read class `call` there are no hang-ups.


def test_without_hangups_an_abandoned_caller_is_missed_after_a_grace() -> None:
    desk = Desk().hears("QueueCallerJoin", Queue="support")
    assert desk.book.lacks_calls
    desk.hears("QueueCallerAbandon", Queue="support").hears("QueueCallerLeave", Queue="support")
    assert desk.book.next_wakeup() == at(5)
    assert desk.book.tick(at(4.9)) == []
    [missed] = desk.book.tick(at(5))
    assert isinstance(missed, CallMissed)
    assert missed.reason is MissedReason.NOBODY_THERE
    assert desk.book.next_wakeup() is None


def test_without_hangups_we_say_gave_up_rather_than_blame_the_queue() -> None:
    desk = Desk().hears("QueueMemberStatus", Queue="support", Interface="PJSIP/201", Status="1")
    desk.hears("QueueCallerJoin", Queue="support").hears("QueueCallerAbandon", Queue="support")
    [missed] = desk.book.tick(at(60))
    assert isinstance(missed, CallMissed)
    assert missed.reason is MissedReason.GAVE_UP


def test_without_hangups_an_overflow_within_the_grace_goes_on_waiting() -> None:
    desk = Desk().hears("QueueCallerJoin", Queue="support")
    desk.hears("QueueCallerAbandon", Queue="support").hears("QueueCallerJoin", Queue="sales")
    assert desk.book.tick(at(60)) == []


def test_without_hangups_agentcomplete_ends_the_talk() -> None:
    desk = Desk().hears("QueueCallerJoin", Queue="support")
    desk.hears("AgentConnect", MemberName="Ann Agent", Interface="PJSIP/201", HoldTime="1")
    desk.hears("AgentComplete", Queue="support", TalkTime="1")
    assert desk.lines[2:] == ["#0 ended 1.0"]


# As Asterisk 16 sent it on a busy machine: Carla's channel was gone before app_queue looked for it.
_COMPLETED_WITHOUT_CALLER = (
    b"Event: AgentComplete\r\nPrivilege: agent,all\r\nDestChannel: PJSIP/201-00000077\r\n"
    b"DestChannelState: 6\r\nDestCallerIDNum: 201\r\nDestCallerIDName: Ann Agent\r\n"
    b"DestConnectedLineNum: +15550100001\r\nDestUniqueid: 1795402219.119\r\n"
    b"DestLinkedid: 1795402219.118\r\nQueue: support\r\nInterface: PJSIP/201\r\n"
    b"MemberName: Ann Agent\r\nHoldTime: 0\r\nTalkTime: 0\r\nReason: caller"
)


def test_without_hangups_a_completed_talk_is_found_without_its_channel() -> None:
    desk = Desk().hears("QueueCallerJoin", Queue="support")
    desk.hears("AgentConnect", MemberName="Ann Agent", Interface="PJSIP/201", HoldTime="0")
    [ended] = desk.book.apply(Packet(_COMPLETED_WITHOUT_CALLER), at(3))
    assert isinstance(ended, CallEnded)
    assert ended.call_id == CallId("1.0")
    assert desk.book.lines == {}


def test_without_hangups_only_a_talk_of_that_member_and_length_is_completed() -> None:
    desk = Desk()
    for uniqueid, queue_name, member_name in (
        ("1.0", "support", "Bob Agent"),
        ("2.0", "sales", "Ann Agent"),
        ("3.0", "support", "Ann Agent"),
        ("4.0", "support", "Ann Agent"),
    ):
        desk.hears("QueueCallerJoin", uniqueid, Queue=queue_name)
        desk.hears("AgentConnect", uniqueid, MemberName=member_name, Interface="PJSIP/20x")
    desk.hears("QueueCallerJoin", "5.0", Queue="support")
    [ended] = desk.book.apply(Packet(_COMPLETED_WITHOUT_CALLER), at(9))
    assert isinstance(ended, CallEnded)
    assert ended.call_id == CallId("4.0")
    assert desk.book.lines.keys() == {CallId(f"{number}.0") for number in (1, 2, 3, 5)}


def test_without_hangups_a_completed_talk_that_we_do_not_know_is_nothing() -> None:
    assert Desk().book.apply(Packet(_COMPLETED_WITHOUT_CALLER), at(1)) == []


@pytest.mark.parametrize("event", ["HangupRequest", "BlindTransfer"])
def test_on_a_new_connection_agentcomplete_ends_a_talk_unless_calls_are_heard(event: str) -> None:
    desk = Desk().hears("QueueCallerJoin", Queue="support")
    desk.hears("AgentConnect", MemberName="Ann Agent", Interface="PJSIP/201", HoldTime="1")
    desk.book.link_made()
    desk.hears(event, "9.9").hears("AgentComplete", Queue="support")
    assert len(desk.lines) == 2
    desk.book.link_made()
    desk.hears("AgentComplete", Queue="support")
    assert len(desk.lines) == 3


def test_on_a_new_connection_a_talk_is_unsure_if_its_phone_was_busy() -> None:
    desk = Desk()
    for uniqueid, name, status in (("1.0", "Ann Agent", "2"), ("2.0", "Bob Agent", "1")):
        seat = {"Queue": "support", "Interface": f"PJSIP/20{uniqueid[0]}", "MemberName": name}
        desk.hears("QueueCallerJoin", uniqueid, Queue="support")
        desk.hears("AgentConnect", uniqueid, **seat, HoldTime="0")
        desk.hears("QueueMemberStatus", **seat, Status=status)
    desk.hears("QueueCallerJoin", "3.0", Queue="support")
    desk.book.link_made()
    assert [line.is_unsure for line in desk.book.lines.values()] == [True, False, False]
    desk.hears("BridgeLeave", "2.0", BridgeUniqueid="b")
    desk.book.link_made()
    assert [line.is_unsure for line in desk.book.lines.values()] == [True, True, False]


def test_what_a_list_has_told_already_rings_no_phone_again() -> None:
    desk = Desk().hears("Newchannel").hears("QueueCallerJoin", Queue="support")
    line = desk.book.lines[CallId("1.0")]
    desk.book.answer(line, at(2), by="Ann", interface="PJSIP/201", hold_seconds=None)
    line.listed_at = at(2)
    desk.hears("DialBegin", DestChannel="PJSIP/201-01")
    assert desk.lines == ["#0 joined support: +1555"]
    desk.hears("DialBegin", DestChannel="PJSIP/201-01")
    assert desk.lines[1:] == ["#0 joined directly: +1555"]


def test_who_was_listed_as_answered_does_not_wait_again() -> None:
    desk = Desk().hears("QueueCallerJoin", Queue="support")
    line = desk.book.lines[CallId("1.0")]
    desk.book.answer(line, at(3), by="Ann", interface="PJSIP/201", hold_seconds=None)
    line.listed_at = at(3)
    for event in ("Newchannel", "QueueCallerJoin", "AgentConnect"):
        desk.hears(event, Queue="support", MemberName="Ann", Interface="PJSIP/201", HoldTime="0")
    assert desk.book.lines[CallId("1.0")] is line
    assert desk.lines == ["#0 joined support: +1555"]
    desk.hears("QueueCallerJoin", Queue="support")
    assert desk.lines[1:] == ["#0 joined support: +1555"]


def test_on_a_new_connection_who_left_is_missed_once_hangups_prove_unheard() -> None:
    desk = Desk().hears("QueueCallerJoin", Queue="support")
    desk.book.link_made()
    desk.hears("QueueCallerAbandon", Queue="support")
    assert desk.book.next_wakeup() is None
    assert desk.book.tick(at(60)) == []
    desk.hears("QueueCallerJoin", "2.0", Queue="support")
    [missed] = desk.book.tick(at(60))
    assert isinstance(missed, CallMissed)
    assert (missed.call_id, missed.waited_seconds) == (CallId("1.0"), 1.0)


def test_a_join_that_comes_after_the_list_shows_that_hangups_are_not_heard() -> None:
    desk = Desk().hears("QueueCallerJoin", Queue="support")
    desk.book.link_made()
    desk.hears("QueueCallerJoin", Queue="support")
    assert desk.book.lacks_calls
    desk.hears("BridgeEnter", BridgeUniqueid="b").hears("QueueCallerJoin", Queue="support")
    assert not desk.book.lacks_calls


def test_with_hangups_agentcomplete_is_not_the_end() -> None:
    desk = Desk().hears("Newchannel").hears("QueueCallerJoin", Queue="support")
    desk.hears("AgentConnect", MemberName="Ann Agent", Interface="PJSIP/201", HoldTime="1")
    desk.hears("AgentComplete", Queue="support", TalkTime="1")
    assert len(desk.lines) == 2


def test_a_new_connection_hears_anew() -> None:
    desk = Desk().hears("QueueCallerJoin", Queue="support")
    desk.hears("BridgeEnter", BridgeUniqueid="b")
    desk.book.lacks_queues = True
    assert (desk.book.hears_calls, desk.book.hears_queues) == (True, True)
    desk.book.link_made()
    heard = (desk.book.hears_calls, desk.book.hears_queues, desk.book.lacks_queues)
    assert heard == (False, False, False)
    desk.hears("BridgeEnter", "1.5", BridgeUniqueid="b", Channel="PJSIP/201-05")
    assert desk.book.lines[CallId("1.0")].phase is Phase.WAITING


def test_an_answer_names_the_call_and_the_phone() -> None:
    desk = Desk().hears("QueueCallerJoin", Queue="support")
    [line] = desk.book.lines.values()
    [answered] = desk.book.answer(line, at(5), by="Ann", interface="PJSIP/201", hold_seconds=None)
    assert answered == CallAnswered(
        phone=OFFICE,
        call_id=CallId("1.0"),
        by="Ann",
        by_interface="PJSIP/201",
        hold_seconds=4.0,
        at=at(5),
    )


@pytest.mark.parametrize(
    ("name", "endpoint"),
    [
        ("PJSIP/201-0000002a", "PJSIP/201"),
        ("PJSIP/my-trunk-0000002a", "PJSIP/my-trunk"),
        ("Local/201@from-queue-00000001;1", "Local/201@from-queue"),
        ("DAHDI", "DAHDI"),
    ],
)
def test_the_endpoint_of_a_channel(name: str, endpoint: str) -> None:
    assert endpoint_of(name) == endpoint


def test_calls_of_an_earlier_run_are_lines() -> None:
    book = CallBook(PhoneIdentity(name=OFFICE))
    call = Call(
        phone=OFFICE,
        call_id=CallId("1.0"),
        number="+1555",
        name="Carla",
        queue="support",
        started_at=at(0),
        outcome=Outcome.WAITING,
    )
    called = replace(call, call_id=CallId("2.0"), outcome=Outcome.CALLED, by="Anna")
    book.resume([call, called])
    assert book.lines.keys() == {CallId("1.0")}
    assert book.lines[CallId("1.0")].phase is Phase.WAITING
