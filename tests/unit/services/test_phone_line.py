from dataclasses import replace
from datetime import timedelta

from supportdesk.domain.calls import CallId, MemberState
from supportdesk.domain.one_ring import Need
from supportdesk.services.phone_line import PhoneLine
from tests.fakes.happenings import (
    DOOR,
    HOOK_SETTINGS,
    PHONE_SETTINGS,
    T0,
    UNABLE,
    a_caller,
    a_member,
    a_snapshot,
    after,
)

RING = timedelta(seconds=6)
HOUR = 3600.0
FREE = MemberState.FREE


def a_line() -> PhoneLine:
    """Heard, with Anna on a call."""
    line = PhoneLine(PHONE_SETTINGS, T0)
    line.listening()
    line.snapshot(a_snapshot(members=[a_member("Anna", since=T0)]))
    return line


def a_hook() -> PhoneLine:
    return PhoneLine(HOOK_SETTINGS, T0)


def test_before_the_first_snapshot_nothing_is_known() -> None:
    line = PhoneLine(PHONE_SETTINGS, T0)
    line.listening()
    line.joined(a_caller("1"))
    line.member_changed(a_member("Anna"), T0)
    line.member_left("PJSIP/Anna")
    assert not line.is_known
    assert line.callers() == []
    assert line.members(T0) is None
    assert line.sees_waiting
    assert line.capabilities is None


def test_a_snapshot_makes_it_known_and_names_who_is_gone() -> None:
    line = a_line()
    stays, goes, comes = a_caller("1"), a_caller("2"), a_caller("3")
    line.joined(stays)
    line.joined(goes)
    vanished = line.snapshot(a_snapshot(stays, comes, capabilities=UNABLE))
    assert vanished == [goes]
    assert line.callers() == [stays, comes]
    assert not line.sees_waiting


def test_a_snapshot_before_the_link_is_called_up_counts_with_it() -> None:
    line = PhoneLine(PHONE_SETTINGS, T0)
    line.snapshot(a_snapshot(a_caller("1")))
    assert not line.is_known
    line.listening()
    assert line.is_known


def test_a_deaf_phone_has_no_numbers_and_is_believed_for_a_minute() -> None:
    line = a_line()
    line.joined(a_caller("1"))
    line.deaf(after(10))
    line.deaf(after(20))
    assert line.callers() == []
    assert line.members(after(20)) is None
    assert line.is_believed(after(69))
    assert not line.is_believed(after(70))
    assert line.next_due(RING, after(20)) == after(70)
    line.listening()
    assert line.callers() == []
    line.snapshot(a_snapshot(a_caller("1"), at=after(80)))
    assert not line.is_believed(after(20))
    assert [caller.call_id for caller in line.callers()] == ["1"]


def test_who_waits_is_believed_until_both_link_and_snapshot_are_back() -> None:
    for parts in (["snapshot", "listening"], ["listening", "snapshot"]):
        line = a_line()
        line.joined(a_caller("1"))
        line.deaf(after(10))
        for part in parts:
            assert not line.is_known
            assert line.is_believed(after(11))
            if part == "snapshot":
                line.snapshot(a_snapshot(a_caller("1"), at=after(11)))
            else:
                line.listening()
        assert line.is_known
        assert not line.is_believed(after(11))


def test_callers_come_and_go() -> None:
    line = a_line()
    line.joined(a_caller("1"))
    assert line.caller(CallId("1")) == a_caller("1")
    assert line.left(CallId("1")) == a_caller("1")
    assert line.left(CallId("1")) is None
    assert line.caller(CallId("1")) is None


def test_who_needs_the_founder() -> None:
    line = a_line()
    line.joined(a_caller("1"))
    [needed] = line.needed(RING, after(1))
    assert needed.need is Need.ALL_BUSY
    assert line.next_due(RING, after(1)) == after(6)
    alone = line.needed_alone(a_caller("2"), after(1))
    assert alone is not None
    assert alone.need is Need.ALL_BUSY
    line.member_changed(a_member("Ben", FREE), after(2))
    assert line.needed(RING, after(2)) == []
    assert line.needed_alone(a_caller("2"), after(2)) is None


