"""Netstrings (`12:{"type":...},`): the frames of baresip's control port."""

from typing import Final

from supportdesk.domain.errors import PeerProtocolError

LONGEST: Final = 1_000_000
"""Its longest answers are some kilobytes; a longer one is no baresip, and could fill the memory."""
_LONGEST_HEAD: Final = len(str(LONGEST))


def encode(payload: bytes) -> bytes:
    return b"%d:%s," % (len(payload), payload)


class NetstringReader:
    """Bytes in, whole payloads out, however they were cut on the way.

    It raises PeerProtocolError for what cannot be a netstring; there is no way to find the next
    one after that, so the connection is of no use any more.
    """

    def __init__(self, peer: str) -> None:
        self._peer = peer
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        self._buffer += data
        payloads = []
        start = 0
        while True:
            head_end = self._head_end(start)
            if head_end is None:
                break
            end = head_end + 1 + int(self._buffer[start:head_end])
            if len(self._buffer) <= end:
                break
            if self._buffer[end : end + 1] != b",":
                raise self._garbage()
            payloads.append(bytes(self._buffer[head_end + 1 : end]))
            start = end + 1
        del self._buffer[:start]
        return payloads

    def _head_end(self, start: int) -> int | None:
        """The place of the colon; None while it has not come."""
        head_end = self._buffer.find(b":", start, start + _LONGEST_HEAD + 1)
        head = bytes(self._buffer[start : start + _LONGEST_HEAD + 1 if head_end < 0 else head_end])
        is_possible = not head or (head.isdigit() and len(head) <= _LONGEST_HEAD)
        if not is_possible or (head_end >= 0 and not (head and int(head) <= LONGEST)):
            raise self._garbage()
        return None if head_end < 0 else head_end

    def _garbage(self) -> PeerProtocolError:
        return PeerProtocolError(
            f"{self._peer} is not the control port of a baresip",
            "Look at `port` in the phone's settings and at ctrl_tcp_listen in baresip's config"
            " (4444 unless it says otherwise).",
        )
