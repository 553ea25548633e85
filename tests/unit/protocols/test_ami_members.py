"""Members of queues: who they are, what they do, and since when."""

from datetime import UTC, datetime

import pytest

from supportdesk.domain.calls import Member, MemberState, MissedReason
from supportdesk.domain.events import Event, MemberChanged, MemberLeft
from supportdesk.domain.health import SourceName
from supportdesk.protocols.ami import Packet
from supportdesk.protocols.ami_members import Members, extension_of
from tests.fakes.ami_script import member
from tests.unit.protocols.scripted_pbx import at

PHONE = SourceName("Office")


def item(**fields: str) -> Packet:
    return Packet("\r\n".join(f"{key}: {value}" for key, value in fields.items()).encode())


def listed(queue: str, interface: str, name: str, status: str = "1", **more: str) -> Packet:
    return item(**member(queue, interface, name, status, **more))


def told(
    event: str = "QueueMemberStatus",
    *,
    queue: str = "support",
    interface: str = "PJSIP/201",
    name: str = "Ann",
    status: str = "1",
    **more: str,
) -> Packet:
    seat = {"Event": event, "Queue": queue, "Interface": interface, "MemberName": name}
    return item(**seat, StateInterface=interface, Status=status, **more)


@pytest.fixture
def members() -> Members:
    """Ann and Bob are free in support; the queue sales is not watched."""
    made = Members(PHONE, lambda queue: queue != "sales")
    made.replace(
        [
            listed("support", "PJSIP/202", "Bob"),
            listed("support", "PJSIP/201", "Ann"),
            listed("strict", "PJSIP/201", "Ann"),
            listed("sales", "PJSIP/203", "Cy"),
        ],
        at(0),
    )
    return made


def only(members: Members, interface: str) -> Member:
    return next(m for m in members.current() or () if m.interface == interface)


def changed(events: list[Event]) -> Member:
    [event] = events
    assert isinstance(event, MemberChanged)
    assert event.phone == PHONE
    return event.member


def test_nothing_is_known_before_the_first_list() -> None:
    made = Members(PHONE, lambda _: True)
    assert made.current() is None
    assert made.why_unanswered("support") is MissedReason.GAVE_UP
    made.replace([], at(0))
    assert made.current() == ()


def test_a_list_gives_watched_members_by_name(members: Members) -> None:
    assert members.current() == (
        Member(
            interface="PJSIP/201",
            name="Ann",
            state=MemberState.FREE,
            queues=("strict", "support"),
        ),
        Member(interface="PJSIP/202", name="Bob", state=MemberState.FREE, queues=("support",)),
    )


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("0", MemberState.UNKNOWN),
        ("1", MemberState.FREE),
        ("2", MemberState.ON_A_CALL),
        ("3", MemberState.ON_A_CALL),
        ("4", MemberState.GONE),
        ("5", MemberState.GONE),
        ("6", MemberState.RINGING),
        ("7", MemberState.ON_A_CALL),
        ("8", MemberState.ON_A_CALL),
        ("", MemberState.UNKNOWN),
        ("99", MemberState.UNKNOWN),
    ],
)
def test_device_states(status: str, state: MemberState) -> None:
    made = Members(PHONE, lambda _: True)
    made.replace([listed("support", "PJSIP/201", "Ann", status)], at(0))
    assert only(made, "PJSIP/201").state is state


def test_a_member_without_a_name_is_called_by_its_interface() -> None:
    made = Members(PHONE, lambda _: True)
    made.replace([listed("support", "PJSIP/201", "")], at(0))
    assert only(made, "PJSIP/201").name == "PJSIP/201"


def test_a_change_is_told_once_though_it_comes_for_each_queue(members: Members) -> None:
    ringing = changed(members.apply(told(status="6"), at(3)))
    assert (ringing.state, ringing.state_since) == (MemberState.RINGING, at(3))
    assert members.apply(told(status="6", queue="strict"), at(3)) == []
    assert only(members, "PJSIP/201") == ringing


