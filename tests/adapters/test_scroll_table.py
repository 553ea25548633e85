"""The place in the morning scroll, in desk.db; what the fake says of it is held against it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.adapters.storage.scroll_table import ScrollTable
from supportdesk.domain.errors import StoreError
from supportdesk.services.morning_scroll import ScrollPlace, ScrollStore
from tests.conftest import ExpectLog
from tests.fakes.happenings import T0, after
from tests.fakes.scroll_store import MemoryScrollStore


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[SqliteDeskStore]:
    store = SqliteDeskStore(tmp_path / "desk.db")
    yield store
    store.close()


@pytest.fixture(params=["memory", "desk.db"])
def store(request: pytest.FixtureRequest) -> ScrollStore:
    if request.param == "memory":
        return MemoryScrollStore()
    desk: SqliteDeskStore = request.getfixturevalue("desk")
    return ScrollTable(desk.connection, desk.path)


def test_there_is_one_place_and_the_last_one_holds(store: ScrollStore) -> None:
    assert store.scroll() is None
    under_way = ScrollPlace(since=T0, place="mail/Support/<ž@x>")
    store.save_scroll(under_way)
    assert store.scroll() == under_way
    ended = ScrollPlace(since=T0, until=after(0.25), earliest=after(-0.5))
    store.save_scroll(ended)
    assert store.scroll() == ended


def test_it_outlives_the_run(tmp_path: Path) -> None:
    place = ScrollPlace(since=T0, place="call/Office/1")
    for _ in range(2):
        desk = SqliteDeskStore(tmp_path / "desk.db")
        table = ScrollTable(desk.connection, desk.path)
        table.save_scroll(place)
        assert table.scroll() == place
        desk.close()


def test_a_row_that_cannot_be_read_is_the_first_morning(
    desk: SqliteDeskStore, expect_log: ExpectLog
) -> None:
    expect_log("A row of scroll is left out")
    desk.connection.execute("INSERT INTO scroll VALUES (1, 'sometime', NULL, '', NULL)")
    assert ScrollTable(desk.connection, desk.path).scroll() is None


def test_a_disk_that_fails_is_said(desk: SqliteDeskStore) -> None:
    table = ScrollTable(desk.connection, desk.path)
    desk.connection.execute("PRAGMA query_only = ON")
    with pytest.raises(StoreError):
        table.save_scroll(ScrollPlace(since=T0))
    desk.connection.execute("PRAGMA query_only = OFF")
    assert table.scroll() is None
