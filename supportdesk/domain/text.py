"""Text from strangers made fit for one line of a pop-up (F75)."""

import unicodedata

_ELLIPSIS = "…"
# A word that would take more than a quarter of the room with it is cut instead.
_LEAST_KEPT = 0.75
_ZERO_WIDTH_JOINER = "\u200d"

# Marks that turn the reading direction, so that "exe.gpj" reads "jpg.exe" (UAX #9).
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_INVISIBLE = frozenset("\u200b\u2060\ufeff\ufff9\ufffa\ufffb")


class _Cleaned(dict[int, str | None]):
    """What becomes of each character, looked up by its number; None where nothing does."""

    def __missing__(self, code: int) -> str | None:
        char = chr(code)
        is_dropped = char in _BIDI or char in _INVISIBLE or _is_unprintable(char)
        made = " " if char.isspace() else None if is_dropped else char
        self[code] = made
        return made


_CLEANED = _Cleaned()


def clean_line(text: str) -> str:
    """One line without control, bidi and invisible characters; runs of space become one."""
    return " ".join(text.translate(_CLEANED).split())


def _is_unprintable(char: str) -> bool:
    """Control characters, lone surrogates and noncharacters: no bus and no file takes them all."""
    return unicodedata.category(char) in ("Cc", "Cs") or ord(char) & 0xFFFE == 0xFFFE


def clip_utf16(text: str, limit: int) -> str:
    """At most `limit` UTF-16 units, ending in an ellipsis when something was cut off.

    Windows counts in these units. It is cut behind a word where one ends late enough, and never
    between a letter and its accents or inside a joined emoji.
    """
    if _units(text) <= limit:
        return text
    if limit < 1:
        return ""
    end, used = 0, len(_ELLIPSIS)
    while used + _units(text[end]) <= limit:
        used += _units(text[end])
        end += 1
    while end > 0 and _belongs_together(text[end - 1], text[end]):
        end -= 1
    if not text[end].isspace():
        word_end = text.rfind(" ", 0, end)
        end = word_end if word_end >= end * _LEAST_KEPT else end
    return text[:end].rstrip() + _ELLIPSIS


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _belongs_together(before: str, after: str) -> bool:
    is_skin_tone = "\U0001f3fb" <= after <= "\U0001f3ff"
    is_mark = unicodedata.category(after).startswith("M")
    return is_mark or is_skin_tone or _ZERO_WIDTH_JOINER in (before, after)
