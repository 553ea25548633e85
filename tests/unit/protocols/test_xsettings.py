"""The settings of the desktop as they lie on the window of their manager."""

from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.protocols.xsettings import xsettings_in


def setting(kind: int, name: str, value: bytes, *, order: str = "<") -> bytes:
    written = name.encode()
    padded = written + bytes(-len(written) % 4)
    return pack(f"{order}BxH", kind, len(written)) + padded + pack(f"{order}I", 9) + value


def number(name: str, value: int, *, order: str = "<") -> bytes:
    return setting(0, name, pack(f"{order}i", value), order=order)


def words(name: str, value: str, *, order: str = "<") -> bytes:
    written = value.encode()
    padded = written + bytes(-len(written) % 4)
    return setting(1, name, pack(f"{order}I", len(written)) + padded, order=order)


def colour(name: str) -> bytes:
    return setting(2, name, pack("<4H", 1, 2, 3, 4))


def property_of(settings: list[bytes], *, order: str = "<") -> bytes:
    first = bytes([order == ">", 0, 0, 0])
    return first + pack(f"{order}II", 5, len(settings)) + b"".join(settings)


@pytest.mark.parametrize("order", ["<", ">"])
def test_words_and_numbers_in_both_orders(order: str) -> None:
    lain = [
        number("Net/DoubleClickTime", 400, order=order),
        words("Gtk/FontName", "Noto Sans Bücher 11", order=order),
        number("Xft/DPI", -1, order=order),
        words("Net/ThemeName", "", order=order),
    ]
    assert xsettings_in(property_of(lain, order=order)) == {
        "Net/DoubleClickTime": 400,
        "Gtk/FontName": "Noto Sans Bücher 11",
        "Xft/DPI": -1,
        "Net/ThemeName": "",
    }


def test_a_colour_is_passed_over() -> None:
    assert xsettings_in(property_of([colour("Gtk/Colour"), number("A", 1)])) == {"A": 1}


def test_what_comes_before_a_lie_counts() -> None:
    good = number("A", 1)
    for lie in (setting(7, "B", b"1234"), setting(1, "B", pack("<I", 1 << 31)), b"\0\0\xff\xff"):
        assert xsettings_in(property_of([good, lie, number("C", 3)])) == {"A": 1}


def test_letters_that_are_none_are_shown_as_such() -> None:
    broken = setting(1, "Gtk/FontName", pack("<I", 4) + b"S\xffns")
    assert xsettings_in(property_of([broken])) == {"Gtk/FontName": "S\ufffdns"}


def test_a_property_that_is_cut_anywhere() -> None:
    whole = property_of([number("A", 1), words("B", "two"), number("C", 3)])
    read = [xsettings_in(whole[:size]) for size in range(len(whole) + 1)]
    assert read[0] == {}
    assert [len(one) for one in read] == sorted(len(one) for one in read)
    assert read[-1] == {"A": 1, "B": "two", "C": 3}


@given(st.binary(max_size=300))
def test_any_bytes_are_survived(data: bytes) -> None:
    for order in (b"\0", b"\1"):
        read = xsettings_in(order + data)
        assert all(isinstance(value, str | int) for value in read.values())
