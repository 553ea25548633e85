"""A page of customers' words, to be read aloud, printed or passed on. What writes it knows no more.

Words stand as they were said: a page leaves out or puts in, it shortens nothing.
"""

import unicodedata
from dataclasses import dataclass

from supportdesk.domain.voices import Felt

ALOUD_WORDS_PER_MINUTE = 150.0
"""Slower than eyes read, for whoever listens has to follow."""
_UNSPACED = 2
"""Signs of a script without spaces that take as long as a word of another."""
_UNSPACED_SCRIPTS = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")
_MOST_LOOKED_AT = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Words of one person.

    Attributes:
        words: To the letter, perhaps several lines, perhaps hostile.
        by: Whose they are, masked or not.
        about: Where and when they were said: "mail, Fri 20 Nov".
        felt: What the listener chose.
        note: What the founder put beside them.
    """

    words: str
    by: str = ""
    about: str = ""
    felt: Felt | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Passages under a heading; `are_quotes` for words to be set in quotation marks."""

    title: str
    passages: tuple[Passage, ...]
    are_quotes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsPage:
    """What is on the page, in its order; a section without passages is not written."""

    title: str
    subtitle: str
    sections: tuple[Section, ...]
    footer: str = ""

    @property
    def written(self) -> tuple[Section, ...]:
        return tuple(section for section in self.sections if section.passages)


def spoken_words(text: str) -> int:
    """How many words of speech: of scripts without spaces two signs are taken for one."""
    looked_at = text[:_MOST_LOOKED_AT]
    unspaced = sum(_is_unspaced(sign) for sign in looked_at)
    spaced = "".join(" " if _is_unspaced(sign) else sign for sign in looked_at)
    return len(spaced.split()) + (unspaced + 1) // _UNSPACED


def aloud_seconds(passage: Passage) -> float:
    """How long it takes to read it aloud, with whose words they are."""
    words = spoken_words(passage.words) + spoken_words(passage.by) + spoken_words(passage.note)
    return words * 60.0 / ALOUD_WORDS_PER_MINUTE


def page_seconds(page: WordsPage) -> float:
    """How long it takes to read the whole page aloud."""
    headings = sum(spoken_words(section.title) for section in page.written)
    spoken = sum(aloud_seconds(one) for section in page.written for one in section.passages)
    return spoken + (headings + spoken_words(page.title)) * 60.0 / ALOUD_WORDS_PER_MINUTE


def _is_unspaced(sign: str) -> bool:
    return sign > "\u0dff" and unicodedata.name(sign, "").startswith(_UNSPACED_SCRIPTS)