def test_a_state_that_comes_again_keeps_its_beginning(members: Members) -> None:
    members.apply(told(status="2"), at(3))
    assert members.apply(told(status="2"), at(9)) == []
    assert only(members, "PJSIP/201").state_since == at(3)


def test_unwatched_queues_mean_nothing(members: Members) -> None:
    assert members.apply(told(queue="sales", status="6"), at(1)) == []
    assert only(members, "PJSIP/201").state is MemberState.FREE


def test_a_local_member_in_a_call_of_its_queue_is_busy(members: Members) -> None:
    assert changed(members.apply(told(InCall="1"), at(1))).state is MemberState.ON_A_CALL
    gone = changed(members.apply(told(status="5", InCall="1"), at(2)))
    assert gone.state is MemberState.GONE


def test_a_pause_in_every_queue_is_a_pause_with_its_reason(members: Members) -> None:
    one = changed(members.apply(told("QueueMemberPause", Paused="1", PausedReason="lunch"), at(1)))
    assert (one.state, one.detail) == (MemberState.FREE, "paused in support")
    both = changed(
        members.apply(
            told("QueueMemberPause", queue="strict", Paused="1", PausedReason="lunch"), at(2)
        )
    )
    assert (both.state, both.detail, both.state_since) == (MemberState.PAUSED, "lunch", at(2))
    talking = members.apply(told(status="2", Paused="1", PausedReason="lunch"), at(3))
    assert talking == [], "a paused member stays paused whatever the phone does"
    back = changed(members.apply(told("QueueMemberPause", status="2", Paused="0"), at(4)))
    assert (back.state, back.detail) == (MemberState.ON_A_CALL, "paused in strict")


def test_a_pause_without_a_reason_has_no_words(members: Members) -> None:
    bob = changed(
        members.apply(
            told("QueueMemberPause", interface="PJSIP/202", name="Bob", Paused="1"), at(1)
        )
    )
    assert (bob.state, bob.detail) == (MemberState.PAUSED, "")


def test_a_phone_that_is_gone_outweighs_its_pause(members: Members) -> None:
    bob = changed(
        members.apply(
            told(interface="PJSIP/202", name="Bob", status="5", Paused="1", PausedReason="x"),
            at(1),
        )
    )
    assert (bob.state, bob.detail) == (MemberState.GONE, "")


def test_a_pause_from_before_we_came_has_its_own_beginning() -> None:
    made = Members(PHONE, lambda _: True)
    since = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
    made.replace(
        [
            listed(
                "support", "PJSIP/201", "Ann", Paused="1", LastPause=str(int(since.timestamp()))
            ),
            listed("support", "PJSIP/202", "Bob", Paused="1", LastPause="0"),
        ],
        at(0),
    )
    assert only(made, "PJSIP/201").state_since == since
    assert only(made, "PJSIP/202").state_since is None


def test_logging_in_and_out(members: Members) -> None:
    joined = changed(
        members.apply(told("QueueMemberAdded", interface="PJSIP/203", name="Cy"), at(1))
    )
    assert joined == Member(
        interface="PJSIP/203",
        name="Cy",
        state=MemberState.FREE,
        state_since=at(1),
        queues=("support",),
    )
    left = members.apply(told("QueueMemberRemoved", interface="PJSIP/203"), at(2))
    assert left == [MemberLeft(phone=PHONE, interface="PJSIP/203", at=at(2))]
    assert members.find("PJSIP/203") is None


def test_leaving_one_of_two_queues(members: Members) -> None:
    members.apply(told("QueueMemberPause", Paused="1"), at(1))
    ann = changed(members.apply(told("QueueMemberRemoved", queue="strict"), at(2)))
    assert (ann.queues, ann.state) == (("support",), MemberState.PAUSED)


