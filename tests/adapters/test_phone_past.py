"""What a phone system is told of the run before, and what is kept for the next one."""

from dataclasses import replace
from datetime import timedelta

from supportdesk.adapters.phone.ami_connection import identity_of
from supportdesk.adapters.phone.phone_past import PhonePast
from supportdesk.domain.calls import CallId, Outcome
from supportdesk.protocols.ami_calls import CallBook
from supportdesk.protocols.ami_line import Phase
from supportdesk.services.ports import QueueCount
from tests.adapters.desk_examples import AT, OFFICE, call, later
from tests.fakes.happenings import PHONE_SETTINGS
from tests.fakes.stores import MemoryDeskStore

SETTINGS = replace(PHONE_SETTINGS, name=OFFICE)


def a_book() -> CallBook:
    return CallBook(identity_of(SETTINGS))


def noted() -> MemoryDeskStore:
    """A run that heard three give up, and ended."""
    store, book = MemoryDeskStore(), a_book()
    book.abandoned["support"], book.completed["support"] = 3, 90
    PhonePast(store, SETTINGS).note(book, AT)
    store.save_call(replace(call("1.0", later(-60)), outcome=Outcome.WAITING, closed_at=None))
    store.save_call(replace(call("2.0", later(-60)), outcome=Outcome.MISSED))
    old = later(-24 * 3600)
    store.save_call(replace(call("3.0", old), outcome=Outcome.ANSWERED, closed_at=None))
    return store


def test_the_next_run_knows_counters_and_open_calls() -> None:
    book = a_book()
    assert PhonePast(noted(), SETTINGS).recall(book, later(600)) == AT
    assert (book.abandoned, book.completed) == ({"support": 3}, {"support": 90})
    assert {key: line.phase for key, line in book.lines.items()} == {CallId("1.0"): Phase.WAITING}


def test_a_first_run_another_pbx_and_a_long_time_ago_know_nothing() -> None:
    elsewhere = replace(SETTINGS, host="other.desk.example")
    for past, now in (
        (PhonePast(MemoryDeskStore(), SETTINGS), AT),
        (PhonePast(noted(), elsewhere), later(1)),
        (PhonePast(noted(), SETTINGS), AT + timedelta(days=15)),
    ):
        book = a_book()
        assert past.recall(book, now) is None
        assert (book.abandoned, book.lines) == ({}, {})


def test_a_clock_that_was_set_back_makes_no_gap_from_the_future() -> None:
    assert PhonePast(noted(), SETTINGS).recall(a_book(), later(-3600)) == later(-3600)


def test_a_counter_is_noted_at_once_and_the_time_now_and_then() -> None:
    store, book = MemoryDeskStore(), a_book()
    past = PhonePast(store, SETTINGS)
    past.leave(AT)
    assert store.phone_memory(OFFICE) is None
    book.abandoned["support"] = 1
    for seconds, expected in ((0, 0), (59, 0), (60, 60), (61, 60)):
        past.note(book, later(seconds))
        memory = store.memories[OFFICE]
        assert memory.heard_at == later(expected)
    book.abandoned["support"] = 2
    past.note(book, later(62))
    past.leave(later(70))
    memory = store.memories[OFFICE]
    assert memory.heard_at == later(70)
    assert memory.counts == (QueueCount(queue="support", abandoned=2, completed=0),)
