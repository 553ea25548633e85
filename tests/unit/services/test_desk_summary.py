"""What the tray, the strip and `status` say of a desk."""

from dataclasses import replace
from functools import partial

from supportdesk.domain.calls import MemberState
from supportdesk.domain.errors import Problem
from supportdesk.domain.health import Hearing
from supportdesk.domain.lifts import LiftWay
from supportdesk.domain.promises import Promise
from supportdesk.domain.settings import AlertSettings
from supportdesk.services.desk_state import TrayState, WaitsFor
from supportdesk.services.desk_summary import DeskSummary
from supportdesk.services.silence import Silence
from tests.fakes.happenings import (
    OFFICE,
    SUPPORT,
    T0,
    DeskRig,
    a_caller,
    a_member,
    a_message,
    a_snapshot,
    after,
    arrived,
    as_utc,
    health,
    joined,
)
from tests.fakes.happenings import missed as a_missed_call
from tests.fakes.lifted import lifting, mail_lifted
from tests.fakes.promise_store import MemoryPromiseStore
from tests.unit.domain.test_promises import PROMISE

FREE = MemberState.FREE
SLOW = Problem(title="pbx.desk.example does not answer", advice="It is tried again.")


def a_rig() -> DeskRig:
    rig = DeskRig().listen(a_member("Anna"))
    rig.forget()
    return rig


missed = partial(a_missed_call, "9", number="+33 1", name="Maison Aubry", waited=41)


def test_at_the_start_nothing_is_claimed() -> None:
    state = DeskRig().desk.state(T0)
    assert [one.hearing for one in state.healths] == [Hearing.CONNECTING] * 2
    assert (state.waiting, state.free, state.members) == (None, None, None)
    assert (state.tray, state.number) == (TrayState.LISTENING, 0)


def test_the_tray_says_what_matters_most() -> None:
    rig = DeskRig().listen(a_member("Anna", FREE))
    desk = rig.desk

    def tray() -> tuple[TrayState, int]:
        state = desk.state(rig.now)
        return state.tray, state.number

    assert tray() == (TrayState.LISTENING, 0)
    rig.apply(arrived(a_message(1)))
    assert tray() == (TrayState.WAITING, 1)
    rig.take(desk.pause(after(600), T0))
    assert tray() == (TrayState.PAUSED, 1)
    rig.apply(health(SUPPORT, Hearing.DEAF, problem=SLOW))
    assert tray() == (TrayState.DEAF, 1)
    rig.apply(joined(a_caller("1")))
    assert tray() == (TrayState.DEAF, 2)
    rig.apply(a_snapshot(a_caller("1"), members=[a_member("Anna")]))
    assert tray() == (TrayState.YOURS, 2)


def test_who_only_waits_for_a_call_back_is_counted_too() -> None:
    rig = DeskRig().listen(a_member("Anna", FREE))
    rig.apply(missed())
    state = rig.desk.state(rig.now)
    assert (state.tray, state.number, state.to_call_back) == (TrayState.WAITING, 1, 1)
    assert [one.waits_for for one in state.oldest_waits] == [WaitsFor.A_CALL_BACK]
    rig.take(rig.desk.close_missed("call/Office/9", T0))
    state = rig.desk.state(rig.now)
    assert (state.tray, state.number, state.to_call_back) == (TrayState.LISTENING, 0, 0)


def test_a_caller_at_the_first_ring_turns_the_tray() -> None:
    rig = DeskRig().listen(a_member("Anna", FREE))
    rig.apply(joined(a_caller("1")))
    state = rig.desk.state(after(2))
    assert (state.tray, state.number, state.waiting, state.free) == (TrayState.WAITING, 1, 1, 1)


def test_a_deaf_phone_has_no_numbers() -> None:
    rig = a_rig()
    rig.apply(joined(a_caller("1")))
    rig.apply(health(OFFICE, Hearing.DEAF, since=after(5), problem=SLOW), at=after(5))
    state = rig.desk.state(after(6))
    assert (state.waiting, state.free, state.members, state.callers) == (None, None, None, ())
    assert (state.tray, state.deaf_since) == (TrayState.DEAF, after(5))


