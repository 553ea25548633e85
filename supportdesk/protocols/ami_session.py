"""One AMI connection: greeting, login, boot, snapshot, then live until it ends.

The theory. TABLE says which state follows which turn; what is not in it is an error. A connection
asks for an MD5 challenge (the secret never travels), logs in, and waits until Asterisk has booted:
while it boots, login works but QueueStatus is unknown. FullyBooted tells, if the user has the read
class `system`; without it we try, and try again. Then lists are asked for, laid over the call book
(ami_snapshot), and events keep the book true. A frozen PBX keeps its socket open, so silence is
answered with a Ping, and a Ping without answer ends the connection. Nothing is sent again on the
next connection.

Time comes in with every call and next_wakeup() says when tick() is due.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from supportdesk.domain.calls import Caller, Capabilities
from supportdesk.domain.errors import (
    ConnectionLost,
    PeerProtocolError,
    Problem,
    SupportDeskError,
)
from supportdesk.domain.events import Event
from supportdesk.protocols import ami_words as words
from supportdesk.protocols.ami import Packet, PacketReader, UnsendableText, encode_action
from supportdesk.protocols.ami_calls import CallBook
from supportdesk.protocols.ami_dial import Ask, DialDesk, DialOutput, missing_right
from supportdesk.protocols.ami_snapshot import Gap, Lists, check_snapshot, take_snapshot

CONNECT_SECONDS: Final = 8.0
GREETING_SECONDS: Final = 5.0
PROBE_SECONDS: Final = 2.5
LOGIN_SECONDS: Final = 8.0
BOOT_SECONDS: Final = 60.0
SNAPSHOT_SECONDS: Final = 10.0
PING_EVERY_SECONDS: Final = 5.0
PING_DEADLINE_SECONDS: Final = 4.0
CHECK_EVERY_SECONDS: Final = 60.0
_BOOT_TRY: Final = timedelta(seconds=0.3)
_BOOT_RETRY: Final = timedelta(seconds=0.5)
_QUEUES_PATIENCE: Final = timedelta(seconds=20)
"""How long an unknown QueueStatus is taken for a PBX that boots, without FullyBooted to tell."""

WANTED_EVENTS: Final = {
    **dict.fromkeys(
        (
            "FullyBooted",
            "Shutdown",
            "Newchannel",
            "Hangup",
            "HangupRequest",
            "DialBegin",
            "DialEnd",
            "BridgeEnter",
            "BridgeLeave",
            "QueueCallerJoin",
            "QueueCallerLeave",
            "QueueCallerAbandon",
            "AgentConnect",
            "AgentComplete",
            "QueueMemberAdded",
            "QueueMemberRemoved",
            "QueueMemberPause",
            "QueueMemberStatus",
            "OriginateResponse",
            "QueueParams",
            "QueueMember",
            "QueueEntry",
            "QueueStatusComplete",
            "CoreShowChannel",
            "CoreShowChannelsComplete",
        ),
        "",
    ),
    "VarSet": "\r\nVariable: QUEUESTATUS\r\n",
    "Newexten": "\r\nApplication: Queue\r\n",
}


class LinkState(Enum):
    """Where a connection is."""

    CONNECTING = "connecting"
    GREETING = "waiting for its greeting"
    CHALLENGE = "waiting for a challenge"
    LOGIN = "logging in"
    BOOTING = "waiting until it has booted"
    SNAPSHOT = "taking stock"
    LIVE = "live"
    CLOSED = "closed"


class _Turn(Enum):
    CONNECTED = "connected"
    GREETED = "greeted"
    CHALLENGED = "challenged"
    ACCEPTED = "login accepted"
    BOOTED = "asked for lists"
    STILL_BOOTING = "does not know its queues yet"
    LISTED = "lists are complete"


TABLE: Final = {
    (LinkState.CONNECTING, _Turn.CONNECTED): LinkState.GREETING,
    (LinkState.GREETING, _Turn.GREETED): LinkState.CHALLENGE,
    (LinkState.CHALLENGE, _Turn.CHALLENGED): LinkState.LOGIN,
    (LinkState.LOGIN, _Turn.ACCEPTED): LinkState.BOOTING,
    (LinkState.BOOTING, _Turn.BOOTED): LinkState.SNAPSHOT,
    (LinkState.SNAPSHOT, _Turn.BOOTED): LinkState.SNAPSHOT,
    (LinkState.LIVE, _Turn.BOOTED): LinkState.LIVE,
    (LinkState.SNAPSHOT, _Turn.STILL_BOOTING): LinkState.BOOTING,
    (LinkState.SNAPSHOT, _Turn.LISTED): LinkState.LIVE,
    (LinkState.LIVE, _Turn.LISTED): LinkState.LIVE,
}

_DEADLINES: Final = {
    LinkState.CONNECTING: CONNECT_SECONDS,
    LinkState.GREETING: GREETING_SECONDS,
    LinkState.CHALLENGE: LOGIN_SECONDS,
    LinkState.LOGIN: LOGIN_SECONDS,
    LinkState.BOOTING: BOOT_SECONDS,
    LinkState.SNAPSHOT: SNAPSHOT_SECONDS,
}
_LOGGED_IN: Final = frozenset({LinkState.BOOTING, LinkState.SNAPSHOT, LinkState.LIVE})


@dataclass(frozen=True, slots=True)
class Send:
    """Write these bytes."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Close:
    """Drop the connection; `error` says why in the founder's words."""

    error: SupportDeskError


