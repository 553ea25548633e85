"""pymap's in-memory mailboxes, answering FETCH as common servers do.

pymap decodes subjects and names and rewrites dates in ENVELOPE, counts headers into body sizes
and refuses keywords; a client that is only tried against that would fail on Dovecot. RFC 3501
section 7.4.2 wants the raw header text and the size of the body alone.
"""

from email.utils import getaddresses

from pymap.backend.dict.mailbox import LoadedMessage, MailboxData, MailboxSet, Message
from pymap.bytes import MaybeBytes, Writeable
from pymap.concurrent import Event
from pymap.mime import MessageContent, MessageHeader
from pymap.parsing.message import AppendMessage
from pymap.parsing.primitives import List, LiteralString, Nil, String
from pymap.parsing.response.fetch import BodyStructure, ContentBodyStructure, EnvelopeStructure
from pymap.parsing.specials import FetchRequirement, ObjectId
from pymap.parsing.specials.flag import Flag, Wildcard
from pymap.selected import SelectedMailbox


class RawEnvelope(EnvelopeStructure):
    """ENVELOPE made of the header as it was sent: encoded words stay encoded."""

    def __init__(self, header: MessageHeader) -> None:
        super().__init__(None, None, None, None, None, None, None, None, None, None)
        self._raw = {name: _unfolded(bytes(line)) for name, line in reversed(header.folded)}

    @property
    def _value(self) -> Writeable:
        sender = self._addresses_of(b"from")
        return List(
            [
                self._text(b"date"),
                self._text(b"subject"),
                sender,
                self._addresses_of(b"sender", sender),
                self._addresses_of(b"reply-to", sender),
                self._addresses_of(b"to"),
                self._addresses_of(b"cc"),
                self._addresses_of(b"bcc"),
                self._text(b"in-reply-to"),
                self._text(b"message-id"),
            ]
        )

    def _text(self, name: bytes) -> MaybeBytes:
        return _string(self._raw.get(name))

    def _addresses_of(self, name: bytes, fallback: MaybeBytes | None = None) -> MaybeBytes:
        value = self._raw.get(name)
        if not value:
            return Nil() if fallback is None else fallback
        # Latin-1 carries every byte through the parser unchanged.
        parsed = getaddresses([value.decode("latin-1")])
        return List([_address(display, spec) for display, spec in parsed])


class PracticeMessage(Message):
    """A message whose FETCH answers keep to the raw text."""

    async def load_content(self, requirement: FetchRequirement) -> LoadedMessage:
        return _PracticeLoadedMessage(self, requirement, self._content)


class _PracticeLoadedMessage(LoadedMessage):
    @classmethod
    def _get_envelope_structure(cls, msg: MessageContent) -> EnvelopeStructure:
        return RawEnvelope(msg.header)

    @classmethod
    def _get_body_structure(cls, msg: MessageContent) -> BodyStructure:
        structure = super()._get_body_structure(msg)
        if isinstance(structure, ContentBodyStructure):
            structure.size = len(msg.body)
        return structure


class PracticeMailbox(MailboxData):
    """A mailbox that keeps keywords and whose messages tell their header raw."""

    @property
    def permanent_flags(self) -> frozenset[Flag]:
        return super().permanent_flags | {Wildcard}

    async def update_selected(
        self, selected: SelectedMailbox, *, wait_on: Event | None = None
    ) -> SelectedMailbox:
        # pymap forgets what happens between two waits of IDLE: it makes a new event each time.
        seen = selected.mod_sequence
        is_behind = seen is not None and seen < self._mod_sequences.highest
        return await super().update_selected(selected, wait_on=None if is_behind else wait_on)

    async def append(self, append_msg: AppendMessage, *, recent: bool = False) -> Message:
        stored = await super().append(append_msg, recent=recent)
        return self._adopt(stored.uid)

    async def copy(self, uid: int, destination: MailboxData, *, recent: bool = False) -> int | None:
        copied = await super().copy(uid, destination, recent=recent)
        return _adopted(destination, copied)

    async def move(self, uid: int, destination: MailboxData, *, recent: bool = False) -> int | None:
        moved = await super().move(uid, destination, recent=recent)
        return _adopted(destination, moved)

    def _adopt(self, uid: int) -> Message:
        plain = self._messages[uid]
        message = PracticeMessage.copy(plain, recent=plain.recent)
        self._messages[uid] = message
        return message


class PracticeMailboxSet(MailboxSet):
    """INBOX and the mailboxes it is asked for, all of them practice mailboxes."""

    def __init__(self) -> None:
        super().__init__()
        self._inbox = self._new_mailbox()

    async def add_mailbox(self, name: str) -> ObjectId:
        await super().add_mailbox(name)
        self._set[name] = mailbox = self._new_mailbox()
        return mailbox.mailbox_id

    def _new_mailbox(self) -> PracticeMailbox:
        return PracticeMailbox(self._content_cache, self._thread_cache)


def _adopted(destination: MailboxData, uid: int | None) -> int | None:
    if uid is not None and isinstance(destination, PracticeMailbox):
        destination._adopt(uid)
    return uid


def _unfolded(line: bytes) -> bytes:
    value = line.split(b":", 1)[1]
    return value.replace(b"\r", b"").replace(b"\n", b"").strip()


def _address(display: str, spec: str) -> List:
    local, _, domain = spec.rpartition("@")
    return List(
        [
            _string(display.encode("latin-1") or None),
            Nil(),
            _string((local or spec).encode("latin-1")),
            _string(domain.encode("latin-1") if local else b""),
        ]
    )


def _string(value: bytes | None) -> MaybeBytes:
    # RFC 3501 allows bytes over 127 only in literals.
    if value is not None and not value.isascii():
        return LiteralString(value)
    return String.build(value)
