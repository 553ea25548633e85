import pytest

from supportdesk.adapters.numbers import normaliser
from supportdesk.services.signature_numbers import LINES, numbers_in

CZECH = normaliser("CZ")


@pytest.mark.parametrize(
    "line",
    [
        "Tel.: +420 777 123 456",
        "mobil 777 123 456, fax 222 333 444",
        "T +420-777-123-456 | www.aubry.example",
        "(+420) 777/123/456",
        "tel:00420777123456",
        "Jana Nová\t777.123.456",
        "📞 777\u00a0123\u00a0456",
    ],
)
def test_numbers_are_found_however_they_are_written(line: str) -> None:
    assert numbers_in(f"Dear team,\nthanks.\n{line}\n", "", CZECH)[0] == "+420777123456"


@pytest.mark.parametrize(
    "line", ["", "Order 4711", "12:30", "IČO 1234 5", "1234567890123456789012", "Regards, Jana"]
)
def test_what_is_no_number_is_not_found(line: str) -> None:
    assert numbers_in(line, "", CZECH) == ()


def test_a_folded_signature_is_read_and_quoted_history_is_not() -> None:
    signature = "-- \nJana\n777 123 456\n"
    assert numbers_in("Hello", signature, CZECH) == ("+420777123456",)
    assert numbers_in("Hello", "On Monday somebody wrote:\n> 777 123 456", CZECH) == ()


def test_each_number_once_from_the_end_up() -> None:
    text = "222 333 444\n777 123 456\n+420 222 333 444"
    assert numbers_in(text, "", CZECH) == ("+420222333444", "+420777123456")


def test_of_a_list_of_numbers_only_the_last_are_read() -> None:
    text = "\n".join(f"777 123 {number}" for number in range(400, 440))
    found = numbers_in(text, "", CZECH)
    assert (found[0], len(found)) == ("+420777123439", 30)


def test_only_the_end_of_a_long_mail_is_read() -> None:
    body = "777 123 456\n" + "word\n" * LINES
    assert numbers_in(body, "", CZECH) == ()
    asked: list[str] = []
    numbers_in("1 2 3 4 5 6 7 " * 1_000_000, "-- \n" + "1234567 " * 1_000_000, asked.append)  # type: ignore[arg-type]
    assert len(asked) <= 30


def test_what_cannot_be_normalised_is_left_out() -> None:
    assert numbers_in("777 123 456", "", lambda number: "") == ()
