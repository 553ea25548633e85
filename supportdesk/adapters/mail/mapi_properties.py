"""MAPI properties as they stand in a TNEF stream (MS-OXTNEF 2.1.3.4); bounded, never raises."""

from dataclasses import dataclass, field

_MAX_PROPERTIES = 2000
_MAX_VALUES = 1000
_MULTIPLE = 0x1000
_FIXED_SIZES = {
    0x0001: 0,
    0x0002: 4,
    0x0003: 4,
    0x0004: 4,
    0x0005: 8,
    0x0006: 8,
    0x0007: 8,
    0x000A: 4,
    0x000B: 4,
    0x0014: 8,
    0x0040: 8,
    0x0048: 16,
}
STRING8 = 0x001E
UNICODE = 0x001F
OBJECT = 0x000D
BINARY = 0x0102
_VARIABLE = (STRING8, UNICODE, OBJECT, BINARY)


@dataclass(slots=True)
class Properties:
    """The first value of each property by its number; named ones are left out."""

    values: dict[int, tuple[int, bytes]] = field(default_factory=dict)
    code_page: str = "cp1252"

    def text(self, number: int) -> str:
        kind, value = self.values.get(number, (0, b""))
        if kind == UNICODE:
            return value.decode("utf-16-le", "replace").split("\0", 1)[0]
        if kind == STRING8:
            return value.split(b"\0", 1)[0].decode(self.code_page, "replace")
        return ""

    def octets(self, number: int) -> bytes:
        kind, value = self.values.get(number, (0, b""))
        return value if kind in (BINARY, OBJECT, STRING8) else b""

    def number(self, number: int) -> int:
        kind, value = self.values.get(number, (0, b""))
        return int.from_bytes(value[:4], "little") if kind in (0x0002, 0x0003) else 0


def read_properties(raw: bytes) -> Properties:
    """Read the properties one after the other, as far as they make sense."""
    found = Properties()
    reader = _Reader(raw)
    for _ in range(min(reader.number(4), _MAX_PROPERTIES)):
        kind, number = reader.number(2), reader.number(2)
        if number >= 0x8000:
            reader.skip_name()
        value = reader.value(kind)
        if value is None:
            break
        if number < 0x8000:
            found.values.setdefault(number, (kind & ~_MULTIPLE, value))
    return found


class _Reader:
    """Reads little-endian numbers and padded values; past the end there is nothing."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._at = 0

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size), "little")

    def take(self, size: int) -> bytes:
        piece = self._raw[self._at : self._at + size]
        self._at += size
        return piece

    def skip_name(self) -> None:
        """A named property: the set it is of, then a number or a name."""
        self.take(16)
        if self.number(4) == 0:
            self.take(4)
        else:
            self._padded(self.number(4))

    def value(self, kind: int) -> bytes | None:
        """Read a value, the first of several; None when there is no such kind or no more bytes."""
        plain = kind & ~_MULTIPLE
        if plain in _VARIABLE:
            values = [self._padded(self.number(4)) for _ in range(self._count())]
            value = values[0] if values else b""
        elif plain in _FIXED_SIZES:
            count = self._count() if kind & _MULTIPLE else 1
            value = self.take(_FIXED_SIZES[plain] * count)
        else:
            return None
        return value if self._at <= len(self._raw) + 3 else None

    def _count(self) -> int:
        return min(self.number(4), _MAX_VALUES)

    def _padded(self, size: int) -> bytes:
        value = self.take(size)
        self._at += -size % 4
        return value
