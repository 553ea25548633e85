"""Where in a found message the words are: marks for subject and sender, a line of the text.

The index says which messages, not where. The words are found again in the text as it was written,
by patterns that read "Mueller", "Müller" and "MULLER" alike.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from supportdesk.domain.folding import fold, spellings
from supportdesk.domain.mail import Mailer, MessageSummary
from supportdesk.domain.search import Found, Range, SearchHit
from supportdesk.domain.text import clean_line
from supportdesk.services.search_query import SearchQuery, SearchTerm

_BEFORE, _LENGTH = 40, 160
_LONGEST_LOOK = 20_000
_ELLIPSIS = "…"
# The letters of Europe. With all that Unicode has, making a pattern takes longer than the search.
_LETTERS = (range(0xC0, 0x180), range(0x218, 0x21C), range(0x386, 0x3CF), range(0x400, 0x460))
_PAIRS = {"ss": "ßẞ", "ae": "æÆ", "oe": "œŒ", "th": "þÞ"}
_ALSO = {"o": "øØ", "l": "łŁ", "d": "đĐðÐ", "h": "ħĦ", "t": "ŧŦ", "n": "ŋŊ", "i": "ıİ", "s": "ſ"}
_WORD_CHARACTER = r"[^\W_]"
_WORD = re.compile(f"{_WORD_CHARACTER}+")


@dataclass(frozen=True, slots=True, kw_only=True)
class HitText:
    """What is kept of the message's text; all empty where there is none."""

    text: str = ""
    quoted: str = ""
    cards: str = "[]"
    parts: str = "[]"


class Marker:
    """Finds the words of one query in messages that have them."""

    def __init__(self, query: SearchQuery) -> None:
        wanted = [term for term in query.terms if not term.is_excluded]
        self._patterns = {
            field: [_pattern(term) for term in wanted if term.field in (None, field)]
            for field in Found
        }

    def hit(self, message: MessageSummary, kept: HitText) -> SearchHit:
        label = _line(message.sender.label)
        texts = (kept.text or message.preview, kept.quoted, kept.cards.strip("[]"))
        snippet = self._snippet(texts)
        words = snippet or _short(texts[0][:_LENGTH], is_cut=False)
        subject_marks = self._marks(Found.SUBJECT, message.subject)
        sender_marks = self._marks(Found.SENDER, label)
        file = self._file(kept.parts)
        where: list[Found] = []
        if subject_marks:
            where.append(Found.SUBJECT)
        if sender_marks or self._has(Found.SENDER, message.sender.email):
            where.append(Found.SENDER)
        if snippet is not None:
            where.append(Found.TEXT)
        if file:
            where.append(Found.FILE)
        # To whom it went is nearly always the same: looked at where it matters, which saves time.
        if not where and self._is_to(message.recipients):
            where.append(Found.RECIPIENT)
        return SearchHit(
            message=message,
            where=tuple(where),
            snippet=words,
            snippet_marks=self._marks(Found.TEXT, words) if snippet else (),
            subject_marks=subject_marks,
            sender_marks=sender_marks,
            file=file,
        )

    def _is_to(self, recipients: Iterable[Mailer]) -> bool:
        return any(self._has(Found.RECIPIENT, f"{one.name} {one.email}") for one in recipients)

    def _snippet(self, texts: Iterable[str]) -> str | None:
        """The words around the first place in the first text that has one."""
        for text in texts:
            look = unicodedata.normalize("NFC", text[:_LONGEST_LOOK])
            found = _first(self._patterns[Found.TEXT], look)
            if found is not None:
                start = _word_start(look, max(0, found - _BEFORE), found)
                return _short(look[start : start + _LENGTH], is_cut=start > 0)
        return None

    def _file(self, parts: str) -> str:
        if parts == "[]" or not self._patterns[Found.FILE]:
            return ""
        names = [str(part[0]) for part in json.loads(parts)]
        return next((name for name in names if self._has(Found.FILE, name)), "")

    def _has(self, field: Found, text: str) -> bool:
        composed = unicodedata.normalize("NFC", text)
        return any(pattern.search(composed) for pattern in self._patterns[field])

    def _marks(self, field: Found, text: str) -> tuple[Range, ...]:
        """Ranges in order, those that touch or overlap as one."""
        spans = [
            found.span() for pattern in self._patterns[field] for found in pattern.finditer(text)
        ]
        return tuple(_joined(sorted(spans))) if len(spans) > 1 else tuple(spans)


