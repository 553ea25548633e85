"""Lists laid over the call book: at the start, after a gap, and in the middle of a connection."""

from dataclasses import replace
from datetime import datetime

import pytest

from supportdesk.domain.calls import Call, CallId, Capabilities, MemberState, MissedReason, Outcome
from supportdesk.domain.events import (
    CallAnswered,
    CallEnded,
    CallMissed,
    Event,
    PhoneSnapshotTaken,
)
from supportdesk.domain.health import SourceName
from supportdesk.protocols.ami import Packet
from supportdesk.protocols.ami_calls import CallBook, PhoneIdentity
from supportdesk.protocols.ami_line import Phase
from supportdesk.protocols.ami_snapshot import Gap, Lists, check_snapshot, take_snapshot
from tests.fakes.ami_script import channel, entry, member, packet, queue
from tests.unit.protocols.scripted_pbx import at

OFFICE = SourceName("Office")
ALL = Capabilities(
    sees_waiting=True, sees_busy=True, sees_missed=True, can_take=True, can_dial=True
)
ANN = member("support", "PJSIP/201", "Ann Agent")
GAP = Gap(since=at(10), has_restarted=False)
RESTART = Gap(since=at(10), has_restarted=True)


def parsed(items: list[dict[str, str]]) -> tuple[Packet, ...]:
    return tuple(Packet(packet(**item)[:-4]) for item in items)


def lists(
    *queues: dict[str, str], channels: list[dict[str, str]] | None = None, is_denied: bool = False
) -> Lists:
    return Lists(queues=parsed([*queues]), channels=None if is_denied else parsed(channels or []))


@pytest.fixture
def book() -> CallBook:
    return CallBook(PhoneIdentity(name=OFFICE, queues=("support",), founder="PJSIP/100"))


def take(book: CallBook, said: Lists, now: datetime, gap: Gap | None = None) -> list[Event]:
    return take_snapshot(book, said, now, gap=gap, capabilities=ALL)


def check(book: CallBook, said: Lists, now: datetime) -> list[Event]:
    return check_snapshot(book, said, now, capabilities=ALL)


def snapshot_of(events: list[Event]) -> PhoneSnapshotTaken:
    [taken] = [event for event in events if isinstance(event, PhoneSnapshotTaken)]
    assert events[-1] is taken
    return taken


def waiting(book: CallBook, uniqueid: str = "1.0", *, abandoned: int = 0) -> CallBook:
    """Let somebody wait since second 0, as a first snapshot at second 5 says."""
    params = queue("support", abandoned=abandoned)
    said = lists(params, ANN, entry("support", uniqueid, wait=5), channels=[channel(uniqueid)])
    take(book, said, at(5))
    return book


def test_the_first_snapshot_says_who_waits_since_when(book: CallBook) -> None:
    said = lists(
        queue("support", abandoned=7),
        ANN,
        entry("support", "2.0", wait=3),
        entry("support", "1.0", wait=30),
        entry("sales", "3.0", wait=60),
        channels=[channel("1.0"), channel("2.0"), channel("3.0")],
    )
    [taken] = take(book, said, at(40))
    assert isinstance(taken, PhoneSnapshotTaken)
    assert [(caller.call_id, caller.joined_at) for caller in taken.callers] == [
        ("1.0", at(10)),
        ("2.0", at(37)),
    ]
    first = taken.callers[0]
    assert (first.number, first.name, first.queue) == ("+15550100001", "", "support")
    assert first.channel == "PJSIP/trunk-1.0"
    assert [one.state for one in taken.members or ()] == [MemberState.FREE]
    assert (taken.capabilities, taken.at) == (ALL, at(40))
    assert (taken.missed_meanwhile, taken.deaf_since) == (None, None)
    assert book.abandoned == {"support": 7}


def test_without_queues_there_are_no_members(book: CallBook) -> None:
    taken = snapshot_of(take(book, Lists(queues=None, channels=()), at(0)))
    assert taken.members is None
    assert taken.callers == ()


