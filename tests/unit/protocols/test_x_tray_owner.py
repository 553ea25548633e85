"""Who holds the tray: transcripts of an X server, whole and one byte at a time."""

from struct import pack

import pytest

from supportdesk.domain.errors import PeerProtocolError
from supportdesk.protocols.x_tray_owner import XTrayOwner

ROOTS = (0x3E, 0x5A)
TRAY, OTHER_TRAY, ATOM = 0x600007, 0x700007, 301
VENDOR = b"An X server"
VISUAL = bytes(24)


def setup(*, is_welcome: bool = True) -> bytes:
    """Two screens; the first has two depths, of which one has two visuals."""
    screens = pack("<I35xB", ROOTS[0], 2)
    screens += pack("<BxHxxxx", 24, 2) + 2 * VISUAL + pack("<BxHxxxx", 1, 0)
    screens += pack("<I35xB", ROOTS[1], 0)
    body = pack(
        "<IIIIHHBBBBBBBBI", 1, 2, 3, 4, len(VENDOR), 65535, len(ROOTS), 1, 0, 0, 0, 0, 0, 0, 0
    )
    body += VENDOR + bytes(-len(VENDOR) % 4) + bytes(8) + screens
    return pack("<BBHHH", int(is_welcome), 0, 11, 0, len(body) // 4) + body


def reply(value: int, extra: bytes = b"") -> bytes:
    return pack("<BxHII20x", 1, 0, len(extra) // 4, value) + extra


def manager_message(atom: int = ATOM, owner: int = TRAY) -> bytes:
    return pack("<BBHIIIIIII", 33 | 0x80, 32, 0, ROOTS[0], 77, 0, atom, owner, 0, 0)


def destroyed(window: int) -> bytes:
    return pack("<BxHII20x", 17, 0, window, window)


def error(code: int) -> bytes:
    return pack("<BB30x", 0, code)


def watched(window: int) -> bytes:
    return pack("<BxHIII", 2, 4, window, 0x800, 0x20000)


def interned(screen: int) -> bytes:
    name = f"_NET_SYSTEM_TRAY_S{screen}".encode()
    return pack("<BBHHxx", 16, 0, 2 + (len(name) + 3) // 4, len(name)) + name + b"\0"


ASKED = pack("<BxHI", 23, 2, ATOM)


def session(screen: int = 0) -> XTrayOwner:
    made = XTrayOwner(screen=screen, cookie=b"")
    assert made.receive(setup()) == watched(ROOTS[screen]) + interned(screen)
    assert made.receive(reply(ATOM)) == ASKED
    assert made.is_owned is None
    return made


def is_known_to_be_free(tray: XTrayOwner) -> bool:
    return tray.is_owned is False


def test_it_greets_with_its_cookie_if_it_has_one() -> None:
    bare = XTrayOwner(screen=0, cookie=b"").greeting()
    assert bare == b"l\0" + pack("<HHHHxx", 11, 0, 0, 0)
    secret = bytes(range(16))
    known = XTrayOwner(screen=0, cookie=secret).greeting()
    assert known == (b"l\0" + pack("<HHHHxx", 11, 0, 18, 16) + b"MIT-MAGIC-COOKIE-1\0\0" + secret)


@pytest.mark.parametrize("screen", [0, 1])
def test_a_tray_is_there_from_the_start(screen: int) -> None:
    tray = session(screen)
    assert tray.receive(reply(TRAY)) == watched(TRAY)
    assert tray.is_owned


def test_a_tray_comes_goes_and_another_comes() -> None:
    tray = session()
    assert tray.receive(reply(0)) == b""
    assert is_known_to_be_free(tray)
    assert tray.receive(manager_message()) == ASKED
    assert tray.receive(reply(TRAY)) == watched(TRAY)
    assert tray.is_owned
    assert tray.receive(destroyed(TRAY)) == ASKED
    assert tray.receive(reply(0)) == b""
    assert is_known_to_be_free(tray)
    tray.receive(manager_message(owner=OTHER_TRAY))
    assert tray.receive(reply(OTHER_TRAY)) == watched(OTHER_TRAY)
    assert tray.is_owned


def test_a_tray_that_takes_the_place_of_another() -> None:
    tray = session()
    tray.receive(reply(TRAY))
    assert tray.receive(manager_message(owner=OTHER_TRAY)) == ASKED
    assert tray.receive(reply(OTHER_TRAY)) == watched(OTHER_TRAY)
    # The old window goes later: it is nobody's any more.
    assert tray.receive(destroyed(TRAY)) == b""
    assert tray.is_owned


def test_a_tray_that_is_gone_before_its_window_is_watched() -> None:
    tray = session()
    tray.receive(reply(TRAY))
    assert tray.receive(error(3)) == ASKED
    tray.receive(reply(0))
    assert is_known_to_be_free(tray)


def test_other_windows_and_other_managers_do_not_matter() -> None:
    tray = session()
    tray.receive(reply(TRAY))
    generic = pack("<BxHI24x", 35, 0, 2) + bytes(8)
    assert tray.receive(destroyed(0x99)) == b""
    assert tray.receive(manager_message(atom=999)) == b""
    assert tray.receive(generic + pack("<B31x", 22)) == b""
    assert tray.receive(destroyed(TRAY)) == ASKED


def test_one_byte_at_a_time() -> None:
    tray = XTrayOwner(screen=0, cookie=b"")
    transcript = setup() + reply(ATOM, bytes(8)) + reply(0) + manager_message() + reply(TRAY)
    sent = b"".join(tray.receive(transcript[at : at + 1]) for at in range(len(transcript)))
    assert sent == watched(ROOTS[0]) + interned(0) + ASKED + ASKED + watched(TRAY)
    assert tray.is_owned


def test_a_server_that_refuses_says_why() -> None:
    why = b"No protocol specified\n"
    refusal = pack("<BBHHH", 0, len(why), 11, 0, 6) + why + bytes(2)
    with pytest.raises(PeerProtocolError, match="No protocol specified"):
        XTrayOwner(screen=0, cookie=b"").receive(refusal)


def test_a_screen_that_is_not_there() -> None:
    with pytest.raises(PeerProtocolError, match="no screen 2"):
        XTrayOwner(screen=2, cookie=b"").receive(setup())


def test_a_set_up_that_is_cut_short() -> None:
    with pytest.raises(PeerProtocolError, match="no screen 0"):
        XTrayOwner(screen=0, cookie=b"").receive(pack("<BBHHHI", 1, 0, 11, 0, 1, 5))


def test_another_error_is_no_answer() -> None:
    with pytest.raises(PeerProtocolError, match="error 5"):
        session().receive(error(5))
