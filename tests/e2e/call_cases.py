"""What really happened to calls, acted out by real phones; a case knows the one right outcome.

Each case has a PBX of its own, the adapter and a whole desk behind it. What is expected is written
down by whoever moves the phones, before anything is asked of the desk.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.numbers import normaliser
from supportdesk.domain.calls import Call, MissedReason, Outcome
from supportdesk.domain.events import CallAnswered, CallerJoined, Event
from supportdesk.domain.settings import PhoneSettings, Settings
from supportdesk.services.desk import Desk
from tests.e2e.asterisk_office import Office, settings_for
from tests.fakes.stores import MemoryDeskStore
from tests.lab.phone import AsteriskLab
from tests.lab.softphones import Softphone

CARLA = "Carla Customer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What became of one caller's call. `by` is empty where nobody answered."""

    outcome: Outcome
    by: str = ""
    reason: MissedReason | None = None
    name: str = CARLA

    def __str__(self) -> str:
        why = f" ({self.reason.value})" if self.reason else ""
        return f"{self.outcome.value}{f' by {self.by}' if self.by else ''}{why}"


def missed(reason: MissedReason, name: str = CARLA) -> Truth:
    return Truth(outcome=Outcome.MISSED, reason=reason, name=name)


def answered(by: str, name: str = CARLA) -> Truth:
    return Truth(outcome=Outcome.ANSWERED, by=by, name=name)


TAKEN = Truth(outcome=Outcome.TAKEN, by="you")


class Front(Office):
    """The adapter, with a desk that folds all it says."""

    def __init__(self, settings: PhoneSettings) -> None:
        super().__init__(settings)
        self.store = MemoryDeskStore()
        self._clock = SystemClock()
        self.desk = Desk(
            settings=Settings(phone=(settings,)),
            store=self.store,
            normalise=normaliser(""),
            to_local=lambda at: at.astimezone(UTC),
        )
        self.desk.restore((), self._clock.now())

    def publish(self, event: Event) -> None:
        super().publish(event)
        self.desk.apply(event, self._clock.now())

    @property
    def calls(self) -> list[Call]:
        """All that the desk keeps of calls, oldest first."""
        return sorted(self.store.calls.values(), key=lambda call: call.started_at)

    @property
    def is_over(self) -> bool:
        """Nobody waits, nobody talks."""
        return all(
            call.outcome is Outcome.MISSED or call.closed_at is not None for call in self.calls
        )

    def joined(self, name: str = CARLA) -> CallerJoined:
        return self.wait_for(CallerJoined, lambda event: event.caller.name == name)

    def rings(self, seconds: float) -> None:
        """Let it ring."""
        self.run_for(seconds)


@dataclass(frozen=True, slots=True)
class Stage:
    """What a case has to play with."""

    lab: AsteriskLab
    front: Front

    def carla(self, extension: str = "800") -> Softphone:
        carla = self.lab.customer()
        carla.call(extension)
        return carla


Case = Callable[[Stage], Iterable[Truth]]
CASES: dict[str, Case] = {}


def case(act: Case) -> Case:
    CASES[act.__name__.replace("_", " ")] = act
    return act


def play(name: str, lab: AsteriskLab) -> tuple[list[Truth], list[Truth]]:
    """Act one case out; return what happened and what the desk says of it, by name."""
    front = Front(settings_for(lab, queues=()))
    with front:
        front.listening()
        truths = list(CASES[name](Stage(lab, front)))
        front.wait_until(
            lambda: len(front.calls) >= len(truths) and front.is_over,
            seconds=20,
            what=f"the end of {len(truths)} calls",
        )
        # A second outcome, if there is one, comes with the lists that are compared after a call.
        front.phone.check_now()
        front.rings(2.5)
        told = [
            Truth(outcome=call.outcome, by=call.by, reason=call.reason, name=call.name)
            for call in front.calls
        ]
    return _by_name(truths), _by_name(told)


def _by_name(truths: Iterable[Truth]) -> list[Truth]:
    return sorted(truths, key=lambda one: (one.name, str(one)))


# --- queues ------------------------------------------------------------------------------------


@case
def an_agent_answers_and_the_caller_hangs_up(stage: Stage) -> Iterable[Truth]:
    ann = stage.lab.agent("201")
    carla = stage.carla()
    ann.answer_next()
    stage.front.wait_for(CallAnswered)
    carla.hang_up()
    return [answered("Ann Agent")]


@case
def an_agent_answers_and_hangs_up(stage: Stage) -> Iterable[Truth]:
    bob = stage.lab.agent("202")
    stage.carla()
    bob.answer_next()
    stage.front.wait_for(CallAnswered)
    bob.hang_up()
    return [answered("Bob Agent")]


