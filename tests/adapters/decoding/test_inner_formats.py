"""winmail.dat, RTF, CMS and transfer encodings where they are odd."""

import base64
import binascii
import struct
import zlib

import pytest

from supportdesk.adapters.mail.compressed_rtf import unpack_rtf
from supportdesk.adapters.mail.mime_tree import parse_mime
from supportdesk.adapters.mail.rtf_text import read_rtf
from supportdesk.adapters.mail.seals import open_armour, seals_of, unwrapped
from supportdesk.adapters.mail.tnef import read_tnef
from supportdesk.adapters.mail.transfer_text import decoded_size, decoded_text, encoding_name
from supportdesk.domain.cards import Seal, SealedPart
from tests.adapters.decoding import tnef_writer as tnef
from tests.adapters.decoding.case import entity
from tests.adapters.decoding.packed_cases import opaque

# The example of MS-OXRTFCP 3.1.1: letters, a reference, and the end.
_EXAMPLE = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af3"
    "2068656c090020627705b06c647d0a800fa0"
)


def test_the_example_of_the_specification() -> None:
    assert unpack_rtf(_EXAMPLE) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    assert read_rtf(unpack_rtf(_EXAMPLE)).plain == "hello world"


def test_a_reference_that_reaches_into_itself() -> None:
    """MS-OXRTFCP 3.1.2: "WXYZ" written over and over."""
    packed = bytes.fromhex("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0")
    assert unpack_rtf(packed) == b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"


def test_rtf_that_is_not_packed() -> None:
    assert unpack_rtf(b"{\\rtf1 x}") == b"{\\rtf1 x}"
    assert unpack_rtf(b"nothing") == b""
    assert unpack_rtf(_EXAMPLE[:30]).startswith(b"{\\rtf1")


@pytest.mark.parametrize(
    ("rtf", "plain"),
    [
        (rb"{\rtf1\ansi Hello\par you}", "Hello\nyou"),
        (rb"{\rtf1\ansi\ansicpg1251 \'cf\'f0\'e8}", "При"),
        (rb"{\rtf1{\fonttbl{\f0\fcharset0 A;}{\f1\fcharset204 B;}}\f0 a\f1 \'cf}", "aП"),
        (rb"{\rtf1\ansi\uc1\u268?\u380?}", "Čż"),
        (rb"{\rtf1\uc2\u268??x}", "Čx"),
        (rb"{\rtf1\uc0\u-10179\u-8704}", "😀"),
        (rb"{\rtf1\u228\'e4x}", "äx"),
        (rb"{\rtf1 a\~b\_c\{d\}\\e\endash f\tab g}", "a\xa0b-c{d}\\e–f\tg"),
        (rb"{\rtf1{\*\generator Riched;}{\info{\author A}}{\pict 00ff}x}", "x"),
        (rb"{\rtf1{\*\unknown x}{\*\htmltag <p>}z}", "z"),
        (rb"{\rtf1 x}}}}} y", "x y"),
        (b"{\\rtf1 a\\\nb}", "a\nb"),
        (b"no RTF", ""),
    ],
)
def test_rtf_as_text(rtf: bytes, plain: str) -> None:
    assert read_rtf(rtf).plain == plain


def test_a_winmail_of_an_old_outlook() -> None:
    """Names and texts stand in attributes of their own, in the code page of the machine."""
    raw = tnef.winmail(
        tnef.attribute(1, 0x00018004, "Dotaz č. 1".encode("cp1250") + b"\0"),
        tnef.attribute(1, 0x0002800C, "Dobrý den".encode("cp1250") + b"\0"),
        tnef.attribute(2, 0x00069002, b"\0" * 14),
        tnef.attribute(2, 0x00018010, "Žádost.doc".encode("cp1250") + b"\0"),
        tnef.attribute(2, 0x0006800F, b"abc"),
        code_page=1250,
    )
    found = read_tnef(raw)
    assert found is not None
    assert (found.subject, found.plain) == ("Dotaz č. 1", "Dobrý den")
    assert [(one.name, one.data) for one in found.attachments] == [("Žádost.doc", b"abc")]


def test_a_winmail_of_too_many_files() -> None:
    found = read_tnef(tnef.winmail(*[tnef.file("a", b"x")] * 300))
    assert found is not None
    assert len(found.attachments) == 100


