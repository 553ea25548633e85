"""Signed and encrypted parts (RFC 3156, 8551, 9580), named for what they are.

Nothing is verified or decrypted here: that needs keys which only the mail program has. What is
merely wrapped in a signature is unwrapped, so that it can be read.
"""

import re
import zlib

from supportdesk.adapters.mail.asn1_reader import CONTEXT_0, OID, SEQUENCE, BerReader
from supportdesk.adapters.mail.mime_tree import Part
from supportdesk.domain.cards import Seal, SealedPart

PKCS7_TYPES = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_SMIME_SIGNATURES = ("application/pkcs7-signature", "application/x-pkcs7-signature")
_MAX_UNPACKED = 8_000_000

_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_ENCRYPTED = (bytes.fromhex("2a864886f70d010703"), bytes.fromhex("2a864886f70d0109100117"))
_COMPRESSED = bytes.fromhex("2a864886f70d0109100109")

_PGP_MESSAGE = re.compile(r"^-----BEGIN PGP MESSAGE(?:, PART [\d/]+)?-----[ \t]*$", re.MULTILINE)
_CLEARSIGNED = re.compile(
    r"^-----BEGIN PGP SIGNED MESSAGE-----[ \t]*\n"
    r"(?:[A-Za-z-]{1,40}: [^\n]{0,200}\n){0,20}[ \t]*\n?",
    re.MULTILINE,
)
_PGP_SIGNATURE = re.compile(
    r"^-----BEGIN PGP SIGNATURE-----[ \t]*$.*?(?:^-----END PGP SIGNATURE-----[ \t]*$|\Z)",
    re.MULTILINE | re.DOTALL,
)
_DASH_ESCAPE = re.compile(r"^- (?=-|From )", re.MULTILINE)


def seals_of(root: Part) -> tuple[SealedPart, ...]:
    """Name the seals of a message, each kind once."""
    found = [seal for part in root.walk() if (seal := _seal_of(part)) is not None]
    return tuple(SealedPart(seal=seal) for seal in dict.fromkeys(found))


def _seal_of(part: Part) -> Seal | None:
    kind = part.media_type
    if kind == "multipart/encrypted" or kind == "application/pgp-encrypted":
        return Seal.PGP_ENCRYPTED
    if kind == "multipart/signed":
        protocol = part.content_type.parameter("protocol").lower()
        types = {protocol, *(child.media_type for child in part.children)}
        return Seal.SMIME_SIGNED if types & set(_SMIME_SIGNATURES) else Seal.PGP_SIGNED
    if kind in PKCS7_TYPES:
        return _smime_seal(part)
    return None


def _smime_seal(part: Part) -> Seal | None:
    kind = part.content_type.parameter("smime-type").lower()
    content = _content_type(part.decoded())
    if content in _ENCRYPTED or kind in ("enveloped-data", "authenveloped-data"):
        return Seal.SMIME_ENCRYPTED
    if kind == "certs-only" or content == _COMPRESSED or kind == "compressed-data":
        return None
    if content == _SIGNED_DATA or kind == "signed-data":
        return Seal.SMIME_SIGNED
    # What cannot be read at all is most likely locked.
    return Seal.SMIME_ENCRYPTED


def unwrapped(part: Part) -> bytes:
    """Return the message inside an opaque signature or a compression; empty when there is none."""
    raw = part.decoded()
    reader = BerReader(raw)
    outer = reader.element(0)
    if outer is None or outer.tag != SEQUENCE:
        return b""
    content = _content_type(raw)
    if content not in (_SIGNED_DATA, _COMPRESSED):
        return b""
    # ContentInfo { type, [0] { SEQUENCE { version, algorithms, { type, [0] { octets } }, … } } }
    for wrapper in reader.children(outer):
        if wrapper.tag != CONTEXT_0:
            continue
        for data in reader.children(wrapper):
            fields = list(reader.children(data))
            if len(fields) > 2:
                inner = _encapsulated(reader, fields[2].start, fields[2].stop)
                return _inflated(inner) if content == _COMPRESSED else inner
    return b""


def _content_type(raw: bytes) -> bytes:
    reader = BerReader(raw)
    outer = reader.element(0)
    if outer is None or outer.tag != SEQUENCE:
        return b""
    first = next(reader.children(outer), None)
    return reader.octets(first) if first is not None and first.tag == OID else b""


def _encapsulated(reader: BerReader, start: int, stop: int) -> bytes:
    at = start
    while (field := reader.element(at, stop)) is not None:
        if field.tag == CONTEXT_0:
            return b"".join(reader.octets(octets) for octets in reader.children(field))
        at = field.end
    return b""


def _inflated(raw: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(raw, _MAX_UNPACKED)
    except zlib.error:
        return b""


def open_armour(text: str) -> tuple[str, Seal | None]:
    """Take the armour of an inline PGP signature off; name what is encrypted and leave it."""
    if "-----BEGIN PGP " not in text:
        return text, None
    if _PGP_MESSAGE.search(text):
        return text, Seal.PGP_ENCRYPTED
    signed = _CLEARSIGNED.search(text)
    if signed is None:
        return text, None
    opened = _PGP_SIGNATURE.sub("", text[signed.end() :])
    return text[: signed.start()] + _DASH_ESCAPE.sub("", opened).strip("\n"), Seal.PGP_SIGNED
