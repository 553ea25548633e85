from datetime import UTC, datetime, timedelta

import pytest

from supportdesk.domain.calls import Call, CallId, Outcome
from supportdesk.domain.events import CalleeAnswered, CallEnded, Event
from supportdesk.domain.health import SourceName
from supportdesk.protocols.ami import Packet
from supportdesk.protocols.ami_outgoing import OutgoingCalls

OFFICE = SourceName("Office")
T0 = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
CARLA = "+15550100001"


def after(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def told(event: str, **fields: str) -> Packet:
    pairs = {"Event": event, **fields}
    return Packet("\r\n".join(f"{key}: {value}" for key, value in pairs.items()).encode())


def begins(channel: str = "PJSIP/201-1", unique: str = "o", **more: str) -> Packet:
    fields = {"Linkedid": unique, "Context": "from-internal", "Exten": CARLA, **more}
    return told("Newchannel", Channel=channel, Uniqueid=unique, **fields)


def answered(dialled: str = "PJSIP/trunk-2", unique: str = "c", **more: str) -> Packet:
    fields = {
        "Channel": "PJSIP/201-1",
        "Linkedid": "o",
        "Exten": CARLA,
        "DestChannel": dialled,
        "DestUniqueid": unique,
        "DestContext": "from-trunk",
        "DestCallerIDNum": CARLA,
        "DialStatus": "ANSWER",
        **more,
    }
    return told("DialEnd", **fields)


def hung_up(unique: str) -> Packet:
    return told("Hangup", Uniqueid=unique, Channel="x")


@pytest.fixture
def calls() -> OutgoingCalls:
    return OutgoingCalls(
        OFFICE,
        is_inside=lambda _channel, context: context == "from-internal",
        whose=lambda channel, _name: ("Anna", channel.partition("-")[0]),
    )


def ended(talk_seconds: float, *, at: float) -> CallEnded:
    return CallEnded(phone=OFFICE, call_id=CallId("c-out"), talk_seconds=talk_seconds, at=after(at))


def heard(calls: OutgoingCalls, *packets: Packet, at: float = 0) -> list[Event]:
    return [event for packet in packets for event in calls.apply(packet, after(at))]


def reached(events: list[Event]) -> CalleeAnswered:
    (event,) = events
    assert isinstance(event, CalleeAnswered)
    return event


def test_a_customer_is_reached_and_talked_to(calls: OutgoingCalls) -> None:
    assert heard(calls, begins(), told("DialBegin", Linkedid="o")) == []
    event = reached(heard(calls, answered(), at=5))
    assert (event.number, event.by, event.by_interface) == (CARLA, "Anna", "PJSIP/201")
    assert (event.phone, event.call_id, event.at) == (OFFICE, "c-out", after(5))
    assert heard(calls, answered(), hung_up("x"), hung_up(""), at=6) == []
    assert heard(calls, hung_up("c"), at=65) == [ended(60, at=65)]
    assert heard(calls, hung_up("c"), at=66) == []


@pytest.mark.parametrize(
    "packet",
    [
        answered(DialStatus="BUSY"),
        answered(DestContext="from-internal"),
        answered("Local/201@from-queue-1;1"),
        answered(Linkedid="customer"),
        answered(DestCallerIDNum="s", Exten="s"),
    ],
)
def test_what_reaches_nobody_outside(calls: OutgoingCalls, packet: Packet) -> None:
    assert heard(calls, begins(Exten="s"), packet) == []


def test_a_call_that_begins_outside_is_a_customers(calls: OutgoingCalls) -> None:
    begun = told("DialBegin", Linkedid="o", DestUniqueid="c", DialString="0541@trunk")
    assert heard(calls, begins("PJSIP/trunk-1", Context="from-trunk"), begun, answered()) == []


def test_a_second_channel_begins_no_call(calls: OutgoingCalls) -> None:
    assert heard(calls, begins(Linkedid="other"), answered()) == []


@pytest.mark.parametrize(
    "more",
    [{}, {"DestCallerIDNum": "s"}, {"DestCallerIDNum": "<unknown>", "Exten": "s-CHAN"}],
)
def test_the_number_is_what_was_dialled(calls: OutgoingCalls, more: dict[str, str]) -> None:
    heard(calls, begins())
    assert reached(heard(calls, answered(**more))).number == CARLA


@pytest.mark.parametrize("string", ["0541220018@trunk", "trunk/0541220018", "0541220018"])
def test_the_digits_that_only_get_a_line_outside_are_no_part_of_it(
    calls: OutgoingCalls, string: str
) -> None:
    begun = told("DialBegin", Linkedid="o", DestUniqueid="c", DialString=string)
    heard(calls, begins(Exten="90541220018"), begun)
    outside = answered(DestCallerIDNum="90541220018", Exten="90541220018")
    assert reached(heard(calls, outside)).number == "0541220018"


@pytest.mark.parametrize("end", [hung_up("o"), told("QueueCallerJoin", Uniqueid="c")])
def test_whoever_passes_the_customer_on_talks_no_more(calls: OutgoingCalls, end: Packet) -> None:
    heard(calls, begins(), answered())
    assert heard(calls, end, at=55) == [ended(55, at=55)]
    assert heard(calls, hung_up("c"), hung_up("o"), at=600) == []


def test_a_call_back_ends_with_the_phone_that_picked_up(calls: OutgoingCalls) -> None:
    picked_up = answered("PJSIP/100-9", "founder", DestContext="from-internal")
    heard(calls, begins("Local/100@from-internal-1;1"), picked_up, answered())
    assert heard(calls, hung_up("founder"), at=30) == [ended(30, at=30)]


def test_the_local_channel_of_a_call_back_may_go_in_the_middle(calls: OutgoingCalls) -> None:
    picked_up = answered("PJSIP/100-9", "founder", DestContext="from-internal")
    heard(calls, begins("Local/100@from-internal-1;1"), picked_up, answered(), hung_up("o"))
    assert heard(calls, hung_up("c"), at=30) == [ended(30, at=30)]


def test_somebody_inside_who_waits_in_a_queue_calls_nobody(calls: OutgoingCalls) -> None:
    assert heard(calls, begins(), told("QueueCallerJoin", Uniqueid="o"), answered()) == []


def test_what_was_dialled_before_a_short_gap_is_heard_after_it(calls: OutgoingCalls) -> None:
    heard(calls, begins(), begins(unique="p"))
    assert calls.after_gap(["o"], after(3)) == []
    assert reached(heard(calls, answered())).number == CARLA
    assert heard(calls, answered(unique="d", Linkedid="p")) == []


def test_after_a_gap_the_talks_that_are_gone_have_ended(calls: OutgoingCalls) -> None:
    heard(calls, begins(), answered(), begins(unique="p"), answered(unique="d", Linkedid="p"))
    assert calls.after_gap(None, after(30)) == []
    assert calls.after_gap(["d"], after(30)) == [ended(30, at=30)]
    assert calls.after_gap(["d"], after(40)) == []
    assert len(heard(calls, hung_up("d"), at=60)) == 1


def test_a_talk_goes_on_in_the_next_run(calls: OutgoingCalls) -> None:
    call = Call(
        phone=OFFICE,
        call_id=CallId("c-out"),
        number=CARLA,
        name="",
        queue="",
        started_at=T0,
        outcome=Outcome.CALLED,
        by="Anna",
    )
    calls.resume([call])
    (ended,) = heard(calls, hung_up("c"), at=90)
    assert isinstance(ended, CallEnded)
    assert ended.talk_seconds == 90
