"""States of an AMI connection, how long each may last, and what a session says to its socket."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from supportdesk.domain.errors import SupportDeskError
from supportdesk.domain.events import Event
from supportdesk.protocols.ami_lifts import LIFT_EVENT

CONNECT_SECONDS: Final = 8.0
GREETING_SECONDS: Final = 5.0
PROBE_SECONDS: Final = 2.5
LOGIN_SECONDS: Final = 8.0
BOOT_SECONDS: Final = 60.0
SNAPSHOT_SECONDS: Final = 10.0

WANTED_EVENTS: Final[dict[str, tuple[str, ...]]] = {
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
            "BlindTransfer",
            "AttendedTransfer",
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
        (),
    ),
    "VarSet": ("\r\nVariable: QUEUESTATUS\r\n",),
    "Newexten": ("\r\nApplication: Queue\r\n", f"\r\nAppData: {LIFT_EVENT}"),
    "UserEvent": (f"\r\nUserEvent: {LIFT_EVENT}",),
}

EVENT_MASK: Final = "system,call,agent,dialplan,user"
"""The classes of those; what the user's rights do not give does not come all the same."""


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


class LinkTurn(Enum):
    """What moves a connection from state to state."""

    CONNECTED = "connected"
    GREETED = "greeted"
    CHALLENGED = "challenged"
    ACCEPTED = "login accepted"
    BOOTED = "asked for lists"
    STILL_BOOTING = "does not know its queues yet"
    LISTED = "lists are complete"


TABLE: Final = {
    (LinkState.CONNECTING, LinkTurn.CONNECTED): LinkState.GREETING,
    (LinkState.GREETING, LinkTurn.GREETED): LinkState.CHALLENGE,
    (LinkState.CHALLENGE, LinkTurn.CHALLENGED): LinkState.LOGIN,
    (LinkState.LOGIN, LinkTurn.ACCEPTED): LinkState.BOOTING,
    (LinkState.BOOTING, LinkTurn.BOOTED): LinkState.SNAPSHOT,
    (LinkState.SNAPSHOT, LinkTurn.BOOTED): LinkState.SNAPSHOT,
    (LinkState.LIVE, LinkTurn.BOOTED): LinkState.LIVE,
    (LinkState.SNAPSHOT, LinkTurn.STILL_BOOTING): LinkState.BOOTING,
    (LinkState.SNAPSHOT, LinkTurn.LISTED): LinkState.LIVE,
    (LinkState.LIVE, LinkTurn.LISTED): LinkState.LIVE,
}

DEADLINES: Final = {
    LinkState.CONNECTING: CONNECT_SECONDS,
    LinkState.GREETING: GREETING_SECONDS,
    LinkState.CHALLENGE: LOGIN_SECONDS,
    LinkState.LOGIN: LOGIN_SECONDS,
    LinkState.BOOTING: BOOT_SECONDS,
    LinkState.SNAPSHOT: SNAPSHOT_SECONDS,
}
LOGGED_IN: Final = frozenset({LinkState.BOOTING, LinkState.SNAPSHOT, LinkState.LIVE})


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
