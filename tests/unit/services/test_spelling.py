import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.services.spelling import as_in_dictionary, folder_order, looked_at


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Dear Ingrid, it's mended.", ["Dear", "Ingrid", "it's", "mended"]),
        ("čeština ’quoted’ Grüße", ["čeština", "quoted", "Grüße"]),
        ("see https://larder.example/oven or ann@out.example now", ["see", "or", "now"]),
        ("{first name} got invoice.pdf and file_name and 3rd", ["got", "and", "and"]),
        ("NATO supportDesk a I x" + "y" * 80, []),
        ("> quoted wrongg", []),
        ("", []),
    ],
)
def test_what_is_a_word(line: str, expected: list[str]) -> None:
    assert [line[start:end] for start, end in looked_at(line)] == expected


@given(st.text())
def test_words_lie_within_the_line(line: str) -> None:
    assert all(0 <= start < end <= len(line) for start, end in looked_at(line))


def test_the_best_dictionary_comes_first() -> None:
    found = ["de_AT", "en_US", "en-GB", "de_DE", "eng"]
    assert folder_order("de_DE", found) == ["de_DE", "de_AT"]
    assert folder_order("en_GB", found) == ["en-GB", "en_US"]
    assert folder_order("cs_CZ", found) == []
    assert as_in_dictionary("it’s") == "it's"
