import pytest

from supportdesk.domain.folding import fold, spellings


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
