"""Real calls on a real Asterisk, as the adapter tells them."""

import time
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from supportdesk.domain.calls import MemberState, MissedReason
from supportdesk.domain.events import (
    CallAnswered,
    CallEnded,
    CallerJoined,
    CallMissed,
    MemberLeft,
    PhoneSnapshotTaken,
)
from tests.e2e.asterisk_office import OFFICE, Office, settings_for
from tests.lab.phone import AsteriskLab

pytestmark = [pytest.mark.asterisk, pytest.mark.usefixtures("qapp")]


@pytest.fixture
def office(asterisk_lab: AsteriskLab, qapp: QApplication) -> Iterator[Office]:
    with Office(settings_for(asterisk_lab)) as made:
        yield made.listening()


def test_two_members_talk_and_a_third_customer_waits_until_one_is_free(
    asterisk_lab: AsteriskLab, office: Office
) -> None:
    ann, bob = asterisk_lab.agent("201"), asterisk_lab.agent("202")
    carla = asterisk_lab.customer(1)
    dan = asterisk_lab.customer(2, name="Dan Customer")
    eve = asterisk_lab.customer(3, name="Eve Customer")

    carla.call("800")
    ann.answer_next()
    first = office.wait_for(CallAnswered)
    assert (first.phone, first.by, first.by_interface) == (OFFICE, "Ann Agent", "PJSIP/201")
    dan.call("800")
    bob.answer_next(start=bob.mark())
    office.wait_for(CallAnswered, lambda event: event.by == "Bob Agent")
    office.wait_until(
        lambda: set(office.member_states.values()) == {MemberState.ON_A_CALL},
        seconds=5,
        what="both on a call",
    )

    eve.call("800")
    waiting = office.wait_for(CallerJoined, lambda event: event.caller.name == "Eve Customer")
    assert waiting.caller.number == "+15550100003"
    assert waiting.caller.queue == "support"
    assert waiting.caller.channel.startswith("PJSIP/trunk-")
    start = ann.mark()
    office.run_for(1.5)
    carla.hang_up()
    ended = office.wait_for(CallEnded)
    assert ended.call_id == first.call_id
    assert ended.talk_seconds > 1

    ann.answer_next(start=start)
    answered = office.wait_for(
        CallAnswered, lambda event: event.call_id == waiting.caller.call_id, seconds=10
    )
    assert answered.by == "Ann Agent"
    waited = (answered.at - waiting.caller.joined_at).total_seconds()
    # Asterisk's own figure counts where we heard of it late, and that has whole seconds alone.
    assert waited - 2 < answered.hold_seconds < waited + 0.1
    eve.hang_up()
    office.wait_for(CallEnded, lambda event: event.call_id == waiting.caller.call_id)
    assert office.of(CallMissed) == []


def test_a_caller_who_gives_up_is_missed(asterisk_lab: AsteriskLab, office: Office) -> None:
    ann = asterisk_lab.agent("201")
    carla = asterisk_lab.customer()
    began = time.monotonic()
    carla.call("800")
    ann.wait_for_event("CALL_INCOMING")
    joined = office.wait_for(CallerJoined)
    office.run_for(2)
    carla.hang_up()
    missed = office.wait_for(CallMissed)
    at_most = time.monotonic() - began
    assert missed.call_id == joined.caller.call_id
    assert (missed.number, missed.name) == ("+15550100001", "Carla Customer")
    assert missed.queue == "support"
    assert missed.reason is MissedReason.GAVE_UP
    assert 1.5 < missed.waited_seconds < at_most + 1
    assert office.of(CallAnswered) == []


def test_nobody_is_logged_in(asterisk_lab: AsteriskLab, office: Office) -> None:
    assert set(office.member_states.values()) == {MemberState.GONE}
    carla = asterisk_lab.customer()
    carla.call("800")
    office.wait_for(CallerJoined)
    carla.hang_up()
    assert office.wait_for(CallMissed).reason is MissedReason.NOBODY_THERE


def test_a_caller_is_turned_away_from_an_empty_queue(
    asterisk_lab: AsteriskLab, qapp: QApplication
) -> None:
    with Office(settings_for(asterisk_lab, queues=("strict",))) as office:
        office.listening()
        asterisk_lab.customer().call("801")
        missed = office.wait_for(CallMissed)
    assert (missed.queue, missed.reason) == ("strict", MissedReason.NOBODY_THERE)
    assert missed.number == "+15550100001"
    assert office.of(CallerJoined) == []


