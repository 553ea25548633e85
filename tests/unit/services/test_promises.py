from dataclasses import replace
from datetime import UTC, datetime, time

import pytest

from supportdesk.domain.errors import StoreError
from supportdesk.domain.people import Person
from supportdesk.domain.promises import Promise, PromiseState
from supportdesk.domain.settings import HoursRange
from supportdesk.services.promises import Noted, Promises
from tests.fakes.happenings import T0, after
from tests.fakes.promise_store import MemoryPromiseStore

HOUR = 3600.0
MAIL = "mail/Support/<1@x>"
NOTE = Noted(
    note=f"note/1/{MAIL}",
    words="",
    item=MAIL,
    who="Ingrid Solheim",
    contact="ingrid@solheim.no",
)


def some(store: MemoryPromiseStore | None = None) -> Promises:
    promises = Promises(store or MemoryPromiseStore(), lambda at: at)
    promises.restore()
    return promises


def noted(promises: Promises, words: str, now: datetime = T0, note: Noted = NOTE) -> None:
    promises.noted(replace(note, words=words), now)


def words_of(promises: tuple[Promise, ...]) -> list[str]:
    return [one.words for one in promises]


def test_a_line_with_a_mark_becomes_a_promise_to_this_person() -> None:
    store = MemoryPromiseStore()
    promises = some(store)
    noted(promises, "She is angry.\nNew flour in 2 hours !\nCall her in 1 hour !\nBye!")
    later, sooner = after(2 * HOUR), after(HOUR)
    assert [(one.words, one.due) for one in promises.open()] == [
        ("Call her in 1 hour", sooner),
        ("New flour in 2 hours", later),
    ]
    first = promises.open()[0]
    assert (first.item, first.who, first.contact) == (MAIL, NOTE.who, NOTE.contact)
    assert (first.made_at, first.state) == (T0, PromiseState.OPEN)
    assert promises.promise(first.key) == first
    assert some(store).open() == promises.open(), "the next run knows them"


def test_it_is_due_when_its_time_has_come() -> None:
    promises = some()
    assert promises.next_due(T0) is None
    noted(promises, "a in 2 hours !\nb in 1 hour !")
    assert promises.next_due(T0) == after(HOUR)
    assert promises.due(after(HOUR - 1)) == ()
    moments = (HOUR - 1, HOUR, HOUR + 1, 2 * HOUR)
    changes = [promises.have_fallen_due(after(one)) for one in moments]
    assert changes == [False, True, False, True]
    assert words_of(promises.due(after(HOUR))) == ["b in 1 hour"]
    assert promises.next_due(after(HOUR)) == after(2 * HOUR)
    assert words_of(promises.due(after(2 * HOUR))) == ["b in 1 hour", "a in 2 hours"]


def test_without_a_time_it_is_due_when_the_office_closes() -> None:
    promises = some()
    promises.configure([HoursRange(weekdays=tuple(range(7)), opens=time(8), closes=time(16))])
    noted(promises, "send it !", datetime(2026, 11, 18, 10, tzinfo=UTC))
    assert promises.open()[0].due == datetime(2026, 11, 18, 16, tzinfo=UTC)


def test_who_changes_the_note_changes_the_promise_and_no_other() -> None:
    store = MemoryPromiseStore()
    promises = some(store)
    other = replace(NOTE, note="note/1/call/Office/7", item="call/Office/7", contact="+4790000000")
    noted(promises, "call in 1 hour !", note=other)
    noted(promises, "a in 1 hour !\nb in 2 hours !")
    noted(promises, "b in 2 hours !\nc in 3 hours !", after(HOUR))
    found = {one.words: one.due for one in promises.open()}
    assert found == {
        "call in 1 hour": after(HOUR),
        "b in 2 hours": after(2 * HOUR),
        "c in 3 hours": after(4 * HOUR),
    }
    noted(promises, "")
    assert words_of(promises.open()) == ["call in 1 hour"]
    assert list(store.made) == [promises.open()[0].key]


def test_a_line_that_comes_back_is_the_same_promise() -> None:
    promises = some()
    noted(promises, "a in 1 hour !")
    key = promises.open()[0].key
    promises.settle(key, PromiseState.KEPT, after(60))
    noted(promises, "")
    assert promises.promise(key) is None
    noted(promises, "a in 1 hour !", after(HOUR))
    back = promises.promise(key)
    assert back is not None
    assert (back.state, back.due, back.settled_at) == (PromiseState.KEPT, after(HOUR), after(60))
    noted(promises, "")
    promises.restore()
    noted(promises, "a in 1 hour !", after(HOUR))
    assert words_of(promises.open()) == ["a in 1 hour"], "forgotten is forgotten"


def test_a_corrected_line_stays_the_promise_that_it_is() -> None:
    store = MemoryPromiseStore()
    promises = some(store)
    noted(promises, "I send teh flour tomorrow !\nCall her in 1 hour !")
    called, flour = promises.open()
    promises.settle(called.key, PromiseState.KEPT, after(60))
    promises.move(flour.key, after(50 * HOUR))
    noted(promises, "I send the flour tomorrow !\nCall her, in 1 hour !", after(30 * HOUR))
    assert promises.promise(flour.key) == replace(
        flour, words="I send the flour tomorrow", due=after(50 * HOUR)
    )
    assert promises.promise(called.key) == replace(
        called,
        words="Call her, in 1 hour",
        state=PromiseState.KEPT,
        settled_at=after(60),
    )
    noted(promises, "I send the flour in 3 hours !\nCall her, in 1 hour !", after(30 * HOUR))
    assert store.made.keys() == {promises.open()[0].key, called.key}
    noted(promises, "I send the flour in 4 hours !\nCall her, in 1 hour !", after(31 * HOUR))
    later = promises.open()[0]
    assert (later.made_at, later.due) == (after(30 * HOUR), after(35 * HOUR)), "another time"
    assert store.made == {one.key: one for one in some(store).of_week(T0, after(90 * HOUR))}


