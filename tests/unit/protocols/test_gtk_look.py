"""Fonts and themes by the words of GTK."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.protocols.gtk_look import DesktopFont, font_in, is_dark_theme


@pytest.mark.parametrize(
    ("words", "family", "points"),
    [
        ("Sans 10", "Sans", 10.0),
        ("Cantarell 11", "Cantarell", 11.0),
        ("Noto Sans Mono 10.5", "Noto Sans Mono", 10.5),
        ("Ubuntu Bold Italic 12", "Ubuntu", 12.0),
        ("DejaVu Sans Semi-Condensed 9", "DejaVu Sans", 9.0),
        ("Arial Black, 10", "Arial Black", 10.0),
        ("Inter, Cantarell, Sans Bold 10", "Inter", 10.0),
        ("Black 10", "Black", 10.0),
        ("  Fira   Sans  16px", "Fira Sans", 12.0),
        ("明朝 Regular 13", "明朝", 13.0),
    ],
)
def test_family_and_size(words: str, family: str, points: float) -> None:
    assert font_in(words) == DesktopFont(family=family, points=points)


def test_the_scale_of_texts_is_told_beside_the_size() -> None:
    font = DesktopFont(family="Cantarell", points=11.0, scale=1.5)
    assert font_in("Cantarell 11", scale=1.5) == font


@pytest.mark.parametrize("words", ["", "Sans", "12", ", 12", "Sans 0", "Sans 5000", "Sans -4", "-"])
def test_what_names_no_font(words: str) -> None:
    assert font_in(words) is None


@given(st.text(max_size=80))
def test_any_words_are_survived(words: str) -> None:
    font = font_in(words)
    assert font is None or (font.family and 1 <= font.points <= 96)


@pytest.mark.parametrize(
    ("name", "is_dark"),
    [
        ("", None),
        ("Adwaita", False),
        ("Greybird", False),
        ("Adwaita-dark", True),
        ("Mint-Y-Dark-Aqua", True),
        ("HighContrastInverse", True),
    ],
)
def test_a_dark_theme_says_so_in_its_name(name: str, *, is_dark: bool | None) -> None:
    assert is_dark_theme(name) is is_dark