def test_direct_calls_that_ring_are_found_among_the_channels() -> None:
    book = CallBook(PhoneIdentity(name=OFFICE, founder="PJSIP/100"))
    said = lists(
        queue("support"),
        channels=[
            channel("1.0", Application="Dial", Exten="100", Duration="00:01:05"),
            channel("1.1", "PJSIP/100-01", Application="AppDial", Linkedid="1.0"),
            channel("2.0", "PJSIP/202-02", Application="Dial", Context="from-internal"),
            channel("3.0", Application="BackGround", Duration="soon"),
            channel("4.0", BridgeId="b"),
            channel("5.0", "Local/1@x-01;2", Application="Dial"),
            channel("6.0", Application="AppQueue"),
        ],
    )
    taken = snapshot_of(take(book, said, at(70)))
    assert [(one.call_id, one.joined_at, one.queue) for one in taken.callers] == [
        ("1.0", at(5), "")
    ]
    phases = {call_id: line.phase for call_id, line in book.lines.items()}
    assert phases == {"1.0": Phase.WAITING, "3.0": Phase.ARRIVED, "4.0": Phase.TALKING}


def test_with_a_filter_direct_calls_of_others_do_not_wait_for_us(book: CallBook) -> None:
    said = lists(
        queue("support"),
        channels=[channel("1.0", Application="Dial", Exten="555"), channel("2.0")],
    )
    assert snapshot_of(take(book, said, at(0))).callers == ()
    assert book.lines[CallId("2.0")].is_elsewhere


def test_a_talk_from_before_us_ends_silently(book: CallBook) -> None:
    take(book, lists(queue("support"), channels=[channel("4.0", BridgeId="b")]), at(0))
    assert take(book, lists(queue("support")), at(20), GAP)[:-1] == []
    assert book.lines == {}


def test_after_a_gap_who_still_waits_keeps_the_place_and_the_time(book: CallBook) -> None:
    waiting(book)
    said = lists(queue("support"), ANN, entry("support", "1.0", wait=19), channels=[channel("1.0")])
    events = take(book, said, at(20), GAP)
    taken = snapshot_of(events)
    assert len(events) == 1
    assert [caller.joined_at for caller in taken.callers] == [at(0)]
    assert taken.deaf_since == at(10)


def test_after_a_gap_who_talks_was_answered_by_whom_they_talk_to(book: CallBook) -> None:
    waiting(book)
    bridge = {"BridgeId": "b"}
    said = lists(
        queue("support"),
        ANN,
        channels=[
            channel("1.0", **bridge),
            channel("9.0", "PJSIP/trunk-9", BridgeId="other"),
            channel("1.1", "PJSIP/201-01", Application="AppQueue", Linkedid="1.0", **bridge),
        ],
    )
    events = take(book, said, at(20), GAP)
    [answered] = events[:-1]
    assert isinstance(answered, CallAnswered)
    assert (answered.call_id, answered.by, answered.hold_seconds) == ("1.0", "Ann Agent", 20.0)
    assert snapshot_of(events).callers == ()


def test_after_a_gap_who_is_alone_in_a_bridge_still_waits(book: CallBook) -> None:
    waiting(book)
    said = lists(queue("support"), ANN, channels=[channel("1.0", BridgeId="b")])
    assert len(snapshot_of(take(book, said, at(20), GAP)).callers) == 1


def test_after_a_gap_who_is_on_the_way_to_another_queue_still_waits(book: CallBook) -> None:
    waiting(book)
    said = lists(queue("support"), ANN, channels=[channel("1.0", Application="Playback")])
    assert len(snapshot_of(take(book, said, at(20), GAP)).callers) == 1
    assert not book.lines[CallId("1.0")].is_in_queue


