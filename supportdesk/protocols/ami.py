"""AMI framing: bytes in, packets out; actions to bytes. It knows nothing of calls.

A packet is lines of `Key: value` up to an empty line. Packets are cut at their bytes and decoded
only when somebody looks inside, and events that nobody wants are never made into packets at all:
most of what a PBX says (VarSet, RTCP…) is thrown away at the speed of a search.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from supportdesk.domain.errors import PeerProtocolError
from supportdesk.domain.phone_numbers import caller_number

BANNER: Final = b"Asterisk Call Manager/"
MAX_PACKET_BYTES: Final = 1 << 20
"""ListCommands and Command give the longest honest answers, some tens of kilobytes."""
MAX_LINE_BYTES: Final = 1000
"""Asterisk cuts or refuses longer lines (its input buffer is 1,025 bytes)."""

_LINE_END: Final = b"\r\n"
_PACKET_END: Final = b"\r\n\r\n"
_EVENT: Final = b"Event: "
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED: Final = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_WITHHELD: Final = frozenset({"", "<unknown>", "unknown"})


class UnsendableText(ValueError):
    """A value that would break out of its line, or is longer than Asterisk reads."""


class Packet:
    """One response or event. Keys may repeat (`Output`): the first value is the one looked up."""

    __slots__ = ("_first", "_pairs", "_raw")

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._pairs: tuple[tuple[str, str], ...] | None = None
        self._first: dict[str, str] = {}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Packet) and self._raw == other._raw

    def __hash__(self) -> int:
        return hash(self._raw)

    def __repr__(self) -> str:
        return f"Packet({self._raw!r})"

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Every line in order."""
        if self._pairs is None:
            self._pairs = tuple(_pairs(self._raw))
            self._first = dict(reversed(self._pairs))
        return self._pairs

    @property
    def event(self) -> str:
        """Name of the event; empty for a response."""
        return self.get("Event")

    @property
    def response(self) -> str:
        """Result of an action; empty for an event (OriginateResponse has one too)."""
        return "" if self.event else self.get("Response")

    @property
    def action_id(self) -> str:
        return self.get("ActionID")

    def get(self, key: str, default: str = "") -> str:
        """Return the first value of a key."""
        return self._first.get(key, default) if self.pairs else default

    def last(self, key: str) -> str:
        """Return the last value of a key.

        For `Uniqueid` and the like: Asterisk prints a caller's number as it came, line breaks
        included, so that a caller can slip lines in before the true ones.
        """
        for name, value in reversed(self.pairs):
            if name == key:
                return value
        return ""

    def last_line(self, key: str) -> str:
        """Return the last value as a line for people, its escapes undone."""
        return _one_line(unescape(self.last(key)))

    def every(self, key: str) -> tuple[str, ...]:
        return tuple(value for name, value in self.pairs if name == key)

    def integer(self, key: str) -> int:
        """Return a number; 0 when it is missing or not a number."""
        try:
            return int(self.get(key))
        except ValueError:
            return 0

    def caller_number(self, prefix: str = "") -> str:
        """Return `CallerIDNum`, or the address in it; empty when it is withheld."""
        return caller_number(_one_line(self.get(f"{prefix}CallerIDNum")))

    def caller_name(self, prefix: str = "") -> str:
        """Return `CallerIDName` with its escapes undone; empty when it is withheld.

        Whatever Asterisk prints from a channel is C-escaped (such packets have a ChannelState);
        entries of a queue list are not.
        """
        value = self.get(f"{prefix}CallerIDName")
        if value in _WITHHELD:
            return ""
        return _one_line(unescape(value) if self.get(f"{prefix}ChannelState") else value)


