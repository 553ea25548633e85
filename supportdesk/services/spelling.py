"""Which words of a draft are looked at by the spell check, and what a spell check can do."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

SIGNATURE = "-- "
_LONGEST = 60
_LEAST = 2
# Addresses, fields of saved replies, names of files and of things in programs are no words.
_NO_WORD = re.compile(r"https?://\S+|\S+@\S+|\{[^{}\n]{1,30}\}|\S*[\d_\\/]\S*|\w+\.\w[\w.]*")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


class Speller(Protocol):
    """A dictionary that answers later. Lives on the GUI thread."""

    def begin(self) -> None:
        """Somebody writes: it may be asked from now on."""
        ...

    def end(self) -> None:
        """Nobody writes any more: it lets go of its memory."""
        ...

    def stop(self) -> None:
        """The run ends."""
        ...

    def wrong(self, words: Iterable[str]) -> frozenset[str]:
        """Those that are known to be wrong; of the others `heard` is called once it is known."""
        ...

    def suggest(self, word: str, then: Callable[[Sequence[str]], None]) -> None:
        """What may have been meant, the likeliest first."""
        ...

    def listen(self, heard: Callable[[], None], failed: Callable[[str, str], None]) -> None:
        """`heard`: some words are known to be wrong; `failed`: title and advice, once."""
        ...


def looked_at(line: str) -> list[tuple[int, int]]:
    """Where the words of a line begin and end that are to be looked at."""
    if line.startswith(">"):
        return []
    bare = _NO_WORD.sub(lambda found: " " * len(found[0]), line)
    return [found.span() for found in _WORD.finditer(bare) if _is_plain(found[0])]


def as_in_dictionary(word: str) -> str:
    """Dictionaries know the straight apostrophe."""
    return word.replace("’", "'")


def folder_order(language: str, found: Iterable[str]) -> list[str]:
    """Dictionaries that serve a language, the best first: its own, then those of its kin."""
    kin = language.partition("_")[0].lower()
    same = [name for name in found if name.replace("-", "_").partition("_")[0].lower() == kin]
    return sorted(same, key=lambda name: (name.replace("-", "_") != language, name))


def _is_plain(word: str) -> bool:
    """`NATO` and `supportDesk` are in no dictionary, and are meant so."""
    return _LEAST <= len(word) <= _LONGEST and word[1:] == word[1:].lower()
