import pytest

from supportdesk.domain.errors import PeerProtocolError
from supportdesk.protocols.netstring import LONGEST, NetstringReader, encode


def test_what_is_encoded_is_read_back() -> None:
    reader = NetstringReader("phone")
    assert reader.feed(encode(b'{"a": 1}') + encode(b"") + encode("é,:".encode())) == [
        b'{"a": 1}',
        b"",
        "é,:".encode(),
    ]


def test_however_it_is_cut() -> None:
    wire = encode(b"first,1:2") + encode(b"second")
    for size in range(1, len(wire) + 1):
        reader = NetstringReader("phone")
        found = []
        for start in range(0, len(wire), size):
            found += reader.feed(wire[start : start + size])
        assert found == [b"first,1:2", b"second"]


@pytest.mark.parametrize(
    "data",
    [
        b"HTTP/1.1 400 Bad Request\r\n",
        b"Asterisk Call Manager/11.0.0\r\n",
        b":,",
        b"-1:,",
        b"3:abcd",
        b"3 :abc,",
        b"12345678",
        b"%d:" % (LONGEST + 1),
        b"\x00\xff",
    ],
)
def test_garbage_and_what_is_too_long_is_refused(data: bytes) -> None:
    with pytest.raises(PeerProtocolError, match="is not the control port"):
        NetstringReader("127.0.0.1:4444").feed(data)


def test_the_longest_that_is_read() -> None:
    reader = NetstringReader("phone")
    assert reader.feed(b"%d:" % LONGEST) == []
    assert reader.feed(b"x" * LONGEST) == []
    assert reader.feed(b",") == [b"x" * LONGEST]


def test_garbage_after_a_whole_one_is_refused_too() -> None:
    reader = NetstringReader("phone")
    assert reader.feed(encode(b"one")) == [b"one"]
    with pytest.raises(PeerProtocolError):
        reader.feed(b"two")
