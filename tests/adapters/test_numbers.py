import pytest

from supportdesk.adapters.numbers import national_number, normaliser


@pytest.mark.parametrize(
    ("country", "number", "normal"),
    [
        ("CZ", "541 220 018", "+420541220018"),
        ("cz", "+420 541 220 018", "+420541220018"),
        ("", "+44 161 496 0990", "+441614960990"),
        ("", "541 220 018", "541220018"),
        ("CZ", "201", "201"),
        ("CZ", "<unknown>", ""),
        ("CZ", "anonymous", ""),
        ("CZ", "", ""),
        ("CZ", "alice", "alice"),
        ("CZ", "---", ""),
        ("CZ", "+", "+"),
        ("CZ", "sip:anonymous@anonymous.invalid", ""),
        ("CZ", "sip:+420541220018@pbx.example", "+420541220018"),
        ("CZ", "sip:541220018@pbx.example;user=phone", "+420541220018"),
        ("CZ", "sip:4carla2@customer.example", "4carla2@customer.example"),
        ("CZ", "4carla2@customer.example", "4carla2@customer.example"),
    ],
)
def test_a_number_has_one_normal_form(country: str, number: str, normal: str) -> None:
    assert normaliser(country)(number) == normal


@pytest.mark.parametrize(
    ("country", "number", "digits"),
    [
        ("CZ", "+420541220018", "541220018"),
        ("CZ", "541 220 018", "541220018"),
        ("GB", "0161 496 0990", "1614960990"),
        ("", "541220018", ""),
        ("", "4carla2@customer.example", ""),
    ],
)
def test_a_number_without_its_country(country: str, number: str, digits: str) -> None:
    assert national_number(number, country) == digits