class PacketReader:
    """Cuts what arrives into packets, however it was split on the way.

    Raises:
        PeerProtocolError: The other side is not an AMI port, or a packet does not end.
    """

    def __init__(
        self, peer: str, wanted_events: Mapping[str, tuple[str, ...]] | None = None
    ) -> None:
        """Start before the first byte.

        Args:
            peer: Host and port, for messages.
            wanted_events: Names of events, each with texts of which one must occur in it (none:
                any); None for all events. Responses always pass.
        """
        self.banner = ""
        self._peer = peer
        self._wanted: dict[bytes, tuple[bytes, ...]] | None = None
        if wanted_events is not None:
            self._wanted = {
                name.encode(): tuple(text.encode() for text in texts)
                for name, texts in wanted_events.items()
            }
        self._buffer = bytearray()

    def receive(self, data: bytes) -> list[Packet]:
        """Take bytes; return the packets that they complete."""
        if self.banner:
            return self._cut(data)
        self._buffer += data
        if not self._read_banner():
            return []
        rest = bytes(self._buffer)
        self._buffer.clear()
        return self._cut(rest)

    def has_heard_something(self) -> bool:
        return bool(self.banner or self._buffer)

    def end(self) -> None:
        """Say that no more bytes will come, or none that would explain what came.

        Raises:
            PeerProtocolError: What came before the end was not the beginning of AMI.
        """
        if self._buffer and not self.banner and not BANNER.startswith(self._buffer):
            raise not_ami(self._peer, bytes(self._buffer))

    def _read_banner(self) -> bool:
        """Take the first line off the buffer if it is whole; refuse another protocol."""
        head = bytes(self._buffer[: len(BANNER)])
        is_banner_so_far = BANNER.startswith(head)
        line, end, rest = bytes(self._buffer).partition(_LINE_END)
        has_said_enough = b"\n" in self._buffer or len(line) > len(BANNER) * 4
        if not is_banner_so_far and (has_said_enough or _is_tls(head)):
            raise not_ami(self._peer, line)
        if not end:
            if len(line) > MAX_LINE_BYTES:
                raise not_ami(self._peer, line)
            return False
        self.banner = line.decode("latin-1")
        self._buffer = bytearray(rest)
        return True

    def _cut(self, data: bytes) -> list[Packet]:
        buffer = self._buffer
        searched = max(0, len(buffer) - len(_PACKET_END) + 1)
        buffer += data
        if buffer.find(_PACKET_END, searched) < 0:
            if len(buffer) > MAX_PACKET_BYTES:
                raise endless(self._peer)
            return []
        blocks = bytes(buffer).split(_PACKET_END)
        self._buffer = bytearray(blocks.pop())
        return [Packet(block) for block in map(_trim, blocks) if self._is_wanted(block)]

    def _is_wanted(self, block: bytes) -> bool:
        if self._wanted is None or not block.startswith(_EVENT):
            return bool(block)
        needles = self._wanted.get(block[len(_EVENT) : block.find(_LINE_END)])
        if not needles:
            return needles is not None
        return any(needle in block for needle in needles)


def encode_action(name: str, action_id: str, fields: Iterable[tuple[str, str]] = ()) -> bytes:
    """Return the bytes of an action.

    Raises:
        UnsendableText: A value holds a line break or NUL (it would become a header of its own),
            or a line is too long.
    """
    lines = []
    for key, value in (("Action", name), ("ActionID", action_id), *fields):
        line = f"{key}: {value}".encode()
        if any(byte in line for byte in b"\r\n\0"):
            raise UnsendableText(f"A line break or NUL in {key}")
        if len(line) > MAX_LINE_BYTES:
            raise UnsendableText(f"{key} is longer than {MAX_LINE_BYTES} bytes")
        lines.append(line)
    return _LINE_END.join(lines) + _PACKET_END


def unescape(value: str) -> str:
    """Undo the C escapes of Asterisk's events, where O'Brien has a backslash."""
    if "\\" not in value:
        return value
    return _ESCAPE.sub(lambda match: _ESCAPED.get(match[1], match[1]), value)


def not_ami(peer: str, heard: bytes) -> PeerProtocolError:
    """Return the error that names what speaks on this port instead of AMI."""
    return PeerProtocolError(
        f"{peer} is not an Asterisk manager port: {_protocol_of(heard)}",
        "Check host and port: AMI is 5038, or 5039 with TLS, unless manager.conf says otherwise.",
    )


def endless(peer: str) -> PeerProtocolError:
    return PeerProtocolError(
        f"{peer} sends a packet without an end",
        "supportdesk connects again. If this comes back, look for a proxy or another program on"
        " that port.",
    )


_PROTOCOLS: Final = (
    (b"HTTP/", "a web server answers there"),
    (b"<", "a web server answers there"),
    (b"SSH-", "an SSH server answers there"),
    (b"SIP/", "a SIP server answers there"),
    (b"* OK", "an IMAP mail server answers there"),
    (b"+OK", "a POP3 mail server answers there"),
    (b"220", "a mail or FTP server answers there"),
    (b"RFB ", "a VNC server answers there"),
)


def _protocol_of(heard: bytes) -> str:
    if _is_tls(heard):
        return "it expects TLS"
    for beginning, words in _PROTOCOLS:
        if heard.startswith(beginning):
            return words
    text = "".join(char for char in heard[:40].decode("latin-1") if char.isprintable())
    return f"it says “{text}”" if text else "it says nothing readable"


def _is_tls(heard: bytes) -> bool:
    """Is this a TLS alert or handshake record (RFC 8446, 5.1)?"""
    return heard[:1] in (b"\x15", b"\x16") and heard[1:2] == b"\x03"


def _trim(block: bytes) -> bytes:
    """Drop the empty lines that Asterisk puts before some packets."""
    return block.lstrip(_LINE_END) if block.startswith(_LINE_END) else block


def _pairs(raw: bytes) -> Iterable[tuple[str, str]]:
    try:
        lines = raw.decode().split("\r\n")
    except UnicodeDecodeError:
        # Asterisk before 17 passes a caller's Latin-1 on as it came, beside UTF-8 of others.
        lines = [_tolerant(line) for line in raw.split(_LINE_END)]
    for line in lines:
        key, colon, value = line.partition(":")
        if colon:
            yield key, value.removeprefix(" ")


def _tolerant(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("latin-1")


def _one_line(value: str) -> str:
    return _UNPRINTABLE.sub(" ", value).strip()


_UNPRINTABLE: Final = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+"
)
"""Control characters, line separators and what turns the direction of text."""
