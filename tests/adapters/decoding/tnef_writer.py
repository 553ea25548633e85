"""Writes winmail.dat as Outlook does (MS-OXTNEF), for tests."""

import struct
from collections.abc import Sequence

Property = tuple[int, int, bytes]
STRING8, UNICODE, BINARY, LONG, OBJECT = 0x1E, 0x1F, 0x102, 0x03, 0x0D


def attribute(level: int, kind: int, value: bytes) -> bytes:
    checksum = sum(value) & 0xFFFF
    return struct.pack("<BII", level, kind, len(value)) + value + struct.pack("<H", checksum)


def properties(*found: Property, named: Sequence[tuple[str, bytes]] = ()) -> bytes:
    out = struct.pack("<I", len(found) + len(named))
    for name, value in named:
        wide = name.encode("utf-16-le") + b"\0\0"
        out += struct.pack("<HH", UNICODE, 0x8001) + b"\1" * 16
        out += struct.pack("<II", 1, len(wide)) + _padded(wide) + _variable(value)
    for kind, number, value in found:
        out += struct.pack("<HH", kind, number)
        out += value.ljust(4, b"\0") if kind == LONG else _variable(value)
    return out


def _variable(value: bytes) -> bytes:
    return struct.pack("<II", 1, len(value)) + _padded(value)


def _padded(value: bytes) -> bytes:
    return value + b"\0" * (-len(value) % 4)


def wide(text: str) -> bytes:
    return text.encode("utf-16-le") + b"\0\0"


def file(name: str, data: bytes, *more: Property) -> bytes:
    """An attachment: its name in full and in eight letters, and its bytes."""
    found = properties((UNICODE, 0x3707, wide(name)), *more)
    return (
        attribute(2, 0x00069002, b"\1\0" + b"\0" * 12)
        + attribute(2, 0x00018010, b"SHORT~1.DAT\0")
        + attribute(2, 0x0006800F, data)
        + attribute(2, 0x00069005, found)
    )


def message(name: str, inner: bytes) -> bytes:
    """A message that is attached to a message."""
    return attribute(2, 0x00069002, b"\1\0" + b"\0" * 12) + attribute(
        2,
        0x00069005,
        properties((UNICODE, 0x3001, wide(name)), (OBJECT, 0x3701, b"\7" * 16 + inner)),
    )


def winmail(*attributes: bytes, code_page: int = 1252) -> bytes:
    pages = struct.pack("<II", code_page, 0)
    head = struct.pack("<IH", 0x223E9F78, 1) + attribute(1, 0x00089006, b"\0\0\1\0")
    return head + attribute(1, 0x00069007, pages) + b"".join(attributes)


def body(*found: Property, named: Sequence[tuple[str, bytes]] = ()) -> bytes:
    return attribute(1, 0x00069003, properties(*found, named=named))


def stored_rtf(rtf: bytes) -> bytes:
    return struct.pack("<II4sI", len(rtf) + 12, len(rtf), b"MELA", 0) + rtf


def packed_rtf(rtf: bytes) -> bytes:
    """Compressed RTF of nothing but letters: allowed, and what a packer does with noise."""
    out = b"".join(b"\0" + rtf[at : at + 8] for at in range(0, len(rtf), 8))
    return struct.pack("<II4sI", len(out) + 12, len(rtf), b"LZFu", 0) + out
