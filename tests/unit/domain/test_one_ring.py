from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from supportdesk.domain.calls import MemberState
from supportdesk.domain.one_ring import Need, needed_callers
from tests.fakes.happenings import a_caller, a_member, after

RING = timedelta(seconds=6)
FREE = MemberState.FREE
BUSY = MemberState.ON_A_CALL


def test_while_a_member_is_free_the_founder_is_left_alone() -> None:
    assert needed_callers([a_caller("1")], [a_member("Anna", FREE)], RING) == []


def test_a_member_who_is_ringing_copes() -> None:
    assert needed_callers([a_caller("1")], [a_member("Anna", MemberState.RINGING)], RING) == []


def test_when_all_are_on_calls_it_is_the_founders_from_the_second_ring() -> None:
    [needed] = needed_callers([a_caller("1")], [a_member("Anna"), a_member("Ben")], RING)
    assert needed.need is Need.ALL_BUSY
    assert needed.due_at == after(6)


def test_when_nobody_is_there_it_is_at_once() -> None:
    for members in (
        [],
        [a_member("Anna", MemberState.PAUSED)],
        [a_member("Ben", MemberState.GONE)],
    ):
        [needed] = needed_callers([a_caller("1")], members, RING)
        assert needed.need is Need.NOBODY_THERE
        assert needed.due_at == after(0)


def test_the_longest_waiting_gets_the_free_member() -> None:
    early, late = a_caller("2", at=after(0)), a_caller("1", at=after(3))
    [needed] = needed_callers([late, early], [a_member("Anna", FREE), a_member("Ben")], RING)
    assert needed.caller == late
    assert needed.need is Need.OTHERS_FIRST
    assert needed.due_at == after(9)


def test_an_unknown_team_is_taken_for_busy_and_said_to_be_unknown() -> None:
    [needed] = needed_callers([a_caller("1")], None, RING)
    assert (needed.need, needed.due_at) == (Need.NOT_KNOWN, after(6))
    [needed] = needed_callers([a_caller("1")], [a_member("Anna", MemberState.UNKNOWN)], RING)
    assert (needed.need, needed.due_at) == (Need.NOT_KNOWN, after(6))


def test_a_free_member_of_another_queue_helps_nobody() -> None:
    members = [a_member("Anna", FREE, queues=("sales",)), a_member("Ben", BUSY)]
    [needed] = needed_callers([a_caller("1", queue="support")], members, RING)
    assert needed.need is Need.ALL_BUSY


def test_a_member_of_many_queues_is_left_for_who_has_no_other() -> None:
    both = a_member("Anna", FREE, queues=("support", "sales"))
    one = a_member("Ben", FREE, queues=("support",))
    callers = [a_caller("1", queue="support"), a_caller("2", queue="sales", at=after(1))]
    assert needed_callers(callers, [both, one], RING) == []


def test_a_direct_call_may_be_taken_by_any_member() -> None:
    assert needed_callers([a_caller("1", queue="")], [a_member("Anna", FREE)], RING) == []
    anyone = a_member("Ben", FREE, queues=())
    assert needed_callers([a_caller("1", queue="support")], [anyone], RING) == []


@given(
    waiting=st.integers(min_value=0, max_value=6),
    states=st.lists(st.sampled_from(MemberState), max_size=6),
)
def test_with_one_queue_exactly_the_callers_beyond_the_members_who_can_answer(
    waiting: int, states: list[MemberState]
) -> None:
    callers = [a_caller(str(number), at=after(number)) for number in range(waiting)]
    members = [a_member(f"m{number}", state) for number, state in enumerate(states)]
    able = sum(member.can_answer for member in members)
    needed = needed_callers(callers, members, RING)
    assert [one.caller for one in needed] == callers[able:]


def test_a_member_who_has_just_become_busy_may_be_answering_this_caller() -> None:
    busy = a_member("201", BUSY, since=after(20))
    (needed,) = needed_callers([a_caller("1", at=after(0))], [busy], RING)
    assert needed.due_at == after(21)
