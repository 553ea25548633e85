"""The founder takes a waiting call, or calls somebody back; or a colleague sends a caller on."""

from collections.abc import Iterable

from supportdesk.domain.calls import Caller, MissedReason
from supportdesk.domain.events import CallAnswered
from supportdesk.protocols.ami_calls import FOUNDER_WITHOUT_NAME
from tests.e2e.call_cases import (
    CALLED,
    CARLA,
    FOUNDER,
    SUPPORT,
    TAKEN,
    Stage,
    Truth,
    answered,
    called_back,
    case,
    missed,
)
from tests.lab.softphones import Softphone

_CARLAS_NUMBER = "+15550100001"

# --- a colleague sends the caller on (Redirect) ------------------------------------------------


@case("h-take")
def a_colleague_transfers_the_waiting_caller_to_the_founder(stage: Stage) -> Iterable[Truth]:
    fay = stage.lab.agent(FOUNDER)
    carla = stage.carla()
    stage.redirect(stage.front.joined())
    fay.answer_next()
    stage.front.wait_for(CallAnswered)
    carla.hang_up()
    return [TAKEN]


@case("h-take-ringing")
def a_caller_is_transferred_to_the_founder_while_others_ring(stage: Stage) -> Iterable[Truth]:
    fay, ann = stage.lab.agent(FOUNDER), stage.lab.agent("201")
    carla = stage.carla()
    caller = stage.front.joined()
    ann.wait_for_event("CALL_INCOMING")
    stage.redirect(caller)
    fay.answer_next()
    stage.front.wait_for(CallAnswered)
    carla.hang_up()
    return [TAKEN]


@case("h-take-unanswered")
def a_caller_is_transferred_to_the_founder_who_does_not_answer(stage: Stage) -> Iterable[Truth]:
    stage.lab.agent(FOUNDER)
    stage.carla()
    stage.redirect(stage.front.joined())
    return [missed(MissedReason.NOT_ANSWERED)]


@case("h-take-offline")
def a_caller_is_transferred_to_a_phone_that_is_off(stage: Stage) -> Iterable[Truth]:
    """No phone at all is logged in, neither the team's nor the founder's."""
    stage.carla()
    stage.redirect(stage.front.joined())
    return [missed(MissedReason.NOBODY_THERE)]


@case("h-take-gone")
def a_caller_who_has_gone_is_transferred(stage: Stage) -> Iterable[Truth]:
    stage.lab.agent(FOUNDER)
    carla = stage.carla()
    caller = stage.front.joined()
    carla.hang_up()
    stage.front.outcomes(1)
    stage.redirect(caller)
    return [missed(MissedReason.NOBODY_THERE)]


@case("h-take-gone")
def a_caller_who_talks_to_an_agent_is_transferred(stage: Stage) -> Iterable[Truth]:
    """Who answers last has the call: had the founder not, the caller would have been lost."""
    fay, ann = stage.lab.agent(FOUNDER), stage.lab.agent("201")
    carla = stage.carla()
    caller = stage.front.joined()
    ann.answer_next()
    stage.front.answered_by("Ann Agent")
    stage.redirect(caller)
    fay.answer_next()
    stage.front.answered_by(FOUNDER_WITHOUT_NAME)
    carla.hang_up()
    return [TAKEN]


@case("h-take-gone")
def a_caller_is_transferred_to_nowhere(stage: Stage) -> Iterable[Truth]:
    stage.carla()
    stage.redirect(stage.front.joined(), "nowhere")
    return [missed(MissedReason.NOBODY_THERE)]


# --- Take call ---------------------------------------------------------------------------------


@case("h-take-bridge")
def the_founder_takes_the_call(stage: Stage) -> Iterable[Truth]:
    fay = stage.lab.agent(FOUNDER)
    carla = stage.carla()
    stage.front.phone.take(stage.front.joined())
    fay.answer_next()
    stage.front.wait_for(CallAnswered)
    carla.hang_up()
    return [TAKEN]


@case("h-take-bridge")
def the_founder_takes_a_call_that_rings_with_others(stage: Stage) -> Iterable[Truth]:
    fay, ann = stage.lab.agent(FOUNDER), stage.lab.agent("201")
    carla = stage.carla()
    caller = stage.front.joined()
    ann.wait_for_event("CALL_INCOMING")
    stage.front.phone.take(caller)
    fay.answer_next()
    stage.front.wait_for(CallAnswered)
    stage.stops_ringing(ann)
    carla.hang_up()
    return [TAKEN]


@case("h-take-bridge")
def the_founder_declines_and_the_caller_waits_in_place(stage: Stage) -> Iterable[Truth]:
    fay = stage.lab.agent(FOUNDER)
    carla = stage.carla()
    caller = stage.front.joined()
    stage.front.phone.take(caller)
    fay.wait_for_event("CALL_INCOMING")
    fay.hang_up()
    return _still_waits(stage, carla, caller)


@case("h-take-bridge")
def the_founder_ignores_the_ring_and_the_caller_waits_in_place(stage: Stage) -> Iterable[Truth]:
    fay = stage.lab.agent(FOUNDER)
    carla = stage.carla()
    caller = stage.front.joined()
    stage.front.phone.take(caller)
    fay.wait_for_event("CALL_INCOMING")
    stage.stops_ringing(fay)
    return _still_waits(stage, carla, caller)


@case("h-take-bridge")
def the_founders_phone_is_off_and_the_caller_waits_in_place(stage: Stage) -> Iterable[Truth]:
    carla = stage.carla()
    caller = stage.front.joined()
    stage.front.phone.take(caller)
    return _still_waits(stage, carla, caller)


