from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.services.wording import (
    clock,
    count,
    duration,
    fit,
    listed,
    name_and,
    ordinal,
    sentence,
    time_of_day,
    waited,
    words,
)
from tests.fakes.happenings import after, as_utc


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        (0, "under a minute"),
        (0.99, "under a minute"),
        (1, "1 min"),
        (58.9, "58 min"),
        (60, "1 h 00"),
        (192, "3 h 12"),
        (47 * 60 + 59, "47 h 59"),
        (48 * 60, "2 days"),
        (24 * 60 * 9.5, "9 days"),
    ],
)
def test_durations(minutes: float, text: str) -> None:
    assert duration(timedelta(minutes=minutes)) == text


@pytest.mark.parametrize(("seconds", "text"), [(0, "0:00"), (12.9, "0:12"), (190, "3:10")])
def test_live_seconds(seconds: float, text: str) -> None:
    assert clock(seconds) == text


@pytest.mark.parametrize(("seconds", "text"), [(14.7, "14 s"), (119, "119 s"), (120, "2 min")])
def test_seconds_waited(seconds: float, text: str) -> None:
    assert waited(seconds) == text


def test_the_time_of_another_day_names_the_day() -> None:
    assert time_of_day(after(14 * 60), after(3600), as_utc) == "09:14"
    assert time_of_day(after(14 * 60), after(24 * 3600), as_utc) == "Sat 09:14"


@pytest.mark.parametrize(
    ("number", "text"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (23, "23rd")],
)
def test_ordinals(number: int, text: str) -> None:
    assert ordinal(number) == text


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (["A"], "A"),
        (["A", "B"], "A and B"),
        (["A", "B", "C"], "A, B and C"),
        (["A", "B", "C", "D"], "A, B, C and 1 more"),
        (["A", "B", "C", "D", "E"], "A, B, C and 2 more"),
    ],
)
def test_lists_of_names(names: list[str], text: str) -> None:
    assert listed(names) == text


def test_counts_and_sentences() -> None:
    assert count(1, "mail", "mails") == "1 mail"
    assert count(0, "mail", "mails") == "0 mails"
    assert sentence("Second shop: one account or two?") == "Second shop: one account or two?"
    assert sentence("Flour order ") == "Flour order."
    assert sentence("") == ""


def test_a_long_text_is_cut_after_a_word() -> None:
    assert fit("Flour order went out twice again", 20) == "Flour order went…"
    assert fit("Flour order, went", 13) == "Flour order…"
    assert fit("Flour", 20) == "Flour"


def test_one_very_long_word_is_cut_inside() -> None:
    assert fit("W" * 80, 20) == "W" * 19 + "…"
    assert fit("We " + "W" * 80, 20) == "We " + "W" * 16 + "…"


def test_only_the_name_gives_way() -> None:
    text = name_and(
        "Levain and Daughters, Bakers to the Crown since 1788 and before", " waits 1 h 00", ""
    )
    assert text.title.endswith("… waits 1 h 00")
    assert utf16(text.title) <= 60


@given(st.text(), st.text())
def test_whatever_strangers_write_fits_on_one_line(title: str, body: str) -> None:
    made = words(title, body)
    assert utf16(made.title) <= 60
    assert utf16(made.body) <= 160
    assert not set("\r\n\u202e\x00") & set(made.title + made.body)


def test_a_huge_subject_costs_little() -> None:
    assert utf16(words("A " * 5_000_000, "").title) <= 60
