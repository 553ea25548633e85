"""Watches one Asterisk by AMI: stays connected, publishes what happens, and dials."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta

from PySide6.QtCore import QObject, QTimer

from supportdesk.adapters.phone.ami_connection import AmiConnection, identity_of
from supportdesk.adapters.phone.due_timer import DueTimer
from supportdesk.adapters.phone.phone_health import PhoneHealth
from supportdesk.adapters.phone.phone_past import PhonePast
from supportdesk.adapters.phone.phone_problems import check_settings
from supportdesk.domain.calls import Caller
from supportdesk.domain.errors import (
    AuthRejected,
    CertificateRejected,
    PeerProtocolError,
    SupportDeskError,
)
from supportdesk.domain.events import DialProgressed, Event
from supportdesk.domain.health import Hearing
from supportdesk.domain.settings import PhoneSettings
from supportdesk.protocols.ami_calls import CallBook
from supportdesk.protocols.ami_dial import DialDesk, DialOutput
from supportdesk.protocols.ami_link import LinkState
from supportdesk.protocols.ami_session import AmiSession
from supportdesk.protocols.ami_snapshot import Lists
from supportdesk.protocols.backoff import Backoff
from supportdesk.services.ports import Clock, Publisher

_FIRST_RETRY_SECONDS = 0.5
_LAST_RETRY_SECONDS = 4.0
"""A restarted PBX is heard again within ten seconds, its own start included."""
_AFTER_REFUSAL = timedelta(minutes=15)
"""A login that was refused stays refused: Asterisk's fail2ban would lock us out."""
_AFTER_WRONG_PEER = timedelta(seconds=30)
_AFTER_WRONG_SETTINGS = timedelta(minutes=5)
"""A CA file may lie on a disk that comes later."""
_NOT_CONNECTED = "The phone system is not connected"


class AsteriskPhone(QObject):
    """A phone system of kind "asterisk". Lives on a thread with a Qt event loop.

    It implements the Dialer port. `secret_of` is asked before each connection, must not take
    long, and raises SecretsUnavailable.
    """

    def __init__(
        self,
        settings: PhoneSettings,
        secret_of: Callable[[], str],
        publisher: Publisher,
        clock: Clock,
        parent: QObject | None = None,
        *,
        past: PhonePast | None = None,
        lift_queue: str = "",
    ) -> None:
        """`lift_queue` is where the team puts callers who are for the founder; empty: nowhere."""
        super().__init__(parent)
        self._settings = settings
        self._secret_of = secret_of
        self._publisher = publisher
        self._clock = clock
        self._book = CallBook(replace(identity_of(settings), lift_queue=lift_queue))
        self._backoff = Backoff(first_seconds=_FIRST_RETRY_SECONDS, cap_seconds=_LAST_RETRY_SECONDS)
        self._connection: AmiConnection | None = None
        self._health = PhoneHealth(settings.name, publisher, clock)
        self._asked_beside: Lists | None = None
        self._past = past
        self._deaf_since = None if past is None else past.recall(self._book, clock.now())
        self._retry = DueTimer(self._open, self)
        self._noting = QTimer(self)
        self._noting.setSingleShot(True)
        self._noting.timeout.connect(self._note)

    def start(self) -> None:
        """Begin to watch; a second start does nothing."""
        if self._connection is None and not self._retry.isActive():
            self._health.say(Hearing.CONNECTING, None)
            self._open()

    def stop(self) -> None:
        """Hang up and be silent."""
        self._retry.stop()
        if self._connection is not None:
            self._connection.drop()
            self._connection = None
        if self._noting.isActive():
            self._noting.stop()
            self._note()
        if self._past is not None and self._health.last_heard_at is not None:
            self._past.leave(self._health.last_heard_at)

    def check_now(self) -> None:
        """Connect at once, whatever the last failure was; when connected, look again."""
        self._backoff.succeeded()
        if self._connection is None:
            self._retry.stop()
            self._open()
        else:
            self._asked_beside = self._connection.session.lists
            self._connection.perform(AmiSession.resync)

    def take(self, caller: Caller) -> None:
        """Ring the founder's phone for a waiting caller."""
        if self._connection is not None:
            self._connection.perform(lambda session, now: session.take(caller, now))
        else:
            desk = self._desk_without_link()
            self._refuse(desk.take(caller, self._clock.now(), _NOT_CONNECTED))

    def call_back(self, number: str, name: str) -> None:
        """Ring the founder's phone, then a customer's."""
        if self._connection is not None:
            self._connection.perform(lambda session, now: session.call_back(number, name, now))
        else:
            desk = self._desk_without_link()
            self._refuse(desk.call_back(number, name, self._clock.now(), _NOT_CONNECTED))

    def connection_heard(self, events: Iterable[Event]) -> None:
        """Publish what a connection says; called by it."""
        for event in events:
            self._publisher.publish(event)
        if self._connection is None or self._connection.session.state is not LinkState.LIVE:
            return
        session = self._connection.session
        self._health.last_heard_at = session.last_heard_at
        self._deaf_since = None
        # Once the desk has what was published: a run that dies in between shall hear of it again.
        self._noting.start(0)
        self._backoff.succeeded()
        self._health.say(Hearing.LISTENING, session.problem)
        if self._asked_beside is not None and self._asked_beside is not session.lists:
            # New lists are here, and all that had happened before is told.
            self._asked_beside = None
            self._health.say_checked()
        self._health.say_heard()

    def connection_closed(self, error: SupportDeskError) -> None:
        """Say that we are deaf, and plan the next try; called by the connection."""
        self._connection = None
        self._be_deaf(error)
        now = self._clock.now()
        match error:
            case AuthRejected():
                self._retry.wait_until(now + _AFTER_REFUSAL, now)
            case CertificateRejected() | PeerProtocolError():
                self._retry.wait_until(now + _AFTER_WRONG_PEER, now)
            case _:
                self._retry.wait_until(self._backoff.failed(now), now)

    def _note(self) -> None:
        if self._past is not None and self._health.last_heard_at is not None:
            self._past.note(self._book, self._health.last_heard_at)

    def _open(self) -> None:
        try:
            check_settings(self._settings)
            secret = self._secret_of()
        except SupportDeskError as error:
            self._be_deaf(error)
            now = self._clock.now()
            self._retry.wait_until(now + _AFTER_WRONG_SETTINGS, now)
            return
        self._connection = AmiConnection(
            self._settings, secret, self._book, self, self._clock, deaf_since=self._deaf_since
        )
        self._connection.open()

    def _desk_without_link(self) -> DialDesk:
        return DialDesk(identity_of(self._settings), self._settings.user)

    def _refuse(self, outputs: Iterable[DialOutput]) -> None:
        for output in outputs:
            if isinstance(output, DialProgressed):
                self._publisher.publish(output)

    def _be_deaf(self, error: SupportDeskError) -> None:
        if self._health.is_listening:
            self._deaf_since = self._health.last_heard_at
        self._health.say(Hearing.DEAF, error.problem)
