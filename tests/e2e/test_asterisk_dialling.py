"""Take call and Call back: real phones ring, talk, refuse and stop ringing."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication

from supportdesk.domain.calls import Caller
from supportdesk.domain.events import (
    CallAnswered,
    CalleeAnswered,
    CallEnded,
    CallerJoined,
    CallMissed,
    DialProgressed,
)
from supportdesk.domain.health import Hearing
from tests.e2e.asterisk_office import Office, settings_for
from tests.lab.asterisk_root import VERSIONS
from tests.lab.phone import AsteriskLab
from tests.lab.softphones import Softphone
from tests.lab.wire import RecordingProxy

pytestmark = [pytest.mark.asterisk, pytest.mark.usefixtures("qapp")]


@pytest.fixture(params=VERSIONS)
def asterisk_lab(request: pytest.FixtureRequest) -> Iterator[AsteriskLab]:
    """What Originate and Bridge say differs between the versions."""
    with AsteriskLab(version=request.param) as lab:
        yield lab


@pytest.fixture
def wire(asterisk_lab: AsteriskLab) -> Iterator[RecordingProxy]:
    with RecordingProxy(asterisk_lab.ami_port) as proxy:
        yield proxy


@pytest.fixture
def office(asterisk_lab: AsteriskLab, wire: RecordingProxy, qapp: QApplication) -> Iterator[Office]:
    with Office(replace(settings_for(asterisk_lab), port=wire.port)) as made:
        yield made.listening()


@pytest.fixture
def fay(asterisk_lab: AsteriskLab) -> Softphone:
    """The founder's phone."""
    return asterisk_lab.agent("100")


@pytest.fixture
def carla(asterisk_lab: AsteriskLab) -> Softphone:
    return asterisk_lab.customer()


def waiting(office: Office, customer: Softphone) -> Caller:
    customer.call("800")
    return office.wait_for(CallerJoined).caller


def over(office: Office) -> DialProgressed:
    return office.wait_for(DialProgressed, lambda event: event.is_over, seconds=40)


def originates(wire: RecordingProxy) -> int:
    return wire.client_lines().count("Action: Originate")


def talking_channels(lab: AsteriskLab) -> int:
    """How many channels are in a bridge (the last but one column is the bridge's id)."""
    lines = lab.cli("core show channels concise").splitlines()
    return sum(bool(line.split("!")[12]) for line in lines if line.count("!") >= 12)


def test_the_founder_takes_a_waiting_caller(
    asterisk_lab: AsteriskLab,
    office: Office,
    wire: RecordingProxy,
    fay: Softphone,
    carla: Softphone,
) -> None:
    caller = waiting(office, carla)
    office.phone.take(caller)
    office.phone.take(caller)  # a double click
    fay.wait_for_event("CALL_INCOMING")
    fay.answer()
    answered = office.wait_for(CallAnswered)
    assert (answered.call_id, answered.by_interface) == (caller.call_id, "PJSIP/100")
    end = over(office)
    assert office.words == [
        "Your phone already rings for Carla Customer",
        "Your phone rings; pick up to talk to Carla Customer",
        "You are talking to Carla Customer",
    ]
    assert (end.call_id, end.has_failed) == (caller.call_id, False)
    office.wait_until(lambda: talking_channels(asterisk_lab) == 2, "the talk", seconds=5)
    assert originates(wire) == 1
    fay.hang_up()
    assert office.wait_for(CallEnded).call_id == caller.call_id
    assert office.of(CallMissed) == []


def test_somebody_else_answers_first_and_the_founders_phone_stops_ringing(
    asterisk_lab: AsteriskLab, office: Office, fay: Softphone, carla: Softphone
) -> None:
    ann = asterisk_lab.agent("201")
    caller = waiting(office, carla)
    ann.wait_for_event("CALL_INCOMING")
    office.phone.take(caller)
    fay.wait_for_event("CALL_INCOMING")
    ann.answer()
    end = over(office)
    assert (end.words, end.has_failed) == ("Ann Agent answered first", False)
    fay.wait_for_event("CALL_CLOSED")
    office.wait_until(lambda: talking_channels(asterisk_lab) == 2, "the talk of the two alone")
    office.run_for(1)
    assert talking_channels(asterisk_lab) == 2
    assert office.of(CallEnded) == []
    carla.hang_up()
    assert office.wait_for(CallEnded).call_id == caller.call_id


def test_the_caller_leaves_and_the_founders_phone_stops_ringing(
    office: Office, fay: Softphone, carla: Softphone
) -> None:
    caller = waiting(office, carla)
    office.phone.take(caller)
    fay.wait_for_event("CALL_INCOMING")
    carla.hang_up()
    end = over(office)
    assert end.words == "Carla Customer hung up before you picked up"
    assert end.has_failed
    fay.wait_for_event("CALL_CLOSED")
    assert office.wait_for(CallMissed).call_id == caller.call_id


