"""The process dies at each single statement in turn: of each message a whole state is on disk.

The way of two messages is walked from typing to the end, and broken off at every statement; what
the next run finds is one of the states that had been reached, with the text that belonged to it.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from supportdesk.adapters.storage.answer_table import AnswerTable
from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.domain.answers import DraftFile, DraftId
from supportdesk.domain.sending import SendEvent, SendState, after
from tests.fakes.answers import AT, a_draft, an_outgoing

NEVER = 1_000_000
FILE = DraftFile(name="a.pdf", media_type="application/pdf", size_bytes=3, sha256="ab")
ONE = DraftId("one")
WAY = (
    SendEvent.SEND,
    SendEvent.COUNTED,
    SendEvent.FROZEN,
    SendEvent.DUE,
    SendEvent.CLEAR,
    SendEvent.POISED,
    SendEvent.ACCEPTED,
    SendEvent.FILE,
    SendEvent.FILED,
    SendEvent.FLAGGED,
)


class _Died(BaseException):
    """The process ends here; nothing of ours may catch it."""


class _Doomed:
    """A connection whose process dies at a given statement, and does nothing from then on."""

    def __init__(self, connection: sqlite3.Connection, statements: int) -> None:
        self._connection = connection
        self.left = statements

    def execute(self, *arguments: Any) -> sqlite3.Cursor:
        self.left -= 1
        if self.left < 0:
            raise _Died
        return self._connection.execute(*arguments)

    @property
    def in_transaction(self) -> bool:
        # A dead process gives nothing back: what has not been committed is gone by itself.
        return self.left >= 0 and self._connection.in_transaction


def _walk(table: AnswerTable, said: Callable[[str], None]) -> None:
    """`said` hears what is about to be committed, and "" when it was."""
    draft = a_draft("one", body="")
    for number in range(1, 4):
        draft = replace(draft, body="word " * 40 * number, files=(FILE,) * number)
        said(f"text {number}")
        table.save_draft(draft, AT + timedelta(minutes=2 * number))
        said("")
    row = an_outgoing("one", SendState.WRITING)
    for event in WAY:
        row = replace(row, state=after(row.state, event))
        said(row.state.name)
        table.save_outgoing(row)
        said("")
    said("removed")
    table.remove_draft(ONE)
    said("")


def _run(path: Path, statements: int) -> tuple[list[str], int]:
    """What was said, the last of it perhaps not done; and how many statements were left."""
    said: list[str] = []
    store = SqliteDeskStore(path)
    doomed = _Doomed(store.connection, statements)
    table = AnswerTable(doomed, path)  # type: ignore[arg-type]  # what it uses of a connection
    try:
        _walk(table, said.append)
    except _Died:
        pass
    finally:
        # As the end of the process does it: nothing is committed, nothing given back.
        store.connection.close()
    return said, doomed.left


def _found(path: Path) -> tuple[str, str]:
    """The text and the state that the next run finds, by the names that `_walk` says."""
    store = SqliteDeskStore(path)
    assert store.quick_check() == "ok"
    table = AnswerTable(store.connection, path)
    drafts = table.drafts()
    rows = store.connection.execute("SELECT state FROM outgoing").fetchall()
    text = ""
    for draft in drafts:
        number = len(draft.files)
        assert draft.body == "word " * 40 * number
        assert len(table.versions(draft.draft_id)) == number - 1
        text = f"text {number}"
    assert store.connection.execute("PRAGMA synchronous").fetchone() == (1,)
    store.close()
    return text, rows[0][0] if rows else ""


def _expected(said: list[str]) -> tuple[str, str]:
    text = state = ""
    for one in said:
        if one.startswith("text"):
            text = one
        elif one == "removed":
            text = ""
        elif one:
            state = one
    return text, state


def test_after_each_kill_the_last_state_that_was_kept_is_there_whole(tmp_path: Path) -> None:
    said, left = _run(tmp_path / "whole.db", NEVER)
    statements = NEVER - left
    assert _found(tmp_path / "whole.db") == _expected(said) == ("", "DONE")
    kills = set()
    for number in range(statements):
        path = tmp_path / f"{number}.db"
        said, left = _run(path, number)
        assert left < 0
        under_way = said[-1] if said else ""
        without = said[:-1] if under_way else said
        found = _found(path)
        # A commit that died may have reached the disk or not; all before it has.
        assert found in (_expected(without), _expected(said))
        kills.add(under_way)
        for file in tmp_path.glob(f"{number}.db*"):
            file.unlink()
    assert {"POISED", "SENT", "text 1", "removed"} <= kills