@pytest.mark.parametrize("interface", ["PJSIP/999", "PJSIP/202"])
def test_leaving_a_queue_that_one_was_not_in(members: Members, interface: str) -> None:
    packet = told("QueueMemberRemoved", queue="strict", interface=interface)
    assert members.apply(packet, at(1)) == []


def test_a_new_list_replaces_and_keeps_what_did_not_change(members: Members) -> None:
    members.apply(told(status="2"), at(5))
    members.replace(
        [
            listed("support", "PJSIP/201", "Ann", "2"),
            listed("support", "PJSIP/204", "Di", "2"),
        ],
        at(60),
    )
    assert [(m.name, m.state_since) for m in members.current() or ()] == [
        ("Ann", at(5)),
        ("Di", None),
    ]
    members.replace([listed("support", "PJSIP/201", "Ann", "1")], at(70))
    assert only(members, "PJSIP/201").state_since == at(70)


def test_finding_the_member_behind_a_channel() -> None:
    made = Members(PHONE, lambda _: True)
    made.replace(
        [
            listed("support", "PJSIP/201", "Ann"),
            listed("fpbx", "Local/202@from-queue/n", "Bob", StateInterface="hint:202@ext"),
            listed("fpbx", "Agent/7", "Cy", StateInterface="PJSIP/203"),
        ],
        at(0),
    )
    names = {
        endpoint: found.name if (found := made.find(endpoint)) else None
        for endpoint in (
            "PJSIP/201",
            "Local/202@from-queue",
            "Local/202@from-queue/n",
            "PJSIP/202",
            "PJSIP/203",
            "PJSIP/trunk",
        )
    }
    assert names == {
        "PJSIP/201": "Ann",
        "Local/202@from-queue": "Bob",
        "Local/202@from-queue/n": "Bob",
        "PJSIP/202": "Bob",
        "PJSIP/203": "Cy",
        "PJSIP/trunk": None,
    }


@pytest.mark.parametrize(
    ("ann", "bob", "reason"),
    [
        ("1", "2", MissedReason.GAVE_UP),
        ("2", "6", MissedReason.GAVE_UP),
        ("2", "2", MissedReason.NOBODY_FREE),
        ("5", "2", MissedReason.NOBODY_FREE),
        ("5", "5", MissedReason.NOBODY_THERE),
    ],
)
def test_why_a_caller_had_to_wait(ann: str, bob: str, reason: MissedReason) -> None:
    made = Members(PHONE, lambda _: True)
    made.replace(
        [
            listed("support", "PJSIP/201", "Ann", ann),
            listed("support", "PJSIP/202", "Bob", bob),
            listed("strict", "PJSIP/203", "Cy", "1"),
        ],
        at(0),
    )
    assert made.why_unanswered("support") is reason
    assert made.why_unanswered("sales") is MissedReason.NOBODY_THERE


@pytest.mark.parametrize(
    ("interface", "extension"),
    [
        ("PJSIP/201", "201"),
        ("Local/201@from-queue/n", "201"),
        ("SIP/trunk/5550100", "trunk"),
        ("", ""),
    ],
)
def test_the_extension_of_an_interface(interface: str, extension: str) -> None:
    assert extension_of(interface) == extension


def test_a_phone_that_is_rung_is_there() -> None:
    made = Members(PHONE, lambda _: True)
    made.replace(
        [
            listed("support", "PJSIP/201", "Ann", "5"),
            listed("support", "PJSIP/202", "Bob", "1", Paused="1"),
        ],
        at(0),
    )
    ann = changed(made.rings("PJSIP/201", at(9)))
    assert (ann.state, ann.state_since) == (MemberState.RINGING, at(9))
    assert made.rings("PJSIP/201", at(10)) == []
    assert made.rings("PJSIP/202", at(10)) == [], "a pause is not over because a phone rings"
    assert made.rings("PJSIP/999", at(10)) == []
