"""What really happened to calls, acted out by real phones; a case knows the one right outcome.

Each case has a PBX of its own, the adapter and a whole desk behind it. What is expected is written
down by whoever moves the phones, before anything is asked of the desk. The cases themselves are in
the modules `cases_of_*`; the scenarios they act out are listed in `scenarios`.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC
from typing import TypeVar

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.numbers import normaliser
from supportdesk.adapters.phone.asterisk import AsteriskPhone
from supportdesk.adapters.phone.baresip import BaresipPhone
from supportdesk.adapters.phone.phone_past import PhonePast
from supportdesk.domain.calls import Call, Caller, MissedReason, Outcome
from supportdesk.domain.events import CallAnswered, CallerJoined, Event
from supportdesk.domain.settings import PhoneKind, PhoneSettings, Settings
from supportdesk.services.desk import Desk
from tests.e2e.asterisk_office import OFFICE, Office, settings_for
from tests.fakes.stores import MemoryDeskStore
from tests.lab.phone import AMI_USER, AsteriskLab
from tests.lab.softphones import CONTROL_PORT, Softphone
from tests.lab.wire import RecordingProxy

CARLA = "Carla Customer"
SUPPORT = "800"
FOUNDER = "100"


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


def called_back(reason: MissedReason) -> Truth:
    """Missed for this reason, and called back by the founder."""
    return Truth(outcome=Outcome.CALLED_BACK, by="you", reason=reason)


TAKEN = Truth(outcome=Outcome.TAKEN, by="you")
CALLED = Truth(outcome=Outcome.CALLED, by="you")
"""The founder's own call, beside the missed one that it returns."""


class Front(Office):
    """The adapter, with a desk that folds all it says. With a store it is one run of several."""

    def __init__(self, settings: PhoneSettings, store: MemoryDeskStore | None = None) -> None:
        self.store = store or MemoryDeskStore()
        self._clock = SystemClock()
        self.desk = Desk(
            settings=Settings(phone=(settings,)),
            store=self.store,
            normalise=normaliser(""),
            to_local=lambda at: at.astimezone(UTC),
        )
        self.desk.restore((), self._clock.now())
        super().__init__(settings)

    def publish(self, event: Event) -> None:
        super().publish(event)
        self.desk.apply(event, self._clock.now())

    def end_run(self) -> None:
        """The program ends in order."""
        self.phone.stop()
        self.desk.leave(self._clock.now())

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

    def joined(self, name: str = CARLA) -> Caller:
        """The caller of this name, once the desk knows that they wait."""
        wanted = self.wait_for(CallerJoined, lambda event: event.caller.name == name)
        return wanted.caller

    def answered_by(self, name: str) -> CallAnswered:
        return self.wait_for(CallAnswered, lambda event: event.by == name)

    def wait_for_words(self, words: str) -> None:
        """What the founder reads while a call is placed."""
        self.wait_until(
            lambda: any(words in line for line in self.words), seconds=40, what=f"“{words}”"
        )

    def outcomes(self, count: int) -> None:
        """Wait until this many calls have come to an end."""
        self.wait_until(
            lambda: len(self.calls) >= count and self.is_over,
            seconds=20,
            what=f"the end of {count} calls",
        )

    def rings(self, seconds: float) -> None:
        """Let it ring."""
        self.run_for(seconds)

    def _phone_of(self, settings: PhoneSettings, secret: str) -> AsteriskPhone | BaresipPhone:
        if settings.kind is not PhoneKind.ASTERISK:
            return super()._phone_of(settings, secret)
        past = PhonePast(self.store, settings)
        return AsteriskPhone(settings, lambda: secret, self, self._clock, past=past)