def test_the_first_words_of_a_corrected_line_may_come_again() -> None:
    promises = some()
    noted(promises, "Send her the flour in 1 hour !")
    noted(promises, "Send her the flours in 1 hour !")
    noted(promises, "Send her the flours in 1 hour !\nSend her the flour in 1 hour !", after(60))
    both = promises.open()
    assert [one.words for one in both] == [
        "Send her the flours in 1 hour",
        "Send her the flour in 1 hour",
    ]
    assert len({one.key for one in both}) == 2


@pytest.mark.parametrize(
    ("kept", "line"),
    [
        ("Refund order 4711", "Refund order 4712"),
        ("Refund 1.50 to her", "Refund 150 to her"),
        ("Call her on Monday", "Call her on Tuesday"),
        ("Send the invoice today", "Send the invoice on Friday"),
        ("Send Anna the invoice", "Send Hanna the invoice"),
        ("Give the key to Bob", "Give the key to Rob"),
    ],
)
def test_what_was_kept_is_not_another_one_in_other_words(kept: str, line: str) -> None:
    promises = some()
    noted(promises, f"{kept} !")
    promises.settle(promises.open()[0].key, PromiseState.KEPT, after(60))
    noted(promises, f"{line} !")
    assert words_of(promises.open()) == [line]


def test_what_was_kept_stays_kept_in_other_punctuation() -> None:
    promises = some()
    noted(promises, "call anna:  today !\nCall Anne today !")
    called = next(one for one in promises.open() if one.words.startswith("call anna"))
    promises.settle(called.key, PromiseState.KEPT, after(60))
    noted(promises, "Call Anna - today. !", after(30 * HOUR))
    again = promises.promise(called.key)
    assert again is not None
    assert (again.words, again.state) == ("Call Anna - today.", PromiseState.KEPT)
    assert again.due == called.due


@pytest.mark.parametrize("state", [PromiseState.KEPT, PromiseState.DROPPED])
def test_it_is_settled_once_and_can_be_taken_back(state: PromiseState) -> None:
    promises = some()
    noted(promises, "a in 1 hour !")
    before = promises.open()[0]
    assert promises.settle(before.key, state, after(60)) == before
    assert (promises.open(), promises.due(after(9 * HOUR))) == ((), ())
    assert promises.settle(before.key, state, after(70)) is None
    assert promises.move(before.key, after(HOUR)) is None
    promises.put(before)
    assert promises.open() == (before,)
    assert promises.settle("promise/none", state, T0) is None


def test_it_is_moved_to_another_time() -> None:
    promises = some()
    noted(promises, "a in 1 hour !")
    before = promises.open()[0]
    assert promises.move(before.key, after(5 * HOUR)) == before
    assert promises.next_due(T0) == after(5 * HOUR)
    noted(promises, "a in 1 hour !\nmore words", after(60))
    assert promises.next_due(T0) == after(5 * HOUR), "its note does not move it back"
    assert promises.move("promise/none", T0) is None


def test_it_is_found_by_person_and_by_what_was_noted_of() -> None:
    promises = some()
    ingrid = Person(key="1", name="Ingrid", emails=("ingrid@solheim.no",), numbers=("+4790000000",))
    nobody = Person(key="", name="", emails=("",))
    assert promises.of_items([MAIL]) == ()
    noted(promises, "a in 1 hour !")
    noted(promises, "b !", note=replace(NOTE, note="n2", item="call/Office/7", contact=""))
    assert words_of(promises.of_person(ingrid)) == ["a in 1 hour"]
    assert promises.of_person(nobody) == ()
    assert words_of(promises.of_items([MAIL])) == ["a in 1 hour"]
    assert words_of(promises.of_items(["call/Office/7"])) == ["b"]
    assert promises.of_items([]) == ()


def test_a_week_has_what_was_made_due_or_settled_in_it_and_what_is_open() -> None:
    promises = some()
    noted(promises, "a in 1 hour !\nb in 2 hours !")
    first, second = promises.open()
    promises.settle(first.key, PromiseState.KEPT, after(60 * HOUR))
    assert promises.of_week(after(-HOUR), T0) == ()
    assert words_of(promises.of_week(T0, after(HOUR))) == ["a in 1 hour", "b in 2 hours"]
    assert words_of(promises.of_week(after(50 * HOUR), after(70 * HOUR))) == [
        "a in 1 hour",
        "b in 2 hours",
    ]
    promises.settle(second.key, PromiseState.KEPT, after(3 * HOUR))
    assert words_of(promises.of_week(after(50 * HOUR), after(70 * HOUR))) == ["a in 1 hour"]


def test_on_a_full_disk_nothing_has_changed() -> None:
    store = MemoryPromiseStore()
    promises = some(store)
    noted(promises, "a in 1 hour !")
    before = promises.open()
    store.is_full = True
    with pytest.raises(StoreError):
        noted(promises, "b !")
    with pytest.raises(StoreError):
        promises.move(before[0].key, after(9))
    with pytest.raises(StoreError):
        promises.settle(before[0].key, PromiseState.KEPT, T0)
    store.is_full = False
    assert promises.open() == before
