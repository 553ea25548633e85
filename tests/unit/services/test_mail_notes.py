import pytest

from supportdesk.domain.errors import StoreError
from supportdesk.domain.mail import MessageId
from supportdesk.domain.side_events import SharedNote
from supportdesk.domain.side_marks import MailNote, shared_note_id
from supportdesk.services.mail_notes import MailNotes
from tests.fakes.happenings import SUPPORT, T0, after
from tests.fakes.side_store import MemorySideStore

ITEM = "mail/Support/<1@x>"
OTHER = "mail/Support/<2@x>"
WORDS = "  Wants a refund;\n<b>do not</b> offer one  "


def some(store: MemorySideStore | None = None) -> MailNotes:
    notes = MailNotes(store or MemorySideStore())
    notes.restore()
    return notes


def test_a_note_is_kept_as_it_was_typed() -> None:
    store = MemorySideStore()
    notes = some(store)
    note = notes.write(notes.new_key(ITEM), ITEM, WORDS, T0, about="Eva@Out.example")
    assert note == MailNote(
        key=f"note/1/{ITEM}", item=ITEM, about="eva@out.example", words=WORDS, at=T0
    )
    again = some(store)
    assert again.of([OTHER, ITEM]) == (note,)
    assert (again.note(note.key), again.note("no")) == (note, None)
    assert (again.count([ITEM, OTHER]), again.count([OTHER])) == (1, 0)


def test_the_last_words_hold_and_the_first_moment() -> None:
    notes = some()
    key = notes.new_key(ITEM)
    notes.write(key, ITEM, "Wa", T0)
    notes.write(key, ITEM, "Wants a refund", after(2))
    assert [(one.words, one.at) for one in notes.of([ITEM])] == [("Wants a refund", T0)]


def test_notes_of_a_conversation_come_oldest_first() -> None:
    notes = some()
    late = notes.write(notes.new_key(ITEM), ITEM, "late", after(60))
    early = notes.write(notes.new_key(OTHER), OTHER, "early", T0)
    second = notes.write(notes.new_key(ITEM), ITEM, "second", after(90))
    assert second.key == f"note/2/{ITEM}"
    assert notes.of([ITEM, OTHER]) == (early, late, second)


def test_a_removed_note_can_be_put_back() -> None:
    store = MemorySideStore()
    notes = some(store)
    note = notes.write(notes.new_key(ITEM), ITEM, "x", T0)
    assert notes.remove(note.key) == note
    assert notes.remove(note.key) is None
    assert some(store).of([ITEM]) == ()
    notes.put(note)
    assert some(store).of([ITEM]) == (note,)


def test_what_the_disk_does_not_take_is_not_shown_as_kept() -> None:
    store = MemorySideStore()
    notes = some(store)
    store.is_full = True
    with pytest.raises(StoreError):
        notes.write(notes.new_key(ITEM), ITEM, "x", T0)
    assert notes.of([ITEM]) == ()


def shared(note_id: str, *, by: str = "anna", words: str = "hello", at: float = 0) -> SharedNote:
    about = MessageId("<1@x>")
    return SharedNote(note_id=MessageId(note_id), about=about, by=by, at=after(at), words=words)


def test_notes_that_colleagues_share_stand_among_ones_own_and_are_not_kept() -> None:
    store = MemorySideStore()
    notes = some(store)
    mine = notes.write(notes.new_key(ITEM), ITEM, "mine", T0)
    own_id = shared_note_id(mine, "bob")
    seen = [shared("<a@x>", at=60), shared(own_id, by="bob"), shared("<b@x>", by="bob", at=90)]
    assert notes.seen(SUPPORT, seen, "bob")
    assert not notes.seen(SUPPORT, seen, "bob")
    assert [(one.by, one.words) for one in notes.of([OTHER, ITEM])] == [
        *(("", "mine"), ("anna", "hello")),
        ("bob", "hello"),
    ]
    assert (notes.count([ITEM]), notes.count([OTHER])) == (3, 0)
    assert list(store.notes) == [mine.key]
    assert notes.seen(SUPPORT, [], "bob")
    assert notes.of([ITEM]) == (mine,)


def test_each_note_is_heard_of_before_it_is_kept_and_when_it_goes() -> None:
    heard: list[tuple[str, float]] = []
    notes = MailNotes(
        MemorySideStore(),
        lambda note, at: heard.append((note.words, (at - T0).total_seconds())),
    )
    key = notes.new_key(ITEM)
    notes.write(key, ITEM, "Flour today !", T0)
    notes.write(key, ITEM, "Flour tomorrow !", after(9))
    removed = notes.remove(key)
    assert removed is not None
    notes.put(removed)
    assert heard == [
        ("Flour today !", 0),
        ("Flour tomorrow !", 9),
        ("", 0),
        ("Flour tomorrow !", 0),
    ]
