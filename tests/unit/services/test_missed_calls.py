from dataclasses import replace

from supportdesk.domain.calls import Call, CallId, MissedReason, Outcome
from supportdesk.services.missed_calls import BY_MAIL, MissedCalls, how_closed, is_only_counted
from supportdesk.services.people import People
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


def missed(
    *calls: Call, store: MemoryDeskStore | None = None, whose: People | None = None
) -> MissedCalls:
    store = store or MemoryDeskStore()
    board = MissedCalls(store, same_number, whose or People(store, same_number))
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
    assert (person.key, person.label, person.newest) == (first.key, "Pavel", second)
    assert person.open_since == after(0)
    assert person.is_open


def test_a_row_keeps_its_key_while_its_person_goes_on_trying() -> None:
    first, second = a_miss("1"), a_miss("2", at=60)
    board = missed(first)
    [before] = board.people()
    board.put(second)
    board.put(replace(first, closed_at=after(90)))
    [after_all] = board.people()
    assert after_all.key == before.key
    assert after_all.newest == second


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


# --- people ------------------------------------------------------------------------------


def jana_with_two_numbers() -> People:
    people = People(MemoryDeskStore(), same_number)
    people.join_number("jana@x", "+420 111", "Jana")
    people.join_number("jana@x", "+420 222", "Jana")
    return people


def test_calls_from_all_numbers_of_a_person_are_one_row() -> None:
    bare, named = a_miss("1"), a_miss("2", at=60, number="+420 222", name="Bakery")
    board = missed(named, bare, a_miss("3", number="+421"), whose=jana_with_two_numbers())
    other, jana = sorted(board.people(), key=lambda one: len(one.calls))
    assert other.label == "+421"
    assert [one.label for one in jana.calls] == ["Jana", "Jana"]
    assert board.person_of(bare) == board.person_of(named) == jana


def test_numbers_joined_later_become_one_row() -> None:
    people = People(MemoryDeskStore(), same_number)
    board = missed(a_miss("1"), a_miss("2", number="+420 222"), whose=people)
    assert len(board.people()) == 2
    people.join_number("jana@x", "+420 111", "Jana")
    joined = people.join_number("jana@x", "+420 222", "Jana")
    assert len(board.people()) == 1
    assert joined is not None
    people.undo(joined.number)
    assert len(board.people()) == 2


def test_a_person_reached_at_one_number_is_reached() -> None:
    store = MemoryDeskStore()
    board = missed(
        a_miss("1"),
        a_miss("2", number="+420 222"),
        a_miss("3", number="+421"),
        store=store,
        whose=jana_with_two_numbers(),
    )
    assert len(board.called_back("+420 222", "you", after(9))) == 2
    assert [one.name for one in store.calls.values()] == ["", ""]
    assert [one.is_open for one in board.people()] == [True, False]


def test_the_founder_closes_a_person_with_all_their_numbers() -> None:
    first, second = a_miss("1"), a_miss("2", at=5, number="+420 222")
    board = missed(second, first, whose=jana_with_two_numbers())
    assert [one.key for one in board.close(second, after(9))] == [first.key, second.key]
    assert board.close(second, after(10)) == []


def test_an_answered_mail_closes_the_calls_before_it() -> None:
    store = MemoryDeskStore()
    board = missed(a_miss("1"), a_miss("2", at=60), store=store)
    [closed] = board.answered_by_mail("+420 111", after(30))
    assert (closed.call_id, closed.by, closed.closed_at) == ("1", BY_MAIL, after(30))
    assert store.calls == {closed.key: closed}
    assert board.answered_by_mail("+420 111", after(30)) == []


def test_what_became_of_a_missed_call_in_words() -> None:
    call = a_miss("1")
    done = replace(call, closed_at=after(9))
    back = replace(done, outcome=Outcome.CALLED_BACK)
    assert how_closed(call) == ""
    assert how_closed(done) == "closed"
    assert how_closed(replace(done, by="Anna")) == "reached by Anna"
    assert how_closed(replace(done, by=BY_MAIL)) == "answered by mail"
    assert how_closed(back) == "called back"
    assert how_closed(replace(back, by="you")) == "called back by you"


def test_whoever_is_forgotten_was_never_missed() -> None:
    board = missed(a_miss("1"), a_miss("2", number="+420 222"))
    board.forget(["420111", "9"])
    [person] = board.people()
    assert person.label == "+420 222"
