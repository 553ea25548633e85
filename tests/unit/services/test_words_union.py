from dataclasses import replace

import pytest

from supportdesk.domain.errors import StoreError
from supportdesk.domain.voices import Felt, Lesson, Quote
from supportdesk.services.words_union import JoinedWords, join_words
from tests.fakes.happenings import T0
from tests.fakes.voice_store import MemoryVoiceStore

QUOTE = Quote(
    key="quote/1", words="It works", item="mail/Support/<1@x>", who="Eva", said_at=T0, kept_at=T0
)
LESSON = Lesson(key="lesson/1", words="Say it sooner", at=T0)


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
    assert joined.words == "1 new quote and 1 new lesson, 3 known already."
    assert store.quotes() == [here, typed]
    assert store.lessons() == [LESSON, more]
    again = join_words(store, theirs, [LESSON, more])
    assert again.words == "0 new quotes and 0 new lessons, 5 known already."


def test_the_same_words_typed_twice_are_two_quotes() -> None:
    store = MemoryVoiceStore()
    typed = replace(QUOTE, item="")
    assert join_words(store, [typed, replace(typed, key="quote/2")], []).quotes == 2


def test_of_nothing_nothing_is_said() -> None:
    assert join_words(MemoryVoiceStore(), [], []).words == ""


def test_a_full_disk_is_said() -> None:
    store = MemoryVoiceStore()
    store.is_full = True
    with pytest.raises(StoreError):
        join_words(store, [QUOTE], [])
