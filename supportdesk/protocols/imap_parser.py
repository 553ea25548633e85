"""IMAP responses: bytes in, values out; never a socket.

`ResponseFramer` cuts the stream into whole responses, literals included, however it was split on
the way. `parse_response` turns one of them into a value. Both refuse what would not end: a
response over `MAX_RESPONSE_BYTES`, a status over `MAX_STATUS_BYTES`, lists nested over
`MAX_DEPTH`. What is merely unknown becomes `OtherResponse`; what is broken raises
`PeerProtocolError` and nothing else.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

from supportdesk.domain.errors import PeerProtocolError
from supportdesk.protocols.imap_responses import (
    Bye,
    Capability,
    Continuation,
    Exists,
    Expunge,
    Fetch,
    ListedMailbox,
    MailboxStatus,
    OtherResponse,
    Response,
    Search,
    TaggedStatus,
    Token,
    UidRange,
    UntaggedStatus,
    Vanished,
)

MAX_RESPONSE_BYTES = 16 * 1024 * 1024
# Only what describes messages grows with them; forty servers without end are bounded by this.
MAX_STATUS_BYTES = 1024 * 1024
MAX_DEPTH = 64
MAX_RANGES = 5_000_000
_MAX_DIGITS = 18  # what a signed number of 64 bits surely holds


def broken(what: str) -> PeerProtocolError:
    return PeerProtocolError(
        f"The mail server sent something that is not IMAP ({what})",
        "supportdesk connects again by itself. If it stays, ask who runs the mail server.",
    )


class ResponseFramer:
    """Collects bytes and gives out whole responses without their final line end."""

    _LITERAL = re.compile(rb"\{(\d{1,10})\+?\}\r?\n")
    _MAY_HAVE_LITERALS = re.compile(rb"\* \d")
    _WITHOUT_LITERALS = re.compile(rb"(?!\* )|\* (?:OK|NO|BAD|BYE|PREAUTH)\b", re.IGNORECASE)

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._line = 0  # where the line at the end of the buffer begins, after any literal
        self._scanned = 0

    def receive(self, data: bytes) -> list[bytes]:
        """Add bytes and return the responses that they complete."""
        buffer = self._buffer
        buffer += data
        responses: list[bytes] = []
        start = 0
        line = self._line
        scanned = self._scanned
        while (newline := buffer.find(b"\n", scanned)) >= 0:
            # Nearly all lines announce nothing: one look at their last letter is enough.
            last = newline - 2 if buffer[newline - 1 : newline] == b"\r" else newline - 1
            is_literal = buffer[last : last + 1] == b"}"
            literal = self._literal_length(start, line, newline) if is_literal else None
            if literal is None:
                responses.append(bytes(buffer[start : last + 1]))
                start = line = scanned = newline + 1
                continue
            if literal > MAX_RESPONSE_BYTES:
                raise broken("a string without end")
            if newline + 1 + literal > len(buffer):
                # Nothing to scan before the literal is complete: come back to its announcement.
                scanned = newline
                break
            line = scanned = newline + 1 + literal
        else:
            scanned = len(buffer)
        del buffer[:start]
        self._line = line - start
        self._scanned = scanned - start
        if len(buffer) > self._most_bytes():
            raise broken("a response without end")
        return responses

    def _most_bytes(self) -> int:
        is_status = self._WITHOUT_LITERALS.match(self._buffer[:12])
        return MAX_STATUS_BYTES if is_status else MAX_RESPONSE_BYTES

    def _literal_length(self, start: int, line: int, newline: int) -> int | None:
        brace = self._buffer.rfind(b"{", max(line, newline - 16), newline)
        found = self._LITERAL.fullmatch(self._buffer[brace : newline + 1]) if brace >= 0 else None
        if found is None or (
            not self._MAY_HAVE_LITERALS.match(self._buffer[start : start + 3])
            and self._WITHOUT_LITERALS.match(self._buffer[start : start + 12])
        ):
            return None
        return int(found[1])


_TOKEN = re.compile(
    rb"[ \t\r\n]*+(?:"
    rb"(\()"
    rb"|(\))"
    rb'|"([^"\\]*+(?:\\.[^"\\]*+)*+)"'
    rb"|~?\{(\d{1,10})\+?\}\r?\n"
    rb'|((?:BODY|BINARY)\[[^\]]*\](?:<\d+>)?|[^ \t\r\n()"{]+)'
    rb"|(\Z))",
    re.IGNORECASE | re.DOTALL,
)
_OPEN, _CLOSE, _QUOTED, _LITERAL, _ATOM, _END = range(1, 7)
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)


def parse_tokens(data: bytes, position: int = 0) -> list[Token]:  # noqa: C901 - the hot loop
    """Parse strings, atoms and nested lists up to the end of the data."""
    current: list[Token] = []
    stack: list[list[Token]] = []
    match = _TOKEN.match
    while True:
        found = match(data, position)
        if found is None:
            raise broken("an unreadable list")
        position = found.end()
        kind = found.lastindex
        if kind == _QUOTED:
            text = found[_QUOTED]
            current.append(_ESCAPED.sub(rb"\1", text) if b"\\" in text else text)
        elif kind == _ATOM:
            atom = found[_ATOM]
            current.append(None if atom.upper() == b"NIL" else atom)
        elif kind == _LITERAL:
            end = position + int(found[_LITERAL])
            if end > len(data):
                raise broken("a string that is cut off")
            current.append(data[position:end])
            position = end
        elif kind == _OPEN:
            if len(stack) >= MAX_DEPTH:
                raise broken("lists nested too deeply")
            stack.append(current)
            inner: list[Token] = []
            current.append(inner)
            current = inner
        elif kind == _CLOSE:
            if not stack:
                raise broken("a list that was not opened")
            current = stack.pop()
        else:
            break
    if stack:
        raise broken("a list that was not closed")
    return current


_NUMBERED = re.compile(rb"\* (\d{1,10}) (EXISTS|EXPUNGE|FETCH|RECENT)\b ?", re.IGNORECASE)
_STATUS = re.compile(
    rb"(\S+) (OK|NO|BAD|BYE|PREAUTH)(?: +\[([^\]]*)\])? ?(.*)", re.IGNORECASE | re.DOTALL
)
_DATA = re.compile(rb"\* ([A-Z]+)\b ?", re.IGNORECASE)


def parse_response(raw: bytes) -> Response:
    """Turn one whole response into a value. Raises PeerProtocolError when it is broken."""
    if numbered := _NUMBERED.match(raw):
        return _parse_numbered(raw, numbered)
    if raw.startswith(b"+"):
        return Continuation()
    if status := _STATUS.match(raw):
        return _parse_status(status)
    if (data := _DATA.match(raw)) and (parse := _DATA_PARSERS.get(data[1].upper())):
        return parse(raw, data.end())
    return OtherResponse(line=raw)


def _parse_numbered(raw: bytes, found: re.Match[bytes]) -> Response:
    number = int(found[1])
    kind = found[2].upper()
    if kind == b"FETCH":
        return _parse_fetch(number, parse_tokens(raw, found.end()))
    if kind == b"EXISTS":
        return Exists(count=number)
    if kind == b"EXPUNGE":
        return Expunge(seq=number)
    return OtherResponse(line=raw)


def _parse_status(found: re.Match[bytes]) -> Response:
    status = found[2].decode("ascii").upper()
    text = _text(found[4])
    if found[1] != b"*":
        return TaggedStatus(tag=_text(found[1]), status=status, code=_text(found[3]), text=text)
    if status == "BYE":
        return Bye(text=text)
    return UntaggedStatus(status=status, code=_text(found[3]), text=text)


def _parse_fetch(seq: int, tokens: list[Token]) -> Fetch:
    uid: int | None = None
    flags: frozenset[str] | None = None
    internaldate: bytes | None = None
    size: int | None = None
    envelope: list[Token] | None = None
    header: bytes | None = None
    body: bytes | None = None
    structure: list[Token] | None = None
    sections: list[tuple[str, bytes]] = []
    for item, value in _fetch_items(tokens):
        if item == b"UID":
            uid = _number(value)
        elif item == b"FLAGS":
            flags = _flags(value)
        elif item == b"INTERNALDATE" and isinstance(value, bytes):
            internaldate = value
        elif item == b"RFC822.SIZE":
            size = _number(value)
        elif item == b"ENVELOPE" and isinstance(value, list):
            envelope = value
        elif item.startswith(b"BODY[HEADER"):
            header = _octets(value)
        elif item == b"BODYSTRUCTURE" and isinstance(value, list):
            structure = value
        elif item.startswith(b"BODY["):
            body = _octets(value)
            sections.append((_text(item[5:].partition(b"]")[0]), body or b""))
    return Fetch(
        seq=seq,
        uid=uid,
        flags=flags,
        internaldate=internaldate,
        size=size,
        envelope=envelope,
        header=header,
        body=body,
        structure=structure,
        sections=tuple(sections),
    )


def _fetch_items(tokens: list[Token]) -> Iterator[tuple[bytes, Token]]:
    if len(tokens) != 1 or not isinstance(tokens[0], list) or len(tokens[0]) % 2:
        raise broken("an unreadable FETCH")
    pairs = iter(tokens[0])
    for name, value in zip(pairs, pairs, strict=True):
        if not isinstance(name, bytes):
            raise broken("an unreadable FETCH")
        yield name.upper(), value


def _parse_search(raw: bytes, position: int) -> Search:
    text = raw[position:].split(b"(", 1)[0]
    numbers = text.split()
    # All at once: there may be 100,000 of them.
    if numbers and not (
        text.translate(None, b" ").isdigit() and max(map(len, numbers)) <= _MAX_DIGITS
    ):
        raise broken("a number that is none")
    return Search(uids=tuple(map(int, numbers)))


def _parse_esearch(raw: bytes, position: int) -> Search:
    tokens = parse_tokens(raw, position)
    for name, value in pairwise(tokens):
        if isinstance(name, bytes) and name.upper() == b"ALL":
            return Search(ranges=parse_ranges(value))
    return Search()


def _parse_vanished(raw: bytes, position: int) -> Vanished:
    tokens = parse_tokens(raw, position)
    return Vanished(ranges=parse_ranges(tokens[-1] if tokens else None), is_earlier=len(tokens) > 1)


def _parse_capability(raw: bytes, position: int) -> Capability:
    return Capability(names=frozenset(_text(raw[position:]).upper().split()))


def _parse_list(raw: bytes, position: int) -> Response:
    match parse_tokens(raw, position):
        case [list() as attributes, bytes() | None, bytes() as name, *_]:
            return ListedMailbox(attributes=_flags(attributes), name=name)
        case _:
            raise broken("an unreadable LIST")


def _parse_mailbox_status(raw: bytes, position: int) -> MailboxStatus:
    match parse_tokens(raw, position):
        case [bytes(), list() as values]:
            pass
        case _:
            raise broken("an unreadable STATUS")

    def value_of(wanted: bytes) -> int:
        for name, value in pairwise(values):
            if isinstance(name, bytes) and name.upper() == wanted:
                return _number(value)
        return 0

    return MailboxStatus(
        messages=value_of(b"MESSAGES"),
        uidnext=value_of(b"UIDNEXT"),
        uidvalidity=value_of(b"UIDVALIDITY"),
        unseen=value_of(b"UNSEEN"),
        highestmodseq=value_of(b"HIGHESTMODSEQ"),
    )


_DATA_PARSERS: dict[bytes, Callable[[bytes, int], Response]] = {
    b"SEARCH": _parse_search,
    b"ESEARCH": _parse_esearch,
    b"VANISHED": _parse_vanished,
    b"CAPABILITY": _parse_capability,
    b"LIST": _parse_list,
    b"STATUS": _parse_mailbox_status,
}


def parse_ranges(value: Token) -> tuple[UidRange, ...]:
    """Parse a set such as `1:4,7`; it is never written out here, so `1:4294967295` is small."""
    if not isinstance(value, bytes):
        raise broken("an unreadable set of numbers")
    parts = value.split(b",", MAX_RANGES)
    if len(parts) > MAX_RANGES:
        raise broken("an endless set of numbers")
    ranges: list[UidRange] = []
    for part in parts:
        first, colon, last = part.partition(b":")
        low = _number(first)
        high = _number(last) if colon else low
        ranges.append((low, high) if low <= high else (high, low))
    return tuple(ranges)


def uid_ranges(uids: Iterable[int]) -> tuple[UidRange, ...]:
    """Join neighbouring uids: 1, 2, 3, 7 -> (1, 3), (7, 7)."""
    ranges: list[UidRange] = []
    low = high = -1
    for uid in sorted(uids):
        if uid > high + 1 or high < 0:
            if high >= 0:
                ranges.append((low, high))
            low = uid
        high = uid
    if high >= 0:
        ranges.append((low, high))
    return tuple(ranges)


def _number(value: Token) -> int:
    # isdigit() alone would let a number of a million digits through.
    if isinstance(value, bytes) and value.isdigit() and len(value) <= _MAX_DIGITS:
        return int(value)
    raise broken("a number that is none")


def _flags(value: Token) -> frozenset[str]:
    if not isinstance(value, list):
        raise broken("unreadable flags")
    return frozenset(_text(flag).lower() for flag in value if isinstance(flag, bytes))


def _octets(value: Token) -> bytes | None:
    return value if isinstance(value, bytes) else None


def _text(raw: bytes | None) -> str:
    return (raw or b"").decode("utf-8", "replace")
