import pytest

from supportdesk.domain.words_page import (
    ALOUD_WORDS_PER_MINUTE,
    Passage,
    Section,
    WordsPage,
    aloud_seconds,
    page_seconds,
    spoken_words,
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("I can live with no.", 5),
        ("two\n\nlines  here", 3),
        ("注文が二度出た", 4),
        ("order 注文 two", 3),
        ("สวัสดี", 3),
        ("Ça va très bien", 4),
    ],
)
def test_words_of_speech_are_counted_in_any_script(text: str, words: int) -> None:
    assert spoken_words(text) == words


def test_a_passage_is_read_with_whose_it_is_and_what_stands_beside_it() -> None:
    passage = Passage(words="I trust the sheet", by="Ingrid Solheim", about="mail", note="So do we")
    assert aloud_seconds(passage) == pytest.approx(9 * 60 / ALOUD_WORDS_PER_MINUTE)


def test_a_page_takes_as_long_as_what_is_written_on_it() -> None:
    full = Section(title="In their words", passages=(Passage(words="one two three"),))
    empty = Section(title="Promises still open", passages=())
    page = WordsPage(title="The week", subtitle="", sections=(full, empty))
    assert page.written == (full,)
    assert page_seconds(page) == pytest.approx(8 * 60 / ALOUD_WORDS_PER_MINUTE)
