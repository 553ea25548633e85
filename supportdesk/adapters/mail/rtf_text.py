"""RTF as text, or as the HTML that Outlook hid in it (MS-OXRTFEX); bounded, and never raises."""

import re
from dataclasses import dataclass, field, replace

from supportdesk.protocols.charsets import charset_name

MAX_RTF = 4_000_000
MAX_TOKENS = 400_000
_MAX_DEPTH = 200

_TOKEN = re.compile(
    rb"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)
_SKIPPED = frozenset(
    b"fonttbl colortbl stylesheet info pict object header headerl headerr footer footerl footerr "
    b"themedata colorschememapping datastore latentstyles listtable listoverridetable rsidtbl "
    b"generator xmlnstbl fldinst bkmkstart bkmkend mmathPr filetbl revtbl".split()
)
_LETTERS = {
    b"par": "\n",
    b"line": "\n",
    b"row": "\n",
    b"sect": "\n",
    b"page": "\n",
    b"tab": "\t",
    b"cell": "\t",
    b"emdash": "—",
    b"endash": "–",
    b"lquote": "‘",
    b"rquote": "’",
    b"ldblquote": "“",
    b"rdblquote": "”",
    b"bullet": "•",
    b"emspace": " ",
    b"enspace": " ",
}
_SYMBOLS = {b"~": "\xa0", b"_": "-", b"\\": "\\", b"{": "{", b"}": "}", b"\n": "\n", b"\r": "\n"}
# \fcharsetN of a font, as a code page.
_FONT_CHARSETS = {
    0: 1252,
    77: 10000,
    128: 932,
    129: 949,
    134: 936,
    136: 950,
    161: 1253,
    162: 1254,
    163: 1258,
    177: 1255,
    178: 1256,
    186: 1257,
    204: 1251,
    222: 874,
    238: 1250,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RtfText:
    """What an RTF says: either the HTML it was made of, or its plain text."""

    plain: str = ""
    html: str = ""


@dataclass(frozen=True, slots=True)
class _State:
    """What a group inherits from the one around it."""

    is_skipped: bool = False
    is_html_tag: bool = False
    is_rtf_only: bool = False
    is_font_table: bool = False
    unicode_skip: int = 1
    font: int = -1


@dataclass(slots=True)
class _Reader:
    """Follows the groups and collects letters; bytes of one code page are decoded together."""

    code_page: str = "cp1252"
    is_html: bool = False
    out: list[str] = field(default_factory=list)
    pending: bytearray = field(default_factory=bytearray)
    fonts: dict[int, str] = field(default_factory=dict)
    state: _State = field(default_factory=_State)
    stack: list[_State] = field(default_factory=list)
    to_skip: int = 0
    is_ignorable: bool = False

    def read(self, raw: bytes) -> None:
        for count, token in enumerate(_TOKEN.finditer(raw)):
            if count > MAX_TOKENS:
                break
            word, number, octet, symbol, brace, text = token.groups()
            if word is not None:
                self._word(word, int(number) if number else None)
            elif octet is not None:
                self._octets(bytes((int(octet, 16),)))
            elif symbol is not None:
                self._symbol(symbol)
            elif brace is not None:
                self._brace(brace)
            elif text is not None:
                self._octets(text)
        self._flush()

    def _brace(self, brace: bytes) -> None:
        self._flush()
        self.to_skip = 0
        self.is_ignorable = False
        if brace == b"{":
            if len(self.stack) < _MAX_DEPTH:
                self.stack.append(self.state)
        elif self.stack:
            self.state = self.stack.pop()

    def _symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            self.is_ignorable = True
        elif symbol in _SYMBOLS:
            self._letters(_SYMBOLS[symbol])

    def _octets(self, octets: bytes) -> None:
        if self.to_skip:
            # What stands in for a letter of \u, for readers that do not know it.
            skipped = min(self.to_skip, len(octets))
            self.to_skip -= skipped
            octets = octets[skipped:]
        if octets and self._is_visible():
            self.pending += octets

    def _letters(self, letters: str) -> None:
        if self.to_skip:
            self.to_skip -= 1
        elif self._is_visible():
            self._flush()
            self.out.append(letters)

    def _is_visible(self) -> bool:
        state = self.state
        if state.is_skipped or state.is_font_table:
            return False
        return not (self.is_html and state.is_rtf_only and not state.is_html_tag)

    def _flush(self) -> None:
        if self.pending:
            page = self.fonts.get(self.state.font, self.code_page)
            self.out.append(bytes(self.pending).decode(page, "replace"))
            self.pending.clear()

    def _word(self, word: bytes, number: int | None) -> None:
        is_ignorable, self.is_ignorable = self.is_ignorable, False
        if word in (b"f", b"u", b"uc", b"ansicpg", b"fcharset", b"htmlrtf", b"fromhtml"):
            self._numbered(word, number)
        elif word == b"fonttbl":
            self.state = replace(self.state, is_font_table=True)
        elif word == b"htmltag":
            self._flush()
            self.state = replace(self.state, is_html_tag=True, is_skipped=not self.is_html)
        elif word in _LETTERS:
            self._letters(_LETTERS[word])
        elif word in _SKIPPED or is_ignorable:
            self._flush()
            self.state = replace(self.state, is_skipped=True)

    def _numbered(self, word: bytes, number: int | None) -> None:
        if word == b"u":
            self._unicode(number or 0)
        elif word == b"uc":
            self.state = replace(self.state, unicode_skip=min(max(number or 0, 0), 8))
        elif word == b"f":
            self._flush()
            self.state = replace(self.state, font=number or 0)
        elif word == b"fcharset" and self.state.is_font_table:
            page = charset_name(f"cp{_FONT_CHARSETS.get(number or 0, 0)}")
            if page and len(self.fonts) < 1000 and number:
                self.fonts[self.state.font] = page
        elif word == b"ansicpg":
            self.code_page = charset_name(f"cp{number}") or self.code_page
        elif word == b"fromhtml":
            self.is_html = True
        else:
            self._flush()
            self.state = replace(self.state, is_rtf_only=number != 0)

    def _unicode(self, number: int) -> None:
        code = number & 0xFFFF
        self._letters(chr(code))
        self.to_skip = self.state.unicode_skip


def read_rtf(raw: bytes) -> RtfText:
    """Read an RTF document."""
    if not raw.lstrip().startswith(b"{\\rtf"):
        return RtfText()
    reader = _Reader()
    reader.read(raw[:MAX_RTF])
    # Letters beyond the first plane come as two halves.
    text = "".join(reader.out).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return RtfText(html=text) if reader.is_html else RtfText(plain=text.strip("\n"))
