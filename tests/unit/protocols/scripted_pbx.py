"""A PBX made of recordings, without a socket: it answers a session, then plays what it recorded.

Handshake and list answers carry the session's own ActionIDs; everything else is what a real
Asterisk sent.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from supportdesk.domain.events import Event
from supportdesk.protocols.ami_calls import CallBook, PhoneIdentity
from supportdesk.protocols.ami_link import Close, Login, Output, Send
from supportdesk.protocols.ami_session import AmiSession
from tests.fakes.ami_script import BANNER, AmiScript, fields_of

START = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
Splitter = Callable[[bytes], Iterable[bytes]]


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def whole(data: bytes) -> Iterable[bytes]:
    return [data]


def one_byte_at_a_time(data: bytes) -> Iterable[bytes]:
    return [data[i : i + 1] for i in range(len(data))]


@dataclass(kw_only=True)
class ScriptedPbx(AmiScript):
    """The other end of one session."""

    identity: PhoneIdentity
    book: CallBook | None = None
    banner: bytes = BANNER
    split: Splitter = whole
    deaf_since: datetime | None = None
    events: list[Event] = field(default_factory=list)
    actions: list[dict[str, str]] = field(default_factory=list)
    closed: Close | None = None

    def __post_init__(self) -> None:
        self.now = START
        self.book = self.book or CallBook(self.identity)
        login = Login(peer="pbx:5038", user="desk", secret="s3cret")
        self.session = AmiSession(login, self.book, self.now, deaf_since=self.deaf_since)

    def connect(self) -> "ScriptedPbx":
        """Go through greeting, login and lists."""
        self.take_in(self.session.connected(self.now))
        self.say(self.banner)
        return self

    def say(self, data: bytes, *, after: float | None = None) -> None:
        """Send bytes to the session, at a moment after the start."""
        if after is not None:
            self.run_until(after)
        for piece in self.split(data):
            self.take_in(self.session.receive(piece, self.now))

    def run_until(self, seconds: float) -> None:
        """Let time pass, with a tick whenever the session asked for one."""
        end = at(seconds)
        for _ in range(10_000):
            due = self.session.next_wakeup()
            if due is None or due > end:
                break
            self.now = max(self.now, due)
            self.take_in(self.session.tick(self.now))
        else:
            raise AssertionError("the session asks to be woken without end")
        self.now = max(self.now, end)

    def take_in(self, outputs: Iterable[Output]) -> None:
        for output in outputs:
            match output:
                case Send(data):
                    action = fields_of(data)
                    self.actions.append(action)
                    for reply in self.replies(action):
                        self.say(reply)
                case Close():
                    self.closed = output
                case event:
                    self.events.append(event)
