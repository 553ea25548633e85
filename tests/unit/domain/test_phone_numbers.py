import pytest

from supportdesk.domain.phone_numbers import dialled, plain_number


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
