from dataclasses import replace

import pytest

from supportdesk.domain.answers import DraftId
from supportdesk.domain.errors import StoreError
from supportdesk.domain.sending import SendState
from supportdesk.services.outbox_rows import OutboxRows
from tests.fakes.answer_store import MemoryAnswerStore
from tests.fakes.answers import an_outgoing

ONE = DraftId("one")
WAITING = an_outgoing()
TRYING = replace(WAITING, state=SendState.TRYING)


@pytest.fixture
def store() -> MemoryAnswerStore:
    return MemoryAnswerStore()


@pytest.fixture
def rows(store: MemoryAnswerStore) -> OutboxRows:
    return OutboxRows(store)


def test_what_is_so_is_written(rows: OutboxRows, store: MemoryAnswerStore) -> None:
    assert rows.put(WAITING) is WAITING
    assert (rows.get(ONE), list(rows), store.on_its_way[ONE]) == (WAITING, [WAITING], WAITING)
    assert rows.take_changed() == {ONE}
    assert rows.take_changed() == frozenset()


def test_what_the_disk_refuses_is_so_all_the_same_and_written_later(
    rows: OutboxRows, store: MemoryAnswerStore
) -> None:
    rows.put(an_outgoing("two"))
    rows.put(WAITING)
    store.is_full = True
    rows.put(TRYING)
    rows.put(an_outgoing("two", SendState.SENT))
    assert (rows.get(ONE), store.on_its_way[ONE]) == (TRYING, WAITING)
    assert rows.is_waiting_for_disk
    assert not rows.is_written(ONE)
    assert rows.problem is not None
    rows.write_again()
    assert rows.is_waiting_for_disk
    store.is_full = False
    rows.put(TRYING)
    assert rows.problem is not None, "the other one still waits"
    rows.write_again()
    assert [rows.is_waiting_for_disk, rows.problem] == [False, None]
    assert store.on_its_way[DraftId("two")].state is SendState.SENT


def test_what_must_be_on_disk_first_is_there_or_has_not_happened(
    rows: OutboxRows, store: MemoryAnswerStore
) -> None:
    assert rows.commit(WAITING) is WAITING
    store.is_full = True
    with pytest.raises(StoreError):
        rows.commit(TRYING)
    assert rows.get(ONE) is WAITING
    with pytest.raises(StoreError):
        rows.remove(ONE)
    assert rows.get(ONE) is WAITING
    store.is_full = False
    rows.remove(ONE)
    assert (rows.get(ONE), store.on_its_way) == (None, {})


def test_what_is_done_is_let_go_and_stays_on_disk(
    rows: OutboxRows, store: MemoryAnswerStore
) -> None:
    rows.take_up(WAITING)
    assert (store.on_its_way, rows.take_changed()) == ({}, frozenset())
    rows.put(WAITING)
    rows.let_go(ONE)
    rows.let_go(ONE)
    assert (list(rows), list(store.on_its_way)) == ([], [ONE])
