"""Calls to ring groups and to single phones, told by the PBX and by the phone itself."""

from collections.abc import Iterable

from supportdesk.domain.calls import MissedReason
from supportdesk.domain.events import CallAnswered
from tests.e2e.call_cases import FOUNDER, SUPPORT, TAKEN, Stage, Truth, answered, case, missed


@case()
def a_ring_group_answers(stage: Stage) -> Iterable[Truth]:
    ann, bob = stage.lab.agent("201"), stage.lab.agent("202")
    carla = stage.carla("807")
    ann.wait_for_event("CALL_INCOMING")
    bob.answer_next()
    stage.front.wait_for(CallAnswered)
    carla.hang_up()
    return [answered("Bob Agent")]


@case()
def a_ring_group_does_not_answer(stage: Stage) -> Iterable[Truth]:
    ann, bob = stage.lab.agent("201"), stage.lab.agent("202")
    carla = stage.carla("807")
    ann.wait_for_event("CALL_INCOMING")
    bob.wait_for_event("CALL_INCOMING")
    carla.hang_up()
    return [missed(MissedReason.GAVE_UP)]


@case("g-direct-missed")
def a_direct_call_rings_out(stage: Stage) -> Iterable[Truth]:
    stage.lab.agent(FOUNDER)
    stage.carla(FOUNDER)
    stage.front.joined()
    return [missed(MissedReason.NOT_ANSWERED)]


@case("g-direct-missed")
def a_direct_caller_gives_up(stage: Stage) -> Iterable[Truth]:
    fay = stage.lab.agent(FOUNDER)
    carla = stage.carla(FOUNDER)
    fay.wait_for_event("CALL_INCOMING")
    stage.front.rings(1)
    carla.hang_up()
    return [missed(MissedReason.GAVE_UP)]


@case("g-direct-busy")
def a_direct_call_is_declined(stage: Stage) -> Iterable[Truth]:
    fay = stage.lab.agent(FOUNDER)
    stage.carla(FOUNDER)
    fay.wait_for_event("CALL_INCOMING")
    fay.hang_up()
    return [missed(MissedReason.BUSY)]


@case("g-direct-answered")
def a_direct_call_is_answered(stage: Stage) -> Iterable[Truth]:
    fay = stage.lab.agent(FOUNDER)
    carla = stage.carla(FOUNDER)
    fay.answer_next()
    stage.front.wait_for(CallAnswered)
    carla.hang_up()
    return [TAKEN]


@case("g-direct-offline")
def a_direct_call_finds_the_phone_offline(stage: Stage) -> Iterable[Truth]:
    stage.carla(FOUNDER)
    return [missed(MissedReason.PHONE_OFFLINE)]


# --- the same as the founder's own softphone tells it ------------------------------------------


@case("o-softphone-on-pbx", softphone="201")
def the_founders_softphone_rings_out(stage: Stage) -> Iterable[Truth]:
    """To the phone the PBX that gives up and a caller who gives up are the same."""
    stage.lab.agent("201")
    stage.begin()
    stage.carla("201")
    stage.front.joined()
    return [missed(MissedReason.GAVE_UP)]


@case("o-softphone-on-pbx", softphone="201")
def a_caller_of_the_founders_softphone_gives_up(stage: Stage) -> Iterable[Truth]:
    stage.lab.agent("201")
    stage.begin()
    carla = stage.carla("201")
    stage.front.joined()
    stage.front.rings(1)
    carla.hang_up()
    return [missed(MissedReason.GAVE_UP)]


@case(
    "o-softphone-on-pbx",
    softphone="201",
    beyond="A call that a colleague answered elsewhere looks like a missed one.",
    seen=(missed(MissedReason.GAVE_UP),),
)
def a_colleague_answers_what_rings_on_the_founders_softphone(stage: Stage) -> Iterable[Truth]:
    bob = stage.lab.agent("202")
    stage.lab.agent("201")
    stage.begin()
    carla = stage.carla(SUPPORT)
    stage.front.joined()
    bob.answer_next()
    carla.hang_up()
    return [answered("Bob Agent")]
