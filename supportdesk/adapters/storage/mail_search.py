"""Answers searches out of mail.db and its index: newest first, and no more than is asked for."""

import logging
import sqlite3
from collections.abc import Callable
from datetime import date, datetime, time
from typing import TypeVar

from supportdesk.adapters.storage.mail_rows import PLACE_COLUMNS, summary_of_row
from supportdesk.adapters.storage.search_database import SearchPaths, open_both
from supportdesk.adapters.storage.search_schema import (
    EVERY_MARK,
    FILES_MARK,
    first_row,
    part_name,
    part_of,
    parts_in,
    place_of,
)
from supportdesk.adapters.storage.search_snippets import HitText, Marker
from supportdesk.domain.folding import spellings
from supportdesk.domain.search import Found, SearchAnswer, SearchHit
from supportdesk.services.search_query import SearchQuery, SearchTerm, read_query

_log = logging.getLogger(__name__)

T = TypeVar("T")

_FIELDS = {Found.SUBJECT: "subject", Found.SENDER: "sender", Found.RECIPIENT: "recipients"}
_PLACE = ", ".join(f"p.{name.strip()}" for name in PLACE_COLUMNS.split(","))
_PLACE_WIDTH = len(PLACE_COLUMNS.split(","))
_SELECT_HITS = (
    f"SELECT p.id, {_PLACE}, t.text, t.quoted, t.cards, t.parts FROM places AS p"  # noqa: S608
    " LEFT JOIN texts AS t ON t.account = p.account AND t.message_id = p.message_id"
    " WHERE p.id IN (%s)"
)
_SELECT_ROWS = (
    "SELECT rowid FROM search.{0} WHERE {0} MATCH ? AND rowid >= ? AND rowid < ?"
    " ORDER BY rowid DESC LIMIT ?"
)
_YEARS = range(1971, 2400)
_STEPS_BETWEEN_LOOKS = 5_000


UNREADABLE = "The mail on this computer could not be read; nothing was searched."


class SearchGivenUp(Exception):
    """Nobody waits for the answer any more."""


class MailSearch:
    """Used by one thread; any number of them may read while the index is written."""

    def __init__(self, paths: SearchPaths) -> None:
        self._paths = paths
        self._identity: object = None
        self._connection: sqlite3.Connection | None = None

    def answer(self, words: str, limit: int, is_given_up: Callable[[], bool]) -> SearchAnswer:
        """Look for what was typed. Raises SearchGivenUp."""
        query = read_query(words)
        hits: list[SearchHit] = []
        notes = query.notes
        if not query.is_empty:
            found = self.run(lambda mail: _hits(mail, query, limit + 1), is_given_up)
            hits = found or []
            # Without any index yet, the indexer says what is missing.
            if found is None and self._paths.search_db.exists():
                notes = (*notes, UNREADABLE)
        return SearchAnswer(
            words=words,
            hits=tuple(hits[:limit]),
            has_more=len(hits) > limit,
            notes=notes,
        )

    def run(
        self, read: Callable[[sqlite3.Connection], T], is_given_up: Callable[[], bool]
    ) -> T | None:
        """Read from mail.db; None where it or its index cannot be read. Raises SearchGivenUp."""
        try:
            connection = self._current()
            if connection is None:
                return None
            connection.set_progress_handler(is_given_up, _STEPS_BETWEEN_LOOKS)
            return read(connection)
        except sqlite3.Error as error:
            if is_given_up():
                raise SearchGivenUp from error
            # A worker sets a broken cache aside, the indexer makes its index anew.
            _log.info("The mail cache could not be searched: %s", error)
            self.close()
            return None

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _current(self) -> sqlite3.Connection | None:
        found = self._paths.identity()
        if found != self._identity:
            self.close()
        if self._connection is None:
            self._connection = open_both(self._paths)
            self._identity = found
        return self._connection


def match_of(query: SearchQuery) -> str:
    """The query as FTS5 has it; what was typed is always within quotes."""
    wanted = [_expression(term) for term in query.terms if not term.is_excluded]
    unwanted = [_expression(term) for term in query.terms if term.is_excluded]
    if query.has_attachment is not None:
        (wanted if query.has_attachment else unwanted).append(f'marks : "{FILES_MARK}"')
    match = " AND ".join(wanted or [f'marks : "{EVERY_MARK}"'])
    return f"({match}) NOT ({' OR '.join(unwanted)})" if unwanted else match


def _expression(term: SearchTerm) -> str:
    star = "*" if term.is_prefix else ""
    words = [f"{_quoted(one)}{star}" for one in spellings(term.text)]
    either = f"({' OR '.join(words)})"
    return either if term.field is None else f"{_FIELDS[term.field]} : {either}"


def _quoted(words: str) -> str:
    return '"' + words.replace('"', " ") + '"'


def found_rows(mail: sqlite3.Connection, query: SearchQuery, limit: int) -> list[int]:
    """The rows of the newest messages that have it all, newest first, part by part."""
    low, high = bounds_of(query)
    match, first_look = match_of(query), _match_without_prefixes(query)
    rows: list[int] = []
    for part in parts_in(mail, "search"):
        if not part_of(low) <= part <= part_of(high):
            continue
        select = _SELECT_ROWS.format(part_name(part))
        if first_look and not mail.execute(select, (first_look, low, high, 1)).fetchall():
            continue
        rows += [row for (row,) in mail.execute(select, (match, low, high, limit - len(rows)))]
        if len(rows) >= limit:
            break
    return rows


def _match_without_prefixes(query: SearchQuery) -> str:
    """A cheap look before a dear one: without the whole words the beginnings need no gathering."""
    whole = [term for term in query.terms if not term.is_prefix and not term.is_excluded]
    if not whole or not any(term.is_prefix for term in query.terms):
        return ""
    return " AND ".join(map(_expression, whole))


def _hits(mail: sqlite3.Connection, query: SearchQuery, limit: int) -> list[SearchHit]:
    places = [place_of(row) for row in found_rows(mail, query, limit)]
    marks = ",".join("?" * len(places))
    found = {row[0]: row[1:] for row in mail.execute(_SELECT_HITS % marks, places)}
    marker = Marker(query)
    return [
        marker.hit(summary_of_row(row[:_PLACE_WIDTH]), _kept(*row[_PLACE_WIDTH:]))
        for row in (found[place] for place in places if place in found)
    ]


def _kept(text: str | None, quoted: str | None, cards: str | None, parts: str | None) -> HitText:
    if text is None or quoted is None or cards is None or parts is None:
        return HitText()
    return HitText(text=text, quoted=quoted, cards=cards, parts=parts)


def bounds_of(query: SearchQuery) -> tuple[int, int]:
    """The rows of its days: at least the first, below the second."""
    return (
        0 if query.since is None else first_row(_midnight(query.since)),
        (1 << 63) - 1 if query.until is None else first_row(_midnight(query.until)),
    )


def _midnight(day: date) -> float:
    """When the day begins here, in seconds since 1970."""
    if day.year not in _YEARS:
        return 0 if day.year < _YEARS[0] else float(1 << 40)
    return datetime.combine(day, time.min).astimezone().timestamp()
