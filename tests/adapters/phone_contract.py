"""What every phone adapter must do, said once, and held against each of them with real systems.

A `PhoneOffice` is a system under test with ways to call it; `PhoneContract` are the tests, which
each test class of an adapter inherits.
"""

from abc import ABC, abstractmethod
from typing import Protocol

from supportdesk.adapters.clock import SystemClock
from supportdesk.domain.calls import CallId
from supportdesk.domain.events import (
    CallAnswered,
    CallEnded,
    CallerJoined,
    CallMissed,
    Event,
    HealthChanged,
    PhoneSnapshotTaken,
    SourceHeard,
)
from supportdesk.domain.health import Hearing, SourceName
from tests.fakes.heard_events import HeardEvents, run_for

NAME = SourceName("Desk")
CLOCK = SystemClock()


class Watched(Protocol):
    """The part of an adapter that the contract is about."""

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def check_now(self) -> None: ...


class PhoneOffice(ABC):
    """A real phone system and a way to call it."""

    is_live = True
    """It tells of a call while it rings."""
    always_listens = False
    """A hook is our own door: there is nothing to connect to, and no snapshot."""

    @abstractmethod
    def adapter(self, heard: HeardEvents) -> Watched: ...

    @abstractmethod
    def call_missed(self) -> None: ...

    @abstractmethod
    def call_answered(self) -> None:
        """Rings, is answered, is talked on, ends."""

    @abstractmethod
    def break_down(self) -> None:
        """The system goes away; not asked of one that always listens."""

    @abstractmethod
    def come_back(self) -> None: ...


def outcomes(events: list[Event]) -> dict[CallId, list[str]]:
    """What has been told of each call, in order."""
    told: dict[CallId, list[str]] = {}
    for event in events:
        if isinstance(event, CallerJoined):
            told.setdefault(event.caller.call_id, []).append("joined")
        elif isinstance(event, CallAnswered | CallEnded | CallMissed):
            told.setdefault(event.call_id, []).append(type(event).__name__)
    return told


class PhoneContract:
    """The tests. A subclass gives `office` as a fixture."""

    def test_it_says_its_health_and_what_is_true_before_anything_else(
        self, office: PhoneOffice
    ) -> None:
        heard = HeardEvents()
        phone = office.adapter(heard)
        phone.start()
        if office.always_listens:
            assert heard.events == []
            return
        heard.listening()
        phone.stop()
        first = heard.events[0]
        assert isinstance(first, HealthChanged)
        assert first.health.hearing is Hearing.CONNECTING
        others = [event for event in heard.events if not isinstance(event, HealthChanged)]
        snapshot = others[0]
        assert isinstance(snapshot, PhoneSnapshotTaken)
        assert snapshot.callers == ()
        assert snapshot.deaf_since is None
        can = snapshot.capabilities
        assert can.sees_missed
        assert can.sees_waiting is office.is_live
        assert (snapshot.members is not None) is can.sees_busy
        assert all(limit.endswith(".") for limit in can.limits)

    def test_each_call_has_one_outcome(self, office: PhoneOffice) -> None:
        heard = HeardEvents()
        phone = office.adapter(heard)
        phone.start()
        if not office.always_listens:
            heard.listening()
        office.call_missed()
        missed = heard.wait_for(CallMissed)
        office.call_answered()
        ended = heard.wait_for(CallEnded)
        start = len(heard.events)
        phone.check_now()
        if not office.always_listens:
            heard.wait_for(SourceHeard, lambda event: event.is_caught_up, start=start)
        run_for(1)
        phone.stop()
        assert (missed.phone, ended.phone) == (NAME, NAME)
        assert missed.call_id != ended.call_id
        assert ended.talk_seconds > 0
        joined = ["joined"] if office.is_live else []
        assert outcomes(heard.events) == {
            missed.call_id: [*joined, "CallMissed"],
            ended.call_id: [*joined, "CallAnswered", "CallEnded"],
        }
        answered = heard.of(CallAnswered)[0]
        assert missed.number == "+15550100001"
        assert answered.number in ("+15550100001", "")
        assert missed.name == "Carla Customer"
        assert missed.waited_seconds >= 0
        assert answered.at <= ended.at

    def test_after_stop_nothing_is_told(self, office: PhoneOffice) -> None:
        heard = HeardEvents()
        phone = office.adapter(heard)
        phone.start()
        if not office.always_listens:
            heard.listening()
        phone.stop()
        phone.stop()
        count = len(heard.events)
        office.call_missed()
        run_for(1)
        assert heard.events[count:] == []

    def test_what_goes_away_is_said_and_what_comes_back_is_heard(self, office: PhoneOffice) -> None:
        if office.always_listens:
            return
        heard = HeardEvents()
        phone = office.adapter(heard)
        phone.start()
        heard.listening()
        start = len(heard.events)
        office.break_down()
        heard.wait_until(lambda: heard.hearing is Hearing.DEAF, "to be deaf")
        assert heard.problem_title
        assert heard.health is not None
        assert heard.health.last_heard_at is not None
        office.come_back()
        snapshot = heard.wait_for(PhoneSnapshotTaken, start=start, seconds=15)
        assert snapshot.deaf_since is not None
        assert heard.hearing is Hearing.LISTENING
        start = len(heard.events)
        office.call_missed()
        heard.wait_for(CallMissed, start=start)
        phone.stop()
