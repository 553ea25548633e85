"""The practice PBX says what a real Asterisk 22 said in the same situation.

Every event with every field is compared; `captures.py` says what two runs of Asterisk itself do
not share. The captures are in captures/, stripped of test and RTP events and of other queues.
"""

from collections.abc import Callable

import pytest

from supportdesk.practice.pbx_model import PbxModel
from supportdesk.practice.pbx_originate import Originate
from supportdesk.practice.pbx_plan import Desk, IncomingCall, PbxPlan
from supportdesk.practice.pbx_switch import Party
from tests.practice.captures import (
    captured,
    comparable,
    counted,
    of_each_channel,
    of_the_queue,
    told,
)

ANN = Desk(name="Ann Agent", extension="201")
BOB = Desk(name="Bob Agent", extension="202")
FAY = Desk(name="Fay Founder", extension="100")
CARLA = Party(number="+15550100001", name="Carla Customer")
DAN = Party(number="+15550100002", name="Dan Customer")
EVE = Party(number="+15550100003", name="Eve Customer")
LONG_ENOUGH = 120.0


def pbx(
    *,
    founder_picks_up: float | None = None,
    customer_picks_up: float = 1.0,
    talk: float = 2.0,
    busy: str = "",
    without: tuple[Desk, ...] = (),
) -> PbxModel:
    plan = PbxPlan(
        queue_name="support",
        members=(ANN, BOB),
        founder=FAY,
        ring_seconds=6,
        retry_seconds=1,
        direct_ring_seconds=8,
        founder_answer_seconds=founder_picks_up,
        customer_answer_seconds=customer_picks_up,
        default_talk_seconds=talk,
        busy_numbers=frozenset({busy}) if busy else frozenset(),
    )
    model = PbxModel(plan, epoch=1_795_290_990)
    for desk in without:
        model.set_registered(desk.interface, registered=False)
    model.take_events()
    return model


def take(model: PbxModel, *, timeout: float = 4.0) -> None:
    waiting = next((c.name for c in model.channels if "trunk" in c.name), "PJSIP/trunk-00000000")
    order = Originate(
        action_id="lab-2",
        channel=FAY.interface,
        caller=CARLA,
        application="Bridge",
        application_data=waiting,
        timeout_seconds=timeout,
    )
    model.originate(order)


def call_back(
    model: PbxModel, channel: str, *, timeout: float = 8.0, name: str = "Call back: Carla Customer"
) -> None:
    order = Originate(
        action_id="lab-2",
        channel=channel,
        caller=Party(number=CARLA.number, name=name),
        context="from-internal",
        exten=CARLA.number,
        timeout_seconds=timeout,
        channel_id="back-1",
        other_channel_id="back-2",
    )
    model.originate(order)


def answered() -> PbxModel:
    model = pbx()
    model.call_queue(
        IncomingCall(caller=CARLA, answer_seconds=2, answered_by="Ann Agent", talk_seconds=3)
    )
    return model


def answered_and_member_hangs_up() -> PbxModel:
    model = pbx()
    call = IncomingCall(
        caller=CARLA,
        answer_seconds=1,
        answered_by="Bob Agent",
        talk_seconds=2,
        member_hangs_up=True,
    )
    model.call_queue(call)
    return model


def nobody_picks_up_and_caller_leaves() -> PbxModel:
    model = pbx()
    model.call_queue(IncomingCall(caller=CARLA, answer_seconds=None, patience_seconds=9))
    return model


def third_caller_waits_while_all_are_busy() -> PbxModel:
    model = pbx()
    first = IncomingCall(
        caller=CARLA, answer_seconds=0.0, answered_by="Ann Agent", talk_seconds=8.1
    )
    model.call_queue(first)
    model.advance(0.8)
    model.call_queue(IncomingCall(caller=DAN, answer_seconds=0.0, talk_seconds=10.1))
    model.advance(2)
    model.call_queue(IncomingCall(caller=EVE, answer_seconds=1.0, talk_seconds=1.5))
    return model


def member_pauses() -> PbxModel:
    model = pbx()
    model.pause(ANN.interface, "lunch")
    model.advance(1)
    model.unpause(ANN.interface)
    return model


def direct_missed() -> PbxModel:
    model = pbx()
    model.call_phone("100", IncomingCall(caller=CARLA, answer_seconds=None))
    return model


def direct_given_up() -> PbxModel:
    model = pbx()
    model.call_phone("100", IncomingCall(caller=CARLA, answer_seconds=None, patience_seconds=2))
    return model


def direct_answered() -> PbxModel:
    model = pbx()
    model.call_phone("100", IncomingCall(caller=CARLA, answer_seconds=1, talk_seconds=2))
    return model


def direct_to_a_phone_that_is_off() -> PbxModel:
    model = pbx(without=(FAY,))
    model.call_phone("100", IncomingCall(caller=CARLA))
    return model


def taken() -> PbxModel:
    model = pbx(founder_picks_up=1.0, without=(BOB,))
    model.call_queue(IncomingCall(caller=CARLA, answer_seconds=None, talk_seconds=2))
    model.advance(2)
    take(model)
    return model


