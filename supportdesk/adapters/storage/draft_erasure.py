"""Somebody taken out of drafts and outgoing messages, in any form of desk.db that has them.

Drafts to them alone, and answers to mail of theirs, go with all that hangs on them. A draft to
others stays: its text is blotted where it names an address or number of theirs, and they are taken
off the recipients.
"""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from supportdesk.domain.errors import StoreError
from supportdesk.domain.sending import UNSENT, SendState
from supportdesk.services.forgetting import Forgotten, Mentions

TABLES = frozenset({"draft", "draft_version", "draft_file", "outgoing"})
_UNDER_WAY = [one.name for one in UNSENT | {SendState.COUNTING} if one is not SendState.REFUSED]
_LINES = ("to", "cc", "bcc")
_OF_A_DRAFT = (
    ("draft", "id"),
    ("draft_version", "draft"),
    ("draft_file", "draft"),
    ("outgoing", "id"),
)
_WITH_WIRE_FORM = "SELECT id FROM draft UNION SELECT id FROM outgoing WHERE state <> 'DONE'"

Row = tuple[str, ...]


@dataclass(slots=True)
class DraftTraces:
    """What there is of somebody.

    Attributes:
        drafts: Ids of those that go, with versions, files and what is kept of their sending.
        others: Drafts to others, as they will be: fields, body, quote, id.
        versions: What their texts were before, as it will be: body, draft, number.
    """

    drafts: list[str] = field(default_factory=list)
    others: list[Row] = field(default_factory=list)
    versions: list[tuple[str, str, int]] = field(default_factory=list)


class DraftErasure:
    """Belongs to one connection in autocommit. Raises sqlite3.Error."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        self._is_there = {str(name) for (name,) in tables} >= TABLES

    def find(self, who: Forgotten, mentions: Mentions, keys: set[str]) -> DraftTraces:
        """Reads every row, and writes nothing; `keys` are ledger keys of their mail."""
        found = DraftTraces()
        for draft_id, answers, fields, body, quote in self._rows(
            "SELECT id, answers, fields, body, quote FROM draft"
        ):
            told = _read(fields)
            if answers in keys or _is_to(told, who) or (not told and mentions.are_in(fields)):
                found.drafts.append(draft_id)
                continue
            without = json.dumps(_blotted(told, who, mentions)) if told else fields
            after = (without, mentions.blotted(body), mentions.blotted(quote), draft_id)
            if after[:3] != (fields, body, quote):
                found.others.append(after)
        for draft_id, answers, refused, problem in self._rows(
            "SELECT id, answers, refused, ifnull(problem, '') FROM outgoing"
        ):
            is_theirs = answers in keys or mentions.are_in(refused) or mentions.are_in(problem)
            if is_theirs and draft_id not in {one[3] for one in found.others}:
                found.drafts.append(draft_id)
        for draft_id, number, body in self._rows("SELECT draft, number, body FROM draft_version"):
            if mentions.are_in(body) and draft_id not in found.drafts:
                found.versions.append((mentions.blotted(body), draft_id, int(number)))
        found.drafts = list(dict.fromkeys(found.drafts))
        return found

    def refuse_under_way(self, who: Forgotten, found: DraftTraces) -> None:
        """Raises StoreError while a message that names them is on its way out."""
        named = {*found.drafts, *(one[3] for one in found.others)}
        for draft_id, state in self._rows("SELECT id, state FROM outgoing"):
            if draft_id in named and state in _UNDER_WAY:
                raise StoreError(
                    f"An answer that names {who.label} is not sent yet",
                    "Send it, or take it back and discard it; then forget them.",
                )

    def erase(self, found: DraftTraces) -> None:
        """Within a transaction that overwrites."""
        many = self._connection.executemany
        for table, column in _OF_A_DRAFT if found.drafts else ():
            sql = f"DELETE FROM {table} WHERE {column} = ?"  # noqa: S608 - names of ours
            many(sql, [(one,) for one in found.drafts])
        if found.others:
            many("UPDATE draft SET fields = ?, body = ?, quote = ? WHERE id = ?", found.others)
        if found.versions:
            many("UPDATE draft_version SET body = ? WHERE draft = ? AND number = ?", found.versions)

    def useless_files(self, folder: Path) -> list[Path]:
        """Wire forms and attached files in `outgoing/` that belong to nothing any more."""
        drafts = {one for (one,) in self._rows(_WITH_WIRE_FORM)}
        files = {one for (one,) in self._rows("SELECT sha256 FROM draft_file")}
        found = [path for path in folder.glob("*") if path.name.partition(".")[0] not in drafts]
        found += [
            path for path in folder.glob("files/*") if path.name.partition(".")[0] not in files
        ]
        return sorted(path for path in found if path.is_file())

    def _rows(self, sql: str) -> Iterator[Row]:
        """Nothing of a form that does not have these tables yet."""
        if self._is_there:
            yield from self._connection.execute(sql).fetchall()


def _read(fields: str) -> dict[str, object]:
    """Empty where another program has spoilt it."""
    try:
        told = json.loads(fields)
        return told if isinstance(told, dict) and all(one in told for one in _LINES) else {}
    except ValueError:
        return {}


def _pairs(told: dict[str, object], line: str) -> list[list[str]]:
    pairs = told.get(line)
    return [list(map(str, one)) for one in pairs] if isinstance(pairs, list) else []


def _is_to(told: dict[str, object], who: Forgotten) -> bool:
    emails = [pair[-1] for line in _LINES for pair in _pairs(told, line) if pair]
    return who.wrote_or_got("", emails, is_outgoing=True)


def _blotted(told: dict[str, object], who: Forgotten, mentions: Mentions) -> dict[str, object]:
    lines = {
        line: [pair for pair in _pairs(told, line) if pair[-1].casefold() not in who.emails]
        for line in _LINES
    }
    return {**told, **lines, "subject": mentions.blotted(str(told.get("subject", "")))}
