"""All calls that are kept, to look through: by what became of them, queue, day and words.

The newest calls come as they happen; older ones are read from the store a page at a time, because
ten thousand at once would hold the window. What words find is folded once, when a call is put.
"""

import unicodedata
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
_ANSWERED = (Outcome.ANSWERED, Outcome.TAKEN)
_MISSED = (Outcome.MISSED, Outcome.CALLED_BACK)


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


class CallHistory:
    """Calls newest first. A call that is put again replaces itself."""

    def __init__(self, pages: CallPages, *, most: int = MOST_CALLS) -> None:
        self._pages = pages
        self._most = most
        self._calls: dict[str, Call] = {}
        self._texts: dict[str, str] = {}
        self._ordered: tuple[Call, ...] | None = None
        self._last_read: Call | None = None
        self._found: tuple[CallQuery, frozenset[str], tuple[Call, ...]] | None = None
        self.is_whole = False

    def put(self, call: Call) -> None:
        self._calls[call.key] = call
        self._texts[call.key] = _text_of(call)
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

    def calls(self) -> tuple[Call, ...]:
        """All that have been read or put, newest first."""
        if self._ordered is None:
            newest_first = sorted(
                self._calls.values(), key=lambda call: (call.started_at, call.call_id), reverse=True
            )
            self._ordered = tuple(newest_first)
        return self._ordered

    def find(self, query: CallQuery, noted: frozenset[str] = frozenset()) -> tuple[Call, ...]:
        """Newest first.

        Args:
            query: What is wanted.
            noted: Ledger keys of calls that have the words in their notes, wherever else not.
        """
        if self._found is not None and self._found[:2] == (query, noted):
            return self._found[2]
        found = self.calls()
        if query != CallQuery(words=query.words):
            found = tuple(call for call in found if _is_wanted(call, query))
        if query.words.strip():
            asked = _Asked(query.words)
            found = tuple(
                call for call in found if call.key in noted or asked.is_in(self._texts[call.key])
            )
        self._found = (query, noted, found)
        return found

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

    def is_in(self, text: str) -> bool:
        if self._digits and self._digits in text:
            return True
        return all(any(way in text for way in ways) for ways in self._words)


def _text_of(call: Call) -> str:
    words = _plain(f"{call.name} {call.queue} {call.by}")
    return f"{words} {call.number} {_digits(call.number)}"


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
            return call.outcome in _ANSWERED
        case CallKind.MISSED:
            return call.outcome in _MISSED
        case CallKind.MINE:
            return call.outcome is Outcome.TAKEN or call.by == FOUNDER
        case CallKind.ALL:
            return True
        case _:
            assert_never(query.kind)
