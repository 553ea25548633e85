"""Who manages the tray and the settings of an X screen, and what these settings are.

XEmbed trays and the settings of GTK desktops are told by the X server alone. Each has a manager
that owns a selection (`_NET_SYSTEM_TRAY_S0`, `_XSETTINGS_S0` of screen 0) and tells of its coming
by a MANAGER message to the root window; when it goes, the window that owned the selection is
destroyed (ICCCM section 2.8). Settings are a property of that window, and its changes are told. So
nothing is asked again and again.

Of the X11 protocol here is what that takes: five requests and three events.

    greeting() -> set-up answered -> atoms known -> owners known, asked again when an event comes
                                                 -> settings read, again when their property changes
"""

from collections import deque
from collections.abc import Callable, Mapping
from struct import pack, unpack_from

from supportdesk.protocols.x_setup import answer_size, greeting, padded, refused, root_window
from supportdesk.protocols.xsettings import Value, xsettings_in

_PACKET_BYTES = 32
_MOST_BYTES = 1 << 20
_CHANGE_ATTRIBUTES, _INTERN_ATOM, _GET_PROPERTY, _GET_SELECTION_OWNER = 2, 16, 20, 23
_EVENT_MASK, _STRUCTURE_NOTIFY, _PROPERTY_CHANGE = 0x800, 0x20000, 0x400000
_ERROR, _REPLY, _DESTROY_NOTIFY, _PROPERTY_NOTIFY, _CLIENT_MESSAGE, _GENERIC = 0, 1, 17, 28, 33, 35
_SENT_BY_A_PROGRAM = 0x80
_BAD_WINDOW = 3
_SETTINGS_WORDS = 16_384
_BYTES = 8
"""The format of a property that is a row of bytes."""


class _Selection:
    """What a manager owns; the events are those that its window is to tell of."""

    def __init__(self, name: str, events: int) -> None:
        self.name = name
        self.events = events
        self.atom = 0
        self.owner = 0


class XManagers:
    """Bytes of an X server in, bytes for it out; the attributes are what they say so far.

    Attributes:
        has_tray: None as long as it is not known.
        settings: By name; None as long as they are not known, empty where nobody manages them.

    Args:
        screen: Of the display.
        cookie: What the server wants to see of its friends; empty where it asks for nothing.
    """

    def __init__(self, *, screen: int, cookie: bytes) -> None:
        self.has_tray: bool | None = None
        self.settings: Mapping[str, Value] | None = None
        self._screen = screen
        self._cookie = cookie
        self._unread = b""
        self._is_set_up = False
        self._tray = _Selection(f"_NET_SYSTEM_TRAY_S{screen}", _STRUCTURE_NOTIFY)
        self._manager = _Selection(f"_XSETTINGS_S{screen}", _STRUCTURE_NOTIFY | _PROPERTY_CHANGE)
        self._property = 0
        # Replies come in the order of the requests.
        self._asked: deque[Callable[[bytes], bytes]] = deque()

    def greeting(self) -> bytes:
        return greeting(self._cookie)

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
            return answer_size(self._unread)
        if len(self._unread) < _PACKET_BYTES or self._unread[0] not in (_REPLY, _GENERIC):
            return _PACKET_BYTES
        size = _PACKET_BYTES + 4 * int(unpack_from("<I", self._unread, 4)[0])
        if size > _MOST_BYTES:
            raise refused(f"an answer of {size} bytes")
        return size

    def _set_up(self, packet: bytes) -> bytes:
        root = root_window(packet, self._screen)
        self._is_set_up = True
        return (
            _notice_of(root, _STRUCTURE_NOTIFY)
            # Before the selections, so that it is known when a manager is found.
            + self._atom_asked("_XSETTINGS_SETTINGS", self._property_known)
            + self._atom_asked(self._tray.name, lambda reply: self._known(self._tray, reply))
            + self._atom_asked(self._manager.name, lambda reply: self._known(self._manager, reply))
        )

    def _take(self, packet: bytes) -> bytes:
        match packet[0] & ~_SENT_BY_A_PROGRAM:
            case code if code == _REPLY and self._asked:
                return self._asked.popleft()(packet)
            case code if code == _REPLY:
                raise refused("an answer to no question")
            case code if code == _ERROR:
                return self._failed(packet)
            case code if code == _CLIENT_MESSAGE:
                return self._come(unpack_from("<I", packet, 16)[0])
            case code if code == _DESTROY_NOTIFY:
                return self._gone(unpack_from("<I", packet, 8)[0])
            case code if code == _PROPERTY_NOTIFY:
                return self._changed(*unpack_from("<II", packet, 4))
            case _:
                return b""

    def _failed(self, packet: bytes) -> bytes:
        """A manager that is gone by the time its window is looked at, or else our mistake."""
        code, window, request = packet[1], unpack_from("<I", packet, 4)[0], packet[10]
        if code != _BAD_WINDOW:
            raise refused(f"error {code}")
        if request == _GET_PROPERTY and self._asked:
            self._asked.popleft()
            return b""
        return self._gone(window)

    def _come(self, atom: int) -> bytes:
        return b"".join(self._owner_asked(one) for one in self._selections() if one.atom == atom)

    def _gone(self, window: int) -> bytes:
        return b"".join(self._owner_asked(one) for one in self._selections() if one.owner == window)

    def _changed(self, window: int, atom: int) -> bytes:
        is_ours = window == self._manager.owner and atom == self._property
        return self._settings_asked() if is_ours else b""

    def _selections(self) -> tuple[_Selection, _Selection]:
        return self._tray, self._manager

    # What is asked, and what is made of the answers

    def _atom_asked(self, name: str, then: Callable[[bytes], bytes]) -> bytes:
        self._asked.append(then)
        written = name.encode()
        words = 2 + len(padded(written)) // 4
        return pack("<BBHHxx", _INTERN_ATOM, 0, words, len(written)) + padded(written)

    def _property_known(self, reply: bytes) -> bytes:
        self._property = _number_in(reply)
        return b""

    def _known(self, selection: _Selection, reply: bytes) -> bytes:
        selection.atom = _number_in(reply)
        return self._owner_asked(selection)

    def _owner_asked(self, selection: _Selection) -> bytes:
        self._asked.append(lambda reply: self._owned(selection, reply))
        return pack("<BxHI", _GET_SELECTION_OWNER, 2, selection.atom)

    def _owned(self, selection: _Selection, reply: bytes) -> bytes:
        selection.owner = _number_in(reply)
        # Should it be gone by now, the server answers BadWindow, and the owner is asked again.
        notice = _notice_of(selection.owner, selection.events) if selection.owner else b""
        if selection is self._tray:
            self.has_tray = selection.owner != 0
            return notice
        if not selection.owner:
            self.settings = {}
            return b""
        return notice + self._settings_asked()

    def _settings_asked(self) -> bytes:
        self._asked.append(self._settings_told)
        wanted = (self._manager.owner, self._property, 0, 0, _SETTINGS_WORDS)
        return pack("<BBHIIIII", _GET_PROPERTY, 0, 6, *wanted)

    def _settings_told(self, reply: bytes) -> bytes:
        size = unpack_from("<I", reply, 16)[0] if reply[1] == _BYTES else 0
        self.settings = xsettings_in(reply[_PACKET_BYTES : _PACKET_BYTES + size])
        return b""


def _number_in(reply: bytes) -> int:
    return int(unpack_from("<I", reply, 8)[0])


def _notice_of(window: int, events: int) -> bytes:
    """Ask to be told of these events of this window."""
    return pack("<BxHIII", _CHANGE_ATTRIBUTES, 4, window, _EVENT_MASK, events)
