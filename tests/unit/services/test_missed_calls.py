from dataclasses import replace

from supportdesk.domain.calls import Call, CallId, MissedReason, Outcome
from supportdesk.services.missed_calls import MissedCalls, is_only_counted
from tests.fakes.happenings import OFFICE, after, same_number
from tests.fakes.stores import MemoryDeskStore


def a_miss(call_id: str, *, at: float = 0, number: str = "+420 111", name: str = "") -> Call:
    return Call(
        phone=OFFICE,
        call_id=CallId(call_id),
        number=number,
        name=name,
        queue="support",
        started_at=after(at),
        outcome=Outcome.MISSED,
        reason=MissedReason.GAVE_UP,
    )


def missed(*calls: Call, store: MemoryDeskStore | None = None) -> MissedCalls:
    board = MissedCalls(store or MemoryDeskStore(), same_number)
    for call in calls:
        board.put(call)
    return board


def test_calls_of_one_number_are_one_row() -> None:
    first, second = (
        a_miss("1", number="+420 111"),
        a_miss("2", at=60, number="+420111", name="Pavel"),
    )
    [person] = missed(second, first).people()
    assert person.calls == (first, second)
    assert (person.key, person.label, person.newest) == (second.key, "Pavel", second)
    assert person.open_since == after(0)
    assert person.is_open


def test_withheld_numbers_stand_alone() -> None:
    assert len(missed(a_miss("1", number=""), a_miss("2", number="")).people()) == 2


def test_calls_missed_in_one_gap_are_one_row() -> None:
    unseen = [replace(a_miss(one, number=""), reason=MissedReason.UNSEEN) for one in "12"]
    assert len(missed(*unseen).people()) == 1


def test_a_caller_of_the_gap_who_is_known_is_a_row_like_any_other() -> None:
    unseen = replace(a_miss("1"), reason=MissedReason.UNSEEN)
    assert not is_only_counted(unseen)
    [person] = missed(unseen, a_miss("2", at=60)).people()
    assert len(person.calls) == 2


def test_open_ones_first_longest_waiting_first_then_the_closed_newest_first() -> None:
    late, early = a_miss("1", at=60, number="1"), a_miss("2", at=0, number="2")
    old = replace(a_miss("3", at=-90, number="3"), closed_at=after(0))
    older = replace(a_miss("4", at=-99, number="4"), closed_at=after(0))
    board = missed(old, older, late, early)
    assert [person.newest.call_id for person in board.people()] == ["2", "1", "3", "4"]


def test_only_missed_calls_are_kept() -> None:
    assert missed(replace(a_miss("1"), outcome=Outcome.ANSWERED)).people() == ()


def test_a_row_closes_when_that_number_is_reached() -> None:
    store = MemoryDeskStore()
    board = missed(a_miss("1"), a_miss("2", at=60), a_miss("3", number="+421"), store=store)
    closed = board.reached("+420 111", "Anna", after(99))
    assert [(one.by, one.closed_at, one.outcome) for one in closed] == [
        ("Anna", after(99), Outcome.MISSED)
    ] * 2
    assert [person.is_open for person in board.people()] == [True, False]
    assert set(store.calls) == {"call/Office/1", "call/Office/2"}
    assert board.reached("+420 111", "Ben", after(200)) == []
    assert board.people()[1].open_since is None


def test_nobody_is_reached_by_a_withheld_number() -> None:
    board = missed(a_miss("1", number=""))
    assert board.reached("", "Anna", after(1)) == []
    assert board.reached("999", "Anna", after(1)) == []
    assert board.people()[0].is_open


def test_called_back_is_said() -> None:
    board = missed(a_miss("1"))
    [closed] = board.called_back("+420111", "you", after(9))
    assert (closed.outcome, closed.by) == (Outcome.CALLED_BACK, "you")
    assert not board.people()[0].is_open


def test_the_founder_closes_a_person() -> None:
    first, second = a_miss("1"), a_miss("2", at=60)
    board = missed(first, second)
    assert len(board.close(first, after(99))) == 2
    assert not board.person_of(first).is_open


def test_the_person_of_a_call_that_was_not_missed_is_that_call() -> None:
    call = replace(a_miss("1"), outcome=Outcome.WAITING)
    assert missed().person_of(call).calls == (call,)
