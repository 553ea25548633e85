"""Weeks on the phones in desk.db; what the fake says of them is held against it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.adapters.storage.phone_week_table import PhoneWeekTable
from supportdesk.domain.phone_week import USUAL_RAMP, PhoneWeek, Ramp, phone_week_key
from supportdesk.services.phone_week_store import PhoneWeekStore
from tests.conftest import ExpectLog
from tests.fakes.phone_week_store import MemoryPhoneWeekStore

MONDAY = date(2026, 11, 16)
MAYA = PhoneWeek(
    key=phone_week_key("Maya", MONDAY), who="Maya", buddy="Anna", monday=MONDAY, ramp=USUAL_RAMP
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[SqliteDeskStore]:
    store = SqliteDeskStore(tmp_path / "desk.db")
    yield store
    store.close()


@pytest.fixture(params=["memory", "desk.db"])
def store(request: pytest.FixtureRequest) -> PhoneWeekStore:
    if request.param == "memory":
        return MemoryPhoneWeekStore()
    desk: SqliteDeskStore = request.getfixturevalue("desk")
    return PhoneWeekTable(desk.connection, desk.path)


def test_what_was_saved_comes_back_as_it_was(store: PhoneWeekStore) -> None:
    odd = replace(MAYA, key="phone-week/x", who="“Žofie” \u202e<b>", buddy="")
    for week in (MAYA, odd):
        store.save_phone_week(week)
    assert sorted(store.phone_weeks(), key=lambda one: one.key) == [MAYA, odd]


def test_of_one_key_the_last_holds_and_what_is_removed_is_gone(store: PhoneWeekStore) -> None:
    store.save_phone_week(MAYA)
    store.save_phone_week(replace(MAYA, ramp=(Ramp.ALONE,) * 7))
    assert [one.ramp[0] for one in store.phone_weeks()] == [Ramp.ALONE]
    store.remove_phone_week(MAYA.key)
    store.remove_phone_week(MAYA.key)
    assert store.phone_weeks() == []


@pytest.mark.parametrize("ramp", ["nonsense", "{}", '{"days": ["asleep"]}', "[1]"])
def test_a_row_that_cannot_be_read_is_left_out(
    desk: SqliteDeskStore, expect_log: ExpectLog, ramp: str
) -> None:
    table = PhoneWeekTable(desk.connection, desk.path)
    table.save_phone_week(MAYA)
    desk.connection.execute(
        "INSERT INTO phone_week VALUES ('other', 'Ben', '2026-11-16', ?)", (ramp,)
    )
    desk.connection.commit()
    expect_log("A row of phone_week is left out")
    assert table.phone_weeks() == [MAYA]
