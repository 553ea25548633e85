"""Every old desk.db opens; a newer one is refused; a copy is kept of what was there."""

import shutil
import sqlite3
import stat
from pathlib import Path

import pytest

from supportdesk.adapters.storage.desk_store import MIGRATIONS, SqliteDeskStore
from supportdesk.adapters.storage.migrating import SchemaVersion, migrations_in
from supportdesk.domain.errors import StoreError
from tests.adapters.desk_examples import AT, later, span

OLD_DESKS = Path(__file__).parent / "old_desks"
ALL = migrations_in(MIGRATIONS)
NEWEST = ALL[-1].version
NEXT = len(ALL) + 1


def version_of(path: Path) -> SchemaVersion:
    connection = sqlite3.connect(path)
    version = SchemaVersion.of(connection)
    connection.close()
    return version


def schema_of(path: Path) -> list[tuple[str, ...]]:
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY name").fetchall()
    connection.close()
    return rows


@pytest.mark.parametrize("migration", ALL, ids=lambda migration: migration.name)
def test_each_migration_has_a_stored_old_file_that_opens(migration: object, tmp_path: Path) -> None:
    number = getattr(migration, "name", "")[:3]
    old = OLD_DESKS / f"before_{number}.db"
    assert old.exists(), f"store a database as it was before migration {number} in {OLD_DESKS}"
    path = tmp_path / "desk.db"
    shutil.copy(old, path)
    was_empty = version_of(path).number == 0
    store = SqliteDeskStore(path)
    assert store.integrity_check() == "ok"
    store.append_span(span("after migrating"))
    assert span("after migrating") in store.spans_between(AT, later(1))
    store.close()
    assert version_of(path) == ALL[-1].version
    fresh = tmp_path / "fresh.db"
    SqliteDeskStore(fresh).close()
    assert schema_of(path) == schema_of(fresh)
    copy = tmp_path / f"desk.db.before-{ALL[-1].version}"
    assert copy.exists() is not was_empty


def more_migrations(folder: Path, *steps: str) -> Path:
    """The real migrations and more."""
    target = folder / "migrations"
    shutil.copytree(MIGRATIONS, target)
    for number, text in enumerate(steps, start=NEXT):
        (target / f"{number:03}_more.sql").write_text(text)
    return target


def test_a_step_is_made_once_and_a_copy_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    old = SqliteDeskStore(path)
    old.append_span(span())
    old.close()
    folder = more_migrations(
        tmp_path,
        "-- schema 1.50\nALTER TABLE span ADD COLUMN mood TEXT NOT NULL DEFAULT '';\n",
        "-- schema 2.0\nDROP TABLE read_here;\nCREATE TABLE seen (key TEXT);\n",
    )
    new = SqliteDeskStore(path, migrations=folder)
    assert new.spans_between(AT, later(1)) == [span()]
    new.close()
    SqliteDeskStore(path, migrations=folder).close()
    assert version_of(path) == SchemaVersion(2, 0)
    copy = tmp_path / "desk.db.before-2.0"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert version_of(copy) == NEWEST
    back = SqliteDeskStore(copy)
    assert back.spans_between(AT, later(1)) == [span()]
    back.close()
    assert not list(tmp_path.glob("*.part"))


def test_a_newer_major_is_refused_in_plain_words_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    folder = more_migrations(tmp_path, "-- schema 2.0\nDROP TABLE read_here;\n")
    SqliteDeskStore(path, migrations=folder).close()
    before = path.read_bytes()
    with pytest.raises(StoreError) as caught:
        SqliteDeskStore(path)
    assert caught.value.title == (
        "desk.db was written by a newer supportdesk, which this one cannot read"
    )
    assert "newer version" in caught.value.advice
    assert path.read_bytes() == before


def test_a_newer_minor_goes_on_working(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    folder = more_migrations(
        tmp_path, "-- schema 1.70\nALTER TABLE span ADD COLUMN mood TEXT DEFAULT '';\n"
    )
    SqliteDeskStore(path, migrations=folder).close()
    older = SqliteDeskStore(path)
    older.append_span(span())
    assert older.spans_between(AT, later(1)) == [span()]
    older.close()
    assert version_of(path) == SchemaVersion(1, 70)


def test_a_step_that_fails_leaves_the_old_file_working(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    SqliteDeskStore(path).close()
    schema = schema_of(path)
    folder = more_migrations(
        tmp_path, "-- schema 1.50\nCREATE TABLE extra (x);\nDROP TABLE nowhere;\n"
    )
    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        SqliteDeskStore(path, migrations=folder)
    assert schema_of(path) == schema
    assert version_of(path) == NEWEST
    SqliteDeskStore(path).close()


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        (f"{NEXT + 1:03}_gap.sql", "-- schema 1.50\n", f"number {NEXT}"),
        ("second.sql", "-- schema 1.50\n", f"number {NEXT}"),
        (f"{NEXT:03}_none.sql", "CREATE TABLE x (y);\n", f"number {NEXT}"),
        (f"{NEXT:03}_same.sql", f"-- schema {NEWEST}\n", "does not raise"),
        (f"{NEXT:03}_open.sql", "-- schema 1.50\nCREATE TABLE x (y)\n", "has no end"),
    ],
)
def test_a_badly_written_step_is_a_bug(tmp_path: Path, name: str, text: str, words: str) -> None:
    folder = more_migrations(tmp_path)
    (folder / name).write_text(text)
    with pytest.raises(ValueError, match=words):
        migrations_in(folder)