@case
def all_are_busy_and_the_third_waits_until_one_is_free(stage: Stage) -> Iterable[Truth]:
    ann, bob = stage.lab.agent("201"), stage.lab.agent("202")
    carla = stage.carla()
    ann.answer_next()
    dan, eve = (stage.lab.customer(2, name="Dan"), stage.lab.customer(3, name="Eve"))
    start = bob.mark()
    dan.call("800")
    bob.answer_next(start=start)
    stage.front.wait_for(CallAnswered, lambda event: event.by == "Bob Agent")
    eve.call("800")
    stage.front.joined("Eve")
    start = ann.mark()
    carla.hang_up()
    ann.answer_next(start=start)
    eve.hang_up()
    dan.hang_up()
    return [answered("Ann Agent"), answered("Bob Agent", "Dan"), answered("Ann Agent", "Eve")]


@case
def all_are_busy_and_the_second_gives_up(stage: Stage) -> Iterable[Truth]:
    ann = stage.lab.agent("201")
    carla = stage.carla()
    ann.answer_next()
    stage.front.wait_for(CallAnswered)
    dan = stage.lab.customer(2, name="Dan")
    dan.call("800")
    stage.front.joined("Dan")
    stage.front.rings(2)
    dan.hang_up()
    carla.hang_up()
    return [answered("Ann Agent"), missed(MissedReason.NOBODY_FREE, "Dan")]


@case
def the_caller_gives_up_while_phones_ring(stage: Stage) -> Iterable[Truth]:
    ann = stage.lab.agent("201")
    carla = stage.carla()
    ann.wait_for_event("CALL_INCOMING")
    stage.front.rings(2)
    carla.hang_up()
    return [missed(MissedReason.GAVE_UP)]


@case
def the_caller_gives_up_and_nobody_is_logged_in(stage: Stage) -> Iterable[Truth]:
    carla = stage.carla()
    stage.front.joined()
    carla.hang_up()
    return [missed(MissedReason.NOBODY_THERE)]


@case
def the_queue_gives_up(stage: Stage) -> Iterable[Truth]:
    stage.lab.agent("201")
    stage.carla("804")
    stage.front.joined()
    return [missed(MissedReason.TIMED_OUT)]


@case
def an_empty_queue_turns_the_caller_away(stage: Stage) -> Iterable[Truth]:
    stage.carla("801")
    return [missed(MissedReason.NOBODY_THERE)]


@case
def the_last_member_pauses_and_the_queue_lets_go(stage: Stage) -> Iterable[Truth]:
    stage.lab.agent("201")
    stage.carla("801")
    stage.front.joined()
    pause = {"Interface": "PJSIP/201", "Paused": "true"}
    stage.lab.ami().action("QueuePause", **pause)
    return [missed(MissedReason.NOBODY_THERE)]


@case
def a_queue_that_does_not_answer_the_line_is_left(stage: Stage) -> Iterable[Truth]:
    stage.lab.agent("201")
    carla = stage.carla("805")
    stage.front.joined()
    stage.front.rings(1)
    carla.hang_up()
    return [missed(MissedReason.GAVE_UP)]


@case
def the_call_overflows_into_a_second_queue(stage: Stage) -> Iterable[Truth]:
    stage.lab.agent("201")
    carla = stage.carla("806")
    stage.front.wait_for(CallerJoined, lambda event: event.caller.queue == "sales", seconds=15)
    carla.hang_up()
    return [missed(MissedReason.NOBODY_THERE)]


@case
def three_wait_and_each_leaves(stage: Stage) -> Iterable[Truth]:
    names = ("Cid", "Dan", "Eve")
    phones = [stage.lab.customer(at, name=name) for at, name in enumerate(names, 1)]
    for phone, name in zip(phones, names, strict=True):
        phone.call("800")
        stage.front.joined(name)
    for phone in phones:
        phone.hang_up()
    return [missed(MissedReason.NOBODY_THERE, name) for name in names]


@case
def a_member_behind_a_local_channel_answers(stage: Stage) -> Iterable[Truth]:
    ann = stage.lab.agent("201")
    stage.lab.ami().action(
        "QueueAdd",
        Queue="fpbx",
        Interface="Local/201@from-queue/n",
        MemberName="Ann Agent",
        StateInterface="PJSIP/201",
    )
    carla = stage.carla("802")
    ann.answer_next()
    stage.front.wait_for(CallAnswered)
    carla.hang_up()
    return [answered("Ann Agent")]


@case
def a_colleague_transfers_the_waiting_caller_to_the_founder(stage: Stage) -> Iterable[Truth]:
    fay = stage.lab.agent("100")
    carla = stage.carla()
    caller = stage.front.joined().caller
    redirect = {"Channel": caller.channel, "Context": "from-internal"}
    stage.lab.ami().action("Redirect", Exten="100", Priority="1", **redirect)
    fay.answer_next()
    stage.front.wait_for(CallAnswered)
    carla.hang_up()
    return [TAKEN]


