from datetime import UTC, datetime, timedelta, timezone

import pytest

from supportdesk.domain.errors import StoreError
from supportdesk.services.snooze import Snooze
from tests.fakes.happenings import T0, after
from tests.fakes.side_store import MemorySideStore

HOUR = 3600.0
KEY = "mail/Support/<1@x>"
OTHER = "mail/Support/<2@x>"
PRAGUE = timezone(timedelta(hours=1))


def to_local(at: datetime) -> datetime:
    return at.astimezone(PRAGUE)


def some(store: MemorySideStore | None = None, now: datetime = T0) -> Snooze:
    snooze = Snooze(store or MemorySideStore(), to_local)
    snooze.restore(now)
    return snooze


def test_it_wakes_when_its_time_has_come_and_not_before() -> None:
    snooze = some()
    snooze.put_off(KEY, after(HOUR), T0)
    snooze.put_off(OTHER, after(2 * HOUR), T0)
    assert snooze.asleep() == {KEY: after(HOUR), OTHER: after(2 * HOUR)}
    assert snooze.next_due() == after(HOUR)
    assert snooze.due(after(HOUR - 1)) == ()
    assert snooze.due(after(HOUR)) == (KEY,)
    assert snooze.due(after(HOUR)) == ()
    assert (snooze.come_back(), snooze.next_due()) == (frozenset({KEY}), after(2 * HOUR))


def test_what_fell_due_while_nothing_ran_is_awake_at_the_next_start() -> None:
    store = MemorySideStore()
    some(store).put_off(KEY, after(HOUR), T0)
    early = some(store, after(60))
    assert (early.asleep(), early.come_back()) == ({KEY: after(HOUR)}, frozenset())
    late = some(store, after(9 * HOUR))
    assert (dict(late.asleep()), late.come_back(), late.next_due()) == ({}, frozenset({KEY}), None)
    assert (late.came_back_since(after(60)), late.came_back_since(None)) == ((KEY,), (KEY,))
    assert late.came_back_since(after(HOUR)) == (), "that was told by the run before"
    late.opened(KEY)
    assert some(store, after(9 * HOUR)).come_back() == frozenset()


def test_opening_one_that_is_asleep_lets_it_sleep_on() -> None:
    snooze = some()
    snooze.put_off(KEY, after(HOUR), T0)
    snooze.opened(KEY)
    snooze.opened(OTHER)
    row = snooze.of(KEY)
    assert row is not None
    assert (row.until, row.at, snooze.of(OTHER)) == (after(HOUR), T0, None)
    snooze.wake(KEY)
    snooze.wake(KEY)
    assert (snooze.asleep(), snooze.come_back()) == ({}, frozenset())


def test_on_a_full_disk_it_is_not_put_off_and_wakes_all_the_same() -> None:
    store = MemorySideStore()
    snooze = some(store)
    store.is_full = True
    with pytest.raises(StoreError):
        snooze.put_off(KEY, after(HOUR), T0)
    assert snooze.asleep() == {}
    store.is_full = False
    snooze.put_off(KEY, after(HOUR), T0)
    store.is_full = True
    snooze.wake(KEY)
    assert (snooze.asleep(), snooze.come_back()) == ({}, frozenset())


def test_a_reply_may_be_put_off_to_the_same_time_again() -> None:
    snooze = some()
    snooze.put_off(KEY, after(HOUR), T0)
    assert snooze.same_time_again([KEY, OTHER], after(60)) == after(HOUR)
    assert snooze.same_time_again([OTHER], after(60)) is None
    assert snooze.same_time_again([KEY], after(HOUR)) is None


def offered(at: datetime) -> list[tuple[str, str]]:
    choices = some().choices(at)
    return [(one.label, f"{to_local(one.until):%a %d %H:%M}") for one in choices]


def test_what_is_offered_is_in_local_time() -> None:
    friday = datetime(2026, 11, 20, 9, 7, 30, tzinfo=UTC)
    assert offered(friday) == [
        ("Later today", "Fri 20 13:15"),
        ("Tomorrow morning", "Sat 21 08:00"),
        ("On Monday", "Mon 23 08:00"),
        ("In a week", "Fri 27 08:00"),
    ]


def test_monday_is_offered_once_and_nothing_of_today_in_the_evening() -> None:
    sunday_evening = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)
    assert offered(sunday_evening) == [
        ("Tomorrow morning", "Mon 23 08:00"),
        ("In a week", "Sun 29 08:00"),
    ]
    monday_night = datetime(2026, 11, 23, 21, 0, tzinfo=UTC)
    assert [label for label, _ in offered(monday_night)] == ["Tomorrow morning", "In a week"]
    noon = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
    assert offered(noon)[0] == ("Later today", "Mon 23 15:00")
