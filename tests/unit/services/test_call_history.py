from dataclasses import replace
from functools import partial

from supportdesk.domain.calls import Call, CallId, Outcome
from supportdesk.services.call_history import (
    PAGE,
    CallHistory,
    CallKind,
    CallQuery,
)
from supportdesk.services.call_records import FOUNDER
from supportdesk.services.people import People
from tests.fakes.happenings import OFFICE, after
from tests.fakes.stores import MemoryDeskStore

_SEPARATORS = str.maketrans("", "", " -")


def a_call(
    call_id: str,
    outcome: Outcome = Outcome.ANSWERED,
    *,
    at: float = 0,
    name: str = "",
    number: str = "+420541220018",
    queue: str = "support",
    by: str = "",
) -> Call:
    return Call(
        phone=OFFICE,
        call_id=CallId(call_id),
        number=number,
        name=name,
        queue=queue,
        started_at=after(at),
        outcome=outcome,
        by=by,
    )


def history(*calls: Call) -> CallHistory:
    made = CallHistory(MemoryDeskStore())
    for call in calls:
        made.put(call)
    return made


def found(made: CallHistory, words: str = "") -> list[str]:
    return [str(call.call_id) for call in made.find(CallQuery(words=words))]


def test_newest_first_and_a_call_replaces_itself() -> None:
    old, new = a_call("1"), a_call("2", at=5)
    made = history(old, new)
    assert made.calls() == (new, old)
    made.put(replace(old, by="Anna"))
    assert [call.by for call in made.calls()] == ["", "Anna"]
    assert made.call(new.key) == new
    assert made.call("call/Office/3") is None


def test_kinds() -> None:
    made = history(
        a_call("1", Outcome.ANSWERED),
        a_call("2", Outcome.TAKEN, at=1, by=FOUNDER),
        a_call("3", Outcome.MISSED, at=2),
        a_call("4", Outcome.CALLED_BACK, at=3, by=FOUNDER),
        a_call("5", Outcome.UNKNOWN, at=4),
    )

    def of(kind: CallKind) -> str:
        return "".join(call.call_id for call in made.find(CallQuery(kind=kind)))

    assert of(CallKind.ALL) == "54321"
    assert of(CallKind.ANSWERED) == "21"
    assert of(CallKind.MISSED) == "43"
    assert of(CallKind.MINE) == "42"


def test_queue_and_time() -> None:
    made = history(
        a_call("1", queue="sales"), a_call("2", at=10), a_call("3", at=20), a_call("4", queue="")
    )
    assert made.queues() == ("sales", "support")
    [sales] = made.find(CallQuery(queue="sales"))
    assert sales.call_id == "1"
    between = made.find(CallQuery(since=after(5), until=after(20)))
    assert [call.call_id for call in between] == ["2"]


def test_words_are_found_in_names_however_they_are_written() -> None:
    made = history(
        a_call("1", name="Tomáš Beran"),
        a_call("2", at=1, name="Grit Müller", by="Anna"),
        a_call("3", at=2, name="Łukasz Weiß"),
    )
    assert found(made, "tomas") == ["1"]
    assert found(made, "BERAN tomá") == ["1"]
    assert found(made, "mueller") == ["2"]
    assert found(made, "müller anna") == ["2"]
    assert found(made, "lukasz weiss") == ["3"]
    assert found(made, "nobody") == []
    assert found(made, "  ") == ["3", "2", "1"]


def test_numbers_are_found_with_spaces_and_as_they_are_dialled_at_home() -> None:
    made = history(a_call("1", number="+441614960990"), a_call("2", at=1, number=""))
    assert found(made, "0161 496 0990") == ["1"]
    assert found(made, "+44 161") == ["1"]
    assert found(made, "4960") == ["1"]
    assert found(made, "0") == ["1"]


def test_calls_whose_notes_have_the_words_are_found() -> None:
    first, second = a_call("1", name="Pavel"), a_call("2", at=1, name="Pavel")
    made = history(first, second)
    noted = frozenset({first.key})
    assert made.find(CallQuery(words="invoice"), noted) == (first,)
    assert made.find(CallQuery(words="pavel"), noted) == (second, first)


def test_calls_are_found_by_the_name_that_was_joined_to_their_number_later() -> None:
    first = a_call("1", number="0541 22 00-18", name="Bakery", queue="sales")
    made = history(
        first, a_call("2", at=1, number="+420999990018"), a_call("3", at=2, number=""), a_call("4")
    )
    people = People(MemoryDeskStore(), lambda number: number.translate(_SEPARATORS))
    asked = partial(made.find, whose=people)
    assert asked(CallQuery(words="jana")) == ()
    change = people.join_number("jana@x", first.number, "Jana Nová")
    assert change is not None
    for words in ("jana", "nova JANA", "jana sales", "jana bakery", "bakery"):
        assert asked(CallQuery(words=words)) == (first,)
    assert asked(CallQuery(words="jana support")) == ()
    assert asked(CallQuery(words="jana", queue="support")) == ()
    people.rename(change.person, "Eva")
    assert asked(CallQuery(words="jana")) == ()
    assert asked(CallQuery(words="eva")) == (first,)


def test_a_number_of_nobody_is_found_by_nobodys_name() -> None:
    made = history(a_call("1", number="0018"))
    people = People(MemoryDeskStore(), lambda number: number)
    people.join_number("ann@x", "+420 0018", "Ann")
    people.join_number("ben@x", "0018", "")
    assert made.find(CallQuery(words="ann"), whose=people) == ()


def test_the_same_question_is_answered_once_until_something_changes() -> None:
    made = history(a_call("1"))
    first = made.find(CallQuery())
    assert made.find(CallQuery()) is first
    assert made.find(CallQuery(words="x")) == ()
    made.put(a_call("2"))
    assert len(made.find(CallQuery())) == 2


def test_older_calls_come_page_by_page_and_never_replace_newer_news() -> None:
    store = MemoryDeskStore()
    for number in range(PAGE + 1):
        store.save_call(a_call(str(number), at=number // 3))
    made = CallHistory(store)
    made.put(a_call("0", at=0, by="Anna"))
    assert made.read_older()
    assert len(made.calls()) == PAGE + 1
    assert not made.read_older()
    assert made.is_whole
    assert len(made.calls()) == PAGE + 1
    assert made.calls()[-1].by == "Anna"
    assert not made.read_older()


def test_an_empty_store_is_whole_at_once() -> None:
    assert not CallHistory(MemoryDeskStore()).read_older()


def test_no_more_is_read_than_is_held() -> None:
    store = MemoryDeskStore()
    for number in range(3 * PAGE):
        store.save_call(a_call(str(number), at=number))
    made = CallHistory(store, most=PAGE + 1)
    assert made.read_older()
    assert not made.read_older()
    assert len(made.calls()) == 2 * PAGE


def test_calls_of_whoever_is_forgotten_are_gone_and_those_that_end_alike_stay() -> None:
    theirs, alike = a_call("1", number="+420 111 0018"), a_call("2", number="+33 0018")
    made = history(theirs, alike, a_call("3", number=""))
    made.forget({"+4201110018"}, lambda number: number.translate(_SEPARATORS))
    assert {str(call.call_id) for call in made.calls()} == {"2", "3"}
    assert made.call(theirs.key) is None
    assert found(made, "0018") == ["2"]
