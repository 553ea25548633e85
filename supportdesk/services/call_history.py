"""All calls that are kept, to look through: by what became of them, queue, day and words.

The newest calls come as they happen; older ones are read from the store a page at a time, because
ten thousand at once would hold the window. What words find is folded once, when a call is put; but
whose a number is may be said at any time, so that people are gone through with each question.
"""

import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol, assert_never

from supportdesk.domain.calls import Call, Outcome
from supportdesk.domain.folding import fold, spellings
from supportdesk.services.call_records import FOUNDER

PAGE = 250
MOST_CALLS = 20_000
_NUMBER_SIGNS = frozenset("0123456789+-/(). \u00a0")
_ENDING = 4


class Named(Protocol):
    """The part of the people that is asked here."""

    @property
    def version(self) -> int: ...

    def names(self) -> Mapping[str, str]: ...

    def owner_name(self, number: str) -> str: ...


class CallPages(Protocol):
    """The part of the desk store that is read here."""

    def older_calls(self, than: Call | None, limit: int) -> list[Call]: ...


class CallKind(Enum):
    """Which calls of the history are wanted."""

    ALL = "all"
    ANSWERED = "answered"
    MISSED = "missed"
    MINE = "mine"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallQuery:
    """All of it has to be true of a call.

    Attributes:
        queue: Empty for any.
        since: From this instant on.
        until: Before this instant.
        words: As they were typed: names, queues, digits of the number.
    """

    kind: CallKind = CallKind.ALL
    queue: str = ""
    since: datetime | None = None
    until: datetime | None = None
    words: str = ""


_Question = tuple[CallQuery, frozenset[str], int]


class CallHistory:
    """Calls newest first. A call that is put again replaces itself."""

    def __init__(self, pages: CallPages, *, most: int = MOST_CALLS) -> None:
        self._pages = pages
        self._most = most
        self._calls: dict[str, Call] = {}
        self._texts: dict[str, str] = {}
        self._endings: dict[str, str] = {}
        self._ordered: tuple[Call, ...] | None = None
        self._last_read: Call | None = None
        self._found: tuple[_Question, tuple[Call, ...]] | None = None
        self.is_whole = False

    def put(self, call: Call) -> None:
        self._calls[call.key] = call
        self._texts[call.key] = _text_of(call)
        self._endings[call.key] = _ending(call.number)
        self._ordered = self._found = None

    def read_older(self) -> bool:
        """Read another page from the store; False when all is here, or as much as is held."""
        if self.is_whole:
            return False
        page = self._pages.older_calls(self._last_read, PAGE)
        for call in page:
            if call.key not in self._calls:  # what is here is newer than what was written
                self.put(call)
        self._last_read = page[-1] if page else None
        self.is_whole = len(page) < PAGE or len(self._calls) >= self._most
        return not self.is_whole

    def forget(self, numbers: Collection[str], normalise: Callable[[str], str]) -> None:
        """Calls of these numbers, which are in their normal form, were deleted."""
        endings = {_ending(one) for one in numbers}
        near = [key for key, ending in self._endings.items() if ending in endings]
        for key in near:
            if normalise(self._calls[key].number) in numbers:
                del self._calls[key], self._texts[key], self._endings[key]
        self._ordered = self._found = None

    def call(self, key: str) -> Call | None:
        return self._calls.get(key)

    def calls(self) -> tuple[Call, ...]:
        """All that have been read or put, newest first."""
        if self._ordered is None:
            newest_first = sorted(
                self._calls.values(), key=lambda call: (call.started_at, call.call_id), reverse=True
            )
            self._ordered = tuple(newest_first)
        return self._ordered

    def find(
        self,
        query: CallQuery,
        noted: frozenset[str] = frozenset(),
        whose: Named | None = None,
    ) -> tuple[Call, ...]:
        """Newest first.

        Args:
            query: What is wanted.
            noted: Ledger keys of calls that have the words in their notes, wherever else not.
            whose: Under whose names they are found too.
        """
        question = (query, noted, whose.version if whose is not None else 0)
        if self._found is not None and self._found[0] == question:
            return self._found[1]
        found = self.calls()
        if query != CallQuery(words=query.words):
            found = tuple(call for call in found if _is_wanted(call, query))
        if query.words.strip():
            asked = _Asked(query.words)
            named = self._named(asked, whose) if whose is not None else frozenset()
            found = tuple(
                call
                for call in found
                if call.key in noted or call.key in named or asked.is_in(self._texts[call.key])
            )
        self._found = (question, found)
        return found

    def _named(self, asked: "_Asked", whose: Named) -> frozenset[str]:
        """Calls that are found with the name of their person, and keys of no others.

        Few people have a word that is asked for, and few calls a number that ends like theirs: the
        normal form of a number is dear.
        """
        called = {name: _plain(name) for name in set(whose.names().values())}
        wanted = {name for name, plain in called.items() if asked.has_word_of(plain)}
        endings = {_ending(number) for number, name in whose.names().items() if name in wanted}
        near = [key for key, ending in self._endings.items() if endings and ending in endings]
        found = []
        for key in near:
            name = whose.owner_name(self._calls[key].number)
            if name in wanted and asked.is_in(f"{self._texts[key]} {called[name]}"):
                found.append(key)
        return frozenset(found)

    def queues(self) -> tuple[str, ...]:
        return tuple(sorted({call.queue for call in self._calls.values() if call.queue}))


def _plain(text: str) -> str:
    """Without case, accents and what else is not typed."""
    if text.isascii():
        return text.casefold()
    parts = unicodedata.normalize("NFD", fold(unicodedata.normalize("NFC", text)))
    return "".join(part for part in parts if not unicodedata.combining(part)).casefold()


class _Asked:
    """What was typed: a number, or words of which each may be written in several ways."""

    def __init__(self, words: str) -> None:
        is_number = _NUMBER_SIGNS.issuperset(words.strip())
        # 0161 496 0990 is found in +441614960990.
        self._digits = _digits(words).lstrip("0") if is_number else ""
        self._words = [
            tuple(_plain(spelling).strip() for spelling in spellings(word))
            for word in words.split()
        ]

    def has_word_of(self, text: str) -> bool:
        return any(way in text for ways in self._words for way in ways)

    def is_in(self, text: str) -> bool:
        if self._digits and self._digits in text:
            return True
        return all(any(way in text for way in ways) for ways in self._words)


def _text_of(call: Call) -> str:
    words = _plain(f"{call.name} {call.queue} {call.by}")
    return f"{words} {call.number} {_digits(call.number)}"


def _ending(number: str) -> str:
    """The same in whatever form the number is written."""
    return _digits(number)[-_ENDING:]


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())


def _is_wanted(call: Call, query: CallQuery) -> bool:
    if query.queue and call.queue != query.queue:
        return False
    if query.since is not None and call.started_at < query.since:
        return False
    if query.until is not None and call.started_at >= query.until:
        return False
    match query.kind:
        case CallKind.ANSWERED:
            return call.is_answered
        case CallKind.MISSED:
            return call.was_missed
        case CallKind.MINE:
            return call.outcome is Outcome.TAKEN or call.by == FOUNDER
        case CallKind.ALL:
            return True
        case _:
            assert_never(query.kind)
