"""One connection to baresip's control port: no thread, and no polling."""

import errno
import os
import socket
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from PySide6.QtCore import QObject

from supportdesk.adapters.phone.due_timer import DueTimer
from supportdesk.adapters.phone.phone_problems import peer_of
from supportdesk.adapters.phone.phone_socket import PhoneSocket
from supportdesk.adapters.tcp import is_numeric
from supportdesk.domain.errors import ConnectionLost, SupportDeskError
from supportdesk.domain.events import Event
from supportdesk.domain.settings import PhoneSettings
from supportdesk.protocols.ami_link import Close, Output, Send
from supportdesk.protocols.baresip_calls import BaresipCalls
from supportdesk.protocols.baresip_session import BaresipSession
from supportdesk.services.ports import Clock

_LOOPBACK = "127.0.0.1"


class LinkOwner(Protocol):
    """Who is told what a link hears."""

    def link_heard(self, events: Iterable[Event]) -> None:
        """Something arrived or fell due; `events` may be empty."""
        ...

    def link_closed(self, error: SupportDeskError) -> None:
        """It is over; it says nothing after this."""
        ...


class BaresipLink(QObject):
    """Opens, speaks, and closes once."""

    def __init__(
        self,
        settings: PhoneSettings,
        book: BaresipCalls,
        owner: LinkOwner,
        clock: Clock,
        *,
        deaf_since: datetime | None = None,
        heard_until: datetime | None = None,
    ) -> None:
        super().__init__()
        self._settings = settings
        self._owner: LinkOwner | None = owner
        self._clock = clock
        self.session = BaresipSession(
            settings.name,
            peer_of(settings),
            book,
            clock.now(),
            deaf_since=deaf_since,
            heard_until=heard_until,
        )
        self._timer = DueTimer(lambda: self.perform(BaresipSession.tick), self)
        self._socket = PhoneSocket(self, self)

    def open(self) -> None:
        self._socket.open(self._settings.host, self._settings.port)
        self._arm()

    def perform(self, act: Callable[[BaresipSession, datetime], list[Output]]) -> None:
        """Let the session do something now, and carry out what it says."""
        self._carry_out(act(self.session, self._clock.now()))

    def drop(self) -> None:
        """End it without telling the owner."""
        self._owner = None
        self._timer.stop()
        self._socket.drop()
        self.deleteLater()

    def socket_opened(self) -> None:
        """Called by the socket."""
        self.perform(BaresipSession.connected)

    def socket_received(self, data: bytes) -> None:
        """Called by the socket."""
        self.perform(lambda session, now: session.receive(data, now))

    def socket_ended(self) -> None:
        """Called by the socket."""
        self.perform(BaresipSession.ended)

    def socket_failed(self, error: OSError) -> None:
        """Called by the socket."""
        problem = of_socket(error, self._settings)
        self.perform(lambda session, now: session.failed(problem, now))

    def _carry_out(self, outputs: list[Output]) -> None:
        """Tell first, then send: a socket that breaks in the middle ends us from within."""
        owner = self._owner
        if owner is None:
            return
        owner.link_heard([one for one in outputs if not isinstance(one, Send | Close)])
        for output in outputs:
            if self._owner is not owner:
                return
            if isinstance(output, Send):
                self._socket.write(output.data)
            elif isinstance(output, Close):
                self.drop()
                owner.link_closed(output.error)
        if self._owner is owner:
            self._arm()

    def _arm(self) -> None:
        due_at = self.session.next_wakeup()
        if due_at is None:
            self._timer.stop()
            return
        self._timer.wait_until(due_at, self._clock.now())


def on_this_desk(settings: PhoneSettings) -> PhoneSettings:
    """The control port is on this computer unless the settings say otherwise."""
    return replace(settings, host=settings.host or _LOOPBACK)


def is_served(settings: PhoneSettings) -> bool:
    """Does some program listen on that port of this computer?

    A connection would throw out whoever is served there. To take the port's name for an instant,
    without listening, fails for one that is listened on and disturbs nobody.
    """
    host = settings.host if is_numeric(settings.host) else _LOOPBACK
    kind = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(kind, socket.SOCK_STREAM) as probe:
        if os.name == "posix":
            # Remains of old connections are no matter; elsewhere this would take the port away.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, settings.port))
        except OSError as error:
            return error.errno == errno.EADDRINUSE
    return False


def of_socket(error: OSError, settings: PhoneSettings) -> SupportDeskError:
    """Translate a failure to connect."""
    if isinstance(error, ConnectionRefusedError):
        return not_there(settings)
    return ConnectionLost(
        f"baresip at {peer_of(settings)} cannot be reached ({error.strerror or error})",
        "Look at `host` and `port` in the phone's settings. supportdesk tries again by itself.",
    )


def not_there(settings: PhoneSettings) -> ConnectionLost:
    return ConnectionLost(
        f"baresip is not there at {peer_of(settings)}",
        "Start baresip, with its module ctrl_tcp loaded (module_app ctrl_tcp.so in its"
        " config). supportdesk finds it by itself.",
    )
