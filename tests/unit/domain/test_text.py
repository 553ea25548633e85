"""Text from strangers for one line of a pop-up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.domain.text import clean_line, clip_utf16


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("Anna Nováková", "Anna Nováková"),
        ("two\r\nlines\tand\u2028more\u00a0space ", "two lines and more space"),
        ("bell\x07 nul\x00 del\x7f c1\x9b", "bell nul del c1"),
        ("invoice\u202egpj.exe\u202c", "invoicegpj.exe"),
        ("\u2066isolated\u2069 \u200fmark\u061c", "isolated mark"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("lone \ud83d surrogate", "lone surrogate"),
        ("non\ufffe char\U0001ffff", "non char"),
        ("<b>markup stays</b> & so on", "<b>markup stays</b> & so on"),
        ("family 👩‍👩‍👧 and نمی‌خواهم", "family 👩‍👩‍👧 and نمی‌خواهم"),
        ("", ""),
    ],
)
def test_cleaning(dirty: str, clean: str) -> None:
    assert clean_line(dirty) == clean


@pytest.mark.parametrize(
    ("text", "limit", "clipped"),
    [
        ("exactly", 7, "exactly"),
        ("too long", 7, "too lo…"),
        ("space at the cut", 6, "space…"),
        ("behind a whole word", 15, "behind a whole…"),
        ("behind a whole word", 16, "behind a whole…"),
        ("one verylongwordthatgoeson", 12, "one verylon…"),
        ("😀😀😀", 6, "😀😀😀"),
        ("😀😀😀", 5, "😀😀…"),
        ("😀😀😀", 4, "😀…"),
        ("ab👩‍👩‍👧", 8, "ab…"),
        ("ab👍🏽!", 5, "ab…"),
        ("cafe\u0301s", 5, "caf…"),
        ("a\u0301\u0302\u0303", 3, "…"),
        ("abc", 1, "…"),
        ("abc", 0, ""),
        ("", 0, ""),
    ],
)
def test_clipping(text: str, limit: int, clipped: str) -> None:
    assert clip_utf16(text, limit) == clipped


@given(st.text(), st.integers(min_value=0, max_value=40))
def test_a_clipped_text_always_fits(text: str, limit: int) -> None:
    clipped = clip_utf16(text, limit)
    assert len(clipped.encode("utf-16-le", "surrogatepass")) // 2 <= limit
    assert clipped == text or clipped.removesuffix("…") == text[: len(clipped.removesuffix("…"))]


@given(st.text(st.characters(exclude_categories=[])))
def test_a_clean_line_can_be_encoded_and_is_stable(text: str) -> None:
    line = clean_line(text)
    line.encode()
    assert clean_line(line) == line
    assert "\n" not in line
