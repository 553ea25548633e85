"""Gaps outlive the run; a phone that remembers nothing itself is remembered here."""

from dataclasses import replace
from datetime import datetime

from supportdesk.domain.settings import PhoneKind, PhoneSettings
from supportdesk.services.phone_gaps import KEPT, PhoneGaps
from supportdesk.services.ports import PhoneMemory
from tests.fakes.happenings import OFFICE, T0, a_snapshot, after
from tests.fakes.stores import MemoryDeskStore

PBX = PhoneSettings(name=OFFICE, kind=PhoneKind.ASTERISK)
SOFTPHONE = PhoneSettings(name=OFFICE, kind=PhoneKind.BARESIP)


def run_with(store: MemoryDeskStore, phone: PhoneSettings) -> PhoneGaps:
    """A run of the program."""
    gaps = PhoneGaps(store)
    gaps.configure([phone])
    gaps.restore()
    return gaps


def stretches(gaps: PhoneGaps) -> list[tuple[datetime, datetime, int | None]]:
    return [(gap.since, gap.until, gap.missed) for gap in gaps.all()]


def test_a_gap_in_which_nobody_was_missed_is_there_in_the_next_run() -> None:
    store = MemoryDeskStore()
    first = run_with(store, PBX)
    first.heard_again(a_snapshot(at=after(10)))
    assert first.all() == ()
    first.heard_again(a_snapshot(at=after(90), deaf_since=after(30)))
    assert stretches(first) == [(after(30), after(90), 0)]
    second = run_with(store, PBX)
    assert second.all() == first.all()
    second.heard_again(a_snapshot(at=after(500), deaf_since=after(100), missed_meanwhile=2))
    assert stretches(run_with(store, PBX)) == [
        (after(30), after(90), 0),
        (after(100), after(500), 2),
    ]


def test_a_phone_system_speaks_for_itself() -> None:
    """Where it says nothing of a gap there was none: it counts what is missed while we are off."""
    store = MemoryDeskStore()
    first = run_with(store, PBX)
    first.heard_again(a_snapshot(at=after(10)))
    first.awake(after(60))
    first.slept(after(100), after(200))
    first.deaf(OFFICE, after(300))
    assert store.memories == {}
    second = run_with(store, PBX)
    second.heard_again(a_snapshot(at=after(900)))
    assert second.all() == ()


def test_a_softphone_is_unknown_while_the_program_is_off() -> None:
    store = MemoryDeskStore()
    first = run_with(store, SOFTPHONE)
    first.heard_again(a_snapshot(at=after(10)))
    assert first.all() == (), "it was never watched before"
    first.awake(after(60))
    second = run_with(store, SOFTPHONE)
    second.heard_again(a_snapshot(at=after(900)))
    assert stretches(second) == [(after(60), after(900), None)]
    second.heard_again(a_snapshot(at=after(950)))
    assert len(second.all()) == 1


def test_a_softphone_that_was_not_heard_when_the_run_ended_is_unknown_since_then() -> None:
    store = MemoryDeskStore()
    first = run_with(store, SOFTPHONE)
    first.heard_again(a_snapshot(at=after(10)))
    first.deaf(OFFICE, after(20))
    first.deaf(OFFICE, after(30))
    first.awake(after(300))
    second = run_with(store, SOFTPHONE)
    second.heard_again(a_snapshot(at=after(900)))
    assert stretches(second) == [(after(20), after(900), None)]


def test_what_a_softphone_missed_in_a_gap_is_not_known() -> None:
    gaps = run_with(MemoryDeskStore(), SOFTPHONE)
    gaps.heard_again(a_snapshot(at=after(10)))
    gaps.heard_again(a_snapshot(at=after(90), deaf_since=after(30), members=None))
    assert stretches(gaps) == [(after(30), after(90), None)]


def test_a_history_leaves_no_gap() -> None:
    """What Linphone wrote down meanwhile is in the list, call by call."""
    gaps = run_with(MemoryDeskStore(), replace(SOFTPHONE, kind=PhoneKind.LINPHONE))
    gaps.heard_again(a_snapshot(at=after(90), deaf_since=after(30)))
    assert gaps.all() == ()


def test_a_softphone_sleeps_with_the_computer() -> None:
    gaps = run_with(MemoryDeskStore(), SOFTPHONE)
    gaps.slept(after(1), after(2))
    gaps.heard_again(a_snapshot(at=after(10)))
    gaps.slept(after(100), after(700))
    assert stretches(gaps) == [(after(100), after(700), None)]


def test_a_memory_of_another_phone_system_is_none_of_the_softphone() -> None:
    store = MemoryDeskStore()
    memory = PhoneMemory(phone=OFFICE, place="pbx.example.com:5038", heard_at=T0, counts=())
    store.save_phone_memory(memory)
    gaps = run_with(store, SOFTPHONE)
    gaps.heard_again(a_snapshot(at=after(900)))
    assert gaps.all() == ()


def test_a_clock_that_was_set_back_makes_no_gap_of_a_negative_length() -> None:
    store = MemoryDeskStore()
    run_with(store, SOFTPHONE).heard_again(a_snapshot(at=after(900)))
    second = run_with(store, SOFTPHONE)
    second.heard_again(a_snapshot(at=after(100)))
    assert stretches(second) == [(after(100), after(100), None)]


def test_a_phone_that_is_no_longer_watched_is_not_remembered_any_further() -> None:
    store = MemoryDeskStore()
    gaps = run_with(store, SOFTPHONE)
    gaps.heard_again(a_snapshot(at=after(10)))
    gaps.configure([])
    gaps.awake(after(500))
    assert store.memories[OFFICE].heard_at == after(10)


def test_the_newest_are_kept() -> None:
    store = MemoryDeskStore()
    gaps = run_with(store, PBX)
    for number in range(KEPT + 3):
        gap = a_snapshot(at=after(number * 10 + 5), deaf_since=after(number * 10))
        gaps.heard_again(gap)
    assert len(gaps.all()) == KEPT
    assert gaps.all()[0].since == after(30)
    assert run_with(store, PBX).all() == gaps.all()
