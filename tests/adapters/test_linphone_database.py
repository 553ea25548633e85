"""Linphone's files as SQLite leaves them: journals, WAL, both forms at once, and damage."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from supportdesk.adapters.phone.linphone_database import (
    HistoryMissing,
    HistoryUnsettled,
    read_history,
    watched_files,
)

FIXTURES = Path(__file__).parents[1] / "fixtures" / "softphones"
OLD, NEW = FIXTURES / "linphone-5.1-call-history.db", FIXTURES / "linphone-5.3.105-linphone.db"
ADD = (
    "INSERT INTO call_history (caller, callee, direction, duration, start_time, connected_time,"
    " status, videoEnabled, quality, call_id)"
    " VALUES ('<sip:+2@h>', '<sip:fay@h>', 1, 4, '1795290000', '0', 2, 0, -1.0, 'added')"
)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "call-history.db"
    shutil.copy(OLD, path)
    return path


def test_both_forms_are_read_since_an_upgrade_leaves_the_old_one(old: Path, tmp_path: Path) -> None:
    assert not read_history(tmp_path).is_live
    shutil.copy(NEW, tmp_path / "linphone.db")
    found = read_history(tmp_path)
    assert found.is_live
    assert len(found.rows) == 16


def test_a_database_without_a_history_is_none(old: Path, tmp_path: Path) -> None:
    """Linphone 5.1 has a linphone.db too, for its chats."""
    with closing(sqlite3.connect(tmp_path / "linphone.db")) as chats, chats:
        chats.execute("CREATE TABLE event (id INTEGER)")
    assert not read_history(tmp_path).is_live
    old.unlink()
    with pytest.raises(HistoryMissing):
        read_history(tmp_path)


def test_what_is_being_written_is_read_later_but_a_journal_may_stay_for_ever(
    old: Path, tmp_path: Path
) -> None:
    journal = tmp_path / "call-history.db-journal"
    journal.write_bytes(b"\xd9\xd5\x05\xf9 a journal whose writer has crashed")
    assert journal in watched_files(tmp_path)
    with pytest.raises(HistoryUnsettled):
        read_history(tmp_path)
    assert len(read_history(tmp_path, is_patient=False).rows) == 11
    assert journal.exists()
    journal.write_bytes(bytes(512))  # how SQLite leaves one that it keeps
    assert len(read_history(tmp_path).rows) == 11


def test_the_newest_rows_of_a_wal_are_read(old: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(old, isolation_level=None)) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute(ADD)
        assert "added" in {row.call_id for row in read_history(tmp_path).rows}


def test_a_reader_holds_up_nobody(old: Path, tmp_path: Path) -> None:
    """Even one that stays for ever: an immutable file is not locked."""
    with (
        closing(sqlite3.connect(f"{old.as_uri()}?immutable=1", uri=True)) as reader,
        closing(sqlite3.connect(old, timeout=0)) as writer,
    ):
        rows = reader.execute("SELECT id FROM call_history")
        rows.fetchone()
        with writer:
            writer.execute(ADD)
    assert "added" in {row.call_id for row in read_history(tmp_path).rows}


@pytest.mark.parametrize("content", [b"", b"no database at all, but long enough" * 40])
def test_damage_is_no_history(old: Path, tmp_path: Path, content: bytes) -> None:
    old.write_bytes(content)
    with pytest.raises((HistoryUnsettled, HistoryMissing)):
        read_history(tmp_path)
