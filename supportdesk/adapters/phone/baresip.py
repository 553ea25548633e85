"""Watches a baresip on this desk by its control port: its calls, live, and dialling on it."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from PySide6.QtCore import QObject

from supportdesk.adapters.phone.baresip_link import BaresipLink, is_served, on_this_desk
from supportdesk.adapters.phone.due_timer import DueTimer
from supportdesk.adapters.phone.phone_health import PhoneHealth
from supportdesk.adapters.phone.phone_past import REMEMBERED, PhoneRecords, calls_of_then
from supportdesk.adapters.phone.phone_problems import peer_of
from supportdesk.domain.calls import Caller
from supportdesk.domain.errors import PeerProtocolError, SupportDeskError
from supportdesk.domain.events import DialProgressed, Event
from supportdesk.domain.health import Hearing
from supportdesk.domain.settings import PhoneSettings
from supportdesk.protocols.ami_link import Output
from supportdesk.protocols.backoff import Backoff
from supportdesk.protocols.baresip_calls import BaresipCalls
from supportdesk.protocols.baresip_dial import BaresipDial
from supportdesk.protocols.baresip_session import NOT_CONNECTED, BaresipSession, taken_over
from supportdesk.services.ports import Clock, Publisher

_FIRST_RETRY_SECONDS = 0.5
_LAST_RETRY_SECONDS = 4.0
"""On this computer a refused connection costs nothing, and a baresip that starts is heard soon."""
_FIRST_YIELD_SECONDS = 30.0
_LAST_YIELD_SECONDS = 600.0
"""Connecting throws out whoever has the port: not to be done every second."""
_UNDISTURBED = timedelta(minutes=2)
_SETTLE_MILLISECONDS = 1000
"""A crashed baresip's port is free only when the system has closed all it had open."""
_AFTER_WRONG_PEER = timedelta(seconds=30)
_LONGEST_CALL = timedelta(hours=12)


class BaresipPhone(QObject):
    """A phone of kind "baresip". Lives on a thread with a Qt event loop; implements Dialer."""

    def __init__(
        self,
        settings: PhoneSettings,
        publisher: Publisher,
        clock: Clock,
        parent: QObject | None = None,
        *,
        records: PhoneRecords | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings = on_this_desk(settings)
        self._publisher = publisher
        self._clock = clock
        self._book = BaresipCalls(settings.name, settings.founder_interface)
        self._backoff = Backoff(first_seconds=_FIRST_RETRY_SECONDS, cap_seconds=_LAST_RETRY_SECONDS)
        self._yielding = Backoff(
            first_seconds=_FIRST_YIELD_SECONDS, cap_seconds=_LAST_YIELD_SECONDS
        )
        self._link: BaresipLink | None = None
        self._health = PhoneHealth(settings.name, publisher, clock)
        self._is_asked = False
        self._live_since: datetime | None = None
        self._deaf_since: datetime | None = None
        self._retry = DueTimer(self._try_again, self)
        self._may_be_taken_over = False
        self._heard_until = None if records is None else self._recall(records)

    def start(self) -> None:
        """Begin to watch; a second start does nothing."""
        if self._link is None and not self._retry.isActive():
            self._health.say(Hearing.CONNECTING, None)
            self._open()

    def stop(self) -> None:
        """Let go of the port and be silent."""
        self._retry.stop()
        if self._link is not None:
            self._link.drop()
            self._link = None

    def check_now(self) -> None:
        """Connect at once, whatever the last failure was; when connected, look again."""
        self._backoff.succeeded()
        if self._link is None:
            self._retry.stop()
            self._may_be_taken_over = False
            self._open()
        else:
            self._link.perform(BaresipSession.check)
            self._is_asked = True

    def take(self, caller: Caller) -> None:
        """Answer a caller who rings on this phone."""
        self._dial(
            lambda session, now: session.take(caller, now),
            lambda desk, now: desk.refuse(caller.call_id, caller.number, NOT_CONNECTED, now),
        )

    def call_back(self, number: str, name: str) -> None:
        """Dial a customer with this phone."""
        self._dial(
            lambda session, now: session.call_back(number, name, now),
            lambda desk, now: desk.refuse(None, number, NOT_CONNECTED, now),
        )

    def hang_up(self) -> None:
        """End the call that is being placed, else the current one."""
        if self._link is not None:
            self._link.perform(BaresipSession.hang_up)

    def link_heard(self, events: Iterable[Event]) -> None:
        """Publish what a link says; called by it."""
        session = self._link.session if self._link is not None else None
        if session is not None and session.is_live:
            now = self._clock.now()
            self._health.last_heard_at = session.last_heard_at
            self._deaf_since = self._heard_until = None
            self._live_since = self._live_since or now
            self._backoff.succeeded()
            self._health.say(Hearing.LISTENING, None)
        for event in events:
            self._publisher.publish(event)
        if session is not None and session.is_live:
            self._say_heard()

    def _say_heard(self) -> None:
        """What it sent before lies before the answer in the same pipe, and mostly comes with it."""
        if self._is_asked:
            self._is_asked = False
            self._health.say_checked()
        self._health.say_heard()

    def link_closed(self, error: SupportDeskError) -> None:
        """Say that we are deaf, and plan the next try; called by the link."""
        session = self._link.session if self._link is not None else None
        self._link = None
        now = self._clock.now()
        was_live = self._live_since is not None
        if self._live_since is not None:
            self._deaf_since = now
            if now - self._live_since >= _UNDISTURBED:
                self._yielding.succeeded()
        self._live_since = None
        self._health.say(Hearing.DEAF, error.problem)
        if was_live and session is not None and session.was_cut_off:
            self._may_be_taken_over = True
            self._retry.start(_SETTLE_MILLISECONDS)
        elif isinstance(error, PeerProtocolError):
            self._retry.wait_until(now + _AFTER_WRONG_PEER, now)
        else:
            self._retry.wait_until(self._backoff.failed(now), now)

    def _try_again(self) -> None:
        """Connect, but not at once where another program is served: it would lose the port."""
        if self._may_be_taken_over and is_served(self._settings):
            self._may_be_taken_over = False
            self._health.say(Hearing.DEAF, taken_over(peer_of(self._settings)).problem)
            now = self._clock.now()
            self._retry.wait_until(self._yielding.failed(now), now)
            return
        self._may_be_taken_over = False
        self._open()

    def _open(self) -> None:
        self._link = BaresipLink(
            self._settings,
            self._book,
            self,
            self._clock,
            deaf_since=self._deaf_since,
            heard_until=self._heard_until,
        )
        self._link.open()

    def _recall(self, records: PhoneRecords) -> datetime | None:
        """Take over the calls that were open when the run before heard last; return when it was.

        baresip does not tell when a call ended that it lists no more. Nobody heard it end, so no
        more than what was heard counts as talk.
        """
        now = self._clock.now()
        memory = records.phone_memory(self._settings.name)
        # A clock that was set back makes no moment in the future.
        heard_until = None if memory is None else min(memory.heard_at, now)
        then = max(heard_until or now, now - REMEMBERED)
        known = calls_of_then(records, self._settings.name, then)
        self._book.resume(
            (call for call in known if call.is_going_on), over_before=now - _LONGEST_CALL
        )
        return heard_until

    def _dial(
        self,
        act: Callable[[BaresipSession, datetime], list[Output]],
        refuse: Callable[[BaresipDial, datetime], DialProgressed],
    ) -> None:
        if self._link is not None:
            self._link.perform(act)
        else:
            desk = BaresipDial(self._settings.name)
            self._publisher.publish(refuse(desk, self._clock.now()))
