"""Lifts in desk.db; what the fake says of them is held against it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.adapters.storage.kept_tables import has_rows
from supportdesk.adapters.storage.lift_tables import LiftTables
from supportdesk.adapters.storage.patient_store import PatientDeskStore
from supportdesk.domain.errors import StoreError
from supportdesk.domain.lifts import Lift, LiftWay
from supportdesk.services.desk import Desk
from supportdesk.services.lift_store import LiftStore
from tests.conftest import ExpectLog
from tests.fakes.happenings import T0, a_message, after, arrived, as_utc, opened, same_number
from tests.fakes.lift_store import MemoryLiftStore
from tests.fakes.lifted import CARRIER_KEY, call_lifted, lifting, mail_lifted, marks

LIFT = Lift(
    key="lift/address/mail/Support/<up@x>",
    item="mail/Support/<1@x>",
    contact="eva@out.example",
    by="Anna “A” 😀",
    by_address="anna@team.example",
    why="wants\nto \u202eleave <b>",
    way=LiftWay.ADDRESS,
    at=T0,
    carrier="mail/Support/<up@x>",
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[SqliteDeskStore]:
    store = SqliteDeskStore(tmp_path / "desk.db")
    yield store
    store.close()


@pytest.fixture(params=["memory", "desk.db"])
def store(request: pytest.FixtureRequest) -> LiftStore:
    if request.param == "memory":
        return MemoryLiftStore()
    desk: SqliteDeskStore = request.getfixturevalue("desk")
    return LiftTables(desk.connection, desk.path)


def test_what_was_saved_comes_back_as_it_was(store: LiftStore) -> None:
    over = replace(
        LIFT,
        key="lift/z",
        way=LiftWay.QUEUE,
        seen_at=after(1),
        thanked_at=after(2),
        ended_at=after(3),
        thanks_draft="one",
    )
    for lift in (LIFT, over):
        store.save_lift(lift)
    assert sorted(store.lifts(), key=lambda one: one.key) == [LIFT, over]


def test_of_one_key_the_last_holds(store: LiftStore) -> None:
    store.save_lift(LIFT)
    store.save_lift(replace(LIFT, seen_at=after(9)))
    assert [one.seen_at for one in store.lifts()] == [after(9)]


def test_a_row_that_is_no_lift_is_left_out(desk: SqliteDeskStore, expect_log: ExpectLog) -> None:
    store = LiftTables(desk.connection, desk.path)
    assert not has_rows(desk.connection, desk.path, "lift")
    store.save_lift(LIFT)
    store.save_lift(replace(LIFT, key="lift/z"))
    assert has_rows(desk.connection, desk.path, "lift")
    desk.connection.execute("UPDATE lift SET way = 'by magic' WHERE key = 'lift/z'")
    expect_log("A row of lift is left out")
    assert store.lifts() == [LIFT]


def test_half_a_character_does_not_stop_the_words(store: LiftStore) -> None:
    store.save_lift(replace(LIFT, why="a\ud83d", by="b\ud83d"))
    assert len(store.lifts()) == 1


def never_fails(error: StoreError) -> None:
    raise error


def test_every_way_to_be_told_of_a_lift_keeps_it_before_the_turn_begins(
    desk: SqliteDeskStore,
) -> None:
    """One that is written later than the ledger is refused, and the turn with it."""
    tables = LiftTables(desk.connection, desk.path)
    patient = PatientDeskStore(desk, never_fails)
    service = Desk(
        settings=lifting(),
        store=patient,
        normalise=same_number,
        to_local=as_utc,
        lifts=lambda: tables,
    )
    service.restore([], T0)
    one, two, three = a_message(1), a_message(2), a_message(3)
    for event in (
        opened(),
        arrived(one, two, three),
        marks((one.message_id, "anna")),
        # The first look at the flags, while a keyword goes; then flags that come as others go.
        marks(flagged=[one.message_id]),
        marks((two.message_id, ""), flagged=[three.message_id], is_whole=False),
        marks(flagged=[two.message_id]),
        mail_lifted(),
        mail_lifted(two.message_id, way=LiftWay.MAILBOX),
        call_lifted(),
    ):
        with patient.turn():
            service.apply(event, after(60))
    assert sorted((one.item, one.way.value) for one in tables.lifts() if not one.ended_at) == [
        ("call/Office/1", "code"),
        (two.key, "flag"),
        (two.key, "mailbox"),
        (CARRIER_KEY, "address"),
    ]
