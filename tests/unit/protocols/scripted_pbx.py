"""A PBX made of recordings, without a socket: it answers a session, then plays what it recorded.

Handshake and list answers carry the session's own ActionIDs; everything else is what a real
Asterisk sent.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from supportdesk.domain.events import Event
from supportdesk.protocols.ami_calls import CallBook, PhoneIdentity
from supportdesk.protocols.ami_link import Close, Login, Output, Send
from supportdesk.protocols.ami_session import AmiSession

START = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
ALL_COMMANDS = ("CoreShowChannels", "Hangup", "Originate", "QueueStatus")
BANNER = b"Asterisk Call Manager/11.0.0\r\n"

_FIELD = re.compile(rb"(?:^|\r\n)(\w+): ([^\r]*)")


def fields_of(action: bytes) -> dict[str, str]:
    """Return what an action of ours says."""
    return {key.decode(): value.decode() for key, value in _FIELD.findall(action)}


def packet(**fields: str) -> bytes:
    """Return the bytes of a packet."""
    lines = [f"{key}: {value}".encode() for key, value in fields.items()]
    return b"\r\n".join(lines) + b"\r\n\r\n"


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def whole(data: bytes) -> Iterable[bytes]:
    return [data]


def one_byte_at_a_time(data: bytes) -> Iterable[bytes]:
    return [data[i : i + 1] for i in range(len(data))]


Splitter = Callable[[bytes], Iterable[bytes]]


@dataclass
class ScriptedPbx:
    """The other end of one session.

    Attributes:
        queues: Items of QueueStatus; None when it is unknown.
        channels: Items of CoreShowChannels; None for a missing right.
        commands: What ListCommands names.
        silent_on: Actions that get no answer.
        boots: Sends FullyBooted after login (the user has the read class `system`).
    """

    identity: PhoneIdentity
    book: CallBook | None = None
    queues: list[dict[str, str]] | None = field(default_factory=list)
    channels: list[dict[str, str]] | None = field(default_factory=list)
    commands: tuple[str, ...] = ALL_COMMANDS
    silent_on: tuple[str, ...] = ()
    boots: bool = True
    uptime_seconds: int = 3600
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
                    self._answer(fields_of(data))
                case Close():
                    self.closed = output
                case event:
                    self.events.append(event)

    def _answer(self, action: dict[str, str]) -> None:
        self.actions.append(action)
        action_id = action["ActionID"]
        ok = {"Response": "Success", "ActionID": action_id}
        simple = {
            "Challenge": {"Challenge": "123456"},
            "Login": {"Message": "Authentication accepted"},
            "ListCommands": dict.fromkeys(self.commands, "What it does"),
            "CoreSettings": {"AsteriskVersion": "22.10.1+dfsg-1"},
            "Ping": {"Ping": "Pong"},
        }
        name = action["Action"]
        if name in simple and name not in self.silent_on:
            self.say(packet(**ok, **simple[name]))
        if name == "Login" and self.boots:
            uptime = str(self.uptime_seconds)
            self.say(packet(Event="FullyBooted", Privilege="system,all", Uptime=uptime))
        if name == "QueueStatus":
            self._list(action_id, self.queues, name, "Invalid/unknown command: QueueStatus.")
        if name == "CoreShowChannels":
            self._list(action_id, self.channels, name, "Permission denied")

    def _list(
        self, action_id: str, items: list[dict[str, str]] | None, name: str, refusal: str
    ) -> None:
        if name in self.silent_on:
            return
        if items is None:
            self.say(packet(Response="Error", ActionID=action_id, Message=refusal))
            return
        self.say(packet(Response="Success", ActionID=action_id, EventList="start"))
        for item in items:
            self.say(packet(ActionID=action_id, **item))
        self.say(packet(Event=f"{name}Complete", ActionID=action_id, EventList="Complete"))


def queue(name: str, *, abandoned: int = 0, completed: int = 0) -> dict[str, str]:
    counters = {"Abandoned": str(abandoned), "Completed": str(completed)}
    return {"Event": "QueueParams", "Queue": name, **counters}


def member(
    queue_name: str, interface: str, name: str, status: str = "1", **more: str
) -> dict[str, str]:
    seat = {"Event": "QueueMember", "Queue": queue_name, "Name": name, "Location": interface}
    return {**seat, "StateInterface": interface, "Status": status, "Paused": "0", **more}


def entry(
    queue_name: str, uniqueid: str, *, wait: int = 0, number: str = "+15550100001"
) -> dict[str, str]:
    return {
        "Event": "QueueEntry",
        "Queue": queue_name,
        "Channel": f"PJSIP/trunk-{uniqueid}",
        "Uniqueid": uniqueid,
        "CallerIDNum": number,
        "CallerIDName": "unknown",
        "Wait": str(wait),
    }


def channel(uniqueid: str, name: str = "", **more: str) -> dict[str, str]:
    """Return an item of CoreShowChannels: a customer's, unless told otherwise."""
    return {
        "Event": "CoreShowChannel",
        "Channel": name or f"PJSIP/trunk-{uniqueid}",
        "ChannelState": "6",
        "CallerIDNum": "+15550100001",
        "CallerIDName": "<unknown>",
        "Context": "from-trunk",
        "Exten": "800",
        "Uniqueid": uniqueid,
        "Linkedid": uniqueid,
        "Application": "Queue",
        "Duration": "00:00:05",
        "BridgeId": "",
        **more,
    }
