"""Lines chosen for week pages and starters in desk.db; the fake is held against it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.adapters.storage.week_page_tables import WeekPageTables
from supportdesk.domain.errors import StoreError
from supportdesk.services.week_page_store import PageChoice, Starter, WeekPageStore
from tests.conftest import ExpectLog
from tests.fakes.week_page_store import MemoryWeekPageStore

WEEK, OTHER = date(2026, 11, 16), date(2026, 11, 9)
ORDER = [
    PageChoice(key=f"quote/{number % 7}/{number}", is_on=number % 3 == 0) for number in range(300)
]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[SqliteDeskStore]:
    store = SqliteDeskStore(tmp_path / "desk.db")
    yield store
    store.close()


@pytest.fixture(params=["memory", "desk.db"])
def store(request: pytest.FixtureRequest) -> WeekPageStore:
    if request.param == "memory":
        return MemoryWeekPageStore()
    desk: SqliteDeskStore = request.getfixturevalue("desk")
    return WeekPageTables(desk.connection, desk.path)


def test_choices_come_back_in_their_order(store: WeekPageStore) -> None:
    assert store.choices(WEEK) == []
    store.save_choices(WEEK, ORDER)
    store.save_choices(OTHER, ORDER[:1])
    assert store.choices(WEEK) == ORDER
    assert store.choices(OTHER) == ORDER[:1]


def test_another_order_replaces_the_first(store: WeekPageStore) -> None:
    store.save_choices(WEEK, ORDER[:3])
    turned = [PageChoice(key=one.key, is_on=not one.is_on) for one in reversed(ORDER[:3])]
    store.save_choices(WEEK, turned)
    assert store.choices(WEEK) == turned


def test_a_line_that_is_gone_leaves_the_choice(store: WeekPageStore) -> None:
    store.save_choices(WEEK, ORDER[:3])
    store.save_choices(WEEK, ORDER[1:3])
    assert store.choices(WEEK) == ORDER[1:3]
    store.save_choices(WEEK, [])
    assert store.choices(WEEK) == []


def test_starters_are_remembered(store: WeekPageStore) -> None:
    assert store.starters() == []
    days = [Starter(day=OTHER, quote="quote/1"), Starter(day=WEEK, quote="quote/2")]
    for day in reversed(days):
        store.save_starter(day)
    assert sorted(store.starters(), key=lambda one: one.day) == days


def test_a_row_that_cannot_be_read_costs_itself_alone(
    desk: SqliteDeskStore, expect_log: ExpectLog
) -> None:
    tables = WeekPageTables(desk.connection, desk.path)
    tables.save_starter(Starter(day=WEEK, quote="quote/1"))
    desk.connection.execute("INSERT INTO starter VALUES ('some day', 'quote/2')")
    assert tables.starters() == [Starter(day=WEEK, quote="quote/1")]
    expect_log("A row of starter is left out")


def test_a_full_disk_is_told_and_the_order_stays(desk: SqliteDeskStore) -> None:
    tables = WeekPageTables(desk.connection, desk.path)
    tables.save_choices(WEEK, ORDER[:2])
    (pages,) = desk.connection.execute("PRAGMA page_count").fetchone()
    desk.connection.execute(f"PRAGMA max_page_count = {pages}").fetchall()
    with pytest.raises(StoreError):
        tables.save_choices(WEEK, ORDER * 20)
    assert tables.choices(WEEK) == ORDER[:2]
