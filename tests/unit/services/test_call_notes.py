from dataclasses import replace

import pytest

from supportdesk.domain.calls import Call, CallId, Outcome
from supportdesk.domain.errors import StoreError
from supportdesk.domain.people import CallNote
from supportdesk.domain.voices import Felt
from supportdesk.services.call_notes import REMEMBERED_CHANGES, CallNotes
from tests.fakes.happenings import OFFICE, T0, after, same_number
from tests.fakes.stores import MemoryDeskStore

CALL = Call(
    phone=OFFICE,
    call_id=CallId("1"),
    number="+420 111",
    name="Jana Nová",
    queue="support",
    started_at=T0,
    outcome=Outcome.TAKEN,
)
WORDS = "  “Die Bäckerei”, she said;\n<b>twice</b>  "


def some_notes(store: MemoryDeskStore | None = None) -> CallNotes:
    notes = CallNotes(store or MemoryDeskStore(), same_number)
    notes.restore()
    return notes


def write(notes: CallNotes, words: str, *, call: Call = CALL, at: float = 0) -> CallNote:
    return notes.write(notes.new_key(call.key), call, words, after(at))


def test_a_note_is_kept_with_the_call_and_its_number() -> None:
    store = MemoryDeskStore()
    note = write(some_notes(store), WORDS)
    assert (note.call, note.number, note.label, note.words, note.at) == (
        CALL.key,
        "420111",
        "Jana Nová",
        WORDS,
        T0,
    )
    notes = some_notes(store)
    assert notes.note(note.key) == note
    assert notes.of_call(CALL.key) == notes.of_numbers(["+420111"]) == (note,)
    assert notes.of_call("call/Office/2") == notes.of_numbers(["", "9"]) == ()


def test_the_last_words_under_a_key_hold() -> None:
    store = MemoryDeskStore()
    notes = some_notes(store)
    key = notes.new_key(CALL.key)
    notes.write(key, CALL, "He", T0)
    notes.write(key, CALL, "He will pay", after(2))
    assert [one.words for one in notes.of_call(CALL.key)] == ["He will pay"]
    assert [one.words for one in store.call_notes()] == ["He will pay"]


def test_a_call_may_have_more_than_one_note() -> None:
    notes = some_notes()
    second = write(notes, "Second", at=9)
    first = write(notes, "First", at=1)
    assert first.key != second.key
    assert notes.of_call(CALL.key) == notes.of_numbers([CALL.number]) == (first, second)


def test_notes_of_a_time_come_oldest_first() -> None:
    notes = some_notes()
    second, first = write(notes, "Second", at=9), write(notes, "First", at=1)
    assert notes.between(after(1), after(9.5)) == (first, second)
    assert notes.between(after(1), after(9)) == (first,)


def test_a_note_of_a_withheld_number_is_of_its_call_alone() -> None:
    notes = some_notes()
    note = write(notes, "Who was it?", call=replace(CALL, number=""))
    assert notes.of_call(CALL.key) == (note,)
    assert notes.of_numbers([""]) == ()
    assert notes.remove(note.key) is not None
    assert notes.of_call(CALL.key) == ()


def test_edit_remove_and_undo() -> None:
    store = MemoryDeskStore()
    notes = some_notes(store)
    note = write(notes, "He pays")
    edited = notes.edit(note.key, "She pays", after(99))
    assert edited is not None
    assert [one.words for one in store.call_notes()] == ["She pays"]
    assert notes.undo(edited.number)
    assert notes.note(note.key) == note
    assert not notes.undo(edited.number)
    removed = notes.remove(note.key)
    assert removed is not None
    assert store.call_notes() == []
    assert notes.of_numbers([CALL.number]) == ()
    assert notes.undo(removed.number)
    assert store.call_notes() == [note]
    assert notes.of_call(CALL.key) == (note,)