@pytest.mark.parametrize(
    ("counters", "gap", "is_missed", "unseen"),
    [
        ({"abandoned": 1}, GAP, True, 0),
        ({"abandoned": 3}, GAP, True, 2),
        ({}, GAP, True, 0),
        ({"completed": 1}, GAP, False, 0),
        ({"abandoned": 1, "completed": 1}, GAP, True, 0),
        ({}, RESTART, True, 0),
        ({"abandoned": 2}, RESTART, True, 2),
    ],
)
def test_after_a_gap_who_is_gone_was_missed_unless_a_call_was_completed(
    book: CallBook, counters: dict[str, int], gap: Gap, is_missed: bool, unseen: int
) -> None:
    waiting(book)
    events = take(book, lists(queue("support", **counters), ANN), at(20), gap)
    assert snapshot_of(events).missed_meanwhile == unseen
    assert book.lines == {}
    if not is_missed:
        assert len(events) == 1
        return
    [missed] = events[:-1]
    assert isinstance(missed, CallMissed)
    assert (missed.call_id, missed.reason) == ("1.0", MissedReason.UNSEEN)
    assert (missed.queue, missed.at) == ("support", at(20))
    assert missed.waited_seconds == 10.0, "what we saw of it"


def test_counters_that_fell_began_anew(book: CallBook) -> None:
    waiting(book, abandoned=40)
    params = queue("support", abandoned=2)
    said = lists(params, ANN, entry("support", "1.0", wait=20), channels=[channel("1.0")])
    assert snapshot_of(take(book, said, at(20), GAP)).missed_meanwhile == 2


def test_a_queue_that_is_new_has_missed_nothing_before_us(book: CallBook) -> None:
    take(book, lists(queue("other")), at(0))
    taken = snapshot_of(take(book, lists(queue("support", abandoned=9)), at(20), GAP))
    assert taken.missed_meanwhile == 0


def test_a_talk_that_ended_in_the_gap_ends_at_its_beginning(book: CallBook) -> None:
    waiting(book)
    line = book.lines[CallId("1.0")]
    book.answer(line, at(6), by="Ann", interface="PJSIP/201", hold_seconds=None)
    [ended, _] = take(book, lists(queue("support"), ANN), at(60), GAP)
    assert isinstance(ended, CallEnded)
    assert (ended.call_id, ended.talk_seconds) == ("1.0", 4.0)
    assert ended.unheard_seconds == 50.0


def test_a_talk_that_goes_on_is_left_alone(book: CallBook) -> None:
    waiting(book)
    line = book.lines[CallId("1.0")]
    book.answer(line, at(6), by="Ann", interface="PJSIP/201", hold_seconds=None)
    said = lists(queue("support"), ANN, channels=[channel("1.0", BridgeId="b")])
    assert len(take(book, said, at(60), GAP)) == 1
    assert line.phase is Phase.TALKING


def test_a_customer_put_back_into_a_queue_in_the_gap_waits_again(book: CallBook) -> None:
    waiting(book)
    line = book.lines[CallId("1.0")]
    book.answer(line, at(6), by="Ann", interface="PJSIP/201", hold_seconds=None)
    said = lists(queue("support"), ANN, entry("support", "1.0", wait=4), channels=[channel("1.0")])
    [caller] = snapshot_of(take(book, said, at(60), GAP)).callers
    assert caller.joined_at == at(56)


def test_a_call_on_its_way_that_is_gone_after_a_gap_is_forgotten(book: CallBook) -> None:
    said = lists(queue("support"), channels=[channel("3.0", Application="BackGround")])
    take(book, said, at(0))
    assert len(take(book, lists(queue("support")), at(20), GAP)) == 1
    assert book.lines == {}


# Without the right `reporting`, channels cannot be looked up.


def test_blind_a_rise_of_abandoned_callers_is_who_waited(book: CallBook) -> None:
    waiting(book)
    said = lists(queue("support", abandoned=2), ANN, is_denied=True)
    events = take(book, said, at(20), GAP)
    [missed] = events[:-1]
    assert isinstance(missed, CallMissed)
    assert snapshot_of(events).missed_meanwhile == 1