Output = Send | Close | Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """Who we are to the PBX; `peer` is host and port as messages name it."""

    peer: str
    user: str
    secret: str = field(repr=False)


class _Question(Enum):
    """Actions whose answers we wait for."""

    CHALLENGE = "Challenge"
    LOGIN = "Login"
    COMMANDS = "ListCommands"
    SETTINGS = "CoreSettings"
    QUEUES = "QueueStatus"
    CHANNELS = "CoreShowChannels"
    PING = "Ping"


class AmiSession:
    """Drives one connection. Bytes, time and wishes in; bytes to send and events out."""

    def __init__(
        self, login: Login, book: CallBook, now: datetime, *, deaf_since: datetime | None
    ) -> None:
        """`deaf_since` is the last proof of life of the connection before; None for the first."""
        self.state = LinkState.CONNECTING
        self.last_heard_at: datetime | None = None
        self.version = ""
        self.lists: Lists | None = None
        self._login = login
        self._book = book
        self._deaf_since = deaf_since
        self._reader = PacketReader(login.peer, WANTED_EVENTS)
        self._desk = DialDesk(book.identity, login.user)
        self._serial = 0
        self._questions: dict[str, _Question] = {}
        self._items: dict[_Question, list[Packet]] = {}
        self._answers: dict[_Question, tuple[Packet, ...] | None] = {}
        self._commands: frozenset[str] | None = None
        self._logged_in_at: datetime | None = None
        self._booted_at: datetime | None = None
        self._is_booted = False
        self._is_shutting_down = False
        self._has_probed = False
        self._capabilities: Capabilities | None = None
        self._entered_at = now
        self._next_try_at: datetime | None = None
        self._next_check_at: datetime | None = None
        self._ping_sent_at: datetime | None = None

    @property
    def problem(self) -> Problem | None:
        """What is wrong although we are live: a missing right, a queue that is not there."""
        if self.state is not LinkState.LIVE or self.lists is None:
            return None
        identity = self._book.identity
        return words.missing_queue(self._login.peer, self.lists, identity) or words.missing_rights(
            self._login.peer, self._login.user, self._missing_read(), self._missing_write()
        )

    @property
    def greeting(self) -> str:
        """What is at the other end, as "Asterisk 22.10" or "Asterisk (AMI 11.0.0)"."""
        if self.version:
            return f"Asterisk {'.'.join(self.version.split('+')[0].split('.')[:2])}"
        return f"Asterisk (AMI {self._reader.banner.partition('/')[2]})"

    def connected(self, now: datetime) -> list[Output]:
        """The socket is up (and its TLS proven)."""
        self._book.link_made()
        self._turn(_Turn.CONNECTED, now)
        return []

    def receive(self, data: bytes, now: datetime) -> list[Output]:
        """Take what arrived, however it was cut."""
        outputs: list[Output] = []
        try:
            packets = self._reader.receive(data)
        except PeerProtocolError as error:
            return self._close(error)
        self._heard(now)
        if self.state is LinkState.GREETING and self._reader.banner:
            outputs += self._greeted(now)
        for packet in packets:
            outputs += self._packet(packet, now)
            if self.state is LinkState.CLOSED:
                break
        return outputs

    def tick(self, now: datetime) -> list[Output]:
        """Do what is due; call it at next_wakeup() or at any time."""
        if self.state is LinkState.CLOSED:
            return []
        if self.state in _LOGGED_IN:
            return self._tick_logged_in(now)
        if now >= self._state_deadline():
            return self._close(self._unanswered())
        if self._is_probe_due(now):
            # A web server says nothing until it is spoken to; Asterisk does not mind.
            self._has_probed = True
            return [self._ask(_Question.CHALLENGE, ("AuthType", "MD5"))]
        return []

    def next_wakeup(self) -> datetime | None:
        """Return when tick() is due next; None when the connection is closed."""
        if self.state is LinkState.CLOSED:
            return None
        times = [self._next_try_at]
        if self.state in _DEADLINES:
            times.append(self._state_deadline())
        if self.state is LinkState.GREETING and not self._has_probed:
            times.append(self._entered_at + timedelta(seconds=PROBE_SECONDS))
        if self.state is LinkState.LIVE:
            times.append(self._next_check_at)
        if self.state in _LOGGED_IN:
            times += [self._ping_due(), self._book.next_wakeup(), self._desk.next_wakeup()]
        return min(time for time in times if time is not None)

    def ended(self, now: datetime) -> list[Output]:
        """Say that the other side closed."""
        return self.failed(self._lost(), now)

    def failed(self, error: SupportDeskError, now: datetime) -> list[Output]:
        """Say that the socket failed; what was heard before may explain it better."""
        if self.state is LinkState.CLOSED:
            return []
        try:
            self._reader.end()
        except PeerProtocolError as better:
            error = better
        return [*self._over(now), *self._close(error)]

    def take(self, caller: Caller, now: datetime) -> list[Output]:
        """Ring the founder for a waiting caller."""
        return self._dial(self._desk.take(caller, now, self._refusal("Originate", "Hangup")), now)

    def call_back(self, number: str, name: str, now: datetime) -> list[Output]:
        """Ring the founder and then a customer."""
        return self._dial(self._desk.call_back(number, name, now, self._refusal("Originate")), now)

    def resync(self, now: datetime) -> list[Output]:
        """Ask for the lists once more."""
        return self._ask_lists(now) if self.state is LinkState.LIVE else []

    # Turns and packets

    def _turn(self, turn: _Turn, now: datetime) -> None:
        state = TABLE[self.state, turn]
        if state is not self.state:
            self._entered_at = now
        self.state = state

    def _close(self, error: SupportDeskError) -> list[Output]:
        self.state = LinkState.CLOSED
        return [Close(error)]

    def _over(self, now: datetime) -> list[Output]:
        lost = "The link to the phone system was lost; your phone may still ring"
        return [*self._desk.give_up(lost, now)]

    def _greeted(self, now: datetime) -> list[Output]:
        self._turn(_Turn.GREETED, now)
        if self._has_probed:
            return []
        return [self._ask(_Question.CHALLENGE, ("AuthType", "MD5"))]

    def _packet(self, packet: Packet, now: datetime) -> list[Output]:
        question = self._questions.get(packet.action_id)
        if question in (_Question.QUEUES, _Question.CHANNELS) and packet.event:
            return self._list_item(question, packet, now)
        if packet.event:
            return self._event(packet, now) if self.state in _LOGGED_IN else []
        if question is None:
            return self._dial(self._desk.respond(packet, now), now)
        return self._answer(question, packet, now)

    def _answer(self, question: _Question, packet: Packet, now: datetime) -> list[Output]:
        if packet.get("EventList").lower() == "start":
            self._items[question] = []
            return []
        del self._questions[packet.action_id]
        match question:
            case _Question.CHALLENGE:
                return self._challenged(packet, now)
            case _Question.LOGIN:
                return self._logged_in(packet, now)
            case _Question.COMMANDS:
                self._commands = frozenset(key for key, _ in packet.pairs)
            case _Question.SETTINGS:
                self.version = packet.get("AsteriskVersion")
            case _Question.QUEUES:
                return self._no_queues(now)
            case _Question.CHANNELS:
                return self._listed(question, None, now)
            case _Question.PING:
                pass
        return []

    def _challenged(self, packet: Packet, now: datetime) -> list[Output]:
        challenge = packet.get("Challenge")
        if not challenge:
            return self._close(
                words.refused(self._login.peer, self._login.user, packet.get("Message"))
            )
        self._turn(_Turn.CHALLENGED, now)
        key = hashlib.md5((challenge + self._login.secret).encode(), usedforsecurity=False)
        return [
            self._ask(
                _Question.LOGIN,
                ("AuthType", "MD5"),
                ("Username", self._login.user),
                ("Key", key.hexdigest()),
            )
        ]

    def _logged_in(self, packet: Packet, now: datetime) -> list[Output]:
        if packet.response != "Success":
            return self._close(
                words.refused(self._login.peer, self._login.user, packet.get("Message"))
            )
        self._turn(_Turn.ACCEPTED, now)
        self._logged_in_at = now
        self._next_try_at = now + _BOOT_TRY
        return [self._ask(_Question.COMMANDS), self._ask(_Question.SETTINGS)]

    def _event(self, packet: Packet, now: datetime) -> list[Output]:
        match packet.event:
            case "FullyBooted":
                self._is_booted = True
                if packet.get("Uptime"):
                    self._booted_at = now - timedelta(seconds=packet.integer("Uptime"))
                return self._ask_lists(now)
            case "Shutdown":
                self._is_shutting_down = True
                return []
            case _:
                events = self._book.apply(packet, now)
                outputs: list[Output] = [*events]
                outputs += self._dial(self._desk.apply(packet, now), now)
                for event in events:
                    outputs += self._dial(self._desk.react(event, now), now)
                if packet.event == "OriginateResponse":
                    outputs += self.resync(now)
                return outputs

    # Lists

    def _ask_lists(self, now: datetime) -> list[Output]:
        self._turn(_Turn.BOOTED, now)
        self._next_try_at = None
        self._next_check_at = now + timedelta(seconds=CHECK_EVERY_SECONDS)
        for action_id, question in list(self._questions.items()):
            if question in (_Question.QUEUES, _Question.CHANNELS):
                del self._questions[action_id]
        self._items.clear()
        self._answers.clear()
        return [self._ask(_Question.QUEUES), self._ask(_Question.CHANNELS)]

    def _list_item(self, question: _Question, packet: Packet, now: datetime) -> list[Output]:
        items = self._items.setdefault(question, [])
        if not packet.event.endswith("Complete"):
            items.append(packet)
            return []
        del self._questions[packet.action_id]
        return self._listed(question, tuple(items), now)

    def _no_queues(self, now: datetime) -> list[Output]:
        """QueueStatus is unknown: Asterisk boots, or has no app_queue."""
        is_new = self._logged_in_at is not None and now < self._logged_in_at + _QUEUES_PATIENCE
        if self.state is LinkState.SNAPSHOT and not self._is_booted and is_new:
            self._turn(_Turn.STILL_BOOTING, now)
            self._next_try_at = now + _BOOT_RETRY
            return []
        return self._listed(_Question.QUEUES, None, now)

    def _listed(
        self, question: _Question, items: tuple[Packet, ...] | None, now: datetime
    ) -> list[Output]:
        self._answers[question] = items
        if len(self._answers) < 2:
            return []
        self.lists = Lists(
            queues=self._answers[_Question.QUEUES], channels=self._answers[_Question.CHANNELS]
        )
        was_live = self.state is LinkState.LIVE
        self._turn(_Turn.LISTED, now)
        capabilities = self._what_it_can()
        if was_live and capabilities == self._capabilities:
            return [*check_snapshot(self._book, self.lists, now, capabilities=capabilities)]
        self._capabilities = capabilities
        gap = None
        if not was_live and self._deaf_since is not None:
            gap = Gap(since=self._deaf_since, has_restarted=self._has_restarted())
        return [*take_snapshot(self._book, self.lists, now, gap=gap, capabilities=capabilities)]

    def _has_restarted(self) -> bool:
        if self._booted_at is None or self._deaf_since is None:
            return False
        return self._booted_at >= self._deaf_since

    def _what_it_can(self) -> Capabilities:
        has_queues = self.lists is not None and self.lists.queues is not None
        has_founder = bool(self._book.identity.founder)
        return Capabilities(
            sees_waiting=has_queues,
            sees_busy=has_queues,
            sees_missed=not self._book.lacks_calls,
            can_take=has_founder and not self._refusal("Originate", "Hangup"),
            can_dial=has_founder and not self._refusal("Originate"),
        )

    # Sending

    def _ask(self, question: _Question, *fields: tuple[str, str]) -> Send:
        action_id = self._next_id()
        self._questions[action_id] = question
        return Send(encode_action(question.value, action_id, fields))

    def _next_id(self) -> str:
        self._serial += 1
        return f"supportdesk-{self._serial}"

    def _dial(self, outputs: Iterable[DialOutput], now: datetime) -> list[Output]:
        """Turn the desk's wishes into bytes."""
        result: list[Output] = []
        for output in outputs:
            if isinstance(output, Ask):
                try:
                    action_id = output.action_id or self._next_id()
                    result.append(Send(encode_action(output.name, action_id, output.fields)))
                except UnsendableText as error:
                    result += self._desk.give_up(f"This call cannot be placed: {error}", now)
            else:
                result.append(output)
        return result

    def _refusal(self, *actions: str) -> str:
        """Return why we may not do this; empty when we may, or do not know."""
        if self.state is not LinkState.LIVE:
            return "The phone system is not connected"
        if self._commands is None or self._commands.issuperset(actions):
            return ""
        return missing_right(self._login.user)

    # Time

    def _heard(self, now: datetime) -> None:
        self.last_heard_at = now
        self._ping_sent_at = None

    def _state_deadline(self) -> datetime:
        return self._entered_at + timedelta(seconds=_DEADLINES[self.state])

    def _is_probe_due(self, now: datetime) -> bool:
        return (
            self.state is LinkState.GREETING
            and not self._has_probed
            and now >= self._entered_at + timedelta(seconds=PROBE_SECONDS)
        )

    def _ping_due(self) -> datetime:
        """Return when to ask for a sign of life, or when to stop waiting for one."""
        if self._ping_sent_at is not None:
            return self._ping_sent_at + timedelta(seconds=PING_DEADLINE_SECONDS)
        return (self.last_heard_at or self._entered_at) + timedelta(seconds=PING_EVERY_SECONDS)

    def _tick_logged_in(self, now: datetime) -> list[Output]:
        outputs: list[Output] = [*self._book.tick(now), *self._dial(self._desk.tick(now), now)]
        if self.last_heard_at is not None and self.last_heard_at > now:
            self.last_heard_at = now  # The clock was set back: silence counts from here.
        is_late = self.state in _DEADLINES and now >= self._state_deadline()
        if is_late or (self._ping_sent_at is not None and now >= self._ping_due()):
            return [*outputs, *self._over(now), *self._close(self._unanswered())]
        if self._next_try_at is not None and now >= self._next_try_at:
            return outputs + self._ask_lists(now)
        if self.state is LinkState.LIVE and self._next_check_at and now >= self._next_check_at:
            outputs += self._ask_lists(now)
        if self._ping_sent_at is None and now >= self._ping_due():
            self._ping_sent_at = now
            outputs.append(self._ask(_Question.PING))
        return outputs

    # Words

    def _lost(self) -> ConnectionLost:
        peer = self._login.peer
        if self._is_shutting_down:
            return words.shut_down(peer)
        if self.state is LinkState.LOGIN:
            return words.closed_during_login(peer)
        return words.lost(peer)

    def _unanswered(self) -> SupportDeskError:
        """Return the error for a silence in this state."""
        try:
            self._reader.end()
        except PeerProtocolError as error:
            return error
        return words.does_not_answer(self._login.peer)

    def _missing_read(self) -> list[str]:
        return ["call"] if self._book.lacks_calls else []

    def _missing_write(self) -> list[str]:
        missing = []
        if self.lists is not None and self.lists.channels is None:
            missing.append("reporting")
        if self._book.identity.founder and self._commands is not None:
            rights = (("Originate", "originate"), ("Hangup", "call"))
            missing += [right for action, right in rights if action not in self._commands]
        return missing
