"""Who holds the tray of an X screen, from the X server itself: XEmbed trays say it nowhere else.

Such a tray owns the selection `_NET_SYSTEM_TRAY_S0` (of screen 0) and tells of its coming by a
MANAGER message to the root window; when it goes, the window that owned the selection is destroyed
(System Tray Protocol of freedesktop.org, ICCCM section 2.8). So nothing is asked again and again.

Of the X11 protocol here is what that takes: set-up, four requests and two events.

    greeting() -> set-up answered -> atom known -> owner known, asked again when either event comes
"""

import struct
from struct import calcsize, pack, unpack_from

from supportdesk.domain.errors import PeerProtocolError

_COOKIE_NAME = b"MIT-MAGIC-COOKIE-1"
_PACKET_BYTES = 32
_SETUP_HEAD = "<BBHHH"
# Release, ids, motion buffer; lengths of the vendor's name and of requests; screens and formats.
_SETUP_BODY = "<IIIIHHBBBBBBBBI"
_FORMAT_BYTES = 8
_SCREEN_BYTES, _DEPTH_BYTES, _VISUAL_BYTES = 40, 8, 24
_CHANGE_ATTRIBUTES, _INTERN_ATOM, _GET_SELECTION_OWNER = 2, 16, 23
_EVENT_MASK, _STRUCTURE_NOTIFY = 0x800, 0x20000
_ERROR, _REPLY, _DESTROY_NOTIFY, _CLIENT_MESSAGE, _GENERIC = 0, 1, 17, 33, 35
_SENT_BY_A_PROGRAM = 0x80
_BAD_WINDOW = 3


class XTrayOwner:
    """Bytes of an X server in, bytes for it out; `is_owned` is what they say so far.

    Args:
        screen: Of the display.
        cookie: What the server wants to see of its friends; empty where it asks for nothing.
    """

    def __init__(self, *, screen: int, cookie: bytes) -> None:
        self.is_owned: bool | None = None
        self._screen = screen
        self._cookie = cookie
        self._unread = b""
        self._is_set_up = False
        self._root = 0
        self._selection = 0
        self._owner = 0

    def greeting(self) -> bytes:
        name = _COOKIE_NAME if self._cookie else b""
        head = pack("<cxHHHHxx", b"l", 11, 0, len(name), len(self._cookie))
        return head + _padded(name) + _padded(self._cookie)

    def receive(self, data: bytes) -> bytes:
        """Take what came; return what to send.

        Raises:
            PeerProtocolError: The server refuses us, or says what cannot be understood.
        """
        self._unread += data
        answer = b""
        while (size := self._packet_size()) <= len(self._unread):
            packet, self._unread = self._unread[:size], self._unread[size:]
            answer += self._take(packet) if self._is_set_up else self._set_up(packet)
        return answer

    def _packet_size(self) -> int:
        """How long the next packet is, or how much is needed to know that."""
        if not self._is_set_up:
            head = calcsize(_SETUP_HEAD)
            if len(self._unread) < head:
                return head
            return head + 4 * int(unpack_from(_SETUP_HEAD, self._unread)[4])
        if len(self._unread) < _PACKET_BYTES or self._unread[0] not in (_REPLY, _GENERIC):
            return _PACKET_BYTES
        return _PACKET_BYTES + 4 * int(unpack_from("<I", self._unread, 4)[0])

    def _set_up(self, packet: bytes) -> bytes:
        if packet[0] != 1:
            raise _refused(packet[8 : 8 + packet[1]].decode("latin-1").strip())
        try:
            self._root = _root_of(packet, self._screen)
        except (IndexError, struct.error) as error:
            raise _refused(f"it has no screen {self._screen}") from error
        self._is_set_up = True
        name = f"_NET_SYSTEM_TRAY_S{self._screen}".encode()
        words = 2 + len(_padded(name)) // 4
        intern = pack("<BBHHxx", _INTERN_ATOM, 0, words, len(name)) + _padded(name)
        return _notice_of(self._root) + intern

    def _take(self, packet: bytes) -> bytes:
        kind = packet[0]
        if kind == _REPLY:
            return self._replied(unpack_from("<I", packet, 8)[0])
        if kind == _ERROR and packet[1] != _BAD_WINDOW:
            raise _refused(f"error {packet[1]}")
        if kind == _ERROR or self._is_about_the_tray(packet):
            return self._owner_asked()
        return b""

    def _is_about_the_tray(self, packet: bytes) -> bool:
        """A tray has come, or the window of the one we knew is gone."""
        match packet[0] & ~_SENT_BY_A_PROGRAM:
            case code if code == _CLIENT_MESSAGE:
                return bool(unpack_from("<I", packet, 16)[0] == self._selection)
            case code if code == _DESTROY_NOTIFY:
                return bool(unpack_from("<I", packet, 8)[0] == self._owner)
            case _:
                return False

    def _replied(self, value: int) -> bytes:
        if not self._selection:
            self._selection = value
            return self._owner_asked()
        self._owner = value
        self.is_owned = value != 0
        # Should it be gone by now, the server answers BadWindow, and the owner is asked again.
        return _notice_of(value) if value else b""

    def _owner_asked(self) -> bytes:
        return pack("<BxHI", _GET_SELECTION_OWNER, 2, self._selection)


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)


def _notice_of(window: int) -> bytes:
    """Ask to be told when this window is destroyed, or a tray speaks to it."""
    return pack("<BxHIII", _CHANGE_ATTRIBUTES, 4, window, _EVENT_MASK, _STRUCTURE_NOTIFY)


def _root_of(setup: bytes, screen: int) -> int:
    """The root window of a screen: the screens follow the vendor's name and the formats."""
    at = calcsize(_SETUP_HEAD)
    body = unpack_from(_SETUP_BODY, setup, at)
    vendor_bytes, screens, formats = body[4], body[6], body[7]
    if not 0 <= screen < screens:
        raise IndexError(screen)
    at += calcsize(_SETUP_BODY) + vendor_bytes + -vendor_bytes % 4 + formats * _FORMAT_BYTES
    for _ in range(screen):
        at = _after_screen(setup, at)
    return int(unpack_from("<I", setup, at)[0])


def _after_screen(setup: bytes, at: int) -> int:
    depths = setup[at + _SCREEN_BYTES - 1]
    at += _SCREEN_BYTES
    for _ in range(depths):
        visuals = unpack_from("<H", setup, at + 2)[0]
        at += _DEPTH_BYTES + visuals * _VISUAL_BYTES
    return at


def _refused(why: str) -> PeerProtocolError:
    return PeerProtocolError(
        f"The X server does not say whether there is a tray: {why}",
        "An icon that is missing comes with the next start of supportdesk.",
    )