def test_blind_who_is_gone_without_a_rise_is_not_called_missed(book: CallBook) -> None:
    waiting(book)
    assert len(take(book, lists(queue("support"), ANN, is_denied=True), at(20), GAP)) == 1
    assert book.lines == {}


def test_blind_a_restart_ended_every_call(book: CallBook) -> None:
    waiting(book)
    events = take(book, lists(queue("support"), ANN, is_denied=True), at(20), RESTART)
    assert isinstance(events[0], CallMissed)


def test_blind_a_talk_may_go_on_for_half_a_day(book: CallBook) -> None:
    waiting(book)
    line = book.lines[CallId("1.0")]
    book.answer(line, at(6), by="Ann", interface="PJSIP/201", hold_seconds=None)
    said = lists(queue("support"), ANN, is_denied=True)
    take(book, said, at(3600), GAP)
    assert CallId("1.0") in book.lines
    take(book, said, at(13 * 3600), replace(GAP, since=at(13 * 3600)))
    assert book.lines == {}


def talking_unheard(book: CallBook, interface: str = "PJSIP/201") -> CallBook:
    """Let Ann talk since second 6, on a link that tells of queues alone."""
    waiting(book)
    book.answer(book.lines[CallId("1.0")], at(6), by="Ann", interface=interface, hold_seconds=None)
    book.has_joined_unheard = True
    return book


def blind(*queues: dict[str, str]) -> Lists:
    return lists(queue("support"), *queues, is_denied=True)


def test_blind_a_talk_is_over_when_that_phone_is_idle_twice(book: CallBook) -> None:
    """AgentComplete never came, or while we were deaf."""
    talking_unheard(book)
    assert check(book, blind(ANN), at(60)) == []
    [ended, _] = check(book, blind(ANN), at(120))
    assert isinstance(ended, CallEnded)
    assert ended.talk_seconds == 114.0
    assert book.lines == {}


@pytest.mark.parametrize(("free_at", "talked"), [(36, 30.0), (4, 0.0)])
def test_blind_a_talk_ended_when_the_phone_became_free(
    book: CallBook, free_at: int, talked: float
) -> None:
    seat = {"Queue": "support", "Interface": "PJSIP/201", "MemberName": "Ann"}
    talking_unheard(book)
    for status, seconds in (("2", 3), ("1", free_at)):
        said = packet(Event="QueueMemberStatus", **seat, Status=status)
        book.apply(Packet(said[:-4]), at(seconds))
    for seconds in (60, 120):
        events = check(book, blind(ANN), at(seconds))
    [ended] = [event for event in events if isinstance(event, CallEnded)]
    assert ended.talk_seconds == talked


def test_blind_an_idle_phone_was_in_a_talk_meanwhile(book: CallBook) -> None:
    talking_unheard(book)
    check(book, blind(ANN), at(60))
    check(book, blind({**ANN, "Status": "2"}), at(120))
    check(book, blind(ANN), at(180))
    assert CallId("1.0") in book.lines


@pytest.mark.parametrize(
    "ann",
    [
        {**ANN, "StateInterface": "hint:201@from-internal"},
        {**ANN, "Status": "5"},
        {**ANN, "Location": "PJSIP/202", "StateInterface": "PJSIP/202"},
    ],
)
def test_blind_a_phone_that_does_not_tell_ends_no_talk(book: CallBook, ann: dict[str, str]) -> None:
    talking_unheard(book)
    for seconds in (60, 120, 180):
        check(book, blind(ann), at(seconds))
    assert CallId("1.0") in book.lines


def test_blind_with_hangups_an_idle_phone_ends_no_talk(book: CallBook) -> None:
    """Whom Ann has passed on talks to somebody else."""
    talking_unheard(book).hears_calls = True
    for seconds in (60, 120, 180):
        check(book, blind(ANN), at(seconds))
    assert CallId("1.0") in book.lines


