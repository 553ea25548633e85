"""Plain text is cut where it may be cut, and nothing is lost."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.ui.widgets.prose_parts import (
    Place,
    html_of,
    parts_of_html,
    parts_of_text,
    with_places,
)


def test_short_text_is_one_part() -> None:
    assert parts_of_text(" a\n\nb\nc \n") == ["a\n\nb\nc"]
    assert html_of("a <b>\n\nb\nc\n") == "<p>a &lt;b&gt;</p><p>b<br>c</p>"
    assert parts_of_text("") == [""]


def test_cut_after_paragraphs_lines_words_or_anywhere() -> None:
    assert [part[-2:] for part in parts_of_text(("a" * 500 + "\n\n") * 20)][:-1] == ["\n\n"] * 3
    assert all(part.endswith("\n") for part in parts_of_text(("a" * 500 + "\n") * 20)[:-1])
    assert all(part.endswith(" ") for part in parts_of_text(("a" * 9 + " ") * 900)[:-1])
    assert len(parts_of_text("a" * 10_000)) == 4


def test_letters_of_other_fonts_weigh_more() -> None:
    assert len(parts_of_text("面" * 3000)) > 3 * len(parts_of_text("a" * 3000))


@pytest.mark.parametrize("text", ["x\n" * 1000, "\n" * 5000, "x" * 50_000, "é面😀 " * 5000])
def test_no_part_is_heavy(text: str) -> None:
    for part in parts_of_text(text):
        assert len(part) <= 3000
        assert part.count("\n") <= 40


@given(st.text(alphabet=st.sampled_from("ab \n面😀&<"), max_size=300).map(lambda text: text * 40))
def test_nothing_is_lost(text: str) -> None:
    parts = parts_of_text(text)
    assert "".join(parts) == text.strip()


def test_long_words_may_break() -> None:
    assert html_of("x" * 200).count("\u200b") == 2


def test_parts_of_washed_html() -> None:
    assert parts_of_html("<p>a</p>\f<p>b</p>\f") == ["<p>a</p>", "<p>b</p>"]
    assert parts_of_html("") == [""]


def test_images_are_named_by_number() -> None:
    places = [Place(name="cid:earlier")]
    name = html.escape('cid:a&"b')
    part = f'<img src="{name}" alt="a &amp; b" height="9"><img src="http://x/" alt="">'
    assert with_places(part, places) == '<img src="picture:1"><img src="http://x/" alt="">'
    assert places[1:] == [Place(name='cid:a&"b', alt="a & b", height=9)]
