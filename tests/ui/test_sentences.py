"""Sentences for who selects without a mouse: each begins and ends with its own letters."""

import pytest

from supportdesk.ui.widgets.sentences import Sentence, first_said, sentences


def _words(text: str) -> list[str]:
    wire = text.encode("utf-16-le")
    return [wire[2 * one.start : 2 * one.end].decode("utf-16-le") for one in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two!  Three?", ["One.", "Two!", "Three?"]),
        ("Hello,\n\nit works now.\nRuth", ["Hello,", "it works now.", "Ruth"]),
        ("\U0001f600\U0001f600 Good. Bad.", ["\U0001f600\U0001f600 Good.", "Bad."]),
        ("זה לא עובד. למה?", ["זה לא עובד.", "למה?"]),
        ("-- \n***", []),
        ("", []),
    ],
)
def test_a_text_is_cut_into_its_sentences(text: str, expected: list[str]) -> None:
    assert _words(text) == expected


def test_places_are_counted_as_qt_counts() -> None:
    assert sentences(" \U0001f600 B. C.") == [Sentence(1, 6), Sentence(7, 9)]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Hi Anna,\n\nit works now. Thank you.", Sentence(10, 23)),
        ("Hello. \U0001f600 Good morning! It broke.", Sentence(24, 33)),
        ("Hallo zusammen,\n\nGuten Tag!", Sentence(0, 15)),
        ("It works. Hello,", Sentence(0, 9)),
        ("", None),
    ],
)
def test_what_is_offered_first_is_no_greeting(text: str, first: Sentence | None) -> None:
    assert first_said(text) == first
