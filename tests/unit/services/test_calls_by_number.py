from dataclasses import replace

from supportdesk.domain.calls import Call, CallId, Outcome
from supportdesk.services.calls_by_number import CallsByNumber
from tests.fakes.happenings import OFFICE, after, same_number


def a_call(call_id: str, *, at: float = 0, number: str = "+420 111") -> Call:
    return Call(
        phone=OFFICE,
        call_id=CallId(call_id),
        number=number,
        name="",
        queue="",
        started_at=after(at),
        outcome=Outcome.ANSWERED,
    )


def test_calls_of_a_persons_numbers_oldest_first() -> None:
    calls = CallsByNumber(same_number)
    late, early = a_call("1", at=60), a_call("2")
    other = a_call("3", at=30, number="+420 222")
    for call in (late, early, other, a_call("4", number="9"), a_call("5", number="")):
        calls.put(call)
    assert calls.of(["+420-111", "420111", "+420222"]) == [early, other, late]
    assert calls.of(["", "+420"]) == []


def test_a_call_put_again_replaces_itself() -> None:
    calls = CallsByNumber(same_number)
    calls.put(a_call("1"))
    ended = replace(a_call("1"), talk_seconds=9)
    calls.put(ended)
    assert calls.of(["+420 111"]) == [ended]


def test_the_newest_call_of_each_number_newest_first() -> None:
    calls = CallsByNumber(same_number)
    first, second, other = a_call("1"), a_call("2", at=60), a_call("3", at=30, number="9")
    for call in (second, first, other):
        calls.put(call)
    assert calls.newest() == [second, other]


def test_whoever_is_forgotten_has_never_called() -> None:
    calls = CallsByNumber(same_number)
    theirs, other = a_call("1"), a_call("2", number="+420 222")
    calls.put(theirs)
    calls.put(other)
    assert calls.forget(["420111", "9"]) == [theirs]
    assert calls.newest() == [other]
