"""From bytes to letters, by a charset that may be unknown, misspelt or wrong. Never raises.

What can be known is not lost: a byte that makes no sense is shown as U+FFFD, never dropped.
"""

import codecs
import re
from functools import lru_cache

from supportdesk.protocols.charset_guess import guess_charset

_ALIASES = {
    "unicode-1-1-utf-7": "utf-7",
    "utf8mb4": "utf-8",
    "unicode": "utf-8",
    "utf": "utf-8",
    "x-gbk": "gb18030",
    "x-gb": "gb18030",
    "gb_2312-80": "gb18030",
    "chinesebig5": "cp950",
    "cn-big5": "cp950",
    "x-sjis": "cp932",
    "x-euc-jp": "euc_jp",
    "x-euc-kr": "cp949",
    "macintosh": "mac-roman",
    "x-mac-roman": "mac-roman",
    "x-mac-ce": "mac-latin2",
    "x-mac-cyrillic": "mac-cyrillic",
    "x-mac-greek": "mac-greek",
    "x-mac-turkish": "mac-turkish",
    "koi8-ru": "koi8-u",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "iso-8859-6-i": "iso-8859-6",
    "iso-8859-6-e": "iso-8859-6",
    "iso-2022-jp-ms": "iso-2022-jp",
    "csiso2022jp": "iso-2022-jp",
    "cp50220": "iso-2022-jp",
    "cp50221": "iso-2022-jp",
    "cp65001": "utf-8",
    "cp936": "gb18030",
    "cp54936": "gb18030",
    "cp28591": "cp1252",
    "cp28592": "iso-8859-2",
    "cp20866": "koi8-r",
    "cp20127": "cp1252",
    "ansi_x3.4-1968": "cp1252",
    "ansi_x3.110-1983": "cp1252",
    "csisolatin1": "cp1252",
    "latin2": "iso-8859-2",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "shift-jis": "cp932",
    "sjis": "cp932",
}
# By the names that Python gives them, whatever alias was used. What senders call ASCII or Latin-1
# is Windows-1252 wherever the two differ, and the East Asian standards are subsets of these
# extensions (WHATWG Encoding).
_STANDARD = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "cp1252": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc-kr": "cp949",
    "shift-jis": "cp932",
    "big5": "cp950",
    "utf-8": "utf-8",
    "iso2022-jp": "iso-2022-jp",
    "iso2022-jp-1": "iso-2022-jp",
    "iso2022-jp-ext": "iso-2022-jp",
    "utf-7": "utf-7",
}
_CODE_PAGE = re.compile(r"(?:x-)?(?:cp|win|windows|ibm|ms|dos)[-_ ]?(\d{3,5})$")
_ISO = re.compile(r"(?:x-)?iso[-_ ]?8859[-_ ]?(\d{1,2})(?::\d{4})?$")
_WIDE = re.compile(r"utf[-_ ]?(8|16|32)[-_ ]?(le|be)?$")
# Codecs of Python that are no charsets would give bytes or run for ever: only these are asked.
_TEXT_CHARSET = re.compile(
    r"utf|iso|cp|gb|big5|euc|shift|koi|mac|latin|tis|hz|johab|ptcp|viscii|kz|l\d"
)
# Where a text of the standard has letters at 0x80-0x9F, it is of its extension by Microsoft.
_EXTENSIONS = {
    "iso-8859-2": "cp1250",
    "iso-8859-5": "cp1251",
    "iso-8859-6": "cp1256",
    "iso-8859-7": "cp1253",
    "iso-8859-8": "cp1255",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "iso-8859-13": "cp1257",
    "tis-620": "cp874",
}
_C1 = re.compile(rb"[\x80-\x9f]")
_SINGLE_BYTE = re.compile(
    r"cp(?:125\d|8\d\d|437|737|775)$|iso-?8859|iso_8859|koi8|mac-|latin|tis|ptcp"
)
# Fewer letters lost than this: the charset is right and the text is broken here and there.
_LOST_SHARE = 0.1


def charset_name(charset: str | None) -> str:
    """Return Python's name for what a message calls a charset; empty when there is none."""
    return _charset_name(charset[:80]) if charset else ""


@lru_cache(maxsize=256)
def _charset_name(charset: str) -> str:
    name = charset.strip("\"'; \t\r\n").lower().removeprefix("charset=")
    if found := _CODE_PAGE.match(name):
        name = f"cp{found[1]}"
    elif found := _ISO.match(name):
        name = f"iso-8859-{found[1]}"
    elif found := _WIDE.match(name):
        name = f"utf-{found[1]}{'-' + found[2] if found[2] else ''}"
    name = _ALIASES.get(name, name)
    if not name.isascii() or not _TEXT_CHARSET.match(name):
        return ""
    try:
        known = codecs.lookup(name).name
    except (LookupError, ValueError):
        return ""
    return _STANDARD.get(known.replace("_", "-"), name)


