"""Promises in desk.db; what the fake says of them is held against it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.adapters.storage.promise_tables import PromiseTables
from supportdesk.domain.promises import PromiseState
from supportdesk.services.promise_store import PromiseStore
from tests.conftest import ExpectLog
from tests.fakes.happenings import after
from tests.fakes.promise_store import MemoryPromiseStore
from tests.unit.domain.test_promises import PROMISE


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[SqliteDeskStore]:
    store = SqliteDeskStore(tmp_path / "desk.db")
    yield store
    store.close()


@pytest.fixture(params=["memory", "desk.db"])
def store(request: pytest.FixtureRequest) -> PromiseStore:
    if request.param == "memory":
        return MemoryPromiseStore()
    desk: SqliteDeskStore = request.getfixturevalue("desk")
    return PromiseTables(desk.connection, desk.path)


def test_what_was_saved_comes_back_as_it_was(store: PromiseStore) -> None:
    odd = replace(PROMISE, key="p2", words="“Účet” 😀 \u202e<b>", who="", contact="")
    kept = replace(PROMISE, key="p3", state=PromiseState.KEPT, settled_at=after(60))
    for promise in (PROMISE, odd, kept):
        store.save_promise(promise)
    assert sorted(store.promises(), key=lambda one: one.key) == [odd, kept, PROMISE]


def test_of_one_key_the_last_holds_and_what_is_removed_is_gone(store: PromiseStore) -> None:
    store.save_promise(PROMISE)
    store.save_promise(replace(PROMISE, due=after(9)))
    assert [one.due for one in store.promises()] == [after(9)]
    store.remove_promise(PROMISE.key)
    store.remove_promise(PROMISE.key)
    assert store.promises() == []


def test_a_row_that_is_no_promise_is_left_out(desk: SqliteDeskStore, expect_log: ExpectLog) -> None:
    store = PromiseTables(desk.connection, desk.path)
    store.save_promise(PROMISE)
    store.save_promise(replace(PROMISE, key="p2"))
    desk.connection.execute("UPDATE promise SET state = 'nearly' WHERE key = 'p2'")
    expect_log("A row of promise is left out")
    assert store.promises() == [PROMISE]


def test_half_a_character_does_not_stop_the_words(store: PromiseStore) -> None:
    store.save_promise(replace(PROMISE, words="a\ud83d"))
    assert len(store.promises()) == 1
