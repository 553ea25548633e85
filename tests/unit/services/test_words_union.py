from dataclasses import replace

import pytest

from supportdesk.domain.errors import StoreError
from supportdesk.domain.promises import Promise, PromiseState
from supportdesk.domain.voices import Felt, Lesson, Quote
from supportdesk.services.words_union import JoinedWords, join_promises, join_words
from tests.fakes.happenings import T0, after
from tests.fakes.promise_store import MemoryPromiseStore
from tests.fakes.voice_store import MemoryVoiceStore

QUOTE = Quote(
    key="quote/1", words="It works", item="mail/Support/<1@x>", who="Eva", said_at=T0, kept_at=T0
)
LESSON = Lesson(key="lesson/1", words="Say it sooner", at=T0)
PROMISE = Promise(
    key="promise/1/note/1/mail/Support/<1@x>",
    item="mail/Support/<1@x>",
    words="Send the plan",
    who="Eva",
    contact="eva@x.example",
    made_at=T0,
    due=after(60),
)


def test_what_is_new_comes_in_and_what_is_known_stays_as_it_is() -> None:
    store = MemoryVoiceStore()
    here = replace(QUOTE, felt=Felt.RELIEVED, note="Tell Anna")
    store.save_quote(here)
    store.save_lesson(LESSON)
    typed = replace(QUOTE, key="quote/2", item="")
    theirs = [QUOTE, replace(QUOTE, key="quote/3", who="Eva N."), typed]
    more = replace(LESSON, key="lesson/2")
    joined = join_words(store, theirs, [LESSON, more])
    assert joined == JoinedWords(quotes=1, lessons=1, known=3)
    assert joined.words == "1 new quote, 1 new lesson and 0 new promises, 3 known already."
    assert store.quotes() == [here, typed]
    assert store.lessons() == [LESSON, more]
    again = join_words(store, theirs, [LESSON, more])
    assert again.words == "0 new quotes, 0 new lessons and 0 new promises, 5 known already."


def test_the_same_words_typed_twice_are_two_quotes() -> None:
    store = MemoryVoiceStore()
    typed = replace(QUOTE, item="")
    assert join_words(store, [typed, replace(typed, key="quote/2")], []).quotes == 2


def test_promises_come_along_under_keys_that_no_note_here_ends() -> None:
    store = MemoryPromiseStore()
    store.save_promise(PROMISE)
    theirs = [
        replace(PROMISE, due=after(90)),
        replace(PROMISE, key="promise/2/note/2/mail/Support/<1@x>"),
        replace(PROMISE, key="promise/3/note/1/call/Office/7", item="call/Office/7"),
    ]
    joined = join_promises(store, theirs, JoinedWords(quotes=1))
    assert joined == JoinedWords(quotes=1, promises=1, known=2)
    assert joined.words == "1 new quote, 0 new lessons and 1 new promise, 2 known already."
    assert store.promises() == [PROMISE, replace(theirs[2], key=f"{theirs[2].key}/elsewhere")]
    for again in (theirs, store.promises()):
        assert join_promises(store, again, JoinedWords()) == JoinedWords(known=len(again))


def test_a_promise_that_was_kept_there_is_kept_and_never_opened_again() -> None:
    store = MemoryPromiseStore()
    store.save_promise(replace(PROMISE, due=after(90)))
    kept = replace(PROMISE, state=PromiseState.KEPT, settled_at=after(70))
    joined = join_promises(store, [kept], JoinedWords())
    assert joined.words == (
        "0 new quotes, 0 new lessons and 0 new promises, 1 kept or dropped there, 0 known already."
    )
    assert store.promises() == [replace(kept, due=after(90))]
    assert join_promises(store, [PROMISE], JoinedWords()) == JoinedWords(known=1)
    assert store.promises() == [replace(kept, due=after(90))]


def test_of_nothing_nothing_is_said() -> None:
    joined = join_words(MemoryVoiceStore(), [], [])
    assert join_promises(MemoryPromiseStore(), [], joined).words == ""


def test_a_full_disk_is_said() -> None:
    store = MemoryVoiceStore()
    store.is_full = True
    with pytest.raises(StoreError):
        join_words(store, [QUOTE], [])
