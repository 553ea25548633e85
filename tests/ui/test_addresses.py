"""Addresses as people type and paste them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.domain.mail import Mailer
from supportdesk.ui.compose.addresses import chip_of, mailers_in


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", []),
        (" , ;\n", []),
        ("anna@example.com", [("", "anna@example.com")]),
        ("mailto:anna@example.com", [("", "anna@example.com")]),
        ("a@x.example, b@x.example;c@x.example\nd@x.example", list("abcd")),
        ("a@x.example b@x.example", list("ab")),
        ("Anna Nová <anna@example.com>", [("Anna Nová", "anna@example.com")]),
        ('"Nová, Anna" <a@x.example>, b@x.example', [("Nová, Anna", "a@x.example"), "b"]),
        (r'"The \"Boss\"" <a@x.example>', [('The "Boss"', "a@x.example")]),
        ("Solheim, Ingrid <a@x.example>; b@x.example", [("Solheim, Ingrid", "a@x.example"), "b"]),
        ("A@x.example, a@X.example", [("", "A@x.example")]),
        ("Anna", [("", "Anna")]),
        ("Anna, Ota", [("", "Anna"), ("", "Ota")]),
        ("Anna <>", [("", "Anna <>")]),
        ("Anna\u202e\r\nBcc: x", [("", "Anna"), ("", "Bcc: x")]),
    ],
)
def test_they_are_found_as_they_stand_there(words: str, found: list[object]) -> None:
    wanted = [one if isinstance(one, tuple) else ("", f"{one}@x.example") for one in found]
    assert [(mailer.name, mailer.email) for mailer in mailers_in(words)] == wanted


@given(st.text(max_size=200))
def test_whatever_is_pasted_nothing_breaks_a_line(words: str) -> None:
    for mailer in mailers_in(words):
        assert mailer.email.strip() == mailer.email != ""
        assert not any(char in "\r\n\0" for char in mailer.name + mailer.email)
        chip_of(mailer)


@pytest.mark.parametrize(
    ("email", "is_one"),
    [
        ("anna@example.com", True),
        ("anna@müller-bäckerei.example", True),
        ('"anna b"@example.com', True),
        ("anna b@example.com", False),
        ("anna@@example.com", False),
        ("anna", False),
        ("żółw@example.com", False),
    ],
)
def test_what_cannot_be_sent_to_is_marked(email: str, is_one: bool) -> None:
    assert bool(chip_of(Mailer(name="", email=email)).warning) is not is_one


def test_who_reads_a_chip_aloud_hears_name_address_and_warning() -> None:
    assert chip_of(Mailer(name="Anna", email="a@x.example")).accessible_text == "Anna, a@x.example"
    wrong = chip_of(Mailer(name="", email="anna")).accessible_text
    assert wrong.startswith("anna. This is no address")
