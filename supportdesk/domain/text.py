"""Text from strangers made fit for one line of a pop-up (F75)."""

import unicodedata
from collections.abc import Iterator

_ELLIPSIS = "…"
# A word that would take more than a quarter of the room with it is cut instead.
_LEAST_KEPT = 0.75
_ZERO_WIDTH_JOINER = "\u200d"

# Marks that turn the reading direction, so that "exe.gpj" reads "jpg.exe" (UAX #9).
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_INVISIBLE = frozenset("\u200b\u2060\ufeff\ufff9\ufffa\ufffb")


def clean_line(text: str) -> str:
    """One line without control, bidi and invisible characters; runs of space become one."""
    return " ".join("".join(_cleaned(text)).split())


def _cleaned(text: str) -> Iterator[str]:
    for char in text:
        if char.isspace():
            yield " "
        elif char not in _BIDI and char not in _INVISIBLE and not _is_unprintable(char):
            yield char


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
    return sum(2 if ord(char) > 0xFFFF else 1 for char in text)


def _belongs_together(before: str, after: str) -> bool:
    is_skin_tone = "\U0001f3fb" <= after <= "\U0001f3ff"
    is_mark = unicodedata.category(after).startswith("M")
    return is_mark or is_skin_tone or _ZERO_WIDTH_JOINER in (before, after)