def test_the_founder_declines_and_the_caller_goes_on_waiting(
    office: Office, fay: Softphone, carla: Softphone
) -> None:
    caller = waiting(office, carla)
    office.phone.take(caller)
    fay.wait_for_event("CALL_INCOMING")
    fay.hang_up()
    end = over(office)
    assert "Carla Customer is still waiting" in end.words
    assert end.has_failed
    assert office.of(CallMissed) == []
    office.run_for(0.5)
    carla.hang_up()
    assert office.wait_for(CallMissed).call_id == caller.call_id


def test_the_founders_phone_is_offline(office: Office, carla: Softphone) -> None:
    office.phone.take(waiting(office, carla))
    end = over(office)
    assert end.words == (
        "Your phone PJSIP/100 is not connected to the phone system, or declined the call;"
        " Carla Customer is still waiting"
    )


def test_calling_a_customer_back_connects_both(
    asterisk_lab: AsteriskLab,
    office: Office,
    wire: RecordingProxy,
    fay: Softphone,
    carla: Softphone,
) -> None:
    office.phone.call_back("+1 (555) 010-0001", "Carla Müller")
    ringing = fay.wait_for_event("CALL_INCOMING")
    assert "+15550100001" in str(ringing.get("peeruri"))
    fay.answer()
    arriving = carla.wait_for_event("CALL_INCOMING")
    assert "sip:100@" in str(arriving.get("peeruri")), "customers see who calls, not themselves"
    carla.answer()
    end = over(office)
    assert office.words == [
        "Your phone rings; pick up to talk to Carla Müller",
        "Calling Carla Müller",
        "You are talking to Carla Müller",
    ]
    assert (end.call_id, end.number, end.has_failed) == (None, "+1 (555) 010-0001", False)
    office.wait_until(lambda: talking_channels(asterisk_lab) >= 2, seconds=5, what="the talk")
    assert originates(wire) == 1
    assert office.of(CallerJoined) == []
    reached = office.wait_for(CalleeAnswered)
    assert (reached.number, reached.by_interface) == ("+15550100001", "PJSIP/100")
    fay.hang_up()
    assert office.wait_for(CallEnded).call_id == reached.call_id
    assert office.of(CallMissed) == []


def test_a_colleague_calls_a_customer_from_the_desk_phone(
    asterisk_lab: AsteriskLab, office: Office, carla: Softphone
) -> None:
    ann = asterisk_lab.agent("201")
    ann.call("+15550100001")
    carla.wait_for_event("CALL_INCOMING")
    carla.answer()
    reached = office.wait_for(CalleeAnswered)
    assert (reached.number, reached.by) == ("+15550100001", "Ann Agent")
    carla.hang_up()
    assert office.wait_for(CallEnded).call_id == reached.call_id
    assert office.of(CallMissed) == []


def test_a_customer_who_does_not_answer_was_not_reached(
    asterisk_lab: AsteriskLab, office: Office, carla: Softphone
) -> None:
    ann = asterisk_lab.agent("201")
    ann.call("+15550100001")
    carla.wait_for_event("CALL_INCOMING")
    carla.hang_up()
    ann.wait_for_event("CALL_CLOSED")
    ann.call("202")
    ann.wait_for_event("CALL_CLOSED")
    assert office.of(CalleeAnswered) == []


def test_a_busy_customer(office: Office, fay: Softphone, carla: Softphone) -> None:
    office.phone.call_back("+15550100001", "Carla Customer")
    fay.answer_next()
    carla.wait_for_event("CALL_INCOMING")
    carla.hang_up()
    end = over(office)
    assert (end.words, end.has_failed) == ("Carla Customer is busy", True)


def test_the_founder_does_not_want_to_call_back(
    office: Office, fay: Softphone, carla: Softphone
) -> None:
    office.phone.call_back("+15550100001", "Carla Customer")
    fay.wait_for_event("CALL_INCOMING")
    fay.hang_up()
    end = over(office)
    assert end.has_failed
    assert "PJSIP/100" in end.words
    assert not [event for event in carla.events if event.get("type") == "CALL_INCOMING"]


def test_a_number_that_the_phone_system_cannot_dial(office: Office, fay: Softphone) -> None:
    office.phone.call_back("7777777", "")
    end = over(office)
    assert "no way to dial 7777777" in end.words
    assert "from-internal" in end.words


def test_nothing_is_sent_again_after_a_reconnect(
    asterisk_lab: AsteriskLab, office: Office, wire: RecordingProxy, fay: Softphone
) -> None:
    wire.hold()
    office.phone.call_back("+15550100001", "Carla Customer")
    office.run_for(0.3)
    wire.refuse()
    wire.cut()
    wire.release()
    end = over(office)
    assert end.has_failed
    assert "link to the phone system was lost" in end.words
    office.wait_until(lambda: office.hearing is Hearing.DEAF, seconds=5, what="to be deaf")
    office.phone.call_back("+15550100001", "Carla Customer")
    assert office.words[-1] == "The phone system is not connected"
    wire.accept()
    office.listening()
    office.run_for(1)
    assert originates(wire) <= 1
