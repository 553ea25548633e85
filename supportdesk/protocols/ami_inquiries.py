"""Questions put to Asterisk and their answers, matched by ActionID.

A list answers in pieces: a response that says `start`, one event an item, and an event whose name
ends in Complete. A question that was put again forgets its earlier self.
"""

from dataclasses import dataclass
from enum import Enum

from supportdesk.protocols.ami import Packet, encode_action


class Question(Enum):
    """Actions whose answers we wait for."""

    CHALLENGE = "Challenge"
    LOGIN = "Login"
    COMMANDS = "ListCommands"
    SETTINGS = "CoreSettings"
    QUEUES = "QueueStatus"
    CHANNELS = "CoreShowChannels"
    PING = "Ping"


_LISTS = frozenset({Question.QUEUES, Question.CHANNELS})


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete answer: the items of a list, or one response (also of a list refused)."""

    question: Question
    packet: Packet
    items: tuple[Packet, ...] | None = None


class Inquiries:
    """What was asked on one connection and is not answered yet."""

    def __init__(self) -> None:
        self._serial = 0
        self._open: dict[str, Question] = {}
        self._items: dict[str, list[Packet]] = {}

    def next_id(self) -> str:
        """Return an ActionID that nothing on this connection has had."""
        self._serial += 1
        return f"supportdesk-{self._serial}"

    def ask(self, question: Question, *fields: tuple[str, str]) -> bytes:
        """Return the bytes that ask; raises UnsendableText."""
        action_id = self.next_id()
        data = encode_action(question.value, action_id, fields)
        for earlier in [i for i, known in self._open.items() if known is question]:
            del self._open[earlier]
            self._items.pop(earlier, None)
        self._open[action_id] = question
        return data

    def owns(self, packet: Packet) -> bool:
        """Does this packet answer an open question of ours?"""
        question = self._open.get(packet.action_id)
        return question is not None and (not packet.event or question in _LISTS)

    def take(self, packet: Packet) -> Answer | None:
        """Take a packet that is ours; None while more of the answer is to come."""
        action_id = packet.action_id
        items = self._items.setdefault(action_id, [])
        if packet.event and not packet.event.endswith("Complete"):
            items.append(packet)
            return None
        if not packet.event and packet.get("EventList").lower() == "start":
            return None
        del self._items[action_id]
        question = self._open.pop(action_id)
        return Answer(question, packet, tuple(items) if packet.event else None)
