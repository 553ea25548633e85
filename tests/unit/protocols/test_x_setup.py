"""The first words with an X server."""

from struct import pack

import pytest

from supportdesk.domain.errors import PeerProtocolError
from supportdesk.protocols.x_setup import answer_size, greeting, root_window

ROOTS = (0x3E, 0x5A)
VENDOR = b"An X server"
VISUAL = bytes(24)


def setup() -> bytes:
    """Two screens; the first has two depths, of which one has two visuals."""
    screens = pack("<I35xB", ROOTS[0], 2)
    screens += pack("<BxHxxxx", 24, 2) + 2 * VISUAL + pack("<BxHxxxx", 1, 0)
    screens += pack("<I35xB", ROOTS[1], 0)
    body = pack(
        "<IIIIHHBBBBBBBBI", 1, 2, 3, 4, len(VENDOR), 65535, len(ROOTS), 1, 0, 0, 0, 0, 0, 0, 0
    )
    body += VENDOR + bytes(-len(VENDOR) % 4) + bytes(8) + screens
    return pack("<BBHHH", 1, 0, 11, 0, len(body) // 4) + body


def test_it_greets_with_its_cookie_if_it_has_one() -> None:
    assert greeting(b"") == b"l\0" + pack("<HHHHxx", 11, 0, 0, 0)
    secret = bytes(range(16))
    known = b"l\0" + pack("<HHHHxx", 11, 0, 18, 16) + b"MIT-MAGIC-COOKIE-1\0\0" + secret
    assert greeting(secret) == known


def test_the_size_of_the_answer_is_known_by_its_head() -> None:
    assert answer_size(setup()[:7]) == 8
    assert answer_size(setup()[:8]) == len(setup())


@pytest.mark.parametrize("screen", [0, 1])
def test_the_root_of_a_screen(screen: int) -> None:
    assert root_window(setup(), screen) == ROOTS[screen]


def test_a_server_that_refuses_says_why() -> None:
    why = b"No protocol specified\n"
    refusal = pack("<BBHHH", 0, len(why), 11, 0, 6) + why + bytes(2)
    with pytest.raises(PeerProtocolError, match="No protocol specified"):
        root_window(refusal, 0)


def test_a_screen_that_is_not_there() -> None:
    with pytest.raises(PeerProtocolError, match="no screen 2"):
        root_window(setup(), 2)


def test_an_answer_that_is_cut_short() -> None:
    with pytest.raises(PeerProtocolError, match="no screen 0"):
        root_window(pack("<BBHHHI", 1, 0, 11, 0, 1, 5), 0)