@dataclass(frozen=True, slots=True)
class Stage:
    """What a case has to play with. The program's link to the PBX goes over `wire`."""

    lab: AsteriskLab
    front: Front
    wire: RecordingProxy

    def begin(self) -> None:
        """The program starts, and listens."""
        self.front.phone.start()
        self.front.listening()

    def carla(self, extension: str = SUPPORT) -> Softphone:
        carla = self.lab.customer()
        carla.call(extension)
        return carla

    def stops_ringing(self, phone: Softphone) -> None:
        """The program goes on meanwhile: it may be the one that stops it."""
        self.front.wait_until(
            lambda: any(event.get("type") == "CALL_CLOSED" for event in phone.events),
            seconds=30,
            what=f"{phone.settings.number} to stop ringing",
        )

    def redirect(self, caller: Caller, extension: str = FOUNDER) -> None:
        """A colleague sends this caller to another extension."""
        self.lab.ami().action(
            "Redirect",
            Channel=caller.channel,
            Context="from-internal",
            Exten=extension,
            Priority="1",
        )

    def compare_lists(self) -> None:
        """A second outcome, if there is one, comes with the lists that the PBX gives of all."""
        self.wire.forget()
        self.front.phone.check_now()
        if isinstance(self.front.phone, AsteriskPhone):
            self.front.wait_until(
                lambda: b"EventList: Complete" in self.wire.server_bytes,
                seconds=10,
                what="the lists",
            )
        self.front.rings(0.5)

    def link_is_lost(self) -> None:
        """The program's link ends, and it cannot connect until `link_is_back`."""
        self.wire.refuse()
        self.wire.cut()
        self.front.deaf()

    def link_is_back(self) -> None:
        self.wire.accept()
        self.front.listening()


Act = Callable[[Stage], Iterable[Truth]]
Acted = TypeVar("Acted", bound=Act)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One thing that happens to calls.

    Attributes:
        scenario: Its name in the list of what must be acted out; empty for one more of ours.
        user: As whom the program logs in to the PBX.
        softphone: Extension of the phone that the program watches instead of the PBX.
        is_late: The program starts in the middle of it, by `Stage.begin`.
        is_talkative: The PBX stamps its events and tells of every CDR and CEL too.
        beyond: What the phone system cannot tell the program, as the program itself says it: what
            is told is then what such a phone sees, not what happened.
    """

    name: str
    act: Act
    scenario: str
    user: str
    softphone: str
    is_late: bool
    is_talkative: bool
    beyond: str
    seen: tuple[Truth, ...]

    def settings(self, lab: AsteriskLab, wire: RecordingProxy) -> PhoneSettings:
        if self.softphone:
            host = lab.settings.phone_host(self.softphone)
            return PhoneSettings(name=OFFICE, kind=PhoneKind.BARESIP, host=host, port=CONTROL_PORT)
        return replace(settings_for(lab, queues=(), user=self.user), port=wire.port)


CASES: dict[str, Case] = {}


def case(
    scenario: str = "",
    *,
    user: str = AMI_USER,
    softphone: str = "",
    is_late: bool = False,
    is_talkative: bool = False,
    beyond: str = "",
    seen: tuple[Truth, ...] = (),
) -> Callable[[Acted], Acted]:
    """Enter a function into the list of cases, under its own name."""

    def enter(act: Acted) -> Acted:
        name = act.__name__.replace("_", " ")
        CASES[name] = Case(
            name=name,
            act=act,
            scenario=scenario,
            user=user,
            softphone=softphone,
            is_late=is_late,
            is_talkative=is_talkative,
            beyond=beyond,
            seen=seen,
        )
        return act

    return enter


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What happened beside what the desk says of it, by name; and what the phone cannot tell."""

    happened: list[Truth]
    told: list[Truth]
    limits: tuple[str, ...]


def play(name: str, version: str) -> Played:
    """Act one case out, on a PBX of this version."""
    chosen = CASES[name]
    with (
        AsteriskLab(version=version, is_talkative=chosen.is_talkative) as lab,
        RecordingProxy(lab.ami_port) as wire,
        _front(chosen.settings(lab, wire)) as front,
    ):
        stage = Stage(lab, front, wire)
        if not (chosen.is_late or chosen.softphone):
            stage.begin()
        truths = list(chosen.act(stage))
        front.outcomes(len(truths))
        stage.compare_lists()
        told = [
            Truth(outcome=call.outcome, by=call.by, reason=call.reason, name=call.name)
            for call in front.calls
        ]
        can = front.desk.calls.capabilities(OFFICE)
    return Played(happened=_by_name(truths), told=_by_name(told), limits=can.limits if can else ())


@contextmanager
def _front(settings: PhoneSettings) -> Iterator[Front]:
    front = Front(settings)
    try:
        yield front
    finally:
        front.phone.stop()


def _by_name(truths: Iterable[Truth]) -> list[Truth]:
    return sorted(truths, key=lambda one: (one.name, str(one)))