def test_how_a_call_felt_is_chosen_and_taken_back() -> None:
    store = MemoryDeskStore()
    notes = some_notes(store)
    note = write(notes, "He pays")
    chosen = notes.set_felt(note.key, Felt.RELIEVED)
    assert chosen is not None
    assert store.call_notes() == [replace(note, felt=Felt.RELIEVED)]
    assert notes.set_felt(note.key, Felt.RELIEVED) is None
    assert notes.set_felt("none", Felt.RELIEVED) is None
    assert notes.undo(chosen.number)
    assert notes.of_call(CALL.key) == (note,)


def test_what_changes_nothing_is_no_change() -> None:
    notes = some_notes()
    note = write(notes, "He pays")
    assert notes.edit(note.key, "He pays", after(99)) is None
    assert notes.edit(note.key, "  ", after(99)) is None
    assert notes.edit("none", "He pays", after(99)) is None
    assert notes.remove("none") is None


def test_the_oldest_changes_cannot_be_taken_back() -> None:
    notes = some_notes()
    note = write(notes, "0")
    first = notes.edit(note.key, "1", after(99))
    assert first is not None
    for number in range(REMEMBERED_CHANGES):
        notes.edit(note.key, f"again {number}", after(99))
    assert not notes.undo(first.number)


@pytest.mark.parametrize(
    "words",
    ["bäckerei", "BACKEREI", "backer", "Baeckerei", "said twice", "jana nova", "420111", "Nová"],
)
def test_notes_are_found_by_words(words: str) -> None:
    notes = some_notes()
    note = write(notes, WORDS)
    newer = write(notes, f"Again: {WORDS}", at=5)
    write(notes, "Nothing", call=replace(CALL, name="Ben", number="9"))
    assert notes.search(words) == (newer, note)


@pytest.mark.parametrize("words", ["", "  ", "bakery", "said thrice"])
def test_other_words_find_nothing(words: str) -> None:
    notes = some_notes()
    write(notes, WORDS)
    assert notes.search(words) == ()


def test_writing_without_spaces_is_found_by_its_signs() -> None:
    notes = some_notes()
    note = write(notes, "東京に電話")
    assert notes.search("電話") == (note,)


def test_notes_that_were_deleted_elsewhere_are_not_brought_back() -> None:
    store = MemoryDeskStore()
    notes = some_notes(store)
    gone, kept = write(notes, "Gone"), write(notes, "Kept")
    change = notes.edit(gone.key, "Other words", after(99))
    assert change is not None
    store.remove_call_note(gone.key)
    notes.read_again()
    assert notes.of_call(CALL.key) == (kept,)
    assert not notes.undo(change.number)
    assert notes.search("gone") == ()


def test_each_note_is_heard_of_before_it_is_kept_and_when_it_goes() -> None:
    heard: list[tuple[str, float]] = []
    notes = CallNotes(
        MemoryDeskStore(),
        same_number,
        lambda note, at: heard.append((note.words, (at - T0).total_seconds())),
    )
    note = write(notes, "Flour today !", at=5)
    notes.edit(note.key, "Flour tomorrow !", after(9))
    removed = notes.remove(note.key)
    assert removed is not None
    notes.undo(removed.number)
    assert heard == [
        ("Flour today !", 5),
        ("Flour tomorrow !", 9),
        ("", 5),
        ("Flour tomorrow !", 5),
    ]


class _FullOnce(MemoryDeskStore):
    """A disk that is full for the next write."""

    is_full = False

    def save_call_note(self, note: CallNote) -> None:
        if self.is_full:
            self.is_full = False
            raise StoreError("The disk is full", "Make room.")
        super().save_call_note(note)


def test_what_a_full_disk_does_not_take_back_can_be_taken_back_later() -> None:
    store = _FullOnce()
    notes = some_notes(store)
    note = write(notes, WORDS)
    change = notes.remove(note.key)
    assert change is not None
    store.is_full = True
    with pytest.raises(StoreError):
        notes.undo(change.number)
    assert notes.undo(change.number)
    assert notes.of_call(CALL.key) == (note,)
    assert not notes.undo(change.number)