def test_up_to_eight_who_wait_longest_first_after_who_is_on_the_line() -> None:
    rig = a_rig()
    rig.apply(arrived(*(a_message(uid, at=after(-uid)) for uid in range(1, 9))))
    rig.apply(missed())
    rig.apply(joined(a_caller("1", at=after(0))))
    waits = rig.desk.state(T0).oldest_waits
    assert len(waits) == 8
    assert [one.waits_for for one in waits[:3]] == [
        WaitsFor.AN_ANSWER,
        WaitsFor.A_CALL_BACK,
        WaitsFor.A_REPLY,
    ]
    assert [one.key for one in waits[:2]] == ["call/Office/1", "call/Office/9"]
    assert [one.label for one in waits[2:4]] == ["Customer 8", "Customer 7"]
    assert waits[2].since == after(-8)
    rig.apply(arrived(a_message(9, at=after(-9000))))
    waits = rig.desk.state(T0).oldest_waits
    assert [one.label for one in waits[1:4]] == ["Customer 9", waits[2].label, "Customer 8"]
    assert waits[2].waits_for is WaitsFor.A_CALL_BACK
    rig.take(rig.desk.close_all_missed(after(1)))
    assert WaitsFor.A_CALL_BACK not in [one.waits_for for one in rig.desk.state(T0).oldest_waits]


def promised(key: str, contact: str, **changes: str) -> Promise:
    return replace(PROMISE, key=key, contact=contact, who=changes.get("who", contact))


def test_to_whom_a_promise_is_due_waits_and_nobody_waits_twice() -> None:
    store = MemoryPromiseStore()
    for one in (
        promised("1", "customer.1@out.example"),
        promised("2", "customer.2@out.example", who="Customer 2"),
        promised("3", "customer.2@out.example"),
        promised("4", "+331"),
        promised("5", "+332"),
        promised("6", "+333", who="Pavel Kiss"),
        promised("7", ""),
        replace(promised("8", "customer.8@out.example"), due=after(9999)),
    ):
        store.save_promise(one)
    rig = DeskRig(promises=store).listen(a_member("Anna", FREE))
    rig.apply(arrived(a_message(1)))
    rig.apply(missed())
    rig.apply(joined(a_caller("1", number="+33 2")))
    rig.wait_until(PROMISE.due)
    state = rig.desk.state(rig.now)
    assert [one.key for one in state.promised_due] == ["2", "6", "7"]
    assert (state.people_waiting, state.to_call_back, len(state.callers)) == (1, 1, 1)
    assert state.number == 6
    waits = {one.label: one.waits_for for one in state.oldest_waits}
    assert (waits["Customer 2"], waits["Pavel Kiss"]) == (WaitsFor.A_PROMISE, WaitsFor.A_PROMISE)


def test_without_promises_none_is_due() -> None:
    rig = a_rig()
    summary = DeskSummary(
        inbox=rig.desk.inbox,
        calls=rig.desk.calls,
        people=rig.desk.people,
        health=rig.desk.health,
        silence=Silence(AlertSettings(), as_utc),
    )
    assert summary.at(T0).promised_due == ()


def test_what_is_lifted_stays_until_the_founder_has_seen_it() -> None:
    rig = DeskRig(settings=lifting()).listen(a_member("Anna"))
    ingrid = a_message(1, who="Ingrid")
    rig.apply(arrived(ingrid))
    assert rig.desk.state(rig.now).lifted == ()
    rig.apply(mail_lifted(ingrid.message_id, way=LiftWay.MAILBOX))
    (lift,) = rig.desk.state(rig.now).lifted
    assert lift.item == ingrid.key
    rig.desk.lifts.seen([ingrid.key], rig.now)
    assert rig.desk.state(rig.now).lifted == ()
