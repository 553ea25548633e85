"""Calls to queues, and what becomes of them when nobody from outside meddles."""

from collections.abc import Iterable

from supportdesk.domain.calls import MissedReason
from supportdesk.domain.events import CallAnswered, CallerJoined, CallMissed
from tests.e2e.call_cases import SUPPORT, Stage, Truth, answered, case, missed
from tests.lab.softphones import Softphone

_PAUSE_ANN = {"Interface": "PJSIP/201", "Paused": "true"}


def _ann_answers(stage: Stage) -> Iterable[Truth]:
    ann = stage.lab.agent("201")
    carla = stage.carla()
    ann.answer_next()
    stage.front.wait_for(CallAnswered)
    carla.hang_up()
    return [answered("Ann Agent")]


@case("c-answered")
def an_agent_answers_and_the_caller_hangs_up(stage: Stage) -> Iterable[Truth]:
    ann = stage.lab.agent("201")
    carla = stage.carla()
    ann.answer_next()
    stage.front.wait_for(CallAnswered)
    carla.hang_up()
    return [answered("Ann Agent")]


@case("c-answered-agent-hangs-up")
def an_agent_answers_and_hangs_up(stage: Stage) -> Iterable[Truth]:
    bob = stage.lab.agent("202")
    stage.carla()
    bob.answer_next()
    stage.front.wait_for(CallAnswered)
    bob.hang_up()
    return [answered("Bob Agent")]


@case("d-all-busy")
def all_are_busy_and_the_third_waits_until_one_is_free(stage: Stage) -> Iterable[Truth]:
    ann, bob = stage.lab.agent("201"), stage.lab.agent("202")
    carla = stage.carla()
    ann.answer_next()
    dan, eve = (stage.lab.customer(2, name="Dan"), stage.lab.customer(3, name="Eve"))
    start = bob.mark()
    dan.call(SUPPORT)
    bob.answer_next(start=start)
    stage.front.answered_by("Bob Agent")
    eve.call(SUPPORT)
    stage.front.joined("Eve")
    start = ann.mark()
    carla.hang_up()
    ann.answer_next(start=start)
    eve.hang_up()
    dan.hang_up()
    return [answered("Ann Agent"), answered("Bob Agent", "Dan"), answered("Ann Agent", "Eve")]


@case()
def all_are_busy_and_the_second_gives_up(stage: Stage) -> Iterable[Truth]:
    ann = stage.lab.agent("201")
    carla = stage.carla()
    ann.answer_next()
    stage.front.wait_for(CallAnswered)
    dan = stage.lab.customer(2, name="Dan")
    dan.call(SUPPORT)
    stage.front.joined("Dan")
    stage.front.rings(2)
    dan.hang_up()
    carla.hang_up()
    return [answered("Ann Agent"), missed(MissedReason.NOBODY_FREE, "Dan")]


@case("e-abandoned")
def the_caller_gives_up_while_phones_ring(stage: Stage) -> Iterable[Truth]:
    ann = stage.lab.agent("201")
    carla = stage.carla()
    ann.wait_for_event("CALL_INCOMING")
    stage.front.rings(2)
    carla.hang_up()
    return [missed(MissedReason.GAVE_UP)]


@case("e-abandoned-nobody-logged-in")
def the_caller_gives_up_and_nobody_is_logged_in(stage: Stage) -> Iterable[Truth]:
    carla = stage.carla()
    stage.front.joined()
    carla.hang_up()
    return [missed(MissedReason.NOBODY_THERE)]


@case("e-queue-timeout")
def the_queue_gives_up(stage: Stage) -> Iterable[Truth]:
    stage.lab.agent("201")
    stage.carla("804")
    stage.front.joined()
    return [missed(MissedReason.TIMED_OUT)]


@case("e-join-empty")
def an_empty_queue_turns_the_caller_away(stage: Stage) -> Iterable[Truth]:
    stage.carla("801")
    return [missed(MissedReason.NOBODY_THERE)]


@case("e-join-empty")
def the_last_member_pauses_and_the_queue_lets_go(stage: Stage) -> Iterable[Truth]:
    stage.lab.agent("201")
    stage.carla("801")
    stage.front.joined()
    stage.lab.ami().action("QueuePause", **_PAUSE_ANN)
    return [missed(MissedReason.NOBODY_THERE)]


@case("e-answered-elsewhere-fields")
def a_queue_that_does_not_answer_the_line_is_left(stage: Stage) -> Iterable[Truth]:
    stage.lab.agent("201")
    carla = stage.carla("805")
    stage.front.joined()
    stage.front.rings(1)
    carla.hang_up()
    return [missed(MissedReason.GAVE_UP)]


@case("e-several-waiting")
def three_wait_one_leaves_one_is_sent_on_and_one_leaves(stage: Stage) -> Iterable[Truth]:
    """The second is sent to the founder, whose phone is off."""
    cid, _, eve = _three_wait(stage)
    cid.hang_up()
    stage.redirect(stage.front.joined("Dan"))
    stage.front.wait_for(CallMissed, lambda event: event.name == "Dan")
    eve.hang_up()
    return [
        missed(MissedReason.NOBODY_THERE, "Cid"),
        missed(MissedReason.NOBODY_THERE, "Dan"),
        missed(MissedReason.NOBODY_THERE, "Eve"),
    ]


