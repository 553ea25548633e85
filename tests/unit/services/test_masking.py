"""What leaves the desk masked says who it was by initials at most."""

import pytest

from supportdesk.services.masking import masked_name, masked_words


@pytest.mark.parametrize(
    ("who", "contact", "shown"),
    [
        ("Anna Holm", "anna@holm.example", "A. H."),
        ("eva nováková-malá", "", "E. N. M."),
        ("李雷", "", "李."),
        ("anna@holm.example", "anna@holm.example", "a customer"),
        ("Anna (anna@holm.example)", "", "a customer"),
        ("+420601234567", "+420601234567", "a customer"),
        ("+420 601 234 567", "+420601234567", "a customer"),
        ("", "", "a customer"),
    ],
)
def test_a_name_becomes_initials(who: str, contact: str, shown: str) -> None:
    assert masked_name(who, contact) == shown


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("Thanks, Anna.", "Thanks, […]."),
        ("HOLM is my name, Holmes is not", "[…] is my name, Holmes is not"),
        ("Write to anna.h+x@holm.example.", "Write to […]."),
        ("Call +45 33 12 34 56 or (0420) 601-234-567!", "Call […] or […]!"),
        ("It cost 1 234 567,50 in 2026", "It cost 1 234 567,50 in 2026"),
        ("Order 20261122", "Order 20261122"),
        ("My number is k-77", "My number is […]"),
    ],
)
def test_words_lose_name_addresses_and_numbers_visibly(words: str, shown: str) -> None:
    assert masked_words(words, "Anna Holm", "k-77") == shown


def test_a_short_name_is_no_reason_to_tear_words_apart() -> None:
    assert masked_words("Do it", "Do It Li") == "Do it"
