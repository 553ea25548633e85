"""Kept words in desk.db; what the fake says of them is held against it."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.adapters.storage.voice_tables import VoiceTables
from supportdesk.domain.errors import StoreError
from supportdesk.domain.voices import Felt, Lesson, Quote, TypedFor, TypedLine
from supportdesk.services.voice_store import VoiceStore
from tests.conftest import ExpectLog
from tests.fakes.happenings import T0, after
from tests.fakes.voice_store import MemoryVoiceStore

QUOTE = Quote(
    key="quote/1",
    words="“Účet” 😀\n\x00<b>\u2028\u202e" + "x" * 10_000,
    item="mail/Support/<1@x>",
    who="Eva \u05d0",
    contact="eva@out.example",
    said_at=T0,
    kept_at=after(0.25),
)
TYPED = TypedLine(
    kind=TypedFor.BESIDE_QUOTE, item=QUOTE.key, words="Ask \u05d0", who="Eva", contact="+1", at=T0
)
LESSON = Lesson(key="lesson/1", item=QUOTE.item, words="Say it sooner", at=T0)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[SqliteDeskStore]:
    store = SqliteDeskStore(tmp_path / "desk.db")
    yield store
    store.close()


@pytest.fixture(params=["memory", "desk.db"])
def store(request: pytest.FixtureRequest) -> VoiceStore:
    if request.param == "memory":
        return MemoryVoiceStore()
    desk: SqliteDeskStore = request.getfixturevalue("desk")
    return VoiceTables(desk.connection, desk.path)


def test_what_was_saved_comes_back_as_it_was(store: VoiceStore) -> None:
    felt = replace(QUOTE, key="quote/2", felt=Felt.LET_DOWN, note="n", talk_seconds=90.5)
    for quote in (QUOTE, felt):
        store.save_quote(quote)
    store.save_lesson(LESSON)
    assert store.quotes() == [QUOTE, felt]
    assert store.lessons() == [LESSON]


def test_of_one_mail_and_of_one_person(store: VoiceStore) -> None:
    store.save_quote(QUOTE)
    store.save_quote(replace(QUOTE, key="quote/2", item="call/Office/1", contact="+420601"))
    assert [one.key for one in store.quotes_of(QUOTE.item)] == ["quote/1"]
    assert [one.key for one in store.quotes_by("+420601")] == ["quote/2"]
    assert store.quotes_of("x") == store.quotes_by("x") == []


def test_of_one_key_the_last_holds_and_what_was_removed_is_gone(store: VoiceStore) -> None:
    store.save_quote(QUOTE)
    store.save_quote(replace(QUOTE, felt=Felt.PUZZLED))
    store.save_quote(replace(QUOTE, key="quote/2"))
    store.save_lesson(LESSON)
    store.save_lesson(replace(LESSON, words="b"))
    store.save_lesson(replace(LESSON, key="lesson/2"))
    assert store.quotes()[0].felt is Felt.PUZZLED
    assert store.lessons()[0].words == "b"
    store.remove_quote("quote/1")
    store.remove_lesson("lesson/1")
    assert [one.key for one in store.quotes()] == ["quote/2"]
    assert [one.key for one in store.lessons()] == ["lesson/2"]


def test_what_is_being_typed_is_one_line_of_each_kind_and_item(store: VoiceStore) -> None:
    lesson = TypedLine(kind=TypedFor.LESSON, words="x", at=after(1))
    for line in (replace(TYPED, words="A"), TYPED, lesson):
        store.save_typed_line(line)
    assert store.typed_lines() == [TYPED, lesson]
    store.remove_typed_line(TYPED.key)
    assert store.typed_lines() == [lesson]


def test_half_a_letter_is_kept_as_a_question_mark(desk: SqliteDeskStore) -> None:
    tables = VoiceTables(desk.connection, desk.path)
    tables.save_quote(replace(QUOTE, words="a\ud800b", who="E\udfffva", note="\ud800"))
    tables.save_lesson(replace(LESSON, words="a\ud800b"))
    (quote,) = tables.quotes()
    assert (quote.words, quote.who, quote.note) == ("a?b", "E?va", "?")
    assert tables.lessons()[0].words == "a?b"


def test_a_disk_that_fails_and_a_turn_that_has_begun_are_said(desk: SqliteDeskStore) -> None:
    tables = VoiceTables(desk.connection, desk.path)
    desk.connection.execute("PRAGMA query_only = ON")
    with pytest.raises(StoreError):
        tables.save_quote(QUOTE)
    desk.connection.execute("PRAGMA query_only = OFF")
    desk.begin()
    with pytest.raises(ValueError, match="before a turn"):
        tables.save_quote(QUOTE)
    desk.roll_back()
    assert tables.quotes() == []


def test_a_row_that_another_program_has_spoilt_takes_no_other_along(
    desk: SqliteDeskStore, expect_log: ExpectLog
) -> None:
    tables = VoiceTables(desk.connection, desk.path)
    tables.save_quote(QUOTE)
    tables.save_quote(replace(QUOTE, key="quote/2"))
    with sqlite3.connect(desk.path) as other:
        other.execute("UPDATE quote SET felt = 'bored' WHERE key = 'quote/2'")
    expect_log("A row of quote is left out")
    assert tables.quotes() == [QUOTE]
