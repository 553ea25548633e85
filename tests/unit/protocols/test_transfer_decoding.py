"""Transfer encodings, undone in pieces of every size."""

import base64
import binascii
import quopri

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.protocols.transfer_decoding import (
    Base64Decoder,
    TransferDecoder,
    UuDecoder,
    decoder_for,
)


def decoded(encoding: str, data: bytes, step: int) -> bytes:
    decoder = decoder_for(encoding)
    pieces = [decoder.feed(data[at : at + step]) for at in range(0, len(data), step)]
    return b"".join(pieces) + decoder.close()


def uuencoded(content: bytes) -> bytes:
    lines = [binascii.b2a_uu(content[at : at + 45]) for at in range(0, len(content), 45)]
    return b"begin 644 a.bin\r\n" + b"".join(lines) + b"`\r\nend\r\n"


STEPS = st.integers(1, 300)


@given(st.binary(max_size=500), STEPS)
def test_base64_in_any_pieces(content: bytes, step: int) -> None:
    encoded = base64.encodebytes(content).replace(b"\n", b"\r\n")
    assert decoded("Base64", encoded, step) == content


@given(st.binary(max_size=500), STEPS)
def test_quoted_printable_in_any_pieces(content: bytes, step: int) -> None:
    encoded = quopri.encodestring(content, quotetabs=True)
    assert decoded("quoted-printable", encoded, step) == quopri.decodestring(encoded)


@given(st.binary(max_size=500), STEPS)
def test_uuencode_in_any_pieces(content: bytes, step: int) -> None:
    assert decoded("x-uuencode", uuencoded(content), step) == content


@given(st.binary(max_size=300), STEPS, st.sampled_from(["base64", "quoted-printable", "uue"]))
def test_anything_at_all_is_no_error(content: bytes, step: int, encoding: str) -> None:
    decoded(encoding, content, step)


@pytest.mark.parametrize("encoding", ["", "7bit", "8bit", "binary", "x-unknown"])
def test_what_is_not_encoded_passes(encoding: str) -> None:
    assert decoded(encoding, b"caf\xe9 =3D", 3) == b"caf\xe9 =3D"
    assert not decoder_for(encoding).is_torn


@pytest.mark.parametrize(
    ("encoded", "content"),
    [
        (b"QQ==QkI=", b"ABB"),  # two runs joined
        (b"Q Q!=\r\n=", b"A"),  # letters between which others stand
        (b"QUJD-", b"ABC"),
        (b"QQ", b"A"),  # the end is missing
        (b"QUJDR", b"ABC"),  # a letter that tells nothing
    ],
)
def test_broken_base64_gives_what_there_is(encoded: bytes, content: bytes) -> None:
    for step in (1, 2, 3, 100):
        assert decoded("base64", encoded, step) == content


def ended(decoder: TransferDecoder, data: bytes) -> TransferDecoder:
    decoder.feed(data)
    decoder.close()
    return decoder


def test_a_torn_end_is_told() -> None:
    assert ended(Base64Decoder(), b"QUJDRA").is_torn
    assert not ended(Base64Decoder(), b"QUJDRA==").is_torn
    assert ended(UuDecoder(), uuencoded(b"abc")[:-5]).is_torn
    assert not ended(UuDecoder(), uuencoded(b"abc")).is_torn
    assert not ended(UuDecoder(), uuencoded(b"abc").rstrip() + b"\nafter it\n").is_torn


def test_a_line_without_end_is_not_kept() -> None:
    decoder = decoder_for("quoted-printable")
    letters = decoder.feed(b"a" * 70_000 + b"=C")
    assert letters == b"a" * 70_000
    assert decoder.feed(b"3") == b""
    assert decoder.close() == b"\xc3"
    assert decoder_for("quoted-printable").feed(b"a" * 70_000) == b"a" * 70_000


def test_uuencode_of_other_encoders() -> None:
    line = binascii.b2a_uu(b"ab    ").rstrip()
    for torn in (line, line + b"xx", line.rstrip(b" `")):
        data = b"begin 644 a\n" + torn + b"\nend\n"
        assert decoded("uuencode", data, 7) == b"ab    "
    odd = b"\n".join((b"begin 644 a", b"\xff\xff\xff", b"", b"#\xff\xff\xff\xff", b"end", b""))
    assert decoded("uuencode", odd, 100) == b""
