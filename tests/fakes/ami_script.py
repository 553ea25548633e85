"""What a make-believe Asterisk answers: pure functions and one script, without a socket."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

BANNER = b"Asterisk Call Manager/11.0.0\r\n"
ALL_COMMANDS = ("CoreShowChannels", "Hangup", "Originate", "QueueStatus")

_FIELD = re.compile(rb"(?:^|\r\n)(\w+): ([^\r]*)")


def fields_of(action: bytes) -> dict[str, str]:
    """Return what an action of ours says."""
    return {key.decode(): value.decode() for key, value in _FIELD.findall(action)}


def packet(**fields: str) -> bytes:
    """Return the bytes of a packet."""
    lines = [f"{key}: {value}".encode() for key, value in fields.items()]
    return b"\r\n".join(lines) + b"\r\n\r\n"


@dataclass
class AmiScript:
    """Answers to actions.

    Attributes:
        queues: Items of QueueStatus; None when it is unknown.
        channels: Items of CoreShowChannels; None for a missing right.
        commands: What ListCommands names.
        silent_on: Actions that get no answer.
        boots: Sends FullyBooted after login (the user has the read class `system`).
    """

    queues: list[dict[str, str]] | None = field(default_factory=list)
    channels: list[dict[str, str]] | None = field(default_factory=list)
    commands: tuple[str, ...] = ALL_COMMANDS
    silent_on: tuple[str, ...] = ()
    boots: bool = True
    uptime_seconds: int = 3600

    def replies(self, action: dict[str, str]) -> Iterator[bytes]:
        """Give the packets that answer an action."""
        name, action_id = action["Action"], action["ActionID"]
        ok = {"Response": "Success", "ActionID": action_id}
        simple = {
            "Challenge": {"Challenge": "123456"},
            "Login": {"Message": "Authentication accepted"},
            "ListCommands": dict.fromkeys(self.commands, "What it does"),
            "CoreSettings": {"AsteriskVersion": "22.10.1+dfsg-1"},
            "Ping": {"Ping": "Pong"},
        }
        if name in self.silent_on:
            return
        if name in simple:
            yield packet(**ok, **simple[name])
        if name == "Login" and self.boots:
            yield packet(
                Event="FullyBooted", Privilege="system,all", Uptime=str(self.uptime_seconds)
            )
        if name == "QueueStatus":
            yield from _list(action_id, self.queues, name, "Invalid/unknown command: QueueStatus.")
        if name == "CoreShowChannels":
            yield from _list(action_id, self.channels, name, "Permission denied")


def _list(
    action_id: str, items: list[dict[str, str]] | None, name: str, refusal: str
) -> Iterator[bytes]:
    if items is None:
        yield packet(Response="Error", ActionID=action_id, Message=refusal)
        return
    yield packet(Response="Success", ActionID=action_id, EventList="start")
    for item in items:
        yield packet(ActionID=action_id, **item)
    yield packet(Event=f"{name}Complete", ActionID=action_id, EventList="Complete")


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