@case("e-several-waiting")
def the_call_overflows_into_a_second_queue(stage: Stage) -> Iterable[Truth]:
    stage.lab.agent("201")
    carla = stage.carla("806")
    stage.front.wait_for(CallerJoined, lambda event: event.caller.queue == "sales", seconds=15)
    carla.hang_up()
    return [missed(MissedReason.NOBODY_THERE)]


@case()
def three_wait_and_each_leaves(stage: Stage) -> Iterable[Truth]:
    for phone in _three_wait(stage):
        phone.hang_up()
    return [missed(MissedReason.NOBODY_THERE, name) for name in ("Cid", "Dan", "Eve")]


@case("f-members")
def somebody_logs_in_by_dialling_a_code_and_answers(stage: Stage) -> Iterable[Truth]:
    """What members dial to log in, to pause and to log out are no customers' calls."""
    cy, ann = stage.lab.agent("203"), stage.lab.agent("201")
    cy.call("*45")
    _wait_for_members(stage, "Ann Agent", "Bob Agent", "Cy Agent")
    ann.call("*47")
    cy.wait_for_event("CALL_CLOSED")
    carla = stage.carla()
    cy.answer_next()
    stage.front.wait_for(CallAnswered)
    carla.hang_up()
    start = cy.mark()
    cy.call("*46")
    cy.wait_for_event("CALL_CLOSED", start=start)
    _wait_for_members(stage, "Ann Agent", "Bob Agent")
    return [answered("Cy Agent")]


@case("l-freepbx-members")
def a_member_behind_a_local_channel_answers(stage: Stage) -> Iterable[Truth]:
    ann, bob = stage.lab.agent("201"), stage.lab.agent("202")
    for number, name in (("201", "Ann Agent"), ("202", "Bob Agent")):
        stage.lab.ami().action(
            "QueueAdd",
            Queue="fpbx",
            Interface=f"Local/{number}@from-queue/n",
            MemberName=name,
            StateInterface=f"hint:{number}@from-internal",
        )
    carla = stage.carla("802")
    bob.wait_for_event("CALL_INCOMING")
    ann.answer_next()
    stage.front.wait_for(CallAnswered)
    carla.hang_up()
    return [answered("Ann Agent")]


# --- what the program is allowed to hear -------------------------------------------------------


@case("a-permissions", user="agentonly")
def heard_with_the_right_agent_alone(stage: Stage) -> Iterable[Truth]:
    return _ann_answers(stage)


@case("a-permissions", user="callonly")
def heard_with_the_right_call_alone(stage: Stage) -> Iterable[Truth]:
    return _ann_answers(stage)


@case("a-permissions", user="readonly")
def heard_without_the_right_to_do_anything(stage: Stage) -> Iterable[Truth]:
    return _ann_answers(stage)


@case("a-permissions", user="watcher")
def heard_with_the_least_rights(stage: Stage) -> Iterable[Truth]:
    return _ann_answers(stage)


@case("a-permissions", user="full")
def heard_with_all_rights(stage: Stage) -> Iterable[Truth]:
    return _ann_answers(stage)


@case("m-options", user="filtered")
def heard_through_a_filter_of_events(stage: Stage) -> Iterable[Truth]:
    """Nothing passes but who joins a queue and who leaves it: the lists have to tell the rest."""
    ann = stage.lab.agent("201")
    carla = stage.carla()
    ann.answer_next()
    stage.compare_lists()
    stage.front.wait_for(CallAnswered)
    carla.hang_up()
    carla.wait_for_event("CALL_CLOSED")
    stage.compare_lists()
    stage.front.rings(2)  # an absence is believed when two lists have it, so far from each other
    stage.compare_lists()
    return [answered("Ann Agent")]


@case("m-options", is_talkative=True, user="full")
def three_calls_on_a_pbx_that_tells_of_its_books_too(stage: Stage) -> Iterable[Truth]:
    ann = stage.lab.agent("201")
    carla = stage.carla()
    ann.answer_next()
    stage.front.wait_for(CallAnswered)
    carla.hang_up()
    dan, eve = stage.lab.customer(2, name="Dan"), stage.lab.customer(3, name="Eve")
    start = ann.mark()
    dan.call(SUPPORT)
    ann.wait_for_event("CALL_INCOMING", start=start)
    dan.hang_up()
    stage.lab.agent("100")
    eve.call("100")
    stage.front.joined("Eve")
    return [
        answered("Ann Agent"),
        missed(MissedReason.GAVE_UP, "Dan"),
        missed(MissedReason.NOT_ANSWERED, "Eve"),
    ]


def _three_wait(stage: Stage) -> list[Softphone]:
    phones = []
    for place, name in enumerate(("Cid", "Dan", "Eve"), start=1):
        phone = stage.lab.customer(place, name=name)
        phone.call(SUPPORT)
        stage.front.joined(name)
        phones.append(phone)
    return phones


def _wait_for_members(stage: Stage, *names: str) -> None:
    stage.front.wait_until(
        lambda: set(stage.front.member_states) == set(names), seconds=10, what=f"members {names}"
    )
