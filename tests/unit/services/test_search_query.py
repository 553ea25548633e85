from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.domain.search import Found
from supportdesk.services.search_query import (
    MOST_TERMS,
    SearchQuery,
    SearchTerm,
    read_query,
)


def word(text: str, field: Found | None = None) -> SearchTerm:
    return SearchTerm(text=text, field=field)


def going_on(text: str, field: Found | None = None) -> SearchTerm:
    return SearchTerm(text=text, field=field, is_prefix=True)


def without(text: str, field: Found | None = None) -> SearchTerm:
    return SearchTerm(text=text, field=field, is_excluded=True)


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("refund anna", (word("refund"), going_on("anna"))),
        ("refund anna ", (word("refund"), word("anna"))),
        ('"late order"', (word("late order"),)),
        ('"late ord', (going_on("late ord"),)),
        ("„late order“ ", (word("late order"),)),
        ("from:anna", (going_on("anna", Found.SENDER),)),
        ("From: anna x ", (word("anna", Found.SENDER), word("x"))),
        ('to:"Bob Ray" ', (word("Bob Ray", Found.RECIPIENT),)),
        ('subject:"late', (going_on("late", Found.SUBJECT),)),
        ("-spam ham ", (without("spam"), word("ham"))),
        ("ham -spa", (word("ham"), without("spa"))),
        ('-from:bob -"two words" ', (without("bob", Found.SENDER), without("two words"))),
        ("foo:bar ", (word("foo:bar"),)),
        ("http://x.example/a ", (word("http://x.example/a"),)),
        ("AND OR NOT NEAR ", (word("AND"), word("OR"), word("NOT"), word("NEAR"))),
        ("a", (word("a"),)),
        ("end.", (word("end."),)),
        ("x y\u202e\ud800z\x00 ", (word("x"), word("yz"))),
        ("東京", (going_on("東京"),)),
    ],
)
def test_words(typed: str, terms: tuple[SearchTerm, ...]) -> None:
    query = read_query(typed)
    assert query.terms == terms
    assert query.notes == ()
    assert not query.is_empty


@pytest.mark.parametrize(
    "typed",
    ["", "  ", '"', '""', '" "', "-", "- -", "*", "()", "^ + !", "from:", "to: ", ":", "from:?"],
)
def test_nothing_to_look_for(typed: str) -> None:
    assert read_query(typed) == SearchQuery()
    assert read_query(typed).is_empty


@pytest.mark.parametrize(
    ("typed", "since", "until"),
    [
        ("before:2026-10-01", None, date(2026, 10, 1)),
        ("before:2026-10", None, date(2026, 10, 1)),
        ("after:2026", date(2026, 1, 1), None),
        ("after:1.10.2026", date(2026, 10, 1), None),
        ("AFTER: 2026.10.01.", date(2026, 10, 1), None),
        ('after:"2026/10/1"', date(2026, 10, 1), None),
        ("-before:2026-10-01", date(2026, 10, 1), None),
        ("-after:2026-10-01", None, date(2026, 10, 1)),
        ("after:2025 after:2026 before:2028 before:2027", date(2026, 1, 1), date(2027, 1, 1)),
        ("before:2026 after:2025 after:2024 before:2027", date(2025, 1, 1), date(2026, 1, 1)),
    ],
)
def test_dates(typed: str, since: date | None, until: date | None) -> None:
    query = read_query(typed)
    assert (query.since, query.until) == (since, until)
    assert (query.terms, query.notes) == ((), ())
    assert not query.is_empty


@pytest.mark.parametrize(
    "typed", ["before:tomorrow", "before:2026-13-01", "before:31.2.2026", "before:20 ", "before:0"]
)
def test_a_date_that_is_none_is_named(typed: str) -> None:
    query = read_query(f"{typed} refund")
    assert query.terms == (going_on("refund"),)
    assert query.until is None
    assert query.notes == (
        f"{typed.strip()} is not a date and was left out; write it as before:2026-10-01.",
    )


@pytest.mark.parametrize(
    "typed", ["before:", "before:2", "before:202", "before:2026-", "after:1.", "after:1.10.20"]
)
def test_a_date_that_is_being_typed_is_no_mistake_yet(typed: str) -> None:
    assert read_query(typed) == SearchQuery()


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("has:attachment", True),
        ("has:Files", True),
        ("-has:attachment", False),
        ("has:att", None),
        ("has:", None),
    ],
)
def test_attachments(typed: str, wanted: bool | None) -> None:
    query = read_query(typed)
    assert query.has_attachment is wanted
    assert query.notes == ()
    assert query.is_empty is (wanted is None)


def test_what_a_message_cannot_have_is_named() -> None:
    assert read_query("has:att ").notes == (
        "has:att is not known and was left out; has:attachment is.",
    )


def test_there_is_an_end_to_words() -> None:
    query = read_query("word " * 99)
    assert len(query.terms) == MOST_TERMS
    assert query.notes == ("Only the first 16 words are looked for.",)


@given(st.text(max_size=600))
def test_nothing_typed_is_a_mistake(typed: str) -> None:
    query = read_query(typed)
    assert len(query.terms) <= MOST_TERMS
    assert all(any(char.isalnum() for char in term.text) for term in query.terms)
