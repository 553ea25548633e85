"""Just enough BER (X.690) to look into a CMS message: bounded, and never raises."""

from collections.abc import Iterator
from dataclasses import dataclass

SEQUENCE = 0x30
SET = 0x31
INTEGER = 0x02
OCTET_STRING = 0x04
CONSTRUCTED_OCTETS = 0x24
OID = 0x06
CONTEXT_0 = 0xA0

_MAX_ELEMENTS = 100_000
_MAX_DEPTH = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """A value of some type; `end` is where the next one begins."""

    tag: int
    start: int
    stop: int
    end: int


class BerReader:
    """Walks through BER, also with the indefinite lengths that Outlook and OpenSSL write."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._left = _MAX_ELEMENTS

    def element(self, at: int, limit: int | None = None, depth: int = 0) -> Element | None:
        """Read the element that begins here; None when there is none."""
        raw, limit = self._raw, len(self._raw) if limit is None else limit
        self._left -= 1
        if at + 2 > limit or depth > _MAX_DEPTH or self._left < 0:
            return None
        tag, length = raw[at], raw[at + 1]
        start = at + 2
        if length == 0x80:
            stop = self._end_of_contents(start, limit, depth)
            return Element(tag=tag, start=start, stop=stop, end=min(stop + 2, limit))
        if length > 0x80:
            size = length & 0x7F
            if size > 5 or start + size > limit:
                return None
            length = int.from_bytes(raw[start : start + size])
            start += size
        # The end may be cut off; what is there counts.
        stop = min(start + length, limit)
        return Element(tag=tag, start=start, stop=stop, end=stop)

    def _end_of_contents(self, start: int, limit: int, depth: int) -> int:
        at = start
        while self._raw[at : at + 2] != b"\0\0":
            child = self.element(at, limit, depth + 1)
            if child is None or child.end <= at:
                return limit
            at = child.end
        return at

    def children(self, parent: Element) -> Iterator[Element]:
        at = parent.start
        while at < parent.stop:
            child = self.element(at, parent.stop)
            if child is None or child.end <= at:
                return
            yield child
            at = child.end

    def octets(self, element: Element) -> bytes:
        """Return the content of an OCTET STRING, whole or in pieces."""
        if element.tag != CONSTRUCTED_OCTETS:
            return self._raw[element.start : element.stop]
        return b"".join(
            self._raw[piece.start : piece.stop]
            for piece in self.children(element)
            if piece.tag == OCTET_STRING
        )
