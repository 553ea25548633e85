import pytest

from supportdesk.domain.phone_numbers import (
    caller_number,
    can_be_dialled,
    dialled,
    plain_number,
)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("+1 (555) 010-0001", "+15550100001"),
        ("*97#", "*97#"),
        ("carla@customer.example", "sip:carla@customer.example"),
        ("carla@127.0.0.1:5080", "sip:carla@127.0.0.1:5080"),
        ("", ""),
        ("Anonymous", ""),
        ("+1555;transport=tcp", ""),
        ("a@b c", ""),
        ("a@b\r\nquit", ""),
        ("123\n/quit", ""),
        ("1" * 41, ""),
    ],
)
def test_only_what_cannot_end_a_command_is_dialled(number: str, expected: str) -> None:
    assert dialled(number) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [("+1 (555) 010-0001", "+15550100001"), ("carla@customer.example", ""), ("12a", ""), ("", "")],
)
def test_a_plain_number_has_no_separators_and_is_no_address(number: str, expected: str) -> None:
    assert plain_number(number) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("", "  ", "-", "anonymous", "Anonymous", "<unknown>", "unknown", "private", "Withheld"),
        *("RESTRICTED", "unavailable", "No Number", "private number", "number_withheld", "null"),
        *("sip:anonymous@anonymous.invalid", "anonymous@anonymous.invalid", "<sip:Anonymous@pbx>"),
        *("sip:+420541220018@anonymous.invalid", '"Anonymous" <sip:anonymous@anonymous.invalid>'),
        *("sip:restricted@pbx.example;user=phone", "sip:pbx.example", "sip:", "tel:", "@pbx"),
        *("sip:192.168.1.20", "SIPS:10.0.0.7;transport=tls", "<sip://192.168.1.20>"),
        *("sip:10.0.0.7:5061", "sip:12.example"),
    ],
)
def test_whoever_hides_their_number_has_none(text: str) -> None:
    assert caller_number(text) == ""


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+420541220018", "+420541220018"),
        (" 541 220 018 ", "541 220 018"),
        ("201", "201"),
        ("*97#", "*97#"),
        ("+", "+"),
        ("sip:+420541220018@pbx.example", "+420541220018"),
        ("sip:%2B420541220018@pbx.example;user=phone", "+420541220018"),
        ("SIPS:200@pbx.example:5061", "200"),
        ("200@pbx.example", "200"),
        ('"Carla" <sip:+15550100001@127.0.0.72;transport=udp>', "+15550100001"),
        ("tel:+420-541-220-018;phone-context=x", "+420541220018"),
        ("sip:201", "201"),
        ("sip:201@192.168.1.20", "201"),
        ("tel:541.220.018", "541220018"),
        ("sip:+420.541.220.018", "+420541220018"),
        ("541.220.018", "541.220.018"),
        ("callto://+420541220018", "+420541220018"),
        ("sip:carla@customer.example", "carla@customer.example"),
        ("sip:4carla2@customer.example;transport=tls", "4carla2@customer.example"),
        ("carla", "carla"),
    ],
)
def test_a_caller_is_known_by_a_number_or_else_by_their_address(text: str, number: str) -> None:
    assert caller_number(text) == number
    assert caller_number(number) == number


@pytest.mark.parametrize(
    ("number", "can_be"),
    [
        ("+420 541 220 018", True),
        ("201", True),
        ("carla@customer.example", True),
        ("", False),
        ("+", False),
        ("*#", False),
        ("carla", False),
        ("12 monkeys", False),
    ],
)
def test_what_is_neither_number_nor_address_cannot_be_dialled(number: str, can_be: bool) -> None:
    assert can_be_dialled(number) is can_be
