"""One AMI client's side of the practice PBX: login, rights, actions, and which events it gets.

Texts are Asterisk 22's own, captured. `receive` returns what to send, some of it later; an event
goes out only if `wants` says so. Originate is always carried out as if Async were true.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from random import Random

from supportdesk.practice.ami_wire import (
    ActionReader,
    AmiAction,
    AmiEvent,
    BadAction,
    Fields,
    encode_block,
)
from supportdesk.practice.pbx_model import PbxModel
from supportdesk.practice.pbx_originate import Originate
from supportdesk.practice.pbx_switch import Channel, Party

_REFUSAL_SECONDS = 1.0
_OFF = frozenset({"off", "no", "false", "0"})
_ON = frozenset({"on", "yes", "true", "1", "all"})
_CALLER_ID = re.compile(r'\s*"?(?P<name>[^"<]*?)"?\s*<(?P<number>[^>]*)>\s*')


@dataclass(frozen=True, slots=True, kw_only=True)
class AmiUser:
    """An account of manager.conf: what it may read and write."""

    name: str
    secret: str
    read: frozenset[str]
    write: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """Bytes for the client, at once or later, and whether the link ends with them."""

    data: bytes
    after_seconds: float = 0.0
    closes: bool = False


class AmiSession:
    """Speaks AMI with one client."""

    def __init__(self, model: PbxModel, users: Iterable[AmiUser], *, random: Random) -> None:
        self._model = model
        self._users = {user.name: user for user in users}
        self._random = random
        self._reader = ActionReader()
        self._user: AmiUser | None = None
        self._challenge = ""
        # None lets everything through that the user may read.
        self._mask: frozenset[str] | None = None

    def receive(self, data: bytes) -> list[Reply]:
        replies: list[Reply] = []
        for action in self._reader.receive(data):
            replies.extend(self._answer(action))
        return replies

    def wants(self, event: AmiEvent) -> bool:
        if self._user is None or event.read_class not in self._user.read:
            return False
        return self._mask is None or event.read_class in self._mask

    def _answer(self, action: AmiAction | BadAction) -> Iterator[Reply]:
        if isinstance(action, BadAction):
            yield _error(action.action_id, action.message)
            return
        handler = _HANDLERS.get(action.name.lower())
        name = action.name.lower()
        if self._user is None and name not in ("login", "challenge", "logoff"):
            yield _error(action.action_id, "Permission denied")
        elif handler is None:
            hint = "Use Action: ListCommands to show available commands."
            yield _error(action.action_id, f"Invalid/unknown command: {action.name}. {hint}")
        elif not self._may(handler.needs):
            yield _error(action.action_id, "Permission denied")
        else:
            yield from handler.run(self, action)

    def _may(self, needs: frozenset[str]) -> bool:
        return not needs or (self._user is not None and bool(needs & self._user.write))

    # Logging in

    def _log_in(self, action: AmiAction) -> Iterator[Reply]:
        if self._user is not None:
            yield _success(action, ("Message", "Already authenticated"))
            return
        user = self._users.get(action.get("Username"))
        if user is None or not self._proves(user, action):
            refusal = _error(action.action_id, "Authentication failed")
            yield Reply(data=refusal.data, after_seconds=_REFUSAL_SECONDS, closes=True)
            return
        self._user = user
        self._set_mask(action.get("Events", "on"))
        yield _success(action, ("Message", "Authentication accepted"))
        if "system" in user.read:
            yield Reply(data=self._fully_booted())

    def _proves(self, user: AmiUser, action: AmiAction) -> bool:
        if action.get("AuthType").upper() != "MD5":
            return action.get("Secret") == user.secret
        proof = hashlib.md5((self._challenge + user.secret).encode(), usedforsecurity=False)
        return bool(self._challenge) and action.get("Key") == proof.hexdigest()

    def _fully_booted(self) -> bytes:
        up = str(int(self._model.now))
        fields = (("Uptime", up), ("LastReload", up), ("Status", "Fully Booted"))
        return AmiEvent(name="FullyBooted", privilege="system,all", fields=fields).encode()

    def _give_challenge(self, action: AmiAction) -> Iterator[Reply]:
        if action.get("AuthType").upper() != "MD5":
            yield _error(action.action_id, "Must specify AuthType")
            return
        self._challenge = str(self._random.randrange(10**8, 10**9))
        yield _success(action, ("Challenge", self._challenge))

    def _log_off(self, action: AmiAction) -> Iterator[Reply]:
        goodbye = _reply("Goodbye", action.action_id, ("Message", "Thanks for all the fish."))
        yield Reply(data=goodbye.data, closes=True)

    # Watching

    def _ping(self, action: AmiAction) -> Iterator[Reply]:
        clock = f"{self._model.wall_seconds:.6f}"
        yield _success(action, ("Ping", "Pong"), ("Timestamp", clock))

    def _choose_events(self, action: AmiAction) -> Iterator[Reply]:
        if not action.get("EventMask"):
            yield _error(action.action_id, "Invalid event mask")
            return
        self._set_mask(action.get("EventMask"))
        yield _success(action, ("Events", "Off" if self._mask == frozenset() else "On"))

    def _set_mask(self, mask: str) -> None:
        words = frozenset(word.strip().lower() for word in mask.split(","))
        if words & _ON:
            self._mask = None
        else:
            self._mask = frozenset() if words & _OFF else words

    def _queue_status(self, action: AmiAction) -> Iterator[Reply]:
        yield _list_starts(action, "Queue status will follow")
        queue = self._model.queue
        rows: list[tuple[str, Fields]] = []
        if action.get("Queue", queue.name) == queue.name:
            rows.append(("QueueParams", queue.params()))
            rows += [("QueueMember", member.list_fields(queue.name)) for member in queue.members]
            now = self._model.now
            rows += [("QueueEntry", queue.entry(caller, now)) for caller in queue.callers]
        yield from _list(action, "QueueStatusComplete", rows)

    def _queue_summary(self, action: AmiAction) -> Iterator[Reply]:
        yield _list_starts(action, "Queue summary will follow")
        queue = self._model.queue
        rows: list[tuple[str, Fields]] = []
        if action.get("Queue", queue.name) == queue.name:
            rows.append(("QueueSummary", queue.summary(self._model.now)))
        yield from _list(action, "QueueSummaryComplete", rows)

    def _show_channels(self, action: AmiAction) -> Iterator[Reply]:
        yield _list_starts(action, "Channels will follow")
        action_id = _action_id(action.action_id)
        for channel in self._model.channels:
            row = (("Event", "CoreShowChannel"), *action_id, *self._shown(channel))
            yield Reply(data=encode_block(row))
        count = len(self._model.channels)
        yield _list_ends(action, "CoreShowChannelsComplete", count)

    def _shown(self, channel: Channel) -> Fields:
        seconds = int(self._model.now - channel.began)
        duration = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
        return (
            *channel.fields(),
            ("Application", channel.application),
            ("ApplicationData", channel.application_data),
            ("Duration", duration),
            ("BridgeId", channel.bridge.uniqueid if channel.bridge else ""),
        )

    def _core_settings(self, action: AmiAction) -> Iterator[Reply]:
        yield _success(
            action,
            ("AMIversion", "11.0.0"),
            ("AsteriskVersion", "22.10.1"),
            ("SystemName", ""),
            ("CoreMaxCalls", "0"),
            ("CoreMaxLoadAvg", "0.000000"),
            ("CoreRunUser", ""),
            ("CoreRunGroup", ""),
            ("CoreMaxFilehandles", "0"),
            ("CoreRealTimeEnabled", "No"),
            ("CoreCDRenabled", "Yes"),
            ("CoreHTTPenabled", "No"),
            ("SoundsSearchCustomDir", "No"),
        )

    def _list_commands(self, action: AmiAction) -> Iterator[Reply]:
        rows = [
            (handler.name, f"{handler.help}  (Priv: {handler.privileges})")
            for handler in _HANDLERS.values()
            if self._may(handler.needs)
        ]
        yield _success(action, *rows)

    # Acting

    def _originate(self, action: AmiAction) -> Iterator[Reply]:
        problem = _originate_problem(action)
        if problem:
            yield _error(action.action_id, problem)
            return
        yield _success(action, ("Message", "Originate successfully queued"))
        self._model.originate(
            Originate(
                action_id=action.action_id,
                channel=action.get("Channel"),
                caller=_party(action.get("CallerID")),
                application=action.get("Application"),
                application_data=action.get("Data"),
                context=action.get("Context"),
                exten=action.get("Exten"),
                timeout_seconds=int(action.get("Timeout", "30000")) / 1000,
                channel_id=action.get("ChannelId"),
                other_channel_id=action.get("OtherChannelId"),
            )
        )

    def _hang_up(self, action: AmiAction) -> Iterator[Reply]:
        name = action.get("Channel")
        channel = next((c for c in self._model.channels if c.name == name), None)
        if not name:
            yield _error(action.action_id, "No channel specified")
        elif channel is None:
            yield _error(action.action_id, "No such channel")
        else:
            yield _success(action, ("Message", "Channel Hungup"))
            self._model.hang_up(channel)

    def _queue_pause(self, action: AmiAction) -> Iterator[Reply]:
        interface, paused = action.get("Interface"), action.get("Paused").lower()
        members = {member.phone.interface for member in self._model.queue.members}
        if not interface or not paused:
            yield _error(action.action_id, "Need 'Interface' and 'Paused' parameters.")
        elif interface not in members:
            yield _error(action.action_id, "Interface not found")
        elif paused in _ON:
            yield _success(action, ("Message", "Interface paused successfully"))
            self._model.pause(interface, action.get("Reason"))
        else:
            yield _success(action, ("Message", "Interface unpaused successfully"))
            self._model.unpause(interface)


@dataclass(frozen=True, slots=True)
class _Handler:
    """An action: what runs it, and which write classes allow it (any one of them)."""

    name: str
    help: str
    run: Callable[[AmiSession, AmiAction], Iterator[Reply]]
    needs: frozenset[str] = frozenset()

    @property
    def privileges(self) -> str:
        return ",".join([*sorted(self.needs), "all"]) if self.needs else "<none>"


def _handlers() -> dict[str, _Handler]:
    reporting = frozenset({"system", "reporting"})
    calling = frozenset({"system", "call"})
    originating, agent = frozenset({"originate"}), frozenset({"agent"})
    session = AmiSession
    handlers = [
        _Handler("Challenge", "Generate Challenge for MD5 Auth.", session._give_challenge),
        _Handler("CoreSettings", "Show PBX core settings.", session._core_settings, reporting),
        _Handler("CoreShowChannels", "List current channels.", session._show_channels, reporting),
        _Handler("Events", "Control Event Flow.", session._choose_events),
        _Handler("Hangup", "Hangup channel.", session._hang_up, calling),
        _Handler("ListCommands", "List available manager commands.", session._list_commands),
        _Handler("Login", "Login Manager.", session._log_in),
        _Handler("Logoff", "Logoff Manager.", session._log_off),
        _Handler("Originate", "Originate a call.", session._originate, originating),
        _Handler("Ping", "Keepalive command.", session._ping),
        _Handler("QueuePause", "Pauses or unpauses a member.", session._queue_pause, agent),
        _Handler("QueueStatus", "Show queue status.", session._queue_status),
        _Handler("QueueSummary", "Show queue summary.", session._queue_summary),
    ]
    return {handler.name.lower(): handler for handler in handlers}


_HANDLERS = _handlers()


def _originate_problem(action: AmiAction) -> str:
    technology, slash, rest = action.get("Channel").partition("/")
    if not technology:
        return "Channel not specified"
    if not slash or not rest:
        return "Invalid channel"
    if not action.get("Timeout", "0").isdigit():
        return "Invalid timeout"
    if action.get("Application"):
        return ""
    if not (action.get("Exten") and action.get("Context") and action.get("Priority")):
        return "Originate with 'Exten' requires 'Context' and 'Priority'"
    return "" if action.get("Exten").lstrip("+").isdigit() else "Extension does not exist."


def _party(caller_id: str) -> Party:
    match = _CALLER_ID.fullmatch(caller_id)
    if match:
        return Party(number=match["number"].strip(), name=match["name"].strip())
    return Party(number=caller_id.strip())


def _action_id(action_id: str) -> Fields:
    return (("ActionID", action_id),) if action_id else ()


def _reply(kind: str, action_id: str, *fields: tuple[str, str]) -> Reply:
    return Reply(data=encode_block((("Response", kind), *_action_id(action_id), *fields)))


def _success(action: AmiAction, *fields: tuple[str, str]) -> Reply:
    return _reply("Success", action.action_id, *fields)


def _error(action_id: str, message: str) -> Reply:
    return _reply("Error", action_id, ("Message", message))


def _list_starts(action: AmiAction, message: str) -> Reply:
    return _success(action, ("EventList", "start"), ("Message", message))


def _list(action: AmiAction, end: str, rows: list[tuple[str, Fields]]) -> Iterator[Reply]:
    for name, fields in rows:
        row = (("Event", name), *fields, *_action_id(action.action_id))
        yield Reply(data=encode_block(row))
    yield _list_ends(action, end, len(rows))


def _list_ends(action: AmiAction, name: str, count: int) -> Reply:
    action_id = _action_id(action.action_id)
    fields = (("Event", name), *action_id, ("EventList", "Complete"), ("ListItems", str(count)))
    return Reply(data=encode_block(fields))