def _first(patterns: Iterable[re.Pattern[str]], text: str) -> int | None:
    for pattern in patterns:
        found = pattern.search(text)
        if found is not None:
            return found.start()
    return None


def _word_start(text: str, start: int, found: int) -> int:
    """Begin with a whole word, if one begins before the place."""
    if start == 0:
        return 0
    space = re.compile(r"\s\S").search(text, start, found + 1)
    return space.start() + 1 if space else start


def _short(text: str, *, is_cut: bool) -> str:
    return f"{_ELLIPSIS}{_line(text)}" if is_cut else _line(text)


def _line(text: str) -> str:
    """As `clean_line`, at once where there is nothing to clean but space."""
    line = " ".join(text.split())
    return line if line.isprintable() else clean_line(line)


def _joined(spans: Iterable[Range]) -> Iterator[Range]:
    last: Range | None = None
    for start, end in spans:
        if last is None:
            last = (start, end)
        elif start <= last[1]:
            last = (last[0], max(end, last[1]))
        else:
            yield last
            last = (start, end)
    if last is not None:
        yield last


# --- patterns ----------------------------------------------------------------------------


@lru_cache(maxsize=64)
def _pattern(term: SearchTerm) -> re.Pattern[str]:
    """All spellings of a term; remembered, since only the last word changes while one types."""
    bodies = [_phrase(words, is_prefix=term.is_prefix) for words in spellings(term.text)]
    return re.compile("|".join(body for body in bodies if body) or "(?!)")


def _phrase(text: str, *, is_prefix: bool) -> str:
    words = _WORD.findall(_plain(text))
    if not words:
        return ""
    first = _pieces(words[0])
    body = "".join(first[1:])
    for before, word in pairwise(words):
        least = 0 if _is_unspaced(before) or _is_unspaced(word) else 1
        body += rf"[\W_]{{{least},20}}" + "".join(_pieces(word))
    end = "" if is_prefix or _is_unspaced(words[-1]) else f"(?!{_WORD_CHARACTER})"
    if _is_unspaced(words[0]):
        return first[0] + body + end
    # Behind the first letter, so that `re` can run ahead to the next one like it.
    if first[0].startswith("("):
        return f"(?<!{_WORD_CHARACTER}){first[0]}{body}{end}"
    return f"{first[0]}(?<!{_WORD_CHARACTER}.){body}{end}"


def _pieces(word: str) -> list[str]:
    """A pattern for each letter, or for two that are also written as one."""
    pieces = []
    place = 0
    while place < len(word):
        pair = word[place : place + 2]
        if pair in _PAIRS:
            pieces.append(f"(?:{_letter(pair[0])}{_letter(pair[1])}|[{_PAIRS[pair]}])")
        else:
            pieces.append(_letter(word[place]))
        place += 2 if pair in _PAIRS else 1
    return pieces


@cache
def _letter(plain: str) -> str:
    letters = {plain, plain.upper(), *_accented().get(plain, ""), *_ALSO.get(plain, "")}
    return "[" + "".join(re.escape(one) for one in sorted(letters) if len(one) == 1) + "]"


@cache
def _accented() -> dict[str, str]:
    """The accented forms of each letter."""
    forms: dict[str, str] = {}
    for letter in (chr(number) for alphabet in _LETTERS for number in alphabet):
        plain = _plain(letter)
        if len(plain) == 1 and plain != letter:
            forms[plain] = forms.get(plain, "") + letter
    return forms


def _plain(text: str) -> str:
    parts = unicodedata.normalize("NFD", fold(text))
    return "".join(part for part in parts if not unicodedata.combining(part)).lower()


def _is_unspaced(word: str) -> bool:
    return len(word) == 1 and fold(word) != word