def test_properties_of_all_kinds() -> None:
    """What stands between must not shift what comes after."""
    values = b"".join(
        [
            struct.pack("<I", 8),
            struct.pack("<HHH2x", 0x0002, 0x0001, 7),
            struct.pack("<HHI", 0x000B, 0x0002, 1),
            struct.pack("<HHQ", 0x0040, 0x0003, 9),
            struct.pack("<HH16s", 0x0048, 0x0004, b"c" * 16),
            struct.pack("<HHIII", 0x1003, 0x0005, 2, 1, 2),
            struct.pack("<HHIIIII", 0x101F, 0x0006, 2, 2, 0x41, 2, 0x42),
            struct.pack("<HH16sIII", 0x0003, 0x8001, b"g" * 16, 0, 5, 7),
            struct.pack("<HH", 0x001F, 0x1000) + struct.pack("<II", 1, 6) + b"H\0i\0\0\0\0\0",
        ]
    )
    found = read_tnef(tnef.winmail(tnef.attribute(1, 0x00069003, values)))
    assert found is not None
    assert found.plain == "Hi"


def test_compressed_data_is_unwrapped() -> None:
    inner = b"Content-Type: text/plain\r\n\r\nHello"
    packed = opaque(zlib.compress(inner)).replace(
        bytes.fromhex("2a864886f70d010702"), bytes.fromhex("2a864886f70d010702")
    )
    signed = parse_mime(_pkcs7(packed)).root
    assert unwrapped(signed) == zlib.compress(inner)
    oid = bytes.fromhex("2a864886f70d0109100109")
    head, tail = packed.split(bytes.fromhex("0609") + bytes.fromhex("2a864886f70d010702"), 1)
    body = b"\x06" + bytes((len(oid),)) + oid + tail
    root = parse_mime(_pkcs7(b"\x30\x83" + len(body).to_bytes(3) + body)).root
    assert head.startswith(b"\x30")
    assert unwrapped(root) == inner
    assert seals_of(root) == ()
    broken = body.replace(zlib.compress(inner), b"x" * len(zlib.compress(inner)))
    assert unwrapped(parse_mime(_pkcs7(b"\x30\x83" + len(broken).to_bytes(3) + broken)).root) == b""


def _pkcs7(raw: bytes, parameters: str = "") -> bytes:
    kind = f"application/pkcs7-mime{parameters}"
    return entity(kind, base64.encodebytes(raw), encoding="base64")


@pytest.mark.parametrize(
    ("raw", "parameters", "seal"),
    [
        (b"", "", Seal.SMIME_ENCRYPTED),
        (b"\x30\x03\x02\x01\x01", "", Seal.SMIME_ENCRYPTED),
        (b"x", "; smime-type=signed-data", Seal.SMIME_SIGNED),
        (b"x", "; smime-type=certs-only", None),
        (b"x", "; smime-type=authEnveloped-data", Seal.SMIME_ENCRYPTED),
    ],
)
def test_what_cannot_be_read_is_named_by_its_label(
    raw: bytes, parameters: str, seal: Seal | None
) -> None:
    root = parse_mime(_pkcs7(raw, parameters)).root
    assert seals_of(root) == (() if seal is None else (SealedPart(seal=seal),))
    assert unwrapped(root) == b""


def test_armour_without_an_end() -> None:
    text = (
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nHello\n"
        "-----BEGIN PGP SIGNATURE-----\nabc"
    )
    assert open_armour(text) == ("Hello", Seal.PGP_SIGNED)
    key = "-----BEGIN PGP PUBLIC KEY BLOCK-----\nabc"
    assert open_armour(key) == (key, None)


@pytest.mark.parametrize(
    ("label", "name"),
    [
        (b"base64", "base64"),
        (b"X-UUENCODE", "uuencode"),
        (b"Quoted_Printable", "quoted-printable"),
        (b"8-bit", "8bit"),
        (b"  x-nobody ; x", "nobody"),
        (b"", ""),
        (b"\xff", ""),
    ],
)
def test_names_of_encodings(label: bytes, name: str) -> None:
    assert encoding_name(label) == name


def test_sizes_are_those_of_what_is_inside() -> None:
    for size in (0, 1, 2, 3, 100, 5000):
        raw = bytes(range(256)) * 20
        coded = base64.encodebytes(raw[:size])
        assert abs(decoded_size(coded, "base64") - size) <= 2
        quoted = binascii.b2a_qp(raw[:size])
        assert abs(decoded_size(quoted, "quoted-printable") - size) <= 2
    assert decoded_size(b"x" * 8, "uuencode") == 6
    assert decoded_size(b"x" * 8, "") == 8


def test_uuencode_with_broken_lines() -> None:
    good = binascii.b2a_uu(b"Hello, this is a line") + b"`\nend\n"
    assert decoded_text(b"begin 644 x\n" + good, "uuencode") == b"Hello, this is a line"
    assert decoded_text(good.replace(b"\n", b"x\n", 1), "uuencode") == b"Hello, this is a line"
    assert decoded_text(b"M\xff\xff\n\n" + good, "uuencode") == b"Hello, this is a line"