def taken_after_a_member_answered() -> PbxModel:
    model = pbx(founder_picks_up=1.7, without=(BOB,))
    model.call_queue(IncomingCall(caller=CARLA, answer_seconds=3, talk_seconds=2))
    model.advance(2)
    take(model)
    return model


def taken_after_the_caller_left() -> PbxModel:
    model = pbx(founder_picks_up=1.5, without=(BOB,))
    model.call_queue(IncomingCall(caller=CARLA, answer_seconds=None, patience_seconds=3))
    model.advance(2)
    take(model)
    return model


def taken_but_the_founder_does_not_pick_up() -> PbxModel:
    model = pbx(without=(BOB,))
    model.call_queue(IncomingCall(caller=CARLA, answer_seconds=None, patience_seconds=7.1))
    model.advance(2)
    take(model)
    return model


def called_back() -> PbxModel:
    model = pbx(founder_picks_up=1.0)
    call_back(model, FAY.interface)
    return model


def called_back_but_the_founder_does_not_pick_up() -> PbxModel:
    model = pbx()
    call_back(model, FAY.interface, timeout=3)
    return model


def called_back_but_the_customer_is_engaged() -> PbxModel:
    model = pbx(founder_picks_up=0.1, customer_picks_up=0.5, busy=CARLA.number)
    call_back(model, FAY.interface)
    return model


def called_back_over_local() -> PbxModel:
    model = pbx(founder_picks_up=0.5, customer_picks_up=0.5, talk=1.5)
    call_back(model, "Local/100@from-internal", name=CARLA.name)
    return model


def called_back_over_local_but_nobody_picks_up() -> PbxModel:
    model = pbx()
    call_back(model, "Local/100@from-internal", timeout=2, name=CARLA.name)
    return model


def called_back_over_local_and_put_down() -> PbxModel:
    model = pbx()
    call_back(model, "Local/100@from-internal", name=CARLA.name)
    model.advance(1)
    model.hang_up(next(c for c in model.channels if c.name.startswith(FAY.interface)))
    return model


def take_is_taken_back() -> PbxModel:
    model = pbx()
    take(model, timeout=8)
    model.advance(0.5)
    model.hang_up(model.channels[-1])
    return model


def founder_hangs_up_a_taken_call() -> PbxModel:
    model = pbx(founder_picks_up=0.3, without=(ANN, BOB))
    model.call_queue(IncomingCall(caller=CARLA, answer_seconds=None))
    take(model, timeout=8)
    model.advance(1.3)
    model.hang_up(model.channels[-1])
    return model


SITUATIONS: dict[str, Callable[[], PbxModel]] = {
    "c-answered": answered,
    "c-answered-agent-hangs-up": answered_and_member_hangs_up,
    "d-all-busy-wait-answered": third_caller_waits_while_all_are_busy,
    "e-abandoned": nobody_picks_up_and_caller_leaves,
    "f-members-pause": member_pauses,
    "g-direct-missed": direct_missed,
    "g-direct-caller-gives-up": direct_given_up,
    "g-direct-answered": direct_answered,
    "g-direct-phone-offline": direct_to_a_phone_that_is_off,
    "h-take-by-bridge-answers": taken,
    "h-take-by-bridge-agent-answers-first": taken_after_a_member_answered,
    "h-take-by-bridge-caller-leaves-first": taken_after_the_caller_left,
    "h-take-by-bridge-ignores": taken_but_the_founder_does_not_pick_up,
    "i-callback-answered": called_back,
    "i-callback-founder-ignores": called_back_but_the_founder_does_not_pick_up,
    "i-callback-customer-busy": called_back_but_the_customer_is_engaged,
    "local-answered": called_back_over_local,
    "local-ignored": called_back_over_local_but_nobody_picks_up,
    "local-hangup-action": called_back_over_local_and_put_down,
    "originate-hangup-action": take_is_taken_back,
    "founder-hangup-action-talking": founder_hangs_up_a_taken_call,
}


@pytest.mark.parametrize("name", SITUATIONS)
def test_says_what_asterisk_says(name: str) -> None:
    model = SITUATIONS[name]()
    model.advance(LONG_ENOUGH)
    ours, real = comparable(told(model.take_events())), comparable(captured(name))
    assert counted(ours) - counted(real) == {}
    assert counted(real) - counted(ours) == {}
    assert of_the_queue(ours) == of_the_queue(real)
    assert of_each_channel(ours) == of_each_channel(real)


@pytest.mark.parametrize("name", SITUATIONS)
def test_small_steps_of_time_tell_the_same(name: str) -> None:
    at_once, stepwise = SITUATIONS[name](), SITUATIONS[name]()
    at_once.advance(LONG_ENOUGH)
    while (due := stepwise.next_due()) is not None:
        stepwise.advance(due)
    names = [event.name for event in at_once.take_events()]
    assert [event.name for event in stepwise.take_events()] == names


@pytest.mark.parametrize("name", SITUATIONS)
def test_nothing_is_left_when_all_is_over(name: str) -> None:
    model = SITUATIONS[name]()
    model.advance(LONG_ENOUGH)
    assert model.channels == []
    assert model.queue.callers == []
    assert all(not member.is_in_call for member in model.queue.members)
