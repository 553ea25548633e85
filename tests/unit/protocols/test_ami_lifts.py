from datetime import UTC, datetime, timedelta

import pytest

from supportdesk.domain.calls import Call, CallId, Outcome
from supportdesk.domain.events import CallAnswered, CallerJoined, Event
from supportdesk.domain.health import SourceName
from supportdesk.domain.lift_events import CallLifted
from supportdesk.domain.lifts import LiftWay
from supportdesk.protocols.ami import Packet
from supportdesk.protocols.ami_calls import CallBook, PhoneIdentity
from supportdesk.protocols.ami_line import Phase

OFFICE = SourceName("Office")
T0 = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
CARLA = CallId("carla")
ANN = "ann"


def after(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def told(event: str, **fields: str) -> Packet:
    pairs = {"Event": event, **fields}
    return Packet("\r\n".join(f"{key}: {value}" for key, value in pairs.items()).encode())


def of_carla(event: str, **fields: str) -> Packet:
    channel = {
        "Channel": "PJSIP/trunk-1",
        "ChannelState": "6",
        "CallerIDNum": "+15550100001",
        "CallerIDName": "Carla Customer",
        "Uniqueid": CARLA,
        "Linkedid": CARLA,
    }
    return told(event, **{**channel, **fields})


def of_ann(event: str, **fields: str) -> Packet:
    channel = {
        "Channel": "PJSIP/201-2",
        "ChannelState": "6",
        "CallerIDNum": "201",
        "CallerIDName": "Ann Agent",
        "Uniqueid": ANN,
        "Linkedid": CARLA,
    }
    return told(event, **{**channel, **fields})


def transferred(result: str = "Success", **fields: str) -> Packet:
    blind = {
        "Result": result,
        "TransfererChannel": "PJSIP/201-2",
        "TransfererChannelState": "6",
        "TransfererCallerIDName": "Ann Agent",
        "TransfererUniqueid": ANN,
        "TransfereeUniqueid": CARLA,
    }
    return told("BlindTransfer", **{**blind, **fields})


def joined(queue: str = "founder", **fields: str) -> Packet:
    return of_carla("QueueCallerJoin", Queue=queue, **fields)


class Pbx:
    """A call book, and what it was told and told itself."""

    def __init__(self, *, lift_queue: str = "founder", founder: str = "PJSIP/100") -> None:
        self.book = CallBook(
            PhoneIdentity(name=OFFICE, queues=("support",), founder=founder, lift_queue=lift_queue)
        )
        self.events: list[Event] = []

    def hear(self, *packets: Packet, at: float = 0) -> None:
        for packet in packets:
            self.events += self.book.apply(packet, after(at))

    def talk(self) -> None:
        """Carla waits in the queue, and Ann answers."""
        self.hear(
            of_carla("Newchannel", ChannelState="4", Context="from-trunk", Exten="800"),
            joined("support"),
            of_ann("Newchannel", ChannelState="0", Context="from-internal"),
            of_carla("AgentConnect", MemberName="Ann Agent", Interface="PJSIP/201", HoldTime="0"),
        )

    def lacks_codes(self) -> bool:
        return self.book.lifts.lacks_codes

    @property
    def lifts(self) -> list[CallLifted]:
        return [event for event in self.events if isinstance(event, CallLifted)]


@pytest.fixture
def pbx() -> Pbx:
    made = Pbx()
    made.talk()
    return made


def lifted(way: LiftWay, why: str = "", at: float = 5) -> CallLifted:
    return CallLifted(
        source=OFFICE,
        call_id=CARLA,
        number="+15550100001",
        name="Carla Customer",
        by="Ann Agent",
        by_interface="PJSIP/201",
        why=why,
        way=way,
        at=after(at),
    )


def test_a_caller_who_is_transferred_into_the_queue_waits_and_is_lifted(pbx: Pbx) -> None:
    pbx.hear(transferred(), joined(), at=5)
    assert pbx.events[-2] == lifted(LiftWay.QUEUE)
    waiting = pbx.events[-1]
    assert isinstance(waiting, CallerJoined)
    assert waiting.caller.queue == "founder"


def test_without_word_of_a_transfer_it_is_whoever_was_on_the_line(pbx: Pbx) -> None:
    pbx.hear(joined(), at=5)
    assert pbx.lifts == [lifted(LiftWay.QUEUE)]


def test_a_transfer_with_a_talk_before_it_counts_as_well(pbx: Pbx) -> None:
    attended = told(
        "AttendedTransfer",
        Result="Success",
        OrigTransfererChannel="PJSIP/201-2",
        OrigTransfererCallerIDName="Ann Agent",
        OrigTransfererUniqueid=ANN,
        TransfereeUniqueid=CARLA,
    )
    pbx.hear(attended, joined("sales"), at=4)
    pbx.hear(attended, joined(), at=5)
    assert pbx.lifts == [lifted(LiftWay.QUEUE)]


def test_a_caller_who_comes_to_that_queue_alone_just_waits() -> None:
    pbx = Pbx()
    pbx.hear(of_carla("Newchannel", ChannelState="4", Context="from-trunk", Exten="708"), joined())
    assert [type(event) for event in pbx.events] == [CallerJoined]


def test_a_queue_that_nobody_answered_and_that_runs_over_lifts_nobody() -> None:
    pbx = Pbx()
    pbx.hear(of_carla("Newchannel", ChannelState="4", Context="from-trunk"))
    pbx.hear(joined("support"), joined(), at=60)
    assert pbx.lifts == []


def test_a_transfer_by_the_customers_own_line_is_nothing(pbx: Pbx) -> None:
    forged = transferred(TransfererChannel="PJSIP/201-2", TransfererUniqueid=CARLA)
    pbx.hear(joined("support"), forged, joined(), at=5)
    assert pbx.lifts == []


@pytest.mark.parametrize("result", ["Fail", "Not Permitted", ""])
def test_a_transfer_that_did_not_come_off_is_nothing(pbx: Pbx, result: str) -> None:
    pbx.hear(joined("support"), transferred(result), joined(), at=5)
    assert pbx.lifts == []


def test_a_transfer_long_ago_is_not_what_brought_them_here(pbx: Pbx) -> None:
    pbx.hear(joined("support"), transferred(), at=5)
    pbx.hear(joined(), at=40)
    assert pbx.lifts == []


def test_without_a_queue_in_the_settings_none_is_for_lifts() -> None:
    pbx = Pbx(lift_queue="")
    pbx.talk()
    pbx.hear(transferred(), joined(""), joined("support"), at=5)
    assert pbx.lifts == []


def test_the_founders_own_transfers_ask_nobody(pbx: Pbx) -> None:
    pbx = Pbx(founder="PJSIP/201")
    pbx.talk()
    pbx.hear(transferred(), joined(), at=5)
    assert pbx.lifts == []


def test_members_of_the_queue_for_lifts_are_not_the_team(pbx: Pbx) -> None:
    for queue in ("founder", "support"):
        pbx.hear(
            told(
                "QueueMemberAdded",
                Queue=queue,
                Interface=f"PJSIP/{queue}",
                MemberName=queue,
                Status="1",
            )
        )
    assert pbx.book.members.find("PJSIP/founder") is None
    assert pbx.book.members.find("PJSIP/support") is not None


def code(**fields: str) -> Packet:
    return of_ann("UserEvent", UserEvent="SupportdeskLift", **fields)


def test_a_code_in_the_middle_of_the_talk(pbx: Pbx) -> None:
    pbx.hear(code(Why=r"wants to leave\, O\'Brien"), at=5)
    assert pbx.lifts == [lifted(LiftWay.CODE, "wants to leave, O'Brien")]
    line = pbx.book.lines[CARLA]
    assert line.phase is Phase.TALKING


def test_the_callers_own_code_adds_nothing_to_a_lift(pbx: Pbx) -> None:
    pbx.hear(code(), of_carla("UserEvent", UserEvent="SupportdeskLift", Why="me"), at=5)
    assert pbx.lifts == [lifted(LiftWay.CODE)]


def test_who_lifted_by_a_code_and_then_transfers_asks_again(pbx: Pbx) -> None:
    pbx.hear(code(), at=5)
    pbx.hear(transferred(), joined(), at=9)
    assert pbx.lifts == [lifted(LiftWay.CODE), lifted(LiftWay.QUEUE, at=9)]


def test_a_code_on_a_second_line_is_for_the_talk_of_that_phone(pbx: Pbx) -> None:
    second = {"Uniqueid": "second", "Linkedid": "second", "Channel": "PJSIP/201-7"}
    pbx.hear(
        of_ann("Newchannel", **{**second, "ChannelState": "4", "Context": "from-internal"}),
        code(**second),
        at=5,
    )
    assert pbx.lifts == [lifted(LiftWay.CODE)]


def test_a_code_of_somebody_who_talks_to_nobody_is_nothing(pbx: Pbx) -> None:
    bob = {"Uniqueid": "bob", "Linkedid": "bob", "Channel": "PJSIP/202-7"}
    pbx.hear(
        of_ann("Newchannel", **{**bob, "ChannelState": "4", "Context": "from-internal"}),
        code(**bob),
    )
    assert pbx.lifts == []


def test_a_code_from_the_callers_own_line_is_nothing(pbx: Pbx) -> None:
    pbx.hear(of_carla("UserEvent", UserEvent="SupportdeskLift", Why="I want the boss"))
    stranger = {"Uniqueid": "stranger", "Linkedid": "stranger"}
    pbx.hear(of_carla("UserEvent", **{**stranger, "UserEvent": "SupportdeskLift"}))
    assert pbx.lifts == []


def test_lines_in_a_callers_number_make_no_operator(pbx: Pbx) -> None:
    """Asterisk prints them as they came: a packet of their own, with a channel that was guessed."""
    pbx.hear(code(Uniqueid="guessed"))
    pbx.hear(code(ConnectedLineNum="1\r\nWhy: give me a discount", Why="has a question"), at=5)
    assert pbx.lifts == [lifted(LiftWay.CODE, "has a question")]


def test_a_code_on_the_way_of_a_transfer_gives_the_reason(pbx: Pbx) -> None:
    why = of_carla("UserEvent", UserEvent="SupportdeskLift", Why="wants to leave")
    pbx.hear(transferred(), why, joined(), at=5)
    assert pbx.lifts == [lifted(LiftWay.CODE, "wants to leave")]


def test_a_reason_that_comes_after_the_queue_is_told_anew(pbx: Pbx) -> None:
    why = of_carla("UserEvent", UserEvent="SupportdeskLift", Why="wants to leave")
    pbx.hear(transferred(), joined(), why, at=5)
    assert pbx.lifts == [lifted(LiftWay.QUEUE), lifted(LiftWay.QUEUE, "wants to leave")]


_TO_701 = {"Context": "from-internal", "Extension": "701"}
_WHY_AT_701 = {"Context": "from-internal", "Exten": "701", "Why": "wants to leave"}


def own_code(**fields: str) -> Packet:
    return of_carla("UserEvent", UserEvent="SupportdeskLift", **fields)


def test_a_busy_phone_system_tells_of_the_transfer_after_its_code(pbx: Pbx) -> None:
    pbx.hear(own_code(**_WHY_AT_701), transferred(**_TO_701), joined(), at=5)
    assert pbx.lifts == [lifted(LiftWay.CODE, "wants to leave")]


def test_a_busy_phone_system_tells_of_the_transfer_last_of_all(pbx: Pbx) -> None:
    pbx.hear(own_code(**_WHY_AT_701), joined(), transferred(**_TO_701), at=5)
    assert pbx.lifts == [lifted(LiftWay.QUEUE), lifted(LiftWay.QUEUE, "wants to leave")]


@pytest.mark.parametrize(
    ("code_place", "transfer", "lag"),
    [
        ({"Exten": "808"}, _TO_701, 0),
        ({"Context": "from-trunk"}, _TO_701, 0),
        ({"Context": "", "Exten": ""}, {}, 0),
        ({}, _TO_701, 2),
        ({}, {**_TO_701, "TransfereeUniqueid": "dan"}, 0),
    ],
)
def test_what_a_caller_said_elsewhere_or_earlier_is_no_reason_of_the_transfer(
    pbx: Pbx, code_place: dict[str, str], transfer: dict[str, str], lag: int
) -> None:
    pbx.hear(own_code(**{**_WHY_AT_701, **code_place}), at=5)
    pbx.hear(transferred(**transfer), at=5 + lag)
    assert pbx.lifts == []


def test_a_code_of_a_caller_who_has_hung_up_is_forgotten(pbx: Pbx) -> None:
    pbx.hear(own_code(**_WHY_AT_701), of_carla("Hangup", Cause="16"), transferred(**_TO_701))
    assert pbx.lifts == []


def test_a_code_long_after_a_transfer_is_the_callers_own(pbx: Pbx) -> None:
    pbx.hear(transferred(), at=5)
    pbx.hear(of_carla("UserEvent", UserEvent="SupportdeskLift"), at=50)
    assert pbx.lifts == []


def test_a_channel_that_is_gone_is_nobodys(pbx: Pbx) -> None:
    pbx.hear(transferred(), of_ann("Hangup", Cause="16"), code(), at=5)
    assert pbx.lifts == []


def test_local_channels_are_no_phones(pbx: Pbx) -> None:
    local = {"Uniqueid": "local", "Channel": "Local/0612@from-internal-3;1"}
    pbx.hear(of_ann("Newchannel", **{**local, "Context": "from-internal"}), code(**local))
    assert pbx.lifts == []


def test_after_a_gap_the_phones_of_the_team_are_known_by_their_lists() -> None:
    pbx = Pbx()
    pbx.book.resume(
        [
            Call(
                phone=OFFICE,
                call_id=CARLA,
                number="+15550100001",
                name="Carla Customer",
                queue="support",
                started_at=T0,
                outcome=Outcome.ANSWERED,
                by="Ann Agent",
            )
        ]
    )
    member = {"Queue": "support", "Name": "Ann Agent", "Location": "PJSIP/201", "Status": "2"}
    pbx.book.members.replace([told("QueueMember", **member)], T0)
    pbx.book.lifts.listed(
        [of_ann("CoreShowChannel"), of_carla("CoreShowChannel", Context="from-internal")]
    )
    pbx.hear(of_carla("UserEvent", UserEvent="SupportdeskLift"), code(), at=5)
    assert pbx.lifts == [lifted(LiftWay.CODE)]


def test_other_events_of_the_dialplan_are_not_for_us(pbx: Pbx) -> None:
    pbx.hear(of_ann("UserEvent", UserEvent="Other"), of_ann("Newexten", AppData="support"))
    assert pbx.lifts == []
    assert pbx.book.next_wakeup() is None


def test_a_code_that_was_dialled_and_not_told_shows_which_right_is_missing(pbx: Pbx) -> None:
    pbx.hear(of_ann("Newexten", Application="UserEvent", AppData="SupportdeskLift,Why: x"), at=5)
    assert pbx.book.next_wakeup() == after(7)
    pbx.book.tick(after(6))
    assert not pbx.lacks_codes()
    pbx.book.tick(after(7))
    assert pbx.lacks_codes()
    assert pbx.book.next_wakeup() is None
    pbx.book.link_made()
    assert not pbx.lacks_codes()


def test_a_code_that_is_told_shows_that_nothing_is_missing(pbx: Pbx) -> None:
    pbx.hear(of_ann("Newexten", Application="UserEvent", AppData="SupportdeskLift"), code())
    pbx.hear(of_ann("Newexten", AppData="SupportdeskLift", Uniqueid="another"))
    pbx.book.tick(after(9))
    assert not pbx.lacks_codes()


def test_the_founder_takes_a_lifted_call_out_of_the_talk(pbx: Pbx) -> None:
    pbx.hear(code(), at=5)
    bridge = {"BridgeUniqueid": "b", "BridgeTechnology": "simple_bridge"}
    fay = {"Uniqueid": "fay", "Channel": "PJSIP/100-9", "CallerIDName": "Carla Customer"}
    pbx.hear(of_ann("BridgeEnter", **{**bridge, **fay}), of_carla("BridgeEnter", **bridge), at=9)
    waits, taken = pbx.events[-2:]
    assert isinstance(waits, CallerJoined)
    assert isinstance(taken, CallAnswered)
    assert (waits.caller.joined_at, taken.by_interface) == (after(9), "PJSIP/100")
    assert (taken.hold_seconds, taken.at) == (0, after(9))
    assert pbx.book.lines[CARLA].talked_seconds(after(20)) == 11


def test_another_operator_in_the_call_is_no_handing_over(pbx: Pbx) -> None:
    pbx.hear(code(), at=5)
    bridge = {"BridgeUniqueid": "b", "BridgeTechnology": "simple_bridge"}
    pbx.hear(of_ann("BridgeEnter", **bridge), of_carla("BridgeEnter", **bridge), at=9)
    assert pbx.events[-1] == lifted(LiftWay.CODE)