def decode_charset(raw: bytes, charset: str | None) -> str:
    """Decode by the named charset; by a guess when that is unknown or does not fit."""
    name = charset_name(charset)
    if name == "utf-8":
        return raw.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace")
    if not name or name == "cp1252":
        return decode_8bit(raw, likely="cp1252" if name else "")
    if name == "iso-2022-jp":
        return decode_iso_2022_jp(raw)
    if _SINGLE_BYTE.match(name):
        return _decode_single_byte(raw, name)
    return _decode_wide(raw, name)


def _decode_single_byte(raw: bytes, name: str) -> str:
    if raw.isascii():
        return raw.decode("ascii")
    try:
        # Letters of one byte hardly ever look like UTF-8: then the label is wrong.
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if name in _EXTENSIONS and _C1.search(raw):
        name = _EXTENSIONS[name]
    return raw.decode(name, "replace")


def _decode_wide(raw: bytes, name: str) -> str:
    if name.startswith(("utf-16", "utf-32")) and b"\0" not in raw and _is_utf8(raw):
        return decode_8bit(raw)
    try:
        text = raw.decode(name)
        return text.removeprefix("\ufeff")
    except (UnicodeError, ValueError):
        pass
    text = raw.decode(name, "replace")
    if name == "utf-7" or text.count("\ufffd") > max(1, len(text) * _LOST_SHARE):
        return decode_8bit(raw)
    return text


def decode_8bit(raw: bytes, *, likely: str = "") -> str:
    """Decode letters of an unnamed charset: UTF-8 if it fits, `likely` if that does, or a guess."""
    if b"\x1b$" in raw and raw.isascii():
        return decode_iso_2022_jp(raw)
    try:
        return raw.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError:
        pass
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16", "replace")
    if _is_broken_utf8(raw):
        return raw.decode("utf-8", "replace")
    for name in (likely, guess_charset(raw), "cp1252"):
        try:
            if name:
                return raw.decode(name)
        except UnicodeDecodeError:
            continue
    return raw.decode("cp1252", "replace")


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


def _is_broken_utf8(raw: bytes) -> bool:
    """Tell UTF-8 with a few broken or cut letters: nearly all that is not ASCII fits."""
    text = raw[:100_000].decode("utf-8", "replace")
    lost = text.count("\ufffd")
    return sum(1 for _ in _NOT_ASCII.finditer(text)) > 4 * lost


_ESCAPE = re.compile(rb"\x1b(\$[@B]|\$\(D|\([BJIH])")


def decode_iso_2022_jp(raw: bytes) -> str:
    """Decode the Japanese of mail, with the circled digits and half-width letters of Microsoft."""
    pieces: list[str] = []
    mode = b"(B"
    position = 0
    for escape in _ESCAPE.finditer(raw):
        pieces.append(_decode_jis(raw[position : escape.start()], mode))
        mode = escape[1]
        position = escape.end()
    pieces.append(_decode_jis(raw[position:], mode))
    return "".join(pieces)


def _decode_jis(raw: bytes, mode: bytes) -> str:
    if not raw:
        return ""
    if mode in (b"$B", b"$@"):
        # Each line begins in ASCII again (RFC 1468), whatever a sender forgot.
        first, *rest = raw.split(b"\n")
        pairs = _shifted(first).decode("cp932", "replace").replace("\uf8f3", "\ufffd")
        return "\n".join((pairs, *(decode_8bit(line) for line in rest)))
    if mode == b"$(D":
        return (b"\x1b$(D" + raw + b"\x1b(B").decode("iso2022_jp_ext", "replace")
    if mode == b"(I":
        return raw.translate(_TO_8BIT).decode("cp932", "replace")
    return raw.decode("ascii") if raw.isascii() else decode_8bit(raw, likely="cp932")


_TO_8BIT = bytes(code | 0x80 if 0x21 <= code <= 0x5F else code for code in range(256))


# No letter in Shift JIS, but a private one for Python.
_NO_LETTER = b"\xff"


def _shifted(raw: bytes) -> bytes:
    """Turn pairs of JIS X 0208 into Shift JIS, of which Python knows the extensions."""
    out = bytearray()
    for at in range(0, len(raw) - 1, 2):
        row, cell = raw[at], raw[at + 1]
        if not (0x21 <= row <= 0x7E and 0x21 <= cell <= 0x7E):
            out += _NO_LETTER
            continue
        lead = (row + 1) // 2 + (0x70 if row < 0x5F else 0xB0)
        odd = cell + (0x1F if cell < 0x60 else 0x20)
        trail = odd if row % 2 else cell + 0x7E
        out += bytes((lead, trail))
    return bytes(out) + (_NO_LETTER if len(raw) % 2 else b"")