def test_a_timeout_is_missed_once_and_an_overflow_is_one_call(
    asterisk_lab: AsteriskLab, qapp: QApplication
) -> None:
    asterisk_lab.agent("201")
    carla = asterisk_lab.customer()
    with Office(settings_for(asterisk_lab, queues=())) as office:
        office.listening()
        carla.call("804")
        assert office.wait_for(CallMissed, seconds=15).reason is MissedReason.TIMED_OUT
        start = len(office.events)
        carla.call("806")
        second = office.wait_for(
            CallerJoined, lambda event: event.caller.queue == "sales", seconds=15, start=start
        )
        first = office.wait_for(CallerJoined, start=start)
        assert first.caller.queue == "support"
        assert first.caller.call_id == second.caller.call_id
        assert first.caller.joined_at == second.caller.joined_at
        carla.hang_up()
        missed = office.wait_for(CallMissed, start=start)
    assert (missed.queue, missed.reason) == ("sales", MissedReason.NOBODY_THERE)
    assert len(office.of(CallMissed)) == 2


def test_direct_calls_to_the_founder(asterisk_lab: AsteriskLab, office: Office) -> None:
    carla = asterisk_lab.customer()
    carla.call("100")
    assert office.wait_for(CallMissed).reason is MissedReason.PHONE_OFFLINE

    fay = asterisk_lab.agent("100")
    start = len(office.events)
    carla.call("100")
    joined = office.wait_for(CallerJoined, start=start)
    assert joined.caller.queue == ""
    fay.answer_next()
    answered = office.wait_for(CallAnswered, start=start)
    assert answered.by_interface == "PJSIP/100"
    carla.hang_up()
    office.wait_for(CallEnded, start=start)

    start, mark = len(office.events), fay.mark()
    carla.call("100")
    fay.wait_for_event("CALL_INCOMING", start=mark)
    fay.hang_up()
    assert office.wait_for(CallMissed, start=start).reason is MissedReason.BUSY


def test_calls_inside_the_team_and_out_of_it_are_no_customers(
    asterisk_lab: AsteriskLab, qapp: QApplication
) -> None:
    ann, bob = asterisk_lab.agent("201"), asterisk_lab.agent("202")
    carla = asterisk_lab.customer()
    with Office(settings_for(asterisk_lab, queues=())) as office:
        office.listening()
        ann.call("202")
        bob.wait_for_event("CALL_INCOMING")
        ann.hang_up()
        ann.call("+15550100001")
        carla.wait_for_event("CALL_INCOMING")
        ann.hang_up()
        office.wait_until(
            lambda: office.member_states["Ann Agent"] is MemberState.FREE,
            seconds=5,
            what="Ann to be free",
        )
        office.run_for(0.5)
        assert office.of(CallerJoined) == []
        assert office.of(CallMissed) == []


def test_members_come_pause_and_go(asterisk_lab: AsteriskLab, office: Office) -> None:
    asterisk_lab.agent("203")
    admin = asterisk_lab.ami()
    admin.action("QueueAdd", Queue="support", Interface="PJSIP/203", MemberName="Conan O'Brien")
    office.wait_until(
        lambda: office.member_states.get("Conan O'Brien") is MemberState.FREE,
        seconds=5,
        what="the new member",
    )
    admin.action("QueuePause", Interface="PJSIP/203", Paused="true", Reason="O'Lunch")
    office.wait_until(
        lambda: office.member_states.get("Conan O'Brien") is MemberState.PAUSED,
        seconds=5,
        what="the pause",
    )
    admin.action("QueueRemove", Queue="support", Interface="PJSIP/203")
    assert office.wait_for(MemberLeft).interface == "PJSIP/203"
    office.phone.check_now()
    office.run_for(0.5)
    assert len(office.of(PhoneSnapshotTaken)) == 1, "the lists agree with the events"


def test_we_come_while_callers_wait(asterisk_lab: AsteriskLab, qapp: QApplication) -> None:
    asterisk_lab.agent("100")
    carla = asterisk_lab.customer()
    admin = asterisk_lab.ami()
    carla.call("800")
    admin.wait_for_event("QueueCallerJoin")
    odd_name = '"Conan O\'Brien" <sip:+15550100013@customer.example>'
    asterisk_lab.odd_caller("100", from_header=odd_name)
    admin.wait_for_event("DialBegin")

    with Office(settings_for(asterisk_lab)) as office:
        snapshot = office.listening().wait_for(PhoneSnapshotTaken)
        callers = {caller.name: caller for caller in snapshot.callers}
        assert set(callers) == {"Carla Customer", "Conan O'Brien"}
        assert callers["Carla Customer"].queue == "support"
        assert callers["Conan O'Brien"].queue == ""
        carla.hang_up()
        missed = office.wait_for(CallMissed, lambda event: event.name == "Carla Customer")
        assert missed.call_id == callers["Carla Customer"].call_id
