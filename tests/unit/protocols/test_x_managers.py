"""Who manages tray and settings: transcripts of an X server, whole and one byte at a time."""

from struct import pack

import pytest

from supportdesk.domain.errors import PeerProtocolError
from supportdesk.protocols.x_managers import XManagers
from tests.unit.protocols.test_x_setup import ROOTS, setup
from tests.unit.protocols.test_xsettings import number, property_of, words

TRAY, OTHER_TRAY, MANAGER, OTHER_MANAGER = 0x600007, 0x700007, 0x800007, 0x900007
PROPERTY, TRAY_ATOM, MANAGER_ATOM = 300, 301, 302
LOOK = property_of([words("Gtk/FontName", "Sans 12"), number("Xft/DPI", 98304)])
LOOK_READ = {"Gtk/FontName": "Sans 12", "Xft/DPI": 98304}


def reply(value: int, extra: bytes = b"") -> bytes:
    return pack("<BxHII20x", 1, 0, len(extra) // 4, value) + extra


def property_told(data: bytes, *, unit: int = 8) -> bytes:
    padded = data + bytes(-len(data) % 4)
    return pack("<BBHIIII12x", 1, unit, 0, len(padded) // 4, 1, 0, len(data)) + padded


def come(atom: int, owner: int) -> bytes:
    return pack("<BBHIIIIIII", 33 | 0x80, 32, 0, ROOTS[0], 77, 0, atom, owner, 0, 0)


def destroyed(window: int) -> bytes:
    return pack("<BxHII20x", 17, 0, window, window)


def changed(window: int, atom: int) -> bytes:
    return pack("<BxHIIIB15x", 28, 0, window, atom, 5, 0)


def error(code: int, window: int = 0, request: int = 2) -> bytes:
    return pack("<BBHIHB21x", 0, code, 0, window, 0, request)


def watched(window: int, events: int = 0x20000) -> bytes:
    return pack("<BxHIII", 2, 4, window, 0x800, events)


def settings_watched(window: int) -> bytes:
    return watched(window, 0x420000)


def settings_asked(window: int) -> bytes:
    return pack("<BBHIIIII", 20, 0, 6, window, PROPERTY, 0, 0, 16384)


def interned(screen: int) -> bytes:
    names = ["_XSETTINGS_SETTINGS", f"_NET_SYSTEM_TRAY_S{screen}", f"_XSETTINGS_S{screen}"]
    return b"".join(_interned(name.encode()) for name in names)


def _interned(name: bytes) -> bytes:
    padded = name + bytes(-len(name) % 4)
    return pack("<BBHHxx", 16, 0, 2 + len(padded) // 4, len(name)) + padded


def owner_asked(atom: int) -> bytes:
    return pack("<BxHI", 23, 2, atom)


TRAY_ASKED, MANAGER_ASKED = owner_asked(TRAY_ATOM), owner_asked(MANAGER_ATOM)


def session(screen: int = 0) -> XManagers:
    made = XManagers(screen=screen, cookie=b"")
    assert made.receive(setup()) == watched(ROOTS[screen]) + interned(screen)
    assert made.receive(reply(PROPERTY)) == b""
    assert made.receive(reply(TRAY_ATOM)) == TRAY_ASKED
    assert made.receive(reply(MANAGER_ATOM)) == MANAGER_ASKED
    assert made.has_tray is None
    assert made.settings is None
    return made


def settled(tray: int = 0, manager: int = 0) -> XManagers:
    """What was there at the start is known; an answer for the settings is still to come."""
    made = session()
    assert made.receive(reply(tray)) == (watched(tray) if tray else b"")
    expected = settings_watched(manager) + settings_asked(manager) if manager else b""
    assert made.receive(reply(manager)) == expected
    return made


def has_no_tray(screen: XManagers) -> bool:
    return screen.has_tray is False


def look(screen: XManagers) -> object:
    return screen.settings


def test_it_greets_with_its_cookie() -> None:
    secret = bytes(range(16))
    assert XManagers(screen=0, cookie=secret).greeting().endswith(secret)


@pytest.mark.parametrize("screen", [0, 1])
def test_a_tray_is_there_from_the_start(screen: int) -> None:
    made = session(screen)
    assert made.receive(reply(TRAY)) == watched(TRAY)
    assert made.has_tray


def test_a_tray_comes_goes_and_another_comes() -> None:
    screen = settled()
    assert has_no_tray(screen)
    assert look(screen) == {}
    assert screen.receive(come(TRAY_ATOM, TRAY)) == TRAY_ASKED
    assert screen.receive(reply(TRAY)) == watched(TRAY)
    assert screen.has_tray
    assert screen.receive(destroyed(TRAY)) == TRAY_ASKED
    assert screen.receive(reply(0)) == b""
    assert has_no_tray(screen)
    screen.receive(come(TRAY_ATOM, OTHER_TRAY))
    assert screen.receive(reply(OTHER_TRAY)) == watched(OTHER_TRAY)
    assert screen.has_tray


def test_a_tray_that_takes_the_place_of_another() -> None:
    screen = settled(TRAY)
    assert screen.receive(come(TRAY_ATOM, OTHER_TRAY)) == TRAY_ASKED
    assert screen.receive(reply(OTHER_TRAY)) == watched(OTHER_TRAY)
    # The old window goes later: it is nobody's any more.
    assert screen.receive(destroyed(TRAY)) == b""
    assert screen.has_tray


def test_a_tray_that_is_gone_before_its_window_is_watched() -> None:
    screen = settled(TRAY)
    assert screen.receive(error(3, TRAY)) == TRAY_ASKED
    screen.receive(reply(0))
    assert has_no_tray(screen)


def test_settings_that_are_there_and_change() -> None:
    screen = settled(manager=MANAGER)
    assert look(screen) is None
    assert screen.receive(property_told(LOOK)) == b""
    assert look(screen) == LOOK_READ
    assert screen.receive(changed(MANAGER, PROPERTY)) == settings_asked(MANAGER)
    screen.receive(property_told(property_of([number("Xft/DPI", 1)])))
    assert look(screen) == {"Xft/DPI": 1}


def test_a_manager_of_settings_that_goes_and_another_that_comes() -> None:
    screen = settled(manager=MANAGER)
    screen.receive(property_told(LOOK))
    assert screen.receive(destroyed(MANAGER)) == MANAGER_ASKED
    screen.receive(reply(0))
    assert look(screen) == {}
    assert screen.receive(come(MANAGER_ATOM, OTHER_MANAGER)) == MANAGER_ASKED
    asked = settings_watched(OTHER_MANAGER) + settings_asked(OTHER_MANAGER)
    assert screen.receive(reply(OTHER_MANAGER)) == asked
    screen.receive(property_told(LOOK))
    assert look(screen) == LOOK_READ


def test_a_manager_of_settings_that_is_gone_before_they_are_read() -> None:
    screen = settled(manager=MANAGER)
    # The notice and the question fail both, and only the question waits for a reply.
    assert screen.receive(error(3, MANAGER)) == MANAGER_ASKED
    assert screen.receive(error(3, MANAGER, request=20)) == b""
    screen.receive(reply(0))
    assert look(screen) == {}


@pytest.mark.parametrize(
    "told", [property_told(b""), property_told(b"\0" * 64, unit=32), property_told(b"\7" * 64)]
)
def test_settings_that_are_none(told: bytes) -> None:
    screen = settled(manager=MANAGER)
    assert screen.receive(told) == b""
    assert look(screen) == {}


def test_other_windows_and_other_managers_do_not_matter() -> None:
    screen = settled(TRAY, MANAGER)
    generic = pack("<BxHI24x", 35, 0, 2) + bytes(8)
    assert screen.receive(destroyed(0x99)) == b""
    assert screen.receive(come(999, TRAY)) == b""
    assert screen.receive(changed(MANAGER, 999) + changed(0x99, PROPERTY)) == b""
    assert screen.receive(generic + pack("<B31x", 22)) == b""
    assert screen.receive(destroyed(TRAY)) == TRAY_ASKED


def test_one_byte_at_a_time() -> None:
    screen = XManagers(screen=0, cookie=b"")
    transcript = setup() + reply(PROPERTY, bytes(8)) + reply(TRAY_ATOM) + reply(MANAGER_ATOM)
    transcript += reply(0) + reply(MANAGER) + property_told(LOOK) + come(TRAY_ATOM, TRAY)
    transcript += reply(TRAY)
    sent = b"".join(screen.receive(transcript[at : at + 1]) for at in range(len(transcript)))
    start = watched(ROOTS[0]) + interned(0) + TRAY_ASKED + MANAGER_ASKED
    look_asked = settings_watched(MANAGER) + settings_asked(MANAGER)
    assert sent == start + look_asked + TRAY_ASKED + watched(TRAY)
    assert screen.has_tray
    assert look(screen) == LOOK_READ


def test_another_error_is_no_answer() -> None:
    with pytest.raises(PeerProtocolError, match="error 5"):
        session().receive(error(5))


def test_an_answer_to_no_question() -> None:
    with pytest.raises(PeerProtocolError, match="no question"):
        settled().receive(reply(1))


def test_a_refusal_of_no_question() -> None:
    assert settled().receive(error(3, 0x99, request=20)) == b""


def test_an_answer_without_end() -> None:
    with pytest.raises(PeerProtocolError, match="bytes"):
        session().receive(pack("<BxHI24x", 1, 0, 1 << 30))
