"""A desk.db that was copied while it was open says so, and no other does."""

import multiprocessing
import os
import shutil
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from supportdesk.adapters.storage.copied_open import copied_open_problem, was_copied_open
from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.adapters.storage.looking_through import checked_whole
from tests.adapters.desk_examples import later, span
from tests.adapters.test_migrating import OLD_DESKS


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "desk.db"


def spans_in(path: Path) -> tuple[int, bool]:
    with closing(SqliteDeskStore(path)) as store:
        return len(list(store.all_spans())), store.is_copied_open


def test_a_copy_without_its_wal_is_known_for_one(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy" / "desk.db"
    copy.parent.mkdir()
    with closing(SqliteDeskStore(path)) as store:
        store.join_spans([span(f"{number}", later(number)) for number in range(500)])
        shutil.copy(path, copy)
    assert was_copied_open(copy)
    count, is_copied = spans_in(copy)
    assert count < 500
    assert is_copied
    assert not was_copied_open(path)
    assert spans_in(path) == (500, False)


def test_it_is_said_until_somebody_has_said_it(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    with closing(SqliteDeskStore(path)):
        shutil.copy(path, copy)
    for _ in range(2):
        assert spans_in(copy) == (0, True)
    with closing(SqliteDeskStore(copy)) as store:
        store.copied_open_was_said()
    assert spans_in(copy) == (0, False)
    assert "copy.db-wal" in copied_open_problem(copy).advice


def test_a_copy_with_its_wal_lacks_nothing(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    with closing(SqliteDeskStore(path)) as store:
        store.join_spans([span()])
        shutil.copy(path, copy)
        shutil.copy(f"{path}-wal", f"{copy}-wal")
    assert not was_copied_open(copy)
    assert spans_in(copy) == (1, False)


def _write_and_die(path: Path) -> None:
    store = SqliteDeskStore(path)
    store.join_spans([span()])
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_kill_looks_otherwise(path: Path) -> None:
    process = multiprocessing.get_context("fork").Process(target=_write_and_die, args=(path,))
    process.start()
    process.join()
    assert Path(f"{path}-wal").exists()
    assert spans_in(path) == (1, False)
    assert spans_in(path) == (1, False)


def test_whoever_closes_it_last_closes_it_whole(path: Path) -> None:
    first, second = SqliteDeskStore(path), SqliteDeskStore(path)
    second.join_spans([span()])
    second.close()
    assert Path(f"{path}-wal").exists()
    first.join_spans([span("more")])
    assert checked_whole(path) == "ok"
    first.close()
    assert {file.name for file in path.parent.iterdir()} == {"desk.db"}
    assert spans_in(path) == (2, False)


def test_nothing_is_said_of_a_file_from_before_that_could_be_known(path: Path) -> None:
    shutil.copy(OLD_DESKS / "before_009.db", path)
    assert not was_copied_open(path)
    assert not spans_in(path)[1]


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0", b"x" * 4096])
def test_what_is_no_desk_was_not_copied(path: Path, content: bytes) -> None:
    assert not was_copied_open(path)
    path.write_bytes(content)
    assert not was_copied_open(path)


def test_another_programs_database_was_not_copied(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("PRAGMA user_version = 99999999")
        other.execute("CREATE TABLE recipes (x)")
    assert not was_copied_open(path)


def test_the_first_day_of_a_file_is_known_for_ours(path: Path, tmp_path: Path) -> None:
    """All that it is must be in the file itself, though its -wal was never put into it."""
    copy = tmp_path / "copy.db"
    with closing(SqliteDeskStore(path)) as store:
        store.append_span(span())
        shutil.copy(path, copy)
    assert spans_in(copy) == (0, True)