def test_blind_an_idle_phone_ends_a_talk_of_before_the_gap(book: CallBook) -> None:
    talking_unheard(book).hears_calls = True
    book.lines[CallId("1.0")].is_unsure = True
    [ended, _] = take(book, blind(ANN), at(20), GAP)
    assert isinstance(ended, CallEnded)
    assert (ended.talk_seconds, ended.unheard_seconds) == (4.0, 10.0)


@pytest.mark.parametrize("hears_calls", [False, True])
def test_blind_who_was_listed_and_left_has_gone(book: CallBook, *, hears_calls: bool) -> None:
    """Nobody joined yet, which would have shown that hang-ups are not heard."""
    waiting(book).hears_calls = hears_calls
    for event in ("QueueCallerAbandon", "QueueCallerLeave"):
        said = packet(Event=event, Queue="support", Uniqueid="1.0")
        book.apply(Packet(said[:-4]), at(59))
    for seconds in (59, 61):
        assert check(book, blind(ANN), at(seconds)) == []
    missed = check(book, blind(ANN), at(120))[:-1]
    if hears_calls:
        assert missed == []
        return
    [call] = missed
    assert isinstance(call, CallMissed)
    assert (call.waited_seconds, call.reason) == (59.0, MissedReason.GAVE_UP)


def test_blind_who_is_passed_on_after_a_gap_goes_on_talking(book: CallBook) -> None:
    talking_unheard(book).hears_calls = True
    line = book.lines[CallId("1.0")]
    line.is_unsure = True
    book.answer(line, at(30), by="Bob", interface="PJSIP/202", hold_seconds=None)
    for seconds in (60, 120):
        check(book, blind(ANN), at(seconds))
    assert CallId("1.0") in book.lines


# In the middle of a connection lists only confirm; events lag behind them.


def test_a_check_that_finds_nothing_new_says_nothing(book: CallBook) -> None:
    waiting(book)
    said = lists(queue("support"), ANN, entry("support", "1.0", wait=9), channels=[channel("1.0")])
    assert check(book, said, at(9)) == []
    assert not book.lacks_queues


def test_a_check_that_finds_another_state_says_all(book: CallBook) -> None:
    waiting(book)
    busy = {**ANN, "Status": "2"}
    said = lists(queue("support"), busy, entry("support", "1.0", wait=9), channels=[channel("1.0")])
    taken = snapshot_of(check(book, said, at(9)))
    assert [one.state for one in taken.members or ()] == [MemberState.ON_A_CALL]
    assert (taken.missed_meanwhile, taken.deaf_since) == (None, None)


@pytest.mark.parametrize(("wait", "lacks_queues"), [(1, False), (2, True)])
def test_who_waits_unannounced_shows_that_queue_events_are_not_heard(
    book: CallBook, wait: int, lacks_queues: bool
) -> None:
    take(book, lists(queue("support"), ANN), at(0))
    said = lists(
        queue("support"),
        ANN,
        entry("support", "1.0", wait=wait),
        entry("sales", "2.0", wait=60),
        channels=[channel("1.0")],
    )
    assert len(snapshot_of(check(book, said, at(9))).callers) == 1
    assert book.lacks_queues is lacks_queues


def test_who_was_too_young_to_tell_is_looked_at_again(book: CallBook) -> None:
    take(book, lists(queue("support"), ANN), at(0))
    for wait, lacks_queues in ((1, False), (3, True)):
        said = lists(
            queue("support"), ANN, entry("support", "1.0", wait=wait), channels=[channel("1.0")]
        )
        check(book, said, at(8 + wait))
        assert book.unannounced == frozenset({CallId("1.0")})
        assert book.lacks_queues is lacks_queues


