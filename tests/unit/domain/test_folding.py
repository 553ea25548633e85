import unicodedata

import pytest

from supportdesk.domain.folding import bare, fold, spellings


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("plain ASCII", "plain ASCII"),
        ("Straße GROẞ", "Strasse GROSS"),
        ("Łódź đ ø æ Œ þ ı", "Lódź d o ae OE th i"),
        ("Ǿ ǽ", "O ae"),
        ("Ελληνικά ό ᾠ", "Ελληνικα ο ω"),
        ("Ёлка й", "Елка и"),
        ("有 東京", " 有   東  京 "),
        ("\ue001hidden\uf8ff", " hidden "),
    ],
)
def test_what_the_index_does_not_fold_by_itself(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("word", "also"),
    [
        ("Müller", {"Müller", "Mueller"}),
        ("Mu\u0308ller", {"Müller", "Mueller"}),
        ("Mueller", {"Mueller", "Muller"}),
        ("ÜBER", {"ÜBER", "UEBER"}),
        ("Sørensen", {"Sorensen", "Soerensen"}),
        ("Soerensen", {"Soerensen", "Sorensen"}),
        ("Åse", {"Åse", "AAse"}),
        ("Aarhus", {"Aarhus", "Arhus"}),
        ("Größe", {"Grösse", "Groesse"}),
        ("fuer Herrn Mueller", {"fuer Herrn Mueller", "fur Herrn Muller"}),
        ("refund", {"refund"}),
    ],
)
def test_names_are_written_in_two_ways(word: str, also: set[str]) -> None:
    assert set(spellings(word)) == also


@pytest.mark.parametrize("word", ["neue", "Steuer", "Quelle", "blue", "value", "queue", "Frauen"])
def test_two_vowels_are_not_always_an_umlaut(word: str) -> None:
    assert spellings(word) == (word,)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Nobody TOLD me", "nobody told me"),
        ("Žluťoučký KŮŇ, Straße", "zlutoucky kun, strasse"),
        ("Žádný 😀 účet – “ne”", "zadny 😀 ucet – “ne”"),
        ("שָׁלוֹם", "שלום"),
        ("Привіт", "привіт"),
    ],
)
def test_a_bare_text_has_neither_case_nor_accents(text: str, plain: str) -> None:
    assert bare(text) == bare(plain)
    assert not any(unicodedata.combining(sign) for sign in bare(text))