def test_members_come_change_and_leave() -> None:
    line = a_line()
    line.member_changed(a_member("Ben", FREE), after(5))
    members = line.members(after(5))
    assert members is not None
    assert [(one.name, one.state_since) for one in members] == [("Anna", T0), ("Ben", after(5))]
    line.member_left("PJSIP/Anna")
    line.member_left("PJSIP/Nobody")
    assert [one.name for one in line.members(after(5)) or ()] == ["Ben"]
    line.snapshot(a_snapshot(members=None))
    assert line.members(after(5)) is None


def test_the_same_state_keeps_its_beginning_a_new_one_begins_now() -> None:
    line = a_line()
    line.member_changed(a_member("Anna"), after(5))
    assert [one.state_since for one in line.members(after(5)) or ()] == [T0]
    line.snapshot(a_snapshot(members=[a_member("Anna", FREE)], at=after(9)))
    assert [one.state_since for one in line.members(after(9)) or ()] == [after(9)]


def test_a_stuck_busy_is_not_believed_for_ever() -> None:
    line = a_line()
    assert line.next_due(RING, after(1)) == after(2 * HOUR)
    [anna] = line.members(after(2 * HOUR)) or ()
    assert anna.state is MemberState.UNKNOWN
    assert line.next_due(RING, after(2 * HOUR)) is None


def test_a_long_call_that_we_saw_begin_is_believed() -> None:
    line = a_line()
    line.answered(CallId("1"), "PJSIP/Anna")
    assert line.talking == {"1": "PJSIP/Anna"}
    [anna] = line.members(after(3 * HOUR)) or ()
    assert anna.state is MemberState.ON_A_CALL
    line.ended(CallId("1"))
    [anna] = line.members(after(3 * HOUR)) or ()
    assert anna.state is MemberState.UNKNOWN


def test_after_a_gap_calls_begun_before_it_prove_nothing() -> None:
    line = a_line()
    line.answered(CallId("1"), "PJSIP/Anna")
    busy = [a_member("Anna", since=T0)]
    line.snapshot(a_snapshot(members=busy, at=after(HOUR)))
    assert [one.state for one in line.members(after(3 * HOUR)) or ()] == [MemberState.ON_A_CALL]
    line.snapshot(a_snapshot(members=busy, at=after(HOUR), deaf_since=after(60)))
    assert [one.state for one in line.members(after(3 * HOUR)) or ()] == [MemberState.UNKNOWN]


def test_a_hook_is_always_heard_and_forgets_a_ringing_that_never_ends() -> None:
    hook = a_hook()
    hook.deaf(after(1))
    hook.joined(a_caller("1", phone=DOOR))
    assert hook.is_known
    assert not hook.is_believed(after(1))
    assert hook.next_due(RING, after(6)) == after(1800)
    assert hook.forgotten(after(1799)) == []
    assert hook.forgotten(after(1800)) == [a_caller("1", phone=DOOR)]
    assert a_line().forgotten(after(9 * HOUR)) == []


def test_an_asterisk_may_come_to_tell_of_the_team_a_phone_on_a_desk_never() -> None:
    assert PhoneLine(PHONE_SETTINGS, T0).sees_team
    assert a_line().sees_team
    assert not a_hook().sees_team
    blind = a_line()
    blind.snapshot(a_snapshot(capabilities=UNABLE))
    assert not blind.sees_team


def test_a_caller_is_handed_over_where_phone_channel_and_founder_are_known() -> None:
    caller = replace(a_caller("1"), channel="PJSIP/trunk-01")
    line = a_line()
    assert line.can_take(caller)
    assert not line.can_take(replace(caller, channel=""))
    line.settings = replace(PHONE_SETTINGS, founder="")
    assert not line.can_take(caller)
    assert not a_hook().can_take(caller)
    line = a_line()
    line.snapshot(a_snapshot(capabilities=UNABLE))
    assert not line.can_take(caller)
