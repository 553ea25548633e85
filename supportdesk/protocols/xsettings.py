"""What a GTK desktop on X tells of its look: the property of its settings manager.

XSETTINGS specification of freedesktop.org, section "The _XSETTINGS_SETTINGS property".
"""

import struct
from collections.abc import Iterator
from struct import unpack_from

_BIG_ENDIAN = 1
_NUMBER, _WORDS, _COLOUR = 0, 1, 2
_COLOUR_BYTES = 8

Value = str | int


def xsettings_in(data: bytes) -> dict[str, Value]:
    """Words and numbers by name; colours are left out, and what comes behind a lie."""
    order = ">" if data[:1] == bytes([_BIG_ENDIAN]) else "<"
    read: dict[str, Value] = {}
    try:
        for name, value in _settings(data, order):
            read[name] = value
    except struct.error:
        pass
    return read


def _settings(data: bytes, order: str) -> Iterator[tuple[str, Value]]:
    count = unpack_from(f"{order}I", data, 8)[0]
    at = 12
    for _ in range(count):
        kind, name_bytes = unpack_from(f"{order}BxH", data, at)
        name, at = _cut(data, at + 4, name_bytes)
        at += 4  # when it was last changed
        if kind == _NUMBER:
            yield name, int(unpack_from(f"{order}i", data, at)[0])
            at += 4
        elif kind == _WORDS:
            words, at = _cut(data, at + 4, unpack_from(f"{order}I", data, at)[0])
            yield name, words
        elif kind == _COLOUR:
            at += _COLOUR_BYTES
        else:
            raise struct.error(f"no such kind of setting: {kind}")


def _cut(data: bytes, at: int, size: int) -> tuple[str, int]:
    """Text of this size, and where the next thing begins."""
    if at + size > len(data):
        raise struct.error("a text that is longer than everything")
    return data[at : at + size].decode("utf-8", "replace"), at + size + -size % 4
