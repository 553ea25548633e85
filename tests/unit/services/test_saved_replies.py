import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.domain.mail import Mailer
from supportdesk.domain.reply_rules import FIELDS, tidy_lines
from supportdesk.services.saved_replies import (
    MAX_NAME,
    MAX_TEXT,
    Filled,
    SavedReply,
    field_values,
    filled,
    first_name,
    key_for,
    read_reply,
    written_reply,
)

INGRID = Mailer(name="Ingrid Berg", email="ingrid@out.example")
ANNA = Mailer(name="Anna of Larder", email="support@larder.example")


@pytest.mark.parametrize(
    ("content", "name", "text"),
    [
        ("Refund\n\nDear {name},\n\nit is sent.\n", "Refund", "Dear {name},\n\nit is sent."),
        ("Refund\nIt is on its way.", "Refund", "It is on its way."),
        ("\ufeff\r\n \r\n  Refund \r\n\r\na\r\nb", "Refund", "a\nb"),
        ("Thank you.", "Thank you.", "Thank you."),
        ("Re\u202efund\x00\n\n\x07a", "Refund", "a"),
        ("x" * 200 + "\na", "x" * 79 + "…", "a"),
    ],
)  # fmt: skip
def test_a_file_is_a_name_and_words(content: str, name: str, text: str) -> None:
    assert read_reply("r.txt", content) == SavedReply(key="r.txt", name=name, text=text)


@pytest.mark.parametrize("content", ["", " \n\r\n", "\ufeff"])
def test_an_empty_file_is_no_reply(content: str) -> None:
    assert read_reply("r.txt", content) is None


def test_a_huge_file_is_read_in_part() -> None:
    found = read_reply("r.txt", "Big\n" + "x" * 2 * MAX_TEXT)
    assert found is not None
    assert len(found.text) == MAX_TEXT - len("Big\n")


@given(st.text(max_size=MAX_NAME), st.text())
def test_what_is_written_is_read_back(name: str, text: str) -> None:
    found = read_reply("r.txt", written_reply(f"a{name}", f"b{text}"))
    assert found is not None
    assert found.text == tidy_lines(f"b{text}").strip("\n")
    assert written_reply(found.name, found.text) == written_reply(f"a{name}", f"b{text}")


def test_each_reply_has_a_file_of_its_own() -> None:
    assert key_for("Refund: how long?", ()) == "Refund_ how long_.txt"
    assert key_for("refund", ("Refund.txt", "refund (2).TXT")) == "refund (3).txt"
    assert key_for("../../.bashrc", ()) == "bashrc.txt"
    assert key_for("", ()) == "attachment.txt"
    assert key_for("notes.txt", ()) == "notes.txt"


def test_fields_are_filled_whatever_their_case() -> None:
    values = field_values(INGRID, ANNA, "AW: Re: Bread")
    text = "Dear {First  Name} ({name}), on “{subject}”: {MY NAME}, {my address}"
    assert filled(text, values) == Filled(
        text="Dear Ingrid (Ingrid Berg), on “Bread”: Anna of Larder, support@larder.example"
    )
    assert set(values) == set(FIELDS)


def test_what_is_not_known_stays_and_is_told() -> None:
    values = field_values(Mailer(name="", email="x@out.example"), ANNA, "")
    made = filled("Dear {name}, {order number} {name} { } {} {1} {a{b}", values)
    assert made.text == "Dear {name}, {order number} {name} { } {} {1} {a{b}"
    assert made.left == ("{name}", "{order number}", "{b}")


def test_a_value_is_not_looked_through_for_fields() -> None:
    hostile = Mailer(name="{my address}\r\nBcc: x", email="x@out.example")
    assert filled("{name}", field_values(hostile, ANNA, "")).text == "{my address} Bcc: x"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ingrid Berg", "Ingrid"),
        ("Ingrid", "Ingrid"),
        ("Berg, Ingrid", "Ingrid"),
        ("Berg, Dr. Ingrid", "Ingrid"),
        ("Dr. Ingrid Berg", "Ingrid"),
        ("Frau Berg", ""),
        ("Dr.", ""),
        ("J. Berg", ""),
        ("Berg,", "Berg"),
        ("ingrid@out.example", ""),
        ("Shop 24", ""),
        ("", ""),
    ],
)
def test_what_somebody_is_called_by(name: str, expected: str) -> None:
    assert first_name(name) == expected
