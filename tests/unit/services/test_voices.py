"""Words are kept as they are, once, and found again by anything that is known of them."""

from dataclasses import replace

import pytest

from supportdesk.domain.errors import StoreError
from supportdesk.domain.voices import Felt, Quote
from supportdesk.services.voices import Voices
from tests.fakes.happenings import T0, after
from tests.fakes.voice_store import MemoryVoiceStore

ITEM = "mail/Support/<1@x>"
CALL = "call/Office/1.1"


def kept(voices: Voices, words: str, seconds: float = 0, **more: str) -> Quote:
    return voices.keep(
        words,
        item=more.get("item", ITEM),
        who=more.get("who", "Eva Nováková"),
        contact=more.get("contact", "Eva@Out.example"),
        said_at=T0,
        now=after(seconds),
    )


def test_words_are_kept_as_they_are_and_found_in_the_next_run() -> None:
    store = MemoryVoiceStore()
    words = "  It \u202eRTL\u202c saved\u00a0my Friday.\n\n<b>not bold</b> " + "é" * 10_000
    quote = Voices(store).keep(
        words, item=ITEM, who="Eva", contact="Eva@x", said_at=T0, now=after(60), talk_seconds=90
    )
    again = Voices(store)
    assert again.quote(quote.key) == quote
    assert (quote.words, quote.said_at, quote.kept_at) == (words, T0, after(60))
    assert (quote.contact, quote.felt, quote.note, quote.talk_seconds) == ("eva@x", None, "", 90)


def test_the_same_words_of_one_mail_stay_one_quote_and_typed_ones_do_not() -> None:
    voices = Voices(MemoryVoiceStore())
    first = kept(voices, "It works")
    assert kept(voices, "It works", 5) == first
    kept(voices, "It works again")
    kept(voices, "It works", item=CALL)
    kept(voices, "It works", item="")
    kept(voices, "It works", item="")
    assert len(voices.search()) == 5
    assert [one.words for one in voices.of_item(CALL)] == ["It works"]


def test_nothing_is_read_before_it_is_asked_for() -> None:
    class Unread(MemoryVoiceStore):
        reads = 0

        def quotes(self) -> list[Quote]:
            self.reads += 1
            return super().quotes()

    store = Unread()
    voices = Voices(store)
    assert store.reads == 0
    quote = kept(Voices(store), "It works")
    store.reads = 0
    assert voices.of_item(ITEM) == voices.of_person(["eva@out.example", "x@y"]) == (quote,)
    assert store.reads == 0
    voices.search()
    assert voices.of_item(ITEM) == voices.of_person(["eva@out.example"]) == (quote,)
    assert store.reads == 1
    voices.read_again()
    assert store.reads == 1
    assert voices.search() == (quote,)
    assert store.reads == 2


def test_what_was_deleted_behind_our_back_is_gone() -> None:
    store = MemoryVoiceStore()
    voices = Voices(store)
    quote = kept(voices, "It works")
    voices.lessons.learn("Say it sooner", now=T0)
    assert voices.search("works") == (quote,)
    store.kept.clear()
    store.learned.clear()
    voices.read_again()
    assert voices.search() == voices.search("works") == ()
    assert voices.quote(quote.key) is None
    assert voices.of_item(ITEM) == voices.of_person(["eva@out.example"]) == ()
    assert voices.lessons.between() == ()


def test_search_by_words_person_feeling_and_week() -> None:
    voices = Voices(MemoryVoiceStore())
    eva = kept(voices, "Nobody told me about the price", 10)
    tom = kept(voices, "Müller is quick", 20, who="Tom", contact="+420601234567", item=CALL)
    voices.set_felt(tom.key, Felt.DELIGHTED)
    voices.edit_note(eva.key, "Ask about the invoice")
    eva, tom = voices.search(felt=None)[1], voices.search()[0]
    assert voices.search("PRICE nobod") == (eva,)
    assert voices.search("novak") == (eva,)
    assert voices.search("invoice") == (eva,)
    assert voices.search("mueller") == voices.search("601234") == (tom,)
    assert voices.search("price quick") == ()
    assert voices.search("   ") == (tom, eva)
    assert voices.search(contacts=["", "eva@out.example"]) == (eva,)
    assert voices.search(contacts=[]) == ()
    assert voices.search(felt=Felt.DELIGHTED) == (tom,)
    assert voices.search(since=after(20)) == (tom,)
    assert voices.search(until=after(20)) == (eva,)


def test_a_number_is_found_however_it_is_written() -> None:
    def normalise(number: str) -> str:
        return "+420" + number.replace(" ", "").removeprefix("+420")

    voices = Voices(MemoryVoiceStore(), normalise)
    quote = kept(voices, "It works", item=CALL, contact="601 234 567")
    assert quote.contact == "+420601234567"
    assert voices.of_person(["+420 601 234 567", ""]) == (quote,)
    lesson = voices.lessons.learn("Say it sooner", contact="601 234 567", now=T0)
    assert lesson.contact == "+420601234567"
    assert voices.lessons.learn("Say it sooner", contact="", now=T0).contact == ""


def test_only_felt_and_note_change_and_each_change_can_be_taken_back() -> None:
    store = MemoryVoiceStore()
    voices = Voices(store)
    quote = kept(voices, "It works")
    before = voices.set_felt(quote.key, Felt.RELIEVED)
    assert before == quote
    assert voices.set_felt(quote.key, Felt.RELIEVED) is None
    assert voices.edit_note(quote.key, "Tell Anna") == replace(quote, felt=Felt.RELIEVED)
    assert voices.edit_note(quote.key, "Tell Anna") is None
    voices.put(quote)
    assert voices.quote(quote.key) == store.kept[quote.key] == quote
    assert voices.set_felt("no such", Felt.RELIEVED) is voices.edit_note("no such", "x") is None


def test_what_was_removed_can_be_put_back() -> None:
    voices = Voices(MemoryVoiceStore())
    quote = kept(voices, "It works")
    assert voices.remove(quote.key) == quote
    assert voices.search() == voices.of_item(ITEM) == voices.of_person([quote.contact]) == ()
    assert voices.remove(quote.key) is None
    voices.put(quote)
    assert voices.search() == voices.of_item(ITEM) == voices.of_person([quote.contact]) == (quote,)


def test_what_the_disk_does_not_take_is_said_and_not_shown() -> None:
    store = MemoryVoiceStore()
    voices = Voices(store)
    quote = kept(voices, "It works")
    store.is_full = True
    with pytest.raises(StoreError):
        kept(voices, "Another")
    with pytest.raises(StoreError):
        voices.set_felt(quote.key, Felt.PUZZLED)
    with pytest.raises(StoreError):
        voices.remove(quote.key)
    assert voices.search() == (quote,)