def test_who_is_announced_after_the_look_shows_no_missing_right(book: CallBook) -> None:
    take(book, lists(queue("support"), ANN), at(0))
    young = lists(queue("support"), ANN, entry("support", "1.0", wait=1), channels=[channel("1.0")])
    check(book, young, at(1))
    said_late = {"Event": "QueueCallerJoin", "Queue": "support", "Uniqueid": "1.0"}
    book.apply(Packet(packet(**said_late)[:-4]), at(1.1))
    assert book.unannounced == frozenset()
    later = lists(queue("support"), ANN, entry("support", "1.0", wait=9), channels=[channel("1.0")])
    check(book, later, at(9))
    assert not book.lacks_queues


def test_a_check_believes_only_the_second_look(book: CallBook) -> None:
    waiting(book)
    gone = lists(queue("support", abandoned=1), ANN)
    assert check(book, gone, at(60)) == []
    assert check(book, gone, at(61)) == []
    [missed, _] = check(book, gone, at(62))
    assert isinstance(missed, CallMissed)
    assert missed.reason is MissedReason.UNSEEN


def test_a_check_that_finds_a_line_again_starts_over(book: CallBook) -> None:
    waiting(book)
    gone = lists(queue("support"), ANN)
    there = lists(queue("support"), ANN, entry("support", "1.0"), channels=[channel("1.0")])
    on_the_way = lists(queue("support"), ANN, channels=[channel("1.0", Application="Playback")])
    assert check(book, gone, at(60)) == []
    assert check(book, there, at(70)) == []
    assert check(book, gone, at(80)) == []
    assert check(book, on_the_way, at(90)) == []
    assert check(book, gone, at(100)) == []
    assert CallId("1.0") in book.lines


def test_a_blind_check_keeps_who_is_between_queues(book: CallBook) -> None:
    waiting(book)
    book.lines[CallId("1.0")].is_in_queue = False
    blind = lists(queue("support"), ANN, is_denied=True)
    assert check(book, blind, at(60)) == []
    assert check(book, blind, at(120)) == []
    assert CallId("1.0") in book.lines


def test_a_check_without_queues(book: CallBook) -> None:
    take(book, Lists(queues=None, channels=()), at(0))
    assert check(book, Lists(queues=None, channels=()), at(60)) == []


# A run that begins knows what the run before it knew.


def an_earlier_call(
    call_id: str, outcome: Outcome = Outcome.WAITING, queue: str = "support"
) -> Call:
    return Call(
        phone=OFFICE,
        call_id=CallId(call_id),
        number="+1555",
        name="Carla",
        queue=queue,
        started_at=at(0),
        outcome=outcome,
        wait_seconds=0.0 if outcome is Outcome.WAITING else 2.0,
    )


def test_what_happened_between_two_runs_is_told_by_the_second(book: CallBook) -> None:
    book.abandoned["support"], book.completed["support"] = 3, 0
    talk = an_earlier_call("4.0", Outcome.TAKEN)
    book.resume(
        [an_earlier_call("1.0"), an_earlier_call("2.0"), an_earlier_call("3.0", queue=""), talk]
    )
    said = lists(
        queue("support", abandoned=5),
        ANN,
        entry("support", "2.0", wait=20),
        channels=[channel("2.0"), channel("3.0", Application="Dial", Exten="100")],
    )
    [missed, ended, taken] = take(book, said, at(20), GAP)
    assert isinstance(missed, CallMissed)
    assert (missed.call_id, missed.name, missed.reason) == ("1.0", "Carla", MissedReason.UNSEEN)
    assert isinstance(ended, CallEnded)
    assert (ended.call_id, ended.talk_seconds) == ("4.0", 8.0)
    assert ended.unheard_seconds == 10.0
    assert isinstance(taken, PhoneSnapshotTaken)
    assert [(one.call_id, one.channel) for one in taken.callers] == [
        ("2.0", "PJSIP/trunk-2.0"),
        ("3.0", "PJSIP/trunk-3.0"),
    ]
    assert taken.missed_meanwhile == 1
