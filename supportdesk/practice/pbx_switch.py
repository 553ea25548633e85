"""The switching half of the practice PBX: channels, bridges and device states as AMI events.

Every method of `Switch` is one thing a real Asterisk does, and appends the events it sends for
it to `events`, with fields and spellings as captured from Asterisk 22; so it has as many methods
as there are kinds of events. Who rings whom, and when, is decided elsewhere.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import Enum
from random import Random

from supportdesk.practice.ami_wire import AmiEvent, Fields, c_escaped

UNKNOWN = "<unknown>"
CALL = "call,all"
AGENT = "agent,all"
USER = "user,all"

NO_ROUTE = 3
NORMAL_CLEARING = 16
USER_BUSY = 17
NO_ANSWER = 19
ANSWERED_ELSEWHERE = 26
NO_CAUSE = 0
INTERWORKING = 127

_CAUSE_TEXTS = {
    NO_CAUSE: "Unknown",
    NO_ROUTE: "No route to destination",
    NORMAL_CLEARING: "Normal Clearing",
    USER_BUSY: "User busy",
    NO_ANSWER: "User alerting, no answer",
    ANSWERED_ELSEWHERE: "Answered elsewhere",
    INTERWORKING: "Interworking, unspecified",
}


class ChannelState(Enum):
    """ChannelState and ChannelStateDesc of AMI."""

    DOWN = (0, "Down")
    RING = (4, "Ring")
    RINGING = (5, "Ringing")
    UP = (6, "Up")

    @property
    def number(self) -> str:
        return str(self.value[0])

    @property
    def text(self) -> str:
        return self.value[1]


class DeviceState(Enum):
    """A phone's state: AMI queue member number, device word, hint number and hint word."""

    NOT_INUSE = (1, "NOT_INUSE", 0, "Idle")
    INUSE = (2, "INUSE", 1, "InUse")
    RINGING = (6, "RINGING", 8, "Ringing")
    UNAVAILABLE = (5, "UNAVAILABLE", 4, "Unavailable")

    @property
    def member_status(self) -> str:
        return str(self.value[0])

    @property
    def word(self) -> str:
        return self.value[1]

    @property
    def hint(self) -> Fields:
        return (("Status", str(self.value[2])), ("StatusText", self.value[3]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A number and a name as caller id shows them; empty means not known."""

    number: str = ""
    name: str = ""


NOBODY = Party()


@dataclass(slots=True, kw_only=True, eq=False)
class Bridge:
    """Two channels talking."""

    uniqueid: str
    channels: list["Channel"] = field(default_factory=list)

    def fields(self) -> Fields:
        return (
            ("BridgeUniqueid", self.uniqueid),
            ("BridgeType", "basic"),
            ("BridgeTechnology", "simple_bridge"),
            ("BridgeCreator", UNKNOWN),
            ("BridgeName", UNKNOWN),
            ("BridgeNumChannels", str(len(self.channels))),
            ("BridgeVideoSourceMode", "none"),
        )


@dataclass(slots=True, kw_only=True, eq=False)
class Channel:
    """One leg of a call, as Asterisk names and numbers it."""

    name: str
    device: str
    uniqueid: str
    linkedid: str
    state: ChannelState
    party: Party
    context: str
    exten: str
    began: float
    connected: Party = NOBODY
    priority: int = 1
    application: str = ""
    application_data: str = ""
    bridge: Bridge | None = None
    is_gone: bool = False

    def fields(self, prefix: str = "") -> Fields:
        pairs = (
            ("Channel", self.name),
            ("ChannelState", self.state.number),
            ("ChannelStateDesc", self.state.text),
            ("CallerIDNum", c_escaped(self.party.number) or UNKNOWN),
            ("CallerIDName", c_escaped(self.party.name) or UNKNOWN),
            ("ConnectedLineNum", c_escaped(self.connected.number) or UNKNOWN),
            ("ConnectedLineName", c_escaped(self.connected.name) or UNKNOWN),
            ("Language", "en"),
            ("AccountCode", ""),
            ("Context", self.context),
            ("Exten", self.exten),
            ("Priority", str(self.priority)),
            ("Uniqueid", self.uniqueid),
            ("Linkedid", self.linkedid),
        )
        return tuple((prefix + key, value) for key, value in pairs)

    def snapshot(self) -> "Channel":
        """This channel as it is now, for an event that is told later."""
        return replace(self)


class Switch:
    """Owns the channels; collects the events of what is done to them."""

    def __init__(self, *, epoch: float, clock: Callable[[], float], random: Random) -> None:
        self.events: list[AmiEvent] = []
        self.channels: list[Channel] = []
        self._clock = clock
        self._epoch = epoch
        self._random = random
        self._channels_made = 0
        self._serials: dict[str, int] = {}
        self._device_states: dict[str, str] = {}

    @property
    def wall_seconds(self) -> float:
        return self._epoch + self._clock()

    def emit(self, name: str, privilege: str, *groups: Fields) -> None:
        fields = tuple(pair for group in groups for pair in group)
        self.events.append(AmiEvent(name=name, privilege=privilege, fields=fields))

    def find(self, channel_name: str) -> Channel | None:
        return next((c for c in self.channels if c.name == channel_name), None)

    def new_channel(
        self,
        device: str,
        *,
        party: Party,
        context: str,
        exten: str,
        state: ChannelState = ChannelState.DOWN,
        linked_to: Channel | None = None,
        uniqueid: str = "",
        name: str = "",
    ) -> Channel:
        uniqueid = uniqueid or f"{int(self.wall_seconds)}.{self._channels_made}"
        self._channels_made += 1
        channel = Channel(
            name=name or f"{device}-{self.next_serial('PJSIP')}",
            device=device,
            uniqueid=uniqueid,
            linkedid=linked_to.linkedid if linked_to else uniqueid,
            state=state,
            party=party,
            context=context,
            exten=exten,
            began=self._clock(),
        )
        self.channels.append(channel)
        self.emit("Newchannel", CALL, channel.fields())
        return channel

    def next_serial(self, technology: str) -> str:
        """The hexadecimal tail that keeps channel names apart, counted a technology."""
        serial = self._serials.get(technology, 0)
        self._serials[technology] = serial + 1
        return f"{serial:08x}"

    def set_state(self, channel: Channel, state: ChannelState) -> None:
        channel.state = state
        self.emit("Newstate", CALL, channel.fields())

    def set_connected(self, channel: Channel, party: Party) -> None:
        channel.connected = party
        self.emit("NewConnectedLine", CALL, channel.fields())

    def set_caller_id(self, channel: Channel, party: Party) -> None:
        channel.party = party
        presentation = (("CID-CallingPres", "0 (Presentation Allowed, Not Screened)"),)
        self.emit("NewCallerid", CALL, channel.fields(), presentation)

    def dial_begin(self, caller: Channel | None, phone: Channel, dial_string: str) -> None:
        self._dial("DialBegin", caller, phone, (("DialString", dial_string),))

    def dial_ringing(self, caller: Channel | None, phone: Channel) -> None:
        self._dial("DialState", caller, phone, (("DialStatus", "RINGING"),))

    def dial_end(self, caller: Channel | None, phone: Channel, status: str) -> None:
        self._dial("DialEnd", caller, phone, (("DialStatus", status),))

    def hold_music(self, channel: Channel) -> None:
        self.emit("MusicOnHoldStart", CALL, channel.fields(), (("Class", "default"),))

    def hold_music_ends(self, channel: Channel) -> None:
        self.emit("MusicOnHoldStop", CALL, channel.fields())

    def request_hangup(
        self, channel: Channel, *, soft: bool = False, cause: int | None = None, tech: str = ""
    ) -> None:
        name = "SoftHangupRequest" if soft else "HangupRequest"
        causes: Fields = () if cause is None else (("Cause", str(cause)),)
        techs: Fields = (("TechCause", tech),) if tech else ()
        self.emit(name, CALL, channel.fields(), causes, techs)

    def hang_up(self, channel: Channel, cause: int, *, tech: str = "") -> None:
        channel.is_gone = True
        self.channels.remove(channel)
        reason = (("Cause", str(cause)), ("Cause-txt", _CAUSE_TEXTS[cause]))
        techs: Fields = (("TechCause", tech),) if tech else ()
        self.emit("Hangup", CALL, channel.fields(), reason, techs)

    def new_bridge(self) -> Bridge:
        bridge = Bridge(uniqueid=str(uuid.UUID(int=self._random.getrandbits(128), version=4)))
        self.emit("BridgeCreate", CALL, bridge.fields())
        return bridge

    def enter(self, bridge: Bridge, channel: Channel, *, instead_of: Channel | None = None) -> None:
        bridge.channels.append(channel)
        channel.bridge = bridge
        swap = () if instead_of is None else (("SwapUniqueid", instead_of.uniqueid),)
        self.emit("BridgeEnter", CALL, bridge.fields(), channel.fields(), swap)

    def leave(self, channel: Channel) -> None:
        bridge = channel.bridge
        if bridge is None:
            return
        bridge.channels.remove(channel)
        channel.bridge = None
        self.emit("BridgeLeave", CALL, bridge.fields(), channel.fields())

    def destroy(self, bridge: Bridge) -> None:
        self.emit("BridgeDestroy", CALL, bridge.fields())

    def device_changed(self, device: str, word: str) -> bool:
        """Tells a device state once; False when it was that already."""
        if self._device_states.get(device, "NOT_INUSE") == word:
            return False
        self._device_states[device] = word
        self.emit("DeviceStateChange", CALL, (("Device", device), ("State", word)))
        return True

    def hint_changed(self, exten: str, context: str, device: str, state: DeviceState) -> None:
        where = (("Exten", exten), ("Context", context), ("Hint", device))
        self.emit("ExtensionStatus", CALL, where, state.hint)

    def _dial(self, name: str, caller: Channel | None, phone: Channel, last: Fields) -> None:
        calling = caller.fields() if caller else ()
        self.emit(name, CALL, calling, phone.fields("Dest"), last)
