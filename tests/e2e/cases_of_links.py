"""Calls of which a part is not heard: the program comes late, the link is lost, the PBX dies."""

from collections.abc import Iterable

from supportdesk.domain.calls import MissedReason
from supportdesk.domain.events import CallAnswered, PhoneSnapshotTaken
from tests.e2e.call_cases import SUPPORT, Stage, Truth, answered, case, missed

_DYNAMIC = {"Interface": "PJSIP/203", "MemberName": "Cy Agent", "StateInterface": "PJSIP/203"}


@case("b-queue-status", is_late=True)
def the_program_starts_while_one_talks_and_two_wait(stage: Stage) -> Iterable[Truth]:
    """Bob and Cy are paused; one of those who wait has no name."""
    admin, lab = stage.lab.ami(), stage.lab
    ann, _, _ = lab.agent("201"), lab.agent("202"), lab.agent("203")
    admin.action("QueueAdd", Queue="support", **_DYNAMIC)
    for interface, why in (("PJSIP/202", "lunch"), ("PJSIP/203", "")):
        admin.action("QueuePause", Interface=interface, Paused="true", Reason=why)
    carla = stage.carla()
    ann.answer_next()
    admin.wait_for_event("AgentConnect")
    dan, nameless = lab.customer(2, name="Dan"), lab.customer(3, name="")
    for phone in (dan, nameless):
        start = admin.mark()
        phone.call(SUPPORT)
        admin.wait_for_event("QueueCallerJoin", start=start)
    stage.begin()
    snapshot = stage.front.wait_for(PhoneSnapshotTaken)
    assert {caller.name for caller in snapshot.callers} == {"Dan", ""}
    dan.hang_up()
    nameless.hang_up()
    stage.front.outcomes(2)
    carla.hang_up()
    return [missed(MissedReason.NOBODY_FREE, "Dan"), missed(MissedReason.NOBODY_FREE, "")]


@case("j-reconnect")
def the_link_is_lost_while_one_talks_one_waits_and_one_is_missed(
    stage: Stage,
) -> Iterable[Truth]:
    """Nobody can know who Eve was: of her the PBX has only counted that she gave up."""
    ann, admin = stage.lab.agent("201"), stage.lab.ami()
    carla = stage.carla()
    ann.answer_next()
    stage.front.wait_for(CallAnswered)
    dan, eve = stage.lab.customer(2, name="Dan"), stage.lab.customer(3, name="Eve")
    dan.call(SUPPORT)
    stage.front.joined("Dan")
    stage.link_is_lost()
    start = admin.mark()
    eve.call(SUPPORT)
    admin.wait_for_event("QueueCallerJoin", start=start)
    eve.hang_up()
    admin.wait_for_event("QueueCallerAbandon", start=start)
    stage.link_is_back()
    dan.hang_up()
    carla.hang_up()
    return [
        answered("Ann Agent"),
        missed(MissedReason.NOBODY_FREE, "Dan"),
        missed(MissedReason.UNSEEN, ""),
    ]


@case("j-restart")
def the_pbx_is_stopped_in_order_while_one_waits(stage: Stage) -> Iterable[Truth]:
    """Going down it hangs up, and says so: that is heard."""
    stage.carla()
    stage.front.joined()
    stage.lab.stop_server()
    stage.front.deaf()
    stage.lab.start_server()
    stage.front.listening()
    return [missed(MissedReason.NOBODY_THERE)]


@case("j-restart")
def the_pbx_is_killed_while_two_wait(stage: Stage) -> Iterable[Truth]:
    dan = stage.lab.customer(2, name="Dan")
    stage.carla()
    stage.front.joined()
    dan.call(SUPPORT)
    stage.front.joined("Dan")
    stage.lab.kill()
    stage.front.deaf()
    stage.lab.start_server()
    stage.front.listening()
    return [missed(MissedReason.UNSEEN), missed(MissedReason.UNSEEN, "Dan")]


@case("j-restart")
def the_pbx_is_frozen_while_one_waits_who_then_hangs_up(stage: Stage) -> Iterable[Truth]:
    carla = stage.carla()
    stage.front.joined()
    stage.lab.freeze()
    try:
        stage.front.deaf()
    finally:
        stage.lab.thaw()
    stage.front.listening()
    carla.hang_up()
    return [missed(MissedReason.NOBODY_THERE)]


@case("j-restart")
def the_manager_is_reloaded_while_one_waits(stage: Stage) -> Iterable[Truth]:
    ann = stage.lab.agent("201")
    carla = stage.carla()
    stage.front.joined()
    stage.lab.cli("module reload manager")
    ann.answer_next()
    stage.front.wait_for(CallAnswered)
    carla.hang_up()
    return [answered("Ann Agent")]