# --- without a queue ---------------------------------------------------------------------------


@case
def a_ring_group_answers(stage: Stage) -> Iterable[Truth]:
    ann, bob = stage.lab.agent("201"), stage.lab.agent("202")
    carla = stage.carla("807")
    ann.wait_for_event("CALL_INCOMING")
    bob.answer_next()
    stage.front.wait_for(CallAnswered)
    carla.hang_up()
    return [answered("Bob Agent")]


@case
def a_ring_group_does_not_answer(stage: Stage) -> Iterable[Truth]:
    ann, bob = stage.lab.agent("201"), stage.lab.agent("202")
    carla = stage.carla("807")
    ann.wait_for_event("CALL_INCOMING")
    bob.wait_for_event("CALL_INCOMING")
    carla.hang_up()
    return [missed(MissedReason.GAVE_UP)]


@case
def a_direct_call_rings_out(stage: Stage) -> Iterable[Truth]:
    stage.lab.agent("100")
    stage.carla("100")
    stage.front.joined()
    return [missed(MissedReason.NOT_ANSWERED)]


@case
def a_direct_caller_gives_up(stage: Stage) -> Iterable[Truth]:
    fay = stage.lab.agent("100")
    carla = stage.carla("100")
    fay.wait_for_event("CALL_INCOMING")
    stage.front.rings(1)
    carla.hang_up()
    return [missed(MissedReason.GAVE_UP)]


@case
def a_direct_call_is_declined(stage: Stage) -> Iterable[Truth]:
    fay = stage.lab.agent("100")
    stage.carla("100")
    fay.wait_for_event("CALL_INCOMING")
    fay.hang_up()
    return [missed(MissedReason.BUSY)]


@case
def a_direct_call_is_answered(stage: Stage) -> Iterable[Truth]:
    fay = stage.lab.agent("100")
    carla = stage.carla("100")
    fay.answer_next()
    stage.front.wait_for(CallAnswered)
    carla.hang_up()
    return [TAKEN]


@case
def a_direct_call_finds_the_phone_offline(stage: Stage) -> Iterable[Truth]:
    stage.carla("100")
    return [missed(MissedReason.PHONE_OFFLINE)]


# --- the founder takes the call ----------------------------------------------------------------


@case
def the_founder_takes_the_call(stage: Stage) -> Iterable[Truth]:
    fay = stage.lab.agent("100")
    carla = stage.carla()
    stage.front.phone.take(stage.front.joined().caller)
    fay.answer_next()
    stage.front.wait_for(CallAnswered)
    carla.hang_up()
    return [TAKEN]


@case
def the_founder_does_not_pick_up_and_the_caller_waits_in_place(stage: Stage) -> Iterable[Truth]:
    fay = stage.lab.agent("100")
    carla = stage.carla()
    caller = stage.front.joined().caller
    stage.front.phone.take(caller)
    fay.wait_for_event("CALL_INCOMING")
    fay.hang_up()
    stage.front.wait_until(
        lambda: any("still waiting" in words for words in stage.front.words),
        seconds=10,
        what="the founder's refusal",
    )
    assert stage.front.desk.calls.caller(caller.key) is not None
    carla.hang_up()
    return [missed(MissedReason.NOBODY_THERE)]


@case
def an_agent_is_faster_than_the_founder(stage: Stage) -> Iterable[Truth]:
    fay, ann = stage.lab.agent("100"), stage.lab.agent("201")
    carla = stage.carla()
    caller = stage.front.joined().caller
    ann.wait_for_event("CALL_INCOMING")
    stage.front.phone.take(caller)
    fay.wait_for_event("CALL_INCOMING")
    ann.answer()
    stage.front.wait_for(CallAnswered)
    fay.wait_for_event("CALL_CLOSED")
    carla.hang_up()
    return [answered("Ann Agent")]


@case
def the_caller_leaves_while_the_founders_phone_rings(stage: Stage) -> Iterable[Truth]:
    fay = stage.lab.agent("100")
    carla = stage.carla()
    stage.front.phone.take(stage.front.joined().caller)
    fay.wait_for_event("CALL_INCOMING")
    carla.hang_up()
    fay.wait_for_event("CALL_CLOSED")
    return [missed(MissedReason.NOBODY_THERE)]


# --- who called --------------------------------------------------------------------------------


@case
def a_withheld_number_and_an_odd_name(stage: Stage) -> Iterable[Truth]:
    odd = '"Zoë \\"B\\" <b>Müller</b>" <sip:anonymous@anonymous.invalid>'
    stage.lab.odd_caller("800", from_header=odd, hold_seconds=3)
    caller = stage.front.wait_for(CallerJoined).caller
    return [missed(MissedReason.NOBODY_THERE, caller.name)]
