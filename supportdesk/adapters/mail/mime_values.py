"""Content-Type and Content-Disposition with their parameters (RFC 2045, 2183, 2231), and names.

Parameters come quoted by half, without semicolons, in sections, in percents and in encoded words.
"""

import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from supportdesk.protocols.mail_headers import clean_text, decode_charset, decode_words

MAX_NAME_BYTES = 200
_MAX_VALUE = 20_000
_MAX_EXTENSION = 20

_SPACES = re.compile(rb"\s+")
_VALUE = re.compile(rb"\s*\"?\s*([^\s;,=\"()]+)(?![^\s;,]*=)")
# A quote ends where a parameter may begin; one that stands inside of a name does not end it.
_PARAMETER = re.compile(
    rb"(?:;|\s|^)\s*([!-:<>-~]{1,80}?)\s*=\s*"
    rb"(?:\"((?:[^\"\\]|\\.|\"(?!\s*(?:;|$|[\w*.-]{1,40}=))){0,8000}+)\"?"
    rb"|([^;\"]*?)(?=\s*(?:[;\"]|$|\s[\w*.-]{1,40}=)))",
    re.DOTALL,
)
_SECTION = re.compile(r"(.+?)\*(?:(\d{1,3})(\*)?)?$")
_ESCAPED = re.compile(rb"\\([\"\\])")
_PERCENTS = re.compile(r"(?:%[0-9A-Fa-f]{2}){2}")
_FORBIDDEN_IN_NAMES = re.compile(r'[<>:"|?*\\/]')
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])\s*(?:\.|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderValue:
    """A structured header: `text/plain; charset=utf-8` is a value with parameters."""

    value: str = ""
    parameters: tuple[tuple[str, str], ...] = ()

    def parameter(self, name: str) -> str:
        return next((value for known, value in self.parameters if known == name), "")


def parse_header_value(raw: bytes, charset: str | None = None) -> HeaderValue:
    """Parse Content-Type or Content-Disposition, with continued and encoded parameters."""
    # Runs of white space would let the expression below look at each of them from each.
    head = _SPACES.sub(b" ", raw[:_MAX_VALUE])
    value = _VALUE.match(head)
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[bool, bytes]]] = {}
    for found in _PARAMETER.finditer(head):
        name = found[1].decode("ascii").lower()
        text = found[2] if found[2] is not None else found[3].strip()
        text = _ESCAPED.sub(rb"\1", text)
        section = _SECTION.match(name)
        if section is None:
            plain.setdefault(name, _plain_value(text, charset))
            continue
        is_encoded = section[2] is None or section[3] is not None
        sections = pieces.setdefault(section[1], {})
        sections.setdefault(int(section[2] or 0), (is_encoded, text))
    for name, sections in pieces.items():
        joined = _join(sections, charset)
        if joined and not ("\ufffd" in joined and plain.get(name)):
            plain[name] = joined
    kind = value[1].decode("ascii", "replace").lower() if value else ""
    return HeaderValue(value=kind, parameters=tuple(plain.items()))


def _plain_value(raw: bytes, charset: str | None) -> str:
    """Decode a parameter by the rules it was not written by."""
    text = decode_words(raw, charset).strip()
    if _PERCENTS.search(text):
        try:
            decoded = unquote_to_bytes(text).decode("utf-8")
        except UnicodeDecodeError:
            return text
        return text if decoded.isascii() else decoded
    return text


def _join(sections: dict[int, tuple[bool, bytes]], fallback: str | None) -> str:
    """Join the sections of a parameter (RFC 2231): the first one names the charset."""
    charset = b""
    joined = b""
    is_any_encoded = False
    for number in sorted(sections):
        is_encoded, text = sections[number]
        if is_encoded:
            is_any_encoded = True
            if number == 0 and text.count(b"'") >= 2:
                charset, _, text = text.split(b"'", 2)
            text = unquote_to_bytes(text)
        joined += text
    if not is_any_encoded or b"=?" in joined:
        return _plain_value(joined, fallback)
    return decode_charset(joined, charset.decode("ascii", "replace") or "utf-8").strip()


def safe_file_name(name: str) -> str:
    """Take out of a name paths, control characters, and what no file system allows."""
    last = clean_text(name, 4000).replace("\\", "/").rstrip("/ ").rpartition("/")[2]
    plain = _FORBIDDEN_IN_NAMES.sub("_", last).lstrip(".").strip(" ").rstrip(". ")
    if _DEVICE.match(plain):
        plain = f"_{plain}"
    if len(plain.encode("utf-8", "replace")) <= MAX_NAME_BYTES:
        return plain
    stem, dot, extension = plain.rpartition(".")
    if not dot or len(extension) > _MAX_EXTENSION:
        stem, extension = plain, ""
    room = MAX_NAME_BYTES - len(f"…{dot}{extension}".encode())
    cut = stem.encode("utf-8", "replace")[:room].decode("utf-8", "ignore").rstrip(". ")
    return f"{cut}…{dot if extension else ''}{extension}"
