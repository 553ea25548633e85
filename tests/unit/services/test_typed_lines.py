"""Words that are being typed, kept so far; and what the next run finds of them."""

from dataclasses import replace

import pytest

from supportdesk.domain.errors import StoreError
from supportdesk.domain.voices import TypedFor, TypedLine
from supportdesk.services.typed_lines import TypedLines
from tests.fakes.happenings import T0, after
from tests.fakes.voice_store import MemoryVoiceStore

LINE = TypedLine(kind=TypedFor.QUOTE, item="call/Office/1", words="Nobody pi", at=T0)


def test_of_each_the_last_words_are_there_in_the_next_run() -> None:
    store = MemoryVoiceStore()
    lines = TypedLines(store)
    lesson = replace(LINE, kind=TypedFor.LESSON, at=after(5))
    for line in (lesson, LINE, replace(LINE, words="Nobody picks up")):
        lines.keep(line)
    again = TypedLines(store)
    assert again.all() == (replace(LINE, words="Nobody picks up"), lesson)
    assert again.line(LINE.key) == replace(LINE, words="Nobody picks up")
    assert again.line("quote/") is None


def test_whose_they_are_is_kept_in_one_form() -> None:
    lines = TypedLines(MemoryVoiceStore(), lambda number: number.replace(" ", ""))
    lines.keep(replace(LINE, contact="+420 601"))
    lines.keep(replace(LINE, item="", contact="Eva@Out.example"))
    assert {one.contact for one in lines.all()} == {"+420601", "eva@out.example"}


def test_what_is_kept_for_good_is_dropped() -> None:
    store = MemoryVoiceStore()
    lines = TypedLines(store)
    lines.keep(LINE)
    lines.drop(LINE.key)
    assert (lines.all(), store.typed) == ((), {})
    store.is_full = True
    lines.drop(LINE.key)
    with pytest.raises(StoreError):
        lines.keep(LINE)
    assert lines.all() == ()


def test_what_was_deleted_behind_our_back_is_gone() -> None:
    store = MemoryVoiceStore()
    lines = TypedLines(store)
    lines.keep(LINE)
    store.typed.clear()
    lines.read_again()
    assert lines.all() == ()
