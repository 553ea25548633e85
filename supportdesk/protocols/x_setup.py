"""The first words with an X server: what a program says of itself, and the root of its screen."""

import struct
from struct import calcsize, pack, unpack_from

from supportdesk.domain.errors import PeerProtocolError

_COOKIE_NAME = b"MIT-MAGIC-COOKIE-1"
_HEAD = "<BBHHH"
# Release, ids, motion buffer; lengths of the vendor's name and of requests; screens and formats.
_BODY = "<IIIIHHBBBBBBBBI"
_FORMAT_BYTES = 8
_SCREEN_BYTES, _DEPTH_BYTES, _VISUAL_BYTES = 40, 8, 24


def greeting(cookie: bytes) -> bytes:
    """What is said first; the cookie is empty where the server asks for nothing."""
    name = _COOKIE_NAME if cookie else b""
    head = pack("<cxHHHHxx", b"l", 11, 0, len(name), len(cookie))
    return head + padded(name) + padded(cookie)


def answer_size(data: bytes) -> int:
    """How long the answer to the greeting is, or how much is needed to know that."""
    head = calcsize(_HEAD)
    return head if len(data) < head else head + 4 * int(unpack_from(_HEAD, data)[4])


def root_window(answer: bytes, screen: int) -> int:
    """Of this screen.

    Raises:
        PeerProtocolError: The server refuses us, or has no such screen.
    """
    if answer[0] != 1:
        raise refused(answer[8 : 8 + answer[1]].decode("latin-1").strip())
    try:
        return _root_of(answer, screen)
    except (IndexError, struct.error) as error:
        raise refused(f"it has no screen {screen}") from error


def padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)


def refused(why: str) -> PeerProtocolError:
    return PeerProtocolError(
        f"The X server tells neither of trays nor of the desktop's look: {why}",
        "An icon that is missing comes with the next start of supportdesk.",
    )


def _root_of(answer: bytes, screen: int) -> int:
    """The screens follow the vendor's name and the formats."""
    at = calcsize(_HEAD)
    body = unpack_from(_BODY, answer, at)
    vendor_bytes, screens, formats = body[4], body[6], body[7]
    if not 0 <= screen < screens:
        raise IndexError(screen)
    at += calcsize(_BODY) + vendor_bytes + -vendor_bytes % 4 + formats * _FORMAT_BYTES
    for _ in range(screen):
        at = _after_screen(answer, at)
    return int(unpack_from("<I", answer, at)[0])


def _after_screen(answer: bytes, at: int) -> int:
    depths = answer[at + _SCREEN_BYTES - 1]
    at += _SCREEN_BYTES
    for _ in range(depths):
        visuals = unpack_from("<H", answer, at + 2)[0]
        at += _DEPTH_BYTES + visuals * _VISUAL_BYTES
    return at
