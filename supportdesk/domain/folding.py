"""Letters folded for search, the same way in what is kept and in what is typed.

The index (FTS5, unicode61) takes case and the accents of Latin letters away by itself. Here is what
it leaves: letters that are no accented ones (ß -> ss, ł -> l, æ -> ae), Greek and Cyrillic accents,
and writing without spaces. German and Nordic names are written in two ways, Müller and Mueller:
`spellings` gives what else a word may have been written as.
"""

import re
import unicodedata
from functools import cache

# Not for the index: characters that nobody types stand there for facts such as "has an attachment".
PRIVATE = range(0xE000, 0xF900)

_SPECIAL = {
    "ß": "ss",
    "ẞ": "SS",
    "æ": "ae",
    "Æ": "AE",
    "œ": "oe",
    "Œ": "OE",
    "ø": "o",
    "Ø": "O",
    "ł": "l",
    "Ł": "L",
    "đ": "d",
    "Đ": "D",
    "ð": "d",
    "Ð": "D",
    "þ": "th",
    "Þ": "TH",
    "ħ": "h",
    "Ħ": "H",
    "ŧ": "t",
    "Ŧ": "T",
    "ŋ": "n",
    "Ŋ": "N",
    "ı": "i",
    "ſ": "s",
    "ĳ": "ij",
    "Ĳ": "IJ",
    "ﬁ": "fi",
    "ﬂ": "fl",
    "ﬀ": "ff",
    "ﬃ": "ffi",
    "ﬄ": "ffl",
}
_ACCENTS = range(0x300, 0x370)
_LATIN = re.compile(f"[\x00-\x7f{chr(_ACCENTS[0])}-{chr(_ACCENTS[-1])}]*")
_ACCENTED = (range(0x1CD, 0x220), range(0x370, 0x530), range(0x1F00, 0x2000))

# Without spaces between words each character is a word, and what is typed a row of them.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"

_DIGRAPHS = {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"}
_WRITTEN_OUT = str.maketrans(_DIGRAPHS | {a.upper(): b.upper() for a, b in _DIGRAPHS.items()})
# "Mueller", "fuer", but not "neue", "Steuer", "Quelle" or "blue".
_WRITTEN_AS_TWO = re.compile(
    r"(?<![aeiouqy])([aou])e(?=[bcdfghjklmnprstvwxz])|(?<!a)(a)a(?!a)", re.I
)


def _folded_letters() -> dict[str, str]:
    letters = dict(_SPECIAL)
    for alphabet in _ACCENTED:
        for letter in map(chr, alphabet):
            parts = unicodedata.normalize("NFD", letter)
            plain = "".join(part for part in parts if ord(part) not in _ACCENTS)
            if plain != letter:
                letters[letter] = _SPECIAL.get(plain, plain)
    return letters


@cache
def _folding() -> tuple[re.Pattern[str], dict[str, str]]:
    """Made when it is first needed: a quiet tray searches nothing."""
    letters = _folded_letters()
    private = f"{chr(PRIVATE[0])}-{chr(PRIVATE[-1])}"
    return re.compile(f"[{''.join(map(re.escape, letters))}{private}{_UNSPACED}]"), letters


def fold(text: str) -> str:
    """A text as it is handed to the index."""
    if text.isascii():
        return text
    pattern, letters = _folding()
    return pattern.sub(lambda found: letters.get(found[0]) or _apart(found[0]), text)


def bare(text: str) -> str:
    """Folded, and without case and accents, which the words of an index lose by themselves."""
    low = fold(text).casefold()
    if low.isascii():
        return low
    parts = unicodedata.normalize("NFD", low)
    if _LATIN.fullmatch(parts):
        return parts.encode("ascii", "ignore").decode()  # thousands of texts are searched at once
    return "".join(part for part in parts if not unicodedata.combining(part))


def _apart(letter: str) -> str:
    return " " if ord(letter) in PRIVATE else f" {letter} "


def spellings(words: str) -> tuple[str, ...]:
    """Folded, in all the ways in which it may have been written: at most three."""
    composed = unicodedata.normalize("NFC", words)
    found = [fold(composed), fold(composed.translate(_WRITTEN_OUT))]
    found.append(fold(_WRITTEN_AS_TWO.sub(r"\1\2", composed)))
    return tuple(dict.fromkeys(found))