@case("h-take-bridge")
def an_agent_is_faster_than_the_founder(stage: Stage) -> Iterable[Truth]:
    fay, ann = stage.lab.agent(FOUNDER), stage.lab.agent("201")
    carla = stage.carla()
    caller = stage.front.joined()
    ann.wait_for_event("CALL_INCOMING")
    stage.front.phone.take(caller)
    fay.wait_for_event("CALL_INCOMING")
    ann.answer()
    stage.front.wait_for(CallAnswered)
    stage.stops_ringing(fay)
    carla.hang_up()
    return [answered("Ann Agent")]


@case("h-take-bridge")
def the_caller_leaves_while_the_founders_phone_rings(stage: Stage) -> Iterable[Truth]:
    fay = stage.lab.agent(FOUNDER)
    carla = stage.carla()
    stage.front.phone.take(stage.front.joined())
    fay.wait_for_event("CALL_INCOMING")
    carla.hang_up()
    stage.front.wait_for_words("hung up before you picked up")
    stage.stops_ringing(fay)
    return [missed(MissedReason.NOBODY_THERE)]


@case("h-take-gone")
def the_founder_takes_a_caller_who_has_gone(stage: Stage) -> Iterable[Truth]:
    fay = stage.lab.agent(FOUNDER)
    carla = stage.carla()
    caller = stage.front.joined()
    carla.hang_up()
    stage.front.outcomes(1)
    stage.front.phone.take(caller)
    stage.front.wait_for_words("is no longer waiting")
    assert not _rang(fay)
    return [missed(MissedReason.NOBODY_THERE)]


# --- Call back ---------------------------------------------------------------------------------


@case("i-callback")
def a_missed_caller_is_called_back(stage: Stage) -> Iterable[Truth]:
    fay, carla = _miss_carla(stage)
    fay.answer_next()
    carla.answer_next()
    stage.front.wait_for_words("You are talking to")
    fay.hang_up()
    return [called_back(MissedReason.NOBODY_THERE), CALLED]


@case("i-callback-display")
def both_phones_show_the_right_party_of_a_call_back(stage: Stage) -> Iterable[Truth]:
    fay, carla = _miss_carla(stage)
    assert _CARLAS_NUMBER in str(fay.wait_for_event("CALL_INCOMING")["peeruri"])
    fay.answer()
    assert f"sip:{FOUNDER}@" in str(carla.wait_for_event("CALL_INCOMING")["peeruri"])
    carla.answer()
    stage.front.wait_for_words("You are talking to")
    carla.hang_up()
    return [called_back(MissedReason.NOBODY_THERE), CALLED]


@case("i-callback")
def a_call_back_finds_the_customer_busy(stage: Stage) -> Iterable[Truth]:
    fay, carla = _miss_carla(stage)
    fay.answer_next()
    carla.wait_for_event("CALL_INCOMING")
    carla.hang_up()
    stage.front.wait_for_words("is busy")
    return [missed(MissedReason.NOBODY_THERE)]


@case("i-callback")
def the_founder_declines_the_call_back(stage: Stage) -> Iterable[Truth]:
    fay, carla = _miss_carla(stage)
    fay.wait_for_event("CALL_INCOMING")
    fay.hang_up()
    stage.front.wait_for_words("PJSIP/100 declined the call")
    assert not _rang(carla)
    return [missed(MissedReason.NOBODY_THERE)]


@case("i-callback")
def the_founder_ignores_the_call_back(stage: Stage) -> Iterable[Truth]:
    fay, carla = _miss_carla(stage)
    fay.wait_for_event("CALL_INCOMING")
    stage.stops_ringing(fay)
    stage.front.wait_for_words("PJSIP/100 did not answer")
    assert not _rang(carla)
    return [missed(MissedReason.NOBODY_THERE)]


@case("i-callback")
def the_founders_phone_is_off_at_the_call_back(stage: Stage) -> Iterable[Truth]:
    carla = stage.carla()
    stage.front.joined()
    carla.hang_up()
    stage.front.outcomes(1)
    stage.front.phone.call_back(_CARLAS_NUMBER, CARLA)
    stage.front.wait_for_words("PJSIP/100 is not connected to the phone system")
    return [missed(MissedReason.NOBODY_THERE)]


@case("i-callback")
def a_call_back_to_a_number_that_cannot_be_dialled_is_no_call(stage: Stage) -> Iterable[Truth]:
    stage.lab.agent(FOUNDER)
    stage.front.phone.call_back("7777777", "")
    stage.front.wait_for_words("no way to dial 7777777")
    return []


def _still_waits(stage: Stage, carla: Softphone, caller: Caller) -> Iterable[Truth]:
    stage.front.wait_for_words("still waiting")
    assert stage.front.desk.calls.caller(caller.key) is not None
    carla.hang_up()
    return [missed(MissedReason.NOBODY_THERE)]


def _miss_carla(stage: Stage) -> tuple[Softphone, Softphone]:
    """Carla calls in vain, and the founder calls her back: the phones of both."""
    fay, carla = stage.lab.agent(FOUNDER), stage.lab.customer()
    carla.call(SUPPORT)
    stage.front.joined()
    carla.hang_up()
    stage.front.outcomes(1)
    stage.front.phone.call_back(_CARLAS_NUMBER, CARLA)
    return fay, carla


def _rang(phone: Softphone) -> bool:
    return any(event.get("type") == "CALL_INCOMING" for event in phone.events)
